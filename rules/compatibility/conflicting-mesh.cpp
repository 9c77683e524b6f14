#include <algorithm>

#include "linter/terraform.h"
#include "linter/words.h"
#include "rules/calendar.h"
#include "rules/charts.h"
#include "rules/cluster-facts.h"

namespace meshlint::rules {
namespace {

// What turns the mesh on in a definition.
Node mesh_switch(const ClusterDefinition& cluster) {
  return cluster.mesh_mode.has_value() ? cluster.mesh_mode.node : cluster.revisions.front().node;
}

Diagnostic& report(Pass& pass, const ClusterDefinition& cluster, Node node, const Conflict& conflict) {
  Diagnostic& diagnostic = report_cluster(
      pass, cluster, node,
      fmt::format("the Istio add-on and {} do not work on one cluster, and this one has both", conflict.what));
  diagnostic.citation = conflict.citation;
  diagnostic.notes.push_back(note_at(mesh_switch(cluster), "the Istio add-on"));
  diagnostic.help = conflict.note.empty() ? "turn one of the two off" : conflict.note;
  return diagnostic;
}

void check_open_service_mesh(Pass& pass, const ClusterDefinition& cluster) {
  const Conflict* conflict = pass.policy().conflicts().find("open-service-mesh");
  const auto& add_on = cluster.open_service_mesh;
  if (conflict == nullptr || !add_on.has_value() || !add_on.value) return;
  Diagnostic& diagnostic = report(pass, cluster, add_on.node, *conflict);
  diagnostic.help = "turn the Open Service Mesh add-on off before Istio is turned on";
  soften_if_defaulted(diagnostic, {{"add-on's switch", add_on.known}, {"mode of the mesh", cluster.mesh_mode.known}});
}

// What Azure prints about a cluster says all that is there: nothing of it is a default that is still to come.
bool is_observed(const ClusterDefinition& cluster) {
  return cluster.format.ends_with(" output");
}

// Whether AKS turns application routing on by itself, because the definition says nothing of it.
bool gets_app_routing(const Pass& pass, const ClusterDefinition& cluster, const Conflict& conflict) {
  const auto version = pass.context().kubernetes_version(cluster);
  const auto minor = version.has_value() ? parse_minor(version.value) : std::nullopt;
  const bool is_automatic = cluster.sku_name.has_value() && cluster.sku_name.value == "Automatic";
  return is_automatic && minor && conflict.default_from && *minor >= *conflict.default_from &&
         cluster.app_routing_istio.known == Known::unstated && cluster.app_routing.known == Known::unstated &&
         !is_observed(cluster);
}

void check_app_routing(Pass& pass, const ClusterDefinition& cluster) {
  const Conflict* conflict = pass.policy().conflicts().find("app-routing-istio");
  if (conflict == nullptr) return;
  const auto& routing = cluster.app_routing_istio;
  if (routing.has_value() && routing.value == "Enabled") {
    Diagnostic& diagnostic = report(pass, cluster, routing.node, *conflict);
    soften_if_defaulted(
        diagnostic, {{"mode of application routing", routing.known}, {"mode of the mesh", cluster.mesh_mode.known}});
    return;
  }
  if (!gets_app_routing(pass, cluster, *conflict)) return;
  const auto version = pass.context().kubernetes_version(cluster);
  Diagnostic& diagnostic = report_cluster(
      pass, cluster, mesh_switch(cluster),
      fmt::format("new clusters of AKS Automatic have {} from Kubernetes {} on, and the Istio add-on does not work "
                  "beside it",
                  conflict->what, to_string(*conflict->default_from)));
  diagnostic.severity = lower(diagnostic.severity);
  diagnostic.citation = pass.policy().source("aks-changelog", "Release Notes - 2026-06-19");
  diagnostic.notes.push_back(note_at(cluster.sku_name.node, "AKS Automatic"));
  if (version.node.document() != nullptr) diagnostic.notes.push_back(note_at(version.node, "the Kubernetes version"));
  diagnostic.notes.push_back(note("a cluster that exists already is not changed"));
  diagnostic.help =
      "turn it off: ingressProfile.webAppRouting.gatewayAPIImplementations.appRoutingIstio.mode: Disabled";
  soften_if_defaulted(diagnostic, {{"Kubernetes version", version.known},
                                   {"SKU", cluster.sku_name.known},
                                   {"mode of the mesh", cluster.mesh_mode.known}});
}

void check_application_network(Pass& pass, const ClusterDefinition& cluster) {
  const Conflict* conflict = pass.policy().conflicts().find("application-network");
  if (conflict == nullptr || !cluster.application_network) return;
  Diagnostic& diagnostic =
      report_cluster(pass, cluster, cluster.application_network,
                     fmt::format("a cluster with the Istio add-on cannot be a member of {}", conflict->what));
  diagnostic.citation = conflict->citation;
  diagnostic.notes.push_back(note_at(mesh_switch(cluster), "the Istio add-on"));
  diagnostic.help = "remove the membership, or turn the add-on off";
  soften_if_defaulted(diagnostic, {{"mode of the mesh", cluster.mesh_mode.known}});
}

std::string_view last_segment(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool is_one_of(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

// Whether an Argo CD application goes to the cluster that it is applied to itself, or to one that governs its file.
bool stays_here(const Pass& pass, const Resource& application, Node destination) {
  const auto name = destination["name"].text();
  const auto server = destination["server"].text();
  if (name == "in-cluster" || server == "https://kubernetes.default.svc") return true;
  const auto& governing = pass.context().governing(application.file());
  return std::ranges::any_of(governing, [name](const auto* cluster) {
    return cluster->name.has_value() && !name.empty() && cluster->name.value == name;
  });
}

// The chart that a Helm release refers to: the address of an OCIRepository, or what a HelmChart names. Missing where it
// is not known which object is meant.
Node referred_chart(const Pass& pass, const Resource& release, Node reference) {
  const bool is_address = reference["kind"].text() == "OCIRepository";
  if (reference["name"].unresolved()) return {};
  const Resource* found = nullptr;
  for (const Resource* source : pass.manifests().of("source.toolkit.fluxcd.io", reference["kind"].text())) {
    if (source->name.text() != reference["name"].text()) continue;
    if (found != nullptr || source->partial) return {};
    found = source;
  }
  if (found == nullptr || pass.manifests().may_be_patched(*found)) return {};
  const Node name_space = reference["namespace"];
  const auto own = name_space.is_null() ? pass.manifests().name_space_of(release) : std::optional(name_space.text());
  const auto stated = pass.manifests().name_space_of(*found);
  if (own && stated && *own != *stated) return {};
  return found->root["spec"][is_address ? "url" : "chart"];
}

// The charts that a Helm release or an Argo CD application installs on the cluster that it is applied to.
std::vector<Node> installed_charts(const Pass& pass, const Resource& resource, const Conflict& conflict) {
  Node spec = resource.root["spec"];
  if (resource.is("helm.toolkit.fluxcd.io", "HelmRelease")) {
    const bool is_off = spec["suspend"].text() == "true" || spec["kubeConfig"];
    if (is_off) return {};
    const Node reference = spec["chartRef"];
    return {reference ? referred_chart(pass, resource, reference) : spec["chart"]["spec"]["chart"]};
  }
  // An ApplicationSet makes applications of its template.
  if (resource.is("argoproj.io", "ApplicationSet")) spec = spec["template"]["spec"];
  const bool is_application = resource.group == "argoproj.io" && resource.kind.starts_with("Application");
  if (!is_application || !stays_here(pass, resource, spec["destination"])) return {};
  std::vector<Node> charts;
  std::vector<Node> sources = spec["sources"].items();
  sources.push_back(spec["source"]);
  // A path is a chart only where its repository is known to hold charts: Istio's own.
  for (const Node source : sources) {
    const bool is_istio =
        std::ranges::any_of(conflict.repositories, [repository = source["repoURL"].text()](const std::string& address) {
          return repository.find(address) != std::string_view::npos;
        });
    if (source["chart"] || is_istio) charts.push_back(source["chart"] ? source["chart"] : source["path"]);
  }
  return charts;
}

// The image's name without its registry, tag and digest.
std::string_view image_name(std::string_view image) {
  image = last_segment(image.substr(0, image.find('@')));
  return image.substr(0, image.find(':'));
}

// The images of a workload that are a control plane, but for the add-on's own.
std::vector<Node> control_plane_images(const Pass& pass, const Resource& resource, const Conflict& conflict) {
  std::vector<Node> images;
  const bool is_managed = resource.name_space.text() == pass.policy().names().root_namespace;
  if (!resource.is("apps", "Deployment") || is_managed) return images;
  for (const Node container : pod_spec(resource)["containers"].items()) {
    const Node image = container["image"];
    const bool is_istio = image.text().find("istio") != std::string_view::npos;
    if (is_istio && is_one_of(conflict.images, image_name(image.text()))) images.push_back(image);
  }
  return images;
}

// What turns the mesh on in the clusters that a file is sure to go to; missing when that is not certain.
Node certain_mesh(const Pass& pass, const SourceFile& file) {
  const Governance& governance = pass.context().governance(file);
  const auto is_on = [](const auto* cluster) {
    return turns_mesh_on(*cluster) && cluster->mesh_mode.known != Known::defaulted;
  };
  const bool is_certain = governance.is_certain() && !governance.clusters.empty();
  return is_certain && std::ranges::all_of(governance.clusters, is_on) ? mesh_switch(*governance.clusters.front())
                                                                       : Node();
}

// The charts that files which hold no manifests install: kustomizations, Helm charts and Terraform. Of those that may
// be turned off, or go elsewhere, nothing is said.
std::vector<Node> charts_in(const InputFile& file) {
  const std::string_view path = file.source->path();
  std::vector<Node> charts;
  for (const auto& document : file.parsed.documents) {
    const Node root = document->root();
    if (is_kustomization_file(path)) {
      for (const Node chart : root["helmCharts"].items()) charts.push_back(chart["name"]);
    } else if (last_segment(path) == "Chart.yaml") {
      for (const Node chart : root["dependencies"].items()) {
        if (!chart["condition"] && !chart["tags"]) charts.push_back(chart["name"]);
      }
    } else if (is_terraform_file(path)) {
      for (const Node release : helm_releases_in_terraform(root)) {
        const bool is_plain = !release["provider"] && !release["count"] && !release["for_each"];
        if (is_plain) charts.push_back(release["chart"]);
      }
    }
  }
  return charts;
}

// `mesh` is what turns the add-on on, and missing where the two may be of different clusters.
void report_self_managed(Pass& pass, const Charts& charts, Node node, Node mesh, const Conflict& conflict,
                         std::string_view what) {
  if (charts.use_of(*node.file()) == ChartUse::vendored) return;
  Diagnostic& diagnostic = pass.report(
      node, fmt::format("{} {} installs {} beside the Istio add-on, which does not work on a cluster that has one",
                        what, quoted(node.text()), conflict.what));
  diagnostic.citation = conflict.citation;
  diagnostic.help =
      "remove it and its resource definitions, or turn the add-on off; the page "
      "migration-from-open-source-istio-to-addon tells how to move";
  if (mesh) {
    diagnostic.notes.push_back(note_at(mesh, "the Istio add-on"));
  } else {
    diagnostic.severity = lower(diagnostic.severity);
    diagnostic.notes.push_back(note("no definition is certain to put both on one cluster"));
  }
  soften_if_open(charts, diagnostic);
}

void check_resource(Pass& pass, const Charts& charts, const Resource& resource, const Conflict& conflict) {
  if (resource.partial || !pass.context().has_add_on(resource.file())) return;
  const Node mesh = certain_mesh(pass, resource.file());
  for (const Node chart : installed_charts(pass, resource, conflict)) {
    if (is_one_of(conflict.charts, last_segment(chart.text()))) {
      report_self_managed(pass, charts, chart, mesh, conflict, "chart");
    }
  }
  for (const Node image : control_plane_images(pass, resource, conflict)) {
    report_self_managed(pass, charts, image, mesh, conflict, "image");
  }
}

void check_file(Pass& pass, const Charts& charts, const InputFile& file, const Conflict& conflict) {
  for (const Node chart : charts_in(file)) {
    if (!is_one_of(conflict.charts, last_segment(chart.text()))) continue;
    if (const Node mesh = certain_mesh(pass, *file.source))
      report_self_managed(pass, charts, chart, mesh, conflict, "chart");
  }
}

void check_self_managed(Pass& pass) {
  const Conflict* conflict = pass.policy().conflicts().find("self-managed-istio");
  if (conflict == nullptr) return;
  const Charts charts(pass);
  for (const auto& resource : pass.manifests().all()) check_resource(pass, charts, *resource, *conflict);
  for (const InputFile& file : pass.manifests().files()) check_file(pass, charts, file, *conflict);
}

void check(Pass& pass) {
  for (const ClusterDefinition& cluster : pass.context().clusters()) {
    if (!turns_mesh_on(cluster)) continue;
    check_open_service_mesh(pass, cluster);
    check_app_routing(pass, cluster);
    check_application_network(pass, cluster);
  }
  check_self_managed(pass);
}

}  // namespace

extern constexpr Rule conflicting_mesh = {
    .code = "MSH1007",
    .name = "conflicting-mesh",
    .family = Family::compatibility,
    .severity = Severity::error,
    .summary = "A second mesh on a cluster with the Istio add-on",
    .why =
        "The add-on cannot share a cluster with the Open Service Mesh add-on, with application routing's Gateway API, "
        "with an Application Network, or with an Istio that people install themselves. AKS refuses to turn both on; "
        "a second Istio fights with the add-on over the same resource definitions and webhooks.",
    .fix = "keep one of the two",
    .page = "istio-about",
    .check = check,
};

}  // namespace meshlint::rules
