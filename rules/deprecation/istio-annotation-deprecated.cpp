#include "linter/fix.h"
#include "linter/words.h"
#include "rules/istio-annotations.h"

namespace meshlint::rules {
namespace {

// Whether Istio reads a label of the same name in its place.
bool is_label(const Pass& pass, const AnnotationUse& use) {
  const auto& labels = pass.policy().istio_annotations().labels;
  const auto label = labels.find(use.name);
  return label != labels.end() && !label->second.deprecated_since && belongs_on(label->second, use.kind);
}

void offer_label(const AnnotationUse& use, Diagnostic& diagnostic) {
  const Node metadata = use.value.parent().parent();
  if (metadata["labels"][use.name] || metadata["labels"].unresolved()) {
    diagnostic.help = "remove it: the label of the same name counts";
    if (metadata["labels"].unresolved()) return;
    diagnostic.fix = fix_by(fmt::format("remove the annotation {}", use.name), true, remove_entry(use.value));
    return;
  }
  diagnostic.help = "write it as a label of the same name";
  // Only the label that switches injection off does the same in every namespace.
  const bool is_off = use.name == "sidecar.istio.io/inject" && use.value.text() == "false";
  diagnostic.fix = fix_by("write it as a label", is_off, move_annotation(use, metadata, "labels"));
}

void offer_replacement(const IstioAnnotation& annotation, const AnnotationUse& use, Diagnostic& diagnostic) {
  diagnostic.help = annotation.way_out;
  const std::string& successor = annotation.successor;
  if (successor.empty()) return;
  if (use.value.parent()[successor]) {
    diagnostic.help = fmt::format("remove it: {} counts", successor);
    diagnostic.fix = fix_by(fmt::format("remove the annotation {}", use.name), true, remove_entry(use.value));
    return;
  }
  diagnostic.help = fmt::format("write {}, with the same value", successor);
  diagnostic.fix = fix_by(fmt::format("write {}", successor), false, replace_key(use.value, successor));
}

void check_use(Pass& pass, const AnnotationUse& use) {
  const IstioAnnotation* annotation = find_annotation(pass, use.name);
  if (annotation == nullptr || !annotation->deprecated_since || !belongs_on(*annotation, use.kind)) return;
  const IstioMinors minors = annotation_minors(pass, *use.resource);
  if (minors.minors.empty() || minors.minors.front() < *annotation->deprecated_since) return;
  if (minors.minors.front() < annotation->first || annotation->last < minors.minors.back()) return;
  Diagnostic& diagnostic = pass.report_key(
      use.value,
      fmt::format("annotation {} is deprecated: it may stop to take effect with an upgrade", quoted(use.name)));
  if (is_label(pass, use)) {
    offer_label(use, diagnostic);
  } else {
    offer_replacement(*annotation, use, diagnostic);
  }
  diagnostic.citation = annotation->citation;
}

void check(Pass& pass) {
  for_each_annotation(pass, [&pass](const AnnotationUse& use) { check_use(pass, use); });
}

}  // namespace

extern constexpr Rule istio_annotation_deprecated = {
    .code = "MSH2008",
    .name = "istio-annotation-deprecated",
    .family = Family::deprecation,
    .severity = Severity::note,
    .summary = "An annotation that Istio has deprecated",
    .why =
        "Istio keeps deprecated annotations working for some minors and then drops them. AKS moves clusters through "
        "the minors every few months, and nothing says so when an annotation is no longer read.",
    .fix = "use what replaces it",
    .page = "istio-definitions",
    .check = check,
};

}  // namespace meshlint::rules
