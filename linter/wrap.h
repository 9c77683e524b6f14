// Text within the columns of a terminal.
#pragma once

#include <string>
#include <string_view>

#include "linter/diagnostic.h"

namespace meshlint {

inline constexpr std::size_t report_width = 80;

// Words behind a head, wrapped at blanks. They, and further lines, begin at the indent; behind a longer head, right
// behind it.
void add_wrapped(std::string& text, std::string_view head, std::string_view words, std::size_t indent);

// "istio-upgrade, 'Minor revision upgrade', read 2026-08-21".
std::string source_words(const Citation& source);

}  // namespace meshlint
