#include "linter/source.h"

#include <algorithm>

#include "linter/utf8.h"

namespace meshlint {
namespace {

// Turns UTF-16 without its byte order mark into UTF-8; PowerShell 5 writes `az … > cluster.json` like this.
std::string from_utf16(std::string_view bytes, bool big_endian) {
  const auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<char32_t>(big_endian ? first << 8 | second : second << 8 | first);
  };
  std::string text;
  text.reserve(bytes.size() / 2);
  std::size_t at = 0;
  while (at + 1 < bytes.size()) {
    char32_t code_point = unit(at);
    at += 2;
    if (code_point >= 0xD800 && code_point < 0xDC00 && at + 1 < bytes.size() && (unit(at) & 0xFC00) == 0xDC00) {
      code_point = 0x10000 + ((code_point - 0xD800) << 10) + (unit(at) - 0xDC00);
      at += 2;
    } else if (code_point >= 0xD800 && code_point < 0xE000) {
      code_point = replacement_character;
    }
    append_utf8(text, code_point);
  }
  if (at < bytes.size()) append_utf8(text, replacement_character);
  return text;
}

bool is_continuation_byte(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

constexpr std::size_t block_size = 4096;

std::uint32_t count_continuations(std::string_view bytes) {
  return static_cast<std::uint32_t>(std::count_if(bytes.begin(), bytes.end(), is_continuation_byte));
}

}  // namespace

SourceFile::SourceFile(std::string path, std::string shown, std::string bytes)
    : path_(std::move(path)), shown_(std::move(shown)) {
  const std::string_view view = bytes;
  if (view.starts_with("\xEF\xBB\xBF")) {
    had_byte_order_mark_ = true;
    text_ = bytes.substr(3);
  } else if (view.starts_with("\xFF\xFE") || view.starts_with("\xFE\xFF")) {
    had_byte_order_mark_ = true;
    text_ = from_utf16(view.substr(2), view[0] == '\xFE');
  } else {
    text_ = std::move(bytes);
  }
}

const std::vector<std::uint32_t>& SourceFile::line_starts() const {
  std::call_once(indexed_, [this] {
    line_starts_.push_back(0);
    for (std::size_t at = text_.find_first_of("\r\n"); at != std::string::npos; at = text_.find_first_of("\r\n", at)) {
      at += text_.compare(at, 2, "\r\n") == 0 ? std::size_t{2} : std::size_t{1};
      if (at < text_.size()) line_starts_.push_back(static_cast<std::uint32_t>(at));
    }
    std::uint32_t continuations = 0;
    for (std::size_t at = 0; at < text_.size(); at += block_size) {
      continuations_before_block_.push_back(continuations);
      continuations += count_continuations(std::string_view(text_).substr(at, block_size));
    }
  });
  return line_starts_;
}

// How many of the bytes before an offset continue a character.
std::uint32_t SourceFile::continuations_before(std::size_t offset) const {
  const std::size_t block = offset / block_size;
  if (block >= continuations_before_block_.size()) {
    if (continuations_before_block_.empty()) return 0;
    return continuations_before(offset - 1) + (is_continuation_byte(text_[offset - 1]) ? 1 : 0);
  }
  const auto rest = std::string_view(text_).substr(block * block_size, offset - block * block_size);
  return continuations_before_block_[block] + count_continuations(rest);
}

Position SourceFile::position(std::uint32_t offset) const {
  const auto& starts = line_starts();
  const auto next = std::upper_bound(starts.begin(), starts.end(), offset);
  const std::uint32_t start = *(next - 1);
  auto before = std::string_view(text_).substr(start, offset - start);
  // The line end is one place, however it is written, and so is the end of a file that ends in one.
  while (before.ends_with('\n') || before.ends_with('\r')) before.remove_suffix(1);
  const auto continuations = continuations_before(start + before.size()) - continuations_before(start);
  return {static_cast<std::uint32_t>(next - starts.begin()),
          static_cast<std::uint32_t>(before.size()) - continuations + 1};
}

std::string_view SourceFile::line(std::uint32_t line) const {
  if (line == 0 || line > line_count()) return {};
  const auto rest = std::string_view(text_).substr(line_start(line));
  return rest.substr(0, rest.find_first_of("\r\n"));
}

std::uint32_t SourceFile::line_start(std::uint32_t line) const {
  return line_starts().at(line - 1);
}

std::uint32_t SourceFile::line_count() const {
  return static_cast<std::uint32_t>(line_starts().size());
}

}  // namespace meshlint
