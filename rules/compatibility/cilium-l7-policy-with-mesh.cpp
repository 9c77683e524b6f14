#include <array>

#include "linter/words.h"
#include "rules/istio-fields.h"

namespace meshlint::rules {
namespace {

// The first rule on layer 7 of a specification; missing where it has none. Rules on DNS names belong to layer 4.
Node application_rule(Node spec) {
  constexpr std::array<std::string_view, 2> protocols = {"http", "kafka"};
  for (const char* direction : {"ingress", "egress"}) {
    for (const Node rule : spec[direction].items()) {
      for (const Node ports : rule["toPorts"].items()) {
        for (const std::string_view protocol : protocols) {
          const Node found = ports["rules"][protocol];
          if (found.size() > 0) return found;
        }
      }
    }
  }
  return {};
}

void check_policy(Pass& pass, const Resource& policy, const Conflict& conflict) {
  Node rule = application_rule(policy.root["spec"]);
  for (const Node spec : policy.root["specs"].items()) {
    if (!rule) rule = application_rule(spec);
  }
  if (!rule || !is_judged(pass, policy)) return;
  Diagnostic& diagnostic = pass.report_key(
      rule, fmt::format("{} rules of Cilium do not go together with the Istio add-on, which judges the same requests",
                        quoted(rule.key().text())));
  diagnostic.help = "allow ports and names only here, and write an AuthorizationPolicy of Istio for requests";
  diagnostic.citation = conflict.citation;
}

void check_name_space(Pass& pass, const Resource& name_space, const Conflict& conflict) {
  for (const std::string& key : conflict.labels) {
    const Node label = name_space.labels[key];
    if (label.text() != "true" || label.unresolved() || !is_judged(pass, name_space)) continue;
    if (pass.manifests().may_set_label(name_space, key)) continue;
    Diagnostic& diagnostic =
        pass.report(label, fmt::format("label {} turns on {}, which is not supported together with Istio",
                                       quoted(fmt::format("{}: {}", key, label.text())), conflict.what));
    diagnostic.place.span = label.entry_span();
    diagnostic.help = "remove the label: sidecars of the mesh encrypt their traffic already";
    diagnostic.citation = conflict.citation;
  }
}

void check(Pass& pass) {
  const Conflicts& conflicts = pass.policy().conflicts();
  if (const Conflict* conflict = conflicts.find("cilium-l7-policy")) {
    for (const char* kind : {"CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"}) {
      for (const Resource* policy : pass.manifests().of("cilium.io", kind)) check_policy(pass, *policy, *conflict);
    }
  }
  if (const Conflict* conflict = conflicts.find("cilium-mutual-tls")) {
    for (const Resource* name_space : pass.manifests().of("", "Namespace")) {
      check_name_space(pass, *name_space, *conflict);
    }
  }
}

}  // namespace

extern constexpr Rule cilium_l7_policy_with_mesh = {
    .code = "MSH1014",
    .name = "cilium-l7-policy-with-mesh",
    .family = Family::compatibility,
    .severity = Severity::warning,
    .summary = "A Cilium policy on layer 7, or mutual TLS of Cilium, where the add-on runs",
    .why =
        "Cilium and Istio each send requests through a proxy of their own to judge or encrypt them. AKS does not "
        "support both on one cluster: Cilium sees traffic that sidecars have encrypted, and neither side's rules can "
        "be relied on.",
    .fix = "leave layer 7 and mutual TLS to Istio; Cilium policies on ports and names are supported",
    .page = "container-network-security-l7-policy-concepts",
    .check = check,
};

}  // namespace meshlint::rules
