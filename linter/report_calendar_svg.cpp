#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "linter/calendar.h"
#include "linter/calendar_drawing.h"
#include "linter/sanitize.h"
#include "linter/utf8.h"
#include "linter/words.h"

namespace meshlint {
namespace {

constexpr double margin = 24;
constexpr double line_height = 18;
constexpr std::size_t line_columns = 138;  // of small text between the margins

// A text in lines of so many columns; a word that is longer is broken.
std::vector<std::string> lines_of(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines;
  std::string line;
  std::istringstream stream{std::string(text)};
  for (std::string word; stream >> word;) {
    if (!line.empty() && display_width(line) + 1 + display_width(word) > columns) {
      lines.push_back(std::move(line));
      line.clear();
    }
    if (!line.empty()) line += ' ';
    for (std::size_t offset = 0; offset < word.size();) {
      const std::size_t length = decode_utf8(word, offset).length;
      if (display_width(line) >= columns) {
        lines.push_back(std::move(line));
        line.clear();
      }
      line += word.substr(offset, length);
      offset += length;
    }
  }
  lines.push_back(std::move(line));
  return lines;
}

class Drawing {
 public:
  explicit Drawing(const Calendar& calendar) : calendar_(calendar), timeline_(draw_timeline(calendar)) {}

  std::string write() {
    const double width = 2 * margin + timeline_.labels_width + timeline_.chart_width;
    add_title();
    add_clusters();
    add_timeline();
    add_matrix();
    add_notes();
    const double height = y_ + margin;
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"title description\" "
        "width=\"{0:.0f}\" "
        "height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\">\n<title id=\"title\">{2}</title>\n"
        "<desc id=\"description\">{3}</desc>\n<style>\n{4}svg .title {{ font-size: 24px; font-weight: 650; }}\n"
        "svg .heading {{ font-size: 16px; font-weight: 650; }}\nsvg .lead {{ font-size: 13px; fill: var(--soft); }}\n"
        "svg .paper {{ fill: var(--paper); }}\nsvg .fits {{ fill: var(--fit); }}\nsvg .misfit {{ fill: var(--misfit); "
        "stroke: var(--wrong); stroke-width: 2; }}\n</style>\n{5}<rect class=\"paper\" width=\"100%\" "
        "height=\"100%\"/>\n{6}</svg>\n",
        width, height, sanitize_markup(title()), sanitize_markup(description()), drawing_style(), drawing_patterns(),
        body_);
  }

 private:
  std::string title() const { return fmt::format("Support calendar on {}", day_words(calendar_.as_of)); }

  // The whole drawing in sentences: of an image, nothing else is read out.
  std::string description() const {
    std::vector<std::string> sentences;
    for (const CalendarCluster& cluster : calendar_.clusters) {
      sentences.push_back(fmt::format("Cluster {}, {}: {}.", cluster.mark, cluster.name, facts_of(cluster)));
      for (const ClusterRemark& remark : cluster.remarks) sentences.push_back(remark.text + ".");
    }
    for (auto& sentence : timeline_sentences(calendar_)) sentences.push_back(std::move(sentence));
    const CompatibilityMatrix& matrix = calendar_.matrix;
    for (std::size_t row = 0; row < matrix.revisions.size(); ++row) {
      std::vector<Minor> standard;
      std::vector<Minor> long_term;
      for (std::size_t i = 0; i < matrix.kubernetes.size(); ++i) {
        if (matrix.cells[row][i].standard) standard.push_back(matrix.kubernetes[i]);
        if (matrix.cells[row][i].long_term) long_term.push_back(matrix.kubernetes[i]);
      }
      const std::string name = revision_name(matrix.revisions[row]);
      if (!standard.empty()) {
        sentences.push_back(
            fmt::format("{} runs on Kubernetes {} with {}.", name, list_versions(standard), calendar_.standard_plan));
      }
      if (!long_term.empty() && long_term != standard) {
        sentences.push_back(
            fmt::format("{} runs on Kubernetes {} with {}.", name, list_versions(long_term), calendar_.long_term_plan));
      }
    }
    return fmt::format("{}", fmt::join(sentences, " "));
  }

  void add(double x, std::string_view style, std::string_view words, double height = line_height) {
    body_ += draw_text(x, y_, style, words);
    y_ += height;
  }

  void add_lines(double x, std::string_view style, std::string_view words, std::size_t columns = line_columns) {
    for (const auto& line : lines_of(words, columns)) add(x, style, line);
  }

  void add_heading(std::string_view words) {
    y_ += 22;
    add(margin, "heading", words, 24);
  }

  void add_title() {
    y_ = margin + 20;
    add(margin, "title", "Support calendar", 24);
    add(margin, "lead",
        fmt::format("Mesh revisions of the Istio add-on and Kubernetes versions on AKS, on {}, by the "
                    "pages read on {}",
                    day_words(calendar_.as_of), day_words(calendar_.data_date)));
  }

  void add_clusters() {
    add_heading("Clusters");
    if (calendar_.clusters.empty()) add(margin, "lead", "The files define no cluster: only the calendars are shown");
    for (const CalendarCluster& cluster : calendar_.clusters) {
      body_ += draw_mark(cluster, margin + 10, y_ - 4);
      add_lines(margin + 30, "name", fmt::format("{}: {}", cluster.name, facts_of(cluster)), 112);
      for (const auto& place : cluster.places) add_lines(margin + 30, "small", place);
      for (const ClusterRemark& remark : cluster.remarks) {
        const std::string_view sign = remark.kind == ClusterRemark::Kind::over      ? "Problem: "
                                      : remark.kind == ClusterRemark::Kind::soon    ? "Soon: "
                                      : remark.kind == ClusterRemark::Kind::unknown ? "Not known: "
                                                                                    : "In support: ";
        add_lines(margin + 30, "", fmt::format("{}{}", sign, remark.text), 125);
      }
      y_ += 8;
    }
  }

  void add_timeline() {
    add_heading("Support windows");
    double x = margin;
    for (const LegendEntry& entry : timeline_legend(calendar_)) {
      const double width = 52 + 6.4 * static_cast<double>(entry.words.size()) + 20;
      if (x + width > margin + timeline_.labels_width + timeline_.chart_width + 20) {
        x = margin;
        y_ += 24;
      }
      body_ += fmt::format("<g transform=\"translate({:.1f} {:.1f})\">{}{}</g>\n", x, y_ - 13, entry.sample,
                           draw_text(52, 13, "small", entry.words));
      x += width;
    }
    y_ += 18;
    body_ += fmt::format(
        "<g transform=\"translate({:.0f} {:.1f})\">\n{}</g>\n<g transform=\"translate({:.0f} {:.1f})\">\n{}</g>\n",
        margin, y_, timeline_.labels, margin + timeline_.labels_width, y_, timeline_.chart);
    y_ += timeline_.height + line_height;
    for (const auto& sentence : left_out_words(calendar_)) add_lines(margin, "small", sentence + ".");
  }

  void add_matrix() {
    const CompatibilityMatrix& matrix = calendar_.matrix;
    add_heading("What runs on what");
    if (matrix.revisions.empty()) {
      add(margin, "lead", "No revision is left to show");
      return;
    }
    add_lines(
        margin, "small",
        fmt::format("S: with {}, L: with {}, –: not compatible, ?: not known{}", calendar_.standard_plan,
                    calendar_.long_term_plan, calendar_.clusters.empty() ? "" : ". A mark stands where a cluster is"));
    const double cell = std::min(
        62.0, (timeline_.labels_width + timeline_.chart_width - 90) / static_cast<double>(matrix.kubernetes.size()));
    y_ += 8;
    for (std::size_t i = 0; i < matrix.kubernetes.size(); ++i) {
      body_ += draw_text(margin + 90 + cell * static_cast<double>(i) + 8, y_, "name", to_string(matrix.kubernetes[i]));
    }
    y_ += 8;
    for (std::size_t row = 0; row < matrix.revisions.size(); ++row) add_matrix_row(row, cell);
    y_ += line_height;
  }

  void add_matrix_row(std::size_t row, double width) {
    const CompatibilityMatrix& matrix = calendar_.matrix;
    std::size_t most = 0;
    for (const CompatibilityCell& cell : matrix.cells[row]) most = std::max(most, cell.clusters.size());
    const std::size_t in_a_line = std::max<std::size_t>(1, static_cast<std::size_t>((width - 6) / 26));
    const std::size_t lines = (most + in_a_line - 1) / in_a_line;
    const double height = 26 + 24 * static_cast<double>(lines);
    body_ += draw_text(margin, y_ + 18, "name", revision_name(matrix.revisions[row]));
    double x = margin + 90;
    for (const CompatibilityCell& cell : matrix.cells[row]) {
      const bool fits = cell.standard || cell.long_term;
      const bool is_wrong = !fits && cell.is_known && !cell.clusters.empty();
      if (fits || is_wrong) {
        body_ += fmt::format("<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n",
                             fits ? "fits" : "misfit", x + 1, y_ + 1, width - 2, height - 2);
      }
      const std::string_view letters = cell.standard && cell.long_term ? "S L"
                                       : cell.standard                 ? "S"
                                       : cell.long_term                ? "L"
                                       : cell.is_known                 ? "–"
                                                                       : "?";
      body_ += draw_text(x + 8, y_ + 18, fits ? "" : "small", letters);
      for (std::size_t i = 0; i < cell.clusters.size(); ++i) {
        const std::size_t line = i / in_a_line;
        body_ += draw_mark(calendar_.clusters[cell.clusters[i]], x + 15 + 26 * static_cast<double>(i % in_a_line),
                           y_ + 36 + 24 * static_cast<double>(line));
      }
      x += width;
    }
    y_ += height;
  }

  void add_notes() {
    add_heading("How to read it");
    for (const auto& note : calendar_.notes) add_lines(margin, "small", note + ".");
    add_heading("Sources");
    for (const Citation& source : calendar_.sources) {
      const std::string section = source.section.empty() ? "" : fmt::format(", “{}”", source.section);
      add_lines(margin, "small",
                sanitize(fmt::format("{}{}, read {}: {}", source.page, section, source.date, source.url)));
    }
  }

  const Calendar& calendar_;
  TimelineDrawing timeline_;
  double y_ = 0;
  std::string body_;
};

}  // namespace

std::string report_calendar_svg(const Calendar& calendar) {
  return Drawing(calendar).write();
}

}  // namespace meshlint
