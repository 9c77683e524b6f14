#include "rules/calendar.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "linter/words.h"
#include "rules/canary.h"
#include "rules/revision-label.h"

namespace meshlint::rules {
namespace {

// Whether a label in a file speaks for itself: the add-on runs there, and no cluster's list says which revisions do.
bool is_label_of_interest(const Pass& pass, const SourceFile& file) {
  const auto lists = [](const ClusterDefinition* cluster) {
    return std::ranges::any_of(cluster->revisions, [](const auto& revision) { return revision.has_value(); });
  };
  return pass.context().has_add_on(file) && std::ranges::none_of(pass.context().governing(file), lists);
}

// Labels that decide nothing are left out: those that a kustomization replaces, and those of pods whose namespace has
// one.
void add_label_uses(const Pass& pass, const Resource& resource, std::vector<RevisionUse>& uses) {
  const std::string& key = pass.policy().names().revision_label;
  const bool is_pod = resource.is("", "Pod");
  const auto add = [&](Node label, bool on_pods) {
    const auto revision = parse_revision(label.text());
    if (!revision || !is_label_of_interest(pass, resource.file())) return;
    if (on_pods && name_space_label(pass, resource) == NamespaceLabel::present) return;
    uses.push_back({nullptr, {Known::stated, std::string(label.text()), label}, revision});
  };
  if (pass.manifests().may_set_label(resource, key)) return;
  add(resource.labels[key], is_pod);
  if (!is_pod) add(pod_metadata(resource)["labels"][key], true);
}

// One use a revision, however many labels name it: the first in a file that is reported.
std::vector<RevisionUse> first_label_uses(const Pass& pass) {
  std::vector<RevisionUse> all;
  for (const auto& resource : pass.manifests().all()) add_label_uses(pass, *resource, all);
  std::ranges::stable_sort(all, {}, [](const RevisionUse& use) {
    return std::pair(use.name.node.file()->path(), use.name.node.span().start);
  });
  const auto reported = reported_files(pass);
  std::map<Minor, RevisionUse> first;
  std::map<Minor, std::size_t> labels;
  for (const RevisionUse& use : all) {
    ++labels[*use.revision];
    if (std::ranges::binary_search(reported, use.name.node.file())) first.emplace(*use.revision, use);
  }
  std::vector<RevisionUse> uses;
  for (auto& [revision, use] : first) {
    use.more_labels = labels[revision] - 1;
    uses.push_back(use);
  }
  return uses;
}

// Another revision of the same list, which the comparison finds newer or older: the other half of a canary upgrade.
template <class Compare>
std::optional<Minor> other_listed(const RevisionUse& use, Compare compare) {
  if (use.cluster == nullptr) return std::nullopt;
  for (const auto& listed : use.cluster->revisions) {
    const auto other = listed.has_value() ? parse_revision(listed.value) : std::nullopt;
    if (other && compare(*other, *use.revision)) return other;
  }
  return std::nullopt;
}

std::string unknown_targets(const Pass& pass, Minor revision, std::optional<Minor> kubernetes) {
  const std::string date = to_string(pass.policy().data_date());
  const auto supported = supported_revisions(pass, std::nullopt, Plan::unknown);
  const bool has_newer = !supported.empty() && supported.back() > revision;
  const std::string what =
      kubernetes && is_beyond_data(pass.policy(), *kubernetes)
          ? fmt::format("does not know which revisions run on Kubernetes {}", to_string(*kubernetes))
      : has_newer ? "knows no newer supported revision that one upgrade reaches"
                  : "knows no newer supported revision";
  return fmt::format("the policy data of {} {}: az aks mesh get-upgrades asks AKS", date, what);
}

}  // namespace

std::vector<const SourceFile*> reported_files(const Pass& pass) {
  std::vector<const SourceFile*> files;
  for (const InputFile& file : pass.manifests().files()) {
    if (file.reported) files.push_back(file.source.get());
  }
  std::ranges::sort(files);
  return files;
}

std::optional<Deadline> end_of_support(const KubernetesVersion& version, const Fact<std::string>& support_plan) {
  if (support_plan.known == Known::unresolved) return std::nullopt;
  return meshlint::end_of_support(version, plan_of(support_plan));
}

std::vector<Minor> supported_revisions(const Pass& pass, std::optional<Minor> kubernetes, Plan plan) {
  return meshlint::supported_revisions(pass.policy(), pass.context().as_of(), kubernetes, plan);
}

std::string list_choices(const Pass& pass, std::vector<Minor> revisions) {
  std::ranges::stable_partition(revisions, [&pass](Minor revision) {
    const MeshRevision* row = pass.policy().releases().find(revision);
    return row == nullptr || !has_ended(row->end_of_life, pass.context().as_of());
  });
  return list_revisions(revisions, "or");
}

std::vector<Minor> supported_kubernetes(const Pass& pass, Plan plan) {
  return meshlint::supported_kubernetes(pass.policy(), pass.context().as_of(), plan);
}

bool may_run_mesh(const ClusterDefinition& cluster) {
  return !cluster.mesh_mode.has_value() || cluster.mesh_mode.value == "Istio";
}

std::optional<Minor> kubernetes_minor(const Pass& pass, const ClusterDefinition& cluster) {
  const auto version = pass.context().kubernetes_version(cluster);
  const auto minor = version.has_value() ? parse_minor(version.value) : std::nullopt;
  return minor && lost_its_zero(*minor) ? std::nullopt : minor;
}

Diagnostic& report_cluster(Pass& pass, const ClusterDefinition& cluster, Node node, std::string message) {
  Diagnostic& diagnostic = pass.report(node.document() == nullptr ? cluster.place : node, std::move(message));
  diagnostic.object = describe(cluster);
  return diagnostic;
}

void soften_if_defaulted(Diagnostic& diagnostic, const std::vector<Premise>& premises) {
  std::vector<std::string> defaulted;
  for (const Premise& premise : premises) {
    if (premise.known == Known::defaulted) defaulted.push_back(fmt::format("the {}", premise.name));
  }
  if (defaulted.empty()) return;
  diagnostic.severity = lower(diagnostic.severity);
  diagnostic.notes.push_back(note(fmt::format("{} {}, which a deployment may override", list_words(defaulted),
                                              defaulted.size() == 1 ? "is a default" : "are defaults")));
}

std::vector<RevisionUse> revision_uses(const Pass& pass) {
  std::vector<RevisionUse> uses;
  for (const ClusterDefinition& cluster : pass.context().clusters()) {
    if (!may_run_mesh(cluster)) continue;
    for (const auto& revision : cluster.revisions) {
      if (revision.has_value()) uses.push_back({&cluster, revision, parse_revision(revision.value)});
    }
  }
  std::ranges::move(first_label_uses(pass), std::back_inserter(uses));
  return uses;
}

Diagnostic& report_use(Pass& pass, const RevisionUse& use, std::string message) {
  Diagnostic& diagnostic = use.cluster != nullptr
                               ? report_cluster(pass, *use.cluster, use.name.node, std::move(message))
                               : pass.report(use.name.node, std::move(message));
  const MeshRevision* row = use.revision ? pass.policy().releases().find(*use.revision) : nullptr;
  diagnostic.citation = row != nullptr ? row->citation : pass.policy().releases().citation;
  if (use.more_labels > 0) {
    diagnostic.notes.push_back(
        note(fmt::format("and {} more {} it", use.more_labels, use.more_labels == 1 ? "label names" : "labels name")));
  }
  return diagnostic;
}

std::optional<Minor> canary_of(const RevisionUse& use) {
  return other_listed(use, std::greater<>());
}

std::vector<Minor> upgrade_targets(const Pass& pass, Minor revision, std::optional<Minor> kubernetes, Plan plan) {
  return meshlint::upgrade_targets(pass.policy(), pass.context().as_of(), revision, kubernetes, plan);
}

Note aks_end_note(const Deadline& end, const Citation& citation) {
  return note(fmt::format("AKS's own calendar, read on {}, says '{}'", citation.date, end.text));
}

std::optional<Note> aks_end_note(const MeshRevision& row) {
  if (!row.aks_end_of_life) return std::nullopt;
  return aks_end_note(*row.aks_end_of_life, row.aks_citation);
}

std::optional<std::string> cluster_first_help(const Pass& pass, Minor revision, Minor kubernetes,
                                              const Fact<std::string>& plan) {
  const MeshRevision* row = pass.policy().releases().find(revision);
  const KubernetesVersion* version = pass.policy().kubernetes().find(kubernetes);
  const Date as_of = pass.context().as_of();
  if (row == nullptr || version == nullptr || !is_out_on_aks(*row, as_of)) return std::nullopt;
  const auto end = end_on_aks(*version, plan_of(plan));
  if (!end || !has_ended(end->deadline, as_of)) return std::nullopt;
  const bool foreseen = is_forecast(end->deadline, end->citation) || row->end_on_aks().expected ||
                        is_forecast(row->end_on_aks(), row->end_on_aks_citation());
  return fmt::format(
      "upgrade the cluster first: {}both {} and Kubernetes {} are out of support, and AKS starts no mesh upgrade "
      "before that",
      foreseen ? fmt::format("by the calendars of {} ", to_string(pass.policy().data_date())) : "",
      revision_name(revision), to_string(kubernetes));
}

std::string upgrade_help(const Pass& pass, const RevisionUse& use) {
  if (use.cluster != nullptr) {
    if (const auto help = steps_help(pass, *use.cluster)) return *help;
  }
  if (const auto canary = canary_of(use)) {
    return fmt::format("finish the canary upgrade to {} (az aks mesh upgrade complete), then remove {} from this list",
                       revision_name(*canary), revision_name(*use.revision));
  }
  std::optional<Minor> kubernetes;
  Fact<std::string> plan;
  if (use.cluster != nullptr) {
    kubernetes = kubernetes_minor(pass, *use.cluster);
    plan = pass.context().support_plan(*use.cluster);
  }
  if (kubernetes) {
    if (const auto help = cluster_first_help(pass, *use.revision, *kubernetes, plan)) return *help;
  }
  const auto targets = upgrade_targets(pass, *use.revision, kubernetes, plan_of(plan));
  if (targets.empty() && (!kubernetes || is_beyond_data(pass.policy(), *kubernetes) ||
                          upgrade_targets(pass, *use.revision, std::nullopt, plan_of(plan)).empty())) {
    return unknown_targets(pass, *use.revision, kubernetes);
  }
  if (targets.empty()) {
    return fmt::format("no newer revision that the calendar supports runs on Kubernetes {}: upgrade the cluster first",
                       to_string(*kubernetes));
  }
  const std::string fit = kubernetes ? fmt::format(", which {} on Kubernetes {}", targets.size() == 1 ? "runs" : "run",
                                                   to_string(*kubernetes))
                                     : "";
  const std::string_view label = use.cluster == nullptr ? ", then change this label" : "";
  const std::string_view first = other_listed(use, std::less<>()) ? "finish the canary upgrade, then " : "";
  return fmt::format("{}upgrade the mesh to {}{}{}", first, list_choices(pass, targets), fit, label);
}

}  // namespace meshlint::rules
