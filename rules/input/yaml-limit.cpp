#include "rules/input/problems.h"

namespace meshlint::rules {

extern constexpr Rule yaml_limit = {
    .code = "MSH9003",
    .name = "yaml-limit",
    .family = Family::input,
    .severity = Severity::error,
    .summary = "A file, nesting or alias expansion beyond what meshlint reads",
    .why =
        "The document was left out, so nothing in it has been checked. The limits (10 MiB of YAML, 128 levels, 400,000 "
        "nodes with aliases expanded) are far beyond real manifests and close to what the API server accepts.",
    .fix = "split the file, or flatten the structure",
    .page = "",
    .check = [](Pass& pass) { report_problems(pass, ProblemKind::yaml_limit); },
};

}  // namespace meshlint::rules
