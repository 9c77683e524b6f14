// The labels of namespaces, which decide for the pods in them.
#pragma once

#include "linter/rule.h"

namespace meshlint::rules {

// What is known of a label of the namespace that a workload's pods run in. Where it has a revision label, the one on
// the pods is ignored.
enum class NamespaceLabel : std::uint8_t { present, absent, unknown };

NamespaceLabel name_space_label(const Pass& pass, const Resource& workload, std::string_view key = "istio.io/rev");

}  // namespace meshlint::rules
