// What reports call clusters, and which ones a command line asks for.
#pragma once

#include <string>
#include <vector>

#include "linter/engine.h"

namespace meshlint {

using Clusters = std::vector<const ClusterDefinition*>;

// "infra/main.bicep:3:1", sanitized; empty for a node of no file.
std::string place_of(Node node);

// Whether a module's call says something of a cluster that is not said already.
bool has_own_call(const ClusterDefinition& cluster);

// "shop-prod", and where the name is not known "of infra/prod.tfvars" or "in main.tf:1:46"; sanitized.
std::string identity_of(const ClusterDefinition& cluster);

// "shop-prod", "the cluster of infra/prod.tfvars".
std::string name_of(const ClusterDefinition& cluster);

// Whether a definition says that the mesh is on, or may say so.
bool has_mesh(const ClusterDefinition& cluster);

// The clusters that are defined in the files asked for, or may govern them.
Clusters clusters_asked_for(const Repository& repository);

// Every definition of the cluster of a name, in the whole repository. Throws UsageError when there is none.
Clusters clusters_named(const Repository& repository, const std::string& name);

}  // namespace meshlint
