#include <algorithm>

#include "linter/words.h"
#include "rules/calendar.h"
#include "rules/cluster-facts.h"

namespace meshlint::rules {
namespace {

constexpr std::string_view digits = "0123456789";

// The known revision with the two numbers that a malformed name has: asm-1-28 for `1.28`, `asm-1.28` or `ASM_1_28`.
std::optional<Minor> likely_meant(const Pass& pass, std::string_view name) {
  std::vector<int> numbers;
  for (auto at = name.find_first_of(digits); at != name.npos; at = name.find_first_of(digits, at)) {
    const auto end = std::min(name.find_first_not_of(digits, at), name.size());
    if (end - at > 3) return std::nullopt;
    numbers.push_back(std::stoi(std::string(name.substr(at, end - at))));
    at = end;
  }
  if (numbers.size() < 2) return std::nullopt;
  const Minor meant{numbers[0], numbers[1]};
  return pass.policy().releases().find(meant) != nullptr ? std::optional(meant) : std::nullopt;
}

void report_newer(Pass& pass, const RevisionUse& use, Minor newest) {
  Diagnostic& diagnostic =
      report_use(pass, use,
                 fmt::format("the policy data of {} does not know {}; the newest it knows is {}",
                             to_string(pass.policy().data_date()), quoted(use.name.value), revision_name(newest)));
  diagnostic.severity = Severity::warning;
  diagnostic.help =
      "update meshlint: until then it checks neither the compatibility nor the end of life of this revision";
  soften_if_defaulted(diagnostic, {{"revision", use.name.known}});
}

void report_impossible(Pass& pass, const RevisionUse& use, Minor oldest) {
  const std::string reason =
      use.revision ? fmt::format("the oldest is {}", revision_name(oldest)) : "they are named asm-X-Y";
  Diagnostic& diagnostic =
      report_use(pass, use, fmt::format("{} is not a revision of the add-on: {}", quoted(use.name.value), reason));
  const auto supported = supported_revisions(pass, kubernetes_minor(pass, *use.cluster),
                                             plan_of(pass.context().support_plan(*use.cluster)));
  if (const auto meant = likely_meant(pass, use.name.value); meant && !use.revision) {
    diagnostic.help = fmt::format("write {}", revision_name(*meant));
  } else if (!supported.empty()) {
    diagnostic.help = fmt::format("use {}", list_choices(pass, supported));
  }
  soften_if_defaulted(diagnostic, {{"revision", use.name.known}});
}

void check(Pass& pass) {
  for (const RevisionUse& use : revision_uses(pass)) {
    const auto& revisions = pass.policy().releases().revisions;
    const Minor oldest = revisions.front().revision;
    const Minor newest = revisions.back().revision;
    if (use.revision && *use.revision > newest) {
      report_newer(pass, use, newest);
    } else if (use.cluster != nullptr && (use.revision ? *use.revision < oldest : !is_placeholder(use.name.value))) {
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
        "AKS offers a fixed list of revisions, and a deployment that names another one fails. A revision that is newer "
        "than the policy data may be fine, but nothing can be said about its compatibility and support.",
    .fix = "use a revision that AKS offers: az aks mesh get-revisions --location LOCATION",
    .page = "istio-support-policy",
    .check = check,
};

}  // namespace meshlint::rules
