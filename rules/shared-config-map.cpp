#include "rules/shared-config-map.h"

#include <algorithm>

#include "linter/fix.h"
#include "linter/words.h"

namespace meshlint::rules {
namespace {

bool is_entered(const Pass& pass, const MeshMessage& message, std::string_view field) {
  const bool has_table = message.message == "MeshConfig" || message.message == "ProxyConfig";
  return !has_table || is_classified(pass, message.message, field);
}

// Null for a field that the tables do not list.
const FieldClass* class_of(const Pass& pass, std::string_view message, std::string_view field) {
  const auto& tables = pass.policy().classification();
  const auto& table = message == "ProxyConfig" ? tables.proxy_config : tables.mesh_config;
  const auto found = table.find(field);
  return found == table.end() ? nullptr : &found->second;
}

// Whether the walk goes into fields that the tables do not list.
enum class Blocked : std::uint8_t { left_out, entered };

void visit_message(const Pass& pass, const MeshMessage& message, Blocked blocked,
                   const std::function<void(const MeshMessage&)>& visit) {
  visit(message);
  const MeshFields& fields = pass.policy().mesh_fields();
  for (const Entry& entry : message.node.entries()) {
    const MeshField* field = fields.find(message.message, entry.key.text());
    if (field == nullptr || field->type != FieldType::message) continue;
    if (blocked == Blocked::left_out && !is_entered(pass, message, field->name)) continue;
    const auto enter = [&](Node value) {
      if (value.is_mapping()) visit_message(pass, {value, field->message, message.depth + 1}, blocked, visit);
    };
    if (field->repeated) {
      for (const Node item : entry.value.items()) enter(item);
    } else if (field->map) {
      for (const Entry& item : entry.value.entries()) enter(item.value);
    } else {
      enter(entry.value);
    }
  }
}

}  // namespace

std::optional<Minor> shared_config_map_revision(const Pass& pass, std::string_view name) {
  const std::string& prefix = pass.policy().names().shared_config_map_prefix;
  return name.starts_with(prefix) ? parse_revision(name.substr(prefix.size())) : std::nullopt;
}

std::vector<SharedConfigMap> shared_config_maps(const Pass& pass) {
  std::vector<SharedConfigMap> result;
  for (const EmbeddedDocument& map : pass.manifests().mesh_configs()) {
    const auto name = map.resource->name.text();
    if (!name.starts_with(pass.policy().names().shared_config_map_prefix)) continue;
    if (!map.root.is_mapping() || !pass.context().has_add_on(map.resource->file())) continue;
    result.push_back({&map, map.root, shared_config_map_revision(pass, name)});
  }
  return result;
}

std::vector<PodProxyConfig> pod_proxy_configs(const Pass& pass) {
  std::vector<PodProxyConfig> result;
  for (const EmbeddedDocument& annotation : pass.manifests().proxy_configs()) {
    const Node pods = pod_metadata(*annotation.resource);
    const Node read = pods["annotations"]["proxy.istio.io/config"];
    if (!read || read.document() != annotation.text.document() || read.index() != annotation.text.index()) continue;
    if (opts_out_of_injection(pods) || !pass.context().has_add_on(annotation.resource->file())) continue;
    result.push_back({&annotation, annotation.root});
  }
  return result;
}

std::vector<SharedConfigMapGenerator> shared_config_map_generators(const Pass& pass) {
  std::vector<SharedConfigMapGenerator> result;
  for (const InputFile& file : pass.manifests().files()) {
    if (!is_kustomization_file(file.source->path())) continue;
    for (const auto& document : file.parsed.documents) {
      for (const Node entry : document->root()["configMapGenerator"].items()) {
        const auto name = entry["name"].text();
        if (name.starts_with(pass.policy().names().shared_config_map_prefix))
          result.push_back({entry, document->root()});
      }
    }
  }
  return result;
}

std::string istio_words(std::optional<Minor> revision) {
  return revision ? fmt::format("Istio {}", to_string(*revision)) : "Istio";
}

std::string owner_words(const MeshMessage& message) {
  if (message.message == "MeshConfig" || message.message == "ProxyConfig") return message.message;
  Node named = message.node;
  while (named && !named.key()) named = named.parent();
  return fmt::format("{}{}", message.node.key() ? "" : "an entry of ", quoted(named.key().text()));
}

void for_each_message(const Pass& pass, const SharedConfigMap& shared,
                      const std::function<void(const MeshMessage&)>& visit) {
  visit_message(pass, {shared.mesh, "MeshConfig", 0}, Blocked::left_out, visit);
}

void for_each_message(const Pass& pass, const PodProxyConfig& pods,
                      const std::function<void(const MeshMessage&)>& visit) {
  if (pods.config.is_mapping()) visit_message(pass, {pods.config, "ProxyConfig", 0}, Blocked::entered, visit);
}

const MeshField* find_field(const MeshFields& fields, std::string_view message, std::string_view key) {
  if (const MeshField* field = fields.find(message, key)) return field;
  const MeshField* near = fields.find(message, fields.nearest(message, key));
  return near != nullptr && near->proto_name == key ? near : nullptr;
}

bool is_classified(const Pass& pass, std::string_view message, std::string_view field) {
  const FieldClass* known = class_of(pass, message, field);
  return known != nullptr && known->at(pass.context().as_of()) != FieldSupport::blocked;
}

Diagnostic& report_blocked(Pass& pass, std::string_view message, const Entry& entry, std::string_view field) {
  const auto& tables = pass.policy().classification();
  const FieldClass* known = class_of(pass, message, field);
  const bool in_house = known != nullptr && known->citation.in_house;
  const std::string who = in_house ? fmt::format("not allowed {}", in_house_words(known->citation))
                                   : "blocked: the add-on's admission webhook refuses the whole ConfigMap";
  Diagnostic& diagnostic =
      pass.report_key(entry.value, fmt::format("{} field {} is {}", message, quoted(entry.key.text()), who));
  diagnostic.citation = message == "ProxyConfig" ? tables.proxy_citation : tables.citation;
  if (known != nullptr) diagnostic.citation = known->citation;
  if (in_house) diagnostic.help = known->note.empty() ? "remove the field" : known->note;
  diagnostic.fix = fix_by(fmt::format("remove {}", entry.key.text()), false, remove_entry(entry.value));
  return diagnostic;
}

Diagnostic* report_unsupported(Pass& pass, std::string_view message, const Entry& entry) {
  const auto name = entry.key.text();
  const FieldClass* known = class_of(pass, message, name);
  if (known == nullptr || known->at(pass.context().as_of()) != FieldSupport::allowed) return nullptr;
  if (pass.policy().classification().misspelt.contains(name)) return nullptr;
  const std::string who =
      known->citation.in_house ? "without support " + in_house_words(known->citation) : "but outside Azure support";
  Diagnostic& diagnostic =
      pass.report_key(entry.value, fmt::format("{} field {} is allowed, {}", message, quoted(name), who));
  diagnostic.citation = known->citation;
  if (!known->note.empty()) diagnostic.help = known->note;
  return &diagnostic;
}

std::string_view sole_closest_word(std::string_view misspelt, const std::vector<std::string_view>& candidates) {
  const auto nearest = closest_word(misspelt, candidates);
  std::vector<std::string_view> others;
  std::ranges::copy_if(candidates, std::back_inserter(others), [nearest](auto name) { return name != nearest; });
  const auto second = closest_word(misspelt, others);
  const bool is_as_near = !second.empty() && closest_word(misspelt, {second, nearest}) == second;
  return is_as_near ? std::string_view() : nearest;
}

}  // namespace meshlint::rules
