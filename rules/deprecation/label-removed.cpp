#include <algorithm>
#include <set>

#include "linter/fix.h"
#include "linter/words.h"
#include "rules/istio-fields.h"

namespace meshlint::rules {
namespace {

// Whether a mapping's entries are labels that pods must have: a key above them says so.
bool selects_pods(Node labels) {
  const auto key = labels.key().text();
  const auto above = labels.parent().key().text();
  return key == "matchLabels" || (key == "labels" && above == "workloadSelector") ||
         (key == "selector" && above == "spec");
}

// The places below a node where the old label selects pods, as a key or as the key of an expression.
void collect(Node node, std::string_view old_label, std::vector<Node>& keys, std::vector<Node>& expressions) {
  for (const Node item : node.items()) collect(item, old_label, keys, expressions);
  for (const Entry& entry : node.entries()) {
    if (entry.key.text() == old_label && selects_pods(node)) keys.push_back(entry.value);
    const bool is_expression = entry.key.text() == "key" && entry.value.text() == old_label && node["operator"];
    if (is_expression) expressions.push_back(entry.value);
    collect(entry.value, old_label, keys, expressions);
  }
}

// Pods that state the label themselves keep it.
bool has_own_pods(const Pass& pass, const std::string& old_label) {
  return std::ranges::any_of(pass.manifests().all(), [&](const auto& resource) {
    // Istio puts the labels of a Gateway's infrastructure on the pods that it makes.
    return pod_metadata(*resource)["labels"][old_label] ||
           resource->root["spec"]["infrastructure"]["labels"][old_label] ||
           pass.manifests().may_set_label(*resource, old_label);
  });
}

void report_label(Pass& pass, Node value, bool is_key, const FeatureRevision& label, const IstioMinors& minors) {
  const std::string message = fmt::format("the pods of a Gateway have no label {} in {}: this selects none",
                                          quoted(label.label), istio_words(minors));
  Diagnostic& diagnostic = is_key ? pass.report_key(value, message) : pass.report(value, message);
  diagnostic.notes.push_back(note(fmt::format("{} is the last revision with it", revision_name(*label.last))));
  diagnostic.help = fmt::format("use {} (this starts to select the pods again)", label.replacement);
  diagnostic.fix = fix_by(fmt::format("use {}", label.replacement), false,
                          is_key ? replace_key(value, label.replacement) : replace_value(value, label.replacement));
  diagnostic.citation = label.citation;
  soften_if_defaulted(diagnostic, minors);
}

void check_resource(Pass& pass, const Resource& resource, const FeatureRevision& label) {
  // What Kubernetes and Istio select pods by stands below `spec`.
  std::vector<Node> keys;
  std::vector<Node> expressions;
  collect(resource.root["spec"], label.label, keys, expressions);
  if ((keys.empty() && expressions.empty()) || !is_judged(pass, resource)) return;
  const Minor oldest = pass.policy().istio_annotations().oldest;
  const IstioMinors minors = istio_minors(pass, resource, oldest, pass.policy().istio_annotations().newest);
  if (!minors.known || minors.minors.empty() || minors.minors.front() <= *label.last) return;
  for (const Node key : keys) report_label(pass, key, true, label, minors);
  for (const Node expression : expressions) report_label(pass, expression, false, label, minors);
}

void check(Pass& pass) {
  const FeatureRevision* label = pass.policy().features().find("gateway-name-label");
  if (label == nullptr || !label->last || label->label.empty() || label->replacement.empty()) return;
  std::set<const SourceFile*> files;  // that speak of it
  for (const InputFile& file : pass.manifests().files()) {
    if (file.source->text().find(label->label) != std::string_view::npos) files.insert(file.source.get());
  }
  if (files.empty() || has_own_pods(pass, label->label)) return;
  for (const auto& resource : pass.manifests().all()) {
    if (files.contains(&resource->file())) check_resource(pass, *resource, *label);
  }
}

}  // namespace

extern constexpr Rule label_removed = {
    .code = "MSH2011",
    .name = "label-removed",
    .family = Family::deprecation,
    .severity = Severity::warning,
    .summary = "A selector by the label istio.io/gateway-name, which Istio no longer sets",
    .why =
        "Istio used to set istio.io/gateway-name on the pods that it makes for a Gateway. From asm-1-24 on it sets "
        "gateway.networking.k8s.io/gateway-name alone, so budgets, policies and monitors that select by the old label "
        "select nothing, without any error.",
    .fix = "select by gateway.networking.k8s.io/gateway-name",
    .page = "aks-changelog",
    .check = check,
};

}  // namespace meshlint::rules
