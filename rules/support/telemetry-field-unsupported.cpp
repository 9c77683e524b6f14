#include <algorithm>

#include "linter/words.h"
#include "rules/telemetry-fields.h"

namespace meshlint::rules {
namespace {

// The first provider that is a tool of one's own; missing where there is none, or nobody can know.
Node own_provider(Node providers, const std::vector<std::string>& supported) {
  for (const Node provider : providers.items()) {
    const Node name = provider["name"];
    const bool is_supported = std::ranges::find(supported, name.text()) != supported.end();
    if (name.is_scalar() && !name.unresolved() && !is_supported) return name;
  }
  return {};
}

void report_field(Pass& pass, Node place, std::string message, const FieldClass& row) {
  const Citation& citation = row.citation;
  const std::string who =
      citation.in_house ? "without support " + in_house_words(citation) : "but outside Azure support";
  Diagnostic& diagnostic = pass.report(place, fmt::format("{}, {}", message, who));
  diagnostic.citation = citation;
  if (!row.note.empty()) diagnostic.help = row.note;
}

void check_telemetry(Pass& pass, const Resource& telemetry) {
  bool has_tracing = false;
  for_each_telemetry_field(pass, telemetry, [&](Node field, std::string_view path, const FieldClass* row) {
    if (row == nullptr || row->at(pass.context().as_of()) != FieldSupport::allowed) return;
    const auto& providers = pass.policy().telemetry().supported_providers;
    const auto supported = providers.find(path);
    if (path.starts_with("tracing.")) {
      if (!has_tracing) report_field(pass, telemetry.root["spec"]["tracing"].key(), "tracing is allowed", *row);
      has_tracing = true;
    } else if (supported == providers.end()) {
      report_field(pass, field.key(), fmt::format("Telemetry field {} is allowed", quoted(path)), *row);
    } else if (const Node name = own_provider(field, supported->second)) {
      report_field(pass, name, fmt::format("provider {} of {} is allowed", quoted(name.text()), quoted(path)), *row);
    }
  });
}

void check(Pass& pass) {
  for (const Resource* telemetry : pass.manifests().of("telemetry.istio.io", "Telemetry")) {
    if (is_judged(pass, *telemetry)) check_telemetry(pass, *telemetry);
  }
}

}  // namespace

extern constexpr Rule telemetry_field_unsupported = {
    .code = "MSH5003",
    .name = "telemetry-field-unsupported",
    .family = Family::support,
    .severity = Severity::note,
    .summary = "A field of the Telemetry API that works, but is outside Azure support",
    .why =
        "Microsoft classifies the fields of the Telemetry API. An allowed field takes effect, but Azure support does "
        "not help with it, nor with tools of your own that receive logs, metrics and traces.",
    .fix = "nothing needs to change; know that Azure support does not cover it",
    .page = "istio-telemetry",
    .check = check,
};

}  // namespace meshlint::rules
