#include <algorithm>

#include "linter/fix.h"
#include "linter/rule.h"
#include "linter/words.h"
#include "rules/cluster-facts.h"
#include "rules/mesh-hosts.h"
#include "rules/own-gateway.h"

namespace meshlint::rules {
namespace {

// The managed ingress gateways' labels begin so; anything else that does is misspelt.
constexpr std::string_view managed_ingress_prefix = "aks-istio-ingress";

// Whether a cluster states its ingress gateways as a whole, and this one is not among those it turns on.
bool is_stated_off(const ClusterDefinition& cluster, const Fact<bool>& ingress) {
  if (cluster.ingress_known != Known::stated) return false;
  return ingress.known == Known::unstated || (ingress.known == Known::stated && !ingress.value);
}

bool is_stated_on(const Fact<bool>& ingress) {
  return ingress.known == Known::stated && ingress.value;
}

// The label of the one ingress gateway that all governing clusters turn on; empty where that is not known.
std::string sole_ingress(const Pass& pass, const SourceFile& file) {
  const ManagedNames& names = pass.policy().names();
  const auto& clusters = pass.context().governing(file);
  const auto have_only = [&](Fact<bool> ClusterDefinition::*one, Fact<bool> ClusterDefinition::*other) {
    return !clusters.empty() && std::ranges::all_of(clusters, [&](const auto* cluster) {
      return is_stated_on(cluster->*one) && is_stated_off(*cluster, cluster->*other);
    });
  };
  using Cluster = ClusterDefinition;
  if (have_only(&Cluster::external_ingress, &Cluster::internal_ingress)) return names.external_ingress;
  if (have_only(&Cluster::internal_ingress, &Cluster::external_ingress)) return names.internal_ingress;
  return {};
}

void check_managed(Pass& pass, const Resource& gateway, Node value, bool external) {
  const auto& clusters = pass.context().governing(gateway.file());
  const auto ingress_of = [external](const ClusterDefinition& cluster) -> const Fact<bool>& {
    return external ? cluster.external_ingress : cluster.internal_ingress;
  };
  const auto is_off = [&](const auto* cluster) { return is_stated_off(*cluster, ingress_of(*cluster)); };
  if (clusters.empty() || !std::ranges::all_of(clusters, is_off)) return;
  const std::string_view kind = external ? "external" : "internal";
  Diagnostic& diagnostic =
      pass.report(value, fmt::format("the {} ingress gateway is not enabled on {}: nothing listens for this Gateway",
                                     kind, cluster_words(clusters)));
  diagnostic.notes.push_back(
      note_at_key(ingress_of(*clusters[0]).node, fmt::format("the ingress gateways of {}", describe(*clusters[0]))));
  diagnostic.help = fmt::format("enable it: az aks mesh enable-ingress-gateway --ingress-gateway-type {}", kind);
  diagnostic.citation = external ? pass.policy().names().ingress
                                 : pass.policy().source("istio-deploy-ingress", "Enable internal ingress gateway");
}

// Whether an egress gateway of the cluster may carry this label: people choose the names of egress gateways.
enum class Egress : std::uint8_t { no, maybe, yes };

Egress has_egress_gateway(const ClusterDefinition& cluster, std::string_view label) {
  if (cluster.egress_known != Known::stated) return Egress::maybe;
  const auto is_named = [label](const EgressGateway& gateway) {
    const std::string_view name = gateway.name.value;
    return !gateway.name.has_value() || name == label || name == fmt::format("istio-{}", label);
  };
  return std::ranges::any_of(cluster.egress_gateways, is_named) ? Egress::yes : Egress::no;
}

// What comes from another repository is not read.
void soften_if_remote(Node remote, Diagnostic& diagnostic) {
  if (!remote) return;
  diagnostic.severity = Severity::warning;
  diagnostic.notes.push_back(
      note_at(remote, "objects from elsewhere, which are not read: they may deploy the gateway"));
}

std::string egress_help(const Pass& pass, const Resource& gateway) {
  std::vector<std::string> names;
  for (const auto* cluster : pass.context().governing(gateway.file())) {
    for (const EgressGateway& egress : cluster->egress_gateways) {
      if (egress.name.has_value()) names.push_back(fmt::format("istio: {}", egress.name.value));
    }
  }
  return names.empty() ? "an egress gateway by its own name" : list_words(names, "or");
}

Egress has_egress_gateway(const Pass& pass, const Resource& gateway, std::string_view label) {
  Egress result = Egress::no;
  const auto& clusters = pass.context().governing(gateway.file());
  for (const auto* cluster : clusters) result = std::max(result, has_egress_gateway(*cluster, label));
  return clusters.empty() ? Egress::maybe : result;
}

// Where only one can be meant. Other labels beside this one would not be those of the managed gateway.
void select_sole_ingress(const Pass& pass, const Resource& gateway, Node value, Diagnostic& diagnostic) {
  const std::string label = sole_ingress(pass, gateway.file());
  if (label.empty()) return;
  diagnostic.help = fmt::format("select istio: {}, the only ingress gateway of {}", label,
                                cluster_words(pass.context().governing(gateway.file())));
  if (value.parent().size() > 1 || value.key().text() != "istio") return;
  diagnostic.fix = fix_by(fmt::format("select {}", label), false, replace_value(value, label));
}

// `label` is the value of the label `istio` that goes with the selected one.
void check_upstream(Pass& pass, const Resource& gateway, Node value, std::string_view label) {
  const ManagedNames& names = pass.policy().names();
  const Egress egress = has_egress_gateway(pass, gateway, label);
  const bool is_for_ingress = label.starts_with("ingress") || label.starts_with(managed_ingress_prefix);
  if (egress == Egress::yes) return;
  if (may_have_own_gateway(pass, value)) return;
  const bool is_misspelt = label.starts_with(managed_ingress_prefix);
  const Node remote = is_misspelt ? Node() : remote_source(pass, gateway.file());
  Diagnostic& diagnostic =
      pass.report(value, fmt::format("selector {} matches no gateway of the add-on{}",
                                     quoted(fmt::format("{}: {}", value.key().text(), value.text())),
                                     remote ? ", and nothing here deploys another one" : ": connections are refused"));
  diagnostic.citation = names.selectors;
  if (!is_misspelt) {
    diagnostic.notes.push_back(note(fmt::format("gateways of a self-managed Istio carry this label{}",
                                                remote ? "" : "; nothing here deploys one")));
    soften_if_remote(remote, diagnostic);
  }
  const std::string sole = sole_ingress(pass, gateway.file());
  const std::string ingress =
      sole.empty() ? fmt::format("istio: {} or istio: {}", names.external_ingress, names.internal_ingress)
                   : fmt::format("istio: {}", sole);
  const bool is_for_egress = label.starts_with("egress");
  diagnostic.help = is_for_egress    ? fmt::format("select {}", egress_help(pass, gateway))
                    : is_for_ingress ? fmt::format("select {}", ingress)
                                     : fmt::format("select {}, or {}", ingress, egress_help(pass, gateway));
  if (is_for_ingress) select_sole_ingress(pass, gateway, value, diagnostic);
  if (is_for_ingress || egress == Egress::no) return;
  diagnostic.severity = Severity::warning;
  diagnostic.notes.push_back(
      note("whether an egress gateway of the add-on has this name is not known: no cluster here lists its egress "
           "gateways"));
}

// The gateways of a self-managed Istio carry a second label: `app: istio-ingressgateway` goes with
// `istio: ingressgateway`.
void check_app_label(Pass& pass, const Resource& gateway, Node value) {
  constexpr std::string_view prefix = "istio-";
  if (!value.is_scalar() || value.unresolved() || !value.text().starts_with(prefix)) return;
  const auto label = value.text().substr(prefix.size());
  const auto& upstream = pass.policy().names().upstream_gateway_selectors;
  if (std::ranges::find(upstream, label) != upstream.end()) check_upstream(pass, gateway, value, label);
}

void check_selector(Pass& pass, const Resource& gateway) {
  const ManagedNames& names = pass.policy().names();
  const Node selector = gateway.root["spec"]["selector"];
  const Node value = selector["istio"];
  if (!value && !selector.unresolved()) return check_app_label(pass, gateway, selector["app"]);
  if (!value.is_scalar() || value.unresolved()) return;
  if (value.text() == names.external_ingress) return check_managed(pass, gateway, value, true);
  if (value.text() == names.internal_ingress) return check_managed(pass, gateway, value, false);
  const auto& upstream = names.upstream_gateway_selectors;
  const bool is_upstream = std::ranges::find(upstream, value.text()) != upstream.end();
  if (is_upstream || value.text().starts_with(managed_ingress_prefix)) {
    check_upstream(pass, gateway, value, value.text());
  }
}

// The managed ingress gateways that may be meant in a file, by the names of their Services.
std::vector<std::string> ingress_hosts(const Pass& pass, const SourceFile& file) {
  const ManagedNames& names = pass.policy().names();
  std::vector<std::string> labels{sole_ingress(pass, file)};
  if (labels.front().empty()) labels = {names.external_ingress, names.internal_ingress};
  for (std::string& label : labels) label += fmt::format(".{}.svc.cluster.local", names.ingress_namespace);
  return labels;
}

// Hosts of the gateway Service that only a self-managed Istio has.
void check_host(Pass& pass, Node host) {
  const ManagedNames& names = pass.policy().names();
  const std::string service = fmt::format("{}.{}", names.upstream_ingress_service, names.upstream_root_namespace);
  const auto text = host.text();
  if (!text.starts_with(service) || (text.size() > service.size() && text[service.size()] != '.')) return;
  const auto is_service = [&names](const Resource* resource) {
    return resource->name.text() == names.upstream_ingress_service;
  };
  const SourceFile& file = *host.file();
  if (has_own_gateway(pass, file) || std::ranges::any_of(pass.manifests().of("", "Service"), is_service)) return;
  Diagnostic& diagnostic =
      pass.report(host, fmt::format("host {} does not exist on the add-on: its ingress gateways are in namespace {}",
                                    quoted(text), names.ingress_namespace));
  diagnostic.help = fmt::format("use {}", list_words(ingress_hosts(pass, *host.file()), "or"));
  diagnostic.citation = names.ingress;
  soften_if_remote(remote_source(pass, file), diagnostic);
}

void check(Pass& pass) {
  for (const Resource* gateway : pass.manifests().of("networking.istio.io", "Gateway")) {
    if (pass.manifests().may_be_patched(*gateway)) continue;
    if (pass.context().has_add_on(gateway->file())) check_selector(pass, *gateway);
  }
  for_each_host(pass, [&pass](Node host) { check_host(pass, host); });
}

}  // namespace

extern constexpr Rule gateway_selector_unmatched = {
    .code = "MSH4006",
    .name = "gateway-selector-unmatched",
    .family = Family::ineffective,
    .severity = Severity::error,
    .summary = "An Istio Gateway whose selector matches no gateway of the add-on",
    .why =
        "A Gateway configures the pods that its selector matches. The add-on's ingress gateways carry the labels "
        "istio: aks-istio-ingressgateway-external and -internal; with the selector of Istio's own examples, or of "
        "an ingress gateway that is not enabled, nothing listens and clients see refused connections.",
    .fix = "select an ingress gateway that the cluster has enabled",
    .page = "istio-deploy-ingress",
    .check = check,
};

}  // namespace meshlint::rules
