// Terraform's files: which they are, the blocks in them, and the Kubernetes manifests that they hold.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "linter/tree.h"

namespace meshlint {

// Whether a path names a file of Terraform's configuration or variable values, in its language or in JSON.
bool is_terraform_file(std::string_view path);

// Whether a path names a file of variable values.
bool is_terraform_values_file(std::string_view path);

// A place in configuration as Terraform writes it, from its dotted path: without the number of a top-level block, and
// with `resource` left unsaid.
std::string terraform_address(std::string_view path);

// Whether a text of Terraform may define a cluster, or hold Kubernetes manifests or releases of Helm charts.
bool speaks_of_cluster(std::string_view terraform);
bool speaks_of_manifests(std::string_view terraform);

// Whether a text of Terraform calls modules that stand beside it.
bool calls_local_modules(std::string_view terraform);

// A block with its labels, as the language and JSON write it.
struct TerraformBlock {
  std::vector<Node> labels;
  Node body;

  std::string_view label(std::size_t index) const { return labels[index].text(); }
};

// The blocks of one type in a body, with so many labels each; a list stands for several.
std::vector<TerraformBlock> blocks_of(Node body, std::string_view type, std::size_t label_count);

// Whether a block says that nothing is made of it.
bool is_turned_off(Node block);

// The bodies of the releases of Helm charts that configuration makes, or may.
std::vector<Node> helm_releases_in_terraform(Node configuration);

// The nearest of the folders in or around that of a path; nothing where there is none.
std::optional<std::string_view> nearest_folder(std::string_view path, const std::set<std::string_view>& folders);

// What Terraform's configuration holds of Kubernetes.
struct TerraformManifests {
  // A resource of a type of its own, whose `metadata` is a block.
  struct Typed {
    std::string_view kind;
    Node body;
    bool partial = false;  // it changes an object that something else makes
    std::string_view api_version = "v1";
  };

  std::vector<Node> texts;    // strings and heredocs of YAML
  std::vector<Node> objects;  // manifests written as objects of the language
  std::vector<Typed>
      typed;  // ConfigMaps, Namespaces, Secrets, autoscalers; annotations of Services, labels of Namespaces
};

TerraformManifests manifests_in_terraform(const Document& configuration);

}  // namespace meshlint
