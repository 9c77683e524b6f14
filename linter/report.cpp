#include "linter/report.h"

#include <algorithm>

namespace meshlint {

Span pointed_span(const Place& place) {
  const std::string_view text = place.file->text();
  const auto size = static_cast<std::uint32_t>(text.size());
  Span span{std::min(place.span.start, size), std::min(place.span.end, size)};
  const auto last = text.substr(0, span.end).find_last_not_of(" \t\r\n");
  const auto end = last == std::string_view::npos ? 0 : static_cast<std::uint32_t>(last + 1);
  span.end = std::max(span.start, end);
  return span;
}

std::string break_commands(std::string_view json) {
  std::string safe;
  safe.reserve(json.size());
  // Outside of strings JSON has no '#'.
  for (const char character : json) {
    if (character == '#' && safe.ends_with('#')) {
      safe += "\\u0023";
    } else {
      safe += character;
    }
  }
  return safe;
}

}  // namespace meshlint
