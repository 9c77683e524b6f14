#include <algorithm>
#include <optional>

#include "linter/cluster_body.h"

namespace meshlint {
namespace {

// What `parameters()` and `variables()` mean in one template, top-level or nested.
struct TemplateScope {
  Node parameters;
  Node variables;
  Node arguments;                          // a nested deployment's inputs, written in the scope around it
  const ExpressionScope* outer = nullptr;  // null for the file's own template, whose inputs the file does not hold
};

enum class Table : std::uint8_t { parameters, variables };

// An expression that is nothing but `[parameters('name')]` or `[variables('name')]`.
struct Reference {
  Table table = Table::parameters;
  std::string_view name;
};

std::string_view trim(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = std::min(text.find_first_not_of(blanks), text.size());
  return text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

// `[[…` is a literal that starts with a bracket.
bool is_expression(Node node) {
  const auto text = node.text();
  return node.style() != ScalarStyle::plain && text.starts_with('[') && text.ends_with(']') && !text.starts_with("[[");
}

std::optional<Reference> parse_reference(std::string_view expression) {
  const auto call = trim(expression.substr(1, expression.size() - 2));
  const auto open = call.find('(');
  if (open == std::string_view::npos || !call.ends_with(')')) return std::nullopt;
  const auto function = trim(call.substr(0, open));
  const auto argument = trim(call.substr(open + 1, call.size() - open - 2));
  if (argument.size() < 3 || !argument.starts_with('\'') || argument.find('\'', 1) != argument.size() - 1) {
    return std::nullopt;
  }
  const auto name = argument.substr(1, argument.size() - 2);
  if (equals_ignoring_case(function, "parameters")) return Reference{Table::parameters, name};
  if (equals_ignoring_case(function, "variables")) return Reference{Table::variables, name};
  return std::nullopt;
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

// A parameter's value as far as the file holds one: what a deployment around the template passes, else the default.
std::optional<Setting> find_parameter(std::string_view name, const TemplateScope& scope, const Setting& expression) {
  const bool is_passed = scope.arguments && !scope.arguments.is_null();
  if (is_passed && !scope.arguments.is_mapping()) return std::nullopt;
  const Known certainty = expression.certainty();
  if (const Node argument = find(scope.arguments, name)) {
    const Node value = find(argument, "value");
    if (!value) return std::nullopt;
    return Setting(value, certainty, scope.outer);
  }
  const Node value = find(find(scope.parameters, name), "defaultValue");
  if (!value) return std::nullopt;
  // Nobody can pass another value to a nested deployment than its file does.
  const bool can_be_passed = scope.outer == nullptr;
  return Setting(value, can_be_passed ? std::min(certainty, Known::defaulted) : certainty, expression.scope());
}

// What one expression stands for; nothing when it is more than a reference, or the file does not hold the value.
std::optional<Setting> follow(const Setting& expression, const TemplateScope& scope) {
  const auto reference = parse_reference(expression.node().text());
  if (!reference) return std::nullopt;
  if (reference->table == Table::parameters) return find_parameter(reference->name, scope, expression);
  const Node value = find(scope.variables, reference->name);
  if (!value) return std::nullopt;
  return Setting(value, expression.certainty(), expression.scope());
}

ExpressionScope expressions_in(const TemplateScope& scope) {
  return {.is_expression = is_expression,
          .follow = [&scope](const Setting& expression) { return follow(expression, scope); },
          .is_made_beside = is_made_by_copy,
          .doubles_brackets = true};
}

class TemplateReader {
 public:
  explicit TemplateReader(std::vector<ClusterDefinition>& clusters) : clusters_(clusters) {}

  // Reads the resources of a template: a list, or a mapping by symbolic name.
  void read_resources(Node resources, Known certainty, const ExpressionScope& scope) {
    for (const Node resource : resources.items()) read_resource(resource, certainty, scope);
    for (const Entry& entry : resources.entries()) read_resource(entry.value, certainty, scope);
  }

 private:
  void read_resource(Node resource, Known around, const ExpressionScope& scope) {
    if (Setting(find(resource, "existing")).boolean().value) return;
    const Known certainty = is_conditional(resource) ? Known::unresolved : around;
    const auto type = find(resource, "type").text();
    if (is_cluster_type(type)) read_cluster(resource, certainty, scope);
    if (equals_ignoring_case(type, "Microsoft.Resources/deployments")) read_deployment(resource, certainty, scope);
    // A condition does not reach the child resources: each has its own.
    read_resources(find(resource, "resources"), around, scope);
  }

  static bool is_conditional(Node resource) {
    const Node condition = find(resource, "condition");
    return !condition.is_null() && !Setting(condition).boolean().value;
  }

  void read_deployment(Node deployment, Known certainty, const ExpressionScope& scope) {
    const Node properties = find(deployment, "properties");
    const Node nested = find(properties, "template");
    const Node resources = find(nested, "resources");
    const auto scope_name = find(find(properties, "expressionEvaluationOptions"), "scope").text();
    if (!equals_ignoring_case(scope_name, "inner")) return read_resources(resources, certainty, scope);
    const TemplateScope inner{find(nested, "parameters"), find(nested, "variables"), find(properties, "parameters"),
                              &scope};
    read_resources(resources, certainty, expressions_in(inner));
  }

  void read_cluster(Node resource, Known certainty, const ExpressionScope& scope) {
    const Setting fields(resource, certainty, &scope);
    ClusterDefinition cluster;
    cluster.format = "ARM template";
    cluster.place = resource;
    cluster.name = fields["name"].text();
    cluster.api_version = fields["apiVersion"].text();
    read_sku(fields["sku"], cluster);
    read_body(fields["properties"], cluster);
    clusters_.push_back(std::move(cluster));
  }

  std::vector<ClusterDefinition>& clusters_;
};

// `…/deploymentTemplate.json#`, of a resource group, a subscription, a management group or a tenant.
bool is_template_schema(std::string_view schema) {
  if (schema.ends_with('#')) schema.remove_suffix(1);
  constexpr std::string_view name = "deploymentTemplate.json";
  return schema.size() > name.size() && equals_ignoring_case(schema.substr(schema.size() - name.size()), name);
}

}  // namespace

void read_arm_template(const Document& document, std::vector<ClusterDefinition>& clusters) {
  const Node root = document.root();
  if (!is_template_schema(root["$schema"].text())) return;
  const TemplateScope scope{find(root, "parameters"), find(root, "variables"), {}, nullptr};
  TemplateReader(clusters).read_resources(find(root, "resources"), Known::stated, expressions_in(scope));
}

}  // namespace meshlint
