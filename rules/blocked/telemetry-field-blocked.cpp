#include "linter/words.h"
#include "rules/telemetry-fields.h"

namespace meshlint::rules {
namespace {

void report_blocked(Pass& pass, Node field, std::string_view path, const FieldClass* row) {
  const Citation& citation = row != nullptr ? row->citation : pass.policy().telemetry().citation;
  const std::string message =
      citation.in_house
          ? fmt::format("Telemetry field {} is not allowed {}", quoted(path), in_house_words(citation))
          : fmt::format("Telemetry field {} is blocked: it is not in the add-on's table of fields", quoted(path));
  Diagnostic& diagnostic = pass.report_key(field, message);
  diagnostic.citation = citation;
  if (!citation.in_house) {
    diagnostic.notes.push_back(
        note("the page does not say whether a webhook refuses such a field or it is only without support"));
  }
  if (row != nullptr && !row->note.empty()) diagnostic.help = row->note;
}

void check(Pass& pass) {
  for (const Resource* telemetry : pass.manifests().of("telemetry.istio.io", "Telemetry")) {
    if (!is_judged(pass, *telemetry)) continue;
    for_each_telemetry_field(pass, *telemetry, [&](Node field, std::string_view path, const FieldClass* row) {
      const bool is_blocked = row == nullptr || row->at(pass.context().as_of()) == FieldSupport::blocked;
      if (is_blocked) report_blocked(pass, field, path, row);
    });
  }
}

}  // namespace

extern constexpr Rule telemetry_field_blocked = {
    .code = "MSH3006",
    .name = "telemetry-field-blocked",
    .family = Family::blocked,
    .severity = Severity::warning,
    .summary = "A field of the Telemetry API that the add-on's table does not list",
    .why =
        "Microsoft classifies the fields of the Telemetry API as supported or allowed, and calls every other field "
        "blocked. What is blocked may be refused by an admission webhook, now or later, and then the whole resource "
        "is.",
    .fix = "remove the field, or try it on a test cluster first: kubectl apply --dry-run=server",
    .page = "istio-telemetry",
    .check = check,
};

}  // namespace meshlint::rules
