// A realistic infrastructure repository: the report is what a careful reviewer would say, and nothing else. With
// MESHLINT_UPDATE_GOLDEN=1 the expected report is written instead: read it before you commit it.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "tests/run_meshlint.h"

namespace fs = std::filesystem;

namespace {

const fs::path expected_report = fs::path(SOURCE_DIRECTORY) / "testdata" / "sample.expected";
const std::string on_the_day = "--as-of 2026-08-21 ";

// The sample in a place of its own, as a Git repository where asked for.
class Sample {
 public:
  explicit Sample(bool is_repository) {
    fs::copy(fs::path(SOURCE_DIRECTORY) / "testdata" / "sample", root(), fs::copy_options::recursive);
    if (is_repository) REQUIRE(run_command(root(), "git init --quiet").exit_code == 0);
  }
  fs::path root() const { return place_.path() / "sample"; }

 private:
  TemporaryDirectory place_;
};

std::string report_with(const Sample& sample, const std::string& environment, const std::string& arguments) {
  const RunResult result = run_command(
      sample.root(), "env -u GITHUB_ACTIONS NO_COLOR=1 " + environment + " '" MESHLINT_EXECUTABLE "' " + arguments);
  CHECK(result.exit_code == 1);
  CHECK(result.errors == "");
  return result.output;
}

// Each finding as "path:line rule", from the JSON report.
std::set<std::string> findings_of(const std::string& json) {
  std::set<std::string> found;
  const std::regex place(R"(^([^\s:]+:\d+):\d+: .*?(MSH\d{4}))");
  std::istringstream lines(json);
  for (std::string line; std::getline(lines, line);) {
    std::smatch parts;
    if (std::regex_search(line, parts, place)) found.insert(parts[1].str() + " " + parts[2].str());
  }
  return found;
}

}  // namespace

TEST_CASE("the sample repository gets the report that is expected") {
  const Sample sample(false);
  const RunResult result = run_meshlint(sample.root(), on_the_day);
  CHECK(result.exit_code == 1);
  CHECK(result.errors == "");
  if (std::getenv("MESHLINT_UPDATE_GOLDEN") != nullptr) write_file(expected_report, result.output);
  CHECK(result.output == read_file(expected_report));
}

TEST_CASE("a report depends neither on threads nor on the locale nor on Git") {
  const Sample plain(false);
  const Sample repository(true);
  for (const std::string format : {"text", "concise", "json", "sarif"}) {
    INFO(format);
    const std::string arguments = on_the_day + "--format " + format;
    const std::string report = report_with(plain, "LC_ALL=C.UTF-8", arguments + " --jobs 1");
    CHECK(report.size() > 1000);
    CHECK(report == report_with(plain, "LC_ALL=C.UTF-8", arguments + " --jobs 8"));
    CHECK(report == report_with(plain, "LC_ALL=C", arguments + " --jobs 8"));
    CHECK(report == report_with(repository, "LC_ALL=C TZ=Pacific/Kiritimati", arguments + " --jobs 3"));
  }
}

TEST_CASE("one changed file is judged by the clusters of the repository, and nothing else is reported") {
  const Sample sample(true);
  const std::string all = report_with(sample, "", on_the_day + "--format concise");
  for (const std::string file : {"apps/catalog/catalog.yaml", "clusters/shop-prod/namespaces.yaml",
                                 "clusters/shop-prod/gateways/backoffice.yaml"}) {
    INFO(file);
    std::set<std::string> wanted;
    for (const std::string& finding : findings_of(all)) {
      if (finding.starts_with(file + ":")) wanted.insert(finding);
    }
    CHECK(!wanted.empty());
    CHECK(findings_of(report_with(sample, "", on_the_day + "--format concise " + file)) == wanted);
  }
}

TEST_CASE("a finding of one file names the cluster that stands in another") {
  const Sample sample(true);
  const std::string report = report_with(sample, "", on_the_day + "clusters/shop-prod/namespaces.yaml");
  CHECK(report.find("revision 'asm-1-27' is not installed (cluster shop-prod runs asm-1-28 and asm-1-29)") !=
        std::string::npos);
  CHECK(report.find("clusters/shop-prod/cluster.json:") != std::string::npos);
}

TEST_CASE("paths are shown from where the user stands, and machine formats from the repository's root") {
  const Sample sample(true);
  const fs::path inside = sample.root() / "clusters" / "shop-prod";
  const RunResult text = run_meshlint(inside, on_the_day + "--format concise gateways");
  CHECK(text.output.starts_with("gateways/backoffice.yaml:"));
  const RunResult sarif = run_meshlint(inside, on_the_day + "--format sarif gateways");
  const auto log = nlohmann::json::parse(sarif.output);
  const auto& place = log.at("runs").at(0).at("results").at(0).at("locations").at(0).at("physicalLocation");
  CHECK(place.at("artifactLocation").at("uri") == "clusters/shop-prod/gateways/backoffice.yaml");
}

TEST_CASE("what .gitignore names is not read unless it is asked for") {
  const Sample sample(true);
  const RunResult ignored = run_meshlint(sample.root(), on_the_day + "--format concise");
  CHECK(ignored.output.find("generated/") == std::string::npos);
  const RunResult asked = run_meshlint(sample.root(), on_the_day + "--format concise generated/shop-prod.yaml");
  CHECK(asked.output.find("generated/shop-prod.yaml:6:") != std::string::npos);
}

TEST_CASE("Windows line endings change nothing but the bytes") {
  const Sample sample(true);
  const std::string file = "clusters/shop-staging/namespaces.yaml";
  const std::string text = read_file(sample.root() / file);
  REQUIRE(text.find("\r\n") != std::string::npos);
  const std::string with = report_with(sample, "", on_the_day + "--format concise " + file);
  write_file(sample.root() / file, std::regex_replace(text, std::regex("\r"), ""));
  CHECK(with == report_with(sample, "", on_the_day + "--format concise " + file));
}

TEST_CASE("the command line overrules what the cluster definitions say") {
  const Sample sample(true);
  const std::string file = "clusters/shop-prod/namespaces.yaml";
  const std::string report =
      report_with(sample, "", on_the_day + "--revision asm-1-27 --format concise --only MSH4002 " + file);
  CHECK(report.find(file + ":33:") == std::string::npos);  // search asks for asm-1-27
  CHECK(report.find("the mesh runs asm-1-27") != std::string::npos);
}
