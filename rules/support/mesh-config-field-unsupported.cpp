#include "linter/words.h"
#include "rules/shared-config-map.h"

namespace meshlint::rules {
namespace {

void check(Pass& pass) {
  for (const SharedConfigMap& shared : shared_config_maps(pass)) {
    const auto& classification = pass.policy().classification();
    for (const Entry& entry : shared.mesh.entries()) {
      const auto field = classification.mesh_config.find(entry.key.text());
      if (field == classification.mesh_config.end() || field->second.support != FieldSupport::allowed) continue;
      Diagnostic& diagnostic = pass.report_key(
          entry.value, fmt::format("MeshConfig field {} is allowed, but outside Azure support", quoted(field->first)));
      diagnostic.citation = classification.citation;
      if (field->first == "extensionProviders") {
        diagnostic.notes.push_back(
            note("problems with the tools that it names, such as a collector, are yours as well"));
      }
      if (!field->second.note.empty()) diagnostic.help = field->second.note;
    }
  }
}

}  // namespace

extern constexpr Rule mesh_config_field_unsupported = {
    .code = "MSH5001",
    .name = "mesh-config-field-unsupported",
    .family = Family::support,
    .severity = Severity::note,
    .summary = "A MeshConfig field that works, but is outside Azure support",
    .why =
        "Microsoft classifies the fields of MeshConfig as supported, allowed or blocked. An allowed field takes "
        "effect, but Azure support does not help with what comes of it.",
    .fix = "nothing needs to change; know that support cases about it will be declined",
    .page = "istio-meshconfig",
    .check = check,
};

}  // namespace meshlint::rules
