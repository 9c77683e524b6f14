// Which cluster definitions may govern a file, and why.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "linter/cluster.h"
#include "linter/configuration.h"
#include "linter/manifests.h"

namespace meshlint {

// What made clusters govern a file, the surest first.
enum class GovernedBy : std::uint8_t {
  configuration,  // the configuration file's `clusters`
  link,           // something names the cluster that a path is applied to: a Flux configuration, an Argo CD destination
  definition_above,  // the clusters are defined in the file's folder or the nearest one above it
  applied_from,  // a Flux Kustomization, an Argo CD Application or a kustomize overlay of a governed folder includes it
  folder_name,   // a folder of the path has the cluster's name
  definition_below,  // the clusters defined in the smallest folder around the file: which of them is not known
};

// The clusters that may govern a file; empty when the repository defines none.
struct Governance {
  std::vector<const ClusterDefinition*> clusters;  // in the order of the definitions
  GovernedBy reason = GovernedBy::definition_below;
  Node place;  // what says so, for a configuration entry, a link or an inclusion; missing for others

  // Whether the clusters are those that the file is applied to, and not only the ones it could be applied to.
  bool is_certain() const { return reason != GovernedBy::definition_below && reason != GovernedBy::folder_name; }
};

// Answers for every file. Of several reasons the surest counts; definitions in a nearer folder beat those further up.
class Governances {
 public:
  // The manifests, clusters and configuration must outlive this. `remotes` are the addresses of the repository itself.
  Governances(const Manifests& manifests, const std::vector<ClusterDefinition>& clusters,
              const Configuration& configuration, const std::vector<std::string>& remotes);

  // For a file of the repository, by its path. Remembers what applies which path, so it is not for several threads.
  Governance of(std::string_view path) { return find(path); }

  // Names of the linted repository, as its addresses end; empty where nothing says them.
  const std::set<std::string, std::less<>>& own_repositories() const { return own_repositories_; }

  // The largest folder around a folder that holds no cluster definition; the folder itself when it holds one.
  std::string territory_of(std::string_view folder) const;

 private:
  using Clusters = std::vector<const ClusterDefinition*>;

  // Something that applies a path: from where, or to which clusters if it names them.
  struct Application {
    std::string from;   // the folder of the file that says so
    Clusters clusters;  // those it names
    Node place;
  };

  void find_own_sources(const Manifests& manifests, const std::vector<std::string>& remotes);
  bool is_own_address(Node address) const;
  bool is_own_flux_source(const Resource& kustomization) const;
  void read_links(const Manifests& manifests);
  void add_flux_kustomization(const Resource& resource);
  void add_argo_application(const Resource& resource);
  void add_application(std::string_view path, Application application);
  Clusters named(std::string_view name) const;
  bool find_configured(std::string_view path, Governance& result) const;
  Governance find_defined(std::string_view path) const;
  Governance find(std::string_view path);
  bool is_applied(std::string_view path) const;
  const Governance* applied(std::string_view path);
  std::optional<Governance> resolve(const std::vector<Application>& applications);
  static void narrow_by_name(std::string_view path, Governance& result);
  void find_by_name(std::string_view path, Governance& result) const;

  const std::vector<ClusterDefinition>* clusters_;
  const Configuration* configuration_;
  std::map<std::string, Clusters, std::less<>> by_folder_;
  std::set<std::string, std::less<>> own_repositories_;  // names of the repository, as its addresses end
  std::set<std::string, std::less<>> own_flux_sources_;  // names of GitRepository objects that stand for it
  std::map<std::string, std::vector<Application>, std::less<>> applications_;  // by the path of a file or folder
  // What the applications of a path come to; nothing where that is not known, or is being found out.
  std::map<std::string, std::optional<Governance>, std::less<>> applied_;
};

// The name at the end of a repository's address: "shop" of git@example.com:team/shop.git.
std::string repository_name(std::string_view address);

// Whether a folder is another one or stands in it; every folder stands in the root, which is empty.
bool is_inside(std::string_view folder, std::string_view outer);

}  // namespace meshlint
