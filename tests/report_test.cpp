#include "linter/report.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "linter/excerpt.h"
#include "linter/sanitize.h"
#include "linter/secret.h"
#include "linter/utf8.h"

namespace meshlint {
namespace {

void no_check(Pass&) {}

constexpr Rule injection_rule{"MSH4001",
                              "injection-label-ineffective",
                              Family::ineffective,
                              Severity::warning,
                              "the namespace carries an injection label that the add-on ignores",
                              "pods start without a sidecar: no mTLS, no policy, no telemetry",
                              "label the namespace with the revision that is installed",
                              "istio-deploy-addon",
                              no_check};

constexpr Rule revision_rule{"MSH1001",
                             "revision-incompatible-with-kubernetes",
                             Family::compatibility,
                             Severity::error,
                             "a revision does not run on the cluster's Kubernetes version",
                             "AKS refuses the next upgrade of the mesh or the cluster",
                             "choose a revision that fits the Kubernetes version",
                             "istio-support-policy",
                             no_check};

constexpr Rule syntax_rule{"MSH9001",
                           "yaml-syntax",
                           Family::input,
                           Severity::error,
                           "the file is not YAML as kubectl reads it",
                           "kubectl refuses the file",
                           "correct the file",
                           "",
                           no_check};

constexpr const Rule* all_rules[] = {&revision_rule, &injection_rule, &syntax_rule};

// A run's outcome, made by hand over files in memory.
class Findings {
 public:
  Findings() { options.as_of = *parse_date("2026-08-21"); }

  const SourceFile& file(std::string path, std::string text) {
    InputFile& input = files.emplace_back();
    std::string shown = path;
    input.source = std::make_unique<SourceFile>(std::move(path), std::move(shown), std::move(text));
    ++outcome.files_read;
    return *input.source;
  }

  Diagnostic& add(const Rule& rule, Place place, std::string message) {
    Diagnostic& diagnostic = outcome.diagnostics.emplace_back();
    diagnostic.rule = &rule;
    diagnostic.severity = rule.severity;
    diagnostic.place = place;
    diagnostic.message = std::move(message);
    return diagnostic;
  }

  Report report() const { return {outcome, options, all_rules, "0.1.0", "2026-08-21"}; }

  std::vector<InputFile> files;
  Outcome outcome;
  Options options;
};

// The first place in a file that reads like `text`.
Place at(const SourceFile& file, std::string_view text) {
  const auto start = file.text().find(text);
  REQUIRE(start != std::string_view::npos);
  return {&file, {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(start + text.size())}};
}

constexpr const char* namespace_yaml = R"(apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    team: checkout
    istio-injection: enabled
)";

constexpr const char* cluster_json = R"({
  "type": "Microsoft.ContainerService/managedClusters",
  "properties": {
    "kubernetesVersion": "1.34",
    "supportPlan": "KubernetesOfficial",
    "serviceMeshProfile": {
      "istio": {
        "revisions": ["asm-1-27"]
      }
    }
  }
}
)";

// One finding of each kind: related places in the same and in another file, a note, a source of either sort.
Findings sample() {
  Findings findings;
  const SourceFile& shop = findings.file("apps/shop/namespace.yaml", namespace_yaml);
  const SourceFile& cluster = findings.file("clusters/prod.json", cluster_json);
  findings.outcome.objects = 2;

  Diagnostic& injection = findings.add(injection_rule, at(shop, "istio-injection"),
                                       "label 'istio-injection: enabled' does nothing here; revision asm-1-27 is "
                                       "installed");
  injection.object = "Namespace shop";
  injection.path = "metadata.labels.istio-injection";
  injection.notes.push_back({at(cluster, "\"asm-1-27\""), "the revision of cluster shop-prod"});
  injection.notes.push_back({{}, "the add-on has no default revision"});
  injection.help = "use the label istio.io/rev: asm-1-27 instead";
  injection.citation = {"istio-deploy-addon",
                        "",
                        "Enable sidecar injection",
                        "https://learn.microsoft.com/azure/aks/istio-deploy-addon",
                        "2026-08-21",
                        false};

  Diagnostic& revision =
      findings.add(revision_rule, at(cluster, "\"asm-1-27\""), "revision 'asm-1-27' does not run on Kubernetes 1.34");
  revision.object = "cluster shop-prod";
  revision.path = "properties.serviceMeshProfile.istio.revisions[0]";
  revision.notes.push_back({at(cluster, "\"1.34\""), "the cluster's version"});
  revision.citation = {"istio-troubleshooting", "", "", "https://example.com/issue", "2026-08-21", true};
  return findings;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_CASE("the text report shows findings the way compilers do") {
  CHECK(
      report_text(sample().report()) ==
      R"(warning[MSH4001 injection-label-ineffective]: label 'istio-injection: enabled' does nothing here; revision asm-1-27 is installed
 --> apps/shop/namespace.yaml:7:5
     in Namespace shop, metadata.labels.istio-injection
  |
7 |     istio-injection: enabled
  |     ^^^^^^^^^^^^^^^
 ==> clusters/prod.json:8:23
  |
8 |         "revisions": ["asm-1-27"]
  |                       ---------- the revision of cluster shop-prod
  = note: the add-on has no default revision
  = help: use the label istio.io/rev: asm-1-27 instead
  = source: istio-deploy-addon, section 'Enable sidecar injection', as of 2026-08-21: https://learn.microsoft.com/azure/aks/istio-deploy-addon

error[MSH1001 revision-incompatible-with-kubernetes]: revision 'asm-1-27' does not run on Kubernetes 1.34
 --> clusters/prod.json:8:23
     in cluster shop-prod, properties.serviceMeshProfile.istio.revisions[0]
  |
4 |     "kubernetesVersion": "1.34",
  |                          ------ the cluster's version
...
8 |         "revisions": ["asm-1-27"]
  |                       ^^^^^^^^^^
  = source: reported by istio-troubleshooting, as of 2026-08-21: https://example.com/issue

1 error, 1 warning in 2 files (2 objects)
)");
}

TEST_CASE("colour adds nothing that is not text") {
  Findings findings = sample();
  const std::string plain = report_text(findings.report());
  findings.options.color = true;
  std::string colored = report_text(findings.report());
  CHECK(colored.find("\x1b[1;31merror[MSH1001 revision-incompatible-with-kubernetes]\x1b[0m") != std::string::npos);
  CHECK(colored.find("\x1b[1;33m^^^^^^^^^^^^^^^\x1b[0m") != std::string::npos);
  for (auto start = colored.find('\x1b'); start != std::string::npos; start = colored.find('\x1b'))
    colored.erase(start, colored.find('m', start) - start + 1);
  CHECK(colored == plain);
}

TEST_CASE("the last line counts what was found and read") {
  Findings findings;
  findings.outcome.files_read = 14;
  findings.outcome.objects = 31;
  CHECK(report_text(findings.report()) == "no findings in 14 files (31 objects)\n");

  findings.outcome.templates_skipped = 1;
  CHECK(report_text(findings.report()) ==
        "no findings in 14 files (31 objects; 1 template skipped)\n"
        "hint: templates are not read; lint what they render to: helm template CHART | meshlint -\n");

  Findings others;
  const SourceFile& file = others.file("a.yaml", "a: 1\n");
  for (int number = 0; number < 2; ++number) others.add(revision_rule, at(file, "a"), "x");
  others.add(injection_rule, at(file, "a"), "x").severity = Severity::note;
  others.outcome.objects = 1;
  const auto lines = lines_of(report_text(others.report()));
  CHECK(lines.back() == "2 errors, 1 note in 1 file (1 object)");
}

TEST_CASE("a span of several lines is underlined on its first one") {
  Findings findings;
  const SourceFile& file = findings.file("a.yaml", "mesh: |\r\n  first: 1\r\n  second: 2\r\nlast: 3\r\n");
  findings.add(syntax_rule, at(file, "first: 1\r\n  second: 2"), "wrong");
  findings.add(syntax_rule, at(file, "last: 3\r\n"), "also wrong");
  CHECK(report_text(findings.report()) == R"(error[MSH9001 yaml-syntax]: wrong
 --> a.yaml:2:3
  |
2 |   first: 1
  |   ^^^^^^^^...

error[MSH9001 yaml-syntax]: also wrong
 --> a.yaml:4:1
  |
4 | last: 3
  | ^^^^^^^

2 errors in 1 file (0 objects)
)");
}

TEST_CASE("a finding in an empty file or behind the last character has no or one caret") {
  Findings findings;
  const SourceFile& empty = findings.file("empty.yaml", "");
  const SourceFile& file = findings.file("a.yaml", "a:\n");
  findings.add(syntax_rule, {&empty, {0, 0}}, "cannot be read");
  findings.add(syntax_rule, {&file, {2, 2}}, "value is missing");
  CHECK(report_text(findings.report()) == R"(error[MSH9001 yaml-syntax]: cannot be read
 --> empty.yaml:1:1

error[MSH9001 yaml-syntax]: value is missing
 --> a.yaml:1:3
  |
1 | a:
  |   ^

2 errors in 2 files (0 objects)
)");
}

TEST_CASE("two places on one line share its text, and line numbers keep their gutter") {
  Findings findings;
  std::string text;
  for (int line = 1; line < 100; ++line) text += "# \n";
  const SourceFile& file = findings.file("a.yaml", "first: 1\n" + text + "both: {left: 1, right: 2}\n");
  Diagnostic& diagnostic = findings.add(syntax_rule, at(file, "left"), "left and right differ");
  diagnostic.notes.push_back({at(file, "right"), "right"});
  diagnostic.notes.push_back({at(file, "first"), "first"});
  CHECK(report_text(findings.report()) == R"(error[MSH9001 yaml-syntax]: left and right differ
   --> a.yaml:101:8
    |
  1 | first: 1
    | ----- first
...
101 | both: {left: 1, right: 2}
    |        ^^^^
    |                 ----- right

1 error in 1 file (0 objects)
)");
}

TEST_CASE("values of Secrets are not shown") {
  const std::string secret = R"(apiVersion: v1
kind: Secret
metadata: {name: login}
stringData:
  password: hunter2
  config.yaml: |
    user: hunter2
    nested:
      pass: hunter2
  password: hunter2
type: Opaque
---
kind: ConfigMap
data:
  shown: yes
)";
  Findings findings;
  const SourceFile& file = findings.file("secret.yaml", secret);
  Diagnostic& diagnostic = findings.add(syntax_rule, at(file, "hunter2"), "first");
  diagnostic.notes.push_back({at(file, "pass: hunter2\n  password"), "inside of a block"});
  diagnostic.notes.push_back({at(file, "nested:"), "a line of a block that looks like a key"});
  diagnostic.notes.push_back({at(file, "type: Opaque"), "outside"});
  diagnostic.notes.push_back({at(file, "shown: yes"), "another object"});
  diagnostic.notes.push_back({at(file, "password: hunter2"), "an entry"});
  const std::string text = report_text(findings.report());
  CHECK(text == R"(error[MSH9001 yaml-syntax]: first
  --> secret.yaml:5:13
   |
 5 |   password: ***
   |             ^^^
   |   ------------- an entry
...
 8 |     ***
   |     --- a line of a block that looks like a key
 9 |       ***
   |       ---... inside of a block
...
11 | type: Opaque
   | ------------ outside
...
15 |   shown: yes
   |   ---------- another object

1 error in 1 file (0 objects)
)");
}

TEST_CASE("values of Secrets are found in lists, in JSON and in one line") {
  const auto hidden_lines = [](std::string text) {
    const SourceFile file("a", "a", std::move(text));
    const SecretLines secrets(file);
    std::vector<std::string> shown;
    for (std::uint32_t line = 1; line <= file.line_count(); ++line) {
      const auto hidden = secrets.hidden_from(line);
      shown.push_back(hidden ? std::string(file.line(line).substr(0, *hidden)) + "***" : std::string(file.line(line)));
    }
    return shown;
  };
  using Lines = std::vector<std::string>;
  CHECK(hidden_lines("items:\n- kind: Secret\n  data:\n    a: x\n- data:\n    b: x\n  kind: Secret\n") ==
        Lines{"items:", "- kind: Secret", "  data:***", "    a: ***", "- data:***", "    b: ***", "  kind: Secret"});
  CHECK(hidden_lines(R"({"kind": "Secret", "data": {"a": "x"}})") == Lines{R"({"kind": "Secret", "data":***)"});
  CHECK(hidden_lines("{\n\"kind\":\"Secret\",\n\"data\": {\n\"a\":\"x\",\n\"b\": \"x\"}}\n") ==
        Lines{"{", "\"kind\":\"Secret\",", "\"data\":***", "***", "\"b\": ***"});
  CHECK(hidden_lines("kind: 'Secret'\n\"stringData\" : {a: x}\n") == Lines{"kind: 'Secret'", "\"stringData\" :***"});
  CHECK(hidden_lines("kind: Secret\ndata:\n  password hunter2\n") == Lines{"kind: Secret", "data:***", "  ***"});
  CHECK(hidden_lines("kind: SealedSecret\ndata:\n  a: x\n") == Lines{"kind: SealedSecret", "data:", "  a: x"});
}

TEST_CASE("findings about broken text do not quote values of Secrets") {
  Findings findings;
  const SourceFile& file =
      findings.file("secret.yaml", "kind: Secret\nstringData:\n  user: admin1\n  pass: \"hunter2 x\n");
  Diagnostic& broken = findings.add(syntax_rule, at(file, "\"hunter2 x"), "quoted string \"hunter2 x is never closed");
  broken.help = "add the closing \"";
  broken.notes.push_back({at(file, "user"), "after 'user: admin1', not 'pass: \"hunt...'"});
  findings.add(injection_rule, at(file, "user"), "another rule's words, such as admin1, stay");
  const SourceFile& open = findings.file("open.yaml", "kind: ConfigMap\ndata:\n  pass: \"hunter2 x\n");
  findings.add(syntax_rule, at(open, "\"hunter2 x"), "quoted string \"hunter2 x is never closed");

  auto& diagnostics = findings.outcome.diagnostics;
  hide_secrets(diagnostics);
  CHECK(diagnostics[0].message == "quoted string *** is never closed");
  CHECK(diagnostics[0].help == "add the closing \"");
  CHECK(diagnostics[0].notes[0].text == "after 'user: ***', not 'pass: ***...'");
  CHECK(diagnostics[1].message == "another rule's words, such as admin1, stay");
  CHECK(diagnostics[2].message == "quoted string \"hunter2 x is never closed");
}

TEST_CASE("long lines are cut around the span") {
  const std::string line = "key: " + std::string(50, 'a') + "NEEDLE" + std::string(50, 'b');
  const auto start = line.find("NEEDLE");
  const Excerpt whole = make_excerpt(line, start, start + 6, 200);
  CHECK(whole.text == line);
  CHECK(whole.start == start);

  const Excerpt cut = make_excerpt(line, start, start + 6, 40);
  CHECK(cut.text == "...aaaaaaaaaaNEEDLEbbbbbbbbbbbbbbbbbb...");
  CHECK(cut.text.substr(cut.start, cut.width) == "NEEDLE");

  const Excerpt beginning = make_excerpt(line, 0, 3, 40);
  CHECK(beginning.text == "key: " + std::string(32, 'a') + "...");
  CHECK(beginning.text.substr(beginning.start, beginning.width) == "key");

  const Excerpt end = make_excerpt(line, line.size() - 2, line.size(), 40);
  CHECK(end.text == "..." + std::string(12, 'b'));
  CHECK(end.start + end.width == end.text.size());

  const Excerpt all = make_excerpt(line, 0, line.size(), 40);
  CHECK(all.text == "key: " + std::string(32, 'a') + "...");
  CHECK(all.width == 37);
}

TEST_CASE("an excerpt of a huge line costs no more than one of a long line") {
  const std::string line(std::size_t{16} << 20, 'x');
  const Excerpt excerpt = make_excerpt(line, line.size() / 2, line.size() / 2 + 4, 80);
  CHECK(excerpt.text == "..." + std::string(74, 'x') + "...");
  CHECK(excerpt.width == 4);
}

TEST_CASE("carets stand under what they mean, whatever the columns of the characters") {
  const auto marked = [](std::string_view line, std::string_view needle) {
    const auto start = line.find(needle);
    const Excerpt excerpt = make_excerpt(line, start, start + needle.size(), 80);
    return std::vector<std::string>{excerpt.text, std::string(excerpt.start, ' ') + std::string(excerpt.width, '^')};
  };
  using Lines = std::vector<std::string>;
  CHECK(marked("a:\tb", "b") == Lines{"a:    b", "      ^"});
  CHECK(marked("日本: b", "b") == Lines{"日本: b", "      ^"});
  CHECK(marked("x: 日本", "日本") == Lines{"x: 日本", "   ^^^^"});
  CHECK(marked("e\u0301: b", "b") == Lines{"e\u0301: b", "   ^"});
  CHECK(marked("\x1b[2J: b", "b") == Lines{"\\x1b[2J: b", "         ^"});
  CHECK(marked("\u202e: b", "b") == Lines{"\\u{202e}: b", "          ^"});
  CHECK(marked("##[x]: b", "b") == Lines{"#\\x23[x]: b", "          ^"});
}

TEST_CASE("a cut never splits a wide character's columns") {
  std::string line;
  for (int i = 0; i < 100; ++i) line += "日";
  for (std::size_t width = 40; width < 60; ++width) {
    const Excerpt excerpt = make_excerpt(line, 150, 156, width);
    CHECK(display_width(excerpt.text) <= width);
    CHECK(excerpt.width == 4);
    CHECK((excerpt.start - 3) % 2 == 0);
  }
}

TEST_CASE("the concise report has one line a finding and nothing else") {
  CHECK(report_concise(sample().report()) ==
        "apps/shop/namespace.yaml:7:5: warning[MSH4001 injection-label-ineffective] label 'istio-injection: enabled' "
        "does nothing here; revision asm-1-27 is installed\n"
        "clusters/prod.json:8:23: error[MSH1001 revision-incompatible-with-kubernetes] revision 'asm-1-27' does not "
        "run on Kubernetes 1.34\n");
  CHECK(report_concise(Findings().report()).empty());
}

TEST_CASE("the JSON report holds every field of a finding") {
  const Findings findings = sample();
  const auto log = nlohmann::ordered_json::parse(report_json(findings.report()));
  CHECK(log["version"] == 1);
  CHECK(log["meshlint"] == "0.1.0");
  CHECK(log["policy"] == "2026-08-21");
  CHECK(log["as_of"] == "2026-08-21");
  CHECK(log["summary"].dump() ==
        R"({"errors":1,"warnings":1,"notes":0,"files":2,"objects":2,"templates_skipped":0,"fixed":0,"complete":true})");
  REQUIRE(log["diagnostics"].size() == 2);
  CHECK(log["diagnostics"][0].dump(2) == R"({
  "code": "MSH4001",
  "name": "injection-label-ineffective",
  "family": "ineffective",
  "severity": "warning",
  "message": "label 'istio-injection: enabled' does nothing here; revision asm-1-27 is installed",
  "help": "use the label istio.io/rev: asm-1-27 instead",
  "object": "Namespace shop",
  "path": "metadata.labels.istio-injection",
  "count": 1,
  "location": {
    "file": "apps/shop/namespace.yaml",
    "start": {
      "line": 7,
      "column": 5,
      "offset": 87
    },
    "end": {
      "line": 7,
      "column": 20,
      "offset": 102
    }
  },
  "related": [
    {
      "message": "the revision of cluster shop-prod",
      "location": {
        "file": "clusters/prod.json",
        "start": {
          "line": 8,
          "column": 23,
          "offset": 217
        },
        "end": {
          "line": 8,
          "column": 33,
          "offset": 227
        }
      }
    }
  ],
  "notes": [
    "the add-on has no default revision"
  ],
  "fix": null,
  "source": {
    "page": "istio-deploy-addon",
    "section": "Enable sidecar injection",
    "url": "https://learn.microsoft.com/azure/aks/istio-deploy-addon",
    "date": "2026-08-21",
    "secondary": false
  }
})");
  CHECK(log["diagnostics"][1]["help"].is_null());
  CHECK(log["diagnostics"][1]["source"]["section"].is_null());
  CHECK(log["diagnostics"][1]["source"]["secondary"] == true);
}

TEST_CASE("the SARIF report describes rules and results whole") {
  const Findings findings = sample();
  const auto log = nlohmann::ordered_json::parse(report_sarif(findings.report()));
  REQUIRE(log["runs"].size() == 1);
  const auto& run = log["runs"][0];
  CHECK(run["columnKind"] == "unicodeCodePoints");
  CHECK(run["invocations"].dump() == R"([{"executionSuccessful":true}])");

  const auto& rules = run["tool"]["driver"]["rules"];
  REQUIRE(rules.size() == 3);
  CHECK(rules[0]["id"] == "MSH1001");
  CHECK(rules[2]["id"] == "MSH9001");
  CHECK(rules[1].dump(2) == R"json({
  "id": "MSH4001",
  "name": "InjectionLabelIneffective",
  "shortDescription": {
    "text": "The namespace carries an injection label that the add-on ignores."
  },
  "fullDescription": {
    "text": "Pods start without a sidecar: no mTLS, no policy, no telemetry."
  },
  "help": {
    "text": "Pods start without a sidecar: no mTLS, no policy, no telemetry.\n\nLabel the namespace with the revision that is installed.",
    "markdown": "Pods start without a sidecar: no mTLS, no policy, no telemetry.\n\n**What to do:** Label the namespace with the revision that is installed.\n\n[injection-label-ineffective](https://github.com/meshlint/meshlint/blob/main/rules/README.md#injection-label-ineffective)"
  },
  "helpUri": "https://github.com/meshlint/meshlint/blob/main/rules/README.md#injection-label-ineffective",
  "defaultConfiguration": {
    "level": "warning"
  },
  "properties": {
    "tags": [
      "aks",
      "istio",
      "ineffective"
    ],
    "precision": "high",
    "problem.severity": "warning"
  }
})json");

  REQUIRE(run["results"].size() == 2);
  CHECK(run["results"][0].dump(2) == R"json({
  "ruleId": "MSH4001",
  "ruleIndex": 1,
  "level": "warning",
  "message": {
    "text": "label 'istio-injection: enabled' does nothing here; revision asm-1-27 is installed. See [the revision of cluster shop-prod](1). Note: the add-on has no default revision. Help: use the label istio.io/rev: asm-1-27 instead."
  },
  "locations": [
    {
      "physicalLocation": {
        "artifactLocation": {
          "uri": "apps/shop/namespace.yaml",
          "uriBaseId": "%SRCROOT%"
        },
        "region": {
          "startLine": 7,
          "startColumn": 5,
          "endLine": 7,
          "endColumn": 20
        }
      }
    }
  ],
  "relatedLocations": [
    {
      "id": 1,
      "physicalLocation": {
        "artifactLocation": {
          "uri": "clusters/prod.json",
          "uriBaseId": "%SRCROOT%"
        },
        "region": {
          "startLine": 8,
          "startColumn": 23,
          "endLine": 8,
          "endColumn": 33
        }
      },
      "message": {
        "text": "the revision of cluster shop-prod"
      }
    }
  ],
  "partialFingerprints": {
    "primaryLocationLineHash": "4e0da381c58a99ee:1",
    "meshlint/v1": "0cfda46f21529c4c"
  }
})json");
}

TEST_CASE("a SARIF region is never empty and ends where the text does") {
  Findings findings;
  const SourceFile& file = findings.file("a b/é#1.yaml", "a:\nb: |\n  x\n  y\nc: é😀z\n");
  findings.add(syntax_rule, {&file, {2, 2}}, "empty");
  findings.add(syntax_rule, at(file, "|\n  x\n  y\n"), "block");
  findings.add(syntax_rule, at(file, "z"), "wide");
  const auto results = nlohmann::json::parse(report_sarif(findings.report()))["runs"][0]["results"];
  const auto region = [&](std::size_t index) {
    return results[index]["locations"][0]["physicalLocation"]["region"].dump();
  };
  CHECK(region(0) == R"({"endColumn":4,"endLine":1,"startColumn":3,"startLine":1})");
  CHECK(region(1) == R"({"endColumn":4,"endLine":4,"startColumn":4,"startLine":2})");
  CHECK(region(2) == R"({"endColumn":7,"endLine":5,"startColumn":6,"startLine":5})");
  CHECK(results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/%C3%A9%231.yaml");
}

TEST_CASE("SARIF names files outside of the root absolutely") {
  Findings findings;
  const SourceFile& file = findings.file("/tmp/a b.yaml", "a: 1\n");
  findings.add(syntax_rule, at(file, "a"), "wrong");
  const auto log = nlohmann::json::parse(report_sarif(findings.report()));
  CHECK(log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"].dump() ==
        R"({"uri":"file:///tmp/a%20b.yaml"})");
}

TEST_CASE("text from input makes no link in SARIF") {
  Findings findings;
  const SourceFile& file = findings.file("a.yaml", "a: 1\n");
  Diagnostic& diagnostic = findings.add(syntax_rule, at(file, "a"), "value '[click](1) \\' is wrong");
  diagnostic.notes.push_back({at(file, "1"), "see [this](https://example.com)"});
  const auto log = nlohmann::json::parse(report_sarif(findings.report()));
  CHECK(log["runs"][0]["results"][0]["message"]["text"] ==
        R"(value '\[click\](1) \\' is wrong. See [see \[this\](https://example.com)](1).)");
}

TEST_CASE("findings about one thing have distinct fingerprints that outlive edits above them") {
  const auto fingerprints = [](const std::string& text) {
    Findings findings;
    const SourceFile& file = findings.file("a.yaml", text);
    for (const char* place : {"b", "c"}) {
      Diagnostic& diagnostic = findings.add(syntax_rule, at(file, place), "wrong");
      diagnostic.object = "Namespace shop";
      diagnostic.path = "metadata";
    }
    const auto results = nlohmann::json::parse(report_sarif(findings.report()))["runs"][0]["results"];
    return std::vector<nlohmann::json>{results[0]["partialFingerprints"], results[1]["partialFingerprints"]};
  };
  const auto before = fingerprints("b: 1\nc: 2\n");
  CHECK(before[0]["meshlint/v1"] != before[1]["meshlint/v1"]);
  CHECK(before[0]["primaryLocationLineHash"] != before[1]["primaryLocationLineHash"]);
  CHECK(fingerprints("# more\n\nb: 1\nc: 2\n") == before);
}

TEST_CASE("what could not be read makes a SARIF run unsuccessful") {
  Findings findings;
  findings.outcome.io_failed = true;
  const auto log = nlohmann::json::parse(report_sarif(findings.report()));
  const auto& invocation = log["runs"][0]["invocations"][0];
  CHECK(invocation["executionSuccessful"] == false);
  CHECK(invocation["toolExecutionNotifications"][0]["level"] == "error");
  CHECK(log["runs"][0]["results"].dump() == "[]");
  CHECK(nlohmann::json::parse(report_json(findings.report()))["summary"]["complete"] == false);
}

TEST_CASE("SARIF names what could not be read") {
  Findings findings;
  findings.outcome.io_failed = true;
  findings.outcome.unreadable = {"apps/secret: Permission denied", "out.yaml: not read: it is a pipe"};
  const auto log = nlohmann::json::parse(report_sarif(findings.report()));
  const auto& notifications = log["runs"][0]["invocations"][0]["toolExecutionNotifications"];
  REQUIRE(notifications.size() == 2);
  CHECK(notifications[0]["message"]["text"] == "Not read: apps/secret: Permission denied.");
  CHECK(notifications[1]["level"] == "error");
}

TEST_CASE("a finding that stands for several counts once, with its places") {
  Findings findings = sample();
  findings.outcome.diagnostics[1].count = 40;
  CHECK(findings.outcome.count(Severity::error) + findings.outcome.count(Severity::warning) == 2);
  CHECK(findings.outcome.places(Severity::error) == 40);
  CHECK(report_text(findings.report()).find("1 error at 40 places, 1 warning") != std::string::npos);
  const auto log = nlohmann::json::parse(report_json(findings.report()));
  CHECK(log["summary"]["errors"] == 1);
  CHECK(log["diagnostics"][1]["count"] == 40);
}

TEST_CASE("of too many findings SARIF keeps the worst, in their order") {
  Findings findings;
  const SourceFile& file = findings.file("a.yaml", "a: 1\n");
  for (int number = 0; number < 26'000; ++number) {
    Diagnostic& diagnostic = findings.add(syntax_rule, at(file, "a"), "wrong");
    if (number < 2'000) diagnostic.severity = Severity::note;
  }
  const auto run = nlohmann::json::parse(report_sarif(findings.report()))["runs"][0];
  REQUIRE(run["results"].size() == 25'000);
  CHECK(run["results"][999]["level"] == "note");
  CHECK(run["results"][1000]["level"] == "error");
  CHECK(run["invocations"][0]["executionSuccessful"] == true);
  CHECK(run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"] ==
        "Of 26000 findings, only the 25000 most severe are reported.");
}

TEST_CASE("GitHub's annotations are one command a finding, with a place and everything that is said") {
  const auto lines = lines_of(report_github(sample().report()));
  REQUIRE(lines.size() == 3);
  CHECK(lines[1] ==
        "::warning file=apps/shop/namespace.yaml,line=7,endLine=7,col=5,endColumn=20,title=MSH4001 "
        "injection-label-ineffective::label 'istio-injection: enabled' does nothing here; revision asm-1-27 is "
        "installed%0Ain Namespace shop%0Anote: the revision of cluster shop-prod%0Anote: the add-on has no default "
        "revision%0Ahelp: use the label istio.io/rev: asm-1-27 instead%0Asource: istio-deploy-addon, section 'Enable "
        "sidecar injection', as of 2026-08-21: https://learn.microsoft.com/azure/aks/istio-deploy-addon");
  CHECK(lines[0].starts_with("::error file=clusters/prod.json,line=8,"));
  CHECK(lines[2] == "1 error, 1 warning in 2 files (2 objects)");
}

TEST_CASE("GitHub gets no more annotations than it shows, and the number left out") {
  Findings findings;
  const SourceFile& file = findings.file("a.yaml", "a: 1\nb: |\n  x\n  y\n");
  for (int number = 0; number < 13; ++number) findings.add(syntax_rule, at(file, "a"), "wrong");
  for (int number = 0; number < 11; ++number) findings.add(injection_rule, at(file, "x\n  y"), "idle");
  const auto lines = lines_of(report_github(findings.report()));
  REQUIRE(lines.size() == 22);
  CHECK(lines[9].starts_with("::error "));
  CHECK(lines[10] == "::warning file=a.yaml,line=3,endLine=4,title=MSH4001 injection-label-ineffective::idle");
  CHECK(lines[20] == "not annotated: 3 errors, 1 warning more (GitHub shows 10 of each level a step)");
}

TEST_CASE("Azure Pipelines gets logging commands, and notes as lines") {
  Findings findings = sample();
  findings.outcome.diagnostics[0].help = "a]b;c%d";
  findings.outcome.diagnostics[1].severity = Severity::note;
  const auto lines = lines_of(report_azure(findings.report()));
  REQUIRE(lines.size() == 3);
  CHECK(
      lines[0] ==
      "##vso[task.logissue type=warning;sourcepath=apps/shop/namespace.yaml;linenumber=7;columnnumber=5;code=MSH4001;]"
      "MSH4001 injection-label-ineffective: label 'istio-injection: enabled' does nothing here%3B revision asm-1-27 is "
      "installed%3B help: a%5Db%3Bc%AZP25d");
  CHECK(lines[1].starts_with("clusters/prod.json:8:23: note[MSH1001 "));
}

TEST_CASE("GitLab's report has an entry a finding, with a fingerprint of its own") {
  Findings findings = sample();
  findings.outcome.diagnostics.push_back(findings.outcome.diagnostics[0]);
  findings.outcome.diagnostics[2].severity = Severity::note;
  const auto list = nlohmann::json::parse(report_gitlab(findings.report()));
  REQUIRE(list.size() == 3);
  CHECK(list[0] ==
        nlohmann::json{{"description",
                        "MSH4001 injection-label-ineffective: label 'istio-injection: enabled' does nothing "
                        "here; revision asm-1-27 is installed"},
                       {"check_name", "injection-label-ineffective"},
                       {"fingerprint", list[0]["fingerprint"]},
                       {"severity", "minor"},
                       {"location", {{"path", "apps/shop/namespace.yaml"}, {"lines", {{"begin", 7}, {"end", 7}}}}}});
  CHECK(list[0]["fingerprint"].get<std::string>().size() == 16);
  CHECK(list[0]["fingerprint"] != list[2]["fingerprint"]);
  CHECK(list[1]["severity"] == "major");
  CHECK(list[2]["severity"] == "info");
  CHECK(report_gitlab(Findings().report()) == "[]\n");
}

TEST_CASE("JUnit's tests fail where the run does") {
  Findings findings = sample();
  const std::string xml = report_junit(findings.report());
  CHECK(xml.starts_with(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"meshlint\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\" time=\"0\">\n"
      "  <testsuite name=\"apps/shop/namespace.yaml\" tests=\"1\" failures=\"0\""));
  CHECK(xml.find("<failure type=\"error\" message=\"revision &#39;asm-1-27&#39; does not run on Kubernetes 1.34\">") !=
        std::string::npos);
  findings.options.fail_on = Severity::warning;
  CHECK(report_junit(findings.report()).find("failures=\"2\"") != std::string::npos);
  findings.options.fail_on = std::nullopt;
  CHECK(report_junit(findings.report()).find("<failure") == std::string::npos);

  Findings none;
  CHECK(report_junit(none.report())
            .find("<testcase classname=\"meshlint\" name=\"no findings\" time=\"0\"></testcase>") != std::string::npos);
  none.outcome.io_failed = true;
  none.outcome.unreadable = {"apps/secret: Permission denied"};
  CHECK(report_junit(none.report()).find("errors=\"1\"") != std::string::npos);
}

TEST_CASE("the Markdown summary is a table, the worst first, that nothing from input breaks") {
  Findings findings = sample();
  findings.outcome.diagnostics[0].message = "'a|b' *c* <img src=x> @me [l](u) `q` https://x www.x";
  const auto lines = lines_of(report_markdown(findings.report()));
  CHECK(lines[0] == "### meshlint: 1 error, 1 warning in 2 files (2 objects)");
  CHECK(lines[4].starts_with("| error | <code>clusters/prod.json:8:23</code> | **MSH1001** "));
  CHECK(lines[5] ==
        "| warning | <code>apps/shop/namespace.yaml:7:5</code> | **MSH4001** "
        "injection-label-ineffective<br>&#39;a&#124;b&#39; "
        "&#42;c&#42; &#60;img src=x&#62; &#64;&#8288;me &#91;l&#93;(u) &#96;q&#96; https&#58;//x www&#46;x<br>*Help:* "
        "use the "
        "label istio.io/rev: asm-1-27 instead "
        "([istio-deploy-addon](https://learn.microsoft.com/azure/aks/istio-deploy-addon)) |");
}

TEST_CASE("the Markdown summary is never so long that GitHub drops it") {
  Findings findings;
  const SourceFile& file = findings.file("a.yaml", "a: 1\n");
  for (int number = 0; number < 300; ++number) findings.add(injection_rule, at(file, "a"), "idle");
  CHECK(report_markdown(findings.report()).find("\n100 more findings left out of this table.\n") != std::string::npos);
  for (Diagnostic& diagnostic : findings.outcome.diagnostics) diagnostic.message = std::string(50'000, 'x');
  CHECK(report_markdown(findings.report()).size() < 600'000);
}

TEST_CASE("what can be fixed is counted") {
  Findings findings = sample();
  CHECK(fixable_line(findings.outcome).empty());
  findings.outcome.diagnostics[0].fix = Fix{"replace", false, {}};
  CHECK(fixable_line(findings.outcome) == "1 fixable with --fix --unsafe-fixes: review what changes\n");
  findings.outcome.diagnostics[1].fix = Fix{"replace", true, {}};
  CHECK(fixable_line(findings.outcome) == "1 fixable with --fix, 1 more with --unsafe-fixes: review what changes\n");
}

namespace {

constexpr std::string_view hostile_pieces[] = {
    "::error::owned",
    " ::stop-commands::x",
    "##[error]owned",
    "###[group]",
    "##vso[task.setvariable variable=x]y",
    "##VSO[x]",
    "\n::error::owned",
    "\r\n##[error]owned",
    "\r",
    "\x1b[2J\x1b]8;;http://x\x07",
    "\b\b\b",
    std::string_view("\0", 1),
    "\x7f",
    "\xc2\x9b"
    "31m",
    "\xe2\x80\xa8::error::x",
    "\u2029",
    "\u0085",
    "\u202e",
    "\u2066",
    "\u200b",
    "\ufeff",
    "\xff\xfe",
    "\xc3",
    "\xed\xa0\x80",
    "\xf4\x90\x80\x80",
    "\xe2\x82",
    "[x](1)",
    "](http://x)",
    "\\",
    "%0A::error::x",
    "日本\U0001F600",
    "e\u0301",
    "\t",
    "#",
    "##",
    "[",
    "a: b",
    "\"",
    "{}",
};

// A small generator of our own: the same texts on every machine.
class Hostile {
 public:
  std::string text() {
    std::string result;
    for (std::uint32_t pieces = next() % 6; pieces > 0; --pieces)
      result += hostile_pieces[next() % std::size(hostile_pieces)];
    return result;
  }
  std::uint32_t next() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::uint32_t>(state_ >> 33);
  }

 private:
  std::uint64_t state_ = 1;
};

// Why a text may not be printed; empty when it may.
std::string danger_in(std::string_view text) {
  std::string lower;
  for (std::size_t offset = 0; offset < text.size();) {
    const DecodedCharacter character = decode_utf8(text, offset);
    const char32_t c = character.code_point;
    if (!character.valid) return "bytes that are no UTF-8";
    if ((c < 0x20 && c != '\n') || (c >= 0x7F && c < 0xA0)) return "a control character";
    if ((c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF)
      return "an invisible character";
    lower += c < 0x80 ? static_cast<char>(std::tolower(static_cast<int>(c))) : '?';
    offset += character.length;
  }
  if (lower.find("##[") != std::string::npos || lower.find("##vso[") != std::string::npos) return "a command";
  for (const std::string& line : lines_of(std::string(text))) {
    const auto first = line.find_first_not_of(" \t");
    if (first != std::string::npos && line.compare(first, 2, "::") == 0) return "a line that begins with a command";
  }
  return "";
}

}  // namespace

TEST_CASE("no report prints what input could do harm with") {
  Hostile hostile;
  for (int round = 0; round < 400; ++round) {
    Findings findings;
    findings.options.width = round % 3 == 0 ? 0 : 20 + hostile.next() % 100;
    const SourceFile& file = findings.file(hostile.text() + "a", hostile.text() + "\n" + hostile.text());
    const SourceFile& other = findings.file(hostile.text() + "b", hostile.text());
    const auto place_in = [&](const SourceFile& in) {
      const auto size = static_cast<std::uint32_t>(in.text().size());
      const std::uint32_t start = hostile.next() % (size + 2);
      return Place{&in, {start, start + hostile.next() % 9}};
    };
    Diagnostic& diagnostic = findings.add(syntax_rule, place_in(file), hostile.text());
    diagnostic.object = hostile.text();
    diagnostic.path = hostile.text();
    diagnostic.help = hostile.text();
    diagnostic.citation = {"page", "", hostile.text(), "https://example.com", "2026-08-21", false};
    diagnostic.notes.push_back({place_in(file), hostile.text()});
    diagnostic.notes.push_back({place_in(other), hostile.text()});
    diagnostic.notes.push_back({{}, hostile.text()});

    const std::string text = report_text(findings.report());
    CHECK(danger_in(text) == "");
    const auto concise = report_concise(findings.report());
    CHECK(danger_in(concise) == "");
    CHECK(lines_of(concise).size() == 1);
    for (const std::string& json : {report_json(findings.report()), report_sarif(findings.report())}) {
      CHECK(danger_in(json) == "");
      CHECK(std::ranges::all_of(json, [](char c) { return c == '\n' || (c >= ' ' && c < '\x7f'); }));
      CHECK_NOTHROW(nlohmann::json::parse(json));
    }
    const auto log = nlohmann::json::parse(report_json(findings.report()));
    CHECK(log["diagnostics"][0]["location"]["file"] == valid_utf8(file.path()));
    CHECK_NOTHROW(nlohmann::json::parse(report_gitlab(findings.report())));
    CHECK(danger_in(report_gitlab(findings.report())) == "");
    CHECK(danger_in(report_junit(findings.report())) == "");
    CHECK(danger_in(report_markdown(findings.report())) == "");

    // One command and the last line: what stands before the second `::` has no more of them.
    const auto commands = lines_of(report_github(findings.report()));
    REQUIRE(commands.size() == 2);
    CHECK(commands[0].starts_with("::error file="));
    CHECK(commands[0].find("::", 2) == commands[0].find("::", commands[0].find("title=")));
    CHECK(danger_in(commands[0].substr(1)) == "");
    const auto issues = lines_of(report_azure(findings.report()));
    REQUIRE(issues.size() == 2);
    CHECK(issues[0].starts_with("##vso[task.logissue type=error;"));
    CHECK(danger_in(issues[0].substr(2)) == "");
  }
}

}  // namespace meshlint
