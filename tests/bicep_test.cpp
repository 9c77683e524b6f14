#include "linter/bicep.h"

#include <catch2/catch.hpp>
#include <random>

using namespace meshlint;

namespace {

// A parsed text together with the file that its nodes point into.
struct Parsed {
  std::unique_ptr<SourceFile> file;
  ParsedText parsed;

  Node root() const { return parsed.documents.empty() ? Node() : parsed.documents.front()->root(); }
};

Parsed parse(std::string text) {
  Parsed result;
  result.file = std::make_unique<SourceFile>("main.bicep", "main.bicep", std::move(text));
  result.parsed = parse_bicep(*result.file);
  return result;
}

Parsed parse_sound(std::string text) {
  auto result = parse(std::move(text));
  for (const auto& problem : result.parsed.problems) FAIL(problem.message);
  return result;
}

std::string place(const SourceFile& file, Span span) {
  const auto start = file.position(span.start);
  const auto end = file.position(span.end);
  return std::to_string(start.line) + ":" + std::to_string(start.column) + "-" + std::to_string(end.line) + ":" +
         std::to_string(end.column);
}

std::string place(Node node) {
  return place(*node.file(), node.span());
}

// A value on one line: "text" for strings, <text> for expressions, as in JSON otherwise.
std::string show(Node node) {
  std::string result;
  if (node.is_mapping()) {
    for (const Entry& entry : node.entries()) {
      const std::string key(entry.key.text());
      result +=
          (result.empty() ? "" : ", ") + (entry.key.unresolved() ? "<" + key + ">" : key) + ": " + show(entry.value);
    }
    return "{" + result + "}";
  }
  if (node.is_sequence()) {
    for (const Node item : node.items()) result += (result.empty() ? "" : ", ") + show(item);
    return "[" + result + "]";
  }
  if (node.kind() == NodeKind::null) return "null";
  const std::string text(node.text());
  if (node.unresolved()) return "<" + text + ">";
  return node.style() == ScalarStyle::plain ? text : "\"" + text + "\"";
}

// The value of `var x = …`.
std::string value(const std::string& written) {
  const auto parsed = parse_sound("var x = " + written + "\nvar y = 'last'\n");
  CHECK(show(parsed.root()["variables"]["y"]) == "\"last\"");
  return show(parsed.root()["variables"]["x"]);
}

// Each problem as "place message", with its notes on further lines.
std::vector<std::string> mistakes(const Parsed& parsed) {
  std::vector<std::string> result;
  for (const Problem& problem : parsed.parsed.problems) {
    CHECK(problem.file == parsed.file.get());
    std::string shown = place(*parsed.file, problem.span) + " " + problem.message;
    for (const auto& note : problem.notes) shown += "\n" + place(*parsed.file, note.span) + " " + note.text;
    result.push_back(shown);
  }
  return result;
}

std::string mistake(std::string text) {
  const auto found = mistakes(parse(std::move(text)));
  REQUIRE(found.size() == 1);
  return found.front();
}

// The tree is sound: spans lie in the file, every child names its parent, counts agree, keys belong to mappings.
void check_tree(const Document& document) {
  const auto& nodes = document.nodes();
  const auto size = document.file().text().size();
  for (std::uint32_t index = 0; index < nodes.size(); ++index) {
    const NodeData& node = nodes[index];
    REQUIRE(node.start <= node.end);
    REQUIRE(node.end <= size);
    REQUIRE((node.parent == NodeData::none ? index == 0 : node.parent < index));
    std::uint32_t count = 0;
    for (auto child = node.first_child; child != NodeData::none; child = nodes[child].next_sibling) {
      REQUIRE(nodes[child].parent == index);
      REQUIRE((nodes[child].key != NodeData::none) == (node.kind == NodeKind::mapping));
      REQUIRE((nodes[child].key == NodeData::none || nodes[nodes[child].key].parent == index));
      ++count;
    }
    REQUIRE(count == node.child_count);
  }
}

constexpr std::string_view sample = R"bicep(// param comment string = 'asm-1-1'
targetScope = 'subscription'
metadata description = 'serviceMeshProfile: { mode: Istio }'
#disable-next-line BCP081
@description('''
param fake string = 'asm-1-2'
''')
@sys.allowed([
  'asm-1-27'
  'asm-1-28' /* } */
])
param rev string = 'asm-1-27'
@secure() param secret string
param choice 'a' | 'b' | null = 'a'
param list {
  @description('of the item')
  a: string
  b: int?
}[] = [{ a: 'x', b: 3 }, { a: 'y' }]
param nullable string?
param network resourceInput<'Microsoft.ContainerService/managedClusters@2024-05-01'>.properties.networkProfile
var prefix = 'shop-${toLower('PROD')}-${'x${1}'}'
var names = [for i in range(0, 3): {
  name: 'x${i}'
}]
func twice(a string, b int) string => '${a}${b}'
type pool = {
  mode: 'System' | 'User'
}
import { x as y } from './shared.bicep'
import * as z from 'z.bicep'

resource aks 'Microsoft.ContainerService/managedClusters@2024-05-01' = if (deploy && !skip) {
  name: 'größe' // a comment
  properties: {
    kubernetesVersion: condition ? '1.30'
      : '1.31'
    supportPlan: any('AKSLongTermSupport')
    serviceMeshProfile: { mode: 'Istio', istio: { revisions: [ rev, 'asm-1-28'
      ...more ] } }
    ...union(base, {
      b: c
    })
    #disable-next-line BCP037
    '${computed}': true
  }
  @description('a child')
  resource pool 'agentPools' = {
    name: 'win'
  }
  resource old 'agentPools@2024-05-02' existing = { name: 'x' }
}
resource many 'X/y@2024-01-01' = [
  for (item, i) in items: if (item.on) {
    name: item.name
  }
]
resource late 'X/z@2024-01-01' =
  if (true) {
    name: 'late'
  }
module inner './aks.bicep' = {
  name: 'inner'
  params: { rev: rev }
}
module registry 'br/public:avm/res/container-service/managed-cluster:0.8.0' = [for i in [1, 2]: { params: {} }]
output id string = aks.id
output all array = [for i in y: i]
)bicep";

}  // namespace

TEST_CASE("a Bicep file has the shape of its ARM template", "[bicep]") {
  const auto parsed = parse_sound(std::string(sample));
  check_tree(*parsed.parsed.documents.at(0));
  const Node root = parsed.root();
  CHECK(show(root["parameters"]) ==
        R"({rev: {type: "string", defaultValue: "asm-1-27"}, secret: {type: "string"}, )"
        R"(choice: {type: "'a' | 'b' | null", defaultValue: "a"}, )"
        "list: {type: \"{\n  @description('of the item')\n  a: string\n  b: int?\n}[]\", "
        R"(defaultValue: [{a: "x", b: 3}, {a: "y"}]}, nullable: {type: "string?"}, network: {type: )"
        R"("resourceInput<'Microsoft.ContainerService/managedClusters@2024-05-01'>.properties.networkProfile"}})");
  CHECK(show(root["variables"]) ==
        "{prefix: <'shop-${toLower('PROD')}-${'x${1}'}'>, names: <[for i in range(0, 3): {\n  name: 'x${i}'\n}]>}");

  const Node resources = root["resources"];
  CHECK(resources.size() == 3);
  CHECK(show(resources["aks"]) ==
        R"({type: "Microsoft.ContainerService/managedClusters", apiVersion: "2024-05-01", )"
        R"(condition: <deploy && !skip>, name: "größe", properties: {)"
        "kubernetesVersion: <condition ? '1.30'\n      : '1.31'>, "
        R"(supportPlan: "AKSLongTermSupport", )"
        R"(serviceMeshProfile: {mode: "Istio", istio: {revisions: [<rev>, "asm-1-28", <...more>]}}, )"
        "<...>: <union(base, {\n      b: c\n    })>, <'${computed}'>: true}, "
        R"(resources: {pool: {type: "agentPools", name: "win"}, )"
        R"(old: {type: "agentPools", apiVersion: "2024-05-02", existing: true, name: "x"}}})");
  CHECK(show(resources["many"]) == R"({type: "X/y", apiVersion: "2024-01-01", copy: <for (item, i) in items>, )"
                                   R"(condition: <item.on>, name: <item.name>})");
  CHECK(show(resources["late"]) == R"({type: "X/z", apiVersion: "2024-01-01", condition: true, name: "late"})");
  CHECK(show(root["modules"]) ==
        R"({inner: {path: "./aks.bicep", name: "inner", params: {rev: <rev>}}, )"
        R"(registry: {path: "br/public:avm/res/container-service/managed-cluster:0.8.0", copy: <for i in [1, 2]>, )"
        R"(params: {}}})");
}

TEST_CASE("Bicep values and keys stand where they are written", "[bicep]") {
  const auto parsed = parse_sound(std::string(sample));
  const Node aks = parsed.root()["resources"]["aks"];
  CHECK(place(aks) == "33:14-52:2");
  CHECK(place(aks.key()) == "33:10-33:13");
  CHECK(place(aks["type"]) == "33:15-33:57");
  CHECK(place(aks["type"].key()) == "33:1-33:9");
  CHECK(place(aks["apiVersion"]) == "33:58-33:68");
  CHECK(place(aks["apiVersion"].key()) == "33:57-33:58");
  CHECK(place(aks["condition"]) == "33:76-33:91");
  CHECK(place(aks["condition"].key()) == "33:72-33:74");
  CHECK(place(aks["name"]) == "34:9-34:16");
  CHECK(place(aks["name"].key()) == "34:3-34:7");
  CHECK(place(aks["properties"]["kubernetesVersion"]) == "36:24-37:15");
  CHECK(place(aks["properties"]["supportPlan"]) == "38:22-38:42");
  const Node istio = aks["properties"]["serviceMeshProfile"]["istio"];
  CHECK(place(istio["revisions"]) == "39:62-40:16");
  CHECK(place(istio["revisions"][0]) == "39:64-39:67");
  CHECK(place(istio["components"]) == "39:42-39:47");
  CHECK(istio["revisions"].path() == "resources.aks.properties.serviceMeshProfile.istio.revisions");
  CHECK(place(aks["resources"]["pool"]) == "48:17-50:4");
  CHECK(place(aks["resources"].key()) == "48:3-48:11");
  const Node rev = parsed.root()["parameters"]["rev"];
  CHECK(place(rev) == "12:7-12:30");
  CHECK(place(rev.key()) == "12:7-12:10");
  CHECK(place(rev["type"]) == "12:11-12:17");
  CHECK(place(rev["defaultValue"]) == "12:20-12:30");
  const Node many = parsed.root()["resources"]["many"];
  CHECK(place(many["copy"].key()) == "54:3-54:6");
  CHECK(place(parsed.root()["modules"]["inner"]["path"]) == "62:14-62:27");
}

TEST_CASE("comments of Bicep are kept", "[bicep]") {
  const auto parsed = parse_sound(std::string(sample));
  std::vector<std::string> comments;
  for (const Comment& comment : parsed.parsed.documents.at(0)->comments()) {
    comments.emplace_back(parsed.file->text().substr(comment.span.start, comment.span.end - comment.span.start));
  }
  CHECK(comments == std::vector<std::string>{"// param comment string = 'asm-1-1'", "#disable-next-line BCP081",
                                             "/* } */", "// a comment", "#disable-next-line BCP037"});
}

TEST_CASE("literals of Bicep are values, everything else is an expression", "[bicep]") {
  CHECK(value("'a'") == R"("a")");
  CHECK(value("''") == R"("")");
  CHECK(value(R"('it\'s \\ \$ \${x \n\r\t \u{41}\u{1F600}\u{fc}')") == "\"it's \\ $ ${x \n\r\t A\xF0\x9F\x98\x80ü\"");
  CHECK(value(R"('\u{110000}\u{zz}\u{}')") == "\"\xEF\xBF\xBDu{zz}u{}\"");
  CHECK(value("'''a'''") == R"("a")");
  CHECK(value("''''a''''") == R"("'a'")");
  CHECK(value("'''\na\\n\n  'b'\n'''") == "\"a\\n\n  'b'\n\"");
  CHECK(value("'''\r\na'''") == R"("a")");
  CHECK(value("''''''") == R"("")");
  CHECK(value("'''a ${b} c'''") == "<a ${b} c>");  // no interpolation, but perhaps someone else's placeholder
  CHECK(value("$'''a ${b} c'''") == "<$'''a ${b} c'''>");
  CHECK(value("$'''a'''") == R"("a")");
  CHECK(value("'$(VERSION)'") == "<$(VERSION)>");
  CHECK(value("'[parameters(\\'x\\')]'") == R"("[parameters('x')]")");
  CHECK(value("3") == "3");
  CHECK(value("-3") == "-3");
  CHECK(value("true") == "true");
  CHECK(value("false") == "false");
  CHECK(value("null") == "null");
  CHECK(value("[]") == "[]");
  CHECK(value("{}") == "{}");
  CHECK(value("[\n  'a'\n\n  'b', 'c' // d\n  [ 1 ]\n]") == R"(["a", "b", "c", [1]])");
  CHECK(value("{\n  a: 1, 'b-c': 2\n  if: 3\n  resource: 4\n  for: {\n\n    d : null }\n}") ==
        "{a: 1, b-c: 2, if: 3, resource: 4, for: {d: null}}");
  CHECK(value("any({ a: any('b') })") == R"({a: "b"})");

  for (const char* expression : {"rev",
                                 "a.b",
                                 "a[0]",
                                 "a!",
                                 "!a",
                                 "-a",
                                 "1 + 2",
                                 "- 1 + 2",
                                 "'a' == b",
                                 "true ? 1 : 2",
                                 "{ a: 1 }.a",
                                 "[1][0]",
                                 "(1)",
                                 "f()",
                                 "f(\n  1\n  { a: '}' }\n)",
                                 "a\n  ? b\n  : c",
                                 "a ?\n  b :\n  c",
                                 "a && b\n  || c",
                                 "a ?? 'b'",
                                 "map(a, x => { b: x })",
                                 "[for x in y: x]",
                                 "[\n  for x in y: {\n    a: x\n  }\n]",
                                 "'${a}'",
                                 "'a${'b${c}'}'",
                                 "'${'''it's'''}'",
                                 "anyone",
                                 "any(a).b",
                                 "nullable",
                                 "a?.b",
                                 "a::b",
                                 "a.?b",
                                 "union({}, {\n  a: 1 })"}) {
    INFO(expression);
    CHECK(value(expression) == "<" + std::string(expression) + ">");
  }
}

TEST_CASE("parameter files of Bicep", "[bicep]") {
  const auto parsed = parse_sound(
      "using './main.bicep'\nextends 'base.bicepparam'\n\nvar plan = 'x'\nparam rev = 'asm-1-28'\nparam pools = [\n"
      "  { name: 'a' }\n]\nparam secret = readEnvironmentVariable('X', 'y')");
  CHECK(show(parsed.root()) ==
        R"({parameters: {rev: {value: "asm-1-28"}, pools: {value: [{name: "a"}]}, )"
        R"(secret: {value: <readEnvironmentVariable('X', 'y')>}}, variables: {plan: "x"}, resources: {}, modules: {}, )"
        R"(using: "./main.bicep", extends: "base.bicepparam"})");
  CHECK(place(parsed.root()["using"]) == "1:7-1:21");
  CHECK(place(parsed.root()["parameters"]["rev"]["value"]) == "5:13-5:23");
  CHECK(show(parse_sound("using none\nparam a = 1").root()["parameters"]) == "{a: {value: 1}}");
}

TEST_CASE("a file of Bicep that holds nothing", "[bicep]") {
  for (const char* text : {"", "\n\n", " \t", "// nothing", "/* \n */\r\n"}) CHECK_FALSE(parse_sound(text).root());
  CHECK(show(parse_sound("targetScope = 'tenant'").root()) ==
        "{parameters: {}, variables: {}, resources: {}, modules: {}}");
}

TEST_CASE("line ends, a mark and a missing final line end do not disturb Bicep", "[bicep]") {
  std::string windows = "\xEF\xBB\xBF";
  for (const char c : sample) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  const auto parsed = parse_sound(windows);
  CHECK(place(parsed.root()["resources"]["aks"]["name"]) == "34:9-34:16");
  CHECK(parsed.root()["resources"].size() == 3);
  CHECK(show(parse_sound("param a string = 'x'").root()["parameters"]["a"]["defaultValue"]) == R"("x")");
}

TEST_CASE("mistakes in Bicep are explained where they are", "[bicep]") {
  CHECK(mistake("var x = 'a\nvar y = 1") == "1:9-1:11 the string has no closing quote on its line");
  CHECK(mistake("var x = '${a") == "1:9-1:13 the string has no closing quote on its line");
  CHECK(mistake("var x = '''a\nb") == "1:9-1:12 the multi-line string is never closed");
  CHECK(mistake("var x = 1 /* a\n*") == "1:11-1:13 the comment is never closed");
  CHECK(mistake("var x = '\\q'") == "1:10-1:12 '\\q' is no escape of Bicep");
  CHECK(mistake("var x = {\n  a: 1\n") == "1:9-1:10 '{' is never closed");
  CHECK(mistake("var x = {\n  a: 1\n}\n}") == "4:1-4:2 '}' closes nothing");
  CHECK(mistake("var x = [\n  1\n}\n") == "3:1-3:2 '}' stands where ']' is expected\n1:9-1:10 opened here");
  CHECK(mistake("var x = {\n  a 1\n}") == "2:5-2:6 expected ':' before '1'");
  CHECK(mistake("var x = {\n  a:\n  b: 1\n}") == "2:5-2:5 a value is missing here");
  CHECK(mistake("var x = {\n  = 1\n}") == "2:3-2:4 expected a property's name before '='");
  CHECK(mistake("var x =\n") == "1:8-1:8 a value is missing here");
  CHECK(mistake("var x") == "1:6-1:6 '=' is missing here");
  CHECK(mistake("var") == "1:4-1:4 the variable's name is missing here");
  CHECK(mistake("param 1") == "1:7-1:8 expected the parameter's name before '1'");
  CHECK(mistake("param a\n") == "1:8-1:8 the parameter's type or '=' is missing here");
  CHECK(mistake("resource a = {}") == "1:12-1:13 expected the type in quotes before '='");
  CHECK(mistake("resource a 'x@1' {}") == "1:18-1:19 expected '=' before '{'");
  CHECK(mistake("resource a 'x@1' = if true {}") == "1:23-1:27 expected '(' before 'true'");
  CHECK(mistake("resource a 'x@1' = [for b in c {}]") == "1:34-1:35 expected ':' before ']'");
  CHECK(mistake("resource a 'x@1' = {} b") == "1:23-1:24 expected the end of the declaration before 'b'");
  CHECK(mistake("module a = 'x'") == "1:10-1:11 expected the path in quotes before '='");
  CHECK(mistake("<<<<<<< HEAD") == "1:1-1:2 expected a declaration such as 'param' or 'resource' before '<'");
  CHECK(mistake("var x = '\x80'") == "1:10-1:10 byte 0x80 is not valid UTF-8");
  CHECK(mistake(std::string("var x\0", 6)) == "1:6-1:7 a NUL byte, which no text holds");
}

TEST_CASE("a broken declaration of Bicep does not lose the others", "[bicep]") {
  const auto parsed = parse(R"bicep(
param before string = 'a'
resource broken 'X/y@2024-01-01' = {
  name: {
    a: 'b'
}
@description('swallowed')
param after string = 'b'
var odd = { a b }
var also = ['x]
var last = 'c'
resource open 'X/y@2024-01-01' = {
  properties: {
    type: 'x'
type: 'y'
resource next 'X/z@2024-01-01' = { name: 'z' }
)bicep");
  CHECK(mistakes(parsed) == std::vector<std::string>{
                                "3:36-3:37 '{' is never closed\n8:1-8:6 the next declaration starts here",
                                "9:15-9:16 expected ':' before 'b'",
                                "10:13-10:16 the string has no closing quote on its line",
                                "13:15-13:16 '{' is never closed\n16:1-16:9 the next declaration starts here",
                            });
  check_tree(*parsed.parsed.documents.at(0));
  CHECK(show(parsed.root()) ==
        R"({parameters: {before: {type: "string", defaultValue: "a"}, after: {type: "string", defaultValue: "b"}}, )"
        R"(variables: {last: "c"}, resources: {next: {type: "X/z", apiVersion: "2024-01-01", name: "z"}}, )"
        R"(modules: {}})");
}

TEST_CASE("child resources without indentation are no new declarations", "[bicep]") {
  const auto parsed = parse_sound("resource a 'x@1' = {\nname: 'a'\nresource b 'y' = {\nname: 'b'\n}\n}\n");
  CHECK(show(parsed.root()["resources"]) ==
        R"({a: {type: "x", apiVersion: "1", name: "a", resources: {b: {type: "y", name: "b"}}}})");
}

TEST_CASE("a template of a Bicep file is skipped", "[bicep]") {
  const auto parsed = parse("param a string = 'x'\n{{#if pools}}\nvar b = 1\n");
  REQUIRE(parsed.parsed.problems.size() == 1);
  CHECK(parsed.parsed.problems[0].kind == ProblemKind::template_skipped);
}

TEST_CASE("nesting of Bicep has a limit", "[bicep]") {
  const auto nested = [](std::size_t depth) { return "var x = " + std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(parse_sound(nested(128)).root());
  const auto parsed = parse(nested(129));
  REQUIRE(parsed.parsed.problems.size() == 1);
  CHECK(parsed.parsed.problems[0].kind == ProblemKind::yaml_limit);
  CHECK(parsed.parsed.documents.empty());
  CHECK(parse("var x = " + std::string(100'000, '(')).parsed.problems.size() == 1);
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
      if (text.empty()) text = "@";
    }
    return text;
  }

 private:
  static constexpr std::string_view pieces[] = {"'",
                                                "'''",
                                                "${",
                                                "}",
                                                "{",
                                                "[",
                                                "]",
                                                "(",
                                                ")",
                                                ",",
                                                ":",
                                                "=",
                                                "@",
                                                "...",
                                                "\\u{",
                                                "//",
                                                "/*",
                                                "*/",
                                                "\n",
                                                "\nvar",
                                                "\nresource a 'b@1' = {",
                                                "if (",
                                                "for ",
                                                "any(",
                                                "\x80",
                                                "existing ",
                                                "?",
                                                "=>",
                                                "#",
                                                "$",
                                                "!",
                                                "- 1 ",
                                                "\nparam x = ",
                                                std::string_view("\0", 1)};

  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }

  std::mt19937 random_;
};

void check_sound(const Parsed& parsed) {
  for (const auto& document : parsed.parsed.documents) check_tree(*document);
  for (const Problem& problem : parsed.parsed.problems) {
    REQUIRE(problem.span.start <= problem.span.end);
    REQUIRE(problem.span.end <= parsed.file->text().size());
    REQUIRE_FALSE(problem.message.empty());
  }
}

}  // namespace

TEST_CASE("Bicep cut off anywhere is read as far as it goes", "[bicep]") {
  for (std::size_t length = 1; length < sample.size(); ++length)
    check_sound(parse(std::string(sample.substr(0, length))));
}

TEST_CASE("mutated Bicep never breaks the reader", "[bicep]") {
  Mutator mutator(20260911);
  std::size_t accepted = 0;
  constexpr std::size_t rounds = 4'000;
  for (std::size_t round = 0; round < rounds; ++round) {
    const auto parsed = parse(mutator.mutate(std::string(sample)));
    check_sound(parsed);
    if (parsed.parsed.problems.empty()) ++accepted;
  }
  CHECK(accepted > rounds / 20);
  CHECK(accepted < rounds / 2);
}

// Whatever is quadratic takes hours here, and does not end.
TEST_CASE("large and odd Bicep is read to its end", "[bicep]") {
  constexpr std::size_t size = std::size_t{1} << 20;
  const auto repeat = [](std::string_view piece) {
    std::string text;
    while (text.size() < size) text += piece;
    return text;
  };
  CHECK(parse(repeat("var x = 'a'\n")).root()["variables"].size() > 50'000);
  CHECK_FALSE(parse(repeat("'''")).parsed.problems.empty());
  CHECK_FALSE(parse(repeat("/*")).parsed.problems.empty());
  CHECK_FALSE(parse(repeat("'${")).parsed.problems.empty());
  CHECK_FALSE(parse("var x = " + repeat("'${'a")).parsed.problems.empty());
  CHECK(parse(repeat("var x = {\n")).parsed.problems.size() > 50'000);
  CHECK_FALSE(parse(repeat("}")).parsed.problems.empty());
  CHECK_FALSE(parse(repeat("@a\n")).parsed.problems.empty());
  CHECK(parse("var x = " + repeat("a\n ? b : ")).root());
  CHECK(parse("var x = [" + repeat("a ? { b: c } : d\n") + "]").root()["variables"]["x"].size() > 50'000);
  CHECK_FALSE(parse("var x = {" + repeat("resource a 'b' = {}\n") + "}").root()["variables"]["x"]["resources"].size() <
              50'000);
  std::string nested = "x";
  for (int depth = 0; depth < 120; ++depth) nested = "[" + nested + "][0]";
  CHECK(parse("var x = [" + repeat(nested + "\n") + "]").root());
}
