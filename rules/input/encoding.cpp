#include "rules/input/problems.h"

namespace meshlint::rules {

extern constexpr Rule encoding = {
    .code = "MSH9005",
    .name = "encoding",
    .family = Family::input,
    .severity = Severity::error,
    .summary = "Bytes that are no UTF-8, or characters that YAML does not allow",
    .why = "kubectl refuses control characters and broken UTF-8, so the document is never applied.",
    .fix = "save the file as UTF-8 and remove the character",
    .page = "",
    .check = [](Pass& pass) { report_problems(pass, ProblemKind::encoding); },
};

}  // namespace meshlint::rules
