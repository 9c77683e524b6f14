// The policy data: dated facts with their sources. Each table is read when it is first asked for.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "linter/policy_calendar.h"
#include "linter/policy_cluster.h"
#include "linter/policy_gateway.h"
#include "linter/policy_mesh.h"
#include "linter/problem.h"
#include "linter/tree.h"

namespace meshlint {

// One of two or more statements that cannot all be true.
struct Statement {
  std::string text;  // our words
  Citation citation;
};

// Pages that contradict each other, and which of them the policy follows.
struct Contradiction {
  std::string about;  // "gateway-api"
  std::vector<Statement> says;
  std::size_t wins = 0;  // index into `says`
  std::string because;
};

struct Contradictions {
  std::vector<Contradiction> contradictions;

  const Contradiction* find(std::string_view about) const;
};

class Policy {
 public:
  // The policy that was built into the binary.
  static Policy embedded();
  // A user's directory in its place, or over it where its sources.yaml says `extends: built-in`: tables that it lacks
  // are then the built-in ones, and one that says `extends: built-in` too adds rows to the built-in table and replaces
  // those of the same name. Reads and checks every table at once; throws UsageError, whose text holds every positioned
  // diagnostic, when a table is missing, cannot be read or makes no sense.
  static Policy from_directory(const std::string& directory);

  Policy(Policy&&) noexcept;
  Policy& operator=(Policy&&) noexcept;
  ~Policy();

  // The day the facts were read; the newest date of the sources.
  Date data_date() const;
  // A source by its page's name; empty for a page that the sources do not have.
  Citation source(std::string_view page, std::string_view section = {}) const;

  // The tables, one file each. Each may be called from several threads.
  const ArmFields& arm_fields() const;
  const Autoscaling& autoscaling() const;
  const BlockedKinds& blocked_kinds() const;
  const Conflicts& conflicts() const;
  const Contradictions& contradictions() const;
  const EgressGateways& egress_gateways() const;
  const EnvoyFilterTimeline& envoy_filters() const;
  const FeatureRevisions& features() const;
  const GatewayApi& gateway_api() const;
  const GatewayCustomizations& gateway_customizations() const;
  const IngressService& ingress_service() const;
  const IstioAnnotations& istio_annotations() const;
  const IstioDeprecations& istio_deprecations() const;
  const IstioFields& istio_fields() const;
  const IstioKinds& istio_kinds() const;
  const KubernetesCalendar& kubernetes() const;
  const KubernetesRemovals& kubernetes_removals() const;
  const ManagedNames& names() const;
  const MeshConfigClassification& classification() const;
  const MeshFields& mesh_fields() const;
  const NativeSidecars& native_sidecars() const;
  const NodeAffinity& node_affinity() const;
  const PluginCa& plugin_ca() const;
  const ReleaseCalendar& releases() const;
  const RevisionRules& revision_rules() const;
  const TelemetryFields& telemetry() const;
  const TrafficRedirection& traffic_redirection() const;

  // Reads every table and checks that they fit each other; used by tests and for a user's directory. Returns what is
  // wrong, in order of file and position.
  std::vector<Problem> check_all() const;

 private:
  struct Impl;
  explicit Policy(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace meshlint
