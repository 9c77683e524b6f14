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

std::string expected_words(const MeshField& field) {
  switch (field.type) {
    case FieldType::string: return "a string";
    case FieldType::boolean: return "true or false, without quotes";
    case FieldType::int32:
    case FieldType::int64: return "a whole number";
    case FieldType::uint32:
    case FieldType::uint64: return "a whole number, not negative";
    case FieldType::number: return "a number";
    case FieldType::duration: return "a duration such as 10s or 1m30s";
    case FieldType::timestamp: return "a time such as 2026-08-21T00:00:00Z";
    case FieldType::enumeration: return fmt::format("one of {}", list_words(field.values, "or"));
    case FieldType::message: return "a mapping";
    case FieldType::any: return "a value";
  }
  return {};
}

bool fits_integer(const MeshField& field, Node value) {
  const auto text = value.text();
  if (value.type() == ScalarType::boolean) return false;
  if (value.type() == ScalarType::real) return true;  // 1e3 and 5.0 are read as whole numbers
  if (!is_whole_number(text)) return text.starts_with("0x") || text.starts_with("0o");
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

std::string kind_words(Node value) {
  if (value.is_mapping()) return "a mapping";
  if (value.is_sequence()) return "a list";
  return quoted(value.text());
}

void report_type(Pass& pass, const SharedConfigMap& shared, const MeshField& field, Node value, std::string expected) {
  Diagnostic& diagnostic =
      pass.report(value, fmt::format("{} cannot read {} as {}: it takes {}", istio_words(shared.revision),
                                     kind_words(value), quoted(field.name), expected));
  diagnostic.citation = pass.policy().mesh_fields().citation;
  const bool quotes_help = value.is_scalar() && value.type() != ScalarType::string && field.type == FieldType::string &&
                           expected == expected_words(field);
  if (quotes_help) diagnostic.help = fmt::format("put it in quotes: \"{}\"", value.text());
}

void check_port(Pass& pass, const MeshField& field, Node value) {
  const bool is_port = field.name == "port" || field.name.ends_with("Port");
  if (!is_port || !is_whole_number(value.text()) || field.type == FieldType::string) return;
  long long number = 0;
  const auto text = value.text();
  std::from_chars(text.data(), text.data() + text.size(), number);
  if (number >= 0 && number <= 65535) return;
  pass.report(value, fmt::format("{} is no port: {} takes 0 to 65535", quoted(text), quoted(field.name)));
}

void check_value(Pass& pass, const SharedConfigMap& shared, const MeshField& field, Node value) {
  if (value.is_null() || value.unresolved()) return;
  if (field.type == FieldType::message && value.is_mapping()) return;
  if (field.type == FieldType::any) return;
  if (!value.is_scalar() || !fits(field, value)) {
    report_type(pass, shared, field, value, expected_words(field));
    return;
  }
  check_port(pass, field, value);
}

void check_field(Pass& pass, const SharedConfigMap& shared, const MeshField& field, Node value) {
  if (!field.repeated && !field.map) {
    check_value(pass, shared, field, value);
  } else if (field.repeated && value.is_sequence()) {
    for (const Node item : value.items()) check_value(pass, shared, field, item);
  } else if (field.map && value.is_mapping()) {
    for (const Entry& entry : value.entries()) check_value(pass, shared, field, entry.value);
  } else if (!value.is_null() && !value.unresolved()) {
    report_type(pass, shared, field, value, field.map ? "a mapping" : "a list");
  }
}

void check_wrapper(Pass& pass, const SharedConfigMap& shared) {
  for (const char* wrapper : {"meshConfig", "mesh"}) {
    const Node inner = shared.mesh[wrapper];
    if (!inner.is_mapping()) continue;
    Diagnostic& diagnostic = pass.report_key(
        inner, fmt::format("data.mesh holds the fields of MeshConfig themselves, not under {}: the webhook refuses the "
                           "ConfigMap",
                           quoted(wrapper)));
    diagnostic.help = fmt::format("remove the line '{}:' and indent what is under it one level less", wrapper);
  }
}

// data.mesh that is no mapping at all.
void check_text(Pass& pass, const MeshConfigMap& map) {
  for (const Problem& problem : map.parsed.problems) {
    if (problem.kind != ProblemKind::yaml_syntax) continue;
    Diagnostic& diagnostic =
        pass.report_at({problem.file, problem.span}, fmt::format("data.mesh is not valid YAML: {}", problem.message));
    diagnostic.object = describe(*map.resource);
    diagnostic.path = "data.mesh";
    if (!problem.help.empty()) diagnostic.help = problem.help;
  }
  if (!map.mesh || map.mesh.is_mapping() || map.mesh.is_null() || map.mesh.unresolved()) return;
  Diagnostic& diagnostic =
      pass.report(map.mesh, fmt::format("data.mesh is {} where a mapping of MeshConfig fields is expected",
                                        map.mesh.is_sequence() ? "a list" : quoted(map.mesh.text())));
  diagnostic.help = "write the fields of MeshConfig there, such as accessLogFile: /dev/stdout";
}

void check(Pass& pass) {
  for (const MeshConfigMap& map : pass.manifests().mesh_config_maps()) {
    const bool is_shared = map.resource->name.text().starts_with(pass.policy().names().shared_config_map_prefix);
    if (is_shared && pass.context().has_add_on(map.resource->file())) check_text(pass, map);
  }
  const MeshFields& fields = pass.policy().mesh_fields();
  for (const SharedConfigMap& shared : shared_config_maps(pass)) {
    check_wrapper(pass, shared);
    for_each_message(pass, shared, [&](const MeshMessage& message) {
      const bool has_table = message.message == "MeshConfig" || message.message == "ProxyConfig";
      for (const Entry& entry : message.node.entries()) {
        const MeshField* field = fields.find(message.message, entry.key.text());
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
