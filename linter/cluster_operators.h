// Clusters that are made by operators in Kubernetes, by Pulumi or by command lines.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "linter/cluster.h"
#include "linter/manifests.h"

namespace meshlint {

// An object of the Azure Service Operator, applied as it is or inside an object of Cluster API.
struct ServiceOperatorObject {
  Node root;
  std::string_view name_space{};               // empty when not stated
  Known certainty = Known::stated;             // unresolved where a patch may change it
  bool has_final_name = true;                  // false for a template of objects
  std::optional<Fact<std::string>> version{};  // the Kubernetes version that whatever holds the object gives it
  Fact<std::string> cluster_api_name{};        // of the Cluster that holds the object, if any
  std::string_view owner{};  // of a pool that does not state its own: the name of the cluster's object
};

// Whether an object belongs to the Azure Service Operator's part for AKS.
bool is_service_operator_object(Node root);

// Appends the clusters among the objects, and gives them those pools that name them as their owners.
void read_service_operator_objects(std::span<const ServiceOperatorObject> objects,
                                   std::vector<ClusterDefinition>& clusters);

// Turns `v1api20240402preview` and `v20240901` into the API version they mirror: 2024-04-02-preview, 2024-09-01.
std::optional<std::string> to_api_version(std::string_view version);

// Each of these appends the clusters that manifests of one tool define.
void read_service_operator_clusters(const Manifests& manifests, std::vector<ClusterDefinition>& clusters);
void read_cluster_api_clusters(const Manifests& manifests, MadeDocuments& made,
                               std::vector<ClusterDefinition>& clusters);

// What is wrong with the text of patches in an object of Cluster API; nothing for any other document.
std::vector<Problem> problems_in_cluster_api_patches(Node root);

void read_crossplane_clusters(const Manifests& manifests, MadeDocuments& made,
                              std::vector<ClusterDefinition>& clusters);

// Reads programs of Pulumi in YAML, with the values that the files of their stacks give them: each stack gives a
// definition of its own. The documents are those of all folders.
void read_pulumi_clusters(std::span<const Document* const> documents, std::vector<ClusterDefinition>& clusters);

// Whether a path names the file of a stack of Pulumi.
bool is_pulumi_stack(std::string_view path);

// Reads `az aks …` command lines in the scripts of workflows (GitHub, Azure DevOps, GitLab).
void read_command_line_clusters(std::span<const Document* const> documents, MadeDocuments& made,
                                std::vector<ClusterDefinition>& clusters);

}  // namespace meshlint
