#include <algorithm>

#include "linter/cluster_body.h"
#include "linter/words.h"
#include "rules/calendar.h"
#include "rules/cluster-facts.h"

namespace meshlint::rules {
namespace {

Diagnostic& report(Pass& pass, const ClusterDefinition& cluster, Node node, std::string message) {
  Diagnostic& diagnostic = report_cluster(pass, cluster, node, std::move(message));
  diagnostic.citation = pass.policy().source("istio-add-on-general-troubleshooting");
  return diagnostic;
}

bool is_spelling(std::string_view text, std::span<const Spelling> spellings) {
  return std::ranges::find(spellings, text, &Spelling::canonical) != spellings.end();
}

void check_mode(Pass& pass, const ClusterDefinition& cluster) {
  const auto& mode = cluster.mesh_mode;
  if (!mode.has_value() || is_spelling(mode.value, mesh_modes) || is_placeholder(mode.value)) return;
  Diagnostic& diagnostic = report(
      pass, cluster, mode.node,
      fmt::format("AKS is reported to refuse {} as the mode of the mesh: it is Istio or Disabled", quoted(mode.value)));
  diagnostic.help = "write Istio to turn the add-on on";
  soften_if_defaulted(diagnostic, {{"mode", mode.known}});
}

// A command line implies the profile.
void check_profile(Pass& pass, const ClusterDefinition& cluster) {
  const auto& mode = cluster.mesh_mode;
  const bool lacks_profile = cluster.istio_known == Known::unstated && cluster.format != "az command line";
  if (!mode.has_value() || mode.value != "Istio" || !lacks_profile) return;
  Diagnostic& diagnostic =
      report(pass, cluster, mode.node,
             fmt::format("the mode is {}, but the profile 'istio' is missing: AKS is reported to refuse that",
                         quoted(mode.value)));
  diagnostic.help = "add the object istio beside the mode, with the revision to run; empty, AKS chooses one";
  soften_if_defaulted(diagnostic, {{"mode", mode.known}});
}

void check_list_of_gateways(Pass& pass, const ClusterDefinition& cluster) {
  const Node list = cluster.ingress_node;
  const bool is_object = cluster.ingress_known == Known::stated && list.is_mapping();
  if (!is_object || !is_same_field(list.key().text(), "ingressGateways")) return;
  Diagnostic& diagnostic = report(
      pass, cluster, list, "ingressGateways is an object, and AKS takes a list: it is reported to refuse the request");
  diagnostic.help = "make it a list with an entry {enabled, mode} for each gateway";
}

void check_gateways(Pass& pass, const ClusterDefinition& cluster) {
  std::vector<const IngressGateway*> enabled;
  for (const IngressGateway& gateway : cluster.ingress_gateways) {
    const auto& mode = gateway.mode;
    if (!mode.has_value() || is_placeholder(mode.value)) continue;
    if (!is_spelling(mode.value, ingress_modes)) {
      Diagnostic& diagnostic =
          report(pass, cluster, mode.node,
                 fmt::format("AKS is reported to refuse {} as the mode of an ingress gateway: it is External or "
                             "Internal",
                             quoted(mode.value)));
      diagnostic.help = "External is reached from the internet, Internal from the virtual network";
      soften_if_defaulted(diagnostic, {{"mode", mode.known}});
    } else if (gateway.enabled.has_value() && gateway.enabled.value) {
      const auto other = std::ranges::find(enabled, mode.value, [](const auto* one) { return one->mode.value; });
      if (other == enabled.end()) {
        enabled.push_back(&gateway);
        continue;
      }
      Diagnostic& diagnostic =
          report(pass, cluster, mode.node,
                 fmt::format("two ingress gateways of mode {} are turned on: AKS is reported to refuse more than one",
                             quoted(mode.value)));
      diagnostic.notes.push_back(note_at((*other)->mode.node, "the other one"));
      diagnostic.help = "remove one; a cluster has one external and one internal gateway at most";
      soften_if_defaulted(diagnostic, {{"mode", std::min(mode.known, (*other)->mode.known)},
                                       {"switch", std::min(gateway.enabled.known, (*other)->enabled.known)}});
    }
  }
}

// The provider's documentation calls the list required, but says that it may be left empty.
void check_revisions(Pass& pass, const ClusterDefinition& cluster) {
  if (cluster.missing_revisions == MissingRevisions::none) return;
  const bool is_empty = cluster.missing_revisions == MissingRevisions::empty;
  Diagnostic& diagnostic =
      report(pass, cluster, is_empty ? cluster.revisions_node : cluster.mesh_node,
             is_empty ? "the list of revisions is empty: the provider azurerm is reported to refuse that"
                      : "the mesh states no revisions: the provider azurerm requires one or two from version 4 on");
  diagnostic.citation =
      pass.policy().source(is_empty ? "hashicorp/terraform-provider-azurerm#28678" : "terraform-azurerm");
  if (is_empty) diagnostic.severity = lower(diagnostic.severity);
  const auto fitting =
      supported_revisions(pass, kubernetes_minor(pass, cluster), plan_of(pass.context().support_plan(cluster)));
  const std::string added = fitting.empty() ? "" : fmt::format("; for a new one: {}", list_choices(pass, fitting));
  diagnostic.help = fmt::format("state the revision that the mesh runs{}", added);
}

void check_redirection(Pass& pass, const ClusterDefinition& cluster) {
  const auto& mechanism = cluster.proxy_redirection;
  if (!mechanism.has_value() || is_placeholder(mechanism.value)) return;
  const TrafficRedirection& policy = pass.policy().traffic_redirection();
  std::vector<std::string> all;
  for (const auto& row : policy.rows) {
    for (const auto& known : row.mechanisms) {
      if (std::ranges::find(all, known) == all.end()) all.push_back(known);
    }
  }
  if (std::ranges::find(all, mechanism.value) != all.end()) return;
  Diagnostic& diagnostic = report_cluster(pass, cluster, mechanism.node,
                                          fmt::format("there is no proxyRedirectionMechanism {}: it is {}",
                                                      quoted(mechanism.value), list_words(all, "or")));
  diagnostic.citation = policy.citation;
  diagnostic.help = fmt::format("write {}", list_words(all, "or"));
  soften_if_defaulted(diagnostic, {{"mechanism", mechanism.known}});
}

void check(Pass& pass) {
  for (const ClusterDefinition& cluster : pass.context().clusters()) {
    check_mode(pass, cluster);
    if (!may_run_mesh(cluster)) continue;
    check_profile(pass, cluster);
    check_list_of_gateways(pass, cluster);
    check_gateways(pass, cluster);
    check_revisions(pass, cluster);
    check_redirection(pass, cluster);
  }
}

}  // namespace

extern constexpr Rule mesh_profile_invalid = {
    .code = "MSH3014",
    .name = "mesh-profile-invalid",
    .family = Family::blocked,
    .severity = Severity::error,
    .summary = "A mesh profile that AKS, or the tool that sends it, refuses",
    .why =
        "AKS checks the mesh profile of a cluster as a whole: the modes of the mesh and of its ingress gateways, one "
        "gateway of each mode, the profile that the mode needs. Where one of them is wrong the request fails and "
        "nothing of it is applied.",
    .fix = "correct the profile as the message says; az aks show prints one that AKS accepts",
    .page = "istio-add-on-general-troubleshooting",
    .check = check,
};

}  // namespace meshlint::rules
