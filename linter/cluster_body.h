// What the formats of cluster definitions share: settings behind expressions, and the fields of Azure's API.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "linter/ascii.h"
#include "linter/cluster.h"

namespace meshlint {

class Setting;

// What a format's expressions mean where a setting is written; outlives the settings that refer to it.
struct ExpressionScope {
  // Whether a value has to be followed.
  bool (*is_expression)(Node value) = nullptr;
  // What an expression stands for, which may be another one; nothing when only a deployment knows.
  std::function<std::optional<Setting>(const Setting& expression)> follow;
  // Whether what an object says of a field, or that it says nothing, does not count because of something beside it,
  // such as a loop that makes the field.
  bool (*is_made_beside)(Node object, std::string_view field) = nullptr;
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

// What a setting stands for: itself if it is no expression, unresolved if only a deployment knows.
Setting follow_expressions(const Setting& written);

// Whether two field names are the same but for case, '_' and '-'.
bool is_same_field(std::string_view a, std::string_view b);

// Whether a resource type is Microsoft.ContainerService/managedClusters, in any case.
bool is_cluster_type(std::string_view type);

// A spelling that Azure accepts and the one it is known by.
struct Spelling {
  std::string_view written;
  std::string_view canonical;
};

inline constexpr Spelling mesh_modes[] = {{"Istio", "Istio"}, {"Disabled", "Disabled"}};
inline constexpr Spelling ingress_modes[] = {{"External", "External"}, {"Internal", "Internal"}};
inline constexpr Spelling support_plans[] = {{"KubernetesOfficial", "KubernetesOfficial"},
                                             {"AKSLongTermSupport", "AKSLongTermSupport"}};
inline constexpr Spelling sku_names[] = {{"Base", "Base"}, {"Automatic", "Automatic"}, {"Basic", "Base"}};
inline constexpr Spelling sku_tiers[] = {
    {"Free", "Free"}, {"Standard", "Standard"}, {"Premium", "Premium"}, {"Paid", "Standard"}};
inline constexpr Spelling redirections[] = {{"InitContainers", "InitContainers"}, {"CNIChaining", "CNIChaining"}};
inline constexpr Spelling pool_modes[] = {{"System", "System"}, {"User", "User"}, {"Gateway", "Gateway"}};
inline constexpr Spelling operating_systems[] = {{"Linux", "Linux"}, {"Windows", "Windows"}};

// A text in its canonical spelling; one that is none of them stays as it is.
Fact<std::string> read_enumerator(const Setting& setting, std::span<const Spelling> spellings);

// Reads the list of the mesh's revisions.
void read_revisions(const Setting& list, ClusterDefinition& cluster);

// Reads `serviceMeshProfile`.
void read_mesh(const Setting& profile, ClusterDefinition& cluster);

// Reads what Azure's API keeps under `properties`, and other formats beside the name.
void read_body(const Setting& body, ClusterDefinition& cluster);

// Reads one pool of Azure's API: an item of `agentPoolProfiles`, or the properties of a pool that is defined apart.
NodePool read_pool(const Setting& pool);

// A profile that is there turns the proxy on, unless it says otherwise.
Fact<bool> read_http_proxy(const Setting& proxy);

// Reads an `azurerm_kubernetes_cluster`, or what other tools make of that resource: the same fields in camel case. A
// block is an object or a list of one.
void read_azurerm_body(const Setting& body, ClusterDefinition& cluster);

// Reads an `azurerm_kubernetes_automatic_cluster`, whose blocks have other names.
void read_azurerm_automatic_body(const Setting& body, ClusterDefinition& cluster);

// Reads an `azurerm_kubernetes_cluster_node_pool` or its like.
NodePool read_azurerm_pool(const Setting& pool);

// Notes what deploys the clusters from the given one on, where that is not known yet and not their own file.
void set_deployed_by(std::vector<ClusterDefinition>& clusters, std::size_t first, Node deployed_by);

// Reads `sku`.
void read_sku(const Setting& sku, ClusterDefinition& cluster);

// A Kubernetes version without its leading v.
Fact<std::string> read_version(const Setting& setting);

}  // namespace meshlint
