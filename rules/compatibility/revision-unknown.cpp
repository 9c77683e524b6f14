#include "linter/words.h"
#include "rules/calendar.h"

namespace meshlint::rules {
namespace {

void report_newer(Pass& pass, const RevisionUse& use, Minor newest) {
  Diagnostic& diagnostic =
      report_use(pass, use,
                 fmt::format("the policy data of {} does not know {}; the newest it knows is {}",
                             to_string(pass.policy().data_date()), quoted(use.name.value), revision_name(newest)));
  diagnostic.severity = Severity::warning;
  diagnostic.help = "update meshlint's policy data; nothing else is checked for this revision";
}

void report_impossible(Pass& pass, const RevisionUse& use, Minor oldest) {
  Diagnostic& diagnostic =
      report_use(pass, use,
                 fmt::format("{} is no revision of the add-on; its revisions are named asm-X-Y, from {} on",
                             quoted(use.name.value), revision_name(oldest)));
  const auto supported = supported_revisions(pass, std::nullopt, Plan::unknown);
  if (!supported.empty()) diagnostic.help = fmt::format("use {}", list_revisions(supported, "or"));
}

void check(Pass& pass) {
  for (const RevisionUse& use : revision_uses(pass)) {
    const auto& revisions = pass.policy().releases().revisions;
    const Minor oldest = revisions.front().revision;
    const Minor newest = revisions.back().revision;
    if (use.revision && *use.revision > newest) {
      report_newer(pass, use, newest);
    } else if (use.cluster != nullptr && (!use.revision || *use.revision < oldest)) {
      report_impossible(pass, use, oldest);
    }
  }
}

}  // namespace

extern constexpr Rule revision_unknown = {
    .code = "MSH1002",
    .name = "revision-unknown",
    .family = Family::compatibility,
    .severity = Severity::error,
    .summary = "A mesh revision that does not exist, or that is newer than the policy data",
    .why =
        "AKS refuses a revision it does not offer. A revision that is newer than the policy data may be fine, but "
        "nothing can be said about its compatibility and support.",
    .fix = "use a revision that AKS offers: az aks mesh get-revisions --location LOCATION",
    .page = "istio-support-policy",
    .check = check,
};

}  // namespace meshlint::rules
