#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "linter/policy_data.h"
#include "linter/policy_diff.h"
#include "linter/policy_show.h"
#include "linter/policy_verify.h"
#include "linter/sanitize.h"
#include "tests/run_meshlint.h"

namespace meshlint {
namespace {

namespace fs = std::filesystem;

// The repository's policy in a directory where a test may change it.
class Copy {
 public:
  Copy() { fs::copy(fs::path(SOURCE_DIRECTORY) / "policy", path()); }

  fs::path path() const { return directory_.path() / "policy"; }

  void change(const std::string& name, std::string_view from, std::string_view to) {
    std::string text = read_file(path() / name);
    const std::size_t at = text.find(from);
    INFO(name << " has no: " << from);
    REQUIRE(at != std::string::npos);
    write_file(path() / name, text.replace(at, from.size(), to));
  }

  RunResult run(const std::string& arguments) const { return run_meshlint(directory_.path(), "policy " + arguments); }

 private:
  TemporaryDirectory directory_;
};

// The scalars below a value, but for those that say where a fact comes from.
void collect_facts(Node value, std::vector<Node>& facts) {
  if (value["page"].is_scalar() && value["read"].is_scalar()) return;
  if (value.is_scalar()) facts.push_back(value);
  for (const Entry& entry : value.entries()) collect_facts(entry.value, facts);
  for (const Node item : value.items()) collect_facts(item, facts);
}

PolicyFiles one_file(std::string_view name, std::string text) {
  PolicyFiles files;
  files[std::string(name)] = std::make_unique<SourceFile>(std::string(name), std::string(name), std::move(text));
  return files;
}

std::string with_other_value(std::string_view text, Node fact) {
  const std::string_view other = fact.type() == ScalarType::boolean   ? (fact.text() == "true" ? "false" : "true")
                                 : fact.type() == ScalarType::integer ? "77"
                                                                      : "changed";
  return std::string(text).replace(fact.span().start, fact.span().end - fact.span().start, other);
}

}  // namespace

TEST_CASE("every fact of the policy is named in words where it differs") {
  for (const EmbeddedPolicyFile& file : embedded_policy_files()) {
    const PolicyFiles before = one_file(file.name, std::string(file.text));
    const PolicyTree tree = parse_policy_file(*before.begin()->second);
    std::vector<Node> facts;
    collect_facts(tree.root(), facts);
    REQUIRE_FALSE(facts.empty());
    constexpr std::size_t sample = 50;
    for (std::size_t at = 0; at < facts.size(); at += facts.size() / sample + 1) {
      const auto changes = diff_policies(before, one_file(file.name, with_other_value(file.text, facts[at])));
      INFO(file.name << ": " << facts[at].path());
      CHECK_FALSE(changes.empty());
      for (const PolicyChange& change : changes) {
        INFO(change.sentence);
        const bool is_path = change.what.find_first_of("._[") != std::string::npos;
        CHECK_FALSE((is_path && change.sentence.find(": " + change.what + ' ') != std::string::npos));
      }
    }
  }
}

TEST_CASE("the difference of two policies is told in words") {
  Copy copy;
  CHECK(copy.run("diff built-in policy").output == "nothing changed\n");
  copy.change("release-calendar.yaml", R"yaml({text: "~Aug 2026 (expected)", month: 2026-08, expected: true})yaml",
              "{text: Sept 2026, month: 2026-09}");
  copy.change("release-calendar.yaml", "revision: asm-1-17\n    upstream_release: Feb 2023",
              "revision: asm-1-17\n    upstream_release: Mar 2023");
  copy.change("kubernetes-calendar.yaml", "platform_support_until: \"1.36\"", "platform_support_until: \"1.37\"");
  copy.change("mesh-config-classification.yaml", "  proxyListenPort: allowed\n", "");
  copy.change("mesh-config-classification.yaml", "  accessLogFormat: supported\n",
              "  accessLogFormat: allowed\n  ingressClass: allowed\n");
  copy.change("blocked-kinds.yaml", "kinds:\n", "kinds:\n  - {group: networking.istio.io, kind: Sidecar}\n");
  const RunResult result = copy.run("diff built-in policy");
  CHECK(result.exit_code == 0);
  CHECK(result.output ==
        "blocked-kinds:\n"
        "- Sidecar of networking.istio.io is now blocked\n\n"
        "kubernetes-calendar:\n"
        "- Kubernetes 1.32: platform support lasts until the release of 1.37, was that of 1.36\n\n"
        "mesh-config-classification:\n"
        "- MeshConfig field `accessLogFormat` is now allowed, was supported\n"
        "- MeshConfig field `ingressClass` is now allowed, was blocked\n"
        "- MeshConfig field `proxyListenPort` is now blocked, was allowed\n\n"
        "release-calendar:\n"
        "- asm-1-17: upstream release moved from February 2023 to March 2023\n"
        "- asm-1-28: end of life moved from August 2026 to September 2026, now firm\n");
  const auto changes = nlohmann::json::parse(copy.run("diff policy built-in --format json").output)["changes"];
  REQUIRE(changes.size() == 7);
  CHECK(changes[0] == nlohmann::json({{"table", "blocked-kinds"},
                                      {"subject", "Sidecar of networking.istio.io"},
                                      {"what", "kinds"},
                                      {"before", "{group: networking.istio.io, kind: Sidecar}"},
                                      {"after", nullptr},
                                      {"sentence", "Sidecar of networking.istio.io is no longer blocked"}}));
  CHECK(changes[6]["sentence"] == "asm-1-28: end of life moved from September 2026 to August 2026, now only expected");
}

TEST_CASE("gateways, features and sources have words of their own") {
  Copy copy;
  copy.change("gateway-customizations.yaml", "      spec.minReadySeconds: supported\n",
              "      spec.minReadySeconds: allowed\n      spec.paused: supported\n");
  copy.change("gateway-customizations.yaml", "      spec.loadBalancerClass: supported\n", "");
  copy.change("gateway-customizations.yaml", "spec.minReplicas: 2", "spec.minReplicas: 3");
  copy.change("ingress-service.yaml", "  service.beta.kubernetes.io/azure-pip-name: supported\n",
              "  service.beta.kubernetes.io/azure-pip-tags: supported\n");
  copy.change("ingress-service.yaml", "    externalTrafficPolicy:\n      support: supported\n",
              "    externalTrafficPolicy:\n      support: allowed\n");
  copy.change("telemetry-fields.yaml", "  accessLogging.match: supported\n", "  accessLogging.match: allowed\n");
  copy.change("features.yaml", "first: asm-1-26", "first: asm-1-27");
  copy.change("features.yaml", "section: Prerequisites, read: 2026-08-21", "section: Limitations, read: 2026-09-01");
  copy.change("autoscaling.yaml", "read: 2026-08-21", "read: 2026-09-01");
  copy.change("blocked-kinds.yaml", "{group: networking.istio.io, kind: WorkloadEntry}",
              "{group: networking.istio.io, kind: WorkloadEntry, source: {page: istio-meshconfig, read: 2026-08-21}}");
  copy.change("kubernetes-removals.yaml", "deprecated_in: \"1.14\"", "deprecated_in: \"1.15\"");
  const RunResult result = copy.run("diff built-in policy");
  CHECK(result.errors == "");
  CHECK(result.output ==
        "autoscaling:\n"
        "- istio-scale, section 'Horizontal Pod Autoscaling (HPA) customization' was read on 2026-09-01, before on "
        "2026-08-21\n\n"
        "blocked-kinds:\n"
        "- WorkloadEntry of networking.istio.io: the source is now istio-meshconfig of 2026-08-21\n\n"
        "features:\n"
        "- the Kubernetes Gateway API is there from asm-1-27 on, was from asm-1-26 on\n"
        "- the Kubernetes Gateway API: the source is now istio-gateway-api, section 'Limitations' of 2026-09-01, was "
        "istio-gateway-api, section 'Prerequisites' of 2026-08-21\n\n"
        "gateway-customizations:\n"
        "- field `spec.minReadySeconds` of a Gateway's Deployment is now allowed, was supported\n"
        "- field `spec.paused` of a Gateway's Deployment is now supported, was blocked\n"
        "- field `spec.loadBalancerClass` of a Gateway's Service is now blocked, was supported\n"
        "- the least `spec.minReplicas` of horizontalPodAutoscaler is now 3, was 2\n\n"
        "ingress-service:\n"
        "- annotation `service.beta.kubernetes.io/azure-pip-tags` of the ingress Services is now supported, was "
        "reverted\n"
        "- annotation `service.beta.kubernetes.io/azure-pip-name` of the ingress Services is now reverted, was "
        "supported\n"
        "- spec field `externalTrafficPolicy` of the ingress Services is now allowed, was supported\n\n"
        "kubernetes-removals:\n"
        "- Lease of coordination.k8s.io/v1beta1 is deprecated: from Kubernetes 1.15, was from Kubernetes 1.14\n\n"
        "telemetry-fields:\n"
        "- Telemetry field `accessLogging.match` is now allowed, was supported\n");
}

TEST_CASE("single facts are named in words") {
  Copy copy;
  copy.change("mesh-fields.yaml", "AccessLogEncoding: [TEXT, JSON]", "AccessLogEncoding: [TEXT, JSON, XML]");
  copy.change("mesh-fields.yaml", "    proxyListenPort: int32\n", "    proxyListenPort: int64\n    another: string\n");
  copy.change("kubernetes-calendar.yaml", "  days: 30\n", "  days: 31\n");
  CHECK(copy.run("diff built-in policy").output ==
        "kubernetes-calendar:\n- the grace period after a version's end is now 31 days, was 30 days\n\n"
        "mesh-fields:\n"
        "- field `proxyListenPort` of MeshConfig is now int64, was int32\n"
        "- field `another` of MeshConfig is new: string\n"
        "- a value of AccessLogEncoding in the mesh configuration is new: XML\n");
  CHECK(copy.run("diff built-in nowhere").exit_code == 2);
  CHECK(copy.run("diff built-in").exit_code == 2);
}

TEST_CASE("verify finds gaps, lapsed dates and contradictions") {
  Copy copy;
  const RunResult fresh = copy.run("verify --policy policy --as-of 2026-08-21");
  INFO(fresh.output << fresh.errors);
  CHECK(fresh.exit_code == 0);
  CHECK_THAT(fresh.output,
             Catch::Contains("warning: kubernetes-calendar: Kubernetes 1.31 is supported under "
                             "AKSLongTermSupport until 2026-11-30, and no revision runs on it after "
                             "2026-09-30: then asm-1-29 is expected to end, and the newest, asm-1-30, does "
                             "not\n"));
  CHECK_THAT(fresh.output,
             Catch::Contains("Kubernetes 1.37 is supported under KubernetesOfficial until 2027-10-31, and "
                             "the calendar has no revision that runs on it\n"));
  CHECK_THAT(fresh.output,
             !Catch::Contains("days ago") && !Catch::Contains("has passed") && Catch::Contains("0 errors"));

  const RunResult late = copy.run("verify --as-of 2026-11-24");
  CHECK(late.exit_code == 0);
  CHECK_THAT(late.output,
             Catch::Contains("warning: kubernetes-calendar: supported-kubernetes-versions was read on 2026-08-21, 95 "
                             "days before 2026-11-24") &&
                 Catch::Contains("warning: release-calendar: istio-support-policy was read on 2026-08-21") &&
                 Catch::Contains("asm-1-28: the expected end of life, '~Aug 2026 (expected)', has passed") &&
                 Catch::Contains("Kubernetes 1.31 is supported under AKSLongTermSupport until 2026-11-30, and "
                                 "no supported revision runs on it\n"));

  copy.change("release-calendar.yaml", "{text: May 2026, month: 2026-05}", "{text: May 2025, month: 2025-05}");
  const RunResult wrong = copy.run("verify --policy policy --as-of 2026-08-21 --format json");
  CHECK(wrong.exit_code == 1);
  const auto findings = nlohmann::json::parse(wrong.output)["findings"];
  CHECK(std::ranges::count_if(findings, [](const auto& finding) {
          return finding["severity"] == "error" &&
                 finding["sentence"] == "asm-1-27 ends ('May 2025') before the older asm-1-26 ('Apr 2026')";
        }) == 1);

  copy.change("release-calendar.yaml", "aks_release: Apr 2023", "aks_release: soon");
  const RunResult broken = copy.run("verify --policy policy");
  CHECK(broken.exit_code == 2);
  CHECK_THAT(broken.errors, Catch::Contains("release-calendar.yaml:18:18: `soon` is no month"));
}

TEST_CASE("verify speaks of holes in what a revision runs on") {
  Copy copy;
  copy.change("release-calendar.yaml", R"yaml(kubernetes: ["1.32", "1.33", "1.34", "1.35", "1.36"])yaml",
              R"yaml(kubernetes: ["1.31", "1.32", "1.33", "1.35", "1.36"])yaml");
  const std::string output = copy.run("verify --policy policy --as-of 2026-08-21").output;
  CHECK_THAT(output,
             Catch::Contains("asm-1-30 runs on Kubernetes 1.33 and 1.35 under KubernetesOfficial, and not on what "
                             "lies between\n"));
  CHECK_THAT(output, Catch::Contains("asm-1-30 runs on Kubernetes 1.31 under KubernetesOfficial, and not under "
                                     "AKSLongTermSupport\n"));
}

TEST_CASE("verify finds rows that overlap, leave gaps or are the wrong way round") {
  Copy copy;
  copy.change("native-sidecars.yaml", "first: asm-1-28, last: asm-1-28", "first: asm-1-27, last: asm-1-28");
  copy.change("node-affinity.yaml", "last: asm-1-29", "last: asm-1-28");
  copy.change("features.yaml", "    first: asm-1-26\n", "    first: asm-1-26\n    last: asm-1-25\n");
  copy.change("gateway-api.yaml", R"yaml({first: "1.35", last: "1.35"})yaml",
              R"yaml({first: "1.35", last: "1.36"})yaml");
  copy.change("release-calendar.yaml", "aks_release: Apr 2023", "aks_release: Jan 2023");
  copy.change("ingress-service.yaml", "loadBalancerIP: service.beta.kubernetes.io/azure-load-balancer-ipv4",
              "loadBalancerIP: service.beta.kubernetes.io/azure-load-balancer-ipv6");
  const RunResult wrong = copy.run("verify --policy policy --as-of 2026-08-21");
  INFO(wrong.output);
  CHECK(wrong.exit_code == 1);
  CHECK_THAT(wrong.output,
             Catch::Contains("error: native-sidecars: two rows cover the same revisions: 1.27 to 1.27 and 1.27 to "
                             "1.28\n") &&
                 Catch::Contains("warning: node-affinity: no row covers the revisions between 1.28 and 1.30\n") &&
                 Catch::Contains("error: features: revisions of gateway-api 1.26 to 1.25 are the wrong way round\n") &&
                 Catch::Contains("error: gateway-api: two rows cover the same Kubernetes versions: 1.35 to 1.36 and "
                                 "1.36 to open\n") &&
                 Catch::Contains("warning: ingress-service: spec.loadBalancerIP of the ingress Services is to be "
                                 "replaced by 'service.beta.kubernetes.io/azure-load-balancer-ipv6', which is not "
                                 "allowed itself\n") &&
                 Catch::Contains("asm-1-17 is released on AKS (Jan 2023) before Istio releases it (Feb 2023)\n"));
}

TEST_CASE("verify counts on no revision that has ended, be it the newest") {
  const Copy copy;
  CHECK_THAT(copy.run("verify --as-of 2027-01-15").output,
             Catch::Contains("Kubernetes 1.36 is supported under KubernetesOfficial until 2027-06-30, and no supported "
                             "revision runs on it\n"));
}

TEST_CASE("policy show says what was planned, what grace leaves and what is a forecast") {
  const Policy policy = Policy::embedded();
  const PolicyFiles files = embedded_policy();
  const auto shown = [&policy, &files](std::string_view table, const char* day) {
    return show_policy(policy, files, {table}, *parse_date(day));
  };
  CHECK_THAT(shown("calendar", "2024-01-15"),
             Catch::Contains("asm-1-27  Aug 2025   Sept 2025  May 2026               planned\n"));
  CHECK_THAT(shown("calendar", "2024-01-15"), !Catch::Contains("forecast"));
  CHECK_THAT(shown("calendar", "2026-12-15"), Catch::Contains("\na forecast for what came after 2026-08-21\n"));
  const std::string kubernetes = shown("kubernetes", "2026-08-21");
  CHECK_THAT(kubernetes, Catch::Contains("PLATFORM  LAST SEEN") && Catch::Contains("2026-02-11") &&
                             Catch::Contains("1.37                  in grace, LTS\n"));
  CHECK_THAT(shown("kubernetes", "2026-08-31"), Catch::Contains("1.37                  platform, LTS\n"));
  const auto json = nlohmann::json::parse(show_policy_json(policy, files, {"calendar"}, *parse_date("2026-08-21")));
  CHECK(json["tables"]["calendar"]["rows"].back()["expected"] == true);
  CHECK(json["tables"]["calendar"]["rows"].front()["expected"] == false);
}

TEST_CASE("the tables of the policy fit a terminal and say what is past") {
  const Policy policy = Policy::embedded();
  const PolicyFiles files = embedded_policy();
  const Date day = *parse_date("2026-08-21");
  const std::string text = show_policy(policy, files, policy_tables(), day);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    CHECK(display_width(line) <= 80);
    CHECK_FALSE(line.ends_with(' '));
  }
  CHECK_THAT(text, Catch::Contains("asm-1-27  Aug 2025   Sept 2025  May 2026               ended\n"));
  CHECK_THAT(text, Catch::Contains("asm-1-28  Nov 2025   Jan 2026   ~Aug 2026 (expected)   10 days left\n"));
  CHECK_THAT(text, Catch::Contains("asm-1-30  May 2026   July 2026  ~Dec 2026 (expected)   supported\n"));
  CHECK_THAT(text, Catch::Contains("LTS only") && Catch::Contains("planned"));
  CHECK_THAT(text, Catch::Contains("MeshConfig   accessLogFile                    supported"));
  CHECK_THAT(show_policy(policy, files, {"calendar"}, *parse_date("2026-09-15")),
             Catch::Contains("~Aug 2026 (expected)   expected end passed\n"));
  CHECK_THAT(show_policy(policy, files, {"compatibility"}, day),
             Catch::Contains("REVISION .23 .24 .25") &&
                 Catch::Contains("asm-1-26 .   .   .   .   .   l   x   x   x   x   x   x   .   .   ended\n"));

  const auto json = nlohmann::json::parse(show_policy_json(policy, files, {"calendar", "compatibility"}, day));
  CHECK(json["as_of"] == "2026-08-21");
  CHECK(json["tables"]["calendar"]["sources"][0]["page"] == "istio-support-policy");
  const auto& row = json["tables"]["calendar"]["rows"].back();
  CHECK(row["revision"] == "asm-1-30");
  CHECK(row["last_day"] == "2026-12-31");
  CHECK(json["tables"]["compatibility"]["rows"].back()["1.36"] == "x");

  const TemporaryDirectory directory;
  CHECK(run_meshlint(directory.path(), "policy show calender").exit_code == 2);
  CHECK(run_meshlint(directory.path(), "policy show --format sarif").exit_code == 2);
  CHECK(run_meshlint(directory.path(), "policy show calendar --as-of 2026-08-21").output ==
        show_policy(policy, files, {"calendar"}, day));
}

TEST_CASE("every policy file can be shown within 80 columns, with its facts and their pages") {
  const Policy policy = Policy::embedded();
  const PolicyFiles files = embedded_policy();
  const Date day = *parse_date("2026-08-21");
  for (const auto& [file, source] : files) {
    const std::string name = file.substr(0, file.rfind('.'));
    INFO(name);
    const std::vector<std::string_view> tables = find_policy_tables(name);
    REQUIRE_FALSE(tables.empty());
    std::istringstream lines(show_policy(policy, files, tables, day));
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
      INFO(line);
      CHECK(display_width(line) <= 80);
      CHECK_FALSE(line.ends_with(' '));
    }
    CHECK(count > 4);
    const auto json = nlohmann::json::parse(show_policy_json(policy, files, tables, day));
    for (const std::string_view table : tables) CHECK_FALSE(json["tables"][std::string(table)]["rows"].empty());
  }
  const std::string features = show_policy(policy, files, {"features"}, day);
  CHECK_THAT(features, Catch::Contains("from istio-gateway-api, read 2026-08-21\n") &&
                           Catch::Contains("gateway-api         asm-1-26              the Kubernetes Gateway API\n"));
  const auto rows =
      nlohmann::json::parse(show_policy_json(policy, files, {"features"}, day))["tables"]["features"]["rows"];
  CHECK(rows[0]["section"] == "features");
  CHECK(rows[0]["name"] == "gateway-api");
  CHECK(rows[0]["first"] == "asm-1-26");
  CHECK(rows[0]["source"]["page"] == "istio-gateway-api");

  const TemporaryDirectory directory;
  const std::string all = run_meshlint(directory.path(), "policy show --as-of 2026-08-21").output;
  CHECK(all.starts_with(show_policy(policy, files, policy_tables(), day)));
  CHECK_THAT(all, Catch::Contains("Shown by name only: arm-fields,") && Catch::Contains("telemetry-fields"));
  CHECK(run_meshlint(directory.path(), "policy show release-calendar --as-of 2026-08-21").output ==
        show_policy(policy, files, {"calendar", "compatibility"}, day));
}

TEST_CASE("days on which pages were read are compared page by page") {
  Copy copy;
  copy.change("sources.yaml", "istio-cni: Traffic redirection with Istio CNI",
              "istio-cni: {title: Istio CNI, read: 2026-09-01}");
  copy.change("sources.yaml", "istio-scale: Performance and autoscaling",
              "istio-scale: {title: Performance and autoscaling, read: 2026-09-01}");
  copy.change("sources.yaml", "date: 2026-08-21", "date: 2026-09-01");
  copy.change("sources.yaml", "      http-proxy: Clusters behind an HTTP proxy\n", "      another: Another page\n");
  CHECK(copy.run("diff built-in policy").output ==
        "sources:\n"
        "- page istio-cni: its title is now 'Istio CNI', was 'Traffic redirection with Istio CNI'\n"
        "- page another: is new, read on 2026-08-21\n"
        "- pages istio-cni and istio-scale: read on 2026-09-01, was 2026-08-21\n"
        "- page http-proxy: is gone, was read on 2026-08-21\n"
        "- the day of the newest page is now 2026-09-01, was 2026-08-21\n");
}

TEST_CASE("a directory that extends the built-in policy is compared with all that it takes from there") {
  const TemporaryDirectory directory;
  fs::copy(fs::path(SOURCE_DIRECTORY) / "testdata/resource-kind-blocked/bad-in-house/policy",
           directory.path() / "policy");
  const auto run = [&](const std::string& arguments) { return run_meshlint(directory.path(), "policy " + arguments); };
  CHECK(run("diff built-in policy").output ==
        "blocked-kinds:\n"
        "- EnvoyFilter of networking.istio.io is now blocked\n\n"
        "mesh-config-classification:\n"
        "- MeshConfig field `accessLogFile` is now blocked, was supported\n"
        "- MeshConfig field `accessLogFile`: note is now 'switch access logs on for one workload with a Telemetry "
        "resource', was 'the Telemetry API is the advised way to configure access logs'\n\n"
        "sources:\n"
        "- page mesh-rules: is new, read on 2026-08-01\n");
  CHECK(run("diff policy policy").output == "nothing changed\n");

  write_file(directory.path() / "policy/release-calendar.yaml",
             "extends: built-in\nsource: {page: mesh-rules, read: 2026-08-01}\nrevisions:\n"
             "  - revision: asm-1-28\n    end_of_life: {text: July 2026, month: 2026-07}\n");
  write_file(directory.path() / "policy/features.yaml",
             "extends: built-in\nfeatures:\n  team-feature:\n    what: a feature of the team\n    first: asm-1-28\n"
             "    source: {page: mesh-rules, read: 2026-08-01}\n");
  const RunResult changed = run("diff built-in policy");
  INFO(changed.errors);
  CHECK_THAT(changed.output, Catch::Contains("- a feature of the team is a feature of the mesh from asm-1-28 on\n"));
  CHECK_THAT(changed.output,
             Catch::Contains("- asm-1-28: end of life moved from August 2026 to July 2026, now firm\n"));
  CHECK_THAT(changed.output, !Catch::Contains("compatible") && !Catch::Contains("Kubernetes"));
  CHECK_THAT(changed.output, !Catch::Contains("removed") && !Catch::Contains("is gone"));
  const std::string features = run("show features --policy policy").output;
  CHECK_THAT(features, Catch::Contains("team-feature") && Catch::Contains("gateway-name-label") &&
                           Catch::Contains("from mesh-rules, read 2026-08-01"));
}

}  // namespace meshlint
