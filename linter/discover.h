// Arguments and directories -> the files to read, in a fixed order.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "linter/options.h"
#include "linter/problem.h"
#include "linter/source.h"

namespace meshlint {

// A file to read.
struct Input {
  std::string path;         // relative to the root, with '/'; absolute when it lies outside
  std::string shown;        // how reports for people name it: relative to the working directory where possible
  std::string location;     // what to open; empty for standard input
  bool reported = false;    // findings in it are asked for; otherwise it is context only
  std::uintmax_t size = 0;  // bytes, as the directory says
  std::optional<std::string> text = {};  // what to read instead of the file: one with fixes that are not written yet
};

struct Inputs {
  std::string root;                     // absolute path of the repository's root
  std::vector<std::string> remotes;     // addresses of the repository's remotes, as .git/config states them
  std::vector<Input> files;             // sorted by path, each file once
  std::vector<std::string> unreadable;  // sentences about arguments and directories that could not be read (exit 4)
};

// Finds what the paths name: files as they are (whatever .gitignore says), directories walked for *.yaml, *.yml,
// *.json, *.tf, *.tfvars, *.tfstate, *.bicep and *.bicepparam without following links, entering .git, .terraform or
// anything .gitignore excludes. The rest of the repository around them (the nearest folder with .git; without one,
// nothing more) is added as context. Only regular files are taken. An argument that is a link is followed; in a
// repository it must lead to something inside (its author need not be the one who runs meshlint). Throws UsageError for
// an argument that does not exist.
Inputs discover(const Options& options);

// One .gitignore file's patterns, as git reads them.
class IgnoreFile {
 public:
  explicit IgnoreFile(std::string_view text);

  enum class Verdict { none, ignored, included };
  // What the last matching pattern says of a path relative to the folder of the .gitignore file.
  Verdict check(std::string_view path, bool is_directory) const;

 private:
  struct Pattern {
    std::string glob;
    bool negated = false;
    bool directory_only = false;
    bool anchored = false;
  };
  std::vector<Pattern> patterns_;
};

// Whether a path matches a glob of .gitignore's language: `*` and `?` within a part, `**` across parts, `[a-z]`. Linear
// in the length of the path for each star, whatever the pattern.
bool glob_matches(std::string_view glob, std::string_view path);

}  // namespace meshlint
