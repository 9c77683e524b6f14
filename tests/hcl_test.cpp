#include "linter/hcl.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "linter/hcl_text.h"
#include "linter/yaml.h"

namespace meshlint {
namespace {

struct Reading {
  explicit Reading(std::string text) : file("main.tf", "main.tf", std::move(text)), parsed(parse_hcl(file)) {}

  Node root() const { return parsed.documents.at(0)->root(); }
  std::string_view slice(Node node) const {
    return file.text().substr(node.span().start, node.span().end - node.span().start);
  }

  SourceFile file;
  ParsedText parsed;
};

std::string place(const SourceFile& file, Span span) {
  const Position start = file.position(span.start);
  return fmt::format("{}:{}", start.line, start.column);
}

std::string place(Node node) {
  return place(*node.file(), node.span());
}

// A value in one line: JSON, with <> around what is unresolved and | | around heredocs.
std::string show(Node node) {
  std::string result;
  if (node.is_mapping()) {
    for (const Entry& entry : node.entries()) {
      const bool unresolved = entry.key.unresolved();
      result += fmt::format("{}{}: {}", result.empty() ? "" : ", ",
                            unresolved ? fmt::format("<{}>", entry.key.text()) : std::string(entry.key.text()),
                            show(entry.value));
    }
    return "{" + result + "}";
  }
  if (node.is_sequence()) {
    for (const Node item : node.items()) result += (result.empty() ? "" : ", ") + show(item);
    return "[" + result + "]";
  }
  if (node.kind() == NodeKind::null) return "null";
  const std::string text(node.text());
  const char* quote = node.style() == ScalarStyle::double_quoted ? "\""
                      : node.style() == ScalarStyle::literal     ? "|"
                                                                 : "";
  return node.unresolved() ? fmt::format("<{0}{1}{0}>", quote, text) : fmt::format("{0}{1}{0}", quote, text);
}

std::string tree(std::string text) {
  const Reading reading(std::move(text));
  for (const Problem& problem : reading.parsed.problems) FAIL(problem.message);
  return show(reading.root());
}

// The value of `x = …`.
std::string value(const std::string& expression) {
  const Reading reading("x = " + expression + "\n");
  for (const Problem& problem : reading.parsed.problems) FAIL(expression << ": " << problem.message);
  return show(reading.root()["x"]);
}

// The one problem as "line:column message", with its note on a further line.
std::string mistake(std::string text, ProblemKind kind = ProblemKind::infrastructure_syntax) {
  const Reading reading(std::move(text));
  REQUIRE(reading.parsed.problems.size() == 1);
  CHECK(reading.parsed.documents.empty());
  const Problem& problem = reading.parsed.problems.front();
  CHECK(problem.kind == kind);
  CHECK(problem.file == &reading.file);
  std::string result = place(reading.file, problem.span) + " " + problem.message;
  for (const auto& note : problem.notes) result += "\n" + place(reading.file, note.span) + " " + note.text;
  return result;
}

// Spans nest and stay in the file, every child names its parent, counts agree.
void check_tree(const Document& document) {
  const auto& nodes = document.nodes();
  const auto size = document.file().text().size();
  for (std::uint32_t index = 0; index < nodes.size(); ++index) {
    const NodeData& node = nodes[index];
    REQUIRE(node.start <= node.end);
    REQUIRE(node.end <= size);
    if (node.parent != NodeData::none) {
      REQUIRE(node.parent < index);
      REQUIRE(nodes[node.parent].start <= node.start);
      REQUIRE(node.end <= nodes[node.parent].end);
    }
    std::uint32_t count = 0;
    for (auto child = node.first_child; child != NodeData::none; child = nodes[child].next_sibling) {
      REQUIRE(nodes[child].parent == index);
      REQUIRE(child > index);
      REQUIRE((nodes[child].key != NodeData::none) == (node.kind == NodeKind::mapping));
      if (nodes[child].key != NodeData::none) REQUIRE(nodes[nodes[child].key].end <= nodes[child].start);
      const auto next = nodes[child].next_sibling;
      if (next != NodeData::none) REQUIRE(next > child);
      ++count;
    }
    REQUIRE(count == node.child_count);
  }
}

constexpr std::string_view sample = R"hcl(# A cluster as people write it.
terraform {
  required_providers {
    azurerm = { source = "hashicorp/azurerm", version = "~> 4.0" }
  }
}

variable "kubernetes_version" {
  type        = string
  description = "Not \"1.29\", and not service_mesh_profile { }"
  default     = "1.31" // two parts
}

resource "azurerm_kubernetes_cluster" "this" {
  name               = "shop-${var.environment}"
  kubernetes_version = var.kubernetes_version
  service_mesh_profile {
    mode      = "Istio"
    revisions = [
      "asm-1-27", # the next one
      "asm-1-28",
    ]
  }
  identity { type = "SystemAssigned" }
  tags = merge(local.tags, {
    a = "b"
  }) /* behind */
}

resource "kubectl_manifest" "gateway" {
  yaml_body = <<-YAML
    apiVersion: networking.istio.io/v1
    kind: Gateway
    metadata:
      name: ${var.name}
      namespace: shop
  YAML
}
)hcl";

}  // namespace

TEST_CASE("a Terraform file has the shape of Terraform's JSON", "[hcl]") {
  CHECK(tree("") == "{}");
  CHECK(tree("# nothing\n") == "{}");
  CHECK(tree("a = 1") == "{a: 1}");
  CHECK(tree("b {}\n") == "{b: [{}]}");
  CHECK(tree("b {\n  c = true\n}\n") == "{b: [{c: true}]}");
  CHECK(tree("b \"x\" {}\nb \"y\" {}\nc = 1\nb \"z\" w { d = 2 }\n") ==
        "{b: [{x: {}}, {y: {}}, {z: {w: {d: 2}}}], c: 1}");
  CHECK(tree("resource \"a\" \"b\" {\n  c { d = 1 }\n  e = 2\n  c { d = 3 }\n}\n") ==
        "{resource: [{a: {b: {c: [{d: 1}, {d: 3}], e: 2}}}]}");
  const Reading reading{std::string(sample)};
  REQUIRE(reading.parsed.problems.empty());
  check_tree(*reading.parsed.documents[0]);
  const Node root = reading.root();
  CHECK(root.size() == 3);
  const Node cluster = root["resource"][0UL]["azurerm_kubernetes_cluster"]["this"];
  CHECK(show(cluster) ==
        "{name: <\"shop-${var.environment}\">, kubernetes_version: <var.kubernetes_version>, service_mesh_profile: "
        "[{mode: \"Istio\", revisions: [\"asm-1-27\", \"asm-1-28\"]}], identity: [{type: \"SystemAssigned\"}], tags: "
        "<merge(local.tags, {\n    a = \"b\"\n  })>}");
  CHECK(place(cluster) == "14:46");
  CHECK(place(cluster.key()) == "14:39");
  CHECK(place(cluster["service_mesh_profile"][0UL]["revisions"][1UL]) == "21:7");
  CHECK(place(cluster["service_mesh_profile"].key()) == "17:3");
  CHECK(place(cluster["sku_tier"]) == "14:39");  // where it would stand
  CHECK(place(cluster["kubernetes_version"]) == "16:24");
  CHECK(root["variable"][0UL]["kubernetes_version"]["description"].text() ==
        "Not \"1.29\", and not service_mesh_profile { }");
  CHECK(cluster["service_mesh_profile"][0UL]["mode"].path() ==
        "resource[0].azurerm_kubernetes_cluster.this.service_mesh_profile[0].mode");
}

TEST_CASE("literals of Terraform", "[hcl]") {
  CHECK(value("\"\"") == "\"\"");
  CHECK(value("\"a\\\"b\\n\\t\\\\ \\u00e9 \\U0001F600\"") == "\"a\"b\n\t\\ é 😀\"");
  CHECK(value("\"$${x} %%{y} $5 100% $$\"") == "<\"${x} %{y} $5 100% $$\">");  // a placeholder of something else
  CHECK(value("\"%%{y} {\"") == "\"%{y} {\"");
  CHECK(value("-1.5e+3") == "-1.5e+3");
  CHECK(value("0") == "0");
  CHECK(value("true // yes") == "true");
  CHECK(value("null") == "null");
  CHECK(value("[]") == "[]");
  CHECK(value("[1, \"two\" , [ ], # three\n {}\n,]") == "[1, \"two\", [], {}]");
  CHECK(value("{\n  a = 1\n  \"b c\" : 2, d=3\n\n  4 = null\n}") == "{a: 1, b c: 2, d: 3, 4: null}");
  CHECK(value("{ (var.x) = 1, \"${var.y}\" = 2, a.b = 3 }") == "{<(var.x)>: 1, <\"${var.y}\">: 2, <a.b>: 3}");
  CHECK(value("jsonencode({ a = [1] })") == "{a: [1]}");
  CHECK(value("yamldecode(<<EOT\na: 1\nEOT\n)") == "|a: 1\n|");
  CHECK(value("jsondecode(\"{}\")") == "\"{}\"");
  CHECK(value("yamlencode(\n  [\n{a = var.x}] ,\n)") == "[{a: <var.x>}]");
}

TEST_CASE("what Terraform would have to evaluate is unresolved", "[hcl]") {
  for (const std::string expression : {"var.x",
                                       "local.a[\"b\"]",
                                       "\"a\" == \"b\" ? {\n a = 1 } : null",
                                       "[for x in y : x if x != \"]\"]",
                                       "{ for k, v in m : k => v... }",
                                       "[ # comment\n for x in y : x]",
                                       "{ # comment\n for k, v in m : k => v }",
                                       "(1)",
                                       "1 + 2",
                                       "[1, 2][0]",
                                       "{a = 1}.a",
                                       "\"x\" != \"y\"",
                                       "!true",
                                       "-x",
                                       "1 / 2",
                                       "null == null",
                                       "f(\n<<EOT\n)\nEOT\n, { a = \"}\" })",
                                       "jsonencode(var.x)",
                                       "jsonencode({a = 1}).b",
                                       "a.*.b",
                                       "a[*].b",
                                       "provider::x::y()",
                                       "true && /* } */ false",
                                       "data.x.y[each.key]",
                                       "forx",
                                       "1m",
                                       "templatefile(\"x\", { a = b })"}) {
    CHECK(value(expression) == "<" + expression + ">");
  }
  CHECK(value("\"${var.x}\"") == "<\"${var.x}\">");
  CHECK(value("\"${lookup(a, \"b\", \"${c}\")}-\\\"d\"") == "<\"${lookup(a, \"b\", \"${c}\")}-\\\"d\">");
  CHECK(value("\"%{if x}a%{endif}\"") == "<\"%{if x}a%{endif}\">");
  CHECK(value("var.x   # why") == "<var.x>");
  CHECK(value("var.x /* a */ /* b */") == "<var.x>");
  CHECK(value("[var.a, /* b */ f(1, 2), ]") == "[<var.a>, <f(1, 2)>]");
  CHECK(value("{ a = var.b ? 1 : 2, c = x }") == "{a: <var.b ? 1 : 2>, c: <x>}");
  CHECK(value("{ for = 1 }") == "{for: 1}");
}

TEST_CASE("heredocs of Terraform", "[hcl]") {
  CHECK(value("<<EOT\n  a\nb \n\nEOT") == "|  a\nb \n\n|");
  CHECK(value("<<-EOT\n    a\n\n      b\n    EOT") == "|a\n\n  b\n|");
  CHECK(value("<<EOT\nEOT") == "||");
  CHECK(value("<<-E\n\ta $${x}\n\t E\n") == "<|a ${x}\n|>");
  CHECK(value("<<EOT\n\"{}# // ${\"}\"} EOT\nEOT") == "<|\"{}# // ${_} EOT\n|>");
  CHECK(value("[<<A\n1\nA\n, <<B\n2\nB\n]") == "[|1\n|, |2\n|]");
  CHECK(value("{ a = <<A\nEOT\nA\n b = 1 }") == "{a: |EOT\n|, b: 1}");
}

TEST_CASE("YAML inside heredocs stands at its true places", "[hcl]") {
  const Reading reading{std::string(sample)};
  const Node body = reading.root()["resource"][1UL]["kubectl_manifest"]["gateway"]["yaml_body"];
  CHECK(body.unresolved());
  const ParsedText inner = parse_embedded_yaml(body);
  REQUIRE(inner.problems.empty());
  REQUIRE(inner.documents.size() == 1);
  const Node root = inner.documents[0]->root();
  CHECK(root["kind"].text() == "Gateway");
  CHECK(place(root["kind"]) == "33:11");
  CHECK(root["metadata"]["name"].unresolved());
  CHECK(place(root["metadata"]["name"]) == "35:13");
  CHECK(reading.slice(root["metadata"]["name"]) == "${var.name}");
  CHECK(root["metadata"]["namespace"].text() == "shop");
  CHECK_FALSE(root["metadata"]["namespace"].unresolved());
  CHECK(place(root["metadata"]["namespace"]) == "36:18");

  const Reading templates(
      "x = <<EOT\na: ${join(\",\", [\n  \"}\"\n])}\r\nb: \"${x[\"y\"]}\" # ${z}\r\nc: $${kept}\nd: [1, 2\nEOT\n");
  const ParsedText broken = parse_embedded_yaml(templates.root()["x"]);
  REQUIRE(broken.problems.size() == 1);
  CHECK(place(templates.file, broken.problems[0].span).substr(0, 2) == "7:");
  const Reading mended(
      "x = <<EOT\na: ${join(\",\", [\n  \"}\"\n])}\r\nb: \"${x[\"y\"]}\" # ${z}\r\nc: $${kept}\nd: 1\nEOT\n");
  const ParsedText whole = parse_embedded_yaml(mended.root()["x"]);
  REQUIRE(whole.documents.size() == 1);
  const Node yaml = whole.documents[0]->root();
  CHECK(yaml["a"].unresolved());
  CHECK(mended.slice(yaml["a"]) == "${join(\",\", [\n  \"}\"\n])}");
  CHECK(yaml["b"].unresolved());
  CHECK(mended.slice(yaml["b"]) == "\"${x[\"y\"]}\"");
  CHECK(yaml["c"].unresolved());
  CHECK(yaml["d"].text() == "1");
  CHECK(place(yaml["d"]) == "7:4");

  const Reading quoted("x = \"a: 1\\nb: \\\"2\\\"\\n\"\n");
  const ParsedText inside = parse_embedded_yaml(quoted.root()["x"]);
  REQUIRE(inside.documents.size() == 1);
  CHECK(place(inside.documents[0]->root()["b"]) == "1:15");

  const Reading directive("x = <<EOT\na: 1\n%{ if var.x ~}\nb: 2\n%{ endif ~}\nEOT\n");
  const ParsedText skipped = parse_embedded_yaml(directive.root()["x"]);
  CHECK(skipped.documents.empty());
  REQUIRE(skipped.problems.size() == 1);
  CHECK(skipped.problems[0].kind == ProblemKind::template_skipped);
  CHECK(place(directive.file, skipped.problems[0].span) == "3:1");
}

TEST_CASE("an expression on a line of its own in a heredoc stands for lines that nobody knows", "[hcl]") {
  const auto read = [](const std::string& yaml) {
    const Reading reading("x = <<-EOT\n" + yaml + "EOT\n");
    const ParsedText inner = parse_embedded_yaml(reading.root()["x"]);
    std::string result = fmt::format("{} documents", inner.documents.size());
    for (const Problem& problem : inner.problems) {
      CHECK(problem.kind == ProblemKind::template_skipped);
      result += fmt::format(", {} {}", place(reading.file, problem.span),
                            reading.file.text().substr(problem.span.start, problem.span.end - problem.span.start));
    }
    return result;
  };
  CHECK(read("  labels:\n    a: b\n    ${indent(8, local.labels)}\n") == "0 documents, 4:5 ${indent(8, local.labels)}");
  CHECK(read("  ${join(\n    \"\", local.x)}\n  kind: Pod\n") == "0 documents, 2:3 ${join(\n    \"\", local.x)}");
  CHECK(read("  ports:\n  - port: 80\n  ${local.ports}  \r\n  name: a\n") == "0 documents, 4:3 ${local.ports}");
  CHECK(read("  a: 1\n  ---\n  b: 1\n  ${local.b}\n  ---\n  c: 1\n") == "2 documents, 5:3 ${local.b}");
  // Where a value may stand it is read as one.
  CHECK(read("  labels:\n    ${indent(4, local.labels)}\n  mesh: |\n    a\n    ${local.mesh}\n") == "1 documents");
}

TEST_CASE("comments of Terraform", "[hcl]") {
  const std::string text = "# a\nx = 1 // b\r\n/* c\n */ y = f(2 # d\n) # e\nz = \"# no ${1 /* f */}\" # g\n";
  const Reading reading(text);
  REQUIRE(reading.parsed.problems.empty());
  std::string comments;
  for (const Comment& comment : reading.parsed.documents[0]->comments()) {
    comments += text.substr(comment.span.start, comment.span.end - comment.span.start) + ";";
  }
  CHECK(comments == "# a;// b;/* c\n */;# d;# e;/* f */;# g;");
}

TEST_CASE("line ends, byte order marks and cut ends", "[hcl]") {
  std::string crlf;
  for (const char c : sample) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  const Reading windows(crlf);
  REQUIRE(windows.parsed.problems.empty());
  check_tree(*windows.parsed.documents[0]);
  const Node body = windows.root()["resource"][1UL]["kubectl_manifest"]["gateway"]["yaml_body"];
  const ParsedText inner = parse_embedded_yaml(body);
  REQUIRE(inner.documents.size() == 1);
  CHECK(inner.documents[0]->root()["kind"].text() == "Gateway");
  CHECK(place(inner.documents[0]->root()["kind"]) == "33:11");
  CHECK(tree("\xEF\xBB\xBF"
             "a = 1") == "{a: 1}");
  CHECK(tree("x = <<EOT\na\nEOT") == "{x: |a\n|}");
}

TEST_CASE("mistakes in Terraform", "[hcl]") {
  CHECK(mistake("a {\n  b = 1\n") == "1:3 Terraform: the block is never closed");
  CHECK(mistake("a = \"b\nc = 1\n") == "1:5 Terraform: the string is never closed");
  CHECK(mistake("a = [1,\n") == "1:5 Terraform: ']' is missing: the bracket is never closed");
  CHECK(mistake("a = f(1,\n") == "1:6 Terraform: the bracket is never closed");
  CHECK(mistake("a = f([1)\n") == "1:9 Terraform: ')' stands where ']' is expected\n1:7 opened here");
  CHECK(mistake("a = <<EOT\nb\n") == "1:5 Terraform: the heredoc is never closed");
  CHECK(mistake("/* a\n") == "1:1 Terraform: the comment is never closed");
  CHECK(mistake("a = f(/* b\n") == "1:7 Terraform: the comment is never closed");
  CHECK(mistake("a =\n") == "1:4 Terraform: a value is expected, not the end of the line");
  CHECK(mistake("a = = 1\n") == "1:5 Terraform: a value is expected, not '='");
  CHECK(mistake("a = [1, *]\n") == "1:9 Terraform: a value is expected, not '*'");
  CHECK(mistake("a") == "1:2 Terraform: the end of the file stands where '=' or '{' is expected behind 'a'");
  CHECK(mistake("a: 1\n") == "1:2 Terraform: ':' stands where '=' or '{' is expected behind 'a'");
  CHECK(mistake("a = 1, b = 2\n") == "1:6 Terraform: a comma behind an argument of a block");
  CHECK(mistake("a = 1 b = 2\n") ==
        "1:6 Terraform: there is no comma or line break between this value and the next, 'b'");
  CHECK(mistake("a = [\"b\"\n\"c\"]\n") ==
        "1:9 Terraform: there is no comma or line break between this value and the next, '\"'");
  CHECK(mistake("a = 1\nb = 2\na = 3\n") ==
        "3:1 Terraform: argument 'a' is already set in this block\n1:1 first set here");
  CHECK(mistake("}\n") == "1:1 Terraform: '}' closes nothing");
  CHECK(mistake("a = 1)\n") == "1:6 Terraform: ')' stands where the line should end");
  CHECK(mistake("a {} b {}\n") == "1:6 Terraform: 'b' stands where the line should end");
  CHECK(mistake("\"a\" = 1\n") == "1:1 Terraform: a name of an argument or block is expected, not a string");
  CHECK(mistake("a = { b }\n") == "1:7 Terraform: 'b' has no value");
  CHECK(mistake("<<<<<<< HEAD\n") == "1:1 Terraform: a merge conflict that was never resolved");
  CHECK(mistake("é = 1\n= 2\n") == "2:1 Terraform: an argument or a block is expected, not '='");
  CHECK(mistake("a = \"{{ b }\"} }}\n", ProblemKind::template_skipped) ==
        "1:13 the file is a template, which is no Terraform before it is rendered");
  CHECK(mistake("a = \"\xff\"\n", ProblemKind::encoding) == "1:6 byte 0xff is not valid UTF-8");
}

TEST_CASE("deeply nested and long Terraform", "[hcl]") {
  const auto repeated = [](std::string_view text, std::size_t count) {
    std::string result;
    for (std::size_t i = 0; i < count; ++i) result += text;
    return result;
  };
  CHECK(value(repeated("[", 100) + repeated("]", 100)) == repeated("[", 100) + repeated("]", 100));
  constexpr std::size_t many = 100'000;
  for (const std::string open : {"[", "(", "{a=", "{", "\"${", "f(", "[x,", "<<E\n${", "jsonencode([", "{\"${"}) {
    mistake("x = " + repeated(open, many), ProblemKind::yaml_limit);
  }
  mistake(repeated("b {\n", many), ProblemKind::yaml_limit);
  for (const std::string part :
       {"<<", "<<a", "<<a ", "/", "/*", "$${", "%{", "\\", "#", "-", "\"", "a=", "=", ",", "\xC3\xA9"}) {
    const Reading reading("x = " + repeated(part, many));
    CHECK(reading.parsed.problems.size() + reading.parsed.documents.size() == 1);
  }
  CHECK(tree(repeated("b {}\n", 20'000)).size() > 40'000);
  CHECK(value("[" + repeated("{a = 1}, ", 20'000) + "]").size() > 100'000);
  CHECK(value(repeated("[1 + ", 100) + "1" + repeated("]", 100)).size() > 100);
}

TEST_CASE("random Terraform never breaks the reader", "[hcl]") {
  std::mt19937 random(20260101);
  constexpr std::string_view pieces[] = {"a",      "b ",    "=",    " = ",  "{",           "}",  "[",    "]",  "(",
                                         ")",      "\"",    "\n",   "\r\n", "${",          "%{", "$${",  "\\", "<<E\n",
                                         "<<-E\n", "\nE\n", "E",    "#",    "//",          "/*", "*/",   ",",  ":",
                                         "1",      "-",     "for ", "null", "jsonencode(", "é",  "\xF0", "\t"};
  const auto pick = [&random](std::size_t count) { return static_cast<std::size_t>(random()) % count; };
  const auto check = [](const std::string& text) {
    const Reading reading(text);
    CHECK(reading.parsed.documents.size() + reading.parsed.problems.size() == 1);
    for (const Problem& problem : reading.parsed.problems) {
      REQUIRE(problem.span.start <= problem.span.end);
      REQUIRE(problem.span.end <= reading.file.text().size());
      REQUIRE_FALSE(problem.message.empty());
    }
    for (const auto& document : reading.parsed.documents) {
      check_tree(*document);
      for (std::uint32_t index = 0; index < document->nodes().size(); ++index) {
        const Node node(*document, index);
        if (node.style() != ScalarStyle::literal) continue;
        for (const auto& inner : parse_embedded_yaml(node).documents) {
          for (const NodeData& data : inner->nodes()) {
            REQUIRE(data.start <= data.end);
            REQUIRE(data.end <= reading.file.text().size());
          }
        }
      }
    }
  };
  for (int round = 0; round < 6000; ++round) {
    std::string text = round % 2 == 0 ? "x = " : "";
    for (std::size_t i = pick(24) + 1; i > 0; --i) text += pieces[pick(std::size(pieces))];
    check(text);
  }
  for (int round = 0; round < 1500; ++round) {
    std::string text(sample);
    for (std::size_t i = pick(3) + 1; i > 0; --i) {
      const std::size_t at = pick(text.size());
      const std::string_view piece = pieces[pick(std::size(pieces))];
      if (pick(3) == 0)
        text.erase(at, pick(20));
      else if (pick(2) == 0)
        text.insert(at, piece);
      else
        text.resize(at);
      if (text.empty()) break;
    }
    check(text);
  }
}

}  // namespace meshlint
