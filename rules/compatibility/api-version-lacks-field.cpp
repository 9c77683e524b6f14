#include <algorithm>

#include "linter/cluster_body.h"
#include "linter/words.h"
#include "rules/calendar.h"
#include "rules/cluster-facts.h"

namespace meshlint::rules {
namespace {

// Versions with -preview and stable ones are two streams.
struct ApiVersion {
  Date date{};
  bool is_preview = false;
};

std::optional<ApiVersion> parse_api_version(std::string_view text) {
  constexpr std::size_t date_length = 10;
  const auto date = parse_date(text.substr(0, date_length));
  const auto suffix = text.substr(std::min(text.size(), date_length));
  if (!date || (!suffix.empty() && suffix != "-preview")) return std::nullopt;
  return ApiVersion{*date, !suffix.empty()};
}

// A field of the ARM API that a definition states.
struct Use {
  std::string path;
  Known known;
  Node node;
};

// Paths as the table has them, those of objects before what is in them.
class Uses {
 public:
  explicit Uses(const ClusterDefinition& cluster) {
    add_value("sku.name", "Automatic", cluster.sku_name);
    add("supportPlan", cluster.support_plan);
    add("networkProfile.networkPluginMode", cluster.network_plugin_mode);
    add("networkProfile.networkDataplane", cluster.network_dataplane);
    add("networkProfile.staticEgressGatewayProfile", cluster.static_egress);
    add("ingressProfile.webAppRouting", cluster.app_routing);
    add("ingressProfile.webAppRouting.gatewayAPIImplementations", cluster.app_routing_istio);
    add("ingressProfile.gatewayAPI", cluster.gateway_api_installation);
    add("serviceMeshProfile", cluster.mesh_known, cluster.mesh_node);
    add("serviceMeshProfile.istio.revisions", cluster.revisions_known, cluster.revisions_node);
    add("serviceMeshProfile.istio.certificateAuthority", cluster.certificate_authority.known,
        cluster.certificate_authority.node);
    add("serviceMeshProfile.istio.components.proxyRedirectionMechanism", cluster.proxy_redirection);
    add("serviceMeshProfile.istio.components.ingressGateways", cluster.ingress_known, cluster.ingress_node);
    add("serviceMeshProfile.istio.components.egressGateways", cluster.egress_known, cluster.egress_node);
    for (const EgressGateway& gateway : cluster.egress_gateways) {
      add("serviceMeshProfile.istio.components.egressGateways[].name", gateway.name);
      add("serviceMeshProfile.istio.components.egressGateways[].namespace", gateway.name_space);
      add("serviceMeshProfile.istio.components.egressGateways[].gatewayConfigurationName", gateway.configuration);
      const Known selector = gateway.node_selector.is_null() ? Known::unstated : Known::stated;
      add("serviceMeshProfile.istio.components.egressGateways[].nodeSelector", selector, gateway.node_selector);
    }
    for (const NodePool& pool : cluster.pools) {
      // A pool that is defined apart has an API version of its own.
      const bool is_inline = is_same_field(pool.place.parent().key().text(), "agentPoolProfiles");
      if (is_inline) add_pool(pool);
    }
    drop_patched(cluster);
  }

  explicit Uses(const NodePool& pool) { add_pool(pool); }

  const std::vector<Use>& all() const { return uses_; }

 private:
  void add_pool(const NodePool& pool) {
    add_value("agentPoolProfiles[].mode", "Gateway", pool.mode);
    add("agentPoolProfiles[].gatewayProfile", pool.public_ip_prefix_size);
  }

  // A value of a field that older versions have without it.
  void add_value(std::string_view field, std::string_view value, const Fact<std::string>& fact) {
    if (fact.value == value) add(fmt::format("{}={}", field, value), fact);
  }

  // What a patch states is a matter of the patch's own API version.
  void drop_patched(const ClusterDefinition& cluster) {
    for (const ClusterDefinition& patch : cluster.patches) {
      const Uses patched(patch);
      std::erase_if(uses_, [&](const Use& use) {
        return std::ranges::find(patched.uses_, use.path, &Use::path) != patched.uses_.end();
      });
    }
  }

  // Only the first use of a field.
  void add(std::string_view path, Known known, Node node) {
    const bool is_used = known == Known::stated || known == Known::defaulted;
    if (is_used && std::ranges::find(uses_, path, &Use::path) == uses_.end())
      uses_.push_back({std::string(path), known, node});
  }

  template <class T>
  void add(std::string_view path, const Fact<T>& fact) {
    add(path, fact.known, fact.node);
  }

  std::vector<Use> uses_;
};

// The first version of the stream that has the field; nothing when none is known.
std::optional<Date> first_version(const ArmField& field, bool is_preview) {
  return is_preview ? field.preview : field.stable;
}

bool lacks(const ArmFields& table, const ArmField& field, const ApiVersion& version) {
  const auto first = first_version(field, version.is_preview);
  if (first) return version.date < *first;
  const auto& newest = version.is_preview ? table.newest_preview : table.newest_stable;
  return newest && version.date <= *newest;
}

bool has_lost(const ArmField& field, const ApiVersion& version) {
  const auto& gone = version.is_preview ? field.gone_from_preview : field.gone_from_stable;
  return gone && version.date >= *gone;
}

// The last name of a path, for a field of a list's items with the list's in front; a value with its field.
std::string field_words(std::string_view path) {
  if (const auto equals = path.find('='); equals != path.npos) {
    return fmt::format("{} {}", path.substr(0, equals), quoted(path.substr(equals + 1)));
  }
  auto start = path.rfind('.');
  if (start != std::string_view::npos && path.substr(0, start).ends_with("[]")) start = path.rfind('.', start - 1);
  return quoted(start == std::string_view::npos ? path : path.substr(start + 1));
}

bool is_part_of(std::string_view path, std::string_view outer) {
  return path.size() > outer.size() && path.starts_with(outer) &&
         (path[outer.size()] == '.' || path[outer.size()] == '[');
}

// The fields that a version does not have yet; of an object that it lacks, not what is in it.
std::vector<std::pair<Use, const ArmField*>> missing_fields(const ArmFields& table, const Uses& uses,
                                                            const ApiVersion& version) {
  std::vector<std::pair<Use, const ArmField*>> missing;
  for (const Use& use : uses.all()) {
    const ArmField* field = table.find(use.path);
    if (field == nullptr || !lacks(table, *field, version)) continue;
    const auto is_around = [&use](const auto& other) { return is_part_of(use.path, other.second->path); };
    if (std::ranges::none_of(missing, is_around)) missing.emplace_back(use, field);
  }
  return missing;
}

std::string version_words(Date date, bool is_preview) {
  return to_string(date) + (is_preview ? "-preview" : "");
}

// The version to move to: a stable one where each field has one.
std::string way_out(const std::vector<std::pair<Use, const ArmField*>>& missing, const ApiVersion& version) {
  const auto in_stream = [&version](const auto& use) {
    return first_version(*use.second, version.is_preview).has_value();
  };
  const bool is_preview = std::ranges::all_of(missing, in_stream) ? version.is_preview : !version.is_preview;
  Date needed{};
  for (const auto& [use, field] : missing) {
    const auto first = first_version(*field, is_preview);
    if (!first) return "leave it out, or set it by other means";
    needed = std::max(needed, *first);
  }
  return fmt::format("use API version {} or a newer {} one", version_words(needed, is_preview),
                     is_preview ? "preview" : "stable");
}

// What is sent to Azure with one API version: a cluster, a pool that is defined apart, or a patch.
struct Request {
  const ClusterDefinition& cluster;
  const Fact<std::string>& stated;
  Uses uses;
  ApiVersion version{};
};

void report_missing(Pass& pass, const Request& request) {
  const ArmFields& table = pass.policy().arm_fields();
  const ApiVersion& version = request.version;
  const auto missing = missing_fields(table, request.uses, version);
  if (missing.empty()) return;
  std::vector<std::string> names;
  Known known = Known::stated;
  for (const auto& [use, field] : missing) {
    names.push_back(field_words(use.path));
    known = std::min(known, use.known);
  }
  Diagnostic& diagnostic = report_cluster(
      pass, request.cluster, request.stated.node,
      fmt::format("API version {} has no {}: Azure refuses the request, or leaves {} out", quoted(request.stated.value),
                  list_words(names, "or"), names.size() == 1 ? "it" : "them"));
  diagnostic.citation = table.citation;
  for (const auto& [use, field] : missing) {
    const auto first = first_version(*field, version.is_preview);
    diagnostic.notes.push_back(note_at(
        use.node, first ? fmt::format("{}, since {}", field_words(use.path), version_words(*first, version.is_preview))
                        : fmt::format("{}, in preview versions only", field_words(use.path))));
  }
  diagnostic.help = way_out(missing, version);
  soften_if_defaulted(diagnostic, {{"API version", request.stated.known}, {"field", known}});
}

void report_lost(Pass& pass, const Request& request) {
  const ArmFields& table = pass.policy().arm_fields();
  const ApiVersion& version = request.version;
  for (const Use& use : request.uses.all()) {
    const ArmField* field = table.find(use.path);
    if (field == nullptr || !has_lost(*field, version)) continue;
    const auto& gone = version.is_preview ? field->gone_from_preview : field->gone_from_stable;
    Diagnostic& diagnostic =
        report_cluster(pass, request.cluster, use.node,
                       fmt::format("API version {} has no {} any more: Azure refuses the request, or leaves it out",
                                   quoted(request.stated.value), field_words(use.path)));
    diagnostic.citation = table.citation;
    diagnostic.notes.push_back(note_at(request.stated.node, "the API version"));
    diagnostic.notes.push_back(
        note(fmt::format("versions lack it from {} on", version_words(*gone, version.is_preview))));
    diagnostic.help = "remove it";
    soften_if_defaulted(diagnostic, {{"API version", request.stated.known}, {"field", use.known}});
  }
}

void check_request(Pass& pass, const ClusterDefinition& cluster, const Fact<std::string>& stated, Uses uses) {
  const auto version = stated.has_value() ? parse_api_version(stated.value) : std::nullopt;
  if (!version) return;
  const Request request{cluster, stated, std::move(uses), *version};
  report_missing(pass, request);
  report_lost(pass, request);
}

void check(Pass& pass) {
  for (const ClusterDefinition& cluster : pass.context().clusters()) {
    if (!runs_mesh(pass.context(), cluster)) continue;
    check_request(pass, cluster, cluster.api_version, Uses(cluster));
    for (const NodePool& pool : cluster.pools) check_request(pass, cluster, pool.api_version, Uses(pool));
    for (const ClusterDefinition& patch : cluster.patches) {
      check_request(pass, cluster, patch.api_version, Uses(patch));
    }
  }
}

}  // namespace

extern constexpr Rule api_version_lacks_field = {
    .code = "MSH1013",
    .name = "api-version-lacks-field",
    .family = Family::compatibility,
    .severity = Severity::error,
    .summary = "A cluster definition whose API version does not have a field that it uses",
    .why =
        "Each version of the ARM API has its own fields, and stable versions get a field later than preview ones. A "
        "field that the stated version does not know fails the deployment, or is dropped on the way, and the cluster "
        "comes up without it.",
    .fix = "move the definition to a version that has the field",
    .page = "bicep-types-az",
    .check = check,
};

}  // namespace meshlint::rules
