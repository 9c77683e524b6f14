// What findings are known by after their file was edited.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "linter/diagnostic.h"
#include "linter/source.h"

namespace meshlint {

// The value of `primaryLocationLineHash` for each line of a file, as GitHub's upload action computes it: a rolling hash
// of the 100 UTF-16 units (white space left out) from the line's start, and how often that hash has occurred before.
std::vector<std::string> line_hashes(const SourceFile& file);

// Fingerprints of findings: of the rule, the file, the object and the path in it, and of how many such findings came
// before. No two are equal, and edits elsewhere in the file change none.
class FindingFingerprints {
 public:
  // 16 hexadecimal digits, the same in every release and on every machine; to be asked in the order of the findings.
  std::string of(const Diagnostic& diagnostic);

 private:
  std::map<std::string, std::size_t> ordinals_;
};

}  // namespace meshlint
