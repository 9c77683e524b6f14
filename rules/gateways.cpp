#include "rules/gateways.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace meshlint::rules {
namespace {

bool is_named(const EgressGateway& gateway, std::string_view label) {
  const std::string_view name = gateway.name.value;
  const bool is_off = gateway.enabled.has_value() && !gateway.enabled.value;
  return gateway.name.has_value() && !is_off && (name == label || name == fmt::format("istio-{}", label));
}

std::optional<ManagedGateway> selected_egress_gateway(const Pass& pass, const Resource& gateway,
                                                      std::string_view label) {
  std::optional<ManagedGateway> result;
  for (const auto* cluster : pass.context().governing(gateway.file())) {
    const auto found = std::ranges::find_if(cluster->egress_gateways,
                                            [label](const EgressGateway& egress) { return is_named(egress, label); });
    if (found == cluster->egress_gateways.end()) return std::nullopt;
    const Fact<std::string>& stated = found->name_space;
    const std::string name_space = stated.has_value()                ? stated.value
                                   : stated.known == Known::unstated ? pass.policy().names().egress_namespace
                                                                     : std::string();
    if (!result) result = {std::string(label), name_space, true};
    if (result->name_space != name_space) result->name_space.clear();
  }
  return result;
}

bool is_class_config_map(const Pass& pass, const Resource& map) {
  const auto& defaults = pass.policy().gateway_api().class_defaults;
  const auto name_space = pass.manifests().name_space_of(map);
  if (name_space && *name_space != defaults.name_space) return false;
  if (map.name.text() == defaults.name) return true;
  return name_space && map.labels[defaults.label].text() == defaults.label_value;
}

Node config_map_of(const Resource& gateway) {
  const Node reference = gateway.root["spec"]["infrastructure"]["parametersRef"];
  return reference["kind"].text() == "ConfigMap" && !reference["name"].unresolved() ? reference["name"] : Node();
}

bool is_meant(const Pass& pass, const Resource& gateway, const Resource& map) {
  const bool is_patch = map.partial && map.name_space.is_null();
  return may_meet(pass, gateway, map) && (is_patch || share_name_space(pass, gateway, map));
}

}  // namespace

bool may_meet(const Pass& pass, const Resource& one, const Resource& other) {
  const auto& first = pass.context().governing(one.file());
  const auto& second = pass.context().governing(other.file());
  if (first.empty() && second.empty()) return true;
  return std::ranges::find_first_of(first, second) != first.end();
}

bool share_name_space(const Pass& pass, const Resource& one, const Resource& other) {
  const auto first = pass.manifests().name_space_of(one);
  const auto second = pass.manifests().name_space_of(other);
  if (first && second) return *first == *second;
  // Whatever it is: what stands in one folder is applied together.
  return !first && !second && one.name_space.text() == other.name_space.text() &&
         folder_of(one.file().path()) == folder_of(other.file().path());
}

std::optional<int> whole_number(Node value) {
  const auto text = value.text();
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || value.unresolved()) return std::nullopt;
  return number;
}

std::optional<ManagedGateway> selected_gateway(const Pass& pass, const Resource& gateway) {
  const Node label = gateway.root["spec"]["selector"]["istio"];
  if (!label.is_scalar() || label.unresolved()) return std::nullopt;
  const ManagedNames& names = pass.policy().names();
  if (label.text() == names.external_ingress || label.text() == names.internal_ingress) {
    return ManagedGateway{std::string(label.text()), names.ingress_namespace, false};
  }
  return selected_egress_gateway(pass, gateway, label.text());
}

OwnGateways own_gateways(const Pass& pass) {
  OwnGateways own;
  const auto add = [&own](Node label) {
    if (label.is_scalar()) own.labels.emplace(label.text());
    if (label && label.unresolved()) own.is_complete = false;
  };
  for (const auto& resource : pass.manifests().all()) {
    const Node spec = resource->root["spec"];
    add(pod_metadata(*resource)["labels"]["istio"]);
    add(spec["template"]["metadata"]["labels"]["istio"]);
    if (!resource->is("", "Service")) continue;
    // The label `app` of the add-on's pods has the same values. A Service of that name is the add-on's own.
    for (const char* key : {"istio", "app"}) {
      const Node selected = spec["selector"][key];
      const bool is_templated_app = selected.unresolved() && key == std::string_view("app");
      if (!is_templated_app && selected.text() != resource->name.text()) add(selected);
    }
  }
  return own;
}

std::vector<IngressServiceManifest> ingress_service_manifests(const Pass& pass) {
  const ManagedNames& names = pass.policy().names();
  std::vector<IngressServiceManifest> result;
  for (const Resource* service : pass.manifests().of("", "Service")) {
    const auto name = service->name.text();
    const Node metadata = service->root["metadata"];
    if (name != names.external_ingress && name != names.internal_ingress) continue;
    if (!pass.manifests().has_final_name(*service) || pass.manifests().may_be_patched(*service)) continue;
    const auto name_space = pass.manifests().name_space_of(*service);
    if (name_space && *name_space != names.ingress_namespace) continue;
    if (metadata["uid"] || !pass.context().has_add_on(service->file())) continue;
    // Terraform's kubernetes_annotations states them beside the metadata.
    const Node annotations = metadata.is_mapping() ? metadata["annotations"] : service->root["annotations"];
    result.push_back({service, annotations, name == names.internal_ingress});
  }
  return result;
}

bool is_add_on_gateway(const Pass& pass, const Resource& gateway) {
  const Node name = gateway.root["spec"]["gatewayClassName"];
  if (!gateway.is(gateway_api_group, "Gateway") || name.unresolved()) return false;
  const GatewayClass* known = pass.policy().gateway_api().find_class(name.text());
  return known != nullptr && known->use == GatewayClass::Use::add_on && pass.context().has_add_on(gateway.file());
}

std::vector<GatewayConfigMap> gateway_config_maps(const Pass& pass) {
  std::multimap<std::string_view, const Resource*> by_config_map;
  for (const Resource* gateway : pass.manifests().of(gateway_api_group, "Gateway")) {
    if (!is_add_on_gateway(pass, *gateway) || pass.manifests().may_be_patched(*gateway)) continue;
    if (const Node name = config_map_of(*gateway)) by_config_map.emplace(name.text(), gateway);
  }
  std::multimap<const Resource*, const EmbeddedDocument*> documents;
  for (const EmbeddedDocument& document : pass.manifests().gateway_customizations()) {
    documents.emplace(document.resource, &document);
  }
  std::vector<GatewayConfigMap> result;
  for (const Resource* map : pass.manifests().of("", "ConfigMap")) {
    if (map->name.unresolved() || !pass.context().has_add_on(map->file())) continue;
    GatewayConfigMap found{map, is_class_config_map(pass, *map), {}, {}};
    const auto [first, last] = by_config_map.equal_range(map->name.text());
    for (auto at = first; at != last; ++at) {
      if (is_meant(pass, *at->second, *map)) found.gateways.push_back(at->second);
    }
    if (!found.of_class && found.gateways.empty()) continue;
    const auto [begin, end] = documents.equal_range(map);
    for (auto at = begin; at != end; ++at) found.documents.push_back(at->second);
    result.push_back(std::move(found));
  }
  return result;
}

}  // namespace meshlint::rules
