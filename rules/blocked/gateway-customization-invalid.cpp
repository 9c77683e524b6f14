#include <algorithm>

#include "linter/terraform.h"
#include "linter/words.h"
#include "rules/gateways.h"

namespace meshlint::rules {
namespace {

std::vector<std::string_view> known_keys(const Pass& pass) {
  std::vector<std::string_view> keys;
  for (const auto& resource : pass.policy().gateway_customizations().resources) keys.push_back(resource.key);
  return keys;
}

void check_keys(Pass& pass, const Resource& map) {
  const GatewayCustomizations& table = pass.policy().gateway_customizations();
  const auto keys = known_keys(pass);
  for (const Entry& entry : map.root["data"].entries()) {
    const auto key = entry.key.text();
    if (entry.key.unresolved()) continue;
    if (table.find(key) == nullptr) {
      const std::string resources = list_words({keys.begin(), keys.end()});
      Diagnostic& diagnostic = pass.report_key(
          entry.value,
          fmt::format("key {} customises nothing that a Gateway makes: the add-on knows {}", quoted(key), resources));
      diagnostic.severity = Severity::warning;
      diagnostic.citation = table.citation;
      const auto meant = closest_word(key, keys);
      diagnostic.help = meant.empty() ? "put the settings under one of these keys, or remove the key"
                                      : fmt::format("rename the key to {}", meant);
    } else if ((entry.value.is_mapping() || entry.value.is_sequence()) && !is_terraform_file(map.file().path())) {
      Diagnostic& diagnostic = pass.report_key(
          entry.value, fmt::format("data.{} is a {} of the ConfigMap itself, not text: the API server refuses the "
                                   "ConfigMap",
                                   key, entry.value.is_mapping() ? "mapping" : "list"));
      diagnostic.help = fmt::format("add a '|' so that the lines below become text: {}: |", key);
    }
  }
}

// Text that is no YAML, or YAML that is no mapping.
void check_text(Pass& pass, const EmbeddedDocument& document, const GatewayCustomization& resource) {
  if (document.text.unresolved()) return;
  for (const Problem& problem : document.parsed.problems) {
    if (problem.kind != ProblemKind::yaml_syntax) continue;
    Diagnostic& diagnostic = pass.report_at(
        {problem.file, problem.span}, fmt::format("data.{} is not valid YAML: {}", resource.key, problem.message));
    diagnostic.object = describe(*document.resource);
    diagnostic.path = fmt::format("data.{}", resource.key);
    diagnostic.citation = resource.citation;
    if (!problem.help.empty()) diagnostic.help = problem.help;
  }
  if (document.root.is_mapping() || document.root.is_null() || document.root.unresolved()) return;
  Diagnostic& diagnostic = pass.report(
      document.root, fmt::format("data.{} is {} where a mapping of fields of the {} is expected", resource.key,
                                 document.root.is_sequence() ? "a list" : quoted(document.root.text()), resource.kind));
  diagnostic.citation = resource.citation;
  diagnostic.help = "write the fields there as in a manifest, such as metadata: and spec:";
}

Node at(Node node, std::string_view path) {
  while (!path.empty()) {
    const auto dot = std::min(path.find('.'), path.size());
    node = node[path.substr(0, dot)];
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return node;
}

void check_minimums(Pass& pass, const EmbeddedDocument& document, const GatewayCustomization& resource) {
  const auto& minimums = pass.policy().gateway_customizations().minimums;
  const auto of_resource = minimums.find(resource.key);
  if (of_resource == minimums.end()) return;
  for (const auto& [path, minimum] : of_resource->second) {
    const Node value = at(document.root, path);
    const auto number = whole_number(value);
    if (!number || *number >= minimum) continue;
    Diagnostic& diagnostic =
        pass.report(value, fmt::format("{} of a Gateway's {} must not be below {}, and is {}: the add-on's webhook "
                                       "refuses the ConfigMap",
                                       path, resource.kind, minimum, *number));
    diagnostic.citation = resource.citation;
    diagnostic.help = fmt::format("set it to {} or more", minimum);
  }
}

bool is_installation(const ClusterDefinition& cluster, std::string_view value) {
  return cluster.gateway_api_installation.known == Known::stated && cluster.gateway_api_installation.value == value;
}

// Whether every cluster that may get a file states this of the managed Gateway API.
bool all_state(const Pass& pass, const SourceFile& file, std::string_view value) {
  const auto& clusters = pass.context().governing(file);
  return !clusters.empty() &&
         std::ranges::all_of(clusters, [value](const auto* cluster) { return is_installation(*cluster, value); });
}

void check_label(Pass& pass, const Resource& map) {
  const GatewayApi& table = pass.policy().gateway_api();
  const auto& defaults = table.class_defaults;
  const Node label = map.labels[defaults.label];
  if (map.partial || map.labels.unresolved() || label.unresolved()) return;
  if (label.text() == defaults.label_value || pass.manifests().may_set_label(map, defaults.label)) return;
  if (table.find_class(label.text()) != nullptr) return;  // of another feature, which keeps its defaults there as well
  const std::string wanted = fmt::format("{}: {}", defaults.label, defaults.label_value);
  const std::string what = label.is_null() ? fmt::format("{} lacks the label {}", quoted(map.name.text()), wanted)
                                           : fmt::format("label {} is {}, not {}", defaults.label, quoted(label.text()),
                                                         quoted(defaults.label_value));
  Diagnostic& diagnostic = pass.report(label.is_null() ? map.name : label,
                                       fmt::format("{}: without it its settings reach no Gateway", what));
  diagnostic.severity = Severity::warning;
  diagnostic.citation = defaults.citation;
  diagnostic.help = fmt::format("set the label {}", wanted);
}

const Resource* find_default(const Pass& pass, const Resource& map) {
  const auto& defaults = pass.policy().gateway_api().class_defaults;
  for (const Resource* other : pass.manifests().of("", "ConfigMap")) {
    const bool is_it = other->name.text() == defaults.name &&
                       pass.manifests().name_space_of(*other) == std::string_view(defaults.name_space);
    if (is_it && may_meet(pass, map, *other)) return other;
  }
  return nullptr;
}

// AKS makes the one ConfigMap that a class may have.
void check_count(Pass& pass, const Resource& map) {
  const auto& defaults = pass.policy().gateway_api().class_defaults;
  if (map.partial || all_state(pass, map.file(), "Disabled") || !pass.manifests().has_final_name(map)) return;
  Diagnostic& diagnostic =
      pass.report(map.name, fmt::format("{} is a second ConfigMap with defaults of class {}: beside {}, which AKS "
                                        "makes, no other is allowed",
                                        quoted(map.name.text()), defaults.label_value, defaults.name));
  diagnostic.citation = defaults.at_most_citation;
  diagnostic.help = fmt::format("put the settings into {}", defaults.name);
  if (const Resource* other = find_default(pass, map)) {
    diagnostic.notes.push_back(note_at(other->name, "the first one"));
  } else if (!all_state(pass, map.file(), "Standard")) {
    diagnostic.severity = Severity::warning;
    diagnostic.notes.push_back(
        note("AKS makes it where the managed Gateway API is installed, which no cluster here states"));
  }
}

// A ConfigMap that was there before AKS makes its own is in the way.
void check_installation(Pass& pass, const Resource& map) {
  if (map.partial || !all_state(pass, map.file(), "Disabled")) return;
  const auto& defaults = pass.policy().gateway_api().class_defaults;
  const ClusterDefinition& cluster = *pass.context().governing(map.file()).front();
  Diagnostic& diagnostic = pass.report(
      map.name, fmt::format("{} is to be made by AKS: one of your own is in the way when the managed Gateway API is "
                            "installed",
                            quoted(map.name.text())));
  diagnostic.severity = Severity::warning;
  diagnostic.citation = defaults.citation;
  diagnostic.notes.push_back(
      note_at(cluster.gateway_api_installation.node, fmt::format("{} has it not installed yet", describe(cluster))));
  diagnostic.help =
      "install the managed Gateway API first (az aks update --enable-gateway-api), then change the "
      "ConfigMap that AKS makes";
}

void check_class(Pass& pass, const Resource& map) {
  if (map.name.text() != pass.policy().gateway_api().class_defaults.name) return check_count(pass, map);
  check_label(pass, map);
  check_installation(pass, map);
}

void check(Pass& pass) {
  for (const GatewayConfigMap& map : gateway_config_maps(pass)) {
    if (pass.manifests().may_be_patched(*map.map)) continue;
    if (map.of_class) check_class(pass, *map.map);
    check_keys(pass, *map.map);
    for (const EmbeddedDocument* document : map.documents) {
      const auto* resource = pass.policy().gateway_customizations().find(document->text.key().text());
      if (resource == nullptr) continue;
      check_text(pass, *document, *resource);
      check_minimums(pass, *document, *resource);
    }
  }
}

}  // namespace

extern constexpr Rule gateway_customization_invalid = {
    .code = "MSH3008",
    .name = "gateway-customization-invalid",
    .family = Family::blocked,
    .severity = Severity::error,
    .summary = "A ConfigMap for Kubernetes Gateways that the add-on refuses or does not read",
    .why =
        "What a Gateway makes is customised by a ConfigMap with a key for each resource and its fields below it as "
        "YAML. The autoscaler needs at least two replicas, and a class has one ConfigMap, which AKS makes and which "
        "carries the label of the class. The add-on's webhook refuses what it knows to be wrong; the rest has no "
        "effect.",
    .fix = "correct the ConfigMap",
    .page = "istio-gateway-api",
    .check = check,
};

}  // namespace meshlint::rules
