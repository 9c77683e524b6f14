// Canary upgrades: lists of two revisions, and whether AKS upgrades a mesh from the older one to the newer one.
#pragma once

#include <optional>
#include <string>

#include "linter/rule.h"

namespace meshlint::rules {

// The revisions of a canary upgrade, whatever their order in the list.
struct Canary {
  const Fact<std::string>* lower = nullptr;
  const Fact<std::string>* upper = nullptr;
  Minor from;
  Minor to;
};

// Nothing where a cluster lists anything but two revisions.
std::optional<Canary> canary_in(const ClusterDefinition& cluster);

// Why AKS offers no such upgrade; empty when it does, or when that cannot be told.
std::string obstacle(const Pass& pass, const Canary& canary);

// What to do about an upgrade that AKS does not offer.
std::string steps_help(const Pass& pass, const ClusterDefinition& cluster, const Canary& canary);

// The same for a cluster whose list is such an upgrade; nothing for others.
std::optional<std::string> steps_help(const Pass& pass, const ClusterDefinition& cluster);

}  // namespace meshlint::rules
