#include "linter/words.h"
#include "rules/gateways.h"

namespace meshlint::rules {
namespace {

void report_name(Pass& pass, Node place, const std::string& made, std::string help) {
  const GatewayApi& table = pass.policy().gateway_api();
  Diagnostic& diagnostic =
      pass.report(place, fmt::format("what this Gateway makes would be named {}, which has {} characters: names must "
                                     "have fewer than {}",
                                     quoted(made), made.size(), table.name_shorter_than));
  diagnostic.citation = table.naming;
  diagnostic.help = std::move(help);
}

void check_gateway(Pass& pass, const Resource& gateway) {
  const GatewayApi& table = pass.policy().gateway_api();
  const auto limit = static_cast<std::size_t>(table.name_shorter_than);
  const Node annotations = gateway.root["metadata"]["annotations"];
  const Node override = annotations[table.name_override];
  if (annotations.unresolved() || override.unresolved()) return;
  if (!override.is_null()) {
    if (override.text().size() < limit) return;
    report_name(pass, override, std::string(override.text()), fmt::format("shorten it to {} characters", limit - 1));
    return;
  }
  const std::string suffix = fmt::format("-{}", gateway.root["spec"]["gatewayClassName"].text());
  const std::string made = fmt::format("{}{}", gateway.name.text(), suffix);
  if (made.size() < limit) return;
  report_name(pass, gateway.name, made,
              fmt::format("shorten the Gateway's name to {} characters, or give what it makes another name by the "
                          "annotation {}",
                          limit - 1 - suffix.size(), table.name_override));
}

void check(Pass& pass) {
  for (const Resource* gateway : pass.manifests().of(gateway_api_group, "Gateway")) {
    if (gateway->root["spec"]["addresses"]) continue;  // deployed by hand: nothing is made for it
    if (gateway->partial || pass.manifests().may_be_patched(*gateway)) continue;
    if (!pass.manifests().has_final_name(*gateway) || !is_add_on_gateway(pass, *gateway)) continue;
    check_gateway(pass, *gateway);
  }
}

}  // namespace

extern constexpr Rule gateway_name_too_long = {
    .code = "MSH4016",
    .name = "gateway-name-too-long",
    .family = Family::ineffective,
    .severity = Severity::error,
    .summary = "A Kubernetes Gateway whose name is too long for the resources that it makes",
    .why =
        "The add-on names the Deployment, Service and autoscaler of a Gateway after it, with its class appended. Names "
        "of 63 characters and more are too long: the resources are not made, and the Gateway gets no address.",
    .fix = "shorten the Gateway's name",
    .page = "istio-gateway-api",
    .check = check,
};

}  // namespace meshlint::rules
