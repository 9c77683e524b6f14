// What a cluster definition says, whatever format it is written in.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "linter/tree.h"
#include "linter/version.h"

namespace meshlint {

// How much a definition says about a setting. What a format cannot express is unresolved, not unstated.
enum class Known : std::uint8_t {
  unstated,    // the definition could say it and does not
  unresolved,  // an expression, or a resource under a condition: nobody can know
  defaulted,   // a parameter's or variable's default, which a deployment may override
  stated,
};

// One setting: what is known of it, its value when stated or defaulted, and where it stands.
template <class T>
struct Fact {
  Known known = Known::unstated;
  T value{};
  Node node;  // the value, or for a default the place of the default; missing-but-located when unstated

  // True when there is a value to judge.
  bool has_value() const { return known == Known::stated || known == Known::defaulted; }
};

// One entry of the list of ingress gateways.
struct IngressGateway {
  Node place;              // the entry
  Fact<std::string> mode;  // External or Internal; another text as written
  Fact<bool> enabled;
};

struct EgressGateway {
  Node place;  // the entry
  Fact<std::string> name;
  Fact<std::string> name_space;
  Fact<std::string> configuration;  // the StaticGatewayConfiguration it sends through
  Fact<bool> enabled;
  Node node_selector;  // a field of old API versions; missing when not stated
};

// The five values of a plug-in certificate authority.
struct CertificateAuthority {
  Known known = Known::unstated;  // of the whole
  Node node;
  Fact<std::string> key_vault;  // a resource ID, or what stands for one: then unresolved
  Fact<std::string> root_certificate;
  Fact<std::string> certificate_chain;
  Fact<std::string> certificate;
  Fact<std::string> key;
};

// A pool of a cluster's nodes, inline or defined apart.
struct NodePool {
  Node place;  // its root, for messages about the pool as a whole
  Fact<std::string> name;
  Fact<std::string> mode;                // System, User or Gateway
  Fact<std::string> os_type;             // Linux or Windows
  Fact<std::string> kubernetes_version;  // without a leading v
  Fact<std::string> pod_subnet;
  Fact<bool> autoscaling;
  Fact<std::string> count;                  // of nodes, as written
  Fact<std::string> api_version;            // of a pool that is defined apart, in Azure's API
  Fact<std::string> public_ip_prefix_size;  // of a pool of mode Gateway, as written
};

// A folder of a Git repository that a Flux configuration applies to the cluster.
struct GitOpsPath {
  Fact<std::string> path;
  Fact<std::string> repository;  // its address
};

// How a definition has no revisions although its format wants one.
enum class MissingRevisions : std::uint8_t { none, absent, empty };

// One AKS cluster as one definition describes it.
struct ClusterDefinition {
  std::string format;  // "ARM template", "az aks show output", "Azure Service Operator"
  Node place;          // the resource's root, for messages about the cluster as a whole
  // What deploys a definition that is shared, such as the configuration that calls a module, or the file of values for
  // one of several clusters; missing when the definition stands for itself.
  Node deployed_by;
  Node called_by;  // the nearest of the calls through which a module makes the cluster; missing for others
  Fact<std::string> name;
  Fact<std::string> cluster_api_name;    // of the object of Cluster API that it belongs to
  Fact<std::string> api_version;         // of the definition's format, such as 2025-09-01
  Fact<std::string> kubernetes_version;  // as written, without a leading v
  Fact<std::string> support_plan;        // KubernetesOfficial or AKSLongTermSupport
  Fact<std::string> sku_name;
  Fact<std::string> sku_tier;

  // The mesh.
  Node mesh_node;  // the profile; missing-but-located when not stated
  Known mesh_known = Known::unstated;
  Fact<std::string> mesh_mode;               // Istio or Disabled
  Known istio_known = Known::unstated;       // of the profile's part that only Istio has
  Known revisions_known = Known::unstated;   // of the list as a whole
  std::vector<Fact<std::string>> revisions;  // as written, each at its place
  Node revisions_node;
  MissingRevisions missing_revisions = MissingRevisions::none;
  Fact<std::string> proxy_redirection;    // InitContainers or CNIChaining
  Known ingress_known = Known::unstated;  // of ingressGateways as a whole
  Node ingress_node;
  std::vector<IngressGateway> ingress_gateways;
  Fact<bool> external_ingress;  // what the list comes to
  Fact<bool> internal_ingress;
  Known egress_known = Known::unstated;
  Node egress_node;
  std::vector<EgressGateway> egress_gateways;
  CertificateAuthority certificate_authority;

  // What lives beside it.
  Fact<std::string> gateway_api_installation;  // Standard or Disabled: the managed Gateway API resource definitions
  Fact<bool> app_routing;                      // the application routing add-on
  Fact<std::string> app_routing_istio;         // Enabled or Disabled
  Fact<bool> open_service_mesh;
  Fact<bool> secrets_provider;  // the Key Vault secrets provider add-on
  Fact<bool> virtual_nodes;
  Fact<bool> http_proxy;  // whether nodes and pods reach what is outside through one
  Fact<std::string> network_plugin;
  Fact<std::string> network_plugin_mode;
  Fact<std::string> network_policy;
  Fact<std::string> network_dataplane;
  std::vector<Fact<std::string>> ip_families;
  Fact<bool> static_egress;
  Fact<std::string> upgrade_channel;
  Node application_network;  // what makes it a member of an Azure Kubernetes Application Network; missing where unseen

  // The resources with an API version of their own that change the cluster, as what they state of it; it is in the
  // definition already.
  std::vector<ClusterDefinition> patches;

  std::vector<GitOpsPath> gitops_paths;  // what Flux configurations apply to it

  Known pools_known = Known::unstated;  // stated when the definition holds all pools; unresolved when others may exist
  std::vector<NodePool> pools;
};

// The file whose folder a cluster belongs to: that of what deploys it, or of its definition.
inline const SourceFile& home_of(const ClusterDefinition& cluster) {
  return *(cluster.deployed_by ? cluster.deployed_by : cluster.place).file();
}

// Calls `visit(name, fact)` for each single setting, in the order in which people ask for them; the names are those
// that reports print.
template <class Cluster, class Visitor>
void for_each_setting(Cluster& cluster, Visitor visit) {
  visit("name", cluster.name);
  visit("API version", cluster.api_version);
  visit("Kubernetes version", cluster.kubernetes_version);
  visit("support plan", cluster.support_plan);
  visit("SKU", cluster.sku_name);
  visit("tier", cluster.sku_tier);
  visit("service mesh", cluster.mesh_mode);
  visit("proxy redirection", cluster.proxy_redirection);
  visit("external ingress", cluster.external_ingress);
  visit("internal ingress", cluster.internal_ingress);
  visit("Key Vault of the CA", cluster.certificate_authority.key_vault);
  visit("root certificate", cluster.certificate_authority.root_certificate);
  visit("certificate chain", cluster.certificate_authority.certificate_chain);
  visit("CA certificate", cluster.certificate_authority.certificate);
  visit("CA key", cluster.certificate_authority.key);
  visit("managed Gateway API", cluster.gateway_api_installation);
  visit("application routing", cluster.app_routing);
  visit("App Routing Istio", cluster.app_routing_istio);
  visit("Open Service Mesh", cluster.open_service_mesh);
  visit("secrets provider", cluster.secrets_provider);
  visit("virtual nodes", cluster.virtual_nodes);
  visit("HTTP proxy", cluster.http_proxy);
  visit("network plugin", cluster.network_plugin);
  visit("network plugin mode", cluster.network_plugin_mode);
  visit("network policy", cluster.network_policy);
  visit("network dataplane", cluster.network_dataplane);
  visit("static egress", cluster.static_egress);
  visit("upgrade channel", cluster.upgrade_channel);
}

// Each reader appends the clusters that a document defines in its format, and nothing for other documents.
void read_az_output(const Document& document, std::vector<ClusterDefinition>& clusters);
// `certainty` is that of what the resource says: unresolved where a patch may change it.
void read_service_operator(Node resource, std::vector<ClusterDefinition>& clusters, Known certainty = Known::stated);

// Documents that the readers put together for clusters to point into; outlive the clusters.
using MadeDocuments = std::vector<std::unique_ptr<Document>>;

// Reads what `terraform show -json` says of a plan's planned values or of a state, and a state file.
void read_terraform_values(const Document& document, MadeDocuments& made, std::vector<ClusterDefinition>& clusters);

// Reads Terraform's configuration. The documents are those of all folders: files of one folder are one module, a module
// that another one calls gets its values from there, and files of variable values belong to the nearest folder with
// configuration. Files that Terraform reads by itself state their values; of other files each one that sets a variable
// of a cluster gives a definition of its own.
void read_terraform(std::span<const Document* const> documents, std::vector<ClusterDefinition>& clusters);

}  // namespace meshlint
