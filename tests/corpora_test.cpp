// Two bodies of files under all rules: plain Istio, about which nothing is to be said, and a messy infrastructure
// repository, whose report is what a careful reviewer would say. With MESHLINT_UPDATE_GOLDEN=1 the messy one's expected
// report is written instead: read it before you commit it.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <regex>
#include <set>

#include "rules/catalog.h"
#include "tests/run_meshlint.h"

namespace fs = std::filesystem;

namespace {

const fs::path testdata = fs::path(SOURCE_DIRECTORY) / "testdata";

// Those that are off by default too.
std::string with_all_rules() {
  std::string arguments = "--as-of 2026-08-21 --format concise";
  for (const meshlint::Rule* rule : meshlint::catalog()) arguments += " --only " + std::string(rule->code);
  return arguments;
}

// The rules that a concise report names, by code.
std::set<std::string> rules_in(const std::string& report) {
  const std::regex code(R"(\[(MSH\d{4}) )");
  std::set<std::string> found;
  for (std::sregex_iterator match(report.begin(), report.end(), code), end; match != end; ++match) {
    found.insert((*match)[1].str());
  }
  return found;
}

// A folder of the test data in a place of its own, where nothing around it says anything.
class Copy {
 public:
  explicit Copy(const fs::path& folder) { fs::copy(testdata / folder, root(), fs::copy_options::recursive); }
  fs::path root() const { return place_.path() / "copy"; }

 private:
  TemporaryDirectory place_;
};

}  // namespace

TEST_CASE("about Istio without the add-on nothing is said") {
  const std::string folder = GENERATE("", "samples", "aks-own-istio", "aks-app-routing", "aks-never-meshed");
  INFO(folder);
  const Copy copy(fs::path("plain-istio") / folder);
  const RunResult result = run_meshlint(copy.root(), with_all_rules());
  CHECK(result.exit_code == 0);
  CHECK(result.errors == "");
  for (const std::string& code : rules_in(result.output)) {
    INFO(result.output);
    CHECK(code >= "MSH6");
  }
}

TEST_CASE("the same files are full of findings where the add-on runs") {
  const Copy copy("plain-istio/samples");
  const RunResult result = run_meshlint(copy.root(), with_all_rules() + " --revision asm-1-29");
  CHECK(result.exit_code == 1);
  for (const std::string code :
       {"MSH1008", "MSH2007", "MSH2011", "MSH3005", "MSH3006", "MSH4001", "MSH4007", "MSH5003", "MSH5004"}) {
    INFO(code);
    CHECK(rules_in(result.output).contains(code));
  }
}

TEST_CASE("the messy repository gets the report that is expected") {
  const Copy copy("messy");
  const RunResult result = run_meshlint(copy.root(), with_all_rules());
  const fs::path expected = testdata / "messy.expected";
  CHECK(result.exit_code == 1);
  CHECK(result.errors == "");
  if (std::getenv("MESHLINT_UPDATE_GOLDEN") != nullptr) write_file(expected, result.output);
  CHECK(result.output == read_file(expected));
}
