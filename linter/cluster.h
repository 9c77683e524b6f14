// What a cluster definition says, whatever format it is written in.
#pragma once

#include <string>
#include <vector>

#include "linter/tree.h"
#include "linter/version.h"

namespace meshlint {

// How much a definition says about a setting. What a format cannot express is unresolved, not unstated.
enum class Known : std::uint8_t {
  unstated,    // the definition could say it and does not
  unresolved,  // an expression, or a resource under a condition: nobody can know
  defaulted,   // a parameter's or variable's default, which a deployment may override
  stated,
};

// One setting: what is known of it, its value when stated or defaulted, and where it stands.
template <class T>
struct Fact {
  Known known = Known::unstated;
  T value{};
  Node node;  // the value, or for a default the place of the default; missing-but-located when unstated

  // True when there is a value to judge.
  bool has_value() const { return known == Known::stated || known == Known::defaulted; }
};

struct EgressGateway {
  Fact<std::string> name;
  Fact<std::string> name_space;
  Fact<bool> enabled;
};

// One AKS cluster as one definition describes it.
struct ClusterDefinition {
  std::string format;  // "ARM template", "az aks show output", "Azure Service Operator"
  Node place;          // the resource's root, for messages about the cluster as a whole
  Fact<std::string> name;
  Fact<std::string> api_version;         // of the definition's format, such as 2025-09-01
  Fact<std::string> kubernetes_version;  // as written, without a leading v
  Fact<std::string> support_plan;        // KubernetesOfficial or AKSLongTermSupport
  Fact<std::string> sku_name;
  Fact<std::string> sku_tier;
  Fact<std::string> mesh_mode;               // Istio or Disabled
  Known revisions_known = Known::unstated;   // of the list as a whole
  std::vector<Fact<std::string>> revisions;  // as written, each at its place
  Node revisions_node;
  Known ingress_known = Known::unstated;  // of ingressGateways as a whole
  Fact<bool> external_ingress;
  Fact<bool> internal_ingress;
  Known egress_known = Known::unstated;
  std::vector<EgressGateway> egress_gateways;
  Fact<std::string> app_routing_istio;  // Enabled or Disabled
  Fact<bool> open_service_mesh;
};

// Each reader appends the clusters that a document defines in its format, and nothing for other documents.
void read_arm_template(const Document& document, std::vector<ClusterDefinition>& clusters);
void read_az_output(const Document& document, std::vector<ClusterDefinition>& clusters);
// `certainty` is that of what the resource says: unresolved where a patch may change it.
void read_service_operator(Node resource, std::vector<ClusterDefinition>& clusters, Known certainty = Known::stated);

}  // namespace meshlint
