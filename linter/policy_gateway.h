// Facts about gateways: the managed ingress gateways' Services, the Kubernetes Gateway API and egress gateways.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linter/policy_mesh.h"

namespace meshlint {

// What users may change about the Services of the managed ingress gateways [istio-deploy-ingress].
struct IngressService {
  Classes annotations;                    // full names
  std::optional<Date> annotations_since;  // before that day the add-on reverted any
  std::vector<std::string> probe_forms;   // "service.beta.kubernetes.io/port_{port}_no_lb_rule"
  std::vector<int> probe_ports;           // what {port} may be
  Classes spec;                           // fields below `spec`
  // Annotations that do what a field below `spec` is meant to do, and what AKS sets fields to anyway.
  std::map<std::string, std::string, std::less<>> substitutes;
  std::map<std::string, std::string, std::less<>> as_made;
  std::vector<int> exposed_ports;  // of the Service, 15021 for health among them
  int health_port = 0;             // the one of them that answers health probes
  Citation citation;
  Citation annotations_began;
  Citation probes;
  Citation spec_citation;
  Citation exposed;

  // Whether an annotation is one of the list or of the probe forms on the given day.
  bool allows(std::string_view annotation, Date date) const;
};

// A class of Kubernetes Gateways.
struct GatewayClass {
  enum class Use : std::uint8_t {
    add_on,       // the add-on serves it
    elsewhere,    // another feature of AKS serves it
    unsupported,  // Istio knows it, the add-on does not support what it is for
  };
  std::string name;
  Use use = Use::add_on;
  std::string what;  // "application routing"
  Citation citation;
};

// A bundle of Gateway API definitions that AKS installs [managed-gateway-api].
struct GatewayBundle {
  std::string version;  // "v1.2.1"
  Minor first;          // Kubernetes versions that it belongs to
  std::optional<Minor> last;
};

// The Kubernetes Gateway API on the add-on [istio-gateway-api, managed-gateway-api].
struct GatewayApi {
  std::vector<GatewayClass> classes;
  std::vector<GatewayBundle> bundles;  // ascending
  std::string channel;                 // of the definitions: standard
  Citation bundles_citation;
  Citation channel_citation;
  int name_shorter_than = 0;  // length of the names of what a Gateway makes, which is its own, "-" and its class
  std::string name_override;  // the annotation that replaces that name
  Citation naming;
  struct DefaultsConfigMap {
    std::string name;  // istio-gateway-class-defaults
    std::string name_space;
    std::string label;  // gateway.istio.io/defaults-for-class
    std::string label_value;
    int at_most = 0;  // of them for one class
    Citation citation;
    Citation at_most_citation;
  };
  DefaultsConfigMap class_defaults;
  // What Azure support covers [managed-gateway-api].
  bool managed_definitions_only = false;  // the definitions must be those of the managed installation
  bool own_implementations = false;       // whether proxies and controllers of one's own are covered
  Citation support;
  Citation prerequisite;  // where the add-on asks for the managed installation
  Citation citation;

  const GatewayClass* find_class(std::string_view name) const;
  const GatewayBundle* bundle_for(Minor kubernetes) const;
};

// The allow list of a resource that a Gateway makes [istio-gateway-api].
struct GatewayCustomization {
  std::string key;   // in the ConfigMap: "deployment"
  std::string kind;  // "Deployment"
  Classes fields;    // by path; what stands below a path is allowed with it
  Citation citation;

  // Whether a path, without the indexes of lists, is on the list on the given day, or leads to a path that is.
  bool allows(std::string_view path, Date date) const;
};

struct GatewayCustomizations {
  std::vector<GatewayCustomization> resources;
  // The least value of a field, by the resource's key and the field's path.
  std::map<std::string, std::map<std::string, int, std::less<>>, std::less<>> minimums;
  // Annotations of the Service that must be unset when its externalTrafficPolicy is Local.
  std::vector<std::string> unset_when_local;
  Citation citation;
  Citation local_citation;

  const GatewayCustomization* find(std::string_view key) const;
};

// Egress gateways and the static egress gateways below them [istio-deploy-egress, configure-static-egress-gateway].
struct EgressGateways {
  int at_most = 0;  // in a cluster
  int shortest_name = 0;
  int longest_name = 0;
  std::string name_pattern;  // a regular expression
  std::vector<int> exposed_ports;
  int health_port = 0;                   // the one of them that answers health probes
  std::string service_entry_resolution;  // DNS: what a ServiceEntry behind an egress gateway needs
  Citation citation;
  Citation ports_citation;
  Citation resolution_citation;
  struct StaticEgress {
    std::string pool_mode;          // of the node pool: Gateway
    int smallest_prefix = 0;        // of its public addresses: 28
    int largest_prefix = 0;         // 31
    std::map<int, int> most_nodes;  // of a pool, by the size of its prefix
    int available_nodes = 0;        // the fewest that leave one when another is lost
    std::string private_vm_set;     // of a pool whose addresses stay private: VirtualMachines
    Minor private_kubernetes;       // the first version on which they can
    std::string annotation;         // on pods: kubernetes.azure.com/static-gateway-configuration
    bool host_network = false;      // whether that works for pods in the host's network
    bool windows = false;           // whether such a pool may run Windows
    bool autoscaler = false;        // whether it may use the cluster autoscaler
    bool dual_stack = false;        // whether the cluster may
    bool pod_subnet = false;        // whether the cluster's pools may have a pod subnet
    bool same_namespace = false;    // whether the gateway stands in the namespace of its configuration
    std::string api_version;        // of StaticGatewayConfiguration
    Citation citation;
    Citation prefix_citation;
    Citation private_citation;
    Citation annotation_citation;
  };
  StaticEgress static_egress;
};

}  // namespace meshlint
