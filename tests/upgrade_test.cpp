// Upgrades: the planner against an exhaustive search, plans as golden files, plans followed literally, bad input.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "linter/error.h"
#include "linter/upgrade_plan.h"
#include "tests/run_meshlint.h"

namespace fs = std::filesystem;
using namespace meshlint;
using Json = nlohmann::json;

namespace {

const fs::path testdata = fs::path(SOURCE_DIRECTORY) / "testdata";

Date day(std::string_view text) {
  return *parse_date(text);
}

// The rules of the way, written down once more as a question about two states, from the rows of the calendars alone.
class Oracle {
 public:
  Oracle(const Policy& policy, Date as_of, bool lts) : policy_(policy), as_of_(as_of), lts_(lts) {
    for (const auto& row : policy.releases().revisions) revisions_.push_back(row.revision.minor);
    for (const auto& row : policy.kubernetes().versions) versions_.push_back(row.version.minor);
  }

  // All states: one revision or two, on every version.
  std::vector<ClusterState> states() const {
    std::vector<ClusterState> all;
    for (const int version : versions_) {
      for (const int low : revisions_) {
        all.push_back({{{1, low}}, {1, version}});
        for (const int high : revisions_) {
          if (high > low) all.push_back({{{1, low}, {1, high}}, {1, version}});
        }
      }
    }
    return all;
  }

  // Whether one command of AKS leads from a state to another.
  bool leads(const ClusterState& from, const ClusterState& to, bool recovering) const {
    const bool same_version = from.kubernetes == to.kubernetes;
    if (from.revisions.size() == 2) {
      return same_version && to.revisions.size() == 1 &&
             std::ranges::find(from.revisions, to.revisions[0]) != from.revisions.end();
    }
    const int revision = from.revisions[0].minor;
    if (same_version) {
      return to.revisions.size() == 2 && to.revisions[0] == from.revisions[0] &&
             may_start(revision, to.revisions[1].minor, from.kubernetes.minor);
    }
    return to.revisions == from.revisions &&
           may_move_cluster(revision, from.kubernetes.minor, to.kubernetes.minor, recovering);
  }

 private:
  const MeshRevision& row(int revision) const { return *policy_.releases().find({1, revision}); }
  bool exists(int revision) const { return policy_.releases().find({1, revision}) != nullptr; }

  bool runs(int revision, int version) const {
    const auto& list = lts_ ? row(revision).kubernetes_lts : row(revision).kubernetes;
    return std::ranges::find(list, Minor{1, version}) != list.end();
  }

  // An expected end may slip by two months.
  bool is_alive(int revision) const {
    if (!exists(revision)) return false;
    const Deadline& end = row(revision).end_of_life;
    const std::chrono::year_month_day last(end.last_day);
    const Date latest =
        end.expected ? Date((last.year() / last.month() + std::chrono::months(2)) / std::chrono::last) : end.last_day;
    return as_of_ <= latest;
  }

  bool is_installable(int revision) const {
    static const std::map<std::string, int> months = {{"Jan", 1}, {"Feb", 2},  {"Mar", 3},  {"Apr", 4},
                                                      {"May", 5}, {"Jun", 6},  {"Jul", 7},  {"Aug", 8},
                                                      {"Sep", 9}, {"Oct", 10}, {"Nov", 11}, {"Dec", 12}};
    const std::string text = row(revision).aks_release;
    const int month = months.at(text.substr(0, 3));
    const int year = std::stoi(text.substr(text.size() - 4));
    const std::chrono::year_month_day now(as_of_);
    return std::pair(year, month) <= std::pair(static_cast<int>(now.year()), static_cast<int>(unsigned(now.month())));
  }

  bool has_version(int version) const {
    const KubernetesVersion* one = policy_.kubernetes().find({1, version});
    if (one == nullptr) return false;
    const auto& end = lts_ ? one->lts_end_of_life : one->end_of_life;
    return end && as_of_ <= end->last_day;
  }

  bool is_offered(int version) const {
    const KubernetesVersion* one = policy_.kubernetes().find({1, version});
    return has_version(version) && one->generally_available && *one->generally_available <= as_of_;
  }

  bool may_start(int from, int to, int version) const {
    if (to <= from || !is_alive(to) || !is_installable(to) || !runs(to, version)) return false;
    if (!is_alive(from) && !has_version(version)) return false;  // the cluster goes first
    const int most = as_of_ >= day("2024-10-25") ? 2 : 1;
    if (is_alive(from + 1)) return to - from <= most;
    for (int between = from + 1; between < to; ++between) {
      if (is_alive(between) && runs(between, version)) return false;  // a nearer one
    }
    return true;
  }

  bool may_move_cluster(int revision, int from, int to, bool recovering) const {
    if (to <= from || !is_offered(to)) return false;
    const bool is_sound = is_alive(revision) && has_version(from) && runs(revision, from);
    const bool may_pass = recovering && !is_sound && as_of_ >= day("2025-03-16");
    if (!runs(revision, to) && !may_pass) return false;
    if (lts_) return to - from <= 3;
    if (to == from + 1) return true;
    if (has_version(from)) return false;
    for (int between = from + 1; between < to; ++between) {
      if (is_offered(between)) return false;
    }
    return true;
  }

  const Policy& policy_;
  Date as_of_;
  bool lts_;
  std::vector<int> revisions_;
  std::vector<int> versions_;
};

// Distances from every state to every other, by going on from the pairs that are known until nothing is new.
std::vector<std::vector<int>> all_distances(const Oracle& oracle, const std::vector<ClusterState>& states,
                                            bool recovering) {
  std::vector<std::vector<std::size_t>> next(states.size());
  for (std::size_t i = 0; i < states.size(); ++i) {
    for (std::size_t j = 0; j < states.size(); ++j) {
      if (oracle.leads(states[i], states[j], recovering)) next[i].push_back(j);
    }
  }
  constexpr int far = 1000;
  std::vector<std::vector<int>> distance(states.size(), std::vector<int>(states.size(), far));
  for (std::size_t goal = 0; goal < states.size(); ++goal) {
    distance[goal][goal] = 0;
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t i = 0; i < states.size(); ++i) {
        for (const std::size_t j : next[i]) {
          if (distance[j][goal] + 1 >= distance[i][goal]) continue;
          distance[i][goal] = distance[j][goal] + 1;
          changed = true;
        }
      }
    }
  }
  return distance;
}

std::string plan_for(const fs::path& directory, const std::string& arguments) {
  return run_meshlint(directory, "upgrade " + arguments).output;
}

// A copy of a repository of testdata, outside of any other.
class Repository {
 public:
  explicit Repository(const std::string& name) {
    fs::copy(testdata / name, place_.path() / "repository", fs::copy_options::recursive);
    fs::create_directories(root() / ".git");
  }
  fs::path root() const { return place_.path() / "repository"; }

 private:
  TemporaryDirectory place_;
};

// Changes files as a plan says, one step after the other. All places of a plan are those of the files at its start.
class Follower {
 public:
  explicit Follower(fs::path root) : root_(std::move(root)) {}

  void follow(const Json& step) {
    for (const Json& change : step.at("changes")) make(change);
    for (const auto& [path, slots] : slots_) render(path);
  }

 private:
  // What stands where one value stood in the beginning.
  struct Slot {
    std::size_t length = 0;
    std::vector<std::string> values;
  };

  const std::string& original(const std::string& path) {
    auto& text = originals_[path];
    if (text.empty()) text = read_file(root_ / path);
    return text;
  }

  static std::size_t offset_of(const std::string& text, const Json& place) {
    std::size_t offset = 0;
    for (int line = 1; line < place.at("line").get<int>(); ++line) offset = text.find('\n', offset) + 1;
    return offset + place.at("column").get<std::size_t>() - 1;
  }

  // The slot at a place, which held a value as long as `length`, or a word or what is in quotes.
  Slot& slot_at(const Json& place, std::size_t length = 0) {
    const auto path = place.at("file").get<std::string>();
    const std::string& text = original(path);
    const std::size_t offset = offset_of(text, place);
    if (length == 0) {
      const char quote = text[offset];
      const bool is_quoted = quote == '"' || quote == '\'';
      const auto end = is_quoted ? text.find(quote, offset + 1) + 1 : text.find_first_of(" \n\r],}", offset);
      length = end - offset;
    }
    const auto [slot, is_new] = slots_[path].try_emplace(offset);
    if (is_new) slot->second = {length, {text.substr(offset, length)}};
    return slot->second;
  }

  static std::string like(const std::string& model, const std::string& value) {
    const bool is_quoted = model.front() == '"' || model.front() == '\'';
    return is_quoted ? model.front() + value + model.front() : value;
  }

  static std::string bare(const std::string& value) {
    const bool is_quoted = value.front() == '"' || value.front() == '\'';
    return is_quoted ? value.substr(1, value.size() - 2) : value;
  }

  static void remove(Slot& slot, const std::string& value) {
    const auto count = std::erase_if(slot.values, [&](const auto& one) { return bare(one) == value; });
    REQUIRE(count == 1);
  }

  void make(const Json& change) {
    const auto kind = change.at("kind").get<std::string>();
    const auto from = change.at("from").get<std::string>();
    const auto to = change.at("to").get<std::string>();
    const Json& place = change.at("location");
    INFO(change.dump());
    if (kind == "add-config-map") return add_config_map(change, from, to);
    if (kind == "remove-config-map") return remove_config_map(change, from);
    if (kind == "move" || kind == "rename") {
      const auto old = from.substr(from.rfind(' ') + 1);
      Slot& slot = slot_at(place, first_length(place));
      REQUIRE(slot.values == std::vector<std::string>{old});
      slot.values = {to};
      return;
    }
    Slot& slot = slot_at(place);
    if (kind == "remove-revision") return remove(slot, from);
    const auto model = slot.values.back();
    REQUIRE(bare(model) == from);
    if (kind == "add-revision") slot.values.push_back(like(model, to));
    if (kind == "set-version") slot.values = {like(model, to)};
  }

  // Of the revision's name that stood at a place in the beginning.
  std::size_t first_length(const Json& place) {
    const std::string& text = original(place.at("file").get<std::string>());
    const auto start = offset_of(text, place);
    REQUIRE(text.compare(start, 4, "asm-") == 0);
    return text.find_first_not_of("0123456789", text.find('-', start + 4) + 1) - start;
  }

  void add_config_map(const Json& change, const std::string& from, const std::string& to) {
    const auto model = change.at("location").at("file").get<std::string>();
    const auto& known = copies_.find(from);
    std::string text = known != copies_.end() ? read_file(root_ / known->second) : original(model);
    text.replace(text.find(from), from.size(), to);
    const std::string path = (fs::path(model).parent_path() / (to + ".yaml")).string();
    write_file(root_ / path, text);
    copies_[to] = path;
    if (change.at("listed_at").is_null()) return;
    Slot& list = slot_at(change.at("listed_at"));
    list.values.push_back(fs::path(list.values.front()).parent_path() / (to + ".yaml"));
    listed_[to] = list.values.back();
  }

  void remove_config_map(const Json& change, const std::string& name) {
    const auto copy = copies_.find(name);
    const auto path = copy != copies_.end() ? copy->second : change.at("location").at("file").get<std::string>();
    fs::remove(root_ / path);
    if (change.at("listed_at").is_null()) return;
    Slot& list = slot_at(change.at("listed_at"));
    remove(list, copy != copies_.end() ? listed_[name] : list.values.front());
  }

  void render(const std::string& path) {
    std::string text = original(path);
    auto& slots = slots_[path];
    for (auto slot = slots.rbegin(); slot != slots.rend(); ++slot) {
      const auto& [offset, value] = *slot;
      const auto line = text.rfind('\n', offset) + 1;
      if (value.values.empty()) {
        text.erase(line, text.find('\n', offset) + 1 - line);
        continue;
      }
      const std::string before = text.substr(line, offset - line);
      const bool is_flow = before.find('[') != std::string::npos;
      const std::string comma = path.ends_with(".json") ? "," : "";
      std::string joined = value.values.front();
      for (std::size_t i = 1; i < value.values.size(); ++i) {
        joined += (is_flow ? ", " : comma + "\n" + before) + value.values[i];
      }
      text.replace(offset, value.length, joined);
    }
    write_file(root_ / path, text);
  }

  fs::path root_;
  std::map<std::string, std::string> originals_;
  std::map<std::string, std::map<std::size_t, Slot>> slots_;
  std::map<std::string, std::string> copies_;  // paths of ConfigMaps that were added, by their names
  std::map<std::string, std::string> listed_;
};

// How many different errors and warnings a repository has of each rule; those about dates are left out. A mistake that
// a copied ConfigMap repeats is no other one.
std::map<std::string, int> findings_in(const fs::path& root, const std::string& as_of) {
  const Json report = Json::parse(run_meshlint(root, "check --format json --as-of " + as_of).output);
  std::map<std::string, int> counts;
  std::set<std::string> known;
  for (const Json& finding : report.at("diagnostics")) {
    const auto code = finding.at("code").get<std::string>();
    const bool is_about_dates = code == "MSH2001" || code == "MSH2003";
    static const std::regex version(R"(\d+[.-]\d+)");
    const auto message = std::regex_replace(finding.at("message").get<std::string>(), version, "V");
    const bool is_new = known.insert(message).second;
    if (finding.at("severity") != "note" && !is_about_dates && is_new) ++counts[code];
  }
  return counts;
}

// Does what the plan for long-term support says of the FlowSchema.
void mend(const fs::path& file) {
  std::string text = read_file(file);
  if (const auto at = text.find("v1beta3"); at != std::string::npos) text.replace(at, 7, "v1");
  write_file(file, text);
}

struct Case {
  std::string name;        // of the golden file
  std::string repository;  // below testdata
  std::string as_of;
  std::string arguments;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"recovery", "upgrade/recovery", "2026-08-21", "--deadline"},
      {"long-term-support", "upgrade/long-term-support", "2026-07-31", "--to asm-1-30 --kubernetes 1.33 --deadline"},
      {"sample-prod", "sample", "2026-08-21", "--cluster shop-prod --to asm-1-30 --kubernetes 1.35"},
      {"sample-staging", "sample", "2026-08-21", "--cluster shop-staging --deadline"},
  };
  return all;
}

}  // namespace

TEST_CASE("the planner agrees with an exhaustive search over every pair of states") {
  const Policy policy = Policy::embedded();
  const auto [as_of, lts] = GENERATE(table<std::string, bool>({{"2024-06-15", false},
                                                               {"2025-02-01", true},
                                                               {"2025-12-31", false},
                                                               {"2026-08-21", false},
                                                               {"2026-08-21", true},
                                                               {"2026-11-15", false}}));
  INFO(as_of << (lts ? " with long-term support" : ""));
  const UpgradeRules rules{&policy, day(as_of), lts ? Plan::lts : Plan::standard};
  const Oracle oracle(policy, rules.as_of, lts);
  const auto states = oracle.states();
  long wrong = 0;
  long reachable = 0;
  for (const bool recovering : {false, true}) {
    const auto distances = all_distances(oracle, states, recovering);
    for (std::size_t i = 0; i < states.size(); ++i) {
      const auto arrivals = explore(rules, states[i], recovering);
      for (std::size_t j = 0; j < states.size(); ++j) {
        const auto found = arrivals.find(states[j]);
        const int steps = found == arrivals.end() ? 1000 : static_cast<int>(found->second.steps);
        if (steps != distances[i][j] && ++wrong < 5) {
          UNSCOPED_INFO(state_words(states[i]) << " to " << state_words(states[j]) << ": " << steps << " steps, not "
                                               << distances[i][j] << (recovering ? ", recovering" : ""));
        }
        reachable += steps > 0 && steps < 1000;
      }
    }
  }
  CHECK(wrong == 0);
  CHECK(reachable > 1000);
}

TEST_CASE("a plan is the shortest way, and every step of it follows from the one before") {
  const Policy policy = Policy::embedded();
  const bool lts = GENERATE(false, true);
  const UpgradeRules rules{&policy, day("2026-08-21"), lts ? Plan::lts : Plan::standard};
  int plans = 0;
  for (const MeshRevision& from : policy.releases().revisions) {
    for (const KubernetesVersion& version : policy.kubernetes().versions) {
      const ClusterState start{{from.revision}, version.version};
      const auto sound = explore(rules, start, false);
      const auto any = explore(rules, start, true);
      for (const Minor revision : {Minor{1, 28}, Minor{1, 29}, Minor{1, 30}}) {
        for (const Minor kubernetes : {Minor{1, 34}, Minor{1, 35}, Minor{1, 36}}) {
          const ClusterState end{{revision}, kubernetes};
          const auto& arrivals = sound.contains(end) ? sound : any;
          const MeshRevision* row = policy.releases().find(revision);
          const bool is_reachable = arrivals.contains(end) && fits(*row, kubernetes, rules.plan);
          INFO(state_words(start) << " to " << state_words(end));
          if (!is_reachable) {
            CHECK_THROWS_AS(plan_upgrade(rules, start, {revision, kubernetes}), UsageError);
            continue;
          }
          const auto steps = plan_upgrade(rules, start, {revision, kubernetes});
          ClusterState state = start;
          std::size_t changes = 0;
          for (const UpgradeStep& step : steps) {
            CHECK(step.before == state);
            CHECK(!step.reasons.empty());
            for (const Reason& reason : step.reasons) CHECK(!reason.citation.url.empty());
            changes += step.after != step.before;
            state = step.after;
          }
          CHECK(state == end);
          CHECK(changes == arrivals.at(end).steps);
          ++plans;
        }
      }
    }
  }
  CHECK(plans > 50);
}

TEST_CASE(
    "a plan avoids pairs that do not fit where there is another way, and passes through them where there is none") {
  const Policy policy = Policy::embedded();
  const UpgradeRules rules{&policy, day("2026-08-21"), Plan::standard};
  const auto passes = [&](const ClusterState& start) {
    const auto steps = plan_upgrade(rules, start, {Minor{1, 30}, std::nullopt});
    return std::ranges::any_of(steps, [&](const UpgradeStep& step) {
      const MeshRevision* row = policy.releases().find(step.after.revisions.front());
      return step.kind == StepKind::upgrade_cluster && !fits(*row, step.after.kubernetes, Plan::standard);
    });
  };
  CHECK_FALSE(passes({{{1, 26}}, {1, 32}}));
  CHECK(passes({{{1, 25}}, {1, 32}}));
}

TEST_CASE("steps are due before the first of what they and later ones take away ends") {
  const Policy policy = Policy::embedded();
  const UpgradeRules rules{&policy, day("2026-08-21"), Plan::standard};
  const auto steps = plan_upgrade(rules, {{{1, 28}}, {1, 34}}, {Minor{1, 30}, Minor{1, 35}});
  REQUIRE(steps.size() == 4);
  for (std::size_t i = 0; i < 3; ++i) CHECK(to_string(steps[i].due->last_day) == "2026-08-31");
  CHECK(steps[0].due->expected);
  CHECK(to_string(steps[3].due->last_day) == "2026-11-30");
  CHECK(steps[3].due->what == "Kubernetes 1.34");
}

TEST_CASE("plans are those of the golden files, within 80 columns") {
  for (const Case& one : cases()) {
    INFO(one.name);
    const Repository repository(one.repository);
    const std::string plan = plan_for(repository.root(), "--as-of " + one.as_of + " " + one.arguments);
    const fs::path golden = testdata / "upgrade" / (one.name + ".expected");
    if (std::getenv("MESHLINT_UPDATE_GOLDEN") != nullptr) write_file(golden, plan);
    CHECK(plan == read_file(golden));
    std::istringstream lines(plan);
    for (std::string line; std::getline(lines, line);) {
      if (line.find("https://") == std::string::npos) CHECK(line.size() <= 80);
    }
  }
}

TEST_CASE("following a plan literally leaves nothing to find but dates") {
  for (const Case& one : cases()) {
    INFO(one.name);
    const Repository repository(one.repository);
    const auto before = findings_in(repository.root(), one.as_of);
    const Json plan =
        Json::parse(plan_for(repository.root(), "--as-of " + one.as_of + " " + one.arguments + " --format json"));
    Follower follower(repository.root());
    REQUIRE(!plan.at("steps").empty());
    bool is_mended = false;
    for (const Json& step : plan.at("steps")) {
      INFO(step.at("title"));
      follower.follow(step);
      if (is_mended) mend(repository.root() / "billing.yaml");
      auto after = findings_in(repository.root(), one.as_of);
      // What the plan says will break is for people to mend.
      for (const Json& finding : step.at("new_findings")) --after[finding.at("code").get<std::string>()];
      // On the way back into support a pair that does not fit cannot be avoided.
      if (step.at("recovery").get<bool>() || step.at("after").at("revisions").size() > 1) after.erase("MSH1001");
      for (const auto& [code, count] : after) {
        INFO(code);
        const auto known = before.find(code);
        CHECK(count <= (known == before.end() ? 0 : known->second));
      }
      is_mended = is_mended || std::ranges::any_of(step.at("new_findings"), [](const Json& finding) {
                    return finding.at("mended_by_step").is_null();
                  });
    }
    CHECK(plan_for(repository.root(), "--as-of " + one.as_of + " " + one.arguments).find("Nothing to do") !=
          std::string::npos);
  }
}

TEST_CASE("a plan that cannot be made is refused in one sentence that says what is missing") {
  const Repository sample("sample");
  const Repository small("upgrade/recovery");
  const TemporaryDirectory empty;
  write_file(empty.path() / "namespace.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n");
  const TemporaryDirectory unresolved;
  write_file(unresolved.path() / "cluster.yaml",
             "apiVersion: containerservice.azure.com/v20260301\nkind: ManagedCluster\nmetadata: {name: shop}\nspec:\n"
             "  kubernetesVersion: ${VERSION}\n  serviceMeshProfile: {mode: Istio, istio: {revisions: [asm-1-29]}}\n");
  struct Refusal {
    fs::path directory;
    std::string arguments;
    std::string words;
  };
  const std::vector<Refusal> refusals = {
      {sample.root(), "", "say which one to plan for with --cluster NAME"},
      {sample.root(), "--cluster nope", "only shop-prod and shop-staging"},
      {sample.root(), "--cluster ''", "--cluster takes the name of a cluster"},
      {small.root(), "--to 1.30", "--to takes a revision such as asm-1-30"},
      {small.root(), "--to asm-1-99", "does not know this revision"},
      {small.root(), "--to asm-1-24", "AKS does not go back to an older revision"},
      {small.root(), "--to asm-1-27", "out of support since 31 May 2026"},
      {small.root(), "--kubernetes new", "--kubernetes takes a version such as 1.35"},
      {small.root(), "--kubernetes 1.99", "does not know this version"},
      {small.root(), "--kubernetes 1.31", "AKS does not go back to an older version"},
      {small.root(), "--kubernetes 1.37", "it is not supported on 2026-08-21"},
      {small.root(), "--to asm-1-28 --kubernetes 1.36", "asm-1-28 runs on Kubernetes 1.30 to 1.35"},
      {small.root(), "--format sarif", "text, json or markdown"},
      {small.root(), "--revision asm-1-99", "does not know"},
      {empty.path(), "", "--revision asm-X-Y and --kubernetes-version V"},
      {unresolved.path(), "", "give it with --kubernetes-version"},
  };
  for (const Refusal& refusal : refusals) {
    INFO(refusal.arguments);
    const RunResult result = run_meshlint(refusal.directory, "upgrade --as-of 2026-08-21 " + refusal.arguments);
    CHECK(result.exit_code == 2);
    CHECK(result.output.empty());
    CHECK_THAT(result.errors, Catch::Contains(refusal.words));
    CHECK(std::ranges::count(result.errors, '\n') == 1);
  }
}

TEST_CASE("flags say what the files do not") {
  const TemporaryDirectory empty;
  const RunResult result = run_meshlint(
      empty.path(), "upgrade --as-of 2026-08-21 --revision asm-1-29 --kubernetes-version 1.35.2 --format json");
  REQUIRE(result.exit_code == 0);
  const Json plan = Json::parse(result.output);
  CHECK(plan.at("cluster").is_null());
  CHECK(plan.at("from").at("kubernetes") == "1.35");
  CHECK(plan.at("steps").size() == 3);
  CHECK(plan.at("steps")[0].at("commands")[1].get<std::string>().find("--revision asm-1-30") != std::string::npos);
  const std::string canary =
      "upgrade --as-of 2026-08-21 --kubernetes-version 1.35 --revision asm-1-30 --revision asm-1-29";
  const Json rest = Json::parse(run_meshlint(empty.path(), canary + " --format json").output);
  CHECK(rest.at("from").at("revisions") == Json({"asm-1-29", "asm-1-30"}));
  CHECK(rest.at("steps")[0].at("kind") == "move-workloads");
  const RunResult many = run_meshlint(empty.path(), canary + " --revision asm-1-28");
  CHECK(many.exit_code == 2);
  CHECK_THAT(many.errors, Catch::Contains("--revision gives 3 revisions"));
  const RunResult check = run_meshlint(empty.path(), "check --deadline");
  CHECK(check.exit_code == 2);
  CHECK_THAT(check.errors, Catch::Contains("only upgrade takes --deadline"));
}

TEST_CASE("names from files are text to Markdown and one word to the shell") {
  const TemporaryDirectory place;
  write_file(place.path() / "cluster.yaml",
             "apiVersion: containerservice.azure.com/v20260301\nkind: ManagedCluster\n"
             "metadata: {name: \"a`b<b>'; reboot\"}\nspec:\n  kubernetesVersion: \"1.35\"\n"
             "  serviceMeshProfile: {mode: Istio, istio: {revisions: [asm-1-29]}}\n");
  const RunResult result = run_meshlint(place.path(), "upgrade --as-of 2026-08-21 --format markdown --deadline");
  REQUIRE(result.exit_code == 0);
  CHECK_THAT(result.output, Catch::StartsWith("# Upgrade of cluster a\\`b\\<b\\>'; reboot\n"));
  CHECK_THAT(result.output, Catch::Contains("--name 'a`b<b>'\\''; reboot' --revision asm-1-30"));
  CHECK_THAT(result.output, Catch::Contains("When: by the end of Sep 2026 (expected)"));
}
