#include "linter/rule.h"

namespace meshlint::rules {

// Its findings come from the suppressions themselves, once every other rule has run.
extern constexpr Rule suppression_unknown = {
    .code = "MSH9010",
    .name = "suppression-unknown",
    .family = Family::input,
    .severity = Severity::warning,
    .summary = "a suppression that names no rule there is",
    .why =
        "A comment or annotation tells meshlint to be silent, but it names a rule that does not exist or does not have "
        "the right form. Nothing is left out, and whoever reads the file believes the opposite.",
    .fix = "name the rule by its code or name, as in '# meshlint: ignore[MSH4001] reason'",
    .page = "",
    .check = [](Pass&) {},
};

}  // namespace meshlint::rules
