#include <algorithm>

#include "linter/rule.h"
#include "linter/words.h"

namespace meshlint::rules {
namespace {

constexpr std::string_view init_containers = "InitContainers";

// Whether sidecars of a revision come with an init container where nothing else is said. From the first revision with
// another default on, an installation can have kept the old one.
bool is_by_default(const TrafficRedirection& facts, Minor revision) {
  const RedirectionDefault* row = facts.find(revision);
  return row != nullptr && row->on_install == init_containers;
}

bool uses_init_containers(const TrafficRedirection& facts, const ClusterDefinition& cluster) {
  const auto& redirection = cluster.proxy_redirection;
  if (redirection.known == Known::stated) return redirection.value == init_containers;
  return redirection.known == Known::unstated && !cluster.revisions.empty() &&
         std::ranges::all_of(cluster.revisions, [&](const Fact<std::string>& listed) {
           const auto revision = listed.has_value() ? parse_revision(listed.value) : std::nullopt;
           return revision && is_by_default(facts, *revision);
         });
}

// Without a cluster definition, revisions that cannot do without.
bool must_use_init_containers(const TrafficRedirection& facts, const Candidates& candidates) {
  return !candidates.revisions.empty() && std::ranges::all_of(candidates.revisions, [&](Minor revision) {
    const RedirectionDefault* row = facts.find(revision);
    return row != nullptr && row->mechanisms == std::vector<std::string>{std::string(init_containers)};
  });
}

void check_namespace(Pass& pass, const Resource& name_space) {
  const TrafficRedirection& facts = pass.policy().traffic_redirection();
  const Node revision = name_space.labels[pass.policy().names().revision_label];
  const Node standard = name_space.labels[facts.standard_label];
  const bool is_refusing = std::ranges::find(facts.refusing, standard.text()) != facts.refusing.end();
  if (revision.is_null() || standard.unresolved() || !is_refusing) return;
  const auto& clusters = pass.context().governing(name_space.file());
  const bool is_certain =
      clusters.empty()
          ? must_use_init_containers(facts, pass.context().candidates(name_space))
          : std::ranges::all_of(clusters, [&](const auto* one) { return uses_init_containers(facts, *one); });
  if (!is_certain) return;
  Diagnostic& diagnostic = pass.report(
      standard, fmt::format("standard {} of this namespace does not allow {}, which the init container of sidecars "
                            "needs: its pods are reported to be refused",
                            quoted(standard.text()), list_words(facts.capabilities, "or")));
  diagnostic.citation = facts.refusing_citation;
  diagnostic.notes.push_back(note_at(revision, "the label that asks for sidecars"));
}

void check(Pass& pass) {
  for (const Resource* name_space : pass.manifests().of("", "Namespace")) {
    if (pass.manifests().may_be_patched(*name_space) || !pass.context().has_add_on(name_space->file())) continue;
    check_namespace(pass, *name_space);
  }
}

}  // namespace

extern constexpr Rule init_container_denied = {
    .code = "MSH4020",
    .name = "init-container-denied",
    .family = Family::ineffective,
    .severity = Severity::note,
    .summary = "A namespace with sidecars whose pod security standard refuses their init container",
    .why =
        "Unless the mesh uses the CNI plugin, each sidecar comes with an init container that changes the pod's network "
        "and needs the capabilities NET_ADMIN and NET_RAW. The pod security standards baseline and restricted allow "
        "neither, so the API server refuses the pods.",
    .fix = "set proxyRedirectionMechanism to CNIChaining (asm-1-25 and later), and restart the workloads",
    .page = "istio-cni",
    .check = check,
    .on_by_default = false,  // what the cluster enforces need not stand in its files
};

}  // namespace meshlint::rules
