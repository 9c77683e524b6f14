#include "linter/rule.h"
#include "rules/envoy-filter-types.h"

namespace meshlint::rules {
namespace {

void report_filter(Pass& pass, const Resource& filter) {
  // An item of a typed list leaves its kind out.
  const Node place = filter.root["kind"] ? filter.root["kind"] : filter.name;
  Diagnostic& diagnostic =
      pass.report(place, "'EnvoyFilter' is allowed, but what comes of it is outside Azure support");
  diagnostic.citation = pass.policy().envoy_filters().citation;
}

void check(Pass& pass) {
  const EnvoyFilterTimeline& timeline = pass.policy().envoy_filters();
  const EnvoyFilterPeriod* period = timeline.at(pass.context().as_of());
  if (timeline.support != FieldSupport::allowed || period == nullptr) return;
  // Who forbids the kind has said enough.
  if (pass.policy().blocked_kinds().find("networking.istio.io", "EnvoyFilter") != nullptr) return;
  for (const Resource* filter : pass.manifests().of("networking.istio.io", "EnvoyFilter")) {
    if (filter->partial || !pass.context().has_add_on(filter->file())) continue;
    if (period->all || has_allowed_types(*filter, *period)) report_filter(pass, *filter);
  }
}

}  // namespace

extern constexpr Rule envoy_filter_unsupported = {
    .code = "MSH5004",
    .name = "envoy-filter-unsupported",
    .family = Family::support,
    .severity = Severity::note,
    .summary = "An EnvoyFilter, which works, but is outside Azure support",
    .why =
        "An EnvoyFilter changes what Istio generates for Envoy, whose details change with each revision. The add-on "
        "lets users apply them, but Azure support does not help with problems that come from them.",
    .fix = "nothing needs to change; know that Azure support does not cover it",
    .page = "istio-about",
    .check = check,
};

}  // namespace meshlint::rules
