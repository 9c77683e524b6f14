#include "linter/upgrade.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <tuple>

#include "linter/cluster_names.h"
#include "linter/error.h"
#include "linter/sanitize.h"
#include "linter/words.h"

namespace meshlint {
namespace {

std::string list_names(const std::set<std::string>& names) {
  return list_words({names.begin(), names.end()});
}

// Every definition of the one cluster that is meant; empty when the files define none.
Clusters select_cluster(const Repository& repository, const std::string& name) {
  if (!name.empty()) return clusters_named(repository, name);
  Clusters clusters = clusters_asked_for(repository);
  if (std::ranges::any_of(clusters, [](const auto* one) { return has_mesh(*one); })) {
    std::erase_if(clusters, [](const auto* one) { return !has_mesh(*one); });
  }
  std::set<std::string> names;
  for (const auto* cluster : clusters) names.insert(name_of(*cluster));
  if (names.size() < 2) return clusters;
  throw UsageError(fmt::format("the files define {} clusters, {}: say which one to plan for with --cluster NAME",
                               names.size(), list_names(names)));
}

// What is said where a fact is missing, and the option that gives it.
[[noreturn]] void ask_for(std::string_view fact, std::string_view option, const Clusters& clusters, Known known,
                          Node place) {
  if (clusters.empty()) {
    throw UsageError(
        "no cluster definition was found in the files: say what the cluster runs with --revision asm-X-Y "
        "and --kubernetes-version V");
  }
  const std::string name = clusters[0]->name.has_value() ? "cluster " + name_of(*clusters[0]) : name_of(*clusters[0]);
  if (known == Known::unresolved) {
    throw UsageError(
        fmt::format("the {} of {} is not known, because {} holds an expression or depends on a condition: "
                    "give it with {}",
                    fact, name, place_of(place), option));
  }
  throw UsageError(fmt::format("{} does not say its {}: give it with {}", name, fact, option));
}

// The one value of a fact over all definitions of the cluster; nothing when none states it.
const Fact<std::string>* agreed(const Clusters& clusters, Fact<std::string> ClusterDefinition::*member,
                                std::string_view what, std::string_view option,
                                const std::function<std::string(const std::string&)>& meaning) {
  const Fact<std::string>* found = nullptr;
  for (const auto* cluster : clusters) {
    const Fact<std::string>& fact = cluster->*member;
    if (!fact.has_value()) continue;
    if (found != nullptr && meaning(found->value) != meaning(fact.value)) {
      throw UsageError(
          fmt::format("the definitions of cluster {} do not agree on its {}: {} at {}, {} at {}: give the "
                      "one that runs with {}",
                      name_of(*cluster), what, quoted(sanitize(found->value)), place_of(found->node),
                      quoted(sanitize(fact.value)), place_of(fact.node), option));
    }
    if (found == nullptr || found->known == Known::defaulted) found = &fact;
  }
  return found;
}

void note_default(const Fact<std::string>& fact, std::string_view what, UpgradeOutline& outline) {
  if (fact.known != Known::defaulted) return;
  outline.notes.push_back(
      fmt::format("The {} is the default at {}, which a deployment may override", what, place_of(fact.node)));
}

std::string minor_text(const std::string& version) {
  const auto minor = parse_minor(version);
  return minor ? to_string(*minor) : version;
}

Minor find_kubernetes(const Clusters& clusters, const Options& options, UpgradeOutline& outline) {
  constexpr std::string_view what = "Kubernetes version";
  constexpr std::string_view option = "--kubernetes-version";
  if (options.kubernetes_version) return *parse_minor(*options.kubernetes_version);
  const auto* fact = agreed(clusters, &ClusterDefinition::kubernetes_version, what, option, minor_text);
  if (fact == nullptr) {
    const auto* first = clusters.empty() ? nullptr : clusters[0];
    ask_for(what, option, clusters, first ? first->kubernetes_version.known : Known::unstated,
            first ? first->kubernetes_version.node : Node());
  }
  const auto version = parse_minor(fact->value);
  if (!version) {
    throw UsageError(fmt::format("the Kubernetes version {} at {} is none that meshlint can read: give it with {}",
                                 quoted(sanitize(fact->value)), place_of(fact->node), option));
  }
  note_default(*fact, what, outline);
  return *version;
}

std::vector<Minor> revisions_of(const ClusterDefinition& cluster, const Clusters& clusters) {
  std::vector<Minor> revisions;
  if (cluster.revisions_known == Known::unresolved) {
    ask_for("mesh revision", "--revision", clusters, Known::unresolved, cluster.revisions_node);
  }
  for (const auto& fact : cluster.revisions) {
    if (!fact.has_value()) ask_for("mesh revision", "--revision", clusters, Known::unresolved, fact.node);
    const auto revision = parse_revision(fact.value);
    if (!revision) {
      throw UsageError(fmt::format("the mesh revision {} at {} is no name such as asm-1-29: give it with --revision",
                                   quoted(sanitize(fact.value)), place_of(fact.node)));
    }
    if (!contains(revisions, *revision)) revisions.push_back(*revision);
  }
  std::ranges::sort(revisions);
  return revisions;
}

std::vector<Minor> find_revisions(const Policy& policy, const Clusters& clusters, const Options& options,
                                  UpgradeOutline& outline) {
  const auto most = static_cast<std::size_t>(policy.revision_rules().installed_at_most);
  if (options.revisions.size() > most) {
    throw UsageError(fmt::format("--revision gives {} revisions, {}, and a mesh runs {} at most",
                                 options.revisions.size(), list_revisions(options.revisions), most));
  }
  if (!options.revisions.empty()) return options.revisions;
  std::vector<Minor> found;
  for (const auto* cluster : clusters) {
    const auto revisions = revisions_of(*cluster, clusters);
    if (!found.empty() && !revisions.empty() && found != revisions) {
      throw UsageError(
          fmt::format("the definitions of cluster {} do not agree on its mesh revisions: {} or {}: give the "
                      "one that runs with --revision",
                      name_of(*cluster), list_revisions(found), list_revisions(revisions)));
    }
    if (found.empty()) {
      for (const auto& fact : cluster->revisions) note_default(fact, "mesh revision", outline);
      found = revisions;
    }
  }
  if (found.empty()) ask_for("mesh revision", "--revision", clusters, Known::unstated, Node());
  if (found.size() > most) {
    throw UsageError(
        fmt::format("cluster {} lists {} revisions, {}, and a mesh runs {} at most: give the one that runs "
                    "with --revision",
                    name_of(*clusters[0]), found.size(), list_revisions(found), most));
  }
  return found;
}

Plan find_plan(const Clusters& clusters, const Options& options, UpgradeOutline& outline) {
  if (options.support_plan) return plan_of({Known::stated, *options.support_plan, Node()});
  const auto* fact = agreed(clusters, &ClusterDefinition::support_plan, "support plan", "--support-plan",
                            [](const std::string& text) { return text; });
  if (fact != nullptr) {
    note_default(*fact, "support plan", outline);
    return plan_of(*fact);
  }
  for (const auto* cluster : clusters) {
    if (cluster->support_plan.known != Known::unresolved) continue;
    ask_for("support plan", "--support-plan", clusters, Known::unresolved, cluster->support_plan.node);
  }
  outline.notes.emplace_back(
      "The support plan is not stated, and taken as KubernetesOfficial, as AKS does (--support-plan says otherwise)");
  return Plan::standard;
}

// Whether a file may go to the cluster; without definitions all files do.
bool is_governed(const Repository& repository, const Clusters& clusters, const SourceFile& file) {
  const auto& governing = repository.context.governing(file);
  return clusters.empty() || std::ranges::any_of(governing, [&](const auto* one) {
           return std::ranges::find(clusters, one) != clusters.end();
         });
}

// A place where a governed file names a revision.
struct Mention {
  enum class Kind : std::uint8_t { label, config_map, name };
  Kind kind = Kind::name;
  Place place;  // of asm-X-Y alone, or for a ConfigMap of its name
  Minor revision;
  std::string key;     // "istio.io/rev: "; empty for items
  std::string object;  // may be empty
  bool is_shared = false;
  bool is_new = false;
};

// The text asm-X-Y at the beginning of a text; empty for none.
std::string_view revision_at(std::string_view text) {
  std::size_t end = 4;
  const auto skip_digits = [&] {
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  };
  if (!text.starts_with("asm-")) return {};
  skip_digits();
  if (end >= text.size() || text[end] != '-') return {};
  ++end;
  skip_digits();
  const auto token = text.substr(0, end);
  return parse_revision(token) ? token : std::string_view();
}

// Finds what names a revision in the files of a cluster.
class Mentions {
 public:
  Mentions(const Repository& repository, Clusters clusters) : repository_(&repository), clusters_(std::move(clusters)) {
    for (const auto& cluster : repository.clusters) {
      for (const auto& fact : cluster.revisions) definitions_.insert(key_of(fact.node));
    }
    for (const InputFile& file : repository.files) {
      if (is_governed(repository, clusters_, *file.source)) read(file);
    }
    std::ranges::stable_sort(found_, {}, [](const Mention& one) {
      return std::pair<std::string_view, std::uint32_t>(one.place.file->path(), one.place.span.start);
    });
  }

  std::vector<Mention> take() { return std::move(found_); }

 private:
  using Key = std::pair<const Document*, std::uint32_t>;

  static Key key_of(Node node) { return {node.document(), node.index()}; }

  bool is_shared(const SourceFile& file) const {
    const auto& governing = repository_->context.governing(file);
    return !clusters_.empty() && std::ranges::any_of(governing, [&](const auto* one) {
      return std::ranges::find(clusters_, one) == clusters_.end();
    });
  }

  void read(const InputFile& file) {
    if (file.source->text().find("asm-") == std::string_view::npos) return;
    for (const auto& document : file.parsed.documents) {
      std::set<std::uint32_t> keys;
      for (const NodeData& data : document->nodes()) keys.insert(data.key);
      for (std::uint32_t index = 0; index < document->nodes().size(); ++index) {
        const NodeData& data = document->nodes()[index];
        if (data.kind == NodeKind::scalar && !keys.contains(index)) read(*file.source, Node(*document, index));
      }
    }
  }

  // Whether a text is the path of a file: its name may say anything.
  bool is_path(const SourceFile& file, std::string_view text) const {
    const auto path = resolve_path(folder_of(file.path()), text);
    return path && std::ranges::any_of(repository_->files,
                                       [&](const InputFile& other) { return other.source->path() == *path; });
  }

  void read(const SourceFile& file, Node node) {
    const Span span = node.span();
    const auto text = file.text().substr(span.start, span.end - span.start);
    if (text.find("asm-") == std::string_view::npos || definitions_.contains(key_of(node))) return;
    const std::string& prefix = repository_->context.policy().names().shared_config_map_prefix;
    const Resource* resource = repository_->manifests.resource_of(node);
    const bool is_in_config_map =
        resource != nullptr && resource->is("", "ConfigMap") && resource->name.text().starts_with(prefix);
    Mention mention;
    mention.is_shared = is_shared(file);
    if (resource != nullptr) mention.object = describe(*resource);
    if (node.key()) mention.key = std::string(node.key().text());
    const auto value = node.text();
    if (value.starts_with(prefix) && parse_revision(value.substr(prefix.size()))) {
      mention.kind = Mention::Kind::config_map;
      mention.place = {&file, span};
      mention.revision = *parse_revision(value.substr(prefix.size()));
      found_.push_back(std::move(mention));
      return;
    }
    if (is_in_config_map || is_path(file, value)) return;
    const bool is_named_after = resource != nullptr && resource->name.text().find("asm-") != std::string_view::npos;
    for (auto at = text.find("asm-"); at != std::string_view::npos; at = text.find("asm-", at + 4)) {
      const auto token = revision_at(text.substr(at));
      if (token.empty()) continue;
      const bool is_whole = token == value;
      const bool is_assigned = at > 0 && text[at - 1] == '=';
      mention.kind = (is_whole || is_assigned) && !is_named_after ? Mention::Kind::label : Mention::Kind::name;
      const auto start = static_cast<std::uint32_t>(span.start + at);
      mention.place = {&file, {start, static_cast<std::uint32_t>(start + token.size())}};
      mention.revision = *parse_revision(token);
      found_.push_back(mention);
    }
  }

  const Repository* repository_;
  Clusters clusters_;
  std::set<Key> definitions_;
  std::vector<Mention> found_;
};

// Follows a plan through the files: what each step changes, by what earlier steps have changed.
class FileChanges {
 public:
  FileChanges(const Repository& repository, const Clusters& clusters)
      : repository_(&repository),
        prefix_(repository.context.policy().names().shared_config_map_prefix),
        mentions_(Mentions(repository, clusters).take()) {
    for (const auto* cluster : clusters) add_definition(*cluster);
  }

  std::vector<FileChange> at(const UpgradeStep& step) {
    changes_.clear();
    switch (step.kind) {
      case StepKind::start_canary: start(step); break;
      case StepKind::move_workloads: move(step); break;
      case StepKind::complete_canary:
      case StepKind::roll_back: end(step); break;
      case StepKind::upgrade_cluster: upgrade_cluster(step); break;
    }
    return std::move(changes_);
  }

 private:
  struct Listed {
    Place place;
    Minor revision;
    bool is_new = false;
  };

  struct Version {
    Place place;
    std::string text;
  };

  static Place place_of(Node node) { return {node.file(), node.span()}; }

  void add_definition(const ClusterDefinition& cluster) {
    std::vector<Listed> list;
    for (const auto& fact : cluster.revisions) {
      const auto revision = fact.has_value() ? parse_revision(fact.value) : std::nullopt;
      if (revision && fact.node.file() != nullptr) list.push_back({place_of(fact.node), *revision});
    }
    if (!list.empty()) definitions_.push_back(std::move(list));
    const auto add_version = [&](const Fact<std::string>& fact) {
      if (fact.has_value() && fact.node.file() != nullptr) versions_.push_back({place_of(fact.node), fact.value});
    };
    add_version(cluster.kubernetes_version);
    for (const NodePool& pool : cluster.pools) add_version(pool.kubernetes_version);
  }

  void start(const UpgradeStep& step) {
    add_config_map(step);
    for (auto& list : definitions_) {
      const Listed& last = list.back();
      changes_.push_back({FileChange::Kind::add_revision, last.place, revision_name(last.revision),
                          revision_name(step.target), "", false, last.is_new});
      list.push_back({last.place, step.target, true});
    }
  }

  void add_config_map(const UpgradeStep& step) {
    const Mention* model = nullptr;
    for (const Mention& mention : mentions_) {
      if (mention.kind != Mention::Kind::config_map) continue;
      if (mention.revision == step.target) return;
      if (model == nullptr || mention.revision == step.before.revisions.front()) model = &mention;
    }
    if (model == nullptr) return;
    Mention copy = *model;
    changes_.push_back({FileChange::Kind::add_config_map, model->place, prefix_ + revision_name(model->revision),
                        prefix_ + revision_name(step.target), model->object, model->is_shared, model->is_new,
                        listing_of(*model->place.file)});
    copy.revision = step.target;
    copy.is_new = true;
    mentions_.push_back(std::move(copy));
  }

  // Where a kustomization lists a file.
  std::optional<Place> listing_of(const SourceFile& file) const {
    for (const Inclusion& inclusion : repository_->manifests.inclusions()) {
      if (inclusion.path == file.path()) return place_of(inclusion.place);
    }
    return std::nullopt;
  }

  void change_mentions(Mention::Kind kind, FileChange::Kind change, const UpgradeStep& step) {
    const auto& installed = step.before.revisions;
    const Minor other = step.target == installed.front() ? installed.back() : installed.front();
    for (Mention& mention : mentions_) {
      // What names a revision that is not installed is not in the mesh; in a file of several clusters it may be right.
      const bool is_left = mention.revision == other || (!mention.is_shared && !contains(installed, mention.revision));
      if (mention.kind != kind || !is_left || mention.revision == step.target) continue;
      const std::string before = mention.key.empty() || kind == Mention::Kind::name ? "" : mention.key + ": ";
      changes_.push_back({change, mention.place, before + revision_name(mention.revision), revision_name(step.target),
                          mention.object, mention.is_shared, false});
      mention.revision = step.target;
    }
  }

  // A canary upgrade that is in progress already may lack the ConfigMap of its new revision.
  void move(const UpgradeStep& step) {
    add_config_map(step);
    change_mentions(Mention::Kind::label, FileChange::Kind::move, step);
  }

  void end(const UpgradeStep& step) {
    const auto& installed = step.before.revisions;
    const Minor other = step.target == installed.front() ? installed.back() : installed.front();
    for (auto& list : definitions_) {
      std::erase_if(list, [&](const Listed& listed) {
        if (listed.revision != other) return false;
        changes_.push_back(
            {FileChange::Kind::remove_revision, listed.place, revision_name(other), "", "", false, listed.is_new});
        return true;
      });
    }
    change_mentions(Mention::Kind::name, FileChange::Kind::rename, step);
    std::erase_if(mentions_, [&](const Mention& mention) {
      const bool is_left_over = mention.kind == Mention::Kind::config_map && mention.revision == other;
      if (!is_left_over) return false;
      changes_.push_back({FileChange::Kind::remove_config_map, mention.place, prefix_ + revision_name(other), "",
                          mention.object, mention.is_shared, mention.is_new, listing_of(*mention.place.file)});
      return true;
    });
  }

  void upgrade_cluster(const UpgradeStep& step) {
    for (Version& version : versions_) {
      const auto minor = parse_minor(version.text);
      if (!minor || *minor >= step.target) continue;
      changes_.push_back(
          {FileChange::Kind::set_version, version.place, version.text, to_string(step.target), "", false, false});
      version.text = to_string(step.target);
    }
  }

  const Repository* repository_;
  std::string prefix_;
  std::vector<Mention> mentions_;
  std::vector<std::vector<Listed>> definitions_;
  std::vector<Version> versions_;
  std::vector<FileChange> changes_;
};

// What the rules say when the cluster runs something else.
class Preview {
 public:
  Preview(const Repository& repository, const Inputs& inputs, Options options, std::span<const Rule* const> rules,
          Clusters clusters)
      : repository_(&repository),
        inputs_(&inputs),
        options_(std::move(options)),
        rules_(rules),
        clusters_(std::move(clusters)) {}

  std::vector<Diagnostic> findings_in(const ClusterState& state) {
    std::vector<ClusterDefinition> clusters = repository_->clusters;
    for (const auto* chosen : clusters_) {
      set_state(clusters[static_cast<std::size_t>(chosen - repository_->clusters.data())], state);
    }
    options_.revisions.clear();
    options_.kubernetes_version.reset();
    if (clusters_.empty()) {
      options_.revisions = state.revisions;
      options_.kubernetes_version = to_string(state.kubernetes);
    }
    const Context context(repository_->manifests, clusters, repository_->configuration,
                          Governances(repository_->manifests, clusters, repository_->configuration, inputs_->remotes),
                          repository_->context.policy(), options_);
    auto findings = run_rules(context, rules_, options_);
    std::erase_if(findings, [](const Diagnostic& finding) { return is_left_out(finding); });
    return findings;
  }

 private:
  static void set_state(ClusterDefinition& cluster, const ClusterState& state) {
    const Node place = cluster.revisions.empty() ? cluster.revisions_node : cluster.revisions.front().node;
    cluster.revisions.clear();
    for (const Minor revision : state.revisions) {
      cluster.revisions.push_back({Known::stated, revision_name(revision), place});
    }
    cluster.revisions_known = Known::stated;
    cluster.kubernetes_version = {Known::stated, to_string(state.kubernetes), cluster.kubernetes_version.node};
  }

  // Notes, and what is said about dates: the plan has words of its own for these.
  static bool is_left_out(const Diagnostic& finding) {
    constexpr std::string_view about_dates[] = {
        "kubernetes-end-of-life", "kubernetes-end-of-life-soon", "lts-coverage-gap",
        "policy-data-stale",      "revision-end-of-life",        "revision-end-of-life-soon",
    };
    return finding.severity == Severity::note ||
           std::ranges::find(about_dates, finding.rule->name) != std::end(about_dates);
  }

  const Repository* repository_;
  const Inputs* inputs_;
  Options options_;
  std::span<const Rule* const> rules_;
  Clusters clusters_;
};

// A finding of the same rule at the same place is the same finding, whatever its message says of the versions.
std::vector<Diagnostic> without(std::vector<Diagnostic> findings, const std::vector<Diagnostic>& others) {
  using Key = std::tuple<std::string_view, const SourceFile*, std::uint32_t, std::uint32_t>;
  const auto key = [](const Diagnostic& one) {
    return Key(one.rule->code, one.place.file, one.place.span.start, one.place.span.end);
  };
  std::map<Key, Severity> known;
  for (const Diagnostic& other : others) known[key(other)] = std::max(known[key(other)], other.severity);
  std::erase_if(findings, [&](const Diagnostic& one) {
    const auto same = known.find(key(one));
    return same != known.end() && same->second >= one.severity;
  });
  return findings;
}

// Whether a change of the plan takes a finding away, which the rules see in the files as they are: a label that moves,
// a ConfigMap that is added.
bool is_met_by(const FileChange& change, const Diagnostic& finding) {
  if (change.kind == FileChange::Kind::add_config_map) {
    return finding.rule->name == "shared-config-map-missing-for-revision" &&
           finding.message.find(change.to.substr(change.to.find("asm-"))) != std::string::npos;
  }
  return change.place.file == finding.place.file && change.place.span.start < finding.place.span.end &&
         finding.place.span.start < change.place.span.end &&
         (change.kind == FileChange::Kind::move || change.kind == FileChange::Kind::rename);
}

// Takes away what the changes up to a step meet. While workloads move, the other revision still runs: what names it
// changes with the step behind.
void drop_met(const UpgradeOutline& outline, std::size_t step, std::vector<Diagnostic>& findings) {
  const bool moves = outline.steps[step].step.kind == StepKind::move_workloads;
  const std::size_t end = std::min(outline.steps.size(), step + (moves ? 2 : 1));
  std::erase_if(findings, [&](const Diagnostic& finding) {
    return std::any_of(outline.steps.begin(), outline.steps.begin() + static_cast<std::ptrdiff_t>(end),
                       [&](const PlannedStep& done) {
                         return std::ranges::any_of(
                             done.changes, [&](const FileChange& change) { return is_met_by(change, finding); });
                       });
  });
}

// Says of each finding that a step brings after which later one it is gone.
void find_menders(UpgradeOutline& outline, const std::vector<std::vector<Diagnostic>>& findings) {
  for (std::size_t i = 0; i < outline.steps.size(); ++i) {
    for (PlannedFinding& planned : outline.steps[i].appearing) {
      for (std::size_t later = i + 1; later < findings.size() && !planned.mended_by; ++later) {
        if (!without({planned.finding}, findings[later]).empty()) planned.mended_by = later + 1;
      }
    }
  }
}

// The state in which the rules judge the files after a step: once workloads have moved, the new revision serves them.
ClusterState judged_state(const UpgradeStep& step) {
  if (step.kind == StepKind::move_workloads) return {{step.target}, step.before.kubernetes};
  return step.after;
}

std::string mechanism_words(std::string_view mechanism) {
  if (mechanism == "CNIChaining") return "Istio CNI (CNIChaining)";
  if (mechanism == "InitContainers") return "init containers (InitContainers)";
  return std::string(mechanism);
}

void add_redirection(const Policy& policy, Minor from, Minor to, std::vector<Reason>& effects) {
  const TrafficRedirection& table = policy.traffic_redirection();
  const auto* before = table.find(from);
  const auto* after = table.find(to);
  if (before == nullptr || after == nullptr || before->on_install == after->on_install) return;
  effects.push_back(
      {fmt::format("Traffic redirection: new installations of {} default to {}; {}", revision_name(to),
                   mechanism_words(after->on_install),
                   table.upgrade_keeps ? "this upgrade keeps what the cluster has" : "so does this upgrade"),
       table.citation});
}

void add_native_sidecars(const Policy& policy, std::pair<Minor, Minor> from, std::pair<Minor, Minor> to,
                         std::vector<Reason>& effects) {
  const NativeSidecars& table = policy.native_sidecars();
  const auto* before = table.find(from.first, from.second);
  const auto* after = table.find(to.first, to.second);
  if (before == nullptr || after == nullptr || before->on_upgrade || !after->on_upgrade) return;
  effects.push_back(
      {fmt::format("Native sidecars: {} on Kubernetes {} injects istio-proxy as a native sidecar (an init "
                   "container that keeps running), on upgraded clusters too",
                   revision_name(to.second), to_string(to.first)),
       table.citation});
}

void add_affinity(const Policy& policy, Minor from, Minor to, std::vector<Reason>& effects) {
  const NodeAffinity& table = policy.node_affinity();
  const auto* before = table.find(from);
  const auto* after = table.find(to);
  if (before == nullptr || after == nullptr) return;
  if (before->labelled == after->labelled && before->system == after->system) return;
  effects.push_back(
      {fmt::format("Node affinity: istiod and gateway pods prefer nodes labelled {} with weight {} (was {}) "
                   "and system nodes with weight {} (was {})",
                   table.label, after->labelled, before->labelled, after->system, before->system),
       table.citation});
}

void add_features(const Policy& policy, Minor from, Minor to, std::vector<Reason>& effects) {
  for (const FeatureRevision& feature : policy.features().features) {
    if (feature.first && from < *feature.first && *feature.first <= to) {
      effects.push_back(
          {fmt::format("New: {} works from {} on", feature.what, revision_name(*feature.first)), feature.citation});
    }
    if (feature.last && from <= *feature.last && *feature.last < to) {
      effects.push_back(
          {fmt::format("Gone: {}, {} was the last to have it", feature.what, revision_name(*feature.last)),
           feature.citation});
    }
  }
}

// Whether the files of a cluster change an autoscaler of the add-on.
bool has_autoscaler(const Repository& repository, const Clusters& clusters) {
  const auto& all = repository.manifests.of("autoscaling", "HorizontalPodAutoscaler");
  return std::ranges::any_of(all, [&](const Resource* one) {
    return one->name.text().find("asm-") != std::string_view::npos && is_governed(repository, clusters, one->file());
  });
}

std::vector<Reason> effects_of(const Repository& repository, const Clusters& clusters, const UpgradeStep& step) {
  const Policy& policy = repository.context.policy();
  std::vector<Reason> effects;
  const Minor from = step.before.revisions.front();
  const Minor kubernetes = step.before.kubernetes;
  if (step.kind == StepKind::start_canary) {
    add_redirection(policy, from, step.target, effects);
    add_affinity(policy, from, step.target, effects);
    add_features(policy, from, step.target, effects);
    if (has_autoscaler(repository, clusters)) {
      effects.push_back(
          {"Autoscaling: the autoscalers of the new revision take the settings of the stable one, also "
           "those changed while the canary upgrade is in progress",
           policy.source("istio-upgrade",
                         "Minor revision upgrades with horizontal pod autoscaling "
                         "customizations")});
    }
  }
  if (step.kind == StepKind::move_workloads && step.target == step.before.revisions.back()) {
    add_native_sidecars(policy, {kubernetes, from}, {kubernetes, step.target}, effects);
  }
  if (step.kind == StepKind::upgrade_cluster) {
    add_native_sidecars(policy, {kubernetes, from}, {step.target, from}, effects);
  }
  return effects;
}

bool has_gateways(const ClusterDefinition& cluster) {
  const auto is_on = [](const Fact<bool>& fact) { return fact.has_value() && fact.value; };
  return is_on(cluster.external_ingress) || is_on(cluster.internal_ingress) || !cluster.egress_gateways.empty();
}

// What is wrong already would look like the upgrade's fault.
void note_findings(const Repository& repository, const Clusters& clusters, const std::vector<Diagnostic>& findings,
                   UpgradeOutline& outline) {
  std::size_t errors = 0;
  std::size_t warnings = 0;
  for (const Diagnostic& one : findings) {
    if (!is_governed(repository, clusters, *one.place.file)) continue;
    (one.severity == Severity::error ? errors : warnings) += one.count;
  }
  if (errors + warnings == 0) return;
  std::vector<std::string> words;
  if (errors > 0) words.push_back(count_words(static_cast<long>(errors), "error"));
  if (warnings > 0) words.push_back(count_words(static_cast<long>(warnings), "warning"));
  outline.notes.push_back(
      fmt::format("Beside what this plan changes, the cluster's files have {}, which meshlint check "
                  "shows: mend these first",
                  list_words(words)));
}

void note_definition(UpgradeOutline& outline) {
  const auto is_of_definition = [](const FileChange& change) {
    return change.kind == FileChange::Kind::add_revision || change.kind == FileChange::Kind::remove_revision ||
           change.kind == FileChange::Kind::set_version;
  };
  const bool changes = std::ranges::any_of(
      outline.steps, [&](const PlannedStep& step) { return std::ranges::any_of(step.changes, is_of_definition); });
  if (!changes) return;
  outline.notes.emplace_back(
      "Merge what a step changes in the cluster's definition together with its command, or the "
      "next deployment asks for what was there before");
}

// Long-term support is the other way back into support.
void note_long_term_support(const UpgradeRules& rules, UpgradeOutline& outline) {
  const KubernetesVersion* version = rules.policy->kubernetes().find(outline.start.kubernetes);
  if (rules.plan == Plan::lts || version == nullptr || !version->lts_end_of_life) return;
  const bool is_out = !version->end_of_life || has_ended(*version->end_of_life, rules.as_of);
  if (!is_out || has_ended(*version->lts_end_of_life, rules.as_of)) return;
  const RevisionRules& table = rules.policy->revision_rules();
  outline.notes.push_back(fmt::format(
      "With long-term support, which needs the tier {}, Kubernetes {} is supported until "
      "{}: --support-plan {} plans for that",
      table.lts_tier, to_string(version->version), day_words(version->lts_end_of_life->last_day), table.lts_plan));
}

void add_notes(const UpgradeRules& rules, const UpgradeGoal& goal, UpgradeOutline& outline) {
  note_long_term_support(rules, outline);
  if (is_supported(rules, outline.end)) return;
  const KubernetesVersion* version = rules.policy->kubernetes().find(outline.end.kubernetes);
  const auto end = version != nullptr ? end_of_support(*version, rules.plan) : std::nullopt;
  if (!goal.kubernetes && (!end || has_ended(*end, rules.as_of))) {
    outline.notes.push_back(
        fmt::format("Kubernetes {} is out of support and stays so with this plan: --kubernetes V "
                    "plans its upgrade too",
                    to_string(outline.end.kubernetes)));
  }
  const MeshRevision* row = rules.policy->releases().find(outline.end.revisions.front());
  if (!goal.revision && row != nullptr && is_out_of_support(*row, rules.as_of)) {
    outline.notes.push_back(
        fmt::format("{} is out of support and stays so with this plan: --to asm-X-Y plans its "
                    "upgrade too",
                    revision_name(row->revision)));
  }
}

}  // namespace

UpgradeOutline outline_upgrade(const Repository& repository, const Inputs& inputs, const Options& options,
                               const UpgradeRequest& request, std::span<const Rule* const> rules) {
  const Policy& policy = repository.context.policy();
  UpgradeOutline outline;
  const Clusters clusters = select_cluster(repository, request.cluster);
  if (!clusters.empty() && clusters[0]->name.has_value()) outline.cluster = clusters[0]->name.value;
  for (const auto* cluster : clusters) outline.places.push_back(cluster->place);
  outline.start.revisions = find_revisions(policy, clusters, options, outline);
  outline.start.kubernetes = find_kubernetes(clusters, options, outline);
  outline.plan = find_plan(clusters, options, outline);

  const UpgradeRules upgrade_rules{&policy, options.as_of, outline.plan};
  const auto steps = plan_upgrade(upgrade_rules, outline.start, request.goal);
  outline.end = steps.empty() ? outline.start : steps.back().after;
  add_notes(upgrade_rules, request.goal, outline);
  outline.has_gateways = std::ranges::any_of(clusters, [](const auto* one) { return has_gateways(*one); });

  FileChanges changes(repository, clusters);
  Preview preview(repository, inputs, options, rules, clusters);
  const auto at_start = preview.findings_in(outline.start);
  for (const UpgradeStep& step : steps) {
    outline.steps.push_back({step, changes.at(step), effects_of(repository, clusters, step), {}, 0});
  }
  std::vector<std::vector<Diagnostic>> findings;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    PlannedStep& planned = outline.steps[i];
    auto after = preview.findings_in(judged_state(planned.step));
    drop_met(outline, i, after);
    const auto& before = findings.empty() ? at_start : findings.back();
    for (Diagnostic& finding : without(after, before)) planned.appearing.push_back({std::move(finding), std::nullopt});
    planned.disappearing = without(before, after).size();
    findings.push_back(std::move(after));
  }
  find_menders(outline, findings);
  if (!steps.empty())
    note_findings(repository, clusters, without(at_start, without(at_start, findings.back())), outline);
  note_definition(outline);
  return outline;
}

}  // namespace meshlint
