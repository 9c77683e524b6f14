#include <algorithm>

#include "linter/ascii.h"
#include "linter/fix.h"
#include "linter/words.h"
#include "rules/istio-annotations.h"

namespace meshlint::rules {
namespace {

std::string_view local_name(std::string_view name) {
  return name.substr(name.find('/') + 1);
}

// The registered annotation that a name surely means: the same but for its letters' case or its group, or a slip of the
// pen away. The injector reads some names that nobody registers, so a name that is near to none says nothing.
std::string_view meant_by(const Pass& pass, const AnnotationUse& use) {
  constexpr std::size_t telling = 12;  // characters: shorter names mean other things in other groups
  std::vector<std::string_view> known;
  std::vector<std::string_view> alike;
  for (const auto& [name, annotation] : pass.policy().istio_annotations().annotations) {
    if (!belongs_on(annotation, use.kind) || annotation.deprecated_since) continue;
    known.push_back(name);
    const auto local = local_name(name);
    if (local.size() >= telling && equals_ignoring_case(local, local_name(use.name))) alike.push_back(name);
  }
  if (alike.size() == 1) return alike.front();
  return alike.empty() ? closest_word(use.name, known) : std::string_view();
}

void report_misspelt(Pass& pass, const AnnotationUse& use, std::string_view meant, const IstioMinors& minors) {
  Diagnostic& diagnostic =
      pass.report_key(use.value, fmt::format("Istio has no annotation {}: it has no effect", quoted(use.name)));
  diagnostic.help = fmt::format("did you mean {}? (Then it starts to take effect)", quoted(meant));
  diagnostic.citation = pass.policy().istio_annotations().citation;
  soften_if_defaulted(diagnostic, minors);
  const bool is_stated = static_cast<bool>(use.value.parent()[meant]);
  if (!is_stated) diagnostic.fix = fix_by(fmt::format("write {}", meant), false, replace_key(use.value, meant));
}

void report_gone(Pass& pass, const AnnotationUse& use, const IstioAnnotation& annotation, const IstioMinors& minors) {
  Diagnostic& diagnostic = pass.report_key(
      use.value,
      fmt::format("annotation {} is no longer known in {}: it has no effect", quoted(use.name), istio_words(minors)));
  diagnostic.notes.push_back(note(fmt::format("Istio {} was the last to know it", to_string(annotation.last))));
  diagnostic.help = "remove it";
  diagnostic.citation = annotation.citation;
  soften_if_defaulted(diagnostic, minors);
}

void check_use(Pass& pass, const AnnotationUse& use) {
  const IstioMinors minors = annotation_minors(pass, *use.resource);
  if (minors.minors.empty()) return;
  if (const IstioAnnotation* annotation = find_annotation(pass, use.name)) {
    const bool is_gone = minors.known && annotation->last < minors.minors.front();
    if (is_gone && belongs_on(*annotation, use.kind) && use.kind == "Pod") {
      report_gone(pass, use, *annotation, minors);
    }
    return;
  }
  // A label that was written as an annotation is no misspelt annotation.
  if (pass.policy().istio_annotations().labels.contains(use.name)) return;
  if (const auto meant = meant_by(pass, use); !meant.empty()) report_misspelt(pass, use, meant, minors);
}

void check(Pass& pass) {
  for_each_annotation(pass, [&pass](const AnnotationUse& use) { check_use(pass, use); });
}

}  // namespace

extern constexpr Rule istio_annotation_unknown = {
    .code = "MSH2009",
    .name = "istio-annotation-unknown",
    .family = Family::deprecation,
    .severity = Severity::warning,
    .summary = "A misspelt annotation of Istio, or one that Istio no longer knows",
    .why =
        "Istio passes over annotations that it does not know, without any error: traffic is not kept out of the "
        "sidecar, resources are not set, and the pod looks as if all were well.",
    .fix = "correct the name, or remove the annotation",
    .page = "istio-definitions",
    .check = check,
};

}  // namespace meshlint::rules
