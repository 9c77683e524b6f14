#include <algorithm>
#include <charconv>

#include "linter/fix.h"
#include "linter/terraform.h"
#include "linter/words.h"
#include "linter/yaml_edit.h"
#include "rules/shared-config-map.h"

namespace meshlint::rules {
namespace {

bool is_whole_number(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// What Go's time.ParseDuration takes, which Istio reads durations with: "1.5s", "1m30s", "500ms", "0".
bool is_duration(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return true;
  if (text.empty()) return false;
  constexpr std::string_view units[] = {"ns", "us", "µs", "μs", "ms", "s", "m", "h"};
  while (!text.empty()) {
    const auto number = std::min(text.find_first_not_of("0123456789."), text.size());
    if (number == 0 || text.substr(0, number).find_first_not_of('.') == std::string_view::npos) return false;
    text.remove_prefix(number);
    const auto unit = std::ranges::find_if(units, [text](auto name) { return text.starts_with(name); });
    if (unit == std::end(units)) return false;
    text.remove_prefix(unit->size());
  }
  return true;
}

constexpr std::string_view a_list = "a list";

std::string expected_words(const MeshField& field) {
  switch (field.type) {
    case FieldType::string: return "text";
    case FieldType::boolean: return "true or false without quotes";
    case FieldType::int32: return "a whole number of at most 2147483647";
    case FieldType::int64: return "a whole number";
    case FieldType::uint32:
    case FieldType::uint64: return "a whole number that is not negative";
    case FieldType::number: return "a number";
    case FieldType::duration: return "a duration such as 10s or 1m30s";
    case FieldType::timestamp: return "a time such as 2026-08-21T00:00:00Z";
    case FieldType::enumeration: return list_words(field.values, "or");
    case FieldType::message: return "a mapping";
    case FieldType::any: return "a value";
  }
  return {};
}

// A value as it reads to Istio: with its kind where the kind is what is wrong.
std::string actual_words(Node value) {
  if (value.is_mapping()) return "a mapping";
  if (value.is_sequence()) return "a list";
  const bool is_quoted = value.style() == ScalarStyle::double_quoted || value.style() == ScalarStyle::single_quoted;
  if (is_quoted) return fmt::format("the text \"{}\"", value.text());
  switch (value.type()) {
    case ScalarType::boolean: return fmt::format("the boolean {}", value.text());
    case ScalarType::integer:
    case ScalarType::real: return fmt::format("the number {}", value.text());
    default: return quoted(value.text());
  }
}

// YAML's first version lets people group digits, and kubectl's library still does.
bool has_separators(Node value) {
  return value.style() == ScalarStyle::plain && value.text().find_first_not_of("0123456789_") == std::string_view::npos;
}

bool fits_integer(const MeshField& field, Node value) {
  const auto text = value.text();
  if (value.type() == ScalarType::boolean) return false;
  if (value.type() == ScalarType::real) return true;  // 1e3 and 5.0 are read as whole numbers
  if (!is_whole_number(text)) return value.type() == ScalarType::integer || has_separators(value);  // 0x1F, 1_000
  const bool is_unsigned = field.type == FieldType::uint32 || field.type == FieldType::uint64;
  if (is_unsigned && text.starts_with('-')) return false;
  if (field.type == FieldType::int64 || field.type == FieldType::uint64) return true;
  std::int64_t number = 0;
  const auto digits = text.starts_with('+') ? text.substr(1) : text;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), number).ec != std::errc()) return false;
  return is_unsigned ? number <= 0xFFFFFFFFLL : number >= -0x80000000LL && number <= 0x7FFFFFFFLL;
}

// Whether a scalar fits the field's type as Istio's JSON reader takes it.
bool fits(const MeshField& field, Node value) {
  switch (field.type) {
    case FieldType::string: return value.type() == ScalarType::string;
    case FieldType::boolean: return value.type() == ScalarType::boolean;
    case FieldType::int32:
    case FieldType::int64:
    case FieldType::uint32:
    case FieldType::uint64: return fits_integer(field, value);
    case FieldType::number:
      return value.type() != ScalarType::boolean &&
             (value.type() != ScalarType::string || plain_scalar_type(value.text()) != ScalarType::string);
    case FieldType::duration: return value.type() == ScalarType::string && is_duration(value.text());
    case FieldType::enumeration:
      return value.type() == ScalarType::integer || std::ranges::find(field.values, value.text()) != field.values.end();
    case FieldType::message: return false;
    case FieldType::timestamp:
    case FieldType::any: return true;
  }
  return true;
}

// The field of a message that takes this value: who writes `outboundTrafficPolicy: REGISTRY_ONLY` means its `mode`.
const MeshField* field_that_takes(const MeshFields& fields, const MeshField& field, std::string_view value) {
  const auto message = fields.messages.find(field.message);
  if (field.type != FieldType::message || message == fields.messages.end()) return nullptr;
  for (const auto& [name, inner] : message->second) {
    if (std::ranges::find(inner.values, value) != inner.values.end()) return &inner;
  }
  return nullptr;
}

std::string to_upper(std::string_view text) {
  std::string upper(text);
  std::ranges::transform(upper, upper.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return upper;
}

// What to write instead, where it is plain.
struct WayOut {
  std::string help;
  std::optional<Edit> edit;
};

WayOut write_value(std::string help, Node value, std::string_view text) {
  return {std::move(help), replace_value(value, text)};
}

WayOut write_yaml(std::string help, Node value, std::string_view yaml) {
  return {std::move(help), replace_by_yaml(value, yaml)};
}

WayOut way_out_of_enum(const MeshField& field, Node value) {
  const std::string capitals = to_upper(value.text());
  if (std::ranges::find(field.values, capitals) != field.values.end()) {
    return write_value(fmt::format("write it in capitals: {}", capitals), value, capitals);
  }
  const auto meant = sole_closest_word(capitals, {field.values.begin(), field.values.end()});
  if (meant.empty()) return {};
  return write_value(fmt::format("did you mean {}?", meant), value, meant);
}

WayOut way_out_of_scalar(const MeshFields& fields, const MeshField& field, Node value) {
  const auto text = value.text();
  if (const MeshField* inner = field_that_takes(fields, field, text)) {
    const std::string yaml = fmt::format("{{{}: {}}}", inner->name, text);
    return write_yaml(fmt::format("write {}: {}", field.name, yaml), value, yaml);
  }
  switch (field.type) {
    case FieldType::enumeration: return way_out_of_enum(field, value);
    case FieldType::string: {
      const std::string yaml = fmt::format("\"{}\"", text);
      return write_yaml(fmt::format("put it in quotes: {}", yaml), value, yaml);
    }
    case FieldType::boolean:
      if (plain_scalar_type(text) != ScalarType::boolean) return {};
      return write_yaml(fmt::format("remove the quotes: {}", text), value, text);
    case FieldType::duration:  // which unit is meant, nobody else can know
      return {plain_scalar_type(text) == ScalarType::integer
                  ? fmt::format("add the unit: {}s", text)
                  : "write numbers and units without blanks; the units are ms, s, m and h",
              std::nullopt};
    default: return {};
  }
}

WayOut way_out(const MeshFields& fields, const MeshField& field, Node value, bool wants_list) {
  if (!wants_list) {
    if (value.is_scalar()) return way_out_of_scalar(fields, field, value);
    return {value.is_sequence() ? "write one value, without the list" : "", std::nullopt};
  }
  if (!value.is_scalar()) return {value.is_mapping() ? "begin the entry with '- '" : "", std::nullopt};
  std::string help = fmt::format("write a list: [{}]", value.text());
  if (!fits(field, value)) return {std::move(help), std::nullopt};
  return write_yaml(std::move(help), value, fmt::format("[{}]", yaml_scalar(value.text())));
}

// `consequence` is what comes of the value: "Istio 1.29 cannot read the configuration".
void report_type(Pass& pass, const std::string& consequence, const MeshField& field, Node value,
                 const std::string& expected) {
  const bool is_entry = field.map && value.key() && value.key().text() != field.name;
  const std::string name = is_entry ? fmt::format("{}.{}", field.name, value.key().text()) : field.name;
  Diagnostic& diagnostic = pass.report(
      value, fmt::format("{} takes {}, not {}: {}", quoted(name), expected, actual_words(value), consequence));
  const MeshFields& fields = pass.policy().mesh_fields();
  diagnostic.citation = fields.citation;
  WayOut out = way_out(fields, field, value, expected == a_list);
  if (!out.help.empty()) diagnostic.help = std::move(out.help);
  diagnostic.fix = fix_by("correct the value", false, std::move(out.edit));
}

void check_port(Pass& pass, const MeshField& field, Node value) {
  const bool is_port = field.name == "port" || field.name.ends_with("Port");
  if (!is_port || !is_whole_number(value.text()) || field.type == FieldType::string) return;
  long long number = 0;
  const auto text = value.text();
  std::from_chars(text.data(), text.data() + text.size(), number);
  if (number >= 0 && number <= 65535) return;
  Diagnostic& diagnostic =
      pass.report(value, fmt::format("{} is no port for {}: ports go up to 65535", text, quoted(field.name)));
  diagnostic.citation = pass.policy().mesh_fields().citation;
}

void check_value(Pass& pass, const std::string& consequence, const MeshField& field, Node value) {
  if (value.is_null() || value.unresolved() || field.type == FieldType::any) return;
  if (field.type == FieldType::message && value.is_mapping()) return;
  if (!value.is_scalar() || !fits(field, value)) {
    report_type(pass, consequence, field, value, expected_words(field));
    return;
  }
  check_port(pass, field, value);
}

void check_field(Pass& pass, const std::string& consequence, const MeshField& field, Node value) {
  if (!field.repeated && !field.map) {
    check_value(pass, consequence, field, value);
  } else if (field.repeated ? value.is_sequence() : value.is_mapping()) {
    for (const Node item : value.items()) check_value(pass, consequence, field, item);
    for (const Entry& entry : value.entries()) check_value(pass, consequence, field, entry.value);
  } else if (!value.is_null() && !value.unresolved()) {
    report_type(pass, consequence, field, value, std::string(field.repeated ? a_list : "a mapping"));
  }
}

void check_wrapper(Pass& pass, const SharedConfigMap& shared) {
  for (const char* wrapper : {"meshConfig", "mesh"}) {
    const Node inner = shared.mesh[wrapper];
    if (!inner.is_mapping()) continue;
    Diagnostic& diagnostic = pass.report_key(
        inner, fmt::format("the fields of MeshConfig stand under {}: the add-on's admission webhook does not recognise "
                           "it and refuses the whole ConfigMap",
                           quoted(wrapper)));
    diagnostic.help = fmt::format(
        "remove the line '{}:' and indent what is under it one level less: data.mesh holds the fields "
        "themselves",
        wrapper);
  }
}

// Text that should be a mapping of fields and cannot be read, or is something else.
struct Expected {
  std::string_view where;        // "data.mesh"
  std::string_view message;      // "MeshConfig"
  std::string_view consequence;  // ": injection fails"; may be empty
  std::string_view example;
};

void check_text(Pass& pass, const EmbeddedDocument& document, const Expected& expected) {
  // With a placeholder that stands for whole lines, the text is not what the cluster gets.
  if (document.text.unresolved()) return;
  for (const Problem& problem : document.parsed.problems) {
    if (problem.kind != ProblemKind::yaml_syntax) continue;
    Diagnostic& diagnostic = pass.report_at(
        {problem.file, problem.span},
        fmt::format("{} is not valid YAML: {}{}", expected.where, problem.message, expected.consequence));
    diagnostic.object = describe(*document.resource);
    diagnostic.path = pass.manifests().path_of(document.text);
    if (!problem.help.empty()) diagnostic.help = problem.help;
    if (document.text.style() == ScalarStyle::folded) {
      diagnostic.help =
          fmt::format("write '{}: |', which keeps the lines apart: '>' joins them to one", document.text.key().text());
    }
  }
  if (document.root.is_mapping() || document.root.is_null()) return;
  Diagnostic& diagnostic =
      pass.report(document.root, fmt::format("{} is {} where a mapping of {} fields is expected{}", expected.where,
                                             document.root.is_sequence() ? "a list" : quoted(document.root.text()),
                                             expected.message, expected.consequence));
  diagnostic.help = fmt::format("write the fields of {} there, such as {}", expected.message, expected.example);
}

// The value of a ConfigMap's key must be text.
void check_missing_bar(Pass& pass, const Resource& map) {
  const std::string& key = pass.policy().names().shared_config_map_key;
  const Node mesh = map.root["data"][key];
  if (!mesh.is_mapping() && !mesh.is_sequence()) return;
  if (is_terraform_file(map.file().path())) return;  // yamlencode() makes text of it
  Diagnostic& diagnostic = pass.report_key(
      mesh, fmt::format("data.{} is a {} of the ConfigMap itself, not text: the API server refuses the ConfigMap", key,
                        mesh.is_mapping() ? "mapping" : "list"));
  diagnostic.help = fmt::format("add a '|' so that the lines below become text: {}: |", key);
}

void check_shared(Pass& pass, const SharedConfigMap& shared) {
  const MeshFields& fields = pass.policy().mesh_fields();
  const std::string consequence = fmt::format("{} cannot read the configuration", istio_words(shared.revision));
  check_wrapper(pass, shared);
  for_each_message(pass, shared, [&](const MeshMessage& message) {
    const bool has_table = message.message == "MeshConfig" || message.message == "ProxyConfig";
    for (const Entry& entry : message.node.entries()) {
      const MeshField* field = find_field(fields, message.message, entry.key.text());
      if (field == nullptr || (has_table && !is_classified(pass, message.message, field->name))) continue;
      check_field(pass, consequence, *field, entry.value);
    }
  });
}

// The injector reads the annotation of each pod, and refuses the pod when it cannot.
void check_annotation(Pass& pass, const PodProxyConfig& pods) {
  const std::string consequence = "sidecar injection fails, and these pods are not created";
  const std::string behind = ": " + consequence;
  check_text(pass, *pods.annotation,
             {"the annotation proxy.istio.io/config", "ProxyConfig", behind, "holdApplicationUntilProxyStarts: true"});
  for_each_message(pass, pods, [&](const MeshMessage& message) {
    for (const Entry& entry : message.node.entries()) {
      const MeshField* field = find_field(pass.policy().mesh_fields(), message.message, entry.key.text());
      if (field != nullptr) check_field(pass, consequence, *field, entry.value);
    }
  });
}

void check(Pass& pass) {
  const std::string& prefix = pass.policy().names().shared_config_map_prefix;
  const auto is_shared = [&](const Resource& map) {
    return map.name.text().starts_with(prefix) && pass.context().has_add_on(map.file());
  };
  for (const Resource* map : pass.manifests().of("", "ConfigMap")) {
    if (is_shared(*map)) check_missing_bar(pass, *map);
  }
  for (const EmbeddedDocument& map : pass.manifests().mesh_configs()) {
    if (!is_shared(*map.resource)) continue;
    check_text(pass, map, {"data.mesh", "MeshConfig", "", "accessLogFile: /dev/stdout"});
  }
  for (const SharedConfigMap& shared : shared_config_maps(pass)) check_shared(pass, shared);
  for (const PodProxyConfig& pods : pod_proxy_configs(pass)) check_annotation(pass, pods);
}

}  // namespace

extern constexpr Rule mesh_config_invalid = {
    .code = "MSH3004",
    .name = "mesh-config-invalid",
    .family = Family::blocked,
    .severity = Severity::error,
    .summary = "Configuration of the mesh or of a proxy that Istio cannot read",
    .why =
        "data.mesh must be YAML that fits Istio's MeshConfig: fields of the right type, enums by their exact names, "
        "durations with a unit. Istio rejects the configuration as a whole otherwise, and the webhook refuses the "
        "ConfigMap. The annotation proxy.istio.io/config of pods holds a ProxyConfig; where the injector cannot read "
        "it, it "
        "refuses the pods.",
    .fix = "correct the value",
    .page = "istio-meshconfig",
    .check = check,
};

}  // namespace meshlint::rules
