// Which cluster and which revisions govern a resource, and whether the add-on runs there.
#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "linter/cluster.h"
#include "linter/governance.h"
#include "linter/manifests.h"
#include "linter/options.h"
#include "linter/policy.h"

namespace meshlint {

// The revisions that may govern a resource.
struct Candidates {
  enum class Source : std::uint8_t {
    unknown,   // nothing says which
    flag,      // --revision
    cluster,   // the governing cluster definitions list them
    resource,  // the resource's own name or label
  };
  Source source = Source::unknown;
  std::vector<Minor> revisions;  // ascending, distinct; empty exactly when unknown
  bool complete = false;         // no other revision can be there: all governing definitions list theirs in full
  bool defaulted = false;        // some rest on a parameter's default
};

class Context {
 public:
  // The manifests, clusters, policy and options must outlive the context. `governances` is asked about every file here,
  // and not any more.
  Context(const Manifests& manifests, const std::vector<ClusterDefinition>& clusters,
          const Configuration& configuration, Governances governances, const Policy& policy, const Options& options);

  const Manifests& manifests() const { return *manifests_; }
  const std::vector<ClusterDefinition>& clusters() const { return *clusters_; }
  const Policy& policy() const { return *policy_; }
  const Options& options() const { return *options_; }
  Date as_of() const { return options_->as_of; }

  // The clusters that may govern a file, and why.
  const Governance& governance(const SourceFile& file) const { return governance_by_file_.find(&file)->second; }
  const std::vector<const ClusterDefinition*>& governing(const SourceFile& file) const {
    return area_of(file).clusters;
  }

  // Whether a repository's address is that of the linted one; nothing where nothing says the addresses of that.
  std::optional<bool> is_own_repository(std::string_view address) const;

  // Whether the add-on runs where the file is applied: the governing clusters turn it on, or something in the area they
  // govern can only belong to the add-on. What the configuration says of the file's cluster wins. Around a self-managed
  // Istio, in the largest folder without a cluster definition, only what stands in the file's own folder counts, unless
  // it is certain which cluster the file goes to.
  bool has_add_on(const SourceFile& file) const;

  // The revisions that may govern a file, by the command line and the clusters; and those of a resource, by its own
  // name or label where nothing else says them.
  Candidates candidates(const SourceFile& file) const;
  Candidates candidates(const Resource& resource) const;

  // What is known of a cluster's version and plan; the command line wins over the definition.
  Fact<std::string> kubernetes_version(const ClusterDefinition& cluster) const;
  Fact<std::string> support_plan(const ClusterDefinition& cluster) const;

  // "Gateway shop/web" or "cluster shop-prod": what a node stands in; empty when it stands in neither.
  std::string describe(Node node) const;

 private:
  // The files that the same clusters govern.
  struct Area {
    std::vector<const ClusterDefinition*> clusters;
    bool is_certain = false;         // that the files go to these clusters
    std::optional<bool> configured;  // whether the configuration says that the add-on runs there
    bool has_evidence = false;       // of the add-on
  };

  void make_areas(Governances& governances, const Configuration& configuration);
  void collect_evidence(const Governances& governances);
  const Area& area_of(const SourceFile& file) const;

  const Manifests* manifests_;
  const std::vector<ClusterDefinition>* clusters_;
  const Policy* policy_;
  const Options* options_;
  std::unordered_map<const SourceFile*, Governance> governance_by_file_;
  std::set<std::string, std::less<>> own_repositories_;  // names
  std::vector<Area> areas_;
  std::unordered_map<const SourceFile*, std::size_t> area_by_file_;
  std::set<std::string, std::less<>> evidence_folders_;  // where something shows that the add-on runs
  std::set<std::string, std::less<>> foreign_folders_;   // territories of a self-managed Istio
};

// The revision a cluster's `revisions` entry or a label's value names; nothing for tags and other text.
std::optional<Minor> revision_label(const Resource& resource);

// "cluster shop-prod", or "the cluster" when its name is not known.
std::string describe(const ClusterDefinition& cluster);

}  // namespace meshlint
