#include "linter/policy_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "linter/policy_fact_words.h"
#include "linter/words.h"

namespace meshlint {
namespace {

// `{page: istio-about, section: Limitations, read: 2026-08-21}`
bool is_source(Node value) {
  return value["page"].is_scalar() && value["read"].is_scalar();
}

std::string place_words(Node source) {
  const Node section = source["section"];
  return section ? fmt::format("{}, section {}", source["page"].text(), meshlint::quoted(section.text()))
                 : std::string(source["page"].text());
}

bool is_list_of_scalars(Node list) {
  return list.is_sequence() && std::ranges::all_of(list.items(), [](Node item) { return item.is_scalar(); });
}

std::string shown(Node value) {
  const std::string text = plain(value);
  constexpr std::size_t longest = 120;
  return text.size() <= longest ? text : meshlint::quoted(text);
}

// "asm-1-25 to asm-1-29", "asm-1-30 and newer", "up to asm-1-24".
std::string range_words(std::string_view first, std::string_view last) {
  if (first == last) return std::string(first);
  if (first.empty()) return fmt::format("up to {}", last);
  return last.empty() ? fmt::format("{} and newer", first) : fmt::format("{} to {}", first, last);
}

// What of versions and days a row is for; empty for rows that have a name.
std::string range_of(Node row) {
  if (row["since"] && row["types"]) return fmt::format("from {} on", row["since"].text());
  std::string revisions = range_words(row["first"].text(), row["last"].text());
  const std::string kubernetes = range_words(row["first_kubernetes"].text(), row["last_kubernetes"].text());
  if (kubernetes.empty()) return revisions;
  return fmt::format("Kubernetes {}{}{}", kubernetes, revisions.empty() ? "" : ", ", revisions);
}

// The first values of a row: "policy/v1beta1 PodDisruptionBudget".
std::string name_of(Node row, std::size_t values) {
  if (std::string range = range_of(row); !range.empty()) return range;
  std::string name;
  for (const Entry& entry : row.entries()) {
    if (values-- == 0) break;
    const std::string value = plain(entry.value);
    if (!value.empty()) name += fmt::format("{}{}", name.empty() ? "" : " ", value);
  }
  return name;
}

// How many of their first values name the rows of two lists, so that they can be compared one by one; 0 for none.
std::size_t naming_values(Node before, Node after) {
  const auto names = [](Node list, std::size_t values) {
    std::set<std::string> known;
    return std::ranges::all_of(list.items(), [&](Node item) {
      const std::string name = item.is_mapping() ? name_of(item, values) : "";
      return !name.empty() && known.insert(name).second;
    });
  };
  constexpr std::size_t most = 3;
  for (std::size_t values = 1; values <= most; ++values) {
    if (names(before, values) && names(after, values)) return values;
  }
  return 0;
}

std::string with_subject(std::string_view subject, std::string_view words) {
  return subject.empty() ? std::string(words) : fmt::format("{}: {}", subject, words);
}

}  // namespace

std::string one_line(Node value) {
  if (!value.is_mapping() && !value.is_sequence()) return std::string(value.text());
  std::string text;
  for (const Entry& entry : value.entries()) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", entry.key.text(), one_line(entry.value));
  }
  if (value.is_mapping()) return fmt::format("{{{}}}", text);
  for (const Node item : value.items()) text += fmt::format("{}{}", text.empty() ? "" : ", ", one_line(item));
  return fmt::format("[{}]", text);
}

bool equal(Node left, Node right) {
  return left.kind() == right.kind() && one_line(left) == one_line(right);
}

std::string plain(Node value) {
  if (value.is_scalar()) {
    if (value.type() == ScalarType::boolean) return value.text() == "true" ? "yes" : "no";
    return std::string(value.text());
  }
  std::string text;
  const auto add = [&text](const std::string& part) { text += fmt::format("{}{}", text.empty() ? "" : ", ", part); };
  for (const Entry& entry : value.entries()) {
    if (is_source(entry.value)) continue;
    std::string key(entry.key.text());
    std::ranges::replace(key, '_', ' ');
    const std::string below = plain(entry.value);
    add(entry.value.is_scalar() ? fmt::format("{} {}", key, below) : fmt::format("{} ({})", key, below));
  }
  for (const Node item : value.items()) add(plain(item));
  return text;
}

void Comparison::add(std::string_view subject, std::string_view what, Node before, Node after, std::string_view words) {
  put(subject, what, before, after, with_subject(subject, words));
}

void Comparison::say(std::string_view subject, std::string_view what, Node before, Node after,
                     std::string_view predicate) {
  put(subject, what, before, after, fmt::format("{} {}", subject, predicate));
}

void Comparison::put(std::string_view subject, std::string_view what, Node before, Node after, std::string sentence) {
  changes.push_back({.table = std::string(table_),
                     .subject = std::string(subject),
                     .what = std::string(what),
                     .before = before ? one_line(before) : "",
                     .after = after ? one_line(after) : "",
                     .sentence = std::move(sentence)});
}

// A fact without words of its own is named by its path, below the subject or what the table is about.
std::string Comparison::words_for(std::string_view subject, const std::string& path, const std::string& rows) const {
  const std::string known = fact_words(table_, rows.empty() ? path : fmt::format("{}[].{}", rows, path));
  if (!known.empty()) return with_subject(subject, known);
  return fmt::format("{}: {}", subject.empty() ? table_words(table_) : std::string(subject), path);
}

void Comparison::tell(std::string_view subject, const std::string& path, const std::string& rows, Node before,
                      Node after, std::string_view predicate) {
  put(subject, path, before, after, fmt::format("{} {}", words_for(subject, path, rows), predicate));
}

void Comparison::generic(std::string_view subject, const std::string& path, Node before, Node after,
                         const std::string& rows) {
  if (equal(before, after)) return;
  if (is_source(after) && (!before || is_source(before))) {
    source(subject, path, before, after);
  } else if (before.is_mapping() && after.is_mapping()) {
    entries(subject, path, before, after, {}, rows);
  } else if (before.is_sequence() && after.is_sequence() && naming_values(before, after) > 0) {
    items(subject, path, before, after, rows);
  } else if (is_list_of_scalars(before) && is_list_of_scalars(after)) {
    scalars(subject, path, before, after, rows);
  } else if (!before) {
    tell(subject, path, rows, before, after, fmt::format("is new: {}", shown(after)));
  } else if (!after) {
    tell(subject, path, rows, before, after, fmt::format("is no longer stated, was {}", shown(before)));
  } else {
    tell(subject, path, rows, before, after, fmt::format("is now {}, was {}", shown(after), shown(before)));
  }
}

void Comparison::entries(std::string_view subject, const std::string& path, Node before, Node after,
                         const std::set<std::string_view>& skipped, const std::string& rows) {
  const auto below = [&](std::string_view key) {
    return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
  };
  for (const Entry& entry : after.entries()) {
    const std::string_view key = entry.key.text();
    if (!skipped.contains(key)) generic(subject, below(key), before[key], entry.value, rows);
  }
  for (const Entry& entry : before.entries()) {
    const std::string_view key = entry.key.text();
    if (!skipped.contains(key) && !after[key]) generic(subject, below(key), entry.value, {}, rows);
  }
}

// Where a fact stands, and when that was read.
void Comparison::source(std::string_view subject, const std::string& path, Node before, Node after) {
  if (before && place_words(before) == place_words(after)) {
    add(subject, path + ".read", before["read"], after["read"],
        fmt::format("{} was read on {}, before on {}", place_words(after), after["read"].text(),
                    before["read"].text()));
    return;
  }
  const std::string about = subject.empty() ? table_words(table_) : std::string(subject);
  const std::string was =
      before ? fmt::format(", was {} of {}", place_words(before), before["read"].text()) : std::string();
  put(subject, path, before, after,
      fmt::format("{}: the source is now {} of {}{}", about, place_words(after), after["read"].text(), was));
}

void Comparison::items(std::string_view subject, const std::string& path, Node before, Node after,
                       const std::string& rows) {
  const std::size_t values = naming_values(before, after);
  const auto find = [values](Node list, const std::string& name) {
    for (const Node item : list.items()) {
      if (name_of(item, values) == name) return item;
    }
    return Node();
  };
  const auto full = [subject](const std::string& name) {
    return subject.empty() ? name : fmt::format("{}, {}", subject, name);
  };
  const std::string list = words_for("", path, rows);
  for (const Node item : after.items()) {
    const std::string name = name_of(item, values);
    if (const Node old = find(before, name)) {
      entries(full(name), "", old, item, {}, rows.empty() ? path : fmt::format("{}[].{}", rows, path));
    } else {
      add(full(name), path, {}, item, fmt::format("added to {}: {}", list, shown(item)));
    }
  }
  for (const Node item : before.items()) {
    const std::string name = name_of(item, values);
    if (!find(after, name)) add(full(name), path, item, {}, fmt::format("removed from {}, was {}", list, shown(item)));
  }
}

void Comparison::scalars(std::string_view subject, const std::string& path, Node before, Node after,
                         const std::string& rows) {
  const auto contains = [](Node list, std::string_view text) {
    return std::ranges::any_of(list.items(), [text](Node item) { return item.text() == text; });
  };
  bool differ = false;
  for (const Node item : after.items()) {
    if (contains(before, item.text())) continue;
    differ = true;
    tell(subject, path, rows, {}, item, fmt::format("is new: {}", item.text()));
  }
  for (const Node item : before.items()) {
    if (contains(after, item.text())) continue;
    differ = true;
    tell(subject, path, rows, item, {}, fmt::format("is gone: {}", item.text()));
  }
  if (!differ) tell(subject, path, rows, before, after, "has another order or number of values");
}

}  // namespace meshlint
