#include <algorithm>
#include <array>

#include "linter/fix.h"
#include "linter/words.h"
#include "rules/shared-config-map.h"

namespace meshlint::rules {
namespace {

// ConfigMaps that AKS makes have names of their own; managed-object-reverted speaks of them.
bool is_default_config_map(std::string_view name) {
  constexpr std::string_view prefix = "istio-";
  return name.starts_with(prefix) && parse_revision(name.substr(prefix.size()));
}

// A name with characters that Kubernetes does not allow holds a placeholder of some tool: `<asm-revision>`, `#{REV}#`.
// Others end in a word that is one.
bool is_literal_name(std::string_view name) {
  constexpr auto allowed = "abcdefghijklmnopqrstuvwxyz0123456789-.";
  if (name.find_first_not_of(allowed) != std::string_view::npos) return false;
  constexpr std::array<std::string_view, 6> placeholders = {"-placeholder", "-x-y",     "-rev",
                                                            "-revision",    "-version", "-changeme"};
  return std::ranges::none_of(placeholders, [name](std::string_view end) { return name.ends_with(end); });
}

std::vector<std::string> good_names(const Pass& pass, const Resource& map) {
  std::vector<std::string> names;
  for (const Minor revision : pass.context().candidates(map).revisions) {
    names.push_back(pass.policy().names().shared_config_map_prefix + revision_name(revision));
  }
  return names;
}

// The name that a ConfigMap must have, where only one can be right and nothing else has it yet.
std::optional<std::string> right_name(const Pass& pass, const Resource& map) {
  const Candidates candidates = pass.context().candidates(map.file());
  if (candidates.revisions.size() != 1 || !candidates.complete || candidates.defaulted) return std::nullopt;
  const auto name = pass.policy().names().shared_config_map_prefix + revision_name(candidates.revisions.front());
  const auto has_name = [&name](std::string_view other) { return other == name; };
  const auto generators = shared_config_map_generators(pass);
  const bool is_taken = std::ranges::any_of(pass.manifests().of("", "ConfigMap"), has_name,
                                            [](const Resource* other) { return other->name.text(); }) ||
                        std::ranges::any_of(generators, has_name, [](const SharedConfigMapGenerator& generator) {
                          return generator.entry["name"].text();
                        });
  return is_taken ? std::nullopt : std::optional(name);
}

void check_name(Pass& pass, const Resource& map, const ManagedNames& names) {
  Diagnostic& diagnostic = pass.report(
      map.name, fmt::format("the add-on does not read a ConfigMap named {}: a revision reads {}asm-X-Y only",
                            quoted(map.name.text()), names.shared_config_map_prefix));
  diagnostic.citation = names.shared;
  // Other programs have ConfigMaps with such a key, too.
  if (!map.name.text().starts_with("istio")) diagnostic.severity = lower(diagnostic.severity);
  const auto good = good_names(pass, map);
  diagnostic.help = good.empty() ? fmt::format("name it {}asm-X-Y, with the revision that the cluster runs",
                                               names.shared_config_map_prefix)
                                 : fmt::format("name it {}", list_words(good, "or"));
  if (const auto right = right_name(pass, map)) {
    diagnostic.fix = fix_by("name it " + *right, false, replace_value(map.name, *right));
  }
}

bool is_in_root_namespace(const Pass& pass, std::string_view name) {
  const auto is_there = [&](const Resource* other) {
    return other->name.text() == name && pass.manifests().name_space_of(*other) == pass.policy().names().root_namespace;
  };
  return std::ranges::any_of(pass.manifests().of("", "ConfigMap"), is_there);
}

void check_name_space(Pass& pass, const Resource& map, const ManagedNames& names) {
  const auto name_space = pass.manifests().name_space_of(map);
  if (!name_space || *name_space == names.root_namespace) return;
  const bool is_stated = map.name_space.text() == *name_space;
  Diagnostic& diagnostic =
      pass.report(is_stated ? map.name_space : map.name,
                  fmt::format("the add-on does not read this ConfigMap in namespace {}: it reads namespace {} only",
                              quoted(*name_space), names.root_namespace));
  diagnostic.citation = names.shared;
  diagnostic.help = fmt::format("set metadata.namespace to {}", names.root_namespace);
  if (is_stated) {
    // Two objects of one name would be left: which of them is applied last is not for an edit to decide.
    if (!is_in_root_namespace(pass, map.name.text()))
      diagnostic.fix =
          fix_by("put it into " + names.root_namespace, false, replace_value(map.name_space, names.root_namespace));
    return;
  }
  diagnostic.notes.push_back(note("the kustomization.yaml that lists this file sets the namespace"));
  diagnostic.help = fmt::format("list it in a kustomization whose namespace is {}", names.root_namespace);
}

void check_key(Pass& pass, const Resource& map, const ManagedNames& names) {
  const Node data = map.root["data"];
  if (map.partial || !data.is_mapping() || data.size() == 0 || data[names.shared_config_map_key]) return;
  const Entry first = data.entries().front();
  if (first.key.unresolved()) return;
  Diagnostic& diagnostic = pass.report_key(
      first.value, fmt::format("the add-on does not read key {}: mesh configuration has to stand under data.{}",
                               quoted(first.key.text()), names.shared_config_map_key));
  diagnostic.citation = names.shared;
  diagnostic.help = fmt::format("rename the key to {}", names.shared_config_map_key);
  if (data.size() != 1 || !first.value.is_scalar()) return;
  diagnostic.fix = fix_by("rename the key to " + names.shared_config_map_key, false,
                          replace_key(first.value, names.shared_config_map_key));
}

void check_map(Pass& pass, const Resource& map) {
  const ManagedNames& names = pass.policy().names();
  const auto name = map.name.text();
  const bool has_prefix = name.starts_with(names.shared_config_map_prefix);
  // In the root namespace, a ConfigMap with data.mesh is meant for the mesh whatever its name.
  const bool has_mesh = map.root["data"][names.shared_config_map_key].is_scalar();
  if (!has_prefix && !(has_mesh && pass.manifests().name_space_of(map) == names.root_namespace)) return;
  if (is_default_config_map(name) || !is_literal_name(name) || !pass.manifests().has_final_name(map)) return;

  if (!shared_config_map_revision(pass, name)) check_name(pass, map, names);
  if (has_prefix) check_name_space(pass, map, names);
  if (has_prefix) check_key(pass, map, names);
}

// The key that an item of a generator's `files` or `literals` gives its content; nothing where it is not known.
std::optional<std::string_view> generated_key(Node item, bool is_file) {
  const auto text = item.text();
  const auto equals = text.find('=');
  if (item.unresolved() || text.empty() || (!is_file && equals == text.npos)) return std::nullopt;
  return equals == text.npos ? text.substr(text.rfind('/') + 1) : text.substr(0, equals);
}

// A file has the key of its own name where none is stated.
void check_generated_key(Pass& pass, const SharedConfigMapGenerator& generator) {
  const ManagedNames& names = pass.policy().names();
  const Node entry = generator.entry;
  if (entry["envs"] || entry["env"]) return;  // their keys stand in files that are not read
  Node first;
  for (const bool is_file : {true, false}) {
    const Node list = entry[is_file ? "files" : "literals"];
    if (list && !list.is_sequence()) return;
    for (const Node item : list.items()) {
      const auto key = generated_key(item, is_file);
      if (!key || *key == names.shared_config_map_key) return;
      if (!first) first = item;
    }
  }
  if (!first) return;
  const bool is_file = first.parent().key().text() == "files";
  const auto key = *generated_key(first, is_file);
  Diagnostic& diagnostic = pass.report(
      first, fmt::format("kustomize puts this under key {}, which the add-on does not read: mesh configuration has to "
                         "stand under data.{}",
                         quoted(key), names.shared_config_map_key));
  diagnostic.object = fmt::format("ConfigMap {}", entry["name"].text());
  diagnostic.citation = names.shared;
  const auto text = first.text();
  const auto content = text.substr(text.find('=') + 1);  // all of it where there is none
  diagnostic.help = is_file ? fmt::format("write {}={}", names.shared_config_map_key, content)
                            : fmt::format("begin it with {}=", names.shared_config_map_key);
  const bool is_only = entry["files"].size() + entry["literals"].size() == 1;
  if (!is_file || !is_only) return;
  diagnostic.fix = fix_by("name the key " + names.shared_config_map_key, false,
                          replace_value(first, fmt::format("{}={}", names.shared_config_map_key, content)));
}

// kustomize appends a hash of the content to the names that it generates, unless told otherwise.
void check_generator(Pass& pass, const SharedConfigMapGenerator& generator) {
  const Node behavior = generator.entry["behavior"];
  if (!behavior.is_null() && behavior.text() != "create") return;
  if (is_literal_name(generator.entry["name"].text())) check_generated_key(pass, generator);
  const Node own = generator.entry["options"]["disableNameSuffixHash"];
  const Node common = generator.kustomization["generatorOptions"]["disableNameSuffixHash"];
  const auto is_on = [](Node option) { return option.unresolved() || option.text() == "true"; };
  const Node name = generator.entry["name"];
  if (is_on(own) || is_on(common) || name.unresolved() || !is_literal_name(name.text())) return;
  Diagnostic& diagnostic =
      pass.report(name, fmt::format("kustomize appends a hash to {}: the add-on does not read a ConfigMap of that name",
                                    quoted(name.text())));
  diagnostic.citation = pass.policy().names().shared;
  diagnostic.help = "set options.disableNameSuffixHash: true for it";
}

void check(Pass& pass) {
  for (const Resource* map : pass.manifests().of("", "ConfigMap")) {
    if (pass.manifests().may_be_patched(*map)) continue;
    if (pass.context().has_add_on(map->file())) check_map(pass, *map);
  }
  for (const SharedConfigMapGenerator& generator : shared_config_map_generators(pass)) {
    // The name is evidence of the add-on itself; only a cluster can say otherwise.
    const SourceFile& file = *generator.entry.file();
    if (pass.context().governing(file).empty() || pass.context().has_add_on(file)) check_generator(pass, generator);
  }
}

}  // namespace

extern constexpr Rule shared_config_map_misplaced = {
    .code = "MSH4003",
    .name = "shared-config-map-misplaced",
    .family = Family::ineffective,
    .severity = Severity::error,
    .summary = "A ConfigMap meant as shared mesh configuration that the add-on does not find",
    .why =
        "The control plane of a revision reads exactly one ConfigMap of yours: istio-shared-configmap-asm-X-Y in "
        "namespace aks-istio-system, key mesh. With another name, namespace or key it is accepted, and ignored "
        "without a word.",
    .fix = "name it istio-shared-configmap-asm-X-Y, in namespace aks-istio-system, with the key mesh",
    .page = "istio-meshconfig",
    .check = check,
};

}  // namespace meshlint::rules
