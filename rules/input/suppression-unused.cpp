#include "linter/rule.h"

namespace meshlint::rules {

// Its findings come from the suppressions themselves, once every other rule has run.
extern constexpr Rule suppression_unused = {
    .code = "MSH9011",
    .name = "suppression-unused",
    .family = Family::input,
    .severity = Severity::note,
    .summary = "a suppression that suppresses nothing",
    .why =
        "What it was written for is repaired, or it stands at the wrong place: on a line of its own it is for the "
        "value "
        "that begins below it, behind a value for that value. Left there it would hide the next finding.",
    .fix = "remove it, or move it to the value that is meant",
    .page = "",
    .check = [](Pass&) {},
};

}  // namespace meshlint::rules
