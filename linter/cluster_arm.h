// ARM templates, in JSON and in Bicep.
#pragma once

#include <span>
#include <vector>

#include "linter/cluster.h"

namespace meshlint {

// Reads the clusters of all templates. The documents are those of all folders: a template that another one deploys gets
// its values from there and is read once for each of these deployments, one with files of parameters once for each of
// them.
void read_arm_templates(std::span<const Document* const> documents, std::vector<ClusterDefinition>& clusters);

}  // namespace meshlint
