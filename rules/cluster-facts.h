// What the rules about cluster definitions ask of one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "linter/rule.h"

namespace meshlint::rules {

// Whether a definition itself turns the mesh on: by its mode, or by a revision where it states no mode.
bool turns_mesh_on(const ClusterDefinition& cluster);

// Whether the add-on runs on a cluster: as its definition says, else as what stands in its area shows.
bool runs_mesh(const Context& context, const ClusterDefinition& cluster);

// Whether a text is one that a pipeline replaces before it reaches Azure: <revision>, __REVISION__, #{revision}#,
// MESH_REVISION.
bool is_placeholder(std::string_view text);

// Whether a version stands without quotes in an object of Kubernetes: the API server wants a text and refuses a number.
bool is_refused_number(const ClusterDefinition& cluster, const Fact<std::string>& version);

// "cluster a and cluster b", as far as they have names of their own, and are few; else "the cluster" or "its clusters".
std::string cluster_words(const std::vector<const ClusterDefinition*>& clusters);

// The egress gateways that are turned on.
std::vector<const EgressGateway*> enabled_egress_gateways(const ClusterDefinition& cluster);

// How to call an egress gateway in a message: by its name in quotes, where it has one.
std::string gateway_words(const EgressGateway& gateway);

// The namespace of an egress gateway, which has a default; nothing when it is not known.
std::optional<std::string> name_space_of(const Pass& pass, const EgressGateway& gateway);

}  // namespace meshlint::rules
