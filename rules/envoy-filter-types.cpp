#include "rules/envoy-filter-types.h"

#include <algorithm>

namespace meshlint::rules {
namespace {

// The packages of Envoy that a short name of the policy stands for.
struct TypePackage {
  std::string_view name;
  std::string_view package;
};

constexpr TypePackage packages[] = {
    {"lua", "envoy.extensions.filters.http.lua."},
    {"local-rate-limit", "envoy.extensions.filters.http.local_ratelimit."},
    {"gzip-compression", "envoy.extensions.filters.http.compressor."},
    {"gzip-compression", "envoy.extensions.compression.gzip."},
};

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
  return period.all || std::ranges::any_of(packages, [&](const TypePackage& one) {
           return type.starts_with(one.package) && std::ranges::find(period.types, one.name) != period.types.end();
         });
}

}  // namespace

std::vector<Node> blocked_types(const Resource& filter, const EnvoyFilterPeriod& period) {
  std::vector<Node> blocked;
  const bool knows_all = std::ranges::all_of(period.types, [](std::string_view name) {
    return std::ranges::find(packages, name, &TypePackage::name) != std::end(packages);
  });
  if (!knows_all) return blocked;
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
