#include "rules/charts.h"

#include <algorithm>
#include <array>

#include "linter/terraform.h"

namespace meshlint::rules {
namespace {

std::string_view last_part(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

// Whether a folder of a path says that what it holds was copied from elsewhere.
bool is_in_copy(std::string_view path) {
  constexpr std::array<std::string_view, 5> names = {"vendor", "vendored", "third_party", "third-party", "vendir"};
  for (std::string_view folder = folder_of(path); !folder.empty(); folder = folder_of(folder)) {
    if (std::ranges::find(names, last_part(folder)) != names.end()) return true;
  }
  return false;
}

}  // namespace

Charts::Charts(const Pass& pass) : pass_(&pass) {
  for (const InputFile& file : pass.manifests().files()) {
    const std::string_view path = file.source->path();
    if (last_part(path) == "Chart.yaml") folders_.emplace(folder_of(path));
  }
  for (const InputFile& file : pass.manifests().files()) add_references(file);
  for (const auto& resource : pass.manifests().all()) add_references(*resource);
}

// A path in the file of a folder; of one that holds an expression only the last part counts.
void Charts::add_path(std::string_view folder, Node path) {
  const auto text = path.text();
  if (text.empty()) return;
  const auto resolved = path.unresolved() ? std::nullopt : resolve_path(folder, text);
  if (resolved) {
    referenced_.insert(*resolved);
  } else if (text.find('/') != std::string_view::npos) {
    names_.emplace(last_part(text));
  }
}

void Charts::add_references(const InputFile& file) {
  const std::string_view path = file.source->path();
  const auto folder = folder_of(path);
  for (const auto& document : file.parsed.documents) {
    const Node root = document->root();
    if (is_kustomization_file(path)) {
      const Node home = root["helmGlobals"]["chartHome"];
      const std::string charts(home ? home.text() : "charts");
      for (const Node chart : root["helmCharts"].items()) {
        const auto resolved = resolve_path(folder, fmt::format("{}/{}", charts, chart["name"].text()));
        if (resolved && !chart["repo"]) referenced_.insert(*resolved);
      }
    } else if (last_part(path) == "Chart.yaml") {
      constexpr std::string_view local = "file://";
      for (const Node dependency : root["dependencies"].items()) {
        const auto address = dependency["repository"].text();
        const auto resolved = address.starts_with(local) ? resolve_path(folder, address.substr(local.size()))
                                                         : std::optional<std::string>();
        if (resolved) referenced_.insert(*resolved);
      }
    } else if (is_terraform_file(path)) {
      for (const Node release : helm_releases_in_terraform(root)) add_path(folder, release["chart"]);
    }
  }
}

void Charts::add_references(const Resource& resource) {
  const Node spec = resource.root["spec"];
  const Node release = spec["chart"]["spec"];
  const bool is_local =
      resource.is("helm.toolkit.fluxcd.io", "HelmRelease") && release["sourceRef"]["kind"].text() != "HelmRepository";
  if (is_local) add_path("", release["chart"]);
  const bool is_set = resource.is("argoproj.io", "ApplicationSet");
  if (!is_set && !resource.is("argoproj.io", "Application")) return;
  const Node application = is_set ? spec["template"]["spec"] : spec;
  add_path("", application["source"]["path"]);
  for (const Node source : application["sources"].items()) add_path("", source["path"]);
}

// Whether a kustomization, Flux or Argo CD takes the file as it is.
bool Charts::is_included(const SourceFile& file) const {
  const auto includes = [&file](const std::string& path) {
    return path == file.path() || (!path.empty() && is_inside(folder_of(file.path()), path));
  };
  const GovernedBy reason = pass_->context().governance(file).reason;
  const bool is_applied = reason == GovernedBy::link || reason == GovernedBy::applied_from;
  return is_applied ||
         std::ranges::any_of(pass_->manifests().inclusions(),
                             [&](const Inclusion& inclusion) { return includes(inclusion.path); }) ||
         std::ranges::any_of(referenced_, includes);
}

// The chart that holds all others around a folder; empty for none. Nobody puts Chart.yaml into the root of a
// repository with more than one chart.
std::string Charts::outermost_chart(std::string_view folder) const {
  std::string result;
  for (; !folder.empty(); folder = folder_of(folder)) {
    if (folders_.contains(folder)) result = folder;
  }
  return result;
}

ChartUse Charts::use_of(const SourceFile& file) const {
  const std::string chart = outermost_chart(folder_of(file.path()));
  const bool is_copy = is_in_copy(file.path());
  if (chart.empty() && !is_copy) return ChartUse::no_chart;
  if (is_included(file) || (!chart.empty() && names_.contains(last_part(chart)))) return ChartUse::installed;
  return is_copy ? ChartUse::vendored : ChartUse::open;
}

void soften_if_open(const Charts& charts, Diagnostic& diagnostic) {
  if (charts.use_of(*diagnostic.place.file) != ChartUse::open) return;
  diagnostic.severity = Severity::note;
  diagnostic.notes.push_back(note("nothing in the repository installs this chart"));
}

}  // namespace meshlint::rules
