#include <algorithm>

#include "linter/fix.h"
#include "linter/words.h"
#include "rules/istio-fields.h"
#include "rules/revision-label.h"

namespace meshlint::rules {
namespace {

// Reports something that a row of the table of conflicts is about.
Diagnostic& report_conflict(Pass& pass, Node place, const Conflict& conflict, std::string message) {
  Diagnostic& diagnostic = pass.report(place, std::move(message));
  diagnostic.citation = conflict.citation;
  return diagnostic;
}

// A label that says something, and not that it is off or, in a patch, to be removed.
bool is_set(Node label) {
  return label.is_scalar() && !label.is_null() && !label.unresolved() && !label.text().empty() &&
         label.text() != "none" && label.text() != "false";
}

// Labels by which the ambient mode takes in namespaces, services and pods; the first one speaks for those beside it.
void check_ambient_labels(Pass& pass, const Resource& resource, Node labels, const Conflict& ambient) {
  for (const std::string& key : ambient.labels) {
    const Node label = labels[key];
    if (!is_set(label) || pass.manifests().may_set_label(resource, key)) continue;
    Diagnostic& diagnostic = report_conflict(
        pass, label, ambient,
        fmt::format("label {} has no effect: the add-on does not support {}, and nothing takes this traffic in",
                    quoted(fmt::format("{}: {}", key, label.text())), ambient.what));
    diagnostic.place.span = label.entry_span();
    diagnostic.help = fmt::format("remove it; sidecars come with the namespace label {}: asm-X-Y",
                                  pass.policy().names().revision_label);
    std::vector<Node> all;
    for (const std::string& other : ambient.labels) {
      if (is_set(labels[other])) all.push_back(labels[other]);
    }
    diagnostic.fix = fix_by("remove the labels of the ambient mode", true, remove_entries(all));
    return;
  }
}

// A Gateway of a class that is for the ambient mode.
bool check_waypoint(Pass& pass, const Resource& gateway, const Conflict& ambient) {
  const Node name = gateway.root["spec"]["gatewayClassName"];
  if (!name.is_scalar() || name.unresolved()) return false;
  const GatewayClass* found = pass.policy().gateway_api().find_class(name.text());
  const bool is_waypoint =
      found != nullptr && found->use == GatewayClass::Use::unsupported && found->what == ambient.what;
  if (!is_waypoint) return false;
  Diagnostic& diagnostic = report_conflict(
      pass, name, ambient,
      fmt::format("class {} is for {}, which the add-on does not support", quoted(name.text()), ambient.what));
  diagnostic.citation = found->citation;
  diagnostic.help = "remove this Gateway; sidecars do what a waypoint does";
  return true;
}

void check_ambient(Pass& pass, const Resource& resource, const Conflict& ambient) {
  if (resource.is("gateway.networking.k8s.io", "Gateway") && check_waypoint(pass, resource, ambient)) return;
  check_ambient_labels(pass, resource, resource.labels, ambient);
  const Node pods = pod_metadata(resource)["labels"];
  if (!resource.is("", "Pod")) check_ambient_labels(pass, resource, pods, ambient);
}

// The credentials of another cluster's API server, by which a control plane would read its Services.
void check_remote_secret(Pass& pass, const Resource& secret, const Conflict& multi_cluster) {
  const auto set = std::ranges::find_if(multi_cluster.labels, [&secret](const std::string& key) {
    const Node label = secret.labels[key];
    return label.text() == "true" && !label.unresolved();
  });
  if (set == multi_cluster.labels.end()) return;
  const Node label = secret.labels[*set];
  Diagnostic& diagnostic =
      report_conflict(pass, label, multi_cluster,
                      fmt::format("this is a remote secret, and the add-on does not support {}", multi_cluster.what));
  diagnostic.place.span = label.entry_span();
  diagnostic.help = "remove it: the control plane of the add-on reads no other cluster";
}

// The gateway by which the clusters of a mesh reach each other.
void check_east_west_gateway(Pass& pass, const Resource& gateway, const Conflict& multi_cluster) {
  for (const Node server : gateway.root["spec"]["servers"].items()) {
    const Node mode = server["tls"]["mode"];
    if (mode.text() != "AUTO_PASSTHROUGH" || mode.unresolved()) continue;
    Diagnostic& diagnostic =
        report_conflict(pass, mode, multi_cluster,
                        fmt::format("{} makes this an east-west gateway, and the add-on does not support {}",
                                    quoted(mode.text()), multi_cluster.what));
    diagnostic.help = "remove this Gateway, or name hosts with a VirtualService and mode PASSTHROUGH";
    return;
  }
}

// The networks that the clusters of a mesh are in, beside the configuration of the mesh.
void check_mesh_networks(Pass& pass, const Resource& map, const Conflict& multi_cluster) {
  const Node networks = map.root["data"]["meshNetworks"];
  const bool is_shared = map.name.text().starts_with(pass.policy().names().shared_config_map_prefix);
  // Istio's own ConfigMap has `networks: {}`.
  const bool is_empty = networks.text().find_first_not_of(" \n{}") == std::string_view::npos ||
                        networks.text().starts_with("networks: {}");
  if (!is_shared || !networks.is_scalar() || networks.unresolved() || is_empty) return;
  Diagnostic& diagnostic =
      report_conflict(pass, networks, multi_cluster,
                      fmt::format("meshNetworks has no effect: the add-on does not support {}", multi_cluster.what));
  diagnostic.place.span = networks.key().span();
  diagnostic.help = "remove it";
}

// What of a pod's specification sends it to Windows nodes, or to virtual ones; missing for neither.
Node windows_of(Node spec) {
  const Node selector = spec["nodeSelector"];
  for (const Node place : {spec["os"]["name"], selector["kubernetes.io/os"], selector["beta.kubernetes.io/os"]}) {
    if (place.text() == "windows" && !place.unresolved()) return place;
  }
  // Each of the terms must send them there: one of them suffices.
  const auto terms =
      spec["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"].items();
  const auto windows_term = [](Node term) {
    for (const Node one : term["matchExpressions"].items()) {
      const auto key = one["key"].text();
      const bool is_system = key == "kubernetes.io/os" || key == "beta.kubernetes.io/os";
      const auto values = one["values"].items();
      const bool is_windows = values.size() == 1 && values.front().text() == "windows" && !values.front().unresolved();
      if (is_system && one["operator"].text() == "In" && is_windows) return values.front();
    }
    return Node();
  };
  const bool all_are = std::ranges::all_of(terms, [&](Node term) { return bool(windows_term(term)); });
  return all_are && !terms.empty() ? windows_term(terms.front()) : Node();
}

Node virtual_node_of(Node spec) {
  const Node type = spec["nodeSelector"]["type"];
  return type.text() == "virtual-kubelet" && !type.unresolved() ? type : Node();
}

// The setting that a node is the value of, as people write it.
std::string setting_words(Node place) {
  if (const Node expression = place.parent().parent(); !place.key()) {
    return fmt::format("{} {} [{}]", expression["key"].text(), expression["operator"].text(), place.text());
  }
  return fmt::format("{}{}: {}", place.key().text() == "name" ? "os." : "", place.key().text(), place.text());
}

// The label that keeps the sidecar out, behind those that the pods have.
std::optional<Fix> opt_out(const Resource& workload) {
  constexpr std::string_view label = "sidecar.istio.io/inject";
  const Node labels = pod_metadata(workload)["labels"];
  const Node stated = labels[label];
  if (labels.size() == 0) return std::nullopt;
  return fix_by(
      fmt::format("label the pods {}: \"false\"", label), false,
      stated ? replace_by_yaml(stated, "\"false\"") : insert_entry(labels.entries().back().value, label, "false"));
}

void report_pods(Pass& pass, const Resource& workload, Node place, const Conflict& conflict) {
  Diagnostic& diagnostic = report_conflict(
      pass, place, conflict,
      fmt::format("{} sends these pods of an injected namespace where the add-on does not work: it does not support {}",
                  quoted(setting_words(place)), conflict.what));
  diagnostic.help = "label the pods sidecar.istio.io/inject: \"false\", or run them in a namespace without injection";
  diagnostic.fix = opt_out(workload);
}

void check_pods(Pass& pass, const Resource& workload) {
  const Node spec = pod_spec(workload);
  const Node windows = windows_of(spec);
  const Node virtual_node = virtual_node_of(spec);
  if ((!windows && !virtual_node) || workload.partial) return;
  // The injector leaves pods on the host's network alone, and Windows' host processes must be such.
  if (const Node host = spec["hostNetwork"]; host.unresolved() || host.text() == "true") return;
  const Node metadata = pod_metadata(workload);
  // A label that is not known may be the one that keeps the sidecar out.
  const Node inject = metadata["labels"]["sidecar.istio.io/inject"];
  if (opts_out_of_injection(metadata) || metadata["labels"].unresolved() || inject.unresolved()) return;
  if (name_space_label(pass, workload) != NamespaceLabel::present) return;
  const Conflicts& conflicts = pass.policy().conflicts();
  if (const Conflict* conflict = conflicts.find("windows-containers"); windows && conflict != nullptr) {
    report_pods(pass, workload, windows, *conflict);
  } else if (const Conflict* nodes = conflicts.find("virtual-nodes"); virtual_node && nodes != nullptr) {
    report_pods(pass, workload, virtual_node, *nodes);
  }
}

void check(Pass& pass) {
  const Conflict* ambient = pass.policy().conflicts().find("ambient");
  const Conflict* multi_cluster = pass.policy().conflicts().find("multi-cluster");
  for (const auto& resource : pass.manifests().all()) {
    if (!is_judged(pass, *resource)) continue;
    if (ambient != nullptr) check_ambient(pass, *resource, *ambient);
    if (multi_cluster != nullptr && resource->is("", "Secret")) check_remote_secret(pass, *resource, *multi_cluster);
    if (multi_cluster != nullptr && resource->is("networking.istio.io", "Gateway")) {
      check_east_west_gateway(pass, *resource, *multi_cluster);
    }
    if (multi_cluster != nullptr && resource->is("", "ConfigMap")) check_mesh_networks(pass, *resource, *multi_cluster);
    check_pods(pass, *resource);
  }
}

}  // namespace

extern constexpr Rule unsupported_platform = {
    .code = "MSH1008",
    .name = "unsupported-platform",
    .family = Family::compatibility,
    .severity = Severity::error,
    .summary = "The ambient mode, a mesh of several clusters, or pods where the add-on does not work",
    .why =
        "The add-on runs Istio with sidecars, in one cluster, on Linux nodes. Nothing serves labels and gateways of "
        "the ambient mode or of a mesh of several clusters, and a sidecar cannot start in a Windows pod or on a "
        "virtual node.",
    .fix = "remove it: the add-on runs sidecars in one cluster, on Linux nodes",
    .page = "istio-about",
    .check = check,
};

}  // namespace meshlint::rules
