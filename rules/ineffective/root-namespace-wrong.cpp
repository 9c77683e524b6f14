#include <algorithm>

#include "linter/fix.h"
#include "linter/terraform.h"
#include "linter/words.h"
#include "rules/mesh-hosts.h"
#include "rules/own-gateway.h"

namespace meshlint::rules {
namespace {

// The namespace that something deploys Helm charts or other sources to.
Node target_name_space(const Resource& resource) {
  const Node spec = resource.root["spec"];
  if (resource.kind == "HelmRelease" || resource.kind == "HelmChart") return spec["targetNamespace"];
  if (resource.kind == "Application") return spec["destination"]["namespace"];
  if (resource.kind == "ApplicationSet") return spec["template"]["spec"]["destination"]["namespace"];
  return {};
}

// Whether a file that a kustomization lists was read: one that is only context need not be.
bool is_read(const Pass& pass, std::string_view folder, Node listed) {
  const auto path = resolve_path(folder, listed.text());
  return path && std::ranges::any_of(pass.manifests().files(), [&path](const InputFile& file) {
           return file.source->path() == *path && !file.parsed.documents.empty();
         });
}

// Whether a kustomization, a list of Helm releases or Terraform puts something that cannot be seen here into a
// namespace, or may.
bool may_deploy_to(const Pass& pass, const InputFile& file, std::string_view name_space) {
  const auto is_there = [name_space](Node release) { return release["namespace"].text() == name_space; };
  return std::ranges::any_of(file.parsed.documents, [&](const auto& document) {
    const Node root = document->root();
    const auto charts = root["helmCharts"].items();
    if (std::ranges::any_of(charts, is_there) || std::ranges::any_of(root["releases"].items(), is_there)) return true;
    const std::string_view path = file.source->path();
    if (is_terraform_file(path)) {
      return std::ranges::any_of(helm_releases_in_terraform(root),
                                 [&](Node release) { return is_there(release) || release["namespace"].unresolved(); });
    }
    if (!is_kustomization_file(path) || !is_there(root)) return false;
    const auto folder = folder_of(path);
    const auto is_hidden = [&](Node listed) { return !is_read(pass, folder, listed); };
    return !charts.empty() || std::ranges::any_of(root["resources"].items(), is_hidden);
  });
}

bool runs_in(const Pass& pass, const Resource& resource, std::string_view name_space) {
  if (target_name_space(resource).text() == name_space) return true;
  const bool runs = pod_metadata(resource) || resource.is("", "Service") || resource.kind == "HelmRelease";
  return runs && pass.manifests().name_space_of(resource) == name_space;
}

// Whether something is known to run in a namespace of the clusters that a file is meant for, or may: a policy there
// can then be meant for it.
bool runs_something(const Pass& pass, const SourceFile& file, std::string_view name_space) {
  const auto& clusters = pass.context().governing(file);
  return std::ranges::any_of(pass.manifests().all(),
                             [&](const auto& resource) {
                               return runs_in(pass, *resource, name_space) &&
                                      pass.context().governing(resource->file()) == clusters;
                             }) ||
         std::ranges::any_of(pass.manifests().files(), [&](const InputFile& other) {
           return may_deploy_to(pass, other, name_space) && pass.context().governing(*other.source) == clusters;
         });
}

bool is_empty(Node selector, const char* labels) {
  return !selector.unresolved() && !selector[labels].unresolved() && selector[labels].size() == 0;
}

// Whether a policy says nothing that narrows what it is for.
bool is_for_everything(const Resource& policy, std::string_view name_space) {
  const Node spec = policy.root["spec"];
  for (const char* target : {"targetRef", "targetRefs", "exportTo"}) {
    if (spec[target]) return false;
  }
  if (!is_empty(spec["selector"], "matchLabels") || !is_empty(spec["workloadSelector"], "labels")) return false;
  if (policy.kind != "DestinationRule") return true;
  const auto host = spec["host"].text();
  return !spec["host"].unresolved() && host.starts_with('*') && host.find(name_space) == host.npos;
}

// What a policy selects if that is an ingress or egress gateway.
Node selected_gateway(const Pass& pass, const Resource& policy) {
  const Node spec = policy.root["spec"];
  const Node labels = spec["selector"] ? spec["selector"]["matchLabels"] : spec["workloadSelector"]["labels"];
  const Node value = labels["istio"];
  const ManagedNames& names = pass.policy().names();
  const auto& upstream = names.upstream_gateway_selectors;
  const bool is_managed = value.text() == names.external_ingress || value.text() == names.internal_ingress;
  const bool is_upstream = std::ranges::find(upstream, value.text()) != upstream.end();
  return is_managed || (is_upstream && !may_have_own_gateway(pass, value)) ? value : Node();
}

void report_gateway(Pass& pass, const Resource& policy, Node place, Node label) {
  const ManagedNames& names = pass.policy().names();
  Diagnostic& diagnostic = pass.report(
      place, fmt::format("{} {} in namespace {} selects {}: the add-on's ingress gateways are in namespace {}, so this "
                         "applies to none",
                         policy.kind, quoted(policy.name.text()), quoted(names.upstream_root_namespace),
                         quoted(fmt::format("istio: {}", label.text())), names.ingress_namespace));
  diagnostic.citation = names.ingress;
  diagnostic.notes.push_back(note_at(label, "the gateway that it is for"));
  diagnostic.help = fmt::format("move it to namespace {} and select istio: {} or {}", names.ingress_namespace,
                                names.external_ingress, names.internal_ingress);
}

void report_policy(Pass& pass, const Resource& policy, Node place) {
  const ManagedNames& names = pass.policy().names();
  const bool is_stated = place.index() == policy.name_space.index();
  Diagnostic& diagnostic = pass.report(
      place, fmt::format("{} {} in namespace {} is not for the whole mesh: the root namespace of the add-on is {}",
                         policy.kind, quoted(policy.name.text()), quoted(names.upstream_root_namespace),
                         names.root_namespace));
  diagnostic.citation = names.mesh_wide;
  diagnostic.help = fmt::format("move it to namespace {}", names.root_namespace);
  if (is_stated) {
    diagnostic.fix =
        fix_by("move it to " + names.root_namespace, false, replace_value(policy.name_space, names.root_namespace));
  } else {
    diagnostic.notes.push_back(note("the kustomization.yaml that lists this file sets the namespace"));
  }
}

void check_policy(Pass& pass, const Resource& policy) {
  const ManagedNames& names = pass.policy().names();
  const bool is_kind = policy.group.ends_with(".istio.io") &&
                       std::ranges::find(names.mesh_wide_kinds, policy.kind) != names.mesh_wide_kinds.end();
  if (!is_kind || policy.partial || pass.manifests().name_space_of(policy) != names.upstream_root_namespace) return;
  if (!pass.context().has_add_on(policy.file()) || pass.manifests().may_be_patched(policy)) return;
  if (runs_something(pass, policy.file(), names.upstream_root_namespace)) return;
  const bool is_stated = policy.name_space.text() == names.upstream_root_namespace;
  const Node place = is_stated ? policy.name_space : policy.name;
  if (is_for_everything(policy, names.upstream_root_namespace)) {
    report_policy(pass, policy, place);
  } else if (const Node label = selected_gateway(pass, policy)) {
    report_gateway(pass, policy, place, label);
  }
}

// The part of a host in front of its namespace, where that is the upstream root: "zipkin" of zipkin.istio-system.svc.
std::string_view service_in(std::string_view host, std::string_view name_space) {
  const auto dot = host.find('.');
  if (dot == std::string_view::npos || !host.substr(dot + 1).starts_with(name_space)) return {};
  const auto rest = host.substr(dot + 1 + name_space.size());
  return rest.empty() || rest == ".svc" || rest.starts_with(".svc.") ? host.substr(0, dot) : std::string_view();
}

bool is_in_service_entry(const Pass& pass, std::string_view host) {
  return std::ranges::any_of(pass.manifests().of("networking.istio.io", "ServiceEntry"), [host](const auto* entry) {
    return std::ranges::any_of(entry->root["spec"]["hosts"].items(),
                               [host](Node named) { return named.unresolved() || named.text() == host; });
  });
}

void check_host(Pass& pass, Node host) {
  const ManagedNames& names = pass.policy().names();
  const auto& root = names.upstream_root_namespace;
  const auto service = service_in(host.text(), root);
  // Of the ingress gateway there, gateway-selector-unmatched speaks.
  if (service.empty() || host.unresolved() || service == "istio-ingressgateway") return;
  const auto is_there = [&root](const Resource* object) { return object->name.text() == root; };
  if (std::ranges::any_of(pass.manifests().of("", "Namespace"), is_there)) return;
  if (runs_something(pass, *host.file(), root) || is_in_service_entry(pass, host.text())) return;
  Diagnostic& diagnostic = pass.report(
      host, fmt::format("host {} is in namespace {}, which the add-on does not have: nothing here runs there",
                        quoted(host.text()), root));
  diagnostic.severity = Severity::warning;
  diagnostic.citation = names.citation;
  diagnostic.help = fmt::format("name the namespace where the service runs; that of the add-on's control plane is {}",
                                names.root_namespace);
}

void check(Pass& pass) {
  for (const auto& resource : pass.manifests().all()) check_policy(pass, *resource);
  for_each_host(pass, [&pass](Node host) { check_host(pass, host); });
}

}  // namespace

extern constexpr Rule root_namespace_wrong = {
    .code = "MSH4011",
    .name = "root-namespace-wrong",
    .family = Family::ineffective,
    .severity = Severity::error,
    .summary = "A policy for the whole mesh, or a host, in the namespace istio-system",
    .why =
        "Istio applies what stands in the root namespace to the whole mesh. Self-managed meshes have it in "
        "istio-system, the add-on in aks-istio-system. In istio-system a policy applies to that namespace alone, "
        "where the add-on runs nothing: strict mTLS, a default denial or access logs are silently not there.",
    .fix = "move it to namespace aks-istio-system",
    .page = "istio-telemetry",
    .check = check,
};

}  // namespace meshlint::rules
