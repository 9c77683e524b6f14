#include "linter/rule.h"
#include "linter/words.h"

namespace meshlint::rules {
namespace {

void check_namespace(Pass& pass, const Resource& name_space) {
  const ManagedNames& names = pass.policy().names();
  const Node label = name_space.labels[names.passed_over_label];
  const Node revision = name_space.labels[names.revision_label];
  // A label that is not known may be none, and istio-injection switches injection off whatever else stands there.
  const bool asks_for_sidecars = !revision.is_null() && !revision.unresolved() && !name_space.labels["istio-injection"];
  if (label.is_null() || label.unresolved() || !asks_for_sidecars) return;
  Diagnostic& diagnostic = pass.report(
      label, fmt::format("label {} is reported to keep admission webhooks away on AKS: in spite of {} pods of this "
                         "namespace may start without a sidecar",
                         quoted(fmt::format("{}: {}", names.passed_over_label, label.text())),
                         quoted(fmt::format("{}: {}", names.revision_label, revision.text()))));
  diagnostic.place.span = label.entry_span();
  diagnostic.citation = names.passed_over;
  diagnostic.notes.push_back(note_at(revision, "the label that asks for sidecars"));
  diagnostic.notes.push_back(note("seen with a self-managed Istio; no page says whether it holds for the add-on"));
}

void check(Pass& pass) {
  for (const Resource* name_space : pass.manifests().of("", "Namespace")) {
    if (pass.manifests().may_be_patched(*name_space) || !pass.context().has_add_on(name_space->file())) continue;
    check_namespace(pass, *name_space);
  }
}

}  // namespace

extern constexpr Rule control_plane_label = {
    .code = "MSH4018",
    .name = "control-plane-label",
    .family = Family::ineffective,
    .severity = Severity::note,
    .summary = "A namespace with sidecar injection and the label control-plane",
    .why =
        "AKS protects its own namespaces from admission webhooks by adding a condition to webhooks: they pass over "
        "namespaces with the label control-plane. Scaffolding of operators sets this label, and people report that "
        "their pods got no sidecars.",
    .fix = "remove the label control-plane from the namespace, or check that its pods have sidecars",
    .page = "istio-deploy-addon",
    .check = check,
    .on_by_default = false,  // no page documents it for the add-on
};

}  // namespace meshlint::rules
