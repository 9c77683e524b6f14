// What stands inside Terraform's expressions, strings and heredocs: where they end, and what a heredoc says.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linter/problem.h"
#include "linter/scalar.h"

namespace meshlint {

// Why a text is no HCL; thrown by the scanner and by the reader of files.
struct HclMistake {
  ProblemKind kind = ProblemKind::infrastructure_syntax;
  Span place;
  std::string message;
  std::string help;
  std::optional<Span> related = std::nullopt;
  std::string relation = "opened here";  // what the related place is
};

// Finds the ends of expressions without reading them: brackets, strings, templates within strings, heredocs and
// comments are matched, everything else is skipped. Linear, whatever stands within what.
class HclScanner {
 public:
  // Comments on the way are added to `comments` unless it is null.
  explicit HclScanner(std::string_view source, std::vector<Comment>* comments = nullptr)
      : source_(source), comments_(comments) {}

  // The first of the `stops`, or the first bracket that closes nothing, outside of all brackets, strings and comments;
  // the end of the source when there is none.
  std::size_t expression_end(std::size_t start, std::string_view stops);

  // Behind the closing quote, the marker or the brace of a string, heredoc or template sequence (`${ }`, `%{ }`).
  std::size_t string_end(std::size_t start);
  std::size_t heredoc_end(std::size_t start);
  std::size_t template_end(std::size_t start);

  // Whether the last string or heredoc held `${ }` or `%{ }`.
  bool found_template() const { return found_template_; }

 private:
  struct Level {
    char closing;  // ')', ']', '}', '"', or 'h' for a heredoc
    std::size_t start;
    std::string_view marker;
  };

  std::size_t run(std::size_t at, std::string_view stops, bool until_closed);
  std::size_t step_in_expression(std::size_t at);
  std::size_t step_in_string(std::size_t at);
  std::size_t step_in_heredoc(std::size_t at);
  std::size_t open_template(std::size_t at);
  std::size_t skip_comment(std::size_t at);
  void open(char closing, std::size_t start, std::string_view marker = {});
  [[noreturn]] void fail_unclosed() const;

  std::string_view source_;
  std::vector<Comment>* comments_;
  std::vector<Level> levels_;
  bool found_template_ = false;
};

// The first line of a heredoc: `<<EOT`, or `<<-EOT` whose text is freed of its common indentation.
struct HeredocHeader {
  std::string_view marker;
  std::size_t content = 0;  // where the next line starts
  bool indented = false;
};

// Nothing when no heredoc starts at the offset.
std::optional<HeredocHeader> read_heredoc_header(std::string_view source, std::size_t at);

// A heredoc's text and the way back to the file.
struct Heredoc {
  DecodedText text;               // interpolations stand in it as `${ }` without line breaks and quotes
  bool has_template = false;      // holds `${ }` or `%{ }`
  std::optional<Span> directive;  // the first `%{ }`, which decides what the text is
};

// Decodes a heredoc whose span, marker included, is known.
Heredoc decode_heredoc(std::string_view source, Span span);

}  // namespace meshlint
