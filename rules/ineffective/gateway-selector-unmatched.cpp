#include <algorithm>

#include "linter/rule.h"
#include "linter/words.h"

namespace meshlint::rules {
namespace {

// Whether some workload of the repository makes pods with all labels of the selector.
bool has_matching_pods(const Pass& pass, Node selector) {
  const auto matches = [&](const auto& resource) {
    const Node labels = pod_metadata(*resource)["labels"];
    if (!labels.is_mapping()) return false;
    return std::ranges::all_of(selector.entries(), [&](const Entry& wanted) {
      const Node label = labels[wanted.key.text()];
      return label.unresolved() || (label && label.text() == wanted.value.text());
    });
  };
  return std::ranges::any_of(pass.manifests().all(), matches);
}

std::string good_selectors(const ManagedNames& names) {
  return fmt::format("{} or {}", names.external_ingress, names.internal_ingress);
}

// Whether a cluster states its ingress gateways as a whole, and this one is not among those it turns on.
bool is_stated_off(const ClusterDefinition& cluster, const Fact<bool>& ingress) {
  if (cluster.ingress_known != Known::stated) return false;
  return ingress.known == Known::unstated || (ingress.known == Known::stated && !ingress.value);
}

void check_managed(Pass& pass, const Resource& gateway, Node value, bool external) {
  const auto& clusters = pass.context().governing(gateway.file());
  const auto is_off = [external](const auto* cluster) {
    return is_stated_off(*cluster, external ? cluster->external_ingress : cluster->internal_ingress);
  };
  if (clusters.empty() || !std::ranges::all_of(clusters, is_off)) return;
  std::vector<std::string> names;
  for (const auto* cluster : clusters) names.push_back(describe(*cluster));
  const std::string_view kind = external ? "external" : "internal";
  Diagnostic& diagnostic = pass.report(
      value, fmt::format("the {} ingress gateway is not enabled on {}: this Gateway has no pods to configure", kind,
                         list_words(names)));
  const auto* cluster = clusters[0];
  const Fact<bool>& ingress = external ? cluster->external_ingress : cluster->internal_ingress;
  diagnostic.notes.push_back(note_at_key(ingress.node, "the ingress gateways of the cluster"));
  diagnostic.help = fmt::format("enable it: az aks mesh enable-ingress-gateway --ingress-gateway-type {}", kind);
  diagnostic.citation = pass.policy().names().ingress;
}

void check_selector(Pass& pass, const Resource& gateway) {
  const ManagedNames& names = pass.policy().names();
  const Node selector = gateway.root["spec"]["selector"];
  const Node value = selector["istio"];
  if (!value.is_scalar() || value.unresolved()) return;
  if (value.text() == names.external_ingress) return check_managed(pass, gateway, value, true);
  if (value.text() == names.internal_ingress) return check_managed(pass, gateway, value, false);
  const auto& upstream = names.upstream_gateway_selectors;
  if (std::ranges::find(upstream, value.text()) == upstream.end() || has_matching_pods(pass, selector)) return;
  Diagnostic& diagnostic =
      pass.report(value, fmt::format("selector {} matches no gateway of the add-on: connections are refused",
                                     quoted(fmt::format("istio: {}", value.text()))));
  diagnostic.notes.push_back(note("this is the label of a self-managed Istio's gateway; nothing here deploys one"));
  diagnostic.help = fmt::format("select {}", good_selectors(names));
  diagnostic.citation = names.ingress;
}

// Hosts of the gateway Service that only a self-managed Istio has.
void check_host(Pass& pass, Node host) {
  constexpr std::string_view service = "istio-ingressgateway.istio-system";
  const auto text = host.text();
  if (!text.starts_with(service) || (text.size() > service.size() && text[service.size()] != '.')) return;
  const auto is_service = [](const Resource* resource) {
    return resource->name.text() == "istio-ingressgateway" && resource->name_space.text() == "istio-system";
  };
  if (std::ranges::any_of(pass.manifests().of("", "Service"), is_service)) return;
  Diagnostic& diagnostic =
      pass.report(host, fmt::format("host {} does not exist on the add-on: its gateways are in namespace {}",
                                    quoted(text), pass.policy().names().ingress_namespace));
  diagnostic.help = fmt::format("use {}.{}.svc.cluster.local", pass.policy().names().external_ingress,
                                pass.policy().names().ingress_namespace);
  diagnostic.citation = pass.policy().names().ingress;
}

void check_hosts(Pass& pass) {
  for (const Resource* rule : pass.manifests().of("networking.istio.io", "DestinationRule")) {
    if (pass.context().has_add_on(rule->file())) check_host(pass, rule->root["spec"]["host"]);
  }
  for (const Resource* service : pass.manifests().of("networking.istio.io", "VirtualService")) {
    if (!pass.context().has_add_on(service->file())) continue;
    for (const Node host : service->root["spec"]["hosts"].items()) check_host(pass, host);
    for (const char* protocol : {"http", "tls", "tcp"}) {
      for (const Node route : service->root["spec"][protocol].items()) {
        for (const Node target : route["route"].items()) check_host(pass, target["destination"]["host"]);
      }
    }
  }
}

void check(Pass& pass) {
  for (const Resource* gateway : pass.manifests().of("networking.istio.io", "Gateway")) {
    if (pass.context().has_add_on(gateway->file())) check_selector(pass, *gateway);
  }
  check_hosts(pass);
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
