#include "linter/fix_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <stdexcept>

#include "linter/fix.h"
#include "linter/line_diff.h"
#include "linter/new_file.h"
#include "linter/rule.h"
#include "linter/sanitize.h"

namespace meshlint {
namespace {

constexpr int most_passes = 50;  // a pass makes one fix a line at least; more than so many would be rules at war
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

using Edits = std::map<const SourceFile*, std::vector<Edit>>;

// An insertion touches what it stands beside: which would come first is not known.
bool touches(const Edit& a, const Edit& b) {
  return a.place.span.start <= b.place.span.end && b.place.span.start <= a.place.span.end;
}

bool fits(const Fix& fix, const Edits& taken) {
  return std::ranges::none_of(fix.edits, [&](const Edit& edit) {
    const auto others = taken.find(edit.place.file);
    return others != taken.end() &&
           std::ranges::any_of(others->second, [&](const Edit& other) { return touches(edit, other); });
  });
}

// The edits of the fixes that can be made together, in the order of the findings; the others' turn is the next pass.
Edits choose_edits(const std::vector<Diagnostic>& diagnostics, const std::set<const SourceFile*>& writable,
                   bool unsafe) {
  Edits chosen;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (!diagnostic.fix || (!diagnostic.fix->safe && !unsafe)) continue;
    const Fix& fix = *diagnostic.fix;
    const bool all_writable =
        std::ranges::all_of(fix.edits, [&](const Edit& edit) { return writable.contains(edit.place.file); });
    if (!all_writable || !fits(fix, chosen)) continue;
    for (const Edit& edit : fix.edits) chosen[edit.place.file].push_back(edit);
  }
  return chosen;
}

std::string read_bytes(const std::string& location) {
  std::ifstream stream(location, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// The bytes of a file with its text, as it is unless it was in UTF-16.
std::string bytes_of(const SourceFile& file, std::string_view text) {
  return std::string(file.had_byte_order_mark() ? byte_order_mark : "") + std::string(text);
}

// Which findings say that a file cannot be read, and how often: fixes must not add to them.
std::map<std::string, std::size_t> input_errors(const Outcome& outcome) {
  std::map<std::string, std::size_t> errors;
  for (const Diagnostic& diagnostic : outcome.diagnostics) {
    if (diagnostic.rule->family == Family::input && diagnostic.severity == Severity::error)
      errors[diagnostic.place.file->path()] += diagnostic.count;
  }
  return errors;
}

bool reads_worse(const Outcome& before, const Outcome& after) {
  const auto errors_before = input_errors(before);
  for (const auto& [path, number] : input_errors(after)) {
    const auto before_it = errors_before.find(path);
    if (before_it == errors_before.end() || before_it->second < number) return true;
  }
  return false;
}

// One repository's inputs while fixes are made in them.
class Fixer {
 public:
  Fixer(const Options& options, const Policy& policy, std::span<const Rule* const> rules, Inputs inputs, bool unsafe)
      : options_(options), policy_(policy), rules_(rules), inputs_(std::move(inputs)), unsafe_(unsafe) {
    for (std::size_t i = 0; i < inputs_.files.size(); ++i) numbers_[inputs_.files[i].path] = i;
  }

  FixedFiles fix() {
    Outcome outcome = run_once();
    const std::size_t at_first = count_all(outcome);
    for (int pass = 0; pass < most_passes; ++pass) {
      if (!make_fixes(outcome)) break;
      Outcome next = run_once();
      if (reads_worse(outcome, next)) {
        throw std::runtime_error("a fix would break a file, so that none was made; please report this");
      }
      outcome = std::move(next);
    }
    const std::size_t at_last = count_all(outcome);
    outcome.fixed = at_first > at_last ? at_first - at_last : 0;
    return {changed_files(), std::move(outcome)};
  }

 private:
  Outcome run_once() const { return run(options_, policy_, rules_, inputs_, ""); }

  static std::size_t count_all(const Outcome& outcome) {
    return outcome.places(Severity::error) + outcome.places(Severity::warning) + outcome.places(Severity::note);
  }

  bool make_fixes(const Outcome& outcome) {
    std::set<const SourceFile*> writable;
    for (const InputFile& file : outcome.repository->files) {
      if (file.reported && is_writable(*file.source)) writable.insert(file.source.get());
    }
    const Edits edits = choose_edits(outcome.diagnostics, writable, unsafe_);
    for (const auto& [file, changes] : edits) input_of(*file).text = bytes_of(*file, apply_edits(*file, changes));
    return !edits.empty();
  }

  Input& input_of(const SourceFile& file) { return inputs_.files[numbers_.at(file.path())]; }

  bool is_writable(const SourceFile& file) {
    const Input& input = input_of(file);
    if (input.text) return true;
    if (input.location.empty()) return false;
    auto [known, is_new] = originals_.try_emplace(file.path());
    if (is_new) known->second = read_bytes(input.location);
    return known->second == bytes_of(file, file.text());
  }

  std::vector<FixedFile> changed_files() const {
    std::vector<FixedFile> files;
    for (const Input& input : inputs_.files) {
      if (!input.text || *input.text == originals_.at(input.path)) continue;
      files.push_back({input.path, input.shown, input.location, originals_.at(input.path), *input.text});
    }
    return files;
  }

  const Options& options_;
  const Policy& policy_;
  std::span<const Rule* const> rules_;
  Inputs inputs_;
  bool unsafe_;
  std::map<std::string, std::size_t> numbers_;  // of the inputs, by path
  std::map<std::string, std::string> originals_;
};

[[noreturn]] void refuse(const FixedFile& file, std::string_view why) {
  throw std::runtime_error(fmt::format("{} was not changed: {}", file.shown, why));
}

}  // namespace

FixedFiles fix_files(const Options& options, const Policy& policy, std::span<const Rule* const> rules, Inputs inputs,
                     bool unsafe) {
  return Fixer(options, policy, rules, std::move(inputs), unsafe).fix();
}

void write_files(const std::vector<FixedFile>& files) {
  std::vector<NewFile> new_files;
  new_files.reserve(files.size());
  for (const FixedFile& file : files) {
    struct stat status {};
    if (lstat(file.location.c_str(), &status) != 0) refuse(file, std::strerror(errno));
    if (!S_ISREG(status.st_mode) || read_bytes(file.location) != file.before)
      refuse(file, "it has changed since it was read");
    if (access(file.location.c_str(), W_OK) != 0) refuse(file, std::strerror(errno));
    new_files.emplace_back(file.location, file.after, status.st_mode);
  }
  for (NewFile& file : new_files) file.move_into_place();
}

std::string diff_files(const std::vector<FixedFile>& files) {
  std::string text;
  for (const FixedFile& file : files) text += unified_diff(file.path, file.before, file.after);
  return text;
}

}  // namespace meshlint
