// The YAML community's test suite: what it calls valid is read right or refused with a place, and nothing crashes.
#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "linter/yaml.h"
#include "tests/readers.h"

namespace meshlint {
namespace {

const std::filesystem::path suite = SOURCE_DIRECTORY "/../shared/conformance/yaml-test-suite/src";

struct Case {
  std::string name;  // "2JQS", or "JEF9/02" for the third case of a file
  std::string yaml;
  std::string tree;
  bool valid = true;
};

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// Puts the bytes that visible glyphs stand for in their place.
std::string without_glyphs(std::string_view shown) {
  std::string text(shown);
  replace_all(text, "␣", " ");
  replace_all(text, "—", "");
  replace_all(text, "»", "\t");
  replace_all(text, "↵", "");
  replace_all(text, "←", "\r");
  replace_all(text, "⇔", "\xEF\xBB\xBF");
  replace_all(text, "∎\n", "");
  return text;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// The cases of one file; what a later case leaves out is that of the case before it.
void add_cases(const std::filesystem::path& path, std::vector<Case>& cases) {
  const SourceFile file(path.filename(), path.filename(), read_file(path));
  const ParsedText parsed = parse_yaml(file);
  INFO(path);
  REQUIRE(parsed.problems.empty());
  REQUIRE(parsed.documents.size() == 1);
  Case current;
  const std::vector<Node> items = parsed.documents[0]->root().items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    current.name = path.stem().string() + (items.size() > 1 ? fmt::format("/{:02}", i) : "");
    if (items[i]["yaml"]) current.yaml = without_glyphs(items[i]["yaml"].text());
    if (items[i]["tree"]) current.tree = without_glyphs(items[i]["tree"].text());
    current.valid = items[i]["fail"].text() != "true";
    if (!items[0]["skip"]) cases.push_back(current);
  }
}

std::vector<Case> read_cases() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(suite)) paths.push_back(entry.path());
  std::ranges::sort(paths);
  std::vector<Case> cases;
  for (const auto& path : paths) add_cases(path, cases);
  return cases;
}

std::string escape(std::string_view text) {
  std::string result(text);
  replace_all(result, "\\", "\\\\");
  replace_all(result, "\n", "\\n");
  replace_all(result, "\t", "\\t");
  replace_all(result, "\b", "\\b");
  replace_all(result, "\r", "\\r");
  return result;
}

// A document's nodes as the suite writes events, one a line.
void print_events(const Document& document, std::uint32_t index, std::string& out) {
  const NodeData& node = document.nodes()[index];
  switch (node.kind) {
    case NodeKind::null: out += "=VAL :\n"; return;
    case NodeKind::alias: out += "=ALI *" + std::string(node.text) + "\n"; return;
    case NodeKind::scalar:
      out += "=VAL ";
      out += ":'\"|>"[static_cast<std::size_t>(node.style)];
      out += escape(node.text) + "\n";
      return;
    case NodeKind::sequence:
    case NodeKind::mapping: break;
  }
  const std::string name = node.kind == NodeKind::mapping ? "MAP" : "SEQ";
  out += "+" + name + "\n";
  for (auto child = node.first_child; child != NodeData::none; child = document.nodes()[child].next_sibling) {
    if (node.kind == NodeKind::mapping) print_events(document, document.nodes()[child].key, out);
    print_events(document, child, out);
  }
  out += "-" + name + "\n";
}

std::string events_of(const ParsedText& parsed) {
  std::string out = "+STR\n";
  for (const auto& document : parsed.documents) {
    if (document->nodes().empty()) continue;
    out += "+DOC\n";
    print_events(*document, 0, out);
    out += "-DOC\n";
  }
  return out + "-STR\n";
}

// The suite's events without indentation, markers, anchors and tags.
std::string normalized(const std::string& tree) {
  std::istringstream lines(tree);
  std::string out;
  for (std::string line; std::getline(lines, line);) {
    line.erase(0, std::min(line.find_first_not_of(' '), line.size()));
    if (line.empty()) continue;
    std::string result = line.substr(0, 4);
    for (std::size_t at = 4; at + 1 < line.size();) {
      const std::size_t end = std::min(line.find(' ', at + 1), line.size());
      const char sign = line[at + 1];
      if (sign == '&' || sign == '<' || sign == '-' || sign == '.' || sign == '{' || sign == '[') {
        at = sign == '<' ? std::min(line.find('>', at), line.size() - 1) + 1 : end;
      } else {
        result += line.substr(at);
        at = line.size();
      }
    }
    out += result + "\n";
  }
  return out;
}

// The scalars that yaml-cpp reads, for comparison with ours.
class Scalars : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {
    if (++documents > 100) throw std::length_error("the parser makes no progress");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string& value) override {
    if (!value.empty()) values += escape(value) + "\n";
  }
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}

  int documents = 0;
  std::string values;
};

std::string scalars_of(const ParsedText& parsed) {
  std::string values;
  for (const auto& document : parsed.documents) {
    for (const NodeData& node : document->nodes()) {
      const bool null_word = node.style == ScalarStyle::plain && plain_scalar_type(node.text) == ScalarType::null;
      if (node.kind == NodeKind::scalar && !node.text.empty() && !null_word) values += escape(node.text) + "\n";
    }
  }
  return values;
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += " " + name;
  return out;
}

}  // namespace

TEST_CASE("the YAML test suite is read right or refused with a place") {
  if (!std::filesystem::exists(suite)) return;
  std::size_t valid = 0, right = 0, invalid = 0, refused = 0;
  std::vector<std::string> valid_refused, wrong, accepted;
  for (const Case& test : read_cases()) {
    const SourceFile file(test.name, test.name, test.yaml);
    const ParsedText parsed = parse_yaml(file);
    INFO(test.name << "\n" << test.yaml);
    for (const Problem& problem : parsed.problems) {
      CHECK(problem.span.start <= problem.span.end);
      CHECK(problem.span.end <= file.text().size());
      CHECK_FALSE(problem.message.empty());
    }
    if (test.valid) {
      ++valid;
      if (!parsed.problems.empty()) {
        valid_refused.push_back(test.name);
      } else if (events_of(parsed) == normalized(test.tree)) {
        ++right;
      } else {
        wrong.push_back(test.name);
      }
    } else {
      ++invalid;
      refused += parsed.problems.empty() ? 0U : 1U;
      if (parsed.problems.empty()) accepted.push_back(test.name);
    }
  }
  fmt::print("yaml-test-suite: {} of {} valid cases read right; refused:{}; different:{}\n", right, valid,
             joined(valid_refused), joined(wrong));
  fmt::print("yaml-test-suite: {} of {} invalid cases refused; accepted:{}\n", refused, invalid, joined(accepted));
  CHECK(right >= 266);
  CHECK(refused >= 73);
  CHECK(wrong.empty());
}

TEST_CASE("our scalars are yaml-cpp's, except where it is known to be wrong") {
  if (!std::filesystem::exists(suite)) return;
  std::vector<std::string> different;
  for (const Case& test : read_cases()) {
    const SourceFile file(test.name, test.name, test.yaml);
    const ParsedText parsed = parse_yaml(file);
    if (!parsed.problems.empty()) continue;
    std::istringstream stream(test.yaml);
    Scalars scalars;
    try {
      YAML::Parser parser(stream);
      while (parser.HandleNextDocument(scalars)) {
      }
    } catch (const YAML::Exception&) {
      continue;
    }
    if (scalars.values != scalars_of(parsed)) different.push_back(test.name);
  }
  // yaml-cpp loses line breaks of quoted scalars that hold nothing else, and blanks at the very end of block scalars.
  CHECK(different == std::vector<std::string>{"JEF9/02", "L24T/01", "NAT4"});
}

TEST_CASE("both readers read the YAML test suite to the same") {
  if (!std::filesystem::exists(suite)) return;
  for (const Case& test : read_cases()) {
    const SourceFile file(test.name, test.name, test.yaml);
    INFO(test.name << "\n" << test.yaml);
    CHECK(difference(parse_yaml(file, nullptr, YamlReader::library), parse_yaml(file)) == "");
  }
}

}  // namespace meshlint
