#include "linter/words.h"
#include "rules/istio-annotations.h"

namespace meshlint::rules {
namespace {

// Istio has turned some annotations into labels of the same name.
std::string way_out(const Pass& pass, const AnnotationUse& use) {
  const auto& labels = pass.policy().istio_annotations().labels;
  const auto label = labels.find(use.name);
  if (label != labels.end() && !label->second.deprecated_since) {
    const bool is_stated =
        use.value.parent().parent()["labels"][use.name] || use.value.parent().parent()["labels"].unresolved();
    return is_stated ? "remove it: the label of the same name counts" : "write it as a label of the same name";
  }
  return "look up in Istio's reference of annotations what takes its place, or remove it";
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
  diagnostic.help = way_out(pass, use);
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
