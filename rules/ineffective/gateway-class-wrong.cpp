#include <algorithm>
#include <array>

#include "linter/words.h"
#include "rules/gateways.h"

namespace meshlint::rules {
namespace {

bool runs_mesh(const ClusterDefinition& cluster) {
  if (cluster.mesh_mode.has_value()) return cluster.mesh_mode.value == "Istio";
  return std::ranges::any_of(cluster.revisions, [](const auto& revision) { return revision.has_value(); });
}

// Whether every cluster that may get a file is stated to run the mesh, so that none runs anything else in its place.
bool runs_mesh_only(const Pass& pass, const SourceFile& file) {
  if (!pass.context().has_add_on(file)) return false;
  if (!pass.context().options().revisions.empty()) return true;
  const auto& clusters = pass.context().governing(file);
  return !clusters.empty() && std::ranges::all_of(clusters, [](const auto* cluster) {
    const bool has_other = cluster->app_routing_istio.has_value() && cluster->app_routing_istio.value == "Enabled";
    return runs_mesh(*cluster) && !has_other;
  });
}

// Waypoints are unsupported-platform's.
constexpr std::string_view waypoint_class = "istio-waypoint";

void check_class(Pass& pass, const Resource& gateway) {
  const Node name = gateway.root["spec"]["gatewayClassName"];
  const GatewayClass* known = name.unresolved() ? nullptr : pass.policy().gateway_api().find_class(name.text());
  if (known == nullptr || known->use == GatewayClass::Use::add_on || known->name == waypoint_class) return;
  const std::string why =
      known->use == GatewayClass::Use::elsewhere
          ? fmt::format("belongs to {}, which cannot run beside the add-on: no controller serves this Gateway",
                        known->what)
          : fmt::format("is for {}, which the add-on does not support", known->what);
  Diagnostic& diagnostic = pass.report(name, fmt::format("gateway class {} {}", quoted(name.text()), why));
  diagnostic.citation = known->citation;
}

// Routes that have a Service as their parent are for traffic inside of the mesh.
void check_route(Pass& pass, const Resource& route) {
  for (const Node parent : route.root["spec"]["parentRefs"].items()) {
    const Node kind = parent["kind"];
    const Node group = parent["group"];
    const bool is_core = group.text().empty() || group.text() == "core";
    if (kind.text() != "Service" || group.unresolved() || !is_core) continue;
    Diagnostic& diagnostic = pass.report(
        kind, fmt::format("this {} with a Service as its parent routes traffic inside of the mesh (GAMMA), which the "
                          "add-on does not support",
                          route.kind));
    diagnostic.citation = pass.policy().source("istio-about", "Limitations");
    diagnostic.help = "use a VirtualService, or attach the route to a Gateway of class istio";
  }
}

void check(Pass& pass) {
  constexpr std::array<std::string_view, 5> routes = {"HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"};
  for (const Resource* gateway : pass.manifests().of(gateway_api_group, "Gateway")) {
    if (pass.manifests().may_be_patched(*gateway)) continue;
    if (runs_mesh_only(pass, gateway->file())) check_class(pass, *gateway);
  }
  for (const auto kind : routes) {
    for (const Resource* route : pass.manifests().of(gateway_api_group, kind)) {
      if (pass.manifests().may_be_patched(*route)) continue;
      if (runs_mesh_only(pass, route->file())) check_route(pass, *route);
    }
  }
}

}  // namespace

extern constexpr Rule gateway_class_wrong = {
    .code = "MSH4015",
    .name = "gateway-class-wrong",
    .family = Family::ineffective,
    .severity = Severity::warning,
    .summary = "A Kubernetes Gateway or route that the add-on does not serve or does not support",
    .why =
        "The add-on serves Gateways of class istio. Class approuting-istio belongs to application routing, which "
        "cannot run on the same cluster, and istio-remote to meshes of several clusters. Routes between services of "
        "the mesh (GAMMA) are not supported either.",
    .fix = "use gatewayClassName: istio",
    .page = "istio-gateway-api",
    .check = check,
};

}  // namespace meshlint::rules
