#include "linter/utf8.h"

namespace meshlint {
namespace {

// What may follow a first byte. The second byte's bounds shut out overlong forms, surrogates and what lies beyond
// U+10FFFF; all later bytes are 80 to BF.
struct Lead {
  std::size_t length = 1;
  unsigned char second_low = 0x80;
  unsigned char second_high = 0xBF;
  char32_t bits = 0;
};

constexpr Lead lead_of(unsigned char byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return {2, 0x80, 0xBF, byte & 0x1Fu};
  if (byte == 0xE0) return {3, 0xA0, 0xBF, 0};
  if (byte == 0xED) return {3, 0x80, 0x9F, 0xD};
  if (byte >= 0xE1 && byte <= 0xEF) return {3, 0x80, 0xBF, byte & 0x0Fu};
  if (byte == 0xF0) return {4, 0x90, 0xBF, 0};
  if (byte >= 0xF1 && byte <= 0xF3) return {4, 0x80, 0xBF, byte & 0x07u};
  if (byte == 0xF4) return {4, 0x80, 0x8F, 4};
  return {};
}

}  // namespace

DecodedCharacter decode_utf8(std::string_view text, std::size_t offset) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[offset + index]); };
  if (byte(0) < 0x80) return {byte(0), 1, true};
  const Lead lead = lead_of(byte(0));
  char32_t code_point = lead.bits;
  for (std::size_t index = 1; index < lead.length; ++index) {
    const unsigned char low = index == 1 ? lead.second_low : 0x80;
    const unsigned char high = index == 1 ? lead.second_high : 0xBF;
    if (offset + index == text.size() || byte(index) < low || byte(index) > high)
      return {replacement_character, index, false};
    code_point = code_point << 6 | (byte(index) & 0x3Fu);
  }
  if (lead.length == 1) return {};
  return {code_point, lead.length, true};
}

void append_utf8(std::string& text, char32_t code_point) {
  const auto append = [&text](char32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (code_point < 0x80) {
    append(code_point);
    return;
  }
  if (code_point < 0x800) {
    append(0xC0 | code_point >> 6);
  } else if (code_point < 0x10000) {
    append(0xE0 | code_point >> 12);
    append(0x80 | (code_point >> 6 & 0x3F));
  } else {
    append(0xF0 | (code_point >> 18 & 0x07));
    append(0x80 | (code_point >> 12 & 0x3F));
    append(0x80 | (code_point >> 6 & 0x3F));
  }
  append(0x80 | (code_point & 0x3F));
}

}  // namespace meshlint
