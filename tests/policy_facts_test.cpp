// The facts of the policy, compared with the pages and references that they were read from.
#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "linter/policy.h"
#include "linter/policy_data.h"
#include "linter/yaml.h"
#include "tests/pages.h"

namespace meshlint {
namespace {

const std::filesystem::path pages = shared / "upstream/pages";

std::string without(std::string text, std::string_view characters) {
  std::erase_if(text, [&](char letter) { return characters.find(letter) != std::string_view::npos; });
  return text;
}

Date date(std::string_view text) {
  return parse_date(text).value();
}

std::string support_word(FieldSupport support) {
  return support == FieldSupport::supported ? "Supported" : support == FieldSupport::allowed ? "Allowed" : "Blocked";
}

nlohmann::json reference(const std::string& name) {
  return nlohmann::json::parse(read_file(shared / "reference" / name));
}

std::set<std::string> names_of(const Classes& classes) {
  std::set<std::string> names;
  for (const auto& [name, support] : classes) names.insert(name);
  return names;
}

// The sections that a policy file cites, by page.
void collect_sections(Node node, std::set<std::pair<std::string, std::string>>& sections) {
  if (node["page"] && node["section"]) sections.emplace(node["page"].text(), node["section"].text());
  for (const Entry& entry : node.entries()) collect_sections(entry.value, sections);
  for (const Node item : node.items()) collect_sections(item, sections);
}

}  // namespace

TEST_CASE("every section that a fact cites is a heading of its page") {
  if (absent(pages)) return;
  std::set<std::pair<std::string, std::string>> sections;
  for (const EmbeddedPolicyFile& file : embedded_policy_files()) {
    const SourceFile source(std::string(file.name), std::string(file.name), std::string(file.text));
    const ParsedText parsed = parse_yaml(source);
    REQUIRE(parsed.documents.size() == 1);
    collect_sections(parsed.documents.front()->root(), sections);
  }
  std::size_t compared = 0;
  for (const auto& [page, section] : sections) {
    const auto path = pages / ((page == "aks-changelog" ? "aks-changelog-mesh" : page) + ".md");
    if (!std::filesystem::exists(path)) continue;
    std::istringstream lines(read_file(path));
    std::set<std::string> headings;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with('#')) headings.insert(without(line.substr(line.find(' ') + 1), "`*"));
    }
    INFO(page << ": " << section);
    CHECK(headings.contains(section));
    ++compared;
  }
  CHECK(compared > 50);
}

TEST_CASE("the fields of the Telemetry API are the page's, cell by cell") {
  if (absent(pages / "istio-telemetry.md")) return;
  const auto rows = table(read_file(pages / "istio-telemetry.md"), "## Telemetry API support scope");
  const Policy policy = Policy::embedded();
  CHECK(policy.telemetry().fields.size() == rows.size());
  for (const Row& row : rows) {
    const std::string name = without(row[0], "`");
    INFO(name);
    REQUIRE(policy.telemetry().fields.contains(name));
    CHECK(support_word(policy.telemetry().fields.at(name).support) == row[1]);
  }
}

TEST_CASE("the providers that Azure supports are those of fields that are only allowed") {
  const Policy policy = Policy::embedded();
  const TelemetryFields& table = policy.telemetry();
  CHECK(table.supported_providers.at("accessLogging.providers") == std::vector<std::string>{"envoy"});
  for (const auto& [field, names] : table.supported_providers) {
    INFO(field);
    CHECK(table.fields.at(field).support == FieldSupport::allowed);
    CHECK(!names.empty());
  }
}

TEST_CASE("a Telemetry field has the class of what it stands below") {
  const Policy policy = Policy::embedded();
  const TelemetryFields& fields = policy.telemetry();
  REQUIRE(fields.find("tracing.customTags.x") != nullptr);
  CHECK(fields.find("tracing") == nullptr);  // the field itself is no configuration of tracing
  REQUIRE(fields.find("accessLogging.match.mode") != nullptr);
  CHECK(fields.find("accessLogging.match.mode")->support == FieldSupport::supported);
  CHECK(fields.find("accessLogging.filter") == nullptr);
  CHECK(fields.find("metrics.reportingInterval") == nullptr);
}

TEST_CASE("the allow lists of what Gateways make are the page's, row by row") {
  if (absent(pages / "istio-gateway-api.md")) return;
  const std::string page = read_file(pages / "istio-gateway-api.md");
  const Policy policy = Policy::embedded();
  CHECK(policy.gateway_customizations().resources.size() == 4);
  for (const GatewayCustomization& resource : policy.gateway_customizations().resources) {
    INFO(resource.key);
    std::set<std::string> listed;
    for (const Row& row : table(page, "## " + resource.citation.section)) listed.insert(without(row[0], "`"));
    CHECK(names_of(resource.fields) == listed);
  }
  for (const std::string& annotation : policy.gateway_customizations().unset_when_local) {
    CHECK(page.find("         " + annotation + ":\n") != std::string::npos);
  }
}

TEST_CASE("a customisation is allowed with what stands below it, from its day on") {
  const Policy policy = Policy::embedded();
  const GatewayCustomization* deployment = policy.gateway_customizations().find("deployment");
  REQUIRE(deployment != nullptr);
  const Date today = policy.data_date();
  CHECK(deployment->allows("metadata.labels.team", today));
  CHECK(deployment->allows("spec.template.spec", today));  // leads to what is allowed
  CHECK(deployment->allows("spec.template.spec.containers.resources.limits.cpu", today));
  CHECK_FALSE(deployment->allows("spec.template.spec.containers.image", today));
  CHECK_FALSE(deployment->allows("metadata.labelsx", today));
  CHECK(deployment->allows("spec.template.spec.terminationGracePeriodSeconds", date("2026-04-02")));
  CHECK_FALSE(deployment->allows("spec.template.spec.terminationGracePeriodSeconds", date("2026-04-01")));
  CHECK(policy.gateway_customizations().find("configMap") == nullptr);
  CHECK(policy.gateway_customizations().minimums.at("horizontalPodAutoscaler").at("spec.minReplicas") == 2);
}

TEST_CASE("the bundles of the Gateway API are the page's, cell by cell") {
  const Policy policy = Policy::embedded();
  const GatewayApi& api = policy.gateway_api();
  CHECK(api.bundle_for({1, 33})->version == "v1.2.1");
  CHECK(api.bundle_for({1, 37})->version == "v1.5.1");
  CHECK(api.bundle_for({1, 25}) == nullptr);
  CHECK(api.find_class("approuting-istio")->use == GatewayClass::Use::elsewhere);
  CHECK(api.find_class("nginx") == nullptr);
  if (absent(pages / "managed-gateway-api.md")) return;
  const auto rows = table(read_file(pages / "managed-gateway-api.md"),
                          "## Supported Kubernetes versions for Gateway API bundle versions");
  REQUIRE(api.bundles.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const GatewayBundle& bundle = api.bundles[i];
    CHECK(bundle.version == rows[i][0]);
    const std::string first = to_string(bundle.first);
    const std::string text = !bundle.last ? fmt::format("v{}.0+", first)
                             : *bundle.last == bundle.first
                                 ? fmt::format("v{}.x", first)
                                 : fmt::format("v{}.0 - v{}.x", first, to_string(*bundle.last));
    CHECK(text == rows[i][1]);
  }
}

TEST_CASE("the annotations of the ingress Services are the page's") {
  const Policy policy = Policy::embedded();
  const IngressService& service = policy.ingress_service();
  const Date today = policy.data_date();
  CHECK(service.allows("service.beta.kubernetes.io/port_443_health-probe_port", today));
  CHECK_FALSE(service.allows("service.beta.kubernetes.io/port_8080_health-probe_port", today));
  CHECK(service.allows("service.beta.kubernetes.io/azure-pip-ip-tags", date("2025-07-20")));
  CHECK_FALSE(service.allows("service.beta.kubernetes.io/azure-pip-ip-tags", date("2025-07-19")));
  CHECK_FALSE(service.allows("service.beta.kubernetes.io/azure-load-balancer-internal", today));
  if (absent(pages / "istio-deploy-ingress.md")) return;
  std::istringstream lines(read_file(pages / "istio-deploy-ingress.md"));
  std::set<std::string> names;
  std::set<std::string> forms;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("- `")) continue;
    const std::string name = line.substr(3, line.find('`', 3) - 3);
    (name.find("{port}") == std::string::npos ? names : forms).insert(name);
  }
  CHECK(names_of(service.annotations) == names);
  CHECK(std::set(service.probe_forms.begin(), service.probe_forms.end()) == forms);
}

TEST_CASE("the table of native sidecars is the page's, cell by cell") {
  const Policy policy = Policy::embedded();
  const NativeSidecars& sidecars = policy.native_sidecars();
  CHECK_FALSE(sidecars.find({1, 32}, {1, 30})->on_install);
  CHECK(sidecars.find({1, 33}, {1, 28})->on_install);
  CHECK_FALSE(sidecars.find({1, 33}, {1, 28})->on_upgrade);
  CHECK(sidecars.find({1, 36}, {1, 30})->on_upgrade);
  if (absent(pages / "istio-native-sidecar.md")) return;
  const auto rows = table(read_file(pages / "istio-native-sidecar.md"), "## Default behavior");
  REQUIRE(sidecars.rows.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const NativeSidecarDefault& row = sidecars.rows[i];
    const auto next = [](Minor version) { return Minor{version.major, version.minor + 1}; };
    CHECK((row.first_kubernetes ? to_string(*row.first_kubernetes) + "+"
                                : "< " + to_string(next(row.last_kubernetes.value()))) == rows[i][0]);
    const std::string revisions = !row.first && !row.last ? "Any"
                                  : !row.first            ? "< " + revision_name(next(*row.last))
                                  : !row.last             ? revision_name(*row.first) + "+"
                                                          : revision_name(*row.first);
    CHECK(revisions == without(rows[i][1], "`"));
    CHECK(rows[i][2].starts_with(row.on_install ? "Enabled" : "Disabled"));
    CHECK(rows[i][3].starts_with(row.on_upgrade ? "Enabled" : "Disabled"));
  }
}

TEST_CASE("the limits of static egress gateways are the page's, cell by cell") {
  if (absent(pages / "configure-static-egress-gateway.md")) return;
  const Policy policy = Policy::embedded();
  const auto& most_nodes = policy.egress_gateways().static_egress.most_nodes;
  const auto rows = table(read_file(pages / "configure-static-egress-gateway.md"), "## Create a gateway node pool");
  REQUIRE(rows.size() == most_nodes.size());
  for (const auto& row : rows) {
    CHECK(std::to_string(most_nodes.at(std::stoi(without(without(row[0], "`"), "/")))) == row[2]);
  }
}

TEST_CASE("ranges of revisions give each revision its defaults") {
  const Policy policy = Policy::embedded();
  CHECK(policy.traffic_redirection().find({1, 24})->mechanisms == std::vector<std::string>{"InitContainers"});
  CHECK(policy.traffic_redirection().find({1, 29})->on_install == "InitContainers");
  CHECK(policy.traffic_redirection().find({1, 31})->on_install == "CNIChaining");
  CHECK(policy.traffic_redirection().refusing == std::vector<std::string>{"baseline", "restricted"});
  CHECK(policy.node_affinity().find({1, 29})->system == 100);
  CHECK(policy.node_affinity().find({1, 30})->labelled == 100);
  CHECK(policy.features().find("gateway-api")->first == Minor{1, 26});
  CHECK(policy.features().find("gateway-name-label")->last == Minor{1, 23});
  CHECK(policy.features().find("no-such-feature") == nullptr);
  CHECK(policy.revision_rules().largest_step == 2);
  CHECK(policy.revision_rules().lts_tier == "Premium");
  CHECK(policy.revision_rules().lts_kubernetes == Minor{1, 28});
  CHECK(policy.revision_rules().installed.secondary);
  CHECK(policy.egress_gateways().longest_name == 53);
  CHECK(policy.egress_gateways().name_pattern ==
        R"(^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$)");
  const auto& static_egress = policy.egress_gateways().static_egress;
  CHECK(static_egress.smallest_prefix == 28);
  for (int size = static_egress.smallest_prefix; size <= static_egress.largest_prefix; ++size) {
    CHECK(static_egress.most_nodes.at(size) == 1 << (32 - size));
  }
  CHECK(static_egress.available_nodes == 2);
  CHECK(static_egress.private_kubernetes == Minor{1, 34});
  CHECK_FALSE(static_egress.host_network);
  CHECK(policy.native_sidecars().oldest_nodes == Minor{1, 33});
  CHECK(policy.kubernetes().largest_skew == 3);
  CHECK(policy.kubernetes().skew_from == Minor{1, 28});
  CHECK(policy.kubernetes().largest_lts_step == 3);
  CHECK(policy.releases().find({1, 30})->end_of_life.latest_day() == date("2027-02-28"));
  CHECK(policy.ingress_service().health_port == 15021);
  CHECK(policy.ingress_service().as_made.at("type") == "LoadBalancer");
  for (const auto& [field, annotation] : policy.ingress_service().substitutes) {
    CHECK(policy.ingress_service().annotations.contains(annotation));
  }
  CHECK(policy.gateway_api().managed_definitions_only);
  CHECK_FALSE(policy.gateway_api().own_implementations);
  CHECK(policy.gateway_api().prerequisite.page == "istio-gateway-api");
  CHECK(policy.envoy_filters().periods[1].packages.size() == 4);
  CHECK(policy.features().find("gateway-name-label")->label == "istio.io/gateway-name");
  CHECK(policy.conflicts().find("ambient")->labels.front() == "istio.io/dataplane-mode");
  CHECK(policy.features().find("telemetry-api")->since == date("2024-08-05"));
  CHECK(policy.features().find("istio-cni")->since_citation.section == "Release Notes 2026-01-04");
  CHECK(policy.revision_rules().empty_list_since == date("2025-08-08"));
  CHECK(policy.plugin_ca().settings.size() == 5);
  CHECK(policy.autoscaling().minimum == 2);
  CHECK(policy.conflicts().find("open-service-mesh-retirement")->ends == date("2027-09-30"));
  CHECK(policy.arm_fields().find("serviceMeshProfile.istio.revisions")->stable == date("2023-08-01"));
  CHECK_FALSE(policy.arm_fields().find("ingressProfile.applicationLoadBalancer")->stable);
}

TEST_CASE("kinds that are for the whole mesh in the root namespace are kinds of Istio, and none that is blocked") {
  const Policy policy = Policy::embedded();
  const auto& kinds = policy.istio_kinds().kinds;
  CHECK(policy.names().mesh_wide_kinds.size() == 7);
  for (const std::string& name : policy.names().mesh_wide_kinds) {
    INFO(name);
    const auto kind = std::ranges::find(kinds, name, &IstioKind::kind);
    REQUIRE(kind != kinds.end());
    CHECK(!policy.blocked_kinds().blocked(kind->group, name));
  }
}

TEST_CASE("what was allowed when depends on the date") {
  const Policy policy = Policy::embedded();
  const auto& proxy = policy.classification().proxy_config;
  CHECK(proxy.at("proxyHeaders").at(date("2025-08-07")) == FieldSupport::blocked);
  CHECK(proxy.at("proxyHeaders").at(date("2025-08-08")) == FieldSupport::allowed);
  CHECK(proxy.at("tracing").at(date("2024-07-10")) == FieldSupport::supported);
  CHECK(proxy.at("tracing").at(date("2024-07-11")) == FieldSupport::allowed);
  FieldClass ended;
  ended.until = date("2026-01-31");
  CHECK(ended.at(date("2026-01-31")) == FieldSupport::allowed);
  CHECK(ended.at(date("2026-02-01")) == FieldSupport::blocked);

  const EnvoyFilterTimeline& filters = policy.envoy_filters();
  CHECK(filters.at(date("2024-07-15")) == nullptr);
  CHECK(filters.at(date("2024-07-16"))->types == std::vector<std::string>{"lua"});
  CHECK_FALSE(filters.at(date("2025-10-11"))->all);
  CHECK(filters.at(date("2025-10-12"))->all);
}

TEST_CASE("the history of the page knows no field before the policy does") {
  const auto history = shared / "upstream/history/istio-meshconfig";
  if (absent(history)) return;
  const Policy policy = Policy::embedded();
  const auto check = [](const Classes& classes, const std::string& text, const std::string& day) {
    for (const auto& [name, support] : classes) {
      if (!support.since || to_string(*support.since) <= day || support.before != FieldSupport::blocked) continue;
      INFO(name << " on " << day);
      // The page may be some days ahead of the release.
      const auto ahead = *support.since - date(day);
      CHECK((ahead < std::chrono::days(14) || text.find("| " + name + " |") == std::string::npos));
    }
  };
  for (const auto& entry : std::filesystem::directory_iterator(history)) {
    const std::string text = read_file(entry.path());
    const std::string day = entry.path().filename().string().substr(0, 10);
    check(policy.classification().mesh_config, text, day);
    check(policy.classification().proxy_config, text, day);
  }
}

TEST_CASE("the documentation of policies in house shows the files and the finding of a golden case") {
  const std::filesystem::path cases = std::filesystem::path(SOURCE_DIRECTORY) / "testdata/resource-kind-blocked";
  const std::string documentation = read_file(std::filesystem::path(SOURCE_DIRECTORY) / "docs/policy.md");
  for (const auto& file : std::filesystem::directory_iterator(cases / "bad-in-house/policy")) {
    INFO(file.path().filename().string());
    CHECK(documentation.find("```yaml\n" + read_file(file.path()) + "```") != std::string::npos);
  }
  const std::string finding = read_file(cases / "bad-in-house.expected");
  CHECK(documentation.find("```text\n" + finding.substr(0, finding.find("\n\n")) + "\n```") != std::string::npos);
  for (const EmbeddedPolicyFile& file : embedded_policy_files()) {
    CHECK(documentation.find("`" + std::string(file.name) + "`") != std::string::npos);
  }
}

TEST_CASE("contradictions name what wins and why") {
  const Policy policy = Policy::embedded();
  const Contradiction* api = policy.contradictions().find("gateway-api");
  REQUIRE(api != nullptr);
  CHECK(api->says.at(api->wins).citation.page == "istio-gateway-api");
  CHECK(policy.contradictions().find("stats-udp-address")->says.at(0).citation.page == "istio-meshconfig");
  for (const Contradiction& one : policy.contradictions().contradictions) {
    INFO(one.about);
    CHECK(one.says.size() >= 2);
    CHECK_FALSE(one.because.empty());
    for (const Statement& statement : one.says) CHECK_FALSE(statement.citation.empty());
  }
}

TEST_CASE("Istio's kinds, deprecations, annotations and labels are those of its definitions") {
  if (absent(shared / "reference/istio-versions.json")) return;
  const auto istio = reference("istio-versions.json");
  const Policy policy = Policy::embedded();
  CHECK(policy.istio_kinds().kinds.size() == istio["crds"].size());
  for (const auto& [name, crd] : istio["crds"].items()) {
    INFO(name);
    const IstioKind* kind = policy.istio_kinds().find(name.substr(0, name.find('/')), name.substr(name.find('/') + 1));
    REQUIRE(kind != nullptr);
    CHECK(kind->plural == crd["plural"].get<std::string>());
    for (Minor minor = policy.istio_kinds().oldest; minor <= policy.istio_kinds().newest; ++minor.minor) {
      std::set<std::string> served;
      if (crd["minors"].contains(to_string(minor))) served = crd["minors"][to_string(minor)]["served"];
      for (const std::string version : {"v1", "v1beta1", "v1alpha3", "v1alpha1"}) {
        CHECK(kind->serves(version, minor) == served.contains(version));
      }
    }
  }

  std::set<std::tuple<std::string, std::string, std::string, std::string>> marked;
  std::set<std::tuple<std::string, std::string, std::string, std::string>> known;
  for (const auto& row : istio["deprecated_fields"]) {
    marked.emplace(row["kind"], row["path"], row.value("enum_value", ""), row["first_seen_deprecated"]);
  }
  for (const IstioDeprecation& one : policy.istio_deprecations().deprecations) {
    known.emplace(one.group + "/" + one.kind, one.path, one.value, to_string(one.since));
  }
  CHECK(known == marked);

  const auto check = [](const auto& ours, const nlohmann::json& theirs) {
    CHECK(ours.size() == theirs.size());
    for (const auto& row : theirs) {
      const auto name = row["name"].template get<std::string>();
      INFO(name);
      REQUIRE(ours.contains(name));
      const IstioAnnotation& one = ours.at(name);
      CHECK(one.resources == row["resources"].template get<std::vector<std::string>>());
      CHECK(to_string(one.first) == row["first"].template get<std::string>());
      CHECK(to_string(one.last) == row["last"].template get<std::string>());
      const auto& since = row["first_seen_deprecated"];
      CHECK((one.deprecated_since ? to_string(*one.deprecated_since) : "") ==
            (since.is_null() ? "" : since.template get<std::string>()));
    }
  };
  check(policy.istio_annotations().annotations, istio["annotations_and_labels"]["annotations"]);
  check(policy.istio_annotations().labels, istio["annotations_and_labels"]["labels"]);
}

namespace {

std::string_view type_name(const IstioField& field) {
  switch (field.type) {
    case IstioField::Type::boolean: return "boolean";
    case IstioField::Type::integer:
    case IstioField::Type::int32: return "integer";
    case IstioField::Type::number: return "number";
    case IstioField::Type::string:
    case IstioField::Type::bytes:
    case IstioField::Type::enumeration: return "string";
    case IstioField::Type::message:
    case IstioField::Type::any: return "object";
  }
  return "";
}

// What the reference says of a field, from what the policy knows of it.
nlohmann::json attributes(const IstioField& field, bool with_items) {
  nlohmann::json result = {{"type", field.repeated ? "array" : field.map ? "object" : type_name(field)}};
  const bool is_collection = field.repeated || field.map;
  if (is_collection && with_items) result["items"] = {{"type", type_name(field)}};
  if (field.type == IstioField::Type::int32) result["format"] = "int32";
  if (field.type == IstioField::Type::any) result["open"] = true;
  if (field.type == IstioField::Type::enumeration) result["enum"] = field.values;
  if (field.required) result["required"] = true;
  if (field.nullable) result["nullable"] = true;
  if (!field.pattern.empty()) result["pattern"] = field.pattern;
  const std::string unit = field.repeated                              ? "Items"
                           : field.map || type_name(field) == "object" ? "Properties"
                           : type_name(field) == "string"              ? "Length"
                                                                       : "imum";
  if (field.minimum) result["min" + unit] = *field.minimum;
  if (field.maximum) result["max" + unit] = *field.maximum;
  return result;
}

}  // namespace

TEST_CASE("the fields of Istio's custom resources are those of its definitions, minor by minor") {
  const Policy policy = Policy::embedded();
  const IstioFields& fields = policy.istio_fields();
  const auto find = [&](std::string_view path, Minor minor) {
    return fields.find("networking.istio.io", "VirtualService", path, minor);
  };
  CHECK(find("spec.http[].match[].headers{}.exact", {1, 30})->type == IstioField::Type::string);
  CHECK(find("spec.http[].match[].headers.exact", {1, 30}) == nullptr);
  CHECK(find("spec.http.match", {1, 30}) == nullptr);
  CHECK(find("spec.nothing", {1, 30}) == nullptr);
  CHECK(find("status", {1, 30}) == nullptr);
  CHECK(find("spec", {1, 31}) == nullptr);
  CHECK(fields.find("extensions.istio.io", "TrafficExtension", "spec", {1, 29}) == nullptr);
  if (absent(shared / "reference/istio-fields.json")) return;
  const auto definitions = reference("istio-fields.json");
  CHECK(fields.kinds.size() == definitions["kinds"].size());
  std::size_t compared = 0;
  for (const auto& [name, paths] : definitions["kinds"].items()) {
    const std::string group = name.substr(0, name.find('/'));
    const std::string kind = name.substr(name.find('/') + 1);
    CHECK(policy.istio_kinds().find(group, kind) != nullptr);
    for (const auto& [path, periods] : paths.items()) {
      for (Minor minor = fields.oldest; minor <= fields.newest; ++minor.minor) {
        const IstioField* field = fields.find(group, kind, path, minor);
        const auto period = std::ranges::find_if(periods, [minor](const nlohmann::json& one) {
          return parse_minor(one["from"].get<std::string>()) <= minor &&
                 minor <= parse_minor(one["to"].get<std::string>());
        });
        if (period == periods.end()) {
          if (field != nullptr) FAIL_CHECK(name << " " << path << " in " << to_string(minor) << " is none");
          continue;
        }
        nlohmann::json expected = (*period)["attrs"];
        for (const char* left_out : {"cel", "hidden", "deprecated", "enum_deprecated", "comment_says_deprecated",
                                     "description_says_deprecated"}) {
          expected.erase(left_out);
        }
        if (expected.contains("format") && expected["format"] != "int32") expected.erase("format");
        if (field == nullptr || attributes(*field, expected.contains("items")) != expected) {
          FAIL_CHECK(name << " " << path << " in " << to_string(minor) << ": expected " << expected.dump());
        }
        ++compared;
      }
    }
  }
  CHECK(compared > 10'000);

  // And nothing else: every field that can be reached from a kind is one of the reference.
  std::size_t known = 0;
  const auto visit = [&](const auto& self, const std::string& kind, const IstioFields::Periods& periods,
                         const std::string& path) -> void {
    if (definitions["kinds"][kind].contains(path)) ++known;
    if (!definitions["kinds"][kind].contains(path)) FAIL_CHECK(kind << " has no " << path);
    const IstioField& last = periods.back();
    if (last.message.empty()) return;
    for (const auto& [name, below] : fields.messages.at(last.message)) {
      self(self, kind, below, path + (last.repeated ? "[]" : last.map ? "{}" : "") + "." + name);
    }
  };
  for (const auto& [kind, periods] : fields.kinds) visit(visit, kind, periods, "spec");
  std::size_t listed = 0;
  for (const auto& [name, paths] : definitions["kinds"].items()) listed += paths.size();
  CHECK(known == listed);
}

TEST_CASE("removed API versions of Kubernetes are those of the reference") {
  const Policy policy = Policy::embedded();
  const KubernetesRemovals& removals = policy.kubernetes_removals();
  CHECK(removals.find("policy/v1beta1", "PodDisruptionBudget")->removed_in == Minor{1, 25});
  CHECK(removals.find("policy/v1beta1", "PodSecurityPolicy")->replacement.empty());
  CHECK(removals.find("policy/v1", "PodDisruptionBudget") == nullptr);
  if (absent(shared / "reference/kubernetes-removals.json")) return;
  std::map<std::pair<std::string, std::string>, nlohmann::json> rows;
  const auto listed = reference("kubernetes-removals.json");
  for (const auto& row : listed["rows"]) {
    rows[{row["version"].get<std::string>(), row["kind"].get<std::string>()}] = row;
  }
  const auto written = [](const std::optional<Minor>& version) {
    return version ? fmt::format("v{}.0", to_string(*version)) : "";
  };
  for (const KubernetesRemoval& removal : removals.removals) {
    for (const std::string& kind : removal.kinds) {
      INFO(removal.api_version << " " << kind);
      REQUIRE(rows.contains({removal.api_version, kind}));
      const auto& row = rows.at({removal.api_version, kind});
      CHECK(written(removal.removed_in) == row.value("removed-in", ""));
      if (removal.deprecated_in) CHECK(written(removal.deprecated_in) == row.value("deprecated-in", ""));
      // The reference names the next version of flow control, Kubernetes' own guide the stable one as well.
      const bool of_flow_control = removal.api_version == "flowcontrol.apiserver.k8s.io/v1beta2";
      if (!of_flow_control) CHECK(removal.replacement == row.value("replacement-api", ""));
      // Where the reference does not say since when there is a replacement, the guide does.
      const std::string since = row.value("replacement-available-in", "");
      if (!since.empty()) CHECK(written(removal.replacement_in) == since);
    }
  }
}

}  // namespace meshlint
