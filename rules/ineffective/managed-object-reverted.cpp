#include "linter/rule.h"
#include "linter/words.h"

namespace meshlint::rules {
namespace {

// Whether a name is the pattern with a revision in place of its star; a pattern without a star is matched as it is.
bool matches(std::string_view pattern, std::string_view name) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return name == pattern;
  const auto before = pattern.substr(0, star);
  const auto after = pattern.substr(star + 1);
  if (name.size() <= before.size() + after.size() || !name.starts_with(before) || !name.ends_with(after)) return false;
  const auto middle = name.substr(before.size(), name.size() - before.size() - after.size());
  return parse_revision(middle).has_value() ||
         (before.ends_with("asm-") && parse_revision(fmt::format("asm-{}", middle)));
}

// The API group of the kinds that AKS reconciles.
std::string_view group_of(std::string_view kind) {
  if (kind == "ConfigMap") return "";
  return kind.ends_with("WebhookConfiguration") ? "admissionregistration.k8s.io" : "apps";
}

bool is_in_place(const Pass& pass, const Resource& resource, const ManagedNames::Reverted& managed) {
  if (managed.name_space.empty()) return true;
  const auto name_space = pass.manifests().name_space_of(resource);
  return name_space ? *name_space == managed.name_space : resource.name_space.is_null();
}

void check_resource(Pass& pass, const Resource& resource, const ManagedNames& names) {
  for (const ManagedNames::Reverted& managed : names.reverted) {
    if (!resource.is(group_of(managed.kind), managed.kind) || !matches(managed.name, resource.name.text())) continue;
    if (!is_in_place(pass, resource, managed) || !pass.manifests().has_final_name(resource)) continue;
    const std::string who = managed.citation.in_house
                                ? fmt::format("is not to be defined here, {}", in_house_words(managed.citation))
                                : "is managed by AKS, which reverts what this manifest changes";
    Diagnostic& diagnostic =
        pass.report(resource.name, fmt::format("{} {} {}", resource.kind, quoted(resource.name.text()), who));
    diagnostic.citation = managed.citation;
    if (!managed.what.empty()) diagnostic.notes.push_back(note(fmt::format("it is {}", managed.what)));
    if (resource.kind == "ConfigMap" && resource.root["data"]["mesh"]) {
      const auto revision = resource.name.text().substr(resource.name.text().find("asm-"));
      diagnostic.help = fmt::format("put your settings into {}{}", names.shared_config_map_prefix, revision);
    }
    return;
  }
}

void check(Pass& pass) {
  const ManagedNames& names = pass.policy().names();
  for (const auto& resource : pass.manifests().all()) {
    if (pass.context().has_add_on(resource->file())) check_resource(pass, *resource, names);
  }
}

}  // namespace

extern constexpr Rule managed_object_reverted = {
    .code = "MSH4005",
    .name = "managed-object-reverted",
    .family = Family::ineffective,
    .severity = Severity::warning,
    .summary = "A manifest for an object that AKS reconciles",
    .why =
        "The add-on owns the objects of its control plane. Changes to them are accepted and reverted within minutes, "
        "so the manifest never takes effect, and a GitOps controller fights with AKS over it.",
    .fix = "remove the manifest: AKS manages this object alone",
    .page = "istio-meshconfig",
    .check = check,
};

}  // namespace meshlint::rules
