#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "linter/cluster_body.h"

namespace meshlint {
namespace {

constexpr std::string_view group = "containerservice.azure.com/";

// Turns `v1api20240402preview` and `v20240901` into the API version they mirror: 2024-04-02-preview, 2024-09-01.
std::optional<std::string> to_api_version(std::string_view version) {
  for (const std::string_view prefix : {"v1api", "v1beta", "v1alpha1api", "v"}) {
    if (!version.starts_with(prefix)) continue;
    const auto date = version.substr(prefix.size());
    const auto suffix = date.substr(std::min<std::size_t>(date.size(), 8));
    const bool is_date =
        date.size() >= 8 && date.substr(0, 8).find_first_not_of("0123456789") == std::string_view::npos;
    if (!is_date || (!suffix.empty() && suffix != "preview")) continue;
    return fmt::format("{}-{}-{}{}", date.substr(0, 4), date.substr(4, 2), date.substr(6, 2),
                       suffix.empty() ? "" : "-preview");
  }
  return std::nullopt;
}

Fact<std::string> read_api_version(Node node) {
  const auto version = to_api_version(node.text().substr(group.size()));
  return {version ? Known::stated : Known::unresolved, version.value_or(""), node};
}

}  // namespace

void read_service_operator(Node resource, std::vector<ClusterDefinition>& clusters, Known certainty) {
  const Node api_version = resource["apiVersion"];
  if (!api_version.text().starts_with(group) || resource["kind"].text() != "ManagedCluster") return;

  ClusterDefinition cluster;
  cluster.format = "Azure Service Operator";
  cluster.place = resource;
  cluster.api_version = read_api_version(api_version);
  // Patches hardly ever rename a cluster.
  cluster.name = Setting(resource["spec"]["azureName"]).text();
  if (cluster.name.known == Known::unstated) cluster.name = Setting(resource["metadata"]["name"]).text();
  const Setting spec(resource["spec"], certainty);
  read_sku(spec["sku"], cluster);
  read_body(spec, cluster);
  clusters.push_back(std::move(cluster));
}

}  // namespace meshlint
