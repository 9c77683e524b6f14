#include "linter/policy_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <utility>

#include "linter/policy_diff.h"
#include "tests/run_meshlint.h"

namespace meshlint {
namespace {

namespace fs = std::filesystem;

const fs::path shared = fs::path(SOURCE_DIRECTORY) / "../shared/upstream";

// A policy of its own with small calendars; all it does not state is built in.
constexpr const char* sources = R"yaml(# Where the facts come from.
extends: built-in
groups:
  - read: 2026-01-10
    site: https://learn.microsoft.com/azure/aks/
    pages:
      istio-support-policy: Revisions
      supported-kubernetes-versions: Versions # read every week
      istio-meshconfig: Fields
)yaml";

constexpr const char* releases = R"yaml(# The calendar; comments stay.
source: {page: istio-support-policy, section: Calendar, read: 2026-01-10}
compatibility: {page: istio-support-policy, section: Compatibility, read: 2026-01-10}

revisions:
  - revision: asm-1-27 # the oldest
    upstream_release: Aug 2025
    aks_release: Sept 2025
    end_of_life: {text: "~May 2026 (expected)", month: 2026-05, expected: true} # a forecast
    kubernetes: ["1.31", "1.32"]
    kubernetes_lts: ["1.31", "1.32"]
  # Between them.
  - revision: asm-1-28
    upstream_release: Nov 2025
    aks_release: Jan 2026
    end_of_life: {text: TBD}
    kubernetes: ["1.32"]
    kubernetes_lts: ["1.32"]
)yaml";

constexpr const char* versions =
    R"yaml(source: {page: supported-kubernetes-versions, section: Calendar, read: 2026-01-10}
lts: {page: supported-kubernetes-versions, section: LTS versions, read: 2026-01-10}
grace:
  days: 30
  source: {page: supported-kubernetes-versions, section: Process, read: 2026-01-10}
versions:
  - version: "1.30"
    upstream_release: Apr 2024
    preview: Jun 2024
    generally_available: 2024-07
    end_of_life: {text: Jul 2025, month: 2025-07}
    last_seen: 2025-09-01
  - version: "1.31"
    upstream_release: Aug 2024
    preview: Oct 2024
    generally_available: 2024-11
    end_of_life: {text: "Nov 1, 2025", day: 2025-11-01}
    lts_end_of_life: {text: Nov 2026, month: 2026-11}
  - version: "1.32"
    upstream_release: Dec 2024
    preview: Feb 2025
    generally_available: 2025-04
    end_of_life: {text: Mar 2026, month: 2026-03}
    lts_end_of_life: {text: Mar 2027, month: 2027-03}
    platform_support_until: "1.36"
)yaml";

constexpr const char* classification = R"yaml(source: {page: istio-meshconfig, section: MeshConfig, read: 2026-01-10}
proxy: {page: istio-meshconfig, section: ProxyConfig, read: 2026-01-10}
mesh_config:
  accessLogFile: {support: supported, note: our words}
  trustDomain: allowed # by hand
  connectTimeout: allowed
proxy_config:
  concurrency: supported
)yaml";

constexpr const char* policy_page = R"yaml(---
title: Support policy for Istio-based service mesh add-on for Azure Kubernetes Service
---
# Support policy

### Service mesh add-on release calendar

|  Service mesh revision | Upstream release  | AKS release  | End of life | Compatible AKS versions | Compatible AKS LTS versions |
|---|---|---|---|---|---|---|
| asm-1-27 | Aug 2025 | Sept 2025 | ~May 2026 (expected) | 1.31, 1.32 | 1.31, 1.32 |
| asm-1-28 | Nov 2025 | Jan 2026 | TBD | 1.32 | 1.32 |

### Supported revisions
)yaml";

constexpr const char* versions_page = R"yaml(# Supported Kubernetes versions in Azure Kubernetes Service (AKS)

## AKS Kubernetes release calendar

| Kubernetes version | Upstream release | AKS preview | AKS GA | End of life | Platform support |
| --- | --- | --- | --- | --- | --- |
| 1.32 | Dec 2024 | Feb 2025 | Apr 2025 | Mar 2026 | Until 1.36 GA |

### LTS versions

|  K8s version | Upstream release  | AKS preview  | AKS GA  | End of life | LTS End of life |
|--------------|-------------------|--------------|---------|-------------|-----------------------|
| 1.31 | Aug 2024 | Oct 2024 | Nov 2024 | Nov 1, 2025 | Nov 2026 |
| 1.32* | Dec 2024 | Feb 2025 | Apr 2025 | Mar 2026 | Mar 2027|

## Next
)yaml";

constexpr const char* fields_page = R"yaml(# Configure Istio-based service mesh add-on for Azure Kubernetes Service

### MeshConfig

| **Field** | **Supported/Allowed** | **Notes** |
|-----------|-----------------------|-----------|
| accessLogFile | Supported | a link |
| trustDomain | Allowed | - |
| connectTimeout | Allowed |

### ProxyConfig (meshConfig.defaultConfig)

| **Field** | **Supported** |
|---|---|
| concurrency | true |
)yaml";

constexpr const char* revisions_output = R"yaml({"meshRevisions": [
  {"revision": "asm-1-27", "upgrades": ["asm-1-28"],
   "compatibleWith": [{"name": "KubernetesOfficial", "versions": ["1.31", "1.32"]},
                      {"name": "AKSLongTermSupport", "versions": ["1.31", "1.32"]}]},
  {"revision": "asm-1-28", "upgrades": null,
   "compatibleWith": [{"name": "kubernetes", "versions": ["1.32"]}]}]}
)yaml";

// A policy directory and pages that say the same.
class Import {
 public:
  Import() {
    write("policy/sources.yaml", sources);
    write("policy/release-calendar.yaml", releases);
    write("policy/kubernetes-calendar.yaml", versions);
    write("policy/mesh-config-classification.yaml", classification);
    write("istio-support-policy.md", policy_page);
    write("supported-kubernetes-versions.md", versions_page);
    write("istio-meshconfig.md", fields_page);
    write("revisions.json", revisions_output);
  }

  const fs::path& path() const { return directory_.path(); }
  void write(const std::string& name, std::string_view text) { write_file(path() / name, text); }
  std::string read(const std::string& name) const { return read_file(path() / name); }

  // Changes one file and fails when there is nothing to change.
  void change(const std::string& name, std::string_view from, std::string_view to) {
    std::string text = read(name);
    const std::size_t at = text.find(from);
    INFO(name << " has no: " << from);
    REQUIRE(at != std::string::npos);
    write(name, text.replace(at, from.size(), to));
  }

  RunResult run(const std::string& arguments) { return run_meshlint(path(), "policy import " + arguments); }
  RunResult run_all(const std::string& options = "") { return run(options + " *.md revisions.json"); }

  std::string policy() const {
    return read("policy/sources.yaml") + read("policy/release-calendar.yaml") +
           read("policy/kubernetes-calendar.yaml") + read("policy/mesh-config-classification.yaml");
  }

 private:
  TemporaryDirectory directory_;
};

std::string changed(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  INFO("no: " << from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

bool absent(const fs::path& path) {
  if (fs::exists(path)) return false;
  WARN("skipped: " << path << " does not exist");
  return true;
}

}  // namespace

TEST_CASE("pages that say what the policy says change nothing") {
  Import import;
  const std::string before = import.policy();
  const RunResult result = import.run_all();
  CHECK(result.errors == "");
  CHECK(result.exit_code == 0);
  CHECK(result.output ==
        "istio-meshconfig.md: MeshConfig fields: 3 rows, 8 cells; ProxyConfig fields: 1 row, 2 cells\n"
        "istio-support-policy.md: release calendar: 2 rows, 12 cells\n"
        "supported-kubernetes-versions.md: community support: 1 row, 6 cells; long-term support: 2 rows, 12 cells\n"
        "revisions.json: mesh revisions: 2 rows, 5 cells\n\nnothing changed\n");
  CHECK(import.policy() == before);
}

TEST_CASE("an import touches the lines whose facts changed and no others") {
  Import import;
  import.change("istio-support-policy.md", "~May 2026 (expected) | 1.31, 1.32", "Jun 2026 | 1.31, 1.32");
  import.change("istio-support-policy.md", "| TBD | 1.32 | 1.32 |\n",
                "| ~Aug 2026 (expected) | 1.32 | 1.31, 1.32 |\n"
                "| asm-1-29 | Feb 2026 | ~Apr 2026 (expected) | TBD | 1.32 | |\n");
  const RunResult result = import.run("istio-support-policy.md");
  CHECK(result.errors == "");
  CHECK(result.exit_code == 0);
  std::string expected = changed(releases, R"yaml({text: "~May 2026 (expected)", month: 2026-05, expected: true})yaml",
                                 "{text: Jun 2026, month: 2026-06}");
  expected =
      changed(expected, "{text: TBD}", R"yaml({text: "~Aug 2026 (expected)", month: 2026-08, expected: true})yaml");
  expected = changed(expected, "    kubernetes_lts: [\"1.32\"]\n", R"yaml(    kubernetes_lts: ["1.31", "1.32"]
  - revision: asm-1-29
    upstream_release: Feb 2026
    aks_release: "~Apr 2026 (expected)"
    end_of_life: {text: TBD}
    kubernetes: ["1.32"]
    kubernetes_lts: []
)yaml");
  CHECK(import.read("policy/release-calendar.yaml") == expected);
  CHECK(result.output ==
        "istio-support-policy.md: release calendar: 3 rows, 18 cells\n\nrelease-calendar:\n"
        "- asm-1-27: end of life moved from May 2026 to June 2026, now firm\n"
        "- asm-1-28: end of life is now August 2026 (expected), was to be determined\n"
        "- asm-1-28 now runs on Kubernetes 1.31 with long-term support\n"
        "- asm-1-29 added: on AKS since April 2026 (expected), end of life to be determined, Kubernetes 1.32\n");
  CHECK(import.run("istio-support-policy.md").output.ends_with("nothing changed\n"));
}

TEST_CASE("comments beside the items of a list stay when others come and go") {
  Import import;
  import.change("policy/release-calendar.yaml", "    kubernetes: [\"1.31\", \"1.32\"]\n", R"yaml(    kubernetes:
      # Those of old clusters.
      - "1.31" # checked by hand
      # The newest.
      - "1.32"  # a
)yaml");
  SECTION("an item comes") {
    import.change("istio-support-policy.md", "(expected) | 1.31, 1.32 |", "(expected) | 1.30, 1.31, 1.32 |");
    const RunResult result = import.run("istio-support-policy.md");
    CHECK(result.errors == "");
    CHECK_THAT(import.read("policy/release-calendar.yaml"), Catch::Contains(R"yaml(    kubernetes:
      # Those of old clusters.
      - "1.30"
      - "1.31" # checked by hand
      # The newest.
      - "1.32"  # a
    kubernetes_lts: ["1.31", "1.32"]
)yaml"));
  }
  SECTION("an item goes") {
    import.change("istio-support-policy.md", "(expected) | 1.31, 1.32 |", "(expected) | 1.32 |");
    CHECK(import.run("--allow-removals istio-support-policy.md").errors == "");
    CHECK_THAT(import.read("policy/release-calendar.yaml"), Catch::Contains(R"yaml(    kubernetes:
      # Those of old clusters.
      # The newest.
      - "1.32"  # a
)yaml"));
  }
  SECTION("all are others") {
    import.change("istio-support-policy.md", "(expected) | 1.31, 1.32 |", "(expected) | 1.30 |");
    CHECK(import.run("--allow-removals istio-support-policy.md").errors == "");
    CHECK_THAT(import.read("policy/release-calendar.yaml"), Catch::Contains(R"yaml(    kubernetes:
      # Those of old clusters.
      - "1.30"
      # The newest.
    kubernetes_lts: ["1.31", "1.32"]
)yaml"));
  }
}

TEST_CASE("a page that makes the policy invalid is refused at its own row") {
  Import import;
  import.change("supported-kubernetes-versions.md", "| Mar 2026 | Until", "| Apr 2027 | Until");
  import.change("supported-kubernetes-versions.md", "| 1.32* | Dec 2024 | Feb 2025 | Apr 2025 | Mar 2026 | Mar 2027|\n",
                "");
  const std::string before = import.policy();
  const RunResult result = import.run("--allow-removals supported-kubernetes-versions.md");
  CHECK(result.exit_code == 1);
  CHECK(result.errors ==
        "supported-kubernetes-versions.md:7:1: what the page says makes an invalid policy: kubernetes-calendar.yaml "
        "line 24: long-term support ends before community support\n"
        "meshlint: nothing was imported\n");
  CHECK(import.policy() == before);
}

TEST_CASE("what a page drops stays with the day it was last seen") {
  Import import;
  import.change("istio-support-policy.md",
                "| asm-1-27 | Aug 2025 | Sept 2025 | ~May 2026 (expected) | 1.31, 1.32 | 1.31, 1.32 |\n", "");
  import.change("supported-kubernetes-versions.md",
                "| 1.31 | Aug 2024 | Oct 2024 | Nov 2024 | Nov 1, 2025 | Nov 2026 |\n",
                "| 1.30 | Apr 2024 | Jun 2024 | Jul 2024 | Aug 22nd, 2025 | Jul 2026 |\n");
  import.change("istio-meshconfig.md", "| trustDomain | Allowed | - |\n",
                "| dnsRefreshRate | Allowed | - |\n| connectTimeout | Supported | - |\n");
  import.change("istio-meshconfig.md", "| connectTimeout | Allowed |\n", "");
  const RunResult result = import.run("--read 2026-02-01 --allow-removals *.md");
  CHECK(result.errors == "");
  CHECK(result.exit_code == 0);
  const std::string calendar = import.read("policy/release-calendar.yaml");
  CHECK_THAT(calendar,
             Catch::Contains("    kubernetes_lts: [\"1.31\", \"1.32\"]\n    last_seen: 2026-01-10\n  # Between"));
  CHECK_THAT(calendar, Catch::Contains("section: Calendar, read: 2026-02-01}"));
  const std::string kubernetes = import.read("policy/kubernetes-calendar.yaml");
  CHECK_THAT(kubernetes,
             Catch::Contains("    end_of_life: {text: \"Aug 22nd, 2025\", day: 2025-08-22}\n"
                             "    lts_end_of_life: {text: Jul 2026, month: 2026-07}\n  - version: \"1.31\""));
  CHECK_THAT(kubernetes, Catch::Contains("month: 2026-11}\n    last_seen: 2026-01-10\n  - version: \"1.32\""));
  const std::string fields = import.read("policy/mesh-config-classification.yaml");
  CHECK_THAT(fields, Catch::Contains("  accessLogFile: {support: supported, note: our words}\n"
                                     "  dnsRefreshRate: {support: allowed, since: 2026-02-01}\n"
                                     "  trustDomain: {support: allowed, until: 2026-01-10} # by hand\n"
                                     "  connectTimeout: {support: supported, since: 2026-02-01, before: allowed}\n"));
  CHECK_THAT(
      import.read("policy/sources.yaml"),
      Catch::Contains("groups:\n  - read: 2026-01-10") &&
          Catch::Contains("supported-kubernetes-versions: {title: Versions, read: 2026-02-01} # read every week"));
  CHECK_THAT(result.output,
             Catch::Contains("- asm-1-27 is no longer on the page, last seen on 2026-01-10\n") &&
                 Catch::Contains("- Kubernetes 1.30: end of life moved from July 2025 to August 22, 2025") &&
                 Catch::Contains("- Kubernetes 1.30 is on the page again\n") &&
                 Catch::Contains("- MeshConfig field `dnsRefreshRate` is now allowed, was blocked\n") &&
                 Catch::Contains("- MeshConfig field `trustDomain` is now blocked, was allowed\n") &&
                 Catch::Contains("- MeshConfig field `connectTimeout` is now supported, was allowed\n"));
  CHECK(import.run("--read 2026-02-01 *.md").output.ends_with("nothing changed\n"));
}

TEST_CASE("the output of az aks mesh get-revisions refreshes the compatibility") {
  Import import;
  const auto check = [&import](std::string_view output) {
    import.write("policy/release-calendar.yaml", releases);
    import.write("revisions.json", output);
    const RunResult result = import.run("revisions.json");
    CHECK(result.errors == "");
    CHECK(import.read("policy/release-calendar.yaml") ==
          changed(releases, "    kubernetes: [\"1.32\"]", "    kubernetes: [\"1.31\", \"1.32\"]"));
  };
  const std::string entry = R"yaml({"revision": "asm-1-28", "upgrades": null, "compatibleWith": [{"name": "NAME", )yaml"
                            R"yaml("versions": ["1.32", "1.31"]}]})yaml";
  check("{\"meshRevisions\": [" + changed(entry, "NAME", "kubernetes") + "]}");
  check("{\"meshRevisions\": [" + changed(entry, "NAME", "KubernetesOfficial") + "]}");
  check("[{\"properties\": " + changed(entry, "NAME", "KubernetesOfficial") + "}]");
  check("{\"value\": [{\"name\": \"istio\", \"properties\": {\"meshRevisions\": [" +
        changed(entry, "NAME", "KubernetesOfficial") + "]}}]}");
}

TEST_CASE("a page that makes no sense is refused and nothing is written") {
  struct Broken {
    const char* file;
    const char* from;
    const char* to;
    const char* message;
  };
  constexpr const char* policy = "istio-support-policy.md";
  constexpr const char* kubernetes = "supported-kubernetes-versions.md";
  constexpr const char* fields = "istio-meshconfig.md";
  constexpr const char* output = "revisions.json";
  const std::vector<Broken> pages = {
      {policy, "|---|---|---|---|---|---|---|\n", "|---|---|---|---|---|---|---|\n\n",
       ":8:1: the table of the release calendar is empty: expected rows below its header"},
      {policy, "| asm-1-28", "\n| asm-1-28",
       ":12:1: this row is in no table: a blank line or text between it and the table of the release calendar hides "
       "it"},
      {policy, "| asm-1-28", "some words\n| asm-1-28", ":12:1: this row is in no table"},
      {policy, "| asm-1-28", "> [!NOTE]\n> words\n\n| asm-1-28", ":14:1: this row is in no table"},
      {fields, "| trustDomain", "note\n| trustDomain", ":9:1: this row is in no table"},
      {policy, "|  Service mesh", "```output\n|  Service mesh", "there is no table below the heading 'Service mesh"},
      {policy, "| asm-1-28 | Nov 2025 | Jan 2026 | TBD | 1.32 | 1.32 |\n", "",
       ":8:1: the table of release calendar no longer states the end of life of asm-1-28, which by the policy has not "
       "ended on 2026-01-10; if that was removed on purpose, import with --allow-removals"},
      {policy, "| 1.32 | 1.32 |", "| 1.32 | |",
       ":11:1: asm-1-28 has lost 1.32 of its compatible LTS versions; if that is on purpose, import with"},
      {policy, "1.31, 1.32 | 1.31, 1.32 |", "1.32 | 1.31, 1.32 |",
       ":10:1: asm-1-27 has lost 1.31 of its compatible versions"},
      {policy, "| TBD", "| Aug 31", ":11:36: cannot read the end of life 'Aug 31': expected a month or day such as"},
      {policy, "| TBD", "| Aug 2006",
       ":11:1: asm-1-28: the end of life 'Aug 2006' cannot be right with the AKS release 'Jan 2026': it comes before"},
      {policy, "| TBD", "| Aug 2062",
       "the end of life 'Aug 2062' cannot be right with the AKS release 'Jan 2026': it comes more than 3 years later"},
      {policy, "Jan 2026 | TBD", "Apr 2026 | Feb 2029",
       ":11:1: asm-1-28: the end of life 'Feb 2029' is more than 3 years after 2026-01-10"},
      {policy, "| TBD", "| Apr 2026",
       ":11:1: the end of life of asm-1-28, 'Apr 2026', comes before that of asm-1-27, '~May 2026 (expected)'"},
      {policy, "Upstream release  | AKS release ", "AKS release  | Upstream release ",
       "asm-1-27: the AKS release 'Aug 2025' cannot be right with the upstream release 'Sept 2025'"},
      {policy, "### Supported", "| asm-1-31 | May 2026 | Jul 2026 | TBD | 1.32 | |\n\n### Supported",
       "this row is in no table"},
      {policy, "| 1.32 | 1.32 |\n", "| 1.32 | 1.32 |\n| asm-1-300 | May 2026 | Jul 2026 | TBD | 1.32 | |\n",
       ":12:1: asm-1-300 cannot follow asm-1-28: the rows between them are missing, or it is a slip"},
      {policy, "### Supported revisions\n",
       "### Supported revisions\n| Service mesh revision | End of life |\n|---|---|\n| asm-1-27 | Jul 2026 |\n",
       ":14:1: a table like that below 'Service mesh add-on release calendar' stands here as well"},
      {policy, "release calendar\n", "release calender\n",
       ":1:1: the page has no heading 'Service mesh add-on release calendar'; is it 'Service mesh add-on release "
       "calender' "
       "now?"},
      {policy, "|---|---|---|---|---|---|---|\n", "", "there is no table below the heading 'Service mesh add-on"},
      {policy, "| End of life", "| End date",
       ":8:63: unknown column 'End date': expected 'service mesh revision', 'upstream release'"},
      {policy, " AKS release ", " Upstream release ", ":8:48: a second column 'Upstream release'"},
      {policy, "asm-1-28", "asm-1.28", ":11:3: cannot read the revision 'asm-1.28': expected one such as asm-1-30"},
      {policy, "asm-1-28", "asm-1-27", ":11:1: a second row for asm-1-27"},
      {policy, "Nov 2025", "soon", ":11:14: cannot read the upstream release 'soon': expected a month or day such as"},
      {policy, "Nov 2025", "1.28 GA", "cannot read the upstream release '1.28 GA': expected a month such as Mar 2026"},
      {policy, "| TBD ", "| ", ":11:36: the end of life is empty: expected a month such as Mar 2026"},
      {policy, "TBD | 1.32 |", "TBD | 1.32; 1.33 |", "cannot read the versions '1.32; 1.33': expected a list such as"},
      {policy, "TBD | 1.32 |", "TBD | 1.32, 1.32 |", "the versions '1.32, 1.32' hold 1.32 twice"},
      {policy, "TBD | 1.32 |", "TBD | |", "no compatible version"},
      {policy, "TBD | 1.32 |", "TBD | 1.32, 1.44 |",
       "asm-1-28 is said to run on Kubernetes 1.44, of which the policy knows nothing"},
      {policy, "| 1.32 | 1.32 |", "| 1.32 | 1.32 | 1.33 |",
       "the row has 7 cells and the header 6: which column is this?"},
      {policy, "### Supported", "| Service mesh revision |\n|---|\n| asm-1-29 |\n\n### Supported",
       "a second table of revisions: expected one"},
      {policy, "| asm-1-27 | Aug 2025 | Sept 2025 | ~May 2026 (expected) | 1.31, 1.32 | 1.31, 1.32 |\n| asm-1-28",
       "| asm-1-26",
       ":8:1: the table of release calendar has lost 2 of the 2 rows it had: asm-1-27 and asm-1-28; if they were "
       "removed "
       "on purpose, import with --allow-removals"},
      {policy, " Compatible AKS LTS versions |", "", "the row has 6 cells and the header 5"},
      {kubernetes, "Apr 2025 | Mar 2026 | Mar 2027", "Apr 2025 | Apr 2026 | Mar 2027",
       "supported-kubernetes-versions.md:14:1: the tables disagree on the end of life of 1.32: 'Apr 2026' here, 'Mar "
       "2026' in the table of community support"},
      {kubernetes, "## AKS Kubernetes release calendar", "## Release calendar",
       "the page has no heading 'AKS Kubernetes release calendar'"},
      {kubernetes, "1.32*", "1.32.1", "cannot read the version '1.32.1': expected one such as 1.30"},
      {kubernetes, "Until 1.36 GA", "Mar 2027", "cannot read the end of platform support 'Mar 2027': expected such as"},
      {kubernetes, "| LTS End of life |", "| End |", "a second table of community support: expected one"},
      {kubernetes, "Mar 2027|", "Mar 2027 - extended|", "cannot read the end of long-term support"},
      {kubernetes, "| 1.31 | Aug 2024 | Oct 2024 | Nov 2024 | Nov 1, 2025 | Nov 2026 |\n| 1.32* ", "| 1.33 ",
       ":11:1: the table of long-term support no longer states the end of long-term support of 1.31 and 1.32, which "
       "by"},
      {kubernetes, "| 1.32 | Dec 2024 | Feb 2025 | Apr 2025 | Mar 2026 | Until 1.36 GA |",
       "| 1.33 | Apr 2025 | May 2025 | Jun 2025 | Jul 2026 | Until 1.37 GA |",
       ":5:1: the table of community support no longer states the end of life of 1.32, which by the policy has not"},
      {kubernetes, "Mar 2026 | Mar 2027|", "Mar 2026 | Mar 2026|",
       "Kubernetes 1.32: the end of long-term support 'Mar 2026' cannot be in the month of the end of life"},
      {kubernetes, "Mar 2026 | Mar 2027|", "Mar 2026 | |", "no longer states the end of long-term support of 1.32"},
      {kubernetes, "Until 1.36 GA", "", "no longer states the end of platform support of 1.32"},
      {kubernetes, "Until 1.36 GA", "Until 1.83 GA",
       ":7:54: platform support of 1.32 ends with the version four after it: 'Until 1.83 GA' cannot be right"},
      {kubernetes, "| End of life | LTS End of life |", "| LTS End of life | End of life |",
       "cannot be right with the end of life 'Nov 2026': it comes before it"},
      {kubernetes, "| 1.31 | Aug 2024 | Oct 2024 | Nov 2024 |", "| 1.31 | Aug 2024 | Oct 2024 | Jul 2024 |",
       "Kubernetes 1.31: the general availability 'Jul 2024' cannot be right with the upstream release 'Aug 2024'"},
      {kubernetes, "AKS preview | AKS GA | End of life | Platform", "AKS GA | AKS preview | End of life | Platform",
       ":7:1: 1 of 1 previews do not come between the upstream release and the general availability, as that of 1.32"},
      {kubernetes, "Upstream release | AKS preview | AKS GA", "AKS preview | Upstream release | AKS GA",
       ":7:1: 1 of 1 previews do not come between"},
      {kubernetes, "Nov 2024 | Nov 1, 2025 |", "Nov 2024 | TBD |",
       ":13:1: Kubernetes 1.31: the end of life 'TBD' cannot replace 'Nov 1, 2025', which had come when the page was"},
      {fields, "trustDomain | Allowed", "trustDomain | Supported",
       ":8:1: `trustDomain` is supported now and was allowed: say with --read YYYY-MM-DD since when"},
      {fields, "| trustDomain", "| dnsRefreshRate | Allowed |\n| trustDomain",
       ":8:1: `dnsRefreshRate` is allowed now and was blocked: say with --read YYYY-MM-DD since when"},
      {fields, "| Allowed | - |", "| Maybe | - |",
       ":8:17: cannot read the support 'Maybe' of 'trustDomain': expected Supported or Allowed"},
      {fields, "trustDomain", "trust domain", "cannot read the field 'trust domain': expected a name such as"},
      {fields, "trustDomain", "accessLogFile", "a second row for accessLogFile"},
      {fields, "connectTimeout", "connectTimeOut",
       "has no field `connectTimeOut`; if `connectTimeout` is meant, add `connectTimeOut: allowed` and, under "
       "`misspelt`"},
      {fields, "### ProxyConfig", "### Settings of each sidecar",
       "'MeshConfig' and 'Settings of each sidecar (meshConfig.defaultConfig)'"},
      {fields, "### ProxyConfig", "### Proxies", "the page has no heading 'ProxyConfig'"},
      {fields, "| concurrency | true |\n", "", "the table of the ProxyConfig fields is empty"},
      {fields, "| trustDomain | Allowed | - |\n| connectTimeout | Allowed |\n", "",
       "the table of MeshConfig fields has lost 2 of the 3 rows it had: trustDomain and connectTimeout"},
      {fields, "| connectTimeout | Allowed |\n", "",
       "the table of MeshConfig fields has lost 1 of the 3 rows it had: connectTimeout; if they were removed"},
      {output, "\"kubernetes\"", "\"kubernetes-next\"", "unknown entry 'kubernetes-next': expected kubernetes"},
      {output, "[\"1.32\"]}]}]}", "[1.32]}]}]}", "cannot read the version '1.32': expected one such as \"1.30\""},
      {output, "[\"1.32\"]}]}]}", "[\"1.32.1\"]}]}]}",
       "cannot read the version '1.32.1': expected one such as \"1.30\""},
      {output, "[\"1.32\"]}]}]}", "[]}]}]}", "no compatible version: expected a list such as"},
      {output, "[{\"name\": \"kubernetes\", \"versions\": [\"1.32\"]}]", "[]",
       ":6:22: expected the list `compatibleWith` of what asm-1-28 runs on"},
      {output, "\"upgrades\": null", "\"compatibleWith\": []", ":6:4: a second value of 'compatibleWith'"},
      {output, "[\"1.32\"]}]}]}", "[\"1.32\"]}, {\"name\": \"KubernetesOfficial\", \"versions\": [\"1.31\"]}]}]}",
       "a second list of the versions of asm-1-28 that differs from the first"},
      {output, "\"AKSLongTermSupport\", \"versions\": [\"1.31\", \"1.32\"]", "\"AKSLongTermSupport\", \"versions\": []",
       "asm-1-27 has lost 1.31 and 1.32 of its compatible LTS versions"},
      {output, "[\"1.32\"]}]}]}", "[\"1.31\"]}]}]}",
       "asm-1-28 runs on Kubernetes 1.31 under KubernetesOfficial here, and on 1.32 in istio-support-policy.md"},
      {output, "\"revision\": \"asm-1-28\"", "\"revision\": \"asm-1-29\"",
       "asm-1-29 is new, and this output does not tell"},
      {output, "\"revision\": \"asm-1-28\"", "\"revision\": \"asm-1-27\"", "a second entry for asm-1-27"},
      {output, "meshRevisions", "meshes", "expected the revisions that az aks mesh get-revisions -o json prints"},
  };
  for (const Broken& page : pages) {
    INFO(page.file << ": " << page.from << " -> " << page.to);
    Import import;
    // Another page has news, which must not be written either.
    if (page.file != policy) import.change(policy, "TBD", "May 2026");
    if (page.file == policy) import.change(kubernetes, "Mar 2027|", "Apr 2027|");
    import.change(page.file, page.from, page.to);
    const std::string before = import.policy();
    const RunResult result = import.run_all();
    CHECK(result.exit_code == 1);
    CHECK(result.output == "");
    CHECK_THAT(result.errors, Catch::Contains(page.message));
    CHECK(result.errors.starts_with(page.file));
    CHECK(result.errors.ends_with("meshlint: nothing was imported\n"));
    CHECK(import.policy() == before);
  }
}

TEST_CASE("a row or heading that cannot be read is told once") {
  Import import;
  SECTION("a version") {
    import.change("supported-kubernetes-versions.md", "| 1.32 | Dec 2024", "| 1.32.1 | Dec 2024");
    const std::string errors = import.run("supported-kubernetes-versions.md").errors;
    CHECK_THAT(errors, Catch::Contains("cannot read the version '1.32.1'") && !Catch::Contains("0.0"));
  }
  SECTION("a heading") {
    import.change("istio-support-policy.md", "### Service mesh add-on release calendar", "### Revisions");
    const std::string errors = import.run("istio-support-policy.md").errors;
    CHECK_THAT(errors, Catch::Contains("the page has no heading 'Service mesh add-on release calendar'") &&
                           !Catch::Contains("stands here as well"));
  }
}

TEST_CASE("ends without a date are taken over") {
  Import import;
  import.change("supported-kubernetes-versions.md", "| 1.32 | Dec 2024",
                "| 1.33 | Apr 2025 | May 2025 | Jun 2025 | 1.37 GA | Until 1.37 GA |\n| 1.32 | Dec 2024");
  import.change("supported-kubernetes-versions.md", "| 1.32* |",
                "| 1.33 | Apr 2025 | May 2025 | Jun 2025 | 1.37 GA | Jun 2027 |\n| 1.32* |");
  const RunResult result = import.run("supported-kubernetes-versions.md");
  CHECK(result.errors == "");
  CHECK(result.exit_code == 0);
  CHECK_THAT(
      import.read("policy/kubernetes-calendar.yaml"),
      Catch::Contains("    end_of_life: {text: 1.37 GA}\n    lts_end_of_life: {text: Jun 2027, month: 2027-06}"));
}

TEST_CASE("an end that is open again is not called firm") {
  Import import;
  import.change("istio-support-policy.md", "~May 2026 (expected)", "TBD");
  CHECK_THAT(import.run("istio-support-policy.md").output,
             Catch::Contains("asm-1-27: end of life is now to be determined, was May 2026\n"));
}

TEST_CASE("cells that are empty now are told, and the policy keeps what it has") {
  Import import;
  const std::string before = import.policy();
  import.change("supported-kubernetes-versions.md", "| 1.31 | Aug 2024 | Oct 2024 | Nov 2024 |", "| 1.31 | | | |");
  const RunResult result = import.run("supported-kubernetes-versions.md");
  CHECK(result.exit_code == 0);
  for (const char* words :
       {"upstream release for 1.31: the policy keeps 'Aug 2024'", "preview for 1.31: the policy keeps 'Oct 2024'",
        "general availability for 1.31: the policy keeps '2024-11'"}) {
    CHECK_THAT(result.errors, Catch::Contains("the page states no " + std::string(words)));
  }
  CHECK(import.policy() == before);
}

TEST_CASE("rows that were removed on purpose are accepted with --allow-removals") {
  Import import;
  import.change("istio-meshconfig.md", "| trustDomain | Allowed | - |\n| connectTimeout | Allowed |\n", "");
  CHECK(import.run_all().exit_code == 1);
  const RunResult result = import.run_all("--allow-removals");
  CHECK(result.exit_code == 0);
  CHECK_THAT(import.read("policy/mesh-config-classification.yaml"),
             Catch::Contains("connectTimeout: {support: allowed, until: 2026-01-10}"));
}

TEST_CASE("a field that the page spells otherwise is not lost") {
  Import import;
  import.change("policy/mesh-config-classification.yaml", "  connectTimeout: allowed\n",
                "  connectTimeout: allowed\n  connectTimeOut: allowed\nmisspelt: {connectTimeOut: connectTimeout}\n");
  const RunResult result = import.run("--read 2026-02-01 istio-meshconfig.md");
  CHECK(result.errors == "");
  CHECK(result.exit_code == 0);
  CHECK_THAT(import.read("policy/mesh-config-classification.yaml"),
             Catch::Contains("  connectTimeout: allowed\n  connectTimeOut: {support: allowed, until: 2026-01-10}\n"));
}

TEST_CASE("a field whose spelling the page corrects stays what it was") {
  Import import;
  import.change("policy/mesh-config-classification.yaml", "  connectTimeout: allowed\n",
                "  connectTimeOut: allowed\nmisspelt: {connectTimeOut: connectTimeout}\n");
  const RunResult result = import.run("--read 2026-02-01 istio-meshconfig.md");
  CHECK(result.errors == "");
  CHECK(result.exit_code == 0);
  const std::string table = import.read("policy/mesh-config-classification.yaml");
  CHECK_THAT(table, Catch::Contains("  connectTimeout: allowed\n"));
  CHECK_THAT(table, Catch::Contains("  connectTimeOut: {support: allowed, until: 2026-01-10}\n"));
}

TEST_CASE("a note that limits a field to a revision is told, since it is not kept") {
  Import import;
  import.change("istio-meshconfig.md", "| trustDomain | Allowed | - |", "| trustDomain | Allowed | From asm-1-30 on |");
  const RunResult result = import.run("--read 2026-02-01 istio-meshconfig.md");
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.errors, Catch::Contains(":8:27: the note on trustDomain names a revision and is not kept: 'From "
                                            "asm-1-30 on'"));
}

TEST_CASE("an import writes files of its own and nothing else") {
  Import import;
  import.change("istio-support-policy.md", "| TBD", "| May 2026");
  const std::string before = import.policy();
  SECTION("a dry run writes nothing") {
    const RunResult result = import.run_all("--dry-run");
    CHECK(result.exit_code == 0);
    CHECK_THAT(result.output, Catch::Contains("asm-1-28: end of life is now May 2026"));
    CHECK(import.policy() == before);
  }
  SECTION("not through a link") {
    fs::rename(import.path() / "policy/release-calendar.yaml", import.path() / "elsewhere.yaml");
    fs::create_symlink("../elsewhere.yaml", import.path() / "policy/release-calendar.yaml");
    const RunResult result = import.run_all();
    CHECK(result.exit_code == 2);
    CHECK_THAT(result.errors, Catch::Contains("is no file of its own: import writes through no link"));
    CHECK(import.read("elsewhere.yaml") == releases);
    CHECK(import.policy() == before);
  }
  SECTION("with the same permissions and no file left over") {
    const fs::path calendar = import.path() / "policy/release-calendar.yaml";
    fs::permissions(calendar, fs::perms(0640));
    CHECK(import.run_all().exit_code == 0);
    CHECK(fs::status(calendar).permissions() == fs::perms(0640));
    const auto files = std::distance(fs::directory_iterator(import.path() / "policy"), fs::directory_iterator());
    CHECK(files == 4);
  }
  SECTION("with the line ends that the file has") {
    std::string text = releases;
    for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) text.replace(at, 1, "\r\n");
    import.write("policy/release-calendar.yaml", text);
    import.change("istio-support-policy.md", "| 1.32 | 1.32 |\n",
                  "| 1.32 | 1.32 |\n| asm-1-29 | Feb 2026 | Apr 2026 | TBD | 1.32 | |\n");
    CHECK(import.run("istio-support-policy.md").exit_code == 0);
    const std::string written = import.read("policy/release-calendar.yaml");
    CHECK(std::ranges::count(written, '\n') == std::ranges::count(written, '\r'));
    CHECK_THAT(written, Catch::Contains("    kubernetes: [\"1.32\"]\r\n    kubernetes_lts: []\r\n"));
  }
}

TEST_CASE("what import is asked for must make sense") {
  Import import;
  CHECK(import.run("").exit_code == 2);
  CHECK(import.run("--policy nowhere istio-meshconfig.md").exit_code == 2);
  CHECK(import.run("policy/sources.yaml").exit_code == 2);
  CHECK(import.run("nowhere.md").exit_code == 4);
  CHECK(import.run("--read soon istio-meshconfig.md").exit_code == 2);
  CHECK_THAT(import.run("--read 2126-09-01 istio-meshconfig.md").errors,
             Catch::Contains("--read 2126-09-01 is still to come: expected the day on which the pages were read"));
  CHECK_THAT(run_meshlint(import.path(), "policy show featurs").errors, Catch::Contains("did you mean features?"));
  CHECK(run_meshlint(import.path(), "check --dry-run").exit_code == 2);
  CHECK(run_meshlint(import.path(), "policy").exit_code == 2);
  CHECK(run_meshlint(import.path(), "policy impart").exit_code == 2);
  CHECK_THAT(run_meshlint(import.path(), "policy --help").output,
             Catch::Contains("meshlint policy import [--policy DIR]"));
  import.write("again.md", policy_page);
  CHECK_THAT(import.run("istio-support-policy.md again.md").errors,
             Catch::Contains("again.md:1:1: a second input of this kind"));
  CHECK_THAT(import.run("--read 2026-01-01 istio-meshconfig.md").errors,
             Catch::Contains("the policy holds what the page said on 2026-01-10: a state of 2026-01-01 must not"));
  import.change("policy/release-calendar.yaml", "# The calendar;", "extends: built-in\n# The calendar;");
  CHECK_THAT(
      import.run("istio-support-policy.md").errors,
      Catch::Contains("policy/release-calendar.yaml:1:10: this table adds to the built-in one: import refreshes"));
  import.change("policy/release-calendar.yaml", "aks_release: Jan 2026", "aks_release: soon");
  CHECK(import.run("istio-meshconfig.md").exit_code == 2);
}

// The rows and cells that a line splitter which knows nothing of Markdown finds below a heading.
namespace {

struct Count {
  std::size_t tables = 0;
  std::size_t rows = 0;
  std::size_t cells = 0;
};

Count count_cells(const std::string& page, const std::string& heading) {
  const auto lower = [](std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char letter) { return std::tolower(letter); });
    return text;
  };
  Count count;
  std::istringstream lines(page);
  bool inside = false;
  std::size_t level = 0;
  std::size_t last_cells = 0;
  for (std::string line; std::getline(lines, line);) {
    while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back())) != 0) line.pop_back();
    if (line.starts_with('#') && line.find("# ") != std::string::npos) {
      const std::size_t depth = line.find(' ');
      if (lower(line.substr(depth + 1)).starts_with(lower(heading))) {
        inside = true;
        level = depth;
      } else if (depth <= level || lower(line).find("lts versions") == std::string::npos) {
        inside = false;
      }
    }
    if (!inside || line.find('|') == std::string::npos) continue;
    const std::size_t bars = static_cast<std::size_t>(std::ranges::count(line, '|'));
    const std::size_t cells = bars + 1 - (line.front() == '|' ? 1U : 0U) - (line.back() == '|' ? 1U : 0U);
    if (line.find_first_not_of("|- ") == std::string::npos) {
      ++count.tables;  // and the line before it is a header
      --count.rows;
      count.cells -= last_cells;
    } else {
      ++count.rows;
      count.cells += cells;
    }
    last_cells = cells;
  }
  return count;
}

Count count_page(PageKind kind, const std::string& page) {
  if (kind == PageKind::support_policy) return count_cells(page, "service mesh add-on release calendar");
  if (kind == PageKind::kubernetes_versions) return count_cells(page, "aks kubernetes release calendar");
  const Count mesh = count_cells(page, "MeshConfig");
  const Count proxy = count_cells(page, "ProxyConfig");
  return {mesh.tables + proxy.tables, mesh.rows + proxy.rows, mesh.cells + proxy.cells};
}

std::vector<fs::path> history(const char* page) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(shared / "history" / page)) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

// Replays the versions of one page over a policy that knows next to nothing, as weekly imports would have read them.
class Replay {
 public:
  Replay() {
    write("sources.yaml", early(sources));
    std::string calendar = releases;
    calendar.resize(calendar.find("revisions:"));
    write("release-calendar.yaml", early(calendar) +
                                       "revisions:\n  - revision: asm-1-17\n    upstream_release: Feb 2023\n"
                                       "    aks_release: Apr 2023\n    end_of_life: {text: TBD}\n    kubernetes: []\n"
                                       "    kubernetes_lts: []\n");
    std::string kubernetes = versions;
    kubernetes.resize(kubernetes.find("versions:\n"));
    write("kubernetes-calendar.yaml", early(kubernetes) +
                                          "versions:\n  - version: \"1.13\"\n    upstream_release: Dec 2018\n"
                                          "    preview: Jan 2019\n");
    write("mesh-config-classification.yaml", early(classification));
  }

  void write(const std::string& name, const std::string& text) { write_file(directory_.path() / name, text); }
  std::string read(const std::string& name) const { return read_file(directory_.path() / name); }
  std::string directory() const { return directory_.path().string(); }

  // The sentences about what a version of a page changed; a refusal is one too.
  std::vector<std::string> import(const SourceFile& file, PageKind kind, const std::string& day) {
    const Policy policy = Policy::from_directory(directory());
    const PolicyFiles before = read_policy_directory(directory());
    const PageFacts facts = read_page(file, kind);
    const ImportPlan plan =
        plan_import(before, policy, std::span(&facts, 1), {.read = parse_date(day), .allow_removals = true});
    std::vector<std::string> sentences;
    for (const Problem& problem : plan.problems) sentences.push_back("refused: " + problem.message);
    if (!plan.problems.empty()) return sentences;
    CHECK(check_policy_texts(before, plan.texts).empty());
    write_policy_texts(directory(), plan.texts);
    for (const PolicyChange& change : diff_policies(before, read_policy_directory(directory()))) {
      if (change.table != "sources" && change.what.find("read") == std::string::npos) {
        sentences.push_back(change.sentence);
      }
    }
    return sentences;
  }

 private:
  static std::string early(std::string text) {
    for (std::size_t at = text.find("2026-01-10"); at != std::string::npos; at = text.find("2026-01-10", at)) {
      text.replace(at, 10, "2018-01-01");
    }
    return text;
  }

  TemporaryDirectory directory_;
};

struct History {
  const char* page;
  PageKind kind;
  std::set<std::string> without_table;  // versions from before the page had one
  std::set<std::string> contradictory;  // versions whose tables disagree
};

}  // namespace

TEST_CASE("every version of the pages is read with all its rows and cells") {
  if (absent(shared / "history")) return;
  const std::vector<History> pages = {
      {"istio-support-policy", PageKind::support_policy, {}, {}},
      {"istio-meshconfig", PageKind::mesh_config, {"2024-02-16-75adc9682.md"}, {}},
      {"supported-kubernetes-versions",
       PageKind::kubernetes_versions,
       {"2018-11-07-05de0e04b.md", "2019-05-20-0c9f43825.md", "2019-06-14-bb726ae9b.md", "2019-12-05-674435545.md",
        "2020-07-20-db0f08a2c.md"},
       {"2025-09-11-674ee1bba.md"}},
  };
  for (const History& page : pages) {
    for (const fs::path& path : history(page.page)) {
      const std::string name = path.filename().string();
      const std::string text = read_file(path);
      const SourceFile file(name, name, text);
      REQUIRE(recognize_page(file) == page.kind);
      const PageFacts facts = read_page(file, page.kind);
      Count read{.tables = facts.tables.size(), .rows = 0, .cells = 0};
      for (const TableSize& table : facts.tables) {
        read.rows += table.rows;
        read.cells += table.cells;
      }
      const Count counted = count_page(page.kind, text);
      std::string problems;
      for (const Problem& problem : facts.problems) problems += "\n  " + problem.message;
      INFO(fmt::format("{} {}: {} tables, {} rows, {} cells{}", page.page, name, read.tables, read.rows, read.cells,
                       problems));
      CHECK(read.tables == counted.tables);
      CHECK(read.rows == counted.rows);
      CHECK(read.cells == counted.cells);
      CHECK(facts.problems.empty() == !(page.without_table.contains(name) || page.contradictory.contains(name)));
      CHECK((counted.rows == 0) == page.without_table.contains(name));
    }
  }
}

TEST_CASE("consecutive versions of the pages differ by what their commits changed") {
  if (absent(shared / "history")) return;
  std::map<std::string, std::set<std::string>> told;
  const auto replay = [&told](Replay& policy, const char* page, PageKind kind) {
    std::vector<fs::path> files = history(page);
    files.push_back(shared / "pages" / (std::string(page) + ".md"));
    for (const fs::path& path : files) {
      const std::string name = path.filename().string();
      const SourceFile file(name, name, read_file(path));
      const std::string day = path == files.back() ? "2026-08-21" : name.substr(0, 10);
      std::string all;
      for (const std::string& sentence : policy.import(file, kind, day)) {
        all += "\n  " + sentence;
        told[name].insert(sentence);
      }
      INFO(page << " " << name << all);
      std::string again;
      for (const std::string& sentence : policy.import(file, kind, day)) again += "\n  again: " + sentence;
      INFO(again);
      CHECK(again.empty() == !all.starts_with("\n  refused"));
    }
  };

  Replay policy;
  replay(policy, "supported-kubernetes-versions", PageKind::kubernetes_versions);
  replay(policy, "istio-support-policy", PageKind::support_policy);
  // The page has misspelt fields; the policy says what they mean, and has them by hand.
  policy.write("mesh-config-classification.yaml",
               changed(policy.read("mesh-config-classification.yaml"), "mesh_config:\n",
                       "misspelt:\n  statsUdpAddress: statsdUdpAddress\n  tcpKeepAlive: tcpKeepalive\n"
                       "  defaultProvideres: defaultProviders\nmesh_config:\n  tcpKeepAlive: allowed\n"
                       "  defaultProvideres: allowed\n") +
                   "  statsUdpAddress: allowed\n");
  replay(policy, "istio-meshconfig", PageKind::mesh_config);

  const auto says = [&told](const std::string& file, const std::string& sentence) {
    INFO(file << ": " << sentence);
    const auto found = std::ranges::find_if(told, [&](const auto& one) { return one.first.starts_with(file); });
    REQUIRE(found != told.end());
    CHECK(found->second.contains(sentence));
  };
  says("2024-08-06-62f4", "asm-1-21: end of life is now October 2024 (expected), was to be determined");
  says("2024-10-09", "asm-1-21: end of life October 2024 is now firm");
  says("2024-09-11", "asm-1-20: end of life moved from August 2024 to September 2024");
  says("2025-09-29-5fa4", "asm-1-27: AKS release September 2025 is now firm");
  says("2025-09-29-f456", "asm-1-24: end of life is written 'Sept 2025' now, was 'Sep 2025'");
  says("2026-04-08", "asm-1-26: end of life moved from February 2026 to April 2026, now firm");
  says("2026-04-20", "asm-1-29 now runs on Kubernetes 1.36");
  says("2023-01-23", "Kubernetes 1.24: end of life is now July 2023, was the release of 1.27");
  says("2023-05-03", "Kubernetes 1.23 is no longer on the page, last seen on 2023-04-17");
  says("2026-06-17", "Kubernetes 1.33: end of long-term support moved from June 2027 to July 2027");
  says("2025-09-11",
       "refused: the tables disagree on the end of life of 1.34: 'Sep 2026' here, 'Oct 2026' in the table "
       "of community support");
  says("2025-08-13", "ProxyConfig field `proxyHeaders` is now allowed, was blocked");
  says("2024-07-11-519", "MeshConfig field `enableTracing` is now allowed, was supported");

  // All of its history gives the calendar that was made by hand.
  const std::string committed = read_file(fs::path(SOURCE_DIRECTORY) / "policy/release-calendar.yaml");
  const std::string replayed = policy.read("release-calendar.yaml");
  CHECK(replayed.substr(replayed.find("revisions:")) == committed.substr(committed.find("revisions:")));
}

TEST_CASE("the newest pages say what the committed policy says") {
  if (absent(shared / "pages")) return;
  const std::string directory = std::string(SOURCE_DIRECTORY) + "/policy";
  const Policy policy = Policy::from_directory(directory);
  SourceFiles files;
  std::vector<PageFacts> pages;
  for (const char* name : {"istio-support-policy.md", "supported-kubernetes-versions.md", "istio-meshconfig.md"}) {
    files.push_back(std::make_unique<SourceFile>(name, name, read_file(shared / "pages" / name)));
    pages.push_back(read_page(*files.back(), *recognize_page(*files.back())));
  }
  const ImportPlan plan =
      plan_import(read_policy_directory(directory), policy, pages, {.read = {}, .allow_removals = false});
  CHECK(plan.problems.empty());
  CHECK(plan.remarks.empty());
  CHECK(plan.texts.empty());

  // The day of the reading changes the dates and nothing else.
  const PolicyFiles before = read_policy_directory(directory);
  const ImportPlan dated =
      plan_import(before, policy, pages, {.read = parse_date("2026-09-01"), .allow_removals = false});
  CHECK(dated.texts.size() == 4);
  CHECK_THAT(
      dated.texts.at("sources.yaml"),
      Catch::Contains("date: 2026-09-01\n") &&
          Catch::Contains("istio-support-policy: {title: \"Revisions, their compatibility, and what is supported\", "
                          "read: 2026-09-01}\n"));
  CHECK(check_policy_texts(before, dated.texts).empty());
}

TEST_CASE("policy show states the cells of the newest pages") {
  if (absent(shared / "pages")) return;
  const TemporaryDirectory directory;
  const RunResult result = run_meshlint(directory.path(), "policy show --format json --as-of 2026-08-21");
  REQUIRE(result.exit_code == 0);
  const auto shown = nlohmann::json::parse(result.output)["tables"];
  const auto check_rows = [&shown](const char* page, const char* first, const char* table,
                                   const std::vector<const char*>& keys) {
    std::istringstream lines(read_file(shared / "pages" / page));
    std::size_t rows = 0;
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with(first)) continue;
      std::vector<std::string> cells;
      std::istringstream bars(line.substr(2));
      for (std::string cell; std::getline(bars, cell, '|');) {
        const std::size_t end = cell.find_last_not_of(' ');
        cell.resize(end == std::string::npos ? 0 : end + 1);
        cells.push_back(cell.starts_with(' ') ? cell.substr(1) : cell);
      }
      if (cells.size() < keys.size() || !parse_page_date(cells[1])) continue;  // a row of another table
      const auto& known = shown[table]["rows"];
      const auto row = std::ranges::find_if(known, [&](const auto& one) { return one[keys[0]] == cells[0]; });
      INFO(line);
      REQUIRE(row != known.end());
      for (std::size_t i = 0; i < keys.size(); ++i) {
        CHECK((*row)[keys[i]] == cells[i]);
      }
      ++rows;
    }
    return rows;
  };
  CHECK(check_rows("istio-support-policy.md", "| asm-", "calendar",
                   {"revision", "upstream_release", "aks_release", "end_of_life"}) == 14);
  CHECK(check_rows("supported-kubernetes-versions.md", "| 1.", "kubernetes",
                   {"version", "upstream_release", "preview", "generally_available", "end_of_life"}) == 15);
}

}  // namespace meshlint
