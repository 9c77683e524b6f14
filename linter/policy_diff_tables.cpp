#include "linter/policy_diff_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "linter/words.h"

namespace meshlint {
namespace {

std::string joined(Node list, std::string_view last = "and") {
  std::vector<std::string> words;
  for (const Node item : list.items()) words.emplace_back(item.text());
  return list_words(words, last);
}

// "from Istio 1.22 on", "up to Istio 1.24", "in Istio 1.20 to 1.24"; empty for a row that is there in every minor.
std::string minors_words(Node row) {
  const auto since = row["since"].text();
  const auto until = row["until"].text();
  if (since.empty() && until.empty()) return {};
  if (until.empty()) return fmt::format("from Istio {} on", since);
  if (since.empty()) return fmt::format("up to Istio {}", until);
  return since == until ? fmt::format("in Istio {}", since) : fmt::format("in Istio {} to {}", since, until);
}

// What a field is in one range of minors: "list of Rule (required, at most 512) from Istio 1.25 on".
std::string period_words(Node period) {
  if (period.is_scalar()) return std::string(period.text());
  std::string text =
      period["values"] ? fmt::format("one of {}", joined(period["values"], "or")) : std::string(period["type"].text());
  std::vector<std::string> more;
  if (period["required"].text() == "true") more.emplace_back("required");
  if (period["nullable"].text() == "true") more.emplace_back("nullable");
  if (period["minimum"]) more.push_back(fmt::format("at least {}", period["minimum"].text()));
  if (period["maximum"]) more.push_back(fmt::format("at most {}", period["maximum"].text()));
  if (period["pattern"]) more.push_back(fmt::format("matching {}", period["pattern"].text()));
  if (period["proto"]) more.push_back(fmt::format("{} in protobuf", period["proto"].text()));
  if (!more.empty()) text += fmt::format(" ({})", list_words(more));
  const std::string minors = minors_words(period);
  return minors.empty() ? text : fmt::format("{} {}", text, minors);
}

// What a field is over all minors.
std::string field_words(Node field) {
  if (!field.is_sequence()) return period_words(field);
  std::string text;
  for (const Node period : field.items()) text += fmt::format("{}{}", text.empty() ? "" : ", ", period_words(period));
  return text;
}

// The entries of two mappings by their names: each is new, gone, or compared by `changed` where it differs.
template <typename Subject, typename Words, typename Changed>
void compare_names(Comparison& result, std::string_view what, Node before, Node after, Subject subject, Words words,
                   Changed changed) {
  for (const Entry& entry : after.entries()) {
    const Node old = before[entry.key.text()];
    if (!old) {
      result.say(subject(entry), what, {}, entry.value, fmt::format("is new: {}", words(entry.value)));
    } else if (!equal(old, entry.value)) {
      changed(subject(entry), old, entry.value);
    }
  }
  for (const Entry& entry : before.entries()) {
    if (after[entry.key.text()]) continue;
    result.say(subject(entry), what, entry.value, {}, fmt::format("is gone, was {}", words(entry.value)));
  }
}

// Names whose values are told as a whole.
template <typename Subject, typename Words>
void compare_whole(Comparison& result, std::string_view what, Node before, Node after, Subject subject, Words words) {
  compare_names(result, what, before, after, subject, words,
                [&](const std::string& name, Node old_value, Node new_value) {
                  result.say(name, what, old_value, new_value,
                             fmt::format("is now {}, was {}", words(new_value), words(old_value)));
                });
}

void compare_fields_of_messages(Comparison& result, Node before, Node after) {
  const auto fields_words = [](Node message) {
    std::vector<std::string> fields;
    for (const Entry& field : message.entries()) fields.push_back(fmt::format("`{}`", field.key.text()));
    return list_words(fields);
  };
  const auto message = [](const Entry& entry) { return fmt::format("{}", entry.key.text()); };
  compare_names(result, "messages", before, after, message, fields_words,
                [&](const std::string& name, Node old_message, Node new_message) {
                  const auto field = [&name](const Entry& entry) {
                    return fmt::format("field `{}` of {}", entry.key.text(), name);
                  };
                  compare_whole(result, "messages", old_message, new_message, field, field_words);
                });
}

void compare_mesh_fields(Comparison& result, Node before, Node after) {
  compare_fields_of_messages(result, before["messages"], after["messages"]);
  result.entries("", "", before, after, {"messages"});
}

void compare_istio_fields(Comparison& result, Node before, Node after) {
  const auto kind = [](const Entry& entry) { return fmt::format("the spec of {}", entry.key.text()); };
  compare_whole(result, "kinds", before["kinds"], after["kinds"], kind, field_words);
  compare_fields_of_messages(result, before["messages"], after["messages"]);
  result.entries("", "", before, after, {"kinds", "messages"});
}

// "on Pod and Service, from Istio 1.22 on, deprecated from Istio 1.24 on".
std::string annotation_words(Node row) {
  std::string text = fmt::format("for {}", joined(row["kinds"]));
  if (const std::string minors = minors_words(row); !minors.empty()) text += fmt::format(", {}", minors);
  if (row["deprecated"]) text += fmt::format(", deprecated from Istio {} on", row["deprecated"].text());
  return text;
}

void compare_istio_annotations(Comparison& result, Node before, Node after) {
  const auto annotation = [](const Entry& entry) { return fmt::format("annotation `{}`", entry.key.text()); };
  const auto label = [](const Entry& entry) { return fmt::format("label `{}`", entry.key.text()); };
  compare_whole(result, "annotations", before["annotations"], after["annotations"], annotation, annotation_words);
  compare_whole(result, "labels", before["labels"], after["labels"], label, annotation_words);
  result.entries("", "", before, after, {"annotations", "labels"});
}

// Rows of two lists, paired by what `same` finds to be the same subject.
template <typename Same, typename Subject, typename Words, typename Changed>
void compare_lists(Comparison& result, std::string_view what, Node before, Node after, Same same, Subject subject,
                   Words words, Changed changed) {
  const auto find = [&same](Node list, Node row) {
    for (const Node other : list.items()) {
      if (same(other, row)) return other;
    }
    return Node();
  };
  for (const Node row : after.items()) {
    const Node old = find(before, row);
    if (!old) {
      result.say(subject(row), what, {}, row, words(row));
    } else if (!equal(old, row)) {
      changed(old, row);
    }
  }
  for (const Node row : before.items()) {
    if (!find(after, row)) result.say(subject(row), what, row, {}, "is no longer listed");
  }
}

bool same_values(Node left, Node right, const std::vector<std::string_view>& keys) {
  return std::ranges::all_of(keys, [&](std::string_view key) { return one_line(left[key]) == one_line(right[key]); });
}

// "API version v1 from Istio 1.22 on".
std::string served_words(Node versions) {
  std::vector<std::string> words;
  for (const Entry& version : versions.entries()) {
    const std::string minors = minors_words(version.value);
    words.push_back(fmt::format("{}{}{}", version.key.text(), minors.empty() ? "" : " ", minors));
  }
  return list_words(words);
}

void compare_istio_kinds(Comparison& result, Node before, Node after) {
  const auto subject = [](Node row) { return fmt::format("{} of {}", row["kind"].text(), row["group"].text()); };
  compare_lists(
      result, "kinds", before["kinds"], after["kinds"],
      [](Node left, Node right) {
        return same_values(left, right, {"group", "kind"});
      },
      subject,
      [](Node row) {
        return fmt::format("is a custom resource of Istio, served as {}", served_words(row["versions"]));
      },
      [&](Node old, Node row) {
        if (!equal(old["versions"], row["versions"])) {
          result.say(subject(row), "versions", old["versions"], row["versions"],
                     fmt::format("is now served as {}, was as {}", served_words(row["versions"]),
                                 served_words(old["versions"])));
        }
        result.entries(subject(row), "", old, row, {"versions"}, "kinds");
      });
  result.entries("", "", before, after, {"kinds"});
}

std::string deprecation_words(Node row) {
  const auto replacement = row["replacement"].text();
  return fmt::format("is deprecated from Istio {} on{}", row["since"].text(),
                     replacement.empty() ? " and has no effect" : fmt::format(": {} takes its place", replacement));
}

void compare_istio_deprecations(Comparison& result, Node before, Node after) {
  const auto subject = [](Node row) {
    const auto value = row["value"].text();
    const std::size_t more = row["paths"].size() > 1 ? row["paths"].size() - 1 : 0;
    return fmt::format("{}`{}`{} of {}", value.empty() ? "" : fmt::format("value {} of ", value),
                       row["paths"][std::size_t{0}].text(),
                       more == 0 ? "" : fmt::format(" (and {})", count_words(static_cast<long>(more), "other path")),
                       row["kind"].text());
  };
  compare_lists(
      result, "deprecations", before["deprecations"], after["deprecations"],
      [](Node left, Node right) {
        return same_values(left, right, {"group", "kind", "value"}) &&
               left["paths"][std::size_t{0}].text() == right["paths"][std::size_t{0}].text();
      },
      subject, deprecation_words,
      [&](Node old, Node row) {
        if (deprecation_words(old) != deprecation_words(row)) {
          result.say(subject(row), "deprecations", old, row,
                     fmt::format("{}; was: {}", deprecation_words(row), deprecation_words(old)));
        }
        result.entries(subject(row), "", old, row, {"since", "replacement"}, "deprecations");
      });
  result.entries("", "", before, after, {"deprecations"});
}

// "is deprecated in Kubernetes 1.21 and no longer served from 1.25 on: policy/v1, which is there from 1.21 on, takes
// its place".
std::string removal_words(Node row) {
  std::vector<std::string> states;
  if (row["deprecated_in"])
    states.push_back(fmt::format("deprecated from Kubernetes {} on", row["deprecated_in"].text()));
  if (row["removed_in"])
    states.push_back(fmt::format("no longer served from Kubernetes {} on", row["removed_in"].text()));
  std::string text = fmt::format("is {}", list_words(states));
  if (row["replacement"]) {
    const auto since = row["replacement_in"].text();
    text += fmt::format(": {}{} takes its place", row["replacement"].text(),
                        since.empty() ? "" : fmt::format(" (from {} on)", since));
  }
  return text;
}

void compare_removals(Comparison& result, Node before, Node after) {
  const auto subject = [](Node row) {
    return fmt::format("{} of {}", joined(row["kinds"]), row["api_version"].text());
  };
  compare_lists(
      result, "removals", before["removals"], after["removals"],
      [](Node left, Node right) {
        return same_values(left, right, {"api_version", "kinds"});
      },
      subject, removal_words,
      [&](Node old, Node row) {
        const auto told = [&](std::string_view key, std::string_view words, std::string_view preposition) {
          if (equal(old[key], row[key])) return;
          const auto shown = [&](Node value) {
            return value ? fmt::format("{} {}", preposition, value.text()) : std::string("not stated");
          };
          result.say(subject(row), key, old[key], row[key],
                     fmt::format("is {}: {}, was {}", words, shown(row[key]), shown(old[key])));
        };
        told("deprecated_in", "deprecated", "from Kubernetes");
        told("removed_in", "no longer served", "from Kubernetes");
        told("replacement", "replaced", "by");
        told("replacement_in", "replaced by what is there", "from Kubernetes");
        result.entries(subject(row), "", old, row, {"deprecated_in", "removed_in", "replacement", "replacement_in"},
                       "removals");
      });
  result.entries("", "", before, after, {"removals"});
}

// "is refused beside the add-on", ...
std::string conflict_words(Node row) {
  const auto effect = row["effect"].text();
  const std::string note = row["note"] ? fmt::format(": {}", row["note"].text()) : std::string();
  if (effect == "refused") return "cannot be on one cluster with the add-on" + note;
  if (effect == "setup") return "works with the add-on after it was set up" + note;
  if (effect == "retiring") return fmt::format("retires on {}{}", row["ends"].text(), note);
  if (effect == "unsupported") return "is not supported by the add-on" + note;
  return fmt::format("is {}{}", effect, note);
}

void compare_conflicts(Comparison& result, Node before, Node after) {
  const Node old_rows = before["conflicts"];
  const Node new_rows = after["conflicts"];
  const auto list = [&](const std::string& subject, Node old, Node row, std::string_view key, std::string_view words) {
    if (equal(old[key], row[key])) return;
    const auto shown = [](Node value) {
      return value ? value.is_sequence() ? joined(value) : std::string(value.text()) : std::string("not stated");
    };
    result.add(subject, key, old[key], row[key],
               fmt::format("{}: now {}, before {}", words, shown(row[key]), shown(old[key])));
  };
  for (const Entry& entry : new_rows.entries()) {
    const std::string subject(entry.value["what"].text());
    const Node old = old_rows[entry.key.text()];
    if (!old) {
      result.say(subject, entry.key.text(), {}, entry.value, conflict_words(entry.value));
      continue;
    }
    if (conflict_words(old) != conflict_words(entry.value)) {
      result.say(subject, entry.key.text(), old, entry.value,
                 fmt::format("{}; was: {}", conflict_words(entry.value), conflict_words(old)));
    }
    list(subject, old, entry.value, "default_from", "the Kubernetes version from which AKS Automatic turns it on");
    list(subject, old, entry.value, "charts", "its Helm charts");
    list(subject, old, entry.value, "repositories", "the repositories of its charts");
    list(subject, old, entry.value, "images", "its images");
    list(subject, old, entry.value, "labels", "the labels that turn it on");
    list(subject, old, entry.value, "what", "its name");
    result.entries(subject, "", old, entry.value,
                   {"effect", "note", "ends", "default_from", "charts", "repositories", "images", "labels", "what"});
  }
  for (const Entry& entry : old_rows.entries()) {
    if (new_rows[entry.key.text()]) continue;
    result.say(entry.value["what"].text(), entry.key.text(), entry.value, {}, "is no longer listed as a conflict");
  }
  result.entries("", "", before, after, {"conflicts"});
}

}  // namespace

bool compare_named_table(Comparison& result, std::string_view table, Node before, Node after) {
  struct Named {
    std::string_view table;
    void (*compare)(Comparison&, Node, Node);
  };
  constexpr Named tables[] = {
      {"conflicts", compare_conflicts},
      {"istio-annotations", compare_istio_annotations},
      {"istio-deprecations", compare_istio_deprecations},
      {"istio-fields", compare_istio_fields},
      {"istio-kinds", compare_istio_kinds},
      {"kubernetes-removals", compare_removals},
      {"mesh-fields", compare_mesh_fields},
  };
  const auto found = std::ranges::find(tables, table, &Named::table);
  if (found == std::end(tables)) return false;
  found->compare(result, before, after);
  return true;
}

}  // namespace meshlint
