#include <algorithm>
#include <map>

#include "linter/words.h"
#include "rules/calendar.h"
#include "rules/shared-config-map.h"
#include "rules/telemetry-fields.h"

namespace meshlint::rules {
namespace {

constexpr std::string_view gateway_group = "gateway.networking.k8s.io";

// "asm-1-24 is older" for one revision, "asm-1-24 and asm-1-25 are older" for more.
std::string revisions_words(const std::vector<Minor>& revisions, std::string_view one, std::string_view more) {
  return fmt::format("{} {}", list_revisions(revisions), revisions.size() == 1 ? one : more);
}

std::string upgrade_help(Minor first) {
  return fmt::format("upgrade the mesh to {} or newer", revision_name(first));
}

// The minors that may serve an object, none of them where one has a feature or may have it.
IstioMinors older_minors(const Pass& pass, const Resource& resource, const FeatureRevision& feature) {
  const IstioKinds& kinds = pass.policy().istio_kinds();
  IstioMinors minors = istio_minors(pass, resource, kinds.oldest, kinds.newest);
  const bool is_older =
      minors.known && !minors.minors.empty() && feature.first && minors.minors.back() < *feature.first;
  if (!is_older) minors.minors.clear();
  return minors;
}

// Whether the add-on is what serves a Gateway's class.
bool is_of_add_on(const Pass& pass, const Resource& gateway) {
  const Node name = gateway.root["spec"]["gatewayClassName"];
  if (!name.is_scalar() || name.unresolved()) return false;
  const GatewayClass* found = pass.policy().gateway_api().find_class(name.text());
  return found != nullptr && found->use == GatewayClass::Use::add_on;
}

void check_gateway(Pass& pass, const Resource& gateway, const FeatureRevision& feature) {
  if (!is_judged(pass, gateway) || !is_of_add_on(pass, gateway)) return;
  const IstioMinors minors = older_minors(pass, gateway, feature);
  if (minors.minors.empty()) return;
  const Node name = gateway.root["spec"]["gatewayClassName"];
  Diagnostic& diagnostic =
      pass.report(name, fmt::format("{}: no control plane serves this Gateway of class {}",
                                    revisions_words(minors.minors, "lacks the Gateway API", "lack the Gateway API"),
                                    quoted(name.text())));
  diagnostic.notes.push_back(note(fmt::format("{} came with {}", feature.what, revision_name(*feature.first))));
  diagnostic.help = upgrade_help(*feature.first);
  diagnostic.citation = feature.citation;
  soften_if_defaulted(diagnostic, minors);
}

using Gateways = std::map<std::string_view, std::vector<const Resource*>>;  // by name

Gateways gateways_by_name(const Pass& pass) {
  Gateways result;
  for (const Resource* gateway : pass.manifests().of(gateway_group, "Gateway")) {
    if (!gateway->partial) result[gateway->name.text()].push_back(gateway);
  }
  return result;
}

// The Gateway of the add-on that an entry of a route's `parentRefs` names; null where it may be another's.
const Resource* parent_of_add_on(const Pass& pass, const Resource& route, Node reference, const Gateways& gateways) {
  const Node group = reference["group"];
  const Node kind = reference["kind"];
  if ((group && group.text() != gateway_group) || (kind && kind.text() != "Gateway")) return nullptr;
  const auto found = gateways.find(reference["name"].text());
  if (found == gateways.end()) return nullptr;
  const Node name_space = reference["namespace"];
  const auto wanted = name_space ? std::optional(name_space.text()) : pass.manifests().name_space_of(route);
  const Resource* result = nullptr;
  for (const Resource* gateway : found->second) {
    const auto actual = pass.manifests().name_space_of(*gateway);
    if (wanted && actual && *wanted != *actual) continue;
    if (!is_of_add_on(pass, *gateway)) return nullptr;
    result = gateway;
  }
  return result;
}

void check_tls_route(Pass& pass, const Resource& route, const FeatureRevision& feature, const Gateways& gateways) {
  if (!is_judged(pass, route)) return;
  for (const Node reference : route.root["spec"]["parentRefs"].items()) {
    const Resource* gateway = parent_of_add_on(pass, route, reference, gateways);
    const IstioMinors minors = gateway == nullptr ? IstioMinors() : older_minors(pass, *gateway, feature);
    if (minors.minors.empty()) continue;
    // Where no Gateway is served at all, the finding at the Gateway speaks for its routes.
    const FeatureRevision* all = pass.policy().features().find("gateway-api");
    if (all != nullptr && all->first && minors.minors.back() < *all->first) continue;
    Diagnostic& diagnostic =
        pass.report(reference["name"], fmt::format("{} TLSRoute: Gateway {} takes nothing from it",
                                                   revisions_words(minors.minors, "does not support", "do not support"),
                                                   quoted(gateway->name.text())));
    diagnostic.notes.push_back(note_at(gateway->root["spec"]["gatewayClassName"], "the Gateway's class"));
    diagnostic.help = upgrade_help(*feature.first);
    diagnostic.citation = feature.citation;
    soften_if_defaulted(diagnostic, minors);
  }
}

void check_redirection(Pass& pass, const ClusterDefinition& cluster, const FeatureRevision& feature) {
  const auto& redirection = cluster.proxy_redirection;
  if (!redirection.has_value() || redirection.value != "CNIChaining" || !feature.first) return;
  std::vector<Minor> revisions;
  Known known = Known::stated;
  for (const auto& revision : cluster.revisions) {
    const auto parsed = revision.has_value() ? parse_revision(revision.value) : std::nullopt;
    if (!parsed || *parsed >= *feature.first) return;
    revisions.push_back(*parsed);
    if (revision.known == Known::defaulted) known = Known::defaulted;
  }
  if (revisions.empty() || cluster.revisions_known == Known::unresolved || !may_run_mesh(cluster)) return;
  std::ranges::sort(revisions);
  Diagnostic& diagnostic = report_cluster(
      pass, cluster, redirection.node,
      fmt::format("{} {}", revisions_words(revisions, "does not support", "do not support"), feature.what));
  diagnostic.notes.push_back(note_at(cluster.revisions.front().node, "the cluster's revisions"));
  diagnostic.help = upgrade_help(*feature.first) + ", or leave proxyRedirectionMechanism out";
  diagnostic.citation = feature.citation;
  soften_if_defaulted(diagnostic, {{"revision", known}, {"redirection mechanism", redirection.known}});
}

// The first minor after these that has a field; nothing where one of them has it, or none later.
template <class Has>
std::optional<Minor> came_later(const IstioMinors& minors, Minor newest, Has has) {
  if (!minors.known || minors.minors.empty() || std::ranges::any_of(minors.minors, has)) return std::nullopt;
  for (const Minor minor : minors_between(minors.minors.back(), newest)) {
    if (has(minor)) return minor;
  }
  return std::nullopt;
}

void complete(Diagnostic& diagnostic, const IstioMinors& minors, Minor first, const Citation& citation) {
  diagnostic.help = upgrade_help(first) + ", or remove it";
  diagnostic.citation = citation;
  soften_if_defaulted(diagnostic, minors);
}

// Whether the API version exists in the revisions; where it does not, nothing else of the object matters.
bool check_version(Pass& pass, const Resource& resource) {
  const IstioKinds& kinds = pass.policy().istio_kinds();
  const auto first = version_comes_with(pass, resource);
  if (!first) return true;
  const IstioKind* kind = kinds.find(resource.group, resource.kind);
  const IstioMinors minors = istio_minors(pass, resource, kinds.oldest, kinds.newest);
  const FeatureRevision* telemetry = pass.policy().features().find("telemetry-api");
  const bool is_telemetry = resource.kind == "Telemetry" && telemetry != nullptr && telemetry->first == first;
  Diagnostic& diagnostic = pass.report(resource.root["apiVersion"],
                                       fmt::format("there is no {} of {} in {}: the API server refuses it",
                                                   quoted(resource.version), resource.kind, istio_words(minors)));
  diagnostic.notes.push_back(note(fmt::format("Istio serves it from {} on", to_string(*first))));
  complete(diagnostic, minors, *first, is_telemetry ? telemetry->citation : kinds.citation);
  const auto serves_some = [kind](Minor minor) {
    return std::ranges::any_of(kind->versions, [&](const auto& one) { return kind->serves(one.name, minor); });
  };
  if (std::ranges::all_of(minors.minors, serves_some)) {
    diagnostic.help = upgrade_help(*first) + ", or write an older API version";
  }
  return false;
}

bool has_value(const IstioField* field, std::string_view value) {
  return field != nullptr && std::ranges::find(field->values, value) != field->values.end();
}

// Whether a field (or its value, where Istio names all that it may be) is there in the revisions; says so if not.
bool check_value(Pass& pass, const IstioValue& value, const IstioMinors& minors) {
  const IstioFields& fields = pass.policy().istio_fields();
  const auto has_field = [&value](Minor minor) { return field_in(value.periods, minor) != nullptr; };
  if (const auto first = came_later(minors, fields.newest, has_field)) {
    const auto name = value.node.key() ? value.node.key().text() : std::string_view("spec");
    Diagnostic& diagnostic = pass.report_key(
        value.node, fmt::format("there is no field {} here in {}: kubectl refuses it, other clients lose it silently",
                                quoted(name), istio_words(minors)));
    diagnostic.notes.push_back(note(fmt::format("it came with Istio {}", to_string(*first))));
    complete(diagnostic, minors, *first, fields.citation);
    return false;
  }
  if (!value.node.is_scalar() || value.node.unresolved()) return true;
  const auto knows = [&value](Minor minor) { return has_value(field_in(value.periods, minor), value.node.text()); };
  if (const auto first = came_later(minors, fields.newest, knows)) {
    Diagnostic& diagnostic =
        pass.report(value.node, fmt::format("there is no value {} here in {}: the API server refuses the object",
                                            quoted(value.node.text()), istio_words(minors)));
    diagnostic.notes.push_back(note(fmt::format("it came with Istio {}", to_string(*first))));
    complete(diagnostic, minors, *first, fields.citation);
  }
  return true;
}

void check_resource(Pass& pass, const Resource& resource) {
  if (!resource.group.ends_with(".istio.io") || !is_judged(pass, resource)) return;
  // One finding tells that a kind is blocked, whatever is in it.
  if (pass.policy().blocked_kinds().blocked(resource.group, resource.kind)) return;
  if (!check_version(pass, resource)) return;
  const IstioFields& fields = pass.policy().istio_fields();
  const IstioMinors minors = istio_minors(pass, resource, fields.oldest, fields.newest);
  if (!minors.known || minors.minors.empty()) return;
  for_each_istio_value(pass, resource, [&](const IstioValue& value) {
    if (resource.kind == "Telemetry" && !may_set_telemetry_field(pass, value.path)) return false;
    return check_value(pass, value, minors);
  });
}

// Fields that the tables of the add-on block are no question of revisions.
bool is_allowed(const Pass& pass, const MeshMessage& message, std::string_view field) {
  const bool has_table = message.message == "MeshConfig" || message.message == "ProxyConfig";
  return !has_table || is_classified(pass, message.message, field);
}

void check_mesh_field(Pass& pass, const SharedConfigMap& shared, const MeshMessage& message, const Entry& entry) {
  const MeshFields& fields = pass.policy().mesh_fields();
  const Minor revision = *shared.revision;
  const MeshField* field = find_field(fields, message.message, entry.key.text());
  if (field == nullptr || revision < fields.oldest || revision >= field->first) return;
  if (!is_allowed(pass, message, field->name)) return;
  const bool has_table = message.message == "MeshConfig" || message.message == "ProxyConfig";
  Diagnostic& diagnostic = pass.report_key(
      entry.value,
      fmt::format("{} has no field {} in {}: {}", owner_words(message), quoted(entry.key.text()),
                  istio_words(shared.revision),
                  has_table ? "the admission webhook may refuse the whole ConfigMap" : "Istio ignores it"));
  if (!has_table) diagnostic.severity = Severity::warning;
  diagnostic.notes.push_back(note(fmt::format("it came with Istio {}", to_string(field->first))));
  diagnostic.help =
      fmt::format("remove it here; the ConfigMap of {} or newer may have it", revision_name(field->first));
  diagnostic.citation = fields.citation;
}

void check_mesh_configs(Pass& pass) {
  for (const SharedConfigMap& shared : shared_config_maps(pass)) {
    if (!shared.revision) continue;
    for_each_message(pass, shared, [&](const MeshMessage& message) {
      for (const Entry& entry : message.node.entries()) check_mesh_field(pass, shared, message, entry);
    });
  }
}

void check(Pass& pass) {
  const FeatureRevisions& features = pass.policy().features();
  if (const FeatureRevision* gateway_api = features.find("gateway-api")) {
    for (const Resource* gateway : pass.manifests().of(gateway_group, "Gateway")) {
      check_gateway(pass, *gateway, *gateway_api);
    }
  }
  if (const FeatureRevision* tls_route = features.find("tls-route")) {
    const Gateways gateways = gateways_by_name(pass);
    for (const Resource* route : pass.manifests().of(gateway_group, "TLSRoute")) {
      check_tls_route(pass, *route, *tls_route, gateways);
    }
  }
  if (const FeatureRevision* cni = features.find("istio-cni")) {
    for (const ClusterDefinition& cluster : pass.context().clusters()) check_redirection(pass, cluster, *cni);
  }
  for (const auto& resource : pass.manifests().all()) check_resource(pass, *resource);
  check_mesh_configs(pass);
}

}  // namespace

extern constexpr Rule feature_needs_newer_revision = {
    .code = "MSH1005",
    .name = "feature-needs-newer-revision",
    .family = Family::compatibility,
    .severity = Severity::error,
    .summary = "A feature, kind or field that the mesh's revision does not have yet",
    .why =
        "Each revision of the add-on runs one minor of Istio, and features, API versions and fields come with minors. "
        "What the revision does not have is refused, waits for a control plane that never serves it, or is dropped "
        "without a word.",
    .fix = "upgrade the mesh to a revision that has it, or do without it",
    .page = "istio-support-policy",
    .check = check,
};

}  // namespace meshlint::rules
