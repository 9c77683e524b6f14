// Template expressions in text that has not been rendered.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linter/source.h"

namespace meshlint {

// An expression that stands for text nobody knows yet.
struct Placeholder {
  Span span;            // only the opening for `$(`, and for what is not closed on its line
  bool masked = false;  // `{{ }}`, `{% %}` or `${ }` on one line: stands for a word while the text is parsed
};

// Expressions in their order: `{{ }}`, `{% %}`, `${ }` and `$( )`.
std::vector<Placeholder> find_placeholders(std::string_view text);

// Whether a text that is one value opens or closes conditions, loops or definitions that it does not close or open.
bool has_unbalanced_control_flow(std::string_view text);

// Whether a document of this text alone is an instruction of the template (a condition, a loop, an inclusion).
bool is_control_flow(std::string_view text);

// The expression of the first line that starts with `{{` or `{%`; without one, the first expression over several lines.
std::optional<Span> first_control_line(std::string_view text, const std::vector<Placeholder>& placeholders);

}  // namespace meshlint
