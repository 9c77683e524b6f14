#include "linter/support.h"

#include <fmt/format.h>

#include <algorithm>

#include "linter/page_date.h"

namespace meshlint {
namespace {

std::string_view month_name(Date date) {
  constexpr std::string_view names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return names[static_cast<unsigned>(std::chrono::year_month_day(date).month()) - 1];
}

// A month means its last day: until then the revision is not in every region.
bool is_on_aks(const MeshRevision& revision, Date as_of) {
  const auto release = parse_page_date(revision.aks_release);
  const auto day = release ? release->last_day() : std::nullopt;
  return !day || *day <= as_of;
}

bool is_month(const Deadline& deadline) {
  const std::chrono::year_month_day day(deadline.last_day);
  return Date(day.year() / day.month() / std::chrono::last) == deadline.last_day;
}

}  // namespace

Plan plan_of(const Fact<std::string>& support_plan) {
  if (!support_plan.has_value()) return Plan::unknown;
  return support_plan.value == "AKSLongTermSupport" ? Plan::lts : Plan::standard;
}

bool fits(const MeshRevision& revision, Minor kubernetes, Plan plan) {
  return contains(plan == Plan::lts ? revision.kubernetes_lts : revision.kubernetes, kubernetes);
}

const std::optional<Deadline>& end_of_support(const KubernetesVersion& version, Plan plan) {
  return plan == Plan::lts ? version.lts_end_of_life : version.end_of_life;
}

bool has_ended(const Deadline& deadline, Date as_of) {
  return as_of > deadline.last_day;
}

bool may_have_slipped(const Deadline& deadline, Date as_of) {
  return deadline.expected && as_of <= deadline.latest_day();
}

bool is_out_of_support(const MeshRevision& revision, Date as_of) {
  return has_ended(revision.end_of_life, as_of) && !may_have_slipped(revision.end_of_life, as_of);
}

bool is_out_on_aks(const MeshRevision& revision, Date as_of) {
  if (revision.citation.in_house && !revision.aks_end_of_life) return false;
  return has_ended(revision.end_on_aks(), as_of) && !may_have_slipped(revision.end_on_aks(), as_of);
}

std::optional<EndOnAks> end_on_aks(const KubernetesVersion& version, Plan plan) {
  const bool is_long_term = plan == Plan::lts;
  const auto& own = is_long_term ? version.aks_lts_end_of_life : version.aks_end_of_life;
  if (own) return EndOnAks{*own, is_long_term ? version.aks_lts_citation : version.aks_citation};
  const Citation& citation = is_long_term ? version.lts_citation : version.citation;
  const auto& end = end_of_support(version, plan);
  if (!end || citation.in_house) return std::nullopt;
  return EndOnAks{*end, citation};
}

bool is_beyond_data(const Policy& policy, Minor kubernetes) {
  const KubernetesVersion* entry = policy.kubernetes().find(kubernetes);
  if (entry != nullptr && entry->generally_available && *entry->generally_available > policy.data_date()) return true;
  const auto reaches = [kubernetes](const std::vector<Minor>& versions) {
    return !versions.empty() && versions.back() >= kubernetes;
  };
  return std::ranges::none_of(policy.releases().revisions, [&reaches](const MeshRevision& row) {
    return reaches(row.kubernetes) || reaches(row.kubernetes_lts);
  });
}

std::string day_words(Date date) {
  return fmt::format("{} {}", static_cast<unsigned>(std::chrono::year_month_day(date).day()), month_words(date));
}

std::string month_words(Date date) {
  return fmt::format("{} {}", month_name(date), static_cast<int>(std::chrono::year_month_day(date).year()));
}

bool is_forecast(const Deadline& deadline, const Citation& citation) {
  return to_string(deadline.last_day) > citation.date;
}

std::string limit_words(const Deadline& deadline) {
  return is_month(deadline) ? "the end of " + month_words(deadline.last_day) : day_words(deadline.last_day);
}

std::string end_words(const Deadline& deadline) {
  return is_month(deadline) ? "in " + month_words(deadline.last_day) : "on " + day_words(deadline.last_day);
}

std::vector<Minor> supported_revisions(const Policy& policy, Date as_of, std::optional<Minor> kubernetes, Plan plan) {
  std::vector<Minor> supported;
  for (const MeshRevision& revision : policy.releases().revisions) {
    if (!is_on_aks(revision, as_of) || is_out_of_support(revision, as_of)) continue;
    if (!kubernetes || fits(revision, *kubernetes, plan)) supported.push_back(revision.revision);
  }
  return supported;
}

std::vector<Minor> supported_kubernetes(const Policy& policy, Date as_of, Plan plan) {
  std::vector<Minor> supported;
  for (const KubernetesVersion& version : policy.kubernetes().versions) {
    const auto& end = end_of_support(version, plan);
    const bool is_available = version.generally_available && *version.generally_available <= as_of;
    if (is_available && end && !has_ended(*end, as_of)) supported.push_back(version.version);
  }
  return supported;
}

std::vector<Minor> upgrade_targets(const Policy& policy, Date as_of, Minor revision, std::optional<Minor> kubernetes,
                                   Plan plan) {
  const Minor next{revision.major, revision.minor + 1};
  const MeshRevision* next_row = policy.releases().find(next);
  const bool next_is_supported = next_row != nullptr && is_on_aks(*next_row, as_of) && !is_out_on_aks(*next_row, as_of);
  std::vector<Minor> targets;
  for (const Minor supported : supported_revisions(policy, as_of, kubernetes, plan)) {
    if (supported <= revision) continue;
    const bool is_in_reach = next_is_supported ? supported.minor <= next.minor + 1 : targets.empty();
    if (is_in_reach) targets.push_back(supported);
  }
  return targets;
}

}  // namespace meshlint
