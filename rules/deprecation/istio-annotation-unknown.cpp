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

std::string_view group_of(std::string_view name) {
  return name.substr(0, name.find('/'));
}

// Whether a word is another one but for a slip of the pen; short words mean many things.
bool is_near(std::string_view word, std::string_view other) {
  constexpr std::size_t telling = 6;
  return word.size() >= telling && !closest_word(word, {other}).empty();
}

// Whether a name differs from a registered one in the letters' case, a slip in one of its parts, or its group.
bool may_mean(std::string_view name, std::string_view registered) {
  constexpr std::size_t telling = 12;  // shorter names mean other things in other groups
  const auto local = local_name(name);
  const auto other = local_name(registered);
  if (local.size() >= telling && equals_ignoring_case(local, other)) return true;
  if (group_of(name) == group_of(registered)) return is_near(local, other);
  return local == other && is_near(group_of(name), group_of(registered));
}

// The registered annotation that a name surely means; empty for none. The injector reads some names that nobody
// registers, so a name that is near to none says nothing.
std::string_view meant_by(const Pass& pass, const AnnotationUse& use) {
  std::vector<std::string_view> near;
  for (const auto& [name, annotation] : pass.policy().istio_annotations().annotations) {
    const bool is_current = belongs_on(annotation, use.kind) && !annotation.deprecated_since;
    if (is_current && may_mean(use.name, name)) near.push_back(name);
  }
  return near.size() == 1 ? near.front() : closest_word(use.name, near);
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
