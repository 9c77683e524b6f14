#include <algorithm>
#include <array>
#include <cctype>
#include <map>

#include "linter/words.h"
#include "rules/istio-fields.h"

namespace meshlint::rules {
namespace {

constexpr char any_character = '?';

// The beginning of a regular expression for versions, up to what may repeat: "1.29." for `^1\.29\..*`, "1?29" for
// `1.29`. Empty when it is not that simple.
std::string literal_start(std::string_view pattern) {
  if (pattern.starts_with('^')) pattern.remove_prefix(1);
  if (pattern.find_first_of("|()[]{}") != std::string_view::npos) return {};
  std::string result;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const char character = pattern[at];
    if (character == '\\' && at + 1 < pattern.size() && pattern[at + 1] == '.') {
      result += pattern[++at];
    } else if (character == '*' || character == '?' || character == '+') {
      // What stands before may be there any number of times, or not at all.
      if (!result.empty()) result.pop_back();
      return result;
    } else if (character == '.') {
      result += any_character;
    } else if (std::isdigit(static_cast<unsigned char>(character)) != 0) {
      result += character;
    } else {
      return character == '$' ? result : std::string();
    }
  }
  return result;
}

// Whether a proxy of a revision may have a version that begins so.
bool may_begin(std::string_view start, Minor minor) {
  const std::string version = to_string(minor) + ".";
  for (std::size_t at = 0; at < std::min(start.size(), version.size()); ++at) {
    if (start[at] != any_character && start[at] != version[at]) return false;
  }
  return true;
}

void check_version(Pass& pass, Node version, const IstioMinors& minors) {
  if (!version.is_scalar() || version.unresolved() || !minors.known || minors.minors.empty()) return;
  const std::string start = literal_start(version.text());
  // A minor must be there: what begins with one digit alone may stand anywhere.
  if (start.size() < 4 || (!start.starts_with("1.") && !start.starts_with("1?"))) return;
  const auto fits = [&start](Minor minor) { return may_begin(start, minor); };
  if (std::ranges::any_of(minors.minors, fits)) return;
  Diagnostic& diagnostic =
      pass.report(version, fmt::format("proxyVersion {} fits no proxy of {}: this patch has no effect",
                                       quoted(version.text()), istio_words(minors)));
  diagnostic.help = "let it match the revision's Istio version, with a copy of the patch for each minor that needs one";
  soften_if_defaulted(diagnostic, minors);
}

// The name of the filter that a patch is placed by or changes; missing where it names none.
Node referred_filter(Node patch) {
  const Node listener = patch["match"]["listener"];
  const Node filter = listener["filterChain"]["filter"];
  const auto kind = patch["applyTo"].text();
  if (kind == "HTTP_FILTER") return filter["subFilter"]["name"];
  if (kind == "NETWORK_FILTER") return filter["name"];
  return kind == "LISTENER_FILTER" ? listener["listenerFilter"] : Node();
}

bool is_insertion(std::string_view operation) {
  constexpr std::array<std::string_view, 4> insertions = {"ADD", "INSERT_BEFORE", "INSERT_AFTER", "INSERT_FIRST"};
  return std::ranges::find(insertions, operation) != insertions.end();
}

// A filter that an EnvoyFilter puts in.
struct Insertion {
  const Resource* by = nullptr;
  Node name;
};

// Those that some EnvoyFilter puts in, by their names.
using Insertions = std::map<std::string_view, std::vector<Insertion>>;

Insertions insertions(const Pass& pass) {
  Insertions result;
  for (const Resource* filter : pass.manifests().of("networking.istio.io", "EnvoyFilter")) {
    for (const Node patch : filter->root["spec"]["configPatches"].items()) {
      const Node name = patch["patch"]["value"]["name"];
      const bool puts_in = is_insertion(patch["patch"]["operation"].text());
      if (puts_in && name.is_scalar() && !name.unresolved()) result[name.text()].push_back({filter, name});
    }
  }
  return result;
}

// Whether two EnvoyFilters may be for the same pods, with none of them before the other by its namespace: those of the
// root namespace come first.
bool may_share_pods(const Pass& pass, const Resource& one, const Resource& other) {
  if (pass.manifests().name_space_of(one) != pass.manifests().name_space_of(other)) return false;
  const Node labels = other.root["spec"]["workloadSelector"]["labels"];
  return std::ranges::none_of(one.root["spec"]["workloadSelector"]["labels"].entries(), [&labels](const Entry& entry) {
    const Node label = labels[entry.key.text()];
    return label && label.text() != entry.value.text();
  });
}

// Patches of equal priority are made in the order in which their objects were created, which differs from cluster to
// cluster: one that refers to what another object puts in may find nothing.
void check_order(Pass& pass, const Resource& filter, Node patch, const Insertions& inserted) {
  const Node name = referred_filter(patch);
  if (filter.root["spec"]["priority"] || !name.is_scalar() || name.unresolved()) return;
  const auto found = inserted.find(name.text());
  constexpr std::size_t enough = 50;  // more that put in one filter are made by a generator
  if (found == inserted.end() || found->second.size() > enough) return;
  // Within one object the order is that of the list.
  if (std::ranges::find(found->second, &filter, &Insertion::by) != found->second.end()) return;
  const auto& clusters = pass.context().governing(filter.file());
  const auto other = std::ranges::find_if(found->second, [&](const Insertion& insertion) {
    return !insertion.by->root["spec"]["priority"] && pass.context().governing(insertion.by->file()) == clusters &&
           may_share_pods(pass, filter, *insertion.by);
  });
  if (other == found->second.end()) return;
  Diagnostic& diagnostic = pass.report(
      name, fmt::format("this patch needs filter {}, which another EnvoyFilter puts in, and neither has a priority: "
                        "where that one is created later, this patch has no effect",
                        quoted(name.text())));
  diagnostic.notes.push_back(note_at(other->name, fmt::format("{} puts it in", describe(*other->by))));
  diagnostic.help = "state spec.priority: a higher number here than there";
}

void check_filter(Pass& pass, const Resource& filter, const Insertions& inserted) {
  const IstioFields& fields = pass.policy().istio_fields();
  const IstioMinors minors = istio_minors(pass, filter, fields.oldest, fields.newest);
  for (const Node patch : filter.root["spec"]["configPatches"].items()) {
    check_version(pass, patch["match"]["proxy"]["proxyVersion"], minors);
    if (!filter.partial) check_order(pass, filter, patch, inserted);
  }
}

void check(Pass& pass) {
  const Insertions inserted = insertions(pass);
  for (const Resource* filter : pass.manifests().of("networking.istio.io", "EnvoyFilter")) {
    if (is_judged(pass, *filter)) check_filter(pass, *filter, inserted);
  }
}

}  // namespace

extern constexpr Rule envoy_filter_upgrade_fragile = {
    .code = "MSH5005",
    .name = "envoy-filter-upgrade-fragile",
    .family = Family::support,
    .severity = Severity::warning,
    .summary = "An EnvoyFilter that loses its effect with the mesh's revision, or by the order of its creation",
    .why =
        "An EnvoyFilter for proxies of one Istio version does nothing on any other, so it falls away with an upgrade "
        "of the mesh. One that is placed by the filter of another EnvoyFilter depends on which of them was created "
        "first, unless priorities say which comes first. Neither causes an error.",
    .fix = "match the versions that run, and state priorities",
    .page = "istio-definitions",
    .check = check,
};

}  // namespace meshlint::rules
