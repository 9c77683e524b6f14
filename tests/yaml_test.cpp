#include "linter/yaml.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <iterator>
#include <random>

namespace meshlint {
namespace {

// A file and what was read from it.
struct Reading {
  explicit Reading(std::string text, DocumentFilter filter = nullptr)
      : file("in.yaml", "in.yaml", std::move(text)), parsed(parse_yaml(file, filter)) {}

  Node root(std::size_t document = 0) const { return parsed.documents.at(document)->root(); }
  std::string_view slice(Span span) const { return file.text().substr(span.start, span.end - span.start); }
  std::string_view slice(Node node) const { return slice(node.span()); }

  SourceFile file;
  ParsedText parsed;
};

std::string place(const SourceFile& file, Span span) {
  const Position position = file.position(span.start);
  return fmt::format("{}:{}", position.line, position.column);
}

// The problems as "line:column message", one a line.
std::string problems_of(const ParsedText& parsed) {
  std::string out;
  for (const Problem& problem : parsed.problems) {
    out += (out.empty() ? "" : "\n") + place(*problem.file, problem.span) + " " + problem.message;
  }
  return out;
}

std::string problems_of(std::string text) {
  return problems_of(Reading(std::move(text)).parsed);
}

std::string with_line_ends(std::string_view text, std::string_view line_end) {
  std::string out;
  for (const char c : text) out += c == '\n' ? std::string(line_end) : std::string(1, c);
  return out;
}

bool is_config_map(std::string_view text) {
  return text.find("kind: ConfigMap") != std::string_view::npos;
}

constexpr std::string_view every_style = R"(plain: one two
single: 'it''s'
double: "a \"b\" \u00e9"
lines: one
  two

  three
quoted-lines: "one
  two \
  three"
literal: |
  first
    second

  third
kept: |+2
   x

folded: >-
  a
  b

  c
   d
flow: {a: [1, 'two', {b: }], "c": d}
list:
- x
-
  - y
  - z: 1
    w: 2
empty:
last: end)";

void check_every_style(const Reading& reading, std::string_view line_end) {
  INFO(reading.file.text());
  REQUIRE(problems_of(reading.parsed).empty());
  REQUIRE(reading.parsed.documents.size() == 1);
  const Node root = reading.root();
  const auto raw = [&](std::string_view text) { return with_line_ends(text, line_end); };

  CHECK(reading.slice(root["plain"].key()) == "plain");
  CHECK(reading.slice(root["plain"]) == "one two");
  CHECK(root["plain"].style() == ScalarStyle::plain);
  CHECK(reading.slice(root["single"]) == "'it''s'");
  CHECK(root["single"].text() == "it's");
  CHECK(root["single"].style() == ScalarStyle::single_quoted);
  CHECK(reading.slice(root["double"]) == R"("a \"b\" \u00e9")");
  CHECK(root["double"].text() == "a \"b\" é");
  CHECK(root["double"].style() == ScalarStyle::double_quoted);
  CHECK(reading.slice(root["lines"]) == raw("one\n  two\n\n  three"));
  CHECK(root["lines"].text() == "one two\nthree");
  CHECK(reading.slice(root["quoted-lines"]) == raw("\"one\n  two \\\n  three\""));
  CHECK(root["quoted-lines"].text() == "one two three");
  CHECK(reading.slice(root["literal"]) == raw("|\n  first\n    second\n\n  third"));
  CHECK(root["literal"].text() == "first\n  second\n\nthird\n");
  CHECK(root["literal"].style() == ScalarStyle::literal);
  CHECK(reading.slice(root["kept"]) == raw("|+2\n   x"));
  CHECK(root["kept"].text() == " x\n\n");
  CHECK(reading.slice(root["folded"]) == raw(">-\n  a\n  b\n\n  c\n   d"));
  CHECK(root["folded"].text() == "a b\nc\n d");
  CHECK(root["folded"].style() == ScalarStyle::folded);
  CHECK(reading.slice(root["flow"]) == "{a: [1, 'two', {b: }], \"c\": d}");
  CHECK(reading.slice(root["flow"]["a"]) == "[1, 'two', {b: }]");
  CHECK(reading.slice(root["flow"]["a"][1]) == "'two'");
  CHECK(reading.slice(root["flow"]["a"][2]) == "{b: }");
  CHECK(reading.slice(root["flow"]["c"].key()) == "\"c\"");
  CHECK(reading.slice(root["list"]) == raw("- x\n-\n  - y\n  - z: 1\n    w: 2"));
  CHECK(reading.slice(root["list"][1]) == raw("- y\n  - z: 1\n    w: 2"));
  CHECK(reading.slice(root["list"][1][1]) == raw("z: 1\n    w: 2"));
  CHECK(root["empty"].is_null());
  CHECK(root["empty"].span().start == root["empty"].span().end);
  CHECK(reading.slice({root["empty"].key().span().start, root["empty"].span().end}) == "empty:");
  CHECK(reading.slice(root["last"]) == "end");
  CHECK(reading.slice(root).ends_with("last: end"));
  CHECK(root.span().start == 0);
}

}  // namespace

TEST_CASE("keys and values of every style have exact spans, whatever ends the lines") {
  const std::string final_line_end = GENERATE("", "\n");
  for (const std::string_view line_end : {"\n", "\r\n", "\r"}) {
    check_every_style(Reading(with_line_ends(every_style, line_end) + final_line_end), line_end);
    check_every_style(Reading("\xEF\xBB\xBF" + with_line_ends(every_style, line_end) + final_line_end), line_end);
  }
}

TEST_CASE("values point into the file where they stand as they are") {
  const Reading reading("a: plain\nb: 'single'\nc: \"double\"\n");
  for (const char* key : {"a", "b", "c"}) {
    const std::string_view text = reading.root()[key].text();
    CHECK(text.data() >= reading.file.text().data());
    CHECK(text.data() < reading.file.text().data() + reading.file.text().size());
  }
}

TEST_CASE("empty values stand behind their colon or dash") {
  const Reading reading("a:   # note\nb:\nc: &x\nd: !!str\nlist:\n-\n- # note\n-  &y\nlast:");
  REQUIRE(problems_of(reading.parsed).empty());
  const Node root = reading.root();
  for (const char* key : {"a", "b", "c", "d", "last"}) {
    INFO(key);
    CHECK(root[key].kind() == NodeKind::null);
    CHECK(root[key].span().start == root[key].span().end);
    CHECK(root[key].span().start == root[key].key().span().end + 1);
  }
  REQUIRE(root["list"].size() == 3);
  CHECK(place(reading.file, root["list"][0].span()) == "6:2");
  CHECK(place(reading.file, root["list"][1].span()) == "7:2");
  CHECK(place(reading.file, root["list"][2].span()) == "8:2");
}

TEST_CASE("a written null is a scalar, also when the next key is called null") {
  const Reading reading("a: null\nb: ~\nc:\nnull: d\ne: [null, ~]\nf: {x: null}\n");
  REQUIRE(problems_of(reading.parsed).empty());
  const Node root = reading.root();
  CHECK(reading.slice(root["a"]) == "null");
  CHECK(root["a"].type() == ScalarType::null);
  CHECK(reading.slice(root["b"]) == "~");
  CHECK(root["c"].kind() == NodeKind::null);
  CHECK(root["null"].text() == "d");
  CHECK(reading.slice(root["e"][0]) == "null");
  CHECK(reading.slice(root["f"]["x"]) == "null");
}

TEST_CASE("anchors and tags are no part of the value") {
  const Reading reading("a: &x !!str 'v'\nb: !t &y\n  k: w\nc: &z [1]\n&k key: v\nd: !<tag:x,y> e\n");
  REQUIRE(problems_of(reading.parsed).empty());
  const Node root = reading.root();
  CHECK(reading.slice(root["a"]) == "'v'");
  CHECK(reading.slice(root["b"]) == "k: w");
  CHECK(reading.slice(root["c"]) == "[1]");
  CHECK(reading.slice(root["key"].key()) == "key");
  CHECK(reading.slice(root["d"]) == "e");
}

TEST_CASE("collections know whether they are written in brackets") {
  const Reading reading("a: {b: [c]}\nd:\n- e: [f: g, {h: i}: j]\n");
  const Node root = reading.root();
  const auto& nodes = reading.parsed.documents[0]->nodes();
  CHECK_FALSE(nodes[root.index()].flow);
  CHECK(nodes[root["a"].index()].flow);
  CHECK(nodes[root["a"]["b"].index()].flow);
  CHECK_FALSE(nodes[root["d"].index()].flow);
  const Node pairs = root["d"][0]["e"];
  CHECK(reading.slice(pairs) == "[f: g, {h: i}: j]");
  CHECK(reading.slice(pairs[0]) == "f: g");
  CHECK(reading.slice(pairs[1]) == "{h: i}: j");
}

TEST_CASE("comments are collected outside of scalars") {
  const Reading reading(
      "# first\na: b # second\nc: \"# no\" #third\nd: | # fourth\n  # no\n  x\n# fifth\ne: f#no\ng: [1, # sixth\r\n  "
      "2]\n"
      "h: multi\n  line # seventh\n---\n# eighth");
  REQUIRE(problems_of(reading.parsed).empty());
  std::string comments;
  for (const auto& document : reading.parsed.documents) {
    for (const Comment& comment : document->comments()) comments += std::string(reading.slice(comment.span)) + "|";
  }
  CHECK(comments == "# first|# second|#third|# fourth|# fifth|# sixth|# seventh|# eighth|");
}

TEST_CASE("a broken document does not lose the others") {
  const Reading reading("a: b\n---\nc: [d\n---\ne: f\n--- # comment\n\xEF\xBB\xBFg: h\n--- {i: j}\n--- |\n k\n---\n");
  CHECK(problems_of(reading.parsed) == "3:4 '[' is never closed");
  REQUIRE(reading.parsed.documents.size() == 6);
  CHECK(reading.root(0)["a"].text() == "b");
  CHECK(reading.root(1)["e"].text() == "f");
  CHECK(place(reading.file, reading.root(1)["e"].span()) == "5:4");
  CHECK(reading.root(2)["g"].text() == "h");
  CHECK(reading.slice(reading.root(3)) == "{i: j}");
  CHECK(reading.root(4).text() == "k\n");
  CHECK(reading.root(5).is_null());
}

TEST_CASE("markers that are none stay in their document") {
  const Reading reading("a: |\n  ---\n  b\nc: d---\n---e: f\n");
  REQUIRE(problems_of(reading.parsed).empty());
  REQUIRE(reading.parsed.documents.size() == 1);
  CHECK(reading.root()["a"].text() == "---\nb\n");
  CHECK(reading.root()["---e"].text() == "f");
}

TEST_CASE("directives and document ends") {
  CHECK(problems_of("%YAML 1.1\n---\na: b\n...\n").empty());
  CHECK(problems_of("a: b\n...\n").empty());
  CHECK(problems_of("a: b\n...\n---\nc: d\n...\n# end\n").empty());
  const Reading reading("a: b\n...\n# about\n%TAG ! tag:x:\n---\nc: !d e\n");
  REQUIRE(problems_of(reading.parsed).empty());
  REQUIRE(reading.parsed.documents.size() == 2);
  CHECK(reading.slice(reading.root(1)["c"]) == "e");
  CHECK(problems_of("a: b\n...\nc: d\n") == "3:1 unexpected 'c: d' after the end of the document");
}

TEST_CASE("documents that are not wanted are not read") {
  const Reading reading("kind: Pod\nbroken: [\n---\nkind: ConfigMap\n---\nkind: X\n", is_config_map);
  CHECK(reading.parsed.problems.empty());
  REQUIRE(reading.parsed.documents.size() == 1);
  CHECK(place(reading.file, reading.root()["kind"].span()) == "4:7");
}

TEST_CASE("files without content give nothing") {
  for (const char* text : {"", "\n", "   \n\n", "...", "...\n"}) {
    INFO(text);
    const Reading reading(text);
    CHECK(reading.parsed.problems.empty());
    CHECK(reading.parsed.documents.empty());
  }
  const Reading comments("# only\n# comments\n");
  REQUIRE(comments.parsed.documents.size() == 1);
  CHECK_FALSE(comments.root());
  CHECK(comments.parsed.documents[0]->comments().size() == 2);
}

namespace {

// Checks that every node of an embedded document covers, in the file, what it should.
void check_embedded(const Reading& reading, const ParsedText& inner, std::string_view path, std::string_view slice,
                    std::string_view expected_place) {
  INFO(path);
  REQUIRE(inner.documents.size() == 1);
  Node node = inner.documents[0]->root();
  while (!path.empty()) {
    const auto part = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(part.size() + 1, path.size()));
    node = part.size() == 1 && part[0] >= '0' && part[0] <= '9' ? node[static_cast<std::size_t>(part[0] - '0')]
                                                                : node[part];
  }
  REQUIRE(node);
  CHECK(reading.slice(node) == slice);
  CHECK(place(reading.file, node.span()) == expected_place);
}

}  // namespace

TEST_CASE("a document inside a literal scalar stands where it stands in the file") {
  const std::string_view line_end = GENERATE("\n", "\r\n", "\r");
  const Reading reading(
      with_line_ends("data:\n"
                     "  mesh: |2-\n"
                     "      outbound:\n"
                     "        mode: ALLOW_ANY # why\n"
                     "\n"
                     "      list:\n"
                     "      - \tx\n"
                     "      - 'y'\n"
                     "      empty:\n"
                     "  other: 1\n",
                     line_end));
  REQUIRE(problems_of(reading.parsed).empty());
  const ParsedText tabbed = parse_embedded_yaml(reading.root()["data"]["mesh"]);
  CHECK(problems_of(tabbed) == "7:9 tab used for indentation: YAML allows spaces only");

  std::string text(reading.file.text());
  text.replace(text.find('\t'), 1, " ");
  const Reading fixed(text);
  const ParsedText inner = parse_embedded_yaml(fixed.root()["data"]["mesh"]);
  REQUIRE(problems_of(inner).empty());
  check_embedded(fixed, inner, "outbound.mode", "ALLOW_ANY", "4:15");
  check_embedded(fixed, inner, "list.0", "x", "7:10");
  check_embedded(fixed, inner, "list.1", "'y'", "8:9");
  check_embedded(fixed, inner, "empty", "", "9:13");
  check_embedded(fixed, inner, "list", with_line_ends("-  x\n      - 'y'", line_end), "7:7");
  REQUIRE(inner.documents[0]->comments().size() == 1);
  CHECK(fixed.slice(inner.documents[0]->comments()[0].span) == "# why");
}

TEST_CASE("a document inside a folded scalar") {
  const Reading reading("data:\n  mesh: >\n    {\"a\": 1,\n    \"b\":\n    [true]}\n\n    # end\n");
  const ParsedText inner = parse_embedded_yaml(reading.root()["data"]["mesh"]);
  REQUIRE(problems_of(inner).empty());
  check_embedded(reading, inner, "a", "1", "3:11");
  check_embedded(reading, inner, "b", "[true]", "5:5");
  check_embedded(reading, inner, "", "{\"a\": 1,\n    \"b\":\n    [true]}", "3:5");
}

TEST_CASE("a document inside a double-quoted scalar") {
  const Reading reading("mesh: \"a: 1\\nb:\\n  - \\\"x\\\"\\n  - \\u00e9: y\\n\\\n    c: z\\n\\\n    \\td: 1\"\n");
  const ParsedText broken = parse_embedded_yaml(reading.root()["mesh"]);
  CHECK(problems_of(broken) == "3:5 tab used for indentation: YAML allows spaces only");

  const Reading fixed("mesh: \"a: 1\\nb:\\n  - \\\"x\\\"\\n  - \\u00e9: y\\n\\\n    c: z\\n\"\n");
  const ParsedText inner = parse_embedded_yaml(fixed.root()["mesh"]);
  REQUIRE(problems_of(inner).empty());
  check_embedded(fixed, inner, "a", "1", "1:11");
  check_embedded(fixed, inner, "b.0", R"(\"x\")", "1:22");
  check_embedded(fixed, inner, "b.1", "\\u00e9: y", "1:33");
  check_embedded(fixed, inner, "c", "z", "2:8");
  const Node accent = inner.documents[0]->root()["b"][1];
  CHECK(fixed.slice(accent.entries()[0].key) == "\\u00e9");
  CHECK(accent.entries()[0].key.text() == "é");
}

TEST_CASE("a document inside a single-quoted scalar") {
  const Reading reading("mesh: 'a: ''b''\n\n  c: [1, ''it''''s'']\n\n  d: '\n");
  const ParsedText inner = parse_embedded_yaml(reading.root()["mesh"]);
  REQUIRE(problems_of(inner).empty());
  check_embedded(reading, inner, "a", "''b''", "1:11");
  check_embedded(reading, inner, "c.1", "''it''''s''", "3:10");
  CHECK(inner.documents[0]->root()["c"][1].text() == "it's");
  check_embedded(reading, inner, "d", "", "5:5");
}

TEST_CASE("a document inside a plain scalar") {
  const Reading reading("mesh: [a,\n  {b: c}]\nother: x:\n");
  CHECK(problems_of(reading.parsed) == "3:9 unexpected ':' after 'x'");
  const Reading plain("mesh: {{ x }}\nother: just\n  text\n");
  CHECK(parse_embedded_yaml(plain.root()["mesh"]).documents.at(0)->root().unresolved());
  CHECK(parse_embedded_yaml(plain.root()["other"]).documents.at(0)->root().text() == "just text");
}

TEST_CASE("an embedded document may hold another one") {
  const Reading reading(
      "data:\n"
      "  values: |\n"
      "    istiod:\n"
      "      mesh: |-\n"
      "        trust: \"domain: x\\nports: [1, 2]\"\n"
      "        bad: \"a: b: c\"\n"
      "      folded: >-\n"
      "        k: {v: 'w'}\n");
  const ParsedText values = parse_embedded_yaml(reading.root()["data"]["values"]);
  REQUIRE(problems_of(values).empty());
  const Node istiod = values.documents[0]->root()["istiod"];
  const ParsedText mesh = parse_embedded_yaml(istiod["mesh"]);
  REQUIRE(problems_of(mesh).empty());
  check_embedded(reading, mesh, "trust", R"("domain: x\nports: [1, 2]")", "5:16");
  const ParsedText trust = parse_embedded_yaml(mesh.documents[0]->root()["trust"]);
  REQUIRE(problems_of(trust).empty());
  check_embedded(reading, trust, "domain", "x", "5:25");
  check_embedded(reading, trust, "ports.1", "2", "5:39");
  const ParsedText bad = parse_embedded_yaml(mesh.documents[0]->root()["bad"]);
  CHECK(problems_of(bad) == "6:19 unexpected ':' after 'b'");
  const ParsedText folded = parse_embedded_yaml(istiod["folded"]);
  check_embedded(reading, folded, "k.v", "'w'", "8:16");
}

TEST_CASE("an alias of a scalar embeds the anchored text") {
  const Reading reading("a: &m |\n  x: y\nb: *m\n");
  const ParsedText inner = parse_embedded_yaml(reading.root()["b"]);
  check_embedded(reading, inner, "x", "y", "2:6");
}

TEST_CASE("what is no text embeds nothing") {
  const Reading reading("a:\nb: {}\nc: []\nd: ''\n");
  for (const char* key : {"a", "b", "c", "d", "missing"}) {
    const ParsedText inner = parse_embedded_yaml(reading.root()[key]);
    CHECK(inner.documents.empty());
    CHECK(inner.problems.empty());
  }
  CHECK(parse_embedded_yaml(Node()).documents.empty());
}

TEST_CASE("several documents and duplicate keys inside a scalar") {
  const Reading reading("data: |\n  a: 1\n  a: 2\n  ---\n  b: [\n  ---\n  c: 3\n");
  const ParsedText inner = parse_embedded_yaml(reading.root()["data"]);
  CHECK(problems_of(inner) == "3:3 key 'a' is already stated in this mapping\n5:6 '[' is never closed");
  REQUIRE(inner.documents.size() == 2);
  CHECK(place(reading.file, inner.documents[1]->root()["c"].span()) == "7:6");
  REQUIRE(inner.problems[0].notes.size() == 1);
  CHECK(place(reading.file, inner.problems[0].notes[0].span) == "2:3");
}

TEST_CASE("a placeholder makes its value unresolved and nothing else") {
  const Reading reading(
      "name: {{ .Values.x }}\nquoted: \"{{ printf \"x\" }}-y\"\nvar: ${VAR}\nparen: $(VAR)-x\n"
      "list: [${{ github.ref }}, {{ x }}, plain]\nblock: |\n  a {{ b }}\n{{ .key }}: value\njinja: {% x %}\n"
      "cost: $5 {a}\nlater: plain\n");
  REQUIRE(problems_of(reading.parsed).empty());
  const Node root = reading.root();
  CHECK(root["name"].unresolved());
  CHECK(root["name"].text() == "{{ .Values.x }}");
  CHECK(reading.slice(root["name"]) == "{{ .Values.x }}");
  CHECK(root["quoted"].unresolved());
  CHECK(root["quoted"].text() == "{{ printf \"x\" }}-y");
  for (const char* key : {"var", "paren", "block", "jinja"}) CHECK(root[key].unresolved());
  CHECK(root["list"][0].unresolved());
  CHECK(root["list"][1].unresolved());
  CHECK_FALSE(root["list"][2].unresolved());
  CHECK_FALSE(root["cost"].unresolved());
  CHECK_FALSE(root["later"].unresolved());
  CHECK(root["{{ .key }}"].key().unresolved());
  CHECK(root["{{ .key }}"].text() == "value");
}

TEST_CASE("a template that decides what a file holds is skipped as a whole") {
  struct {
    const char* text;
    const char* place;
  } const cases[] = {
      {"a: 1\n{{- if .Values.x }}\nb: 2\n{{- end }}\n", "2:1"},
      {"{{- if .Values.x }}\napiVersion: v1\n{{- end }}\n", "1:1"},
      {"{{- if x }}\n---\na: b\n---\n{{- end }}\n", "1:1"},
      {"a: b\n---\n{{ include \"lib.x\" . }}\n", "3:1"},
      {"a: b\n    {{- if x }}\nc: d\n    {{- end }}\n", "2:5"},
      {"{% for x in y %}\na: {{ x }}\n{% endfor %}\n", "1:1"},
      {"metadata:\n  labels:\n    a: b\n    {{- toYaml .x | nindent 4 }}\n", "4:5"},
      {"a: {{ toYaml .x\n  | nindent 4 }}\nb: 1\n", "1:4"},
  };
  for (const auto& test : cases) {
    INFO(test.text);
    const Reading reading(test.text);
    CHECK(reading.parsed.documents.empty());
    REQUIRE(reading.parsed.problems.size() == 1);
    CHECK(reading.parsed.problems[0].kind == ProblemKind::template_skipped);
    CHECK(place(reading.file, reading.parsed.problems[0].span) == test.place);
    CHECK(reading.parsed.problems[0].help.find("helm template") != std::string::npos);
  }
}

TEST_CASE("templates whose instructions stay inside one value are read") {
  const Reading reading(
      "{{/* a comment */}}\n---\nlabels:\n  {{- include \"x\" . | nindent 4 }}\nwith:\n  {{- with .x }}\n  {{- toYaml "
      ". }}\n"
      "  {{- end }}\ninline: {{ if x }}a{{ else }}b{{ end }}\nname: plain\n");
  REQUIRE(problems_of(reading.parsed).empty());
  const Node root = reading.root(1);
  CHECK(root["labels"].unresolved());
  CHECK(root["with"].unresolved());
  CHECK(root["inline"].unresolved());
  CHECK(root["name"].text() == "plain");
}

TEST_CASE("expressions of other tools inside scalars are plain text") {
  const char* workflow =
      "on: push\njobs:\n  b:\n    if: ${{ github.x == 'a' && b }}\n    steps:\n    - run: |\n"
      "        echo ${{ x }} \"$(date)\" ${A:-{}}\n    - name: \"x ${{ y }}\"\n      with: { a: ${{ b }} }\n";
  CHECK(problems_of(workflow).empty());
  const char* alerts =
      "groups:\n- rules:\n  - alert: A\n    annotations:\n      summary: '{{ $labels.x }} is {{ $value }}'\n"
      "      description: |\n        {{ range query \"x\" }}\n        {{ .Labels.y }}\n        {{ end }}\n";
  CHECK(problems_of(alerts).empty());
}

TEST_CASE("inside an embedded document only the leaf is unresolved") {
  const Reading reading("mesh: |\n  a: {{ .x }}\n  b: 1\nother: |\n  {{- if x }}\n  a: 1\n  {{- end }}\n");
  const ParsedText mesh = parse_embedded_yaml(reading.root()["mesh"]);
  REQUIRE(problems_of(mesh).empty());
  CHECK(mesh.documents[0]->root()["a"].unresolved());
  CHECK_FALSE(mesh.documents[0]->root()["b"].unresolved());
  const ParsedText other = parse_embedded_yaml(reading.root()["other"]);
  REQUIRE(other.problems.size() == 1);
  CHECK(other.problems[0].kind == ProblemKind::template_skipped);
  CHECK(place(reading.file, other.problems[0].span) == "5:3");
  CHECK(other.documents.empty());
}

TEST_CASE("mistakes are told where a person would look") {
  struct {
    std::string text;
    const char* problem;
  } const cases[] = {
      {"a: b\nfoo\nc: d\n", "2:1 mapping key 'foo' has no colon"},
      {"a: b\nfoo\n", "2:1 mapping key 'foo' has no colon"},
      {"a:\n  b\nfoo bar # x\n", "3:1 mapping key 'foo bar' has no colon"},
      {"a:\n- name\n  c: d\n", "2:3 mapping key 'name' has no colon"},
      {"\"a\"\nb: 1\n", "1:1 mapping key \"a\" has no colon"},
      {"a:\n  'b'\n  'c': 1\n", "2:3 mapping key 'b' has no colon"},
      {"a:\n- \"b\" \n\n  c: 1\n", "2:3 mapping key \"b\" has no colon"},
      {"- - \"b\"\n    c: 1\n", "1:5 mapping key \"b\" has no colon"},
      {"a:\n  \"b\"\n   c: 1\n", "3:4 'c: 1' is indented like no line above it"},
      {"a:\n  - x: \"b\"\n   c: 1\n", "3:4 'c: 1' stands in a list but is no item of it"},
      {"\"a\"\nb\n", "2:1 unexpected 'b' after the end of the document"},
      {"a:b\nc: d\n", "1:1 'a:b' has no space behind its colon"},
      {"a: \"x\nb: c\n", "1:4 quoted string \"x is never closed"},
      {"a: \"x\nb: \"y\"\nc: d\n", "1:4 quoted string \"x is never closed"},
      {"a: 'b\nc: d\n", "1:4 quoted string 'b is never closed"},
      {"a: {b: \"c}\n", "1:8 quoted string \"c} is never closed"},
      {"a: \"b\\", "1:4 quoted string \"b\\ is never closed"},
      {"a: 'it's'\n", "1:8 unexpected \"s'\" after the quoted string 'it'"},
      {"a: \"b\" c\n", "1:8 unexpected 'c' after the quoted string \"b\""},
      {"a: b: c\n", "1:5 unexpected ':' after 'b'"},
      {"a: - b\n", "1:4 list item '- b' cannot start here"},
      {"a:\n\tb: c\n", "2:1 tab used for indentation: YAML allows spaces only"},
      {"a:\n  b: c\n\t\nd: e\n", "3:1 tab used for indentation: YAML allows spaces only"},
      {"-\ta\n", "1:2 tab used for indentation: YAML allows spaces only"},
      {"a: |\n  \tb\n", "2:3 the first line of a block scalar cannot start with a tab"},
      {"a:\n   b: 1\n  c: 2\n", "3:3 'c: 2' is indented like no line above it"},
      {"a: b\n  c: d\n", "2:3 'c: d' is indented under 'a: b', which already has a value"},
      {"a: [b, c\nd: e\n", "1:4 '[' is never closed"},
      {"a: {b: c\nd: e\n", "1:4 '{' is never closed"},
      {"a: [1, 2\n", "1:4 '[' is never closed"},
      {"[\n\"a\"\n\"b\"\n]\n", "3:1 expected ',' or ']' before \"b\""},
      {"a: ]\n", "1:4 ']' closes nothing"},
      {"a: [ , b]\n", "1:6 expected an item before ','"},
      {"a: [b, , c]\n", "1:8 expected an item before ','"},
      {"a: {b: c, , d: e}\n", "1:11 expected an item before ','"},
      {"- a\nb: c\n", "2:1 unexpected 'b: c' after the end of the document"},
      {"[a]\nb: c\n", "2:1 unexpected 'b: c' after the end of the document"},
      {"a: b\n- c\n", "2:1 list item '- c' stands where a mapping expects its next key"},
      {"- a: b\n c: d\n", "2:2 'c: d' stands in a list but is no item of it"},
      {"a: @b\n", "1:4 value '@b' cannot start with '@'"},
      {"a: `b`\n", "1:4 value '`b`' cannot start with '`'"},
      {"a: \"\\d\"\n", "1:5 '\\d' is no escape sequence of a double-quoted string"},
      {"a: \"\\x4\"\n", "1:5 '\\x4' is no escape sequence of a double-quoted string"},
      {"a: \"\\x4\"", "1:5 '\\x4' is no escape sequence of a double-quoted string"},
      {"a: \"b \\x\"", "1:7 '\\x' is no escape sequence of a double-quoted string"},
      {"a: \"b \\x", "1:4 quoted string \"b \\x is never closed"},
      {"- *.example.com\n", "1:3 '*.example.com' is read as an alias, but no anchor of that name stands above it"},
      {"a: &\n", "1:4 '&' is read as an anchor, but is none"},
      {"a: |x\n  b\n", "1:5 unexpected 'x' behind '|' or '>'"},
      {",\n", "1:1 unexpected ',' outside of brackets"},
      {"a: b\n,\n", "2:1 unexpected ',' outside of brackets"},
      {"a: \xff\n", "1:4 byte 0xff is not valid UTF-8"},
      {"a: \xed\xa0\x80\n", "1:4 byte 0xed is not valid UTF-8"},
      {"a: \x1b[0m\n", "1:4 character U+001B is not allowed in YAML"},
      {std::string("a: b\0c\n", 7), "1:5 character U+0000 is not allowed in YAML"},
      {"a: \xc2\x81\n", "1:4 character U+0081 is not allowed in YAML"},
      {"a: 1\n: b\n", "2:1 no key stands before the ':' of ': b'"},
      {"a: {b: :c}\n", "1:8 no key stands before the ':' of ':c}'"},
      {"a:\n[b]\nc: d\n", "2:1 '[b]' is not indented under the key it belongs to"},
      {"é: [é\nb: c\n", "1:4 '[' is never closed"},
  };
  for (const auto& test : cases) {
    INFO(test.text);
    const Reading reading(test.text);
    CHECK(problems_of(reading.parsed) == test.problem);
    CHECK(reading.parsed.documents.empty());
    for (const Problem& problem : reading.parsed.problems) {
      CHECK_FALSE(problem.help.empty());
      CHECK(problem.span.start < problem.span.end);
    }
  }
}

TEST_CASE("encoding problems are told once a document") {
  const Reading reading("a: \xff\xfe\nb: \x01\n---\nc: \x02\n---\nd: e\n");
  CHECK(problems_of(reading.parsed) == "1:4 byte 0xff is not valid UTF-8\n4:4 character U+0002 is not allowed in YAML");
  CHECK(reading.parsed.problems[0].kind == ProblemKind::encoding);
  CHECK(reading.parsed.documents.size() == 1);
}

TEST_CASE("everyday manifests have no problem") {
  const char* const texts[] = {
      "key: \"a: b\"\nurl: http://x:80/y#z\nhash: 'a # b'\n[flow, key]: v\ntime: 12:30:45\nip: ::1\n",
      "a:\n- - x\n  - y\n- {}\n- []\n- [a, b,]\n- {a: b,}\n",
      "? complex\n: value\n? other\n",
      "text: this is a long\n  plain text, with no\n\n  colon\nnext: x\n",
      "a: |\n\n  first\n\n\n  last\n\n\nb: c\n",
      "a: b   \nc:   \n  d: e\t\n# comment\twith tab\nf: g\t# comment\n",
      "a: b\r\nc: |\r\n  d\r\n  e\r\nf:\r\n- g\r\n",
      "---\n# Source: chart/templates/x.yaml\napiVersion: v1\nkind: Service\nmetadata:\n  name: x\n...\n",
      "a: !!binary |\n  AAAA\nb: !Ref c\nd: !Sub \"x\"\n",
      "base: &base\n  a: 1\nx:\n  <<: *base\n  b: 2\ny:\n  <<: [*base]\n",
      "args: [\"--a=b\", '--c', -d, --e=f, \"\"]\nport: 0x1F\ncmd: [sh, -c, \"echo 'x' && y\"]\n",
      "rule: host.matches('*.x') && a in ['b']\nstar: a*\nat: a@b\npercent: 50%\nback: a`b\n",
      "a: \"line one\n  line two\"\nb: 'x\n\n  y'\nc: >-\n  folded\n  text\n\n  more\n",
      "key with spaces: v\n\"quoted key\": v\n'x': y\n1: 2\ntrue: false\nnull: ~\n",
      "a: [\n  b,\n  c\n]\nd: {\n  e: f\n}\n",
      "a:\n    - b:\n        - c\n    -   d: e\n        f: g\n",
      "{\"apiVersion\": \"v1\", \"items\": [{\"a\": \"b\\n\\u0041\\/\"}], \"n\": null}\n",
      "{\n\t\"a\": [\n\t\t1\n\t]\n}\n",
      "description: |-\n    A long text: with colons,\n    - dashes [brackets\n    and \"quotes\n  # end\nnext: 1\n",
      "emoji: 😀 \xC2\x85 ok\nbom: \"\xEF\xBB\xBF\"\n",
  };
  for (const char* text : texts) {
    INFO(text);
    CHECK(problems_of(text).empty());
  }
}

TEST_CASE("duplicate keys are told in resources only, and both entries stay") {
  const Reading reading(
      "apiVersion: v1\nkind: X\nspec:\n  a: 1\n  'b': {c: d, c: e}\n  a: 2\n  <<: {}\n  <<: {}\n  a: 3\n  {{ k }}: 1\n"
      "  {{ k }}: 2\n");
  CHECK(problems_of(reading.parsed) ==
        "6:3 key 'a' is already stated in this mapping\n5:15 key 'c' is already stated in this mapping");
  CHECK(reading.parsed.problems[0].kind == ProblemKind::duplicate_key);
  REQUIRE(reading.parsed.problems[0].notes.size() == 1);
  CHECK(place(reading.file, reading.parsed.problems[0].notes[0].span) == "4:3");
  CHECK(reading.root()["spec"].size() == 8);
  CHECK(reading.root()["spec"]["a"].text() == "3");
  CHECK(problems_of("a: 1\na: 2\n").empty());
}

TEST_CASE("aliases refer to their anchors") {
  const Reading reading("a: &x {k: v}\nb: *x\n*x : c\nd:\n  <<: *x\n  e: f\ng: &x 1\nh: [*x]\n");
  REQUIRE(problems_of(reading.parsed).empty());
  const Node root = reading.root();
  CHECK(root["b"].is_mapping());
  CHECK(root["b"]["k"].text() == "v");
  CHECK(reading.slice(root["b"]) == "*x");
  CHECK(root["d"]["k"].text() == "v");
  CHECK(root["h"][0].text() == "1");
  CHECK(reading.slice(root["h"]) == "[*x]");
}

TEST_CASE("aliases that grow without bounds are refused where they do") {
  CHECK(problems_of("a: &a [*a]\n") == "1:8 alias '*a' stands inside the value it refers to");
  CHECK(problems_of("a: &a\n  b:\n    c: *a\n") == "3:8 alias '*a' stands inside the value it refers to");
  std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n";
  for (char name = 'b'; name < 'j'; ++name) {
    bomb += fmt::format("{0}: &{0} [*{1}, *{1}, *{1}, *{1}, *{1}, *{1}, *{1}, *{1}, *{1}]\n", name, char(name - 1));
  }
  const Reading reading(bomb + "---\nfine: 1\n");
  REQUIRE(reading.parsed.problems.size() == 1);
  CHECK(reading.parsed.problems[0].kind == ProblemKind::yaml_limit);
  CHECK(problems_of(reading.parsed) == "6:24 aliases expand to more than 400000 values");
  CHECK(reading.parsed.documents.size() == 1);
}

TEST_CASE("documents nested too deeply are refused where they are") {
  const auto nested = [](std::size_t depth) {
    return "a: " + std::string(depth, '[') + std::string(depth, ']') + "\n";
  };
  CHECK(problems_of(nested(nesting_limit - 1)).empty());
  const Reading reading(nested(nesting_limit) + "---\nb: c\n");
  CHECK(problems_of(reading.parsed) == "1:131 more than 128 lists and mappings inside each other");
  CHECK(reading.parsed.problems[0].kind == ProblemKind::yaml_limit);
  CHECK(reading.parsed.documents.size() == 1);
  std::string stairs;
  for (std::size_t i = 0; i < 1400; ++i) stairs += std::string(i, ' ') + "a:\n";
  CHECK(problems_of(stairs) == "129:129 more than 128 lists and mappings inside each other");
}

TEST_CASE("files beyond the size limit are not read") {
  const Reading reading("a: b\n" + std::string(yaml_size_limit, '#'));
  REQUIRE(reading.parsed.problems.size() == 1);
  CHECK(reading.parsed.problems[0].kind == ProblemKind::yaml_limit);
  CHECK(reading.parsed.problems[0].span == Span{0, 0});
  CHECK(reading.parsed.documents.empty());
}

namespace {

// Checks a reading's spans; where `verbatim`, plain scalars on one line must stand in the file as they are.
void check_sane(const SourceFile& file, const ParsedText& parsed, bool verbatim, int depth) {
  const std::size_t size = file.text().size();
  for (const Problem& problem : parsed.problems) {
    REQUIRE(problem.span.start <= problem.span.end);
    REQUIRE(problem.span.end <= size);
    REQUIRE_FALSE(problem.message.empty());
    REQUIRE(problem.message.find('\n') == std::string::npos);
  }
  for (const auto& document : parsed.documents) {
    const auto& nodes = document->nodes();
    for (std::uint32_t i = 0; i < nodes.size(); ++i) {
      REQUIRE(nodes[i].start <= nodes[i].end);
      REQUIRE(nodes[i].end <= size);
      const auto parent = nodes[i].parent;
      REQUIRE((parent == NodeData::none || parent < i));
      if (parent != NodeData::none) {
        REQUIRE(nodes[parent].start <= nodes[i].start);
        REQUIRE(nodes[parent].end >= nodes[i].end);
      }
      if (nodes[i].kind != NodeKind::scalar) continue;
      const std::string_view slice = file.text().substr(nodes[i].start, nodes[i].end - nodes[i].start);
      if (verbatim && nodes[i].style == ScalarStyle::plain && slice.find_first_of("\r\n") == std::string_view::npos) {
        REQUIRE(slice == nodes[i].text);
      }
      const bool still_verbatim = verbatim && nodes[i].style == ScalarStyle::literal;
      if (depth < 2) check_sane(file, parse_embedded_yaml(Node(*document, i)), still_verbatim, depth + 1);
    }
  }
}

void check_sane(std::string text) {
  INFO(text);
  const Reading reading(std::move(text));
  check_sane(reading.file, reading.parsed, true, 0);
}

}  // namespace

TEST_CASE("mutated documents are read or refused, with spans inside the file") {
  const std::string seeds[] = {
      std::string(every_style),
      with_line_ends(every_style, "\r\n"),
      "apiVersion: v1\nkind: ConfigMap\ndata:\n  mesh: |-\n    a: \"b\\nc: {d: e}\"\n    f: >\n      g\n      h\n",
      "a: &x [1, *x, {b: c}]\nd: !t 'e'\n<<: *x\n? f\n: g\n--- # c\n\tx\n...\n%YAML 1.2\n---\nh\n",
      "a: {{ .x }}\nb: \"{{ y }}\"\n{{- if z }}\nc: ${D}\n{{ end }}\nd: [$(e), {% f %}]\n",
      "\"a\\u00e9\\n\\\n  b\": 'c''d\n\n  e'\nf: |2+\n   g\n\n- h\n- - i\n  -\n",
  };
  constexpr std::string_view pieces[] = {
      "\n",  "\r",      "\t",  " ",  "  ", ":",  ": ", "- ", "? ",           "\"", "'",    "|",
      ">",   "#",       " #",  "[",  "]",  "{",  "}",  ",",  "&a ",          "*a", "!t ",  "\\",
      "---", "\n---\n", "...", "{{", "}}", "${", "$(", "{%", "\xEF\xBB\xBF", "é",  "\xff", "%"};
  std::mt19937 random(20260821);
  const auto below = [&random](std::size_t bound) { return static_cast<std::size_t>(random()) % bound; };
  for (int round = 0; round < 4000; ++round) {
    std::string text = seeds[below(std::size(seeds))];
    for (std::size_t change = below(6) + 1; change > 0; --change) {
      const std::size_t at = below(text.size() + 1);
      switch (below(4)) {
        case 0: text.insert(at, pieces[below(std::size(pieces))]); break;
        case 1: text.erase(at, below(8)); break;
        case 2: text.insert(at, text.substr(below(text.size() + 1), below(20))); break;
        default: text.resize(std::max<std::size_t>(at, 1)); break;
      }
      if (text.empty()) text = "a";
    }
    check_sane(text);
  }
}

TEST_CASE("random bytes are read or refused") {
  std::mt19937 random(1);
  for (int round = 0; round < 500; ++round) {
    std::string text(random() % 200, '\0');
    for (char& c : text) c = static_cast<char>(random() % (round % 2 == 0 ? 256 : 128));
    check_sane(text);
  }
}

TEST_CASE("long input of any kind takes linear time") {
  const char* const units[] = {"[",          "{a: ",
                               "- - -",      "? ?",
                               "- ",         "\"",
                               "'",          "a\n",
                               "a: b\n",     ",",
                               ", ",         "\n,\n",
                               "&a ",        "*a ",
                               "!a ",        "%\n",
                               "---\n",      "{{",
                               "${",         "$(",
                               "{%",         "#\n",
                               "\\",         "''",
                               "a: |\n b\n", "\r",
                               "\t",         "\t\n",
                               "[a, ",       "[a: ",
                               "{a, ",       "[ #\n",
                               "-\n",        "?\n",
                               ": ",         "a: &a b\nb: *a\n",
                               "{{ if }}\n", "a: \"b\n",
                               "x\\\n",      "- |\n  \t\n",
                               "\"a \\\n",   "a: $(x)\n---\n[\n---\n",
                               "#a",         "&a#",
                               "${${",       "{{ ${ $( {% \"",
                               "a:\t\n",     " \t\n",
                               "&a [], "};
  const char* const starts[] = {"", "a: b\n", "[", "a: |\n", "a: |", "\""};
  for (const char* start : starts) {
    for (const char* unit : units) {
      INFO(start << unit);
      std::string text = start;
      while (text.size() < 30'000) text += unit;
      const Reading reading(text + "}\"");
      for (const Problem& problem : reading.parsed.problems) CHECK(problem.span.end <= reading.file.text().size());
      for (const auto& document : reading.parsed.documents) {
        CHECK(document->nodes().size() <= text.size());
        CHECK(parse_embedded_yaml(document->root()).documents.size() <= text.size());
      }
    }
  }
}

TEST_CASE("a scalar of a megabyte, and 100,000 anchors, aliases and duplicate keys") {
  std::string giant = "a: \"";
  while (giant.size() < 1'000'000) giant += "x\n  y \\\" ";
  const Reading quoted(giant + "\"\n");
  REQUIRE(problems_of(quoted.parsed).empty());
  CHECK(quoted.root()["a"].text().size() > 600'000);

  std::string anchors = "apiVersion: v1\nkind: X\n";
  for (int i = 0; i < 100'000; ++i) anchors += fmt::format("k{}: &a{} b\nk{}: *a{}\n", i / 2, i, i / 2, i);
  const Reading many(anchors);
  CHECK(many.root()["k7"].text() == "b");
  CHECK(many.parsed.problems.size() == 50'000);
}

}  // namespace meshlint
