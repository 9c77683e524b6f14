// What the formats of cluster definitions share: settings behind expressions, and the fields of Azure's API.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "linter/cluster.h"

namespace meshlint {

struct TemplateScope;

// A setting of a definition: where it is written, and how sure its value is. An expression is followed as far as the
// file allows, so `node` can stand far away from where the setting was looked up.
class Setting {
 public:
  // `certainty` is that of whatever holds the setting: stated, defaulted or unresolved. `scope` is null in formats
  // without expressions.
  Setting(Node written, Known certainty = Known::stated, const TemplateScope* scope = nullptr);

  // Unstated when missing, null or empty: but what a default lacks can still be given by a deployment.
  Known known() const;
  bool has_value() const { return known() == Known::stated || known() == Known::defaulted; }

  // The value, or where it would stand.
  Node node() const;
  Known certainty() const { return certainty_; }
  const TemplateScope* scope() const { return scope_; }

  // A field; names are compared without case, '_' and '-'.
  Setting operator[](std::string_view field) const;

  // The items of a list; none for anything else.
  std::vector<Setting> items() const;

  // A scalar as a fact: unresolved when it is no text or, for the second, neither true nor false.
  Fact<std::string> text() const;
  Fact<bool> boolean() const;

 private:
  Node node_;
  Known certainty_;
  const TemplateScope* scope_;
};

// What an ARM template's expression stands for: the setting itself if it is none, unresolved if only a deployment
// knows.
Setting follow_expressions(const Setting& written);

// Whether two names are the same but for case; an ARM identifier's rule.
bool equals_ignoring_case(std::string_view a, std::string_view b);

// Whether two field names are the same but for case, '_' and '-'.
bool is_same_field(std::string_view a, std::string_view b);

// Whether a resource type is Microsoft.ContainerService/managedClusters, in any case.
bool is_cluster_type(std::string_view type);

// Reads what Azure's API keeps under `properties`, and other formats beside the name.
void read_body(const Setting& body, ClusterDefinition& cluster);

// Reads one pool of Azure's API: an item of `agentPoolProfiles`, or the properties of a pool that is defined apart.
NodePool read_pool(const Setting& pool);

// Reads `sku`.
void read_sku(const Setting& sku, ClusterDefinition& cluster);

// A Kubernetes version without its leading v.
Fact<std::string> read_version(const Setting& setting);

}  // namespace meshlint
