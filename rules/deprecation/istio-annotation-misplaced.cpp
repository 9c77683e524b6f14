#include <algorithm>

#include "linter/fix.h"
#include "linter/words.h"
#include "rules/istio-annotations.h"

namespace meshlint::rules {
namespace {

// Kinds that people annotate by mistake for one another.
bool is_confusable(const IstioAnnotation& annotation) {
  return belongs_on(annotation, "Pod") || belongs_on(annotation, "Service") || belongs_on(annotation, "Namespace");
}

// Whether Istio reads a label of that name on a kind.
bool is_label_of(const Pass& pass, std::string_view name, std::string_view kind) {
  const auto& labels = pass.policy().istio_annotations().labels;
  const auto label = labels.find(name);
  return label != labels.end() && belongs_on(label->second, kind);
}

// Where an annotation belongs, in words that fit behind "belongs on".
std::string place_words(const Pass& pass, const AnnotationUse& use, const IstioAnnotation& annotation) {
  if (!belongs_on(annotation, "Pod")) return fmt::format("objects of kind {}", list_words(annotation.resources, "or"));
  const std::string_view where = is_label_of(pass, use.name, "Pod") ? "labels" : "annotations";
  const Node pods = pod_metadata(*use.resource);
  return pods ? fmt::format("the pods: move it to {}.{} (then it takes effect)", pass.manifests().path_of(pods), where)
              : fmt::format("pods: state it under {} in the pod templates that need it", where);
}

// To the labels of the object, or to the pods that it makes: there it starts to take effect.
std::optional<Fix> move_to_its_place(const Pass& pass, const AnnotationUse& use, const IstioAnnotation& annotation,
                                     bool is_label) {
  const Node metadata = is_label ? use.value.parent().parent() : pod_metadata(*use.resource);
  if (!metadata || (!is_label && !belongs_on(annotation, "Pod"))) return std::nullopt;
  const std::string_view field = is_label || is_label_of(pass, use.name, "Pod") ? "labels" : "annotations";
  return fix_by(fmt::format("move it to {}.{}", pass.manifests().path_of(metadata), field), false,
                move_annotation(use, metadata, field));
}

// Whether the object's pods state it as well, by annotation or label: then what people wanted happens.
bool is_on_pods(const AnnotationUse& use) {
  const Node pods = pod_metadata(*use.resource);
  return pods["annotations"][use.name] || pods["labels"][use.name] || pods["annotations"].unresolved() ||
         pods["labels"].unresolved() || pods.unresolved();
}

void check_use(Pass& pass, const AnnotationUse& use) {
  const IstioAnnotation* annotation = find_annotation(pass, use.name);
  // A patch states a part of an object: its pods may have the annotation elsewhere.
  if (annotation == nullptr || belongs_on(*annotation, use.kind) || use.resource->partial) return;
  if (!is_confusable(*annotation)) return;
  const bool is_label = is_label_of(pass, use.name, use.kind);
  if (is_label && use.resource->labels[use.name]) return;
  if (use.kind != "Pod" && is_on_pods(use)) return;
  const IstioMinors minors = annotation_minors(pass, *use.resource);
  if (minors.minors.empty()) return;
  Diagnostic& diagnostic = pass.report_key(
      use.value, is_label ? fmt::format("{} is an annotation here and has no effect: Istio reads it as a label of a {}",
                                        quoted(use.name), use.kind)
                          : fmt::format("annotation {} has no effect on {} {}", quoted(use.name),
                                        use.kind == "Pod" ? "a" : "the", use.kind));
  diagnostic.help = is_label ? "move it to metadata.labels (then it takes effect)"
                             : fmt::format("it belongs on {}", place_words(pass, use, *annotation));
  diagnostic.fix = move_to_its_place(pass, use, *annotation, is_label);
  diagnostic.citation = annotation->citation;
  soften_if_defaulted(diagnostic, minors);
}

void check(Pass& pass) {
  for_each_annotation(pass, [&pass](const AnnotationUse& use) { check_use(pass, use); });
}

}  // namespace

extern constexpr Rule istio_annotation_misplaced = {
    .code = "MSH2010",
    .name = "istio-annotation-misplaced",
    .family = Family::deprecation,
    .severity = Severity::warning,
    .summary = "An annotation of Istio on a kind of object where Istio does not read it",
    .why =
        "Istio reads each of its annotations on certain kinds only. The injector sees pods and not the Deployment "
        "that makes them, nor their namespace, so an annotation there has no effect and causes no error.",
    .fix = "move the annotation to where Istio reads it",
    .page = "istio-definitions",
    .check = check,
};

}  // namespace meshlint::rules
