#include <fmt/format.h>

#include <algorithm>

#include "linter/calendar.h"
#include "linter/calendar_drawing.h"
#include "linter/sanitize.h"
#include "linter/words.h"

namespace meshlint {
namespace {

constexpr std::string_view page_style = R"(* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; -webkit-text-size-adjust: 100%; }
main, footer { max-width: 996px; margin: 0 auto; padding: 0 16px; }
header { padding: 32px 0 8px; border-bottom: 1px solid var(--strong-line); }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px; font-weight: 650; letter-spacing: -.01em; }
h2 { font-size: 19px; line-height: 1.3; margin: 40px 0 12px; font-weight: 650; }
h3 { font-size: 16px; line-height: 1.35; margin: 0; font-weight: 650; overflow-wrap: anywhere; }
p { margin: 0 0 12px; max-width: 72ch; }
.note strong { color: var(--ink); }
.lead { max-width: none; }
.lead, .facts, .where, .note, footer { color: var(--soft); }
.where, .note, footer, table, .remarks { font-size: 14px; }
a { color: inherit; text-underline-offset: 2px; overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid var(--today); outline-offset: 2px; }
ul { margin: 0; padding: 0; list-style: none; }
.clusters { display: grid; gap: 12px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 440px), 1fr)); }
.card { border: 1px solid var(--line); border-radius: 6px; background: var(--panel); padding: 14px 16px; }
.card-head { display: flex; gap: 10px; align-items: flex-start; }
.card-head svg { flex: none; margin-top: 0; }
.facts { margin: 2px 0 0; font-size: 14px; color: var(--ink); }
.where { margin: 0; font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 12.5px; overflow-wrap: anywhere; }
.remarks { margin-top: 10px; border-top: 1px solid var(--line); padding-top: 8px; }
.remarks li { display: grid; grid-template-columns: 96px 1fr; gap: 8px; padding: 3px 0; overflow-wrap: anywhere; }
.tag { font-weight: 650; }
.over .tag { color: var(--wrong); } .soon .tag { color: var(--soon); }
.good .tag { color: var(--good); } .unknown .tag { color: var(--unknown); }
.legend { display: flex; flex-wrap: wrap; gap: 6px 20px; margin: 0 0 16px; font-size: 13px; }
.legend li { display: flex; align-items: center; gap: 8px; }
.timeline { display: flex; margin-bottom: 12px; }
.timeline > svg { flex: none; }
.scroll { position: relative; overflow-x: auto; min-width: 0; }
.timeline .scroll { flex: 1; }
svg { display: block; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding-bottom: 8px; }
th, td { padding: 6px 10px; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { border-bottom-color: var(--strong-line); white-space: nowrap; }
tbody th { white-space: nowrap; font-weight: 600; }
.dates { width: 100%; margin-bottom: 28px; }
.dates td { min-width: 84px; }
.past th, .past td { color: var(--soft); font-weight: 400; }
.matrix th, .matrix td { text-align: center; padding: 5px 4px; min-width: 46px; height: 38px; vertical-align: middle; }
.matrix th[scope=row], .matrix thead th:first-child { text-align: left; padding-right: 10px; position: sticky; left: 0; background: var(--paper); }
.matrix td { border-left: 1px solid var(--line); }
.matrix td.fits { background: var(--fit); }
.matrix td.misfit { background: var(--misfit); box-shadow: inset 0 0 0 2px var(--wrong); }
.matrix td.none { color: var(--soft); }
.matrix .marks { display: flex; flex-wrap: wrap; gap: 2px; justify-content: center; }
.hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
footer { margin-top: 40px; padding-top: 16px; padding-bottom: 40px; border-top: 1px solid var(--strong-line); }
footer h2 { font-size: 15px; margin: 0 0 6px; color: var(--ink); }
footer li { padding: 2px 0; }
footer ul + h2 { margin-top: 20px; }
@media (max-width: 520px) {
  h1 { font-size: 24px; }
  .matrix th, .matrix td { min-width: 38px; }
  .remarks li { grid-template-columns: 1fr; gap: 0; padding: 5px 0; }
}
@media print {
  @page { size: A4 landscape; margin: 10mm; }
  body { font-size: 11pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  main, footer { max-width: none; padding: 0; }
  header { padding-top: 0; }
  h2 { break-after: avoid; margin-top: 24px; }
  .card, tr, .legend { break-inside: avoid; }
  .legend { break-after: avoid; }
  .timeline { break-inside: avoid; zoom: .78; }
  .scroll { overflow: visible; }
  .matrix th[scope=row] { position: static; }
}
)";

std::string_view class_of(ClusterRemark::Kind kind) {
  switch (kind) {
    case ClusterRemark::Kind::over: return "over";
    case ClusterRemark::Kind::soon: return "soon";
    case ClusterRemark::Kind::unknown: return "unknown";
    case ClusterRemark::Kind::good: return "good";
  }
  return "";
}

std::string_view tag_of(ClusterRemark::Kind kind) {
  switch (kind) {
    case ClusterRemark::Kind::over: return "Problem";
    case ClusterRemark::Kind::soon: return "Soon";
    case ClusterRemark::Kind::unknown: return "Not known";
    case ClusterRemark::Kind::good: return "In support";
  }
  return "";
}

class Page {
 public:
  explicit Page(const Calendar& calendar) : calendar_(calendar) {}

  std::string write() {
    const std::string day = day_words(calendar_.as_of);
    text_ += fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n<title>Support calendar, {}</title>\n<style>\n{}{}</style>\n"
        "</head>\n<body>\n<main>\n",
        day, drawing_style(), page_style);
    text_ += fmt::format(
        "<header>\n<h1>Support calendar</h1>\n<p class=\"lead\">Mesh revisions of the Istio add-on and Kubernetes "
        "versions on AKS, on <time datetime=\"{}\">{}</time>, by the pages read on <time "
        "datetime=\"{}\">{}</time></p>\n"
        "</header>\n",
        to_string(calendar_.as_of), day, to_string(calendar_.data_date), day_words(calendar_.data_date));
    add_clusters();
    add_timeline();
    add_matrix();
    add_dates();
    text_ += "</main>\n";
    add_footer();
    text_ += "</body>\n</html>\n";
    return std::move(text_);
  }

 private:
  static std::string svg(int width, int height, std::string_view content) {
    return fmt::format(
        R"(<svg width="{0}" height="{1}" viewBox="0 0 {0} {1}" aria-hidden="true" focusable="false">{2}</svg>)", width,
        height, content);
  }

  static std::string mark_svg(const CalendarCluster& cluster) {
    const int width = cluster.mark.size() > 1 ? 34 : 26;
    return svg(width, 24, draw_mark(cluster, width / 2.0, 12));
  }

  void add_clusters() {
    text_ += "<section aria-labelledby=\"clusters\">\n<h2 id=\"clusters\">Clusters</h2>\n";
    if (calendar_.clusters.empty()) {
      text_ += "<p class=\"note\">The files define no cluster: only the calendars are shown.</p>\n</section>\n";
      return;
    }
    text_ += "<ul class=\"clusters\">\n";
    for (const CalendarCluster& cluster : calendar_.clusters) add_cluster(cluster);
    text_ += "</ul>\n</section>\n";
  }

  void add_cluster(const CalendarCluster& cluster) {
    text_ += fmt::format(
        "<li class=\"card\">\n<div class=\"card-head\">{}<div>\n<h3><span class=\"hidden\">{}: </span>{}</h3>\n"
        "<p class=\"facts\">{}</p>\n",
        mark_svg(cluster), cluster.mark, sanitize_markup(cluster.name), sanitize_markup(facts_of(cluster)));
    for (const auto& place : cluster.places) {
      text_ += fmt::format("<p class=\"where\">{}</p>\n", sanitize_markup(place));
    }
    text_ += "</div></div>\n";
    if (!cluster.remarks.empty()) text_ += "<ul class=\"remarks\">\n";
    for (const ClusterRemark& remark : cluster.remarks) {
      text_ += fmt::format(
          "<li class=\"{}\"><span class=\"tag\">{}<span class=\"hidden\">: </span></span><span>{}</span></li>\n",
          class_of(remark.kind), tag_of(remark.kind), sanitize_markup(remark.text));
    }
    if (!cluster.remarks.empty()) text_ += "</ul>\n";
    text_ += "</li>\n";
  }

  void add_timeline() {
    const TimelineDrawing drawing = draw_timeline(calendar_);
    text_ +=
        "<section aria-labelledby=\"timeline\">\n<h2 id=\"timeline\">Support windows</h2>\n"
        "<ul class=\"legend\">\n";
    for (const LegendEntry& entry : timeline_legend(calendar_)) {
      text_ += fmt::format("<li>{}{}</li>\n", svg(44, 18, entry.sample), sanitize_markup(entry.words));
    }
    text_ += "</ul>\n<div class=\"timeline\">\n";
    text_ += svg(drawing.labels_width, drawing.height, "\n" + drawing.labels) + "\n";
    text_ += fmt::format(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Timeline, scrolls sideways\">\n"
        "<svg role=\"img\" aria-labelledby=\"chart-title chart-description\" width=\"{0}\" height=\"{1}\" "
        "viewBox=\"0 0 {0} {1}\">\n<title id=\"chart-title\">Support windows from {2} to {3}</title>\n"
        "<desc id=\"chart-description\">Bars of {4} mesh revisions and {5} Kubernetes versions, and a line at {6} with "
        "the clusters. The tables under All days hold the same.</desc>\n{7}{8}</svg>\n</div>\n</div>\n",
        drawing.chart_width, drawing.height, month_words(calendar_.first_day()), month_words(calendar_.last_day()),
        count_shown(calendar_.revisions), count_shown(calendar_.kubernetes), day_words(calendar_.as_of),
        drawing_patterns(), drawing.chart);
    for (const auto& sentence : left_out_words(calendar_)) {
      text_ += fmt::format("<p class=\"note\">{}.</p>\n", sanitize_markup(sentence));
    }
    text_ += "</section>\n";
  }

  static long count_shown(const std::vector<CalendarRow>& rows) {
    return std::ranges::count_if(rows, &CalendarRow::is_shown);
  }

  void begin_scroll(std::string_view label) {
    text_ += fmt::format("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}, scrolls sideways\">\n",
                         label);
  }

  void add_matrix() {
    const CompatibilityMatrix& matrix = calendar_.matrix;
    text_ += "<section aria-labelledby=\"matrix\">\n<h2 id=\"matrix\">What runs on what</h2>\n";
    if (matrix.revisions.empty()) {
      text_ += "<p class=\"note\">No revision is left to show.</p>\n</section>\n";
      return;
    }
    text_ += fmt::format(
        "<p class=\"note\"><strong>S</strong> with {}, <strong>L</strong> with {}, <strong>–</strong> not compatible, "
        "<strong>?</strong> not known{}.</p>\n",
        sanitize_markup(calendar_.standard_plan), sanitize_markup(calendar_.long_term_plan),
        calendar_.clusters.empty() ? "" : ". A mark stands where a cluster is, in a frame where the pair does not fit");
    begin_scroll("Compatibility");
    text_ +=
        "<table class=\"matrix\">\n<caption class=\"hidden\">Mesh revisions by Kubernetes version</caption>\n<thead>\n"
        "<tr><th scope=\"col\">Revision</th>";
    for (const Minor version : matrix.kubernetes) {
      text_ += fmt::format(R"(<th scope="col"><span class="hidden">Kubernetes </span>{}</th>)", to_string(version));
    }
    text_ += "</tr>\n</thead>\n<tbody>\n";
    for (std::size_t row = 0; row < matrix.revisions.size(); ++row) {
      text_ += fmt::format("<tr><th scope=\"row\">{}</th>", revision_name(matrix.revisions[row]));
      for (const CompatibilityCell& cell : matrix.cells[row]) add_cell(cell);
      text_ += "</tr>\n";
    }
    text_ += "</tbody>\n</table>\n</div>\n</section>\n";
  }

  void add_cell(const CompatibilityCell& cell) {
    const bool fits = cell.standard || cell.long_term;
    const std::string_view letters = cell.standard && cell.long_term ? "S L"
                                     : cell.standard                 ? "S"
                                     : cell.long_term                ? "L"
                                     : cell.is_known                 ? "–"
                                                                     : "?";
    const std::string_view words = cell.standard && cell.long_term ? "both plans"
                                   : cell.standard                 ? "standard plan only"
                                   : cell.long_term                ? "long-term support only"
                                   : cell.is_known                 ? "not compatible"
                                                                   : "not known";
    const std::string_view style = fits ? "fits" : !cell.clusters.empty() && cell.is_known ? "misfit" : "none";
    text_ += fmt::format(R"(<td class="{}"><span aria-hidden="true">{}</span><span class="hidden">{}</span>)", style,
                         letters, words);
    if (!cell.clusters.empty()) {
      text_ += "<span class=\"marks\">";
      std::vector<std::string> names;
      for (const std::size_t i : cell.clusters) {
        text_ += mark_svg(calendar_.clusters[i]);
        names.push_back(calendar_.clusters[i].name);
      }
      text_ +=
          fmt::format("</span><span class=\"hidden\">; {}</span>", sanitize_markup("cluster " + list_words(names)));
    }
    text_ += "</td>";
  }

  static std::string end_of(const CalendarRow& row, SpanKind kind) {
    const CalendarSpan* span = row.span(kind);
    if (span == nullptr) return "–";
    if (span->is_expected && span->last) return span->end + " (expected)";
    return sanitize_markup(span->last || kind == SpanKind::platform ? span->end : "not known");
  }

  std::string clusters_of(const CalendarRow& row) const {
    std::vector<std::string> names;
    for (const std::size_t i : row.clusters) names.push_back(calendar_.clusters[i].name);
    return sanitize_markup(list_words(names));
  }

  void add_table(std::string_view caption, const std::vector<CalendarRow>& rows,
                 const std::vector<std::pair<std::string_view, SpanKind>>& columns) {
    begin_scroll(caption);
    text_ += fmt::format(
        "<table class=\"dates\">\n<caption>{}</caption>\n<thead>\n<tr><th scope=\"col\">Version</th>"
        "<th scope=\"col\">On AKS from</th>",
        caption);
    for (const auto& [heading, kind] : columns) text_ += fmt::format("<th scope=\"col\">{}</th>", heading);
    text_ += "<th scope=\"col\">On this day</th>";
    if (!calendar_.clusters.empty()) text_ += "<th scope=\"col\">Clusters</th>";
    text_ += "</tr>\n</thead>\n<tbody>\n";
    for (const CalendarRow& row : rows) {
      text_ += fmt::format("<tr{}><th scope=\"row\">{}</th><td>{}</td>", row.is_over ? " class=\"past\"" : "", row.name,
                           sanitize_markup(row.release_words));
      for (const auto& [heading, kind] : columns) text_ += fmt::format("<td>{}</td>", end_of(row, kind));
      text_ += fmt::format("<td>{}</td>", row.state);
      if (!calendar_.clusters.empty()) text_ += fmt::format("<td>{}</td>", clusters_of(row));
      text_ += "</tr>\n";
    }
    text_ += "</tbody>\n</table>\n</div>\n";
  }

  void add_dates() {
    text_ += "<section aria-labelledby=\"dates\">\n<h2 id=\"dates\">All days</h2>\n";
    add_table("Mesh revisions", calendar_.revisions, {{"End of support", SpanKind::mesh}});
    add_table("Kubernetes versions", calendar_.kubernetes,
              {{"Community support", SpanKind::community},
               {"Long-term support", SpanKind::long_term},
               {"Platform support", SpanKind::platform}});
    text_ += "</section>\n";
  }

  static std::string link(const Citation& source) {
    const std::string words = sanitize_markup(
        fmt::format("{}{}", source.page, source.section.empty() ? "" : fmt::format(", “{}”", source.section)));
    return fmt::format(R"(<a href="{}" rel="noreferrer">{}</a>)", sanitize_markup(source.url), words);
  }

  void add_footer() {
    text_ += "<footer>\n<h2>How to read it</h2>\n<ul>\n";
    for (const auto& note : calendar_.notes) text_ += fmt::format("<li>{}.</li>\n", sanitize_markup(note));
    text_ += "</ul>\n<h2>Sources</h2>\n<ul>\n";
    for (const Citation& source : calendar_.sources) {
      text_ += fmt::format("<li>{}, read <time datetime=\"{}\">{}</time></li>\n", link(source),
                           sanitize_markup(source.date), sanitize_markup(source.date));
    }
    text_ += "</ul>\n</footer>\n";
  }

  const Calendar& calendar_;
  std::string text_;
};

}  // namespace

std::string report_calendar_html(const Calendar& calendar) {
  return Page(calendar).write();
}

}  // namespace meshlint
