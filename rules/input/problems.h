// The rules of the input family pass on what the readers found.
#pragma once

#include "linter/rule.h"

namespace meshlint::rules {

// Reports every problem of one kind: those of the files and those of the documents inside their scalars.
void report_problems(Pass& pass, ProblemKind kind);

}  // namespace meshlint::rules
