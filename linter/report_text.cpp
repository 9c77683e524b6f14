// Text for people, in the shape of rustc's diagnostics:
//
//   error[MSH4001 injection-label-ineffective]: label 'istio-injection: enabled' does nothing here
//    --> apps/shop/namespace.yaml:7:5
//        in Namespace shop, metadata.labels.istio-injection
//     |
//   7 |     istio-injection: enabled
//     |     ^^^^^^^^^^^^^^^
//     = note: ...
//     = help: ...
//     = source: ...
//
// Text from input never begins a line.
#include <algorithm>
#include <map>

#include "linter/excerpt.h"
#include "linter/report.h"
#include "linter/sanitize.h"
#include "linter/secret.h"

namespace meshlint {
namespace {

constexpr std::size_t default_width = 160;
constexpr std::size_t least_width = 40;  // of an excerpt, however narrow the terminal

constexpr std::string_view bold = "1";
constexpr std::string_view frame_color = "1;34";

constexpr std::string_view color_of(Severity severity) {
  switch (severity) {
    case Severity::note: return "1;36";
    case Severity::warning: return "1;33";
    case Severity::error: return "1;31";
  }
  return "";
}

// A place to underline: the finding's own, or a related one with a label.
struct Annotation {
  const SourceFile* file = nullptr;
  Span span;
  Position position;
  std::string_view label;
  bool primary = false;
};

Annotation annotate(const Place& place, std::string_view label, bool primary) {
  const Span span = pointed_span(place);
  return {place.file, span, place.file->position(span.start), label, primary};
}

// All places of a finding: its own file first, the others as they come; within a file by line.
std::vector<Annotation> annotations_of(const Diagnostic& diagnostic) {
  std::vector<Annotation> annotations = {annotate(diagnostic.place, {}, true)};
  std::vector<const SourceFile*> files = {diagnostic.place.file};
  for (const Note& note : diagnostic.notes) {
    if (note.place.file == nullptr) continue;
    annotations.push_back(annotate(note.place, note.text, false));
    if (std::ranges::find(files, note.place.file) == files.end()) files.push_back(note.place.file);
  }
  std::ranges::stable_sort(annotations, {}, [&files](const Annotation& annotation) {
    return std::pair(std::ranges::find(files, annotation.file), annotation.position.line);
  });
  return annotations;
}

bool is_secret_value(const Diagnostic& diagnostic) {
  return diagnostic.object.starts_with("Secret ") &&
         (diagnostic.path.starts_with("data") || diagnostic.path.starts_with("stringData"));
}

class Writer {
 public:
  explicit Writer(const Options& options)
      : color_(options.color), width_(options.width == 0 ? default_width : options.width) {}

  void add(const Diagnostic& diagnostic) {
    const auto annotations = annotations_of(diagnostic);
    std::uint32_t last_line = 1;
    for (const Annotation& annotation : annotations) last_line = std::max(last_line, annotation.position.line);
    gutter_ = fmt::formatted_size("{}", last_line);
    mark_color_ = color_of(diagnostic.severity);

    add_headline(diagnostic);
    add_excerpts(diagnostic, annotations);
    for (const Note& note : diagnostic.notes) {
      if (note.place.file == nullptr) add_remark("note", note.text);
    }
    if (!diagnostic.help.empty()) add_remark("help", diagnostic.help);
    if (!diagnostic.citation.empty()) add_remark("source", citation_words(diagnostic.citation));
    text_ += '\n';
  }

  std::string take() { return std::move(text_); }

 private:
  std::string paint(std::string_view text, std::string_view color) const {
    return color_ ? fmt::format("\x1b[{}m{}\x1b[0m", color, text) : std::string(text);
  }

  void add_headline(const Diagnostic& diagnostic) {
    const auto label =
        fmt::format("{}[{} {}]", to_string(diagnostic.severity), diagnostic.rule->code, diagnostic.rule->name);
    text_ += fmt::format("{}{}\n", paint(label, color_of(diagnostic.severity)),
                         paint(": " + sanitize(diagnostic.message), bold));
  }

  void add_arrow(std::string_view arrow, const SourceFile& file, Position position) {
    text_ += fmt::format("{:{}}{} {}:{}:{}\n", "", gutter_, paint(arrow, frame_color), sanitize(file.shown()),
                         position.line, position.column);
  }

  // A path of one key says no more than the excerpt.
  void add_object(const Diagnostic& diagnostic) {
    if (diagnostic.object.empty()) return;
    const bool has_path = diagnostic.path.find_first_of(".[") != std::string::npos;
    text_ += fmt::format("{:{}}in {}{}{}\n", "", gutter_ + 4, sanitize(diagnostic.object), has_path ? ", " : "",
                         has_path ? sanitize(diagnostic.path) : "");
  }

  void add_excerpts(const Diagnostic& diagnostic, const std::vector<Annotation>& annotations) {
    const SourceFile* file = nullptr;
    for (const Annotation& annotation : annotations) {
      if (annotation.file != file) {
        if (file == nullptr) {
          add_arrow("-->", *annotation.file, diagnostic.place.file->position(diagnostic.place.span.start));
          add_object(diagnostic);
        } else {
          add_arrow("==>", *annotation.file, annotation.position);
        }
        file = annotation.file;
        previous_line_ = 0;
        if (!file->text().empty()) add_row("", "");
      }
      if (!file->text().empty()) add_excerpt(annotation, file == diagnostic.place.file && is_secret_value(diagnostic));
    }
  }

  void add_excerpt(const Annotation& annotation, bool is_secret) {
    const SourceFile& file = *annotation.file;
    const std::uint32_t line = annotation.position.line;
    std::string_view shown = file.line(line);
    std::string masked;
    std::size_t start = annotation.span.start - file.line_start(line);
    std::size_t end = annotation.span.end - file.line_start(line);
    const bool continues = end > shown.size();
    if (const auto hidden = hidden_from(file, line, is_secret)) {
      masked = fmt::format("{}***", shown.substr(0, *hidden));
      shown = masked;
      if (start > *hidden) start = *hidden;
      if (end > *hidden) end = shown.size();
    }

    const std::size_t frame = gutter_ + 3;
    const Excerpt excerpt = make_excerpt(shown, start, end, std::max(least_width, width_ > frame ? width_ - frame : 0));
    if (line != previous_line_ || excerpt.text != previous_text_) {
      if (previous_line_ != 0 && line > previous_line_ + 1) text_ += paint("...", frame_color) + "\n";
      add_row(fmt::format("{}", line), excerpt.text);
    }
    previous_line_ = line;
    previous_text_ = excerpt.text;

    std::string mark(excerpt.width, annotation.primary ? '^' : '-');
    if (continues) mark += "...";
    if (!annotation.label.empty()) mark += " " + sanitize(annotation.label);
    add_row("", std::string(excerpt.start, ' ') + paint(mark, annotation.primary ? mark_color_ : frame_color));
  }

  std::optional<std::size_t> hidden_from(const SourceFile& file, std::uint32_t line, bool is_secret) {
    const auto hidden = secrets_.try_emplace(&file, file).first->second.hidden_from(line);
    if (!hidden && is_secret) return value_start(file.line(line));
    return hidden;
  }

  void add_row(std::string_view number, std::string_view content) {
    text_ += paint(fmt::format("{:>{}} |", number, gutter_), frame_color);
    if (!content.empty()) text_ += fmt::format(" {}", content);
    text_ += '\n';
  }

  void add_remark(std::string_view kind, std::string_view remark) {
    text_ += fmt::format("{:{}}{} {} {}\n", "", gutter_ + 1, paint("=", frame_color),
                         paint(fmt::format("{}:", kind), bold), sanitize(remark));
  }

  bool color_;
  std::size_t width_;
  std::size_t gutter_ = 1;  // digits of the largest line number of the finding
  std::string_view mark_color_;
  std::uint32_t previous_line_ = 0;
  std::string previous_text_;
  std::map<const SourceFile*, SecretLines> secrets_;
  std::string text_;
};

}  // namespace

std::string report_text(const Report& report) {
  Writer writer(report.options);
  for (const Diagnostic& diagnostic : report.outcome.diagnostics) writer.add(diagnostic);
  std::string text = writer.take();
  if (report.options.show_suppressed) text += suppressed_lines(report.outcome);
  text += summary_line(report.outcome) + "\n" + fixable_line(report.outcome);
  if (report.outcome.templates_skipped > 0)
    text += "hint: templates are not read; lint what they render to: helm template CHART | meshlint -\n";
  return text;
}

}  // namespace meshlint
