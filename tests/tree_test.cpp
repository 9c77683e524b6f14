#include "linter/tree.h"

#include <catch2/catch.hpp>
#include <chrono>

#include "linter/json.h"
#include "linter/yaml.h"

using namespace meshlint;

namespace {

struct Parsed {
  std::unique_ptr<SourceFile> file;
  ParsedText parsed;

  Node root() const { return parsed.documents.at(0)->root(); }
};

Parsed yaml(std::string text) {
  Parsed result;
  result.file = std::make_unique<SourceFile>("a.yaml", "a.yaml", std::move(text));
  result.parsed = parse_yaml(*result.file);
  for (const auto& problem : result.parsed.problems) FAIL(problem.message);
  return result;
}

std::string_view slice(Node node) {
  return node.file()->text().substr(node.span().start, node.span().end - node.span().start);
}

std::string keys_and_values(Node mapping) {
  std::string result;
  for (const Entry& entry : mapping.entries()) {
    result += (result.empty() ? "" : " ") + std::string(entry.key.text()) + "=" + std::string(entry.value.text());
  }
  return result;
}

// A tree written by hand, for what no reader lets through.
class Sketch {
 public:
  Sketch() : file_("a", "a", "x"), document_(file_) {}

  std::uint32_t add(NodeKind kind, std::uint32_t parent, std::string_view text = {}) {
    auto& nodes = document_.mutable_nodes();
    NodeData node;
    node.kind = kind;
    node.parent = parent;
    node.text = text;
    nodes.push_back(node);
    return static_cast<std::uint32_t>(nodes.size() - 1);
  }

  std::uint32_t add_item(NodeKind kind, std::uint32_t parent) {
    const std::uint32_t item = add(kind, parent);
    append(parent, item);
    return item;
  }

  std::uint32_t add_entry(NodeKind kind, std::uint32_t parent, std::string_view key, std::string_view text = {}) {
    const std::uint32_t key_index = add(NodeKind::scalar, parent, key);
    const std::uint32_t value = add(kind, parent, text);
    document_.mutable_nodes()[value].key = key_index;
    append(parent, value);
    return value;
  }

  void point(std::uint32_t alias, std::uint32_t target) { document_.mutable_nodes()[alias].first_child = target; }
  Node node(std::uint32_t index) const { return Node(document_, index); }

 private:
  void append(std::uint32_t parent, std::uint32_t child) {
    auto& nodes = document_.mutable_nodes();
    std::uint32_t* link = &nodes[parent].first_child;
    while (*link != NodeData::none) link = &nodes[*link].next_sibling;
    *link = child;
    ++nodes[parent].child_count;
  }

  SourceFile file_;
  Document document_;
};

}  // namespace

TEST_CASE("values are looked up by key and index", "[tree]") {
  const auto parsed = yaml("a: 1\nb:\n  - x\n  - c: [2, 3]\nd:\ne: ~\n");
  const Node root = parsed.root();
  CHECK(root);
  CHECK(root.is_mapping());
  CHECK(root.size() == 4);
  CHECK(root["a"].text() == "1");
  CHECK(root["b"].is_sequence());
  CHECK(root["b"].size() == 2);
  CHECK(root["b"][0].text() == "x");
  CHECK(root["b"][1]["c"][1].text() == "3");
  CHECK(root["b"].items().size() == 2);
  CHECK(root["d"]);
  CHECK(root["d"].is_null());
  CHECK(root["e"].is_null());
  CHECK_FALSE(root.is_null());
  CHECK_FALSE(root["b"].is_null());
  CHECK_FALSE(root["a"].is_null());
  CHECK(root["b"][1].parent().path() == "b");
  CHECK(root["b"].key().text() == "b");
  CHECK_FALSE(root["b"][0].key());
  CHECK_FALSE(root.key());
  CHECK_FALSE(root.parent());
  CHECK(root["a"].file() == parsed.file.get());
  CHECK(root["a"].document() == parsed.parsed.documents[0].get());
}

TEST_CASE("what does not exist is falsy and located at the nearest key", "[tree]") {
  const auto parsed = yaml("spec:\n  servers:\n    - port: 1\n  empty: {}\n");
  const Node root = parsed.root();
  const Node missing = root["spec"]["gateways"];
  CHECK_FALSE(missing);
  CHECK(missing.kind() == NodeKind::null);
  CHECK(missing.is_null());
  CHECK(missing.text().empty());
  CHECK(missing.size() == 0);
  CHECK(missing.items().empty());
  CHECK(missing.entries().empty());
  CHECK_FALSE(missing.key());
  CHECK_FALSE(missing.parent());
  CHECK_FALSE(missing.unresolved());
  CHECK(slice(missing) == "spec");
  CHECK(slice(missing["deeper"][7]["still"]) == "spec");
  CHECK(slice(root["spec"]["empty"]["x"]) == "empty");
  CHECK(missing.path() == "spec");
  // An item and the root have no key: their own first one it is.
  CHECK(slice(root["spec"]["servers"][0]["hosts"]) == "port");
  CHECK(slice(root["spec"]["servers"][1]) == "servers");
  CHECK(slice(root["kind"]) == "spec");
  CHECK(slice(root["spec"]["servers"][0]["port"]["x"]) == "port");
  CHECK(missing.file() == parsed.file.get());

  const Node nowhere;
  CHECK_FALSE(nowhere);
  CHECK_FALSE(nowhere["a"][0]["b"]);
  CHECK(nowhere.is_null());
  CHECK(nowhere.span() == Span{});
  CHECK(nowhere.entry_span() == Span{});
  CHECK(nowhere.path().empty());
  CHECK(nowhere.file() == nullptr);
  CHECK_FALSE(nowhere.unresolved());
  CHECK(nowhere.items().empty());
  CHECK(nowhere.style() == ScalarStyle::plain);
}

TEST_CASE("spans of values, keys and entries", "[tree]") {
  const auto parsed = yaml("a: \"x y\"\nb: [1, 2]\n");
  const Node root = parsed.root();
  CHECK(slice(root["a"]) == "\"x y\"");
  CHECK(slice(root["a"].key()) == "a");
  const auto entry = root["a"].entry_span();
  CHECK(parsed.file->text().substr(entry.start, entry.end - entry.start) == "a: \"x y\"");
  CHECK(root["b"][0].entry_span() == root["b"][0].span());
}

TEST_CASE("paths", "[tree]") {
  const auto parsed = yaml("spec:\n  servers:\n  - hosts: [a, b]\n  a.b/c: 1\n  d.e:\n  - x: 2\n");
  const Node root = parsed.root();
  CHECK(root.path().empty());
  CHECK(root["spec"]["servers"][0]["hosts"][1].path() == "spec.servers[0].hosts[1]");
  CHECK(root["spec"]["servers"][0]["hosts"].key().path() == "spec.servers[0].hosts");
  CHECK(root["spec"]["a.b/c"].path() == "spec[\"a.b/c\"]");
  CHECK(root["spec"]["d.e"][0]["x"].path() == "spec[\"d.e\"][0].x");
  CHECK(yaml("- - 1\n  - 2\n").root()[0][1].path() == "[0][1]");
}

TEST_CASE("a key stated twice has its last value", "[tree]") {
  SourceFile file("a.json", "a.json", R"({"a": 1, "b": 2, "a": 3})");
  const auto parsed = parse_json(file);
  const Node root = parsed.documents.at(0)->root();
  CHECK(root["a"].text() == "3");
  CHECK(root.size() == 3);
  CHECK(keys_and_values(root) == "a=3 b=2");
}

TEST_CASE("aliases behave like what they refer to, at their own place", "[tree]") {
  const auto parsed = yaml("base: &b {x: 1}\nuse: *b\nlist: [&s text, *s]\n? *s\n: keyed\n");
  const Node root = parsed.root();
  CHECK(root["use"].is_mapping());
  CHECK(root["use"]["x"].text() == "1");
  CHECK(slice(root["use"]) == "*b");
  CHECK(root["use"].path() == "use");
  CHECK(slice(root["use"]["missing"]) == "use");
  CHECK(root["list"][1].text() == "text");
  CHECK(root["list"][1].parent().path() == "list");
  CHECK(root["text"].text() == "keyed");
  CHECK(keys_and_values(root).ends_with("text=keyed"));
}

TEST_CASE("merge keys", "[tree]") {
  const auto parsed = yaml(
      "a: &a {x: a, y: a}\n"
      "b: &b {y: b, z: b, <<: *a}\n"
      "one: {y: own, <<: *a, x: own}\n"
      "two: {<<: [*b, *a], w: own}\n"
      "chain: {<<: *b}\n"
      "inline: {<<: {x: i}, y: own}\n"
      "quoted: {\"<<\": {x: i}}\n"
      "odd: {<<: text, y: own}\n");
  const Node root = parsed.root();
  CHECK(keys_and_values(root["one"]) == "y=own x=own");
  CHECK(keys_and_values(root["two"]) == "w=own y=b z=b x=a");
  CHECK(keys_and_values(root["chain"]) == "y=b z=b x=a");
  CHECK(root["chain"]["x"].text() == "a");
  CHECK(root["two"]["y"].text() == "b");
  CHECK(slice(root["two"]["y"]) == "b");
  CHECK_FALSE(root["two"]["nothing"]);
  CHECK(slice(root["two"]["nothing"]) == "two");
  CHECK(root["two"].size() == 2);
  CHECK(keys_and_values(root["inline"]) == "y=own x=i");
  CHECK_FALSE(root["quoted"]["x"]);
  CHECK(root["quoted"]["<<"]["x"].text() == "i");
  CHECK(keys_and_values(root["odd"]) == "y=own");
}

TEST_CASE("merge keys that lead in circles or fan out end", "[tree]") {
  Sketch circle;
  const auto root = circle.add(NodeKind::mapping, NodeData::none);
  circle.add_entry(NodeKind::scalar, root, "a", "1");
  const auto list = circle.add_entry(NodeKind::sequence, root, "<<");
  for (int i = 0; i < 20; ++i) circle.point(circle.add_item(NodeKind::alias, list), root);
  circle.point(circle.add_item(NodeKind::alias, list), list);
  CHECK(keys_and_values(circle.node(root)) == "a=1");
  CHECK_FALSE(circle.node(root)["b"]);

  // Each mapping merges the one before it thirty times: 30^12 merges, if each were done.
  Sketch fan;
  const auto top = fan.add(NodeKind::mapping, NodeData::none);
  auto before = fan.add_entry(NodeKind::mapping, top, "m0");
  fan.add_entry(NodeKind::scalar, before, "x", "deep");
  const std::string names[] = {"m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m10", "m11", "m12"};
  for (const auto& name : names) {
    const auto mapping = fan.add_entry(NodeKind::mapping, top, name);
    const auto sources = fan.add_entry(NodeKind::sequence, mapping, "<<");
    for (int i = 0; i < 30; ++i) fan.point(fan.add_item(NodeKind::alias, sources), before);
    before = mapping;
  }
  CHECK(fan.node(before)["x"].text() == "deep");
}

TEST_CASE("what may be a template expression is unresolved", "[tree]") {
  const auto parsed = yaml("a: ${X}\nb: \"{{ x }}\"\nc: text\n");
  const Node root = parsed.root();
  CHECK(root["a"].unresolved());
  CHECK(root["b"].unresolved());
  CHECK_FALSE(root["c"].unresolved());
  CHECK(root["a"]["below"]["deeper"].unresolved());
  CHECK_FALSE(root["c"]["below"].unresolved());
  CHECK_FALSE(root.unresolved());
}

TEST_CASE("placeholders", "[tree]") {
  for (const char* text :
       {"${X}", "a-${X:-b}-c", "$(X)", "{{ x }}", "x{%- if y %}", "${{ secrets.x }}", "$ {{x", "$$(y)", "${a $(b)"}) {
    INFO(text);
    CHECK(has_placeholder(text));
  }
  for (const char* text :
       {"", "$", "{", "$X", "{x}", "$ {x}", "${x", "}${", "$(x", ")$(", "x$", "a{", "{ {x} }", "%{x}", "}}"}) {
    INFO(text);
    CHECK_FALSE(has_placeholder(text));
  }
}

TEST_CASE("looking for placeholders takes linear time", "[tree]") {
  std::string openings;
  while (openings.size() < (1 << 20)) openings += "${$(";
  const auto start = std::chrono::steady_clock::now();
  CHECK_FALSE(has_placeholder(openings));
  CHECK(has_placeholder(openings + "}"));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
}

TEST_CASE("types of plain scalars", "[tree]") {
  const auto all_are = [](ScalarType type, std::initializer_list<const char*> texts) {
    for (const char* text : texts) {
      INFO(text);
      CHECK(plain_scalar_type(text) == type);
    }
  };
  all_are(ScalarType::null, {"", "~", "null", "Null", "NULL"});
  all_are(ScalarType::boolean, {"true", "True", "TRUE", "false", "False", "FALSE", "yes", "No", "ON", "off", "y", "N"});
  all_are(ScalarType::integer, {"0", "1", "-1", "+1", "007", "0x1F", "0X1f", "-0x1", "0o17", "0b101", "+0b1", "1_000",
                                "1_", "99999999999999999999"});
  all_are(ScalarType::real, {"1.30", "1.", ".5", "-1.5", "+.5", "1e3", "1E-3", "1.5e+3", "1_0.5", ".inf", "-.Inf",
                             "+.INF", ".nan", ".NaN"});
  all_are(ScalarType::string,
          {"nUll", "tRue",  "truE",       "1.30.4", "v1.30", "asm-1-27", "-",   "+",   ".",   "..",  "e3",    "1e",
           "1e+",  "1e3.5", "0x",         "0xG",    "0o8",   "0b2",      "_1",  "._5", "+-1", "--1", "1 000", "1,5",
           "10Mi", "5m",    "2026-08-21", "12:30",  "0x1.8", "-.nan",    "inf", "NaN", "<<",  "=",   "- 1"});
}

TEST_CASE("quoted and block scalars are strings, whatever they hold", "[tree]") {
  const auto parsed = yaml("a: '1'\nb: \"true\"\nc: |\n  1\nd: >\n  null\ne: 1\nf: true\ng: [1]\n");
  const Node root = parsed.root();
  for (const char* key : {"a", "b", "c", "d"}) {
    CHECK(root[key].type() == ScalarType::string);
    CHECK_FALSE(root[key].is_null());
  }
  CHECK(root["a"].style() == ScalarStyle::single_quoted);
  CHECK(root["c"].style() == ScalarStyle::literal);
  CHECK(root["e"].type() == ScalarType::integer);
  CHECK(root["f"].type() == ScalarType::boolean);
  CHECK_FALSE(root["g"].is_null());
}
