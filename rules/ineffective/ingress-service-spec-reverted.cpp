#include <algorithm>

#include "linter/words.h"
#include "rules/gateways.h"

namespace meshlint::rules {
namespace {

std::string way_out(const Pass& pass, const std::vector<Node>& fields) {
  const IngressService& table = pass.policy().ingress_service();
  std::vector<std::string> ways;
  for (const Node field : fields) {
    const auto name = field.key().text();
    const auto found = table.substitutes.find(name);
    if (found != table.substitutes.end() && table.allows(found->second, pass.context().as_of())) {
      ways.push_back(fmt::format("set the annotation {} instead of {}", found->second, name));
    }
  }
  const std::string_view what = fields.size() == 1 ? "remove it" : "remove these fields";
  return ways.empty() ? std::string(what) : fmt::format("{}; {}", what, list_words(ways));
}

// Whether a field only says what AKS makes the Service anyway.
bool is_as_made(const IngressService& table, Node field) {
  const auto name = field.key().text();
  const auto is_exposed = [&table](Node port) {
    const auto number = whole_number(port["port"]);
    return number && std::ranges::find(table.exposed_ports, *number) != table.exposed_ports.end();
  };
  if (const auto made = table.as_made.find(name); made != table.as_made.end()) return field.text() == made->second;
  return name == "ports" && std::ranges::all_of(field.items(), is_exposed);
}

void check_spec(Pass& pass, const Resource& service) {
  const IngressService& table = pass.policy().ingress_service();
  std::vector<Node> reverted;
  std::vector<std::string> names;
  for (const Entry& entry : service.root["spec"].entries()) {
    const auto known = table.spec.find(entry.key.text());
    const bool is_allowed =
        known != table.spec.end() && known->second.at(pass.context().as_of()) != FieldSupport::blocked;
    if (is_allowed || entry.key.unresolved() || entry.value.is_null() || entry.value.unresolved()) continue;
    if (is_as_made(table, entry.value)) continue;
    reverted.push_back(entry.value);
    names.push_back(fmt::format("spec.{}", entry.key.text()));
  }
  if (reverted.empty()) return;
  std::vector<std::string> allowed;
  for (const auto& [name, support] : table.spec) {
    if (support.at(pass.context().as_of()) != FieldSupport::blocked) allowed.push_back(name);
  }
  const std::string rest = allowed.empty() ? "nothing of its spec can be changed"
                                           : fmt::format("of its spec only {} can be changed", list_words(allowed));
  Diagnostic& diagnostic = pass.report_key(
      reverted.front(),
      fmt::format("AKS reverts {} of the managed ingress gateway's Service: {}", list_words(names), rest));
  diagnostic.citation = table.spec_citation;
  diagnostic.help = way_out(pass, reverted);
}

void check(Pass& pass) {
  for (const IngressServiceManifest& manifest : ingress_service_manifests(pass)) check_spec(pass, *manifest.service);
}

}  // namespace

extern constexpr Rule ingress_service_spec_reverted = {
    .code = "MSH4013",
    .name = "ingress-service-spec-reverted",
    .family = Family::ineffective,
    .severity = Severity::warning,
    .summary = "A field of a managed ingress gateway's Service that AKS reverts",
    .why =
        "AKS makes and reconciles the Services of the managed ingress gateways. Apart from externalTrafficPolicy, what "
        "a manifest says of type, ports or addresses is accepted and set back without a word.",
    .fix = "leave the spec to AKS",
    .page = "istio-deploy-ingress",
    .check = check,
};

}  // namespace meshlint::rules
