// The policy data: dated facts with their sources. Each table is read when it is first asked for.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linter/diagnostic.h"
#include "linter/problem.h"
#include "linter/tree.h"
#include "linter/version.h"

namespace meshlint {

// The end of a support window.
struct Deadline {
  Date last_day{};        // a month means its last day
  bool expected = false;  // the page marks it as expected, not firm
  std::string text;       // as the page writes it: "~Aug 2026 (expected)"
};

struct MeshRevision {
  Minor revision;                // the Istio minor it runs
  std::string upstream_release;  // month, as the page writes it
  std::string aks_release;
  Deadline end_of_life;
  std::vector<Minor> kubernetes;      // compatible with the standard support plan, ascending
  std::vector<Minor> kubernetes_lts;  // compatible with AKSLongTermSupport, ascending
};

struct ReleaseCalendar {
  std::vector<MeshRevision> revisions;  // ascending
  Citation citation;
  Citation compatibility;

  const MeshRevision* find(Minor revision) const;
};

struct KubernetesVersion {
  Minor version;
  std::optional<Date> generally_available;  // last day of the month
  std::optional<Deadline> end_of_life;      // community support
  std::optional<Deadline> lts_end_of_life;
  std::optional<Minor> platform_support_until;  // platform support ends when this version becomes generally available
  std::optional<Date> last_seen;                // for a version that the page has dropped: when it still had it
};

struct KubernetesCalendar {
  std::vector<KubernetesVersion> versions;  // ascending
  int grace_days = 0;                       // how long after end of life AKS leaves a cluster to be upgraded
  Citation citation;
  Citation lts_citation;
  Citation grace_citation;

  const KubernetesVersion* find(Minor version) const;
};

// How Microsoft classifies a field of MeshConfig or ProxyConfig.
enum class FieldSupport : std::uint8_t { supported, allowed };

struct FieldClass {
  FieldSupport support = FieldSupport::allowed;
  std::string note;  // our words, may be empty
};

struct MeshConfigClassification {
  std::map<std::string, FieldClass, std::less<>> mesh_config;  // fields that are not here are blocked
  std::map<std::string, FieldClass, std::less<>> proxy_config;
  // Spellings of the page that match no field of Istio, and the field that is surely meant.
  std::map<std::string, std::string, std::less<>> misspelt;
  Citation citation;
  Citation proxy_citation;
};

// The type of a field of Istio's mesh configuration.
enum class FieldType : std::uint8_t {
  string,
  boolean,
  int32,
  int64,
  uint32,
  uint64,
  number,
  duration,
  timestamp,
  enumeration,
  message,
  any
};

struct MeshField {
  std::string name;        // camelCase, as YAML has it
  std::string proto_name;  // snake_case
  FieldType type = FieldType::any;
  bool repeated = false;            // a list of values of the type
  bool map = false;                 // a mapping from any key to values of the type
  std::string message;              // for type message: the name of the message
  std::vector<std::string> values;  // for enumerations: every value known in any minor
  Minor first;                      // first and last Istio minor that has the field
  Minor last;
};

struct MeshFields {
  // Fields of each message, "MeshConfig" and "ProxyConfig" among them, by camelCase name.
  std::map<std::string, std::map<std::string, MeshField, std::less<>>, std::less<>> messages;
  Minor newest;  // the newest Istio minor the table covers
  Citation citation;

  const MeshField* find(std::string_view message, std::string_view field) const;
  // The field's camelCase name that a misspelt or snake_case name most likely means; empty for none.
  std::string_view nearest(std::string_view message, std::string_view misspelt) const;
};

struct BlockedKind {
  std::string group;
  std::string kind;
};

// Names and namespaces of the add-on.
struct ManagedNames {
  std::string root_namespace;            // aks-istio-system
  std::string ingress_namespace;         // aks-istio-ingress
  std::string egress_namespace;          // aks-istio-egress, the default of egress gateways
  std::string shared_config_map_prefix;  // istio-shared-configmap-
  std::string shared_config_map_key;     // mesh
  std::string external_ingress;          // aks-istio-ingressgateway-external
  std::string internal_ingress;
  std::vector<std::string>
      upstream_gateway_selectors;  // values of the label `istio` that only a self-managed Istio has
  // Objects that AKS reconciles: kind and name pattern, where `*` stands for a revision.
  struct Reverted {
    std::string kind;
    std::string name;        // "istio-asm-*"
    std::string name_space;  // empty for cluster-scoped kinds
    std::string what;        // "the default mesh ConfigMap"
    Citation citation;
  };
  std::vector<Reverted> reverted;
  Citation citation;
  Citation injection;  // the page on the injection label
  Citation labelled;   // the page on revision labels of Istio resources
  Citation shared;     // the page on the shared ConfigMap
  Citation ingress;    // the page on ingress gateways
  Citation egress;     // the page on egress gateways
  Citation selectors;  // where the upstream selectors are called wrong
};

struct BlockedKinds {
  std::vector<BlockedKind> kinds;
  std::vector<BlockedKind> unclassified;  // kinds no page speaks of
  Citation citation;

  bool blocked(std::string_view group, std::string_view kind) const;
};

class Policy {
 public:
  // The policy that was built into the binary.
  static Policy embedded();
  // A user's directory in its place. Reads and checks every table at once; throws UsageError, whose text holds every
  // positioned diagnostic, when a table is missing, cannot be read or makes no sense.
  static Policy from_directory(const std::string& directory);

  Policy(Policy&&) noexcept;
  Policy& operator=(Policy&&) noexcept;
  ~Policy();

  // The day the facts were read; the newest date of the sources.
  Date data_date() const;
  // A source by its page's name; empty for a page that the sources do not have.
  Citation source(std::string_view page, std::string_view section = {}) const;

  // Each may be called from several threads.
  const ReleaseCalendar& releases() const;
  const KubernetesCalendar& kubernetes() const;
  const MeshConfigClassification& classification() const;
  const MeshFields& mesh_fields() const;
  const BlockedKinds& blocked_kinds() const;
  const ManagedNames& names() const;

  // Reads every table; used by tests and for a user's directory. Returns what is wrong, in order of file and position.
  std::vector<Problem> check_all() const;

 private:
  struct Impl;
  explicit Policy(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace meshlint
