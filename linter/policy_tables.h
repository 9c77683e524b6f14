// The files of the policy and how each is read. A table's reader gets the built-in table when its file extends that
// one, else an empty one, and puts over it what the file states.
#pragma once

#include <string_view>

#include "linter/policy.h"
#include "linter/policy_reader.h"

namespace meshlint {

template <typename Table>
inline constexpr std::string_view table_file;

template <>
inline constexpr std::string_view table_file<ArmFields> = "arm-fields.yaml";
template <>
inline constexpr std::string_view table_file<Autoscaling> = "autoscaling.yaml";
template <>
inline constexpr std::string_view table_file<BlockedKinds> = "blocked-kinds.yaml";
template <>
inline constexpr std::string_view table_file<Conflicts> = "conflicts.yaml";
template <>
inline constexpr std::string_view table_file<Contradictions> = "contradictions.yaml";
template <>
inline constexpr std::string_view table_file<EgressGateways> = "egress-gateways.yaml";
template <>
inline constexpr std::string_view table_file<EnvoyFilterTimeline> = "envoy-filters.yaml";
template <>
inline constexpr std::string_view table_file<FeatureRevisions> = "features.yaml";
template <>
inline constexpr std::string_view table_file<GatewayApi> = "gateway-api.yaml";
template <>
inline constexpr std::string_view table_file<GatewayCustomizations> = "gateway-customizations.yaml";
template <>
inline constexpr std::string_view table_file<IngressService> = "ingress-service.yaml";
template <>
inline constexpr std::string_view table_file<IstioAnnotations> = "istio-annotations.yaml";
template <>
inline constexpr std::string_view table_file<IstioDeprecations> = "istio-deprecations.yaml";
template <>
inline constexpr std::string_view table_file<IstioFields> = "istio-fields.yaml";
template <>
inline constexpr std::string_view table_file<IstioKinds> = "istio-kinds.yaml";
template <>
inline constexpr std::string_view table_file<KubernetesCalendar> = "kubernetes-calendar.yaml";
template <>
inline constexpr std::string_view table_file<KubernetesRemovals> = "kubernetes-removals.yaml";
template <>
inline constexpr std::string_view table_file<ManagedNames> = "managed-names.yaml";
template <>
inline constexpr std::string_view table_file<MeshConfigClassification> = "mesh-config-classification.yaml";
template <>
inline constexpr std::string_view table_file<MeshFields> = "mesh-fields.yaml";
template <>
inline constexpr std::string_view table_file<NativeSidecars> = "native-sidecars.yaml";
template <>
inline constexpr std::string_view table_file<NodeAffinity> = "node-affinity.yaml";
template <>
inline constexpr std::string_view table_file<PluginCa> = "plugin-ca.yaml";
template <>
inline constexpr std::string_view table_file<ReleaseCalendar> = "release-calendar.yaml";
template <>
inline constexpr std::string_view table_file<RevisionRules> = "revision-rules.yaml";
template <>
inline constexpr std::string_view table_file<Sources> = "sources.yaml";
template <>
inline constexpr std::string_view table_file<TelemetryFields> = "telemetry-fields.yaml";
template <>
inline constexpr std::string_view table_file<TrafficRedirection> = "traffic-redirection.yaml";

void read_table(Reader& reader, Node root, ArmFields& table);
void read_table(Reader& reader, Node root, Autoscaling& table);
void read_table(Reader& reader, Node root, BlockedKinds& table);
void read_table(Reader& reader, Node root, Conflicts& table);
void read_table(Reader& reader, Node root, Contradictions& table);
void read_table(Reader& reader, Node root, EgressGateways& table);
void read_table(Reader& reader, Node root, EnvoyFilterTimeline& table);
void read_table(Reader& reader, Node root, FeatureRevisions& table);
void read_table(Reader& reader, Node root, GatewayApi& table);
void read_table(Reader& reader, Node root, GatewayCustomizations& table);
void read_table(Reader& reader, Node root, IngressService& table);
void read_table(Reader& reader, Node root, IstioAnnotations& table);
void read_table(Reader& reader, Node root, IstioDeprecations& table);
void read_table(Reader& reader, Node root, IstioFields& table);
void read_table(Reader& reader, Node root, IstioKinds& table);
void read_table(Reader& reader, Node root, KubernetesCalendar& table);
void read_table(Reader& reader, Node root, KubernetesRemovals& table);
void read_table(Reader& reader, Node root, ManagedNames& table);
void read_table(Reader& reader, Node root, MeshConfigClassification& table);
void read_table(Reader& reader, Node root, MeshFields& table);
void read_table(Reader& reader, Node root, NativeSidecars& table);
void read_table(Reader& reader, Node root, NodeAffinity& table);
void read_table(Reader& reader, Node root, PluginCa& table);
void read_table(Reader& reader, Node root, ReleaseCalendar& table);
void read_table(Reader& reader, Node root, RevisionRules& table);
void read_table(Reader& reader, Node root, Sources& table);
void read_table(Reader& reader, Node root, TelemetryFields& table);
void read_table(Reader& reader, Node root, TrafficRedirection& table);

}  // namespace meshlint
