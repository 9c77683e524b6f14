#include "rules/own-gateway.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "linter/terraform.h"

namespace meshlint::rules {
namespace {

// Whether two files are certain to go to different clusters. Two definitions of one name may be of one cluster.
bool are_apart(const Pass& pass, const SourceFile& one, const SourceFile& other) {
  const Governance& first = pass.context().governance(one);
  const Governance& second = pass.context().governance(other);
  const auto is_known = [](const Governance& governance) {
    return governance.is_certain() && !governance.clusters.empty();
  };
  const auto may_be_one = [](const auto* cluster, const auto* another) {
    return !cluster->name.has_value() || !another->name.has_value() || cluster->name.value == another->name.value;
  };
  return is_known(first) && is_known(second) &&
         std::ranges::find_first_of(first.clusters, second.clusters, may_be_one) == first.clusters.end();
}

// Whether a selector's labels are all among these, or may be.
bool selects(Node selector, Node labels) {
  if (labels.unresolved()) return true;
  if (!labels.is_mapping()) return false;
  return std::ranges::all_of(selector.entries(), [&](const Entry& wanted) {
    const Node label = labels[wanted.key.text()];
    return label.unresolved() || (label && label.text() == wanted.value.text());
  });
}

// Whether some workload of the repository makes such pods, or some Service sends to them.
bool has_matching_pods(const Pass& pass, Node label) {
  const Node selector = label.parent();
  const auto key = label.key().text();
  return std::ranges::any_of(pass.manifests().all(), [&](const auto& resource) {
    if (are_apart(pass, *label.file(), resource->file())) return false;
    const bool makes_pods = pod_metadata(*resource) || resource->root["spec"]["template"]["metadata"];
    if (makes_pods && pass.manifests().may_set_label(*resource, key)) return true;
    if (selects(selector, pod_metadata(*resource)["labels"])) return true;
    if (selects(selector, resource->root["spec"]["template"]["metadata"]["labels"])) return true;
    const Node service_selector = resource->root["spec"]["selector"];
    return resource->is("", "Service") && service_selector[key] && selects(service_selector, selector);
  });
}

bool mentions_gateway(Node node) {
  constexpr std::array<std::string_view, 3> words = {"gateway", "istio-ingress", "istio-egress"};
  return std::ranges::any_of(words,
                             [text = node.text()](std::string_view word) { return text.find(word) != text.npos; });
}

// Names of Helm charts that deploy gateways of Istio, also as the last part of a path or address.
bool is_gateway_chart(Node chart) {
  if (!chart.is_scalar()) return false;
  auto name = chart.text();
  if (name.ends_with('/')) name.remove_suffix(1);
  name.remove_prefix(name.rfind('/') + 1);
  const bool is_archive = name.starts_with("gateway-") && name.ends_with(".tgz");
  return chart.unresolved() || name == "gateway" || is_archive || name.find("istio-gateway") != name.npos ||
         name.find("istio-ingress") != name.npos || name.find("istio-egress") != name.npos;
}

bool is_gateway_source(Node source) {
  return is_gateway_chart(source["chart"]) || mentions_gateway(source["path"]);
}

bool is_gateway_application(Node spec) {
  return is_gateway_source(spec["source"]) || std::ranges::any_of(spec["sources"].items(), is_gateway_source);
}

bool has_gateway_chart(Node charts, std::string_view key) {
  return std::ranges::any_of(charts.items(), [key](Node chart) { return is_gateway_chart(chart[key]); });
}

// An ApplicationSet may take charts and paths from the elements of its generators.
bool is_gateway_application_set(const Resource& resource) {
  const Span span = resource.root.span();
  const auto text = resource.file().text().substr(span.start, span.end - span.start);
  return is_gateway_application(resource.root["spec"]["template"]["spec"]) || text.find("gateway") != text.npos;
}

// Whether something in the repository deploys gateways whose pods cannot be seen here.
bool deploys_own_gateway(const Resource& resource) {
  const Node spec = resource.root["spec"];
  if (resource.kind == "IstioOperator") return true;
  if (resource.kind == "HelmRelease") {
    return is_gateway_chart(spec["chart"]["spec"]["chart"]) || spec["chartRef"].is_mapping();
  }
  if (resource.kind == "HelmChart") return is_gateway_chart(spec["chart"]);
  if (resource.kind == "ApplicationSet") return is_gateway_application_set(resource);
  return resource.kind == "Application" && is_gateway_application(spec);
}

// Whether a document that need not be a Kubernetes object (of a kustomization, Chart.yaml, helmfile.yaml, Terraform)
// deploys them.
bool deploys_own_gateway(const InputFile& file) {
  const std::string_view path = file.source->path();
  return std::ranges::any_of(file.parsed.documents, [path](const auto& document) {
    const Node root = document->root();
    if (is_terraform_file(path)) {
      return std::ranges::any_of(helm_releases_in_terraform(root),
                                 [](Node release) { return is_gateway_chart(release["chart"]); });
    }
    if (is_kustomization_file(path) && has_gateway_chart(root["helmCharts"], "name")) return true;
    return has_gateway_chart(root["dependencies"], "name") || has_gateway_chart(root["releases"], "chart");
  });
}

}  // namespace

bool has_own_gateway(const Pass& pass, const SourceFile& file) {
  const auto may_meet_it = [&](const Resource& resource) {
    // What Argo CD applies may go elsewhere than its own objects.
    return resource.group == "argoproj.io" || resource.root["spec"]["kubeConfig"] ||
           !are_apart(pass, file, resource.file());
  };
  return std::ranges::any_of(
             pass.manifests().all(),
             [&](const auto& resource) { return deploys_own_gateway(*resource) && may_meet_it(*resource); }) ||
         std::ranges::any_of(pass.manifests().files(), [&](const InputFile& other) {
           return deploys_own_gateway(other) && !are_apart(pass, file, *other.source);
         });
}

namespace {

// Whether a label's value stands in a text, other than in the names of the add-on's own gateways.
bool holds_value(std::string_view text, std::string_view value) {
  for (auto at = text.find(value); at != text.npos; at = text.find(value, at + 1)) {
    const char next = at + value.size() < text.size() ? text[at + value.size()] : '\n';
    const bool is_end = std::isalnum(static_cast<unsigned char>(next)) == 0 && next != '-';
    if (is_end && !text.substr(0, at).ends_with("aks-istio-")) return true;
  }
  return false;
}

// Whether a template that cannot be read may make pods with this label.
bool is_in_skipped_template(const Pass& pass, std::string_view value) {
  return std::ranges::any_of(pass.manifests().files(), [value](const InputFile& file) {
    const auto is_skipped = [](const Problem& problem) { return problem.kind == ProblemKind::template_skipped; };
    return std::ranges::any_of(file.parsed.problems, is_skipped) && holds_value(file.source->text(), value);
  });
}

// Whether what a kustomization lists is the address of something that may deploy gateways.
bool may_hold_gateway(Node listed) {
  const auto address = listed.text();
  const auto contains = [address](std::string_view word) { return address.find(word) != address.npos; };
  const bool is_remote = contains("://") || contains("?ref=") || address.starts_with("github.com/") ||
                         address.starts_with("git@") || address.starts_with("git::");
  return is_remote && !contains("kubernetes-sigs/gateway-api/");  // definitions of resources alone
}

}  // namespace

bool may_have_own_gateway(const Pass& pass, Node label) {
  return has_own_gateway(pass, *label.file()) || has_matching_pods(pass, label) ||
         is_in_skipped_template(pass, label.text());
}

namespace {

// The first address of something outside the repository that a kustomization lists.
Node remote_resource(Node kustomization) {
  for (const char* list : {"resources", "bases", "components"}) {
    const auto listed = kustomization[list].items();
    const auto remote = std::ranges::find_if(listed, may_hold_gateway);
    if (remote != listed.end()) return *remote;
  }
  return {};
}

// Whether the repository has a folder of a path, other than its root.
bool has_folder(const Pass& pass, std::string_view path) {
  const auto folder = resolve_path("", path.substr(std::min(path.find_first_not_of('/'), path.size())));
  return folder && !folder->empty() && std::ranges::any_of(pass.manifests().files(), [&](const InputFile& file) {
           return is_inside(folder_of(file.source->path()), *folder);
         });
}

// Whether a Flux configuration applies what may not stand here. Where the repository's own addresses are not known, a
// path that stands here is taken for this repository's.
bool is_elsewhere(const Pass& pass, const GitOpsPath& applied) {
  const auto is_own =
      applied.repository.has_value() ? pass.context().is_own_repository(applied.repository.value) : std::nullopt;
  if (is_own) return !*is_own;
  return !applied.path.has_value() || !has_folder(pass, applied.path.value);
}

}  // namespace

Node remote_flux_source(const Pass& pass, const ClusterDefinition& cluster) {
  const auto& paths = cluster.gitops_paths;
  const auto remote = std::ranges::find_if(paths, [&](const auto& applied) { return is_elsewhere(pass, applied); });
  if (remote == paths.end()) return {};
  return remote->repository.known == Known::unstated ? remote->path.node : remote->repository.node;
}

Node remote_source(const Pass& pass, const SourceFile& file) {
  for (const InputFile& other : pass.manifests().files()) {
    if (!is_kustomization_file(other.source->path()) || are_apart(pass, file, *other.source)) continue;
    for (const auto& document : other.parsed.documents) {
      if (const Node remote = remote_resource(document->root())) return remote;
    }
  }
  for (const auto* cluster : pass.context().governing(file)) {
    if (const Node remote = remote_flux_source(pass, *cluster)) return remote;
  }
  return {};
}

}  // namespace meshlint::rules
