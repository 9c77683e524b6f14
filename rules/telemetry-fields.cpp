#include "rules/telemetry-fields.h"

#include <algorithm>

namespace meshlint::rules {
namespace {

// "spec.accessLogging[].match.mode" -> "accessLogging.match": the table classifies the second level.
std::string table_path(std::string_view path) {
  std::string result;
  path.remove_prefix(std::min(path.find('.') + 1, path.size()));
  int level = 0;
  for (const char character : path) {
    if (character == '.' && ++level == 2) break;
    if (character != '[' && character != ']') result += character;
  }
  return result;
}

}  // namespace

void for_each_telemetry_field(const Pass& pass, const Resource& telemetry,
                              const std::function<void(Node, std::string_view, const FieldClass*)>& visit) {
  const TelemetryFields& table = pass.policy().telemetry();
  for_each_istio_value(pass, telemetry, [&](const IstioValue& value) {
    if (value.path == "spec") return true;
    const std::string path = table_path(value.path);
    if (path.find('.') == std::string::npos) {
      return std::ranges::find(table.unclassified, path) == table.unclassified.end();
    }
    visit(value.node, path, table.find(path));
    return false;
  });
}

bool may_set_telemetry_field(const Pass& pass, std::string_view path) {
  const TelemetryFields& table = pass.policy().telemetry();
  const std::string classified = table_path(path);
  if (classified.find('.') == std::string::npos) return true;
  const FieldClass* found = table.find(classified);
  return found != nullptr && found->at(pass.context().as_of()) != FieldSupport::blocked;
}

}  // namespace meshlint::rules
