// One line of a source as it is shown to people.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace meshlint {

struct Excerpt {
  std::string text;       // safe to print, no wider than asked for
  std::size_t start = 0;  // the columns of `text` to underline
  std::size_t width = 1;  // at least one
};

// Shows a line so that bytes `start` to `end` of it are in view: tabs expanded, sanitized, and cut with `...` to
// `width` columns around them. The cost depends on the width, not on the length of the line.
Excerpt make_excerpt(std::string_view line, std::size_t start, std::size_t end, std::size_t width);

}  // namespace meshlint
