#include <algorithm>

#include "linter/words.h"
#include "rules/envoy-filter-types.h"
#include "rules/istio-fields.h"

namespace meshlint::rules {
namespace {

bool is_unclassified(const BlockedKinds& kinds, const Resource& resource) {
  return std::ranges::any_of(kinds.unclassified,
                             [&](const BlockedKind& kind) { return resource.is(kind.group, kind.kind); });
}

// What the add-on offers for what people use the kind for.
std::string way_out(std::string_view kind) {
  if (kind == "IstioOperator") {
    return "remove it: AKS installs the control plane, and settings of spec.meshConfig go into the shared ConfigMap "
           "istio-shared-configmap-asm-X-Y";
  }
  if (kind == "ProxyConfig")
    return "remove it; settings for all proxies go under defaultConfig in the shared ConfigMap";
  if (kind == "WorkloadEntry" || kind == "WorkloadGroup") {
    return "remove it; a ServiceEntry with endpoints can name hosts outside the cluster";
  }
  if (kind == "WasmPlugin") return "remove it; an EnvoyFilter is allowed, although outside Azure support";
  return "remove it";
}

// Where the revision does not have the kind yet, feature-needs-newer-revision says so.
bool is_refused_anyway(const Pass& pass, const Resource& resource) {
  return is_judged(pass, resource) && version_comes_with(pass, resource).has_value();
}

void report_blocked(Pass& pass, const Resource& resource, Node place, const BlockedKind& blocked) {
  const bool in_house = blocked.citation.in_house;
  const std::string who = in_house ? fmt::format("is not allowed {}", in_house_words(blocked.citation))
                                   : "is blocked: the add-on's admission webhook refuses it";
  Diagnostic& diagnostic = pass.report(place, fmt::format("{} of {} {}", quoted(resource.kind), resource.group, who));
  diagnostic.citation = blocked.citation;
  diagnostic.help = in_house ? "remove it" : way_out(resource.kind);
}

std::string day_of(const Pass& pass) {
  return to_string(pass.context().as_of());
}

// What the add-on took in an EnvoyFilter on the as-of date: nothing at first, then a few types.
void check_envoy_filter(Pass& pass, const Resource& filter, Node kind) {
  const EnvoyFilterTimeline& timeline = pass.policy().envoy_filters();
  const EnvoyFilterPeriod* period = timeline.at(pass.context().as_of());
  if (filter.partial || timeline.periods.empty()) return;
  if (period == nullptr) {
    const EnvoyFilterPeriod& first = timeline.periods.front();
    Diagnostic& diagnostic =
        pass.report(kind, fmt::format("'EnvoyFilter' was blocked on {}: the add-on allows the first types since {}",
                                      day_of(pass), to_string(first.since)));
    diagnostic.citation = first.citation;
    diagnostic.help = "remove it";
    return;
  }
  for (const Node type : blocked_types(filter, *period)) {
    const std::string who = period->citation.in_house
                                ? fmt::format("is not allowed {}", in_house_words(period->citation))
                                : fmt::format("was blocked in an EnvoyFilter on {}", day_of(pass));
    Diagnostic& diagnostic = pass.report(type, fmt::format("the type {} {}: only {} may be in one", quoted(type.text()),
                                                           who, list_words(period->types)));
    diagnostic.citation = period->citation;
    diagnostic.help = "remove this patch";
  }
}

void check(Pass& pass) {
  for (const auto& resource : pass.manifests().all()) {
    if (!pass.context().has_add_on(resource->file())) continue;
    const BlockedKinds& kinds = pass.policy().blocked_kinds();
    // An item of a typed list leaves its kind out.
    const Node kind = resource->root["kind"] ? resource->root["kind"] : resource->name;
    if (const BlockedKind* blocked = kinds.find(resource->group, resource->kind)) {
      report_blocked(pass, *resource, kind, *blocked);
    } else if (resource->is("networking.istio.io", "EnvoyFilter")) {
      check_envoy_filter(pass, *resource, kind);
    } else if (is_unclassified(kinds, *resource) && !is_refused_anyway(pass, *resource)) {
      Diagnostic& diagnostic =
          pass.report(kind, fmt::format("Microsoft does not say whether the add-on allows {}", quoted(resource->kind)));
      diagnostic.severity = Severity::note;
      diagnostic.notes.push_back(note("it extends the proxy as the blocked WasmPlugin does"));
      diagnostic.citation = kinds.citation;
      diagnostic.help = "try it on a test cluster first: kubectl apply --dry-run=server";
    }
  }
}

}  // namespace

extern constexpr Rule resource_kind_blocked = {
    .code = "MSH3005",
    .name = "resource-kind-blocked",
    .family = Family::blocked,
    .severity = Severity::error,
    .summary = "A kind of Istio resource that the add-on blocks",
    .why =
        "The add-on does not let users customise the mesh through some of Istio's kinds. Its admission webhook denies "
        "such a resource when it is applied, and a pipeline or GitOps controller stops there.",
    .fix = "remove the resource; mesh-wide settings go into the shared ConfigMap istio-shared-configmap-asm-X-Y",
    .page = "istio-about",
    .check = check,
};

}  // namespace meshlint::rules
