#include <algorithm>
#include <charconv>

#include "linter/words.h"
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
std::string way_out(const MeshFields& fields, const MeshField& field, Node value, bool wants_list) {
  const auto text = value.text();
  if (wants_list) {
    if (value.is_scalar()) return fmt::format("write a list: [{}]", text);
    return value.is_mapping() ? "begin the entry with '- '" : "";
  }
  if (!value.is_scalar()) return value.is_sequence() ? "write one value, without the list" : "";
  if (const MeshField* inner = field_that_takes(fields, field, text)) {
    return fmt::format("write {}: {{{}: {}}}", field.name, inner->name, text);
  }
  if (std::ranges::find(field.values, to_upper(text)) != field.values.end()) {
    return fmt::format("write it in capitals: {}", to_upper(text));
  }
  switch (field.type) {
    case FieldType::string: return fmt::format("put it in quotes: \"{}\"", text);
    case FieldType::boolean:
      return plain_scalar_type(text) == ScalarType::boolean ? fmt::format("remove the quotes: {}", text) : "";
    case FieldType::duration:
      return plain_scalar_type(text) == ScalarType::integer
                 ? fmt::format("add the unit: {}s", text)
                 : "write numbers and units without blanks; the units are ms, s, m and h";
    default: return {};
  }
}

void report_type(Pass& pass, const SharedConfigMap& shared, const MeshField& field, Node value,
                 const std::string& expected) {
  const bool is_entry = field.map && value.key() && value.key().text() != field.name;
  const std::string name = is_entry ? fmt::format("{}.{}", field.name, value.key().text()) : field.name;
  Diagnostic& diagnostic =
      pass.report(value, fmt::format("{} takes {}, not {}: {} cannot read the configuration", quoted(name), expected,
                                     actual_words(value), istio_words(shared.revision)));
  const MeshFields& fields = pass.policy().mesh_fields();
  diagnostic.citation = fields.citation;
  if (auto help = way_out(fields, field, value, expected == a_list); !help.empty()) {
    diagnostic.help = std::move(help);
  }
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

void check_value(Pass& pass, const SharedConfigMap& shared, const MeshField& field, Node value) {
  if (value.is_null() || value.unresolved() || field.type == FieldType::any) return;
  if (field.type == FieldType::message && value.is_mapping()) return;
  if (!value.is_scalar() || !fits(field, value)) {
    report_type(pass, shared, field, value, expected_words(field));
    return;
  }
  check_port(pass, field, value);
}

void check_field(Pass& pass, const SharedConfigMap& shared, const MeshField& field, Node value) {
  if (!field.repeated && !field.map) {
    check_value(pass, shared, field, value);
  } else if (field.repeated ? value.is_sequence() : value.is_mapping()) {
    for (const Node item : value.items()) check_value(pass, shared, field, item);
    for (const Entry& entry : value.entries()) check_value(pass, shared, field, entry.value);
  } else if (!value.is_null() && !value.unresolved()) {
    report_type(pass, shared, field, value, std::string(field.repeated ? a_list : "a mapping"));
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

// data.mesh that is no text, or text that is no mapping.
void check_text(Pass& pass, const EmbeddedDocument& map) {
  // With a placeholder that stands for whole lines, the text is not what the cluster gets.
  if (map.text.unresolved()) return;
  for (const Problem& problem : map.parsed.problems) {
    if (problem.kind != ProblemKind::yaml_syntax) continue;
    Diagnostic& diagnostic =
        pass.report_at({problem.file, problem.span}, fmt::format("data.mesh is not valid YAML: {}", problem.message));
    diagnostic.object = describe(*map.resource);
    diagnostic.path = "data.mesh";
    if (!problem.help.empty()) diagnostic.help = problem.help;
    if (map.text.style() == ScalarStyle::folded) {
      diagnostic.help = "write 'mesh: |', which keeps the lines apart: '>' joins them to one";
    }
  }
  if (map.root.is_mapping() || map.root.is_null()) return;
  Diagnostic& diagnostic =
      pass.report(map.root, fmt::format("data.mesh is {} where a mapping of MeshConfig fields is expected",
                                        map.root.is_sequence() ? "a list" : quoted(map.root.text())));
  diagnostic.help = "write the fields of MeshConfig there, such as accessLogFile: /dev/stdout";
}

// The value of a ConfigMap's key must be text.
void check_missing_bar(Pass& pass, const Resource& map) {
  const std::string& key = pass.policy().names().shared_config_map_key;
  const Node mesh = map.root["data"][key];
  if (!mesh.is_mapping() && !mesh.is_sequence()) return;
  Diagnostic& diagnostic = pass.report_key(
      mesh, fmt::format("data.{} is a {} of the ConfigMap itself, not text: the API server refuses the ConfigMap", key,
                        mesh.is_mapping() ? "mapping" : "list"));
  diagnostic.help = fmt::format("add a '|' so that the lines below become text: {}: |", key);
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
    if (is_shared(*map.resource)) check_text(pass, map);
  }
  for (const SharedConfigMap& shared : shared_config_maps(pass)) {
    const MeshFields& fields = pass.policy().mesh_fields();
    check_wrapper(pass, shared);
    for_each_message(pass, shared, [&](const MeshMessage& message) {
      const bool has_table = message.message == "MeshConfig" || message.message == "ProxyConfig";
      for (const Entry& entry : message.node.entries()) {
        const MeshField* field = find_field(fields, message.message, entry.key.text());
        if (field == nullptr || (has_table && !is_classified(pass, message.message, field->name))) continue;
        check_field(pass, shared, *field, entry.value);
      }
    });
  }
}

}  // namespace

extern constexpr Rule mesh_config_invalid = {
    .code = "MSH3004",
    .name = "mesh-config-invalid",
    .family = Family::blocked,
    .severity = Severity::error,
    .summary = "Shared mesh configuration that Istio cannot read",
    .why =
        "data.mesh must be YAML that fits Istio's MeshConfig: fields of the right type, enums by their exact names, "
        "durations with a unit. Istio rejects the configuration as a whole otherwise, and the webhook refuses the "
        "ConfigMap.",
    .fix = "correct the value",
    .page = "istio-meshconfig",
    .check = check,
};

}  // namespace meshlint::rules
