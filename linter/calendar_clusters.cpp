// What the calendar says of each cluster: what it runs as far as the files say it, and until when that is supported.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "linter/calendar.h"
#include "linter/cluster_names.h"
#include "linter/page_date.h"
#include "linter/rule.h"
#include "linter/sanitize.h"
#include "linter/words.h"

namespace meshlint {
namespace {

using Kind = ClusterRemark::Kind;

// A, B, ..., Z, A2, B2, ...
std::string mark_of(std::size_t index) {
  const std::string letter(1, static_cast<char>('A' + index % 26));
  return index < 26 ? letter : letter + std::to_string(index / 26 + 1);
}

std::string unresolved_words(std::string_view fact, Node place, std::string_view option) {
  const std::string where = place_of(place);
  return where.empty() ? fmt::format("The {} is not known: {} gives it", fact, option)
                       : fmt::format(
                             "The {} is not known, because {} holds an expression or depends on a condition: "
                             "{} gives it",
                             fact, where, option);
}

// Reads what the definitions of one cluster say of it.
class ClusterReader {
 public:
  ClusterReader(const Repository& repository, const Options& options, Clusters definitions)
      : context_(&repository.context), options_(&options), definitions_(std::move(definitions)) {}

  CalendarCluster read() {
    read_kubernetes();
    read_plan();
    read_mesh();
    return std::move(cluster_);
  }

 private:
  void add(Kind kind, std::string text) { cluster_.remarks.push_back({kind, std::move(text)}); }

  void note_default(const Fact<std::string>& fact, std::string_view what) {
    if (fact.known != Known::defaulted) return;
    add(Kind::unknown,
        fmt::format("The {} is the default at {}, which a deployment may override", what, place_of(fact.node)));
  }

  // The value that all definitions agree on; otherwise it is said why there is none.
  const Fact<std::string>* agreed(Fact<std::string> ClusterDefinition::*member, std::string_view what,
                                  std::string_view option, bool is_version) {
    const Fact<std::string>* found = nullptr;
    const Fact<std::string>* unresolved = nullptr;
    for (const auto* definition : definitions_) {
      const Fact<std::string>& fact = definition->*member;
      if (fact.known == Known::unresolved) unresolved = &fact;
      if (!fact.has_value()) continue;
      const auto meaning = [&](const std::string& text) {
        const auto minor = is_version ? parse_minor(text) : std::nullopt;
        return minor ? to_string(*minor) : text;
      };
      if (found != nullptr && meaning(found->value) != meaning(fact.value)) {
        add(Kind::unknown,
            fmt::format("The definitions do not agree on the {}: {} at {}, {} at {} ({} says which one runs)", what,
                        quoted(sanitize(found->value)), place_of(found->node), quoted(sanitize(fact.value)),
                        place_of(fact.node), option));
        return nullptr;
      }
      if (found == nullptr || found->known == Known::defaulted) found = &fact;
    }
    if (found == nullptr && unresolved != nullptr) {
      add(Kind::unknown, unresolved_words(what, unresolved->node, option));
    }
    return found;
  }

  void read_kubernetes() {
    constexpr std::string_view what = "Kubernetes version";
    constexpr std::string_view option = "--kubernetes-version";
    cluster_.kubernetes_words = "Kubernetes version not known";
    if (options_->kubernetes_version) {
      cluster_.kubernetes = parse_minor(*options_->kubernetes_version);
    } else {
      const std::size_t before = cluster_.remarks.size();
      const auto* fact = agreed(&ClusterDefinition::kubernetes_version, what, option, true);
      if (fact != nullptr) {
        cluster_.kubernetes = parse_minor(fact->value);
        note_default(*fact, what);
        if (!cluster_.kubernetes) {
          add(Kind::unknown, fmt::format("The Kubernetes version {} at {} is none that meshlint can read: {} gives it",
                                         quoted(sanitize(fact->value)), place_of(fact->node), option));
        }
      } else if (cluster_.remarks.size() == before) {
        add(Kind::unknown, fmt::format("The Kubernetes version is not stated: {} gives it", option));
      }
    }
    if (cluster_.kubernetes) cluster_.kubernetes_words = "Kubernetes " + to_string(*cluster_.kubernetes);
  }

  void read_plan() {
    const RevisionRules& rules = context_->policy().revision_rules();
    const std::size_t before = cluster_.remarks.size();
    const Fact<std::string>* fact = nullptr;
    if (options_->support_plan) {
      cluster_.plan = plan_of({Known::stated, *options_->support_plan, Node()});
    } else {
      fact = agreed(&ClusterDefinition::support_plan, "support plan", "--support-plan", false);
      if (fact != nullptr) cluster_.plan = plan_of(*fact);
      if (fact != nullptr) note_default(*fact, "support plan");
      if (fact == nullptr && cluster_.remarks.size() == before) cluster_.plan = Plan::standard;
    }
    const bool is_taken = !options_->support_plan && fact == nullptr && cluster_.plan == Plan::standard;
    cluster_.plan_words = cluster_.plan == Plan::unknown ? "support plan not known"
                          : cluster_.plan == Plan::lts   ? rules.lts_plan
                          : is_taken                     ? rules.standard_plan + " (not stated)"
                                                         : rules.standard_plan;
  }

  void read_mesh() {
    if (!options_->revisions.empty()) {
      cluster_.revisions = options_->revisions;
    } else {
      read_revisions();
    }
    if (!cluster_.revisions.empty()) cluster_.mesh_words = list_revisions(cluster_.revisions);
  }

  void read_revisions() {
    std::set<std::vector<Minor>> lists;
    bool is_unknown = false;
    bool may_run = false;
    for (const auto* definition : definitions_) {
      const bool may_be_on =
          definition->mesh_mode.known == Known::unresolved || definition->mesh_known == Known::unresolved;
      if (!has_mesh(*definition) && !may_be_on) continue;
      may_run = true;
      auto list = list_of(*definition, is_unknown);
      if (!list.empty()) lists.insert(std::move(list));
    }
    if (lists.size() > 1) {
      std::vector<std::string> words;
      for (const auto& list : lists) words.push_back(list_revisions(list));
      add(Kind::unknown,
          fmt::format("The definitions do not agree on the mesh revisions: {} (--revision says what runs)",
                      list_words(words, "or")));
      cluster_.mesh_words = "revision not known";
      return;
    }
    if (lists.size() == 1) cluster_.revisions = *lists.begin();
    cluster_.mesh_words = may_run ? "revision not known" : "no mesh stated";
    if (may_run && lists.empty() && !is_unknown) {
      add(Kind::unknown, "The mesh revision is not stated: --revision gives it");
    }
  }

  // The revisions that a definition lists; what of them cannot be known is said.
  std::vector<Minor> list_of(const ClusterDefinition& definition, bool& is_unknown) {
    std::set<Minor> found;
    const auto add_unresolved = [&](Node place) {
      if (!is_unknown) add(Kind::unknown, unresolved_words("mesh revision", place, "--revision"));
      is_unknown = true;
    };
    if (definition.revisions_known == Known::unresolved) add_unresolved(definition.revisions_node);
    for (const auto& fact : definition.revisions) {
      if (!fact.has_value()) {
        add_unresolved(fact.node);
        continue;
      }
      const auto revision = parse_revision(fact.value);
      if (revision) {
        found.insert(*revision);
        note_default(fact, "mesh revision");
        continue;
      }
      is_unknown = true;
      add(Kind::unknown, fmt::format("The mesh revision {} at {} is no name such as asm-1-29",
                                     quoted(sanitize(fact.value)), place_of(fact.node)));
    }
    return {found.begin(), found.end()};
  }

  const Context* context_;
  const Options* options_;
  Clusters definitions_;
  CalendarCluster cluster_;
};

// Says until when something is supported, in the words that its source allows.
ClusterRemark end_remark(const std::string& what, const Deadline& end, const Citation& source, Date as_of) {
  if (end.last_day == no_day) {
    return {Kind::unknown, fmt::format("{} has no end yet: the page says {}", what, quoted(end.text))};
  }
  const bool has_passed = has_ended(end, as_of);
  const bool is_foreseen = is_forecast(end, source);
  const long left = (end.last_day - as_of).count();
  const std::string limit = limit_words(end);
  const std::string when = left == 0 ? "this is the last day" : count_words(left, "day") + " left";
  const Kind kind = has_passed                         ? (may_have_slipped(end, as_of) ? Kind::soon : Kind::over)
                    : end.last_day - as_of <= near_end ? Kind::soon
                                                       : Kind::good;
  if (source.in_house) {
    return {kind, has_passed
                      ? fmt::format("{} was to be gone by {} {}", what, limit, in_house_words(source))
                      : fmt::format("{} has to be gone by {} ({}) {}", what, limit, when, in_house_words(source))};
  }
  if (!has_passed) {
    const std::string_view verb = end.expected ? "is expected to go" : is_foreseen ? "is to go" : "goes";
    return {kind, fmt::format("{} {} out of support by {} ({})", what, verb, limit, when)};
  }
  if (kind == Kind::soon) {
    return {kind, fmt::format("{} was expected to go out of support {}; the calendar has not confirmed it", what,
                              end_words(end))};
  }
  if (end.expected) {
    return {kind, fmt::format("{} is most likely out of support: its end was expected {}", what, end_words(end))};
  }
  if (is_foreseen) {
    return {kind, fmt::format("{} was to go out of support by {}, says the calendar of {}", what, limit, source.date)};
  }
  return {kind, fmt::format("{} went out of support {}", what, end_words(end))};
}

void add_revision_remarks(const Policy& policy, Date as_of, CalendarCluster& cluster) {
  for (const Minor revision : cluster.revisions) {
    const std::string name = revision_name(revision);
    const MeshRevision* row = policy.releases().find(revision);
    if (row == nullptr) {
      cluster.remarks.push_back({Kind::unknown, fmt::format("{} is not in the release calendar of {}", name,
                                                            policy.releases().citation.date)});
      continue;
    }
    cluster.remarks.push_back(end_remark(name, row->end_of_life, row->citation, as_of));
    if (!cluster.kubernetes || fits(*row, *cluster.kubernetes, cluster.plan)) continue;
    const std::string version = to_string(*cluster.kubernetes);
    if (is_beyond_data(policy, *cluster.kubernetes)) {
      cluster.remarks.push_back(
          {Kind::unknown, fmt::format("Whether {} runs on Kubernetes {} is not known: the version is newer than the "
                                      "data of {}",
                                      name, version, row->compatibility.date)});
      continue;
    }
    const bool may_fit = cluster.plan == Plan::unknown && fits(*row, *cluster.kubernetes, Plan::lts);
    cluster.remarks.push_back(
        may_fit ? ClusterRemark{Kind::unknown,
                                fmt::format("{} runs on Kubernetes {} with long-term support only", name, version)}
                : ClusterRemark{Kind::over, fmt::format("{} is not compatible with Kubernetes {}", name, version)});
  }
}

void add_kubernetes_remark(const Policy& policy, Date as_of, CalendarCluster& cluster) {
  if (!cluster.kubernetes) return;
  const std::string name = "Kubernetes " + to_string(*cluster.kubernetes);
  const KubernetesVersion* version = policy.kubernetes().find(*cluster.kubernetes);
  if (version == nullptr) {
    cluster.remarks.push_back({Kind::unknown, fmt::format("{} is not in the release calendar of {}", name,
                                                          policy.kubernetes().citation.date)});
    return;
  }
  const auto add = [&](Plan plan, const std::string& what, const Citation& source) {
    const auto& end = end_of_support(*version, plan);
    cluster.remarks.push_back(end ? end_remark(what, *end, source, as_of)
                                  : ClusterRemark{Kind::over, fmt::format("{} is not supported", what)});
  };
  // With a plan that is not known either end may be the right one.
  if (cluster.plan != Plan::lts) {
    add(Plan::standard, cluster.plan == Plan::unknown ? name + " with the standard plan" : name, version->citation);
  }
  if (cluster.plan != Plan::standard) add(Plan::lts, name + " with long-term support", version->lts_citation);
  if (cluster.plan != Plan::unknown) return;
  for (auto& remark : cluster.remarks) {
    const bool rests_on_plan = remark.text.starts_with(name + " with") && remark.kind == Kind::over;
    if (rests_on_plan) remark.kind = Kind::unknown;
  }
}

// The definitions of each cluster, those of one name together, in the order of the repository.
std::vector<Clusters> groups_of(const Clusters& definitions) {
  std::vector<Clusters> groups;
  std::map<std::string, std::size_t> by_name;
  for (const auto* definition : definitions) {
    const auto [at, is_new] = by_name.try_emplace(name_of(*definition), groups.size());
    if (is_new) groups.emplace_back();
    groups[at->second].push_back(definition);
  }
  return groups;
}

}  // namespace

std::vector<CalendarCluster> calendar_clusters(const Repository& repository, const Options& options,
                                               const CalendarRequest& request) {
  const Policy& policy = repository.context.policy();
  auto groups =
      groups_of(request.cluster.empty() ? clusters_asked_for(repository) : clusters_named(repository, request.cluster));
  const bool is_told = !options.revisions.empty() || options.kubernetes_version.has_value();
  if (groups.empty() && is_told) groups.emplace_back();
  std::vector<CalendarCluster> clusters;
  for (const Clusters& definitions : groups) {
    CalendarCluster cluster = ClusterReader(repository, options, definitions).read();
    cluster.mark = mark_of(clusters.size());
    cluster.name = definitions.empty() ? "the cluster of the command line" : name_of(*definitions[0]);
    for (const auto* definition : definitions) cluster.places.push_back(place_of(definition->place));
    add_revision_remarks(policy, options.as_of, cluster);
    add_kubernetes_remark(policy, options.as_of, cluster);
    std::ranges::stable_sort(cluster.remarks, {}, &ClusterRemark::kind);
    clusters.push_back(std::move(cluster));
  }
  return clusters;
}

}  // namespace meshlint
