// --fix, --diff and reports in files, as a user meets them.
#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "linter/fix_files.h"
#include "linter/line_diff.h"
#include "tests/run_meshlint.h"

namespace fs = std::filesystem;

namespace {

const std::string flags = "--as-of 2026-08-21 --revision asm-1-30 ";

constexpr const char* wrong =
    "apiVersion: v1\nkind: Namespace  # of the shop\nmetadata:\n  name: shop\n"
    "  labels: {istio-injection: enabled}\n";
constexpr const char* right =
    "apiVersion: v1\nkind: Namespace  # of the shop\nmetadata:\n  name: shop\n"
    "  labels: {istio.io/rev: asm-1-30}\n";

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

}  // namespace

TEST_CASE("--fix makes safe fixes alone, --unsafe-fixes the others, and what is left is reported") {
  const TemporaryDirectory place;
  write_file(place.path() / "a.yaml", wrong);

  const RunResult found = run_meshlint(place.path(), flags + "a.yaml");
  CHECK(found.exit_code == 1);
  CHECK(contains(found.output, "\n1 fixable with --fix --unsafe-fixes: review what changes\n"));

  CHECK(run_meshlint(place.path(), flags + "--fix a.yaml").output == found.output);
  CHECK(read_file(place.path() / "a.yaml") == wrong);

  const RunResult fixed = run_meshlint(place.path(), flags + "--fix --unsafe-fixes a.yaml");
  CHECK(fixed.exit_code == 0);
  CHECK(fixed.output == "no findings in 1 file (1 object; 1 fixed)\n");
  CHECK(read_file(place.path() / "a.yaml") == right);
  CHECK(run_meshlint(place.path(), flags + "--fix --unsafe-fixes a.yaml").output ==
        "no findings in 1 file (1 object)\n");
  CHECK(names_in(place.path()) == std::vector<std::string>{"a.yaml"});
}

TEST_CASE("--diff shows what --fix would do and changes nothing; git applies it") {
  const TemporaryDirectory place;
  write_file(place.path() / "apps/a.yaml", wrong);
  write_file(place.path() / "apps/b.yaml", right);
  CHECK(run_meshlint(place.path(), flags + "--diff").exit_code == 0);
  CHECK(run_meshlint(place.path(), flags + "--diff").output == "");

  const RunResult diff = run_meshlint(place.path(), flags + "--diff --unsafe-fixes");
  CHECK(diff.exit_code == 1);
  CHECK(contains(diff.output, "-  labels: {istio-injection: enabled}\n+  labels: {istio.io/rev: asm-1-30}\n"));
  CHECK(read_file(place.path() / "apps/a.yaml") == wrong);
  write_file(place.path() / "changes.diff", diff.output);
  REQUIRE(run_command(place.path(), "git init -q && git apply changes.diff").exit_code == 0);
  CHECK(read_file(place.path() / "apps/a.yaml") == right);
}

TEST_CASE("fixes keep line ends, a byte order mark, permissions and the missing last line end") {
  const TemporaryDirectory place;
  const auto with = [](std::string text) {
    for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 2)) text.replace(at, 1, "\r\n");
    return "\xEF\xBB\xBF" + text.substr(0, text.size() - 2);
  };
  write_file(place.path() / "a.yaml", with(wrong));
  REQUIRE(chmod((place.path() / "a.yaml").c_str(), 0640) == 0);
  CHECK(run_meshlint(place.path(), flags + "--fix --unsafe-fixes").exit_code == 0);
  CHECK(read_file(place.path() / "a.yaml") == with(right));
  CHECK(fs::status(place.path() / "a.yaml").permissions() == fs::perms(0640));
}

TEST_CASE("files that were not asked for are not changed, and a link stays a link") {
  const TemporaryDirectory place;
  write_file(place.path() / ".git/HEAD", "ref: refs/heads/main\n");
  write_file(place.path() / "a.yaml", wrong);
  write_file(place.path() / "b.yaml", wrong);
  fs::create_symlink("b.yaml", place.path() / "link.yaml");
  CHECK(run_meshlint(place.path(), flags + "--fix --unsafe-fixes link.yaml").exit_code == 0);
  CHECK(read_file(place.path() / "a.yaml") == wrong);
  CHECK(fs::is_symlink(place.path() / "link.yaml"));
  CHECK(read_file(place.path() / "b.yaml") == right);
}

TEST_CASE("when one file has changed since it was read, none is written") {
  const TemporaryDirectory place;
  write_file(place.path() / "a.yaml", "a: 1\n");
  write_file(place.path() / "b.yaml", "b: of somebody else\n");
  const auto file = [&place](const std::string& name, const std::string& before, const std::string& after) {
    return meshlint::FixedFile{name, name, (place.path() / name).string(), before, after};
  };
  CHECK_THROWS_WITH(meshlint::write_files({file("a.yaml", "a: 1\n", "a: 2\n"), file("b.yaml", "b: 1\n", "b: 2\n")}),
                    "b.yaml was not changed: it has changed since it was read");
  CHECK(read_file(place.path() / "a.yaml") == "a: 1\n");
  CHECK(read_file(place.path() / "b.yaml") == "b: of somebody else\n");
  CHECK(names_in(place.path()) == std::vector<std::string>{"a.yaml", "b.yaml"});
  meshlint::write_files({file("a.yaml", "a: 1\n", "a: 2\n")});
  CHECK(read_file(place.path() / "a.yaml") == "a: 2\n");
}

TEST_CASE("suppressions in files that were not asked for are no findings") {
  const TemporaryDirectory place;
  write_file(place.path() / ".git/HEAD", "ref: refs/heads/main\n");
  write_file(place.path() / "asked/a.yaml", right);
  write_file(place.path() / "other/b.yaml",
             "# meshlint: ignore[MSH4001] repaired\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: cart\n"
             "  annotations: {meshlint/ignore: MSH99}\n  labels: {istio.io/rev: asm-1-30}\n");
  CHECK(run_meshlint(place.path(), flags + "asked").output == "no findings in 1 file (1 object)\n");
  const RunResult both = run_meshlint(place.path(), flags + "--format concise asked other");
  CHECK(contains(both.output, "other/b.yaml:1:20: note[MSH9011 "));
  CHECK(contains(both.output, "other/b.yaml:6:34: warning[MSH9010 "));
}

TEST_CASE("options of fixing exclude what they cannot go with") {
  const TemporaryDirectory place;
  write_file(place.path() / "a.yaml", wrong);
  for (const auto& [arguments, words] :
       std::vector<std::pair<std::string, std::string>>{{"--fix --diff", "give one of them"},
                                                        {"--unsafe-fixes", "is given with --fix or --diff"},
                                                        {"--diff --format json", "takes no --format"},
                                                        {"--fix -", "standard input cannot be fixed"},
                                                        {"context --fix", "only check takes --fix"},
                                                        {"rules --fail-on note", "only check takes --fail-on"}}) {
    INFO(arguments);
    const RunResult result = run_meshlint(place.path(), arguments, wrong);
    CHECK(result.exit_code == 2);
    CHECK(contains(result.errors, words));
  }
}

TEST_CASE("--fail-on says from which severity on findings fail the run") {
  const TemporaryDirectory place;
  write_file(place.path() / "a.yaml",
             "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n"
             "    istio.io/rev: asm-1-26\n");
  const std::string warns = "--as-of 2026-08-21 a.yaml --fail-on ";
  CHECK(run_meshlint(place.path(), warns + "error").exit_code == 0);
  CHECK(run_meshlint(place.path(), warns + "warning").exit_code == 1);
  CHECK(run_meshlint(place.path(), warns + "note").exit_code == 1);
  CHECK(run_meshlint(place.path(), warns + "never").exit_code == 0);
  CHECK(run_meshlint(place.path(), warns + "all").exit_code == 2);
}

TEST_CASE("one run writes several reports, each to a place of its own") {
  const TemporaryDirectory place;
  write_file(place.path() / "a.yaml", wrong);
  const std::string formats =
      flags +
      "--format concise --format json=out.json --format sarif=out.sarif --format gitlab=out-gl.json "
      "--format junit=out.xml --format markdown=out.md --format github=out.txt --format azure=out.az a.yaml";
  const RunResult result = run_meshlint(place.path(), formats);
  CHECK(result.exit_code == 1);
  CHECK(result.output.starts_with("a.yaml:5:12: error[MSH4001 "));
  CHECK(nlohmann::json::parse(read_file(place.path() / "out.json"))["diagnostics"].size() == 1);
  CHECK(nlohmann::json::parse(read_file(place.path() / "out.sarif"))["runs"].size() == 1);
  CHECK(nlohmann::json::parse(read_file(place.path() / "out-gl.json")).size() == 1);
  CHECK(contains(read_file(place.path() / "out.xml"), "failures=\"1\""));
  CHECK(read_file(place.path() / "out.md").starts_with("### meshlint: 1 error"));
  CHECK(read_file(place.path() / "out.txt").starts_with("::error file=a.yaml"));
  CHECK(read_file(place.path() / "out.az").starts_with("##vso[task.logissue type=error;"));

  const RunResult only_files = run_meshlint(place.path(), flags + "--format json=again.json a.yaml");
  CHECK(only_files.output == "");
  CHECK(read_file(place.path() / "again.json") == read_file(place.path() / "out.json"));

  for (const char* arguments : {"--format json --format sarif a.yaml", "--format json=x --format sarif=x a.yaml",
                                "--format json= a.yaml", "context --format json=x"}) {
    INFO(arguments);
    CHECK(run_meshlint(place.path(), arguments).exit_code == 2);
    CHECK(!fs::exists(place.path() / "x"));
  }
}

TEST_CASE("a report is never written through a link, into .git or over something that is no file") {
  const TemporaryDirectory elsewhere;
  const TemporaryDirectory place;
  write_file(place.path() / "a.yaml", right);
  write_file(place.path() / ".git/HEAD", "ref: refs/heads/main\n");
  write_file(elsewhere.path() / "victim", "untouched");
  fs::create_directory_symlink(elsewhere.path(), place.path() / "out");
  fs::create_directory_symlink(".git", place.path() / "inside");
  fs::create_symlink(elsewhere.path() / "victim", place.path() / "link.json");
  REQUIRE(mkfifo((place.path() / "pipe").c_str(), 0600) == 0);
  for (const char* path : {"out/x.json", ".git/x.json", "inside/x.json", ".git", "missing/x.json", ".", "pipe"}) {
    INFO(path);
    const RunResult result = run_meshlint(place.path(), flags + "a.yaml --format json=" + path);
    CHECK(result.exit_code == 2);
    CHECK(contains(result.errors, "is not written"));
  }
  CHECK(names_in(elsewhere.path()) == std::vector<std::string>{"victim"});
  CHECK(run_meshlint(place.path(), flags + "a.yaml --format json=link.json").exit_code == 0);
  CHECK(read_file(elsewhere.path() / "victim") == "untouched");
  CHECK(!fs::is_symlink(place.path() / "link.json"));
  const std::string absolute = (elsewhere.path() / "x.json").string();
  CHECK(run_meshlint(place.path(), flags + "a.yaml --format json=" + absolute).exit_code == 0);
  CHECK(fs::exists(absolute));
}

TEST_CASE("a diff has hunks with context and says where the last line end is missing") {
  CHECK(meshlint::unified_diff("a.yaml", "a\n", "a\n").empty());
  CHECK(meshlint::unified_diff("a.yaml", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n") ==
        "--- a/a.yaml\n+++ b/a.yaml\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
  CHECK(meshlint::unified_diff("a.yaml", "a\nb", "a\nc") ==
        "--- a/a.yaml\n+++ b/a.yaml\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n"
        "\\ No newline at end of file\n");
  CHECK(meshlint::unified_diff("a\n\"b", "", "x\n") ==
        "--- \"a/a\\012\\\"b\"\n+++ \"b/a\\012\\\"b\"\n@@ -0,0 +1,1 @@\n+x\n");
}
