#include <algorithm>

#include "linter/cluster_body.h"

namespace meshlint {
namespace {

bool contains_ignoring_case(std::string_view text, std::string_view wanted) {
  for (std::size_t at = 0; at + wanted.size() <= text.size(); ++at) {
    if (equals_ignoring_case(text.substr(at, wanted.size()), wanted)) return true;
  }
  return false;
}

// Whether an object is a cluster as `az aks show` prints it, or as Azure's API does (`az resource show`).
bool is_cluster(Node object) {
  const Setting fields(object);
  const Node api_version = fields["apiVersion"].node();  // a date in what Azure prints, never a group and a version
  return !fields["$schema"].node() && (api_version.is_null() || api_version.text().starts_with("20")) &&
         is_cluster_type(fields["type"].node().text()) &&
         contains_ignoring_case(fields["id"].node().text(), "/providers/Microsoft.ContainerService/managedClusters/") &&
         (fields["agentPoolProfiles"].node() || fields["properties"].node().is_mapping());
}

ClusterDefinition read_cluster(Node object) {
  const Setting fields(object);
  const Setting properties = fields["properties"];
  const bool is_flat = !properties.node().is_mapping();
  const Setting& body = is_flat ? fields : properties;

  ClusterDefinition cluster;
  cluster.format = is_flat ? "az aks show output" : "az resource show output";
  cluster.place = object;
  cluster.name = fields["name"].text();
  cluster.api_version = fields["apiVersion"].text();
  // What `az aks show` prints comes from whichever version the tool speaks, and does not say so.
  if (cluster.api_version.known == Known::unstated) cluster.api_version.known = Known::unresolved;
  read_sku(fields["sku"], cluster);
  read_body(body, cluster);
  const auto running = read_version(body["currentKubernetesVersion"]);
  if (running.known != Known::unstated) cluster.kubernetes_version = running;
  return cluster;
}

void read_list(Node list, std::vector<ClusterDefinition>& clusters) {
  for (const Node item : list.items()) {
    if (is_cluster(item)) clusters.push_back(read_cluster(item));
  }
}

}  // namespace

void read_az_output(const Document& document, std::vector<ClusterDefinition>& clusters) {
  const Node root = document.root();
  if (is_cluster(root)) {
    clusters.push_back(read_cluster(root));
    return;
  }
  read_list(root, clusters);           // az aks list
  read_list(root["value"], clusters);  // az rest
  read_list(root["data"], clusters);   // az graph query
}

}  // namespace meshlint
