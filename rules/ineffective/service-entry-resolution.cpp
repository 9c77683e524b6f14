#include <algorithm>
#include <map>

#include "linter/fix.h"
#include "linter/words.h"
#include "rules/gateways.h"

namespace meshlint::rules {
namespace {

// A host that a VirtualService sends through an egress gateway of the add-on.
struct EgressRoute {
  const Resource* service = nullptr;
  Node destination;
};

// Whether a host is the Service of an egress gateway, as `name.namespace` or with more of its full name.
bool is_egress_host(const Pass& pass, const SourceFile& file, Node host) {
  const auto text = host.text();
  const auto dot = text.find('.');
  if (host.unresolved() || dot == std::string_view::npos) return false;
  const auto name = text.substr(0, dot);
  const auto rest = text.substr(dot + 1);
  const auto name_space = rest.substr(0, rest.find('.'));
  const bool is_service = name_space.size() == rest.size() || rest.substr(name_space.size()).starts_with(".svc");
  const std::string& by_default = pass.policy().names().egress_namespace;
  if (!is_service) return false;
  if (name_space == by_default) return true;
  return std::ranges::any_of(pass.context().governing(file), [&](const auto* cluster) {
    return std::ranges::any_of(cluster->egress_gateways, [&](const EgressGateway& gateway) {
      const bool is_on = !gateway.enabled.has_value() || gateway.enabled.value;
      return is_on && gateway.name.has_value() && gateway.name.value == name && gateway.name_space.has_value() &&
             gateway.name_space.value == name_space;
    });
  });
}

Node egress_destination(const Pass& pass, const Resource& service) {
  for (const char* protocol : {"http", "tls", "tcp"}) {
    for (const Node route : service.root["spec"][protocol].items()) {
      for (const Node target : route["route"].items()) {
        const Node host = target["destination"]["host"];
        if (is_egress_host(pass, service.file(), host)) return host;
      }
    }
  }
  return {};
}

std::multimap<std::string_view, EgressRoute> egress_routes(const Pass& pass) {
  std::multimap<std::string_view, EgressRoute> routes;
  for (const Resource* service : pass.manifests().of("networking.istio.io", "VirtualService")) {
    if (!pass.context().has_add_on(service->file()) || pass.manifests().may_be_patched(*service)) continue;
    const Node destination = egress_destination(pass, *service);
    if (!destination) continue;
    for (const Node host : service->root["spec"]["hosts"].items()) {
      const bool is_name = !host.unresolved() && host.text().find('*') == std::string_view::npos;
      if (is_name) routes.emplace(host.text(), EgressRoute{service, destination});
    }
  }
  return routes;
}

// Hosts that some ServiceEntry resolves, or may resolve.
std::set<std::string_view> resolved_hosts(const Pass& pass) {
  std::set<std::string_view> hosts;
  for (const Resource* entry : pass.manifests().of("networking.istio.io", "ServiceEntry")) {
    const Node resolution = entry->root["spec"]["resolution"];
    if (resolution.is_null() ? !entry->partial : resolution.text() == "NONE") continue;
    for (const Node host : entry->root["spec"]["hosts"].items()) hosts.insert(host.text());
  }
  return hosts;
}

void report_entry(Pass& pass, const Resource& entry, Node host, const EgressRoute& route) {
  const Node resolution = entry.root["spec"]["resolution"];
  const EgressGateways& table = pass.policy().egress_gateways();
  const std::string what = resolution.is_null() ? "has no resolution, which is NONE" : "has resolution 'NONE'";
  Diagnostic& diagnostic =
      pass.report(resolution, fmt::format("{} goes through an egress gateway but {}: the gateway needs {}",
                                          quoted(host.text()), what, table.service_entry_resolution));
  diagnostic.citation = table.resolution_citation;
  diagnostic.notes.push_back(
      note_at(route.destination, fmt::format("{} sends it to the egress gateway", describe(*route.service))));
  diagnostic.help = fmt::format("set resolution: {}", table.service_entry_resolution);
  diagnostic.fix = fix_by(fmt::format("set resolution: {}", table.service_entry_resolution), false,
                          replace_value(resolution, table.service_entry_resolution));
}

void check(Pass& pass) {
  const auto routes = egress_routes(pass);
  if (routes.empty()) return;
  const auto resolved = resolved_hosts(pass);
  for (const Resource* entry : pass.manifests().of("networking.istio.io", "ServiceEntry")) {
    const Node resolution = entry->root["spec"]["resolution"];
    const bool is_none = resolution.is_null() ? !entry->partial : resolution.text() == "NONE";
    if (!is_none || resolution.unresolved() || !pass.context().has_add_on(entry->file())) continue;
    if (pass.manifests().may_be_patched(*entry)) continue;
    for (const Node host : entry->root["spec"]["hosts"].items()) {
      const auto [first, last] = routes.equal_range(host.text());
      const auto route =
          std::find_if(first, last, [&](const auto& one) { return may_meet(pass, *entry, *one.second.service); });
      if (route == last || resolved.contains(host.text())) continue;
      report_entry(pass, *entry, host, route->second);
      break;
    }
  }
}

}  // namespace

extern constexpr Rule service_entry_resolution = {
    .code = "MSH4017",
    .name = "service-entry-resolution",
    .family = Family::ineffective,
    .severity = Severity::warning,
    .summary = "A ServiceEntry behind an egress gateway that leaves its hosts unresolved",
    .why =
        "With resolution NONE a proxy sends a connection to the address that the client asked for. Behind an egress "
        "gateway that is the gateway itself, so requests never leave it: Microsoft requires resolution DNS there.",
    .fix = "set resolution: DNS",
    .page = "istio-scale",
    .check = check,
};

}  // namespace meshlint::rules
