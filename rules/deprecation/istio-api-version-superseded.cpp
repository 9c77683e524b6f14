#include <algorithm>

#include "linter/fix.h"
#include "linter/words.h"
#include "rules/istio-fields.h"

namespace meshlint::rules {
namespace {

void check_resource(Pass& pass, const Resource& resource) {
  const IstioKinds& kinds = pass.policy().istio_kinds();
  const IstioKind* kind = kinds.find(resource.group, resource.kind);
  const Node stated = resource.root["apiVersion"];
  // A patch finds its object by the version that the object states.
  if (kind == nullptr || resource.version == "v1" || !stated || stated.unresolved() || resource.partial) return;
  if (!is_judged(pass, resource)) return;
  const IstioMinors minors = istio_minors(pass, resource, kinds.oldest, kinds.newest);
  const auto serves = [kind](Minor minor) { return kind->serves("v1", minor); };
  if (!minors.known || minors.minors.empty() || !std::ranges::all_of(minors.minors, serves)) return;
  const std::string stable = fmt::format("{}/v1", resource.group);
  Diagnostic& diagnostic = pass.report(stated, fmt::format("{} is an older version of {}, which is v1 in {}",
                                                           quoted(stated.text()), resource.kind, istio_words(minors)));
  diagnostic.help = fmt::format("write {}: the fields are the same", stable);
  diagnostic.fix = fix_by(fmt::format("write {}", stable), true, replace_value(stated, stable));
  diagnostic.citation = kinds.citation;
}

void check(Pass& pass) {
  for (const auto& resource : pass.manifests().all()) check_resource(pass, *resource);
}

}  // namespace

extern constexpr Rule istio_api_version_superseded = {
    .code = "MSH2006",
    .name = "istio-api-version-superseded",
    .family = Family::deprecation,
    .severity = Severity::note,
    .summary = "An alpha or beta API version of an Istio resource that has a stable one",
    .why =
        "Istio serves most of its kinds as v1 since 1.22, and the older versions beside it, with the same fields. No "
        "end of the older ones is announced; those who want one version everywhere can ask for it with this rule.",
    .fix = "write version v1: the fields are the same",
    .page = "istio-definitions",
    .check = check,
    .on_by_default = false,
};

}  // namespace meshlint::rules
