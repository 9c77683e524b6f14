// The fast reader of YAML against the library: what it reads at all, both read to the same documents.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "tests/readers.h"

namespace meshlint {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// The texts of all YAML files of the tests' data, in an order that does not depend on the file system.
const std::vector<std::string>& files() {
  static const std::vector<std::string> texts = [] {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(SOURCE_DIRECTORY "/testdata")) {
      if (entry.path().extension() == ".yaml") paths.push_back(entry.path());
    }
    std::ranges::sort(paths);
    std::vector<std::string> read;
    for (const auto& path : paths) read.push_back(read_file(path));
    return read;
  }();
  return texts;
}

// How many documents the fast reader reads of a text; checks that the library reads the same.
std::size_t read_by_both(const std::string& text) {
  const SourceFile file("in.yaml", "in.yaml", text);
  CAPTURE(text);
  CHECK(difference(parse_yaml(file, nullptr, YamlReader::library), parse_yaml(file)) == "");
  return parse_yaml(file, nullptr, YamlReader::own).documents.size();
}

// Whether the fast reader reads a text of one document; checks that the library reads the same.
bool reads(const std::string& text) {
  return read_by_both(text) == 1;
}

std::string with_line_ends(std::string_view text, std::string_view line_end) {
  std::string out;
  for (const char c : text) out += c == '\n' ? std::string(line_end) : std::string(1, c);
  return out;
}

constexpr std::string_view everything = R"(---
# a comment
apiVersion: v1 # another
kind: "Config\tMap"
metadata:

  name: 'it''s'   # a third
  "quoted key": ~
  empty:
  spaced : x y  z
  url: http://[::1]:80/#top
  labels: {app: a, "b": 'c', d: [1, "2", {}], e: []}
list:
- one
-
- - nested
  - -1
-   key: value

    other:
    - deeper
    -   deepest: null
- {a: b}
next:
  value below
quoted:
    "below"
literal: |
    first
      indented

    last

folded: >-
  a
  b

   c
# at the end
keep: |+
  kept

last: ${VARIABLE} and {{ .Values.x }}
)";

// Numbers in a range, the same on every machine.
class Dice {
 public:
  explicit Dice(unsigned seed) : generator_(seed) {}
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : generator_() % limit; }

 private:
  std::mt19937 generator_;
};

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

void change_a_line(std::vector<std::string>& lines, Dice& dice) {
  if (lines.empty()) return;
  const auto line = lines.begin() + static_cast<std::ptrdiff_t>(dice.below(lines.size()));
  const std::string copy = lines[dice.below(lines.size())];
  const std::size_t content = std::min(line->find_first_not_of(' '), line->size());
  switch (dice.below(7)) {
    case 0: lines.erase(line); break;
    case 1: lines.insert(line, copy); break;
    case 2: line->insert(0, 1 + dice.below(3), ' '); break;
    case 3: line->erase(0, std::min(1 + dice.below(3), content)); break;
    case 4: line->insert(0, std::string(dice.below(5), ' ') + "\n"); break;
    case 5: line->insert(content, "- "); break;
    default: line->resize(line->size() - std::min<std::size_t>(line->size(), 1)); break;
  }
}

void change_a_character(std::string& text, Dice& dice) {
  constexpr std::string_view pieces[] = {
      " ",  ":",  ": ", "- ",       "-",   "#",   " #", "[",  "]",  "{",   "}",    ",",    "\"",   "'",
      "|",  ">",  "&a", "*a",       "!",   "?",   "? ", "\t", "\r", "\n",  "%",    "@",    "`",    "~",
      "\\", "|-", ">+", "\n\n",     "...", "---", "0",  "x",  "é",  "\n#", " |\n", "\r\n", "null", "\xEF\xBB\xBF",
      "${", "{{", "}}", "\xC2\x85", "<<: "};
  const std::size_t at = dice.below(text.size());
  switch (dice.below(3)) {
    case 0: text.erase(at, 1 + dice.below(3)); break;
    case 1: text.insert(at, text.substr(dice.below(text.size()), 1 + dice.below(4))); break;
    default: text.insert(at, pieces[dice.below(std::size(pieces))]); break;
  }
}

// A document from the tests' data or one with everything in it, cut short and with a few changes.
std::string broken_document(Dice& dice) {
  const std::string& file = files()[dice.below(files().size())];
  std::vector<std::string> lines = lines_of(dice.below(3) == 0 ? everything : std::string_view(file));
  const std::size_t first = dice.below(2) == 0 ? 0 : dice.below(lines.size());
  const std::size_t count = 1 + dice.below(16);
  lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(first));
  if (lines.size() > count) lines.resize(count);
  for (std::size_t changes = dice.below(3); changes > 0; --changes) change_a_line(lines, dice);
  std::string text;
  for (const std::string& line : lines) text += line;
  if (dice.below(8) == 0) text = with_line_ends(text, "\r\n");
  for (std::size_t changes = dice.below(4); changes > 0; --changes) change_a_character(text, dice);
  return text;
}

// Compares the readers on documents that the fast one reads; returns how many that were.
std::size_t compare_on_broken_documents(std::size_t count, unsigned seed) {
  Dice dice(seed);
  std::size_t compared = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const SourceFile file("in.yaml", "in.yaml", broken_document(dice));
    if (parse_yaml(file, nullptr, YamlReader::own).documents.empty()) continue;
    const std::string found = difference(parse_yaml(file, nullptr, YamlReader::library), parse_yaml(file));
    if (!found.empty()) FAIL_CHECK(found << "\n" << file.text());
    ++compared;
  }
  return compared;
}

}  // namespace

TEST_CASE("the fast reader knows the YAML of ordinary manifests") {
  CHECK(reads(std::string(everything)));
  CHECK(reads(with_line_ends(everything, "\r\n")));
  CHECK(reads("a: b"));
  CHECK(reads("# no content"));
  CHECK(reads("  indented: yes\n\n  # end\n"));
  CHECK(reads("[a, {b: c}]"));
  CHECK(reads("a:\n  -\nnull and void: b\n"));
  CHECK(read_by_both("a: 1\n---\n# two\n--- # three\nb: 2\n") == 2);
  std::size_t documents = 0;
  for (const std::string& text : files()) documents += read_by_both(text);
  CHECK(documents >= 550);
}

TEST_CASE("the fast reader leaves to the library what it does not know") {
  for (const std::string_view text :
       {"a: &b c\n",   "a: *b\n",      "a: !!str b\n",   "? a\n: b\n",     "%YAML 1.2\n---\na: b\n",
        "a: b\n...\n", "a: b\n  c\n",  "a: 'b\n  c'\n",  "a: [b,\n  c]\n", "a: [b, ]\n",
        "a: [b: c]\n", "a: {b}\n",     "a: \"\\x41\"\n", "a: |2\n    b\n", "a:\tb\n",
        "a: b\t# c\n", "--- a\n",      "---\n",          "plain\n",        "a: b: c\n",
        "a: - b\n",    "a\n",          "a: b\n- c\n",    "a: b\n c: d\n",  "- a\nb: c\n",
        "a: 'b' c\n",  "a: 'b\n",      "a: [b\n",        "a: [b]]\n",      "a: [b] c\n",
        "a: @b\n",     "a: |\n \tb\n", "a: | b\n"}) {
    CAPTURE(text);
    CHECK_FALSE(reads(std::string(text)));
  }
  CHECK(reads(std::string(900, 'k') + ": v\n"));
  CHECK_FALSE(reads(std::string(1100, 'k') + ": v\n"));
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(reads(nested(nesting_limit)));
  CHECK_FALSE(reads(nested(nesting_limit + 1)));
  CHECK_FALSE(reads(nested(100'000)));
}

TEST_CASE("both readers read broken documents to the same") {
  CHECK(compare_on_broken_documents(20'000, 1) > 4'000);
}

// For changes to the fast reader: as many documents as the environment asks for.
TEST_CASE("both readers read many broken documents to the same", "[.many]") {
  const char* count = std::getenv("MESHLINT_DOCUMENTS");
  const char* seed = std::getenv("MESHLINT_SEED");
  fmt::print("{} compared\n",
             compare_on_broken_documents(count != nullptr ? std::strtoul(count, nullptr, 10) : 1'000'000,
                                         static_cast<unsigned>(seed != nullptr ? std::strtoul(seed, nullptr, 10) : 2)));
}

}  // namespace meshlint
