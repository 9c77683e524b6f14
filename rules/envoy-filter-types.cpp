#include "rules/envoy-filter-types.h"

#include <algorithm>

namespace meshlint::rules {
namespace {

// Types that only wrap another one, whose name stands in `type_url`.
bool is_wrapper(std::string_view type) {
  return type.ends_with("/udpa.type.v1.TypedStruct") || type.ends_with("/xds.type.v3.TypedStruct");
}

void add_types(Node node, std::vector<Node>& types) {
  for (const Node item : node.items()) add_types(item, types);
  for (const Entry& entry : node.entries()) {
    const bool is_type = entry.key.text() == "@type" || entry.key.text() == "type_url";
    if (is_type && entry.value.is_scalar() && !is_wrapper(entry.value.text())) types.push_back(entry.value);
    if (!is_type) add_types(entry.value, types);
  }
}

std::vector<Node> types_of(const Resource& filter) {
  std::vector<Node> types;
  for (const Node patch : filter.root["spec"]["configPatches"].items()) add_types(patch["patch"]["value"], types);
  return types;
}

bool is_allowed(std::string_view type, const EnvoyFilterPeriod& period) {
  type.remove_prefix(type.rfind('/') + 1);
  return period.all ||
         std::ranges::any_of(period.packages, [type](const std::string& package) { return type.starts_with(package); });
}

}  // namespace

std::vector<Node> blocked_types(const Resource& filter, const EnvoyFilterPeriod& period) {
  std::vector<Node> blocked;
  for (const Node type : types_of(filter)) {
    if (!type.unresolved() && !is_allowed(type.text(), period)) blocked.push_back(type);
  }
  return blocked;
}

bool has_allowed_types(const Resource& filter, const EnvoyFilterPeriod& period) {
  const auto types = types_of(filter);
  return !types.empty() &&
         std::ranges::all_of(types, [&](Node type) { return !type.unresolved() && is_allowed(type.text(), period); });
}

}  // namespace meshlint::rules
