// What an upgrade means for one cluster of a repository: the plan, the files to change and what the rules will say.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "linter/engine.h"
#include "linter/upgrade_plan.h"

namespace meshlint {

// What `meshlint upgrade` is asked.
struct UpgradeRequest {
  std::string cluster;  // --cluster; empty: not given
  UpgradeGoal goal;     // --to and --kubernetes
  bool deadline = false;
};

// A place in a file to change at a step.
struct FileChange {
  enum class Kind : std::uint8_t {
    add_config_map,     // a copy of the one here, under another name
    remove_config_map,  // nothing reads it any more
    add_revision,       // to the list in the cluster's definition, behind the one here
    remove_revision,    // from that list
    set_version,        // Kubernetes' in the definition of the cluster or of a node pool
    move,               // a label, or a value that stands for one
    rename,             // an object that is named after its revision
  };
  Kind kind = Kind::move;
  Place place;
  std::string from;  // as written
  std::string to;
  std::string object;      // "Namespace shop"; empty when there is none
  bool is_shared = false;  // other clusters may use the file as well
  bool is_new = false;     // what to change was added by an earlier step: the place is that of its model
  std::optional<Place> listed = std::nullopt;  // where a kustomization lists the file of a ConfigMap
};

// An error or a warning that the files do not have before a step.
struct PlannedFinding {
  Diagnostic finding;
  std::optional<std::size_t> mended_by;  // the number of the later step after which it is gone by itself
};

// A step, and what comes with it.
struct PlannedStep {
  UpgradeStep step;
  std::vector<FileChange> changes;
  std::vector<Reason> effects;  // defaults that change, features that come or go
  std::vector<PlannedFinding> appearing;
  std::size_t disappearing = 0;  // errors and warnings that go away by themselves
};

// A plan for a cluster.
struct UpgradeOutline {
  std::string cluster;       // its name; empty when it is not known
  std::vector<Node> places;  // its definitions
  ClusterState start;
  ClusterState end;
  Plan plan = Plan::standard;
  std::vector<std::string> notes;  // sentences on what the plan rests on and leaves out
  bool has_gateways = false;       // of ingress or egress, as far as the definition says
  std::vector<PlannedStep> steps;
};

// Throws UsageError, in one sentence that says what is missing and which option gives it, where a plan cannot be made.
UpgradeOutline outline_upgrade(const Repository& repository, const Inputs& inputs, const Options& options,
                               const UpgradeRequest& request, std::span<const Rule* const> rules);

}  // namespace meshlint
