// The command line: what is asked for -> options, a run, a report, an exit code.
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <set>
#include <sstream>

#include "linter/calendar.h"
#include "linter/engine.h"
#include "linter/error.h"
#include "linter/fix_files.h"
#include "linter/new_file.h"
#include "linter/policy_command.h"
#include "linter/report.h"
#include "linter/report_context.h"
#include "linter/report_upgrade.h"
#include "linter/sanitize.h"
#include "linter/words.h"
#include "rules/catalog.h"

namespace meshlint {
namespace {

namespace po = boost::program_options;

// Never dependent on the output format; of several that apply, 2 comes before 4, 4 before 3 and 3 before 1.
enum ExitCode { clean = 0, findings = 1, usage = 2, no_input = 3, failure = 4 };

constexpr const char* help_text =
    R"(meshlint finds what AKS or its Istio add-on will refuse, ignore, revert or stop supporting, before you merge it.

Usage:
  meshlint [check] [OPTIONS] [PATH...]   lint files and directories (default: the current directory)
  meshlint context [OPTIONS] [PATH...]   which clusters were found, what is known of them, which files go to which
  meshlint upgrade [OPTIONS] [PATH...]   the way to a newer revision or Kubernetes version, step by step
  meshlint calendar [OPTIONS] [PATH...]  until when what is supported, what runs on what, and where the clusters stand
  meshlint explain RULE                  what a rule means, why it matters and what to do
  meshlint rules                         list every rule
  meshlint policy COMMAND                show, verify, compare or refresh the policy data (see meshlint policy --help)
  meshlint --version                     the version, and the date of the policy data

PATH selects what is reported: files (*.yaml, *.yml, *.json, *.tf, *.tfvars, *.tfstate, *.bicep, *.bicepparam),
directories, or - for standard input. Clusters and other resources are always read from the whole Git repository
around it, except what .gitignore names. A symbolic link is followed where it is a PATH (in a repository only to what
lies in it), and never where a directory holds it.

Examples:
  meshlint                                          lint the repository you stand in
  meshlint clusters/prod --as-of 2026-12-31         what will be out of support at the end of the year?
  helm template shop charts/shop | meshlint -       lint what a chart renders to
  meshlint --format github --format sarif=out.sarif annotations in the log, and SARIF in a file
  meshlint --diff                                   what would --fix change?
  meshlint upgrade --cluster shop-prod --deadline   what to do, in which order and by when
  meshlint calendar --format html > calendar.html   the support windows, as a page to look at

)";

constexpr const char* exit_code_text = R"(
Exit code: 0 no error found, 1 at least one error, 2 wrong usage or broken policy data, 3 nothing to lint,
4 something could not be read or written. Warnings and notes fail a run only where --fail-on says so.
)";

// One report to write: in which format, and into which file; standard output for an empty path.
struct Output {
  std::string format;
  std::string path;
};

enum class Fixing : std::uint8_t { no, write, show };  // of --fix and --diff

struct CommandLine {
  Options options;
  std::vector<Output> outputs;
  Fixing fixing = Fixing::no;
  bool unsafe_fixes = false;
  std::string command = "check";
  std::vector<std::string> operands;
  bool help = false;
  bool version = false;
  std::optional<Date> read;  // the options of meshlint policy import
  bool allow_removals = false;
  bool dry_run = false;
  UpgradeRequest upgrade;
};

po::options_description describe_options() {
  po::options_description check("Options");
  check.add_options()  //
      ("format", po::value<std::vector<std::string>>()->value_name("FORMAT[=PATH]")->composing(),
       "text (default), concise, json, sarif, github, gitlab, azure, junit or markdown, to standard output or into a "
       "file (may be repeated, with files); upgrade: text, json or markdown; calendar: text, json, svg or html")  //
      ("fail-on", po::value<std::string>()->value_name("SEVERITY"),
       "exit with 1 from this severity on: error (default), warning, note or never")          //
      ("fix", "make the safe fixes of findings in the files, and report what is left")        //
      ("unsafe-fixes", "with --fix or --diff: also fixes that change what the cluster does")  //
      ("diff", "show what --fix would change as a diff; exit code 1 if anything")             //
      ("as-of", po::value<std::string>()->value_name("DATE"),
       "judge support windows on this day, such as 2026-12-31 (default: today, UTC)")  //
      ("revision", po::value<std::vector<std::string>>()->value_name("REV")->composing(),
       "the mesh revision that runs, such as asm-1-29, whatever the files say (given twice during a canary upgrade)")  //
      ("kubernetes-version", po::value<std::string>()->value_name("V"),
       "the clusters' Kubernetes version, such as 1.34, whatever the files say")  //
      ("support-plan", po::value<std::string>()->value_name("PLAN"),
       "the clusters' support plan: KubernetesOfficial or AKSLongTermSupport")  //
      ("cluster", po::value<std::string>()->value_name("NAME"),
       "upgrade: the cluster to plan for, where there are several; calendar: the one to show")  //
      ("to", po::value<std::string>()->value_name("REV"),
       "upgrade: the mesh revision to end with (default: the newest supported one, unless --kubernetes is given)")  //
      ("kubernetes", po::value<std::string>()->value_name("V"),
       "upgrade: the Kubernetes version to end with (default: one that the revision runs on)")        //
      ("deadline", "upgrade: say by when each step must be done for the cluster to stay in support")  //
      ("only", po::value<std::vector<std::string>>()->value_name("RULE")->composing(),
       "run only this rule, by name or code (may be repeated)")                                             //
      ("no-suppressions", "report what comments and annotations tell to leave out")                         //
      ("show-suppressed", "list what comments and annotations leave out, with the reasons")                 //
      ("policy", po::value<std::string>()->value_name("DIR"), "read the policy data from this directory")   //
      ("stdin-filename", po::value<std::string>()->value_name("PATH"), "the path that standard input has")  //
      ("color", po::value<std::string>()->value_name("WHEN"), "auto (default), always or never")            //
      ("jobs", po::value<int>()->value_name("N"), "threads (default: one a processor)")                     //
      ("version", "show the version and the date of the policy data")                                       //
      ("help,h", "show this help");
  return check;
}

constexpr std::pair<std::string_view, Format> format_names[] = {
    {"text", Format::text},   {"concise", Format::concise}, {"json", Format::json},
    {"sarif", Format::sarif}, {"github", Format::github},   {"gitlab", Format::gitlab},
    {"azure", Format::azure}, {"junit", Format::junit},     {"markdown", Format::markdown},
};

Format parse_format(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& [known, format] : format_names) {
    if (name == known) return format;
    names.emplace_back(known);
  }
  throw UsageError(fmt::format("--format takes {}, not '{}'", list_words(names, "or"), sanitize(name)));
}

// The values of --format: each report goes to a place of its own.
std::vector<Output> parse_outputs(const po::variables_map& values) {
  if (values.count("format") == 0) return {{"text", ""}};
  std::vector<Output> outputs;
  for (const std::string& value : values["format"].as<std::vector<std::string>>()) {
    const auto equals = value.find('=');
    Output output{value.substr(0, equals), equals == std::string::npos ? "" : value.substr(equals + 1)};
    if (equals != std::string::npos && output.path.empty()) {
      throw UsageError(fmt::format("--format {} names no file", sanitize(value)));
    }
    const auto same = std::ranges::find(outputs, output.path, &Output::path);
    if (same != outputs.end()) {
      throw UsageError(
          fmt::format("--format {} and --format {} would both go to {}; give one a file of its own: {}=PATH",
                      sanitize(same->format), sanitize(output.format),
                      output.path.empty() ? "standard output" : sanitize(output.path), sanitize(output.format)));
    }
    outputs.push_back(std::move(output));
  }
  return outputs;
}

std::optional<Severity> parse_fail_on(const std::string& name) {
  if (name == "never") return std::nullopt;
  for (const Severity severity : {Severity::error, Severity::warning, Severity::note}) {
    if (name == to_string(severity)) return severity;
  }
  throw UsageError(fmt::format("--fail-on takes error, warning, note or never, not '{}'", sanitize(name)));
}

Date parse_day(std::string_view option, const std::string& text) {
  if (const auto date = parse_date(text)) return *date;
  throw UsageError(fmt::format("{} takes a day such as 2026-12-31, not '{}'", option, sanitize(text)));
}

unsigned parse_jobs(int jobs) {
  if (jobs > 0) return static_cast<unsigned>(jobs);
  throw UsageError(fmt::format("--jobs takes a number of threads from 1 on, not {}", jobs));
}

std::vector<Minor> parse_revisions(const std::vector<std::string>& names) {
  std::set<Minor> revisions;
  for (const auto& name : names) {
    const auto revision = parse_revision(name);
    if (!revision) throw UsageError(fmt::format("--revision takes a name such as asm-1-29, not '{}'", sanitize(name)));
    revisions.insert(*revision);
  }
  return {revisions.begin(), revisions.end()};
}

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

bool wants_color(const std::string& when) {
  if (when == "always") return true;
  if (when == "never") return false;
  if (when != "auto") throw UsageError(fmt::format("--color takes auto, always or never, not '{}'", sanitize(when)));
  if (is_set("NO_COLOR")) return false;
  return is_set("FORCE_COLOR") || is_set("CLICOLOR_FORCE") || isatty(STDOUT_FILENO) == 1;
}

std::size_t terminal_width() {
  winsize size{};
  const bool known = isatty(STDOUT_FILENO) == 1 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
  return known ? size.ws_col : 0;
}

void check_cluster_options(const Options& options) {
  if (options.kubernetes_version && !parse_minor(*options.kubernetes_version)) {
    throw UsageError(fmt::format("--kubernetes-version takes a version such as 1.34, not '{}'",
                                 sanitize(*options.kubernetes_version)));
  }
  if (options.support_plan && *options.support_plan != "KubernetesOfficial" &&
      *options.support_plan != "AKSLongTermSupport") {
    throw UsageError(fmt::format("--support-plan takes KubernetesOfficial or AKSLongTermSupport, not '{}'",
                                 sanitize(*options.support_plan)));
  }
}

Options make_options(const po::variables_map& values) {
  const auto text = [&values](const char* name, const char* otherwise = "") {
    return values.count(name) != 0 ? values[name].as<std::string>() : std::string(otherwise);
  };
  const auto optional_text = [&](const char* name) {
    return values.count(name) != 0 ? std::optional(text(name)) : std::nullopt;
  };
  Options options;
  options.fail_on = parse_fail_on(text("fail-on", "error"));
  options.color = wants_color(text("color", "auto"));
  options.width = terminal_width();
  options.github_actions = is_set("GITHUB_ACTIONS");
  options.as_of = values.count("as-of") != 0 ? parse_day("--as-of", text("as-of"))
                                             : std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  options.policy_directory = text("policy");
  if (values.count("policy") != 0 && options.policy_directory.empty()) {
    throw UsageError("--policy takes a directory, not ''");
  }
  options.stdin_filename = text("stdin-filename");
  if (values.count("only") != 0) options.only = values["only"].as<std::vector<std::string>>();
  if (values.count("jobs") != 0) options.jobs = parse_jobs(values["jobs"].as<int>());
  for (const Rule* rule : catalog()) options.known_rules.insert(options.known_rules.end(), {rule->code, rule->name});
  options.suppressions = values.count("no-suppressions") == 0;
  options.show_suppressed = values.count("show-suppressed") != 0;
  if (!options.suppressions && options.show_suppressed)
    throw UsageError("--no-suppressions reports everything: there is nothing for --show-suppressed");
  if (values.count("revision") != 0)
    options.revisions = parse_revisions(values["revision"].as<std::vector<std::string>>());
  options.kubernetes_version = optional_text("kubernetes-version");
  options.support_plan = optional_text("support-plan");
  check_cluster_options(options);
  return options;
}

// Whether the first operand names a command; what stands behind `--` is a path.
bool is_command(std::string_view operand, int argc, char** argv) {
  constexpr std::string_view commands[] = {"calendar", "check", "context", "explain", "policy", "rules", "upgrade"};
  const auto separator = std::find(argv, argv + argc, std::string_view("--"));
  return std::ranges::find(commands, operand) != std::end(commands) && std::find(argv, separator, operand) != separator;
}

void read_import_options(const po::variables_map& values, CommandLine& command_line) {
  const bool imports =
      command_line.command == "policy" && !command_line.operands.empty() && command_line.operands[0] == "import";
  for (const char* option : {"read", "allow-removals", "dry-run"}) {
    if (values.count(option) != 0 && !imports) throw UsageError(fmt::format("only policy import takes --{}", option));
  }
  if (values.count("read") != 0) command_line.read = parse_day("--read", values["read"].as<std::string>());
  command_line.allow_removals = values.count("allow-removals") != 0;
  command_line.dry_run = values.count("dry-run") != 0;
}

void read_upgrade_options(const po::variables_map& values, CommandLine& command_line) {
  const bool upgrades = command_line.command == "upgrade";
  for (const char* option : {"to", "kubernetes", "deadline"}) {
    if (values.count(option) != 0 && !upgrades) throw UsageError(fmt::format("only upgrade takes --{}", option));
  }
  UpgradeRequest& upgrade = command_line.upgrade;
  upgrade.deadline = values.count("deadline") != 0;
  if (values.count("cluster") != 0) {
    if (!upgrades && command_line.command != "calendar") throw UsageError("only upgrade and calendar take --cluster");
    upgrade.cluster = values["cluster"].as<std::string>();
    if (upgrade.cluster.empty()) throw UsageError("--cluster takes the name of a cluster, not ''");
  }
  if (values.count("to") != 0) {
    const auto name = values["to"].as<std::string>();
    upgrade.goal.revision = parse_revision(name);
    if (!upgrade.goal.revision) {
      throw UsageError(fmt::format("--to takes a revision such as asm-1-30, not '{}'", sanitize(name)));
    }
  }
  if (values.count("kubernetes") != 0) {
    const auto version = values["kubernetes"].as<std::string>();
    upgrade.goal.kubernetes = parse_minor(version);
    if (!upgrade.goal.kubernetes) {
      throw UsageError(fmt::format("--kubernetes takes a version such as 1.35, not '{}'", sanitize(version)));
    }
  }
}

void read_fix_options(const po::variables_map& values, CommandLine& command_line) {
  const bool fix = values.count("fix") != 0;
  const bool diff = values.count("diff") != 0;
  command_line.unsafe_fixes = values.count("unsafe-fixes") != 0;
  for (const char* option : {"fix", "diff", "unsafe-fixes", "fail-on", "no-suppressions", "show-suppressed"}) {
    if (values.count(option) != 0 && command_line.command != "check")
      throw UsageError(fmt::format("only check takes --{}", option));
  }
  if (fix && diff) throw UsageError("--fix changes the files and --diff shows what it would change: give one of them");
  if (command_line.unsafe_fixes && !fix && !diff) throw UsageError("--unsafe-fixes is given with --fix or --diff");
  if (diff && values.count("format") != 0) throw UsageError("--diff writes a diff and takes no --format");
  const bool reads_standard_input = std::ranges::find(command_line.operands, "-") != command_line.operands.end();
  if ((fix || diff) && reads_standard_input) throw UsageError("standard input cannot be fixed: name files or folders");
  if (fix || diff) command_line.fixing = fix ? Fixing::write : Fixing::show;
}

CommandLine parse_command_line(int argc, char** argv) {
  po::options_description hidden;
  hidden.add_options()("operand", po::value<std::vector<std::string>>())  // those of meshlint policy import follow
      ("read", po::value<std::string>())("allow-removals", "")("dry-run", "");
  po::options_description all;
  all.add(describe_options()).add(hidden);
  po::positional_options_description positional;
  positional.add("operand", -1);

  po::variables_map values;
  try {
    const int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(argc, argv).options(all).positional(positional).style(style).run(), values);
  } catch (const po::error& error) {
    throw UsageError(fmt::format("{}; see meshlint --help", sanitize(error.what())));
  }

  CommandLine result;
  result.help = values.count("help") != 0;
  result.version = values.count("version") != 0;
  if (values.count("operand") != 0) result.operands = values["operand"].as<std::vector<std::string>>();
  if (!result.operands.empty() && is_command(result.operands[0], argc, argv)) {
    result.command = result.operands[0];
    result.operands.erase(result.operands.begin());
  }
  if (result.help || result.version) return result;
  result.options = make_options(values);
  result.outputs = parse_outputs(values);
  read_fix_options(values, result);
  read_import_options(values, result);
  read_upgrade_options(values, result);
  return result;
}

Policy load_policy(const Options& options) {
  return options.policy_directory.empty() ? Policy::embedded() : Policy::from_directory(options.policy_directory);
}

const Rule& require_rule(std::string_view name) {
  if (const Rule* rule = find_rule(name)) return *rule;
  std::vector<std::string_view> names;
  for (const Rule* rule : catalog()) names.push_back(rule->name);
  const auto near = closest_word(name, names);
  throw UsageError(fmt::format("there is no rule '{}'{} (`meshlint rules` lists them all)", sanitize(name),
                               near.empty() ? "" : fmt::format(": did you mean '{}'?", near)));
}

std::vector<const Rule*> select_rules(const Options& options) {
  std::vector<const Rule*> selected;
  for (const Rule* rule : catalog()) {
    const bool named = std::ranges::any_of(options.only, [&](const auto& name) { return &require_rule(name) == rule; });
    if (options.only.empty() ? rule->on_by_default : named) selected.push_back(rule);
  }
  return selected;
}

void write(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    throw std::runtime_error("the report could not be written to standard output");
  }
}

// The format that a command other than check writes to standard output.
std::string require_format(const CommandLine& command_line, std::initializer_list<std::string_view> formats) {
  const Output& output = command_line.outputs[0];
  if (command_line.outputs.size() == 1 && output.path.empty() &&
      std::ranges::find(formats, output.format) != formats.end()) {
    return output.format;
  }
  throw UsageError(fmt::format("{} writes one report, to standard output; --format takes {}", command_line.command,
                               list_words({formats.begin(), formats.end()}, "or")));
}

// What shows the text to people, who must see it as it is, or to a runner, which must not obey it.
bool is_for_program() {
  struct stat status {};
  if (isatty(STDOUT_FILENO) == 1) return false;
  return (!is_set("GITHUB_ACTIONS") && !is_set("TF_BUILD")) ||
         (fstat(STDOUT_FILENO, &status) == 0 && S_ISREG(status.st_mode));
}

std::string diff_for_people(const std::string& diff) {
  std::string text;
  std::istringstream lines(diff);
  for (std::string line; std::getline(lines, line);) text += sanitize_path(line) + "\n";
  return text;
}

// The options with the paths that were named, or the current directory.
Options with_paths(const CommandLine& command_line) {
  Options options = command_line.options;
  options.paths = command_line.operands;
  if (options.paths.empty()) options.paths.emplace_back(".");
  return options;
}

std::string read_standard_input(const Options& options) {
  if (std::ranges::find(options.paths, "-") == options.paths.end()) return {};
  return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

Outcome run_or_fix(const CommandLine& command_line, const Options& options, const Policy& policy,
                   std::span<const Rule* const> rules, const Inputs& inputs, const std::string& standard_input) {
  if (command_line.fixing != Fixing::write) return run(options, policy, rules, inputs, standard_input);
  FixedFiles fixed = fix_files(options, policy, rules, inputs, command_line.unsafe_fixes);
  write_files(fixed.files);
  return std::move(fixed.outcome);
}

int show_fixes(const CommandLine& command_line) {
  const Options options = with_paths(command_line);
  const auto rules = select_rules(options);
  const Policy policy = load_policy(options);
  const Inputs inputs = discover(options);
  for (const auto& sentence : inputs.unreadable) fmt::print(stderr, "meshlint: {}\n", sanitize(sentence));
  const FixedFiles fixed = fix_files(options, policy, rules, inputs, command_line.unsafe_fixes);
  const std::string diff = diff_files(fixed.files);
  write(is_for_program() ? diff : diff_for_people(diff));
  if (!inputs.unreadable.empty() || fixed.outcome.io_failed) return failure;
  return diff.empty() ? clean : findings;
}

int check(const CommandLine& command_line) {
  std::vector<Format> formats;
  if (command_line.fixing == Fixing::show) return show_fixes(command_line);
  for (const Output& output : command_line.outputs) formats.push_back(parse_format(output.format));
  const Options options = with_paths(command_line);
  const auto rules = select_rules(options);
  const Policy policy = load_policy(options);
  const Inputs inputs = discover(options);
  const std::string standard_input = read_standard_input(options);

  Outcome outcome = run_or_fix(command_line, options, policy, rules, inputs, standard_input);
  outcome.io_failed = outcome.io_failed || !inputs.unreadable.empty();
  outcome.unreadable = inputs.unreadable;
  for (const auto& sentence : inputs.unreadable) fmt::print(stderr, "meshlint: {}\n", sanitize(sentence));
  const Report report{outcome, options, rules, MESHLINT_VERSION, to_string(policy.data_date()), &policy};
  for (std::size_t i = 0; i < formats.size(); ++i) {
    const std::string text = render(report, formats[i]);
    command_line.outputs[i].path.empty() ? write(text) : write_report(command_line.outputs[i].path, text);
  }

  if (outcome.io_failed) return failure;
  const bool reads_standard_input = std::ranges::find(options.paths, "-") != options.paths.end();
  if (reads_standard_input && standard_input.empty()) {
    fmt::print(stderr, "meshlint: nothing to lint: standard input is empty\n");
    return no_input;
  }
  if (outcome.files_read == 0) {
    fmt::print(stderr,
               "meshlint: nothing to lint: no YAML, JSON, Bicep or Terraform file in the paths given (.yaml, "
               ".yml, .json, .bicep, .bicepparam, .tf, .tfvars, .tfstate, Kustomization)\n");
    return no_input;
  }
  const auto fails = [&options](const Diagnostic& diagnostic) { return fails_run(options, diagnostic.severity); };
  return std::ranges::any_of(outcome.diagnostics, fails) ? findings : clean;
}

int show_context(const CommandLine& command_line) {
  const Options options = with_paths(command_line);
  const std::string format = require_format(command_line, {"text", "json"});
  const Policy policy = load_policy(options);
  const Inputs inputs = discover(options);
  for (const auto& sentence : inputs.unreadable) fmt::print(stderr, "meshlint: {}\n", sanitize(sentence));
  const Repository repository(options, policy, inputs, read_standard_input(options));
  write(format == "json" ? report_context_json(repository) : report_context_text(repository));
  return inputs.unreadable.empty() ? clean : failure;
}

int upgrade(const CommandLine& command_line) {
  const Options options = with_paths(command_line);
  const std::string format = require_format(command_line, {"text", "json", "markdown"});
  const auto rules = select_rules(options);
  const Policy policy = load_policy(options);
  const Inputs inputs = discover(options);
  for (const auto& sentence : inputs.unreadable) fmt::print(stderr, "meshlint: {}\n", sanitize(sentence));
  const Repository repository(options, policy, inputs, read_standard_input(options));
  const UpgradeOutline outline = outline_upgrade(repository, inputs, options, command_line.upgrade, rules);
  const UpgradeReport report{outline, policy, options.as_of, command_line.upgrade.deadline};
  write(format == "markdown" ? report_upgrade_markdown(report)
        : format == "json"   ? report_upgrade_json(report)
                             : report_upgrade_text(report));
  return inputs.unreadable.empty() ? clean : failure;
}

int show_calendar(const CommandLine& command_line) {
  const std::string format = require_format(command_line, {"text", "json", "svg", "html"});
  const Options options = with_paths(command_line);
  const Policy policy = load_policy(options);
  const Inputs inputs = discover(options);
  for (const auto& sentence : inputs.unreadable) fmt::print(stderr, "meshlint: {}\n", sanitize(sentence));
  const Repository repository(options, policy, inputs, read_standard_input(options));
  const Calendar calendar = make_calendar(repository, options, {command_line.upgrade.cluster});
  write(format == "svg"    ? report_calendar_svg(calendar)
        : format == "html" ? report_calendar_html(calendar)
        : format == "json" ? report_calendar_json(calendar)
                           : report_calendar_text(calendar));
  return inputs.unreadable.empty() ? clean : failure;
}

int explain(const CommandLine& command_line) {
  if (command_line.operands.size() != 1) throw UsageError("explain takes the name or code of one rule");
  const Rule& rule = require_rule(command_line.operands[0]);
  std::string text = fmt::format("{} {}\n{}, {}{}\n\n{}.\n\n{}\n\nWhat to do: {}.\n", rule.code, rule.name,
                                 to_string(rule.severity), to_string(rule.family),
                                 rule.on_by_default ? "" : ", off by default", rule.summary, rule.why, rule.fix);
  if (!rule.page.empty()) {
    const Citation source = load_policy(command_line.options).source(rule.page);
    text += fmt::format("\nSource: {} (read {})\n", source.url, source.date);
  }
  write(text);
  return clean;
}

int list_rules(const CommandLine& command_line) {
  if (!command_line.operands.empty())
    throw UsageError("rules takes no argument; to lint a folder of that name: meshlint check rules");
  std::string text;
  for (const Rule* rule : catalog()) {
    text += fmt::format("{}  {:<7}  {:<40} {}{}\n", rule->code, to_string(rule->severity), rule->name, rule->summary,
                        rule->on_by_default ? "" : " (off by default)");
  }
  write(text);
  return clean;
}

int policy(const CommandLine& command_line) {
  const Options& options = command_line.options;
  const std::string format = require_format(command_line, {"text", "json"});
  const CommandOutput result = run_policy_command({.operands = command_line.operands,
                                                   .directory = options.policy_directory,
                                                   .json = format == "json",
                                                   .as_of = options.as_of,
                                                   .read = command_line.read,
                                                   .allow_removals = command_line.allow_removals,
                                                   .dry_run = command_line.dry_run});
  write(result.output);
  fmt::print(stderr, "{}", result.errors);
  return result.exit_code;
}

int show_help(const CommandLine& command_line) {
  if (command_line.command == "policy") {
    write(policy_help());
    return clean;
  }

  std::ostringstream text;
  text << help_text << describe_options() << exit_code_text;
  write(text.str());
  return clean;
}

int show_version() {
  write(fmt::format("meshlint {} (policy data of {})\n", MESHLINT_VERSION, to_string(Policy::embedded().data_date())));
  return clean;
}

int run_command(int argc, char** argv) {
  const CommandLine command_line = parse_command_line(argc, argv);
  if (command_line.help) return show_help(command_line);
  if (command_line.version) return show_version();
  if (command_line.command == "explain") return explain(command_line);
  if (command_line.command == "context") return show_context(command_line);
  if (command_line.command == "rules") return list_rules(command_line);
  if (command_line.command == "upgrade") return upgrade(command_line);
  if (command_line.command == "calendar") return show_calendar(command_line);
  if (command_line.command == "policy") return policy(command_line);
  return check(command_line);
}

}  // namespace
}  // namespace meshlint

int main(int argc, char** argv) {
  try {
    return meshlint::run_command(argc, argv);
  } catch (const meshlint::UsageError& error) {
    fmt::print(stderr, "meshlint: {}\n", error.what());
    return meshlint::usage;
  } catch (const std::exception& error) {
    fmt::print(stderr, "meshlint: {}\n", meshlint::sanitize(error.what()));
    return meshlint::failure;
  }
}
