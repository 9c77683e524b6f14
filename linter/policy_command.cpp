#include "linter/policy_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <utility>

#include "linter/error.h"
#include "linter/policy_diff.h"
#include "linter/policy_files.h"
#include "linter/policy_import.h"
#include "linter/policy_overlay.h"
#include "linter/policy_page.h"
#include "linter/policy_show.h"
#include "linter/policy_verify.h"
#include "linter/policy_view.h"
#include "linter/sanitize.h"
#include "linter/words.h"

namespace meshlint {
namespace {

using Json = nlohmann::ordered_json;
using Operands = std::span<const std::string>;

constexpr std::size_t page_size_limit = std::size_t{10} << 20;

constexpr const char* help_text =
    R"(meshlint policy keeps the facts that meshlint judges by fresh, and shows them.

Usage:
  meshlint policy import [--policy DIR] [--read DATE] [--allow-removals] [--dry-run] FILE...
      Write what pages and outputs say into the policy files of DIR (default: ./policy). Only lines whose facts
      changed are touched; what a page no longer lists stays, with the day it was last seen. A page with a cell that
      cannot be read, or that lost much of a table, is refused, and nothing is written.
      FILE is a page of MicrosoftDocs/azure-aks-docs (istio-support-policy.md, istio-meshconfig.md,
      supported-kubernetes-versions.md) or the output of az aks mesh get-revisions -o json.
      --read DATE        the day the pages were read, which the policy then states as its own
      --allow-removals   accept a much shorter table: its rows were removed on purpose
      --dry-run          say what would change and write nothing
  meshlint policy show [TABLE...] [--policy DIR] [--as-of DATE] [--format text|json]
      Show tables of the policy: calendar, kubernetes, compatibility, classification, blocked-kinds (default: these),
      or any other by its file's name in the policy, such as features.
  meshlint policy verify [--policy DIR] [--as-of DATE] [--format text|json]
      Find facts that contradict each other (errors), and gaps and lapsed dates (warnings).
  meshlint policy diff OLD NEW [--format text|json]
      What changed between two policies, each a directory or built-in, in words that release notes can use. A directory
      that extends the built-in policy counts with all that it takes from there.

Without --policy, show and verify work on the policy that was built in.

Exit code: 0 fine, 1 a page was refused or verify found an error, 2 wrong usage or broken policy data, 4 something
could not be read or written.
)";

std::string position_line(const Problem& problem) {
  const Position at = problem.file->position(problem.span.start);
  return fmt::format("{}:{}:{}: {}\n", sanitize_path(problem.file->shown()), at.line, at.column,
                     sanitize(problem.message));
}

std::unique_ptr<SourceFile> read_input(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string text;
  text.resize(page_size_limit + 1);
  if (stream.is_open()) stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!stream.is_open() || stream.bad()) throw std::runtime_error(fmt::format("{} cannot be read", path));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > page_size_limit) throw UsageError(fmt::format("{} is larger than any page", sanitize(path)));
  return std::make_unique<SourceFile>(path, path, std::move(text));
}

std::vector<PageFacts> read_inputs(Operands paths, SourceFiles& sources) {
  std::vector<PageFacts> pages;
  for (const std::string& path : paths) {
    sources.push_back(read_input(path));
    const auto kind = recognize_page(*sources.back());
    if (!kind) {
      throw UsageError(
          fmt::format("{} is no page that import knows: expected istio-support-policy.md, "
                      "istio-meshconfig.md, supported-kubernetes-versions.md or the output of az aks mesh "
                      "get-revisions -o json",
                      sanitize(path)));
    }
    pages.push_back(read_page(*sources.back(), *kind));
  }
  return pages;
}

std::string table_sizes(const std::vector<PageFacts>& pages) {
  std::string text;
  for (const PageFacts& page : pages) {
    std::vector<std::string> tables;
    for (const TableSize& table : page.tables) {
      tables.push_back(fmt::format("{}: {}, {}", table.name, count_words(static_cast<long>(table.rows), "row"),
                                   count_words(static_cast<long>(table.cells), "cell")));
    }
    std::string line;
    for (const std::string& table : tables) line += fmt::format("{}{}", line.empty() ? "" : "; ", table);
    text += fmt::format("{}: {}\n", sanitize_path(page.file->shown()), line);
  }
  return text;
}

std::string render_changes(const std::vector<PolicyChange>& changes) {
  std::string text;
  std::string_view table;
  for (const PolicyChange& change : changes) {
    if (change.table != table) text += fmt::format("{}{}:\n", text.empty() ? "" : "\n", sanitize(change.table));
    table = change.table;
    text += fmt::format("- {}\n", sanitize(change.sentence));
  }
  return text.empty() ? "nothing changed\n" : text;
}

// The files of a policy with new texts in place of old ones.
PolicyFiles with_texts(const PolicyFiles& files, const PolicyTexts& texts) {
  PolicyFiles result;
  for (const auto& [name, file] : files) {
    const auto changed = texts.find(name);
    std::string text(changed == texts.end() ? file->text() : std::string_view(changed->second));
    result[name] = std::make_unique<SourceFile>(file->path(), file->shown(), std::move(text));
  }
  return result;
}

// A day to come is a slip, which would refuse every state of the pages until then. Somewhere it is tomorrow already.
void refuse_day_to_come(Date read) {
  const Date tomorrow = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()) + std::chrono::days(1);
  if (read > tomorrow) {
    throw UsageError(
        fmt::format("--read {} is still to come: expected the day on which the pages were read", to_string(read)));
  }
}

CommandOutput import_command(const PolicyCommand& command, Operands paths) {
  if (paths.empty()) throw UsageError("policy import takes pages to read; see meshlint policy --help");
  if (command.read) refuse_day_to_come(*command.read);
  const std::string directory = command.directory.empty() ? "policy" : command.directory;
  const Policy policy = Policy::from_directory(directory);
  const PolicyFiles files = read_policy_directory(directory);
  SourceFiles sources;
  const std::vector<PageFacts> pages = read_inputs(paths, sources);
  ImportPlan plan = plan_import(files, policy, pages, {.read = command.read, .allow_removals = command.allow_removals});
  if (plan.problems.empty()) {
    for (const InvalidPlace& place : check_policy_texts(files, plan.texts)) {
      plan.problems.push_back(blame_page(pages, plan.texts, place));
    }
  }
  CommandOutput result;
  for (const Problem& problem : plan.problems) result.errors += position_line(problem);
  if (!plan.problems.empty()) {
    result.errors += "meshlint: nothing was imported\n";
    result.exit_code = 1;
    return result;
  }
  if (!command.dry_run) write_policy_texts(directory, plan.texts);
  for (const Problem& remark : plan.remarks) result.errors += position_line(remark);
  result.output = table_sizes(pages) + '\n' + render_changes(diff_policies(files, with_texts(files, plan.texts)));
  return result;
}

Policy load_policy(const PolicyCommand& command) {
  return command.directory.empty() ? Policy::embedded() : Policy::from_directory(command.directory);
}

std::string listed(const std::vector<std::string_view>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

CommandOutput show_command(const PolicyCommand& command, Operands names) {
  std::vector<std::string_view> tables;
  for (const std::string& name : names) {
    const std::vector<std::string_view> found = find_policy_tables(name);
    if (found.empty()) {
      std::vector<std::string_view> all = policy_tables();
      std::ranges::copy(other_policy_tables(), std::back_inserter(all));
      const std::string_view meant = closest_word(name, all);
      throw UsageError(fmt::format("policy show knows no table {}; {}there are {}", meshlint::quoted(sanitize(name)),
                                   meant.empty() ? "" : fmt::format("did you mean {}? ", meant), listed(all)));
    }
    for (const std::string_view table : found) {
      if (std::ranges::find(tables, table) == tables.end()) tables.push_back(table);
    }
  }
  if (names.empty()) tables = policy_tables();
  const Policy policy = load_policy(command);
  const PolicyFiles files =
      command.directory.empty() ? embedded_policy() : over_built_in(read_policy_directory(command.directory));
  if (command.json) return {.output = show_policy_json(policy, files, tables, command.as_of), .errors = {}};
  CommandOutput result{.output = show_policy(policy, files, tables, command.as_of), .errors = {}};
  if (names.empty()) {
    result.output +=
        fmt::format("\n{}\n", wrapped(fmt::format("Shown by name only: {}", listed(other_policy_tables())), 0));
  }
  return result;
}

CommandOutput verify_command(const PolicyCommand& command, Operands operands) {
  if (!operands.empty()) throw UsageError("policy verify takes no operand; --policy names the directory");
  const auto findings = verify_policy(load_policy(command), {.as_of = command.as_of});
  CommandOutput result;
  Json list = Json::array();
  long errors = 0;
  for (const PolicyFinding& finding : findings) {
    errors += finding.severity == Severity::error ? 1 : 0;
    result.output +=
        fmt::format("{}: {}: {}\n", to_string(finding.severity), finding.table, sanitize(finding.sentence));
    list.push_back({{"severity", to_string(finding.severity)},
                    {"table", finding.table},
                    {"subject", valid_utf8(finding.subject)},
                    {"sentence", valid_utf8(finding.sentence)}});
  }
  const long warnings = static_cast<long>(findings.size()) - errors;
  result.output += fmt::format("{}, {}\n", count_words(errors, "error"), count_words(warnings, "warning"));
  if (command.json) result.output = Json{{"as_of", to_string(command.as_of)}, {"findings", list}}.dump(2) + '\n';
  result.exit_code = errors > 0 ? 1 : 0;
  return result;
}

CommandOutput diff_command(const PolicyCommand& command, Operands operands) {
  if (operands.size() != 2) throw UsageError("policy diff takes two policies, each a directory or built-in");
  const auto changes =
      diff_policies(over_built_in(read_policy_argument(operands[0])), over_built_in(read_policy_argument(operands[1])));
  if (!command.json) return {.output = render_changes(changes), .errors = {}};
  Json list = Json::array();
  for (const PolicyChange& change : changes) {
    const auto text_or_null = [](const std::string& text) { return text.empty() ? Json() : Json(valid_utf8(text)); };
    list.push_back({{"table", valid_utf8(change.table)},
                    {"subject", text_or_null(change.subject)},
                    {"what", text_or_null(change.what)},
                    {"before", text_or_null(change.before)},
                    {"after", text_or_null(change.after)},
                    {"sentence", valid_utf8(change.sentence)}});
  }
  return {.output = Json{{"changes", list}}.dump(2) + '\n', .errors = {}};
}

}  // namespace

std::string policy_help() {
  return help_text;
}

CommandOutput run_policy_command(const PolicyCommand& command) {
  const Operands operands = command.operands;
  if (operands.empty())
    throw UsageError("policy takes a command: import, show, verify or diff; see meshlint policy --help");
  const std::string& name = operands.front();
  const Operands rest = operands.subspan(1);
  if (name == "import") return import_command(command, rest);
  if (name == "show") return show_command(command, rest);
  if (name == "verify") return verify_command(command, rest);
  if (name == "diff") return diff_command(command, rest);
  throw UsageError(
      fmt::format("policy has no command {}: it has import, show, verify and diff; to lint a folder of that "
                  "name: meshlint check policy",
                  meshlint::quoted(sanitize(name))));
}

}  // namespace meshlint
