#include <algorithm>
#include <array>
#include <map>

#include "linter/words.h"
#include "rules/gateways.h"
#include "rules/own-gateway.h"

namespace meshlint::rules {
namespace {

// A gateway's reference to a Secret, and the one namespace that it is read from.
struct Use {
  const Resource* gateway = nullptr;
  Node name;
  std::string name_space;
  Citation citation;
  bool is_reference = false;  // of a Kubernetes Gateway, which can name another namespace
};

// Something that makes a Secret.
struct Producer {
  const Resource* resource = nullptr;
  Node name;                                   // of the Secret
  std::optional<std::string_view> name_space;  // nothing when it is not known
};

// The names of the Secrets that an object makes, itself or by its controller.
std::vector<Node> secret_names(const Resource& resource) {
  const Node spec = resource.root["spec"];
  const auto or_own = [&resource](Node name) { return name.is_null() ? resource.name : name; };
  if (resource.is("", "Secret")) return {resource.name};
  if (resource.is("bitnami.com", "SealedSecret")) return {or_own(spec["template"]["metadata"]["name"])};
  if (resource.is("cert-manager.io", "Certificate")) return {spec["secretName"]};
  if (resource.is("external-secrets.io", "ExternalSecret")) return {or_own(spec["target"]["name"])};
  std::vector<Node> names;
  if (!resource.is("secrets-store.csi.x-k8s.io", "SecretProviderClass")) return names;
  for (const Node object : spec["secretObjects"].items()) names.push_back(object["secretName"]);
  return names;
}

// Annotations by which controllers copy a Secret to other namespaces (reflector, replicator, kubed, …).
bool is_copied(const Resource& resource) {
  constexpr std::array<std::string_view, 5> words = {"reflect", "replicat", "sync", "copy", "clone"};
  const Node spec = resource.root["spec"];
  for (const Node metadata : {resource.root["metadata"], spec["secretTemplate"], spec["template"]["metadata"],
                              spec["target"]["template"]["metadata"]}) {
    if (metadata["annotations"].unresolved()) return true;
    for (const Entry& entry : metadata["annotations"].entries()) {
      const auto key = entry.key.text();
      // Argo CD's and Flux's say how the manifest is applied.
      const bool is_delivery = key.find("argoproj.io") != key.npos || key.find("fluxcd.io") != key.npos;
      const auto is_in_key = [key](std::string_view word) { return key.find(word) != key.npos; };
      if (!is_delivery && std::ranges::any_of(words, is_in_key)) return true;
    }
  }
  return false;
}

// All that the repository says of who makes which Secret.
struct Secrets {
  std::multimap<std::string_view, Producer> by_name;
  std::vector<Producer> unnamed;                 // what they make is a template, or may be patched or renamed
  std::set<std::string_view> elsewhere_defined;  // names that may come from something else
  bool has_skipped = false;                      // a template that cannot be read may make any
};

void add_producer(const Pass& pass, const Resource& resource, Secrets& secrets) {
  for (const Node name : secret_names(resource)) {
    const Producer producer{&resource, name, pass.manifests().name_space_of(resource)};
    const bool is_own_name = name.index() == resource.name.index() && name.document() == resource.name.document();
    const bool is_open = name.unresolved() || pass.manifests().may_be_patched(resource) ||
                         (is_own_name && !pass.manifests().has_final_name(resource));
    if (is_open || is_copied(resource)) {
      secrets.unnamed.push_back(producer);
    } else if (!name.is_null()) {
      secrets.by_name.emplace(name.text(), producer);
    }
  }
}

// Kinds that hold Secrets or are their templates, in a file that meshlint skips.
bool may_make_secrets(const InputFile& file) {
  const auto is_skipped = [](const Problem& problem) { return problem.kind == ProblemKind::template_skipped; };
  if (std::ranges::none_of(file.parsed.problems, is_skipped)) return false;
  constexpr std::array<std::string_view, 5> kinds = {"kind: Secret", "kind: Certificate", "kind: ExternalSecret",
                                                     "kind: SealedSecret", "kind: List"};
  const auto text = file.source->text();
  return std::ranges::any_of(kinds, [text](std::string_view kind) { return text.find(kind) != text.npos; });
}

Secrets read_secrets(const Pass& pass) {
  Secrets secrets;
  for (const auto& resource : pass.manifests().all()) add_producer(pass, *resource, secrets);
  for (const InputFile& file : pass.manifests().files()) {
    secrets.has_skipped = secrets.has_skipped || may_make_secrets(file);
    if (!is_kustomization_file(file.source->path())) continue;
    for (const auto& document : file.parsed.documents) {
      for (const Node generator : document->root()["secretGenerator"].items()) {
        secrets.elsewhere_defined.insert(generator["name"].text());
      }
    }
  }
  return secrets;
}

void add_istio_uses(const Pass& pass, const Resource& gateway, std::vector<Use>& uses) {
  const auto managed = selected_gateway(pass, gateway);
  if (!managed || managed->name_space.empty()) return;
  const Citation citation =
      managed->is_egress
          ? pass.policy().source("istio-add-on-egress-gateway")
          : pass.policy().source("istio-secure-gateway", "Set up Azure Key Vault and sync secrets to the cluster");
  const auto add = [&](Node name) {
    const bool is_plain = name.is_scalar() && !name.unresolved() && !name.text().empty();
    // `scheme://name` names other providers.
    if (is_plain && name.text().find(':') == std::string_view::npos) {
      uses.push_back({&gateway, name, managed->name_space, citation, false});
    }
  };
  for (const Node server : gateway.root["spec"]["servers"].items()) {
    add(server["tls"]["credentialName"]);
    for (const Node name : server["tls"]["credentialNames"].items()) add(name);
  }
}

// cert-manager makes the Certificates of Gateways with its annotations.
bool has_certificate_annotation(const Resource& gateway) {
  const Node annotations = gateway.root["metadata"]["annotations"];
  return annotations.unresolved() || std::ranges::any_of(annotations.entries(), [](const Entry& entry) {
           return entry.key.unresolved() || entry.key.text().starts_with("cert-manager.io/");
         });
}

void add_reference_uses(const Pass& pass, const Resource& gateway, std::vector<Use>& uses) {
  if (!is_add_on_gateway(pass, gateway) || has_certificate_annotation(gateway)) return;
  for (const Node listener : gateway.root["spec"]["listeners"].items()) {
    for (const Node reference : listener["tls"]["certificateRefs"].items()) {
      const Node kind = reference["kind"];
      const Node name_space = reference["namespace"];
      const Node name = reference["name"];
      const bool is_secret = kind.is_null() || kind.text() == "Secret";
      const auto own = pass.manifests().name_space_of(gateway);
      if (!is_secret || !reference["group"].text().empty() || !name.is_scalar() || name.unresolved()) continue;
      if (name_space.unresolved() || (name_space.is_null() && !own)) continue;
      const auto read_from = name_space.is_null() ? *own : name_space.text();
      uses.push_back({&gateway, name, std::string(read_from),
                      pass.policy().source("istio-gateway-api", "Deploy TLS Gateway"), true});
    }
  }
}

std::vector<Use> read_uses(const Pass& pass) {
  std::vector<Use> uses;
  const OwnGateways own = own_gateways(pass);
  for (const Resource* gateway : pass.manifests().of("networking.istio.io", "Gateway")) {
    if (!pass.context().has_add_on(gateway->file()) || pass.manifests().may_be_patched(*gateway)) continue;
    const bool is_own = own.may_have(gateway->root["spec"]["selector"]["istio"].text());
    if (!is_own) add_istio_uses(pass, *gateway, uses);
  }
  for (const Resource* gateway : pass.manifests().of(gateway_api_group, "Gateway")) {
    if (!pass.manifests().may_be_patched(*gateway)) add_reference_uses(pass, *gateway, uses);
  }
  return uses;
}

// The producer of the Secret in the wrong place, when there is one and none may be in the right one.
const Producer* misplaced(const Pass& pass, const Secrets& secrets, const Use& use) {
  const auto may_be_right = [&use](const Producer& producer) {
    return !producer.name_space || *producer.name_space == use.name_space;
  };
  const auto [first, last] = secrets.by_name.equal_range(use.name.text());
  const Producer* found = nullptr;
  for (auto at = first; at != last; ++at) {
    if (may_be_right(at->second)) return nullptr;
    if (may_meet(pass, *use.gateway, *at->second.resource)) found = &at->second;
  }
  if (found == nullptr) return nullptr;
  const auto may_be_it = [&](const Producer& producer) {
    const bool is_named = producer.name.unresolved() || producer.name.text() == use.name.text() ||
                          !pass.manifests().has_final_name(*producer.resource);
    return is_named && (may_be_right(producer) || is_copied(*producer.resource));
  };
  const bool is_open = secrets.has_skipped || secrets.elsewhere_defined.contains(use.name.text()) ||
                       std::ranges::any_of(secrets.unnamed, may_be_it);
  return is_open ? nullptr : found;
}

// Whether an object that speaks of a Secret in this namespace may make it there: any that is no plain user of Secrets,
// and those of the namespace.
bool may_make(const Pass& pass, const Resource& resource, const Use& use) {
  constexpr std::array<std::string_view, 7> users = {
      "", "apps", "batch", "networking.k8s.io", "rbac.authorization.k8s.io", gateway_api_group, "networking.istio.io"};
  if (resource.kind == "Gateway" || !secret_names(resource).empty()) return false;
  const bool is_user = std::ranges::find(users, resource.group) != users.end();
  const auto name_space = pass.manifests().name_space_of(resource);
  return !is_user || !name_space || *name_space == use.name_space;
}

void collect_mentions(Node node, const std::set<std::string_view>& wanted, std::set<std::string_view>& found) {
  if (node.is_scalar() && wanted.contains(node.text())) found.insert(node.text());
  for (const Entry& entry : node.entries()) collect_mentions(entry.value, wanted, found);
  for (const Node item : node.items()) collect_mentions(item, wanted, found);
}

struct Finding {
  Use use;
  const Producer* producer = nullptr;
};

// Leaves out what some other object may put right.
void drop_mentioned(const Pass& pass, std::vector<Finding>& findings) {
  if (findings.empty()) return;
  std::set<std::string_view> wanted;
  for (const Finding& finding : findings) wanted.insert(finding.use.name.text());
  for (const auto& resource : pass.manifests().all()) {
    std::set<std::string_view> mentioned;
    collect_mentions(resource->root, wanted, mentioned);
    if (mentioned.empty()) continue;
    std::erase_if(findings, [&](const Finding& finding) {
      return mentioned.contains(finding.use.name.text()) && may_make(pass, *resource, finding.use);
    });
  }
}

void report_finding(Pass& pass, const Finding& finding) {
  const auto& [use, producer] = finding;
  const std::string reader = use.is_reference ? "this Gateway" : "the gateway";
  const std::string reported = use.citation.secondary ? "is reported to read" : "reads";
  Diagnostic& diagnostic = pass.report(
      use.name, fmt::format("Secret {} is made in namespace {}, but {} {} it from {}: TLS connections fail",
                            quoted(use.name.text()), *producer->name_space, reader, reported, use.name_space));
  diagnostic.citation = use.citation;
  diagnostic.notes.push_back(note_at(producer->name, fmt::format("{} makes it", describe(*producer->resource))));
  diagnostic.help = fmt::format("make it in namespace {}", use.name_space);
  for (const auto* cluster : pass.context().governing(use.gateway->file())) {
    const Node remote = remote_flux_source(pass, *cluster);
    if (!remote) continue;
    diagnostic.severity = Severity::warning;
    diagnostic.notes.push_back(note_at(remote, "another repository, which is not read: it may make the Secret there"));
    break;
  }
  if (use.is_reference) {
    diagnostic.help += fmt::format("; or name namespace {} in the reference and let a ReferenceGrant there allow it",
                                   *producer->name_space);
  }
}

void check(Pass& pass) {
  const auto uses = read_uses(pass);
  if (uses.empty()) return;
  const Secrets secrets = read_secrets(pass);
  std::vector<Finding> findings;
  for (const Use& use : uses) {
    if (const Producer* producer = misplaced(pass, secrets, use)) findings.push_back({use, producer});
  }
  drop_mentioned(pass, findings);
  for (const Finding& finding : findings) report_finding(pass, finding);
}

}  // namespace

extern constexpr Rule gateway_credential_misplaced = {
    .code = "MSH4010",
    .name = "gateway-credential-misplaced",
    .family = Family::ineffective,
    .severity = Severity::error,
    .summary = "A TLS Secret of a gateway that is made in a namespace where the gateway does not look",
    .why =
        "A gateway reads the Secret of a credentialName from the namespace that its pods run in: aks-istio-ingress for "
        "the managed ingress gateways, wherever the Gateway object stands. A Kubernetes Gateway reads those of its own "
        "namespace. Without the Secret the listener has no certificate, and clients' TLS connections fail.",
    .fix = "make the Secret in the gateway's namespace",
    .page = "istio-secure-gateway",
    .check = check,
};

}  // namespace meshlint::rules
