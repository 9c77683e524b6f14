// The fixes of findings -> changed files.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "linter/discover.h"
#include "linter/engine.h"

namespace meshlint {

// A file with fixes made, before they are written.
struct FixedFile {
  std::string path;      // relative to the repository's root
  std::string shown;     // how reports for people name it
  std::string location;  // where it is
  std::string before;    // its bytes
  std::string after;
};

struct FixedFiles {
  std::vector<FixedFile> files;  // those that changed, by path
  Outcome outcome;               // of a run over the repository with all of them
};

// Runs the rules and makes the fixes of their findings in memory, again and again until none is left: the safe ones,
// or `unsafe` ones too. A fix is made whole or not at all, and never in a file that was not asked for, one in UTF-16 or
// standard input. Throws std::runtime_error when a file could no longer be read with its fixes.
FixedFiles fix_files(const Options& options, const Policy& policy, std::span<const Rule* const> rules, Inputs inputs,
                     bool unsafe);

// Puts each file in the place of the one that was read, whose permissions it gets. Throws std::runtime_error, with no
// file changed, when one cannot be written or has changed since.
void write_files(const std::vector<FixedFile>& files);

// A unified diff, as `git apply` takes it, of paths relative to the repository's root.
std::string diff_files(const std::vector<FixedFile>& files);

}  // namespace meshlint
