#include "linter/calendar.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "linter/page_date.h"
#include "linter/words.h"

namespace meshlint {
namespace {

constexpr std::chrono::months months_before{4};
constexpr int months_in_all = 36;
constexpr long near_days = 92;  // an end that is nearer is counted in days

bool is_known(const Deadline& deadline) {
  return deadline.last_day != no_day;
}

// A month, or a day where that is no month's last one.
std::string short_words(Date date) {
  const std::chrono::year_month_day day(date);
  const bool is_last = Date(day.year() / day.month() / std::chrono::last) == date;
  return is_last ? month_words(date) : day_words(date);
}

CalendarSpan span_until(SpanKind kind, std::optional<Date> first, const Deadline& end) {
  CalendarSpan span{kind, first, std::nullopt, end.expected, "not known", end.text};
  if (!is_known(end)) return span;
  span.last = end.last_day;
  span.end = short_words(end.last_day);
  return span;
}

std::string left_words(Date last, Date as_of) {
  const long left = (last - as_of).count();
  if (left == 0) return "last day";
  return left < near_days ? count_words(left, "day") + " left" : "supported";
}

std::string state_of(const MeshRevision& revision, std::optional<Date> release, Date as_of) {
  const Deadline& end = revision.end_of_life;
  if (release && *release > as_of) return "planned";
  if (!is_known(end)) return "no end known";
  if (!has_ended(end, as_of)) return left_words(end.last_day, as_of);
  if (end.expected) return may_have_slipped(end, as_of) ? "may have ended" : "most likely ended";
  return is_forecast(end, revision.citation) ? "due to have ended" : "ended";
}

CalendarRow row_of(const MeshRevision& revision, Date as_of) {
  const auto release = parse_page_date(revision.aks_release);
  CalendarRow row{.version = revision.revision,
                  .name = revision_name(revision.revision),
                  .release = {},
                  .release_words = "not known",
                  .spans = {},
                  .state = {},
                  .clusters = {}};
  if (release) row.release = release->last_day();
  if (row.release) row.release_words = short_words(*row.release);
  row.spans.push_back(span_until(SpanKind::mesh, row.release, revision.end_of_life));
  row.state = state_of(revision, row.release, as_of);
  row.is_over = is_out_of_support(revision, as_of);
  return row;
}

// Platform support ends on the day on which another version becomes generally available.
CalendarSpan platform_span(const KubernetesCalendar& calendar, const KubernetesVersion& version) {
  const KubernetesVersion* until = calendar.find(*version.platform_support_until);
  CalendarSpan span{SpanKind::platform,
                    version.end_of_life->last_day + std::chrono::days(1),
                    std::nullopt,
                    false,
                    fmt::format("with the release of {}", to_string(*version.platform_support_until)),
                    ""};
  if (until == nullptr || !until->generally_available) return span;
  span.last = *until->generally_available;
  span.end = fmt::format("{}, {}", short_words(*span.last), span.end);
  return span;
}

bool is_running(const CalendarSpan& span, Date as_of) {
  return (!span.first || *span.first <= as_of) && (!span.last || as_of <= *span.last);
}

std::string state_of(const CalendarRow& row, const KubernetesVersion& version, Date as_of) {
  if (row.release && *row.release > as_of) return "planned";
  const CalendarSpan* community = row.span(SpanKind::community);
  if (community != nullptr && is_running(*community, as_of)) {
    return community->last ? left_words(*community->last, as_of) : "no end known";
  }
  const CalendarSpan* long_term = row.span(SpanKind::long_term);
  const CalendarSpan* platform = row.span(SpanKind::platform);
  const bool has_long_term = long_term != nullptr && is_running(*long_term, as_of);
  const std::string_view rest = platform == nullptr || !is_running(*platform, as_of) ? ""
                                : platform->last                                     ? "platform"
                                                                                     : "platform?";
  if (has_long_term) return rest.empty() ? "LTS only" : fmt::format("LTS, {}", rest);
  if (!rest.empty()) return platform->last ? "platform only" : "platform?";
  const auto& end = version.lts_end_of_life ? version.lts_end_of_life : version.end_of_life;
  if (!end) return "not known";
  const Citation& source = version.lts_end_of_life ? version.lts_citation : version.citation;
  return is_forecast(*end, source) ? "due to have ended" : "ended";
}

CalendarRow row_of(const KubernetesCalendar& calendar, const KubernetesVersion& version, Date as_of) {
  CalendarRow row{.version = version.version,
                  .name = to_string(version.version),
                  .release = version.generally_available,
                  .release_words = "not known",
                  .spans = {},
                  .state = {},
                  .clusters = {}};
  if (row.release) row.release_words = short_words(*row.release);
  if (version.end_of_life) row.spans.push_back(span_until(SpanKind::community, row.release, *version.end_of_life));
  if (version.lts_end_of_life) {
    const bool follows = version.end_of_life && is_known(*version.end_of_life);
    const auto first = follows ? version.end_of_life->last_day + std::chrono::days(1) : row.release;
    row.spans.push_back(span_until(SpanKind::long_term, first, *version.lts_end_of_life));
  }
  const bool has_platform = version.platform_support_until && version.end_of_life && is_known(*version.end_of_life);
  if (has_platform) row.spans.push_back(platform_span(calendar, version));
  row.state = state_of(row, version, as_of);
  row.is_over = std::ranges::none_of(row.spans, [&](const CalendarSpan& span) {
    return span.kind == SpanKind::platform ? is_running(span, as_of) : !span.last || as_of <= *span.last;
  });
  return row;
}

bool touches(const CalendarSpan& span, Date first, Date last) {
  return (!span.last || *span.last >= first) && (!span.first || *span.first <= last);
}

void choose_shown(const Calendar& calendar, std::vector<CalendarRow>& rows) {
  for (CalendarRow& row : rows) {
    row.is_shown = !row.clusters.empty() || std::ranges::any_of(row.spans, [&](const CalendarSpan& span) {
      return span.kind != SpanKind::platform && touches(span, calendar.first_day(), calendar.last_day());
    });
  }
}

void place_clusters(Calendar& calendar) {
  for (std::size_t i = 0; i < calendar.clusters.size(); ++i) {
    const CalendarCluster& cluster = calendar.clusters[i];
    for (CalendarRow& row : calendar.revisions) {
      if (contains(cluster.revisions, row.version)) row.clusters.push_back(i);
    }
    for (CalendarRow& row : calendar.kubernetes) {
      if (cluster.kubernetes == row.version) row.clusters.push_back(i);
    }
  }
}

CompatibilityMatrix make_matrix(const Policy& policy, const Calendar& calendar, bool all) {
  CompatibilityMatrix matrix;
  std::set<Minor> versions;
  for (const CalendarRow& row : calendar.kubernetes) {
    if (all || row.is_shown) versions.insert(row.version);
  }
  for (const CalendarCluster& cluster : calendar.clusters) {
    if (cluster.kubernetes) versions.insert(*cluster.kubernetes);
  }
  for (std::size_t i = 0; i < calendar.revisions.size(); ++i) {
    if (!all && !calendar.revisions[i].is_shown) continue;
    const MeshRevision& revision = policy.releases().revisions[i];
    matrix.revisions.push_back(revision.revision);
    versions.insert(revision.kubernetes.begin(), revision.kubernetes.end());
    versions.insert(revision.kubernetes_lts.begin(), revision.kubernetes_lts.end());
  }
  matrix.kubernetes.assign(versions.begin(), versions.end());
  for (const Minor name : matrix.revisions) {
    const MeshRevision& revision = *policy.releases().find(name);
    std::vector<CompatibilityCell> cells;
    for (const Minor version : matrix.kubernetes) {
      CompatibilityCell cell{
          contains(revision.kubernetes, version), contains(revision.kubernetes_lts, version), true, {}};
      cell.is_known = cell.standard || cell.long_term || !is_beyond_data(policy, version);
      for (std::size_t i = 0; i < calendar.clusters.size(); ++i) {
        const CalendarCluster& cluster = calendar.clusters[i];
        if (cluster.kubernetes == version && contains(cluster.revisions, name)) cell.clusters.push_back(i);
      }
      cells.push_back(std::move(cell));
    }
    matrix.cells.push_back(std::move(cells));
  }
  return matrix;
}

void add_source(std::vector<Citation>& sources, const Citation& source) {
  const bool is_there = source.empty() || std::ranges::any_of(sources, [&](const Citation& other) {
                          return other.page == source.page && other.section == source.section;
                        });
  if (!is_there) sources.push_back(source);
}

std::vector<Citation> sources_of(const Policy& policy) {
  std::vector<Citation> sources;
  for (const Citation* source : {&policy.releases().citation, &policy.releases().compatibility,
                                 &policy.kubernetes().citation, &policy.kubernetes().lts_citation}) {
    add_source(sources, *source);
  }
  for (const MeshRevision& revision : policy.releases().revisions) {
    add_source(sources, revision.citation);
    add_source(sources, revision.compatibility);
  }
  for (const KubernetesVersion& version : policy.kubernetes().versions) {
    add_source(sources, version.citation);
    if (version.lts_end_of_life) add_source(sources, version.lts_citation);
  }
  return sources;
}

// What ends with an event that has no day yet.
std::string open_ends_words(const Calendar& calendar) {
  std::vector<std::string> words;
  for (const CalendarRow& row : calendar.kubernetes) {
    const CalendarSpan* span = row.span(SpanKind::platform);
    if (row.is_shown && span != nullptr && !span->last) words.push_back(fmt::format("{} {}", row.name, span->end));
  }
  if (words.empty()) return "";
  return fmt::format("Platform support ends on days that are not known yet: that of {}", list_words(words));
}

std::vector<std::string> notes_of(const Calendar& calendar) {
  const long age = (calendar.as_of - calendar.data_date).count();
  const std::string read = fmt::format("The pages were read on {}{}", day_words(calendar.data_date),
                                       age > 0 ? fmt::format(", {} before this day", count_words(age, "day")) : "");
  std::vector<std::string> notes{
      read + ": days after that are what they announced, and may have moved since",
      fmt::format("A month stands for its last day; an end that is only expected has come up to {} later",
                  count_words(largest_slip.count(), "month")),
      "Platform support leaves out add-ons such as the mesh"};
  if (auto words = open_ends_words(calendar); !words.empty()) notes.push_back(std::move(words));
  return notes;
}

// "asm-1-17 to asm-1-23 and asm-1-25": rows beside each other stand for those between them.
std::string list_rows(const std::vector<CalendarRow>& rows, const std::vector<std::size_t>& chosen) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < chosen.size();) {
    std::size_t last = i;
    while (last + 1 < chosen.size() && chosen[last + 1] == chosen[last] + 1) ++last;
    words.push_back(last == i ? rows[chosen[i]].name
                              : fmt::format("{} to {}", rows[chosen[i]].name, rows[chosen[last]].name));
    i = last + 1;
  }
  return list_words(words);
}

void add_left_out(const Calendar& calendar, const std::vector<CalendarRow>& rows, std::string_view prefix,
                  std::vector<std::string>& sentences) {
  std::vector<std::size_t> past;
  std::vector<std::size_t> future;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].is_shown) continue;
    (rows[i].release && *rows[i].release > calendar.last_day() ? future : past).push_back(i);
  }
  const auto add = [&](std::string_view what, const std::vector<std::size_t>& chosen) {
    if (!chosen.empty()) {
      sentences.push_back(fmt::format("{}, and left out: {}{}", what, prefix, list_rows(rows, chosen)));
    }
  };
  add("Ended before " + month_words(calendar.first_day()), past);
  add("Released after " + month_words(calendar.last_day()), future);
}

}  // namespace

const CalendarSpan* CalendarRow::span(SpanKind kind) const {
  const auto found = std::ranges::find(spans, kind, &CalendarSpan::kind);
  return found == spans.end() ? nullptr : &*found;
}

Calendar make_calendar(const Repository& repository, const Options& options, const CalendarRequest& request) {
  const Policy& policy = repository.context.policy();
  Calendar calendar{.as_of = options.as_of,
                    .data_date = policy.data_date(),
                    .first_month = {},
                    .months = months_in_all,
                    .revisions = {},
                    .kubernetes = {},
                    .matrix = {},
                    .full_matrix = {},
                    .clusters = calendar_clusters(repository, options, request),
                    .standard_plan = policy.revision_rules().standard_plan,
                    .long_term_plan = policy.revision_rules().lts_plan,
                    .notes = {},
                    .sources = sources_of(policy)};
  const std::chrono::year_month_day day(options.as_of);
  calendar.first_month = day.year() / day.month() - months_before;
  for (const MeshRevision& revision : policy.releases().revisions) {
    calendar.revisions.push_back(row_of(revision, options.as_of));
  }
  for (const KubernetesVersion& version : policy.kubernetes().versions) {
    calendar.kubernetes.push_back(row_of(policy.kubernetes(), version, options.as_of));
  }
  place_clusters(calendar);
  choose_shown(calendar, calendar.revisions);
  choose_shown(calendar, calendar.kubernetes);
  calendar.matrix = make_matrix(policy, calendar, false);
  calendar.full_matrix = make_matrix(policy, calendar, true);
  calendar.notes = notes_of(calendar);
  return calendar;
}

std::string marks_of(const Calendar& calendar, const std::vector<std::size_t>& clusters) {
  std::string marks;
  for (const std::size_t cluster : clusters) marks += calendar.clusters[cluster].mark;
  return marks;
}

std::string facts_of(const CalendarCluster& cluster) {
  const bool is_pair = !cluster.revisions.empty() && cluster.kubernetes;
  return fmt::format("{}{}{}, {}", cluster.mesh_words, is_pair ? " on " : ", ", cluster.kubernetes_words,
                     cluster.plan_words);
}

std::string_view span_name(SpanKind kind) {
  switch (kind) {
    case SpanKind::mesh: return "mesh support";
    case SpanKind::community: return "community support";
    case SpanKind::long_term: return "long-term support";
    case SpanKind::platform: return "platform support";
  }
  return "";
}

std::vector<std::string> left_out_words(const Calendar& calendar) {
  std::vector<std::string> sentences;
  add_left_out(calendar, calendar.revisions, "", sentences);
  add_left_out(calendar, calendar.kubernetes, "Kubernetes ", sentences);
  return sentences;
}

}  // namespace meshlint
