#include <algorithm>

#include "linter/words.h"
#include "rules/calendar.h"
#include "rules/charts.h"
#include "rules/gateways.h"

namespace meshlint::rules {
namespace {

// A bundle of Gateway API definitions that a file holds or names.
struct Bundle {
  Node channel;  // what says so, or the annotation
  Node version;
  std::string_view channel_name;
  std::string_view version_name;
};

// The definitions of a file; one stands for all, as they are of one bundle.
void add_definitions(const Pass& pass, std::vector<Bundle>& bundles) {
  std::set<const SourceFile*> seen;
  for (const Resource* definition : pass.manifests().of("apiextensions.k8s.io", "CustomResourceDefinition")) {
    if (definition->root["spec"]["group"].text() != gateway_api_group || definition->partial) continue;
    if (pass.manifests().may_be_patched(*definition) || !seen.insert(&definition->file()).second) continue;
    const Node annotations = definition->root["metadata"]["annotations"];
    const Node channel = annotations["gateway.networking.k8s.io/channel"];
    const Node version = annotations["gateway.networking.k8s.io/bundle-version"];
    if (channel.unresolved() || version.unresolved()) continue;
    bundles.push_back({channel, version, channel.text(), version.text()});
  }
}

// The tag in an address, as a release's folder or a reference to Git.
std::string_view tag_in(std::string_view address) {
  for (const std::string_view before : {"/download/", "ref="}) {
    const auto at = address.find(before);
    if (at == std::string_view::npos) continue;
    const auto tag = address.substr(at + before.size());
    return tag.substr(0, tag.find_first_of("/&"));
  }
  return {};
}

// What kustomizations take from the project's own repository.
void add_remote_bundles(const Pass& pass, std::vector<Bundle>& bundles) {
  for (const InputFile& file : pass.manifests().files()) {
    if (!is_kustomization_file(file.source->path()) || file.parsed.documents.empty()) continue;
    for (const Node item : file.parsed.documents.front()->root()["resources"].items()) {
      const auto address = item.text();
      if (item.unresolved() || address.find("kubernetes-sigs/gateway-api/") == std::string_view::npos) continue;
      const bool is_experimental = address.find("experimental") != std::string_view::npos;
      bundles.push_back({item, item, is_experimental ? "experimental" : "", tag_in(address)});
    }
  }
}

// The clusters that a file may go to, when all of them have the managed installation.
std::vector<const ClusterDefinition*> managed_clusters(const Pass& pass, const SourceFile& file) {
  const auto& clusters = pass.context().governing(file);
  const bool all = std::ranges::all_of(clusters, [](const auto* cluster) {
    const Fact<std::string>& installation = cluster->gateway_api_installation;
    return installation.has_value() && installation.value == "Standard";
  });
  if (!all || !pass.context().has_add_on(file)) return {};
  return clusters;
}

// The bundle that AKS manages on a cluster; null when it is not known.
const GatewayBundle* managed_bundle(const Pass& pass, const ClusterDefinition& cluster) {
  const Fact<std::string> version = pass.context().kubernetes_version(cluster);
  const auto minor = version.has_value() ? parse_minor(version.value) : std::nullopt;
  if (!minor || is_beyond_data(pass.policy(), *minor)) return nullptr;
  return pass.policy().gateway_api().bundle_for(*minor);
}

// Whether a bundle is of another minor version than the one that AKS manages. One that is newer than all that the
// policy knows may have come to AKS since.
bool is_other(const Pass& pass, std::string_view version, const GatewayBundle* managed) {
  const auto minor = parse_minor(version);
  const auto& bundles = pass.policy().gateway_api().bundles;
  if (!minor || managed == nullptr || *minor > parse_minor(bundles.back().version)) return false;
  return parse_minor(managed->version) != minor;
}

void finish(const Pass& pass, const ClusterDefinition& cluster, Diagnostic& diagnostic, bool by_version) {
  diagnostic.notes.push_back(
      note_at(cluster.gateway_api_installation.node, fmt::format("{} has the managed Gateway API", describe(cluster))));
  std::vector<Premise> premises = {{"installation", cluster.gateway_api_installation.known}};
  if (by_version) premises.push_back({"Kubernetes version", pass.context().kubernetes_version(cluster).known});
  soften_if_defaulted(diagnostic, premises);
}

void check_bundle(Pass& pass, const Charts& charts, const Bundle& bundle) {
  if (charts.use_of(*bundle.channel.file()) == ChartUse::vendored) return;
  const GatewayApi& table = pass.policy().gateway_api();
  const auto clusters = managed_clusters(pass, *bundle.channel.file());
  if (clusters.empty()) return;
  const ClusterDefinition& cluster = *clusters.front();
  const GatewayBundle* managed = managed_bundle(pass, cluster);
  if (!bundle.channel_name.empty() && bundle.channel_name != table.channel) {
    Diagnostic& diagnostic = pass.report(
        bundle.channel, fmt::format("Gateway API definitions of channel {} are not allowed beside the managed ones, "
                                    "which are of channel {}",
                                    quoted(bundle.channel_name), table.channel));
    diagnostic.citation = table.channel_citation;
    finish(pass, cluster, diagnostic, false);
    soften_if_open(charts, diagnostic);
    return;
  }
  const bool all_differ = std::ranges::all_of(
      clusters, [&](const auto* one) { return is_other(pass, bundle.version_name, managed_bundle(pass, *one)); });
  if (!all_differ) return;
  Diagnostic& diagnostic = pass.report(
      bundle.version,
      fmt::format("Gateway API definitions {} do not fit Kubernetes {}, where AKS manages {}",
                  quoted(bundle.version_name), pass.context().kubernetes_version(cluster).value, managed->version));
  diagnostic.citation = table.bundles_citation;
  finish(pass, cluster, diagnostic, true);
  soften_if_open(charts, diagnostic);
}

void check(Pass& pass) {
  std::vector<Bundle> bundles;
  add_definitions(pass, bundles);
  add_remote_bundles(pass, bundles);
  const Charts charts(pass);
  for (const Bundle& bundle : bundles) check_bundle(pass, charts, bundle);
}

}  // namespace

extern constexpr Rule gateway_api_crds_mismatch = {
    .code = "MSH1006",
    .name = "gateway-api-crds-mismatch",
    .family = Family::compatibility,
    .severity = Severity::error,
    .summary = "Gateway API definitions that do not go with those that AKS manages",
    .why =
        "With the managed Gateway API, AKS installs the resource definitions, of the standard channel and in the "
        "version that belongs to the cluster's Kubernetes version. Definitions of another channel or version must be "
        "gone before it can be enabled, and are replaced or fought over afterwards.",
    .fix = "remove these definitions: AKS installs its own and upgrades them with the cluster",
    .page = "managed-gateway-api",
    .check = check,
};

}  // namespace meshlint::rules
