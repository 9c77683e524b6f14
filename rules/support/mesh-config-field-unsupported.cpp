#include "linter/words.h"
#include "rules/shared-config-map.h"

namespace meshlint::rules {
namespace {

// The tools that extension providers name: those that run as a service of their own.
void note_tools(const Pass& pass, Diagnostic& diagnostic, Node providers) {
  const MeshFields& fields = pass.policy().mesh_fields();
  const MeshField* list = fields.find("MeshConfig", "extensionProviders");
  if (list == nullptr) return;
  for (const Node provider : providers.items()) {
    for (const Entry& entry : provider.entries()) {
      const MeshField* tool = fields.find(list->message, entry.key.text());
      if (tool == nullptr || fields.find(tool->message, "service") == nullptr) continue;
      diagnostic.notes.push_back(note_at_key(entry.value, "a tool of your own, outside Azure support as well"));
    }
  }
}

void check(Pass& pass) {
  for (const SharedConfigMap& shared : shared_config_maps(pass)) {
    for (const Entry& entry : shared.mesh.entries()) {
      Diagnostic* diagnostic = report_unsupported(pass, "MeshConfig", entry);
      const bool names_tools = diagnostic != nullptr && entry.key.text() == "extensionProviders";
      if (names_tools) note_tools(pass, *diagnostic, entry.value);
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
    .fix = "nothing needs to change; know that Azure support does not cover it",
    .page = "istio-meshconfig",
    .check = check,
};

}  // namespace meshlint::rules
