#include <algorithm>

#include "linter/words.h"
#include "rules/revision-label.h"

namespace meshlint::rules {
namespace {

// Whether the revision may be one that the cluster runs: of others, revision-label-not-installed speaks.
bool may_be_installed(const Candidates& candidates, Minor revision) {
  return !candidates.complete || std::ranges::find(candidates.revisions, revision) != candidates.revisions.end();
}

void check_workload(Pass& pass, const Resource& workload, Node label) {
  const auto revision = parse_revision(label.text());
  if (!revision || !may_be_installed(pass.context().candidates(workload), *revision)) return;
  if (name_space_label(pass, workload) != NamespaceLabel::absent) return;
  // What that label does to the namespace is a finding of its own.
  if (name_space_label(pass, workload, "istio-injection") != NamespaceLabel::absent) return;
  const auto name_space = *pass.manifests().name_space_of(workload);
  Diagnostic& diagnostic = pass.report(
      label, fmt::format("the label 'istio.io/rev: {}' stands on pods, and not on their namespace {}: Microsoft "
                         "documents injection by the namespace's label only",
                         label.text(), quoted(name_space)));
  diagnostic.citation = pass.policy().names().injection;
  for (const Resource* object : pass.manifests().of("", "Namespace")) {
    if (object->name.text() != name_space || object->partial) continue;
    diagnostic.notes.push_back(note_at(object->name, "this namespace has no label istio.io/rev"));
    break;
  }
  diagnostic.help = fmt::format(
      "label the namespace istio.io/rev: {} (this injects sidecars into all of its pods), and those pods that are to "
      "have none sidecar.istio.io/inject: \"false\"",
      label.text());
}

void check(Pass& pass) {
  for (const auto& resource : pass.manifests().all()) {
    const Node pods = pod_metadata(*resource);
    const Node label = pods["labels"]["istio.io/rev"];
    if (label.is_null() || label.unresolved() || opts_out_of_injection(pods)) continue;
    if (!pass.context().has_add_on(resource->file()) || pass.manifests().may_be_patched(*resource)) continue;
    check_workload(pass, *resource, label);
  }
}

}  // namespace

extern constexpr Rule pod_revision_label = {
    .code = "MSH4008",
    .name = "pod-revision-label",
    .family = Family::ineffective,
    .severity = Severity::note,
    .summary = "A revision label on pods whose namespace has none",
    .why =
        "Istio injects a sidecar into single pods that carry the revision label. Microsoft documents the label of the "
        "namespace only, and its steps of an upgrade look at namespaces: pods with a label of their own stay with the "
        "old revision until they are found missing.",
    .fix = "label the namespace, and opt out the pods that are to have no sidecar",
    .page = "istio-deploy-addon",
    .check = check,
};

}  // namespace meshlint::rules
