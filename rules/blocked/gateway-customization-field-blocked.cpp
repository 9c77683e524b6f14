#include <algorithm>

#include "linter/fix.h"
#include "linter/words.h"
#include "rules/gateways.h"

namespace meshlint::rules {
namespace {

// The listed field that a path stands for or below; null for none.
const FieldClass* class_of(const GatewayCustomization& list, std::string_view path) {
  const FieldClass* found = nullptr;
  for (const auto& [name, support] : list.fields) {
    const bool is_below = path.starts_with(name) && (path.size() == name.size() || path[name.size()] == '.');
    if (is_below) found = &support;
  }
  return found;
}

// What may stand in a mapping, by its path.
std::vector<std::string_view> allowed_below(const Pass& pass, const GatewayCustomization& list, std::string_view path) {
  std::set<std::string_view> names;
  for (const auto& [name, support] : list.fields) {
    std::string_view rest = name;
    if (!path.empty()) {
      if (!rest.starts_with(path) || rest.size() <= path.size() || rest[path.size()] != '.') continue;
      rest.remove_prefix(path.size() + 1);
    }
    if (support.at(pass.context().as_of()) != FieldSupport::blocked) names.insert(rest.substr(0, rest.find('.')));
  }
  return {names.begin(), names.end()};
}

// The field that a misspelt one most likely means and that is not there as well; empty for none.
std::string_view meant_field(const std::vector<std::string_view>& allowed, Node value) {
  const auto meant = closest_word(value.key().text(), allowed);
  return value.parent()[meant] ? std::string_view() : meant;
}

std::string allowed_words(const std::vector<std::string_view>& allowed, const GatewayCustomization& list,
                          std::string_view above) {
  constexpr std::size_t few = 9;
  if (allowed.empty() || allowed.size() > few) return "remove the field";
  const std::string where = above.empty() ? fmt::format("of a {}", list.kind) : fmt::format("under {}", above);
  return fmt::format("remove the field; {} the add-on lets you customise {}", where,
                     list_words({allowed.begin(), allowed.end()}));
}

void report_blocked(Pass& pass, const GatewayConfigMap& map, const GatewayCustomization& list, Node value,
                    const std::string& above, const std::string& path) {
  const FieldClass* known = class_of(list, path);
  const bool in_house = known != nullptr && known->citation.in_house;
  const std::string who = in_house ? fmt::format("is not allowed {}", in_house_words(known->citation))
                                   : "is not on the add-on's list: its webhook refuses the ConfigMap";
  Diagnostic& diagnostic = pass.report_key(value, fmt::format("{} of a Gateway's {} {}", quoted(path), list.kind, who));
  diagnostic.citation = known != nullptr ? known->citation : list.citation;
  const auto allowed = allowed_below(pass, list, above);
  const auto meant = in_house ? std::string_view() : meant_field(allowed, value);
  if (meant.empty()) {
    diagnostic.help = in_house ? "remove the field" : allowed_words(allowed, list, above);
    diagnostic.fix = fix_by("remove the field", false, remove_entry(value));
  } else {
    diagnostic.help = fmt::format("did you mean {}?", meant);
    diagnostic.fix = fix_by(fmt::format("rename it to {}", meant), false, replace_key(value, meant));
  }
  if (map.of_class || map.gateways.empty()) return;
  const Resource& gateway = *map.gateways.front();
  diagnostic.notes.push_back(note_at(gateway.root["spec"]["infrastructure"]["parametersRef"]["name"],
                                     fmt::format("{} names this ConfigMap", describe(gateway))));
}

void check_fields(Pass& pass, const GatewayConfigMap& map, const GatewayCustomization& list, Node mapping,
                  const std::string& above) {
  const bool is_item = mapping.parent().is_sequence();
  for (const Entry& entry : mapping.entries()) {
    const auto key = entry.key.text();
    // Directives of a patch; what an object is; and what tells the items of a list apart when lists are merged.
    const bool is_type = above.empty() && (key == "apiVersion" || key == "kind");
    if (entry.key.unresolved() || key.starts_with('$') || is_type || (is_item && key == "name")) continue;
    const std::string path = above.empty() ? std::string(key) : fmt::format("{}.{}", above, key);
    if (!list.allows(path, pass.context().as_of())) {
      if (!entry.value.is_null()) report_blocked(pass, map, list, entry.value, above, path);
      continue;
    }
    check_fields(pass, map, list, entry.value, path);
    for (const Node item : entry.value.items()) check_fields(pass, map, list, item, path);
  }
}

void check(Pass& pass) {
  for (const GatewayConfigMap& map : gateway_config_maps(pass)) {
    if (pass.manifests().may_be_patched(*map.map)) continue;
    for (const EmbeddedDocument* document : map.documents) {
      const GatewayCustomization* list = pass.policy().gateway_customizations().find(document->text.key().text());
      if (list != nullptr) check_fields(pass, map, *list, document->root, "");
    }
  }
}

}  // namespace

extern constexpr Rule gateway_customization_field_blocked = {
    .code = "MSH3007",
    .name = "gateway-customization-field-blocked",
    .family = Family::blocked,
    .severity = Severity::error,
    .summary = "A field of what a Kubernetes Gateway makes that the add-on does not let users customise",
    .why =
        "A ConfigMap that a Gateway's parametersRef names, and that of the class, may change some fields of the "
        "Deployment, Service, HorizontalPodAutoscaler and PodDisruptionBudget that the Gateway makes. With any field "
        "outside of Microsoft's lists the add-on's webhook refuses the ConfigMap as a whole.",
    .fix = "remove the field",
    .page = "istio-gateway-api",
    .check = check,
};

}  // namespace meshlint::rules
