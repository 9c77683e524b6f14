// The calendar: goldens of all formats, its facts against the policy, hostile names, days far away, bad input.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>

#include "linter/policy.h"
#include "linter/sanitize.h"
#include "linter/support.h"
#include "tests/run_meshlint.h"

namespace fs = std::filesystem;
using namespace meshlint;
using Json = nlohmann::json;

namespace {

const fs::path testdata = fs::path(SOURCE_DIRECTORY) / "testdata";

// A copy of a folder of testdata outside of this repository.
class Repository {
 public:
  explicit Repository(const std::string& folder) {
    fs::copy(testdata / folder, place_.path(), fs::copy_options::recursive);
  }

  RunResult calendar(const std::string& arguments) const {
    return run_meshlint(place_.path(), "calendar " + arguments);
  }

 private:
  TemporaryDirectory place_;
};

std::string cluster(const std::string& name, const std::string& version, const std::string& revisions) {
  return fmt::format(
      "apiVersion: containerservice.azure.com/v20260301\nkind: ManagedCluster\nmetadata: {{name: {}}}\nspec:\n"
      "  kubernetesVersion: {}\n  serviceMeshProfile: {{mode: Istio, istio: {{revisions: [{}]}}}}\n",
      name, version, revisions);
}

RunResult calendar_of(const std::string& manifest, const std::string& arguments) {
  const TemporaryDirectory place;
  write_file(place.path() / "cluster.yaml", manifest);
  return run_meshlint(place.path(), "calendar " + arguments);
}

// Whether all elements of XML, or of HTML that closes its elements, are closed in order; `void_elements` need not be.
bool is_well_formed(std::string_view text, const std::vector<std::string>& void_elements) {
  std::vector<std::string> open;
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at)) {
    const auto end = text.find('>', at);
    if (end == std::string_view::npos) return false;
    const auto tag = text.substr(at + 1, end - at - 1);
    at = end;
    if (tag.empty() || tag.find('<') != std::string_view::npos || std::ranges::count(tag, '"') % 2 != 0) return false;
    if (tag.front() == '!' || tag.back() == '/') continue;
    const bool closes = tag.front() == '/';
    std::string name(tag.substr(closes ? 1 : 0));
    name = name.substr(0, name.find(' '));
    if (closes) {
      if (open.empty() || open.back() != name) return false;
      open.pop_back();
    } else if (std::ranges::find(void_elements, name) == void_elements.end()) {
      open.push_back(std::move(name));
    }
  }
  return open.empty();
}

}  // namespace

TEST_CASE("calendars are those of the golden files") {
  struct Case {
    std::string folder;
    std::string golden;
    std::string arguments;
  };
  const std::vector<Case> cases = {
      {"readme", "one.text", ""},
      {"sample", "sample.text", ""},
      {"calendar/six", "six.text", ""},
      {"calendar/six", "six.json", "--format json"},
      {"calendar/six", "six.svg", "--format svg"},
      {"calendar/six", "six.html", "--format html"},
  };
  for (const Case& one : cases) {
    INFO(one.golden);
    const RunResult result = Repository(one.folder).calendar("--as-of 2026-08-21 " + one.arguments);
    REQUIRE(result.exit_code == 0);
    CHECK(result.errors == "");
    const fs::path golden = testdata / "calendar" / (one.golden + ".expected");
    if (std::getenv("MESHLINT_UPDATE_GOLDEN") != nullptr) write_file(golden, result.output);
    CHECK(result.output == read_file(golden));
  }
}

TEST_CASE("the calendar as text fits 80 columns but for addresses and names without blanks") {
  for (const std::string folder : {"readme", "sample", "calendar/six"}) {
    for (const std::string day : {"2026-08-21", "2026-12-31", "2025-01-01", "2031-05-05"}) {
      INFO(folder << " " << day);
      const RunResult result = Repository(folder).calendar("--as-of " + day);
      CHECK(result.exit_code == 0);
      std::istringstream lines(result.output);
      for (std::string line; std::getline(lines, line);) {
        const bool may_be_long =
            line.find("https://") != std::string::npos || line.find("a-cluster-with") != std::string::npos;
        if (!may_be_long && display_width(line) > 80) FAIL_CHECK(line);
        CHECK((line.empty() || line.back() != ' '));
      }
    }
  }
}

TEST_CASE("the calendar says what the policy says") {
  const Policy policy = Policy::embedded();
  const Json calendar = Json::parse(calendar_of("", "--as-of 2026-08-21 --format json").output);
  CHECK(calendar.at("version") == 1);
  CHECK(calendar.at("as_of") == "2026-08-21");
  CHECK(calendar.at("policy_date") == to_string(policy.data_date()));
  REQUIRE(calendar.at("revisions").size() == policy.releases().revisions.size());
  for (std::size_t i = 0; i < policy.releases().revisions.size(); ++i) {
    const MeshRevision& row = policy.releases().revisions[i];
    const Json& shown = calendar.at("revisions")[i];
    INFO(shown.dump());
    CHECK(shown.at("name") == revision_name(row.revision));
    CHECK(shown.at("support")[0].at("last_day") == to_string(row.end_of_life.last_day));
    CHECK(shown.at("support")[0].at("expected") == row.end_of_life.expected);
    CHECK(shown.at("over") == is_out_of_support(row, *parse_date("2026-08-21")));
  }
  for (const Json& pair : calendar.at("compatibility")) {
    INFO(pair.dump());
    const auto& row = *policy.releases().find(*parse_revision(pair.at("revision").get<std::string>()));
    const Minor version = *parse_minor(pair.at("kubernetes").get<std::string>());
    const bool is_known = !pair.at("standard").is_null();
    CHECK((is_known && pair.at("standard").get<bool>()) == contains(row.kubernetes, version));
    CHECK((is_known && pair.at("long_term").get<bool>()) == contains(row.kubernetes_lts, version));
    CHECK((is_known || is_beyond_data(policy, version)));
  }
  const Json& last = calendar.at("kubernetes").back();
  const Json& platform = last.at("support").back();
  CHECK(platform.at("kind") == "platform");
  CHECK(platform.at("last_day").is_null());  // the version that ends it has no day yet
  CHECK(last.at("state") == "planned");
}

TEST_CASE("what the files leave open is said to be open, and not drawn") {
  const Json calendar = Json::parse(
      calendar_of(cluster("edge", "${VERSION}", "\"${REVISION}\""), "--as-of 2026-08-21 --format json").output);
  const Json& edge = calendar.at("clusters")[0];
  CHECK(edge.at("kubernetes").is_null());
  CHECK(edge.at("revisions").empty());
  REQUIRE(edge.at("remarks").size() == 2);
  CHECK_THAT(edge.at("remarks")[0].at("text").get<std::string>(), Catch::Contains("--kubernetes-version gives it"));
  CHECK_THAT(edge.at("remarks")[1].at("text").get<std::string>(), Catch::Contains("--revision gives it"));
  for (const Json& row : calendar.at("revisions")) CHECK(row.at("clusters").empty());
  for (const Json& row : calendar.at("kubernetes")) CHECK(row.at("clusters").empty());
}

TEST_CASE("definitions that contradict each other make no guess") {
  const std::string both = cluster("shop", "\"1.33\"", "asm-1-28") + "---\n" + cluster("shop", "\"1.34\"", "asm-1-29");
  const std::string text = calendar_of(both, "--as-of 2026-08-21").output;
  CHECK_THAT(text, Catch::Contains("A  shop: revision not known, Kubernetes version not known"));
  CHECK_THAT(text, Catch::Contains("The definitions do not agree on the Kubernetes version: '1.33'"));
}

TEST_CASE("forecasts are worded as forecasts") {
  const auto text_on = [](const std::string& day) {
    return calendar_of(cluster("shop", "\"1.34\"", "asm-1-28"), "--as-of " + day).output;
  };
  CHECK_THAT(text_on("2026-08-21"),
             Catch::Contains("asm-1-28 is expected to go out of support by the end of Aug 2026"));
  CHECK_THAT(text_on("2026-08-21"), Catch::Contains("Kubernetes 1.34 is to go out of support by the end of Nov 2026"));
  CHECK_THAT(text_on("2026-09-15"), Catch::Contains("the calendar has\n") && Catch::Contains(" not confirmed it"));
  CHECK_THAT(text_on("2027-03-01"), Catch::Contains("asm-1-28 is most likely out of support"));
  CHECK_THAT(text_on("2027-03-01"), Catch::Contains("says the\n") && Catch::Contains(" calendar of 2026-08-21"));
}

TEST_CASE("flags say what the calendar's clusters run, also two revisions of a canary upgrade") {
  const TemporaryDirectory empty;
  const RunResult result = run_meshlint(
      empty.path(), "calendar --as-of 2026-08-21 --revision asm-1-30 --revision asm-1-29 --kubernetes-version 1.35");
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.output,
             Catch::Contains("A  the cluster of the command line: asm-1-29 and asm-1-30 on Kubernetes 1.35"));
  CHECK_THAT(run_meshlint(empty.path(), "calendar --as-of 2026-08-21").output,
             Catch::Contains("none is defined in the files"));
}

TEST_CASE("one cluster is chosen by its name, and what cannot be asked for is refused in one sentence") {
  const Repository six("calendar/six");
  const Json calendar = Json::parse(six.calendar("--as-of 2026-08-21 --cluster old --format json").output);
  REQUIRE(calendar.at("clusters").size() == 1);
  CHECK(calendar.at("clusters")[0].at("name") == "old");
  for (const auto& [arguments, words] : std::vector<std::pair<std::string, std::string>>{
           {"--cluster nope", "the files define no cluster of that name, only"},
           {"--cluster ''", "--cluster takes the name of a cluster"},
           {"--format sarif", "text, json, svg or html"},
           {"--format markdown", "text, json, svg or html"},
           {"--deadline", "only upgrade takes --deadline"}}) {
    INFO(arguments);
    const RunResult result = six.calendar(arguments);
    CHECK(result.exit_code == 2);
    CHECK(result.output == "");
    CHECK_THAT(result.errors, Catch::Contains(words));
    CHECK(std::ranges::count(result.errors, '\n') == 1);
  }
  CHECK_THAT(run_meshlint(testdata / "readme", "check --format html").errors,
             Catch::Contains("--format takes text, concise,"));
}

TEST_CASE("the page and the drawing hold no markup of others, no script and nothing from the network") {
  const Repository six("calendar/six");
  const std::string html = six.calendar("--as-of 2026-08-21 --format html").output;
  const std::string svg = six.calendar("--as-of 2026-08-21 --format svg").output;
  CHECK(is_well_formed(html, {"meta"}));
  CHECK(is_well_formed(svg, {}));
  for (const std::string& text : {html, svg}) {
    for (const char* part : {"<script", "src=", "@import", "url(http", "<link", "<iframe", "<image", "onload", "\x07",
                             "\u202E", "##[", "javascript:"}) {
      INFO(part);
      CHECK(text.find(part) == std::string::npos);
    }
    CHECK_THAT(text,
               Catch::Contains("&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;&#39;x\\u{202e}\\x07"));
    CHECK_THAT(text, Catch::Contains("prefers-color-scheme: dark"));
    CHECK_THAT(text, Catch::Contains("@media print"));
    CHECK_THAT(text, Catch::Contains("role=\"img\""));
  }
  CHECK_THAT(html, Catch::Contains("default-src 'none'"));
  CHECK_THAT(html, Catch::Contains("name=\"viewport\""));
  CHECK_THAT(html, Catch::Contains("<th scope=\"row\">asm-1-28</th>"));
  CHECK_THAT(html, Catch::Contains("<th scope=\"col\"><span class=\"hidden\">Kubernetes </span>1.34</th>"));
}

TEST_CASE("a calendar of one day has the same bytes each time, and one of a day far away says that nothing is there") {
  const Repository sample("sample");
  for (const std::string format : {"text", "json", "svg", "html"}) {
    const std::string arguments = "--as-of 2026-08-21 --format " + format;
    CHECK(sample.calendar(arguments + " --jobs 1").output == sample.calendar(arguments + " --jobs 4").output);
    for (const std::string day : {"1999-01-01", "2040-12-31"}) {
      const RunResult far =
          run_meshlint(testdata / "calendar", "calendar --as-of " + day + " --format " + format + " six/new.yaml");
      CHECK(far.exit_code == 0);
      CHECK(far.output.find("nan") == std::string::npos);
    }
  }
  CHECK_THAT(calendar_of("", "--as-of 2040-12-31").output,
             Catch::Contains("nothing of this calendar falls into the months around the day"));
}
