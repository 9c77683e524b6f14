#include "linter/json.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <random>

#include "linter/yaml.h"

using namespace meshlint;

namespace {

// A parsed text together with the file that its nodes point into.
struct Parsed {
  std::unique_ptr<SourceFile> file;
  ParsedText parsed;

  Node root() const { return parsed.documents.empty() ? Node() : parsed.documents.front()->root(); }
};

Parsed parse(std::string text, ObjectFilter filter = nullptr) {
  Parsed result;
  result.file = std::make_unique<SourceFile>("test.json", "test.json", std::move(text));
  result.parsed = parse_json(*result.file, filter);
  return result;
}

std::string_view slice(Node node) {
  return node.file()->text().substr(node.span().start, node.span().end - node.span().start);
}

std::string place(const SourceFile& file, Span span) {
  const auto start = file.position(span.start);
  const auto end = file.position(span.end);
  return std::to_string(start.line) + ":" + std::to_string(start.column) + "-" + std::to_string(end.line) + ":" +
         std::to_string(end.column);
}

// The one problem of a text as "place message", with its help and notes on further lines.
std::string mistake(std::string text) {
  const auto result = parse(std::move(text));
  REQUIRE(result.parsed.problems.size() == 1);
  CHECK(result.parsed.documents.size() <= 1);  // what stands before the mistake
  const Problem& problem = result.parsed.problems.front();
  CHECK(problem.kind == ProblemKind::yaml_syntax);
  CHECK(problem.file == result.file.get());
  std::string shown = place(*result.file, problem.span) + " " + problem.message;
  for (const auto& note : problem.notes) shown += "\n" + place(*result.file, note.span) + " " + note.text;
  return shown;
}

ProblemKind kind_of_mistake(std::string text) {
  const auto result = parse(std::move(text));
  REQUIRE(result.parsed.problems.size() == 1);
  CHECK(result.parsed.documents.empty());
  return result.parsed.problems.front().kind;
}

// The tree is sound: spans nest and stay in the file, every child names its parent, counts agree.
void check_tree(const Document& document) {
  const auto& nodes = document.nodes();
  const auto size = document.file().text().size();
  for (std::uint32_t index = 0; index < nodes.size(); ++index) {
    const NodeData& node = nodes[index];
    REQUIRE(node.start <= node.end);
    REQUIRE(node.end <= size);
    if (node.parent != NodeData::none) {
      REQUIRE(node.parent < index);
      REQUIRE(nodes[node.parent].start < node.start);
      REQUIRE(node.end < nodes[node.parent].end);
    }
    std::uint32_t count = 0;
    for (auto child = node.first_child; child != NodeData::none; child = nodes[child].next_sibling) {
      REQUIRE(nodes[child].parent == index);
      REQUIRE((nodes[child].key != NodeData::none) == (node.kind == NodeKind::mapping));
      if (nodes[child].key != NodeData::none) REQUIRE(nodes[nodes[child].key].end < nodes[child].start);
      ++count;
    }
    REQUIRE(count == node.child_count);
  }
}

constexpr std::string_view sample = R"json({
  // A template with a bit of everything.
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0", /* kept */
  "parameters": { "größe": { "type": "int", "defaultValue": -1.5e+3 } },
  "resources": [ { "name": "shop-\u00fc\ud83d\ude00", "ok": true, "no": false, "nothing": null, "empty": [], "none": {} } ],
  "text": "one \"two\" \\ \/ \b\f\n\r\t",
  "nested": [ [ 1, [ 2 ] ], [ ] ]
}
)json";

}  // namespace

TEST_CASE("JSON values have exact spans", "[json]") {
  const auto parsed = parse("\n{ \"name\" : \"shop\",\r\n  \"größe\": [1, -2.5e3 ,true, null, \"\"],\n\t\"o\": {}}\n");
  REQUIRE(parsed.parsed.problems.empty());
  REQUIRE(parsed.parsed.documents.size() == 1);
  check_tree(*parsed.parsed.documents.front());
  const Node root = parsed.root();
  const SourceFile& file = *parsed.file;

  CHECK(root.is_mapping());
  CHECK(root.size() == 3);
  CHECK(place(file, root.span()) == "2:1-4:10");
  CHECK(place(file, root["name"].span()) == "2:12-2:18");
  CHECK(slice(root["name"]) == "\"shop\"");
  CHECK(root["name"].text() == "shop");
  CHECK(root["name"].style() == ScalarStyle::double_quoted);
  CHECK(root["name"].type() == ScalarType::string);
  CHECK(place(file, root["name"].key().span()) == "2:3-2:9");
  CHECK(root["name"].key().text() == "name");

  const Node list = root["größe"];
  CHECK(list.is_sequence());
  CHECK(list.size() == 5);
  CHECK(place(file, list.span()) == "3:12-3:39");
  CHECK(place(file, list.key().span()) == "3:3-3:10");
  CHECK(list[0].type() == ScalarType::integer);
  CHECK(list[0].style() == ScalarStyle::plain);
  CHECK(slice(list[1]) == "-2.5e3");
  CHECK(list[1].type() == ScalarType::real);
  CHECK(place(file, list[1].span()) == "3:16-3:22");
  CHECK(list[2].type() == ScalarType::boolean);
  CHECK(list[3].kind() == NodeKind::null);
  CHECK(slice(list[3]) == "null");
  CHECK(list[4].is_scalar());
  CHECK(list[4].text().empty());
  CHECK_FALSE(list[4].is_null());
  CHECK(slice(list[4]) == "\"\"");

  CHECK(slice(root["o"]) == "{}");
  CHECK(root["o"].size() == 0);
  CHECK(root["o"].path() == "o");
  CHECK(list[1].path() == "größe[1]");
}

TEST_CASE("JSON documents of one scalar", "[json]") {
  CHECK(parse("3").root().text() == "3");
  CHECK(parse(" \"x\" ").root().text() == "x");
  CHECK(parse("null").root().kind() == NodeKind::null);
  CHECK(parse("// only\ntrue/* all */").root().text() == "true");
}

TEST_CASE("a blank JSON file holds nothing and is no mistake", "[json]") {
  for (const char* text : {"", "\n", " \t\r\n"}) {
    const auto parsed = parse(text);
    CHECK(parsed.parsed.documents.empty());
    CHECK(parsed.parsed.problems.empty());
  }
}

TEST_CASE("JSON strings are decoded", "[json]") {
  const auto text = [](const std::string& literal) {
    const auto parsed = parse("[\"" + literal + "\"]");
    REQUIRE(parsed.parsed.problems.empty());
    CHECK(slice(parsed.root()[0]).size() == literal.size() + 2);
    return std::string(parsed.root()[0].text());
  };
  CHECK(text("plain") == "plain");
  CHECK(text(R"(a\"b\\c\/d)") == "a\"b\\c/d");
  CHECK(text(R"(\b\f\n\r\t)") == "\b\f\n\r\t");
  CHECK(text(R"(\u0041\u00e9\u20AC)") == "Aé€");
  CHECK(text(R"(\ud83d\ude00)") == "😀");
  CHECK(text(R"(\uDBFF\uDFFF)") == "\U0010FFFF");
  CHECK(text(R"(\u0000)") == std::string(1, '\0'));
  CHECK(text("naïve 😀") == "naïve 😀");
  // Halves of a surrogate pair stand for nothing.
  CHECK(text(R"(\ud83d)") == "\uFFFD");
  CHECK(text(R"(\ude00)") == "\uFFFD");
  CHECK(text(R"(\ude00\ud83d)") == "\uFFFD\uFFFD");
  CHECK(text(R"(\ud83dx)") == "\uFFFDx");
  CHECK(text(R"(\ud83d\n)") == "\uFFFD\n");
  CHECK(text(R"(\ud83d\u0041)") == "\uFFFDA");
  CHECK(text(R"(\ud83d\ud83d\ude00)") == "\uFFFD😀");
}

TEST_CASE("a JSON string without escapes is a slice of the file", "[json]") {
  const auto parsed = parse(R"(["plain", "esc\u0061ped"])");
  const auto all = parsed.file->text();
  const auto inside = [all](std::string_view text) {
    return std::less_equal<>()(all.data(), text.data()) &&
           std::less_equal<>()(text.data() + text.size(), all.data() + all.size());
  };
  CHECK(inside(parsed.root()[0].text()));
  CHECK_FALSE(inside(parsed.root()[1].text()));
}

TEST_CASE("placeholders in JSON strings are unresolved", "[json]") {
  const auto parsed = parse(R"json({"a": "x-${ENV}", "b": "{{ .Values.b }}", "c": "$(C)", "d": "$5 {x}",
    "e": "\u007b\u007b x", "f": "[parameters('x')]"})json");
  const Node root = parsed.root();
  CHECK(root["a"].unresolved());
  CHECK(root["b"].unresolved());
  CHECK(root["c"].unresolved());
  CHECK_FALSE(root["d"].unresolved());
  CHECK(root["e"].unresolved());
  CHECK_FALSE(root["f"].unresolved());
  CHECK(root["a"]["below"].unresolved());
}

TEST_CASE("JSON comments are skipped and kept", "[json]") {
  const auto parsed = parse("// first\r\n{/**/\"a\"/* x */:// y\n1//z\n,\"b\":\"// no\"/* ** / */}//last");
  REQUIRE(parsed.parsed.problems.empty());
  CHECK(parsed.root()["a"].text() == "1");
  CHECK(parsed.root()["b"].text() == "// no");
  std::vector<std::string_view> comments;
  for (const auto& comment : parsed.parsed.documents.front()->comments()) {
    comments.push_back(parsed.file->text().substr(comment.span.start, comment.span.end - comment.span.start));
  }
  CHECK(comments ==
        std::vector<std::string_view>{"// first", "/**/", "/* x */", "// y", "//z", "/* ** / */", "//last"});
}

TEST_CASE("strings of ARM templates may go on over lines", "[json]") {
  const std::string schema = R"({"$schema": "https://x/deploymentTemplate.json#", )";
  const auto parsed = parse(schema + "\"a\": \"[concat(\n\t'x',\r\n  'y')]\"}");
  REQUIRE(parsed.parsed.problems.empty());
  CHECK(parsed.root()["a"].text() == "[concat(\n\t'x',\r\n  'y')]");
  CHECK(mistake(schema + "\n\"a\": \"open,\n\"b\": 1}") ==
        "3:2-3:2 a comma is missing between two entries\n"
        "2:6-2:12 this string goes on over several lines: is its closing quote missing?");
}

TEST_CASE("a BOM and UTF-16 do not disturb JSON", "[json]") {
  const auto with_mark = parse("\xEF\xBB\xBF{\"a\": 1}");
  CHECK(place(*with_mark.file, with_mark.root()["a"].span()) == "1:7-1:8");
  std::string utf16 = "\xFF\xFE";
  for (const char c : std::string("{\"a\":\r\n \"x\"}")) utf16 += {c, '\0'};
  const auto wide = parse(utf16);
  CHECK(wide.root()["a"].text() == "x");
  CHECK(place(*wide.file, wide.root()["a"].span()) == "2:2-2:5");
}

TEST_CASE("mistakes in JSON are explained where they are", "[json]") {
  // Strings
  CHECK(mistake("{\n  \"a\": \"open,\n  \"b\": 1\n}") == "2:8-2:14 the string has no closing quote on its line");
  CHECK(mistake("{\"a\": \"open") == "1:7-1:12 the string is never closed");
  CHECK(mistake("{\"a\": \"open\\\"") == "1:7-1:14 the string is never closed");
  CHECK(mistake("[\"a\tb\"]") == "1:4-1:5 control character U+0009 in a string");
  CHECK(mistake("[\"a\x01\"]") == "1:4-1:5 control character U+0001 in a string");
  CHECK(mistake("[\"C:\\dir\"]") == "1:5-1:7 '\\d' is no escape of JSON");
  CHECK(mistake("[\"\\u12g4\"]") == "1:3-1:5 '\\u' needs four hexadecimal digits");
  CHECK(mistake("[\"\\u12") == "1:3-1:5 '\\u' needs four hexadecimal digits");
  CHECK(mistake("[\"a\\\nb\"]") == "1:4-1:5 a lone backslash in a string");
  CHECK(mistake("['a']") == "1:2-1:3 strings stand in double quotes, not in single ones");

  // Separators
  CHECK(mistake("{\n  \"a\": 1\n  \"b\": 2\n}") == "2:9-2:9 a comma is missing between two entries");
  CHECK(mistake("[1 2]") == "1:3-1:3 a comma is missing between two items");
  CHECK(mistake("{\"a\": 1,}") == "1:8-1:9 a comma before '}'");
  CHECK(mistake("[1, // x\n]") == "1:3-1:4 a comma before ']'");
  CHECK(mistake("[1,,2]") == "1:4-1:5 two commas in a row");
  CHECK(mistake("[,1]") == "1:2-1:3 a value is expected, not ','");
  CHECK(mistake("{,}") == "1:2-1:3 a key in double quotes is expected, not ','");
  CHECK(mistake("{\"a\" 1}") == "1:5-1:5 a colon is missing after the key");
  CHECK(mistake("{\"a\", 1}") == "1:5-1:5 a colon is missing after the key");
  CHECK(mistake("{\"a\": }") == "1:7-1:8 a value is expected, not '}'");
  CHECK(mistake("{a: 1}") == "1:2-1:3 a key in double quotes is expected, not 'a'");
  CHECK(mistake("{\"a\": 1; \"b\": 2}") == "1:8-1:9 ',' or '}' is expected, not ';'");

  // Brackets and the end
  CHECK(mistake("{\"a\": [1}") == "1:9-1:10 '}' stands where ']' is expected\n1:7-1:8 opened here");
  CHECK(mistake("{\n  \"a\": 1]") == "2:9-2:10 ']' stands where '}' is expected\n1:1-1:2 opened here");
  CHECK(mistake("{\n  \"a\": [1,\n\n") == "2:11-2:11 the file ends where ']' is missing\n2:8-2:9 opened here");
  CHECK(mistake("[") == "1:2-1:2 the file ends where ']' is missing\n1:1-1:2 opened here");
  CHECK(mistake("{\"a\"") == "1:5-1:5 the file ends where '}' is missing\n1:1-1:2 opened here");
  CHECK(mistake("{\"a\":") == "1:6-1:6 the file ends where '}' is missing\n1:1-1:2 opened here");
  CHECK(mistake("{} []") == "1:4-1:5 there is content after the end of the JSON value");
  CHECK(mistake("[] {}") == "1:4-1:5 there is content after the end of the JSON value");
  CHECK(mistake("{}, {}") == "1:3-1:4 there is content after the end of the JSON value");
  CHECK(mistake("{} --- {}") == "1:4-1:5 there is content after the end of the JSON value");
  CHECK(mistake("{}}") == "1:3-1:4 '}' closes nothing");
  CHECK(mistake("1 ü") == "1:3-1:4 there is content after the end of the JSON value");

  // Words
  CHECK(mistake("[True]") == "1:2-1:6 'True' is no JSON value");
  CHECK(mistake("[NULL]") == "1:2-1:6 'NULL' is no JSON value");
  CHECK(mistake("[asm-1-27]") == "1:2-1:10 'asm-1-27' is no JSON value");
  for (const char* number : {"01", "+1", ".5", "1.", "-", "1e", "1e+", "--1", "1.2.3", "-01"}) {
    CHECK(mistake(std::string("[") + number + "]").ends_with(std::string("'") + number + "' is no JSON number"));
  }
  for (const char* number : {"0", "-0", "10", "0.5", "1e5", "1E-5", "-1.25e+05", "123456789012345678901234567890"}) {
    CHECK(parse(number).parsed.problems.empty());
  }
  CHECK(mistake("[\xC2\xA0 1]") == "1:2-1:3 a value is expected, not U+00A0");

  // Comments
  CHECK(mistake("{} /* x") == "1:4-1:6 the comment is never closed");
  CHECK(mistake("{} / x") == "1:4-1:5 unexpected '/'");
  CHECK(mistake("// nothing") == "1:11-1:11 the file holds no JSON value");
}

TEST_CASE("text that is no UTF-8 is an encoding problem", "[json]") {
  CHECK(kind_of_mistake(std::string("[\"a\0b\"]", 7)) == ProblemKind::encoding);
  for (const char* bytes :
       {"\xC3", "\xFF", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80", "\xF0\x8F\xBF\xBF"}) {
    const auto result = parse(std::string("[\"aaaaaaaaaaaaé") + bytes + "\"]");
    REQUIRE(result.parsed.problems.size() == 1);
    CHECK(result.parsed.problems.front().kind == ProblemKind::encoding);
    CHECK(place(*result.file, result.parsed.problems.front().span).starts_with("1:16-"));
  }
  CHECK(parse("[\"\xC2\x80 \xE0\xA0\x80 \xED\x9F\xBF \xEE\x80\x80 \xF0\x90\x80\x80 \xF4\x8F\xBF\xBF\"]")
            .parsed.problems.empty());
}

TEST_CASE("templates of JSON are skipped", "[json]") {
  CHECK(kind_of_mistake("{\n  \"replicas\": {{ .Values.replicas }}\n}") == ProblemKind::template_skipped);
  CHECK(kind_of_mistake("{{- if .Values.on }}\n{}\n{{- end }}") == ProblemKind::template_skipped);
  CHECK(kind_of_mistake("{\"name\": \"{{ include \"x\" . }}\"}") == ProblemKind::template_skipped);
  CHECK(kind_of_mistake("{\"replicas\": ${REPLICAS}}") == ProblemKind::template_skipped);
  CHECK(kind_of_mistake("[{% for x in y %}1,{% endfor %}]") == ProblemKind::template_skipped);
  CHECK(kind_of_mistake("{\"a\": \"{{ fine }}\",\n\"b\": 1,}") == ProblemKind::yaml_syntax);
}

TEST_CASE("keys stated twice are a problem in Kubernetes objects and ARM templates only", "[json]") {
  const auto object = parse(R"({"apiVersion": "v1", "kind": "ConfigMap",
  "data": {"a": "1", "b": "2", "\u0061": "3"}, "kind": "ConfigMap"})");
  REQUIRE(object.parsed.documents.size() == 1);
  CHECK(object.root()["data"]["a"].text() == "3");
  CHECK(object.root()["data"].size() == 3);
  REQUIRE(object.parsed.problems.size() == 2);
  CHECK(object.parsed.problems[0].kind == ProblemKind::duplicate_key);
  CHECK(object.parsed.problems[0].message == "key 'kind' is already stated in this object");
  CHECK(place(*object.file, object.parsed.problems[0].span) == "2:48-2:54");
  CHECK(place(*object.file, object.parsed.problems[0].notes.at(0).span) == "1:22-1:28");
  CHECK(place(*object.file, object.parsed.problems[1].span) == "2:32-2:40");
  CHECK(place(*object.file, object.parsed.problems[1].notes.at(0).span) == "2:12-2:15");

  const auto deployed =
      parse(R"({"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "resources": [{"name": "a", "name": "b"}]})");
  REQUIRE(deployed.parsed.problems.size() == 1);
  CHECK(place(*deployed.file, deployed.parsed.problems[0].span) == "2:31-2:37");

  const auto other = parse(R"({"a": 1, "a": 2})");
  CHECK(other.parsed.problems.empty());
  CHECK(other.root()["a"].text() == "2");
  CHECK(other.root().size() == 2);
}

TEST_CASE("nesting has a limit", "[json]") {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(parse(nested(nesting_limit)).parsed.problems.empty());
  CHECK(kind_of_mistake(nested(nesting_limit + 1)) == ProblemKind::yaml_limit);
  CHECK(kind_of_mistake(std::string(1 << 20, '[')) == ProblemKind::yaml_limit);
  std::string objects;
  for (int i = 0; i < 200'000; ++i) objects += "{\"a\":";
  CHECK(kind_of_mistake(objects) == ProblemKind::yaml_limit);
  const auto place_of_limit = parse(nested(nesting_limit + 1)).parsed.problems.front().span;
  CHECK(place_of_limit == Span{nesting_limit, nesting_limit + 1});
}

namespace {

bool holds_cluster(std::string_view text) {
  return text.find("managedClusters") != std::string_view::npos;
}

bool refuse_all(std::string_view) {
  return false;
}

std::string ballast(std::size_t size) {
  std::string items;
  while (items.size() < size) items += R"(, {"kind": "Secret", "a\\\"]}": [1, {"x": "]}{["}, [[]]], "t": "}" /* ] */})";
  return items;
}

}  // namespace

TEST_CASE("objects that nobody needs are not built in large JSON files", "[json]") {
  const std::string cluster = R"({"type": "Microsoft.ContainerService/managedClusters", "pools": [{"name": "a"}]})";
  const std::string more = ballast(large_json);

  SECTION("items of an array at the root") {
    const auto parsed = parse("[" + cluster + more + "," + cluster + "]", holds_cluster);
    REQUIRE(parsed.parsed.problems.empty());
    check_tree(*parsed.parsed.documents.front());
    const auto items = parsed.root().items();
    CHECK(items.front()["pools"][0]["name"].text() == "a");
    CHECK(items.back()["type"].text() == "Microsoft.ContainerService/managedClusters");
    CHECK(slice(items.back()) == cluster);
    CHECK(items[1].is_mapping());
    CHECK(items[1].size() == 0);
    CHECK(slice(items[1]).starts_with("{\"kind\": \"Secret\""));
    CHECK(slice(items[1]).ends_with("/* ] */}"));
    CHECK(parsed.parsed.documents.front()->nodes().size() < items.size() + 30);
    // What is not built is not missing.
    CHECK(items[1]["kind"].unresolved());
    CHECK_FALSE(items[0]["kind"].unresolved());
  }
  SECTION("lists in mappings, and lists right inside accepted objects") {
    const auto parsed =
        parse(R"({"a": {"value": [{"x": "managedClusters", "items": [{"b": 1}], "other": [{"b": 1}]})" + more + "]}}",
              holds_cluster);
    REQUIRE(parsed.parsed.problems.empty());
    const Node first = parsed.root()["a"]["value"][0];
    CHECK(first["items"][0].size() == 0);
    CHECK(first["other"][0]["b"].text() == "1");
    CHECK(parsed.root()["a"]["value"][1].size() == 0);
  }
  SECTION("a single Kubernetes object stays whole, a list does not") {
    const auto object =
        parse(R"({"apiVersion": "v1", "kind": "Pod", "spec": {"x": [{"a": 1})" + more + "]}}", refuse_all);
    CHECK(object.root()["spec"]["x"][0]["a"].text() == "1");
    CHECK(object.root()["spec"]["x"][1]["kind"].text() == "Secret");
    const auto list = parse(R"({"apiVersion": "v1", "kind": "List", "items": [{"a": 1})" + more + "]}", refuse_all);
    CHECK(list.root()["items"][0].size() == 0);
  }
  SECTION("small files are read whole") {
    const auto parsed = parse("[" + cluster + ",{\"a\": 1}]", refuse_all);
    CHECK(parsed.root()[0]["type"].text() == "Microsoft.ContainerService/managedClusters");
    CHECK(parsed.root()[1]["a"].text() == "1");
  }
  SECTION("mistakes in skipped text are found") {
    const auto problem = [&](const std::string& item) {
      const auto parsed = parse("[" + cluster + more + ",\n" + item, refuse_all);
      REQUIRE(parsed.parsed.problems.size() == 1);
      CHECK(parsed.parsed.documents.empty());
      return place(*parsed.file, parsed.parsed.problems[0].span) + " " + parsed.parsed.problems[0].message;
    };
    CHECK(problem("{\"a\": [1}]") == "2:9-2:10 '}' stands where ']' is expected");
    CHECK(problem("{\"a\": \"x]") == "2:7-2:10 the string is never closed");
    CHECK(problem("{\"a\": 1") == "2:8-2:8 the file ends where '}' is missing");
    CHECK(problem("{\"a\": /* 1}]") == "2:7-2:9 the comment is never closed");
    CHECK(problem("{\"a\": " + std::string(1000, '[')).find("128 lists and mappings") != std::string::npos);
  }
}

TEST_CASE("a JSON sample cut off anywhere is one mistake", "[json]") {
  REQUIRE(parse(std::string(sample)).parsed.problems.empty());
  const auto complete = sample.find_last_of('}');
  for (std::size_t length = 1; length <= complete; ++length) {
    const auto parsed = parse(std::string(sample.substr(0, length)));
    INFO(length);
    REQUIRE(parsed.parsed.problems.size() == 1);
    REQUIRE(parsed.parsed.documents.empty());
    REQUIRE(parsed.parsed.problems[0].span.end <= length);
    REQUIRE_FALSE(parsed.parsed.problems[0].message.empty());
  }
}

namespace {

// Changes a text in one to four places, the same way for the same seed.
class Mutator {
 public:
  explicit Mutator(std::uint32_t seed) : random_(seed) {}

  std::string mutate(std::string text) {
    for (std::size_t change = 1 + below(4); change > 0; --change) {
      const std::size_t at = below(text.size());
      switch (below(4)) {
        case 0: text.erase(at, 1 + below(8)); break;
        case 1: text.insert(at, pieces[below(std::size(pieces))]); break;
        case 2: text[at] = static_cast<char>(below(256)); break;
        default: text.insert(at, text.substr(below(text.size()), below(40)));
      }
      if (text.empty()) text = "[";
    }
    return text;
  }

 private:
  static constexpr std::string_view pieces[] = {
      "\"", "\\", "{",    "}",   "[",       "]",     ",",    ":", "/*", "*/",   "//",       "\n",
      "1.", "01", "\\u0", "\\n", "\\u00e9", "-true", "null", "-", "1e", "\x80", "\xF0\x9F", std::string_view("\0", 1),
      "${", "{{", "'",    "\t",  "\\ud83d", " 1 "};

  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }

  std::mt19937 random_;
};

// Either one sound document or one problem inside the file.
bool is_accepted(const Parsed& parsed) {
  if (!parsed.parsed.documents.empty()) {
    check_tree(*parsed.parsed.documents.front());
    return true;
  }
  REQUIRE(parsed.parsed.problems.size() == 1);
  REQUIRE(parsed.parsed.problems[0].span.start <= parsed.parsed.problems[0].span.end);
  REQUIRE(parsed.parsed.problems[0].span.end <= parsed.file->text().size());
  return false;
}

bool same_values(Node node, const nlohmann::json& expected) {
  if (expected.is_object()) {
    const auto entries = node.entries();
    return node.is_mapping() && entries.size() == expected.size() &&
           std::ranges::all_of(entries, [&](const Entry& entry) {
             const std::string key(entry.key.text());
             return expected.contains(key) && same_values(entry.value, expected[key]);
           });
  }
  if (expected.is_array()) {
    bool same = node.is_sequence() && node.size() == expected.size();
    for (std::size_t i = 0; same && i < expected.size(); ++i) same = same_values(node[i], expected[i]);
    return same;
  }
  if (expected.is_string()) return node.type() == ScalarType::string && node.text() == expected.get<std::string>();
  if (expected.is_null()) return node.kind() == NodeKind::null;
  if (expected.is_boolean()) return node.type() == ScalarType::boolean && node.text() == expected.dump();
  return node.type() == ScalarType::integer || node.type() == ScalarType::real;
}

}  // namespace

TEST_CASE("mutated JSON never breaks the reader", "[json]") {
  Mutator mutator(20260821);
  std::size_t accepted = 0;
  constexpr std::size_t rounds = 20'000;
  for (std::size_t round = 0; round < rounds; ++round) {
    if (is_accepted(parse(mutator.mutate(std::string(sample))))) ++accepted;
  }
  CHECK(accepted > 500);
  CHECK(accepted < rounds / 2);
}

TEST_CASE("mutated JSON means the same to another reader", "[json]") {
  Mutator mutator(7);
  std::string plain(sample);
  plain.replace(plain.find("deploymentTemplate"), 18, "schema");
  std::size_t accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::string text = mutator.mutate(plain);
    if (text.find("\\ud83d") != plain.find("\\ud83d")) continue;  // the other one refuses halves of surrogate pairs
    const auto parsed = parse(text);
    // Inside comments the other one does not look at the bytes.
    if (!parsed.parsed.problems.empty() && parsed.parsed.problems[0].kind == ProblemKind::encoding) continue;
    const auto expected = nlohmann::json::parse(text, nullptr, false, true);
    INFO(text);
    const bool same = is_accepted(parsed) ? same_values(parsed.root(), expected) : expected.is_discarded();
    const bool half_pair = text.find("\\ud83d\\ude00") == std::string::npos;
    const bool number_too_large = text.find_first_of("eE") != std::string::npos && expected.is_discarded();
    REQUIRE((same || half_pair || number_too_large));
    if (same && !expected.is_discarded()) ++accepted;
  }
  CHECK(accepted > 500);
}

TEST_CASE("mutated large JSON never breaks the reader", "[json]") {
  Mutator mutator(3);
  const std::string more = ballast(large_json);
  for (int round = 0; round < 50; ++round) {
    is_accepted(parse("[0" + more + "," + mutator.mutate(std::string(sample)) + "]", refuse_all));
  }
}

// Whatever is quadratic takes hours here, and does not end.
TEST_CASE("large and odd JSON is read to its end", "[json]") {
  constexpr std::size_t size = std::size_t{4} << 20;
  std::string keys = "{\"apiVersion\":1,\"kind\":1";
  std::string objects = "[0";
  std::string escapes = "[\"";
  std::string comments;
  while (keys.size() < size) keys += ",\"same\":{\"a\":1}";
  while (objects.size() < size) objects += ",{\"a\":{}}";
  while (escapes.size() < size) escapes += "\\ud83d\\n";
  while (comments.size() < size) comments += "/*/*/ // {{\n";
  CHECK(parse(keys + "}").parsed.problems.size() > 100'000);
  CHECK(parse(objects + "]").root().size() > 100'000);
  CHECK(parse(objects + "]", refuse_all).root().size() > 100'000);
  CHECK(parse(escapes + "\"]").root().size() == 1);
  CHECK(parse("[\"" + std::string(size, 'x') + "\"]").root()[0].text().size() == size);
  CHECK(parse("[" + std::string(size, '1') + "]").root().size() == 1);
  CHECK(kind_of_mistake("[" + std::string(size, 'x') + "]") == ProblemKind::yaml_syntax);
  CHECK(kind_of_mistake(std::string(size, '\\')) == ProblemKind::yaml_syntax);
  CHECK(kind_of_mistake(comments) == ProblemKind::yaml_syntax);
}

TEST_CASE("objects one after the other, as kubectl takes them", "[json]") {
  const auto objects = [](std::string_view text) {
    const auto parsed = parse(std::string(text));
    std::string found;
    for (const auto& document : parsed.parsed.documents) {
      const Span span = document->root().span();
      found += text.substr(span.start, span.end - span.start);
      found += '|';
    }
    for (const Problem& problem : parsed.parsed.problems) found += problem.message;
    return found;
  };
  CHECK(objects("{}{}") == "{}|{}|");
  CHECK(objects("{\"a\": 1}\n{\"b\": 2}\r\n\n{}\n") == "{\"a\": 1}|{\"b\": 2}|{}|");
  CHECK(objects("{}\n---\n{}\n---\n") == "{}|{}|");
  CHECK(objects("{} // one\n/* two */ {}") == "{}|{}|");
  CHECK(objects("{}\n{\"a\"}\n{}") == "{}|a colon is missing after the key");
  CHECK(objects("{}\nkind: Pod") == "{}|there is content after the end of the JSON value");

  // A template holds one value, and Azure takes nothing behind it.
  CHECK(objects("{\"$schema\": \"deploymentTemplate.json#\"}\n{}") ==
        "{\"$schema\": \"deploymentTemplate.json#\"}|there is content after the end of the JSON value");
}

TEST_CASE("comments in JSON are for Azure alone", "[json]") {
  const auto first_problem = [](std::string text) {
    const auto parsed = parse(std::move(text));
    REQUIRE(parsed.parsed.documents.size() == 1);
    if (parsed.parsed.problems.empty()) return std::string();
    const Problem& problem = parsed.parsed.problems[0];
    CHECK(parsed.parsed.problems.size() == 1);
    return place(*parsed.file, problem.span) + " " + problem.message;
  };
  CHECK(first_problem("{\n\"apiVersion\": \"v1\", // core\n\"kind\": \"Pod\" /* one */}") ==
        "2:21-2:28 JSON has no comments: kubectl refuses or misreads this manifest");
  CHECK(first_problem("// head\n{\"apiVersion\": \"v1\", \"kind\": \"Pod\"}") ==
        "1:1-1:8 JSON has no comments: kubectl refuses or misreads this manifest");
  CHECK(first_problem("{\"type\": \"Microsoft.ContainerService/managedClusters\" /* az */}").empty());
  CHECK(first_problem("{\"$schema\": \"deploymentTemplate.json#\", // ARM\n\"resources\": []}").empty());
}
