#include "linter/cluster_arm.h"

#include <fmt/format.h>

#include <algorithm>
#include <list>
#include <map>
#include <optional>
#include <utility>

#include "linter/cluster_avm.h"
#include "linter/cluster_body.h"

namespace meshlint {
namespace {

constexpr int reference_depth = 32;       // references within references, across fields of objects
constexpr int reference_budget = 10'000;  // of one template, whose references may fan out
constexpr int deployment_depth = 32;      // deployments within deployments
constexpr int deployment_budget = 1'000;  // of one template with all that it deploys

// Parameter values from outside of a template.
struct PassedValues {
  Node values;
  bool wrapped = true;                     // {name: {value: …}}, not {name: …}
  const ExpressionScope* scope = nullptr;  // where the values are written
};

// What names mean in one template, top-level or nested, or in a .bicepparam file.
struct TemplateScope {
  Node parameters;
  Node variables;
  std::vector<PassedValues> passed;  // the first that says anything of a parameter counts
  bool is_complete = false;          // nobody can pass other values than the repository's files do
  mutable int depth = 0;
  mutable int budget = reference_budget;
};

enum class Table : std::uint8_t { parameters, variables, either };

// An expression that is nothing but `[parameters('name')]`, `[variables('name')]` or Bicep's `name`, perhaps with
// members behind it: `name.member.member`.
struct Reference {
  Table table = Table::either;
  std::string_view name;
  std::string_view members;  // with a '.' in front of each
};

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// `.a.b`, or nothing.
bool are_members(std::string_view text) {
  while (text.starts_with('.')) {
    text.remove_prefix(1);
    const auto end = std::ranges::find_if_not(text, is_word_character);
    if (end == text.begin()) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
  }
  return text.empty();
}

// `[[…` is a literal that starts with a bracket.
bool is_template_expression(Node node) {
  const auto text = node.text();
  return node.style() != ScalarStyle::plain && text.starts_with('[') && text.ends_with(']') && !text.starts_with("[[");
}

bool is_bicep_expression(Node node) {
  return node.is_scalar() && node.style() == ScalarStyle::plain && node.unresolved();
}

std::optional<Reference> parse_template_reference(std::string_view expression) {
  const auto text = trim(expression.substr(1, expression.size() - 2));
  const auto open = text.find('(');
  const auto close = text.find(')');
  if (close == std::string_view::npos || open > close) return std::nullopt;
  const auto function = trim(text.substr(0, open));
  const auto argument = trim(text.substr(open + 1, close - open - 1));
  const auto members = text.substr(close + 1);
  if (argument.size() < 3 || !argument.starts_with('\'') || argument.find('\'', 1) != argument.size() - 1 ||
      !are_members(members)) {
    return std::nullopt;
  }
  const auto name = argument.substr(1, argument.size() - 2);
  if (equals_ignoring_case(function, "parameters")) return Reference{Table::parameters, name, members};
  if (equals_ignoring_case(function, "variables")) return Reference{Table::variables, name, members};
  return std::nullopt;
}

std::optional<Reference> parse_bicep_reference(std::string_view expression) {
  if (expression.ends_with('!')) expression.remove_suffix(1);  // only silences the type checker
  const auto end = std::ranges::find_if_not(expression, is_word_character);
  const auto length = static_cast<std::size_t>(end - expression.begin());
  if (length == 0 || !are_members(expression.substr(length))) return std::nullopt;
  return Reference{Table::either, expression.substr(0, length), expression.substr(length)};
}

// The value of a name in `parameters`, `variables` or the like.
Node find(Node table, std::string_view name) {
  for (const Entry& entry : table.entries()) {
    if (equals_ignoring_case(entry.key.text(), name)) return entry.value;
  }
  return {};
}

// Whether a property comes from a `copy` loop beside where it would stand.
bool is_made_by_copy(Node object, std::string_view field) {
  return std::ranges::any_of(object["copy"].items(),
                             [field](Node loop) { return is_same_field(loop["name"].text(), field); });
}

// Whether a property may come from a `...spread` or a computed key behind where it stands, or would stand.
bool is_made_by_spread(Node object, std::string_view field) {
  std::optional<std::uint32_t> stated;
  std::optional<std::uint32_t> spread;
  for (const Entry& entry : object.entries()) {
    auto& place = entry.key.unresolved() ? spread : stated;
    if (entry.key.unresolved() || is_same_field(entry.key.text(), field)) place = entry.value.span().start;
  }
  return spread && (!stated || *spread > *stated);
}

// What is passed for a parameter; nothing when it is, but the files do not say what.
struct Passed {
  bool is_passed = false;
  std::optional<Setting> value;
};

Passed find_passed(std::string_view name, const TemplateScope& scope, Known certainty) {
  for (const PassedValues& passed : scope.passed) {
    if (!passed.values || passed.values.is_null()) continue;
    if (!passed.values.is_mapping()) return {true, std::nullopt};
    if (!passed.wrapped && is_made_by_spread(passed.values, name)) return {true, std::nullopt};
    const Node written = find(passed.values, name);
    const Node value = passed.wrapped ? find(written, "value") : written;
    if (written && !value) return {true, std::nullopt};  // a reference to a secret
    if (value && !value.is_null()) return {true, Setting(value, certainty, passed.scope)};
  }
  return {};
}

// A parameter's value as far as the files hold one: what is passed to the template, else the default.
std::optional<Setting> find_parameter(std::string_view name, const TemplateScope& scope, const Setting& expression) {
  const Known certainty = expression.certainty();
  if (auto passed = find_passed(name, scope, certainty); passed.is_passed) return passed.value;
  const Node parameter = find(scope.parameters, name);
  if (const Node value = find(parameter, "value")) return Setting(value, certainty, expression.scope());
  const Node value = find(parameter, "defaultValue");
  if (!value) return std::nullopt;
  return Setting(value, scope.is_complete ? certainty : std::min(certainty, Known::defaulted), expression.scope());
}

std::optional<Setting> find_named(const Reference& reference, const TemplateScope& scope, const Setting& expression) {
  const Node variable = find(scope.variables, reference.name);
  const bool is_variable = reference.table == Table::variables || (reference.table == Table::either && variable);
  if (!is_variable) return find_parameter(reference.name, scope, expression);
  if (!variable) return std::nullopt;
  return Setting(variable, expression.certainty(), expression.scope());
}

// The setting that `.a.b` lead to.
std::optional<Setting> find_member(Setting setting, std::string_view members) {
  while (!members.empty()) {
    setting = follow_expressions(setting);
    if (!setting.node().is_mapping()) return std::nullopt;
    members.remove_prefix(1);
    const auto name = members.substr(0, members.find('.'));
    members.remove_prefix(name.size());
    setting = setting[name];
    if (setting.known() == Known::unresolved || !setting.node()) return std::nullopt;
  }
  return setting;
}

using ParseReference = std::optional<Reference> (*)(std::string_view expression);

// What one expression stands for; nothing when it is more than a reference, or the files do not hold the value.
std::optional<Setting> follow(const Setting& expression, const TemplateScope& scope, ParseReference parse) {
  const auto reference = parse(expression.node().text());
  if (!reference || scope.depth >= reference_depth || scope.budget == 0) return std::nullopt;
  --scope.budget;
  ++scope.depth;
  auto setting = find_named(*reference, scope, expression);
  if (setting) setting = find_member(*setting, reference->members);
  --scope.depth;
  return setting;
}

ExpressionScope expressions_in(const TemplateScope& scope, bool is_bicep) {
  const ParseReference parse = is_bicep ? parse_bicep_reference : parse_template_reference;
  return {.is_expression = is_bicep ? is_bicep_expression : is_template_expression,
          .follow = [&scope, parse](const Setting& expression) { return follow(expression, scope, parse); },
          .is_made_beside = is_bicep ? is_made_by_spread : is_made_by_copy,
          .doubles_brackets = !is_bicep};
}

// Parameter files in JSON hold values only.
constexpr auto no_expression = [](Node) { return false; };
constexpr auto nothing_beside = [](Node, std::string_view) { return false; };

// `…/deploymentTemplate.json#`, of a resource group, a subscription, a management group or a tenant.
bool has_schema(Node root, std::string_view name) {
  auto schema = root["$schema"].text();
  if (schema.ends_with('#')) schema.remove_suffix(1);
  return schema.size() > name.size() && equals_ignoring_case(schema.substr(schema.size() - name.size()), name);
}

std::string folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? "" : path.substr(0, slash));
}

// A file's path without its folder and what stands behind the first of the suffixes.
std::string_view stem_of(std::string_view path, std::string_view suffix) {
  path = path.substr(path.rfind('/') + 1);
  return path.substr(0, path.find(suffix));
}

// Where a relative path in a folder leads; nothing when out of the repository.
std::optional<std::string> resolve_path(std::string_view folder, std::string_view relative) {
  std::vector<std::string_view> parts;
  for (std::string_view rest : {folder, relative}) {
    while (!rest.empty()) {
      const auto part = rest.substr(0, rest.find('/'));
      rest.remove_prefix(std::min(part.size() + 1, rest.size()));
      if (part == ".." && parts.empty()) return std::nullopt;
      if (part == "..") {
        parts.pop_back();
      } else if (!part.empty() && part != ".") {
        parts.push_back(part);
      }
    }
  }
  std::string path;
  for (const auto part : parts) path.append(path.empty() ? "" : "/").append(part);
  return path;
}

// A template as a file holds it.
struct Template {
  Node root;
  std::string folder;
  bool is_bicep = false;
  bool is_called = false;                     // as a module of another template
  std::vector<const Document*> parameters{};  // the files that give it values
};

using Templates = std::map<std::string, Template, std::less<>>;  // by path

// Reads the clusters of one template, and of those that it deploys in turn.
class TemplateReader {
 public:
  TemplateReader(const Templates& templates, std::vector<ClusterDefinition>& clusters)
      : templates_(templates), clusters_(clusters) {}

  void read(const Template& source, const TemplateScope& scope) {
    const std::size_t first = clusters_.size();
    has_stray_pools_ = false;
    budget_ = deployment_budget;
    read_template(source.root, source, scope, Known::stated);
    if (!has_stray_pools_) return;
    for (std::size_t i = first; i < clusters_.size(); ++i) clusters_[i].pools_known = Known::unresolved;
  }

 private:
  struct Owner {
    std::size_t cluster = 0;
    std::string_view symbol;
  };

  struct Pool {
    Node resource;
    Known certainty = Known::stated;
    std::optional<std::size_t> cluster;  // of a pool that stands inside its cluster
  };

  // What is being read: one template with its resources.
  struct Frame {
    const ExpressionScope& scope;
    const Template& source;
    std::vector<Owner> owners{};
    std::vector<Pool> pools{};
    std::vector<Node> flux_configurations{};
    std::vector<Node> network_members{};
  };

  void read_template(Node root, const Template& source, const TemplateScope& names, Known certainty) {
    if (depth_ == deployment_depth || budget_ == 0) return;
    --budget_;
    ++depth_;
    const ExpressionScope scope = expressions_in(names, source.is_bicep);
    Frame frame{scope, source};
    read_resources(root["resources"], certainty, frame);
    for (const Entry& entry : root["modules"].entries()) read_module(entry.value, certainty, frame);
    for (const Pool& pool : frame.pools) assign_pool(pool, frame);
    for (const Node configuration : frame.flux_configurations) assign_paths(configuration, certainty, frame);
    for (const Node member : frame.network_members) assign_member(member, frame);
    --depth_;
  }

  // Reads resources: a list, or a mapping by symbolic name. `cluster` is the one they stand in.
  void read_resources(Node resources, Known certainty, Frame& frame, std::optional<std::size_t> cluster = {}) {
    for (const Node resource : resources.items()) read_resource(resource, {}, certainty, frame, cluster);
    for (const Entry& entry : resources.entries()) {
      read_resource(entry.value, entry.key.text(), certainty, frame, cluster);
    }
  }

  void read_resource(Node resource, std::string_view symbol, Known around, Frame& frame,
                     std::optional<std::size_t> cluster) {
    if (Setting(find(resource, "existing")).boolean().value) return;
    const Known certainty = is_uncertain(resource) ? Known::unresolved : around;
    const auto type = find(resource, "type").text();
    const bool is_child = cluster.has_value();
    if (is_cluster_type(type)) {
      cluster = clusters_.size();
      read_cluster(resource, certainty, frame);
      frame.owners.push_back({*cluster, symbol});
    } else if (equals_ignoring_case(type, "Microsoft.Resources/deployments")) {
      read_deployment(resource, certainty, frame);
    } else if (equals_ignoring_case(type, "Microsoft.ContainerService/managedClusters/agentPools") ||
               (is_child && equals_ignoring_case(type, "agentPools"))) {
      frame.pools.push_back({resource, certainty, cluster});
    } else {
      cluster.reset();
    }
    if (equals_ignoring_case(type, "Microsoft.KubernetesConfiguration/fluxConfigurations")) {
      frame.flux_configurations.push_back(resource);
    }
    if (equals_ignoring_case(type, "Microsoft.AppLink/appLinks/appLinkMembers") && certainty == Known::stated) {
      frame.network_members.push_back(resource);
    }
    // A condition does not reach the child resources: each has its own.
    read_resources(find(resource, "resources"), around, frame, cluster);
  }

  // Whether a condition or a loop decides if, and how often, something is deployed.
  static bool is_uncertain(Node resource) {
    const Node condition = find(resource, "condition");
    const bool is_conditional = !condition.is_null() && !Setting(condition).boolean().value;
    return is_conditional || !find(resource, "copy").is_null();
  }

  void read_cluster(Node resource, Known certainty, const Frame& frame) {
    const Setting fields(resource, certainty, &frame.scope);
    ClusterDefinition& cluster = add_cluster(resource, frame);
    cluster.name = fields["name"].text();
    cluster.api_version = fields["apiVersion"].text();
    read_sku(fields["sku"], cluster);
    read_body(fields["properties"], cluster);
  }

  ClusterDefinition& add_cluster(Node place, const Frame& frame) {
    ClusterDefinition& cluster = clusters_.emplace_back();
    cluster.format = frame.source.is_bicep ? "Bicep" : "ARM template";
    cluster.place = place;
    return cluster;
  }

  void read_deployment(Node deployment, Known certainty, Frame& frame) {
    const Node properties = find(deployment, "properties");
    const Node nested = find(properties, "template");
    const PassedValues passed{find(properties, "parameters"), true, &frame.scope};
    if (const auto link = find(find(properties, "templateLink"), "relativePath").text(); !link.empty()) {
      return read_file(link, passed, certainty, frame);
    }
    if (is_avm_cluster(nested)) {
      const Setting values(properties["parameters"], certainty, &frame.scope);
      return read_avm_cluster({values, true}, add_cluster(deployment, frame));
    }
    // What Bicep holds as an inline template has the expressions of another language.
    if (frame.source.is_bicep) return;
    const auto scope_name = find(find(properties, "expressionEvaluationOptions"), "scope").text();
    if (!equals_ignoring_case(scope_name, "inner")) return read_resources(find(nested, "resources"), certainty, frame);
    read_template(nested, frame.source, inner_scope(nested, passed), certainty);
  }

  void read_module(Node module, Known around, const Frame& frame) {
    const Known certainty = is_uncertain(module) ? Known::unresolved : around;
    const auto path = module["path"].text();
    if (is_avm_cluster(path)) {
      const Setting values(module["params"], certainty, &frame.scope);
      return read_avm_cluster({values, false}, add_cluster(module, frame));
    }
    read_file(path, {module["params"], false, &frame.scope}, certainty, frame);
  }

  // Reads the template that another one deploys from a file.
  void read_file(std::string_view relative, const PassedValues& passed, Known certainty, const Frame& frame) {
    const auto path = resolve_path(frame.source.folder, relative);
    const auto found = path ? templates_.find(*path) : templates_.end();
    if (found == templates_.end()) return;
    read_template(found->second.root, found->second, inner_scope(found->second.root, passed), certainty);
  }

  static TemplateScope inner_scope(Node root, const PassedValues& passed) {
    return {find(root, "parameters"), find(root, "variables"), {passed}, true};
  }

  // Gives a pool to its cluster: the one it stands in, its `parent`, the one its name starts with, or the sole one.
  void assign_pool(const Pool& pool, const Frame& frame) {
    const Setting fields(pool.resource, pool.certainty, &frame.scope);
    Fact<std::string> name = fields["name"].text();
    std::optional<std::size_t> owner = pool.cluster;
    const Node parent = find(pool.resource, "parent");
    for (const Owner& other : frame.owners) {
      const auto& owner_name = clusters_[other.cluster].name;
      const bool is_sole = frame.owners.size() == 1 && !name.has_value();
      const bool is_named = owner_name.has_value() && name.value.starts_with(owner_name.value + "/");
      if (!owner && (parent ? parent.text() == other.symbol : is_sole || is_named)) owner = other.cluster;
    }
    if (!owner) {
      has_stray_pools_ = true;
      return;
    }
    ClusterDefinition& cluster = clusters_[*owner];
    NodePool& added = cluster.pools.emplace_back(read_pool(fields["properties"]));
    added.place = pool.resource;
    added.api_version = fields["apiVersion"].text();
    name.value.erase(0, name.value.rfind('/') + 1);
    added.name = std::move(name);
    if (pool.certainty == Known::unresolved || cluster.pools_known == Known::unstated) {
      cluster.pools_known = Known::unresolved;
    }
  }

  // Notes at the cluster that it is a member of an Application Network: the one whose ID the member states, by its
  // symbol in Bicep or with its name at the end.
  void assign_member(Node member, const Frame& frame) {
    const auto id = find(find(find(member, "properties"), "metadata"), "resourceId").text();
    for (const Owner& owner : frame.owners) {
      ClusterDefinition& cluster = clusters_[owner.cluster];
      const bool is_symbol = frame.source.is_bicep && !owner.symbol.empty() && id == fmt::format("{}.id", owner.symbol);
      const bool is_name =
          cluster.name.has_value() && (id.ends_with(fmt::format("/managedClusters/{}", cluster.name.value)) ||
                                       id.ends_with(fmt::format("managedClusters', '{}')]", cluster.name.value)));
      if (is_symbol || is_name) cluster.application_network = member;
    }
  }

  // Notes at the cluster that a Flux configuration extends which folders it applies there. Under a condition they still
  // belong to no other cluster.
  void assign_paths(Node configuration, Known certainty, const Frame& frame) {
    const Node extended = find(configuration, "scope");
    const bool is_sole = frame.owners.size() == 1 && !frame.source.is_bicep;
    const Setting properties(configuration["properties"], certainty, &frame.scope);
    for (const Owner& owner : frame.owners) {
      if (!extended || !(is_sole || extended.text() == owner.symbol)) continue;
      read_gitops_paths(follow_expressions(properties), clusters_[owner.cluster]);
    }
  }

  const Templates& templates_;
  std::vector<ClusterDefinition>& clusters_;
  bool has_stray_pools_ = false;  // pools whose cluster is not known
  int depth_ = 0;
  int budget_ = 0;
};

// All templates of a repository, which call each other, and the files that give them values.
class Repository {
 public:
  explicit Repository(std::span<const Document* const> documents) {
    for (const Document* document : documents) add_template(*document);
    std::erase_if(templates_, [this](const auto& entry) { return is_made_of_another(entry.first, entry.second); });
    for (const auto& [path, source] : templates_) mark_called(source);
    for (const Document* document : documents) add_parameters(*document);
  }

  void read(std::vector<ClusterDefinition>& clusters) const {
    for (const auto& [path, source] : templates_) {
      TemplateReader reader(templates_, clusters);
      if (source.parameters.empty() && !source.is_called) {
        const std::size_t first = clusters.size();
        reader.read(source, top_scope(source));
        set_deployed_by(clusters, first, source.root);
      }
      for (const Document* parameters : source.parameters) {
        const std::size_t first = clusters.size();
        read_with(*parameters, source, reader);
        set_deployed_by(clusters, first, parameters->root());
      }
    }
  }

 private:
  static bool is_bicep(std::string_view path) { return path.ends_with(".bicep"); }

  static TemplateScope top_scope(const Template& source) {
    return {find(source.root, "parameters"), find(source.root, "variables"), {}, false};
  }

  void add_template(const Document& document) {
    const auto& path = document.file().path();
    const Node root = document.root();
    if (is_bicep(path) || has_schema(root, "deploymentTemplate.json")) {
      templates_.insert_or_assign(path, Template{root, folder_of(path), is_bicep(path)});
    } else if (path.ends_with(".bicepparam")) {
      parameter_files_.emplace(path, &document);
    }
  }

  // Whether a template is what Bicep made of the file beside it.
  bool is_made_of_another(const std::string& path, const Template& source) const {
    const bool is_compiled = source.root["metadata"]["_generator"]["name"].text() == "bicep";
    return is_compiled && path.ends_with(".json") && templates_.contains(path.substr(0, path.size() - 5) + ".bicep");
  }

  // Notes what a template deploys from other files.
  void mark_called(const Template& caller) {
    const auto mark = [&](std::string_view relative) {
      const auto path = resolve_path(caller.folder, relative);
      const auto found = path ? templates_.find(*path) : templates_.end();
      if (found != templates_.end() && &found->second != &caller) found->second.is_called = true;
    };
    const Node root = caller.root;
    for (const Entry& module : root["modules"].entries()) mark(module.value["path"].text());
    const auto look_at = [&](Node resource) {
      const auto link = find(find(find(resource, "properties"), "templateLink"), "relativePath").text();
      if (!link.empty()) mark(link);
    };
    for (const Node resource : root["resources"].items()) look_at(resource);
    for (const Entry& resource : root["resources"].entries()) look_at(resource.value);
  }

  void add_parameters(const Document& document) {
    const auto& path = document.file().path();
    const Node root = document.root();
    Template* owner = nullptr;
    if (path.ends_with(".bicepparam")) {
      const auto used = resolve_path(folder_of(path), root["using"].text());
      const auto found = used ? templates_.find(*used) : templates_.end();
      if (found != templates_.end()) owner = &found->second;
    } else if (has_schema(root, "deploymentParameters.json")) {
      owner = owner_of(path, root["parameters"]);
    }
    if (owner != nullptr) owner->parameters.push_back(&document);
  }

  // The template that a JSON file of values belongs to: the one it is named after, else the sole one in its folder, or
  // in the folder around it, that has all its parameters.
  Template* owner_of(std::string_view path, Node values) {
    const std::string folder = folder_of(path);
    const std::string prefix = folder.empty() ? "" : folder + "/";
    for (auto stem = stem_of(path, ".parameters"); !stem.empty(); stem = stem.substr(0, stem.rfind('.'))) {
      for (const char* suffix : {".bicep", ".json"}) {
        const auto found = templates_.find(prefix + std::string(stem) + suffix);
        if (found != templates_.end()) return &found->second;
      }
      if (stem.find('.') == std::string_view::npos) break;
    }
    Template* sole = sole_template(folder, values);
    return sole != nullptr || folder.empty() ? sole : sole_template(folder_of(folder), values);
  }

  Template* sole_template(std::string_view folder, Node values) {
    Template* sole = nullptr;
    for (auto& [path, source] : templates_) {
      if (source.folder != folder || source.is_called || !declares_all(source, values)) continue;
      if (sole != nullptr) return nullptr;
      sole = &source;
    }
    return sole;
  }

  static bool declares_all(const Template& source, Node values) {
    const Node declared = find(source.root, "parameters");
    const auto entries = values.entries();
    return !entries.empty() && std::ranges::all_of(entries, [&](const Entry& value) {
      return static_cast<bool>(find(declared, value.key.text()));
    });
  }

  const Document* base_of(const Document& document, Node extended) const {
    const auto path = resolve_path(folder_of(document.file().path()), extended.text());
    const auto found = extended && path ? parameter_files_.find(*path) : parameter_files_.end();
    return found == parameter_files_.end() ? nullptr : found->second;
  }

  void read_with(const Document& parameters, const Template& source, TemplateReader& reader) const {
    if (!parameters.file().path().ends_with(".bicepparam")) {
      const ExpressionScope values{.is_expression = no_expression, .follow = {}, .is_made_beside = nothing_beside};
      TemplateScope scope = top_scope(source);
      scope.passed = {{find(parameters.root(), "parameters"), true, &values}};
      return reader.read(source, scope);
    }
    std::list<std::pair<TemplateScope, ExpressionScope>> files;
    TemplateScope scope = top_scope(source);
    const Document* document = &parameters;
    while (document != nullptr) {
      const Node root = document->root();
      auto& [names, expressions] = files.emplace_back();
      names = {root["parameters"], root["variables"], {}, true};
      expressions = expressions_in(names, true);
      scope.passed.push_back({root["parameters"], true, &expressions});
      // The base of a file gives what the file itself does not; of one that is not there nobody knows what it gives.
      const Node base = root["extends"];
      document = files.size() < deployment_depth ? base_of(*document, base) : nullptr;
      if (base && document == nullptr) scope.passed.push_back({base, true, &expressions});
    }
    reader.read(source, scope);
  }

  Templates templates_;
  std::map<std::string, const Document*, std::less<>> parameter_files_;
};

}  // namespace

void read_arm_templates(std::span<const Document* const> documents, std::vector<ClusterDefinition>& clusters) {
  Repository(documents).read(clusters);
}

}  // namespace meshlint
