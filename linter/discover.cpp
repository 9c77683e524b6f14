#include "linter/discover.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <ranges>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "linter/error.h"
#include "linter/sanitize.h"

namespace meshlint {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t largest_ignore_file = 1 << 20;

// Paths, as text with '/'. A folder's path has no final '/', except that of the root of the file system.

bool is_inside(std::string_view path, std::string_view folder) {
  if (folder == "/") return true;
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

// What is left of a path inside the folder; empty for the folder itself.
std::string_view below(std::string_view path, std::string_view folder) {
  if (path.size() == folder.size()) return {};
  return path.substr(folder == "/" ? 1 : folder.size() + 1);
}

std::string join(std::string_view folder, std::string_view name) {
  return folder == "/" ? fmt::format("/{}", name) : fmt::format("{}/{}", folder, name);
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return std::string(slash == 0 ? "/" : path.substr(0, slash));
}

bool has_git_part(std::string_view path) {
  return path == ".git" || path.starts_with(".git/") || path.ends_with("/.git") ||
         path.find("/.git/") != std::string_view::npos;
}

bool is_manifest_name(std::string_view name) {
  constexpr std::string_view extensions[] = {".yaml",       ".yml", ".json",   ".bicep",
                                             ".bicepparam", ".tf",  ".tfvars", ".tfstate"};
  if (name == "Kustomization") return true;  // kustomize's third name for a kustomization.yaml
  return std::ranges::any_of(extensions, [name](std::string_view extension) { return name.ends_with(extension); });
}

// Without `.`, `..` and a final '/', by the letters alone: links are not looked at.
std::string absolute_path(const fs::path& path) {
  std::string absolute = fs::absolute(path).lexically_normal().generic_string();
  if (absolute.size() > 1 && absolute.ends_with('/')) absolute.pop_back();
  return absolute;
}

// With every link resolved as far as the path exists.
std::string real_path(const fs::path& path) {
  std::error_code error;
  const fs::path real = fs::weakly_canonical(fs::absolute(path), error);
  return absolute_path(error ? path : real);
}

// The nearest folder that holds `.git`, from the given one upwards.
std::optional<std::string> repository_around(std::string folder) {
  while (true) {
    std::error_code error;
    if (fs::exists(join(folder, ".git"), error)) return folder;
    if (folder == "/") return std::nullopt;
    folder = folder_of(folder);
  }
}

// One thing that the command line names.
struct Argument {
  std::string given;
  std::string path;                          // absolute, by the letters of what was given
  std::string folder{};                      // itself when it is a directory
  fs::file_type type = fs::file_type::none;  // of what a link leads to
  std::error_code error{};                   // why it cannot be looked at
  bool is_link = false;
};

Argument standard_input(const std::string& filename) {
  const std::string path = absolute_path(filename.empty() ? "<stdin>" : filename);
  return {.given = "-", .path = path, .folder = folder_of(path)};
}

Argument examine(const std::string& given) {
  if (given.empty()) throw UsageError("a path must not be empty");
  Argument argument{.given = given, .path = absolute_path(given)};
  std::error_code link_error;
  argument.is_link = fs::is_symlink(argument.path, link_error);
  argument.type = fs::status(given, argument.error).type();
  if (argument.type == fs::file_type::not_found && !argument.is_link)
    throw UsageError(fmt::format("no such file or directory: {}", sanitize(given)));
  argument.folder = argument.type == fs::file_type::directory ? argument.path : folder_of(argument.path);
  return argument;
}

std::vector<Argument> examine_all(const Options& options) {
  if (options.paths.empty()) return {examine(".")};
  std::vector<Argument> arguments;
  for (const std::string& path : options.paths)
    arguments.push_back(path == "-" ? standard_input(options.stdin_filename) : examine(path));
  return arguments;
}

// The values of `url` in .git/config; none where it cannot be read, as in a worktree.
std::vector<std::string> remotes_of(const std::string& root) {
  std::vector<std::string> remotes;
  const std::string path = join(root, ".git/config");
  std::error_code error;
  if (!fs::is_regular_file(fs::symlink_status(path, error)) || fs::file_size(path, error) > largest_ignore_file)
    return remotes;
  std::ifstream config(path);
  for (std::string line; std::getline(config, line);) {
    const auto start = line.find_first_not_of(" \t");
    if (start == std::string::npos || line.compare(start, 3, "url") != 0) continue;
    const auto equals = line.find('=', start);
    const auto value = equals == std::string::npos ? equals : line.find_first_not_of(" \t", equals + 1);
    if (value != std::string::npos) remotes.push_back(line.substr(value, line.find_last_not_of(" \t\r") + 1 - value));
  }
  return remotes;
}

// The folder that paths are relative to.
struct Root {
  std::string named;  // as the first argument reaches it: links may lead to it
  std::string real;
  bool is_repository = false;
};

Root find_root(const std::vector<Argument>& arguments) {
  std::string folder = arguments.front().folder;
  if (const auto repository = repository_around(folder)) return {*repository, real_path(*repository), true};
  for (const Argument& argument : arguments)
    while (!is_inside(argument.folder, folder)) folder = folder_of(folder);
  return {folder, real_path(folder), false};
}

std::string_view describe(fs::file_type type) {
  switch (type) {
    case fs::file_type::fifo: return "a pipe; pipe into 'meshlint check -' instead";
    case fs::file_type::socket: return "a socket";
    case fs::file_type::block:
    case fs::file_type::character: return "a device";
    default: return "not a regular file";
  }
}

// Why an argument is not read; empty when it is.
std::string problem_with(const Argument& argument, const Root& root) {
  if (argument.type == fs::file_type::not_found) return "the link leads nowhere";
  if (argument.type == fs::file_type::none) return argument.error.message();
  if (argument.type != fs::file_type::regular && argument.type != fs::file_type::directory)
    return fmt::format("not read: it is {}", describe(argument.type));

  const std::string real = real_path(argument.given);
  const bool left_by_link = root.is_repository && (argument.is_link || is_inside(argument.path, root.named));
  if (!is_inside(real, root.real) && left_by_link) return fmt::format("not read: the link leads out of {}", root.named);
  if (is_inside(real, root.real) && has_git_part(below(real, root.real))) return "not read: it lies inside .git";
  return {};
}

// Gathers files, each once, and walks directories.
class Collector {
 public:
  explicit Collector(Root root) : root_(std::move(root)), working_(real_path(".")) {}

  void add_argument(const Argument& argument) {
    if (argument.given == "-") return add_standard_input(real_path(argument.path));
    if (const std::string problem = problem_with(argument, root_); !problem.empty()) {
      unreadable_.insert(fmt::format("{}: {}", argument.given, problem));
      return;
    }
    const std::string path = real_path(argument.given);
    if (argument.type == fs::file_type::directory) return walk_from(path, true);
    std::error_code error;
    const std::uintmax_t size = fs::file_size(path, error);
    add_file(path, error ? 0 : size, true);
  }

  // What the arguments do not name of the repository.
  void add_context() {
    if (root_.is_repository) walk_from(root_.real, false);
  }

  Inputs take() {
    Inputs inputs{.root = root_.real,
                  .remotes = remotes_of(root_.real),
                  .files = {},
                  .unreadable = {unreadable_.begin(), unreadable_.end()}};
    inputs.files.reserve(files_.size());
    for (auto& [path, input] : files_) inputs.files.push_back(std::move(input));
    return inputs;
  }

 private:
  // A .gitignore file and the folder it lies in.
  struct Scope {
    std::string folder;
    IgnoreFile patterns;
  };

  std::string path_from_root(const std::string& path) const {
    return std::string(is_inside(path, root_.real) ? below(path, root_.real) : path);
  }

  std::string shown(const std::string& path) const {
    if (is_inside(path, working_)) return path == working_ ? "." : std::string(below(path, working_));
    if (!is_inside(path, root_.real) || !is_inside(working_, root_.real)) return path;
    return fs::path(path).lexically_relative(working_).generic_string();
  }

  void add_file(const std::string& path, std::uintmax_t size, bool reported) {
    std::string key = path_from_root(path);
    if (files_.contains(key)) return;
    files_.emplace(key, Input{.path = key, .shown = shown(path), .location = path, .reported = reported, .size = size});
  }

  // Stands for the file on disk that has its name, as when an editor lints what is not yet saved.
  void add_standard_input(const std::string& path) {
    const bool is_named = !path.ends_with("/<stdin>");
    std::string key = is_named ? path_from_root(path) : "<stdin>";
    files_.insert_or_assign(
        key, Input{.path = key, .shown = is_named ? shown(path) : key, .location = {}, .reported = true});
  }

  void walk_from(const std::string& folder, bool reported) {
    const std::string top = is_inside(folder, root_.real) ? root_.real : repository_around(folder).value_or(folder);
    for (std::size_t end = top.size(); end < folder.size(); end = std::min(folder.find('/', end + 1), folder.size()))
      enter(folder.substr(0, end));
    walk(folder, reported);
    scopes_.clear();
  }

  void walk(const std::string& folder, bool reported) {
    if (!walked_.insert(folder).second) return;
    const bool has_scope = enter(folder);

    // Folders are entered after the listing is closed: depth must not cost open files.
    std::vector<std::string> folders;
    std::error_code error;
    fs::directory_iterator entry(folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error))
      look_at(*entry, folder, reported, folders);
    if (error) unreadable_.insert(fmt::format("{}: {}", shown(folder), error.message()));
    for (const std::string& inner : folders) walk(inner, reported);

    if (has_scope) scopes_.pop_back();
  }

  void look_at(const fs::directory_entry& entry, const std::string& folder, bool reported,
               std::vector<std::string>& folders) {
    std::error_code error;
    const std::string name = entry.path().filename().string();
    const bool is_link = entry.is_symlink(error);
    const bool is_directory = !is_link && entry.is_directory(error);
    if (is_link || name == ".git" || name == ".terraform" || !(is_directory || is_manifest_name(name))) return;

    std::string path = join(folder, name);
    if (is_ignored(path, is_directory)) return;
    if (is_directory) {
      folders.push_back(std::move(path));
    } else if (entry.is_regular_file(error)) {
      const std::uintmax_t size = entry.file_size(error);
      add_file(path, error ? 0 : size, reported);
    }
  }

  // Reads the folder's .gitignore; false when there is none.
  bool enter(const std::string& folder) {
    const std::string path = join(folder, ".gitignore");
    std::error_code error;
    if (fs::symlink_status(path, error).type() != fs::file_type::regular) return false;
    const std::uintmax_t size = fs::file_size(path, error);
    std::ifstream file(path, std::ios::binary);
    if (error || !file || size > largest_ignore_file) {
      unreadable_.insert(fmt::format("{}: {}", shown(path), file ? "not read: larger than 1 MiB" : "cannot be read"));
      return false;
    }
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    scopes_.push_back({folder, IgnoreFile(text)});
    return true;
  }

  // The innermost .gitignore that says anything about the path decides.
  bool is_ignored(std::string_view path, bool is_directory) const {
    for (const Scope& scope : std::views::reverse(scopes_)) {
      const IgnoreFile::Verdict verdict = scope.patterns.check(below(path, scope.folder), is_directory);
      if (verdict != IgnoreFile::Verdict::none) return verdict == IgnoreFile::Verdict::ignored;
    }
    return false;
  }

  Root root_;
  std::string working_;
  std::map<std::string, Input> files_;
  std::set<std::string> walked_;
  std::vector<Scope> scopes_;  // what governs the folder being walked, outermost first
  std::set<std::string> unreadable_;
};

// Spaces at the end of a line do not count unless a backslash stands before them.
std::string_view without_trailing_spaces(std::string_view line) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size())
      ++i;
    else if (line[i] == ' ')
      continue;
    end = i + 1;
  }
  return line.substr(0, end);
}

// Whether a byte belongs to a named class such as `alpha`; nullopt when there is no such class. Bytes beyond ASCII
// belong to none.
std::optional<bool> in_named_class(std::string_view name, unsigned char byte) {
  const bool digit = byte >= '0' && byte <= '9';
  const bool upper = byte >= 'A' && byte <= 'Z';
  const bool lower = byte >= 'a' && byte <= 'z';
  const bool graphic = byte > ' ' && byte < 0x7f;
  if (name == "alnum") return digit || upper || lower;
  if (name == "alpha") return upper || lower;
  if (name == "blank") return byte == ' ' || byte == '\t';
  if (name == "cntrl") return byte < ' ' || byte == 0x7f;
  if (name == "digit") return digit;
  if (name == "graph") return graphic;
  if (name == "lower") return lower;
  if (name == "print") return graphic || byte == ' ';
  if (name == "punct") return graphic && !(digit || upper || lower);
  if (name == "space") return byte == ' ' || (byte >= '\t' && byte <= '\r');
  if (name == "upper") return upper;
  if (name == "xdigit") return digit || (byte >= 'A' && byte <= 'F') || (byte >= 'a' && byte <= 'f');
  return std::nullopt;
}

// Where the glob goes on after what matched one byte; nullopt when it does not match.
using Match = std::optional<std::size_t>;

// `[a-z]`, `[!a-z]`, `[[:alpha:]]`; a `]` that comes first stands for itself. One that is not closed matches nothing.
Match match_class(std::string_view glob, std::size_t at, unsigned char byte) {
  const auto unsigned_at = [glob](std::size_t i) { return static_cast<unsigned char>(glob[i]); };
  std::size_t i = at + 1;
  const bool negated = i < glob.size() && (glob[i] == '!' || glob[i] == '^');
  if (negated) ++i;

  bool matched = false;
  std::optional<unsigned char> range_start;  // the character before, if a range may start there
  for (const std::size_t first = i; i < glob.size() && (glob[i] != ']' || i == first); ++i) {
    if (glob[i] == '-' && range_start && i + 1 < glob.size() && glob[i + 1] != ']') {
      if (glob[++i] == '\\' && ++i == glob.size()) return std::nullopt;
      matched |= *range_start <= byte && byte <= unsigned_at(i);
      range_start.reset();
      continue;
    }
    if (glob[i] == '[' && i + 1 < glob.size() && glob[i + 1] == ':') {
      const std::size_t close = glob.find(']', i + 2);
      if (close == std::string_view::npos) return std::nullopt;
      if (close > i + 2 && glob[close - 1] == ':') {
        const std::optional<bool> in_class = in_named_class(glob.substr(i + 2, close - i - 3), byte);
        if (!in_class) return std::nullopt;
        matched |= *in_class;
        range_start.reset();
        i = close;
        continue;
      }
    }
    if (glob[i] == '\\' && ++i == glob.size()) return std::nullopt;
    matched |= unsigned_at(i) == byte;
    range_start = unsigned_at(i);
  }
  if (i >= glob.size() || matched == negated || byte == '/') return std::nullopt;
  return i + 1;
}

// What stands at `at` in the glob, which is no star, against one byte.
Match match_byte(std::string_view glob, std::size_t at, char byte) {
  if (glob[at] == '[') return match_class(glob, at, static_cast<unsigned char>(byte));
  if (glob[at] == '?') return byte == '/' ? Match{} : at + 1;
  if (glob[at] == '\\' && ++at == glob.size()) return std::nullopt;
  return glob[at] == byte ? at + 1 : Match{};
}

}  // namespace

bool glob_matches(std::string_view glob, std::string_view path) {
  // Where to go on when nothing matches: the latest `*` takes one byte more, the latest `**/` one folder more. Earlier
  // stars need no second try: whatever they could still take, the later one can take too.
  struct Retry {
    std::size_t glob = 0;
    std::size_t path = 0;
  };
  std::optional<Retry> star;
  std::optional<Retry> folders;
  std::size_t g = 0;
  std::size_t p = 0;
  while (g < glob.size() || p < path.size()) {
    if (g < glob.size() && glob[g] == '*') {
      const std::size_t end = std::min(glob.find_first_not_of('*', g), glob.size());
      const bool whole_part = end - g > 1 && (g == 0 || glob[g - 1] == '/') && (end == glob.size() || glob[end] == '/');
      if (whole_part && end == glob.size()) return true;
      g = whole_part ? end + 1 : end;
      (whole_part ? folders : star) = Retry{g, p};
      if (whole_part) star.reset();
      continue;
    }
    const Match next = g < glob.size() && p < path.size() ? match_byte(glob, g, path[p]) : Match{};
    if (next) {
      g = *next;
      ++p;
    } else if (star && star->path < path.size() && path[star->path] != '/') {
      g = star->glob;
      p = ++star->path;
    } else if (folders && path.find('/', folders->path) != std::string_view::npos) {
      g = folders->glob;
      p = folders->path = path.find('/', folders->path) + 1;
      star.reset();
    } else {
      return false;
    }
  }
  return true;
}

IgnoreFile::IgnoreFile(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.starts_with('#')) continue;
    if (line.ends_with('\r')) line.remove_suffix(1);
    line = without_trailing_spaces(line);

    Pattern pattern;
    pattern.negated = line.starts_with('!');
    if (pattern.negated) line.remove_prefix(1);
    pattern.directory_only = line.ends_with('/');
    if (pattern.directory_only) line.remove_suffix(1);
    pattern.anchored = line.find('/') != std::string_view::npos;
    if (line.starts_with('/')) line.remove_prefix(1);
    pattern.glob = line;
    if (!line.empty()) patterns_.push_back(std::move(pattern));
  }
}

IgnoreFile::Verdict IgnoreFile::check(std::string_view path, bool is_directory) const {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const auto matches = [&](const Pattern& pattern) {
    if (pattern.directory_only && !is_directory) return false;
    if (!pattern.anchored) return glob_matches(pattern.glob, name);
    // Git compares what stands before the first special character by itself, so that `a**/b` is `a` and then `**/b`.
    const std::string_view glob = pattern.glob;
    const std::string_view literal = glob.substr(0, glob.find_first_of("*?[\\"));
    return path.starts_with(literal) && glob_matches(glob.substr(literal.size()), path.substr(literal.size()));
  };
  const auto last = std::find_if(patterns_.rbegin(), patterns_.rend(), matches);
  if (last == patterns_.rend()) return Verdict::none;
  return last->negated ? Verdict::included : Verdict::ignored;
}

Inputs discover(const Options& options) {
  const std::vector<Argument> arguments = examine_all(options);
  Collector collector(find_root(arguments));
  for (const Argument& argument : arguments) collector.add_argument(argument);
  collector.add_context();
  return collector.take();
}

}  // namespace meshlint
