#include <algorithm>
#include <array>

#include "linter/ascii.h"
#include "linter/words.h"
#include "rules/calendar.h"
#include "rules/cluster-facts.h"

namespace meshlint::rules {
namespace {

struct Value {
  std::string_view name;  // in the ARM API
  const Fact<std::string>* fact;
};

std::array<Value, 5> values_of(const CertificateAuthority& authority) {
  return {{{"keyVaultId", &authority.key_vault},
           {"rootCertObjectName", &authority.root_certificate},
           {"certObjectName", &authority.certificate},
           {"keyObjectName", &authority.key},
           {"certChainObjectName", &authority.certificate_chain}}};
}

// How the values are called where the others stand: by the parameters of the Azure CLI in a command line, in snake case
// beside names in snake case, else as in the ARM API.
std::string name_in(const ClusterDefinition& cluster, const PluginCa::Setting& setting) {
  if (cluster.format == "az command line") return setting.parameter;
  const auto values = values_of(cluster.certificate_authority);
  const bool is_snake_case = std::ranges::any_of(values, [](const Value& value) {
    return value.fact->known != Known::unstated && value.fact->node.key().text().find('_') != std::string_view::npos;
  });
  if (!is_snake_case) return setting.name;
  std::string name;
  for (const char c : setting.name) {
    if (c >= 'A' && c <= 'Z') name += '_';
    name += lower_letter(c);
  }
  return name;
}

// Whether a text can be the resource ID of a key vault; its parts may be placeholders.
bool is_vault_id(std::string_view id) {
  constexpr std::array<std::string_view, 9> form = {
      "", "subscriptions", "*", "resourceGroups", "*", "providers", "Microsoft.KeyVault", "vaults", "*"};
  for (std::size_t i = 0; i < form.size(); ++i) {
    const auto slash = id.find('/');
    const bool is_last = i + 1 == form.size();
    if (is_last != (slash == std::string_view::npos)) return false;
    const auto part = id.substr(0, slash);
    if (form[i] == "*" ? part.empty() : !equals_ignoring_case(part, form[i])) return false;
    if (!is_last) id.remove_prefix(slash + 1);
  }
  return true;
}

Citation reported(const Pass& pass) {
  return pass.policy().source("istio-add-on-general-troubleshooting");
}

void check_whole(Pass& pass, const ClusterDefinition& cluster) {
  const CertificateAuthority& authority = cluster.certificate_authority;
  const PluginCa& policy = pass.policy().plugin_ca();
  std::vector<std::string> missing;
  std::vector<std::string> stated;
  for (const Value& value : values_of(authority)) {
    const auto setting = std::ranges::find(policy.settings, value.name, &PluginCa::Setting::name);
    if (setting == policy.settings.end()) continue;
    (value.fact->known == Known::unstated ? missing : stated).push_back(name_in(cluster, *setting));
  }
  if (missing.empty() || stated.empty()) return;
  Diagnostic& diagnostic = report_cluster(
      pass, cluster, authority.node,
      fmt::format("the plug-in certificate authority lacks {}: AKS is reported to refuse one without all of its {} "
                  "values",
                  list_words(missing), policy.settings.size()));
  diagnostic.citation = reported(pass);
  diagnostic.help = fmt::format("state {} beside {}", list_words(missing), list_words(stated));
  soften_if_defaulted(diagnostic, {{"certificate authority", authority.known}});
}

void check_vault(Pass& pass, const ClusterDefinition& cluster) {
  const auto& vault = cluster.certificate_authority.key_vault;
  const bool has_placeholder =
      vault.value.find_first_of("<>{}#$%") != std::string::npos || vault.value.find("__") != std::string::npos;
  // A word alone can be a placeholder; an address or a path is meant as it is written.
  const bool is_address = vault.value.find('/') != std::string::npos;
  if (!vault.has_value() || has_placeholder || !is_address || is_vault_id(vault.value)) return;
  Diagnostic& diagnostic = report_cluster(
      pass, cluster, vault.node,
      fmt::format("AKS is reported to refuse {}, which is not the resource ID of a key vault", quoted(vault.value)));
  diagnostic.citation = reported(pass);
  diagnostic.help =
      "write /subscriptions/SUBSCRIPTION/resourceGroups/GROUP/providers/Microsoft.KeyVault/vaults/NAME, which az "
      "keyvault show --name NAME --query id prints";
  soften_if_defaulted(diagnostic, {{"ID of the key vault", vault.known}});
}

void check_add_on(Pass& pass, const ClusterDefinition& cluster) {
  const auto& add_on = cluster.secrets_provider;
  const CertificateAuthority& authority = cluster.certificate_authority;
  const auto values = values_of(authority);
  const auto is_stated = [](const Value& value) { return value.fact->has_value(); };
  if (!add_on.has_value() || add_on.value || std::ranges::none_of(values, is_stated)) return;
  const PluginCa& policy = pass.policy().plugin_ca();
  Diagnostic& diagnostic = report_cluster(
      pass, cluster, add_on.node,
      fmt::format("the add-on {} is turned off, and the mesh's plug-in certificate authority needs it to read the key "
                  "vault: AKS is reported to refuse that",
                  policy.add_on));
  diagnostic.citation = reported(pass);
  diagnostic.notes.push_back(note_at(authority.node, "the plug-in certificate authority"));
  diagnostic.help = "turn the add-on on, and give its identity access to the secrets of the vault";
  soften_if_defaulted(diagnostic, {{"add-on's switch", add_on.known}, {"certificate authority", authority.known}});
}

void check(Pass& pass) {
  for (const ClusterDefinition& cluster : pass.context().clusters()) {
    const CertificateAuthority& authority = cluster.certificate_authority;
    const bool is_known = authority.known == Known::stated || authority.known == Known::defaulted;
    if (!may_run_mesh(cluster) || !is_known) continue;
    check_whole(pass, cluster);
    check_vault(pass, cluster);
    check_add_on(pass, cluster);
  }
}

}  // namespace

extern constexpr Rule plugin_ca_incomplete = {
    .code = "MSH3013",
    .name = "plugin-ca-incomplete",
    .family = Family::blocked,
    .severity = Severity::error,
    .summary = "A plug-in certificate authority that lacks something that AKS needs",
    .why =
        "A mesh signs with certificates of one's own when AKS is told the key vault and the four secrets in it, all "
        "five values together, and when the Key Vault secrets provider add-on can bring them into the cluster. AKS is "
        "reported to refuse a definition where one of these is missing.",
    .fix = "state all five values, and turn on the add-on azureKeyvaultSecretsProvider",
    .page = "istio-plugin-ca",
    .check = check,
};

}  // namespace meshlint::rules
