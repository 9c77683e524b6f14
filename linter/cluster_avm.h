// Calls of Azure's verified module for clusters, avm/res/container-service/managed-cluster, in Bicep and ARM templates.
#pragma once

#include "linter/cluster_body.h"

namespace meshlint {

// What a call passes to the module.
struct ModuleArguments {
  Setting values;
  bool wrapped = false;  // {name: {value: …}}, as in ARM templates

  Setting operator[](std::string_view name) const { return wrapped ? values[name]["value"] : values[name]; }
};

// Whether a module's path names that module in a registry, of whatever version.
bool is_avm_cluster(std::string_view path);

// Whether a nested template is that module, as Bicep puts it into the template that calls it.
bool is_avm_cluster(Node compiled);

// Reads a call by its arguments. Settings that the module's parameters cannot express, and those whose default is not
// Azure's own, are unresolved when not stated.
void read_avm_cluster(const ModuleArguments& arguments, ClusterDefinition& cluster);

}  // namespace meshlint
