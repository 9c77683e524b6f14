// JUnit's XML: one suite a file, one test a finding. What does not fail the run is a test that passed, with its text as
// output, so that a server that counts failures agrees with the exit code.
#include "linter/report.h"
#include "linter/sanitize.h"

namespace meshlint {
namespace {

// One file's findings; the file is null for what concerns the whole run.
struct Suite {
  std::string name;
  std::string cases;
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
};

std::string details_of(const Diagnostic& diagnostic) {
  std::string text = sanitize_markup(concise_line(diagnostic)) + "\n";
  for (const std::string& line : detail_lines(diagnostic)) text += sanitize_markup(line) + "\n";
  return text;
}

void add_case(Suite& suite, const Diagnostic& diagnostic, bool fails) {
  const Position position = diagnostic.place.file->position(pointed_span(diagnostic.place).start);
  suite.cases += fmt::format(R"(    <testcase classname="{}" name="{} {} at {}:{}" file="{}" line="{}" time="0">)",
                             suite.name, diagnostic.rule->code, diagnostic.rule->name, position.line, position.column,
                             suite.name, position.line);
  if (fails) {
    suite.cases +=
        fmt::format("\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n", to_string(diagnostic.severity),
                    sanitize_markup(diagnostic.message), details_of(diagnostic));
  } else {
    suite.cases += fmt::format("\n      <system-out>{}</system-out>\n", details_of(diagnostic));
  }
  suite.cases += "    </testcase>\n";
  ++suite.tests;
  if (fails) ++suite.failures;
}

// What concerns the whole run: that all is well, or what could not be read.
Suite run_suite(const Report& report, bool has_findings) {
  Suite suite{"meshlint", {}, 0, 0, 0};
  const auto add = [&](std::string_view name, std::string_view error) {
    suite.cases += fmt::format(R"(    <testcase classname="meshlint" name="{}" time="0">)", name);
    if (!error.empty()) suite.cases += fmt::format(R"(<error type="unreadable" message="{}"/>)", error);
    suite.cases += "</testcase>\n";
    ++suite.tests;
    if (!error.empty()) ++suite.errors;
  };
  for (const std::string& sentence : report.outcome.unreadable)
    add("everything can be read", sanitize_markup(sentence));
  if (report.outcome.io_failed && report.outcome.unreadable.empty())
    add("everything can be read", "a file that was asked for could not be read");
  if (!has_findings && suite.tests == 0) add("no findings", "");
  return suite;
}

std::string counts(const Suite& suite) {
  return fmt::format(R"(name="{}" tests="{}" failures="{}" errors="{}" skipped="0" time="0")", suite.name, suite.tests,
                     suite.failures, suite.errors);
}

}  // namespace

std::string report_junit(const Report& report) {
  std::vector<Suite> suites;
  const SourceFile* file = nullptr;
  for (const Diagnostic& diagnostic : report.outcome.diagnostics) {  // by file
    if (diagnostic.place.file != file) suites.push_back({sanitize_markup(diagnostic.place.file->shown()), {}, 0, 0, 0});
    file = diagnostic.place.file;
    add_case(suites.back(), diagnostic, fails_run(report.options, diagnostic.severity));
  }
  if (Suite suite = run_suite(report, !suites.empty()); suite.tests > 0) suites.push_back(std::move(suite));

  Suite all{"meshlint", {}, 0, 0, 0};
  for (const Suite& suite : suites) {
    all.tests += suite.tests;
    all.failures += suite.failures;
    all.errors += suite.errors;
    all.cases += fmt::format("  <testsuite {}>\n{}  </testsuite>\n", counts(suite), suite.cases);
  }
  return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {}>\n{}</testsuites>\n", counts(all),
                     all.cases);
}

}  // namespace meshlint
