#include "linter/words.h"
#include "rules/shared-config-map.h"

namespace meshlint::rules {
namespace {

void check(Pass& pass) {
  for (const SharedConfigMap& shared : shared_config_maps(pass)) {
    const MeshFields& fields = pass.policy().mesh_fields();
    for (const Entry& entry : shared.mesh.entries()) {
      const auto name = entry.key.text();
      const MeshField* field = find_field(fields, "MeshConfig", name);
      if (field == nullptr || is_classified(pass, "MeshConfig", field->name)) continue;
      report_blocked(pass, "MeshConfig", entry, field->name);
    }
  }
}

}  // namespace

extern constexpr Rule mesh_config_field_blocked = {
    .code = "MSH3001",
    .name = "mesh-config-field-blocked",
    .family = Family::blocked,
    .severity = Severity::error,
    .summary = "A MeshConfig field that the add-on does not let users set",
    .why =
        "Microsoft classifies the fields of MeshConfig by name. A field of Istio that its table does not list is "
        "blocked: the admission webhook denies the shared ConfigMap as a whole, so none of its settings arrive.",
    .fix = "remove the field; the add-on keeps its own value for it",
    .page = "istio-meshconfig",
    .check = check,
};

}  // namespace meshlint::rules
