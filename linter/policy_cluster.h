// Facts about clusters: what the add-on needs from one, what it cannot live with, and what it decides by default.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linter/diagnostic.h"
#include "linter/version.h"

namespace meshlint {

// A certificate authority of one's own [istio-plugin-ca].
struct PluginCa {
  struct Setting {
    std::string name;       // in ARM: "keyVaultId"
    std::string parameter;  // of the Azure CLI: "--key-vault-id"
  };
  std::vector<Setting> settings;  // all of them or none
  std::string add_on;             // that the cluster needs: azureKeyvaultSecretsProvider
  bool switch_from_self_signed = false;
  int leaf_hours = 0;  // how long a workload's certificate is valid, and a rotation takes without restarts
  std::optional<Date> since;
  Citation citation;
  Citation switch_citation;
  Citation rotation_citation;
};

// How traffic gets into the sidecars of a range of revisions [istio-cni].
struct RedirectionDefault {
  std::optional<Minor> first;  // revisions
  std::optional<Minor> last;
  std::vector<std::string> mechanisms;  // that it can be set to
  std::string on_install;               // the default of a new installation
};

struct TrafficRedirection {
  std::vector<RedirectionDefault> rows;   // ascending
  bool upgrade_keeps = false;             // whether an upgrade leaves an installation's mechanism alone
  std::vector<std::string> capabilities;  // that init containers need in each pod
  std::string standard_label;             // by which a namespace enforces a pod security standard
  std::vector<std::string> refusing;      // the standards that do not allow the capabilities
  Citation citation;
  Citation refusing_citation;

  const RedirectionDefault* find(Minor revision) const;
};

// Whether the sidecar is a native sidecar container [istio-native-sidecar].
struct NativeSidecarDefault {
  std::optional<Minor> first_kubernetes;
  std::optional<Minor> last_kubernetes;
  std::optional<Minor> first;  // revisions
  std::optional<Minor> last;
  bool on_install = false;
  bool on_upgrade = false;
};

struct NativeSidecars {
  std::vector<NativeSidecarDefault> rows;
  Minor kubernetes_feature;  // the first Kubernetes version on AKS that has sidecar containers at all
  Minor oldest_nodes;        // of any node pool, for them to become the default
  Citation citation;
  Citation nodes;

  const NativeSidecarDefault* find(Minor kubernetes, Minor revision) const;
};

// Which nodes the add-on's pods prefer, from a range of revisions [istio-deploy-ingress].
struct NodePreference {
  std::optional<Minor> first;
  std::optional<Minor> last;
  int labelled = 0;  // weight of nodes with `label`
  int system = 0;    // weight of system nodes
};

struct NodeAffinity {
  std::vector<NodePreference> rows;
  std::string label;         // azureservicemesh/istio.replica.preferred
  std::string system_label;  // kubernetes.azure.com/mode: system
  Citation citation;

  const NodePreference* find(Minor revision) const;
};

// Horizontal autoscaling of istiod and the gateways [istio-scale].
struct Autoscaling {
  int minimum = 0;  // least minReplicas that the add-on accepts
  int default_minimum = 0;
  int default_maximum = 0;
  int cpu_percent = 0;
  std::optional<Date> since;  // when customising it was allowed
  struct Target {
    std::string name;        // of the autoscaler, `*` for the revision: "istiod-asm-*"
    std::string name_space;  // empty for egress gateways, which choose theirs
  };
  std::vector<Target> targets;
  Citation citation;
};

// Something that the add-on does not go together with, or does not support.
struct Conflict {
  enum class Effect : std::uint8_t {
    refused,      // the two cannot be on one cluster
    unsupported,  // outside of what the add-on supports
    setup,        // works after something was set up
    retiring,     // goes away on a day
  };
  std::string name;  // "open-service-mesh"
  std::string what;  // in words that fit into a message: "the Open Service Mesh add-on"
  Effect effect = Effect::refused;
  std::string note;                   // may be empty
  std::optional<Minor> default_from;  // the Kubernetes version from which AKS Automatic turns it on by itself
  std::optional<Date> ends;           // for retiring
  std::vector<std::string> charts;    // Helm charts that install it: "istiod"
  std::vector<std::string> images;    // of containers that are part of it, without registry and tag: "pilot"
  std::vector<std::string> labels;    // that turn it on: "istio.io/dataplane-mode"
  // Parts of the addresses of repositories that hold its charts: "github.com/istio/".
  std::vector<std::string> repositories;
  Citation citation;
};

struct Conflicts {
  std::vector<Conflict> conflicts;

  const Conflict* find(std::string_view name) const;
};

// The API versions of Microsoft.ContainerService in which a field of a cluster first appears. The two streams of
// versions go apart: a later stable version can lack what an earlier preview has.
struct ArmField {
  std::string path;                       // "serviceMeshProfile.istio.revisions"
  std::optional<Date> preview;            // the first version with -preview
  std::optional<Date> stable;             // the first one without
  std::optional<Date> gone_from_preview;  // the first version that lacks it again
  std::optional<Date> gone_from_stable;
};

struct ArmFields {
  std::vector<ArmField> fields;
  std::optional<Date> newest_preview;
  std::optional<Date> newest_stable;
  Citation citation;

  const ArmField* find(std::string_view path) const;
};

}  // namespace meshlint
