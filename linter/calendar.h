// Support windows as a timeline, what runs on what, and where the repository's clusters stand in both on a day.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "linter/engine.h"
#include "linter/support.h"

namespace meshlint {

enum class SpanKind : std::uint8_t { mesh, community, long_term, platform };

constexpr std::string_view to_string(SpanKind kind) {
  switch (kind) {
    case SpanKind::mesh: return "mesh";
    case SpanKind::community: return "community";
    case SpanKind::long_term: return "long-term";
    case SpanKind::platform: return "platform";
  }
  return "";
}

// A stretch of support.
struct CalendarSpan {
  SpanKind kind = SpanKind::mesh;
  std::optional<Date> first;  // nothing where the beginning is not known
  std::optional<Date> last;   // the last day; nothing where the end is not known
  bool is_expected = false;   // the page only expects the end
  std::string end;            // "Aug 2026", "22 Aug 2025", "until 1.38 is released"
  std::string text;           // as the page writes the end; empty for platform support
};

// A mesh revision or a Kubernetes version.
struct CalendarRow {
  Minor version;
  std::string name;                 // "asm-1-28", "1.34"
  std::optional<Date> release;      // its last day, where a month is stated
  std::string release_words;        // "Jan 2026", "not known"
  std::vector<CalendarSpan> spans;  // by the order of `SpanKind`
  std::string state;                // on the day: "supported", "10 days left", "ended"
  bool is_over = false;             // no support is left
  bool is_shown = true;             // something of it is in the window, or a cluster runs it
  std::vector<std::size_t> clusters;

  const CalendarSpan* span(SpanKind kind) const;
};

// What is said of a cluster, the most pressing first.
struct ClusterRemark {
  enum class Kind : std::uint8_t { over, soon, unknown, good };
  Kind kind = Kind::good;
  std::string text;  // a sentence without a full stop
};

struct CalendarCluster {
  std::string mark;                 // "A"
  std::string name;                 // sanitized; "the cluster in infra/main.bicep:3:1" where it is not known
  std::vector<std::string> places;  // of its definitions, sanitized
  std::vector<Minor> revisions;     // those that are known, ascending
  std::optional<Minor> kubernetes;
  Plan plan = Plan::unknown;
  std::string mesh_words;        // "asm-1-28 and asm-1-29", "no mesh", "revision not known"
  std::string kubernetes_words;  // "Kubernetes 1.34", "Kubernetes version not known"
  std::string plan_words;        // "KubernetesOfficial", "support plan not known"
  std::vector<ClusterRemark> remarks;
};

struct CompatibilityCell {
  bool standard = false;
  bool long_term = false;
  bool is_known = true;  // false where the version is newer than the data
  std::vector<std::size_t> clusters;
};

// What runs on what.
struct CompatibilityMatrix {
  std::vector<Minor> kubernetes;                      // of the columns
  std::vector<Minor> revisions;                       // of the rows
  std::vector<std::vector<CompatibilityCell>> cells;  // by row, then column
};

// What `meshlint calendar` is asked.
struct CalendarRequest {
  std::string cluster;  // --cluster; empty: all that the paths name
};

struct Calendar {
  Date as_of{};
  Date data_date{};
  std::chrono::year_month first_month;  // of the window
  int months = 0;
  std::vector<CalendarRow> revisions;   // all of them, ascending
  std::vector<CalendarRow> kubernetes;  // all of them, ascending
  CompatibilityMatrix matrix;           // of the rows that are shown
  CompatibilityMatrix full_matrix;
  std::vector<CalendarCluster> clusters;
  std::string standard_plan;  // KubernetesOfficial
  std::string long_term_plan;
  std::vector<std::string> notes;  // sentences on how to read the calendar, without full stops
  std::vector<Citation> sources;

  Date first_day() const { return first_month / std::chrono::day(1); }
  Date last_day() const { return (first_month + std::chrono::months(months - 1)) / std::chrono::last; }
};

// Throws UsageError when there is no cluster of the name asked for.
Calendar make_calendar(const Repository& repository, const Options& options, const CalendarRequest& request);

// The clusters that the calendar is to show and what is known of each, with what the calendars say of it on the day.
std::vector<CalendarCluster> calendar_clusters(const Repository& repository, const Options& options,
                                               const CalendarRequest& request);

// The marks of clusters, one behind the other: "AC".
std::string marks_of(const Calendar& calendar, const std::vector<std::size_t>& clusters);

// "asm-1-28 on Kubernetes 1.34, KubernetesOfficial".
std::string facts_of(const CalendarCluster& cluster);

// "mesh support", "community support", "long-term support", "platform support".
std::string_view span_name(SpanKind kind);

// Rows that are not shown, as one sentence: "Ended before Feb 2026, and left out: asm-1-17 to asm-1-25"; empty for
// none.
std::vector<std::string> left_out_words(const Calendar& calendar);

// For people, within 80 columns where paths and names allow it.
std::string report_calendar_text(const Calendar& calendar);

// {"version": 1, "as_of": ..., "revisions": [...], "kubernetes": [...], "compatibility": [...], "clusters": [...]}.
std::string report_calendar_json(const Calendar& calendar);

// A drawing of its own: the timeline, the matrix, the clusters and the sources.
std::string report_calendar_svg(const Calendar& calendar);

// A page of its own: without script, and without anything from the network.
std::string report_calendar_html(const Calendar& calendar);

}  // namespace meshlint
