// Reads the tables about Istio itself: its kinds and their fields, what it deprecates, and its annotations and labels.
#include <fmt/format.h>

#include <charconv>
#include <iterator>
#include <system_error>

#include "linter/policy_tables.h"

namespace meshlint {
namespace {

// A range of Istio minors: both ends are optional and stand for those of the table.
struct Range {
  Minor first;
  Minor last;
};

Range read_range(Reader& reader, Node row, Minor oldest, Minor newest) {
  const Range range{reader.version(row["since"]).value_or(oldest), reader.version(row["until"]).value_or(newest)};
  if (range.first < oldest || range.last > newest || range.first > range.last) {
    reader.complain(row, fmt::format("the table covers {} to {}, not {} to {}", to_string(oldest), to_string(newest),
                                     to_string(range.first), to_string(range.last)));
  }
  return range;
}

IstioKind read_kind(Reader& reader, Node row, const IstioKinds& table) {
  reader.check_keys(row, {"group", "kind", "plural", "versions"});
  IstioKind kind{.group = reader.text(row["group"]),
                 .kind = reader.text(row["kind"]),
                 .plural = reader.text(row["plural"]),
                 .versions = {}};
  for (const Entry& version : reader.entries(row["versions"])) {
    if (!version.value.is_null()) reader.check_keys(version.value, {}, {"since", "until"});
    const Range range = read_range(reader, version.value, table.oldest, table.newest);
    kind.versions.push_back({std::string(version.key.text()), range.first, range.last});
  }
  return kind;
}

using Annotations = std::map<std::string, IstioAnnotation, std::less<>>;

void read_annotations(Reader& reader, Node list, const IstioAnnotations& table, Annotations& result) {
  for (const Entry& entry : reader.entries(list)) {
    reader.check_keys(entry.value, {"kinds"}, {"since", "until", "deprecated", "successor", "way_out", "source"});
    const Range range = read_range(reader, entry.value, table.oldest, table.newest);
    IstioAnnotation annotation{.name = std::string(entry.key.text()),
                               .resources = reader.texts(entry.value["kinds"]),
                               .first = range.first,
                               .last = range.last,
                               .deprecated_since = reader.version(entry.value["deprecated"]),
                               .successor = reader.text(entry.value["successor"]),
                               .way_out = reader.text(entry.value["way_out"]),
                               .citation = reader.source_of(entry.value)};
    result.insert_or_assign(annotation.name, std::move(annotation));
  }
}

struct ScalarName {
  std::string_view name;
  IstioField::Type type;
};

constexpr ScalarName scalars[] = {
    {"string", IstioField::Type::string},   {"boolean", IstioField::Type::boolean},
    {"integer", IstioField::Type::integer}, {"int32", IstioField::Type::int32},
    {"number", IstioField::Type::number},   {"bytes", IstioField::Type::bytes},
    {"any", IstioField::Type::any},
};

// Takes a prefix off the text, if it has it.
bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

void read_type(Reader& reader, Node node, const IstioFields& table, IstioField& field) {
  std::string_view name = node.text();
  if (reader.text(node).empty()) return;
  field.repeated = take(name, "list of ");
  field.map = !field.repeated && take(name, "map of ");
  if (const auto scalar = std::ranges::find(scalars, name, &ScalarName::name); scalar != std::end(scalars)) {
    field.type = scalar->type;
  } else if (table.messages.contains(name)) {
    field.type = IstioField::Type::message;
    field.message = name;
  } else {
    std::vector<std::string_view> known = keys_of(table.messages);
    for (const ScalarName& known_scalar : scalars) known.push_back(known_scalar.name);
    reader.complain(node, fmt::format("unknown type `{}`{}", name, did_you_mean(name, known)));
  }
}

// A bound may be larger than what Reader::count takes: 4294967295.
std::optional<std::int64_t> read_bound(Reader& reader, Node node) {
  if (!node) return std::nullopt;
  const std::string_view digits = node.text();
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool whole = error == std::errc() && end == digits.data() + digits.size() && value >= 0;
  if (whole && node.style() == ScalarStyle::plain) return value;
  reader.complain(node, "expected a number from 0 on");
  return std::nullopt;
}

IstioField read_period(Reader& reader, Node row, const IstioFields& table) {
  reader.check_keys(row, {},
                    {"type", "values", "required", "nullable", "minimum", "maximum", "pattern", "since", "until"});
  if (static_cast<bool>(row["type"]) == static_cast<bool>(row["values"])) {
    reader.complain(row, "state one of `type` and `values`");
  }
  IstioField field;
  if (row["type"]) read_type(reader, row["type"], table, field);
  if (row["values"]) field.type = IstioField::Type::enumeration;
  field.values = reader.texts(row["values"]);
  field.required = reader.flag(row["required"]);
  field.nullable = reader.flag(row["nullable"]);
  field.minimum = read_bound(reader, row["minimum"]);
  field.maximum = read_bound(reader, row["maximum"]);
  if (field.minimum && field.maximum && *field.minimum > *field.maximum) {
    reader.complain(row["maximum"], fmt::format("{} is less than the minimum", *field.maximum));
  }
  field.pattern = reader.text(row["pattern"]);
  const Range range = read_range(reader, row, table.oldest, table.newest);
  field.first = range.first;
  field.last = range.last;
  return field;
}

IstioFields::Periods read_periods(Reader& reader, Node node, const IstioFields& table) {
  if (!node.is_mapping() && !node.is_sequence()) {
    IstioField field;
    field.first = table.oldest;
    field.last = table.newest;
    read_type(reader, node, table, field);
    return {field};
  }
  if (node.is_mapping()) return {read_period(reader, node, table)};
  IstioFields::Periods periods;
  for (const Node row : node.items()) {
    IstioField next = read_period(reader, row, table);
    if (!periods.empty() && next.first <= periods.back().last) {
      reader.complain(row, fmt::format("starts with {} although what is above lasts until {}", to_string(next.first),
                                       to_string(periods.back().last)));
    }
    periods.push_back(std::move(next));
  }
  return periods;
}

const IstioField* at(const IstioFields::Periods& periods, Minor minor) {
  const auto found = std::ranges::find_if(
      periods, [minor](const IstioField& field) { return field.first <= minor && minor <= field.last; });
  return found == periods.end() ? nullptr : &*found;
}

}  // namespace

void read_table(Reader& reader, Node root, IstioFields& table) {
  reader.check_table(root, {"source", "oldest", "newest", "kinds", "messages"});
  if (!reader.extends()) table.citation = reader.table_source();
  reader.set(table.oldest, root["oldest"], &Reader::version);
  reader.set(table.newest, root["newest"], &Reader::version);
  const std::vector<Entry> messages = reader.entries(root["messages"]);
  for (const Entry& message : messages) table.messages.try_emplace(std::string(message.key.text()));
  for (const Entry& message : messages) {
    auto& fields = table.messages.find(message.key.text())->second;
    for (const Entry& field : reader.entries(message.value)) {
      fields.insert_or_assign(std::string(field.key.text()), read_periods(reader, field.value, table));
    }
  }
  for (const Entry& kind : reader.entries(root["kinds"])) {
    table.kinds.insert_or_assign(std::string(kind.key.text()), read_periods(reader, kind.value, table));
  }
}

void read_table(Reader& reader, Node root, IstioKinds& table) {
  reader.check_table(root, {"source", "oldest", "newest", "kinds"});
  if (!reader.extends()) table.citation = reader.table_source();
  reader.set(table.oldest, root["oldest"], &Reader::version);
  reader.set(table.newest, root["newest"], &Reader::version);
  std::set<std::string, std::less<>> known;
  for (const Node row : reader.items(root["kinds"])) {
    IstioKind kind = read_kind(reader, row, table);
    reader.check_new(row["kind"], known, fmt::format("{} of {}", kind.kind, kind.group));
    put(table.kinds, std::move(kind), [](const IstioKind& one) { return std::pair(one.group, one.kind); });
  }
}

void read_table(Reader& reader, Node root, IstioDeprecations& table) {
  reader.check_table(root, {"source", "deprecations"});
  if (!reader.extends()) table.citation = reader.table_source();
  for (const Node row : reader.items(root["deprecations"])) {
    reader.check_keys(row, {"group", "kind", "paths", "since"}, {"value", "replacement", "source"});
    for (const std::string& path : reader.texts(row["paths"])) {
      IstioDeprecation deprecation{.group = reader.text(row["group"]),
                                   .kind = reader.text(row["kind"]),
                                   .path = path,
                                   .value = reader.text(row["value"]),
                                   .since = reader.version(row["since"]).value_or(Minor()),
                                   .replacement = reader.text(row["replacement"]),
                                   .citation = reader.source_of(row)};
      put(table.deprecations, std::move(deprecation),
          [](const IstioDeprecation& one) { return std::tuple(one.group, one.kind, one.path, one.value); });
    }
  }
}

void read_table(Reader& reader, Node root, IstioAnnotations& table) {
  reader.check_table(root, {"source", "oldest", "newest", "annotations", "labels"});
  if (!reader.extends()) table.citation = reader.table_source();
  reader.set(table.oldest, root["oldest"], &Reader::version);
  reader.set(table.newest, root["newest"], &Reader::version);
  read_annotations(reader, root["annotations"], table, table.annotations);
  read_annotations(reader, root["labels"], table, table.labels);
}

const IstioField* IstioFields::find(std::string_view group, std::string_view kind, std::string_view path,
                                    Minor minor) const {
  if (!take(path, "spec")) return nullptr;
  const auto spec = kinds.find(fmt::format("{}/{}", group, kind));
  const IstioField* field = spec == kinds.end() ? nullptr : at(spec->second, minor);
  while (field != nullptr && !path.empty()) {
    const bool fits = field->repeated ? take(path, "[]") : !field->map || take(path, "{}");
    const auto message = messages.find(field->message);
    if (!fits || !take(path, ".") || message == messages.end()) return nullptr;
    const std::string_view name = path.substr(0, path.find_first_of(".[{"));
    path.remove_prefix(name.size());
    const auto periods = message->second.find(name);
    field = periods == message->second.end() ? nullptr : at(periods->second, minor);
  }
  return field;
}

bool IstioKind::serves(std::string_view version, Minor minor) const {
  return std::ranges::any_of(
      versions, [&](const Version& one) { return one.name == version && one.first <= minor && minor <= one.last; });
}

const IstioKind* IstioKinds::find(std::string_view group, std::string_view kind) const {
  const auto found =
      std::ranges::find_if(kinds, [&](const IstioKind& one) { return one.group == group && one.kind == kind; });
  return found == kinds.end() ? nullptr : &*found;
}

}  // namespace meshlint
