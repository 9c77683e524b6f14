// Every case of testdata/<rule>/: `bad*` must print exactly its .expected file, `good*` must be silent. A case is a
// file or a folder, copied to a place of its own and linted there with that rule alone; <case>.args adds arguments.
// With MESHLINT_UPDATE_GOLDEN=1 the .expected files are written instead: read them before you commit them.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>

#include "rules/catalog.h"
#include "tests/run_meshlint.h"

namespace fs = std::filesystem;

namespace {

constexpr const char* as_of = "2026-08-21";

std::vector<fs::path> cases_of(std::string_view rule) {
  std::vector<fs::path> cases;
  const fs::path folder = fs::path(SOURCE_DIRECTORY) / "testdata" / rule;
  if (!fs::exists(folder)) return cases;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto extension = entry.path().extension();
    if (extension != ".expected" && extension != ".args") cases.push_back(entry.path());
  }
  std::ranges::sort(cases);
  return cases;
}

fs::path beside(const fs::path& test_case, const char* extension) {
  return test_case.parent_path() / (test_case.stem().string() + extension);
}

RunResult run_case(const fs::path& test_case, std::string_view rule) {
  const TemporaryDirectory place;
  fs::copy(test_case, place.path() / test_case.filename(), fs::copy_options::recursive);
  std::string arguments = "check --only " + std::string(rule);
  if (const auto extra = beside(test_case, ".args"); fs::exists(extra)) {
    std::string text = read_file(extra);
    std::ranges::replace(text, '\n', ' ');
    arguments += " " + text;
  }
  if (arguments.find("--as-of") == std::string::npos) arguments += std::string(" --as-of ") + as_of;
  return run_meshlint(place.path(), arguments + " " + test_case.filename().string());
}

bool is_updating() {
  return std::getenv("MESHLINT_UPDATE_GOLDEN") != nullptr;
}

}  // namespace

TEST_CASE("every rule prints what its cases expect") {
  for (const auto* rule : meshlint::catalog()) {
    for (const auto& test_case : cases_of(rule->name)) {
      INFO(test_case.string());
      const bool must_fire = test_case.filename().string().starts_with("bad");
      const RunResult result = run_case(test_case, rule->name);
      CHECK(result.errors == "");
      if (!must_fire) {
        CHECK(result.exit_code == 0);
        CHECK(result.output.starts_with("no findings in "));
        continue;
      }
      const fs::path expected = beside(test_case, ".expected");
      const std::string actual = result.output + "exit code " + std::to_string(result.exit_code) + "\n";
      if (is_updating()) write_file(expected, actual);
      CHECK(actual == (fs::exists(expected) ? read_file(expected) : "(no .expected file)"));
      CHECK(result.output.find("[" + std::string(rule->code) + " ") != std::string::npos);
    }
  }
}
