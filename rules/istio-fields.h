// The fields of Istio's custom resources as a manifest states them, and the Istio minors that may read them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "linter/rule.h"

namespace meshlint::rules {

// A value of a custom resource of Istio: that of a field, an item of its list or a value of its mapping.
struct IstioValue {
  Node node;
  std::string path;                     // as the policy writes it: "spec.http[].match[].headers{}.exact"
  const IstioFields::Periods& periods;  // what stands there, minor by minor
};

// Calls `visit` for `spec` and all values below it that some minor of Istio knows, in document order; what a value
// holds is passed over where it returns false. Nothing for kinds that are not Istio's.
void for_each_istio_value(const Pass& pass, const Resource& resource,
                          const std::function<bool(const IstioValue&)>& visit);

// What a field is in a minor; null where that minor does not have it.
const IstioField* field_in(const IstioFields::Periods& periods, Minor minor);

// The minors from one to another of the same major.
std::vector<Minor> minors_between(Minor first, Minor last);

// The minors of Istio that may read a resource, ascending: those that a statement about it must hold for.
struct IstioMinors {
  std::vector<Minor> minors;  // empty where one of them lies outside of what is asked for: a table ends there
  bool known = false;         // they are the candidate revisions; else all that is asked for
  bool defaulted = false;     // some rest on a parameter's default
};

// The candidate revisions of a resource where all of them are known, else every minor from `oldest` to `newest`.
IstioMinors istio_minors(const Pass& pass, const Resource& resource, Minor oldest, Minor newest);

// The first minor of Istio that serves the API version of a resource of Istio's, where none of those that may read it
// does; nothing for a patch, where that is not known, and where no later one serves it.
std::optional<Minor> version_comes_with(const Pass& pass, const Resource& resource);

// "Istio 1.28 and 1.29", for messages; "Istio" where the minors are not known.
std::string istio_words(const IstioMinors& minors);

// Lowers a finding that rests on revisions that are parameters' defaults, and says so.
void soften_if_defaulted(Diagnostic& diagnostic, const IstioMinors& minors);

// Whether a rule may judge what the manifest of a resource states: the add-on runs where it goes, and no overlay has a
// patch that may change it.
bool is_judged(const Pass& pass, const Resource& resource);

}  // namespace meshlint::rules
