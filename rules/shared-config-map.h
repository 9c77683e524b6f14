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
  const MeshConfigMap* map = nullptr;
  Node mesh;                      // the root of data.mesh
  std::optional<Minor> revision;  // of the name; nothing when the name is templated or misspelt
};

// Those in areas where the add-on runs and whose data.mesh is a mapping.
std::vector<SharedConfigMap> shared_config_maps(const Pass& pass);

// The revision in a name such as istio-shared-configmap-asm-1-29.
std::optional<Minor> shared_config_map_revision(const Pass& pass, std::string_view name);

// Whether the Istio of a revision has a field; an unknown revision, or one newer than the table, may have every field
// of the newest Istio that the table knows.
bool has_field(const MeshFields& fields, const MeshField& field, std::optional<Minor> revision);

// "Istio 1.29", or "Istio" when the revision is not known.
std::string istio_words(std::optional<Minor> revision);

// A mapping of mesh configuration and the message of Istio's API that it fills.
struct MeshMessage {
  Node node;
  std::string message;  // a key of MeshFields::messages
  int depth = 0;        // 0 for MeshConfig, 1 for defaultConfig and other fields of it, …
};

// Calls `visit` for the root and every mapping below it whose message is known, in document order. Fields that the
// add-on blocks are not entered: one finding speaks for all of what is in them.
void for_each_message(const Pass& pass, const SharedConfigMap& shared,
                      const std::function<void(const MeshMessage&)>& visit);

// Whether the add-on's tables classify a field of MeshConfig (or of ProxyConfig under defaultConfig).
bool is_classified(const Pass& pass, std::string_view message, std::string_view field);

}  // namespace meshlint::rules
