// A file's text, and the way from a byte offset to the line and column a person sees.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace meshlint {

// A half-open range of byte offsets into SourceFile::text().
struct Span {
  std::uint32_t start = 0;
  std::uint32_t end = 0;

  friend bool operator==(const Span&, const Span&) = default;
};

// A place as people count it: both start at 1, and the column counts Unicode code points, not bytes.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;

  friend bool operator==(const Position&, const Position&) = default;
};

// One input: its text in UTF-8 and its names. Immutable, so views of its text stay valid as long as it lives.
class SourceFile {
 public:
  // Takes the file's bytes. A UTF-8 byte order mark is dropped and UTF-16 with a byte order mark is turned into UTF-8
  // (unpaired surrogates become U+FFFD); anything else is kept as it is, valid UTF-8 or not. `path` is relative to the
  // root of the repository, with '/' between its parts; `shown` is how reports for people name the file.
  SourceFile(std::string path, std::string shown, std::string bytes);

  const std::string& path() const { return path_; }
  const std::string& shown() const { return shown_; }
  std::string_view text() const { return text_; }
  bool had_byte_order_mark() const { return had_byte_order_mark_; }

  // The place of a byte offset; an offset beyond the end is the end. LF, CR and CRLF each end a line, and a place in or
  // behind a line's end is right behind its last character.
  Position position(std::uint32_t offset) const;

  // A line's text without its line end; `line` counts from 1, and a line that does not exist is empty.
  std::string_view line(std::uint32_t line) const;

  // The offset at which a line starts.
  std::uint32_t line_start(std::uint32_t line) const;

  // At least 1; a final line end does not start another line.
  std::uint32_t line_count() const;

 private:
  const std::vector<std::uint32_t>& line_starts() const;
  std::uint32_t continuations_before(std::size_t offset) const;

  std::string path_;
  std::string shown_;
  std::string text_;
  bool had_byte_order_mark_ = false;
  mutable std::once_flag indexed_;
  // Made on first use: most files have no finding. The second counts the continuation bytes before each block of the
  // text, so that a place in a file of one long line is found without counting from its start.
  mutable std::vector<std::uint32_t> line_starts_;
  mutable std::vector<std::uint32_t> continuations_before_block_;
};

using SourceFiles = std::vector<std::unique_ptr<SourceFile>>;

}  // namespace meshlint
