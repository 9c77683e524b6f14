// README.md tells the truth: its example, its commands, its options and its table of rules are those of the program.
// With MESHLINT_UPDATE_GOLDEN=1 the outputs and the table in it are written anew.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "linter/policy.h"
#include "rules/catalog.h"
#include "tests/run_meshlint.h"

namespace fs = std::filesystem;

namespace {

const fs::path root = SOURCE_DIRECTORY;

struct CodeBlock {
  std::string language;
  std::string text;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<CodeBlock> code_blocks(const std::string& language) {
  std::vector<CodeBlock> blocks;
  bool is_inside = false;
  for (const std::string& line : lines_of(read_file(root / "README.md"))) {
    if (line.starts_with("```")) {
      is_inside = !is_inside;
      if (is_inside) blocks.push_back({line.substr(3), ""});
    } else if (is_inside) {
      blocks.back().text += line + "\n";
    }
  }
  std::erase_if(blocks, [&](const CodeBlock& block) { return block.language != language; });
  return blocks;
}

bool is_updating() {
  return std::getenv("MESHLINT_UPDATE_GOLDEN") != nullptr;
}

void replace_in_readme(const std::string& before, const std::string& after) {
  std::string readme = read_file(root / "README.md");
  REQUIRE(readme.find(before) != std::string::npos);
  readme.replace(readme.find(before), before.size(), after);
  write_file(root / "README.md", readme);
}

std::string rules_in_readme() {
  std::string table;
  for (const std::string& line : lines_of(read_file(root / "README.md"))) {
    if (line.starts_with("| MSH")) table += line + "\n";
  }
  return table;
}

}  // namespace

TEST_CASE("the manifest on the first screen is the example that the commands lint") {
  const auto blocks = code_blocks("yaml");
  REQUIRE(!blocks.empty());
  CHECK(blocks[0].text == read_file(root / "testdata" / "readme" / "shop.yaml"));
}

TEST_CASE("every session in the README prints what it shows") {
  const std::string prompt = "$ meshlint ";
  int sessions = 0;
  for (const CodeBlock& block : code_blocks("console")) {
    INFO(block.text);
    const auto end_of_command = block.text.find('\n');
    REQUIRE(block.text.starts_with(prompt));
    const std::string arguments = block.text.substr(prompt.size(), end_of_command - prompt.size());
    const std::string actual = block.text.substr(0, end_of_command + 1) + run_meshlint(root, arguments).output;
    if (is_updating()) replace_in_readme(block.text, actual);
    if (!is_updating()) CHECK(block.text == actual);
    ++sessions;
  }
  CHECK(sessions >= 2);
}

TEST_CASE("the step that the README shows is one of a tested plan") {
  const auto blocks = code_blocks("text");
  REQUIRE(blocks.size() == 1);
  const std::string plan = read_file(root / "testdata" / "upgrade" / "sample-staging.expected");
  CHECK(plan.find("\n" + blocks[0].text + "\n") != std::string::npos);
}

TEST_CASE("every meshlint command in the README is one that meshlint takes") {
  const std::string rendered = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n";
  const TemporaryDirectory place;
  fs::copy(root / "testdata" / "sample", place.path() / "sample", fs::copy_options::recursive);
  fs::copy(root / "policy", place.path() / "sample" / "policy");
  write_file(place.path() / "sample" / "revisions.json",
             R"({"meshRevisions": [{"revision": "asm-1-30", "upgrades": null, "compatibleWith": [
{"name": "kubernetes", "versions": ["1.32", "1.33", "1.34", "1.35", "1.36"]}]}]})");
  int commands = 0;
  for (const CodeBlock& block : code_blocks("sh")) {
    for (const std::string& line : lines_of(block.text)) {
      const std::string command = line.substr(0, line.find('#'));
      const auto start = command.rfind("meshlint ");
      if (start == std::string::npos || (start > 0 && command[start - 1] != ' ')) continue;
      const std::string arguments = command.substr(start + 9);
      INFO(line);
      const RunResult result = run_meshlint(place.path() / "sample", arguments, rendered);
      CHECK((result.exit_code == 0 || result.exit_code == 1));
      ++commands;
    }
  }
  CHECK(commands >= 5);
}

TEST_CASE("the scripts and build targets in the README exist") {
  for (const CodeBlock& block : code_blocks("sh")) {
    for (const std::string& line : lines_of(block.text)) {
      if (!line.starts_with("./tools/")) continue;
      const fs::path script = root / line.substr(0, line.find(' '));
      INFO(line);
      CHECK(fs::is_regular_file(script));
      CHECK((fs::status(script).permissions() & fs::perms::owner_exec) != fs::perms::none);
    }
  }
}

TEST_CASE("the README's table of rules is the catalogue") {
  std::string table;
  for (const auto* rule : meshlint::catalog()) {
    table += fmt::format("| {} | `{}` | {} | {}{} |\n", rule->code, rule->name, to_string(rule->severity),
                         rule->summary, rule->on_by_default ? "" : " (off by default)");
  }
  if (is_updating()) replace_in_readme(rules_in_readme(), table);
  CHECK(rules_in_readme() == table);
}

TEST_CASE("the README names the date of the policy data") {
  const std::string date = meshlint::to_string(meshlint::Policy::embedded().data_date());
  CHECK(read_file(root / "README.md").find("read on " + date) != std::string::npos);
}

TEST_CASE("the README's action and hook are those of this repository") {
  const std::string readme = read_file(root / "README.md");
  const std::string hooks = read_file(root / ".pre-commit-hooks.yaml");
  CHECK(hooks.find("- id: meshlint\n") != std::string::npos);
  CHECK(readme.find("- id: meshlint\n") != std::string::npos);
  CHECK(hooks.find("- id: meshlint-repository\n") != std::string::npos);
  const std::string action = read_file(root / "action.yml");
  CHECK(action.find("steps.lint.outputs.sarif-file") != std::string::npos);
  // What stands under `with:` in the README is an input of the action.
  bool is_ours = false;
  bool is_input = false;
  int inputs = 0;
  for (const CodeBlock& block : code_blocks("yaml")) {
    for (const std::string& line : lines_of(block.text)) {
      const auto uses = line.find("uses: ");
      if (uses != std::string::npos) is_ours = line.find("/meshlint@", uses) != std::string::npos;
      const auto indentation = line.find_first_not_of(' ');
      is_input = is_input && indentation != std::string::npos && indentation >= 10;
      if (is_input && indentation == 10) {
        INFO(line);
        CHECK(action.find("\n  " + line.substr(10, line.find(':') - 10) + ":\n") != std::string::npos);
        ++inputs;
      }
      if (line == "        with:") is_input = is_ours;
    }
  }
  CHECK(inputs > 0);
}
