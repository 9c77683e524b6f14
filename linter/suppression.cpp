#include "linter/suppression.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <set>

#include "linter/ascii.h"
#include "linter/rule.h"
#include "linter/words.h"

namespace meshlint {
namespace {

using Documents = std::vector<std::unique_ptr<Document>>;

constexpr std::string_view mark = "meshlint:";
constexpr std::string_view annotation = "meshlint/ignore";
constexpr std::string_view form = "write '# meshlint: ignore[MSH4001] reason'";
constexpr Span everything{0, std::numeric_limits<std::uint32_t>::max()};

bool names(std::string_view text, const Rule& rule) {
  return text == rule.code || text == rule.name;
}

Place place_of(const SourceFile& file, std::string_view part) {
  const auto start = static_cast<std::uint32_t>(part.data() - file.text().data());
  return {&file, {start, start + static_cast<std::uint32_t>(part.size())}};
}

std::string_view slice(const SourceFile& file, Span span) {
  return file.text().substr(span.start, span.end - span.start);
}

// What stands behind `meshlint:` in a comment, if it is for us: `ignore…`.
std::optional<std::string_view> directive_in(std::string_view comment) {
  for (const std::string_view start : {"#", "//", "/*"}) {
    if (comment.starts_with(start)) comment.remove_prefix(start.size());
  }
  if (comment.ends_with("*/")) comment.remove_suffix(2);
  comment = trim(comment);
  if (!comment.starts_with(mark)) return std::nullopt;
  comment = trim(comment.substr(mark.size()));
  return comment.starts_with("ignore") ? std::optional(comment) : std::nullopt;
}

std::vector<std::string_view> split(std::string_view list, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = list.find(separator);
    parts.push_back(list.substr(0, end));
    if (end == std::string_view::npos) return parts;
    list.remove_prefix(end + 1);
  }
}

bool is_alone_on_its_line(const SourceFile& file, const Comment& comment) {
  const std::uint32_t start = file.line_start(file.position(comment.span.start).line);
  return trim(slice(file, {start, comment.span.start})).empty();
}

Span joined(Span a, Span b) {
  return {std::min(a.start, b.start), std::max(a.end, b.end)};
}

// The values of documents that begin on a line, their keys included.
std::vector<Node> nodes_on(const Documents& documents, std::uint32_t line) {
  std::vector<Node> nodes;
  for (const auto& document : documents) {
    for (std::uint32_t index = 0; index < document->nodes().size(); ++index) {
      const Node node(*document, index);
      if (document->file().position(node.entry_span().start).line == line) nodes.push_back(node);
    }
  }
  return nodes;
}

// The line below a comment that holds something else than comments.
std::uint32_t line_below(const SourceFile& file, std::uint32_t line) {
  do {
    ++line;
  } while (trim(file.line(line)).starts_with('#') || trim(file.line(line)).starts_with("//"));
  return line;
}

Span line_span(const SourceFile& file, std::uint32_t line) {
  const std::uint32_t start = file.line_start(line);
  return {start, start + static_cast<std::uint32_t>(file.line(line).size()) + 1};
}

// The largest value that begins on the line below: an object, an item of a list, or an entry.
Span covered_below(const SourceFile& file, const Documents& documents, std::uint32_t line) {
  const std::uint32_t below = line_below(file, line);
  Span covered = line_span(file, below);
  for (const Node node : nodes_on(documents, below)) covered = joined(covered, node.entry_span());
  return covered;
}

// The line, and the entry that begins on it with all that it holds; not the object whose first line it may be.
Span covered_beside(const SourceFile& file, const Documents& documents, std::uint32_t line) {
  std::optional<Span> first;
  for (const Node node : nodes_on(documents, line)) {
    if (!node.key()) continue;
    if (!first || node.entry_span().start < first->start) first = node.entry_span();
  }
  const Span covered = line_span(file, line);
  return first ? joined(covered, *first) : covered;
}

// Whether only comments and marks of documents stand before a comment.
bool is_before_values(const SourceFile& file, const Comment& comment) {
  const std::uint32_t last = file.position(comment.span.start).line;
  for (std::uint32_t number = 1; number < last; ++number) {
    const std::string_view line = trim(file.line(number));
    if (!line.empty() && line != "---" && !line.starts_with('#') && !line.starts_with("//")) return false;
  }
  return is_alone_on_its_line(file, comment);
}

const Rule* rule_called(std::span<const Rule* const> rules, std::string_view name) {
  const auto found = std::ranges::find(rules, name, &Rule::name);
  return found == rules.end() ? nullptr : *found;
}

// A comment with its line, or with the blanks before it.
Edit removal_of(const Place& comment) {
  const SourceFile& file = *comment.file;
  Span span = comment.span;
  const std::uint32_t line_start = file.line_start(file.position(span.start).line);
  while (span.start > line_start && (file.text()[span.start - 1] == ' ' || file.text()[span.start - 1] == '\t')) {
    --span.start;
  }
  if (span.start == line_start) {
    while (span.end < file.text().size() && (file.text()[span.end] == '\r' || file.text()[span.end] == ' ')) ++span.end;
    if (span.end < file.text().size() && file.text()[span.end] == '\n') ++span.end;
  }
  return {{&file, span}, ""};
}

}  // namespace

Suppressions::Suppressions(const Context& context, std::span<const std::string_view> known_rules)
    : known_rules_(known_rules.begin(), known_rules.end()) {
  const Manifests& manifests = context.manifests();
  std::set<const SourceFile*> reported;
  std::set<const SourceFile*> marked;  // those of them with comments for us
  for (const InputFile& file : manifests.files()) {
    if (!file.reported) continue;
    reported.insert(file.source.get());
    if (file.source->text().find(mark) == std::string_view::npos) continue;
    marked.insert(file.source.get());
    read_comments(*file.source, file.parsed.documents);
  }
  for (const auto* embedded :
       {&manifests.mesh_configs(), &manifests.gateway_customizations(), &manifests.proxy_configs()}) {
    for (const EmbeddedDocument& text : *embedded) {
      const SourceFile& file = text.resource->file();
      if (marked.contains(&file)) read_comments(file, text.parsed.documents);
    }
  }
  for (const auto& resource : manifests.all()) {
    if (reported.contains(&resource->file())) read_annotation(*resource);
  }
}

void Suppressions::read_comments(const SourceFile& file, const Documents& documents) {
  for (const auto& document : documents) {
    for (const Comment& comment : document->comments()) read_comment(file, documents, comment);
  }
}

void Suppressions::read_comment(const SourceFile& source, const Documents& documents, const Comment& comment) {
  const auto directive = directive_in(slice(source, comment.span));
  if (!directive) return;
  const Place place = place_of(source, *directive);
  const auto open = directive->find('[');
  const auto close = directive->find(']');
  const std::string_view verb = trim(directive->substr(0, std::min(open, directive->find(' '))));
  if (verb != "ignore" && verb != "ignore-file") {
    mistakes_.push_back(
        {place, fmt::format("{} is no suppression, and nothing is left out", quoted(*directive)), std::string(form)});
    return;
  }
  if (open != verb.size() || close == std::string_view::npos || close < open) {
    mistakes_.push_back({place, fmt::format("{} names no rule, and nothing is left out", quoted(*directive)),
                         fmt::format("{}: rules are named one by one", form)});
    return;
  }
  const std::uint32_t line = source.position(comment.span.start).line;
  Span covered = everything;
  if (verb == "ignore") {
    covered = is_alone_on_its_line(source, comment) ? covered_below(source, documents, line)
                                                    : covered_beside(source, documents, line);
  } else if (!is_before_values(source, comment)) {
    mistakes_.push_back({place, "'ignore-file' stands behind the file's first value, and nothing is left out",
                         "move the comment to the top of the file"});
    return;
  }
  const std::string reason(trim(directive->substr(close + 1)));
  for (const std::string_view part : split(directive->substr(open + 1, close - open - 1), ',')) {
    const std::string_view name = trim(part);
    add({name.empty() ? place : place_of(source, name), {&source, comment.span}, std::string(name), covered, reason});
  }
}

void Suppressions::read_annotation(const Resource& resource) {
  const Node value = resource.root["metadata"]["annotations"][annotation];
  if (!value || !value.is_scalar() || value.unresolved()) return;
  for (const std::string_view part : split(value.text(), ';')) {
    const auto equals = part.find('=');
    const std::string_view name = trim(part.substr(0, equals));
    if (name.empty() && trim(part).empty()) continue;
    const std::string reason(equals == std::string_view::npos ? "" : trim(part.substr(equals + 1)));
    add({{value.file(), value.span()}, {}, std::string(name), resource.root.span(), reason});
  }
}

void Suppressions::add(Suppression suppression) {
  if (std::ranges::find(known_rules_, suppression.rule) != known_rules_.end()) {
    suppressions_.push_back(std::move(suppression));
    return;
  }
  const auto meant = closest_word(suppression.rule, known_rules_);
  mistakes_.push_back({suppression.place,
                       fmt::format("there is no rule {}, and nothing is left out", quoted(suppression.rule)),
                       meant.empty() ? "`meshlint rules` lists them all" : fmt::format("did you mean '{}'?", meant)});
}

std::vector<SuppressedFinding> Suppressions::take_from(std::vector<Diagnostic>& findings) {
  std::vector<SuppressedFinding> suppressed;
  if (suppressions_.empty()) return suppressed;
  std::erase_if(findings, [&](Diagnostic& finding) {
    const std::string* reason = nullptr;
    for (Suppression& suppression : suppressions_) {
      const std::uint32_t at = finding.place.span.start;
      const bool covers = suppression.place.file == finding.place.file && at >= suppression.covered.start &&
                          at < suppression.covered.end && names(suppression.rule, *finding.rule);
      if (!covers) continue;
      suppression.used = true;
      if (reason == nullptr || reason->empty()) reason = &suppression.reason;
    }
    if (reason != nullptr) suppressed.push_back({std::move(finding), *reason});
    return reason != nullptr;
  });
  return suppressed;
}

std::vector<Diagnostic> Suppressions::findings(std::span<const Rule* const> rules) const {
  std::vector<Diagnostic> found;
  const auto add = [&found](const Rule* rule, const Place& place, std::string message, std::string help) {
    Diagnostic diagnostic;
    diagnostic.rule = rule;
    diagnostic.severity = rule->severity;
    diagnostic.place = place;
    diagnostic.message = std::move(message);
    diagnostic.help = std::move(help);
    found.push_back(std::move(diagnostic));
  };
  if (const Rule* unknown = rule_called(rules, "suppression-unknown")) {
    for (const Mistake& mistake : mistakes_) add(unknown, mistake.place, mistake.message, mistake.help);
  }
  const Rule* unused = rule_called(rules, "suppression-unused");
  if (unused == nullptr) return found;
  for (const Suppression& suppression : suppressions_) {
    const bool ran = std::ranges::any_of(rules, [&](const Rule* rule) { return names(suppression.rule, *rule); });
    if (suppression.used || !ran) continue;
    add(unused, suppression.place, fmt::format("nothing here is a finding of {}", quoted(suppression.rule)),
        std::string(unused->fix));
    // A comment that names others too may be needed for them.
    const auto is_in_comment = [&](const auto& other) {
      const Place& comment = suppression.comment;
      return other.place.file == comment.file && other.place.span.start >= comment.span.start &&
             other.place.span.start < comment.span.end;
    };
    if (suppression.comment.file != nullptr && std::ranges::count_if(suppressions_, is_in_comment) == 1 &&
        std::ranges::none_of(mistakes_, is_in_comment))
      found.back().fix = Fix{"remove the comment", true, {removal_of(suppression.comment)}};
  }
  return found;
}

}  // namespace meshlint
