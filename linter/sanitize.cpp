#include "linter/sanitize.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "linter/utf8.h"

namespace meshlint {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Characters that nobody sees, or that reorder or end the line they stand in.
constexpr std::array<Range, 14> invisible = {{
    {0x00, 0x1F},       // C0 controls
    {0x7F, 0x9F},       // DEL and C1 controls
    {0xAD, 0xAD},       // soft hyphen
    {0x61C, 0x61C},     // Arabic letter mark
    {0x180E, 0x180E},   // Mongolian vowel separator
    {0x200B, 0x200F},   // zero width, direction marks
    {0x2028, 0x202E},   // line and paragraph separators, bidirectional embeddings and overrides
    {0x2060, 0x206F},   // invisible operators, bidirectional isolates
    {0x3164, 0x3164},   // Hangul filler
    {0xFEFF, 0xFEFF},   // zero width no-break space
    {0xFFA0, 0xFFA0},   // half-width Hangul filler
    {0xFFF9, 0xFFFB},   // interlinear annotations
    {0xFFFE, 0xFFFF},   // no characters
    {0xE0000, 0xE007F}  // tags
}};

// Characters drawn over the one before them, of the scripts most in use.
constexpr std::array<Range, 50> combining = {{
    {0x0300, 0x036F}, {0x0483, 0x0489},   {0x0591, 0x05BD}, {0x05BF, 0x05BF}, {0x05C1, 0x05C2}, {0x05C4, 0x05C5},
    {0x05C7, 0x05C7}, {0x0610, 0x061A},   {0x064B, 0x065F}, {0x0670, 0x0670}, {0x06D6, 0x06DC}, {0x06DF, 0x06E4},
    {0x06E7, 0x06E8}, {0x06EA, 0x06ED},   {0x0711, 0x0711}, {0x0730, 0x074A}, {0x0900, 0x0902}, {0x093A, 0x093A},
    {0x093C, 0x093C}, {0x0941, 0x0948},   {0x094D, 0x094D}, {0x0951, 0x0957}, {0x0962, 0x0963}, {0x0981, 0x0981},
    {0x09BC, 0x09BC}, {0x09C1, 0x09C4},   {0x09CD, 0x09CD}, {0x0BC0, 0x0BC0}, {0x0BCD, 0x0BCD}, {0x0E31, 0x0E31},
    {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E},   {0x0EB1, 0x0EB1}, {0x0EB4, 0x0EBC}, {0x0EC8, 0x0ECD}, {0x0F71, 0x0F7E},
    {0x0F80, 0x0F84}, {0x102D, 0x1030},   {0x1032, 0x1037}, {0x1039, 0x103A}, {0x1160, 0x11FF}, {0x17B4, 0x17B5},
    {0x17B7, 0x17BD}, {0x1AB0, 0x1AFF},   {0x1DC0, 0x1DFF}, {0x20D0, 0x20F0}, {0x302A, 0x302D}, {0x3099, 0x309A},
    {0xFE00, 0xFE2F}, {0xE0100, 0xE01EF},
}};

// Characters of two columns: East Asian scripts, and pictographs that terminals draw in colour.
constexpr std::array<Range, 58> wide = {{
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},   {0x23F0, 0x23F0},
    {0x23F3, 0x23F3},   {0x25FD, 0x25FE},   {0x2614, 0x2615},   {0x2648, 0x2653},   {0x267F, 0x267F},
    {0x2693, 0x2693},   {0x26A1, 0x26A1},   {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x26C4, 0x26C5},
    {0x26CE, 0x26CE},   {0x26D4, 0x26D4},   {0x26EA, 0x26EA},   {0x26F2, 0x26F3},   {0x26F5, 0x26F5},
    {0x26FA, 0x26FA},   {0x26FD, 0x26FD},   {0x2705, 0x2705},   {0x270A, 0x270B},   {0x2728, 0x2728},
    {0x274C, 0x274C},   {0x274E, 0x274E},   {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2795, 0x2797},
    {0x27B0, 0x27B0},   {0x27BF, 0x27BF},   {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},   {0x2B55, 0x2B55},
    {0x2E80, 0x303E},   {0x3041, 0x4DBF},   {0x4E00, 0xA4CF},   {0xA960, 0xA97F},   {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},   {0x16FE0, 0x18DFF},
    {0x1AFF0, 0x1B2FF}, {0x1F004, 0x1F004}, {0x1F0CF, 0x1F0CF}, {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A},
    {0x1F200, 0x1F2FF}, {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F7E0, 0x1F7EB}, {0x1F900, 0x1F9FF},
    {0x1FA70, 0x1FAFF}, {0x20000, 0x2FFFD}, {0x30000, 0x3FFFD},
}};

template <std::size_t Size>
bool is_in(const std::array<Range, Size>& ranges, char32_t code_point) {
  const auto after = std::upper_bound(ranges.begin(), ranges.end(), code_point,
                                      [](char32_t value, const Range& range) { return value < range.first; });
  return after != ranges.begin() && code_point <= std::prev(after)->last;
}

// Whether the '#' at an offset is the second one of `##[` or `##vso[`, which CI runners obey anywhere in a line.
bool is_command_mark(std::string_view text, std::size_t offset) {
  if (offset == 0 || text[offset - 1] != '#') return false;
  const std::string_view rest = text.substr(offset + 1);
  return rest.starts_with('[') || (rest.size() > 3 && rest[3] == '[' && (rest[0] | 0x20) == 'v' &&
                                   (rest[1] | 0x20) == 's' && (rest[2] | 0x20) == 'o');
}

std::string escape_bytes(std::string_view bytes) {
  std::string escaped;
  for (const char byte : bytes) escaped += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
  return escaped;
}

}  // namespace

std::string sanitize_character(std::string_view text, std::size_t& offset) {
  const std::size_t start = offset;
  const DecodedCharacter character = decode_utf8(text, start);
  offset += character.length;
  const std::string_view bytes = text.substr(start, character.length);
  if (bytes == "\t") return " ";
  if (!character.valid || (bytes == "#" && is_command_mark(text, start))) return escape_bytes(bytes);
  if (!is_in(invisible, character.code_point)) return std::string(bytes);
  if (character.length == 1) return escape_bytes(bytes);
  return fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(character.code_point));
}

std::string sanitize(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  for (std::size_t offset = 0; offset < text.size();) safe += sanitize_character(text, offset);
  return safe;
}

std::string sanitize_path(std::string_view path) {
  std::string safe = sanitize(path);
  // Runners trim a line before they look for a command.
  const auto first = safe.find_first_not_of(' ');
  if (first == std::string::npos || std::string_view(safe).substr(first).starts_with("::")) safe.insert(0, "./");
  return safe;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t offset = 0; offset < text.size();) {
    const DecodedCharacter character = decode_utf8(text, offset);
    offset += character.length;
    if (is_in(wide, character.code_point))
      width += 2;
    else if (!is_in(combining, character.code_point))
      width += 1;
  }
  return width;
}

std::string sanitize_sarif(std::string_view text) {
  std::string escaped;
  for (const char character : sanitize(text)) {
    if (character == '\\' || character == '[' || character == ']') escaped += '\\';
    escaped += character;
  }
  return escaped;
}

std::string sanitize_markdown(std::string_view text) {
  constexpr std::string_view markup = "\\`*_[]<>|#&!~\"'";
  const std::string safe = sanitize(text);
  std::string escaped;
  for (std::size_t i = 0; i < safe.size(); ++i) {
    const char character = safe[i];
    const std::string_view rest = std::string_view(safe).substr(i);
    if (markup.find(character) != std::string_view::npos || rest.starts_with("://")) {
      escaped += fmt::format("&#{};", static_cast<int>(character));
    } else if (character == '@') {
      escaped += "&#64;&#8288;";  // a word joiner, else `@name` is a mention even so
    } else if (rest.starts_with("www.")) {
      escaped += "www&#46;";
      i += 3;
    } else {
      escaped += character;
    }
  }
  return escaped;
}

std::string escape(std::string_view text, std::span<const Escape> escapes) {
  std::string escaped;
  for (const char character : text) {
    const auto known = std::ranges::find(escapes, character, &Escape::character);
    known == escapes.end() ? escaped += character : escaped += known->text;
  }
  return escaped;
}

std::string sanitize_markup(std::string_view text) {
  constexpr Escape escapes[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
  return escape(sanitize(text), escapes);
}

std::string valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  for (std::size_t offset = 0; offset < text.size();) {
    const DecodedCharacter character = decode_utf8(text, offset);
    valid += character.valid ? text.substr(offset, character.length) : "\xEF\xBF\xBD";
    offset += character.length;
  }
  return valid;
}

}  // namespace meshlint
