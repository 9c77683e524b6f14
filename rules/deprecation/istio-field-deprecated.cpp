#include <algorithm>

#include "linter/fix.h"
#include "linter/words.h"
#include "rules/istio-fields.h"

namespace meshlint::rules {
namespace {

using Rows = std::vector<const IstioDeprecation*>;

Rows rows_of(const Pass& pass, const Resource& resource) {
  Rows rows;
  for (const IstioDeprecation& row : pass.policy().istio_deprecations().deprecations) {
    if (resource.is(row.group, row.kind)) rows.push_back(&row);
  }
  return rows;
}

std::string_view last_name(const IstioDeprecation& row) {
  return std::string_view(row.path).substr(row.path.rfind('.') + 1);
}

void report_value(Pass& pass, Node value, const IstioDeprecation& row, const IstioMinors& minors) {
  Diagnostic& diagnostic =
      pass.report(value, fmt::format("value {} of {} is deprecated: a later revision may refuse it", quoted(row.value),
                                     quoted(last_name(row))));
  diagnostic.help = fmt::format("write {}, which is what Istio takes it for", row.replacement);
  diagnostic.fix =
      fix_by(fmt::format("replace {} by {}", row.value, row.replacement), true, replace_value(value, row.replacement));
  diagnostic.citation = row.citation;
  soften_if_defaulted(diagnostic, minors);
}

void report_field(Pass& pass, Node value, const IstioDeprecation& row, const IstioMinors& minors) {
  const auto field = last_name(row);
  const bool has_effect = !row.replacement.empty();
  Diagnostic& diagnostic = pass.report_key(
      value, fmt::format("field {} of {} is deprecated: {}", quoted(field), row.kind,
                         has_effect ? "it may stop to take effect with an upgrade" : "Istio ignores it"));
  diagnostic.help = has_effect ? fmt::format("use {} instead", row.replacement) : "remove it: nothing changes";
  if (!has_effect) {
    diagnostic.fix = fix_by(fmt::format("remove {}", field), true, remove_entry(value));
  }
  diagnostic.citation = row.citation;
  soften_if_defaulted(diagnostic, minors);
}

void check_resource(Pass& pass, const Resource& resource) {
  const Rows rows = rows_of(pass, resource);
  if (rows.empty() || !is_judged(pass, resource)) return;
  const IstioFields& fields = pass.policy().istio_fields();
  const IstioMinors minors = istio_minors(pass, resource, fields.oldest, fields.newest);
  if (minors.minors.empty()) return;
  for_each_istio_value(pass, resource, [&](const IstioValue& value) {
    for (const IstioDeprecation* row : rows) {
      const bool has_field = std::ranges::all_of(
          minors.minors, [&value](Minor minor) { return field_in(value.periods, minor) != nullptr; });
      if (row->path != value.path || row->since > minors.minors.front() || !has_field) continue;
      if (row->value.empty()) {
        report_field(pass, value.node, *row, minors);
      } else if (value.node.text() == row->value && !value.node.unresolved()) {
        report_value(pass, value.node, *row, minors);
      }
    }
    return true;
  });
}

void check(Pass& pass) {
  for (const auto& resource : pass.manifests().all()) check_resource(pass, *resource);
}

}  // namespace

extern constexpr Rule istio_field_deprecated = {
    .code = "MSH2007",
    .name = "istio-field-deprecated",
    .family = Family::deprecation,
    .severity = Severity::warning,
    .summary = "A field or value of an Istio resource that Istio has deprecated",
    .why =
        "Istio keeps deprecated fields working for some minors and then drops them. AKS moves clusters through the "
        "minors every few months, so a setting that nobody touches can stop to take effect with an upgrade.",
    .fix = "use what replaces it",
    .page = "istio-definitions",
    .check = check,
};

}  // namespace meshlint::rules
