// Every case of testdata/<rule>/: `bad*` must print exactly its .expected file, `good*` must be silent. A case is a
// file or a folder, copied to a place of its own and linted there with that rule alone; <case>.args adds arguments.
// Where findings offer fixes, <case>.fixed shows the files with all of them made, and nothing is left to fix there.
// With MESHLINT_UPDATE_GOLDEN=1 these files are written instead: read them before you commit them.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>

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
    if (extension != ".expected" && extension != ".args" && extension != ".fixed") cases.push_back(entry.path());
  }
  std::ranges::sort(cases);
  return cases;
}

fs::path beside(const fs::path& test_case, const char* extension) {
  return test_case.parent_path() / (test_case.stem().string() + extension);
}

// Lints a case that was copied to a place.
RunResult run_in(const fs::path& place, const fs::path& test_case, std::string_view rule, std::string_view more = "") {
  std::string arguments = "check --only " + std::string(rule);
  if (const auto extra = beside(test_case, ".args"); fs::exists(extra)) {
    std::string text = read_file(extra);
    std::ranges::replace(text, '\n', ' ');
    arguments += " " + text;
  }
  if (arguments.find("--as-of") == std::string::npos) arguments += std::string(" --as-of ") + as_of;
  return run_meshlint(place, arguments + " " + std::string(more) + " " + test_case.filename().string());
}

RunResult run_case(const fs::path& test_case, std::string_view rule) {
  const TemporaryDirectory place;
  fs::copy(test_case, place.path() / test_case.filename(), fs::copy_options::recursive);
  return run_in(place.path(), test_case, rule);
}

// Makes the edits of every fix that findings offer, from the end of each file; returns the files that changed.
std::vector<std::string> make_fixes(const fs::path& place, const nlohmann::json& report) {
  std::map<std::string, std::multimap<std::size_t, std::pair<std::size_t, std::string>>> edits;  // by file, start
  for (const auto& finding : report["diagnostics"]) {
    if (finding["fix"].is_null()) continue;
    for (const auto& edit : finding["fix"]["edits"]) {
      const auto& location = edit["location"];
      edits[location["file"]].emplace(location["start"]["offset"],
                                      std::pair(location["end"]["offset"], edit["text"].get<std::string>()));
    }
  }
  std::vector<std::string> changed;
  for (const auto& [name, changes] : edits) {
    std::string text = read_file(place / name);
    std::size_t next = text.size();
    for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
      const auto& [end, replacement] = change->second;
      REQUIRE(change->first <= end);
      REQUIRE(end <= next);
      text.replace(change->first, end - change->first, replacement);
      next = change->first;
    }
    write_file(place / name, text);
    changed.push_back(name);
  }
  return changed;
}

// What a case looks like when all fixes are made; empty when none are offered.
std::string fixed_case(const fs::path& test_case, std::string_view rule) {
  const TemporaryDirectory place;
  fs::copy(test_case, place.path() / test_case.filename(), fs::copy_options::recursive);
  const auto before = nlohmann::json::parse(run_in(place.path(), test_case, rule, "--format json").output);
  const fs::path root = fs::is_directory(test_case) ? place.path() / test_case.filename() : place.path();
  std::string shown;
  for (const std::string& name : make_fixes(root, before)) {
    shown += "# " + name + "\n" + read_file(root / name);
  }
  if (shown.empty()) return shown;
  const auto after = nlohmann::json::parse(run_in(place.path(), test_case, rule, "--format json").output);
  const auto is_fixable = [](const auto& finding) { return !finding["fix"].is_null(); };
  CHECK(std::ranges::none_of(after["diagnostics"], is_fixable));
  CHECK(after["diagnostics"].size() < before["diagnostics"].size());
  return shown;
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
      const fs::path fixed = beside(test_case, ".fixed");
      if (is_updating() || fs::exists(fixed)) {
        const std::string text = fixed_case(test_case, rule->name);
        if (is_updating() && !text.empty()) write_file(fixed, text);
        CHECK(text == (fs::exists(fixed) ? read_file(fixed) : ""));
      }
      CHECK(result.output.find("[" + std::string(rule->code) + " ") != std::string::npos);
    }
  }
}
