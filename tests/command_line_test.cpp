// The command line as scripts and people meet it: exit codes, streams, flags, and what hostile input must not do.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "rules/catalog.h"
#include "tests/run_meshlint.h"

namespace fs = std::filesystem;

namespace {

const std::string on_the_day = "--as-of 2026-08-21 ";
const std::vector<std::string> formats = {"text",   "concise", "json",  "sarif",   "github",
                                          "gitlab", "azure",   "junit", "markdown"};

constexpr const char* clean_manifest = R"(apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/rev: asm-1-30
)";

// One error, and two with it where the revision counts.
constexpr const char* wrong_manifest = R"(apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio-injection: enabled
---
apiVersion: v1
kind: Namespace
metadata:
  name: cart
  labels:
    istio.io/rev: asm-1-30
)";

// Only a warning: out of support since April.
constexpr const char* old_manifest = R"(apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/rev: asm-1-26
)";

class Place {
 public:
  fs::path path() const { return directory_.path(); }
  void add(const std::string& name, std::string_view text) const { write_file(path() / name, text); }
  RunResult run(const std::string& arguments, const std::string& standard_input = "") const {
    return run_meshlint(path(), arguments, standard_input);
  }

 private:
  TemporaryDirectory directory_;
};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// A control character other than the line feed, raw or as C1 in UTF-8, or a bidirectional override.
bool has_control_character(const std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte < 0x20 && byte != '\n') || byte == 0x7f) return true;
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    if (byte == 0xc2 && next >= 0x80 && next < 0xa0) return true;
  }
  return contains(text, "\u202e") || contains(text, "\u2066") || contains(text, "\u200b");
}

// What a runner of GitHub Actions or Azure Pipelines would execute.
bool has_workflow_command(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.substr(std::min(line.find_first_not_of(" \t"), line.size())).starts_with("::")) return true;
  }
  return contains(text, "##[") || contains(text, "##vso[");
}

// A report without the commands of its own, one a line, that two formats are made of.
std::string without_own_commands(const std::string& output, const std::string& format) {
  std::string text;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    for (const std::string_view own : {"::error file=", "::warning file=", "::notice file="}) {
      if (format == "github" && line.starts_with(own)) line.erase(0, own.size());
    }
    if (format == "azure" && line.starts_with("##vso[task.logissue ")) line.erase(0, 20);
    text += line + "\n";
  }
  return text;
}

bool is_json(const std::string& text) {
  return nlohmann::json::accept(text);
}

}  // namespace

TEST_CASE("the exit code says what was found, in every format") {
  const Place place;
  place.add("clean/a.yaml", clean_manifest);
  place.add("wrong/a.yaml", wrong_manifest);
  place.add("old/a.yaml", old_manifest);
  place.add("empty/README.md", "nothing to see");
  for (const auto& format : formats) {
    INFO(format);
    const std::string flags = on_the_day + "--format " + format + " ";
    CHECK(place.run(flags + "clean").exit_code == 0);
    CHECK(place.run(flags + "old").exit_code == 0);
    CHECK(place.run(flags + "wrong").exit_code == 1);
    CHECK(place.run(flags + "clean wrong").exit_code == 1);
    CHECK(place.run(flags + "missing").exit_code == 2);
    CHECK(place.run(flags + "empty").exit_code == 3);
  }
}

TEST_CASE("the default format is text, the default path the current directory, the default command check") {
  const Place place;
  place.add("a.yaml", wrong_manifest);
  const RunResult plain = place.run(on_the_day);
  CHECK(plain.exit_code == 1);
  CHECK(plain.output.starts_with("error[MSH4001 injection-label-ineffective]: "));
  CHECK(place.run("check --format text . " + on_the_day).output == plain.output);
}

TEST_CASE("a pipe in place of a file is an I/O failure in every format, and is not waited for") {
  const Place place;
  place.add("wrong.yaml", wrong_manifest);
  place.add("empty/README.md", "");
  REQUIRE(mkfifo((place.path() / "pipe.yaml").c_str(), 0600) == 0);
  for (const auto& format : formats) {
    INFO(format);
    const std::string flags = on_the_day + "--format " + format + " ";
    const RunResult alone = place.run(flags + "pipe.yaml");
    CHECK(alone.exit_code == 4);
    CHECK(contains(alone.errors, "pipe.yaml: not read: it is a pipe"));
    CHECK(place.run(flags + "pipe.yaml wrong.yaml").exit_code == 4);  // 4 comes before 1
    CHECK(place.run(flags + "pipe.yaml empty").exit_code == 4);       // and before 3
    CHECK(place.run(flags + "pipe.yaml missing").exit_code == 2);     // 2 comes before 4
    CHECK(place.run(flags + "--only nonsense pipe.yaml").exit_code == 2);
    CHECK(place.run(flags + ".").exit_code == 1);  // a walk passes over what is no regular file
  }
}

TEST_CASE("a dangling link named on the command line is an I/O failure; in a walk links are passed over") {
  const Place place;
  place.add("a.yaml", clean_manifest);
  fs::create_symlink("nowhere.yaml", place.path() / "link.yaml");
  const RunResult named = place.run(on_the_day + "link.yaml");
  CHECK(named.exit_code == 4);
  CHECK(contains(named.errors, "link.yaml: the link leads nowhere"));
  CHECK(place.run(on_the_day).exit_code == 0);
}

TEST_CASE("a file without read permission is a finding, the rest is linted, and the exit code is 4") {
  const Place place;
  place.add("a.yaml", wrong_manifest);
  place.add("secret.yaml", clean_manifest);
  fs::permissions(place.path(), fs::perms::owner_all | fs::perms::others_read | fs::perms::others_exec);
  fs::permissions(place.path() / "secret.yaml", fs::perms::none);
  std::string prefix;
  if (geteuid() == 0) {  // root reads everything: step down for the run
    prefix = "setpriv --reuid 65534 --regid 65534 --clear-groups ";
    if (run_command("/", prefix + "test -x '" MESHLINT_EXECUTABLE "'").exit_code != 0) {
      WARN("skipped: no other user can run the executable");
      return;
    }
  }
  for (const auto& format : formats) {
    INFO(format);
    const std::string arguments = " --format " + format + " " + on_the_day;
    const RunResult result = run_command(place.path(), prefix + "env NO_COLOR=1 '" MESHLINT_EXECUTABLE "'" + arguments);
    CHECK(result.exit_code == 4);
    CHECK(contains(result.output, "MSH9006"));
    CHECK(contains(result.output, "Permission denied"));
    CHECK(contains(result.output, "MSH4001"));
  }
}

TEST_CASE("a report that cannot be written is an I/O failure") {
  const Place place;
  place.add("a.yaml", clean_manifest);
  for (const auto& format : formats) {
    INFO(format);
    const RunResult full =
        run_command(place.path(), "'" MESHLINT_EXECUTABLE "' --format " + format + " a.yaml > /dev/full");
    CHECK(full.exit_code == 4);
    CHECK(contains(full.errors, "could not be written"));
  }
  for (const std::string command : {"--help", "--version", "rules", "explain MSH4001"}) {
    INFO(command);
    CHECK(run_command(place.path(), "'" MESHLINT_EXECUTABLE "' " + command + " > /dev/full").exit_code == 4);
  }
}

TEST_CASE("a reader that goes away early ends the run quietly") {
  const Place place;
  for (int i = 0; i < 400; ++i) place.add("wrong-" + std::to_string(i) + ".yaml", wrong_manifest);
  const RunResult result = run_command(place.path(), "'" MESHLINT_EXECUTABLE "' " + on_the_day + " | head -n 1");
  CHECK(result.output.starts_with("error[MSH4001"));
  CHECK(!contains(result.errors, "Sanitizer"));
  CHECK(!contains(result.errors, "terminate"));
}

TEST_CASE("standard output holds the report and nothing else") {
  const Place place;
  place.add("wrong.yaml", wrong_manifest);
  place.add("empty/README.md", "");
  REQUIRE(mkfifo((place.path() / "pipe.yaml").c_str(), 0600) == 0);
  for (const std::string arguments : {"wrong.yaml", "empty", "pipe.yaml wrong.yaml"}) {
    INFO(arguments);
    CHECK(is_json(place.run(on_the_day + "--format json " + arguments).output));
    CHECK(is_json(place.run(on_the_day + "--format sarif " + arguments).output));
  }
  CHECK(place.run(on_the_day + "wrong.yaml").errors == "");
  CHECK(contains(place.run(on_the_day + "empty").errors, "nothing to lint"));
  for (const auto& format : formats) CHECK(place.run("--format " + format + " missing").output == "");
}

TEST_CASE("concise prints one line a finding") {
  const Place place;
  place.add("wrong.yaml", wrong_manifest);
  std::istringstream lines(place.run(on_the_day + "--format concise").output);
  std::string line;
  std::getline(lines, line);
  CHECK(line.starts_with("wrong.yaml:6:5: "));
  CHECK(contains(line, "MSH4001"));
  CHECK(contains(line, "error"));
}

TEST_CASE("of too many findings of one rule in a file the rest is one line that says how many") {
  const Place place;
  std::string many;
  for (int i = 0; i < 250; ++i) many += wrong_manifest + std::string("---\n");
  place.add("a.yaml", many + "a: b: c\n");
  place.add("b.yaml", wrong_manifest);
  const std::string only = on_the_day + "--only injection-label-ineffective --only yaml-syntax ";
  const RunResult concise = place.run(only + "--format concise --jobs 1");
  CHECK(concise.exit_code == 1);
  CHECK(std::ranges::count(concise.output, '\n') == 100 + 1 + 1 + 1);
  CHECK(concise.output.find("a.yaml:1406:5: error[MSH4001 injection-label-ineffective] 150 more findings of MSH4001 in "
                            "this file, the first of them here\n") != std::string::npos);
  CHECK(concise.output.find("b.yaml:6:5: ") != std::string::npos);
  CHECK(place.run(only + "--format concise --jobs 2").output == concise.output);

  CHECK(place.run(only).output.ends_with("103 errors at 252 places in 2 files (502 objects)\n"));
  const auto json = nlohmann::json::parse(place.run(only + "--format json").output);
  CHECK(json["summary"]["errors"] == 103);
  CHECK(json["diagnostics"][100]["count"] == 150);
  const auto sarif = nlohmann::json::parse(place.run(only + "--format sarif").output);
  CHECK(sarif["runs"][0]["results"].size() == 103);

  std::string line = R"({"apiVersion": "v1", "kind": "List", "items": [)";
  for (int i = 0; i < 30; ++i) {
    line += fmt::format(R"({}{{"apiVersion": "v1", "kind": "Namespace", "metadata": {{"name": "asm-{}",)"
                        R"( "labels": {{"istio-injection": "{}", "istio.io/rev": "asm-1-30"}}}}}})",
                        i == 0 ? "" : ",", i, i);
  }
  place.add("line.json", line + "]}");
  const RunResult on_one_line = place.run(only + "line.json");
  CHECK(on_one_line.output.find("10 more findings of MSH4001 on this line\n") != std::string::npos);
  CHECK(on_one_line.output.find("\n1 error at 30 places in 1 file (30 objects)\n") != std::string::npos);
}

TEST_CASE("a record of too many findings stands for two or more") {
  const Place place;
  std::string many;
  for (int i = 0; i < 101; ++i) many += wrong_manifest + std::string("---\n");
  place.add("a.yaml", many);
  const std::string only = on_the_day + "--only injection-label-ineffective ";
  const RunResult all = place.run(only + "--format concise");
  CHECK_FALSE(contains(all.output, "more finding"));
  CHECK(std::ranges::count(all.output, '\n') == 101);
  place.add("a.yaml", many + wrong_manifest);
  CHECK(contains(place.run(only + "--format concise").output, "2 more findings of MSH4001 in this file"));
  CHECK(place.run(only).output.ends_with("101 errors at 102 places in 1 file (204 objects)\n"));
}

TEST_CASE("findings of one message about several objects on a line are all named and counted") {
  const Place place;
  const auto name_space = [](std::string_view name, std::string_view labels) {
    return fmt::format(R"({{"apiVersion": "v1", "kind": "Namespace", "metadata": {{"name": "{}", "labels": {{{}}}}}}})",
                       name, labels);
  };
  std::string line = R"({"apiVersion": "v1", "kind": "List", "items": [)";
  for (const auto* name : {"shop", "cart", "till"}) line += name_space(name, R"("istio-injection": "enabled")") + ", ";
  place.add("line.json", line + name_space("asm", R"("istio.io/rev": "asm-1-30")") + "]}");
  const std::string only = on_the_day + "--only injection-label-ineffective ";
  const RunResult text = place.run(only + "line.json");
  for (const auto* words : {"in Namespace shop", "in Namespace cart: label 'istio-injection: enabled' does not",
                            "in Namespace till: label 'istio-injection: enabled' does not"}) {
    CHECK(contains(text.output, words));
  }
  CHECK(contains(text.output, "\n1 error at 3 places in 1 file (4 objects)\n"));
  const auto json = nlohmann::json::parse(place.run(only + "--format json line.json").output);
  REQUIRE(json["diagnostics"].size() == 1);
  CHECK(json["diagnostics"][0]["count"] == 3);
}

TEST_CASE("standard input is linted as YAML or JSON, under a name of its own or the one given") {
  const Place place;
  place.add("other.yaml", clean_manifest);
  const RunResult unnamed = place.run(on_the_day + "--format concise -", wrong_manifest);
  CHECK(unnamed.exit_code == 1);
  CHECK(unnamed.output.starts_with("<stdin>:6:5: "));

  const RunResult named = place.run(on_the_day + "--format concise - --stdin-filename apps/shop.yaml", wrong_manifest);
  CHECK(named.exit_code == 1);
  CHECK(named.output.starts_with("apps/shop.yaml:6:5: "));

  const std::string json = R"({"apiVersion": "v1", "kind": "Namespace",
  "metadata": {"name": "istio-asm-1-29", "labels": {"istio-injection": "enabled"}}})";
  const RunResult from_json = place.run(on_the_day + "--format concise -", json);
  CHECK(from_json.exit_code == 1);
  CHECK(from_json.output.starts_with("<stdin>:2:"));

  // A template for Azure may start with comments.
  const std::string az = R"(// az aks show
/* of 2026 */ {"type": "Microsoft.ContainerService/ManagedClusters", "name": "shop",
  "agentPoolProfiles": [{"name": "system"}],
  "id": "/subscriptions/0/resourceGroups/r/providers/Microsoft.ContainerService/managedClusters/shop",
  "currentKubernetesVersion": "1.34.1", "serviceMeshProfile": {"mode": "Istio", "istio": {"revisions": ["asm-1-26"]}}})";
  const RunResult with_comments = place.run(on_the_day + "--format concise -", az);
  CHECK(with_comments.errors.empty());
  CHECK(with_comments.output.starts_with("<stdin>:5:"));
  CHECK(with_comments.output.find("yaml-syntax") == std::string::npos);

  CHECK(place.run(on_the_day + "check -", clean_manifest).exit_code == 0);
  CHECK(place.run(on_the_day + "-", "").exit_code == 3);
}

TEST_CASE("standard input named as a file of the repository takes that file's place") {
  const Place place;
  fs::create_directory(place.path() / ".git");
  place.add("a.yaml", wrong_manifest);
  CHECK(place.run(on_the_day + "- --stdin-filename a.yaml", clean_manifest).exit_code == 0);
  CHECK(place.run(on_the_day + "a.yaml").exit_code == 1);
}

TEST_CASE("after -- everything is a path, also the name of a command") {
  const Place place;
  place.add("--strange.yaml", wrong_manifest);
  place.add("rules/a.yaml", wrong_manifest);
  CHECK(place.run(on_the_day + "-- --strange.yaml").exit_code == 1);
  CHECK(place.run(on_the_day + "check rules").exit_code == 1);
  CHECK(place.run(on_the_day + "check -- rules").exit_code == 1);
  CHECK(place.run(on_the_day + "-- rules").exit_code == 1);
  CHECK(place.run(on_the_day + "./rules").exit_code == 1);
  CHECK(place.run(on_the_day + "--strange.yaml").exit_code == 2);
}

TEST_CASE("wrong flags and values are usage errors that say what is right") {
  const Place place;
  place.add("a.yaml", clean_manifest);
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"--nonsense", "--nonsense"},
      {"--format xml",
       "--format takes text, concise, json, sarif, github, gitlab, azure, junit or markdown, not 'xml'"},
      {"--format", "--format"},
      {"--as-of yesterday", "--as-of takes a day such as 2026-12-31, not 'yesterday'"},
      {"--as-of 2026-02-30", "--as-of takes a day"},
      {"--color sometimes", "--color takes auto, always or never, not 'sometimes'"},
      {"--jobs many", "--jobs"},
      {"--jobs -1", "--jobs"},
      {"--revision 1.29", "--revision takes a name such as asm-1-29, not '1.29'"},
      {"--kubernetes-version latest", "--kubernetes-version takes a version such as 1.34, not 'latest'"},
      {"--support-plan lts", "--support-plan takes KubernetesOfficial or AKSLongTermSupport, not 'lts'"},
      {"--policy ''", "--policy takes a directory"},
      {"--policy=", "--policy"},
      {"explain MSH4001 --policy ''", "--policy takes a directory"},
      {"--only no-such-rule", "there is no rule 'no-such-rule'"},
      {"--form json", "--form"},  // no guessing of abbreviations
      {"--format json --format sarif", "give one a file of its own: sarif=PATH"},
      {"explain", "explain takes the name or code of one rule"},
      {"explain MSH9999", "there is no rule 'MSH9999'"},
      {"explain MSH4001 MSH4002", "explain takes the name or code of one rule"},
      {"rules extra", "rules takes no argument"},
      {"''", "a path must not be empty"},
      {"missing.yaml", "no such file or directory: missing.yaml"},
  };
  for (const auto& [arguments, words] : wrong) {
    INFO(arguments);
    const RunResult result = place.run(arguments);
    CHECK(result.exit_code == 2);
    CHECK(result.output == "");
    CHECK(result.errors.starts_with("meshlint: "));
    CHECK(contains(result.errors, words));
    CHECK(std::ranges::count(result.errors, '\n') == 1);
  }
}

TEST_CASE("--only runs the rules named by code or name") {
  const Place place;
  place.add("a.yaml", wrong_manifest);
  CHECK(place.run(on_the_day + "--only MSH4001 a.yaml").exit_code == 1);
  CHECK(place.run(on_the_day + "--only injection-label-ineffective a.yaml").exit_code == 1);
  CHECK(place.run(on_the_day + "--only MSH3001 a.yaml").exit_code == 0);
  CHECK(place.run(on_the_day + "--only MSH3001 --only MSH4001 a.yaml").exit_code == 1);
}

TEST_CASE("--as-of decides what is out of support") {
  const Place place;
  place.add("a.yaml", old_manifest);
  CHECK(contains(place.run("--as-of 2026-08-21").output, "warning[MSH2001 revision-end-of-life]"));
  CHECK(contains(place.run("--as-of 2026-04-01").output, "note[MSH2002 revision-end-of-life-soon]"));
  CHECK(place.run("--as-of 2026-01-01").output.starts_with("no findings in 1 file"));
}

TEST_CASE("explain says what a rule means and where that is documented") {
  const Place place;
  for (const auto* rule : meshlint::catalog()) {
    INFO(rule->name);
    const RunResult result = place.run("explain " + std::string(rule->code));
    CHECK(result.exit_code == 0);
    CHECK(result.errors == "");
    for (const auto part : {rule->code, rule->name, rule->summary, rule->why, rule->fix}) {
      CHECK(contains(result.output, part));
    }
    CHECK(contains(result.output, "Source: https://") == !rule->page.empty());
  }
  CHECK(place.run("explain MSH4001").output == place.run("explain injection-label-ineffective").output);
}

TEST_CASE("rules lists every rule on a line of its own") {
  const Place place;
  const RunResult result = place.run("rules");
  CHECK(result.exit_code == 0);
  std::istringstream lines(result.output);
  for (const auto* rule : meshlint::catalog()) {
    std::string line;
    std::getline(lines, line);
    INFO(line);
    CHECK(line.starts_with(rule->code));
    CHECK(contains(line, rule->name));
    CHECK(contains(line, rule->summary));
  }
  CHECK(lines.peek() == std::istringstream::traits_type::eof());
}

TEST_CASE("the version comes with the date of the policy data") {
  const Place place;
  const RunResult result = place.run("--version");
  CHECK(result.exit_code == 0);
  CHECK(result.output == "meshlint " MESHLINT_VERSION " (policy data of 2026-08-21)\n");
}

TEST_CASE("help names every command, option and exit code") {
  const Place place;
  const RunResult result = place.run("--help");
  CHECK(result.exit_code == 0);
  CHECK(result.errors == "");
  for (const char* part : {"meshlint explain RULE",
                           "meshlint rules",
                           "meshlint context",
                           "meshlint upgrade",
                           "meshlint calendar",
                           "meshlint policy",
                           "--cluster",
                           "--to",
                           "--kubernetes V",
                           "--deadline",
                           "--format",
                           "--as-of",
                           "--revision",
                           "--kubernetes-version",
                           "--support-plan",
                           "--only",
                           "--fail-on",
                           "--fix",
                           "--unsafe-fixes",
                           "--diff",
                           "--no-suppressions",
                           "--show-suppressed",
                           "--policy",
                           "--stdin-filename",
                           "--color",
                           "--jobs",
                           "--version",
                           "--help",
                           "Exit code: 0"}) {
    INFO(part);
    CHECK(contains(result.output, part));
  }
  CHECK(place.run("-h").output == result.output);
  CHECK(place.run("check --help").output == result.output);
}

TEST_CASE("color is for terminals, and can be forced and forbidden") {
  const Place place;
  place.add("a.yaml", wrong_manifest);
  const auto run_with = [&](const std::string& environment, const std::string& flags) {
    return run_command(place.path(), "env -u NO_COLOR -u FORCE_COLOR -u CLICOLOR_FORCE " + environment +
                                         " '" MESHLINT_EXECUTABLE "' " + on_the_day + flags)
        .output;
  };
  const std::string plain = run_with("", "");
  CHECK(!contains(plain, "\x1b"));
  CHECK(contains(run_with("", "--color always"), "\x1b["));
  CHECK(contains(run_with("NO_COLOR=1", "--color always"), "\x1b["));
  CHECK(contains(run_with("FORCE_COLOR=1", ""), "\x1b["));
  CHECK(run_with("FORCE_COLOR=1 NO_COLOR=1", "") == plain);
  CHECK(run_with("FORCE_COLOR=1", "--color never") == plain);
  for (const std::string format : {"concise", "json", "sarif"}) {
    INFO(format);
    CHECK(!contains(run_with("FORCE_COLOR=1", "--format " + format), "\x1b"));
  }
}

TEST_CASE("a policy directory replaces the data in the binary") {
  const Place place;
  place.add("a.yaml", wrong_manifest);
  const fs::path data = fs::path(SOURCE_DIRECTORY) / "policy";
  const RunResult same = place.run(on_the_day + "--policy '" + data.string() + "'");
  CHECK(same.exit_code == 1);
  CHECK(same.output == place.run(on_the_day).output);

  fs::copy(data, place.path() / "policy", fs::copy_options::recursive);
  std::string calendar = read_file(place.path() / "policy" / "release-calendar.yaml");
  const std::string entry = "{text: \"~Dec 2026 (expected)\", month: 2026-12, expected: true}";
  REQUIRE(contains(calendar, entry));
  calendar.replace(calendar.find(entry), entry.size(), "{text: Jul 2026, month: 2026-07}");
  place.add("policy/release-calendar.yaml", calendar);
  CHECK(contains(place.run(on_the_day + "--policy policy a.yaml").output, "asm-1-30 went out of support in Jul 2026"));
}

TEST_CASE("a mistake in policy data is named with its place and ends the run with 2") {
  const Place place;
  place.add("a.yaml", wrong_manifest);
  fs::copy(fs::path(SOURCE_DIRECTORY) / "policy", place.path() / "policy", fs::copy_options::recursive);
  std::string calendar = read_file(place.path() / "policy" / "release-calendar.yaml");
  calendar.replace(calendar.find("asm-1-17"), 8, "asm-1-x!");
  place.add("policy/release-calendar.yaml", calendar);
  for (const auto& format : formats) {
    INFO(format);
    const RunResult result = place.run(on_the_day + "--policy policy --format " + format + " a.yaml");
    CHECK(result.exit_code == 2);
    CHECK(result.output == "");
    CHECK(contains(result.errors, "release-calendar.yaml:"));
    CHECK(contains(result.errors, "asm-1-x!"));
  }
  CHECK(place.run("--policy nowhere a.yaml").exit_code == 2);
}

TEST_CASE("hostile file names reach no terminal and no runner") {
  const Place place;
  place.add("a\n::error::forged.yaml", wrong_manifest);
  place.add("b\x1b[2J\x1b]0;title\x07.yaml", wrong_manifest);
  place.add("c##[error]forged ##vso[task.setvariable].yaml", wrong_manifest);
  place.add("d\xff\xfe.yaml", wrong_manifest);
  place.add("e\u202egpj.yaml", wrong_manifest);
  for (const auto& format : formats) {
    INFO(format);
    const RunResult result = run_command(
        place.path(), "env GITHUB_ACTIONS=true '" MESHLINT_EXECUTABLE "' " + on_the_day + "--format " + format);
    CHECK(result.exit_code == 1);
    INFO(result.output);
    CHECK(!has_control_character(result.output));
    CHECK(!has_workflow_command(without_own_commands(result.output, format)));
    if (format == "json" || format == "sarif" || format == "gitlab") CHECK(is_json(result.output));
  }
  const RunResult missing = place.run("\"$(printf 'x\\033[2J\\n::error::y.yaml')\"");
  CHECK(missing.exit_code == 2);
  CHECK(!has_control_character(missing.errors));
  CHECK(!has_workflow_command(missing.errors));
}

TEST_CASE("hostile values in manifests reach no terminal and no runner") {
  const Place place;
  const std::vector<std::string> values = {
      R"("x\n::error file=a::forged")",
      R"("x\e[2J\e]0;title\a")",
      R"("\u202egpj")",
      R"("x\r::add-mask::secret")",
      R"("##[error]forged")",
      R"("##vso[task.setvariable variable=a]b")",
      R"("\u009b2J")",
      R"x("[click](https://evil.example)")x",
  };
  for (std::size_t i = 0; i < values.size(); ++i) {
    place.add("value-" + std::to_string(i) + ".yaml",
              "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: " + values[i] +
                  "\n  labels:\n    istio.io/rev: asm-1-30\n" + "    istio-injection: " + values[i] + "\n");
  }
  place.add("comment.yaml", std::string(wrong_manifest) + "    istio-injection: enabled # ##[command]whoami\n");
  place.add("broken.yaml", "a: ##vso[task.complete]\n::error::forged\n");
  for (const auto& format : formats) {
    INFO(format);
    const RunResult result = run_command(
        place.path(), "env GITHUB_ACTIONS=true '" MESHLINT_EXECUTABLE "' " + on_the_day + "--format " + format);
    CHECK(result.exit_code == 1);
    INFO(result.output);
    CHECK(!has_control_character(result.output));
    CHECK(!has_workflow_command(without_own_commands(result.output, format)));
    CHECK(contains(result.output, "MSH4001"));
    if (format == "json" || format == "sarif" || format == "gitlab") CHECK(is_json(result.output));
    if (format == "sarif") CHECK(!contains(result.output, "[click](https"));
  }
}
