#include "linter/report_upgrade.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "linter/report.h"
#include "linter/sanitize.h"
#include "linter/words.h"
#include "linter/wrap.h"

namespace meshlint {
namespace {

using Json = nlohmann::ordered_json;

UpgradeRules rules_of(const UpgradeReport& report) {
  return {&report.policy, report.as_of, report.outline.plan};
}

std::string plan_name(const UpgradeReport& report) {
  const RevisionRules& rules = report.policy.revision_rules();
  return report.outline.plan == Plan::lts ? rules.lts_plan : rules.standard_plan;
}

// "cluster shop-prod", or "the cluster" where its name is not known.
std::string cluster_words(const UpgradeReport& report) {
  const std::string& name = report.outline.cluster;
  return name.empty() ? "the cluster" : fmt::format("cluster {}", sanitize(name));
}

std::string title_of(const UpgradeStep& step) {
  switch (step.kind) {
    case StepKind::start_canary: return fmt::format("Start a canary upgrade to {}", revision_name(step.target));
    case StepKind::move_workloads: return fmt::format("Move the workloads to {}", revision_name(step.target));
    case StepKind::complete_canary: return fmt::format("Complete the upgrade to {}", revision_name(step.target));
    case StepKind::roll_back: return fmt::format("Roll the canary upgrade back to {}", revision_name(step.target));
    case StepKind::upgrade_cluster: return fmt::format("Upgrade the cluster to Kubernetes {}", to_string(step.target));
  }
  return "";
}

// "by 30 Nov 2026", and that it has passed.
std::string due_line(const UpgradeReport& report, const UpgradeStep& step) {
  if (!step.due) return "no date is known";
  const bool has_passed = step.due->last_day < report.as_of;
  if (has_passed && step.due->expected) {
    return fmt::format("now: {} was expected to go out of support by the end of {}", step.due->what,
                       month_words(step.due->last_day));
  }
  if (has_passed) {
    return fmt::format("overdue: {} has been out of support since {}", step.due->what, day_words(step.due->last_day));
  }
  return fmt::format("by {}: then {} goes out of support", due_words(*step.due), step.due->what);
}

// A word for a shell: as it is where it can be, else in single quotes.
std::string shell_word(std::string_view text) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";
  if (!text.empty() && text.find_first_not_of(plain) == std::string_view::npos) return std::string(text);
  std::string quoted_text = "'";
  for (const char c : text) quoted_text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted_text + "'";
}

std::string on_cluster(const UpgradeReport& report) {
  const std::string& name = report.outline.cluster;
  return fmt::format("--resource-group \"$RESOURCE_GROUP\" --name {}",
                     name.empty() ? "\"$CLUSTER\"" : shell_word(sanitize(name)));
}

// The namespaces whose labels a step changes in files.
std::vector<std::string> namespaces_of(const PlannedStep& planned) {
  constexpr std::string_view prefix = "Namespace ";
  std::vector<std::string> names;
  for (const FileChange& change : planned.changes) {
    if (change.kind != FileChange::Kind::move || !change.object.starts_with(prefix)) continue;
    std::string name = change.object.substr(prefix.size());
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

// Labels in files are applied with them; others are changed by hand.
std::vector<std::string> move_commands(const UpgradeReport& report, const PlannedStep& planned) {
  std::vector<std::string> commands{"kubectl get pods --namespace " + report.policy.names().root_namespace};
  for (const auto& name : namespaces_of(planned)) {
    commands.push_back(fmt::format("kubectl rollout restart deployment --namespace {}", shell_word(sanitize(name))));
  }
  if (commands.size() > 1) return commands;
  commands.push_back(fmt::format("kubectl label namespace \"$NAMESPACE\" {}={} --overwrite",
                                 report.policy.names().revision_label, revision_name(planned.step.target)));
  commands.emplace_back("kubectl rollout restart deployment --namespace \"$NAMESPACE\"");
  return commands;
}

std::vector<std::string> commands_of(const UpgradeReport& report, const PlannedStep& planned) {
  const UpgradeStep& step = planned.step;
  const std::string on = on_cluster(report);
  switch (step.kind) {
    case StepKind::start_canary:
      return {fmt::format("az aks mesh get-upgrades {}", on),
              fmt::format("az aks mesh upgrade start {} --revision {}", on, revision_name(step.target))};
    case StepKind::move_workloads: return move_commands(report, planned);
    case StepKind::complete_canary: return {fmt::format("az aks mesh upgrade complete {}", on)};
    case StepKind::roll_back: return {fmt::format("az aks mesh upgrade rollback {}", on)};
    case StepKind::upgrade_cluster:
      return {fmt::format("az aks get-upgrades {} --output table", on),
              fmt::format("az aks upgrade {} --kubernetes-version {}", on, to_string(step.target))};
  }
  return {};
}

// What has to be seen to beside the commands.
std::vector<std::string> advice_of(const UpgradeReport& report, const PlannedStep& planned) {
  const UpgradeStep& step = planned.step;
  std::vector<std::string> advice;
  const auto changes = [&](FileChange::Kind kind) {
    return std::ranges::any_of(planned.changes, [kind](const auto& change) { return change.kind == kind; });
  };
  switch (step.kind) {
    case StepKind::start_canary:
      if (changes(FileChange::Kind::add_config_map)) {
        advice.emplace_back(
            "Apply the new ConfigMap before you start: the new control plane reads it from its first "
            "minute");
      }
      break;
    case StepKind::move_workloads:
      if (changes(FileChange::Kind::add_config_map)) {
        advice.emplace_back("Apply the new ConfigMap before you move anything, or what moves loses its settings");
      }
      if (!namespaces_of(planned).empty()) advice.emplace_back("Apply the changed labels before you restart anything");
      advice.emplace_back(
          "Restart StatefulSets, DaemonSets and whatever else has a sidecar too, one by one, and watch "
          "them before you go on");
      if (report.outline.has_gateways) {
        advice.emplace_back(
            "Gateways need nothing: the pods of both revisions serve behind the same Service and "
            "address");
      }
      break;
    case StepKind::complete_canary:
      advice.emplace_back(
          "See first that no pod has a sidecar of the old revision (istioctl proxy-status lists them): "
          "after this step there is no way back");
      break;
    case StepKind::roll_back: break;
    case StepKind::upgrade_cluster:
      advice.emplace_back("Upgrade the control plane and all node pools");
      if (step.is_recovery) {
        advice.emplace_back(
            "The further a version is behind, the likelier its upgrade fails: compare with a new cluster "
            "to which the workloads move");
      }
      break;
  }
  if (step.is_recovery) {
    advice.emplace_back(
        "Outside of support: AKS allows upgrades from versions that are out of support, but Microsoft "
        "does not support them");
  }
  return advice;
}

// "as asm-1-30", whatever is to be done in a file; the place stands before it.
std::string change_words(const FileChange& change) {
  const std::string from = sanitize(change.from);
  switch (change.kind) {
    case FileChange::Kind::add_config_map: return fmt::format("copy {} as {}", from, change.to);
    case FileChange::Kind::remove_config_map: return fmt::format("delete {}", from);
    case FileChange::Kind::add_revision: return fmt::format("add {} below {}", change.to, from);
    case FileChange::Kind::remove_revision: return fmt::format("remove {}", from);
    case FileChange::Kind::set_version:
    case FileChange::Kind::move:
    case FileChange::Kind::rename: return fmt::format("{} -> {}", from, change.to);
  }
  return "";
}

Position position_of(const Place& place) {
  return place.file->position(place.span.start);
}

std::string place_words(const Place& place) {
  const Position at = position_of(place);
  return fmt::format("{}:{}:{}", sanitize_path(place.file->shown()), at.line, at.column);
}

std::string remarks_on(const FileChange& change) {
  std::string remarks;
  const bool adds = change.kind == FileChange::Kind::add_config_map;
  if (change.listed) {
    remarks += fmt::format(", {} {}", adds ? "and list its file beside the other at" : "and its file from the list at",
                           place_words(*change.listed));
  }
  if (change.is_new) remarks += " (as an earlier step left it)";
  if (change.is_shared) remarks += " (other clusters may use this file)";
  return remarks;
}

std::string_view kind_name(FileChange::Kind kind) {
  switch (kind) {
    case FileChange::Kind::add_config_map: return "add-config-map";
    case FileChange::Kind::remove_config_map: return "remove-config-map";
    case FileChange::Kind::add_revision: return "add-revision";
    case FileChange::Kind::remove_revision: return "remove-revision";
    case FileChange::Kind::set_version: return "set-version";
    case FileChange::Kind::move: return "move";
    case FileChange::Kind::rename: return "rename";
  }
  return "";
}

std::string_view kind_name(StepKind kind) {
  switch (kind) {
    case StepKind::start_canary: return "start-canary";
    case StepKind::move_workloads: return "move-workloads";
    case StepKind::complete_canary: return "complete-canary";
    case StepKind::roll_back: return "roll-back";
    case StepKind::upgrade_cluster: return "upgrade-cluster";
  }
  return "";
}

// The last line of a plan: until when its end stays in support.
std::string outlook_words(const UpgradeReport& report) {
  const auto end = end_of_state(rules_of(report), report.outline.end);
  if (!end || end->last_day < report.as_of) return "";
  return fmt::format("Then the cluster is in support until {}, when {} goes out of it", due_words(*end), end->what);
}

// The sources of a plan, numbered as they come.
class Sources {
 public:
  std::size_t number(const Citation& citation) {
    for (std::size_t i = 0; i < all_.size(); ++i) {
      if (all_[i].page == citation.page && all_[i].section == citation.section) return i + 1;
    }
    all_.push_back(citation);
    return all_.size();
  }

  const std::vector<Citation>& all() const { return all_; }

 private:
  std::vector<Citation> all_;
};

// A command over several lines, broken before options.
void add_command(std::string& text, std::string_view indent, std::string_view command) {
  std::string line(indent);
  bool is_first = true;
  std::istringstream stream{std::string(command)};
  std::string word;
  while (stream >> word) {
    if (word.starts_with("--")) {
      std::string value;
      const auto at = stream.tellg();
      if (stream >> value && !value.starts_with("--")) {
        word += " " + value;
      } else {
        stream.clear();
        stream.seekg(at);
      }
    }
    if (!is_first && line.size() + 1 + word.size() + 2 > report_width) {
      text += line + " \\\n";
      line = std::string(indent) + "  ";
      is_first = true;
    }
    line += (is_first ? "" : " ") + word;
    is_first = false;
  }
  text += line + "\n";
}

class TextReport {
 public:
  explicit TextReport(const UpgradeReport& report) : report_(report) {}

  std::string write() {
    const UpgradeOutline& outline = report_.outline;
    add("", fmt::format("Upgrade of {}, planned for {}", cluster_words(report_), meshlint::to_string(report_.as_of)),
        0);
    text_ += "\n";
    add("  from", fmt::format("{} ({})", state_words(outline.start), plan_name(report_)), 8);
    add("  to", state_words(outline.end), 8);
    for (const Node place : outline.places) add("  in", place_words({place.file(), place.span()}), 8);
    if (!outline.notes.empty()) text_ += "\n";
    for (const auto& note : outline.notes) add("  note", note, 8);
    if (outline.steps.empty()) text_ += "\nNothing to do: the cluster is there already.\n";
    for (std::size_t i = 0; i < outline.steps.size(); ++i) add_step(i + 1, outline.steps[i]);
    if (const auto end = outlook_words(report_); !end.empty()) {
      text_ += "\n";
      add("", end + ".", 0);
    }
    add_sources();
    return std::move(text_);
  }

 private:
  void add(std::string_view head, std::string_view words, std::size_t indent) {
    add_wrapped(text_, head, words, indent);
  }

  void add_items(std::string_view head, const std::vector<std::string>& items) {
    for (const auto& item : items) {
      add(std::string(head) + std::string(10 - head.size(), ' ') + "-", item, 12);
      head = "";
    }
  }

  std::string cited(const Reason& reason) {
    return fmt::format("{} [{}]", reason.text, sources_.number(reason.citation));
  }

  std::vector<std::string> cited(const std::vector<Reason>& reasons) {
    std::vector<std::string> words;
    for (const Reason& reason : reasons) words.push_back(cited(reason));
    return words;
  }

  void add_step(std::size_t number, const PlannedStep& planned) {
    const UpgradeStep& step = planned.step;
    text_ += "\n";
    add(fmt::format("{}. ", number), title_of(step), 3);
    if (report_.deadline) add_items("   when", {due_line(report_, step)});
    add_items("   why", cited(step.reasons));
    add_changes(planned);
    text_ += "   run\n";
    for (const auto& command : commands_of(report_, planned)) add_command(text_, "     ", command);
    add_items("   mind", advice_of(report_, planned));
    add_items("   brings", cited(planned.effects));
    add_findings(planned);
    add_items("   open", cited(step.open));
  }

  void add_changes(const PlannedStep& planned) {
    if (planned.changes.empty()) return;
    text_ += "   files\n";
    for (const FileChange& change : planned.changes) {
      add("     " + place_words(change.place), change_words(change) + remarks_on(change), 7);
    }
  }

  void add_findings(const PlannedStep& planned) {
    std::vector<std::string> items;
    for (const auto& [finding, mended_by] : planned.appearing) {
      items.push_back(fmt::format("{}: {}[{}]: {}{}", place_words(finding.place), to_string(finding.severity),
                                  finding.rule->code, sanitize(finding.message),
                                  mended_by ? fmt::format(" (until step {})", *mended_by) : ""));
    }
    add_items("   breaks", items);
    if (planned.disappearing > 0) {
      add_items("   mends", {count_words(static_cast<long>(planned.disappearing), "finding") +
                             " of meshlint on these files, with nothing else changed"});
    }
  }

  void add_sources() {
    if (sources_.all().empty()) return;
    text_ += "\nSources\n";
    for (std::size_t i = 0; i < sources_.all().size(); ++i) {
      const Citation& source = sources_.all()[i];
      add(fmt::format("  [{}]", i + 1), source_words(source) + ": " + source.url, 7);
    }
  }

  const UpgradeReport& report_;
  std::string text_;
  Sources sources_;
};

// Text from files for Markdown: nothing in it is markup or HTML.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : sanitize(text)) {
    if (std::string_view("\\`*_[]<>|#&!~").find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

// Text in a span of code; it holds no backtick.
std::string code(std::string_view text) {
  std::string result = sanitize(text);
  std::ranges::replace(result, '`', '\'');
  return "`" + result + "`";
}

class MarkdownReport {
 public:
  explicit MarkdownReport(const UpgradeReport& report) : report_(report) {}

  std::string write() {
    const UpgradeOutline& outline = report_.outline;
    text_ += fmt::format("# Upgrade of {}\n\n", escaped(cluster_words(report_)));
    text_ += fmt::format("From {} ({}) to {}, planned for {}.\n", state_words(outline.start), plan_name(report_),
                         state_words(outline.end), meshlint::to_string(report_.as_of));
    if (!outline.notes.empty()) text_ += "\n";
    for (const auto& note : outline.notes) text_ += fmt::format("> {}.\n", escaped(note));
    if (outline.steps.empty()) text_ += "\nNothing to do: the cluster is there already.\n";
    for (std::size_t i = 0; i < outline.steps.size(); ++i) add_step(i + 1, outline.steps[i]);
    if (const auto end = outlook_words(report_); !end.empty()) text_ += "\n" + end + ".\n";
    add_sources();
    return std::move(text_);
  }

 private:
  void add_list(std::string_view title, const std::vector<std::string>& items) {
    if (items.empty()) return;
    text_ += fmt::format("\n{}\n\n", title);
    for (const auto& item : items) text_ += fmt::format("- {}\n", item);
  }

  std::vector<std::string> cited(const std::vector<Reason>& reasons) {
    std::vector<std::string> words;
    for (const Reason& reason : reasons) {
      words.push_back(fmt::format("{} [\\[{}\\]]({})", escaped(reason.text), sources_.number(reason.citation),
                                  reason.citation.url));
    }
    return words;
  }

  void add_step(std::size_t number, const PlannedStep& planned) {
    const UpgradeStep& step = planned.step;
    text_ += fmt::format("\n## {}. {}\n", number, title_of(step));
    if (report_.deadline) text_ += fmt::format("\nWhen: {}.\n", due_line(report_, step));
    add_list("Why:", cited(step.reasons));
    std::vector<std::string> changes;
    for (const FileChange& change : planned.changes) {
      changes.push_back(fmt::format("[ ] {}: {}{}", code(place_words(change.place)), code(change_words(change)),
                                    escaped(remarks_on(change))));
    }
    add_list("Files:", changes);
    text_ += "\n```sh\n";
    for (const auto& command : commands_of(report_, planned)) add_command(text_, "", command);
    text_ += "```\n";
    std::vector<std::string> advice;
    for (const auto& one : advice_of(report_, planned)) advice.push_back(escaped(one));
    add_list("Mind:", advice);
    add_list("What it brings:", cited(planned.effects));
    std::vector<std::string> lasting;
    std::vector<std::string> passing;
    for (const auto& [finding, mended_by] : planned.appearing) {
      (mended_by ? passing : lasting)
          .push_back(fmt::format("{}: {} {}: {}{}", code(place_words(finding.place)), to_string(finding.severity),
                                 finding.rule->code, escaped(finding.message),
                                 mended_by ? fmt::format(" (until step {})", *mended_by) : ""));
    }
    add_list("What breaks, and has to be mended before this step:", lasting);
    add_list("What meshlint finds until a later step mends it:", passing);
    add_list("What the pages leave open:", cited(step.open));
  }

  void add_sources() {
    if (sources_.all().empty()) return;
    text_ += "\n## Sources\n\n";
    for (std::size_t i = 0; i < sources_.all().size(); ++i) {
      const Citation& source = sources_.all()[i];
      text_ += fmt::format("{}. [{}]({})\n", i + 1, escaped(source_words(source)), source.url);
    }
  }

  const UpgradeReport& report_;
  std::string text_;
  Sources sources_;
};

Json state_json(const ClusterState& state) {
  Json revisions = Json::array();
  for (const Minor revision : state.revisions) revisions.push_back(revision_name(revision));
  return {{"revisions", std::move(revisions)}, {"kubernetes", to_string(state.kubernetes)}};
}

Json place_json(const Place& place) {
  const Position at = position_of(place);
  return {{"file", valid_utf8(place.file->path())}, {"line", at.line}, {"column", at.column}};
}

Json reasons_json(const std::vector<Reason>& reasons) {
  Json result = Json::array();
  for (const Reason& reason : reasons) {
    const Citation& source = reason.citation;
    result.push_back(
        {{"text", reason.text},
         {"source", {{"page", source.page}, {"section", source.section}, {"url", source.url}, {"date", source.date}}}});
  }
  return result;
}

Json due_json(const std::optional<DueDay>& due) {
  if (!due) return {};
  return {{"last_day", to_string(due->last_day)}, {"expected", due->expected}, {"what", due->what}};
}

Json step_json(const UpgradeReport& report, const PlannedStep& planned) {
  const UpgradeStep& step = planned.step;
  Json changes = Json::array();
  for (const FileChange& change : planned.changes) {
    changes.push_back({{"kind", kind_name(change.kind)},
                       {"location", place_json(change.place)},
                       {"object", sanitize(change.object)},
                       {"from", sanitize(change.from)},
                       {"to", change.to},
                       {"listed_at", change.listed ? place_json(*change.listed) : Json()},
                       {"shared", change.is_shared},
                       {"added_by_earlier_step", change.is_new}});
  }
  Json findings = Json::array();
  for (const auto& [finding, mended_by] : planned.appearing) {
    findings.push_back({{"code", finding.rule->code},
                        {"rule", finding.rule->name},
                        {"severity", to_string(finding.severity)},
                        {"message", sanitize(finding.message)},
                        {"location", place_json(finding.place)},
                        {"mended_by_step", mended_by ? Json(*mended_by) : Json()}});
  }
  Json result = {{"kind", kind_name(step.kind)},
                 {"title", title_of(step)},
                 {"before", state_json(step.before)},
                 {"after", state_json(step.after)},
                 {"recovery", step.is_recovery},
                 {"reasons", reasons_json(step.reasons)},
                 {"commands", commands_of(report, planned)},
                 {"changes", std::move(changes)},
                 {"advice", advice_of(report, planned)},
                 {"effects", reasons_json(planned.effects)},
                 {"new_findings", std::move(findings)},
                 {"findings_gone", planned.disappearing},
                 {"open", reasons_json(step.open)}};
  if (report.deadline) result["deadline"] = due_json(step.due);
  return result;
}

}  // namespace

std::string report_upgrade_text(const UpgradeReport& report) {
  return TextReport(report).write();
}

std::string report_upgrade_markdown(const UpgradeReport& report) {
  return MarkdownReport(report).write();
}

std::string report_upgrade_json(const UpgradeReport& report) {
  const UpgradeOutline& outline = report.outline;
  Json definitions = Json::array();
  for (const Node place : outline.places) definitions.push_back(place_json({place.file(), place.span()}));
  Json notes = Json::array();
  for (const auto& note : outline.notes) notes.push_back(note);
  Json steps = Json::array();
  for (const PlannedStep& planned : outline.steps) steps.push_back(step_json(report, planned));
  const Json log = {{"version", 1},
                    {"cluster", outline.cluster.empty() ? Json() : Json(sanitize(outline.cluster))},
                    {"definitions", std::move(definitions)},
                    {"as_of", to_string(report.as_of)},
                    {"policy_date", to_string(report.policy.data_date())},
                    {"support_plan", plan_name(report)},
                    {"from", state_json(outline.start)},
                    {"to", state_json(outline.end)},
                    {"supported_until", due_json(end_of_state(rules_of(report), outline.end))},
                    {"notes", std::move(notes)},
                    {"steps", std::move(steps)}};
  return break_commands(log.dump(2, ' ', true, Json::error_handler_t::replace)) + "\n";
}

}  // namespace meshlint
