// The annotations of Istio in manifests, on objects and on the pods that workloads make.
#pragma once

#include <functional>
#include <string_view>

#include "rules/istio-fields.h"

namespace meshlint::rules {

// An annotation whose name is one of Istio's groups: `istio.io/…` or `….istio.io/…`.
struct AnnotationUse {
  const Resource* resource = nullptr;
  Node value;
  std::string_view name;
  // What it stands on, as Istio's registry names it: "Pod" for the pods of a workload and for a Pod, else the object's
  // kind, which only counts for groups whose kinds the registry can mean.
  std::string_view kind;
};

// Calls `visit` for those that rules may judge. Objects of kinds that the registry never means, to which people add
// annotations for other reasons, are passed over.
void for_each_annotation(const Pass& pass, const std::function<void(const AnnotationUse&)>& visit);

// The registered annotation of that name; null for none.
const IstioAnnotation* find_annotation(const Pass& pass, std::string_view name);

// Whether an annotation belongs on a kind.
bool belongs_on(const IstioAnnotation& annotation, std::string_view kind);

// The minors of Istio that may read the annotations of a resource; empty where one lies beyond the registry.
IstioMinors annotation_minors(const Pass& pass, const Resource& resource);

// Takes an annotation to the labels or annotations of an object or of its pods. Nothing where those are still to be
// made and other annotations of Istio may want to go there too.
std::vector<Edit> move_annotation(const AnnotationUse& use, Node metadata, std::string_view field);

}  // namespace meshlint::rules
