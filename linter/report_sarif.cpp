// SARIF 2.1.0 for code scanning: one run, every rule with its whole description, every result with a region. The same
// findings give the same bytes: no times, no paths of the machine.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "linter/fingerprint.h"
#include "linter/report.h"
#include "linter/sanitize.h"

namespace meshlint {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view project_home = "https://github.com/meshlint/meshlint";
constexpr std::string_view root_name = "%SRCROOT%";
constexpr std::size_t result_limit = 25'000;  // GitHub refuses a run with more

// "revision-end-of-life" -> "RevisionEndOfLife"
std::string pascal_case(std::string_view name) {
  std::string text;
  bool starts_word = true;
  for (const char character : name) {
    const bool is_lower = character >= 'a' && character <= 'z';
    if (character != '-') text += starts_word && is_lower ? static_cast<char>(character - 'a' + 'A') : character;
    starts_word = character == '-';
  }
  return text;
}

std::string with_full_stop(std::string text) {
  if (!text.empty() && std::string_view(".!?").find(text.back()) == std::string_view::npos) text += '.';
  return text;
}

// One of a rule's own texts as a sentence.
std::string sentence(std::string_view text) {
  std::string result(text);
  if (!result.empty() && result[0] >= 'a' && result[0] <= 'z') result[0] = static_cast<char>(result[0] - 'a' + 'A');
  return with_full_stop(std::move(result));
}

std::string_view problem_severity(Severity severity) {
  return severity == Severity::note ? "recommendation" : to_string(severity);
}

// Rules are constants of ours, so their texts need no escaping.
Json describe_rule(const Rule& rule, const Policy* policy) {
  const std::string page = policy != nullptr && !rule.page.empty() ? policy->source(rule.page).url : "";
  const std::string reference = fmt::format("{}/blob/main/rules/README.md#{}", project_home, rule.name);
  const std::string why = sentence(rule.why);
  const std::string fix = sentence(rule.fix);
  const std::string source = page.empty() ? "" : fmt::format("\n\nSource: {}", page);
  const std::string source_link = page.empty() ? "" : fmt::format(" · [{}]({})", rule.page, page);
  return {{"id", rule.code},
          {"name", pascal_case(rule.name)},
          {"shortDescription", {{"text", sentence(rule.summary)}}},
          {"fullDescription", {{"text", why}}},
          {"help",
           {{"text", fmt::format("{}\n\n{}{}", why, fix, source)},
            {"markdown",
             fmt::format("{}\n\n**What to do:** {}\n\n[{}]({}){}", why, fix, rule.name, reference, source_link)}}},
          {"helpUri", reference},
          {"defaultConfiguration", {{"level", to_string(rule.severity)}}},
          {"properties",
           {{"tags", {"aks", "istio", to_string(rule.family)}},
            {"precision", "high"},
            {"problem.severity", problem_severity(rule.severity)}}}};
}

std::string percent_encode(std::string_view path) {
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  std::string encoded;
  for (const char byte : path) {
    if (plain.find(byte) != std::string_view::npos) {
      encoded += byte;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(byte));
    }
  }
  return encoded;
}

// Relative to the repository's root; a file outside of it keeps its absolute name.
Json artifact_location(const SourceFile& file) {
  const std::string path = percent_encode(valid_utf8(file.path()));
  if (path.starts_with('/')) return {{"uri", "file://" + path}};
  return {{"uri", path}, {"uriBaseId", root_name}};
}

// A region is never empty: GitHub wants all four numbers, and an end behind the start.
Json region_of(const Place& place) {
  const Span span = pointed_span(place);
  const Position start = place.file->position(span.start);
  Position end = place.file->position(span.end);
  if (end == start) ++end.column;
  return {{"startLine", start.line}, {"startColumn", start.column}, {"endLine", end.line}, {"endColumn", end.column}};
}

Json physical_location(const Place& place) {
  return {{"artifactLocation", artifact_location(*place.file)}, {"region", region_of(place)}};
}

// GitHub shows the message alone: it says all, and only related places that it links are shown.
std::string message_of(const Diagnostic& diagnostic) {
  std::string text = with_full_stop(sanitize_sarif(diagnostic.message));
  std::size_t id = 0;
  for (const Note& note : diagnostic.notes) {
    const std::string label = sanitize_sarif(note.text);
    text += note.place.file == nullptr ? " Note: " + with_full_stop(label) : fmt::format(" See [{}]({}).", label, ++id);
  }
  if (!diagnostic.help.empty()) text += " Help: " + with_full_stop(sanitize_sarif(diagnostic.help));
  return text;
}

Json related_locations(const Diagnostic& diagnostic) {
  Json locations = Json::array();
  for (const Note& note : diagnostic.notes) {
    if (note.place.file == nullptr) continue;
    locations.push_back({{"id", locations.size() + 1},
                         {"physicalLocation", physical_location(note.place)},
                         {"message", {{"text", sanitize_sarif(note.text)}}}});
  }
  return locations;
}

// Knows a finding again after its file was edited: by GitHub's hash of the line, and by what it speaks of.
class Fingerprints {
 public:
  Json of(const Diagnostic& diagnostic) {
    const SourceFile& file = *diagnostic.place.file;
    auto [hashes, is_new] = hashes_.try_emplace(&file);
    if (is_new) hashes->second = line_hashes(file);
    const std::size_t line = file.position(pointed_span(diagnostic.place).start).line;

    return {{"primaryLocationLineHash", hashes->second.at(line - 1)}, {"meshlint/v1", subjects_.of(diagnostic)}};
  }

 private:
  std::map<const SourceFile*, std::vector<std::string>> hashes_;
  FindingFingerprints subjects_;
};

Json notification(Severity level, std::string text) {
  return {{"level", to_string(level)}, {"message", {{"text", std::move(text)}}}};
}

Json invocation(const Outcome& outcome) {
  Json result = {{"executionSuccessful", !outcome.io_failed}};
  Json notifications = Json::array();
  for (const std::string& sentence : outcome.unreadable)
    notifications.push_back(notification(Severity::error, with_full_stop("Not read: " + sanitize(sentence))));
  if (outcome.io_failed && outcome.unreadable.empty())
    notifications.push_back(notification(Severity::error, "A file that was asked for could not be read."));
  if (const std::size_t number = outcome.diagnostics.size(); number > result_limit)
    notifications.push_back(notification(
        Severity::warning, fmt::format("Of {} findings, only the {} most severe are reported.", number, result_limit)));
  if (!notifications.empty()) result["toolExecutionNotifications"] = std::move(notifications);
  return result;
}

// Every rule that ran, by code, whether it found something or not: indexes do not depend on the findings.
std::vector<const Rule*> sorted_rules(const Report& report) {
  std::set<const Rule*> distinct(report.rules.begin(), report.rules.end());
  for (const Diagnostic& diagnostic : report.outcome.diagnostics) distinct.insert(diagnostic.rule);
  std::vector<const Rule*> rules(distinct.begin(), distinct.end());
  std::ranges::sort(rules, {}, &Rule::code);
  return rules;
}

}  // namespace

std::string report_sarif(const Report& report) {
  const auto rules = sorted_rules(report);
  Json rule_descriptions = Json::array();
  for (const Rule* rule : rules) rule_descriptions.push_back(describe_rule(*rule, report.policy));

  Fingerprints fingerprints;
  Json results = Json::array();
  for (const Diagnostic* diagnostic : worst(report.outcome.diagnostics, result_limit)) {
    const auto index = std::ranges::find(rules, diagnostic->rule) - rules.begin();
    Json result = {{"ruleId", diagnostic->rule->code},
                   {"ruleIndex", index},
                   {"level", to_string(diagnostic->severity)},
                   {"message", {{"text", message_of(*diagnostic)}}},
                   {"locations", Json::array({{{"physicalLocation", physical_location(diagnostic->place)}}})}};
    if (Json related = related_locations(*diagnostic); !related.empty())
      result["relatedLocations"] = std::move(related);
    result["partialFingerprints"] = fingerprints.of(*diagnostic);
    results.push_back(std::move(result));
  }

  const Json driver = {{"name", "meshlint"},
                       {"fullName", "meshlint"},
                       {"semanticVersion", report.version},
                       {"version", report.version},
                       {"informationUri", project_home},
                       {"rules", std::move(rule_descriptions)},
                       {"properties", {{"policyDate", report.policy_date}}}};
  const Json base = {{std::string(root_name), {{"description", {{"text", "The root of the repository."}}}}}};
  const Json run = {{"tool", {{"driver", driver}}},
                    {"automationDetails", {{"id", "meshlint/"}}},
                    {"originalUriBaseIds", base},
                    {"columnKind", "unicodeCodePoints"},
                    {"invocations", Json::array({invocation(report.outcome)})},
                    {"results", std::move(results)}};
  const Json log = {
      {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"}, {"version", "2.1.0"}, {"runs", Json::array({run})}};
  return break_commands(log.dump(2, ' ', true, Json::error_handler_t::replace)) + "\n";
}

}  // namespace meshlint
