// Facts about time: which revision and which Kubernetes version is supported until when, what runs on what, and how a
// mesh gets from one revision to the next.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linter/diagnostic.h"
#include "linter/version.h"

namespace meshlint {

// The end of a support window.
struct Deadline {
  Date last_day{};        // a month means its last day
  bool expected = false;  // the page marks it as expected, not firm
  std::string text;       // as the page writes it: "~Aug 2026 (expected)"
  int slip_months = 0;    // how much later an expected one may come

  // The last day on which support may still last.
  Date latest_day() const;
};

// A row of the release calendar [istio-support-policy].
struct MeshRevision {
  Minor revision;                // the Istio minor it runs
  std::string upstream_release;  // month, as the page writes it
  std::string aks_release;
  Deadline end_of_life;
  std::optional<Deadline> aks_end_of_life;  // AKS's own, where a rule of the user's organisation sets an earlier one
  std::vector<Minor> kubernetes;            // compatible with the standard support plan, ascending
  std::vector<Minor> kubernetes_lts;        // compatible with AKSLongTermSupport, ascending
  std::optional<Date> last_seen;            // for a revision that the page has dropped: when it still had it
  Citation citation;
  Citation aks_citation;  // of `aks_end_of_life`
  Citation compatibility;

  const Deadline& end_on_aks() const { return aks_end_of_life ? *aks_end_of_life : end_of_life; }
  const Citation& end_on_aks_citation() const { return aks_end_of_life ? aks_citation : citation; }
};

struct ReleaseCalendar {
  std::vector<MeshRevision> revisions;  // ascending
  int slip_months = 0;                  // how much later than expected an end has come at most
  Citation slip_citation;
  Citation citation;
  Citation compatibility;

  const MeshRevision* find(Minor revision) const;
};

// A row of the Kubernetes calendar [supported-kubernetes-versions].
struct KubernetesVersion {
  Minor version;
  std::string upstream_release;             // month, as the page writes it; may be empty
  std::string preview;                      // month, as the page writes it; may be empty
  std::optional<Date> generally_available;  // last day of the month
  std::optional<Deadline> end_of_life;      // community support
  std::optional<Deadline> lts_end_of_life;
  std::optional<Deadline> aks_end_of_life;  // AKS's own, where rules of the user's organisation set earlier ones
  std::optional<Deadline> aks_lts_end_of_life;
  std::optional<Minor> platform_support_until;  // platform support ends when this version becomes generally available
  std::optional<Date> last_seen;                // for a version that the page has dropped: when it still had it
  Citation citation;
  Citation lts_citation;
  Citation aks_citation;  // of `aks_end_of_life` and `aks_lts_end_of_life`
  Citation aks_lts_citation;
};

struct KubernetesCalendar {
  std::vector<KubernetesVersion> versions;  // ascending
  int grace_days = 0;                       // how long after end of life AKS leaves a cluster to be upgraded
  Citation citation;
  Citation lts_citation;
  Citation grace_citation;
  int largest_skew = 0;  // minor versions that a node pool may be behind the control plane
  Minor skew_from;       // the first version of a control plane with that skew
  Citation skew_citation;
  int largest_lts_step = 0;  // minor versions that a cluster with long-term support may go forward in one upgrade
  Citation lts_step_citation;

  const KubernetesVersion* find(Minor version) const;
};

// How revisions follow each other [istio-support-policy, istio-upgrade, long-term-support].
struct RevisionRules {
  int supported_at_least = 0;  // revisions that are supported at any time
  int weeks_after_newest = 0;  // how long n-2 stays supported once n rolls out to all regions
  Citation window;
  int default_behind_newest = 0;  // how many revisions the default of an installation is behind the newest
  Citation default_revision;
  int largest_step = 0;                    // revisions that an upgrade may go forward
  std::optional<Date> largest_step_since;  // until then it was one
  Citation upgrade;
  int installed_at_most = 0;  // revisions beside each other, during a canary upgrade
  Citation installed;
  std::optional<Date> empty_list_since;  // since when a change may state no revision: what is installed stays
  Citation empty_list;
  Minor oldest_kubernetes;  // of a cluster that the add-on can be installed on
  Citation oldest_kubernetes_citation;
  std::optional<Date> checked_on_upgrade_since;  // since when AKS checks compatibility only when something is upgraded
  Citation checked_on_upgrade;
  std::optional<Date> recovery_since;  // since when a cluster may be upgraded although its mesh does not fit
  Citation recovery;
  std::string standard_plan;  // KubernetesOfficial
  std::string lts_plan;       // AKSLongTermSupport
  std::string lts_tier;       // Premium, which that plan needs
  Citation lts;
  Minor lts_revision;    // the first revision that is compatible with clusters on that plan
  Minor lts_kubernetes;  // the first of their versions that has a compatible revision
  std::optional<Date> lts_since;
  Citation lts_compatibility;
};

// The first or last revision that has a feature [istio-gateway-api, istio-telemetry, istio-cni, ...].
struct FeatureRevision {
  std::string name;  // "gateway-api"
  std::string what;  // in words that fit into a message: "the Kubernetes Gateway API"
  std::optional<Minor> first;
  std::optional<Minor> last;
  std::optional<Date> since;  // the release that announced it
  std::string label;          // for a feature that is a label: "istio.io/gateway-name"; may be empty
  std::string replacement;    // what takes its place after `last`; may be empty
  Citation citation;
  Citation since_citation;
};

struct FeatureRevisions {
  std::vector<FeatureRevision> features;

  const FeatureRevision* find(std::string_view name) const;
};

// An API version of a built-in Kubernetes kind that is deprecated or no longer served [Kubernetes' deprecation guide].
struct KubernetesRemoval {
  std::string api_version;         // "policy/v1beta1"
  std::vector<std::string> kinds;  // "PodDisruptionBudget"
  std::optional<Minor> deprecated_in;
  std::optional<Minor> removed_in;      // the first version that does not serve it
  std::string replacement;              // "policy/v1"; empty when nothing replaces it
  std::optional<Minor> replacement_in;  // the first version that serves the replacement
  Citation citation;
};

struct KubernetesRemovals {
  std::vector<KubernetesRemoval> removals;

  const KubernetesRemoval* find(std::string_view api_version, std::string_view kind) const;
};

}  // namespace meshlint
