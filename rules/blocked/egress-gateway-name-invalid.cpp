#include <regex>

#include "linter/words.h"
#include "rules/calendar.h"
#include "rules/cluster-facts.h"

namespace meshlint::rules {
namespace {

// What is wrong with a name; empty when it is right.
std::string fault(const EgressGateways& limits, const std::string& name) {
  const auto longest = static_cast<std::size_t>(limits.longest_name);
  if (name.size() > longest) {
    return fmt::format("it has {} characters, and {} are allowed", name.size(), longest);
  }
  if (std::regex_match(name, std::regex(limits.name_pattern))) return {};
  return "only lower-case letters, digits, '-' and '.' are allowed, with a letter or digit at both ends and beside "
         "dots";
}

void check(Pass& pass) {
  const EgressGateways& limits = pass.policy().egress_gateways();
  for (const ClusterDefinition& cluster : pass.context().clusters()) {
    if (!may_run_mesh(cluster)) continue;
    for (const EgressGateway& gateway : cluster.egress_gateways) {
      const auto& name = gateway.name;
      const bool is_name = name.has_value() && !is_placeholder(name.value);
      const std::string wrong = is_name ? fault(limits, name.value) : std::string();
      if (wrong.empty()) continue;
      Diagnostic& diagnostic =
          report_cluster(pass, cluster, name.node,
                         fmt::format("AKS refuses {} as the name of an egress gateway: {}", quoted(name.value), wrong));
      diagnostic.citation = limits.citation;
      diagnostic.help =
          "give it another name, such as egress-shop; Gateways select its pods by the name, so change them too";
      soften_if_defaulted(diagnostic, {{"name", name.known}});
    }
  }
}

}  // namespace

extern constexpr Rule egress_gateway_name_invalid = {
    .code = "MSH3010",
    .name = "egress-gateway-name-invalid",
    .family = Family::blocked,
    .severity = Severity::error,
    .summary = "An egress gateway whose name AKS does not accept",
    .why =
        "The name of an egress gateway becomes that of its Service and part of that of its Deployment. AKS checks its "
        "length and its characters and refuses the cluster's definition when they do not fit.",
    .fix = "use 1 to 53 lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit",
    .page = "istio-deploy-egress",
    .check = check,
};

}  // namespace meshlint::rules
