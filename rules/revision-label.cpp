#include "rules/revision-label.h"

namespace meshlint::rules {

NamespaceLabel name_space_label(const Pass& pass, const Resource& workload, std::string_view key) {
  const auto name = pass.manifests().name_space_of(workload);
  NamespaceLabel result = NamespaceLabel::unknown;
  for (const Resource* name_space : pass.manifests().of("", "Namespace")) {
    if (!name || name_space->name.text() != *name) continue;
    const Node label = name_space->labels[key];
    if (label || pass.manifests().may_set_label(*name_space, key)) return NamespaceLabel::present;
    const bool may_get_it = name_space->partial || label.unresolved() || pass.manifests().may_be_patched(*name_space);
    if (!may_get_it) result = NamespaceLabel::absent;
  }
  return result;
}

}  // namespace meshlint::rules
