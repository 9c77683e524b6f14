#include "rules/revision-label.h"

namespace meshlint::rules {

NamespaceLabel name_space_label(const Pass& pass, const Resource& workload) {
  constexpr std::string_view key = "istio.io/rev";
  const auto name = pass.manifests().name_space_of(workload);
  NamespaceLabel result = NamespaceLabel::unknown;
  for (const Resource* name_space : pass.manifests().of("", "Namespace")) {
    if (!name || name_space->name.text() != *name) continue;
    if (name_space->labels[key] || pass.manifests().may_set_label(*name_space, key)) return NamespaceLabel::present;
    if (!name_space->partial) result = NamespaceLabel::absent;
  }
  return result;
}

}  // namespace meshlint::rules
