#include "linter/source.h"

#include <catch2/catch.hpp>
#include <random>
#include <thread>

using namespace meshlint;

namespace {

std::string show(const SourceFile& file, std::uint32_t offset) {
  const auto position = file.position(offset);
  return std::to_string(position.line) + ":" + std::to_string(position.column);
}

SourceFile file_of(std::string bytes) {
  return SourceFile("a/b.yaml", "../a/b.yaml", std::move(bytes));
}

std::string utf16(std::u16string_view text, bool big_endian) {
  std::string bytes = big_endian ? "\xFE\xFF" : "\xFF\xFE";
  for (const char16_t unit : text) {
    const char high = static_cast<char>(unit >> 8);
    const char low = static_cast<char>(unit & 0xFF);
    bytes += big_endian ? std::string{high, low} : std::string{low, high};
  }
  return bytes;
}

}  // namespace

TEST_CASE("a source file knows its names and text", "[source]") {
  const auto file = file_of("a: 1\n");
  CHECK(file.path() == "a/b.yaml");
  CHECK(file.shown() == "../a/b.yaml");
  CHECK(file.text() == "a: 1\n");
  CHECK_FALSE(file.had_byte_order_mark());
}

TEST_CASE("positions count lines and code points from 1", "[source]") {
  const auto file = file_of("ab\nü€😀x\n\nend");
  CHECK(show(file, 0) == "1:1");
  CHECK(show(file, 1) == "1:2");
  CHECK(show(file, 2) == "1:3");  // the line end itself
  CHECK(show(file, 3) == "2:1");
  CHECK(show(file, 5) == "2:2");
  CHECK(show(file, 8) == "2:3");
  CHECK(show(file, 12) == "2:4");
  CHECK(show(file, 13) == "2:5");
  CHECK(show(file, 14) == "3:1");
  CHECK(show(file, 15) == "4:1");
  CHECK(show(file, 18) == "4:4");
  CHECK(show(file, 19) == "4:4");
  CHECK(show(file, 0xFFFFFFFF) == "4:4");
  CHECK(file.line_count() == 4);
}

TEST_CASE("LF, CRLF and CR end a line", "[source]") {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    const auto file = file_of("a" + end + "bc" + end + end + "d" + end);
    const auto width = static_cast<std::uint32_t>(end.size());
    CHECK(file.line_count() == 4);
    CHECK(file.line(1) == "a");
    CHECK(file.line(2) == "bc");
    CHECK(file.line(3).empty());
    CHECK(file.line(4) == "d");
    CHECK(file.line_start(1) == 0);
    CHECK(file.line_start(2) == 1 + width);
    CHECK(file.line_start(4) == 3 + 3 * width);
    CHECK(show(file, file.line_start(2)) == "2:1");
    for (std::uint32_t inside = 0; inside < width; ++inside)
      CHECK(show(file, file.line_start(2) - width + inside) == "1:2");
    // The end of the file is the end of its last line, not a line of its own.
    CHECK(show(file, static_cast<std::uint32_t>(file.text().size())) == "4:2");
  }
  const auto mixed = file_of("a\n\rb\r\r\nc\n");
  CHECK(mixed.line_count() == 5);
  CHECK(mixed.line(3) == "b");
  CHECK(mixed.line(5) == "c");
}

TEST_CASE("files without a line, and lines that do not exist", "[source]") {
  const auto empty = file_of("");
  CHECK(empty.line_count() == 1);
  CHECK(empty.line(1).empty());
  CHECK(show(empty, 0) == "1:1");
  CHECK(show(empty, 7) == "1:1");

  const auto blank = file_of("\n");
  CHECK(blank.line_count() == 1);
  CHECK(show(blank, 0) == "1:1");
  CHECK(show(blank, 1) == "1:1");

  const auto file = file_of("a\nb");
  CHECK(file.line_count() == 2);
  CHECK(file.line(0).empty());
  CHECK(file.line(3).empty());
  CHECK(file.line(0xFFFFFFFF).empty());
}

TEST_CASE("a UTF-8 byte order mark is dropped", "[source]") {
  const auto file = file_of(
      "\xEF\xBB\xBF"
      "a: 1");
  CHECK(file.had_byte_order_mark());
  CHECK(file.text() == "a: 1");
  CHECK(show(file, 0) == "1:1");
  // Only one, and only in front.
  CHECK(file_of("\xEF\xBB\xBF\xEF\xBB\xBF").text() == "\xEF\xBB\xBF");
  CHECK(file_of("a\xEF\xBB\xBF").text() == "a\xEF\xBB\xBF");
  CHECK(file_of("\xEF\xBB").text() == "\xEF\xBB");
}

TEST_CASE("UTF-16 with a byte order mark becomes UTF-8", "[source]") {
  for (const bool big_endian : {false, true}) {
    const auto file = file_of(utf16(u"{\"ü\": \"€😀\"}\r\nx", big_endian));
    CHECK(file.had_byte_order_mark());
    CHECK(file.text() == "{\"ü\": \"€😀\"}\r\nx");
    CHECK(file.line_count() == 2);

    const char16_t halves[] = {u'a', 0xD83D, u'b', 0xDE00, 0xDE00, 0xD83D, 0xD83D, 0xDE00, 0xD83D};
    CHECK(file_of(utf16({halves, std::size(halves)}, big_endian)).text() == "a\uFFFDb\uFFFD\uFFFD\uFFFD😀\uFFFD");
    CHECK(file_of(utf16(u"\uFFFF\u0080\u07FF\u0800", big_endian)).text() == "\uFFFF\u0080\u07FF\u0800");
    CHECK(file_of(utf16(u"", big_endian)).text().empty());
    CHECK(file_of(utf16(u"ab", big_endian) + "c").text() == "ab\uFFFD");
  }
}

TEST_CASE("bytes that are no UTF-8 stay as they are", "[source]") {
  const std::string bytes = "a\xFF\x80\xC3\n\0b";
  CHECK(file_of(bytes).text() == bytes);
}

TEST_CASE("positions agree with counting, whatever the bytes", "[source]") {
  std::mt19937 random(11);
  constexpr std::string_view pieces[] = {"a", "\n", "\r", "\r\n", "ü", "😀", "\x80", " "};
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (std::size_t length = random() % 30; length > 0; --length) text += pieces[random() % std::size(pieces)];
    const auto file = file_of("x" + text);
    const auto all = file.text();
    Position expected;
    for (std::uint32_t offset = 0; offset < all.size(); ++offset) {
      REQUIRE(file.position(offset) == expected);
      const bool ends_line = all[offset] == '\n' || (all[offset] == '\r' && !all.substr(offset).starts_with("\r\n"));
      const bool continues = (static_cast<unsigned char>(all[offset]) & 0xC0) == 0x80;
      if (ends_line) {
        expected = {expected.line + 1, 1};
      } else if (!continues && all[offset] != '\r') {
        ++expected.column;
      }
    }
  }
}

TEST_CASE("several threads may ask for positions at once", "[source]") {
  std::string text;
  for (int line = 0; line < 1000; ++line) text += "some line\n";
  const auto file = file_of(text);
  std::vector<std::uint32_t> lines(4);
  {
    std::vector<std::jthread> threads;
    for (auto& line : lines) threads.emplace_back([&file, &line] { line = file.position(5005).line; });
  }
  CHECK(lines == std::vector<std::uint32_t>(4, 501));
}
