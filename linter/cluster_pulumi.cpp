#include <algorithm>
#include <map>

#include "linter/cluster_body.h"
#include "linter/cluster_operators.h"

namespace meshlint {
namespace {

enum class Provider : std::uint8_t { none, native, classic };

// What `azure-native:containerservice/v20240901:ManagedCluster` names, and the like.
struct Token {
  Provider provider = Provider::none;
  std::string_view kind;
  std::optional<std::string> api_version;
};

Token parse_token(std::string_view type) {
  const auto kind = type.substr(type.rfind(':') + 1);
  if (type.starts_with("azure:containerservice:") || type.starts_with("azure:containerservice/")) {
    return {Provider::classic, kind, std::nullopt};
  }
  const bool is_native = type.starts_with("azure-native:containerservice:") ||
                         type.starts_with("azure-native:containerservice/") ||
                         type.starts_with("azure-native_containerservice_");
  if (!is_native) return {};
  const auto version = type.find_first_of("/_", std::string_view("azure-native_containerservice").size());
  const auto end = version == std::string_view::npos ? version : type.find(':', version);
  if (end == std::string_view::npos) return {Provider::native, kind, std::nullopt};
  return {Provider::native, kind, to_api_version(type.substr(version + 1, end - version - 1))};
}

bool is_cluster(const Token& token) {
  return (token.provider == Provider::native && token.kind == "ManagedCluster") ||
         (token.provider == Provider::classic && token.kind == "KubernetesCluster");
}

bool is_pool(const Token& token) {
  return (token.provider == Provider::native && token.kind == "AgentPool") ||
         (token.provider == Provider::classic && token.kind == "KubernetesClusterNodePool");
}

bool is_program(Node root) {
  return std::ranges::any_of(root["resources"].entries(), [](const Entry& resource) {
    return is_cluster(parse_token(resource.value["type"].text()));
  });
}

// `name` in a text that is nothing but `${name…}`; empty for any other.
std::string_view reference_of(Node node) {
  const auto text = node.text();
  const bool is_reference = text.starts_with("${") && text.find('}') == text.size() - 1;
  return is_reference ? text.substr(2, text.size() - 3) : std::string_view();
}

// An interpolation, or a call of a built-in function.
bool is_expression(Node node) {
  if (node.is_scalar()) return node.text().find("${") != std::string_view::npos;
  const auto entries = node.entries();
  return entries.size() == 1 &&
         (entries[0].key.text().starts_with("fn::") || entries[0].key.text().starts_with("Fn::"));
}

// The entry of a name, which may carry the project's in front.
Node find(Node table, std::string_view name) {
  for (const Entry& entry : table.entries()) {
    const auto key = entry.key.text();
    if (key.substr(key.rfind(':') + 1) == name) return entry.value;
  }
  return {};
}

// What names mean in a program, as one stack has it.
struct ProgramScope {
  Node root;
  Node stack{};  // the values of a stack's file
};

std::optional<Setting> follow(const Setting& expression, const ProgramScope& names) {
  const auto name = reference_of(expression.node());
  if (name.empty()) return std::nullopt;
  const Known certainty = expression.certainty();
  if (const Node variable = find(names.root["variables"], name)) {
    return Setting(variable, certainty, expression.scope());
  }
  if (const Node value = find(names.stack, name)) {
    if (!value.is_scalar()) return std::nullopt;  // a secret
    return Setting(value, certainty);
  }
  for (const auto* table : {"config", "configuration"}) {
    const Node declared = find(names.root[table], name);
    if (declared.is_scalar()) return Setting(declared, certainty);
    if (const Node value = declared["value"]) return Setting(value, certainty);
    if (const Node value = declared["default"]) return Setting(value, std::min(certainty, Known::defaulted));
  }
  return std::nullopt;
}

constexpr auto nothing_beside = [](Node, std::string_view) { return false; };

// Reads the clusters of one program.
class ProgramReader {
 public:
  ProgramReader(const ProgramScope& names, std::vector<ClusterDefinition>& clusters)
      : scope_{.is_expression = is_expression,
               .follow = [&names](const Setting& expression) { return follow(expression, names); },
               .is_made_beside = nothing_beside},
        clusters_(clusters) {}

  void read(Node resources) {
    for (const Entry& entry : resources.entries()) {
      const Token token = parse_token(entry.value["type"].text());
      if (is_cluster(token) && !entry.value["get"]) read_cluster(entry, token);
    }
    for (const Entry& entry : resources.entries()) {
      const Token token = parse_token(entry.value["type"].text());
      if (is_pool(token) && !entry.value["get"]) assign_pool(entry, token);
    }
  }

 private:
  void read_cluster(const Entry& resource, const Token& token) {
    const Setting properties = Setting(resource.value, Known::stated, &scope_)["properties"];
    ClusterDefinition cluster;
    cluster.format = "Pulumi";
    cluster.place = resource.value;
    cluster.api_version = {Known::unresolved, {}, resource.value["type"]};
    if (token.provider == Provider::native) {
      cluster.name = properties["resourceName"].text();
      if (token.api_version) cluster.api_version = {Known::stated, *token.api_version, resource.value["type"]};
      read_sku(properties["sku"], cluster);
      read_body(properties, cluster);
    } else {
      cluster.name = properties["name"].text();
      read_azurerm_body(properties, cluster);
    }
    if (cluster.name.known == Known::unstated) cluster.name.known = Known::unresolved;  // Pulumi makes one up
    by_symbol_.emplace(resource.key.text(), clusters_.size());
    if (cluster.name.has_value()) by_name_.emplace(cluster.name.value, clusters_.size());
    clusters_.push_back(std::move(cluster));
  }

  // The cluster that a pool refers to, by the symbol in an expression, or by its name or the ID that ends with it.
  std::optional<std::size_t> owner_of(const Setting& reference) const {
    const auto symbol = reference_of(reference.node());
    const auto text = reference.node().text();
    const auto by_symbol = by_symbol_.find(symbol.substr(0, symbol.find('.')));
    if (by_symbol != by_symbol_.end()) return by_symbol->second;
    const auto by_name = by_name_.find(text.substr(text.rfind('/') + 1));
    return reference.has_value() && by_name != by_name_.end() ? std::optional(by_name->second) : std::nullopt;
  }

  void assign_pool(const Entry& resource, const Token& token) {
    const Setting properties = Setting(resource.value, Known::stated, &scope_)["properties"];
    const bool is_native = token.provider == Provider::native;
    const Setting reference = properties[is_native ? "resourceName" : "kubernetesClusterId"];
    const auto owner = owner_of(reference);
    if (!owner) return;
    ClusterDefinition& cluster = clusters_[*owner];
    NodePool& pool = cluster.pools.emplace_back(is_native ? read_pool(properties) : read_azurerm_pool(properties));
    pool.place = resource.value;
    pool.name = properties[is_native ? "agentPoolName" : "name"].text();
    if (pool.name.known == Known::unstated) pool.name.known = Known::unresolved;
    if (cluster.pools_known == Known::unstated) cluster.pools_known = Known::unresolved;
  }

  ExpressionScope scope_;
  std::vector<ClusterDefinition>& clusters_;
  std::map<std::string_view, std::size_t> by_symbol_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
};

}  // namespace

bool is_pulumi_stack(std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
  return name.starts_with("Pulumi.") && name != "Pulumi.yaml" && name != "Pulumi.yml" &&
         (name.ends_with(".yaml") || name.ends_with(".yml"));
}

void read_pulumi_clusters(std::span<const Document* const> documents, std::vector<ClusterDefinition>& clusters) {
  std::map<std::string_view, std::vector<Node>> stacks;  // by folder: the values
  for (const Document* document : documents) {
    const auto& path = document->file().path();
    if (is_pulumi_stack(path)) stacks[folder_of(path)].push_back(document->root()["config"]);
  }
  for (const Document* document : documents) {
    const Node root = document->root();
    if (!is_program(root)) continue;
    const auto found = stacks.find(folder_of(document->file().path()));
    const std::vector<Node> values = found == stacks.end() ? std::vector<Node>(1) : found->second;
    for (const Node stack : values) {
      const ProgramScope names{root, stack};
      ProgramReader(names, clusters).read(root["resources"]);
    }
  }
}

}  // namespace meshlint
