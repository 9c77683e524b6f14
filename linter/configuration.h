// The configuration file `.meshlint.yaml`: what people say of their clusters.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linter/cluster.h"
#include "linter/discover.h"
#include "linter/manifests.h"

namespace meshlint {

inline constexpr std::string_view configuration_file_name = ".meshlint.yaml";

// Whether a file of this path is a configuration.
bool is_configuration_file(std::string_view path);

// One entry of `clusters`: a cluster, where it is defined or what is known of it, and the files that are applied to it.
struct ConfiguredCluster {
  Node node;  // the entry
  Node name;
  Node definition;             // path of the file or folder that defines it
  IgnoreFile paths{""};        // globs as in .gitignore, relative to the configuration file's folder
  std::optional<bool> add_on;  // whether the Istio add-on runs there
  // What the entry states itself, for what the definition does not say.
  Fact<std::string> kubernetes_version;
  Fact<std::string> support_plan;
  std::vector<Fact<std::string>> revisions;
  std::vector<std::size_t> definitions;  // which of the run's clusters it means, once they are matched
};

// What the configuration files of a repository say.
struct Configuration {
  struct File {
    std::string folder;  // relative to the root
    std::vector<ConfiguredCluster> clusters;
  };
  std::vector<File> files;  // those in deeper folders first

  // The entry whose paths hold a file, by its path relative to the root: of the nearest configuration file above it
  // that has one. Null for none.
  const ConfiguredCluster* cluster_of(std::string_view path) const;
};

// Reads every `.meshlint.yaml`. Throws UsageError, whose text holds every positioned mistake, when one cannot be read
// or says something that meshlint does not know.
Configuration read_configuration(const std::vector<InputFile>& files);

// Finds the definition of each configured cluster, adds to it what only the entry states, and appends a definition for
// an entry that has none. Throws UsageError for an entry whose definition is not there.
void match_clusters(Configuration& configuration, std::vector<ClusterDefinition>& clusters);

}  // namespace meshlint
