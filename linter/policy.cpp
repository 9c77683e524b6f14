#include "linter/policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <mutex>
#include <set>
#include <system_error>
#include <utility>

#include "linter/error.h"
#include "linter/policy_data.h"
#include "linter/words.h"
#include "linter/yaml.h"

namespace meshlint {
namespace {

constexpr std::string_view blocked_kinds_file = "blocked-kinds.yaml";
constexpr std::string_view kubernetes_file = "kubernetes-calendar.yaml";
constexpr std::string_view names_file = "managed-names.yaml";
constexpr std::string_view classification_file = "mesh-config-classification.yaml";
constexpr std::string_view mesh_fields_file = "mesh-fields.yaml";
constexpr std::string_view releases_file = "release-calendar.yaml";
constexpr std::string_view sources_file = "sources.yaml";
constexpr std::string_view file_names[] = {blocked_kinds_file, kubernetes_file, names_file,  classification_file,
                                           mesh_fields_file,   releases_file,   sources_file};

std::string did_you_mean(std::string_view misspelt, const std::vector<std::string_view>& candidates) {
  const std::string_view meant = closest_word(misspelt, candidates);
  return meant.empty() ? "" : fmt::format("; did you mean `{}`?", meant);
}

template <typename Map>
std::vector<std::string_view> keys_of(const Map& map) {
  std::vector<std::string_view> keys;
  for (const auto& [key, value] : map) keys.push_back(key);
  return keys;
}

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

// The anchor that the page's site gives a heading.
std::string anchor(std::string_view heading) {
  std::string result;
  for (const char letter : heading) {
    const char small = lower(letter);
    if (small == ' ') {
      result += '-';
    } else if ((small >= 'a' && small <= 'z') || (small >= '0' && small <= '9') || small == '-' || small == '_') {
      result += small;
    }
  }
  return result;
}

// Whether a text is a month as the pages write it: "Sept 2023", "July 2026", "~Sept 2025 (expected EOM)".
bool is_written_month(std::string_view text) {
  constexpr std::string_view names[] = {"January", "February", "March",     "April",   "May",      "June",
                                        "July",    "August",   "September", "October", "November", "December"};
  if (text.starts_with('~')) text.remove_prefix(1);
  if (text.ends_with(')')) text = text.substr(0, text.find(" (expected"));
  const auto space = std::min(text.find(' '), text.size());
  const std::string_view name = text.substr(0, space);
  const std::string_view year = text.substr(std::min(space + 1, text.size()));
  const bool is_name =
      std::ranges::any_of(names, [name](std::string_view full) { return name == full || name == full.substr(0, 3); });
  return (is_name || name == "Sept") && year.size() == 4 &&
         year.find_first_not_of("0123456789") == std::string_view::npos;
}

struct Sources {
  Date date{};
  std::map<std::string, Citation, std::less<>> pages;  // each without its section

  Citation cite(std::string_view page, std::string_view section) const {
    const auto found = pages.find(page);
    if (found == pages.end()) return {};
    Citation citation = found->second;
    citation.section = section;
    if (!section.empty()) citation.url += "#" + anchor(section);
    return citation;
  }
};

using Keys = std::initializer_list<std::string_view>;

// Reads the values of one table and collects what is wrong with them. A value that is not there reads as an empty one:
// check_keys has reported it already.
class Reader {
 public:
  // `sources` is null while the sources themselves are unread or wrong.
  Reader(const SourceFile& file, std::vector<Problem>& problems, const Sources* sources)
      : file_(file), problems_(problems), sources_(sources) {}

  void complain(Node place, std::string message) {
    problems_.push_back({.file = &file_, .span = place.span(), .message = std::move(message), .help = {}, .notes = {}});
  }

  void check_keys(Node mapping, Keys required, Keys optional = {}) {
    std::vector<std::string_view> known(required);
    known.insert(known.end(), optional.begin(), optional.end());
    for (const Entry& entry : entries(mapping)) {
      const std::string_view name = entry.key.text();
      if (std::ranges::find(known, name) != known.end()) continue;
      complain(entry.key, fmt::format("unknown key `{}`{}", name, did_you_mean(name, known)));
    }
    if (!mapping.is_mapping()) return;
    for (const std::string_view key : required) {
      if (!mapping[key]) complain(mapping[key], fmt::format("the key `{}` is missing", key));
    }
  }

  // Looking a key up gives its last value, so this looks at what is stored.
  void check_duplicate_keys(const Document& document) {
    std::set<std::pair<std::uint32_t, std::string_view>> known;
    const auto& nodes = document.nodes();
    for (const NodeData& value : nodes) {
      if (value.key == NodeData::none) continue;
      const Node key(document, value.key);
      if (!key.is_scalar() || known.emplace(value.parent, key.text()).second) continue;
      complain(key, fmt::format("the key `{}` is stated twice", key.text()));
    }
  }

  std::vector<Entry> entries(Node mapping) {
    if (mapping && !mapping.is_mapping()) complain(mapping, "expected a mapping");
    return mapping.entries();
  }

  std::vector<Node> items(Node sequence) {
    if (sequence && !sequence.is_sequence()) complain(sequence, "expected a list");
    return sequence.items();
  }

  std::string text(Node node) {
    if (node && node.text().empty()) complain(node, "expected a text");
    return std::string(node.text());
  }

  std::string address(Node node) {
    std::string result = text(node);
    if (!result.empty() && !result.starts_with("https://")) complain(node, "expected an address with https://");
    return result;
  }

  std::vector<std::string> texts(Node sequence) {
    std::vector<std::string> result;
    for (const Node item : items(sequence)) result.push_back(text(item));
    return result;
  }

  bool flag(Node node) {
    if (node && node.text() != "true" && node.text() != "false") complain(node, "expected `true` or `false`");
    return node.text() == "true";
  }

  int count(Node node) {
    const std::string_view digits = node.text();
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (node && (error != std::errc() || end != digits.data() + digits.size() || value < 0)) {
      complain(node, "expected a number from 0 on");
      return 0;
    }
    return value;
  }

  std::optional<Date> day(Node node) {
    const auto date = parse_date(node.text());
    if (node && !date) complain(node, fmt::format("`{}` is no date such as 2026-08-21", node.text()));
    return date;
  }

  std::string written_month(Node node) {
    std::string result = text(node);
    if (!result.empty() && !is_written_month(result)) {
      complain(node, fmt::format("`{}` is no month such as July 2026", result));
    }
    return result;
  }

  // The last day of a month.
  std::optional<Date> month(Node node) {
    const auto first = parse_date(fmt::format("{}-01", node.text()));
    if (node && !first) complain(node, fmt::format("`{}` is no month such as 2026-08", node.text()));
    if (!first) return std::nullopt;
    const std::chrono::year_month_day parts(*first);
    return Date(parts.year() / parts.month() / std::chrono::last);
  }

  std::optional<Deadline> deadline(Node node) {
    if (!node) return std::nullopt;
    check_keys(node, {"text"}, {"month", "day", "expected"});
    if (node.is_mapping() && bool(node["month"]) == bool(node["day"])) complain(node, "state one of `month` and `day`");
    Deadline result{.last_day = {}, .expected = flag(node["expected"]), .text = text(node["text"])};
    const auto date = node["day"] ? day(node["day"]) : month(node["month"]);
    if (!date) return std::nullopt;
    result.last_day = *date;
    if (!result.text.empty()) check_agreement(node, result);
    return result;
  }

  std::optional<Minor> version(Node node) {
    if (!node) return std::nullopt;
    const auto result = parse_minor(node.text());
    if (!result || to_string(*result) != node.text()) {
      complain(node, fmt::format("`{}` is no minor version such as \"1.30\"", node.text()));
      return std::nullopt;
    }
    if (node.style() == ScalarStyle::plain) complain(node, fmt::format("quote the version: \"{}\"", node.text()));
    return result;
  }

  std::vector<Minor> ascending_versions(Node sequence) {
    std::vector<Minor> result;
    for (const Node item : items(sequence)) {
      const auto next = version(item);
      if (!next) continue;
      check_order(item, result.empty() ? nullptr : &result.back(), *next, to_string);
      result.push_back(*next);
    }
    return result;
  }

  void check_order(Node place, const Minor* previous, Minor next, std::string (*name)(Minor)) {
    if (previous == nullptr || *previous < next) return;
    complain(place, *previous == next ? fmt::format("{} is stated twice", name(next))
                                      : fmt::format("{} stands behind {}", name(next), name(*previous)));
  }

  Citation source(Node node) {
    check_keys(node, {"page", "read"}, {"section"});
    const std::string page = text(node["page"]);
    const auto read = day(node["read"]);
    const std::string section = text(node["section"]);
    if (sources_ == nullptr || page.empty() || !read) return {};
    Citation citation = sources_->cite(page, section);
    if (citation.empty()) {
      complain(node["page"],
               fmt::format("{} has no page `{}`{}", sources_file, page, did_you_mean(page, keys_of(sources_->pages))));
    } else if (to_string(*read) > citation.date) {
      complain(node["read"], fmt::format("{} says that the page was read on {}", sources_file, citation.date));
    }
    citation.date = to_string(*read);
    return citation;
  }

 private:
  // The cell of the page and what it was read as are stated side by side: they must not contradict each other.
  void check_agreement(Node node, const Deadline& deadline) {
    constexpr std::string_view names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::string_view cell = deadline.text;
    const auto says = [&](std::string_view what) { return cell.find(what) != std::string_view::npos; };
    const std::chrono::year_month_day date(deadline.last_day);
    if (!says(names[static_cast<unsigned>(date.month()) - 1]) || !says(to_string(deadline.last_day).substr(0, 4)) ||
        (node["day"] && !says(std::to_string(static_cast<unsigned>(date.day()))))) {
      const Node stated = node["day"] ? node["day"] : node["month"];
      complain(stated, fmt::format("{} is not what the text says: `{}`", stated.text(), cell));
    }
    if ((says("~") || says("expected")) != deadline.expected) {
      complain(node["text"], deadline.expected ? "the text does not mark the date as expected"
                                               : "the text marks the date as expected: state `expected: true`");
    }
  }

  const SourceFile& file_;
  std::vector<Problem>& problems_;
  const Sources* sources_;
};

// A page is its title, if the site of its group and its name make its address; else it states its `url`.
std::string read_address(Reader& reader, const Entry& page, std::string_view site) {
  if (!page.value.is_mapping()) {
    reader.text(page.value);
    if (site.empty()) reader.complain(page.value, "a page of a group without `site` needs `title` and `url`");
    return fmt::format("{}{}", site, page.key.text());
  }
  reader.check_keys(page.value, {"title", "url"});
  reader.text(page.value["title"]);
  return reader.address(page.value["url"]);
}

Sources read_sources(Reader& reader, Node root) {
  reader.check_keys(root, {"date", "groups"});
  Sources sources;
  Date newest{};
  for (const Node group : reader.items(root["groups"])) {
    reader.check_keys(group, {"read", "pages"}, {"site", "secondary"});
    const std::string site = reader.address(group["site"]);
    const auto read = reader.day(group["read"]);
    newest = std::max(newest, read.value_or(newest));
    Citation citation;
    citation.date = read ? to_string(*read) : "";
    citation.secondary = reader.flag(group["secondary"]);
    for (const Entry& page : reader.entries(group["pages"])) {
      citation.page = page.key.text();
      citation.url = read_address(reader, page, site);
      if (!sources.pages.emplace(citation.page, citation).second) {
        reader.complain(page.key, fmt::format("the page `{}` is stated twice", citation.page));
      }
    }
  }
  sources.date = reader.day(root["date"]).value_or(newest);
  if (root["date"] && sources.date != newest) {
    reader.complain(root["date"], fmt::format("the newest page was read on {}", to_string(newest)));
  }
  return sources;
}

// A cluster's version is looked up in both calendars, so what one speaks of must be in the other.
void check_known(Reader& reader, Node versions, const KubernetesCalendar& calendar) {
  for (const Node item : versions.items()) {
    const auto version = parse_minor(item.text());
    if (!version || to_string(*version) != item.text() || calendar.find(*version) != nullptr) continue;
    reader.complain(item, fmt::format("{} has no version {}", kubernetes_file, item.text()));
  }
}

// `kubernetes` is null when something is wrong with that calendar.
ReleaseCalendar read_releases(Reader& reader, Node root, const KubernetesCalendar* kubernetes) {
  reader.check_keys(root, {"source", "compatibility", "revisions"});
  ReleaseCalendar calendar;
  calendar.citation = reader.source(root["source"]);
  calendar.compatibility = reader.source(root["compatibility"]);
  for (const Node row : reader.items(root["revisions"])) {
    reader.check_keys(row,
                      {"revision", "upstream_release", "aks_release", "end_of_life", "kubernetes", "kubernetes_lts"});
    MeshRevision revision;
    revision.upstream_release = reader.written_month(row["upstream_release"]);
    revision.aks_release = reader.written_month(row["aks_release"]);
    revision.end_of_life = reader.deadline(row["end_of_life"]).value_or(Deadline());
    revision.kubernetes = reader.ascending_versions(row["kubernetes"]);
    revision.kubernetes_lts = reader.ascending_versions(row["kubernetes_lts"]);
    if (kubernetes != nullptr) {
      check_known(reader, row["kubernetes"], *kubernetes);
      check_known(reader, row["kubernetes_lts"], *kubernetes);
    }
    const auto name = parse_revision(row["revision"].text());
    if (row["revision"] && !name) {
      reader.complain(row["revision"], fmt::format("`{}` is no revision such as asm-1-30", row["revision"].text()));
    }
    if (!name) continue;
    revision.revision = *name;
    const Minor* previous = calendar.revisions.empty() ? nullptr : &calendar.revisions.back().revision;
    reader.check_order(row["revision"], previous, *name, revision_name);
    calendar.revisions.push_back(std::move(revision));
  }
  return calendar;
}

KubernetesVersion read_kubernetes_version(Reader& reader, Node row) {
  reader.check_keys(row, {"version"},
                    {"generally_available", "end_of_life", "lts_end_of_life", "platform_support_until", "last_seen"});
  KubernetesVersion version;
  version.version = reader.version(row["version"]).value_or(Minor());
  version.generally_available = reader.month(row["generally_available"]);
  version.end_of_life = reader.deadline(row["end_of_life"]);
  version.lts_end_of_life = reader.deadline(row["lts_end_of_life"]);
  version.platform_support_until = reader.version(row["platform_support_until"]);
  version.last_seen = reader.day(row["last_seen"]);
  if (version.end_of_life && version.lts_end_of_life &&
      version.lts_end_of_life->last_day < version.end_of_life->last_day) {
    reader.complain(row["lts_end_of_life"], "long-term support ends before community support");
  }
  const auto& end = version.end_of_life ? version.end_of_life : version.lts_end_of_life;
  if (version.generally_available && end && *version.generally_available > end->last_day) {
    reader.complain(row["generally_available"], "general availability comes after the end of life");
  }
  if (version.platform_support_until && *version.platform_support_until <= version.version) {
    reader.complain(row["platform_support_until"], "platform support ends with a later version");
  }
  return version;
}

KubernetesCalendar read_kubernetes(Reader& reader, Node root) {
  reader.check_keys(root, {"source", "lts", "grace", "versions"});
  KubernetesCalendar calendar;
  calendar.citation = reader.source(root["source"]);
  calendar.lts_citation = reader.source(root["lts"]);
  reader.check_keys(root["grace"], {"days", "source"});
  calendar.grace_days = reader.count(root["grace"]["days"]);
  calendar.grace_citation = reader.source(root["grace"]["source"]);
  for (const Node row : reader.items(root["versions"])) {
    KubernetesVersion version = read_kubernetes_version(reader, row);
    const Minor* previous = calendar.versions.empty() ? nullptr : &calendar.versions.back().version;
    reader.check_order(row["version"], previous, version.version, to_string);
    calendar.versions.push_back(std::move(version));
  }
  return calendar;
}

using FieldsOfMessage = std::map<std::string, MeshField, std::less<>>;
using Classes = std::map<std::string, FieldClass, std::less<>>;

Classes read_classes(Reader& reader, Node table) {
  Classes classes;
  for (const Entry& field : reader.entries(table)) {
    FieldClass read;
    Node support = field.value;
    if (field.value.is_mapping()) {
      reader.check_keys(field.value, {"support"}, {"note"});
      support = field.value["support"];
      read.note = reader.text(field.value["note"]);
    }
    read.support = support.text() == "supported" ? FieldSupport::supported : FieldSupport::allowed;
    if (support && support.text() != "supported" && support.text() != "allowed") {
      reader.complain(support, fmt::format("expected `supported` or `allowed`{}",
                                           did_you_mean(support.text(), {"supported", "allowed"})));
    }
    classes.emplace(field.key.text(), std::move(read));
  }
  return classes;
}

// Every classified field must be one of Istio's, unless its spelling is known to be wrong.
void check_classified(Reader& reader, Node table, Node misspelt, std::string_view message, const MeshFields& fields) {
  const auto found = fields.messages.find(message);
  if (found == fields.messages.end()) return;
  for (const Entry& field : table.entries()) {
    const std::string_view name = field.key.text();
    const Node meant = misspelt[name];
    if (meant && !found->second.contains(meant.text())) {
      reader.complain(meant, fmt::format("{} has no field `{}`", message, meant.text()));
    }
    if (meant || found->second.contains(name)) continue;
    reader.complain(field.key,
                    fmt::format("{} has no field `{}`{}", message, name, did_you_mean(name, keys_of(found->second))));
  }
}

MeshConfigClassification read_classification(Reader& reader, Node root, const MeshFields* fields) {
  reader.check_keys(root, {"source", "proxy", "mesh_config", "proxy_config"}, {"misspelt"});
  MeshConfigClassification result;
  result.citation = reader.source(root["source"]);
  result.proxy_citation = reader.source(root["proxy"]);
  result.mesh_config = read_classes(reader, root["mesh_config"]);
  result.proxy_config = read_classes(reader, root["proxy_config"]);
  for (const Entry& spelling : reader.entries(root["misspelt"])) {
    const std::string_view name = spelling.key.text();
    if (!result.mesh_config.contains(name) && !result.proxy_config.contains(name)) {
      reader.complain(spelling.key, fmt::format("`{}` is not classified above", name));
    }
    result.misspelt.emplace(name, reader.text(spelling.value));
  }
  if (fields != nullptr) {
    check_classified(reader, root["mesh_config"], root["misspelt"], "MeshConfig", *fields);
    check_classified(reader, root["proxy_config"], root["misspelt"], "ProxyConfig", *fields);
  }
  return result;
}

struct ScalarName {
  std::string_view name;
  FieldType type;
};

constexpr ScalarName scalars[] = {
    {"string", FieldType::string}, {"boolean", FieldType::boolean},   {"int32", FieldType::int32},
    {"int64", FieldType::int64},   {"uint32", FieldType::uint32},     {"uint64", FieldType::uint64},
    {"number", FieldType::number}, {"duration", FieldType::duration}, {"timestamp", FieldType::timestamp},
    {"any", FieldType::any},
};

// The names that a field's type may have, and the minors that the table covers.
struct FieldContext {
  std::map<std::string_view, std::vector<std::string>> enums;
  std::set<std::string_view> messages;
  Minor oldest;
  Minor newest;
};

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

void read_type(Reader& reader, Node node, const FieldContext& context, MeshField& field) {
  std::string_view name = node.text();
  field.repeated = take(name, "list of ");
  field.map = !field.repeated && take(name, "map of ");
  if (const auto scalar = std::ranges::find(scalars, name, &ScalarName::name); scalar != std::end(scalars)) {
    field.type = scalar->type;
  } else if (const auto values = context.enums.find(name); values != context.enums.end()) {
    field.type = FieldType::enumeration;
    field.values = values->second;
  } else if (context.messages.contains(name)) {
    field.type = FieldType::message;
    field.message = name;
  } else if (node) {
    std::vector<std::string_view> known = keys_of(context.enums);
    known.insert(known.end(), context.messages.begin(), context.messages.end());
    for (const ScalarName& known_scalar : scalars) known.push_back(known_scalar.name);
    reader.complain(node, fmt::format("unknown type `{}`{}", name, did_you_mean(name, known)));
  }
}

std::string snake_case(std::string_view camel_case) {
  std::string result;
  for (const char letter : camel_case) {
    if (lower(letter) != letter) result += '_';
    result += lower(letter);
  }
  return result;
}

MeshField read_field(Reader& reader, const Entry& entry, const FieldContext& context) {
  MeshField field;
  field.name = entry.key.text();
  field.proto_name = snake_case(field.name);
  field.first = context.oldest;
  field.last = context.newest;
  if (!entry.value.is_mapping()) {
    read_type(reader, entry.value, context, field);
    return field;
  }
  reader.check_keys(entry.value, {"type"}, {"since", "until", "proto"});
  read_type(reader, entry.value["type"], context, field);
  if (entry.value["proto"]) field.proto_name = reader.text(entry.value["proto"]);
  field.first = reader.version(entry.value["since"]).value_or(context.oldest);
  field.last = reader.version(entry.value["until"]).value_or(context.newest);
  if (field.first < context.oldest || field.last > context.newest || field.first > field.last) {
    reader.complain(entry.value, fmt::format("the table covers {} to {}, not {} to {}", to_string(context.oldest),
                                             to_string(context.newest), to_string(field.first), to_string(field.last)));
  }
  return field;
}

MeshFields read_mesh_fields(Reader& reader, Node root) {
  reader.check_keys(root, {"source", "oldest", "newest", "enums", "messages"});
  FieldContext context;
  context.oldest = reader.version(root["oldest"]).value_or(Minor());
  context.newest = reader.version(root["newest"]).value_or(Minor());
  for (const Entry& entry : reader.entries(root["enums"])) {
    context.enums.emplace(entry.key.text(), reader.texts(entry.value));
  }
  const std::vector<Entry> messages = reader.entries(root["messages"]);
  for (const Entry& message : messages) context.messages.insert(message.key.text());

  MeshFields result;
  result.citation = reader.source(root["source"]);
  result.newest = context.newest;
  for (const Entry& message : messages) {
    FieldsOfMessage& fields = result.messages[std::string(message.key.text())];
    for (const Entry& entry : reader.entries(message.value)) {
      fields.emplace(entry.key.text(), read_field(reader, entry, context));
    }
  }
  for (const std::string_view name : {"MeshConfig", "ProxyConfig"}) {
    if (root["messages"] && !result.messages.contains(name)) {
      reader.complain(root["messages"][name], fmt::format("the message `{}` is missing", name));
    }
  }
  return result;
}

using KnownKinds = std::set<std::pair<std::string, std::string>>;

std::vector<BlockedKind> read_kinds(Reader& reader, Node list, KnownKinds& known) {
  std::vector<BlockedKind> kinds;
  for (const Node item : reader.items(list)) {
    reader.check_keys(item, {"group", "kind"});
    BlockedKind kind{reader.text(item["group"]), reader.text(item["kind"])};
    if (!kind.kind.empty() && !known.emplace(kind.group, kind.kind).second) {
      reader.complain(item["kind"], fmt::format("{} of {} is stated twice", kind.kind, kind.group));
    }
    kinds.push_back(std::move(kind));
  }
  return kinds;
}

BlockedKinds read_blocked_kinds(Reader& reader, Node root) {
  reader.check_keys(root, {"source", "kinds", "unclassified"});
  BlockedKinds result;
  result.citation = reader.source(root["source"]);
  KnownKinds known;
  result.kinds = read_kinds(reader, root["kinds"], known);
  result.unclassified = read_kinds(reader, root["unclassified"], known);
  return result;
}

ManagedNames::Reverted read_reverted(Reader& reader, Node item) {
  reader.check_keys(item, {"kind", "name", "what", "source"}, {"namespace"});
  if (std::ranges::count(item["name"].text(), '*') > 1) {
    reader.complain(item["name"], fmt::format("`{}` has more than one `*`", item["name"].text()));
  }
  return {.kind = reader.text(item["kind"]),
          .name = reader.text(item["name"]),
          .name_space = reader.text(item["namespace"]),
          .what = reader.text(item["what"]),
          .citation = reader.source(item["source"])};
}

ManagedNames read_names(Reader& reader, Node root) {
  reader.check_keys(root, {"root_namespace", "source", "injection", "labelled_resources", "shared_config_map",
                           "ingress", "egress", "upstream_gateway_selectors", "reverted"});
  const Node injection = root["injection"];
  const Node labelled = root["labelled_resources"];
  const Node shared = root["shared_config_map"];
  const Node ingress = root["ingress"];
  const Node egress = root["egress"];
  const Node selectors = root["upstream_gateway_selectors"];
  reader.check_keys(injection, {"source"});
  reader.check_keys(labelled, {"source"});
  reader.check_keys(shared, {"prefix", "key", "source"});
  reader.check_keys(ingress, {"namespace", "external", "internal", "source"});
  reader.check_keys(egress, {"namespace", "source"});
  reader.check_keys(selectors, {"values", "source"});

  ManagedNames names;
  names.root_namespace = reader.text(root["root_namespace"]);
  names.ingress_namespace = reader.text(ingress["namespace"]);
  names.egress_namespace = reader.text(egress["namespace"]);
  names.shared_config_map_prefix = reader.text(shared["prefix"]);
  names.shared_config_map_key = reader.text(shared["key"]);
  names.external_ingress = reader.text(ingress["external"]);
  names.internal_ingress = reader.text(ingress["internal"]);
  names.upstream_gateway_selectors = reader.texts(selectors["values"]);
  for (const Node item : reader.items(root["reverted"])) names.reverted.push_back(read_reverted(reader, item));
  names.citation = reader.source(root["source"]);
  names.injection = reader.source(injection["source"]);
  names.labelled = reader.source(labelled["source"]);
  names.shared = reader.source(shared["source"]);
  names.ingress = reader.source(ingress["source"]);
  names.egress = reader.source(egress["source"]);
  names.selectors = reader.source(selectors["source"]);
  return names;
}

// A table that is read when it is first asked for.
template <typename Table>
struct Lazy {
  std::once_flag once;
  Table table;
  std::vector<Problem> problems;
};

// Same name but for case, '_' and '-'.
bool same_but_for_case(std::string_view left, std::string_view right) {
  const auto fold = [](std::string_view name) {
    std::string result;
    std::ranges::copy_if(name, std::back_inserter(result), [](char letter) { return letter != '_' && letter != '-'; });
    std::ranges::transform(result, result.begin(), lower);
    return result;
  };
  return fold(left) == fold(right);
}

}  // namespace

struct Policy::Impl {
  struct File {
    std::unique_ptr<SourceFile> source;
    std::string unreadable;  // why there is nothing to read; empty when there is
  };
  std::map<std::string_view, File> files;
  Lazy<Sources> sources_table;
  Lazy<ReleaseCalendar> releases_table;
  Lazy<KubernetesCalendar> kubernetes_table;
  Lazy<MeshConfigClassification> classification_table;
  Lazy<MeshFields> mesh_fields_table;
  Lazy<BlockedKinds> blocked_kinds_table;
  Lazy<ManagedNames> names_table;

  void add(std::string_view name, std::string shown, std::string text, std::string unreadable = {}) {
    files[name] = {std::make_unique<SourceFile>(fmt::format("policy/{}", name), std::move(shown), std::move(text)),
                   std::move(unreadable)};
  }

  template <typename Table, typename Read>
  const Lazy<Table>& load(Lazy<Table>& lazy, std::string_view name, const Sources* known_sources, Read read) {
    std::call_once(lazy.once, [&] {
      const File& file = files.at(name);
      ParsedText parsed = parse_yaml(*file.source);
      lazy.problems = std::move(parsed.problems);
      Reader reader(*file.source, lazy.problems, known_sources);
      if (!file.unreadable.empty()) {
        reader.complain({}, file.unreadable);
      } else if (lazy.problems.empty() && parsed.documents.size() != 1) {
        const bool several = parsed.documents.size() > 1;
        reader.complain(several ? parsed.documents[1]->root() : Node(), "expected one document");
      } else if (lazy.problems.empty()) {
        reader.check_duplicate_keys(*parsed.documents.front());
        lazy.table = read(reader, parsed.documents.front()->root());
      }
      std::ranges::stable_sort(lazy.problems, {}, [](const Problem& problem) { return problem.span.start; });
    });
    return lazy;
  }

  const Lazy<Sources>& sources() { return load(sources_table, sources_file, nullptr, read_sources); }

  // The table, if nothing is wrong with it or with the sources that it cites.
  template <typename Table>
  const Table& usable(const Lazy<Table>& lazy) {
    if (!sources().problems.empty()) refuse(sources().problems);
    if (!lazy.problems.empty()) refuse(lazy.problems);
    return lazy.table;
  }

  // Null when something is wrong with the sources: the other tables then do not complain about pages as well.
  const Sources* sound_sources() { return sources().problems.empty() ? &sources().table : nullptr; }

  const Lazy<ReleaseCalendar>& releases() {
    return load(releases_table, releases_file, sound_sources(), [this](Reader& reader, Node root) {
      const auto& calendar = kubernetes();
      return read_releases(reader, root, calendar.problems.empty() ? &calendar.table : nullptr);
    });
  }
  const Lazy<KubernetesCalendar>& kubernetes() {
    return load(kubernetes_table, kubernetes_file, sound_sources(), read_kubernetes);
  }
  const Lazy<MeshFields>& mesh_fields() {
    return load(mesh_fields_table, mesh_fields_file, sound_sources(), read_mesh_fields);
  }
  const Lazy<MeshConfigClassification>& classification() {
    return load(classification_table, classification_file, sound_sources(), [this](Reader& reader, Node root) {
      const auto& fields = mesh_fields();
      return read_classification(reader, root, fields.problems.empty() ? &fields.table : nullptr);
    });
  }
  const Lazy<BlockedKinds>& blocked_kinds() {
    return load(blocked_kinds_table, blocked_kinds_file, sound_sources(), read_blocked_kinds);
  }
  const Lazy<ManagedNames>& names() { return load(names_table, names_file, sound_sources(), read_names); }
};

Policy::Policy(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Policy::Policy(Policy&&) noexcept = default;
Policy& Policy::operator=(Policy&&) noexcept = default;
Policy::~Policy() = default;

Policy Policy::embedded() {
  auto impl = std::make_unique<Impl>();
  for (const std::string_view name : file_names) {
    const auto files = embedded_policy_files();
    const auto file = std::ranges::find(files, name, &EmbeddedPolicyFile::name);
    const bool found = file != files.end();
    impl->add(name, fmt::format("policy/{}", name), found ? std::string(file->text) : "",
              found ? "" : "the table is missing");
  }
  return Policy(std::move(impl));
}

Policy Policy::from_directory(const std::string& directory) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(directory, ignored)) {
    throw UsageError(fmt::format("the policy directory `{}` does not exist", directory));
  }
  auto impl = std::make_unique<Impl>();
  for (const std::string_view name : file_names) {
    const auto path = std::filesystem::path(directory) / name;
    if (!std::filesystem::is_regular_file(path, ignored)) {
      const bool exists = std::filesystem::exists(path, ignored);
      impl->add(name, path.string(), "", exists ? "the table is no regular file" : "the table is missing");
      continue;
    }
    std::ifstream stream(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    impl->add(name, path.string(), text, stream.is_open() && !stream.bad() ? "" : "the table cannot be read");
  }
  Policy policy(std::move(impl));
  if (const auto problems = policy.check_all(); !problems.empty()) refuse(problems);
  return policy;
}

Date Policy::data_date() const {
  return impl_->usable(impl_->sources()).date;
}

Citation Policy::source(std::string_view page, std::string_view section) const {
  return impl_->usable(impl_->sources()).cite(page, section);
}

const ReleaseCalendar& Policy::releases() const {
  return impl_->usable(impl_->releases());
}

const KubernetesCalendar& Policy::kubernetes() const {
  return impl_->usable(impl_->kubernetes());
}

const MeshConfigClassification& Policy::classification() const {
  return impl_->usable(impl_->classification());
}

const MeshFields& Policy::mesh_fields() const {
  return impl_->usable(impl_->mesh_fields());
}

const BlockedKinds& Policy::blocked_kinds() const {
  return impl_->usable(impl_->blocked_kinds());
}

const ManagedNames& Policy::names() const {
  return impl_->usable(impl_->names());
}

std::vector<Problem> Policy::check_all() const {
  std::vector<Problem> all;
  const auto append = [&all](const auto& lazy) { all.insert(all.end(), lazy.problems.begin(), lazy.problems.end()); };
  append(impl_->blocked_kinds());
  append(impl_->kubernetes());
  append(impl_->names());
  append(impl_->classification());
  append(impl_->mesh_fields());
  append(impl_->releases());
  append(impl_->sources());
  return all;
}

const MeshRevision* ReleaseCalendar::find(Minor revision) const {
  const auto found = std::ranges::find(revisions, revision, &MeshRevision::revision);
  return found == revisions.end() ? nullptr : &*found;
}

const KubernetesVersion* KubernetesCalendar::find(Minor version) const {
  const auto found = std::ranges::find(versions, version, &KubernetesVersion::version);
  return found == versions.end() ? nullptr : &*found;
}

const MeshField* MeshFields::find(std::string_view message, std::string_view field) const {
  const auto fields = messages.find(message);
  if (fields == messages.end()) return nullptr;
  const auto found = fields->second.find(field);
  return found == fields->second.end() ? nullptr : &found->second;
}

std::string_view MeshFields::nearest(std::string_view message, std::string_view misspelt) const {
  const auto fields = messages.find(message);
  if (fields == messages.end()) return {};
  for (const auto& [name, field] : fields->second) {
    if (same_but_for_case(name, misspelt) || field.proto_name == misspelt) return name;
  }
  return closest_word(misspelt, keys_of(fields->second));
}

bool BlockedKinds::blocked(std::string_view group, std::string_view kind) const {
  return std::ranges::any_of(kinds, [&](const BlockedKind& one) { return one.group == group && one.kind == kind; });
}

}  // namespace meshlint
