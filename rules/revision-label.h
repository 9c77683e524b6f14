// The revision labels of namespaces, which decide for the pods in them.
#pragma once

#include "linter/rule.h"

namespace meshlint::rules {

// What is known of the revision label of the namespace that a workload's pods run in. Where it has one, the label on
// the pods is ignored.
enum class NamespaceLabel : std::uint8_t { present, absent, unknown };

NamespaceLabel name_space_label(const Pass& pass, const Resource& workload);

}  // namespace meshlint::rules
