#include "linter/policy_mesh.h"

#include <fmt/format.h>

#include <iterator>

#include "linter/ascii.h"
#include "linter/policy_tables.h"
#include "linter/words.h"

namespace meshlint {
namespace {

std::string snake_case(std::string_view camel_case) {
  std::string result;
  for (const char letter : camel_case) {
    if (lower_letter(letter) != letter) result += '_';
    result += lower_letter(letter);
  }
  return result;
}

// Same name but for case, '_' and '-'.
bool same_but_for_case(std::string_view left, std::string_view right) {
  const auto fold = [](std::string_view name) {
    std::string result;
    std::ranges::copy_if(name, std::back_inserter(result), [](char letter) { return letter != '_' && letter != '-'; });
    std::ranges::transform(result, result.begin(), lower_letter);
    return result;
  };
  return fold(left) == fold(right);
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

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

void read_type(Reader& reader, Node node, const MeshFields& table, MeshField& field) {
  std::string_view name = node.text();
  field.repeated = take(name, "list of ");
  field.map = !field.repeated && take(name, "map of ");
  if (const auto scalar = std::ranges::find(scalars, name, &ScalarName::name); scalar != std::end(scalars)) {
    field.type = scalar->type;
  } else if (const auto values = table.enums.find(name); values != table.enums.end()) {
    field.type = FieldType::enumeration;
    field.values = values->second;
  } else if (table.messages.contains(name)) {
    field.type = FieldType::message;
    field.message = name;
  } else if (node) {
    std::vector<std::string_view> known = keys_of(table.enums);
    for (const std::string_view message : keys_of(table.messages)) known.push_back(message);
    for (const ScalarName& known_scalar : scalars) known.push_back(known_scalar.name);
    reader.complain(node, fmt::format("unknown type `{}`{}", name, did_you_mean(name, known)));
  }
}

MeshField read_field(Reader& reader, const Entry& entry, const MeshFields& table) {
  MeshField field;
  field.name = entry.key.text();
  field.proto_name = snake_case(field.name);
  field.first = table.oldest;
  field.last = table.newest;
  if (!entry.value.is_mapping()) {
    read_type(reader, entry.value, table, field);
    return field;
  }
  reader.check_keys(entry.value, {"type"}, {"since", "until", "proto"});
  read_type(reader, entry.value["type"], table, field);
  if (entry.value["proto"]) field.proto_name = reader.text(entry.value["proto"]);
  field.first = reader.version(entry.value["since"]).value_or(table.oldest);
  field.last = reader.version(entry.value["until"]).value_or(table.newest);
  if (field.first < table.oldest || field.last > table.newest || field.first > field.last) {
    reader.complain(entry.value, fmt::format("the table covers {} to {}, not {} to {}", to_string(table.oldest),
                                             to_string(table.newest), to_string(field.first), to_string(field.last)));
  }
  return field;
}

// Every classified field must be one of Istio's, unless its spelling is known to be wrong.
void refer_to_fields(Reader& reader, Node table, const MeshConfigClassification& classification,
                     Reference::Target target) {
  for (const Entry& field : table.entries()) {
    if (!classification.misspelt.contains(field.key.text())) reader.refer(target, field.key, field.key.text());
  }
}

void read_kinds(Reader& reader, Node list, std::set<std::string, std::less<>>& known, std::vector<BlockedKind>& kinds) {
  for (const Node item : reader.items(list)) {
    reader.check_keys(item, {"group", "kind"}, {"source"});
    BlockedKind kind{reader.text(item["group"]), reader.text(item["kind"]), reader.source_of(item)};
    if (!kind.kind.empty()) reader.check_new(item["kind"], known, fmt::format("{} of {}", kind.kind, kind.group));
    put(kinds, std::move(kind), [](const BlockedKind& one) { return std::pair(one.group, one.kind); });
  }
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

// Names that stand in groups, each with its own source. A group is replaced as a whole.
void read_name_groups(Reader& reader, Node root, ManagedNames& names) {
  if (const Node injection = root["injection"]) {
    reader.check_keys(injection, {"label", "ineffective", "source"});
    names.revision_label = reader.text(injection["label"]);
    names.ineffective_labels = reader.texts(injection["ineffective"]);
    names.injection = reader.source(injection["source"]);
  }
  if (const Node labelled = root["labelled_resources"]) {
    reader.check_keys(labelled, {"source"});
    names.labelled = reader.source(labelled["source"]);
  }
  if (const Node shared = root["shared_config_map"]) {
    reader.check_keys(shared, {"prefix", "key", "source"});
    names.shared_config_map_prefix = reader.text(shared["prefix"]);
    names.shared_config_map_key = reader.text(shared["key"]);
    names.shared = reader.source(shared["source"]);
  }
  if (const Node ingress = root["ingress"]) {
    reader.check_keys(ingress, {"namespace", "external", "internal", "source"});
    names.ingress_namespace = reader.text(ingress["namespace"]);
    names.external_ingress = reader.text(ingress["external"]);
    names.internal_ingress = reader.text(ingress["internal"]);
    names.ingress = reader.source(ingress["source"]);
  }
  if (const Node egress = root["egress"]) {
    reader.check_keys(egress, {"namespace", "source"});
    names.egress_namespace = reader.text(egress["namespace"]);
    names.egress = reader.source(egress["source"]);
  }
  if (const Node selectors = root["upstream_gateway_selectors"]) {
    reader.check_keys(selectors, {"values", "service", "source"});
    names.upstream_gateway_selectors = reader.texts(selectors["values"]);
    names.upstream_ingress_service = reader.text(selectors["service"]);
    names.selectors = reader.source(selectors["source"]);
  }
  if (const Node mesh_wide = root["mesh_wide"]) {
    reader.check_keys(mesh_wide, {"kinds", "upstream_root_namespace", "source"});
    names.mesh_wide_kinds = reader.texts(mesh_wide["kinds"]);
    names.upstream_root_namespace = reader.text(mesh_wide["upstream_root_namespace"]);
    names.mesh_wide = reader.source(mesh_wide["source"]);
  }
  if (const Node passed_over = root["passed_over_by_webhooks"]) {
    reader.check_keys(passed_over, {"label", "source"});
    names.passed_over_label = reader.text(passed_over["label"]);
    names.passed_over = reader.source(passed_over["source"]);
  }
}

}  // namespace

void read_table(Reader& reader, Node root, MeshConfigClassification& table) {
  reader.check_table(root, {"source", "proxy", "mesh_config", "proxy_config"}, {"misspelt"});
  const Citation proxy = root["proxy"] ? reader.source(root["proxy"]) : reader.table_source();
  if (!reader.extends()) table.citation = reader.table_source();
  if (!reader.extends()) table.proxy_citation = proxy;
  reader.classes(root["mesh_config"], reader.table_source(), table.mesh_config);
  reader.classes(root["proxy_config"], proxy, table.proxy_config);
  for (const Entry& spelling : reader.entries(root["misspelt"])) {
    const std::string_view name = spelling.key.text();
    const bool of_proxy = table.proxy_config.contains(name);
    if (!of_proxy && !table.mesh_config.contains(name)) {
      reader.complain(spelling.key, fmt::format("`{}` is not classified above", name));
    } else {
      reader.refer(of_proxy ? Reference::Target::proxy_config_field : Reference::Target::mesh_config_field,
                   spelling.value, spelling.value.text());
    }
    table.misspelt.insert_or_assign(std::string(name), reader.text(spelling.value));
  }
  refer_to_fields(reader, root["mesh_config"], table, Reference::Target::mesh_config_field);
  refer_to_fields(reader, root["proxy_config"], table, Reference::Target::proxy_config_field);
}

void read_table(Reader& reader, Node root, MeshFields& table) {
  reader.check_table(root, {"source", "oldest", "newest", "enums", "messages"});
  if (!reader.extends()) table.citation = reader.table_source();
  reader.set(table.oldest, root["oldest"], &Reader::version);
  reader.set(table.newest, root["newest"], &Reader::version);
  for (const Entry& entry : reader.entries(root["enums"])) {
    table.enums.insert_or_assign(std::string(entry.key.text()), reader.texts(entry.value));
  }
  const std::vector<Entry> messages = reader.entries(root["messages"]);
  for (const Entry& message : messages) table.messages.try_emplace(std::string(message.key.text()));
  for (const Entry& message : messages) {
    auto& fields = table.messages.find(message.key.text())->second;
    for (const Entry& entry : reader.entries(message.value)) {
      fields.insert_or_assign(std::string(entry.key.text()), read_field(reader, entry, table));
    }
  }
  for (const std::string_view name : {"MeshConfig", "ProxyConfig"}) {
    if (root["messages"] && !table.messages.contains(name)) {
      reader.complain(root["messages"][name], fmt::format("the message `{}` is missing", name));
    }
  }
}

void read_table(Reader& reader, Node root, BlockedKinds& table) {
  reader.check_table(root, {"source", "kinds", "unclassified"});
  if (!reader.extends()) table.citation = reader.table_source();
  std::set<std::string, std::less<>> known;
  read_kinds(reader, root["kinds"], known, table.kinds);
  read_kinds(reader, root["unclassified"], known, table.unclassified);
  // What an organisation blocks is no longer open.
  std::erase_if(table.unclassified, [&](const BlockedKind& kind) { return table.blocked(kind.group, kind.kind); });
}

void read_table(Reader& reader, Node root, ManagedNames& table) {
  reader.check_table(
      root, {"root_namespace", "source", "injection", "labelled_resources", "shared_config_map", "ingress", "egress",
             "upstream_gateway_selectors", "mesh_wide", "passed_over_by_webhooks", "reverted"});
  if (!reader.extends()) table.citation = reader.table_source();
  reader.set(table.root_namespace, root["root_namespace"], &Reader::text);
  read_name_groups(reader, root, table);
  for (const Node item : reader.items(root["reverted"])) {
    put(table.reverted, read_reverted(reader, item),
        [](const ManagedNames::Reverted& one) { return std::tuple(one.kind, one.name, one.name_space); });
  }
}

void read_table(Reader& reader, Node root, TelemetryFields& table) {
  reader.check_table(root, {"source", "fields", "supported_providers", "unclassified"});
  if (!reader.extends()) table.citation = reader.table_source();
  reader.classes(root["fields"], reader.table_source(), table.fields);
  for (const Entry& entry : reader.entries(root["supported_providers"])) {
    const auto field = entry.key.text();
    if (!table.fields.contains(field)) reader.complain(entry.key, fmt::format("`{}` is none of the fields", field));
    table.supported_providers.insert_or_assign(std::string(field), reader.texts(entry.value));
  }
  reader.set(table.unclassified, root["unclassified"], &Reader::texts);
}

namespace {

void read_types(Reader& reader, Node list, const EnvoyFilterTimeline& table, EnvoyFilterPeriod& period) {
  period.types = reader.texts(list);
  for (const Node type : list.items()) {
    const auto packages = table.packages.find(type.text());
    if (packages == table.packages.end()) {
      reader.complain(type, fmt::format("`types` of the table does not say which packages of Envoy hold `{}`{}",
                                        type.text(), did_you_mean(type.text(), keys_of(table.packages))));
      continue;
    }
    period.packages.insert(period.packages.end(), packages->second.begin(), packages->second.end());
  }
}

}  // namespace

void read_table(Reader& reader, Node root, EnvoyFilterTimeline& table) {
  reader.check_table(root, {"source", "support", "types", "periods"});
  if (!reader.extends()) table.citation = reader.table_source();
  reader.set(table.support, root["support"], &Reader::support);
  for (const Entry& type : reader.entries(root["types"])) {
    table.packages.insert_or_assign(std::string(type.key.text()), reader.texts(type.value));
  }
  std::optional<Date> previous;
  for (const Node row : reader.items(root["periods"])) {
    reader.check_keys(row, {"since", "types"}, {"source"});
    EnvoyFilterPeriod period;
    period.since = reader.day(row["since"]).value_or(Date());
    period.all = row["types"].text() == "all";
    if (!period.all) read_types(reader, row["types"], table, period);
    period.citation = reader.source_of(row);
    if (previous && period.since <= *previous) {
      reader.complain(row["since"], fmt::format("{} stands behind {}", row["since"].text(), to_string(*previous)));
    }
    previous = period.since;
    put(table.periods, std::move(period), [](const EnvoyFilterPeriod& one) { return one.since; });
  }
  std::ranges::stable_sort(table.periods, {}, &EnvoyFilterPeriod::since);
}

FieldSupport FieldClass::at(Date date) const {
  if (since && date < *since) return before;
  return until && date > *until ? FieldSupport::blocked : support;
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

const BlockedKind* BlockedKinds::find(std::string_view group, std::string_view kind) const {
  const auto found =
      std::ranges::find_if(kinds, [&](const BlockedKind& one) { return one.group == group && one.kind == kind; });
  return found == kinds.end() ? nullptr : &*found;
}

const FieldClass* TelemetryFields::find(std::string_view path) const {
  for (std::string_view above = path; !above.empty();) {
    if (const auto found = fields.find(above); found != fields.end()) return &found->second;
    const auto dot = above.rfind('.');
    above = above.substr(0, dot == std::string_view::npos ? 0 : dot);
    const auto everything = fields.find(std::string(above) + ".*");
    if (!above.empty() && everything != fields.end()) return &everything->second;
  }
  return nullptr;
}

const EnvoyFilterPeriod* EnvoyFilterTimeline::at(Date date) const {
  const EnvoyFilterPeriod* current = nullptr;
  for (const EnvoyFilterPeriod& period : periods) {
    if (period.since <= date) current = &period;
  }
  return current;
}

}  // namespace meshlint
