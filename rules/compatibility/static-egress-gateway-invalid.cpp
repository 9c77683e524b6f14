#include <algorithm>
#include <charconv>

#include "linter/ascii.h"
#include "linter/words.h"
#include "rules/calendar.h"
#include "rules/cluster-facts.h"

namespace meshlint::rules {
namespace {

using StaticEgress = EgressGateways::StaticEgress;

Diagnostic& report(Pass& pass, const ClusterDefinition& cluster, Node node, std::string message) {
  Diagnostic& diagnostic = report_cluster(pass, cluster, node, std::move(message));
  diagnostic.citation = pass.policy().egress_gateways().static_egress.citation;
  return diagnostic;
}

std::string pool_words(const NodePool& pool) {
  return pool.name.has_value() ? fmt::format("the gateway pool {}", quoted(pool.name.value)) : "a gateway pool";
}

std::optional<int> parse_number(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

// A pool's nodes each take an address of its prefix.
void check_room(Pass& pass, const ClusterDefinition& cluster, const NodePool& pool, int size) {
  const StaticEgress& limits = pass.policy().egress_gateways().static_egress;
  const auto most = limits.most_nodes.find(size);
  const auto count = pool.count.has_value() ? parse_number(pool.count.value) : std::nullopt;
  const bool may_scale = pool.autoscaling.known == Known::unresolved || pool.autoscaling.value;
  if (!count || may_scale || most == limits.most_nodes.end() || *count <= most->second) return;
  Diagnostic& diagnostic =
      report(pass, cluster, pool.count.node,
             fmt::format("{} has {} nodes, and its public address prefix of size {} has room for {}", pool_words(pool),
                         quoted(pool.count.value), quoted(pool.public_ip_prefix_size.value), most->second));
  diagnostic.citation = limits.prefix_citation;
  diagnostic.notes.push_back(note_at(pool.public_ip_prefix_size.node, "the size of the prefix"));
  const auto fitting = std::ranges::find_if(limits.most_nodes.rbegin(), limits.most_nodes.rend(),
                                            [&](const auto& row) { return row.second >= *count; });
  diagnostic.help = fmt::format("set count to {} or less", most->second);
  if (fitting != limits.most_nodes.rend()) {
    diagnostic.help += fmt::format("; or make a pool with a prefix of size {}", fitting->first);
  }
  soften_if_defaulted(diagnostic, {{"mode", pool.mode.known},
                                   {"count", pool.count.known},
                                   {"size of the prefix", pool.public_ip_prefix_size.known}});
}

void check_pool(Pass& pass, const ClusterDefinition& cluster, const NodePool& pool) {
  const StaticEgress& limits = pass.policy().egress_gateways().static_egress;
  const Premise mode{"mode", pool.mode.known};
  if (!limits.windows && pool.os_type.has_value() && pool.os_type.value == "Windows") {
    Diagnostic& diagnostic = report(pass, cluster, pool.os_type.node,
                                    fmt::format("{} runs {}, and Windows pools cannot be gateway pools",
                                                pool_words(pool), quoted(pool.os_type.value)));
    diagnostic.help = "make it a pool of Linux nodes";
    soften_if_defaulted(diagnostic, {mode, {"operating system", pool.os_type.known}});
  }
  if (!limits.autoscaler && pool.autoscaling.has_value() && pool.autoscaling.value) {
    Diagnostic& diagnostic =
        report(pass, cluster, pool.autoscaling.node,
               fmt::format("{} uses the cluster autoscaler, which gateway pools do not support", pool_words(pool)));
    diagnostic.help = "turn the autoscaler off, and set a count of nodes that the public address prefix has room for";
    soften_if_defaulted(diagnostic, {mode, {"autoscaler's switch", pool.autoscaling.known}});
  }
  const auto& prefix = pool.public_ip_prefix_size;
  const auto size = prefix.has_value() ? parse_number(prefix.value) : std::nullopt;
  if (size && (*size < limits.smallest_prefix || *size > limits.largest_prefix)) {
    Diagnostic& diagnostic =
        report(pass, cluster, prefix.node,
               fmt::format("{} has a public address prefix of size {}, and AKS takes {} to {}", pool_words(pool),
                           quoted(prefix.value), limits.smallest_prefix, limits.largest_prefix));
    diagnostic.citation = limits.prefix_citation;
    diagnostic.help = fmt::format("state a size from {} (16 addresses) to {} (2 addresses)", limits.smallest_prefix,
                                  limits.largest_prefix);
    soften_if_defaulted(diagnostic, {mode, {"size of the prefix", prefix.known}});
  } else if (size) {
    check_room(pass, cluster, pool, *size);
  }
}

// Whether the cluster has, or is to have, static egress gateways; and what says so.
const Node* static_egress_node(const ClusterDefinition& cluster, const std::vector<const NodePool*>& gateway_pools) {
  if (cluster.static_egress.has_value() && cluster.static_egress.value) return &cluster.static_egress.node;
  if (!gateway_pools.empty()) return &gateway_pools.front()->mode.node;
  const auto enabled = enabled_egress_gateways(cluster);
  return enabled.empty() ? nullptr : &enabled.front()->place;
}

void check_families(Pass& pass, const ClusterDefinition& cluster, const std::vector<const NodePool*>& gateway_pools) {
  const auto is_version_6 = [](const Fact<std::string>& family) {
    return family.has_value() && equals_ignoring_case(family.value, "IPv6");
  };
  const auto family = std::ranges::find_if(cluster.ip_families, is_version_6);
  const Node* user = static_egress_node(cluster, gateway_pools);
  if (family == cluster.ip_families.end() || user == nullptr) return;
  if (pass.policy().egress_gateways().static_egress.dual_stack) return;
  Diagnostic& diagnostic =
      report(pass, cluster, family->node,
             fmt::format("the cluster's network has {}, and static egress gateways work on clusters with IPv4 only",
                         quoted(family->value)));
  diagnostic.notes.push_back(note_at(*user, "what needs them"));
  diagnostic.help = "make the cluster IPv4 only, or send the traffic out without static egress gateways";
  soften_if_defaulted(diagnostic, {{"list of IP families", family->known}});
}

void check(Pass& pass) {
  const auto& pool_mode = pass.policy().egress_gateways().static_egress.pool_mode;
  for (const ClusterDefinition& cluster : pass.context().clusters()) {
    std::vector<const NodePool*> gateway_pools;
    for (const NodePool& pool : cluster.pools) {
      if (pool.mode.has_value() && pool.mode.value == pool_mode) gateway_pools.push_back(&pool);
    }
    if (!runs_mesh(pass.context(), cluster)) continue;
    for (const NodePool* pool : gateway_pools) check_pool(pass, cluster, *pool);
    check_families(pass, cluster, gateway_pools);
  }
}

}  // namespace

extern constexpr Rule static_egress_gateway_invalid = {
    .code = "MSH1012",
    .name = "static-egress-gateway-invalid",
    .family = Family::compatibility,
    .severity = Severity::error,
    .summary = "A node pool or network that static egress gateways do not support",
    .why =
        "Egress gateways of the add-on send through a node pool of mode Gateway. Such a pool runs Linux, is scaled by "
        "hand within its prefix of public addresses, and stands in a cluster with IPv4 only; AKS does not support it "
        "otherwise.",
    .fix = "give the gateway pool what the message names",
    .page = "configure-static-egress-gateway",
    .check = check,
};

}  // namespace meshlint::rules
