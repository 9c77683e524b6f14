#include "linter/ascii.h"
#include "linter/fix.h"
#include "linter/words.h"
#include "rules/shared-config-map.h"

namespace meshlint::rules {
namespace {

// Where a mapping is the field's value by mistake: one finding of mesh-config-invalid speaks for the whole of it.
bool is_wrapper(const MeshMessage& message, const Entry& entry) {
  const auto name = entry.key.text();
  return message.depth == 0 && entry.value.is_mapping() && (name == "meshConfig" || name == "mesh");
}

bool has_table(const MeshMessage& message) {
  return message.message == "MeshConfig" || message.message == "ProxyConfig";
}

// The page's table of the message, or Istio's own reference where the page has none.
const Citation& table_citation(const Pass& pass, const MeshMessage& message) {
  if (message.message == "MeshConfig") return pass.policy().classification().citation;
  if (message.message == "ProxyConfig") return pass.policy().classification().proxy_citation;
  return pass.policy().mesh_fields().citation;
}

// Istio reads snake_case names as well; whether the webhook does, no page says.
void report_snake_case(Pass& pass, const MeshMessage& message, const Entry& entry, const MeshField& field) {
  Diagnostic& diagnostic =
      pass.report_key(entry.value, fmt::format("{} field {} is spelt in snake_case: the add-on's admission webhook may "
                                               "not recognise it and refuse the whole ConfigMap",
                                               message.message, quoted(entry.key.text())));
  diagnostic.severity = Severity::warning;
  diagnostic.help = fmt::format("write {}", quoted(field.name));
  diagnostic.fix = fix_by(fmt::format("write {}", field.name), true, replace_key(entry.value, field.name));
  diagnostic.citation = table_citation(pass, message);
}

// The page lists a spelling that Istio does not have: the webhook may take it, and Istio then does nothing with it.
void report_page_spelling(Pass& pass, const Entry& entry, std::string_view real_name) {
  Diagnostic& diagnostic = pass.report_key(
      entry.value,
      fmt::format("Istio has no ProxyConfig field {}, although Microsoft's table lists it: it has no effect",
                  quoted(entry.key.text())));
  diagnostic.severity = Severity::warning;
  diagnostic.citation = pass.policy().classification().proxy_citation;
  diagnostic.help = fmt::format(
      "Istio calls the field {}; try it on a test cluster first, because the table does not "
      "list that name: kubectl apply --dry-run=server",
      quoted(real_name));
}

// Whether another message has the field.
bool is_misplaced(const Pass& pass, const MeshMessage& message, std::string_view name) {
  return has_table(message) &&
         pass.policy().mesh_fields().find(message.message == "MeshConfig" ? "ProxyConfig" : "MeshConfig", name);
}

std::string way_out(const Pass& pass, const MeshMessage& message, std::string_view name) {
  const MeshFields& fields = pass.policy().mesh_fields();
  if (is_misplaced(pass, message, name)) {
    return message.message == "MeshConfig" ? "it is a field of ProxyConfig: move it under defaultConfig"
                                           : "it is a field of MeshConfig: move it out of defaultConfig, one level up";
  }
  const auto near = fields.nearest(message.message, name);
  if (near.empty()) return "remove the field, or look its name up in Istio's reference of MeshConfig";
  const bool is_blocked = has_table(message) && !is_classified(pass, message.message, near);
  return fmt::format("did you mean {}?{}", quoted(near),
                     is_blocked ? " The add-on blocks that field, so remove it either way" : "");
}

// The field that a misspelt key surely means, in the Istio that reads it; null where that can be doubted.
const MeshField* meant_field(const MeshFields& fields, const MeshMessage& message, std::string_view name,
                             std::optional<Minor> revision) {
  const MeshField* near = fields.find(message.message, fields.nearest(message.message, name));
  if (near == nullptr || (revision && (*revision < near->first || *revision > near->last))) return nullptr;
  if (equals_ignoring_case(near->name, name)) return near;
  std::vector<std::string_view> names;
  for (const auto& [known, field] : fields.messages.find(message.message)->second) names.push_back(known);
  return sole_closest_word(name, names) == near->name ? near : nullptr;
}

std::optional<Fix> correct_spelling(const Pass& pass, const MeshMessage& message, const Entry& entry,
                                    std::optional<Minor> revision) {
  const MeshField* meant = meant_field(pass.policy().mesh_fields(), message, entry.key.text(), revision);
  if (meant == nullptr || (has_table(message) && !is_classified(pass, message.message, meant->name))) return {};
  return fix_by(fmt::format("write {}", meant->name), false, replace_key(entry.value, meant->name));
}

void report_unknown(Pass& pass, const SharedConfigMap& shared, const MeshMessage& message, const Entry& entry) {
  const Minor newest = pass.policy().mesh_fields().newest;
  const auto name = entry.key.text();
  const bool is_newer_than_data = shared.revision && *shared.revision > newest;
  const std::string istio =
      is_newer_than_data ? fmt::format("Istio up to {}", to_string(newest)) : istio_words(shared.revision);
  Diagnostic& diagnostic = pass.report_key(
      entry.value, fmt::format("{} has no field {} in {}: {}", owner_words(message), quoted(name), istio,
                               has_table(message) ? "the add-on's admission webhook refuses the whole ConfigMap"
                                                  : "Istio ignores it"));
  diagnostic.help = way_out(pass, message, name);
  diagnostic.citation = table_citation(pass, message);
  if (!has_table(message) || is_newer_than_data) diagnostic.severity = Severity::warning;
  if (!is_misplaced(pass, message, name)) {
    diagnostic.fix = correct_spelling(pass, message, entry, shared.revision);
  }
  if (is_newer_than_data) {
    diagnostic.notes.push_back(
        note(fmt::format("{} may have it: it is newer than the policy data", istio_words(shared.revision))));
  }
}

void check_entry(Pass& pass, const SharedConfigMap& shared, const MeshMessage& message, const Entry& entry) {
  const auto name = entry.key.text();
  if (!entry.key.is_scalar() || entry.key.unresolved() || is_wrapper(message, entry)) return;
  const MeshField* field = find_field(pass.policy().mesh_fields(), message.message, name);
  const auto& misspelt = pass.policy().classification().misspelt;
  const auto page_spelling = message.message == "ProxyConfig" ? misspelt.find(name) : misspelt.end();
  if (page_spelling != misspelt.end()) {
    report_page_spelling(pass, entry, page_spelling->second);
  } else if (field == nullptr) {
    report_unknown(pass, shared, message, entry);
  } else if (field->name != name && has_table(message) && is_classified(pass, message.message, field->name)) {
    report_snake_case(pass, message, entry, *field);
  }
  // A field that another minor has is not unknown: the revision is too old or too new for it.
}

// In an annotation of pods Istio reads snake_case names, and passes over what it does not know.
void check_annotated(Pass& pass, const MeshMessage& message, const Entry& entry) {
  const MeshFields& fields = pass.policy().mesh_fields();
  const auto name = entry.key.text();
  if (!entry.key.is_scalar() || entry.key.unresolved() || find_field(fields, message.message, name) != nullptr) return;
  Diagnostic& diagnostic = pass.report_key(
      entry.value, fmt::format("{} has no field {}: Istio ignores it", owner_words(message), quoted(name)));
  diagnostic.severity = Severity::warning;
  diagnostic.citation = fields.citation;
  const auto near = fields.nearest(message.message, name);
  const bool is_of_mesh = message.depth == 0 && fields.find("MeshConfig", name) != nullptr;
  diagnostic.help = is_of_mesh     ? "it is a field of MeshConfig, which only the shared ConfigMap can set"
                    : near.empty() ? "remove the field, or look its name up in Istio's reference of ProxyConfig"
                                   : fmt::format("did you mean {}?", quoted(near));
  if (is_of_mesh) return;
  if (const MeshField* meant = meant_field(fields, message, name, std::nullopt)) {
    diagnostic.fix = fix_by(fmt::format("write {}", meant->name), false, replace_key(entry.value, meant->name));
  }
}

void check(Pass& pass) {
  for (const PodProxyConfig& pods : pod_proxy_configs(pass)) {
    for_each_message(pass, pods, [&](const MeshMessage& message) {
      for (const Entry& entry : message.node.entries()) check_annotated(pass, message, entry);
    });
  }
  for (const SharedConfigMap& shared : shared_config_maps(pass)) {
    for_each_message(pass, shared, [&](const MeshMessage& message) {
      for (const Entry& entry : message.node.entries()) check_entry(pass, shared, message, entry);
    });
  }
}

}  // namespace

extern constexpr Rule mesh_config_field_unknown = {
    .code = "MSH3003",
    .name = "mesh-config-field-unknown",
    .family = Family::blocked,
    .severity = Severity::error,
    .summary = "A field of the mesh's or a proxy's configuration that Istio does not have",
    .why =
        "The admission webhook denies fields that it does not recognise, and with them the whole ConfigMap. Deeper "
        "inside a field, and in the annotation proxy.istio.io/config of pods, Istio ignores what it does not know, so "
        "the setting silently does nothing.",
    .fix = "correct the spelling, or remove the field",
    .page = "istio-meshconfig",
    .check = check,
};

}  // namespace meshlint::rules
