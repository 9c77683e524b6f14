#include <algorithm>
#include <array>
#include <cctype>

#include "linter/rule.h"
#include "linter/words.h"

namespace meshlint::rules {
namespace {

// The managed ingress gateways' labels begin so; anything else that does is misspelt.
constexpr std::string_view managed_ingress_prefix = "aks-istio-ingress";

// Whether a selector's labels are all among these, or may be.
bool selects(Node selector, Node labels) {
  if (labels.unresolved()) return true;
  if (!labels.is_mapping()) return false;
  return std::ranges::all_of(selector.entries(), [&](const Entry& wanted) {
    const Node label = labels[wanted.key.text()];
    return label.unresolved() || (label && label.text() == wanted.value.text());
  });
}

// Whether some workload of the repository makes such pods, or some Service sends to them.
bool has_matching_pods(const Pass& pass, Node selector) {
  return std::ranges::any_of(pass.manifests().all(), [&pass, selector](const auto& resource) {
    const bool makes_pods = pod_metadata(*resource) || resource->root["spec"]["template"]["metadata"];
    if (makes_pods && pass.manifests().may_set_label(*resource, "istio")) return true;
    if (selects(selector, pod_metadata(*resource)["labels"])) return true;
    if (selects(selector, resource->root["spec"]["template"]["metadata"]["labels"])) return true;
    const Node service_selector = resource->root["spec"]["selector"];
    return resource->is("", "Service") && service_selector["istio"] && selects(service_selector, selector);
  });
}

bool mentions_gateway(Node node) {
  constexpr std::array<std::string_view, 3> words = {"gateway", "istio-ingress", "istio-egress"};
  return std::ranges::any_of(words,
                             [text = node.text()](std::string_view word) { return text.find(word) != text.npos; });
}

// Names of Helm charts that deploy gateways of Istio, also as the last part of a path or address.
bool is_gateway_chart(Node chart) {
  if (!chart.is_scalar()) return false;
  const auto name = chart.text().substr(chart.text().rfind('/') + 1);
  return chart.unresolved() || name == "gateway" || name.find("istio-gateway") != name.npos ||
         name.find("istio-ingress") != name.npos || name.find("istio-egress") != name.npos;
}

bool is_gateway_source(Node source) {
  return is_gateway_chart(source["chart"]) || mentions_gateway(source["path"]);
}

bool is_gateway_application(Node spec) {
  return is_gateway_source(spec["source"]) || std::ranges::any_of(spec["sources"].items(), is_gateway_source);
}

bool has_gateway_chart(Node charts, std::string_view key) {
  return std::ranges::any_of(charts.items(), [key](Node chart) { return is_gateway_chart(chart[key]); });
}

// An ApplicationSet may take charts and paths from the elements of its generators.
bool is_gateway_application_set(const Resource& resource) {
  const Span span = resource.root.span();
  const auto text = resource.file().text().substr(span.start, span.end - span.start);
  return is_gateway_application(resource.root["spec"]["template"]["spec"]) || text.find("gateway") != text.npos;
}

// Whether something in the repository deploys gateways whose pods cannot be seen here.
bool deploys_own_gateway(const Resource& resource) {
  const Node spec = resource.root["spec"];
  if (resource.kind == "IstioOperator") return true;
  if (resource.kind == "HelmRelease") {
    return is_gateway_chart(spec["chart"]["spec"]["chart"]) || spec["chartRef"].is_mapping();
  }
  if (resource.kind == "HelmChart") return is_gateway_chart(spec["chart"]);
  if (resource.kind == "Kustomization") return has_gateway_chart(resource.root["helmCharts"], "name");
  if (resource.kind == "ApplicationSet") return is_gateway_application_set(resource);
  return resource.kind == "Application" && is_gateway_application(spec);
}

// Whether a document that is no Kubernetes object (Chart.yaml, helmfile.yaml) deploys them.
bool deploys_own_gateway(const InputFile& file) {
  return std::ranges::any_of(file.parsed.documents, [](const auto& document) {
    const Node root = document->root();
    return has_gateway_chart(root["dependencies"], "name") || has_gateway_chart(root["releases"], "chart");
  });
}

bool has_own_gateway(const Pass& pass) {
  return std::ranges::any_of(pass.manifests().all(),
                             [](const auto& resource) { return deploys_own_gateway(*resource); }) ||
         std::ranges::any_of(pass.manifests().files(), [](const InputFile& file) { return deploys_own_gateway(file); });
}

// Whether a label's value stands in a text, other than in the names of the add-on's own gateways.
bool holds_value(std::string_view text, std::string_view value) {
  for (auto at = text.find(value); at != text.npos; at = text.find(value, at + 1)) {
    const char next = at + value.size() < text.size() ? text[at + value.size()] : '\n';
    const bool is_end = std::isalnum(static_cast<unsigned char>(next)) == 0 && next != '-';
    if (is_end && !text.substr(0, at).ends_with("aks-istio-")) return true;
  }
  return false;
}

// Whether a template that cannot be read may make pods with this label.
bool is_in_skipped_template(const Pass& pass, std::string_view value) {
  return std::ranges::any_of(pass.manifests().files(), [value](const InputFile& file) {
    const auto is_skipped = [](const Problem& problem) { return problem.kind == ProblemKind::template_skipped; };
    return std::ranges::any_of(file.parsed.problems, is_skipped) && holds_value(file.source->text(), value);
  });
}

// Whether a cluster states its ingress gateways as a whole, and this one is not among those it turns on.
bool is_stated_off(const ClusterDefinition& cluster, const Fact<bool>& ingress) {
  if (cluster.ingress_known != Known::stated) return false;
  return ingress.known == Known::unstated || (ingress.known == Known::stated && !ingress.value);
}

void check_managed(Pass& pass, const Resource& gateway, Node value, bool external) {
  const auto& clusters = pass.context().governing(gateway.file());
  const auto ingress_of = [external](const ClusterDefinition& cluster) -> const Fact<bool>& {
    return external ? cluster.external_ingress : cluster.internal_ingress;
  };
  const auto is_off = [&](const auto* cluster) { return is_stated_off(*cluster, ingress_of(*cluster)); };
  if (clusters.empty() || !std::ranges::all_of(clusters, is_off)) return;
  std::vector<std::string> names;
  for (const auto* cluster : clusters) names.push_back(describe(*cluster));
  const std::string_view kind = external ? "external" : "internal";
  Diagnostic& diagnostic =
      pass.report(value, fmt::format("the {} ingress gateway is not enabled on {}: nothing listens for this Gateway",
                                     kind, list_words(names)));
  diagnostic.notes.push_back(
      note_at_key(ingress_of(*clusters[0]).node, fmt::format("the ingress gateways of {}", names[0])));
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

void check_upstream(Pass& pass, const Resource& gateway, Node value) {
  const ManagedNames& names = pass.policy().names();
  const auto label = value.text();
  const Egress egress = has_egress_gateway(pass, gateway, label);
  const bool is_for_ingress = label.starts_with("ingress") || label.starts_with(managed_ingress_prefix);
  if (egress == Egress::yes) return;
  if (has_own_gateway(pass) || has_matching_pods(pass, gateway.root["spec"]["selector"])) return;
  if (is_in_skipped_template(pass, label)) return;
  Diagnostic& diagnostic =
      pass.report(value, fmt::format("selector {} matches no gateway of the add-on: connections are refused",
                                     quoted(fmt::format("istio: {}", label))));
  diagnostic.citation = names.selectors;
  if (!label.starts_with(managed_ingress_prefix)) {
    diagnostic.notes.push_back(note("gateways of a self-managed Istio carry this label; nothing here deploys one"));
  }
  const std::string ingress = fmt::format("istio: {} or istio: {}", names.external_ingress, names.internal_ingress);
  const bool is_for_egress = label.starts_with("egress");
  diagnostic.help = is_for_egress    ? fmt::format("select {}", egress_help(pass, gateway))
                    : is_for_ingress ? fmt::format("select {}", ingress)
                                     : fmt::format("select {}, or {}", ingress, egress_help(pass, gateway));
  if (is_for_ingress || egress == Egress::no) return;
  diagnostic.severity = Severity::warning;
  diagnostic.notes.push_back(
      note("whether an egress gateway of the add-on has this name is not known: no cluster here lists its egress "
           "gateways"));
}

void check_selector(Pass& pass, const Resource& gateway) {
  const ManagedNames& names = pass.policy().names();
  const Node value = gateway.root["spec"]["selector"]["istio"];
  if (!value.is_scalar() || value.unresolved()) return;
  if (value.text() == names.external_ingress) return check_managed(pass, gateway, value, true);
  if (value.text() == names.internal_ingress) return check_managed(pass, gateway, value, false);
  const auto& upstream = names.upstream_gateway_selectors;
  const bool is_upstream = std::ranges::find(upstream, value.text()) != upstream.end();
  if (is_upstream || value.text().starts_with(managed_ingress_prefix)) check_upstream(pass, gateway, value);
}

// Hosts of the gateway Service that only a self-managed Istio has.
void check_host(Pass& pass, Node host) {
  constexpr std::string_view service = "istio-ingressgateway.istio-system";
  const auto text = host.text();
  if (!text.starts_with(service) || (text.size() > service.size() && text[service.size()] != '.')) return;
  const auto is_service = [](const Resource* resource) { return resource->name.text() == "istio-ingressgateway"; };
  if (has_own_gateway(pass) || std::ranges::any_of(pass.manifests().of("", "Service"), is_service)) return;
  const ManagedNames& names = pass.policy().names();
  Diagnostic& diagnostic =
      pass.report(host, fmt::format("host {} does not exist on the add-on: its ingress gateways are in namespace {}",
                                    quoted(text), names.ingress_namespace));
  diagnostic.help = fmt::format("use {}.{}.svc.cluster.local, or {}", names.external_ingress, names.ingress_namespace,
                                names.internal_ingress);
  diagnostic.citation = names.ingress;
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
    if (pass.manifests().may_be_patched(*gateway)) continue;
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
