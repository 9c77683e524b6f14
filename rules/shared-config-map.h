// The shared ConfigMaps of the add-on, and a walk over what they configure.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "linter/rule.h"

namespace meshlint::rules {

// A ConfigMap that is meant as shared mesh configuration: its name begins as the add-on expects.
struct SharedConfigMap {
  const EmbeddedDocument* map = nullptr;
  Node mesh;                      // the root of data.mesh
  std::optional<Minor> revision;  // of the name; nothing when the name is templated or misspelt
};

// Those in areas where the add-on runs and whose data.mesh is a mapping.
std::vector<SharedConfigMap> shared_config_maps(const Pass& pass);

// The revision in a name such as istio-shared-configmap-asm-1-29.
std::optional<Minor> shared_config_map_revision(const Pass& pass, std::string_view name);

// A ProxyConfig in the annotation proxy.istio.io/config of pods.
struct PodProxyConfig {
  const EmbeddedDocument* annotation = nullptr;
  Node config;  // the root of its document
};

// Those of pods that get a sidecar, in areas where the add-on runs, also where the annotation is no mapping. What
// stands in the annotation of other objects, nothing reads.
std::vector<PodProxyConfig> pod_proxy_configs(const Pass& pass);

// An entry of a kustomization's configMapGenerator whose name begins as that of a shared ConfigMap, and the
// kustomization it stands in.
struct SharedConfigMapGenerator {
  Node entry;
  Node kustomization;
};

std::vector<SharedConfigMapGenerator> shared_config_map_generators(const Pass& pass);

// "Istio 1.29", or "Istio" when the revision is not known.
std::string istio_words(std::optional<Minor> revision);

// A mapping of mesh configuration and the message of Istio's API that it fills.
struct MeshMessage {
  Node node;
  std::string message;  // a key of MeshFields::messages
  int depth = 0;        // 0 for the root, 1 for defaultConfig and other fields of MeshConfig, …
};

// "MeshConfig", "ProxyConfig", or the field that holds any other message: "'zipkin'", "an entry of
// 'extensionProviders'".
std::string owner_words(const MeshMessage& message);

// Calls `visit` for the root and every mapping below it whose message is known, in document order. Fields that the
// add-on blocks are not entered: one finding speaks for all of what is in them.
void for_each_message(const Pass& pass, const SharedConfigMap& shared,
                      const std::function<void(const MeshMessage&)>& visit);

// The same for an annotation, whose root is ProxyConfig. Nothing is known to be blocked there.
void for_each_message(const Pass& pass, const PodProxyConfig& pods,
                      const std::function<void(const MeshMessage&)>& visit);

// The field that a key means: by its name in YAML, or by its snake_case name, which Istio reads as well. Null for none.
const MeshField* find_field(const MeshFields& fields, std::string_view message, std::string_view key);

// Whether the add-on's tables let a field of MeshConfig (or of ProxyConfig under defaultConfig) be set.
bool is_classified(const Pass& pass, std::string_view message, std::string_view field);

// Reports an entry of the shared ConfigMap whose field is blocked, by the add-on or by the user's own organisation.
Diagnostic& report_blocked(Pass& pass, std::string_view message, const Entry& entry, std::string_view field);

// Reports an entry whose field the table allows without supporting it; null for other fields.
Diagnostic* report_unsupported(Pass& pass, std::string_view message, const Entry& entry);

// The candidate that a misspelt name surely means: the nearest one, and no other as near. Empty for none.
std::string_view sole_closest_word(std::string_view misspelt, const std::vector<std::string_view>& candidates);

}  // namespace meshlint::rules
