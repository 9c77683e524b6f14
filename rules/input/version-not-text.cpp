#include <algorithm>

#include "linter/rule.h"
#include "linter/words.h"

namespace meshlint::rules {
namespace {

// Formats that are objects of Kubernetes: the schemas of their definitions want a text. Other formats that have numbers
// at all turn them into one.
constexpr std::string_view formats[] = {"Azure Service Operator", "Cluster API", "Crossplane"};

void check_version(Pass& pass, const Fact<std::string>& version) {
  const Node node = version.node;
  if (!version.has_value() || !node.is_scalar()) return;
  const bool is_number = node.type() == ScalarType::integer || node.type() == ScalarType::real;
  if (!is_number) return;
  Diagnostic& diagnostic = pass.report(
      node,
      fmt::format("{} stands without quotes, which makes it a number: the API server refuses it", quoted(node.text())));
  diagnostic.help = fmt::format("write \"{}\", in quotes", node.text());
}

void check(Pass& pass) {
  for (const auto& cluster : pass.context().clusters()) {
    if (std::ranges::find(formats, cluster.format) == std::end(formats)) continue;
    check_version(pass, cluster.kubernetes_version);
    for (const NodePool& pool : cluster.pools) check_version(pass, pool.kubernetes_version);
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
