#include <algorithm>

#include "linter/words.h"
#include "rules/gateways.h"

namespace meshlint::rules {
namespace {

// What a ConfigMap says of the annotations for health probes, which the add-on makes for externalTrafficPolicy Cluster.
enum class Probes : std::uint8_t { left, unset, unknown };

const EmbeddedDocument* service_of(const GatewayConfigMap& map) {
  const auto is_service = [](const EmbeddedDocument* document) { return document->text.key().text() == "service"; };
  const auto found = std::ranges::find_if(map.documents, is_service);
  return found == map.documents.end() ? nullptr : *found;
}

std::vector<std::string> annotations_left(const Pass& pass, const GatewayConfigMap& map) {
  const EmbeddedDocument* service = service_of(map);
  std::vector<std::string> left;
  for (const std::string& name : pass.policy().gateway_customizations().unset_when_local) {
    if (service == nullptr || !service->root["metadata"]["annotations"][name]) left.push_back(name);
  }
  return left;
}

Probes probes_of(const Pass& pass, const GatewayConfigMap& map) {
  const EmbeddedDocument* service = service_of(map);
  const bool is_open = map.map->partial || pass.manifests().may_be_patched(*map.map) ||
                       map.map->root["data"].unresolved() || map.map->root["data"]["service"].unresolved() ||
                       (service != nullptr && (service->text.unresolved() || !service->parsed.problems.empty()));
  if (is_open) return Probes::unknown;
  return annotations_left(pass, map).empty() ? Probes::unset : Probes::left;
}

bool may_listen_on(const Resource& gateway, int port) {
  const Node listeners = gateway.root["spec"]["listeners"];
  return !listeners.is_sequence() || std::ranges::any_of(listeners.items(), [port](Node listener) {
    return whole_number(listener["port"]).value_or(port) == port;
  });
}

// The annotations are for one port: they do not matter to Gateways without it.
bool may_matter(const GatewayConfigMap& map) {
  constexpr int http = 80;
  return map.gateways.empty() ||
         std::ranges::any_of(map.gateways, [](const Resource* gateway) { return may_listen_on(*gateway, http); });
}

void report_probes(Pass& pass, const GatewayConfigMap& map, Severity severity, std::vector<Note> notes) {
  const Node policy = service_of(map)->root["spec"]["externalTrafficPolicy"];
  std::vector<std::string> left;
  for (const std::string& name : annotations_left(pass, map)) left.push_back(name + ":");
  Diagnostic& diagnostic = pass.report(
      policy, fmt::format("externalTrafficPolicy {} leaves health probes that the add-on makes for Cluster: "
                          "their annotations must be unset",
                          quoted(policy.text())));
  diagnostic.severity = severity;
  diagnostic.notes = std::move(notes);
  diagnostic.citation = pass.policy().gateway_customizations().local_citation;
  diagnostic.help = fmt::format("state under metadata.annotations, without values, {}", list_words(left));
}

void check_gateway_map(Pass& pass, const GatewayConfigMap& map, const std::vector<GatewayConfigMap>& all) {
  Severity severity = Severity::warning;
  std::vector<Note> notes = {note("the ConfigMap of the class could unset them, and is not here")};
  for (const GatewayConfigMap& other : all) {
    if (!other.of_class || !may_meet(pass, *map.map, *other.map)) continue;
    if (probes_of(pass, other) != Probes::left) return;
    severity = Severity::error;
    notes = {note_at(other.map->name, "the ConfigMap of the class does not unset them either")};
  }
  report_probes(pass, map, severity, std::move(notes));
}

// Each Gateway's own ConfigMap may unset what the defaults of its class leave.
void check_class_map(Pass& pass, const GatewayConfigMap& map, const std::vector<GatewayConfigMap>& all) {
  Severity severity = Severity::warning;
  bool is_left_to_gateways = false;
  std::vector<Note> notes = {note("the ConfigMaps of single Gateways could unset them")};
  for (const Resource* gateway : pass.manifests().of(gateway_api_group, "Gateway")) {
    const bool counts = is_add_on_gateway(pass, *gateway) && !gateway->partial && may_meet(pass, *map.map, *gateway) &&
                        may_listen_on(*gateway, 80) && !pass.manifests().may_be_patched(*gateway);
    if (!counts) continue;
    const Node infrastructure = gateway->root["spec"]["infrastructure"];
    if (!infrastructure["parametersRef"] && !infrastructure.unresolved()) {
      severity = Severity::error;
      notes = {note_at(gateway->name, "this Gateway has no ConfigMap of its own")};
      break;
    }
    const auto own = std::ranges::find_if(all, [gateway](const GatewayConfigMap& other) {
      return std::ranges::find(other.gateways, gateway) != other.gateways.end();
    });
    if (own == all.end() || probes_of(pass, *own) != Probes::left) is_left_to_gateways = true;
  }
  if (severity == Severity::error || !is_left_to_gateways) report_probes(pass, map, severity, std::move(notes));
}

void check(Pass& pass) {
  const auto all = gateway_config_maps(pass);
  for (const GatewayConfigMap& map : all) {
    const EmbeddedDocument* service = service_of(map);
    if (service == nullptr || service->root["spec"]["externalTrafficPolicy"].text() != "Local") continue;
    if (probes_of(pass, map) != Probes::left || !may_matter(map)) continue;
    if (map.of_class) {
      check_class_map(pass, map, all);
    } else {
      check_gateway_map(pass, map, all);
    }
  }
}

}  // namespace

extern constexpr Rule external_traffic_policy_probes = {
    .code = "MSH4014",
    .name = "external-traffic-policy-probes",
    .family = Family::ineffective,
    .severity = Severity::error,
    .summary = "externalTrafficPolicy Local for a Gateway, with the health probes of Cluster",
    .why =
        "The add-on annotates the Service of a Kubernetes Gateway with health probes that fit externalTrafficPolicy "
        "Cluster. With Local the load balancer must probe each node on its own terms, so the annotations have to be "
        "unset, for the Gateway or for its class; otherwise the probes tell nothing true of the nodes.",
    .fix = "unset the annotations for the health probes",
    .page = "istio-gateway-api",
    .check = check,
};

}  // namespace meshlint::rules
