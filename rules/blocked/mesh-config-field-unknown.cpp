#include "linter/words.h"
#include "rules/shared-config-map.h"

namespace meshlint::rules {
namespace {

// Where a mapping is the field's value by mistake: one finding of mesh-config-invalid speaks for the whole of it.
bool is_wrapper(const MeshMessage& message, const Entry& entry) {
  const auto name = entry.key.text();
  return message.depth == 0 && entry.value.is_mapping() && (name == "meshConfig" || name == "mesh");
}

void report_unknown(Pass& pass, const SharedConfigMap& shared, const MeshMessage& message, const Entry& entry) {
  const MeshFields& fields = pass.policy().mesh_fields();
  const auto name = entry.key.text();
  const auto near = fields.nearest(message.message, name);
  const bool is_top_level = message.message == "MeshConfig" || message.message == "ProxyConfig";
  const bool is_newer_than_data = shared.revision && *shared.revision > fields.newest;
  const auto& misspelt = pass.policy().classification().misspelt;
  const bool is_page_spelling = misspelt.contains(name);
  const MeshField* near_field = near.empty() ? nullptr : fields.find(message.message, near);
  const bool is_proto_name = near_field != nullptr && near_field->proto_name == name;

  const std::string consequence =
      is_top_level ? "the add-on's admission webhook refuses fields it does not recognise" : "it has no effect";
  Diagnostic& diagnostic = pass.report_key(
      entry.value, fmt::format("{} has no field {} in {}: {}", istio_words(shared.revision), quoted(name),
                               is_top_level ? message.message : quoted(message.node.key().text()), consequence));
  diagnostic.citation = fields.citation;
  if (is_top_level) diagnostic.citation = pass.policy().classification().citation;
  if (!is_top_level || is_newer_than_data || is_page_spelling || is_proto_name) diagnostic.severity = Severity::warning;
  if (is_newer_than_data) {
    diagnostic.notes.push_back(note(fmt::format("the policy data knows the fields up to Istio {}; {} may have it",
                                                to_string(fields.newest), istio_words(shared.revision))));
  }
  if (is_page_spelling) {
    diagnostic.notes.push_back(note("this is the spelling in Microsoft's table, but Istio calls the field otherwise"));
    diagnostic.help = fmt::format("Istio's name for it is '{}'", misspelt.find(name)->second);
  } else if (!near.empty()) {
    diagnostic.help =
        is_proto_name ? fmt::format("use the YAML spelling '{}'", near) : fmt::format("did you mean '{}'?", near);
  }
}

void check(Pass& pass) {
  const MeshFields& fields = pass.policy().mesh_fields();
  for (const SharedConfigMap& shared : shared_config_maps(pass)) {
    for_each_message(pass, shared, [&](const MeshMessage& message) {
      for (const Entry& entry : message.node.entries()) {
        const auto name = entry.key.text();
        if (!entry.key.is_scalar() || entry.key.unresolved() || is_wrapper(message, entry)) continue;
        // A field that another minor has is not unknown: the revision is too old or too new for it.
        if (fields.find(message.message, name) == nullptr) report_unknown(pass, shared, message, entry);
      }
    });
  }
}

}  // namespace

extern constexpr Rule mesh_config_field_unknown = {
    .code = "MSH3003",
    .name = "mesh-config-field-unknown",
    .family = Family::blocked,
    .severity = Severity::error,
    .summary = "A field of the shared mesh configuration that Istio does not have",
    .why =
        "The admission webhook denies fields that it does not recognise, and with them the whole ConfigMap. Deeper "
        "inside a field, Istio ignores what it does not know, so the setting silently does nothing.",
    .fix = "correct the spelling, or remove the field",
    .page = "istio-meshconfig",
    .check = check,
};

}  // namespace meshlint::rules
