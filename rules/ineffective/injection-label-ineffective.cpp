#include <algorithm>
#include <set>

#include "linter/fix.h"
#include "linter/rule.h"
#include "linter/words.h"

namespace meshlint::rules {
namespace {

using Clusters = std::vector<const ClusterDefinition*>;

// The clusters where Application Gateway for Containers, whose own injection goes by this label, is used as well.
std::set<Clusters> clusters_with_gateway_for_containers(const Pass& pass) {
  std::set<Clusters> result;
  for (const auto& resource : pass.manifests().all()) {
    const bool is_used = resource->group == "alb.networking.azure.io" ||
                         resource->root["spec"]["gatewayClassName"].text() == "azure-alb-external";
    if (is_used) result.insert(pass.context().governing(resource->file()));
  }
  return result;
}

std::string_view value_words(Node label) {
  return label.text().empty() ? "\"\"" : label.text();
}

bool is_installed(const Candidates& candidates, std::string_view label) {
  const bool is_known =
      candidates.source == Candidates::Source::cluster || candidates.source == Candidates::Source::flag;
  const auto revision = parse_revision(label);
  return is_known && revision && std::ranges::find(candidates.revisions, *revision) != candidates.revisions.end();
}

// The label of a revision in the place of this one: it starts to inject sidecars.
std::optional<Fix> replace_label(Node label, std::string_view revision) {
  auto key = replace_key(label, "istio.io/rev");
  auto value = replace_value(label, revision);
  if (!key || !value) return std::nullopt;
  return Fix{
      fmt::format("replace the label by istio.io/rev: {}", revision), false, {*std::move(key), *std::move(value)}};
}

void check_namespace(Pass& pass, const Resource& name_space, bool has_other_injection) {
  const Node label = name_space.labels["istio-injection"];
  if (label.is_null() || label.unresolved() || label.text() == "disabled") return;
  const Node revision = name_space.labels["istio.io/rev"];
  const Candidates candidates = pass.context().candidates(name_space);
  const std::string stated = quoted(fmt::format("istio-injection: {}", value_words(label)));
  Diagnostic& diagnostic = pass.report(
      label, revision ? fmt::format("label {} switches sidecar injection off, in spite of 'istio.io/rev: {}'", stated,
                                    revision.text())
                      : fmt::format("label {} does not inject sidecars on the Istio add-on", stated));
  diagnostic.place.span = label.entry_span();
  diagnostic.citation = pass.policy().names().injection;
  if (has_other_injection) {
    diagnostic.notes.push_back(
        note("Application Gateway for Containers goes by this label for its own injection: the two cannot share a "
             "namespace"));
  }
  if (revision) {
    diagnostic.notes.push_back(note_at(revision, "this label counts only where istio-injection is absent"));
    diagnostic.help = is_installed(candidates, revision.text())
                          ? "remove the label istio-injection (this starts to inject sidecars)"
                          : "remove the label istio-injection";
    if (has_other_injection) {
      diagnostic.help += ", or remove istio.io/rev where the namespace belongs to Application Gateway for Containers";
      return;
    }
    diagnostic.fix = fix_by("remove the label istio-injection", false, remove_entry(label));
    return;
  }
  diagnostic.notes.push_back(
      note("no revision of the add-on serves this label: pods in this namespace start without a sidecar"));
  const bool is_set_elsewhere = pass.manifests().may_set_label(name_space, "istio.io/rev");
  diagnostic.help = is_set_elsewhere ? "remove the label istio-injection: its kustomization sets istio.io/rev"
                    : candidates.revisions.empty()
                        ? "use the label istio.io/rev: asm-X-Y instead, with the revision that the cluster runs (this "
                          "starts to inject sidecars)"
                        : fmt::format("use the label istio.io/rev: {} instead (this starts to inject sidecars)",
                                      list_revisions(candidates.revisions, "or"));
  if (has_other_injection) {
    diagnostic.severity = lower(diagnostic.severity);  // it may be there for that
    diagnostic.help += ", or leave it where the namespace belongs to Application Gateway for Containers";
    return;
  }
  if (label.text().empty()) {
    diagnostic.help += ", or write istio-injection: disabled where the pods are to have none";
    return;
  }
  if (is_set_elsewhere || candidates.revisions.size() != 1) return;
  diagnostic.fix = replace_label(label, revision_name(candidates.revisions.front()));
}

// A kustomization that puts the label on the namespaces it includes.
void check_setting(Pass& pass, const LabelSetting& setting) {
  const Node label = setting.label;
  if (label.key().text() != "istio-injection" || label.is_null() || label.unresolved() || label.text() == "disabled") {
    return;
  }
  if (!pass.context().has_add_on(*label.file())) return;
  const auto resources = pass.manifests().in_files(setting.files);
  const auto found =
      std::ranges::find_if(resources, [](const Resource* resource) { return resource->is("", "Namespace"); });
  if (found == resources.end()) return;
  Diagnostic& diagnostic = pass.report(
      label, fmt::format("label {} does not inject sidecars on the Istio add-on, and this kustomization puts it on {}",
                         quoted(fmt::format("istio-injection: {}", value_words(label))), describe(**found)));
  diagnostic.place.span = label.entry_span();
  diagnostic.citation = pass.policy().names().injection;
  diagnostic.notes.push_back(note_at((*found)->name, "pods in this namespace start without a sidecar"));
  const Candidates candidates = pass.context().candidates(*label.file());
  if (candidates.revisions.size() != 1) return;
  diagnostic.help = fmt::format("use the label istio.io/rev: {} instead (this starts to inject sidecars)",
                                revision_name(candidates.revisions.front()));
  diagnostic.fix = replace_label(label, revision_name(candidates.revisions.front()));
}

void check(Pass& pass) {
  const auto others = clusters_with_gateway_for_containers(pass);
  for (const Resource* name_space : pass.manifests().of("", "Namespace")) {
    if (pass.manifests().may_be_patched(*name_space)) continue;
    if (pass.manifests().may_set_label(*name_space, "istio-injection")) continue;
    if (!pass.context().has_add_on(name_space->file())) continue;
    check_namespace(pass, *name_space, others.contains(pass.context().governing(name_space->file())));
  }
  for (const LabelSetting& setting : pass.manifests().label_settings()) check_setting(pass, setting);
}

}  // namespace

extern constexpr Rule injection_label_ineffective = {
    .code = "MSH4001",
    .name = "injection-label-ineffective",
    .family = Family::ineffective,
    .severity = Severity::error,
    .summary = "A namespace labelled istio-injection, which the add-on does not serve",
    .why =
        "The add-on injects sidecars by revision only. The label istio-injection makes it skip the namespace, even "
        "where istio.io/rev stands beside it, so pods run outside the mesh without any error. (The Application "
        "Gateway for Containers extension wants this label for its own injection; the two cannot share a "
        "namespace.)",
    .fix = "use the label istio.io/rev: asm-X-Y instead",
    .page = "istio-deploy-addon",
    .check = check,
};

}  // namespace meshlint::rules
