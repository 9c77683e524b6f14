// The fields of Telemetry resources as Microsoft's table classifies them.
#pragma once

#include <functional>
#include <string_view>

#include "rules/istio-fields.h"

namespace meshlint::rules {

// Calls `visit` for each field that a Telemetry states and Istio has in some minor, as the table names it
// ("accessLogging.match"), with its class; null for a field that the table lacks. Fields that say where a Telemetry
// applies are passed over.
void for_each_telemetry_field(const Pass& pass, const Resource& telemetry,
                              const std::function<void(Node, std::string_view, const FieldClass*)>& visit);

// Whether the table lets the field at a path of the policy ("spec.accessLogging[].filter.expression") be set, or does
// not speak of it.
bool may_set_telemetry_field(const Pass& pass, std::string_view path);

}  // namespace meshlint::rules
