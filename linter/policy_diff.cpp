#include "linter/policy_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "linter/page_date.h"
#include "linter/policy_comparison.h"
#include "linter/policy_diff_tables.h"
#include "linter/policy_fact_words.h"
#include "linter/words.h"

namespace meshlint {
namespace {

// A date of a policy's row: `{text: "~Aug 2026 (expected)", month: 2026-08, expected: true}`.
std::optional<PageDate> deadline_of(Node node) {
  return parse_page_date(node.is_mapping() ? node["text"].text() : node.text());
}

std::string words(const PageDate& date) {
  return date_words(date) + (date.expected ? " (expected)" : "");
}

std::vector<Minor> versions_of(Node list) {
  std::vector<Minor> versions;
  for (const Node item : list.items()) versions.push_back(parse_minor(item.text()).value_or(Minor()));
  return versions;
}

// What is in one list and not in the other.
std::vector<Minor> missing(const std::vector<Minor>& from, const std::vector<Minor>& in) {
  std::vector<Minor> result;
  std::ranges::set_difference(from, in, std::back_inserter(result));
  return result;
}

// "May 2026 (expected)" -> "June 2026": "moved from May 2026 to June 2026, now firm".
std::string moved(const PageDate& before, const PageDate& after, std::string_view old_text) {
  const bool same_date = before.month == after.month && before.day == after.day && before.release == after.release &&
                         before.undetermined == after.undetermined;
  if (same_date && before.expected && !after.expected) return fmt::format("{} is now firm", date_words(after));
  if (same_date && after.expected && !before.expected) {
    return fmt::format("{} is now only expected, was firm", date_words(after));
  }
  if (same_date) return fmt::format("is written '{}' now, was '{}'", after.text, old_text);
  if (!before.month) return fmt::format("is now {}, was {}", words(after), date_words(before));
  std::string text = after.month ? fmt::format("moved from {} to {}", date_words(before), date_words(after))
                                 : fmt::format("is now {}, was {}", date_words(after), date_words(before));
  if (before.expected && after.expected) text += ", still expected";
  if (before.expected && !after.expected && after.month) text += ", now firm";
  if (!before.expected && after.expected) text += ", now only expected";
  return text;
}

void compare_date(Comparison& result, std::string_view subject, std::string_view key, std::string_view name,
                  Node before, Node after) {
  if (equal(before, after)) return;
  const auto old_date = deadline_of(before);
  const auto new_date = deadline_of(after);
  if (before && after && old_date && new_date) {
    result.add(subject, key, before, after, fmt::format("{} {}", name, moved(*old_date, *new_date, old_date->text)));
  } else if (!before && new_date) {
    result.add(subject, key, before, after, fmt::format("{} is now known: {}", name, words(*new_date)));
  } else {
    result.add(subject, key, before, after,
               fmt::format("{} is now {}, was {}", name, after ? one_line(after) : "not stated",
                           before ? one_line(before) : "not stated"));
  }
}

// `2026-10` as "October 2026".
std::string month_words(Node month) {
  const auto first = parse_date(fmt::format("{}-01", month.text()));
  if (!first) return std::string(month.text());
  const std::chrono::year_month_day parts(*first);
  PageDate date;
  date.month = parts.year() / parts.month();
  return date_words(date);
}

void compare_versions(Comparison& result, std::string_view subject, std::string_view key, std::string_view plan,
                      Node before, Node after) {
  const auto old_versions = versions_of(before);
  const auto new_versions = versions_of(after);
  if (const auto added = missing(new_versions, old_versions); !added.empty()) {
    result.say(subject, key, before, after, fmt::format("now runs on Kubernetes {}{}", list_versions(added), plan));
  }
  if (const auto removed = missing(old_versions, new_versions); !removed.empty()) {
    result.say(subject, key, before, after,
               fmt::format("no longer runs on Kubernetes {}{}", list_versions(removed), plan));
  }
}

void compare_seen(Comparison& result, std::string_view subject, Node before, Node after) {
  if (equal(before, after)) return;
  result.say(subject, "last_seen", before, after,
             !after    ? "is on the page again"
             : !before ? fmt::format("is no longer on the page, last seen on {}", after.text())
                       : fmt::format("was last seen on {}, not {}", after.text(), before.text()));
}

std::string join(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += fmt::format("{}{}", text.empty() ? "" : ", ", part);
  return text;
}

std::string added_words(Node row) {
  std::vector<std::string> parts;
  const auto add_date = [&](std::string_view key, std::string_view name) {
    if (const auto date = deadline_of(row[key])) parts.push_back(fmt::format("{} {}", name, words(*date)));
  };
  add_date("aks_release", "on AKS since");
  if (row["generally_available"]) {
    parts.push_back(fmt::format("generally available in {}", month_words(row["generally_available"])));
  }
  add_date("end_of_life", "end of life");
  add_date("lts_end_of_life", "end of long-term support");
  if (row["kubernetes"]) parts.push_back(fmt::format("Kubernetes {}", list_versions(versions_of(row["kubernetes"]))));
  if (row["kubernetes_lts"].size() > 0) {
    parts.push_back(fmt::format("with long-term support {}", list_versions(versions_of(row["kubernetes_lts"]))));
  }
  return parts.empty() ? "added" : fmt::format("added: {}", join(parts));
}

Node find_row(Node list, std::string_view key, std::string_view name) {
  for (const Node row : list.items()) {
    if (row[key].text() == name) return row;
  }
  return {};
}

void compare_revision(Comparison& result, std::string_view name, Node before, Node after) {
  compare_date(result, name, "upstream_release", "upstream release", before["upstream_release"],
               after["upstream_release"]);
  compare_date(result, name, "aks_release", "AKS release", before["aks_release"], after["aks_release"]);
  compare_date(result, name, "end_of_life", "end of life", before["end_of_life"], after["end_of_life"]);
  compare_versions(result, name, "kubernetes", "", before["kubernetes"], after["kubernetes"]);
  compare_versions(result, name, "kubernetes_lts", " with long-term support", before["kubernetes_lts"],
                   after["kubernetes_lts"]);
  compare_seen(result, name, before["last_seen"], after["last_seen"]);
  result.entries(name, "", before, after,
                 {"upstream_release", "aks_release", "end_of_life", "kubernetes", "kubernetes_lts", "last_seen"});
}

void compare_version(Comparison& result, std::string_view name, Node before, Node after) {
  compare_date(result, name, "upstream_release", "upstream release", before["upstream_release"],
               after["upstream_release"]);
  compare_date(result, name, "preview", "preview", before["preview"], after["preview"]);
  const Node old_month = before["generally_available"];
  const Node new_month = after["generally_available"];
  if (!equal(old_month, new_month)) {
    result.add(name, "generally_available", old_month, new_month,
               old_month ? fmt::format("general availability moved from {} to {}", month_words(old_month),
                                       new_month ? month_words(new_month) : "an unknown month")
                         : fmt::format("general availability is now known: {}", month_words(new_month)));
  }
  compare_date(result, name, "end_of_life", "end of life", before["end_of_life"], after["end_of_life"]);
  compare_date(result, name, "lts_end_of_life", "end of long-term support", before["lts_end_of_life"],
               after["lts_end_of_life"]);
  const Node old_platform = before["platform_support_until"];
  const Node new_platform = after["platform_support_until"];
  if (!equal(old_platform, new_platform)) {
    result.add(name, "platform_support_until", old_platform, new_platform,
               fmt::format("platform support lasts until {}{}",
                           new_platform ? fmt::format("the release of {}", new_platform.text()) : "an unknown date",
                           old_platform ? fmt::format(", was that of {}", old_platform.text()) : ""));
  }
  compare_seen(result, name, before["last_seen"], after["last_seen"]);
  result.entries(name, "", before, after,
                 {"upstream_release", "preview", "generally_available", "end_of_life", "lts_end_of_life",
                  "platform_support_until", "last_seen"});
}

using CompareRow = void (*)(Comparison&, std::string_view, Node, Node);

// The rows of a calendar; `prefix` makes a row's name a subject: "Kubernetes 1.37".
void compare_rows(Comparison& result, Node before, Node after, std::string_view list, std::string_view key,
                  std::string_view prefix, CompareRow compare, std::set<std::string_view> skipped = {}) {
  for (const Node row : after[list].items()) {
    const std::string name = fmt::format("{}{}", prefix, row[key].text());
    const Node old = find_row(before[list], key, row[key].text());
    if (old) {
      compare(result, name, old, row);
    } else {
      result.say(name, list, {}, row, added_words(row));
    }
  }
  for (const Node row : before[list].items()) {
    if (find_row(after[list], key, row[key].text())) continue;
    result.say(fmt::format("{}{}", prefix, row[key].text()), list, row, {}, "removed from the policy");
  }
  skipped.insert(list);
  result.entries("", "", before, after, skipped);
}

// "the grace period after a version's end is now 31 days, was 30 days".
void compare_limit(Comparison& result, std::string_view subject, std::string_view group, std::string_view key,
                   std::string_view unit, Node before, Node after) {
  const Node old_value = before[group][key];
  const Node new_value = after[group][key];
  if (old_value && new_value) {
    if (!equal(old_value, new_value)) {
      result.say(subject, fmt::format("{}.{}", group, key), old_value, new_value,
                 fmt::format("is now {0} {2}, was {1} {2}", new_value.text(), old_value.text(), unit));
    }
    result.entries("", std::string(group), before[group], after[group], {key});
  } else if (old_value || new_value) {
    result.say(subject, group, before[group], after[group],
               new_value ? fmt::format("is now known: {} {}", new_value.text(), unit)
                         : fmt::format("is no longer stated, was {} {}", old_value.text(), unit));
  }
}

void compare_kubernetes(Comparison& result, Node before, Node after) {
  compare_rows(result, before, after, "versions", "version", "Kubernetes ", compare_version,
               {"grace", "skew", "long_term_step"});
  compare_limit(result, "the grace period after a version's end", "grace", "days", "days", before, after);
  compare_limit(result, "what node pools may be behind the control plane", "skew", "at_most", "minor versions", before,
                after);
  compare_limit(result, "what a cluster with long-term support may go forward in one upgrade", "long_term_step",
                "at_most", "minor versions", before, after);
}

std::string class_of(Node field, std::string_view unlisted) {
  if (!field || field["until"]) return std::string(unlisted);  // after that day, and the policy is read now
  return std::string(field.is_mapping() ? field["support"].text() : field.text());
}

void compare_field(Comparison& result, const std::string& subject, Node before, Node after, std::string_view unlisted) {
  const std::string old_class = class_of(before, unlisted);
  const std::string new_class = class_of(after, unlisted);
  if (old_class != new_class) {
    result.say(subject, "support", before, after, fmt::format("is now {}, was {}", new_class, old_class));
  }
  if (!before || !after || !(before.is_mapping() || after.is_mapping())) return;
  const auto support = [](Node field) { return field.is_mapping() ? field["support"] : field; };
  if (old_class == new_class && support(before).text() != support(after).text()) {
    result.add(subject, "support", before, after,
               fmt::format("was {} until then, not {}", support(after).text(), support(before).text()));
  }
  for (const std::string_view key : {"note", "since", "before", "until"}) {
    if (equal(before[key], after[key]) || (key != "note" && old_class != new_class)) continue;
    result.add(subject, key, before[key], after[key],
               fmt::format("{} is now {}, was {}", key, after[key] ? meshlint::quoted(after[key].text()) : "not stated",
                           before[key] ? meshlint::quoted(before[key].text()) : "not stated"));
  }
}

// Classified names; `kind` says of what, and may have a `{}` for the name. `unlisted`: what becomes of other names.
void compare_fields(Comparison& result, Node before, Node after, std::string_view kind,
                    std::string_view unlisted = "blocked") {
  const auto subject = [kind](Node name) {
    const std::string shown = fmt::format("`{}`", name.text());
    const std::size_t hole = kind.find("{}");
    if (hole == std::string_view::npos) return fmt::format("{} {}", kind, shown);
    return fmt::format("{}{}{}", kind.substr(0, hole), shown, kind.substr(hole + 2));
  };
  for (const Entry& field : after.entries()) {
    compare_field(result, subject(field.key), before[field.key.text()], field.value, unlisted);
  }
  for (const Entry& field : before.entries()) {
    if (!after[field.key.text()]) compare_field(result, subject(field.key), field.value, {}, unlisted);
  }
}

void compare_classification(Comparison& result, Node before, Node after) {
  compare_fields(result, before["mesh_config"], after["mesh_config"], "MeshConfig field");
  compare_fields(result, before["proxy_config"], after["proxy_config"], "ProxyConfig field");
  result.entries("", "", before, after, {"mesh_config", "proxy_config"});
}

// Kinds have no name of their own: group and kind together are one.
void compare_kinds(Comparison& result, Node before, Node after, std::string_view list, std::string_view state) {
  const auto find = [](Node kinds, Node kind) {
    for (const Node other : kinds.items()) {
      if (other["group"].text() == kind["group"].text() && other["kind"].text() == kind["kind"].text()) return other;
    }
    return Node();
  };
  const auto subject = [](Node kind) { return fmt::format("{} of {}", kind["kind"].text(), kind["group"].text()); };
  for (const Node kind : after[list].items()) {
    if (const Node old = find(before[list], kind)) {
      result.entries(subject(kind), "", old, kind);
    } else {
      result.say(subject(kind), list, {}, kind, fmt::format("is now {}", state));
    }
  }
  for (const Node kind : before[list].items()) {
    if (find(after[list], kind)) continue;
    result.say(subject(kind), list, kind, {}, fmt::format("is no longer {}", state));
  }
}

void compare_blocked_kinds(Comparison& result, Node before, Node after) {
  compare_kinds(result, before, after, "kinds", "blocked");
  compare_kinds(result, before, after, "unclassified", "unclassified");
  result.entries("", "", before, after, {"kinds", "unclassified"});
}

void compare_customization(Comparison& result, Node before, Node after) {
  const std::string resource = fmt::format("a Gateway's {}", (after ? after : before)["kind"].text());
  compare_fields(result, before["fields"], after["fields"], fmt::format("field {{}} of {}", resource));
  if (before && after) result.entries(resource, "", before, after, {"fields"}, "resources");
}

// "the least `spec.minReplicas` of horizontalPodAutoscaler is now 3, was 2".
void compare_minimums(Comparison& result, std::string_view resource, Node before, Node after) {
  const auto say = [&](Node field, Node old_value, Node new_value) {
    if (equal(old_value, new_value)) return;
    const auto shown = [](Node value) { return value ? std::string(value.text()) : "not limited"; };
    result.say(fmt::format("the least `{}` of {}", field.text(), resource), "minimums", old_value, new_value,
               fmt::format("is now {}, was {}", shown(new_value), shown(old_value)));
  };
  for (const Entry& field : after.entries()) say(field.key, before[field.key.text()], field.value);
  for (const Entry& field : before.entries()) {
    if (!after[field.key.text()]) say(field.key, field.value, {});
  }
}

void compare_customizations(Comparison& result, Node before, Node after) {
  for (const std::string_view part : {"resources", "minimums"}) {
    const auto compare = [&](Node name, Node old_value, Node new_value) {
      part == "resources" ? compare_customization(result, old_value, new_value)
                          : compare_minimums(result, name.text(), old_value, new_value);
    };
    for (const Entry& entry : after[part].entries()) compare(entry.key, before[part][entry.key.text()], entry.value);
    for (const Entry& entry : before[part].entries()) {
      if (!after[part][entry.key.text()]) compare(entry.key, entry.value, {});
    }
  }
  result.entries("", "", before, after, {"resources", "minimums"});
}

// The add-on sets back what is not listed.
void compare_ingress(Comparison& result, Node before, Node after) {
  compare_fields(result, before["annotations"], after["annotations"], "annotation {} of the ingress Services",
                 "reverted");
  compare_fields(result, before["spec"]["fields"], after["spec"]["fields"], "spec field {} of the ingress Services",
                 "reverted");
  result.entries("", "spec", before["spec"], after["spec"], {"fields"});
  result.entries("", "", before, after, {"annotations", "spec"});
}

void compare_telemetry(Comparison& result, Node before, Node after) {
  compare_fields(result, before["fields"], after["fields"], "Telemetry field");
  result.entries("", "", before, after, {"fields"});
}

// "from asm-1-26 on".
std::string range_words(Node feature) {
  const Node first = feature["first"];
  const Node last = feature["last"];
  if (first && last) return fmt::format("from {} to {}", first.text(), last.text());
  return first ? fmt::format("from {} on", first.text()) : fmt::format("up to {}", last.text());
}

void compare_features(Comparison& result, Node before, Node after) {
  const Node old_features = before["features"];
  const Node new_features = after["features"];
  const auto subject = [](Node feature) { return std::string(feature["what"].text()); };
  for (const Entry& entry : new_features.entries()) {
    const Node old = old_features[entry.key.text()];
    if (!old) {
      result.say(subject(entry.value), entry.key.text(), {}, entry.value,
                 fmt::format("is a feature of the mesh {}", range_words(entry.value)));
      continue;
    }
    if (range_words(old) != range_words(entry.value)) {
      result.say(subject(entry.value), entry.key.text(), old, entry.value,
                 fmt::format("is there {}, was {}", range_words(entry.value), range_words(old)));
    }
    result.entries(subject(entry.value), "", old, entry.value, {"first", "last"}, "features");
  }
  for (const Entry& entry : old_features.entries()) {
    if (new_features[entry.key.text()]) continue;
    result.say(subject(entry.value), entry.key.text(), entry.value, {}, "is no longer listed as a feature");
  }
  result.entries("", "", before, after, {"features"});
}

// The pages of a list of sources: each with its group and what it states itself.
struct SourcePage {
  std::string_view name;
  Node group;
  Node page;

  Node read() const { return page["read"] ? page["read"] : group["read"]; }
  Node title() const { return page.is_mapping() ? page["title"] : page; }
  std::string url() const {
    return page["url"] ? std::string(page["url"].text()) : fmt::format("{}{}", group["site"].text(), name);
  }
};

std::vector<SourcePage> source_pages(Node root) {
  std::vector<SourcePage> pages;
  for (const Node group : root["groups"].items()) {
    for (const Entry& page : group["pages"].entries()) {
      // A page that an overlay states again has taken the place of the built-in one.
      std::erase_if(pages, [&page](const SourcePage& one) { return one.name == page.key.text(); });
      pages.push_back({page.key.text(), group, page.value});
    }
  }
  return pages;
}

void compare_page(Comparison& result, const SourcePage& before, const SourcePage& after) {
  const std::string subject = fmt::format("page {}", after.name);
  const auto compare = [&](std::string_view key, std::string_view old_text, std::string_view new_text, Node old_node,
                           Node new_node) {
    if (old_text == new_text) return;
    const auto shown = [](std::string_view text) { return text.empty() ? "not stated" : meshlint::quoted(text); };
    result.add(subject, key, old_node, new_node,
               fmt::format("its {} is now {}, was {}", key, shown(new_text), shown(old_text)));
  };
  compare("title", before.title().text(), after.title().text(), before.title(), after.title());
  compare("url", before.url(), after.url(), before.page, after.page);
  for (const std::string_view key : {"secondary", "in_house"}) {
    compare(key, before.group[key].text(), after.group[key].text(), before.group[key], after.group[key]);
  }
}

// Pages that were read on the same two days share one sentence.
void compare_sources(Comparison& result, Node before, Node after) {
  const std::vector<SourcePage> old_pages = source_pages(before);
  const std::vector<SourcePage> new_pages = source_pages(after);
  const auto find = [](const std::vector<SourcePage>& pages, std::string_view name) {
    const auto found = std::ranges::find(pages, name, &SourcePage::name);
    return found == pages.end() ? nullptr : &*found;
  };
  struct Reading {
    Node before;
    Node after;
    std::vector<std::string> pages;
  };
  std::map<std::pair<std::string_view, std::string_view>, Reading> readings;
  for (const SourcePage& page : new_pages) {
    const SourcePage* old = find(old_pages, page.name);
    if (old == nullptr) {
      result.add(fmt::format("page {}", page.name), "groups", {}, page.page,
                 fmt::format("is new, read on {}", page.read().text()));
      continue;
    }
    compare_page(result, *old, page);
    if (old->read().text() == page.read().text()) continue;
    Reading& reading = readings[{old->read().text(), page.read().text()}];
    reading.before = old->read();
    reading.after = page.read();
    reading.pages.emplace_back(page.name);
  }
  for (const auto& [days, reading] : readings) {
    result.add(fmt::format("{} {}", reading.pages.size() == 1 ? "page" : "pages", list_words(reading.pages)), "read",
               reading.before, reading.after, fmt::format("read on {}, was {}", days.second, days.first));
  }
  for (const SourcePage& page : old_pages) {
    if (find(new_pages, page.name) != nullptr) continue;
    result.add(fmt::format("page {}", page.name), "groups", page.page, {},
               fmt::format("is gone, was read on {}", page.read().text()));
  }
  result.entries("", "", before, after, {"groups"});
}

void compare_table(Comparison& result, std::string_view table, Node before, Node after) {
  if (table == "release-calendar") {
    compare_rows(result, before, after, "revisions", "revision", "", compare_revision, {"slip"});
    compare_limit(result, "how much later than expected an end has come", "slip", "months", "months", before, after);
  } else if (table == "kubernetes-calendar") {
    compare_kubernetes(result, before, after);
  } else if (table == "mesh-config-classification") {
    compare_classification(result, before, after);
  } else if (table == "blocked-kinds") {
    compare_blocked_kinds(result, before, after);
  } else if (table == "gateway-customizations") {
    compare_customizations(result, before, after);
  } else if (table == "ingress-service") {
    compare_ingress(result, before, after);
  } else if (table == "telemetry-fields") {
    compare_telemetry(result, before, after);
  } else if (table == "features") {
    compare_features(result, before, after);
  } else if (table == "sources") {
    compare_sources(result, before, after);
  } else if (!compare_named_table(result, table, before, after)) {
    result.generic("", "", before, after);
  }
}

}  // namespace

std::vector<PolicyChange> diff_policies(const PolicyFiles& before, const PolicyFiles& after) {
  Comparison result;
  std::set<std::string, std::less<>> names;
  for (const auto* files : {&before, &after}) {
    for (const auto& [name, file] : *files) names.insert(name);
  }
  for (const std::string& name : names) {
    const std::string_view table = std::string_view(name).substr(0, name.rfind('.'));
    result.table(table);
    const auto old_file = before.find(name);
    const auto new_file = after.find(name);
    if (old_file == before.end() || new_file == after.end()) {
      result.add("", "", {}, {},
                 fmt::format("the table of {} is {}", table_words(table), old_file == before.end() ? "new" : "gone"));
      continue;
    }
    if (old_file->second->text() == new_file->second->text()) continue;
    const PolicyTree old_tree = parse_policy_file(*old_file->second);
    const PolicyTree new_tree = parse_policy_file(*new_file->second);
    compare_table(result, table, old_tree.root(), new_tree.root());
  }
  return std::move(result.changes);
}

}  // namespace meshlint
