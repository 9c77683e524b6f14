#include "rules/shared-config-map.h"

namespace meshlint::rules {
namespace {

bool is_entered(const Pass& pass, const MeshMessage& message, std::string_view field) {
  const bool has_table = message.message == "MeshConfig" || message.message == "ProxyConfig";
  return !has_table || is_classified(pass, message.message, field);
}

void visit_message(const Pass& pass, const MeshMessage& message, const std::function<void(const MeshMessage&)>& visit) {
  visit(message);
  const MeshFields& fields = pass.policy().mesh_fields();
  for (const Entry& entry : message.node.entries()) {
    const MeshField* field = fields.find(message.message, entry.key.text());
    if (field == nullptr || field->type != FieldType::message) continue;
    if (!is_entered(pass, message, field->name)) continue;
    const auto enter = [&](Node value) {
      if (value.is_mapping()) visit_message(pass, {value, field->message, message.depth + 1}, visit);
    };
    if (!field->repeated && !field->map) enter(entry.value);
    if (field->map) {
      for (const Entry& item : entry.value.entries()) enter(item.value);
    }
    for (const Node item : entry.value.items()) enter(item);
  }
}

}  // namespace

std::optional<Minor> shared_config_map_revision(const Pass& pass, std::string_view name) {
  const std::string& prefix = pass.policy().names().shared_config_map_prefix;
  return name.starts_with(prefix) ? parse_revision(name.substr(prefix.size())) : std::nullopt;
}

std::vector<SharedConfigMap> shared_config_maps(const Pass& pass) {
  std::vector<SharedConfigMap> result;
  for (const MeshConfigMap& map : pass.manifests().mesh_config_maps()) {
    const auto name = map.resource->name.text();
    if (!name.starts_with(pass.policy().names().shared_config_map_prefix)) continue;
    if (!map.mesh.is_mapping() || !pass.context().has_add_on(map.resource->file())) continue;
    result.push_back({&map, map.mesh, shared_config_map_revision(pass, name)});
  }
  return result;
}

bool has_field(const MeshFields& fields, const MeshField& field, std::optional<Minor> revision) {
  if (!revision || *revision > fields.newest) return field.last == fields.newest;
  return field.first <= *revision && *revision <= field.last;
}

std::string istio_words(std::optional<Minor> revision) {
  return revision ? fmt::format("Istio {}", to_string(*revision)) : "Istio";
}

void for_each_message(const Pass& pass, const SharedConfigMap& shared,
                      const std::function<void(const MeshMessage&)>& visit) {
  visit_message(pass, {shared.mesh, "MeshConfig", 0}, visit);
}

bool is_classified(const Pass& pass, std::string_view message, std::string_view field) {
  const auto& tables = pass.policy().classification();
  const auto& table = message == "ProxyConfig" ? tables.proxy_config : tables.mesh_config;
  return table.contains(field);
}

}  // namespace meshlint::rules
