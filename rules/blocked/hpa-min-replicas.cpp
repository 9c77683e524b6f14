#include <algorithm>

#include "linter/words.h"
#include "rules/gateways.h"

namespace meshlint::rules {
namespace {

// Whether a name is a pattern with a revision in place of what its last part, `asm-*`, stands for.
bool is_of_revision(std::string_view name, std::string_view pattern) {
  constexpr std::string_view revision = "asm-*";
  if (!pattern.ends_with(revision)) return name == pattern;
  const auto before = pattern.substr(0, pattern.size() - revision.size());
  return name.starts_with(before) && parse_revision(name.substr(before.size()));
}

// The autoscalers of egress gateways, which stand in namespaces of the user's choice.
std::vector<Autoscaling::Target> egress_targets(const Pass& pass, const SourceFile& file) {
  std::vector<Autoscaling::Target> targets;
  for (const auto* cluster : pass.context().governing(file)) {
    for (const EgressGateway& gateway : cluster->egress_gateways) {
      if (!gateway.name.has_value() || (gateway.enabled.has_value() && !gateway.enabled.value)) continue;
      targets.push_back({fmt::format("{}-asm-*", gateway.name.value), gateway.name_space.has_value()
                                                                          ? gateway.name_space.value
                                                                          : pass.policy().names().egress_namespace});
    }
  }
  return targets;
}

// Whether a name is that of an autoscaler of the add-on, each of which scales the Deployment of its own name.
bool is_managed(const Pass& pass, const Resource& autoscaler, std::string_view name) {
  const auto name_space = pass.manifests().name_space_of(autoscaler);
  const auto is_target = [&](const Autoscaling::Target& target) {
    return is_of_revision(name, target.name) && (!name_space || *name_space == target.name_space);
  };
  return std::ranges::any_of(pass.policy().autoscaling().targets, is_target) ||
         std::ranges::any_of(egress_targets(pass, autoscaler.file()), is_target);
}

// A field of the specification, which Terraform writes as a block, with names of its own.
Node field_of(Node spec, std::string_view name, std::string_view terraform_name) {
  return spec.is_sequence() ? spec[std::size_t{0}][terraform_name] : spec[name];
}

// The name of the Deployment that an autoscaler scales; missing for others.
Node deployment_of(Node spec) {
  const Node written = field_of(spec, "scaleTargetRef", "scale_target_ref");
  const Node target = written.is_sequence() ? written[std::size_t{0}] : written;
  const bool is_deployment = target["kind"].text() == "Deployment" && !target["name"].unresolved();
  return is_deployment ? target["name"] : Node();
}

void check(Pass& pass) {
  for (const Resource* autoscaler : pass.manifests().of("autoscaling", "HorizontalPodAutoscaler")) {
    if (!pass.context().has_add_on(autoscaler->file()) || pass.manifests().may_be_patched(*autoscaler)) continue;
    if (!pass.manifests().has_final_name(*autoscaler)) continue;
    const Node spec = autoscaler->root["spec"];
    const Node deployment = deployment_of(spec);
    const bool is_own = is_managed(pass, *autoscaler, autoscaler->name.text());
    const bool is_second = !is_own && deployment && is_managed(pass, *autoscaler, deployment.text());
    if (!is_own && !is_second) continue;
    const Node value = field_of(spec, "minReplicas", "min_replicas");
    const Autoscaling& limits = pass.policy().autoscaling();
    const auto number = whole_number(value);
    if (!number || *number >= limits.minimum) continue;
    Diagnostic& diagnostic = pass.report(
        value, is_own ? fmt::format("minReplicas {} is less than {}: the add-on refuses it, or sets it back",
                                    quoted(value.text()), limits.minimum)
                      : fmt::format("minReplicas {} for {} is less than {}, the least that the add-on accepts",
                                    quoted(value.text()), quoted(deployment.text()), limits.minimum));
    diagnostic.citation = limits.citation;
    diagnostic.help = fmt::format("set minReplicas to {} or more", limits.minimum);
    if (is_own) continue;
    diagnostic.severity = lower(diagnostic.severity);
    diagnostic.notes.push_back(
        note_at(deployment, fmt::format("the add-on scales this Deployment by an autoscaler of its own, {}: Kubernetes "
                                        "scales nothing that two autoscalers claim",
                                        quoted(deployment.text()))));
    diagnostic.help = fmt::format("change the add-on's autoscaler {}, with {} replicas or more, and remove this one",
                                  quoted(deployment.text()), limits.minimum);
  }
}

}  // namespace

extern constexpr Rule hpa_min_replicas = {
    .code = "MSH3009",
    .name = "hpa-min-replicas",
    .family = Family::blocked,
    .severity = Severity::error,
    .summary = "An autoscaler of the add-on with fewer replicas than the add-on allows",
    .why =
        "The autoscalers of istiod and of the add-on's gateways can be changed, but their minReplicas cannot go below "
        "the default: the PodDisruptionBudgets beside them would then stop nodes from being drained. The change is "
        "refused or set back, and a GitOps controller goes on trying.",
    .fix = "set minReplicas to the default or more",
    .page = "istio-scale",
    .check = check,
};

}  // namespace meshlint::rules
