#include "linter/policy_verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "linter/page_date.h"
#include "linter/words.h"

namespace meshlint {
namespace {

constexpr std::string_view releases_table = "release-calendar";
constexpr std::string_view kubernetes_table = "kubernetes-calendar";

// The days on which support is judged; a deadline without a day never passes.
bool is_live(const MeshRevision& revision, Date day) {
  return !revision.last_seen && revision.end_of_life.last_day >= day;
}

// A row's part of the versions or revisions; open where it states no end.
struct Range {
  std::optional<Minor> first;
  std::optional<Minor> last;
};

std::string range_words(const Range& range) {
  const auto end = [](const std::optional<Minor>& minor) { return minor ? to_string(*minor) : "open"; };
  return fmt::format("{} to {}", end(range.first), end(range.last));
}

// The first day that a cell may mean; nothing where it states no date.
std::optional<Date> first_day(std::string_view cell) {
  const auto read = parse_page_date(cell);
  if (!read || !read->month) return std::nullopt;
  return Date(*read->month / std::chrono::day(1));
}

class Verification {
 public:
  Verification(const Policy& policy, const VerifyOptions& options) : policy_(policy), options_(options) {}

  std::vector<PolicyFinding> run() {
    check_age();
    for (const MeshRevision& revision : policy_.releases().revisions) check_revision(revision);
    check_order_of_ends();
    for (const KubernetesVersion& version : policy_.kubernetes().versions) check_version(version);
    check_ranges_of_tables();
    check_classes("gateway-customizations", policy_.gateway_customizations());
    check_removals();
    check_substitutes();
    check_classes("mesh-config-classification", "MeshConfig field", policy_.classification().mesh_config);
    check_classes("mesh-config-classification", "ProxyConfig field", policy_.classification().proxy_config);
    return std::move(findings_);
  }

 private:
  void add(Severity severity, std::string_view table, std::string subject, std::string sentence) {
    findings_.push_back({severity, std::string(table), std::move(subject), std::move(sentence)});
  }

  // Each calendar is as old as its own page: that another one was read later makes it no fresher.
  void check_age() {
    for (const auto& [table, citation] : {std::pair(kubernetes_table, &policy_.kubernetes().citation),
                                          std::pair(releases_table, &policy_.releases().citation)}) {
      const auto read = parse_date(citation->date);
      const long age = read ? (options_.as_of - *read).count() : 0;
      if (age <= options_.stale_days) continue;
      add(Severity::warning, table, "",
          fmt::format("{} was read on {}, {} before {}: import the page again", citation->page, citation->date,
                      count_words(age, "day"), to_string(options_.as_of)));
    }
  }

  void check_revision(const MeshRevision& revision) {
    const std::string name = revision_name(revision.revision);
    const Deadline& end = revision.end_of_life;
    const auto upstream = first_day(revision.upstream_release);
    const auto release = first_day(revision.aks_release);
    if (upstream && release && *release < *upstream) {
      add(Severity::error, releases_table, name,
          fmt::format("{} is released on AKS ({}) before Istio releases it ({})", name, revision.aks_release,
                      revision.upstream_release));
    }
    if (release && end.last_day < *release) {
      add(Severity::error, releases_table, name,
          fmt::format("{} ends ({}) before it is released on AKS ({})", name, end.text, revision.aks_release));
    }
    if (end.expected && end.last_day < options_.as_of && !revision.last_seen) {
      add(Severity::warning, releases_table, name,
          fmt::format("{}: the expected end of life, {}, has passed: whether it is supported is not known", name,
                      meshlint::quoted(end.text)));
    }
    for (const auto& [list, plan] : {std::pair(&revision.kubernetes, std::string_view("KubernetesOfficial")),
                                     std::pair(&revision.kubernetes_lts, std::string_view("AKSLongTermSupport"))}) {
      if (const auto hole = find_hole(*list)) {
        add(Severity::warning, releases_table, name,
            fmt::format("{} runs on Kubernetes {} and {} under {}, and not on what lies between", name,
                        to_string(hole->first), to_string(hole->second), plan));
      }
    }
    for (const Minor version : revision.kubernetes) {
      if (revision.kubernetes_lts.empty() || contains(revision.kubernetes_lts, version)) continue;
      add(Severity::warning, releases_table, name,
          fmt::format("{} runs on Kubernetes {} under KubernetesOfficial, and not under AKSLongTermSupport", name,
                      to_string(version)));
    }
  }

  static std::optional<std::pair<Minor, Minor>> find_hole(const std::vector<Minor>& versions) {
    const auto hole = std::ranges::adjacent_find(
        versions, [](Minor left, Minor right) { return left.major == right.major && left.minor + 1 != right.minor; });
    if (hole == versions.end()) return std::nullopt;
    return std::pair(*hole, *std::next(hole));
  }

  // A revision is supported until newer ones are there: an older one that outlives a newer one is a mistake.
  void check_order_of_ends() {
    const MeshRevision* previous = nullptr;
    for (const MeshRevision& revision : policy_.releases().revisions) {
      if (previous != nullptr && previous->end_of_life.last_day > revision.end_of_life.last_day &&
          previous->end_of_life.last_day != no_day) {
        add(Severity::error, releases_table, revision_name(revision.revision),
            fmt::format("{} ends ({}) before the older {} ({})", revision_name(revision.revision),
                        meshlint::quoted(revision.end_of_life.text), revision_name(previous->revision),
                        meshlint::quoted(previous->end_of_life.text)));
      }
      previous = &revision;
    }
  }

  void check_version(const KubernetesVersion& version) {
    const std::string name = fmt::format("Kubernetes {}", to_string(version.version));
    if (!version.last_seen && !version.end_of_life) {
      add(Severity::warning, kubernetes_table, name, fmt::format("{} has no end of life", name));
    }
    check_coverage(version, version.end_of_life, &MeshRevision::kubernetes, "under KubernetesOfficial");
    check_coverage(version, version.lts_end_of_life, &MeshRevision::kubernetes_lts, "under AKSLongTermSupport");
    check_platform_support(version, name);
  }

  // Whether some revision that is supported runs on a version as long as the version itself is supported.
  void check_coverage(const KubernetesVersion& version, const std::optional<Deadline>& end,
                      std::vector<Minor> MeshRevision::*list, std::string_view plan) {
    if (!end || end->last_day < options_.as_of || version.last_seen) return;
    const std::string name = fmt::format("Kubernetes {}", to_string(version.version));
    const MeshRevision* last = nullptr;
    bool known = false;
    for (const MeshRevision& revision : policy_.releases().revisions) {
      if (!contains(revision.*list, version.version)) continue;
      known = true;
      const bool later = last == nullptr || revision.end_of_life.last_day > last->end_of_life.last_day;
      if (is_live(revision, options_.as_of) && later) last = &revision;
    }
    const std::string supported = fmt::format("{} is supported {} until {}", name, plan, to_string(end->last_day));
    if (!known) {
      add(Severity::warning, kubernetes_table, name,
          fmt::format("{}, and the calendar has no revision that runs on it", supported));
      return;
    }
    // Newer revisions will come, and most likely run on what the newest one runs on.
    const MeshRevision& newest = policy_.releases().revisions.back();
    if (is_live(newest, options_.as_of) && contains(newest.*list, version.version)) return;
    if (last == nullptr) {
      add(Severity::warning, kubernetes_table, name,
          fmt::format("{}, and no supported revision runs on it", supported));
    } else if (last->end_of_life.last_day < end->last_day) {
      add(Severity::warning, kubernetes_table, name,
          fmt::format("{}, and no revision runs on it after {}: then {} {}, and the newest, {}, does not", supported,
                      to_string(last->end_of_life.last_day), revision_name(last->revision),
                      last->end_of_life.expected ? "is expected to end" : "ends", revision_name(newest.revision)));
    }
  }

  // The release that ends platform support must come behind all that the page calls supported.
  void check_platform_support(const KubernetesVersion& version, const std::string& name) {
    if (!version.platform_support_until || !version.end_of_life) return;
    const KubernetesVersion* release = policy_.kubernetes().find(*version.platform_support_until);
    if (release == nullptr || !release->generally_available) return;
    if (*release->generally_available >= version.end_of_life->last_day) return;
    add(Severity::warning, kubernetes_table, name,
        fmt::format("{}: platform support ends with the release of {} ({}), before community support does ({})", name,
                    to_string(release->version), to_string(*release->generally_available),
                    to_string(version.end_of_life->last_day)));
  }

  // What every revision or version needs one row for: rows that are reversed, overlap or leave something out.
  void check_ranges(std::string_view table, std::string_view what, std::vector<Range> ranges) {
    std::ranges::stable_sort(ranges, {}, [](const Range& range) { return range.first.value_or(Minor()); });
    const Range* previous = nullptr;
    for (const Range& range : ranges) {
      if (range.first && range.last && *range.last < *range.first) {
        add(Severity::error, table, "", fmt::format("{} {} are the wrong way round", what, range_words(range)));
        return;
      }
      if (previous != nullptr) check_neighbours(table, what, *previous, range);
      previous = &range;
    }
  }

  void check_neighbours(std::string_view table, std::string_view what, const Range& left, const Range& right) {
    if (!left.last || !right.first || *right.first <= *left.last) {
      add(Severity::error, table, "",
          fmt::format("two rows cover the same {}: {} and {}", what, range_words(left), range_words(right)));
    } else if (right.first->major == left.last->major && right.first->minor > left.last->minor + 1) {
      add(Severity::warning, table, "",
          fmt::format("no row covers the {} between {} and {}", what, to_string(*left.last), to_string(*right.first)));
    }
  }

  void check_ranges_of_tables() {
    for (const FeatureRevision& feature : policy_.features().features) {
      check_ranges("features", fmt::format("revisions of {}", feature.name), {{feature.first, feature.last}});
    }
    std::vector<Range> bundles;
    for (const GatewayBundle& bundle : policy_.gateway_api().bundles) bundles.push_back({bundle.first, bundle.last});
    check_ranges("gateway-api", "Kubernetes versions", std::move(bundles));
    check_native_sidecars();
    check_ranges("node-affinity", "revisions", ranges_of(policy_.node_affinity().rows));
    check_ranges("traffic-redirection", "revisions", ranges_of(policy_.traffic_redirection().rows));
  }

  template <typename Row>
  static std::vector<Range> ranges_of(const std::vector<Row>& rows) {
    std::vector<Range> ranges;
    for (const Row& row : rows) ranges.push_back({row.first, row.last});
    return ranges;
  }

  // Rows of the same Kubernetes versions divide the revisions among them.
  void check_native_sidecars() {
    using Key = std::pair<std::optional<Minor>, std::optional<Minor>>;
    std::map<Key, std::vector<Range>> revisions;
    for (const NativeSidecarDefault& row : policy_.native_sidecars().rows) {
      revisions[{row.first_kubernetes, row.last_kubernetes}].push_back({row.first, row.last});
    }
    std::vector<Range> versions;
    for (const auto& [key, ranges] : revisions) {
      versions.push_back({key.first, key.second});
      check_ranges("native-sidecars", "revisions", ranges);
    }
    check_ranges("native-sidecars", "Kubernetes versions", std::move(versions));
  }

  void check_removals() {
    for (const KubernetesRemoval& removal : policy_.kubernetes_removals().removals) {
      if (!removal.deprecated_in || !removal.removed_in || *removal.deprecated_in <= *removal.removed_in) continue;
      add(Severity::error, "kubernetes-removals", removal.api_version,
          fmt::format("{} of {} is removed in {}, before it is deprecated in {}", list_words(removal.kinds),
                      removal.api_version, to_string(*removal.removed_in), to_string(*removal.deprecated_in)));
    }
  }

  // What takes the place of a field must be allowed itself.
  void check_substitutes() {
    const IngressService& service = policy_.ingress_service();
    for (const auto& [field, annotation] : service.substitutes) {
      const auto found = service.annotations.find(annotation);
      if (found != service.annotations.end() && found->second.support != FieldSupport::blocked) continue;
      add(Severity::warning, "ingress-service", field,
          fmt::format("spec.{} of the ingress Services is to be replaced by {}, which is not allowed itself", field,
                      meshlint::quoted(annotation)));
    }
  }

  void check_classes(std::string_view table, const GatewayCustomizations& customizations) {
    for (const GatewayCustomization& resource : customizations.resources) {
      check_classes(table, fmt::format("field of {}", resource.kind), resource.fields);
    }
  }

  void check_classes(std::string_view table, std::string_view what, const Classes& classes) {
    for (const auto& [name, field] : classes) {
      if (!field.since || !field.until || *field.since <= *field.until) continue;
      add(Severity::error, table, name,
          fmt::format("{} {} ends ({}) before it begins ({})", what, meshlint::quoted(name), to_string(*field.until),
                      to_string(*field.since)));
    }
  }

  const Policy& policy_;
  const VerifyOptions& options_;
  std::vector<PolicyFinding> findings_;
};

}  // namespace

std::vector<PolicyFinding> verify_policy(const Policy& policy, const VerifyOptions& options) {
  return Verification(policy, options).run();
}

}  // namespace meshlint
