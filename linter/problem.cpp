#include "linter/problem.h"

#include <fmt/format.h>

#include "linter/error.h"
#include "linter/sanitize.h"

namespace meshlint {

void refuse(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    const Position at = problem.file->position(problem.span.start);
    if (!text.empty()) text += '\n';
    text += fmt::format("{}:{}:{}: {}", sanitize(problem.file->shown()), at.line, at.column, problem.message);
  }
  throw UsageError(text);
}

}  // namespace meshlint
