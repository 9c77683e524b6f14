#include <algorithm>

#include "linter/rule.h"
#include "linter/words.h"

namespace meshlint::rules {
namespace {

bool governs(const Pass& pass, const ClusterDefinition& cluster, const SourceFile& file) {
  const auto& governing = pass.context().governing(file);
  return std::ranges::find(governing, &cluster) != governing.end();
}

// Whether a ServiceEntry may be the one that names the proxy: one for TCP outside the mesh.
bool may_name_proxy(const Resource& entry) {
  const Node spec = entry.root["spec"];
  if (entry.partial || spec.unresolved() || spec["ports"].unresolved()) return true;
  return std::ranges::any_of(spec["ports"].items(), [](Node port) {
    const Node protocol = port["protocol"];
    return port.unresolved() || protocol.is_null() || protocol.unresolved() || protocol.text() == "TCP";
  });
}

// Whether the repository holds what runs in the cluster's mesh: only then is something missing from it.
bool holds_mesh_resources(const Pass& pass, const ClusterDefinition& cluster) {
  return std::ranges::any_of(pass.manifests().all(), [&](const auto& resource) {
    return resource->group == "networking.istio.io" && governs(pass, cluster, resource->file());
  });
}

bool has_service_entry(const Pass& pass, const ClusterDefinition& cluster) {
  return std::ranges::any_of(pass.manifests().of("networking.istio.io", "ServiceEntry"), [&](const Resource* entry) {
    return governs(pass, cluster, entry->file()) && may_name_proxy(*entry);
  });
}

// Whether a template that cannot be read may hold it.
bool may_be_hidden(const Pass& pass, const ClusterDefinition& cluster) {
  return std::ranges::any_of(pass.manifests().files(), [&](const InputFile& file) {
    return !file.parsed.problems.empty() && governs(pass, cluster, *file.source) &&
           file.source->text().find("ServiceEntry") != std::string_view::npos;
  });
}

void check(Pass& pass) {
  for (const ClusterDefinition& cluster : pass.context().clusters()) {
    const bool has_mesh = cluster.mesh_mode.known == Known::stated && cluster.mesh_mode.value == "Istio";
    const bool has_proxy = cluster.http_proxy.known == Known::stated && cluster.http_proxy.value;
    if (!has_mesh || !has_proxy || !holds_mesh_resources(pass, cluster)) continue;
    if (has_service_entry(pass, cluster) || may_be_hidden(pass, cluster)) continue;
    Diagnostic& diagnostic = pass.report_key(
        cluster.http_proxy.node,
        fmt::format("{} has an HTTP proxy, and no ServiceEntry here names it: applications in the mesh may not reach "
                    "what is outside",
                    describe(cluster)));
    diagnostic.object = describe(cluster);
    const Conflict* conflict = pass.policy().conflicts().find("http-proxy");
    if (conflict != nullptr) diagnostic.citation = conflict->citation;
  }
}

}  // namespace

extern constexpr Rule http_proxy_service_entry = {
    .code = "MSH4019",
    .name = "http-proxy-service-entry",
    .family = Family::ineffective,
    .severity = Severity::note,
    .summary = "A cluster behind an HTTP proxy without a ServiceEntry for the proxy",
    .why =
        "Nodes and pods of a cluster with httpProxyConfig reach what is outside through the proxy. For pods in the "
        "mesh the proxy is a service that Istio does not know, so Microsoft asks for a ServiceEntry that names it.",
    .fix = "add a ServiceEntry with the proxy's address (/32), its port with protocol TCP, and location MESH_EXTERNAL",
    .page = "http-proxy",
    .check = check,
    .on_by_default = false,  // the ServiceEntry may well stand elsewhere
};

}  // namespace meshlint::rules
