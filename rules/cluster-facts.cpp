#include "rules/cluster-facts.h"

#include <algorithm>
#include <array>
#include <set>

#include "linter/words.h"
#include "rules/calendar.h"

namespace meshlint::rules {

bool turns_mesh_on(const ClusterDefinition& cluster) {
  if (cluster.mesh_mode.has_value()) return cluster.mesh_mode.value == "Istio";
  return std::ranges::any_of(cluster.revisions, [](const auto& revision) { return revision.has_value(); });
}

bool runs_mesh(const Context& context, const ClusterDefinition& cluster) {
  return may_run_mesh(cluster) && (turns_mesh_on(cluster) || context.has_add_on(*cluster.place.file()));
}

bool is_placeholder(std::string_view text) {
  constexpr std::string_view digits = "0123456789";
  const auto is_name_character = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_';
  };
  const auto is_lower_case = [](char c) { return c >= 'a' && c <= 'z'; };
  const bool is_constant_name = std::ranges::none_of(text, is_lower_case) && text.find_first_of(digits) == text.npos;
  // "asm-X-Y", "asm-1-NN"
  const auto part_of_pattern = [](char c) { return std::string_view("XYNxyn").find(c) != std::string_view::npos; };
  const auto end = text.substr(text.rfind('-') + 1);
  if (text.starts_with("asm-") && !end.empty() && std::ranges::all_of(end, part_of_pattern)) return true;
  return !std::ranges::all_of(text, is_name_character) || is_constant_name || text.find("__") != text.npos ||
         text.find("placeholder") != text.npos;
}

bool is_refused_number(const ClusterDefinition& cluster, const Fact<std::string>& version) {
  // The formats that are objects of Kubernetes; others that have numbers at all turn them into a text.
  constexpr std::array<std::string_view, 3> formats = {"Azure Service Operator", "Cluster API", "Crossplane"};
  if (!version.has_value() || std::ranges::find(formats, cluster.format) == formats.end()) return false;
  const ScalarType type = version.node.is_scalar() ? version.node.type() : ScalarType::string;
  return type == ScalarType::integer || type == ScalarType::real;
}

std::string cluster_words(const std::vector<const ClusterDefinition*>& clusters) {
  constexpr std::size_t most = 3;
  std::set<std::string> names;
  for (const auto* cluster : clusters) {
    if (cluster->name.has_value()) names.insert(describe(*cluster));
  }
  const bool are_named = names.size() == clusters.size() && names.size() <= most;
  if (are_named) return list_words({names.begin(), names.end()});
  return clusters.size() == 1 ? "the cluster" : "its clusters";
}

std::vector<const EgressGateway*> enabled_egress_gateways(const ClusterDefinition& cluster) {
  std::vector<const EgressGateway*> enabled;
  for (const EgressGateway& gateway : cluster.egress_gateways) {
    if (gateway.enabled.has_value() && gateway.enabled.value) enabled.push_back(&gateway);
  }
  return enabled;
}

std::string gateway_words(const EgressGateway& gateway) {
  return gateway.name.has_value() ? fmt::format("egress gateway {}", quoted(gateway.name.value)) : "an egress gateway";
}

std::optional<std::string> name_space_of(const Pass& pass, const EgressGateway& gateway) {
  if (gateway.name_space.has_value()) return gateway.name_space.value;
  if (gateway.name_space.known == Known::unresolved) return std::nullopt;
  return pass.policy().names().egress_namespace;
}

}  // namespace meshlint::rules
