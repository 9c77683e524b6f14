#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "linter/cluster_body.h"
#include "linter/manifests.h"
#include "linter/terraform.h"
#include "linter/yaml.h"

namespace meshlint {
namespace {

constexpr int module_depth = 8;      // calls of modules that call modules
constexpr int module_budget = 1000;  // of one module: all the ways in which it is called
constexpr int reference_depth = 32;  // parts of values behind references to parts of values
constexpr std::string_view cluster_type = "azurerm_kubernetes_cluster";
constexpr std::string_view automatic_type = "azurerm_kubernetes_automatic_cluster";
constexpr std::string_view pool_type = "azurerm_kubernetes_cluster_node_pool";
constexpr std::string_view flux_type = "azurerm_kubernetes_flux_configuration";
constexpr std::string_view azure_pool_type = "Microsoft.ContainerService/managedClusters/agentPools";

using Values = std::map<std::string_view, Node>;

// The files of one folder.
struct Module {
  struct Call {
    const Module* caller = nullptr;
    Node body;
  };

  std::vector<Node> bodies;
  std::vector<Node> overrides;  // bodies of files that change what stands in the others
  Values variables;             // by name: the variable's block
  Values locals;
  Values automatic;               // values of variables that Terraform reads by itself
  std::vector<Values> on_demand;  // each from a file that has to be named to Terraform
  const Values* stray = nullptr;  // of files of which nobody knows for which module they are meant
  std::vector<Call> calls;        // of this module
};

// What the expressions of a module mean, as one deployment or one caller has it.
struct ModuleScope {
  const Module* module = nullptr;
  const Values* named = nullptr;           // values of a file that was named to Terraform
  Node arguments{};                        // the block that calls the module, written in the scope around it
  const ExpressionScope* outer = nullptr;  // null for a module that nothing in the repository calls
  std::set<std::string_view> used{};       // the variables that were asked for
  int depth = 0;
};

// The expression that a value is: the language's own, or a string that is nothing but `${ }`.
std::string_view expression_of(Node node) {
  const auto text = node.text();
  if (node.style() == ScalarStyle::plain) return text;
  const bool is_template = node.style() == ScalarStyle::double_quoted && text.starts_with("${") && text.ends_with('}');
  return is_template ? trim(text.substr(2, text.size() - 3)) : std::string_view();
}

bool is_expression(Node node) {
  const auto text = node.text();
  return node.is_scalar() && (node.unresolved() || text.find("${") != text.npos || text.find("%{") != text.npos);
}

// Takes a name off the start of a text; empty when there is none.
std::string_view take_name(std::string_view& text) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  const auto end = std::ranges::find_if_not(text, is_word);
  const auto name = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(name.size());
  return name;
}

// The steps of `a.b[0]["c"]`; empty for any other expression.
std::vector<std::string_view> parse_reference(std::string_view expression) {
  std::vector<std::string_view> steps{take_name(expression)};
  while (!expression.empty()) {
    if (expression.front() == '.') {
      expression.remove_prefix(1);
      steps.push_back(take_name(expression));
    } else if (expression.front() == '[') {
      expression.remove_prefix(1);
      const bool quoted = expression.starts_with('"');
      if (quoted) expression.remove_prefix(1);
      steps.push_back(take_name(expression));
      const std::string_view closing = quoted ? "\"]" : "]";
      if (!expression.starts_with(closing)) return {};
      expression.remove_prefix(closing.size());
    } else {
      return {};
    }
    if (steps.back().empty()) return {};
  }
  return steps;
}

// Whether a file may set the variable that is named to Terraform beside the one at hand.
bool may_be_set_elsewhere(std::string_view name, const ModuleScope& scope) {
  const auto sets_it = [name](const Values& values) { return values.contains(name); };
  return sets_it(*scope.module->stray) ||
         (scope.named != nullptr && std::ranges::any_of(scope.module->on_demand, sets_it));
}

// The value of a variable as far as the repository holds one.
std::optional<Setting> find_variable(std::string_view name, ModuleScope& scope, const Setting& expression) {
  const Known certainty = expression.certainty();
  scope.used.insert(name);
  if (scope.outer != nullptr) {
    if (const Node argument = scope.arguments[name]) return Setting(argument, certainty, scope.outer);
  } else {
    if (scope.named != nullptr && scope.named->contains(name)) return Setting(scope.named->at(name), certainty);
    if (may_be_set_elsewhere(name, scope)) return std::nullopt;
    const auto value = scope.module->automatic.find(name);
    if (value != scope.module->automatic.end()) return Setting(value->second, certainty);
  }
  const auto variable = scope.module->variables.find(name);
  const Node value = variable == scope.module->variables.end() ? Node() : variable->second["default"];
  if (!value) return std::nullopt;
  // Only the block that calls a module can pass it another value.
  const bool can_be_set = scope.outer == nullptr;
  return Setting(value, can_be_set ? std::min(certainty, Known::defaulted) : certainty, expression.scope());
}

// A field or an item of a value; nothing when it is not there.
std::optional<Setting> take_step(const Setting& whole, std::string_view step) {
  const Setting value = follow_expressions(whole);
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  if (value.node().is_sequence() && error == std::errc() && end == step.data() + step.size()) {
    const auto items = value.items();
    return index < items.size() ? std::optional(items[index]) : std::nullopt;
  }
  const Setting field = value[step];
  return field.node() ? std::optional(field) : std::nullopt;
}

// What `var.x`, `local.x` or a part of them stands for; nothing for any other expression.
std::optional<Setting> follow(const Setting& expression, ModuleScope& scope) {
  const auto steps = parse_reference(expression_of(expression.node()));
  if (steps.size() < 2 || scope.depth >= reference_depth) return std::nullopt;
  std::optional<Setting> value;
  if (steps[0] == "var") value = find_variable(steps[1], scope, expression);
  if (steps[0] == "local") {
    const auto local = scope.module->locals.find(steps[1]);
    if (local != scope.module->locals.end()) value = Setting(local->second, expression.certainty(), expression.scope());
  }
  ++scope.depth;
  for (std::size_t i = 2; i < steps.size() && value; ++i) value = take_step(*value, steps[i]);
  --scope.depth;
  return value;
}

// Whether a `dynamic` block may make a field, or Terraform leaves changes of it alone.
bool is_made_beside(Node object, std::string_view field) {
  for (const TerraformBlock& block : blocks_of(object, "dynamic", 1)) {
    if (is_same_field(block.label(0), field)) return true;
  }
  for (const TerraformBlock& lifecycle : blocks_of(object, "lifecycle", 0)) {
    const Node ignored = lifecycle.body["ignore_changes"];
    if (ignored.text() == "all") return true;
    for (const Node item : ignored.items()) {
      auto path = item.text();
      if (is_same_field(take_name(path), field)) return true;
    }
  }
  return false;
}

ExpressionScope expressions_in(ModuleScope& scope) {
  return {.is_expression = is_expression,
          .follow = [&scope](const Setting& expression) { return follow(expression, scope); },
          .is_made_beside = is_made_beside};
}

// Puts what a partial definition says over what another one says.
class Overlay {
 public:
  Overlay(const ClusterDefinition& patch, ClusterDefinition& cluster) : patch_(patch), cluster_(cluster) {}

  void apply() {
    replace(&ClusterDefinition::kubernetes_version, &ClusterDefinition::support_plan, &ClusterDefinition::sku_name,
            &ClusterDefinition::sku_tier, &ClusterDefinition::mesh_mode, &ClusterDefinition::proxy_redirection,
            &ClusterDefinition::gateway_api_installation, &ClusterDefinition::app_routing,
            &ClusterDefinition::app_routing_istio, &ClusterDefinition::open_service_mesh,
            &ClusterDefinition::secrets_provider, &ClusterDefinition::virtual_nodes, &ClusterDefinition::http_proxy,
            &ClusterDefinition::network_plugin, &ClusterDefinition::network_plugin_mode,
            &ClusterDefinition::network_policy, &ClusterDefinition::network_dataplane,
            &ClusterDefinition::static_egress, &ClusterDefinition::upgrade_channel);
    replace_group(patch_.mesh_known, &ClusterDefinition::mesh_known, &ClusterDefinition::mesh_node);
    replace_group(patch_.istio_known, &ClusterDefinition::istio_known);
    replace_group(patch_.revisions_known, &ClusterDefinition::revisions_known, &ClusterDefinition::revisions,
                  &ClusterDefinition::revisions_node);
    replace_group(patch_.ingress_known, &ClusterDefinition::ingress_known, &ClusterDefinition::ingress_node,
                  &ClusterDefinition::ingress_gateways, &ClusterDefinition::external_ingress,
                  &ClusterDefinition::internal_ingress);
    replace_group(patch_.egress_known, &ClusterDefinition::egress_known, &ClusterDefinition::egress_node,
                  &ClusterDefinition::egress_gateways);
    replace_group(patch_.certificate_authority.known, &ClusterDefinition::certificate_authority);
  }

 private:
  void replace(auto... facts) {
    const auto replace_one = [this](auto fact) {
      if ((patch_.*fact).known != Known::unstated) cluster_.*fact = patch_.*fact;
    };
    (replace_one(facts), ...);
  }

  void replace_group(Known known, auto... members) {
    if (known != Known::unstated) ((cluster_.*members = patch_.*members), ...);
  }

  const ClusterDefinition& patch_;
  ClusterDefinition& cluster_;
};

// A definition of which nothing is known.
ClusterDefinition unknown_cluster(Node place) {
  ClusterDefinition cluster;
  const Setting nothing(place, Known::unresolved);
  read_sku(nothing, cluster);
  read_body(nothing, cluster);
  return cluster;
}

// `Microsoft.ContainerService/managedClusters@2025-09-01`: the type, and behind the sign the API version.
struct AzureType {
  std::string_view type;
  std::string_view api_version;
};

AzureType split_type(std::string_view text) {
  const auto sign = text.find('@');
  if (sign == text.npos) return {text, {}};
  return {text.substr(0, sign), text.substr(sign + 1)};
}

// Reads an azapi resource's body: an object in the spelling of Azure's API.
Fact<std::string> read_api_version(const Setting& type) {
  Fact<std::string> result = type.text();
  result.value = split_type(result.value).api_version;
  if (result.value.empty()) result.known = Known::unresolved;
  return result;
}

void read_azapi_body(const Setting& body, const Setting& type, ClusterDefinition& cluster) {
  cluster.api_version = read_api_version(type);
  read_sku(body["sku"], cluster);
  read_body(body["properties"], cluster);
}

// The major version of the provider azurerm that a module asks for, or more; 0 where it does not say.
int azurerm_version(const Module& module) {
  int major = 0;
  for (const Node body : module.bodies) {
    for (const TerraformBlock& terraform : blocks_of(body, "terraform", 0)) {
      for (const TerraformBlock& required : blocks_of(terraform.body, "required_providers", 0)) {
        auto version = required.body["azurerm"]["version"].text();
        version.remove_prefix(std::min(version.find_first_not_of("~>= "), version.size()));  // not `<` nor `!=`
        std::from_chars(version.data(), version.data() + version.size(), major);
      }
    }
  }
  return major;
}

// How the mesh of an azurerm cluster has no revisions. Before version 4 there was no such list.
MissingRevisions missing_revisions(const ClusterDefinition& cluster, const Module& module) {
  if (cluster.mesh_known != Known::stated || cluster.revisions_known != Known::unstated) return MissingRevisions::none;
  const Node list = cluster.mesh_node["revisions"];
  if (list.is_sequence()) return MissingRevisions::empty;
  return list.is_null() && azurerm_version(module) >= 4 ? MissingRevisions::absent : MissingRevisions::none;
}

// Reads the resources of one module as one deployment has them.
class ModuleReader {
 public:
  ModuleReader(const Module& module, const ExpressionScope& scope, Known certainty,
               std::vector<ClusterDefinition>& clusters)
      : module_(module), scope_(scope), certainty_(certainty), clusters_(clusters) {}

  void read() {
    for (const Node body : module_.bodies) {
      for (const TerraformBlock& resource : blocks_of(body, "resource", 2)) read_cluster(resource);
      for (const TerraformBlock& call : blocks_of(body, "module", 1)) read_registry_module(call);
    }
    for (const Node body : module_.bodies) {
      for (const TerraformBlock& resource : blocks_of(body, "resource", 2)) read_part(resource);
    }
  }

 private:
  // Nothing for a resource that is turned off.
  std::optional<Setting> fields_of(const TerraformBlock& block) const {
    const Setting written(block.body, certainty_, &scope_);
    if (written["for_each"].known() != Known::unstated || is_overridden(block)) {
      return Setting(block.body, Known::unresolved, &scope_);
    }
    const auto count = written["count"].text();
    if (count.known == Known::stated && count.value == "0") return std::nullopt;
    const bool is_certain = count.known == Known::unstated || count.known == Known::stated;
    return Setting(block.body, is_certain ? certainty_ : Known::unresolved, &scope_);
  }

  // Whether an override file changes the block.
  bool is_overridden(const TerraformBlock& block) const {
    const std::string_view type = block.labels.size() == 2 ? "resource" : "module";
    return std::ranges::any_of(module_.overrides, [&](Node body) {
      return std::ranges::any_of(blocks_of(body, type, block.labels.size()), [&](const TerraformBlock& other) {
        return std::ranges::equal(block.labels, other.labels, {}, &Node::text, &Node::text);
      });
    });
  }

  ClusterDefinition& add(const Setting& fields, const TerraformBlock& block, std::string_view name_field) {
    ClusterDefinition& cluster = clusters_.emplace_back();
    cluster.format = "Terraform";
    cluster.place = block.body;
    cluster.name = fields[name_field].text();
    cluster.api_version = {Known::unresolved, {}, block.labels.back()};
    return cluster;
  }

  void read_cluster(const TerraformBlock& block) {
    const auto type = block.label(0);
    const bool is_azapi = type == "azapi_resource";
    if (!is_azapi && type != cluster_type && type != automatic_type) return;
    const auto fields = fields_of(block);
    if (!fields) return;
    const Setting azure_type = (*fields)["type"];
    if (is_azapi && !is_cluster_type(split_type(azure_type.node().text()).type)) return;
    ClusterDefinition& cluster = add(*fields, block, "name");
    if (type == cluster_type) {
      read_azurerm_body(*fields, cluster);
      cluster.missing_revisions = missing_revisions(cluster, module_);
    }
    if (type == automatic_type) read_azurerm_automatic_body(*fields, cluster);
    if (is_azapi) read_azapi_body((*fields)["body"], azure_type, cluster);
    by_address_[{block.label(0), block.label(1)}] = clusters_.size() - 1;
  }

  // The cluster that an argument such as `azurerm_kubernetes_cluster.this.id` names; null for none of this module.
  ClusterDefinition* referred_cluster(Node argument) {
    const auto steps = parse_reference(expression_of(argument));
    if (steps.size() < 3) return nullptr;
    const auto found = by_address_.find({steps[0], steps[1]});
    return found == by_address_.end() ? nullptr : &clusters_[found->second];
  }

  // A pool, or a patch of a cluster.
  void read_part(const TerraformBlock& block) {
    const auto type = block.label(0);
    if (type == pool_type) return read_pool(block, "kubernetes_cluster_id", {});
    if (type == flux_type) return read_flux_configuration(block);
    if (type != "azapi_resource" && type != "azapi_update_resource") return;
    const auto azure_type = split_type(block.body["type"].text()).type;
    if (equals_ignoring_case(azure_type, azure_pool_type)) {
      return read_pool(block, "parent_id", "body");
    }
    if (equals_ignoring_case(azure_type, "Microsoft.KubernetesConfiguration/fluxConfigurations")) {
      ClusterDefinition* cluster = referred_cluster(block.body["parent_id"]);
      const auto fields = fields_of(block);
      if (cluster != nullptr && fields) read_gitops_paths((*fields)["body"]["properties"], *cluster);
    }
    if (type == "azapi_update_resource" && is_cluster_type(azure_type)) read_patch(block);
  }

  void read_flux_configuration(const TerraformBlock& resource) {
    ClusterDefinition* cluster = referred_cluster(resource.body["cluster_id"]);
    const auto fields = fields_of(resource);
    if (cluster == nullptr || !fields) return;
    const auto repository = block(*fields, "git_repository")["url"].text();
    const Setting written = (*fields)["kustomizations"];
    auto kustomizations = written.items();
    if (written.node().is_mapping()) kustomizations.push_back(written);
    for (const Setting& kustomization : kustomizations) {
      const auto path = kustomization["path"].text();
      if (path.known != Known::unstated) cluster->gitops_paths.push_back({path, repository});
    }
  }

  void read_pool(const TerraformBlock& block, std::string_view cluster_field, std::string_view body_field) {
    ClusterDefinition* cluster = referred_cluster(block.body[cluster_field]);
    const auto fields = fields_of(block);
    if (cluster == nullptr || !fields) return;
    NodePool pool =
        body_field.empty() ? read_azurerm_pool(*fields) : meshlint::read_pool((*fields)[body_field]["properties"]);
    pool.place = block.body;
    pool.name = (*fields)["name"].text();
    if (!body_field.empty()) pool.api_version = read_api_version((*fields)["type"]);
    cluster->pools.push_back(std::move(pool));
  }

  void read_patch(const TerraformBlock& block) {
    const auto fields = fields_of(block);
    if (!fields) return;
    ClusterDefinition patch;
    read_azapi_body((*fields)["body"], (*fields)["type"], patch);
    ClusterDefinition* cluster = referred_cluster(block.body["resource_id"]);
    if (cluster == nullptr) cluster = referred_cluster(block.body["name"]);
    if (cluster != nullptr) {
      Overlay(patch, *cluster).apply();
      patch.place = block.body;
      return cluster->patches.push_back(std::move(patch));
    }
    ClusterDefinition& own = clusters_.emplace_back(unknown_cluster(block.body));
    own.format = "Terraform";
    own.place = block.body;
    own.name = (*fields)["name"].text();
    if (own.name.known == Known::unstated) own.name.known = Known::unresolved;
    own.api_version = patch.api_version;
    Overlay(patch, own).apply();
  }

  // A call of one of Azure's own modules, whose inputs are known.
  void read_registry_module(const TerraformBlock& block) {
    const auto source = block.body["source"].text();
    const auto names = [source](std::string_view part) { return source.find(part) != source.npos; };
    const bool is_verified = names("avm-res-containerservice-managedcluster");
    const bool is_classic = names("Azure/aks/azurerm") || names("terraform-azurerm-aks.git");
    if ((!is_verified && !is_classic) || names("//modules/")) return;
    const auto fields = fields_of(block);
    if (!fields) return;
    if (is_classic) return read_classic_module(*fields, block);
    ClusterDefinition& cluster = add(*fields, block, "name");
    const Setting profile = (*fields)["service_mesh_profile"];
    const bool is_arm_shaped = profile["istio"].node() || block.body["sku"] || block.body["default_agent_pool"];
    if (!is_arm_shaped) return read_azurerm_body(*fields, cluster);
    read_sku((*fields)["sku"], cluster);
    read_body(*fields, cluster);
    cluster.pools_known = Known::unresolved;
    cluster.secrets_provider.known = Known::unresolved;
    cluster.proxy_redirection.known = std::max(cluster.proxy_redirection.known, Known::unresolved);
  }

  void read_classic_module(const Setting& fields, const TerraformBlock& block) {
    ClusterDefinition& cluster = add(fields, block, "cluster_name");
    if (cluster.name.known == Known::unstated) cluster.name.known = Known::unresolved;  // made from a prefix
    read_azurerm_body(fields, cluster);
    cluster.network_plugin = fields["network_plugin"].text();
    cluster.network_plugin_mode = fields["network_plugin_mode"].text();
    cluster.network_policy = fields["network_policy"].text();
    cluster.network_dataplane = fields["network_data_plane"].text();
    cluster.secrets_provider = fields["key_vault_secrets_provider_enabled"].boolean();
    cluster.virtual_nodes = fields["aci_connector_linux_enabled"].boolean();
    if (cluster.mesh_known == Known::unstated) return;
    // Versions of the module differ in what they make of gateways that are not mentioned.
    for (Fact<bool>* gateway : {&cluster.external_ingress, &cluster.internal_ingress}) {
      if (gateway->known == Known::unstated) gateway->known = Known::unresolved;
    }
    if (cluster.ingress_known == Known::unstated) cluster.ingress_known = Known::unresolved;
  }

  const Module& module_;
  const ExpressionScope& scope_;
  Known certainty_;
  std::vector<ClusterDefinition>& clusters_;
  std::map<std::pair<std::string_view, std::string_view>, std::size_t> by_address_;
};

std::string_view file_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool is_override_file(std::string_view path) {
  auto name = file_name(path);
  name = name.substr(0, name.find(".tf"));
  return name == "override" || name.ends_with("_override");
}

// The order in which Terraform reads files of values by itself, later ones over earlier ones; nothing for other files.
std::optional<std::pair<int, std::string_view>> automatic_order(std::string_view path) {
  const auto name = file_name(path);
  if (name == "terraform.tfvars") return std::pair(0, name);
  if (name == "terraform.tfvars.json") return std::pair(1, name);
  const bool is_automatic = name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json");
  return is_automatic ? std::optional(std::pair(2, name)) : std::nullopt;
}

// All modules of a repository, and which calls which.
class Repository {
 public:
  explicit Repository(std::span<const Document* const> documents) {
    std::vector<const Document*> values;
    for (const Document* document : documents) {
      if (is_terraform_values_file(document->file().path())) {
        values.push_back(document);
      } else {
        add_configuration(*document);
      }
    }
    std::ranges::sort(values, {}, [](const Document* document) {
      const std::string_view path = document->file().path();
      return std::tuple(automatic_order(path).value_or(std::pair(3, path)), path);
    });
    for (const Document* document : values) add_values(*document);
    for (auto& [folder, module] : modules_) {
      module.stray = &stray_values_;
      add_calls(folder, module);
    }
  }

  void read(std::vector<ClusterDefinition>& clusters) const {
    for (const auto& [folder, module] : modules_) {
      const std::size_t first = clusters.size();
      const auto read_in = [&clusters, &module = module](const ExpressionScope& scope, const Deployment& deployment) {
        const std::size_t known = clusters.size();
        ModuleReader(module, scope, deployment.certainty, clusters).read();
        for (std::size_t i = known; i < clusters.size(); ++i) {
          clusters[i].deployed_by = deployment.by;
          clusters[i].called_by = deployment.call;
        }
      };
      Walk walk{clusters};
      for_each_scope(module, walk, read_in);
      if (walk.budget > 0) continue;
      clusters.resize(first);
      ModuleScope scope{.module = &module};
      read_in(expressions_in(scope), {.certainty = Known::unresolved});
    }
  }

 private:
  // One of the ways in which a module is deployed.
  struct Deployment {
    Known certainty = Known::stated;
    Node by{};    // the outermost call, or the file of values that was named to Terraform
    Node call{};  // the nearest call
  };
  using Visitor = std::function<void(const ExpressionScope& scope, const Deployment& deployment)>;

  // The state of a walk from a module to those that call it.
  struct Walk {
    std::vector<ClusterDefinition>& clusters;
    std::vector<const Module*> chain{};  // each called by the next
    int budget = module_budget;
  };

  void add_configuration(const Document& document) {
    const std::string_view path = document.file().path();
    Module& module = modules_[std::string(folder_of(path))];
    const Node root = document.root();
    (is_override_file(path) ? module.overrides : module.bodies).push_back(root);
    for (const TerraformBlock& variable : blocks_of(root, "variable", 1))
      module.variables[variable.label(0)] = variable.body;
    for (const TerraformBlock& locals : blocks_of(root, "locals", 0)) {
      for (const Entry& local : locals.body.entries()) module.locals[local.key.text()] = local.value;
    }
  }

  void add_values(const Document& document) {
    const std::string_view path = document.file().path();
    auto folder = folder_of(path);
    while (!folder.empty() && !modules_.contains(folder)) folder = folder_of(folder);
    const auto module = modules_.find(folder);
    const bool is_stray = module == modules_.end();
    const bool is_automatic = automatic_order(path) && folder == folder_of(path);
    Values& values = is_stray       ? stray_values_
                     : is_automatic ? module->second.automatic
                                    : module->second.on_demand.emplace_back();
    for (const Entry& value : document.root().entries()) values[value.key.text()] = value.value;
  }

  void add_calls(std::string_view folder, const Module& caller) {
    for (const Node body : caller.bodies) {
      for (const TerraformBlock& call : blocks_of(body, "module", 1)) {
        const auto source = call.body["source"].text();
        if (!source.starts_with("./") && !source.starts_with("../")) continue;
        const auto target = resolve_path(folder, source);
        const auto called = target ? modules_.find(*target) : modules_.end();
        if (called != modules_.end() && &called->second != &caller)
          called->second.calls.push_back({&caller, call.body});
      }
    }
  }

  // Visits a module as each of its callers has it, or as it stands when nobody calls it. Ends early where there are too
  // many ways to it: then the walk's budget is used up.
  void for_each_scope(const Module& module, Walk& walk, const Visitor& visit) const {
    if (walk.budget == 0) return;
    --walk.budget;
    walk.chain.push_back(&module);
    bool is_called = false;
    for (const Module::Call& call : module.calls) {
      const bool is_cycle = std::ranges::find(walk.chain, call.caller) != walk.chain.end();
      if (is_cycle || walk.chain.size() > module_depth) continue;
      is_called = true;
      if (is_turned_off(call.body)) continue;
      const bool is_repeated = call.body["count"] || call.body["for_each"];
      for_each_scope(*call.caller, walk, [&](const ExpressionScope& outer, const Deployment& around) {
        ModuleScope scope{.module = &module, .arguments = call.body, .outer = &outer};
        visit(expressions_in(scope),
              {is_repeated ? Known::unresolved : around.certainty, around.by ? around.by : call.body, call.body});
      });
    }
    walk.chain.pop_back();
    if (!is_called) for_each_values_file(module, walk, visit);
  }

  // Visits a module once, or once for each file that sets one of the variables that the first visit asked for, whose
  // clusters are then dropped.
  static void for_each_values_file(const Module& module, Walk& walk, const Visitor& visit) {
    const std::size_t known = walk.clusters.size();
    ModuleScope scope{.module = &module};
    visit(expressions_in(scope), {});
    bool is_first = true;
    for (const Values& values : module.on_demand) {
      const bool matters = std::ranges::any_of(scope.used, [&](auto name) { return values.contains(name); });
      if (!matters || walk.budget == 0) continue;
      --walk.budget;
      if (is_first) walk.clusters.resize(known);
      is_first = false;
      ModuleScope named{.module = &module, .named = &values};
      visit(expressions_in(named), {.by = values.begin()->second.document()->root()});
    }
  }

  std::map<std::string, Module, std::less<>> modules_;  // by folder
  Values stray_values_;                                 // of files with no configuration in their folder or above it
};

// Whether an object says nothing of a field: what a plan leaves out is known only after it was applied. A block that
// the plan says is not there has no fields.
bool is_left_out(Node object, std::string_view field) {
  return object.is_mapping() && std::ranges::none_of(object.entries(), [field](const Entry& entry) {
           return is_same_field(entry.key.text(), field);
         });
}

// Reads the values of resources that `terraform show -json` or a state file holds.
class ValuesReader {
 public:
  ValuesReader(std::string_view format, bool is_state, MadeDocuments& made, std::vector<ClusterDefinition>& clusters)
      : format_(format), is_state_(is_state), made_(made), clusters_(clusters), first_(clusters.size()) {}

  void read_module(Node module) {
    for (const Node resource : module["resources"].items()) read_resource(resource, resource["values"]);
    for (const Node child : module["child_modules"].items()) read_module(child);
  }

  void read_resource(Node resource, Node values) {
    if (resource["mode"].text() != "managed") return;
    const auto type = resource["type"].text();
    const auto azure_type = split_type(values["type"].text()).type;
    const Setting fields(values, Known::stated, &scope_);
    if (type == cluster_type || type == automatic_type) {
      (type == cluster_type ? read_azurerm_body : read_azurerm_automatic_body)(fields, add(fields));
      const auto running = read_version(fields["current_kubernetes_version"]);
      if (is_state_ && running.has_value()) clusters_.back().kubernetes_version = running;
      ids_.push_back(values["id"]);
    } else if (type == "azapi_resource" && is_cluster_type(azure_type)) {
      read_azapi_body(azapi_body(values["body"]), fields["type"], add(fields));
      ids_.push_back(values["id"]);
    } else if (type == "azapi_update_resource" && is_cluster_type(azure_type)) {
      patches_.push_back(values);
    } else if (type == pool_type) {
      pools_.push_back({values["kubernetes_cluster_id"], read_azurerm_pool(fields)});
    } else if (type == "azapi_resource" && equals_ignoring_case(azure_type, azure_pool_type)) {
      NodePool pool = read_pool(azapi_body(values["body"])["properties"]);
      pool.place = values;
      pool.name = fields["name"].text();
      pools_.push_back({values["parent_id"], std::move(pool)});
    }
  }

  // Gives pools and patches to their clusters.
  void assign_parts() {
    for (const Pool& pool : pools_) {
      if (ClusterDefinition* cluster = owner_of(pool.cluster_id)) cluster->pools.push_back(pool.pool);
    }
    for (const Node values : patches_) {
      ClusterDefinition patch;
      read_azapi_body(azapi_body(values["body"]), values["type"], patch);
      if (ClusterDefinition* cluster = owner_of(values["resource_id"])) {
        Overlay(patch, *cluster).apply();
      } else if (values["resource_id"].is_null()) {
        withhold(patch);
        for (std::size_t i = first_; i < clusters_.size(); ++i) Overlay(patch, clusters_[i]).apply();
      }
    }
  }

 private:
  struct Pool {
    Node cluster_id;
    NodePool pool;
  };

  // The cluster of an ID; without one, as in a plan of new resources, the only cluster there is. Null for none.
  ClusterDefinition* owner_of(Node id) {
    if (id.is_null()) return ids_.size() == 1 ? &clusters_[first_] : nullptr;
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      if (!ids_[i].is_null() && equals_ignoring_case(id.text(), ids_[i].text())) return &clusters_[first_ + i];
    }
    return nullptr;
  }

  // Makes everything unresolved that a definition says.
  static void withhold(ClusterDefinition& cluster) {
    const auto withhold_one = [](Known& known) {
      if (known != Known::unstated) known = Known::unresolved;
    };
    for_each_setting(cluster, [&](std::string_view, auto& fact) { withhold_one(fact.known); });
    for (Known* known : {&cluster.mesh_known, &cluster.istio_known, &cluster.revisions_known, &cluster.ingress_known,
                         &cluster.egress_known, &cluster.certificate_authority.known}) {
      withhold_one(*known);
    }
    for (auto& revision : cluster.revisions) withhold_one(revision.known);
    cluster.ingress_gateways.clear();
    cluster.egress_gateways.clear();
  }

  // State files wrap a value whose type is not fixed; old versions of azapi keep JSON in a string.
  Setting azapi_body(Node body) {
    if (body.is_scalar()) {
      ParsedText parsed = parse_embedded_yaml(body);
      if (parsed.documents.size() != 1 || !parsed.problems.empty()) return {body, Known::unresolved};
      made_.push_back(std::move(parsed.documents.front()));
      body = made_.back()->root();
    }
    const bool is_wrapped = body["value"].is_mapping() && body["type"];
    return {is_wrapped ? body["value"] : body, body.is_mapping() ? Known::stated : Known::unresolved};
  }

  ClusterDefinition& add(const Setting& fields) {
    ClusterDefinition& cluster = clusters_.emplace_back();
    cluster.format = format_;
    cluster.place = fields.node();
    cluster.name = fields["name"].text();
    cluster.api_version = {Known::unresolved, {}, fields.node()};
    return cluster;
  }

  std::string_view format_;
  bool is_state_;
  MadeDocuments& made_;
  std::vector<ClusterDefinition>& clusters_;
  std::size_t first_;
  std::vector<Node> ids_;  // of the clusters read
  std::vector<Pool> pools_;
  std::vector<Node> patches_;  // the values of resources that change clusters
  ExpressionScope scope_{.is_expression = [](Node) { return false; }, .follow = {}, .is_made_beside = is_left_out};
};

}  // namespace

void read_terraform(std::span<const Document* const> documents, std::vector<ClusterDefinition>& clusters) {
  Repository(documents).read(clusters);
}

void read_terraform_values(const Document& document, MadeDocuments& made, std::vector<ClusterDefinition>& clusters) {
  const Node root = document.root();
  const bool is_shown = root["format_version"].is_scalar();
  if (is_shown && root["planned_values"]) {
    ValuesReader reader("Terraform plan", false, made, clusters);
    reader.read_module(root["planned_values"]["root_module"]);
    reader.assign_parts();
  } else if (is_shown) {
    ValuesReader reader("Terraform state", true, made, clusters);
    reader.read_module(root["values"]["root_module"]);
    reader.assign_parts();
  } else if (root["lineage"] && root["serial"]) {
    ValuesReader reader("Terraform state", true, made, clusters);
    for (const Node resource : root["resources"].items()) {
      for (const Node instance : resource["instances"].items()) {
        reader.read_resource(resource, instance["attributes"]);
      }
    }
    reader.assign_parts();
  }
}

}  // namespace meshlint
