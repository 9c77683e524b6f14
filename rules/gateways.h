// The gateways that the add-on runs, the Kubernetes Gateways that it serves, and the ConfigMaps that customise those.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "linter/rule.h"

namespace meshlint::rules {

constexpr std::string_view gateway_api_group = "gateway.networking.k8s.io";

// Whether two resources may be applied to the same cluster.
bool may_meet(const Pass& pass, const Resource& one, const Resource& other);

// Whether two resources are known to end up in the same namespace.
bool share_name_space(const Pass& pass, const Resource& one, const Resource& other);

// The whole number that a scalar holds, quoted or not; nothing for other text.
std::optional<int> whole_number(Node value);

// An ingress or egress gateway of the add-on, as the label that selects it names it.
struct ManagedGateway {
  std::string label;
  std::string name_space;  // empty when it is not known
  bool is_egress = false;
};

// The add-on's gateway that the selector of an Istio Gateway names. An egress gateway is one only where all governing
// clusters list it; nothing for others, and where it is not known.
std::optional<ManagedGateway> selected_gateway(const Pass& pass, const Resource& gateway);

// The gateways that the repository deploys itself, or opens to clients by Services of its own: values of the label
// `istio`.
struct OwnGateways {
  std::set<std::string, std::less<>> labels;
  bool is_complete = true;  // no label holds a template

  bool may_have(std::string_view label) const { return !is_complete || labels.contains(label); }
};

OwnGateways own_gateways(const Pass& pass);

// What a manifest, a patch or Terraform states of the Service of a managed ingress gateway.
struct IngressServiceManifest {
  const Resource* service = nullptr;
  Node annotations;
  bool is_internal = false;
};

// Those that are meant for a change: objects as the cluster returns them, which state everything, are left out.
std::vector<IngressServiceManifest> ingress_service_manifests(const Pass& pass);

// Whether a Gateway is of a class that the add-on serves, where the add-on runs.
bool is_add_on_gateway(const Pass& pass, const Resource& gateway);

// A ConfigMap that customises what Gateways of the add-on's class make.
struct GatewayConfigMap {
  const Resource* map = nullptr;
  bool of_class = false;                           // it holds the defaults of the class
  std::vector<const Resource*> gateways;           // those that name it
  std::vector<const EmbeddedDocument*> documents;  // under the keys of the resources that a Gateway makes
};

std::vector<GatewayConfigMap> gateway_config_maps(const Pass& pass);

}  // namespace meshlint::rules
