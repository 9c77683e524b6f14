#include <algorithm>

#include "linter/fix.h"
#include "linter/words.h"
#include "rules/calendar.h"
#include "rules/istio-fields.h"

namespace meshlint::rules {
namespace {

// The Kubernetes versions that a manifest goes to.
struct Versions {
  std::vector<Minor> versions;  // ascending; empty when one of them is not known
  bool defaulted = false;
  std::vector<Note> notes;  // where they stand
};

Versions versions_for(const Pass& pass, const SourceFile& file) {
  Versions result;
  const auto& options = pass.context().options();
  if (options.kubernetes_version) {
    if (const auto version = parse_minor(*options.kubernetes_version)) result.versions.push_back(*version);
    return result;
  }
  for (const ClusterDefinition* cluster : pass.context().governing(file)) {
    const auto& fact = cluster->kubernetes_version;
    const auto version = fact.has_value() ? parse_minor(fact.value) : std::nullopt;
    if (!version) return {};
    result.versions.push_back(*version);
    result.defaulted = result.defaulted || fact.known == Known::defaulted;
    if (result.notes.empty()) {
      result.notes.push_back(note_at(fact.node, fmt::format("the Kubernetes version of {}", describe(*cluster))));
    }
  }
  std::ranges::sort(result.versions);
  const auto repeated = std::ranges::unique(result.versions);
  result.versions.erase(repeated.begin(), repeated.end());
  return result;
}

std::string way_out(const KubernetesRemoval& row, Minor oldest) {
  if (row.replacement.empty()) return "remove it: nothing takes its place";
  if (row.replacement_in && oldest < *row.replacement_in) {
    return fmt::format("use {}, which Kubernetes {} and newer serve", row.replacement, to_string(*row.replacement_in));
  }
  return fmt::format("use {}; compare its fields, which may have other names", row.replacement);
}

void check_resource(Pass& pass, const Resource& resource) {
  const Node stated = resource.root["apiVersion"];
  if (!stated || resource.partial) return;
  const KubernetesRemoval* row = pass.policy().kubernetes_removals().find(stated.text(), resource.kind);
  if (row == nullptr || !is_judged(pass, resource)) return;
  const Versions versions = versions_for(pass, resource.file());
  if (versions.versions.empty()) return;
  const Minor oldest = versions.versions.front();
  const bool is_removed = row->removed_in && oldest >= *row->removed_in;
  const bool is_deprecated = row->deprecated_in && oldest >= *row->deprecated_in;
  if (!is_removed && !is_deprecated) return;
  const std::string later =
      row->removed_in ? fmt::format(", and removed in {}", to_string(*row->removed_in)) : std::string();
  Diagnostic& diagnostic = pass.report(
      stated, is_removed ? fmt::format("{} of {} was removed in Kubernetes {}, and {} {}: the API server refuses it",
                                       quoted(stated.text()), resource.kind, to_string(*row->removed_in),
                                       versions.versions.size() == 1 ? "the cluster runs" : "its clusters run",
                                       list_versions(versions.versions))
                         : fmt::format("{} of {} is deprecated since Kubernetes {}{}", quoted(stated.text()),
                                       resource.kind, to_string(*row->deprecated_in), later));
  if (!is_removed) diagnostic.severity = Severity::note;
  diagnostic.notes = versions.notes;
  diagnostic.help = way_out(*row, oldest);
  if (!row->replacement.empty() && (!row->replacement_in || oldest >= *row->replacement_in)) {
    // No table here tells whether the fields are the same.
    diagnostic.fix = fix_by(fmt::format("write {}", row->replacement), false, replace_value(stated, row->replacement));
  }
  diagnostic.citation = row->citation;
  const bool is_given = pass.context().options().kubernetes_version.has_value();
  const auto reason = pass.context().governance(resource.file()).reason;
  if (is_removed && !is_given && reason == GovernedBy::definition_below) {
    diagnostic.severity = lower(diagnostic.severity);  // a vendored copy or an example may go to no cluster at all
  }
  soften_if_defaulted(diagnostic, {{"Kubernetes version", versions.defaulted ? Known::defaulted : Known::stated}});
}

void check(Pass& pass) {
  for (const auto& resource : pass.manifests().all()) check_resource(pass, *resource);
}

}  // namespace

extern constexpr Rule kubernetes_api_removed = {
    .code = "MSH2013",
    .name = "kubernetes-api-removed",
    .family = Family::deprecation,
    .severity = Severity::error,
    .summary = "An API version that the cluster's Kubernetes version no longer serves",
    .why =
        "Kubernetes stops to serve old API versions of its kinds. After an upgrade the API server knows no such kind "
        "in that version: kubectl, Helm and GitOps controllers fail to apply the manifest.",
    .fix = "use the API version that replaces it",
    .page = "kubernetes-deprecation-guide",
    .check = check,
};

}  // namespace meshlint::rules
