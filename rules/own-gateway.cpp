#include "rules/own-gateway.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace meshlint::rules {
namespace {

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

}  // namespace

bool has_own_gateway(const Pass& pass) {
  return std::ranges::any_of(pass.manifests().all(),
                             [](const auto& resource) { return deploys_own_gateway(*resource); }) ||
         std::ranges::any_of(pass.manifests().files(), [](const InputFile& file) { return deploys_own_gateway(file); });
}

namespace {

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

}  // namespace

bool may_have_own_gateway(const Pass& pass, Node labels) {
  return has_own_gateway(pass) || has_matching_pods(pass, labels) ||
         is_in_skipped_template(pass, labels["istio"].text());
}

}  // namespace meshlint::rules
