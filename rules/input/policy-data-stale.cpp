#include <algorithm>

#include "linter/words.h"
#include "rules/calendar.h"

namespace meshlint::rules {

extern const Rule revision_end_of_life;
extern const Rule revision_end_of_life_soon;
extern const Rule kubernetes_end_of_life;
extern const Rule kubernetes_end_of_life_soon;

namespace {

// The pages change about once a month; a date of the calendar has moved by two months at most.
constexpr std::chrono::days stale_after{120};

// The findings that the dates of the policy decide.
std::vector<Diagnostic> findings_by_date(const Pass& pass) {
  std::vector<Diagnostic> findings;
  for (const Rule* rule :
       {&revision_end_of_life, &revision_end_of_life_soon, &kubernetes_end_of_life, &kubernetes_end_of_life_soon}) {
    Pass other(*rule, pass.context());
    rule->check(other);
    std::ranges::move(other.take(), std::back_inserter(findings));
  }
  const auto reported = reported_files(pass);
  std::erase_if(findings, [&reported](const Diagnostic& finding) {
    return !std::ranges::binary_search(reported, finding.place.file);
  });
  return findings;
}

// The older of the two calendars decides: that another page was read later makes neither of them fresher.
Date read_date(const Policy& policy) {
  const auto read = [](const Citation& citation) { return parse_date(citation.date).value_or(Date()); };
  return std::min(read(policy.releases().citation), read(policy.kubernetes().citation));
}

void check(Pass& pass) {
  const Date read = read_date(pass.policy());
  const auto age = pass.context().as_of() - read;
  if (age <= stale_after) return;
  const auto findings = findings_by_date(pass);
  if (findings.empty()) return;
  const auto first = std::ranges::min_element(findings, {}, [](const Diagnostic& finding) {
    return std::pair(finding.place.file->path(), finding.place.span.start);
  });
  const bool is_one = findings.size() == 1;
  Diagnostic& diagnostic = pass.report_at(
      first->place, fmt::format("the policy data was read on {}, {} before the day asked about: {} on its dates",
                                to_string(read), count_words(age.count(), "day"),
                                is_one ? "a finding here rests" : fmt::format("{} findings rest", findings.size())));
  diagnostic.notes.push_back(note("the calendars change about once a month: a date may have moved since"));
}

}  // namespace

extern constexpr Rule policy_data_stale = {
    .code = "MSH9008",
    .name = "policy-data-stale",
    .family = Family::input,
    .severity = Severity::note,
    .summary = "Findings that rest on dates of policy data more than 120 days old",
    .why =
        "Support windows are judged by the calendars that were read into the policy data. Microsoft moves expected "
        "dates and adds revisions and versions about once a month, so old data may call something unsupported that is "
        "not, or the other way round.",
    .fix = "update meshlint, or refresh the data with meshlint policy import and pass it with --policy",
    .page = "",
    .check = check,
};

}  // namespace meshlint::rules
