// What the formats of cluster definitions share: settings behind expressions, and the fields of Azure's API.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linter/cluster.h"

namespace meshlint {

class Setting;

// What a format's expressions mean where a setting is written; outlives the settings that refer to it.
struct ExpressionScope {
  // Whether a value has to be followed.
  bool (*is_expression)(Node value);
  // What an expression stands for, which may be another one; nothing when only a deployment knows.
  std::function<std::optional<Setting>(const Setting& expression)> follow;
  // Whether a field that an object lacks is made by something beside it, such as a loop.
  bool (*is_made_beside)(Node object, std::string_view field);
  bool doubles_brackets = false;  // `[[` at the start of a text stands for `[`
};

// A setting of a definition: where it is written, and how sure its value is. An expression is followed as far as the
// file allows, so `node` can stand far away from where the setting was looked up.
class Setting {
 public:
  // `certainty` is that of whatever holds the setting: stated, defaulted or unresolved. `scope` is null in formats
  // without expressions.
  Setting(Node written, Known certainty = Known::stated, const ExpressionScope* scope = nullptr);

  // Unstated when missing, null or empty: but what a default lacks can still be given by a deployment.
  Known known() const;
  bool has_value() const { return known() == Known::stated || known() == Known::defaulted; }

  // The value, or where it would stand.
  Node node() const;
  Known certainty() const { return certainty_; }
  const ExpressionScope* scope() const { return scope_; }

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
  const ExpressionScope* scope_;
};

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
