#include "linter/fix.h"

#include <catch2/catch.hpp>

#include "linter/json.h"
#include "linter/yaml.h"

using namespace meshlint;

namespace {

// The text of a file after an edit that a function makes of its first document; "-" when it makes none.
template <typename Make>
std::string edited(const std::string& text, const Make& make, const std::string& path = "a.yaml") {
  const SourceFile file(path, path, text);
  const ParsedText parsed = path.ends_with(".json") ? parse_json(file) : parse_yaml(file);
  REQUIRE(parsed.documents.size() == 1);
  const std::optional<Edit> edit = make(parsed.documents[0]->root());
  return edit ? apply_edits(file, {*edit}) : "-";
}

std::string replaced(const std::string& text, std::string_view value, const std::string& path = "a.yaml") {
  return edited(
      text, [&](Node root) { return replace_value(root["a"], value); }, path);
}

std::string removed(const std::string& text, const std::string& path = "a.yaml") {
  return edited(
      text, [](Node root) { return remove_entry(root["a"]); }, path);
}

std::string removed_inside(const std::string& text) {
  std::vector<ParsedText> kept;
  return edited(text, [&](Node root) {
    kept.push_back(parse_embedded_yaml(root["in"]));
    return remove_entry(kept.back().documents.at(0)->root()["a"]);
  });
}

}  // namespace

TEST_CASE("a value is replaced in the quotes that it has") {
  CHECK(replaced("a: b # c\n", "asm-1-29") == "a: asm-1-29 # c\n");
  CHECK(replaced("a: 'b'\n", "x") == "a: 'x'\n");
  CHECK(replaced("a: \"b\"\r\n", "x") == "a: \"x\"\r\n");
  CHECK(replaced("a: b\n", "true") == "a: \"true\"\n");
  CHECK(replaced("a: b\n", "- x: y") == "a: \"- x: y\"\n");
  CHECK(replaced("{\"a\": 1}", "x", "a.json") == "{\"a\": \"x\"}");
  CHECK(replaced("a: 'b'\n", "it's") == "-");
}

TEST_CASE("what stands elsewhere or is not known is not replaced") {
  CHECK(replaced("b: &x 1\na: *x\n", "y") == "-");
  CHECK(replaced("a: ${VAR}\n", "y") == "-");
  CHECK(replaced("b: 1\n", "y") == "-");
  CHECK(replaced("a: |\n  b\n", "y") == "-");
}

TEST_CASE("YAML takes the place of a scalar with its quotes") {
  const auto put = [](Node root) { return replace_by_yaml(root["a"], "{b: true}"); };
  CHECK(edited("a: \"b\" # c\n", put) == "a: {b: true} # c\n");
  CHECK(edited("x: [1]\na: b", put) == "x: [1]\na: {b: true}");
  CHECK(edited("a: |\n  b\n", put) == "-");
  CHECK(edited("a: [b]\n", put) == "-");
  CHECK(edited("{\"a\": \"b\"}", put, "a.json") == "-");
}

TEST_CASE("a key is replaced") {
  const auto rename = [](Node root) { return replace_key(root["a"], "istio.io/rev"); };
  CHECK(edited("a: b\nistio.io/rev: c\n", rename) == "-");
  CHECK(edited("a: b\n", rename) == "istio.io/rev: b\n");
  CHECK(edited("{\"a\": \"b\"}", rename, "a.json") == "{\"istio.io/rev\": \"b\"}");
}

TEST_CASE("an entry is removed with its lines") {
  CHECK(removed("x: 1\na:\n  b: c\n  d: [e]\ny: 2\n") == "x: 1\ny: 2\n");
  CHECK(removed("x: {q: 1}\na: b # c") == "x: {q: 1}\n");
  CHECK(removed("a: 1\r\nb: 2\r\n") == "b: 2\r\n");
  CHECK(removed("{a: 1, b: 2}\n") == "{b: 2}\n");
  CHECK(removed("{b: 2, a: 1}\n") == "{b: 2}\n");
  CHECK(removed("{\"b\": 2,\n \"a\": 1}", "a.json") == "{\"b\": 2}");
  CHECK(removed("a: 1\n") == "{}\n");
  CHECK(removed("{a: 1}\n") == "{}\n");
}

TEST_CASE("an entry is not removed where other text would go with it, or something would take its place") {
  CHECK(edited("- a: 1\n  b: 2\n", [](Node root) { return remove_entry(root[std::size_t{0}]["a"]); }) == "-");
  CHECK(edited("- a: 1\n  b: 2\n", [](Node root) { return remove_entry(root[std::size_t{0}]["b"]); }) == "- a: 1\n");
  CHECK(removed("? a\n: 1\nb: 2\n") == "-");
  CHECK(removed("!!str a: 1\nb: 2\n") == "-");
  CHECK(removed("a: 1\nb: 2\na: 3\n") == "-");
  CHECK(removed("{a: 1, # x, y\n b: 2}\n") == "-");
  CHECK(removed("{b: 2, # c,\n a: 1}\n") == "-");
}

TEST_CASE("an entry that a merge key brings is not removed") {
  CHECK(edited("x: &x {a: 1}\ny:\n  <<: *x\n  b: 2\n", [](Node root) { return remove_entry(root["y"]["a"]); }) == "-");
}

TEST_CASE("an entry in a document inside of a scalar is removed only where its lines are lines of the file") {
  CHECK(removed_inside("in: |\n  a: 1\n  b: 2\n") == "in: |\n  b: 2\n");
  CHECK(removed_inside("x: y\nin: |-\n    b:\n      c: 2\n    a:\n      d: 1") == "x: y\nin: |-\n    b:\n      c: 2\n");
  CHECK(removed_inside("in: \"a: 1\\nb: 2\\n\"\n") == "-");
  CHECK(removed_inside("in: 'a: 1'\n") == "-");
  CHECK(removed_inside("in: \"b: 1\n\n  a: 2\"\n") == "-");
  CHECK(removed_inside("in: >\n  b: 1\n\n  a: 2\n") == "-");
  CHECK(removed_inside("x: &x |\n  b: 1\n  a: 2\nin: *x\n") == "-");
}
