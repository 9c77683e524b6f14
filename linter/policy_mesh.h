// Facts about the mesh's configuration: what of Istio the add-on supports, allows and blocks, and which Istio minor has
// what.
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

// How Microsoft classifies a field, an annotation or the like.
enum class FieldSupport : std::uint8_t { supported, allowed, blocked };

struct FieldClass {
  FieldSupport support = FieldSupport::allowed;
  std::string note;                             // our words, may be empty
  std::optional<Date> since;                    // from when on, where that is known
  FieldSupport before = FieldSupport::blocked;  // what it was before `since`
  std::optional<Date> until;                    // the last day, after which it is blocked
  Citation citation;

  FieldSupport at(Date date) const;
};

// Names and their classes: a name that is not here is blocked.
using Classes = std::map<std::string, FieldClass, std::less<>>;

// The tables of the page on the shared ConfigMap [istio-meshconfig].
struct MeshConfigClassification {
  Classes mesh_config;
  Classes proxy_config;
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

// Fields of Istio's MeshConfig and of all messages below it [Istio's own reference].
struct MeshFields {
  // Fields of each message, "MeshConfig" and "ProxyConfig" among them, by camelCase name.
  std::map<std::string, std::map<std::string, MeshField, std::less<>>, std::less<>> messages;
  std::map<std::string, std::vector<std::string>, std::less<>> enums;
  Minor oldest;  // the oldest and the newest Istio minor that the table covers
  Minor newest;
  Citation citation;

  const MeshField* find(std::string_view message, std::string_view field) const;
  // The field's camelCase name that a misspelt or snake_case name most likely means; empty for none.
  std::string_view nearest(std::string_view message, std::string_view misspelt) const;
};

struct BlockedKind {
  std::string group;
  std::string kind;
  Citation citation;
};

// Custom resources that the add-on refuses [istio-about].
struct BlockedKinds {
  std::vector<BlockedKind> kinds;
  std::vector<BlockedKind> unclassified;  // kinds no page speaks of
  Citation citation;

  const BlockedKind* find(std::string_view group, std::string_view kind) const;
  bool blocked(std::string_view group, std::string_view kind) const { return find(group, kind) != nullptr; }
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
  std::string revision_label;                   // istio.io/rev, which turns injection on
  std::vector<std::string> ineffective_labels;  // istio-injection, which turns it off
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
  std::vector<std::string> mesh_wide_kinds;  // of Istio: in the root namespace they are for the whole mesh
  std::string upstream_root_namespace;       // istio-system, the root namespace of a self-managed Istio
  std::string upstream_ingress_service;      // istio-ingressgateway, there
  std::string passed_over_label;             // control-plane: AKS keeps webhooks away from namespaces that have it
  Citation citation;
  Citation injection;    // the page on the injection label
  Citation labelled;     // the page on revision labels of Istio resources
  Citation shared;       // the page on the shared ConfigMap
  Citation ingress;      // the page on ingress gateways
  Citation egress;       // the page on egress gateways
  Citation selectors;    // where the upstream selectors are called wrong
  Citation mesh_wide;    // the page on what applies to the whole mesh
  Citation passed_over;  // where the label is seen to keep webhooks away
};

// The table of the Telemetry API's fields [istio-telemetry].
struct TelemetryFields {
  Classes fields;  // by path below `spec`: "accessLogging.match"; "tracing.*" for all below
  // Providers that are supported although their field is only allowed, by the field: "accessLogging.providers".
  std::map<std::string, std::vector<std::string>, std::less<>> supported_providers;
  std::vector<std::string> unclassified;  // fields below `spec` that say where a Telemetry applies
  Citation citation;

  // The class of a path such as "tracing.randomSamplingPercentage"; null when the table lacks it.
  const FieldClass* find(std::string_view path) const;
};

// What an EnvoyFilter may contain from a day on [AKS release notes].
struct EnvoyFilterPeriod {
  Date since{};
  bool all = false;                   // every type
  std::vector<std::string> types;     // else these: "lua"
  std::vector<std::string> packages;  // of Envoy, in which these types are: "envoy.extensions.filters.http.lua."
  Citation citation;
};

struct EnvoyFilterTimeline {
  std::map<std::string, std::vector<std::string>, std::less<>> packages;  // of each type
  std::vector<EnvoyFilterPeriod> periods;  // ascending; before the first one every EnvoyFilter was refused
  FieldSupport support = FieldSupport::allowed;
  Citation citation;

  const EnvoyFilterPeriod* at(Date date) const;  // null before the first one
};

// A custom resource of Istio and the minors that serve its API versions [istio/api].
struct IstioKind {
  std::string group;
  std::string kind;
  std::string plural;
  struct Version {
    std::string name;  // "v1beta1"
    Minor first;
    Minor last;
  };
  std::vector<Version> versions;

  bool serves(std::string_view version, Minor minor) const;
};

struct IstioKinds {
  std::vector<IstioKind> kinds;
  Minor oldest;
  Minor newest;
  Citation citation;

  const IstioKind* find(std::string_view group, std::string_view kind) const;
};

// What a field of a custom resource is in a range of minors.
struct IstioField {
  enum class Type : std::uint8_t { string, boolean, integer, int32, number, bytes, enumeration, message, any };

  Type type = Type::any;
  bool repeated = false;            // a list of values of the type
  bool map = false;                 // a mapping from any key to values of the type
  std::string message;              // for type message: its name
  std::vector<std::string> values;  // for type enumeration
  bool required = false;
  bool nullable = false;
  // Of a number's value, a string's length, a list's items or a mapping's entries.
  std::optional<std::int64_t> minimum;
  std::optional<std::int64_t> maximum;
  std::string pattern;  // a regular expression; empty for none
  Minor first;
  Minor last;
};

// The fields of Istio's custom resources [istio/api].
struct IstioFields {
  // What a field is, in ranges that do not overlap, ascending.
  using Periods = std::vector<IstioField>;

  std::map<std::string, Periods, std::less<>> kinds;  // what `spec` is, by "networking.istio.io/Gateway"
  std::map<std::string, std::map<std::string, Periods, std::less<>>, std::less<>> messages;
  Minor oldest;
  Minor newest;
  Citation citation;

  // What stands at a path such as "spec.http[].match[].headers{}.exact", where `[]` is any item of a list and `{}` any
  // value of a mapping; null when that minor has no such field.
  const IstioField* find(std::string_view group, std::string_view kind, std::string_view path, Minor minor) const;
};

// A field, or one value of an enumeration, that Istio marks as deprecated [istio/api].
struct IstioDeprecation {
  std::string group;
  std::string kind;
  std::string path;         // "spec.servers[].port.targetPort"
  std::string value;        // for a value of an enumeration: "LEAST_CONN"
  Minor since;              // the first minor seen to mark it; the oldest of the table may be too late
  std::string replacement;  // what to write in its place; may be empty
  Citation citation;
};

struct IstioDeprecations {
  std::vector<IstioDeprecation> deprecations;
  Citation citation;
};

// A registered annotation or label of Istio [istio/api].
struct IstioAnnotation {
  std::string name;                    // "sidecar.istio.io/inject"
  std::vector<std::string> resources;  // kinds that it belongs on: "Pod", "Any"
  Minor first;
  Minor last;
  std::optional<Minor> deprecated_since;
  std::string successor;  // the annotation that takes the same value in its place; empty for none
  std::string way_out;    // what to do about a deprecated one that has no such successor
  Citation citation;
};

struct IstioAnnotations {
  std::map<std::string, IstioAnnotation, std::less<>> annotations;
  std::map<std::string, IstioAnnotation, std::less<>> labels;
  Minor oldest;
  Minor newest;
  Citation citation;
};

}  // namespace meshlint
