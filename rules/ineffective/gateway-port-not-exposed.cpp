#include <algorithm>

#include "linter/words.h"
#include "rules/gateways.h"

namespace meshlint::rules {
namespace {

std::string list_ports(const std::vector<int>& ports, int health_port, std::string_view last) {
  std::vector<std::string> words;
  for (const int port : ports) {
    if (port != health_port) words.push_back(std::to_string(port));
  }
  return list_words(words, last);
}

void check_gateway(Pass& pass, const Resource& gateway, const ManagedGateway& managed) {
  const Policy& policy = pass.policy();
  const auto& exposed =
      managed.is_egress ? policy.egress_gateways().exposed_ports : policy.ingress_service().exposed_ports;
  const int health_port =
      managed.is_egress ? policy.egress_gateways().health_port : policy.ingress_service().health_port;
  for (const Node server : gateway.root["spec"]["servers"].items()) {
    const Node value = server["port"]["number"];
    const auto port = whole_number(value);
    if (!port || std::ranges::find(exposed, *port) != exposed.end()) continue;
    Diagnostic& diagnostic =
        pass.report(value, fmt::format("port {} is not reachable: the Service of {} has ports {} only", *port,
                                       managed.label, list_ports(exposed, health_port, "and")));
    diagnostic.citation =
        managed.is_egress ? policy.egress_gateways().ports_citation : policy.ingress_service().exposed;
    diagnostic.help =
        fmt::format("use port {}, which servers for different hosts can share", list_ports(exposed, health_port, "or"));
    if (managed.is_egress) continue;
    diagnostic.help +=
        "; or a Gateway of the Kubernetes Gateway API (class istio), which gets the ports of its listeners";
  }
}

void check(Pass& pass) {
  const OwnGateways own = own_gateways(pass);
  for (const Resource* gateway : pass.manifests().of("networking.istio.io", "Gateway")) {
    if (!pass.context().has_add_on(gateway->file()) || pass.manifests().may_be_patched(*gateway)) continue;
    const auto managed = selected_gateway(pass, *gateway);
    if (managed && !own.may_have(managed->label)) check_gateway(pass, *gateway, *managed);
  }
}

}  // namespace

extern constexpr Rule gateway_port_not_exposed = {
    .code = "MSH4009",
    .name = "gateway-port-not-exposed",
    .family = Family::ineffective,
    .severity = Severity::warning,
    .summary = "An Istio Gateway with a port that the add-on's gateway does not expose",
    .why =
        "AKS manages the Services of the add-on's ingress and egress gateways, and their ports cannot be changed. A "
        "server on any other port is accepted and never sees a connection.",
    .fix = "use port 80 or 443",
    .page = "istio-about",
    .check = check,
};

}  // namespace meshlint::rules
