#include <fmt/format.h>

#include <algorithm>

#include "linter/calendar.h"
#include "linter/sanitize.h"
#include "linter/words.h"
#include "linter/wrap.h"

namespace meshlint {
namespace {

constexpr std::size_t name_width = 8;
constexpr std::size_t most_marks = 6;  // columns for the marks of a row

class TextCalendar {
 public:
  explicit TextCalendar(const Calendar& calendar) : calendar_(calendar) {}

  std::string write() {
    add("", fmt::format("Support calendar on {}, by the pages read on {}", to_string(calendar_.as_of),
                        to_string(calendar_.data_date)));
    add_clusters();
    add_timeline("Mesh revisions of the Istio add-on", calendar_.revisions, {SpanKind::mesh});
    add_timeline("Kubernetes versions", calendar_.kubernetes, {SpanKind::community, SpanKind::long_term});
    add_legend();
    add_matrix();
    text_ += "\n";
    for (const auto& note : left_out_words(calendar_)) add("", note + ".");
    for (const auto& note : calendar_.notes) add("", note + ".");
    add_sources();
    return std::move(text_);
  }

 private:
  void add(std::string_view head, std::string_view words, std::size_t indent = 0) {
    add_wrapped(text_, head, words, indent);
  }

  void add_clusters() {
    text_ += "\nClusters\n";
    if (calendar_.clusters.empty()) add("  ", "none is defined in the files: only the calendars are shown", 2);
    for (const CalendarCluster& cluster : calendar_.clusters) {
      add("  " + cluster.mark, fmt::format("{}: {}", cluster.name, facts_of(cluster)), 5);
      for (const auto& place : cluster.places) add("", place, 5);
      for (const ClusterRemark& remark : cluster.remarks) add("     -", remark.text, 7);
    }
  }

  std::string marks_in(const CalendarRow& row) const {
    std::string marks = marks_of(calendar_, row.clusters);
    if (marks.size() > most_marks) marks = marks.substr(0, most_marks - 1) + "+";
    return marks;
  }

  // The letter of one month in a row.
  char glyph_of(const CalendarRow& row, std::chrono::year_month month) const {
    const Date first = month / std::chrono::day(1);
    const Date last = month / std::chrono::last;
    const auto covers = [&](const CalendarSpan* span, bool with_open) {
      if (span == nullptr || (!span->last && !with_open)) return false;
      return (!span->first || *span->first <= last) && (!span->last || *span->last >= first);
    };
    for (const SpanKind kind : {SpanKind::mesh, SpanKind::community}) {
      const CalendarSpan* span = row.span(kind);
      if (covers(span, true)) return span->last || first <= calendar_.as_of ? '=' : '?';
      if (span != nullptr && span->last && span->is_expected && *span->last < first) {
        const std::chrono::year_month_day day(*span->last);
        if (month <= day.year() / day.month() + largest_slip) return '~';
      }
    }
    const bool has_platform = covers(row.span(SpanKind::platform), false);
    if (covers(row.span(SpanKind::long_term), true)) return has_platform ? '+' : '-';
    return has_platform ? '.' : ' ';
  }

  // Calls `visit` with each month that has room; the day of the calendar stands before the month that holds it.
  template <class Visit>
  std::string line_of(std::size_t months, char bar, Visit visit) const {
    const std::chrono::year_month_day day(calendar_.as_of);
    std::string line;
    for (std::size_t i = 0; i < months; ++i) {
      const auto month = calendar_.first_month + std::chrono::months(static_cast<int>(i));
      if (month == day.year() / day.month()) line += bar;
      line += visit(month);
    }
    return line;
  }

  std::string years_line(std::size_t months) const {
    std::string line =
        line_of(months, ' ', [](auto month) { return month.month() == std::chrono::January ? 'Y' : ' '; });
    if (line.find('Y') > 4) line[0] = 'Y';
    int year = static_cast<int>(calendar_.first_month.year()) + (line[0] == 'Y' ? 0 : 1);
    if (calendar_.first_month.month() == std::chrono::January) year = static_cast<int>(calendar_.first_month.year());
    std::string text(line.size() + 4, ' ');
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == 'Y') text.replace(i, 4, std::to_string(year++));
    }
    return text.substr(0, text.find_last_not_of(' ') + 1);
  }

  static std::string end_text(const CalendarSpan* span) {
    if (span == nullptr) return "-";
    if (!span->last) return "open";
    return (span->is_expected ? "~" : "") + span->end;
  }

  void add_line(std::string_view line) {
    const auto end = line.find_last_not_of(' ');
    text_ += fmt::format("{}\n", line.substr(0, end == std::string_view::npos ? 0 : end + 1));
  }

  void add_timeline(std::string_view title, const std::vector<CalendarRow>& all, const std::vector<SpanKind>& kinds) {
    std::vector<const CalendarRow*> rows;
    for (const CalendarRow& row : all) {
      if (row.is_shown) rows.push_back(&row);
    }
    text_ += fmt::format("\n{}\n", title);
    if (rows.empty()) {
      add("  ", "nothing of this calendar falls into the months around the day", 2);
      return;
    }
    constexpr std::string_view headings[] = {"END", "COMMUNITY", "LTS", ""};
    std::size_t marks_width = 0;
    std::vector<std::size_t> end_widths;
    std::size_t state_width = 0;
    for (const SpanKind kind : kinds) end_widths.push_back(headings[static_cast<std::size_t>(kind)].size());
    for (const auto* row : rows) {
      marks_width = std::max(marks_width, marks_in(*row).size());
      state_width = std::max(state_width, row->state.size());
      for (std::size_t i = 0; i < kinds.size(); ++i) {
        end_widths[i] = std::max(end_widths[i], end_text(row->span(kinds[i])).size());
      }
    }
    const std::size_t marks_room = marks_width == 0 ? 0 : marks_width + 1;
    std::size_t used = 2 + name_width + 1 + marks_room + 1 + 1 + state_width;
    for (const std::size_t one : end_widths) used += one + 1;
    const std::size_t months = std::clamp<std::size_t>(report_width - std::min(used, report_width - 12), 12,
                                                       static_cast<std::size_t>(calendar_.months));
    const std::string margin(2 + name_width + 1 + marks_room, ' ');
    add_line(margin + years_line(months));
    std::string heading = margin + line_of(months, '|', [](auto month) {
                            return "JFMAMJJASOND"[static_cast<unsigned>(month.month()) - 1];
                          });
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      heading += fmt::format(" {:<{}}", headings[static_cast<std::size_t>(kinds[i])], end_widths[i]);
    }
    add_line(heading + " STATE");
    for (const auto* row : rows) {
      std::string line = fmt::format("  {:<{}} {:<{}}", row->name, name_width, marks_in(*row), marks_room);
      line += line_of(months, '|', [&](auto month) { return glyph_of(*row, month); });
      for (std::size_t i = 0; i < kinds.size(); ++i) {
        line += fmt::format(" {:<{}}", end_text(row->span(kinds[i])), end_widths[i]);
      }
      add_line(line + " " + row->state);
    }
  }

  void add_legend() {
    text_ += "\n";
    add("  |", to_string(calendar_.as_of), 4);
    add("  =", "supported: a revision, or community support of a version", 4);
    add("  ~", "may still be supported: the end is only expected", 4);
    add("  -", "long-term support (LTS); + with platform support beside it, . platform support alone", 4);
    add("  ?", "no end is known", 4);
  }

  std::string cell_text(const CompatibilityCell& cell, bool with_marks) const {
    const bool fits = cell.standard || cell.long_term;
    std::string text = !cell.is_known                    ? "?"
                       : cell.standard && cell.long_term ? "x"
                       : cell.standard                   ? "s"
                       : cell.long_term                  ? "l"
                       : fits || cell.clusters.empty()   ? "."
                                                         : "!";
    if (cell.clusters.empty()) return text;
    return text + (with_marks ? marks_of(calendar_, cell.clusters) : "*");
  }

  std::size_t cell_width(bool with_marks) const {
    std::size_t width = 4;
    for (const auto& row : calendar_.matrix.cells) {
      for (const auto& cell : row) width = std::max(width, cell_text(cell, with_marks).size());
    }
    return width + 1;
  }

  void add_matrix() {
    const CompatibilityMatrix& matrix = calendar_.matrix;
    text_ += "\nWhich revision runs on which Kubernetes version\n";
    if (matrix.revisions.empty()) {
      add("  ", "no revision is left to show", 2);
      return;
    }
    bool with_marks = true;
    std::size_t width = cell_width(with_marks);
    const auto is_too_wide = [&] { return 2 + name_width + width * matrix.kubernetes.size() > report_width; };
    if (is_too_wide()) {
      with_marks = false;
      width = cell_width(with_marks);
    }
    // What does not fit beside each other comes below each other.
    const std::size_t columns = std::max<std::size_t>(1, (report_width - 2 - name_width) / width);
    for (std::size_t from = 0; from < matrix.kubernetes.size(); from += columns) {
      const std::size_t to = std::min(matrix.kubernetes.size(), from + columns);
      std::string heading(2 + name_width, ' ');
      for (std::size_t i = from; i < to; ++i)
        heading += fmt::format(" {:<{}}", to_string(matrix.kubernetes[i]), width - 1);
      add_line(heading);
      for (std::size_t row = 0; row < matrix.revisions.size(); ++row) {
        std::string line = fmt::format("  {:<{}}", revision_name(matrix.revisions[row]), name_width);
        for (std::size_t i = from; i < to; ++i) {
          line += fmt::format(" {:<{}}", cell_text(matrix.cells[row][i], with_marks), width - 1);
        }
        add_line(line);
      }
    }
    text_ += "\n";
    add("  ",
        fmt::format("x: with both support plans, s: only with {}, l: only with {}, .: not compatible, ?: not known{}",
                    calendar_.standard_plan, calendar_.long_term_plan,
                    calendar_.clusters.empty() ? ""
                    : with_marks               ? "; a letter behind it: that cluster runs the pair, and ! where "
                                                 "it does not fit"
                                               : "; * behind it: a cluster runs the pair, and ! where it does not "
                                                 "fit"),
        2);
  }

  void add_sources() {
    text_ += "\nSources\n";
    for (const Citation& source : calendar_.sources) add("  -", source_words(source) + ": " + source.url, 4);
  }

  const Calendar& calendar_;
  std::string text_;
};

}  // namespace

std::string report_calendar_text(const Calendar& calendar) {
  return TextCalendar(calendar).write();
}

}  // namespace meshlint
