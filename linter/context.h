// Which cluster and which revisions govern a resource, and whether the add-on runs there.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "linter/cluster.h"
#include "linter/manifests.h"
#include "linter/options.h"
#include "linter/policy.h"

namespace meshlint {

// The revisions that may govern a resource.
struct Candidates {
  enum class Source : std::uint8_t {
    unknown,   // nothing says which
    flag,      // --revision
    cluster,   // the governing cluster definitions state them
    resource,  // the resource's own name or label
  };
  Source source = Source::unknown;
  std::vector<Minor> revisions;  // ascending, distinct; empty exactly when unknown
  bool complete = false;         // the cluster states all of them as literals: no other revision can be there
};

class Context {
 public:
  Context(const Manifests& manifests, std::vector<ClusterDefinition> clusters, const Policy& policy,
          const Options& options);

  const Manifests& manifests() const { return *manifests_; }
  const std::vector<ClusterDefinition>& clusters() const { return clusters_; }
  const Policy& policy() const { return *policy_; }
  const Options& options() const { return *options_; }
  Date as_of() const { return options_->as_of; }

  // The clusters that may govern a file: those defined in the nearest folder on the way up to the root; if none is
  // defined there, those in the smallest enclosing folder that holds any definition further down. A sole definition
  // therefore governs everything. Empty when there is none.
  std::vector<const ClusterDefinition*> governing(const SourceFile& file) const;

  // Whether the add-on runs where this file is applied.
  bool has_add_on(const SourceFile& file) const;

  Candidates candidates(const Resource& resource) const;

  // The Kubernetes version and plan of a cluster, flags first.
  Fact<std::string> kubernetes_version(const ClusterDefinition& cluster) const;
  Fact<std::string> support_plan(const ClusterDefinition& cluster) const;

 private:
  const Manifests* manifests_;
  std::vector<ClusterDefinition> clusters_;
  const Policy* policy_;
  const Options* options_;
  std::map<std::string, std::vector<const ClusterDefinition*>, std::less<>> clusters_by_folder_;
  // ... evidence, filled by the constructor
  struct Evidence {
    bool add_on = false;
    bool self_managed = false;
  };
  std::map<std::string, Evidence, std::less<>> evidence_by_folder_;
};

}  // namespace meshlint
