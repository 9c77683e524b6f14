#include <algorithm>

#include "linter/fix.h"
#include "linter/words.h"
#include "rules/gateways.h"

namespace meshlint::rules {
namespace {

std::string_view prefix_of(std::string_view annotation) {
  return annotation.substr(0, annotation.find('/') + 1);
}

std::string at_port(const std::string& form, int port) {
  const auto hole = form.find("{port}");
  return fmt::format("{}{}{}", form.substr(0, hole), port, form.substr(hole + 6));
}

// Whether annotations of this prefix configure the load balancer or the Service's names, as those of the list do:
// others (of Argo CD, Helm, kubectl) are no business of AKS.
bool is_of_interest(const IngressService& table, std::string_view annotation) {
  const auto prefix = prefix_of(annotation);
  return !prefix.empty() && std::ranges::any_of(table.annotations, [prefix](const auto& known) {
    return prefix_of(known.first) == prefix;
  });
}

std::string digits_in(std::string_view text) {
  std::string digits(text);
  std::erase_if(digits, [](char letter) { return letter < '0' || letter > '9'; });
  return digits;
}

// The annotation that a misspelt one most likely means, with the same numbers in it; empty for none.
std::string nearest(const Pass& pass, std::string_view annotation) {
  const IngressService& table = pass.policy().ingress_service();
  std::vector<std::string> names;
  for (const auto& [name, support] : table.annotations) names.push_back(name);
  for (const std::string& form : table.probe_forms) {
    for (const int port : table.probe_ports) names.push_back(at_port(form, port));
  }
  std::erase_if(names, [&](const std::string& name) {
    return digits_in(name) != digits_in(annotation) || !table.allows(name, pass.context().as_of());
  });
  return std::string(closest_word(annotation, {names.begin(), names.end()}));
}

std::string ports_words(const std::vector<int>& ports) {
  std::vector<std::string> words;
  for (const int port : ports) words.push_back(std::to_string(port));
  return list_words(words);
}

std::string way_out(const IngressService& table, std::string_view annotation) {
  if (annotation.ends_with("/azure-load-balancer-internal")) {
    return "remove it; for a private address enable the internal ingress gateway: az aks mesh enable-ingress-gateway "
           "--ingress-gateway-type internal";
  }
  const bool is_probe = annotation.find("probe") != std::string_view::npos;
  if (is_probe && !table.probe_forms.empty()) {
    return fmt::format("remove it; probes are set by annotations for ports {}, such as {}",
                       ports_words(table.probe_ports), at_port(table.probe_forms.back(), table.probe_ports.front()));
  }
  return "remove it";
}

void report_reverted(Pass& pass, Node value) {
  const IngressService& table = pass.policy().ingress_service();
  const auto annotation = value.key().text();
  const auto known = table.annotations.find(annotation);
  const bool in_house = known != table.annotations.end() && known->second.citation.in_house;
  const std::string who = in_house ? fmt::format("is not allowed {}", in_house_words(known->second.citation))
                                   : "is not one of those that the managed ingress gateway may have: AKS reverts it";
  Diagnostic& diagnostic = pass.report_key(value, fmt::format("annotation {} {}", quoted(annotation), who));
  diagnostic.citation = known != table.annotations.end() ? known->second.citation : table.citation;
  diagnostic.help = way_out(table, annotation);
  const std::string meant = in_house ? "" : nearest(pass, annotation);
  if (meant.empty() || meant == annotation) return;
  diagnostic.help = fmt::format("did you mean {}?", meant);
  diagnostic.fix = fix_by(fmt::format("rename it to {}", meant), false, replace_key(value, meant));
}

void check(Pass& pass) {
  const IngressService& table = pass.policy().ingress_service();
  for (const IngressServiceManifest& manifest : ingress_service_manifests(pass)) {
    for (const Entry& entry : manifest.annotations.entries()) {
      const auto annotation = entry.key.text();
      if (entry.key.unresolved() || entry.value.is_null() || !is_of_interest(table, annotation)) continue;
      // It is what makes the internal gateway internal: AKS sets it itself.
      const bool is_own = manifest.is_internal && annotation.ends_with("/azure-load-balancer-internal");
      if (is_own || table.allows(annotation, pass.context().as_of())) continue;
      report_reverted(pass, entry.value);
    }
  }
}

}  // namespace

extern constexpr Rule ingress_annotation_reverted = {
    .code = "MSH4012",
    .name = "ingress-annotation-reverted",
    .family = Family::ineffective,
    .severity = Severity::warning,
    .summary = "An annotation of a managed ingress gateway's Service that AKS reverts",
    .why =
        "AKS reconciles the Services of the managed ingress gateways and keeps only the annotations of Microsoft's "
        "list. Another annotation for the load balancer or for external-dns is accepted and silently removed, so the "
        "load balancer never gets the setting.",
    .fix = "remove the annotation",
    .page = "istio-deploy-ingress",
    .check = check,
};

}  // namespace meshlint::rules
