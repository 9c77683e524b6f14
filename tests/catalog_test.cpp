// The catalogue keeps its promises: each rule has a file, documentation, a code of its family, and cases of both kinds.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <set>

#include "linter/policy.h"
#include "rules/catalog.h"

namespace fs = std::filesystem;
using namespace meshlint;

namespace {

char first_digit(Family family) {
  switch (family) {
    case Family::compatibility: return '1';
    case Family::deprecation: return '2';
    case Family::blocked: return '3';
    case Family::ineffective: return '4';
    case Family::support: return '5';
    case Family::input: return '9';
  }
  return '?';
}

bool has_case(const Rule& rule, std::string_view prefix) {
  const fs::path folder = fs::path(SOURCE_DIRECTORY) / "testdata" / rule.name;
  if (!fs::exists(folder)) return false;
  return std::any_of(fs::directory_iterator(folder), fs::directory_iterator(), [&](const auto& entry) {
    const auto extension = entry.path().extension();
    return entry.path().filename().string().starts_with(prefix) && extension != ".expected" && extension != ".args";
  });
}

}  // namespace

TEST_CASE("codes are ordered, unique and of their family") {
  std::string_view last;
  for (const Rule* rule : catalog()) {
    INFO(rule->name);
    CHECK(rule->code.size() == 7);
    CHECK(rule->code.starts_with("MSH"));
    CHECK(rule->code[3] == first_digit(rule->family));
    CHECK(rule->code > last);
    last = rule->code;
  }
}

TEST_CASE("every rule has a file of its name in its family's folder") {
  for (const Rule* rule : catalog()) {
    const auto file =
        fs::path(SOURCE_DIRECTORY) / "rules" / to_string(rule->family) / (std::string(rule->name) + ".cpp");
    INFO(file.string() << " must exist");
    CHECK(fs::exists(file));
  }
}

TEST_CASE("every file of a rule is in the catalogue") {
  std::set<std::string, std::less<>> names;
  for (const Rule* rule : catalog()) names.emplace(rule->name);
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(SOURCE_DIRECTORY) / "rules")) {
    const auto name = entry.path().stem().string();
    const bool is_shared = fs::exists(entry.path().parent_path() / (name + ".h"));
    if (entry.path().extension() != ".cpp" || is_shared) continue;
    INFO(entry.path().string() << " is not in rules/catalog.cpp");
    CHECK(names.contains(name));
  }
}

TEST_CASE("every rule is documented and cites a page that the policy knows") {
  const Policy policy = Policy::embedded();
  for (const Rule* rule : catalog()) {
    INFO(rule->name);
    for (const auto text : {rule->summary, rule->why, rule->fix}) {
      CHECK(text.size() > 10);
      CHECK(text.find('\n') == std::string_view::npos);
    }
    CHECK(!rule->summary.ends_with('.'));
    CHECK(rule->check != nullptr);
    if (rule->family == Family::input) continue;
    CHECK(!policy.source(rule->page).url.empty());
  }
}

TEST_CASE("every rule has a case that must fire and a case that must stay silent") {
  for (const Rule* rule : catalog()) {
    if (rule->name == "unreadable") continue;  // needs a file without permissions: command_line_test makes one
    INFO(rule->name << " needs testdata/" << rule->name << "/bad* and good*");
    CHECK(has_case(*rule, "bad"));
    CHECK(has_case(*rule, "good"));
  }
}

TEST_CASE("rules are found by code and by name") {
  CHECK(find_rule("MSH4001") == find_rule("injection-label-ineffective"));
  CHECK(find_rule("MSH4001") != nullptr);
  CHECK(find_rule("msh4001") == find_rule("MSH4001"));
  CHECK(find_rule("msh4001x") == nullptr);
  CHECK(find_rule("MSH") == nullptr);
}
