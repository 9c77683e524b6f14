#include "rules/catalog.h"

#include <string>

#include "linter/ascii.h"

namespace meshlint {
namespace rules {

// One line a rule, in the order of the codes; a rule is defined in <family>/<name>.cpp.
extern const Rule revision_incompatible_with_kubernetes;
extern const Rule revision_unknown;
extern const Rule too_many_revisions;
extern const Rule revision_upgrade_skips_too_far;
extern const Rule feature_needs_newer_revision;
extern const Rule gateway_api_crds_mismatch;
extern const Rule conflicting_mesh;
extern const Rule unsupported_platform;
extern const Rule lts_needs_premium_tier;
extern const Rule egress_gateway_on_pod_subnet;
extern const Rule egress_gateway_without_static_egress;
extern const Rule static_egress_gateway_invalid;
extern const Rule api_version_lacks_field;
extern const Rule cilium_l7_policy_with_mesh;
extern const Rule revision_end_of_life;
extern const Rule revision_end_of_life_soon;
extern const Rule kubernetes_end_of_life;
extern const Rule kubernetes_end_of_life_soon;
extern const Rule lts_coverage_gap;
extern const Rule istio_api_version_superseded;
extern const Rule istio_field_deprecated;
extern const Rule istio_annotation_deprecated;
extern const Rule istio_annotation_unknown;
extern const Rule istio_annotation_misplaced;
extern const Rule label_removed;
extern const Rule open_service_mesh_retiring;
extern const Rule kubernetes_api_removed;
extern const Rule mesh_config_field_blocked;
extern const Rule proxy_config_field_blocked;
extern const Rule mesh_config_field_unknown;
extern const Rule mesh_config_invalid;
extern const Rule resource_kind_blocked;
extern const Rule telemetry_field_blocked;
extern const Rule gateway_customization_field_blocked;
extern const Rule gateway_customization_invalid;
extern const Rule hpa_min_replicas;
extern const Rule egress_gateway_name_invalid;
extern const Rule egress_gateways_too_many;
extern const Rule egress_gateway_duplicate;
extern const Rule plugin_ca_incomplete;
extern const Rule mesh_profile_invalid;
extern const Rule injection_label_ineffective;
extern const Rule revision_label_not_installed;
extern const Rule shared_config_map_misplaced;
extern const Rule shared_config_map_missing_for_revision;
extern const Rule managed_object_reverted;
extern const Rule gateway_selector_unmatched;
extern const Rule concurrency_zero;
extern const Rule pod_revision_label;
extern const Rule gateway_port_not_exposed;
extern const Rule gateway_credential_misplaced;
extern const Rule root_namespace_wrong;
extern const Rule ingress_annotation_reverted;
extern const Rule ingress_service_spec_reverted;
extern const Rule external_traffic_policy_probes;
extern const Rule gateway_class_wrong;
extern const Rule gateway_name_too_long;
extern const Rule service_entry_resolution;
extern const Rule control_plane_label;
extern const Rule http_proxy_service_entry;
extern const Rule init_container_denied;
extern const Rule mesh_config_field_unsupported;
extern const Rule proxy_config_field_unsupported;
extern const Rule telemetry_field_unsupported;
extern const Rule envoy_filter_unsupported;
extern const Rule envoy_filter_upgrade_fragile;
extern const Rule yaml_syntax;
extern const Rule duplicate_key;
extern const Rule yaml_limit;
extern const Rule template_skipped;
extern const Rule encoding;
extern const Rule unreadable;
extern const Rule infrastructure_syntax;
extern const Rule policy_data_stale;
extern const Rule version_not_text;
extern const Rule suppression_unknown;
extern const Rule suppression_unused;

}  // namespace rules

namespace {

constexpr const Rule* all[] = {
    &rules::revision_incompatible_with_kubernetes,   // MSH1001
    &rules::revision_unknown,                        // MSH1002
    &rules::too_many_revisions,                      // MSH1003
    &rules::revision_upgrade_skips_too_far,          // MSH1004
    &rules::feature_needs_newer_revision,            // MSH1005
    &rules::gateway_api_crds_mismatch,               // MSH1006
    &rules::conflicting_mesh,                        // MSH1007
    &rules::unsupported_platform,                    // MSH1008
    &rules::lts_needs_premium_tier,                  // MSH1009
    &rules::egress_gateway_on_pod_subnet,            // MSH1010
    &rules::egress_gateway_without_static_egress,    // MSH1011
    &rules::static_egress_gateway_invalid,           // MSH1012
    &rules::api_version_lacks_field,                 // MSH1013
    &rules::cilium_l7_policy_with_mesh,              // MSH1014
    &rules::revision_end_of_life,                    // MSH2001
    &rules::revision_end_of_life_soon,               // MSH2002
    &rules::kubernetes_end_of_life,                  // MSH2003
    &rules::kubernetes_end_of_life_soon,             // MSH2004
    &rules::lts_coverage_gap,                        // MSH2005
    &rules::istio_api_version_superseded,            // MSH2006
    &rules::istio_field_deprecated,                  // MSH2007
    &rules::istio_annotation_deprecated,             // MSH2008
    &rules::istio_annotation_unknown,                // MSH2009
    &rules::istio_annotation_misplaced,              // MSH2010
    &rules::label_removed,                           // MSH2011
    &rules::open_service_mesh_retiring,              // MSH2012
    &rules::kubernetes_api_removed,                  // MSH2013
    &rules::mesh_config_field_blocked,               // MSH3001
    &rules::proxy_config_field_blocked,              // MSH3002
    &rules::mesh_config_field_unknown,               // MSH3003
    &rules::mesh_config_invalid,                     // MSH3004
    &rules::resource_kind_blocked,                   // MSH3005
    &rules::telemetry_field_blocked,                 // MSH3006
    &rules::gateway_customization_field_blocked,     // MSH3007
    &rules::gateway_customization_invalid,           // MSH3008
    &rules::hpa_min_replicas,                        // MSH3009
    &rules::egress_gateway_name_invalid,             // MSH3010
    &rules::egress_gateways_too_many,                // MSH3011
    &rules::egress_gateway_duplicate,                // MSH3012
    &rules::plugin_ca_incomplete,                    // MSH3013
    &rules::mesh_profile_invalid,                    // MSH3014
    &rules::injection_label_ineffective,             // MSH4001
    &rules::revision_label_not_installed,            // MSH4002
    &rules::shared_config_map_misplaced,             // MSH4003
    &rules::shared_config_map_missing_for_revision,  // MSH4004
    &rules::managed_object_reverted,                 // MSH4005
    &rules::gateway_selector_unmatched,              // MSH4006
    &rules::concurrency_zero,                        // MSH4007
    &rules::pod_revision_label,                      // MSH4008
    &rules::gateway_port_not_exposed,                // MSH4009
    &rules::gateway_credential_misplaced,            // MSH4010
    &rules::root_namespace_wrong,                    // MSH4011
    &rules::ingress_annotation_reverted,             // MSH4012
    &rules::ingress_service_spec_reverted,           // MSH4013
    &rules::external_traffic_policy_probes,          // MSH4014
    &rules::gateway_class_wrong,                     // MSH4015
    &rules::gateway_name_too_long,                   // MSH4016
    &rules::service_entry_resolution,                // MSH4017
    &rules::control_plane_label,                     // MSH4018
    &rules::http_proxy_service_entry,                // MSH4019
    &rules::init_container_denied,                   // MSH4020
    &rules::mesh_config_field_unsupported,           // MSH5001
    &rules::proxy_config_field_unsupported,          // MSH5002
    &rules::telemetry_field_unsupported,             // MSH5003
    &rules::envoy_filter_unsupported,                // MSH5004
    &rules::envoy_filter_upgrade_fragile,            // MSH5005
    &rules::yaml_syntax,                             // MSH9001
    &rules::duplicate_key,                           // MSH9002
    &rules::yaml_limit,                              // MSH9003
    &rules::template_skipped,                        // MSH9004
    &rules::encoding,                                // MSH9005
    &rules::unreadable,                              // MSH9006
    &rules::infrastructure_syntax,                   // MSH9007
    &rules::policy_data_stale,                       // MSH9008
    &rules::version_not_text,                        // MSH9009
    &rules::suppression_unknown,                     // MSH9010
    &rules::suppression_unused,                      // MSH9011
};

}  // namespace

std::span<const Rule* const> catalog() {
  return all;
}

const Rule* find_rule(std::string_view code_or_name) {
  const std::string name = lower_case(code_or_name);
  for (const Rule* rule : all) {
    if (rule->name == name) return rule;
    if (name.starts_with("msh") && rule->code.substr(3) == std::string_view(name).substr(3)) return rule;
  }
  return nullptr;
}

}  // namespace meshlint
