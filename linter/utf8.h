// UTF-8, one character after the other, of text that may not be UTF-8 at all.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace meshlint {

inline constexpr char32_t replacement_character = 0xFFFD;

// The character at an offset. Bytes that are no UTF-8 count as one U+FFFD for each longest beginning of a character
// (the practice of Unicode and of the web), so other programs see the same characters.
struct DecodedCharacter {
  char32_t code_point = replacement_character;
  std::size_t length = 1;  // bytes
  bool valid = false;
};

// `offset` must lie inside the text.
DecodedCharacter decode_utf8(std::string_view text, std::size_t offset);

// Adds a character, which must not lie beyond U+10FFFF.
void append_utf8(std::string& text, char32_t code_point);

}  // namespace meshlint
