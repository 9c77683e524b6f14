#include "linter/policy_verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "linter/page_date.h"
#include "linter/words.h"

namespace meshlint {
namespace {

constexpr std::string_view releases_table = "release-calendar";
constexpr std::string_view kubernetes_table = "kubernetes-calendar";

// The days on which support is judged; a deadline without a day never passes.
bool is_live(const MeshRevision& revision, Date day) {
  return !revision.last_seen && revision.end_of_life.last_day >= day;
}

class Verification {
 public:
  Verification(const Policy& policy, const VerifyOptions& options) : policy_(policy), options_(options) {}

  std::vector<PolicyFinding> run() {
    check_age();
    for (const MeshRevision& revision : policy_.releases().revisions) check_revision(revision);
    check_order_of_ends();
    for (const KubernetesVersion& version : policy_.kubernetes().versions) check_version(version);
    return std::move(findings_);
  }

 private:
  void add(Severity severity, std::string_view table, std::string subject, std::string sentence) {
    findings_.push_back({severity, std::string(table), std::move(subject), std::move(sentence)});
  }

  void check_age() {
    const long age = (options_.as_of - policy_.data_date()).count();
    if (age <= options_.stale_days) return;
    add(Severity::warning, "sources", "",
        fmt::format("the newest page was read on {}, {} ago: import the pages again", to_string(policy_.data_date()),
                    count_words(age, "day")));
  }

  void check_revision(const MeshRevision& revision) {
    const std::string name = revision_name(revision.revision);
    const Deadline& end = revision.end_of_life;
    if (end.expected && end.last_day < options_.as_of && !revision.last_seen) {
      add(Severity::warning, releases_table, name,
          fmt::format("{}: the expected end of life, {}, has passed: whether it is supported is not known", name,
                      meshlint::quoted(end.text)));
    }
    for (const auto& [list, plan] : {std::pair(&revision.kubernetes, std::string_view("KubernetesOfficial")),
                                     std::pair(&revision.kubernetes_lts, std::string_view("AKSLongTermSupport"))}) {
      if (const auto hole = find_hole(*list)) {
        add(Severity::warning, releases_table, name,
            fmt::format("{} runs on Kubernetes {} and {} under {}, and not on what lies between", name,
                        to_string(hole->first), to_string(hole->second), plan));
      }
    }
    for (const Minor version : revision.kubernetes) {
      if (revision.kubernetes_lts.empty() || contains(revision.kubernetes_lts, version)) continue;
      add(Severity::warning, releases_table, name,
          fmt::format("{} runs on Kubernetes {} under KubernetesOfficial, and not under AKSLongTermSupport", name,
                      to_string(version)));
    }
  }

  static std::optional<std::pair<Minor, Minor>> find_hole(const std::vector<Minor>& versions) {
    const auto hole = std::ranges::adjacent_find(
        versions, [](Minor left, Minor right) { return left.major == right.major && left.minor + 1 != right.minor; });
    if (hole == versions.end()) return std::nullopt;
    return std::pair(*hole, *std::next(hole));
  }

  // A revision is supported until newer ones are there: an older one that outlives a newer one is a mistake.
  void check_order_of_ends() {
    const MeshRevision* previous = nullptr;
    for (const MeshRevision& revision : policy_.releases().revisions) {
      if (previous != nullptr && previous->end_of_life.last_day > revision.end_of_life.last_day &&
          previous->end_of_life.last_day != no_day) {
        add(Severity::error, releases_table, revision_name(revision.revision),
            fmt::format("{} ends ({}) before the older {} ({})", revision_name(revision.revision),
                        meshlint::quoted(revision.end_of_life.text), revision_name(previous->revision),
                        meshlint::quoted(previous->end_of_life.text)));
      }
      previous = &revision;
    }
  }

  void check_version(const KubernetesVersion& version) {
    const std::string name = fmt::format("Kubernetes {}", to_string(version.version));
    if (!version.last_seen && !version.end_of_life) {
      add(Severity::warning, kubernetes_table, name, fmt::format("{} has no end of life", name));
    }
    check_coverage(version, version.end_of_life, &MeshRevision::kubernetes, "under KubernetesOfficial");
    check_coverage(version, version.lts_end_of_life, &MeshRevision::kubernetes_lts, "under AKSLongTermSupport");
    check_platform_support(version, name);
  }

  // Whether some revision that is supported runs on a version as long as the version itself is supported.
  void check_coverage(const KubernetesVersion& version, const std::optional<Deadline>& end,
                      std::vector<Minor> MeshRevision::*list, std::string_view plan) {
    if (!end || end->last_day < options_.as_of || version.last_seen) return;
    const std::string name = fmt::format("Kubernetes {}", to_string(version.version));
    const MeshRevision* last = nullptr;
    bool known = false;
    for (const MeshRevision& revision : policy_.releases().revisions) {
      if (!contains(revision.*list, version.version)) continue;
      known = true;
      const bool later = last == nullptr || revision.end_of_life.last_day > last->end_of_life.last_day;
      if (is_live(revision, options_.as_of) && later) last = &revision;
    }
    const std::string supported = fmt::format("{} is supported {} until {}", name, plan, to_string(end->last_day));
    if (!known) {
      add(Severity::warning, kubernetes_table, name,
          fmt::format("{}, and the calendar has no revision that runs on it", supported));
      return;
    }
    // Newer revisions will come, and most likely run on what the newest one runs on.
    const MeshRevision& newest = policy_.releases().revisions.back();
    if (contains(newest.*list, version.version)) return;
    if (last == nullptr) {
      add(Severity::warning, kubernetes_table, name,
          fmt::format("{}, and no supported revision runs on it", supported));
    } else if (last->end_of_life.last_day < end->last_day) {
      add(Severity::warning, kubernetes_table, name,
          fmt::format("{}, and no revision runs on it after {}: then {} {}, and the newest, {}, does not", supported,
                      to_string(last->end_of_life.last_day), revision_name(last->revision),
                      last->end_of_life.expected ? "is expected to end" : "ends", revision_name(newest.revision)));
    }
  }

  // The release that ends platform support must come behind all that the page calls supported.
  void check_platform_support(const KubernetesVersion& version, const std::string& name) {
    if (!version.platform_support_until || !version.end_of_life) return;
    const KubernetesVersion* release = policy_.kubernetes().find(*version.platform_support_until);
    if (release == nullptr || !release->generally_available) return;
    if (*release->generally_available >= version.end_of_life->last_day) return;
    add(Severity::warning, kubernetes_table, name,
        fmt::format("{}: platform support ends with the release of {} ({}), before community support does ({})", name,
                    to_string(release->version), to_string(*release->generally_available),
                    to_string(version.end_of_life->last_day)));
  }

  const Policy& policy_;
  const VerifyOptions& options_;
  std::vector<PolicyFinding> findings_;
};

}  // namespace

std::vector<PolicyFinding> verify_policy(const Policy& policy, const VerifyOptions& options) {
  return Verification(policy, options).run();
}

}  // namespace meshlint
