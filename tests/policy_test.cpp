#include "linter/policy.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "linter/error.h"
#include "tests/pages.h"

namespace meshlint {
namespace {

namespace fs = std::filesystem;

// The last day that a cell such as "Aug 22, 2025", "Mar 2026" or "~Sept 2026 (expected)" means.
Date meaning(const std::string& cell) {
  static const std::vector<std::string> names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto at = cell.find_first_of("JFMASOND");
  const auto name = std::find(names.begin(), names.end(), cell.substr(at, 3));
  REQUIRE(name != names.end());
  const std::chrono::month month(static_cast<unsigned>(name - names.begin()) + 1);
  const std::chrono::year year(std::stoi(cell.substr(cell.find("20"), 4)));
  const auto comma = cell.find(',');
  if (comma == std::string::npos) return Date(year / month / std::chrono::last);
  const auto space = cell.find(' ', at) + 1;
  return Date(year / month / std::chrono::day(static_cast<unsigned>(std::stoi(cell.substr(space, comma - space)))));
}

std::string joined(const std::vector<Minor>& versions) {
  std::string text;
  for (const Minor version : versions) text += (text.empty() ? "" : ", ") + to_string(version);
  return text;
}

Date date(std::string_view text) {
  return parse_date(text).value();
}

Minor minor_version(std::string_view text) {
  return parse_minor(text).value();
}

// A small policy, to which the tests do harm. What it lacks is built in.
const std::map<std::string, std::string> small_policy = {
    {"sources.yaml", R"yaml(date: 2026-08-21
groups:
  - read: 2026-08-21
    site: https://docs.example/aks/
    pages:
      calendar: When what ends
      names: What is called how
  - read: 2026-08-07
    secondary: true
    pages:
      issue: {title: A report, url: "https://issues.example/1"}
extends: built-in
)yaml"},
    {"release-calendar.yaml", R"yaml(source: {page: calendar, section: The big table, read: 2026-08-21}
compatibility: {page: calendar, read: 2026-08-21}
revisions:
  - revision: asm-1-27
    upstream_release: Aug 2025
    aks_release: Sept 2025
    end_of_life: {text: May 2026, month: 2026-05}
    kubernetes: ["1.29", "1.30"]
    kubernetes_lts: ["1.28", "1.29", "1.30"]
  - revision: asm-1-28
    upstream_release: Nov 2025
    aks_release: Jan 2026
    end_of_life: {text: "~Aug 2026 (expected)", month: 2026-08, expected: true}
    kubernetes: ["1.30", "1.31"]
    kubernetes_lts: []
)yaml"},
    {"kubernetes-calendar.yaml", R"yaml(source: {page: calendar, read: 2026-08-21}
lts: {page: calendar, read: 2026-08-21}
grace:
  days: 30
  source: {page: calendar, read: 2026-08-21}
versions:
  - version: "1.28"
  - version: "1.29"
    end_of_life: {text: Mar 2025, month: 2025-03}
    last_seen: 2026-01-01
  - version: "1.30"
    generally_available: 2024-07
    end_of_life: {text: "Aug 22, 2025", day: 2025-08-22}
    lts_end_of_life: {text: Jul 2026, month: 2026-07}
    platform_support_until: "1.34"
  - version: "1.31"
)yaml"},
    {"mesh-config-classification.yaml", R"yaml(source: {page: names, read: 2026-08-21}
proxy: {page: names, read: 2026-08-21}
mesh_config:
  accessLogFile: supported
  defaultConfig: {support: allowed, note: see below}
proxy_config:
  statsUdpAddress: allowed
misspelt:
  statsUdpAddress: statsdUdpAddress
)yaml"},
    {"mesh-fields.yaml", R"yaml(source: {page: names, read: 2026-08-21}
oldest: "1.17"
newest: "1.30"
enums:
  Encoding: [TEXT, JSON]
messages:
  MeshConfig:
    accessLogFile: string
    accessLogEncoding: Encoding
    defaultConfig: ProxyConfig
    meshMTLS: {type: list of string, since: "1.19", proto: mesh_mTLS}
  ProxyConfig:
    statsdUdpAddress: string
    runtimeValues: {type: map of string, until: "1.29"}
)yaml"},
    {"blocked-kinds.yaml", R"yaml(source: {page: names, read: 2026-08-21}
kinds:
  - {group: extensions.istio.io, kind: WasmPlugin}
unclassified: []
)yaml"},
    {"managed-names.yaml", R"yaml(root_namespace: aks-istio-system
source: {page: names, read: 2026-08-21}
injection:
  {label: istio.io/rev, ineffective: [istio-injection], source: {page: names, read: 2026-08-21}}
shared_config_map:
  prefix: istio-shared-configmap-
  key: mesh
  source: {page: names, read: 2026-08-21}
ingress:
  namespace: aks-istio-ingress
  external: aks-istio-ingressgateway-external
  internal: aks-istio-ingressgateway-internal
  source: {page: names, read: 2026-08-21}
egress:
  namespace: aks-istio-egress
  source: {page: names, read: 2026-08-21}
upstream_gateway_selectors:
  values: [ingressgateway]
  service: istio-ingressgateway
  source: {page: issue, read: 2026-08-07}
mesh_wide:
  {kinds: [Sidecar], upstream_root_namespace: istio-system, source: {page: names, read: 2026-08-21}}
passed_over_by_webhooks: {label: control-plane, source: {page: issue, read: 2026-08-07}}
reverted:
  - kind: ConfigMap
    name: istio-asm-*
    namespace: aks-istio-system
    what: the default mesh configuration
    source: {page: names, read: 2026-08-21}
labelled_resources:
  source: {page: issue, read: 2026-08-07}
)yaml"},
};

// A directory that goes away with its object.
class TemporaryDirectory {
 public:
  TemporaryDirectory() : path_(fs::temp_directory_path() / fmt::format("meshlint-policy-{}", ::getpid())) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() { fs::remove_all(path_); }

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

void write_policy(const fs::path& directory, const std::map<std::string, std::string>& policy) {
  for (const auto& [name, text] : policy) std::ofstream(directory / name, std::ios::binary) << text;
}

// What a user reads about a directory that holds that policy; empty when it is fine.
std::string complaints(const std::map<std::string, std::string>& policy) {
  const TemporaryDirectory directory;
  write_policy(directory.path(), policy);
  try {
    Policy::from_directory(directory.path().string());
    return "";
  } catch (const UsageError& error) {
    const std::string prefix = directory.path().string() + "/";
    std::string text = error.what();
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) text.erase(at, prefix.size());
    return text;
  }
}

// What a user reads when `from`, which stands in the file once, is replaced by `to`.
std::string complaints(const std::string& file, const std::string& from, const std::string& to) {
  auto policy = small_policy;
  std::string& text = policy.at(file);
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  REQUIRE(text.find(from, at + 1) == std::string::npos);
  text.replace(at, from.size(), to);
  return complaints(policy);
}

// The type of a field as the policy writes it, from its name in protobuf.
std::string short_name(std::string name) {
  static const std::map<std::string, std::string> scalars = {
      {"bool", "boolean"},
      {"double", "number"},
      {"google.protobuf.BoolValue", "boolean"},
      {"google.protobuf.Duration", "duration"},
      {"google.protobuf.Int32Value", "int32"},
      {"google.protobuf.Int64Value", "int64"},
      {"google.protobuf.Struct", "any"},
  };
  if (const auto scalar = scalars.find(name); scalar != scalars.end()) return scalar->second;
  for (const std::string prefix : {"istio.mesh.v1alpha1.", "istio.networking.v1alpha3.", "istio.networking.v1beta1."}) {
    if (name.starts_with(prefix)) name.erase(0, prefix.size());
  }
  for (const std::string prefix : {"MeshConfig.", "ExtensionProvider."}) {
    if (name.starts_with(prefix)) name.erase(0, prefix.size());
  }
  return name;
}

std::string type_name(const MeshField& field) {
  static const std::map<FieldType, std::string> names = {
      {FieldType::string, "string"}, {FieldType::boolean, "boolean"},   {FieldType::int32, "int32"},
      {FieldType::int64, "int64"},   {FieldType::uint32, "uint32"},     {FieldType::uint64, "uint64"},
      {FieldType::number, "number"}, {FieldType::duration, "duration"}, {FieldType::timestamp, "timestamp"},
      {FieldType::any, "any"},       {FieldType::enumeration, "enum"},
  };
  const std::string name = field.type == FieldType::message ? field.message : names.at(field.type);
  return (field.repeated ? "list of " : field.map ? "map of " : "") + name;
}

}  // namespace

TEST_CASE("the embedded policy has no mistake") {
  const Policy policy = Policy::embedded();
  for (const Problem& problem : policy.check_all()) {
    const Position at = problem.file->position(problem.span.start);
    FAIL_CHECK(problem.file->path() << ":" << at.line << ":" << at.column << ": " << problem.message);
  }
}

TEST_CASE("the embedded policy answers with facts and their sources") {
  const Policy policy = Policy::embedded();
  CHECK(policy.data_date() == date("2026-08-21"));

  const ReleaseCalendar& releases = policy.releases();
  const MeshRevision* newest_firm = releases.find({1, 27});
  REQUIRE(newest_firm != nullptr);
  CHECK(newest_firm->end_of_life.last_day == date("2026-05-31"));
  CHECK_FALSE(newest_firm->end_of_life.expected);
  const MeshRevision* expected = releases.find({1, 28});
  REQUIRE(expected != nullptr);
  CHECK(expected->end_of_life.last_day == date("2026-08-31"));
  CHECK(expected->end_of_life.expected);
  CHECK(expected->end_of_life.text == "~Aug 2026 (expected)");
  CHECK(joined(releases.find({1, 25})->kubernetes) == "1.29, 1.30, 1.31, 1.32, 1.33");
  CHECK(joined(releases.find({1, 25})->kubernetes_lts) == "1.28, 1.29, 1.30, 1.31, 1.32, 1.33");
  CHECK(releases.find({1, 24})->kubernetes_lts.empty());
  CHECK(releases.find({1, 31}) == nullptr);
  CHECK(releases.citation.page == "istio-support-policy");
  CHECK(releases.citation.section == "Service mesh add-on release calendar");
  CHECK(releases.citation.url ==
        "https://learn.microsoft.com/azure/aks/istio-support-policy#service-mesh-add-on-release-calendar");
  CHECK(releases.citation.date == "2026-08-21");
  CHECK_FALSE(releases.citation.secondary);

  const KubernetesCalendar& kubernetes = policy.kubernetes();
  CHECK(kubernetes.grace_days == 30);
  CHECK(kubernetes.find({1, 30})->end_of_life->last_day == date("2025-08-22"));
  CHECK(kubernetes.find({1, 30})->lts_end_of_life->last_day == date("2026-07-31"));
  CHECK(kubernetes.find({1, 33})->platform_support_until == Minor{1, 37});
  CHECK(kubernetes.find({1, 33})->generally_available == date("2025-06-30"));
  CHECK(kubernetes.find({1, 28})->end_of_life->last_day < policy.data_date());
  CHECK(kubernetes.find({1, 22}) == nullptr);

  const MeshConfigClassification& classes = policy.classification();
  CHECK(classes.mesh_config.at("accessLogFile").support == FieldSupport::supported);
  CHECK(classes.mesh_config.at("extensionProviders").support == FieldSupport::allowed);
  CHECK_FALSE(classes.mesh_config.contains("configSources"));
  CHECK(classes.misspelt.at("statsUdpAddress") == "statsdUdpAddress");
  CHECK(classes.proxy_citation.url ==
        "https://learn.microsoft.com/azure/aks/istio-meshconfig#proxyconfig-meshconfigdefaultconfig");

  const BlockedKinds& kinds = policy.blocked_kinds();
  CHECK(kinds.blocked("networking.istio.io", "ProxyConfig"));
  CHECK_FALSE(kinds.blocked("example.com", "ProxyConfig"));
  CHECK_FALSE(kinds.blocked("extensions.istio.io", "TrafficExtension"));

  const ManagedNames& names = policy.names();
  CHECK(names.root_namespace == "aks-istio-system");
  CHECK(names.shared_config_map_prefix == "istio-shared-configmap-");
  CHECK(names.external_ingress == "aks-istio-ingressgateway-external");
  CHECK_FALSE(names.reverted.front().citation.secondary);
  CHECK(names.reverted.back().citation.secondary);

  CHECK(policy.source("aks-changelog", "Release 2025-03-16").url ==
        "https://github.com/Azure/AKS/blob/master/CHANGELOG.md#release-2025-03-16");
  CHECK(policy.source("aks-changelog").date == "2026-08-07");
  CHECK(policy.source("no-such-page").empty());
}

TEST_CASE("fields of the mesh configuration have their types and Istio minors") {
  const Policy policy = Policy::embedded();
  const MeshFields& fields = policy.mesh_fields();
  CHECK(fields.newest == Minor{1, 30});
  const MeshField* headers = fields.find("ProxyConfig", "proxyHeaders");
  REQUIRE(headers != nullptr);
  CHECK(headers->type == FieldType::message);
  CHECK(headers->message == "ProxyConfig.ProxyHeaders");
  CHECK(headers->first == Minor{1, 19});
  CHECK(headers->last == Minor{1, 30});
  const MeshField* weights = fields.find("LocalityLoadBalancerSetting.Distribute", "to");
  REQUIRE(weights != nullptr);
  CHECK(weights->map);
  CHECK(weights->type == FieldType::uint32);
  const MeshField* encoding = fields.find("MeshConfig", "accessLogEncoding");
  REQUIRE(encoding != nullptr);
  CHECK(encoding->type == FieldType::enumeration);
  CHECK(encoding->values == std::vector<std::string>{"TEXT", "JSON"});
  CHECK(fields.find("MeshConfig", "noSuchField") == nullptr);
  CHECK(fields.find("NoSuchMessage", "accessLogFile") == nullptr);
  // Kubernetes' LabelSelector until 1.22, Istio's copy of it from then on.
  CHECK(fields.find("LabelSelector", "matchLabels")->first == Minor{1, 17});
}

TEST_CASE("a misspelt field leads to the one that was meant") {
  const Policy policy = Policy::embedded();
  const MeshFields& fields = policy.mesh_fields();
  CHECK(fields.nearest("MeshConfig", "access_log_file") == "accessLogFile");
  CHECK(fields.nearest("MeshConfig", "mesh_mTLS") == "meshMTLS");
  CHECK(fields.nearest("MeshConfig", "ACCESSLOGFILE") == "accessLogFile");
  CHECK(fields.nearest("MeshConfig", "accesLogFile") == "accessLogFile");
  CHECK(fields.nearest("MeshConfig", "accessLogFiel") == "accessLogFile");
  CHECK(fields.nearest("ProxyConfig", "statsUdpAddress") == "statsdUdpAddress");
  CHECK(fields.nearest("ProxyConfig", "sdd") == "sds");
  CHECK(fields.nearest("ProxyConfig", "xy").empty());         // two changes to two letters mean nothing
  CHECK(fields.nearest("MeshConfig", "accLogFile").empty());  // three letters away
  CHECK(fields.nearest("NoSuchMessage", "accessLogFile").empty());
  CHECK(fields.nearest("MeshConfig", "").empty());
}

TEST_CASE("references into a policy outlive its moves and are the same for all threads") {
  Policy policy = Policy::embedded();
  const MeshFields* from_thread = nullptr;
  const MeshConfigClassification* classes_from_thread = nullptr;
  std::thread other([&] {
    classes_from_thread = &policy.classification();
    from_thread = &policy.mesh_fields();
  });
  const MeshFields* fields = &policy.mesh_fields();
  other.join();
  CHECK(from_thread == fields);
  const Policy moved = std::move(policy);
  CHECK(&moved.mesh_fields() == fields);
  CHECK(&moved.classification() == classes_from_thread);
}

TEST_CASE("the release calendar is the page's, cell by cell") {
  if (absent(shared / "upstream/pages/istio-support-policy.md")) return;
  const auto rows =
      table(read_file(shared / "upstream/pages/istio-support-policy.md"), "### Service mesh add-on release calendar");
  const Policy policy = Policy::embedded();
  const auto& revisions = policy.releases().revisions;
  REQUIRE(revisions.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    const MeshRevision& revision = revisions[i];
    INFO(row[0]);
    CHECK(revision_name(revision.revision) == row[0]);
    CHECK(revision.upstream_release == row[1]);
    CHECK(revision.aks_release == row[2]);
    CHECK(revision.end_of_life.text == row[3]);
    CHECK(revision.end_of_life.last_day == meaning(row[3]));
    CHECK(revision.end_of_life.expected == (row[3].find("expected") != std::string::npos));
    CHECK(joined(revision.kubernetes) == row[4]);
    CHECK(joined(revision.kubernetes_lts) == row[5]);
  }
}

TEST_CASE("the Kubernetes calendar is the page's, cell by cell") {
  if (absent(shared / "upstream/pages/supported-kubernetes-versions.md")) return;
  const std::string page = read_file(shared / "upstream/pages/supported-kubernetes-versions.md");
  const auto community = table(page, "## AKS Kubernetes release calendar and upcoming versions");
  const auto lts = table(page, "### LTS versions");
  const Policy policy = Policy::embedded();
  const KubernetesCalendar& calendar = policy.kubernetes();

  std::set<std::string> on_page;
  const auto check_common = [&](const Row& row) {
    INFO(row[0]);
    const KubernetesVersion* version = calendar.find(minor_version(row[0]));
    REQUIRE(version != nullptr);
    CHECK(version->generally_available == meaning(row[3]));
    CHECK(version->upstream_release == row[1]);
    CHECK(version->preview == row[2]);
    REQUIRE(version->end_of_life);
    CHECK(version->end_of_life->text == row[4]);
    CHECK(version->end_of_life->last_day == meaning(row[4]));
    CHECK_FALSE(version->last_seen);
    on_page.insert(row[0]);
    return version;
  };
  // Versions that have left the table of community support keep what it said.
  for (const auto& [version, until] : {std::pair("1.29", "1.33"), {"1.30", "1.34"}, {"1.31", "1.35"}}) {
    CHECK(calendar.find(minor_version(version))->platform_support_until == minor_version(until));
  }
  for (const Row& row : community) {
    const KubernetesVersion* version = check_common(row);
    REQUIRE(version->platform_support_until);
    CHECK("Until " + to_string(*version->platform_support_until) + " GA" == row[5]);
  }
  for (const Row& row : lts) {
    const KubernetesVersion* version = check_common(row);
    REQUIRE(version->lts_end_of_life);
    CHECK(version->lts_end_of_life->text == row[5]);
    CHECK(version->lts_end_of_life->last_day == meaning(row[5]));
  }
  for (const KubernetesVersion& version : calendar.versions) {
    CHECK(on_page.contains(to_string(version.version)) != version.last_seen.has_value());
  }
}

TEST_CASE("versions that the page has dropped are as it last had them") {
  const fs::path history = shared / "upstream/history/supported-kubernetes-versions";
  if (absent(history)) return;
  const Policy policy = Policy::embedded();
  for (const KubernetesVersion& version : policy.kubernetes().versions) {
    if (!version.last_seen) continue;
    const std::string name = to_string(version.version);
    INFO(name);
    std::string last_seen;
    Row newest;
    std::set<fs::path> pages;
    for (const auto& entry : fs::directory_iterator(history)) pages.insert(entry.path());
    for (const fs::path& page : pages) {
      std::istringstream lines(read_file(page));
      for (std::string line; std::getline(lines, line);) {
        const Row row = line.starts_with('|') ? cells(line) : Row();
        if (row.size() < 5 || row[0] != name || row[3].find("20") == std::string::npos || row[3].size() > 9) continue;
        last_seen = page.filename().string().substr(0, 10);
        newest = row;
      }
    }
    REQUIRE(newest.size() >= 5);
    CHECK(to_string(*version.last_seen) == last_seen);
    CHECK(version.generally_available == meaning(newest[3]));
    CHECK(version.end_of_life->text == newest[4]);
    CHECK(version.end_of_life->last_day == meaning(newest[4]));
    if (newest.size() > 5 && newest[5].starts_with("Until")) {
      CHECK("Until " + to_string(version.platform_support_until.value()) + " GA" == newest[5]);
    } else if (newest.size() > 5) {
      CHECK(version.lts_end_of_life->text == newest[5]);
    }
  }
}

TEST_CASE("the classification of the mesh configuration is the page's, cell by cell") {
  if (absent(shared / "upstream/pages/istio-meshconfig.md")) return;
  const std::string page = read_file(shared / "upstream/pages/istio-meshconfig.md");
  const Policy policy = Policy::embedded();
  const auto check = [&](std::string_view heading, const auto& classes) {
    const auto rows = table(page, heading);
    const auto stands = [](const auto& entry) { return !entry.second.until; };
    CHECK(static_cast<std::size_t>(std::ranges::count_if(classes, stands)) == rows.size());
    for (const Row& row : rows) {
      INFO(row[0]);
      REQUIRE(classes.contains(row[0]));
      CHECK((classes.at(row[0]).support == FieldSupport::supported ? "Supported" : "Allowed") == row[1]);
    }
  };
  check("### MeshConfig", policy.classification().mesh_config);
  check("### ProxyConfig (meshConfig.defaultConfig)", policy.classification().proxy_config);
}

TEST_CASE("the fields of the mesh configuration are Istio's") {
  if (absent(shared / "reference/mesh-fields.json")) return;
  const auto reference = nlohmann::json::parse(read_file(shared / "reference/mesh-fields.json"));
  const Policy policy = Policy::embedded();
  const MeshFields& fields = policy.mesh_fields();
  std::size_t messages = 0;
  for (const auto& [full_name, rows] : reference["messages"].items()) {
    if (full_name.starts_with("k8s.")) continue;  // the same fields as Istio's LabelSelector, before 1.23
    const std::string message = short_name(full_name);
    const bool label_selector = message.starts_with("LabelSelector");
    INFO(full_name);
    ++messages;
    REQUIRE(fields.messages.contains(message));
    CHECK(fields.messages.at(message).size() == rows.size());
    for (const auto& row : rows) {
      const auto text = [&row](const char* key) { return row.at(key).get<std::string>(); };
      INFO(text("json"));
      const MeshField* field = fields.find(message, text("json"));
      REQUIRE(field != nullptr);
      std::string type = text("type");
      if (row.contains("map")) {
        type = "map of " + short_name(type.substr(11, type.size() - 12));
      } else {
        type = (row.value("repeated", false) ? "list of " : "") + (row.contains("enum") ? "enum" : short_name(type));
      }
      CHECK(type_name(*field) == type);
      CHECK(field->values == row.value("enum", std::vector<std::string>()));
      CHECK(field->proto_name == text("proto"));
      CHECK(to_string(field->first) == (label_selector ? "1.17" : text("first_minor")));
      CHECK(to_string(field->last) == text("last_minor"));
    }
  }
  CHECK(fields.messages.size() == messages);
}

TEST_CASE("a user's policy directory takes the place of the embedded policy") {
  const TemporaryDirectory directory;
  write_policy(directory.path(), small_policy);
  const Policy policy = Policy::from_directory(directory.path().string());
  CHECK(policy.releases().revisions.size() == 2);
  CHECK(policy.releases().citation.url == "https://docs.example/aks/calendar#the-big-table");
  CHECK(policy.releases().compatibility.url == "https://docs.example/aks/calendar");
  CHECK(policy.names().selectors.secondary);
  CHECK(policy.names().selectors.url == "https://issues.example/1");
  CHECK(policy.names().selectors.date == "2026-08-07");
  CHECK(policy.classification().mesh_config.at("defaultConfig").note == "see below");
  CHECK(policy.mesh_fields().find("ProxyConfig", "runtimeValues")->last == Minor{1, 29});
  CHECK_FALSE(policy.kubernetes().find({1, 29})->generally_available);
}

TEST_CASE("a mistake in policy data is told with its place") {
  struct Mistake {
    std::string file, from, to, told;
  };
  const std::vector<Mistake> mistakes = {
      // Shape.
      {"release-calendar.yaml", "    aks_release: Jan 2026\n", "    aks_relase: Jan 2026\n",
       "release-calendar.yaml:10:5: the key `aks_release` is missing\n"
       "release-calendar.yaml:12:5: unknown key `aks_relase`; did you mean `aks_release`?"},
      {"release-calendar.yaml", "    aks_release: Jan 2026\n", "    aks_release: Jan 2026\n    colour: blue\n",
       "release-calendar.yaml:13:5: unknown key `colour`"},
      {"release-calendar.yaml", "[\"1.30\", \"1.31\"]", "\"1.30\"", "release-calendar.yaml:14:17: expected a list"},
      {"release-calendar.yaml", "{text: May 2026, month: 2026-05}", "May 2026",
       "release-calendar.yaml:7:18: expected a mapping"},
      {"release-calendar.yaml", "Nov 2025", "[]", "release-calendar.yaml:11:23: expected a text"},
      {"blocked-kinds.yaml", "kind: WasmPlugin", "kind: \"\"", "blocked-kinds.yaml:3:40: expected a text"},
      {"mesh-config-classification.yaml", "  accessLogFile: supported\n", "  accessLogFile: suported\n",
       "mesh-config-classification.yaml:4:18: expected `supported`, `allowed` or `blocked`; did you mean `supported`?"},
      {"sources.yaml", "secondary: true", "secondary: maybe", "sources.yaml:9:16: expected `true` or `false`"},
      {"kubernetes-calendar.yaml", "days: 30", "days: a month",
       "kubernetes-calendar.yaml:4:9: expected a number from 0 on"},
      {"managed-names.yaml", "root_namespace: aks-istio-system\n", "",
       "managed-names.yaml:1:1: the key `root_namespace` is missing"},
      // Keys and entries that are stated twice.
      {"release-calendar.yaml", "    aks_release: Jan 2026\n", "    aks_release: Jan 2026\n    aks_release: Feb 2026\n",
       "release-calendar.yaml:13:5: the key `aks_release` is stated twice"},
      {"mesh-config-classification.yaml", "  accessLogFile: supported\n",
       "  accessLogFile: supported\n  accessLogFile: allowed\n",
       "mesh-config-classification.yaml:5:3: the key `accessLogFile` is stated twice"},
      {"mesh-fields.yaml", "    accessLogFile: string\n", "    accessLogFile: string\n    accessLogFile: boolean\n",
       "mesh-fields.yaml:9:5: the key `accessLogFile` is stated twice"},
      {"sources.yaml", "      names: What is called how\n",
       "      names: What is called how\n      names: What is called how\n",
       "sources.yaml:8:7: the key `names` is stated twice"},
      {"blocked-kinds.yaml", "{group: extensions.istio.io, kind: WasmPlugin}",
       "{group: extensions.istio.io, kind: WasmPlugin, group: extensions.istio.io}",
       "blocked-kinds.yaml:3:52: the key `group` is stated twice"},
      {"blocked-kinds.yaml", "unclassified:", "  - {group: extensions.istio.io, kind: WasmPlugin}\nunclassified:",
       "blocked-kinds.yaml:4:40: WasmPlugin of extensions.istio.io is stated twice"},
      {"blocked-kinds.yaml", "unclassified: []", "unclassified:\n  - {group: extensions.istio.io, kind: WasmPlugin}",
       "blocked-kinds.yaml:5:40: WasmPlugin of extensions.istio.io is stated twice"},
      {"blocked-kinds.yaml", "unclassified: []", "unclassified: []\n---\n{}",
       "blocked-kinds.yaml:6:1: expected one document"},
      // Dates.
      {"release-calendar.yaml", "aks_release: Jan 2026", "aks_release: banana",
       "release-calendar.yaml:12:18: `banana` is no month such as July 2026"},
      {"release-calendar.yaml", "aks_release: Jan 2026", "aks_release: Janu 2026",
       "release-calendar.yaml:12:18: `Janu 2026` is no month such as July 2026"},
      {"release-calendar.yaml", "aks_release: Jan 2026", "aks_release: Jan",
       "release-calendar.yaml:12:18: `Jan` is no month such as July 2026"},
      {"release-calendar.yaml", "upstream_release: Nov 2025", "upstream_release: 2025-11",
       "release-calendar.yaml:11:23: `2025-11` is no month such as July 2026"},
      {"release-calendar.yaml", "upstream_release: Nov 2025", "upstream_release: September 2025", ""},
      {"release-calendar.yaml", "aks_release: Jan 2026", "aks_release: ~Sept 2025 (expected EOM)", ""},
      {"kubernetes-calendar.yaml", "generally_available: 2024-07", "generally_available: 2025-09",
       "kubernetes-calendar.yaml:12:26: general availability comes after the end of life"},
      {"kubernetes-calendar.yaml", "day: 2025-08-22", "day: 2025-08-32",
       "kubernetes-calendar.yaml:13:46: `2025-08-32` is no date such as 2026-08-21"},
      {"kubernetes-calendar.yaml", "generally_available: 2024-07", "generally_available: Jul 2024",
       "kubernetes-calendar.yaml:12:26: `Jul 2024` is no month such as 2026-08"},
      {"kubernetes-calendar.yaml", "day: 2025-08-22", "day: 2025-08-22, month: 2025-08",
       "kubernetes-calendar.yaml:13:18: state one of `month` and `day`"},
      {"kubernetes-calendar.yaml", "day: 2025-08-22", "day: 2025-08-23",
       "kubernetes-calendar.yaml:13:46: 2025-08-23 is not what the text says: `Aug 22, 2025`"},
      {"release-calendar.yaml", "month: 2026-05", "month: 2026-06",
       "release-calendar.yaml:7:42: 2026-06 is not what the text says: `May 2026`"},
      {"release-calendar.yaml", ", expected: true", "",
       "release-calendar.yaml:13:25: the text marks the date as expected: state `expected: true`"},
      {"release-calendar.yaml", "month: 2026-05", "month: 2026-05, expected: true",
       "release-calendar.yaml:7:25: the text does not mark the date as expected"},
      {"kubernetes-calendar.yaml", "{text: Jul 2026, month: 2026-07}", "{text: Jul 2025, month: 2025-07}",
       "kubernetes-calendar.yaml:14:22: long-term support ends before community support"},
      {"sources.yaml", "date: 2026-08-21\n", "date: 2026-08-22\n",
       "sources.yaml:1:7: the newest page was read on 2026-08-21"},
      // Versions and revisions.
      {"release-calendar.yaml", "\"1.31\"", "\"1.31.2\"",
       "release-calendar.yaml:14:26: `1.31.2` is no minor version such as \"1.30\""},
      {"release-calendar.yaml", "\"1.31\"", "1.31", "release-calendar.yaml:14:26: quote the version: \"1.31\""},
      {"release-calendar.yaml", "[\"1.28\", \"1.29\", \"1.30\"]", "[\"1.29\", \"1.28\", \"1.30\"]",
       "release-calendar.yaml:9:30: 1.28 stands behind 1.29"},
      {"release-calendar.yaml", "[\"1.30\", \"1.31\"]", "[\"1.30\", \"1.30\"]",
       "release-calendar.yaml:14:26: 1.30 is stated twice"},
      {"release-calendar.yaml", "asm-1-28", "asm-128",
       "release-calendar.yaml:10:15: `asm-128` is no revision such as asm-1-30"},
      {"release-calendar.yaml", "asm-1-28", "asm-1-27", "release-calendar.yaml:10:15: asm-1-27 is stated twice"},
      {"release-calendar.yaml", "asm-1-28", "asm-1-26", "release-calendar.yaml:10:15: asm-1-26 stands behind asm-1-27"},
      {"kubernetes-calendar.yaml", "version: \"1.30\"", "version: \"1.27\"",
       "kubernetes-calendar.yaml:11:14: 1.27 stands behind 1.29"},
      {"kubernetes-calendar.yaml", "until: \"1.34\"", "until: \"1.30\"",
       "kubernetes-calendar.yaml:15:29: platform support ends with a later version"},
      {"release-calendar.yaml", "\"1.31\"", "\"1.361\"",
       "release-calendar.yaml:14:26: kubernetes-calendar.yaml has no version 1.361"},
      {"release-calendar.yaml", "asm-1-28", "1.28",
       "release-calendar.yaml:10:15: `1.28` is no revision such as asm-1-30"},
      {"managed-names.yaml", "prefix: istio-shared-configmap-", "prefix: 5",
       "managed-names.yaml:6:11: expected a text: quote `5` if it is one"},
      {"kubernetes-calendar.yaml", "days: 30", "days: \"30\"",
       "kubernetes-calendar.yaml:4:9: expected a number from 0 on"},
      {"blocked-kinds.yaml", "unclassified: []", "unclassified: []\nextends: scratch",
       "blocked-kinds.yaml:5:10: expected `built-in`"},
      {"mesh-config-classification.yaml", "note: see below", "note: see below, before: supported",
       "mesh-config-classification.yaml:5:62: state `since` as well"},
      {"release-calendar.yaml", "kubernetes_lts: []", "kubernetes_lts: [\"1.32\"]",
       "release-calendar.yaml:15:22: kubernetes-calendar.yaml has no version 1.32"},
      // Names.
      {"managed-names.yaml", "name: istio-asm-*", "name: istio-*-asm-*",
       "managed-names.yaml:26:11: `istio-*-asm-*` has more than one `*`"},
      // Sources.
      {"blocked-kinds.yaml", "page: names", "page: nams",
       "blocked-kinds.yaml:1:16: sources.yaml has no page `nams`; did you mean `names`?"},
      {"release-calendar.yaml", "page: calendar, section", "page: calender, section",
       "release-calendar.yaml:1:16: sources.yaml has no page `calender`; did you mean `calendar`?"},
      {"blocked-kinds.yaml", "read: 2026-08-21", "read: 2026-08-22",
       "blocked-kinds.yaml:1:29: sources.yaml says that the page was read on 2026-08-21"},
      {"sources.yaml", "    site: https://docs.example/aks/\n", "    site: docs.example/aks/\n",
       "sources.yaml:4:11: expected an address with https://"},
      {"sources.yaml", "{title: A report, url: \"https://issues.example/1\"}", "A report",
       "sources.yaml:11:14: a page of a group without `site` needs `title` and `url`"},
      {"sources.yaml", "      issue: {", "      names: {", "sources.yaml:11:7: the page `names` is stated twice"},
      // Fields.
      {"mesh-fields.yaml", "accessLogFile: string", "accessLogFile: strin",
       "mesh-fields.yaml:8:20: unknown type `strin`; did you mean `string`?"},
      {"mesh-fields.yaml", "accessLogEncoding: Encoding", "accessLogEncoding: list of Encodnig",
       "mesh-fields.yaml:9:24: unknown type `Encodnig`; did you mean `Encoding`?"},
      {"mesh-fields.yaml", "since: \"1.19\"", "since: \"1.31\"",
       "mesh-fields.yaml:11:15: the table covers 1.17 to 1.30, not 1.31 to 1.30"},
      {"mesh-config-classification.yaml", "  accessLogFile: supported", "  accesLogFile: supported",
       "mesh-config-classification.yaml:4:3: MeshConfig has no field `accesLogFile`; did you mean `accessLogFile`?"},
      {"mesh-config-classification.yaml", ": statsdUdpAddress", ": statsUdpAdress",
       "mesh-config-classification.yaml:9:20: ProxyConfig has no field `statsUdpAdress`; did you mean "
       "`statsdUdpAddress`?"},
      {"mesh-config-classification.yaml", "  statsUdpAddress: statsd", "  statsAddress: statsd",
       "mesh-config-classification.yaml:7:3: ProxyConfig has no field `statsUdpAddress`; did you mean "
       "`statsdUdpAddress`?\n"
       "mesh-config-classification.yaml:9:3: `statsAddress` is not classified above"},
  };
  for (const Mistake& mistake : mistakes) {
    INFO(mistake.file << ": " << mistake.from << " -> " << mistake.to);
    CHECK(complaints(mistake.file, mistake.from, mistake.to) == mistake.told);
  }
}

TEST_CASE("a table that is missing, empty or no YAML is told, and the others are read") {
  auto policy = small_policy;
  std::string& sources = policy.at("sources.yaml");
  sources.erase(sources.find("extends:"));
  policy.erase("blocked-kinds.yaml");
  policy["release-calendar.yaml"] = "";
  const std::string told = complaints(policy);
  CHECK(
      told.starts_with("arm-fields.yaml:1:1: the table is missing\nautoscaling.yaml:1:1: the table is missing\n"
                       "blocked-kinds.yaml:1:1: the table is missing\n"));
  CHECK(told.find("\nrelease-calendar.yaml:1:1: expected one document\n") != std::string::npos);
  CHECK(told.find("\nmanaged-names.yaml:") == std::string::npos);
  sources.replace(sources.find("groups:"), 7, "grops:");
  const std::string broken = complaints(policy);
  CHECK(broken.find("\nsources.yaml:1:1: the key `groups` is missing\n"
                    "sources.yaml:1:7: the newest page was read on 1970-01-01\n"
                    "sources.yaml:2:1: unknown key `grops`; did you mean `groups`?\n") != std::string::npos);
  // Broken sources are told once, not again for every page that cannot be found.
  CHECK(broken.find("has no page") == std::string::npos);

  const std::string syntax = complaints("managed-names.yaml", "values: [ingressgateway]", "values: [ingressgateway");
  CHECK(syntax.starts_with("managed-names.yaml:"));
  CHECK(syntax.find("sources.yaml") == std::string::npos);

  CHECK_THROWS_WITH(Policy::from_directory("/no/such/directory"),
                    "the policy directory `/no/such/directory` does not exist");
}

TEST_CASE("a misnamed table is refused, not passed over") {
  const TemporaryDirectory directory;
  write_policy(directory.path(), small_policy);
  write_policy(directory.path(),
               {{"blocked-kinds.yml", ""}, {"release-calender.yaml", ""}, {".hidden.yaml", ""}, {"README.md", ""}});
  const std::string path = directory.path().string();
  CHECK_THROWS_WITH(
      Policy::from_directory(path),
      fmt::format("{0}/blocked-kinds.yml is no table of a policy; did you mean `blocked-kinds.yaml`?\n"
                  "{0}/release-calender.yaml is no table of a policy; did you mean `release-calendar.yaml`?",
                  path));
}

TEST_CASE("a table that is no regular file is told and not waited for") {
  const TemporaryDirectory directory;
  write_policy(directory.path(), small_policy);
  const fs::path kinds = directory.path() / "blocked-kinds.yaml";
  const fs::path names = directory.path() / "managed-names.yaml";
  fs::remove(kinds);
  fs::remove(names);
  fs::create_directory(kinds);
  REQUIRE(::mkfifo(names.c_str(), 0600) == 0);
  CHECK_THROWS_WITH(Policy::from_directory(directory.path().string()),
                    fmt::format("{}:1:1: the table is no regular file\n{}:1:1: the table is no regular file",
                                kinds.string(), names.string()));
}

TEST_CASE("a policy that extends the built-in one adds to its tables and replaces rows of the same name") {
  const TemporaryDirectory directory;
  write_policy(directory.path(), {{"sources.yaml", R"yaml(extends: built-in
groups:
  - read: 2026-11-02
    in_house: true
    pages:
      rules: {title: Rules of the platform team, url: "https://wiki.example/mesh"}
)yaml"},
                                  {"blocked-kinds.yaml", R"yaml(extends: built-in
source: {page: rules, section: No EnvoyFilter, read: 2026-11-02}
kinds:
  - {group: networking.istio.io, kind: EnvoyFilter}
  - {group: extensions.istio.io, kind: TrafficExtension}
)yaml"},
                                  {"mesh-config-classification.yaml", R"yaml(extends: built-in
source: {page: rules, read: 2026-11-02}
mesh_config:
  accessLogFile: {support: blocked, note: the platform team sets it}
)yaml"},
                                  {"release-calendar.yaml", R"yaml(extends: built-in
source: {page: rules, read: 2026-11-02}
revisions:
  - revision: asm-1-29
    upstream_release: Feb 2026
    aks_release: Apr 2026
    end_of_life: {text: Aug 2026, month: 2026-08}
    kubernetes: ["1.33", "1.34"]
    kubernetes_lts: ["1.33", "1.34"]
)yaml"},
                                  {"gateway-customizations.yaml", R"yaml(extends: built-in
resources:
  deployment:
    kind: Deployment
    fields: {spec.template.spec.nodeName: blocked}
    source: {page: rules, read: 2026-11-02}
)yaml"}});
  const Policy policy = Policy::from_directory(directory.path().string());
  const Policy built_in = Policy::embedded();

  const BlockedKind* envoy_filter = policy.blocked_kinds().find("networking.istio.io", "EnvoyFilter");
  REQUIRE(envoy_filter != nullptr);
  CHECK(envoy_filter->citation.in_house);
  CHECK(envoy_filter->citation.title == "Rules of the platform team");
  CHECK(envoy_filter->citation.url == "https://wiki.example/mesh#no-envoyfilter");
  const BlockedKind* proxy_config = policy.blocked_kinds().find("networking.istio.io", "ProxyConfig");
  REQUIRE(proxy_config != nullptr);
  CHECK(proxy_config->citation.page == "istio-about");
  CHECK_FALSE(proxy_config->citation.in_house);
  CHECK(policy.blocked_kinds().kinds.size() == built_in.blocked_kinds().kinds.size() + 2);
  CHECK(policy.blocked_kinds().unclassified.empty());
  CHECK(policy.blocked_kinds().citation.page == "istio-about");

  const auto& classes = policy.classification().mesh_config;
  CHECK(classes.size() == built_in.classification().mesh_config.size());
  CHECK(classes.at("accessLogFile").support == FieldSupport::blocked);
  CHECK(classes.at("accessLogFile").citation.in_house);
  CHECK_FALSE(classes.at("accessLogFormat").citation.in_house);

  const ReleaseCalendar& releases = policy.releases();
  CHECK(releases.revisions.size() == built_in.releases().revisions.size());
  CHECK(std::ranges::is_sorted(releases.revisions, {}, &MeshRevision::revision));
  CHECK_FALSE(releases.find({1, 29})->end_of_life.expected);
  CHECK(releases.find({1, 29})->compatibility.in_house);
  CHECK(releases.find({1, 28})->compatibility.section == "AKS compatibility");

  const GatewayCustomization* deployment = policy.gateway_customizations().find("deployment");
  REQUIRE(deployment != nullptr);
  CHECK_FALSE(deployment->allows("spec.template.spec.nodeName", policy.data_date()));
  CHECK(deployment->allows("spec.template.spec.nodeSelector.disk", policy.data_date()));

  // A table that is not there is the built-in one, and the data is as old as Microsoft's pages.
  CHECK(policy.envoy_filters().periods.size() == 3);
  CHECK(policy.data_date() == built_in.data_date());
}

TEST_CASE("a row of a calendar that extends the built-in one changes what it states and nothing else") {
  const TemporaryDirectory directory;
  write_policy(directory.path(), {{"sources.yaml", R"yaml(extends: built-in
groups:
  - read: 2026-11-02
    in_house: true
    pages:
      rules: {title: Rules of the platform team, url: "https://wiki.example/mesh"}
)yaml"},
                                  {"release-calendar.yaml", R"yaml(extends: built-in
source: {page: rules, read: 2026-11-02}
revisions:
  - revision: asm-1-28
    end_of_life: {text: Jul 2026, month: 2026-07}
  - revision: asm-1-29
    kubernetes: ["1.34"]
  - revision: asm-1-30
    end_of_life: {text: Apr 2027, month: 2027-04}
)yaml"},
                                  {"kubernetes-calendar.yaml", R"yaml(extends: built-in
source: {page: rules, read: 2026-11-02}
versions:
  - version: "1.34"
    end_of_life: {text: Sep 2026, month: 2026-09}
)yaml"}});
  const Policy policy = Policy::from_directory(directory.path().string());
  const Policy built_in = Policy::embedded();

  const MeshRevision& earlier = *policy.releases().find({1, 28});
  const MeshRevision& before = *built_in.releases().find({1, 28});
  CHECK(earlier.end_of_life.last_day == parse_date("2026-07-31"));
  CHECK_FALSE(earlier.end_of_life.expected);
  CHECK(earlier.citation.in_house);
  CHECK(earlier.aks_release == before.aks_release);
  CHECK(earlier.kubernetes == before.kubernetes);
  CHECK(earlier.kubernetes_lts == before.kubernetes_lts);
  CHECK_FALSE(earlier.compatibility.in_house);
  CHECK(earlier.end_on_aks().text == before.end_of_life.text);
  CHECK_FALSE(earlier.end_on_aks_citation().in_house);

  const MeshRevision& narrower = *policy.releases().find({1, 29});
  CHECK(narrower.kubernetes == std::vector<Minor>{{1, 34}});
  CHECK(narrower.compatibility.in_house);
  CHECK(narrower.end_of_life.text == built_in.releases().find({1, 29})->end_of_life.text);
  CHECK_FALSE(narrower.citation.in_house);

  // No rule in house makes AKS support a revision longer.
  const MeshRevision& longer = *policy.releases().find({1, 30});
  CHECK(longer.end_of_life.text == built_in.releases().find({1, 30})->end_of_life.text);
  CHECK_FALSE(longer.citation.in_house);
  CHECK_FALSE(longer.aks_end_of_life.has_value());

  const KubernetesVersion& version = *policy.kubernetes().find({1, 34});
  CHECK(version.end_of_life->last_day == parse_date("2026-09-30"));
  CHECK(version.citation.in_house);
  CHECK(version.aks_end_of_life->text == built_in.kubernetes().find({1, 34})->end_of_life->text);
  CHECK_FALSE(version.aks_lts_end_of_life.has_value());
  CHECK(version.lts_end_of_life->last_day == built_in.kubernetes().find({1, 34})->lts_end_of_life->last_day);
  CHECK_FALSE(version.lts_citation.in_house);
  CHECK(version.generally_available == built_in.kubernetes().find({1, 34})->generally_available);
}

TEST_CASE("mistakes in a policy that extends the built-in one are told with their place") {
  const auto told = [](const std::string& kinds) {
    return complaints({{"sources.yaml", "extends: built-in\ngroups: []\n"}, {"blocked-kinds.yaml", kinds}});
  };
  CHECK(told("extends: built-in\n") == "");
  CHECK(told("extends: built-in\nkind: []\n") == "blocked-kinds.yaml:2:1: unknown key `kind`; did you mean `kinds`?");
  CHECK(told("extends: built-in\nkinds:\n  - {group: a.example, kind: B}\n") ==
        "blocked-kinds.yaml:3:5: state the `source`, here or for the whole table");
  CHECK(told("kinds: []\n") ==
        "blocked-kinds.yaml:1:1: the key `source` is missing\n"
        "blocked-kinds.yaml:1:1: the key `unclassified` is missing");
  CHECK(
      complaints({{"sources.yaml",
                   "extends: built-in\ngroups:\n  - {read: 2026-11-02, in_house: true, pages: {rules: "
                   "{title: Rules, url: \"https://wiki.example\"}}}\n"},
                  {"release-calendar.yaml",
                   "extends: built-in\nsource: {page: rules, read: 2026-11-02}\nrevisions:\n"
                   "  - {revision: asm-1-99, end_of_life: {text: Jul 2030, month: 2030-07}, kubernetes_lts: []}\n"}}) ==
      "release-calendar.yaml:4:6: the key `upstream_release` is missing\n"
      "release-calendar.yaml:4:6: the key `aks_release` is missing\n"
      "release-calendar.yaml:4:6: the key `kubernetes` is missing");
  CHECK(complaints({{"sources.yaml", "extends: built-in\n"},
                    {"features.yaml",
                     "extends: built-in\nfeatures:\n  gateway-api: {what: it, first: asm-1-99, source: {page: "
                     "istio-about, read: 2026-08-21}}\n"}}) ==
        "features.yaml:3:34: release-calendar.yaml has no revision asm-1-99");

  auto policy = small_policy;
  policy.at("sources.yaml").erase(policy.at("sources.yaml").find("extends:"));
  policy.at("blocked-kinds.yaml") += "extends: built-in\n";
  CHECK(complaints(policy).find("blocked-kinds.yaml:5:10: sources.yaml does not say `extends: built-in`") !=
        std::string::npos);
}

}  // namespace meshlint
