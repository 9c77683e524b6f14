#include "linter/policy_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>
#include <utility>

#include "linter/words.h"
#include "linter/yaml_edit.h"

namespace meshlint {
namespace {

constexpr std::string_view releases_file = "release-calendar.yaml";
constexpr std::string_view kubernetes_file = "kubernetes-calendar.yaml";
constexpr std::string_view classification_file = "mesh-config-classification.yaml";
constexpr std::string_view sources_file = "sources.yaml";

// The order in which a row states what it knows.
using Keys = std::span<const std::string_view>;
constexpr std::string_view revision_keys[] = {"revision",   "upstream_release", "aks_release", "end_of_life",
                                              "kubernetes", "kubernetes_lts",   "last_seen"};
constexpr std::string_view version_keys[] = {
    "version",         "upstream_release",       "preview",  "generally_available", "end_of_life",
    "lts_end_of_life", "platform_support_until", "last_seen"};

std::string month_text(const PageDate& date) {
  return fmt::format("{:04}-{:02}", static_cast<int>(date.month->year()), static_cast<unsigned>(date.month->month()));
}

std::string version_list(const std::vector<Minor>& versions) {
  std::string text;
  for (const Minor version : versions) text += fmt::format("{}\"{}\"", text.empty() ? "" : ", ", to_string(version));
  return fmt::format("[{}]", text);
}

// `text: "~Aug 2026 (expected)", month: 2026-08, expected: true`; a date that is not known yet has its text alone.
std::string deadline_text(const PageDate& date) {
  std::string text = fmt::format("{{text: {}", yaml_scalar(date.text));
  if (date.day) {
    text += fmt::format(", day: {}", to_string(*date.last_day()));
  } else if (date.month) {
    text += fmt::format(", month: {}", month_text(date));
  }
  return text + (date.expected ? ", expected: true}" : "}");
}

// One file of the policy while it is changed.
class Draft {
 public:
  Draft(const SourceFile& file, std::vector<Problem>& problems)
      : file_(file), tree_(parse_policy_file(file)), edit_(file), problems_(problems) {}

  Node root() const { return tree_.root(); }
  const YamlEdit& edit() const { return edit_; }
  YamlEdit& edit() { return edit_; }

  // Whether any row of a list states this key: columns that the file does not keep are not added to it.
  static bool keeps(Node list, std::string_view key) {
    return std::ranges::any_of(list.items(), [key](Node row) { return bool(row[key]); });
  }

  static Node find(Node list, std::string_view key, std::string_view name) {
    for (const Node row : list.items()) {
      if (row[key].text() == name) return row;
    }
    return {};
  }

  void set(Node row, Keys order, std::string_view key, std::string_view text, bool verbatim = false) {
    const std::string value = verbatim ? std::string(text) : yaml_scalar(text);
    if (!row[key]) {
      edit_.insert_entry(entry_before(row, order, key), fmt::format("{}: {}", key, value));
    } else if (row[key].text() != text) {
      edit_.replace(row[key], value);
    }
  }

  void set_version(Node row, Keys order, std::string_view key, Minor version) {
    if (row[key].text() != to_string(version)) set(row, order, key, fmt::format("\"{}\"", to_string(version)), true);
  }

  void set_versions(Node row, Keys order, std::string_view key, const std::vector<Minor>& versions) {
    const Node list = row[key];
    std::vector<Minor> known;
    for (const Node item : list.items()) known.push_back(parse_minor(item.text()).value_or(Minor()));
    if (!list) {
      edit_.insert_entry(entry_before(row, order, key), fmt::format("{}: {}", key, version_list(versions)));
    } else if (known == versions) {
      return;
    } else if (YamlEdit::is_block_sequence(list) && !versions.empty()) {
      set_items(list, versions);
    } else {
      edit_.replace(list, version_list(versions));
    }
  }

  // Changes the parts that differ, so that what else a person wrote into the mapping stays.
  void set_deadline(Node row, Keys order, std::string_view key, const PageDate& date) {
    const Node deadline = row[key];
    if (!deadline) {
      edit_.insert_entry(entry_before(row, order, key), fmt::format("{}: {}", key, deadline_text(date)));
      return;
    }
    const std::string_view new_key = date.day ? "day" : date.month ? "month" : "";
    const std::string value = date.day ? to_string(*date.last_day()) : date.month ? month_text(date) : "";
    if (deadline["text"].text() != date.text) edit_.replace(deadline["text"], yaml_scalar(date.text));
    const Node stated = deadline["day"] ? deadline["day"] : deadline["month"];
    Node last = stated ? stated : deadline["text"];
    if (stated && new_key.empty()) {
      edit_.remove_entry(stated);
      last = deadline["text"];
    } else if (!stated && !new_key.empty()) {
      edit_.insert_entry(last, fmt::format("{}: {}", new_key, value));
    } else if (stated && (stated.key().text() != new_key || stated.text() != value)) {
      edit_.replace_entry(stated, fmt::format("{}: {}", new_key, value));
    }
    const Node expected = deadline["expected"];
    if (date.expected && !expected) edit_.insert_entry(last, "expected: true");
    if (date.expected && expected && expected.text() != "true") edit_.replace(expected, "true");
    if (!date.expected && expected && expected.text() == "true") edit_.remove_entry(expected);
  }

  void remove(Node value) {
    if (value) edit_.remove_entry(value);
  }

  // The day a citation says that its page was read.
  std::string_view read_day(std::string_view source) const { return root()[source]["read"].text(); }

  void set_read_day(std::string_view source, Date day) {
    const Node read = root()[source]["read"];
    if (read && read.text() < to_string(day)) edit_.replace(read, to_string(day));
  }

  void complain(Span span, const SourceFile* file, std::string message) {
    problems_.push_back({.file = file, .span = span, .message = std::move(message), .help = {}, .notes = {}});
  }

  void complain(Node node, std::string message) { complain(node.span(), &file_, std::move(message)); }

 private:
  // Item by item, so that what a person wrote beside the others stays.
  void set_items(Node list, const std::vector<Minor>& versions) {
    const auto version_of = [](Node item) { return parse_minor(item.text()).value_or(Minor()); };
    std::vector<Minor> kept;
    for (const Node item : list.items()) {
      kept.push_back(version_of(item));
      if (std::ranges::find(versions, kept.back()) == versions.end()) edit_.remove_item(item);
    }
    for (const Minor version : versions) {
      if (std::ranges::find(kept, version) != kept.end()) continue;
      Node before;
      for (const Node item : list.items()) {
        if (version_of(item) < version) before = item;
      }
      edit_.insert_item(list, before, {fmt::format("\"{}\"", to_string(version))});
    }
  }

  static Node entry_before(Node row, Keys order, std::string_view key) {
    Node last;
    for (const std::string_view name : order) {
      if (name == key) break;
      if (row[name]) last = row[name];
    }
    return last;
  }

  const SourceFile& file_;
  PolicyTree tree_;
  YamlEdit edit_;
  std::vector<Problem>& problems_;
};

class Importer {
 public:
  Importer(const PolicyFiles& files, const Policy& policy, std::span<const PageFacts> pages,
           const ImportOptions& options)
      : files_(files), policy_(policy), pages_(pages), options_(options) {}

  ImportPlan run() {
    for (const PageFacts& page : pages_) {
      plan_.problems.insert(plan_.problems.end(), page.problems.begin(), page.problems.end());
      plan_.remarks.insert(plan_.remarks.end(), page.remarks.begin(), page.remarks.end());
      if (find_page(page.kind) != &page) complain(page, {}, "a second input of this kind: import one at a time");
    }
    if (!plan_.problems.empty()) return std::move(plan_);
    // The versions first: a revision must not speak of one that nothing is known of.
    if (const PageFacts* page = find_page(PageKind::kubernetes_versions)) merge_kubernetes(*page);
    if (const PageFacts* page = find_page(PageKind::support_policy)) merge_revisions(*page);
    if (const PageFacts* page = find_page(PageKind::mesh_revisions)) merge_compatibility(*page);
    if (const PageFacts* page = find_page(PageKind::mesh_config)) merge_fields(*page);
    if (!plan_.problems.empty()) return std::move(plan_);
    for (const auto& [name, draft] : drafts_) {
      if (!draft.edit().empty()) plan_.texts[std::string(name)] = draft.edit().text();
    }
    return std::move(plan_);
  }

 private:
  const PageFacts* find_page(PageKind kind) const {
    const auto page = std::ranges::find(pages_, kind, &PageFacts::kind);
    return page == pages_.end() ? nullptr : &*page;
  }

  void complain(const PageFacts& page, Span span, std::string message) {
    plan_.problems.push_back({.file = page.file, .span = span, .message = std::move(message), .help = {}, .notes = {}});
  }

  void remark(const PageFacts& page, Span span, std::string message) {
    plan_.remarks.push_back({.file = page.file, .span = span, .message = std::move(message), .help = {}, .notes = {}});
  }

  // Null, with a problem, when the policy has no such file.
  Draft* open(const PageFacts& page, std::string_view name) {
    if (const auto draft = drafts_.find(name); draft != drafts_.end()) return &draft->second;
    const auto file = files_.find(name);
    if (file == files_.end()) {
      complain(page, {}, fmt::format("the policy directory has no {} to write this to", name));
      return nullptr;
    }
    Draft& draft = drafts_
                       .emplace(std::piecewise_construct, std::forward_as_tuple(name),
                                std::forward_as_tuple(*file->second, plan_.problems))
                       .first->second;
    if (const Node extends = draft.root()["extends"]; extends && name != sources_file) {
      draft.complain(extends, "this table adds to the built-in one: import refreshes whole tables only");
      return nullptr;
    }
    return &draft;
  }

  // Refuses a table that has lost so many of its rows that they were hardly removed on purpose.
  bool refuse_losses(const PageFacts& page, std::string_view table, std::size_t listed,
                     const std::vector<std::string>& lost) {
    const bool gone = !lost.empty() && lost.size() == listed;
    const bool shorter = lost.size() > 1 && lost.size() * 3 > listed;
    return (gone || shorter) && refuse_any_loss(page, table, listed, lost);
  }

  bool refuse_any_loss(const PageFacts& page, std::string_view table, std::size_t listed,
                       const std::vector<std::string>& lost) {
    if (options_.allow_removals || lost.empty()) return false;
    complain(page, table_place(page, table),
             fmt::format("the table of {} has lost {} of the {} rows it had: {}; if they were removed on "
                         "purpose, import with --allow-removals",
                         table, lost.size(), listed, list_words(lost)));
    return true;
  }

  // Refuses a table that has lost any row whose support has not ended: no reader would learn of it any more.
  void refuse_living_losses(const PageFacts& page, std::string_view table, std::string_view what, Date day,
                            const std::vector<std::string>& lost) {
    if (options_.allow_removals || lost.empty()) return;
    complain(page, table_place(page, table),
             fmt::format("the table of {} no longer states the {} of {}, which by the policy has not ended on {}; if "
                         "that was removed on purpose, import with --allow-removals",
                         table, what, list_words(lost), to_string(day)));
  }

  static Span table_place(const PageFacts& page, std::string_view name) {
    const auto table = std::ranges::find(page.tables, name, &TableSize::name);
    return table == page.tables.end() ? Span() : table->span;
  }

  // The day that a page is a state of: where the user does not say, the newest that the policy knows one of.
  Date page_day(const Draft& draft) const {
    return options_.read.value_or(parse_date(draft.read_day("source")).value_or(Date()));
  }

  // A date that is years off is a slip of the page's writer.
  void refuse_far_date(const PageFacts& page, Span place, std::string_view name, std::string_view what,
                       const std::optional<PageDate>& date, Date day) {
    constexpr std::chrono::years farthest(3);
    const std::chrono::year_month_day limit = std::chrono::year_month_day(day) + farthest;
    if (!date || !date->month || *date->month <= limit.year() / limit.month()) return;
    complain(page, place,
             fmt::format("{}: the {} {} is more than 3 years after {}, when the page was read", name, what,
                         quoted(date->text), to_string(day)));
  }

  // A firm end that has passed cannot be open again.
  void refuse_reopened(const PageFacts& page, Span place, std::string_view name, std::string_view what,
                       const Deadline* known, const std::optional<PageDate>& date, Date day) {
    if (known == nullptr || known->expected || known->last_day > day || !date || date->month) return;
    complain(page, place,
             fmt::format("{}: the {} {} cannot replace {}, which had come when the page was read on {}", name, what,
                         meshlint::quoted(date->text), meshlint::quoted(known->text), to_string(day)));
  }

  // A row that is on the page again has been seen, one that is no longer there was last seen when the page was last
  // read.
  void set_seen(Draft& draft, Node row, Keys order, bool listed, std::string_view last_read) {
    if (listed) draft.remove(row["last_seen"]);
    if (!listed && !row["last_seen"]) draft.set(row, order, "last_seen", last_read, true);
  }

  // The last item of an ascending list that comes before a name, or a falsy node.
  static Node item_before(Node list, std::string_view key, Minor name,
                          const std::function<std::optional<Minor>(std::string_view)>& parse) {
    Node before;
    for (const Node row : list.items()) {
      const auto known = parse(row[key].text());
      if (known && *known < name) before = row;
    }
    return before;
  }

  void merge_revisions(const PageFacts& page) {
    Draft* draft = open(page, releases_file);
    if (draft == nullptr) return;
    const Node list = draft->root()["revisions"];
    if (!check_list(*draft, list)) return;
    check_revisions(page);
    const Date day = page_day(*draft);
    std::set<std::string> listed;
    for (const PageRevision& revision : sorted(page.revisions, &PageRevision::revision)) {
      const std::string name = revision_name(revision.revision);
      listed.insert(name);
      refuse_far_date(page, revision.span, name, "AKS release", revision.aks_release, day);
      refuse_far_date(page, revision.span, name, "end of life", revision.end_of_life, day);
      const MeshRevision* known = policy_.releases().find(revision.revision);
      refuse_reopened(page, revision.span, name, "end of life", known == nullptr ? nullptr : &known->end_of_life,
                      revision.end_of_life, day);
      if (const Node row = Draft::find(list, "revision", name)) {
        merge_revision(*draft, row, revision);
      } else {
        draft->edit().insert_item(list, item_before(list, "revision", revision.revision, parse_revision),
                                  revision_lines(revision));
      }
    }
    std::vector<std::string> lost;
    std::vector<std::string> living;
    std::size_t before = 0;
    for (const Node row : list.items()) {
      const std::string name(row["revision"].text());
      const MeshRevision* known = policy_.releases().find(parse_revision(name).value_or(Minor()));
      before += row["last_seen"] ? 0U : 1U;
      if (!row["last_seen"] && !listed.contains(name)) {
        lost.push_back(name);
        if (known != nullptr && known->end_of_life.last_day >= day) living.push_back(name);
      }
      set_seen(*draft, row, revision_keys, listed.contains(name), draft->read_day("source"));
    }
    if (!refuse_losses(page, "release calendar", before, lost)) {
      refuse_living_losses(page, "release calendar", "end of life", day, living);
    }
    set_read(page, *draft, {"source", "compatibility"}, "istio-support-policy");
  }

  void check_revisions(const PageFacts& page) {
    std::set<Minor> known;
    for (const KubernetesVersion& version : policy_.kubernetes().versions) known.insert(version.version);
    if (const PageFacts* versions = find_page(PageKind::kubernetes_versions)) {
      for (const auto* rows : {&versions->community, &versions->lts}) {
        for (const PageKubernetesVersion& version : *rows) known.insert(version.version);
      }
    }
    for (const PageRevision& revision : page.revisions) {
      for (const auto* list : {&revision.kubernetes, &revision.kubernetes_lts}) {
        for (const Minor version : list->value_or(std::vector<Minor>())) {
          if (known.contains(version)) continue;
          complain(page, revision.span,
                   fmt::format("{} is said to run on Kubernetes {}, of which the policy knows nothing: import "
                               "supported-kubernetes-versions.md as well",
                               revision_name(revision.revision), to_string(version)));
        }
      }
      const MeshRevision* row = policy_.releases().find(revision.revision);
      if (row == nullptr || options_.allow_removals) continue;
      if (!revision.kubernetes_lts && page.kind != PageKind::mesh_revisions && !row->kubernetes_lts.empty()) {
        complain(page, revision.span,
                 fmt::format("the column of LTS versions is gone: {} was compatible with {}",
                             revision_name(revision.revision), list_versions(row->kubernetes_lts)));
      }
      if (revision.kubernetes) refuse_lost_versions(page, revision, "", row->kubernetes, *revision.kubernetes);
      if (revision.kubernetes_lts) {
        refuse_lost_versions(page, revision, "LTS ", row->kubernetes_lts, *revision.kubernetes_lts);
      }
    }
  }

  // The pages have only ever added versions to a revision.
  void refuse_lost_versions(const PageFacts& page, const PageRevision& revision, std::string_view plan,
                            const std::vector<Minor>& before, const std::vector<Minor>& now) {
    std::vector<Minor> lost;
    std::ranges::copy_if(before, std::back_inserter(lost),
                         [&](Minor version) { return std::ranges::find(now, version) == now.end(); });
    if (lost.empty()) return;
    complain(page, revision.span,
             fmt::format("{} has lost {} of its compatible {}versions; if that is on purpose, import with "
                         "--allow-removals",
                         revision_name(revision.revision), list_versions(lost), plan));
  }

  void merge_revision(Draft& draft, Node row, const PageRevision& revision) {
    draft.set(row, revision_keys, "upstream_release", revision.upstream_release->text);
    draft.set(row, revision_keys, "aks_release", revision.aks_release->text);
    draft.set_deadline(row, revision_keys, "end_of_life", *revision.end_of_life);
    draft.set_versions(row, revision_keys, "kubernetes", *revision.kubernetes);
    if (revision.kubernetes_lts) draft.set_versions(row, revision_keys, "kubernetes_lts", *revision.kubernetes_lts);
  }

  static std::vector<std::string> revision_lines(const PageRevision& revision) {
    return {
        fmt::format("revision: {}", revision_name(revision.revision)),
        fmt::format("upstream_release: {}", yaml_scalar(revision.upstream_release->text)),
        fmt::format("aks_release: {}", yaml_scalar(revision.aks_release->text)),
        fmt::format("end_of_life: {}", deadline_text(*revision.end_of_life)),
        fmt::format("kubernetes: {}", version_list(*revision.kubernetes)),
        fmt::format("kubernetes_lts: {}", version_list(revision.kubernetes_lts.value_or(std::vector<Minor>()))),
    };
  }

  // get-revisions lists what can be installed in one region: what it lacks is no news.
  void merge_compatibility(const PageFacts& output) {
    Draft* draft = open(output, releases_file);
    if (draft == nullptr) return;
    check_revisions(output);
    const PageFacts* page = find_page(PageKind::support_policy);
    for (const PageRevision& revision : output.revisions) {
      const std::string name = revision_name(revision.revision);
      const PageRevision* on_page = nullptr;
      for (const PageRevision& other : page == nullptr ? std::span<const PageRevision>() : page->revisions) {
        if (other.revision == revision.revision) on_page = &other;
      }
      const Node row = Draft::find(draft->root()["revisions"], "revision", name);
      if (on_page != nullptr) {
        compare_compatibility(output, revision, *on_page);
      } else if (row) {
        if (revision.kubernetes) draft->set_versions(row, revision_keys, "kubernetes", *revision.kubernetes);
        if (revision.kubernetes_lts) {
          draft->set_versions(row, revision_keys, "kubernetes_lts", *revision.kubernetes_lts);
        }
      } else {
        complain(output, revision.span,
                 fmt::format("{} is new, and this output does not tell its dates: import istio-support-policy.md, "
                             "which does, as well",
                             name));
      }
    }
  }

  void compare_compatibility(const PageFacts& output, const PageRevision& revision, const PageRevision& on_page) {
    const auto compare = [&](const auto& here, const auto& there, std::string_view plan) {
      if (!here || !there || *here == *there) return;
      complain(
          output, revision.span,
          fmt::format("{} runs on Kubernetes {} under {} here, and on {} in istio-support-policy.md: import one of "
                      "the two",
                      revision_name(revision.revision), list_versions(*here), plan, list_versions(*there)));
    };
    compare(revision.kubernetes, on_page.kubernetes, "KubernetesOfficial");
    compare(revision.kubernetes_lts, on_page.kubernetes_lts, "AKSLongTermSupport");
  }

  // What both tables of the page say of one version; they have been found to agree.
  static std::vector<PageKubernetesVersion> joined(const PageFacts& page) {
    std::vector<PageKubernetesVersion> rows = page.community;
    for (const PageKubernetesVersion& lts : page.lts) {
      const auto known = std::ranges::find(rows, lts.version, &PageKubernetesVersion::version);
      if (known == rows.end()) {
        rows.push_back(lts);
      } else {
        known->lts_end_of_life = lts.lts_end_of_life;
      }
    }
    std::ranges::sort(rows, {}, &PageKubernetesVersion::version);
    return rows;
  }

  template <typename Row, typename Key>
  static std::vector<Row> sorted(std::vector<Row> rows, Key key) {
    std::ranges::sort(rows, {}, key);
    return rows;
  }

  void merge_kubernetes(const PageFacts& page) {
    Draft* draft = open(page, kubernetes_file);
    if (draft == nullptr) return;
    const Node list = draft->root()["versions"];
    if (!check_list(*draft, list)) return;
    const auto rows = joined(page);
    const Date day = page_day(*draft);
    std::set<std::string> listed;
    for (const PageKubernetesVersion& version : rows) {
      const std::string name = to_string(version.version);
      listed.insert(name);
      refuse_far_date(page, version.span, "Kubernetes " + name, "general availability", version.generally_available,
                      day);
      refuse_far_date(page, version.span, "Kubernetes " + name, "end of life", version.end_of_life, day);
      refuse_far_date(page, version.span, "Kubernetes " + name, "end of long-term support", version.lts_end_of_life,
                      day);
      if (const KubernetesVersion* known = policy_.kubernetes().find(version.version)) {
        const auto end = [](const std::optional<Deadline>& deadline) { return deadline ? &*deadline : nullptr; };
        refuse_reopened(page, version.span, "Kubernetes " + name, "end of life", end(known->end_of_life),
                        version.end_of_life, day);
        refuse_reopened(page, version.span, "Kubernetes " + name, "end of long-term support",
                        end(known->lts_end_of_life), version.lts_end_of_life, day);
      }
      if (const Node row = Draft::find(list, "version", name)) {
        merge_version(page, *draft, row, version);
      } else {
        draft->edit().insert_item(list, item_before(list, "version", version.version, parse_minor),
                                  version_lines(list, version));
      }
    }
    for (const Node row : list.items()) {
      const bool is_listed = listed.contains(std::string(row["version"].text()));
      set_seen(*draft, row, version_keys, is_listed, draft->read_day("source"));
    }
    refuse_lost_versions(page, rows, day);
    set_read(page, *draft, {"source", "lts"}, "supported-kubernetes-versions");
  }

  // Versions leave a table when their support ends, and no earlier.
  void refuse_lost_versions(const PageFacts& page, const std::vector<PageKubernetesVersion>& rows, Date read) {
    std::vector<std::string> lost[3];
    const auto on_page = [](const std::vector<PageKubernetesVersion>& table, Minor version) {
      const auto row = std::ranges::find(table, version, &PageKubernetesVersion::version);
      return row == table.end() ? nullptr : &*row;
    };
    for (const KubernetesVersion& version : policy_.kubernetes().versions) {
      if (version.last_seen) continue;
      const auto count = [&](std::size_t table, bool is_listed) {
        if (!is_listed) lost[table].push_back(to_string(version.version));
      };
      const PageKubernetesVersion* row = on_page(rows, version.version);
      if (version.end_of_life && version.end_of_life->last_day >= read) {
        const PageKubernetesVersion* community = on_page(page.community, version.version);
        count(0, community != nullptr && community->end_of_life);
      }
      if (version.lts_end_of_life && version.lts_end_of_life->last_day >= read) {
        count(1, row != nullptr && row->lts_end_of_life.has_value());
      }
      if (version.platform_support_until && on_page(page.community, version.version) != nullptr) {
        count(2, row->platform_support_until.has_value());
      }
    }
    refuse_living_losses(page, "community support", "end of life", read, lost[0]);
    refuse_living_losses(page, "long-term support", "end of long-term support", read, lost[1]);
    refuse_living_losses(page, "community support", "end of platform support", read, lost[2]);
  }

  void merge_version(const PageFacts& page, Draft& draft, Node row, const PageKubernetesVersion& version) {
    const Node list = row.parent();
    if (version.upstream_release && Draft::keeps(list, "upstream_release")) {
      draft.set(row, version_keys, "upstream_release", version.upstream_release->text);
    }
    if (version.preview && Draft::keeps(list, "preview")) {
      draft.set(row, version_keys, "preview", version.preview->text);
    }
    if (version.generally_available) {
      draft.set(row, version_keys, "generally_available", month_text(*version.generally_available), true);
    }
    if (version.end_of_life) draft.set_deadline(row, version_keys, "end_of_life", *version.end_of_life);
    remark_kept(page, version, "upstream release", version.upstream_release, row["upstream_release"]);
    remark_kept(page, version, "preview", version.preview, row["preview"]);
    remark_kept(page, version, "general availability", version.generally_available, row["generally_available"]);
    remark_kept(page, version, "end of life", version.end_of_life, row["end_of_life"]["text"]);
    if (version.lts_end_of_life) draft.set_deadline(row, version_keys, "lts_end_of_life", *version.lts_end_of_life);
    if (version.platform_support_until) {
      draft.set_version(row, version_keys, "platform_support_until", *version.platform_support_until);
    }
  }

  // Tells of a cell that is empty now.
  void remark_kept(const PageFacts& page, const PageKubernetesVersion& version, std::string_view what,
                   const std::optional<PageDate>& date, Node known) {
    if (date || !known) return;
    remark(page, version.span,
           fmt::format("the page states no {} for {}: the policy keeps {}", what, to_string(version.version),
                       meshlint::quoted(known.text())));
  }

  static std::vector<std::string> version_lines(Node list, const PageKubernetesVersion& version) {
    std::vector<std::string> lines = {fmt::format("version: \"{}\"", to_string(version.version))};
    const auto add = [&lines](std::string_view key, const std::string& text) {
      lines.push_back(fmt::format("{}: {}", key, text));
    };
    if (version.upstream_release && Draft::keeps(list, "upstream_release")) {
      add("upstream_release", yaml_scalar(version.upstream_release->text));
    }
    if (version.preview && Draft::keeps(list, "preview")) add("preview", yaml_scalar(version.preview->text));
    if (version.generally_available) add("generally_available", month_text(*version.generally_available));
    if (version.end_of_life) add("end_of_life", deadline_text(*version.end_of_life));
    if (version.lts_end_of_life) add("lts_end_of_life", deadline_text(*version.lts_end_of_life));
    if (version.platform_support_until) {
      add("platform_support_until", fmt::format("\"{}\"", to_string(*version.platform_support_until)));
    }
    return lines;
  }

  void merge_fields(const PageFacts& page) {
    Draft* draft = open(page, classification_file);
    if (draft == nullptr) return;
    merge_fields(page, *draft, "mesh_config", "MeshConfig", page.mesh_config, draft->read_day("source"));
    merge_fields(page, *draft, "proxy_config", "ProxyConfig", page.proxy_config, draft->read_day("proxy"));
    set_read(page, *draft, {"source", "proxy"}, "istio-meshconfig");
  }

  void merge_fields(const PageFacts& page, Draft& draft, std::string_view key, std::string_view message,
                    const std::vector<PageField>& fields, std::string_view last_read) {
    const Node table = draft.root()[key];
    if (!table.is_mapping() || table.size() == 0) {
      draft.complain(table, fmt::format("`{}` must have a field already, to which the others can be added", key));
      return;
    }
    std::set<std::string_view> listed;
    Node last = table.entries().front().value;
    for (const PageField& field : fields) {
      listed.insert(field.name);
      check_field(page, draft, message, field);
      if (const Node entry = table[field.name]) {
        merge_field(page, draft, entry, field);
        last = entry;
      } else if (!refuse_without_day(page, field, "blocked")) {
        // Another spelling of a field that was there does not say anything new of it.
        const std::string_view before = earlier_spelling(draft, table, field);
        draft.edit().insert_entry(last, before.empty() ? new_field(field) : fmt::format("{}: {}", field.name, before));
      }
    }
    std::vector<std::string> lost;
    std::size_t before = 0;
    for (const Entry& entry : table.entries()) {
      if (entry.value["until"] || entry.value["support"].text() == "blocked" || entry.value.text() == "blocked")
        continue;
      ++before;
      if (listed.contains(entry.key.text())) continue;
      const std::string_view meant = meant_field(draft, entry.key.text());
      const bool respelt =
          std::ranges::any_of(listed, [&](std::string_view name) { return meant_field(draft, name) == meant; });
      if (!respelt) lost.emplace_back(entry.key.text());
      remove_field(draft, entry.value, last_read);
    }
    // Fields have only ever left the page for another spelling, and what is not there counts as blocked.
    refuse_any_loss(page, fmt::format("{} fields", message), before, lost);
  }

  // What a spelling of the page stands for.
  static std::string_view meant_field(const Draft& draft, std::string_view name) {
    const Node meant = draft.root()["misspelt"][name];
    return meant ? meant.text() : name;
  }

  // What the table says of a field under another spelling of the page, if it says the same; empty for nothing.
  static std::string_view earlier_spelling(const Draft& draft, Node table, const PageField& field) {
    for (const Entry& entry : table.entries()) {
      const Node support = entry.value.is_mapping() ? entry.value["support"] : entry.value;
      const bool is_meant = entry.key.text() != field.name && meant_field(draft, entry.key.text()) == field.name;
      if (!is_meant || entry.value["until"] || support.text() != word(field.support)) continue;
      const Span span = entry.value.span();
      const std::string_view text = entry.value.file()->text().substr(span.start, span.end - span.start);
      return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
    }
    return {};
  }

  // A name that Istio does not know would make the policy useless for the field that is meant.
  void check_field(const PageFacts& page, Draft& draft, std::string_view message, const PageField& field) {
    const MeshFields& known = policy_.mesh_fields();
    if (known.find(message, field.name) != nullptr || draft.root()["misspelt"][field.name]) return;
    const std::string_view meant = known.nearest(message, field.name);
    const std::string help =
        meant.empty() ? "add it to mesh-fields.yaml if a newer Istio has it"
                      : fmt::format("if `{0}` is meant, add `{1}: {2}` and, under `misspelt`, `{1}: {0}` to {3}", meant,
                                    field.name, word(field.support), classification_file);
    complain(page, field.span,
             fmt::format("{} of Istio {} has no field `{}`; {}", message, to_string(known.newest), field.name, help));
  }

  static std::string_view word(FieldSupport support) {
    return support == FieldSupport::supported ? "supported" : "allowed";
  }

  // The policy states since when a class holds: it must not change without a day.
  bool refuse_without_day(const PageFacts& page, const PageField& field, std::string_view before) {
    if (options_.read) return false;
    complain(page, field.span,
             fmt::format("`{}` is {} now and was {}: say with --read YYYY-MM-DD since when", field.name,
                         word(field.support), before));
    return true;
  }

  std::string new_field(const PageField& field) const {
    return fmt::format("{}: {{support: {}, since: {}}}", field.name, word(field.support), to_string(*options_.read));
  }

  void merge_field(const PageFacts& page, Draft& draft, Node entry, const PageField& field) {
    const FieldSupport support = field.support;
    const Node stated = entry.is_mapping() ? entry["support"] : entry;
    draft.remove(entry["until"]);
    if (stated.text() == word(support) || refuse_without_day(page, field, stated.text())) return;
    if (!entry.is_mapping()) {
      draft.edit().replace(entry, fmt::format("{{support: {}, since: {}, before: {}}}", word(support),
                                              to_string(*options_.read), stated.text()));
    } else {
      constexpr std::string_view order[] = {"support", "since", "before"};
      draft.edit().replace(stated, std::string(word(support)));
      if (entry["since"]) draft.edit().replace(entry["since"], to_string(*options_.read));
      if (entry["before"]) draft.edit().replace(entry["before"], std::string(stated.text()));
      if (!entry["since"]) draft.set(entry, order, "since", to_string(*options_.read), true);
      if (!entry["before"]) draft.set(entry, order, "before", stated.text());
    }
  }

  static void remove_field(Draft& draft, Node entry, std::string_view last_read) {
    if (entry.is_mapping()) {
      draft.edit().insert_entry(entry.entries().back().value, fmt::format("until: {}", last_read));
    } else {
      draft.edit().replace(entry, fmt::format("{{support: {}, until: {}}}", entry.text(), last_read));
    }
  }

  bool check_list(Draft& draft, Node list) {
    if (list.is_sequence() && list.size() > 0) return true;
    draft.complain(list, "expected a list with a row already, to which others can be added");
    return false;
  }

  // The day the page was read, in the table and in the list of sources.
  void set_read(const PageFacts& page, Draft& draft, std::initializer_list<std::string_view> sources,
                std::string_view name) {
    if (!options_.read) return;
    for (const std::string_view source : sources) {
      if (draft.read_day(source) > to_string(*options_.read)) {
        complain(page, {},
                 fmt::format("the policy holds what the page said on {}: a state of {} must not replace it",
                             draft.read_day(source), to_string(*options_.read)));
        return;
      }
      draft.set_read_day(source, *options_.read);
    }
    Draft* list = open(page, sources_file);
    if (list == nullptr) return;
    for (const Node group : list->root()["groups"].items()) {
      if (const Node source = group["pages"][name]) set_page_read(*list, group, source, *options_.read);
    }
    const Node date = list->root()["date"];
    if (!date || date.text() >= to_string(*options_.read) || date_is_set_) return;
    list->edit().replace(date, to_string(*options_.read));
    date_is_set_ = true;
  }

  static void set_page_read(Draft& list, Node group, Node source, Date day) {
    const std::string_view known = source["read"] ? source["read"].text() : group["read"].text();
    if (known >= to_string(day)) return;
    if (source["read"]) {
      list.edit().replace(source["read"], to_string(day));
    } else if (source.is_mapping()) {
      list.edit().insert_entry(source.entries().back().value, fmt::format("read: {}", to_string(day)));
    } else {
      list.edit().replace(source, fmt::format("{{title: {}, read: {}}}", yaml_scalar(source.text()), to_string(day)));
    }
  }

  const PolicyFiles& files_;
  const Policy& policy_;
  std::span<const PageFacts> pages_;
  const ImportOptions& options_;
  std::map<std::string_view, Draft> drafts_;
  ImportPlan plan_;
  bool date_is_set_ = false;
};

// The name of the row of a list, or of the entry of a mapping, that a line stands in; empty when it is in none.
std::string row_at(const SourceFile& file, Node rows, std::string_view key, std::uint32_t line) {
  std::string name;
  const auto look = [&](Span span, Node row_name) {
    // The last one, since a span may reach into the line behind it.
    if (file.position(span.start).line <= line && line <= file.position(span.end).line) name = row_name.text();
  };
  for (const Node row : rows.items()) look(row.span(), row[key]);
  for (const Entry& entry : rows.entries()) look(entry.value.entry_span(), entry.key);
  return name;
}

// Where a page states the row of a policy file that reaches over a line.
std::optional<Span> row_on_page(const PageFacts& page, const SourceFile& file, Node root, std::uint32_t line) {
  const auto find = [&](const auto& rows, std::string_view list, std::string_view key, auto name_of) {
    const std::string name = row_at(file, root[list], key, line);
    const auto row = std::ranges::find_if(rows, [&](const auto& one) { return name_of(one) == name; });
    return name.empty() || row == rows.end() ? std::nullopt : std::optional<Span>(row->span);
  };
  const auto revision = [](const PageRevision& one) { return revision_name(one.revision); };
  const auto version = [](const PageKubernetesVersion& one) { return to_string(one.version); };
  const auto field = [](const PageField& one) { return one.name; };
  if (const auto found = find(page.revisions, "revisions", "revision", revision)) return found;
  if (const auto found = find(page.community, "versions", "version", version)) return found;
  if (const auto found = find(page.lts, "versions", "version", version)) return found;
  if (const auto found = find(page.mesh_config, "mesh_config", "", field)) return found;
  return find(page.proxy_config, "proxy_config", "", field);
}

}  // namespace

ImportPlan plan_import(const PolicyFiles& files, const Policy& policy, std::span<const PageFacts> pages,
                       const ImportOptions& options) {
  return Importer(files, policy, pages, options).run();
}

Problem blame_page(std::span<const PageFacts> pages, const PolicyTexts& texts, const InvalidPlace& place) {
  const std::string where = place.file.empty() ? "" : fmt::format("{} line {}: ", place.file, place.line);
  Problem problem{.file = pages.front().file,
                  .span = {},
                  .message = fmt::format("what the page says makes an invalid policy: {}{}", where, place.message),
                  .help = {},
                  .notes = {}};
  const auto text = texts.find(place.file);
  if (text == texts.end()) return problem;
  const SourceFile file(place.file, place.file, text->second);
  const PolicyTree tree = parse_policy_file(file);
  for (const PageFacts& page : pages) {
    if (const auto span = row_on_page(page, file, tree.root(), place.line)) {
      problem.file = page.file;
      problem.span = *span;
      break;
    }
  }
  return problem;
}

}  // namespace meshlint
