// What is wrong with an input itself, before any rule looks at what it says.
#pragma once

#include <string>
#include <vector>

#include "linter/source.h"

namespace meshlint {

// Which rule of the input family speaks about a problem; the names are the rules' names.
enum class ProblemKind : std::uint8_t {
  yaml_syntax,            // YAML or JSON that kubectl's reader would refuse
  duplicate_key,          // a key stated twice in one mapping
  yaml_limit,             // nesting, alias expansion or size beyond what meshlint reads
  template_skipped,       // a file that is a template and cannot be read before it is rendered
  encoding,               // bytes that are no UTF-8, or characters YAML does not allow
  unreadable,             // the file could not be read at all
  infrastructure_syntax,  // a definition of infrastructure, such as Terraform, that its own tool would refuse
};

// A related place with a sentence about it.
struct ProblemNote {
  Span span;
  std::string text;
};

struct Problem {
  ProblemKind kind = ProblemKind::yaml_syntax;
  const SourceFile* file = nullptr;
  Span span;
  std::string message;  // one line, lower case, no full stop
  std::string help;     // the way out, one sentence; may be empty
  std::vector<ProblemNote> notes;
};

// Throws UsageError with one line a problem, as compilers write them.
[[noreturn]] void refuse(const std::vector<Problem>& problems);

}  // namespace meshlint
