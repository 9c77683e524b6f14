#include <algorithm>
#include <set>

#include "linter/fix.h"
#include "linter/words.h"
#include "rules/cluster-facts.h"
#include "rules/revision-label.h"

namespace meshlint::rules {
namespace {

std::string consequence(const Resource& resource, bool on_pods) {
  if (resource.is("", "Namespace")) return "new pods in this namespace start without a sidecar";
  if (on_pods) return "these pods start without a sidecar";
  if (resource.group == "gateway.networking.k8s.io") return "no control plane serves this Gateway";
  return fmt::format("no control plane validates or uses this {}", resource.kind);
}

// Whether the label on the object itself (not on the pods it makes) means anything.
bool goes_by_revision(const Resource& resource) {
  if (resource.is("gateway.networking.k8s.io", "Gateway")) {
    const Node gateway_class = resource.root["spec"]["gatewayClassName"];
    return gateway_class.is_null() || gateway_class.text() == "istio";
  }
  return resource.is("", "Namespace") || resource.is("", "Pod") || resource.group.ends_with(".istio.io");
}

// Injection is documented; what becomes of a resource that no control plane serves, only troubleshooting articles say.
Citation citation_for(const Pass& pass, const Resource& resource, bool on_pods) {
  if (on_pods || resource.is("", "Namespace")) return pass.policy().names().injection;
  if (resource.group == "gateway.networking.k8s.io") return pass.policy().source("istio-add-on-gateway-api");
  return pass.policy().names().labelled;
}

// "neither cluster a nor cluster b runs it", as far as they have names of their own, and are few.
std::string cluster_words(const std::vector<const ClusterDefinition*>& clusters) {
  constexpr std::size_t most = 3;
  std::set<std::string> names;
  for (const auto* cluster : clusters) {
    if (cluster->name.has_value()) names.insert(describe(*cluster));
  }
  if (names.size() < 2 || names.size() < clusters.size() || names.size() > most) return "no cluster here runs it";
  return fmt::format("neither {} runs it", list_words({names.begin(), names.end()}, "nor"));
}

std::optional<Fix> label_with_the_only_revision(Node label, const Candidates& candidates) {
  if (candidates.revisions.size() != 1 || candidates.defaulted) return std::nullopt;
  const auto revision = revision_name(candidates.revisions.front());
  return fix_by("label it with " + revision, false, replace_value(label, revision));
}

// Whether an Argo CD application may change what it applies.
bool is_changed_by_argo(const Pass& pass) {
  return std::ranges::any_of(pass.manifests().of("argoproj.io", "Application"), [](const Resource* application) {
    const Node spec = application->root["spec"];
    const auto sources = spec["sources"].items();
    const auto changes = [](Node source) { return !source["kustomize"].is_null() || !source["plugin"].is_null(); };
    return changes(spec["source"]) || std::ranges::any_of(sources, changes);
  });
}

// The clusters that get a file for sure, each by its own way, and do not run a revision; none where that is not known.
std::vector<const ClusterDefinition*> clusters_without(const Pass& pass, const SourceFile& file, Minor revision) {
  const Governance& governance = pass.context().governance(file);
  if (governance.reason != GovernedBy::link && governance.reason != GovernedBy::applied_from) return {};
  if (is_changed_by_argo(pass)) return {};
  std::set<std::string_view> folders;
  std::vector<const ClusterDefinition*> result;
  for (const auto* cluster : governance.clusters) {
    // Of clusters that are defined in one folder it is not known which one gets what is applied from there.
    if (!folders.insert(folder_of(home_of(*cluster).path())).second) return {};
    const bool is_stated =
        std::ranges::all_of(cluster->revisions, [](const auto& listed) { return listed.known == Known::stated; });
    if (!turns_mesh_on(*cluster) || cluster->revisions_known != Known::stated || !is_stated) return {};
    const auto is_it = [revision](const auto& listed) { return parse_revision(listed.value) == revision; };
    if (!cluster->name.has_value()) return {};
    if (std::ranges::none_of(cluster->revisions, is_it)) result.push_back(cluster);
  }
  return result;
}

// A label that is right on some of the clusters that get the object.
void check_some(Pass& pass, const Resource& resource, Node label, bool on_pods) {
  const auto clusters = clusters_without(pass, resource.file(), *parse_revision(label.text()));
  if (clusters.empty() || (on_pods && name_space_label(pass, resource) != NamespaceLabel::absent)) return;
  std::vector<std::string> names;
  for (const auto* cluster : clusters) names.push_back(describe(*cluster));
  Diagnostic& diagnostic =
      pass.report(label, fmt::format("revision {} is not installed on {}, which gets this file too: there {}",
                                     quoted(label.text()), list_words(names), consequence(resource, on_pods)));
  diagnostic.citation = citation_for(pass, resource, on_pods);
  for (const auto* cluster : clusters) {
    diagnostic.notes.push_back(
        note_at(cluster->revisions.front().node, fmt::format("the revisions of {}", describe(*cluster))));
  }
  diagnostic.help = "set the label for each cluster, such as by a patch in the cluster's own overlay";
}

void check_label(Pass& pass, const Resource& resource, Node label, bool on_pods) {
  const auto revision = parse_revision(label.text());
  const Candidates candidates = pass.context().candidates(resource);
  const bool is_known =
      candidates.source == Candidates::Source::cluster || candidates.source == Candidates::Source::flag;
  if (!revision || !is_known || !candidates.complete) return;
  if (contains(candidates.revisions, *revision)) {
    if (candidates.source == Candidates::Source::cluster) check_some(pass, resource, label, on_pods);
    return;
  }
  const auto own_name_space = on_pods ? name_space_label(pass, resource) : NamespaceLabel::absent;
  if (own_name_space == NamespaceLabel::present) return;

  const std::string installed = list_revisions(candidates.revisions);
  const auto& clusters = pass.context().governing(resource.file());
  const std::string_view by_default = candidates.defaulted ? " by default" : "";
  const bool by_flag = candidates.source == Candidates::Source::flag;
  const std::string where = by_flag ? fmt::format("the mesh runs {}", installed)
                            : clusters.size() == 1
                                ? fmt::format("{} runs {}{}", describe(*clusters[0]), installed, by_default)
                                : fmt::format("{}, only {}", cluster_words(clusters), installed);
  Diagnostic& diagnostic = pass.report(label, fmt::format("revision {} is not installed ({}): {}", quoted(label.text()),
                                                          where, consequence(resource, on_pods)));
  diagnostic.citation = citation_for(pass, resource, on_pods);
  diagnostic.help = fmt::format("label it istio.io/rev: {}", list_revisions(candidates.revisions, "or"));
  diagnostic.fix = label_with_the_only_revision(label, candidates);
  if (own_name_space == NamespaceLabel::unknown) {
    diagnostic.severity = lower(diagnostic.severity);
    diagnostic.notes.push_back(note("a revision label on their namespace, which is not among the files, would win"));
  }
  if (candidates.defaulted) {
    diagnostic.severity = lower(diagnostic.severity);
    diagnostic.notes.push_back(
        note("a revision of the cluster is a parameter's default, which a deployment may override"));
  }
  if (by_flag) return;
  for (const auto* cluster : clusters) {
    if (!cluster->revisions.empty()) {
      diagnostic.notes.push_back(
          note_at(cluster->revisions[0].node, fmt::format("the revisions of {}", describe(*cluster))));
    }
  }
}

// The first of the objects that a label on them decides about; null when it decides nothing.
const Resource* first_that_goes_by_revision(const std::vector<const Resource*>& resources) {
  const auto found = std::ranges::find_if(resources, [](const auto* resource) { return goes_by_revision(*resource); });
  return found == resources.end() ? nullptr : *found;
}

// A kustomization that puts the label on what it includes; what it is built for decides, not where its bases stand.
void check_setting(Pass& pass, const LabelSetting& setting) {
  const Node label = setting.label;
  if (label.key().text() != "istio.io/rev" || !pass.context().has_add_on(*label.file())) return;
  const auto revision = parse_revision(label.text());
  const Candidates candidates = pass.context().candidates(*label.file());
  const bool is_known =
      candidates.source == Candidates::Source::cluster || candidates.source == Candidates::Source::flag;
  if (!revision || !is_known || !candidates.complete || contains(candidates.revisions, *revision)) return;
  const Resource* resource = first_that_goes_by_revision(pass.manifests().in_files(setting.files));
  if (resource == nullptr) return;
  Diagnostic& diagnostic = pass.report(
      label, fmt::format("revision {} is not installed (the mesh runs {}), and this kustomization puts it on {}",
                         quoted(label.text()), list_revisions(candidates.revisions), describe(*resource)));
  diagnostic.citation = citation_for(pass, *resource, false);
  diagnostic.notes.push_back(note_at(resource->name, consequence(*resource, false)));
  diagnostic.help = fmt::format("label it istio.io/rev: {}", list_revisions(candidates.revisions, "or"));
  diagnostic.fix = label_with_the_only_revision(label, candidates);
  if (candidates.defaulted) diagnostic.severity = lower(diagnostic.severity);
}

void check(Pass& pass) {
  for (const auto& resource : pass.manifests().all()) {
    if (!pass.context().has_add_on(resource->file()) || pass.manifests().may_be_patched(*resource)) continue;
    if (pass.manifests().may_set_label(*resource, "istio.io/rev")) continue;
    const Node pods = pod_metadata(*resource);
    if (opts_out_of_injection(pods)) continue;
    if (goes_by_revision(*resource)) {
      check_label(pass, *resource, resource->labels["istio.io/rev"], resource->is("", "Pod"));
    }
    if (!resource->is("", "Pod")) check_label(pass, *resource, pods["labels"]["istio.io/rev"], true);
  }
  for (const LabelSetting& setting : pass.manifests().label_settings()) check_setting(pass, setting);
}

}  // namespace

extern constexpr Rule revision_label_not_installed = {
    .code = "MSH4002",
    .name = "revision-label-not-installed",
    .family = Family::ineffective,
    .severity = Severity::error,
    .summary = "A revision label that names a revision the cluster does not run",
    .why =
        "Injection and configuration go by revision. A namespace, workload or Istio resource labelled with a "
        "revision that is not installed drops out of the mesh: no sidecar is injected, and no control plane "
        "validates or uses the resource. This is how workloads get lost at the end of a canary upgrade.",
    .fix = "label it with a revision that the cluster runs",
    .page = "istio-deploy-addon",
    .check = check,
};

}  // namespace meshlint::rules
