#include "rules/istio-annotations.h"

#include <algorithm>

#include "linter/fix.h"

namespace meshlint::rules {
namespace {

bool is_of_istio(std::string_view name) {
  const auto group = name.substr(0, name.find('/'));
  return group.size() < name.size() && (group == "istio.io" || group.ends_with(".istio.io"));
}

// Whether Istio's injector or control plane reads the annotations of the object itself, or whether people write them
// there when they mean its pods.
bool is_judged_kind(const Resource& resource) {
  return resource.is("", "Namespace") || resource.is("", "Service") || pod_metadata(resource);
}

void visit_metadata(const Resource& resource, Node metadata, std::string_view kind,
                    const std::function<void(const AnnotationUse&)>& visit) {
  for (const Entry& entry : metadata["annotations"].entries()) {
    const auto name = entry.key.text();
    if (!entry.key.unresolved() && is_of_istio(name)) visit({&resource, entry.value, name, kind});
  }
}

}  // namespace

void for_each_annotation(const Pass& pass, const std::function<void(const AnnotationUse&)>& visit) {
  for (const auto& resource : pass.manifests().all()) {
    if (!is_judged_kind(*resource) || !is_judged(pass, *resource)) continue;
    const Node pods = pod_metadata(*resource);
    const bool is_pod = resource->is("", "Pod");
    if (!is_pod) visit_metadata(*resource, resource->root["metadata"], resource->kind, visit);
    visit_metadata(*resource, pods, "Pod", visit);
  }
}

const IstioAnnotation* find_annotation(const Pass& pass, std::string_view name) {
  const auto& annotations = pass.policy().istio_annotations().annotations;
  const auto found = annotations.find(name);
  return found == annotations.end() ? nullptr : &found->second;
}

bool belongs_on(const IstioAnnotation& annotation, std::string_view kind) {
  return std::ranges::any_of(annotation.resources,
                             [kind](const std::string& one) { return one == kind || one == "Any"; });
}

std::vector<Edit> move_annotation(const AnnotationUse& use, Node metadata, std::string_view field) {
  const auto all = use.value.parent().entries();
  const auto count = std::ranges::count_if(all, [](const Entry& entry) { return is_of_istio(entry.key.text()); });
  return metadata[field] || count == 1 ? move_entry(use.value, metadata, field) : std::vector<Edit>();
}

IstioMinors annotation_minors(const Pass& pass, const Resource& resource) {
  const IstioAnnotations& table = pass.policy().istio_annotations();
  return istio_minors(pass, resource, table.oldest, table.newest);
}

}  // namespace meshlint::rules
