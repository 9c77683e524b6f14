#include "rules/istio-fields.h"

#include <algorithm>

#include "linter/words.h"

namespace meshlint::rules {
namespace {

class Walk {
 public:
  Walk(const IstioFields& fields, const std::function<bool(const IstioValue&)>& visit)
      : fields_(&fields), visit_(&visit) {}

  // A field's value: the list or mapping itself is visited before what it holds. Its shape and message are the same in
  // all minors that have it.
  void enter(Node value, const std::string& path, const IstioFields::Periods& periods) const {
    const IstioField& field = periods.back();
    if (!(*visit_)({value, path, periods}) || value.unresolved()) return;
    if (field.repeated) {
      for (const Node item : value.items()) enter_one(item, path + "[]", periods);
    } else if (field.map) {
      for (const Entry& entry : value.entries()) enter_one(entry.value, path + "{}", periods);
    } else {
      enter_fields(value, path, field);
    }
  }

 private:
  void enter_one(Node value, const std::string& path, const IstioFields::Periods& periods) const {
    if ((*visit_)({value, path, periods})) enter_fields(value, path, periods.back());
  }

  void enter_fields(Node value, const std::string& path, const IstioField& field) const {
    const auto message = fields_->messages.find(field.message);
    if (message == fields_->messages.end()) return;
    for (const Entry& entry : value.entries()) {
      const auto known = message->second.find(entry.key.text());
      if (known != message->second.end()) enter(entry.value, fmt::format("{}.{}", path, known->first), known->second);
    }
  }

  const IstioFields* fields_;
  const std::function<bool(const IstioValue&)>* visit_;
};

}  // namespace

void for_each_istio_value(const Pass& pass, const Resource& resource,
                          const std::function<bool(const IstioValue&)>& visit) {
  const IstioFields& fields = pass.policy().istio_fields();
  const auto spec = fields.kinds.find(fmt::format("{}/{}", resource.group, resource.kind));
  if (spec != fields.kinds.end()) Walk(fields, visit).enter(resource.root["spec"], "spec", spec->second);
}

const IstioField* field_in(const IstioFields::Periods& periods, Minor minor) {
  const auto found = std::ranges::find_if(
      periods, [minor](const IstioField& field) { return field.first <= minor && minor <= field.last; });
  return found == periods.end() ? nullptr : &*found;
}

std::vector<Minor> minors_between(Minor first, Minor last) {
  std::vector<Minor> minors;
  for (Minor minor = first; minor.major == last.major && minor <= last; ++minor.minor) minors.push_back(minor);
  return minors;
}

IstioMinors istio_minors(const Pass& pass, const Resource& resource, Minor oldest, Minor newest) {
  const Candidates candidates = pass.context().candidates(resource);
  // Only the revision that an object's own label names reads it.
  const bool by_label = candidates.source == Candidates::Source::resource;
  IstioMinors result{{}, !candidates.revisions.empty() && (candidates.complete || by_label), candidates.defaulted};
  if (result.known) {
    const bool in_table = oldest <= candidates.revisions.front() && candidates.revisions.back() <= newest;
    if (in_table) result.minors = candidates.revisions;
    return result;
  }
  result.defaulted = false;
  result.minors = minors_between(oldest, newest);
  return result;
}

std::optional<Minor> version_comes_with(const Pass& pass, const Resource& resource) {
  const IstioKinds& kinds = pass.policy().istio_kinds();
  const IstioKind* kind = kinds.find(resource.group, resource.kind);
  const Node stated = resource.root["apiVersion"];
  if (kind == nullptr || !stated || stated.unresolved() || resource.partial) return std::nullopt;
  const IstioMinors minors = istio_minors(pass, resource, kinds.oldest, kinds.newest);
  const auto serves = [&](Minor minor) { return kind->serves(resource.version, minor); };
  if (!minors.known || minors.minors.empty() || std::ranges::any_of(minors.minors, serves)) return std::nullopt;
  const auto later = minors_between(minors.minors.back(), kinds.newest);
  const auto first = std::ranges::find_if(later, serves);
  return first == later.end() ? std::nullopt : std::optional(*first);
}

std::string istio_words(const IstioMinors& minors) {
  return minors.known ? "Istio " + list_versions(minors.minors) : "Istio";
}

void soften_if_defaulted(Diagnostic& diagnostic, const IstioMinors& minors) {
  if (!minors.defaulted) return;
  diagnostic.severity = lower(diagnostic.severity);
  diagnostic.notes.push_back(
      note("a revision of the cluster is a parameter's default, which a deployment may override"));
}

bool is_judged(const Pass& pass, const Resource& resource) {
  return pass.context().has_add_on(resource.file()) && !pass.manifests().may_be_patched(resource);
}

}  // namespace meshlint::rules
