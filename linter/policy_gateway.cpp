#include "linter/policy_gateway.h"

#include <fmt/format.h>

#include <regex>

#include "linter/policy_tables.h"

namespace meshlint {
namespace {

void read_class_defaults(Reader& reader, Node node, GatewayApi::DefaultsConfigMap& result) {
  if (!node) return;
  reader.check_keys(node, {"name", "namespace", "label", "label_value", "source", "at_most", "at_most_source"});
  result = {.name = reader.text(node["name"]),
            .name_space = reader.text(node["namespace"]),
            .label = reader.text(node["label"]),
            .label_value = reader.text(node["label_value"]),
            .at_most = reader.count(node["at_most"]),
            .citation = reader.source(node["source"]),
            .at_most_citation = reader.source(node["at_most_source"])};
}

void read_classes(Reader& reader, Node list, std::vector<GatewayClass>& classes) {
  constexpr GatewayClass::Use uses[] = {GatewayClass::Use::add_on, GatewayClass::Use::elsewhere,
                                        GatewayClass::Use::unsupported};
  for (const Entry& entry : reader.entries(list)) {
    reader.check_keys(entry.value, {"use", "what"}, {"source"});
    GatewayClass read{.name = std::string(entry.key.text()),
                      .use = uses[reader.choice(entry.value["use"], {"add-on", "elsewhere", "unsupported"})],
                      .what = reader.text(entry.value["what"]),
                      .citation = reader.source_of(entry.value)};
    put(classes, std::move(read), [](const GatewayClass& one) { return one.name; });
  }
}

void read_bundles(Reader& reader, Node node, GatewayApi& table) {
  if (!node) return;
  reader.check_keys(node, {"channel", "channel_source", "versions", "source"});
  table.channel = reader.text(node["channel"]);
  table.channel_citation = reader.source(node["channel_source"]);
  table.bundles_citation = reader.source(node["source"]);
  for (const Entry& entry : reader.entries(node["versions"])) {
    reader.check_keys(entry.value, {"first"}, {"last"});
    GatewayBundle bundle{.version = std::string(entry.key.text()),
                         .first = reader.known_version(entry.value["first"]).value_or(Minor()),
                         .last = reader.known_version(entry.value["last"])};
    if (bundle.last && *bundle.last < bundle.first) reader.complain(entry.value["last"], "`last` comes before `first`");
    put(table.bundles, std::move(bundle), [](const GatewayBundle& one) { return one.version; });
  }
}

void read_support(Reader& reader, Node node, GatewayApi& table) {
  if (!node) return;
  reader.check_keys(node, {"managed_definitions_only", "own_implementations", "source", "prerequisite_source"});
  table.managed_definitions_only = reader.flag(node["managed_definitions_only"]);
  table.own_implementations = reader.flag(node["own_implementations"]);
  table.support = reader.source(node["source"]);
  table.prerequisite = reader.source(node["prerequisite_source"]);
}

// One row for each size of a prefix.
void read_most_nodes(Reader& reader, Node rows, EgressGateways::StaticEgress& result) {
  for (const Node row : reader.items(rows)) {
    reader.check_keys(row, {"size", "at_most"});
    const int size = reader.count(row["size"]);
    if (row["size"] && (size < result.smallest_prefix || size > result.largest_prefix)) {
      reader.complain(row["size"], "no prefix has this size");
    }
    result.most_nodes[size] = reader.count(row["at_most"]);
  }
  for (int size = result.smallest_prefix; size <= result.largest_prefix; ++size) {
    if (!result.most_nodes.contains(size)) reader.complain(rows, fmt::format("the size {} is missing", size));
  }
}

void read_static_egress(Reader& reader, Node node, EgressGateways::StaticEgress& result) {
  if (!node) return;
  reader.check_keys(
      node, {"pool_mode", "prefix_size", "windows", "autoscaler", "dual_stack", "pod_subnet", "private_addresses",
             "annotation", "host_network", "same_namespace", "api_version", "source"});
  const Node prefix = node["prefix_size"];
  reader.check_keys(prefix, {"smallest", "largest", "nodes", "available_nodes", "source"});
  const Node alone = node["private_addresses"];
  reader.check_keys(alone, {"vm_set_type", "kubernetes", "source"});
  const Node annotation = node["annotation"];
  reader.check_keys(annotation, {"name", "source"});
  result = {.pool_mode = reader.text(node["pool_mode"]),
            .smallest_prefix = reader.count(prefix["smallest"]),
            .largest_prefix = reader.count(prefix["largest"]),
            .most_nodes = {},
            .available_nodes = reader.count(prefix["available_nodes"]),
            .private_vm_set = reader.text(alone["vm_set_type"]),
            .private_kubernetes = reader.known_version(alone["kubernetes"]).value_or(Minor()),
            .annotation = reader.text(annotation["name"]),
            .host_network = reader.flag(node["host_network"]),
            .windows = reader.flag(node["windows"]),
            .autoscaler = reader.flag(node["autoscaler"]),
            .dual_stack = reader.flag(node["dual_stack"]),
            .pod_subnet = reader.flag(node["pod_subnet"]),
            .same_namespace = reader.flag(node["same_namespace"]),
            .api_version = reader.text(node["api_version"]),
            .citation = reader.source(node["source"]),
            .prefix_citation = reader.source(prefix["source"]),
            .private_citation = reader.source(alone["source"]),
            .annotation_citation = reader.source(annotation["source"])};
  if (result.smallest_prefix > result.largest_prefix) reader.complain(prefix, "`smallest` is larger than `largest`");
  read_most_nodes(reader, prefix["nodes"], result);
}

// The ports of a managed Service.
template <typename Table>
void read_exposed(Reader& reader, Node node, Table& table) {
  reader.check_keys(node, {"ports", "health_port", "source"});
  table.exposed_ports = reader.counts(node["ports"]);
  table.health_port = reader.count(node["health_port"]);
  if (node["health_port"] && std::ranges::find(table.exposed_ports, table.health_port) == table.exposed_ports.end()) {
    reader.complain(node["health_port"], "this is not one of `ports`");
  }
}

void read_egress_names(Reader& reader, Node node, EgressGateways& table) {
  if (!node) return;
  reader.check_keys(node, {"shortest", "longest", "pattern"});
  table.shortest_name = reader.count(node["shortest"]);
  table.longest_name = reader.count(node["longest"]);
  table.name_pattern = reader.text(node["pattern"]);
  try {
    const std::regex compiled(table.name_pattern);
  } catch (const std::regex_error&) {
    reader.complain(node["pattern"], "this is no regular expression");
  }
  if (table.shortest_name > table.longest_name) reader.complain(node["shortest"], "`shortest` is above `longest`");
}

void read_texts(Reader& reader, Node mapping, std::map<std::string, std::string, std::less<>>& result) {
  for (const Entry& entry : reader.entries(mapping)) {
    result.insert_or_assign(std::string(entry.key.text()), reader.text(entry.value));
  }
}

bool is_below(std::string_view path, std::string_view above) {
  return path.starts_with(above) && (path.size() == above.size() || path[above.size()] == '.');
}

}  // namespace

void read_table(Reader& reader, Node root, IngressService& table) {
  reader.check_table(root, {"source", "annotations", "probes", "spec", "exposed"}, {"annotations_since"});
  if (!reader.extends()) table.citation = reader.table_source();
  reader.classes(root["annotations"], reader.table_source(), table.annotations);
  if (const Node since = root["annotations_since"]) {
    reader.check_keys(since, {"day", "source"});
    table.annotations_since = reader.day(since["day"]);
    table.annotations_began = reader.source(since["source"]);
  }
  if (const Node probes = root["probes"]) {
    reader.check_keys(probes, {"ports", "forms", "source"});
    table.probe_ports = reader.counts(probes["ports"]);
    table.probe_forms = reader.texts(probes["forms"]);
    table.probes = reader.source(probes["source"]);
    for (const Node form : probes["forms"].items()) {
      if (form.text().find("{port}") == std::string_view::npos) reader.complain(form, "expected `{port}` in the name");
    }
  }
  if (const Node spec = root["spec"]) {
    reader.check_keys(spec, {"fields", "source"}, {"as_made", "substitutes"});
    table.spec_citation = reader.source(spec["source"]);
    read_texts(reader, spec["as_made"], table.as_made);
    read_texts(reader, spec["substitutes"], table.substitutes);
    reader.classes(spec["fields"], table.spec_citation, table.spec);
  }
  if (const Node exposed = root["exposed"]) {
    read_exposed(reader, exposed, table);
    table.exposed = reader.source(exposed["source"]);
  }
}

void read_table(Reader& reader, Node root, GatewayApi& table) {
  reader.check_table(root, {"source", "classes", "naming", "class_defaults", "bundles", "support"});
  if (!reader.extends()) table.citation = reader.table_source();
  read_classes(reader, root["classes"], table.classes);
  if (const Node naming = root["naming"]) {
    reader.check_keys(naming, {"shorter_than", "override", "source"});
    table.name_shorter_than = reader.count(naming["shorter_than"]);
    table.name_override = reader.text(naming["override"]);
    table.naming = reader.source(naming["source"]);
  }
  read_class_defaults(reader, root["class_defaults"], table.class_defaults);
  read_bundles(reader, root["bundles"], table);
  read_support(reader, root["support"], table);
}

void read_table(Reader& reader, Node root, GatewayCustomizations& table) {
  reader.check_table(root, {"source", "resources", "minimums", "unset_when_local"});
  if (!reader.extends()) table.citation = reader.table_source();
  for (const Entry& entry : reader.entries(root["resources"])) {
    reader.check_keys(entry.value, {"kind", "fields", "source"});
    const std::string key(entry.key.text());
    const GatewayCustomization* known = table.find(key);
    GatewayCustomization resource = known != nullptr ? *known : GatewayCustomization();
    const Citation source = reader.source(entry.value["source"]);
    if (known == nullptr) resource.citation = source;
    resource.key = key;
    resource.kind = reader.text(entry.value["kind"]);
    reader.classes(entry.value["fields"], source, resource.fields);
    put(table.resources, std::move(resource), [](const GatewayCustomization& one) { return one.key; });
  }
  for (const Entry& entry : reader.entries(root["minimums"])) {
    const GatewayCustomization* resource = table.find(entry.key.text());
    if (resource == nullptr) {
      reader.complain(entry.key, fmt::format("`{}` is not one of `resources`", entry.key.text()));
    }
    for (const Entry& field : reader.entries(entry.value)) {
      const std::string path(field.key.text());
      if (resource != nullptr && !resource->fields.contains(path)) {
        reader.complain(field.key, fmt::format("`{}` is not a field of `{}` above", path, entry.key.text()));
      }
      table.minimums[std::string(entry.key.text())][path] = reader.count(field.value);
    }
  }
  if (const Node local = root["unset_when_local"]) {
    reader.check_keys(local, {"annotations", "source"});
    table.unset_when_local = reader.texts(local["annotations"]);
    table.local_citation = reader.source(local["source"]);
  }
}

void read_table(Reader& reader, Node root, EgressGateways& table) {
  reader.check_table(root, {"source", "at_most", "name", "exposed", "service_entry", "static_egress"});
  if (!reader.extends()) table.citation = reader.table_source();
  reader.set(table.at_most, root["at_most"], &Reader::count);
  read_egress_names(reader, root["name"], table);
  if (const Node exposed = root["exposed"]) {
    read_exposed(reader, exposed, table);
    table.ports_citation = reader.source(exposed["source"]);
  }
  if (const Node entry = root["service_entry"]) {
    reader.check_keys(entry, {"resolution", "source"});
    table.service_entry_resolution = reader.text(entry["resolution"]);
    table.resolution_citation = reader.source(entry["source"]);
  }
  read_static_egress(reader, root["static_egress"], table.static_egress);
}

bool IngressService::allows(std::string_view annotation, Date date) const {
  if (annotations_since && date < *annotations_since) return false;
  if (const auto found = annotations.find(annotation); found != annotations.end()) {
    return found->second.at(date) != FieldSupport::blocked;
  }
  return std::ranges::any_of(probe_forms, [&](const std::string& form) {
    const auto hole = form.find("{port}");
    return std::ranges::any_of(probe_ports, [&](int port) {
      return annotation == form.substr(0, hole) + std::to_string(port) + form.substr(hole + 6);
    });
  });
}

const GatewayClass* GatewayApi::find_class(std::string_view name) const {
  const auto found = std::ranges::find(classes, name, &GatewayClass::name);
  return found == classes.end() ? nullptr : &*found;
}

const GatewayBundle* GatewayApi::bundle_for(Minor kubernetes) const {
  const auto found = std::ranges::find_if(bundles, [&](const GatewayBundle& bundle) {
    return bundle.first <= kubernetes && (!bundle.last || kubernetes <= *bundle.last);
  });
  return found == bundles.end() ? nullptr : &*found;
}

bool GatewayCustomization::allows(std::string_view path, Date date) const {
  bool allowed = false;
  for (const auto& [name, support] : fields) {
    const bool blocked = support.at(date) == FieldSupport::blocked;
    if (blocked && is_below(path, name)) return false;
    allowed = allowed || (!blocked && (is_below(path, name) || is_below(name, path)));
  }
  return allowed;
}

const GatewayCustomization* GatewayCustomizations::find(std::string_view key) const {
  const auto found = std::ranges::find(resources, key, &GatewayCustomization::key);
  return found == resources.end() ? nullptr : &*found;
}

}  // namespace meshlint
