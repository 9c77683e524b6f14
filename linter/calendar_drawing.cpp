#include "linter/calendar_drawing.h"

#include <fmt/format.h>

#include <algorithm>

#include "linter/sanitize.h"
#include "linter/words.h"

namespace meshlint {
namespace {

// In pixels of CSS.
constexpr int labels_width = 172;
constexpr double month_width = 22;
constexpr int axis_height = 58;
constexpr int heading_height = 34;
constexpr int row_height = 38;
constexpr double bar_top = 9;
constexpr double bar_height = 16;
constexpr double mark_radius = 9;
constexpr std::size_t most_marks = 8;

struct Stretch {
  double from = 0;
  double to = 0;
  bool is_cut_before = false;
  bool is_cut_behind = false;
  double width() const { return to - from; }
};

class Timeline {
 public:
  explicit Timeline(const Calendar& calendar)
      : calendar_(calendar), chart_width_(month_width * static_cast<double>(calendar.months)) {}

  TimelineDrawing draw() {
    const auto mesh = shown(calendar_.revisions);
    const auto kubernetes = shown(calendar_.kubernetes);
    height_ = axis_height + 2 * heading_height +
              row_height * static_cast<double>(std::max<std::size_t>(mesh.size(), 1)) +
              row_height * static_cast<double>(std::max<std::size_t>(kubernetes.size(), 1)) + 8;
    draw_grid();
    y_ = axis_height;
    draw_section("Mesh revisions", mesh);
    draw_section("Kubernetes versions", kubernetes);
    draw_today();
    return {std::move(labels_), std::move(chart_) + marks_, labels_width, static_cast<int>(chart_width_),
            static_cast<int>(height_)};
  }

 private:
  static std::vector<const CalendarRow*> shown(const std::vector<CalendarRow>& rows) {
    std::vector<const CalendarRow*> result;
    for (const CalendarRow& row : rows) {
      if (row.is_shown) result.push_back(&row);
    }
    return result;
  }

  // Where a day begins, or the day after it.
  double x_of(Date date) const {
    const std::chrono::year_month_day day(date);
    const auto month = day.year() / day.month();
    const std::chrono::year_month_day last(month / std::chrono::last);
    const double in_month = static_cast<double>(static_cast<unsigned>(day.day()) - 1) /
                            static_cast<double>(static_cast<unsigned>(last.day()));
    return month_width * (static_cast<double>((month - calendar_.first_month).count()) + in_month);
  }

  double x_today() const { return x_of(calendar_.as_of) + month_width / 60; }

  Stretch stretch(std::optional<Date> first, Date last) const {
    const double from = first ? x_of(*first) : 0;
    const double to = x_of(last + std::chrono::days(1));
    return {std::clamp(from, 0.0, chart_width_), std::clamp(to, 0.0, chart_width_), !first || from<0, to> chart_width_};
  }

  void draw_grid() {
    std::string lines;
    std::string words;
    for (int i = 0; i < calendar_.months; ++i) {
      const auto month = calendar_.first_month + std::chrono::months(i);
      const unsigned number = static_cast<unsigned>(month.month());
      const double x = month_width * i;
      const bool is_year = number == 1;
      if (number % 3 == 1) {
        lines += fmt::format("<path class=\"{}\" d=\"M{:.1f} {}V{:.1f}\"/>\n", is_year ? "year-line" : "grid-line", x,
                             is_year ? 24 : 42, height_);
        if (x + 30 < chart_width_)
          words += draw_text(x + 5, 51, "tick", month_words(Date(month / std::chrono::day(1))).substr(0, 3));
      }
      const bool has_room = x + 40 < chart_width_;
      if (has_room && (is_year || (i == 0 && number < 11))) {
        words += draw_text(x + 5, 35, "year", std::to_string(static_cast<int>(month.year())));
      }
    }
    chart_ += lines + words;
  }

  void draw_section(std::string_view title, const std::vector<const CalendarRow*>& rows) {
    labels_ += draw_text(0, y_ + 23, "section", title);
    chart_ += fmt::format("<path class=\"rule\" d=\"M0 {0:.1f}H{1:.1f}\"/>\n", y_ + heading_height - 2, chart_width_);
    labels_ += fmt::format("<path class=\"rule\" d=\"M0 {0:.1f}H{1}\"/>\n", y_ + heading_height - 2, labels_width);
    y_ += heading_height;
    if (rows.empty()) {
      labels_ += draw_text(0, y_ + 22, "small", "none in these months");
      y_ += row_height;
    }
    for (const auto* row : rows) {
      draw_row(*row);
      y_ += row_height;
    }
  }

  static std::string dates_of(const CalendarRow& row) {
    std::vector<std::string> words;
    for (const CalendarSpan& span : row.spans) {
      if (span.kind == SpanKind::platform) continue;
      const std::string end = !span.last ? "end not known" : span.is_expected ? span.end + ", expected" : span.end;
      words.push_back(span.kind == SpanKind::long_term ? "LTS " + end : end);
    }
    return fmt::format("{}", fmt::join(words, " · "));
  }

  void draw_row(const CalendarRow& row) {
    labels_ +=
        fmt::format("<text class=\"{}\" x=\"0\" y=\"{:.1f}\">{}<tspan class=\"state\" dx=\"7\">{}</tspan></text>\n",
                    row.is_over ? "name over" : "name", y_ + 16, row.name, row.state);
    labels_ += draw_text(0, y_ + 31, "small", dates_of(row));
    chart_ += fmt::format("<g class=\"{}\">\n", row.is_over ? "row over" : "row");
    for (const CalendarSpan& span : row.spans) {
      if (span.kind == SpanKind::platform) {
        draw_platform(span);
      } else {
        draw_bar(span, row.clusters.size());
      }
    }
    chart_ += "</g>\n";
    draw_marks(row);
  }

  static std::string_view words_in(SpanKind kind, double width) {
    if (kind == SpanKind::community && width > 76) return "community";
    return kind == SpanKind::long_term && width > 34 ? "LTS" : "";
  }

  void draw_rect(std::string_view style, double x, double y, double width, double height) {
    chart_ += fmt::format("<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n", style,
                          x, y, width, height);
  }

  // Where words may begin that would begin on the line of the day or under the marks beside it.
  double clear_of_day(double x, std::size_t marks) const {
    const double day = x_today();
    const double behind = day + 8 + 24 * static_cast<double>(std::min(marks, most_marks));
    constexpr double room = 74;
    return x + room > day && x < behind ? behind : x;
  }

  void draw_bar(const CalendarSpan& span, std::size_t marks) {
    const double top = y_ + bar_top;
    const Date known_until = span.last ? *span.last : std::max(calendar_.as_of, span.first.value_or(calendar_.as_of));
    const Stretch body = stretch(span.first, known_until);
    if (body.width() > 0) {
      draw_rect(fmt::format("bar {}", to_string(span.kind)), body.from, top, body.width(), bar_height);
      if (span.kind == SpanKind::long_term) draw_rect("hatched", body.from, top, body.width(), bar_height);
      const double x = clear_of_day(body.from + 7, marks);
      const auto words = words_in(span.kind, body.to - x);
      if (!words.empty()) chart_ += draw_text(x, top + 12, "in-bar", words);
    }
    if (!span.last) {
      draw_open(body.to, top, "end not known");
    } else if (span.is_expected) {
      draw_expected(*span.last, top);
    } else if (body.width() > 0 && !body.is_cut_behind) {
      chart_ +=
          fmt::format("<path class=\"cap\" d=\"M{:.1f} {:.1f}v{:.1f}\"/>\n", body.to - 1, top - 3, bar_height + 6);
    }
    if (body.is_cut_behind && span.last && body.width() > 0) {
      chart_ += draw_text(chart_width_ - 12, top + 12, "in-bar", "›");
    }
  }

  // An end without a day: an outline that stays open.
  void draw_open(double from, double top, std::string_view words) {
    const double to = std::min(from + 4 * month_width, chart_width_);
    if (to <= from) return;
    chart_ += fmt::format("<path class=\"open\" d=\"M{0:.1f} {1:.1f}H{2:.1f}M{0:.1f} {3:.1f}H{2:.1f}\"/>\n", from, top,
                          to, top + bar_height);
    chart_ += draw_text(from + 6, top + 12, "chart-note", fmt::format("? {}", words));
  }

  // After an expected end, as long as such ends have slipped.
  void draw_expected(Date last, double top) {
    const std::chrono::year_month_day day(last);
    const Date latest = (day.year() / day.month() + largest_slip) / std::chrono::last;
    const Stretch slip = stretch(last + std::chrono::days(1), latest);
    if (slip.width() <= 0) return;
    draw_rect("slip", slip.from, top + 0.5, slip.width(), bar_height - 1);
    if (!slip.is_cut_behind) chart_ += draw_text(slip.to + 6, top + 12, "chart-note", "expected");
  }

  void draw_platform(const CalendarSpan& span) {
    const double top = y_ + bar_top + bar_height + 4;
    if (span.last) {
      const Stretch body = stretch(span.first, *span.last);
      if (body.width() > 0) draw_rect("platform", body.from, top, body.width(), 4);
      return;
    }
    const double from = std::clamp(x_of(*span.first), 0.0, chart_width_);
    const double to = std::min(from + 3 * month_width, chart_width_);
    if (to <= from) return;
    chart_ += fmt::format("<path class=\"platform-open\" d=\"M{:.1f} {:.1f}H{:.1f}\"/>\n", from, top + 2, to);
    if (to < chart_width_) chart_ += draw_text(to + 3, top + 5, "chart-note", "?");
  }

  // On the line of the day, above the bars.
  void draw_marks(const CalendarRow& row) {
    double x = x_today() + 14;
    const double y = y_ + bar_top + bar_height / 2;
    for (std::size_t i = 0; i < row.clusters.size(); ++i) {
      if (i == most_marks) {
        marks_ += draw_text(x - 6, y + 4, "name", fmt::format("+{}", row.clusters.size() - most_marks));
        return;
      }
      const CalendarCluster& cluster = calendar_.clusters[row.clusters[i]];
      marks_ += draw_mark(cluster, x, y);
      x += 2 * mark_radius + 4 + (cluster.mark.size() > 1 ? 8 : 0);
    }
  }

  void draw_today() {
    const double x = x_today();
    const std::string words = day_words(calendar_.as_of);
    const double width = 7.0 * static_cast<double>(words.size()) + 14;
    const double left = std::clamp(x - width / 2, 0.0, chart_width_ - width);
    chart_ += fmt::format("<path class=\"today\" d=\"M{:.1f} 18V{:.1f}\"/>\n", x, height_);
    marks_ += fmt::format(
        "<rect class=\"today-flag\" x=\"{:.1f}\" y=\"0\" width=\"{:.1f}\" height=\"20\" rx=\"4\"/>\n"
        "<text class=\"today-words\" x=\"{:.1f}\" y=\"14.5\" text-anchor=\"middle\">{}</text>\n",
        left, width, left + width / 2, sanitize_markup(words));
  }

  const Calendar& calendar_;
  double chart_width_ = 0;
  double height_ = 0;
  double y_ = 0;
  std::string labels_;
  std::string chart_;
  std::string marks_;  // on top of the chart
};

bool has_problem(const CalendarCluster& cluster) {
  return std::ranges::any_of(cluster.remarks,
                             [](const auto& remark) { return remark.kind == ClusterRemark::Kind::over; });
}

std::string row_sentence(const Calendar& calendar, const CalendarRow& row, std::string_view prefix) {
  std::vector<std::string> parts{fmt::format("{}{}: released {}", prefix, row.name, row.release_words)};
  for (const CalendarSpan& span : row.spans) {
    const bool is_expected = span.is_expected && span.last;
    parts.push_back(fmt::format("{} {} {}", span_name(span.kind),
                                is_expected               ? "is expected to end in"
                                : span.last               ? "until"
                                : span.end == "not known" ? "has an end that is"
                                                          : "ends",
                                span.end));
  }
  parts.push_back(row.state);
  if (!row.clusters.empty()) {
    std::vector<std::string> names;
    for (const std::size_t i : row.clusters) names.push_back(calendar.clusters[i].name);
    parts.push_back("run by " + list_words(names));
  }
  return fmt::format("{}.", fmt::join(parts, "; "));
}

}  // namespace

TimelineDrawing draw_timeline(const Calendar& calendar) {
  return Timeline(calendar).draw();
}

std::string draw_text(double x, double y, std::string_view style, std::string_view words) {
  return fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", style, x, y, sanitize_markup(words));
}

std::string draw_mark(const CalendarCluster& cluster, double x, double y) {
  const double half = mark_radius + (cluster.mark.size() > 1 ? 4 : 0);
  const bool is_wrong = has_problem(cluster);
  const std::string shape =
      is_wrong ? fmt::format(R"(<path class="mark wrong" d="M{:.1f} {:.1f}l{:.1f} 11l-{:.1f} 11l-{:.1f} -11z"/>)", x,
                             y - 11, half + 3, half + 3, half + 3)
               : fmt::format(R"(<rect class="mark" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="18" rx="9"/>)",
                             x - half, y - 9, 2 * half);
  return fmt::format("{}<text class=\"mark-words\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n", shape,
                     x, y + 4, cluster.mark);
}

std::vector<LegendEntry> timeline_legend(const Calendar& calendar) {
  std::vector<LegendEntry> entries{
      {R"(<rect class="bar mesh" x="1" y="3" width="42" height="12"/><path class="cap" d="M42 0v18"/>)",
       "mesh revision, stated end"},
      {R"(<rect class="bar mesh" x="1" y="3" width="20" height="12"/><rect class="slip" x="21" y="3.5" )"
       R"(width="22" height="11"/>)",
       "expected end, which may slip"},
      {R"(<path class="open" d="M1 3H43M1 15H43"/><text class="chart-note" x="18" y="13">?</text>)", "end not known"},
      {R"(<rect class="bar community" x="1" y="3" width="42" height="12"/>)", "community support"},
      {R"(<rect class="bar long-term" x="1" y="3" width="42" height="12"/><rect class="hatched" x="1" )"
       R"(y="3" )"
       R"(width="42" height="12"/>)",
       "long-term support (LTS)"},
      {R"(<rect class="platform" x="1" y="7" width="42" height="4"/>)", "platform support"},
      {R"(<path class="today" d="M22 0v18"/>)", "day of this calendar"}};
  if (!calendar.clusters.empty()) {
    CalendarCluster right;
    right.mark = "A";
    CalendarCluster wrong = right;
    wrong.mark = "B";
    wrong.remarks.push_back({ClusterRemark::Kind::over, ""});
    entries.push_back({draw_mark(right, 11, 9) + draw_mark(wrong, 32, 9), "cluster; a diamond has a problem"});
  }
  return entries;
}

std::vector<std::string> timeline_sentences(const Calendar& calendar) {
  std::vector<std::string> sentences;
  for (const CalendarRow& row : calendar.revisions) {
    if (row.is_shown) sentences.push_back(row_sentence(calendar, row, ""));
  }
  for (const CalendarRow& row : calendar.kubernetes) {
    if (row.is_shown) sentences.push_back(row_sentence(calendar, row, "Kubernetes "));
  }
  return sentences;
}

std::string_view drawing_patterns() {
  return "<defs><pattern id=\"stripes\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
         "patternTransform=\"rotate(45)\"><path class=\"stripe\" d=\"M0 0V6\"/></pattern>"
         "<pattern id=\"dots\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\"><circle class=\"dot\" "
         "cx=\"2.5\" "
         "cy=\"2.5\" r=\"1\"/></pattern></defs>\n";
}

std::string_view drawing_style() {
  return R"(:root {
  color-scheme: light dark;
  --paper: #fdfcfa; --panel: #f4f2ee; --ink: #1e2530; --soft: #565e6b; --line: #dedad2; --strong-line: #b9b4a9;
  --mesh: #1f6e6a; --community: #2f5f94; --long-term: #6b5591; --on-bar: #ffffff; --bar-over: #71767f;
  --platform: #8a6d1f; --today: #a8321f; --on-today: #ffffff; --mark: #1e2530; --on-mark: #ffffff; --wrong: #a8321f;
  --soon: #7d5300; --good: #1f6b3a; --unknown: #565e6b; --fit: #e3eeea; --misfit: #f8e4df;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181e; --panel: #1c2129; --ink: #e7e9ec; --soft: #a5adb9; --line: #2c333d; --strong-line: #4b5563;
    --mesh: #5cb8ae; --community: #79aae0; --long-term: #b29be0; --on-bar: #10141a; --bar-over: #8b929d;
    --platform: #d2ae52; --today: #f08a74; --on-today: #14181e; --mark: #e7e9ec; --on-mark: #14181e; --wrong: #f08a74;
    --soon: #e3b04b; --good: #74c794; --unknown: #a5adb9; --fit: #20332f; --misfit: #43241e;
  }
}
@media print {
  :root {
    color-scheme: light;
    --paper: #ffffff; --panel: #ffffff; --ink: #000000; --soft: #3c3c3c; --line: #cccccc; --strong-line: #888888;
    --mesh: #1f6e6a; --community: #2f5f94; --long-term: #6b5591; --on-bar: #ffffff; --bar-over: #71767f;
    --platform: #8a6d1f; --today: #a8321f; --on-today: #ffffff; --mark: #000000; --on-mark: #ffffff; --wrong: #a8321f;
    --soon: #7d5300; --good: #1f6b3a; --unknown: #3c3c3c; --fit: #eef4f2; --misfit: #fbeeea;
  }
}
svg text { font-family: system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; font-size: 12px; fill: var(--ink); }
svg .section { font-size: 13px; font-weight: 600; }
svg .name { font-size: 13px; font-weight: 600; }
svg .name.over { fill: var(--soft); font-weight: 400; }
svg .state { font-weight: 400; }
svg .state, svg .small, svg .tick, svg .chart-note { font-size: 11px; fill: var(--soft); }
svg .year { font-size: 12px; font-weight: 600; }
svg .in-bar { font-size: 11px; fill: var(--on-bar); }
svg .rule { stroke: var(--strong-line); fill: none; }
svg .grid-line { stroke: var(--line); fill: none; }
svg .year-line { stroke: var(--strong-line); fill: none; }
svg .mesh { fill: var(--mesh); }
svg .community { fill: var(--community); }
svg .long-term { fill: var(--long-term); }
svg .hatched { fill: url(#stripes); }
svg .over .bar { fill: var(--bar-over); }
svg .platform { fill: var(--platform); }
svg .platform-open { stroke: var(--platform); stroke-width: 3; stroke-dasharray: 3 4; fill: none; }
svg .slip { fill: url(#dots); stroke: var(--mesh); stroke-dasharray: 3 2; }
svg .open { stroke: var(--soft); stroke-dasharray: 4 3; fill: none; }
svg .cap { stroke: var(--ink); stroke-width: 2; fill: none; }
svg .stripe { stroke: var(--on-bar); stroke-opacity: .28; stroke-width: 3; fill: none; }
svg .dot { fill: var(--mesh); }
svg .today { stroke: var(--today); stroke-width: 2; fill: none; }
svg .today-flag { fill: var(--today); }
svg .today-words { font-weight: 600; fill: var(--on-today); }
svg .mark { fill: var(--mark); stroke: var(--paper); stroke-width: 2; }
svg .mark.wrong { fill: var(--wrong); }
svg .mark-words { font-size: 11px; font-weight: 700; fill: var(--on-mark); }
)";
}

}  // namespace meshlint
