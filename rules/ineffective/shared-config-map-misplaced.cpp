#include "linter/words.h"
#include "rules/shared-config-map.h"

namespace meshlint::rules {
namespace {

// ConfigMaps that AKS makes have names of their own; managed-object-reverted speaks of them.
bool is_default_config_map(std::string_view name) {
  constexpr std::string_view prefix = "istio-";
  return name.starts_with(prefix) && parse_revision(name.substr(prefix.size()));
}

void check_name(Pass& pass, const Resource& map, const ManagedNames& names) {
  const auto name = map.name.text();
  Diagnostic& diagnostic =
      pass.report(map.name, fmt::format("the add-on does not read a ConfigMap named {}: it reads {}asm-X-Y only",
                                        quoted(name), names.shared_config_map_prefix));
  const Candidates candidates = pass.context().candidates(map);
  diagnostic.citation = names.shared;
  if (candidates.source == Candidates::Source::unknown) return;
  std::vector<std::string> good;
  for (const Minor revision : candidates.revisions)
    good.push_back(names.shared_config_map_prefix + revision_name(revision));
  diagnostic.help = fmt::format("name it {}", list_words(good, "or"));
}

void check_name_space(Pass& pass, const Resource& map, std::string_view name_space, const ManagedNames& names) {
  Diagnostic& diagnostic = pass.report(
      map.name_space, fmt::format("the add-on does not read this ConfigMap in namespace {}: it reads namespace {} only",
                                  quoted(name_space), names.root_namespace));
  diagnostic.citation = names.shared;
  diagnostic.help = fmt::format("set metadata.namespace to {}", names.root_namespace);
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
}

void check_map(Pass& pass, const Resource& map) {
  const ManagedNames& names = pass.policy().names();
  const auto name = map.name.text();
  const auto name_space = pass.manifests().name_space_of(map);
  const bool is_final = pass.manifests().has_final_name(map);
  const bool has_prefix = name.starts_with(names.shared_config_map_prefix);
  const bool is_well_named = has_prefix && shared_config_map_revision(pass, name).has_value();
  // In the root namespace, a ConfigMap with data.mesh is meant for the mesh whatever its name.
  const bool has_mesh = map.root["data"][names.shared_config_map_key].is_scalar();
  const bool is_in_root = name_space == names.root_namespace;
  if (!has_prefix && !(has_mesh && is_in_root)) return;
  if (is_default_config_map(name) || !is_final) return;

  if (!is_well_named) check_name(pass, map, names);
  // A namespace that a kustomization sets is not reported at the manifest: the line there is not what counts.
  const bool is_stated = !map.name_space.is_null() && map.name_space.text() == name_space;
  if (is_stated && !is_in_root) check_name_space(pass, map, *name_space, names);
  if (has_prefix) check_key(pass, map, names);
}

void check(Pass& pass) {
  for (const Resource* map : pass.manifests().of("", "ConfigMap")) {
    if (pass.context().has_add_on(map->file())) check_map(pass, *map);
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
