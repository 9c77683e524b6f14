#include "linter/words.h"
#include "rules/calendar.h"
#include "rules/cluster-facts.h"

namespace meshlint::rules {
namespace {

void check_version(Pass& pass, const ClusterDefinition& cluster, const Fact<std::string>& version) {
  if (!is_refused_number(cluster, version)) return;
  const Node node = version.node;
  Diagnostic& diagnostic = pass.report(
      node,
      fmt::format("{} stands without quotes, which makes it a number: the API server refuses it", quoted(node.text())));
  const auto minor = parse_minor(version.value);
  // Nobody can tell 1.3 from a 1.30 whose zero a tool has dropped, but AKS never had the former.
  diagnostic.help = minor && lost_its_zero(*minor) && minor->minor > 0
                        ? fmt::format("write \"{}0\", in quotes, if that is meant: a number has lost its last zero",
                                      to_string(*minor))
                        : fmt::format("write \"{}\", in quotes", node.text());
}

void check(Pass& pass) {
  for (const auto& cluster : pass.context().clusters()) {
    check_version(pass, cluster, cluster.kubernetes_version);
    for (const NodePool& pool : cluster.pools) check_version(pass, cluster, pool.kubernetes_version);
  }
}

}  // namespace

extern constexpr Rule version_not_text = {
    .code = "MSH9009",
    .name = "version-not-text",
    .family = Family::input,
    .severity = Severity::error,
    .summary = "A Kubernetes version without quotes, which YAML reads as a number",
    .why =
        "YAML reads 1.30 as the number 1.3. The definitions of the Azure Service Operator, Cluster API and Crossplane "
        "want a text there, so the API server refuses the object when it is applied.",
    .fix = "put the version in quotes",
    .page = "",
    .check = check,
};

}  // namespace meshlint::rules
