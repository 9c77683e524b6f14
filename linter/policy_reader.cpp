#include "linter/policy_reader.h"

#include <fmt/format.h>

#include <charconv>
#include <functional>
#include <system_error>

#include "linter/policy_tables.h"
#include "linter/words.h"

namespace meshlint {
namespace {

// The anchor that the page's site gives a heading.
std::string anchor(std::string_view heading) {
  std::string result;
  for (const char letter : heading) {
    const char small = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    if (small == ' ') {
      result += '-';
    } else if ((small >= 'a' && small <= 'z') || (small >= '0' && small <= '9') || small == '-' || small == '_') {
      result += small;
    }
  }
  return result;
}

}  // namespace

Citation Sources::cite(std::string_view page, std::string_view section) const {
  const auto found = pages.find(page);
  if (found == pages.end()) return {};
  Citation citation = found->second;
  citation.section = section;
  if (!section.empty() && !citation.url.empty()) citation.url += "#" + anchor(section);
  return citation;
}

std::string did_you_mean(std::string_view misspelt, const std::vector<std::string_view>& candidates) {
  const std::string_view meant = closest_word(misspelt, candidates);
  return meant.empty() ? "" : fmt::format("; did you mean `{}`?", meant);
}

void Reader::complain(Node place, std::string message) {
  problems_.push_back({.file = &file_, .span = place.span(), .message = std::move(message), .help = {}, .notes = {}});
}

void Reader::check_table(Node root, Keys required, Keys optional) {
  std::vector<std::string_view> known(required);
  known.insert(known.end(), optional.begin(), optional.end());
  known.emplace_back("extends");
  const bool has_source = std::ranges::find(required, "source") != required.end();
  for (const Entry& entry : entries(root)) {
    const std::string_view name = entry.key.text();
    if (std::ranges::find(known, name) != known.end()) continue;
    complain(entry.key, fmt::format("unknown key `{}`{}", name, did_you_mean(name, known)));
  }
  for (const std::string_view key : required) {
    if (root.is_mapping() && !extends_ && !root[key]) {
      complain(root[key], fmt::format("the key `{}` is missing", key));
    }
  }
  if (!has_source || !root["source"]) return;
  table_source_ = source(root["source"]);
  has_table_source_ = true;
}

void Reader::check_keys(Node mapping, Keys required, Keys optional) {
  std::vector<std::string_view> known(required);
  known.insert(known.end(), optional.begin(), optional.end());
  for (const Entry& entry : entries(mapping)) {
    const std::string_view name = entry.key.text();
    if (std::ranges::find(known, name) != known.end()) continue;
    complain(entry.key, fmt::format("unknown key `{}`{}", name, did_you_mean(name, known)));
  }
  if (!mapping.is_mapping()) return;
  for (const std::string_view key : required) {
    if (!mapping[key]) complain(mapping[key], fmt::format("the key `{}` is missing", key));
  }
}

// Looking a key up gives its last value, so this looks at what is stored.
void Reader::check_duplicate_keys(const Document& document) {
  std::set<std::pair<std::uint32_t, std::string_view>> known;
  const auto& nodes = document.nodes();
  for (const NodeData& value : nodes) {
    if (value.key == NodeData::none) continue;
    const Node key(document, value.key);
    if (!key.is_scalar() || known.emplace(value.parent, key.text()).second) continue;
    complain(key, fmt::format("the key `{}` is stated twice", key.text()));
  }
}

void Reader::check_new(Node place, std::set<std::string, std::less<>>& known, const std::string& identity) {
  if (!identity.empty() && !known.insert(identity).second) complain(place, fmt::format("{} is stated twice", identity));
}

void Reader::check_order(Node place, const Minor* previous, Minor next, std::string (*name)(Minor)) {
  if (previous == nullptr || *previous < next) return;
  complain(place, *previous == next ? fmt::format("{} is stated twice", name(next))
                                    : fmt::format("{} stands behind {}", name(next), name(*previous)));
}

std::vector<Entry> Reader::entries(Node mapping) {
  if (mapping && !mapping.is_mapping()) complain(mapping, "expected a mapping");
  return mapping.entries();
}

std::vector<Node> Reader::items(Node sequence) {
  if (sequence && !sequence.is_sequence()) complain(sequence, "expected a list");
  return sequence.items();
}

std::string Reader::text(Node node) {
  if (node && node.text().empty()) {
    complain(node, "expected a text");
  } else if (node && node.type() != ScalarType::string) {
    complain(node, fmt::format("expected a text: quote `{}` if it is one", node.text()));
  }
  return std::string(node.text());
}

std::vector<std::string> Reader::texts(Node sequence) {
  std::vector<std::string> result;
  for (const Node item : items(sequence)) result.push_back(text(item));
  return result;
}

std::string Reader::address(Node node) {
  std::string result = text(node);
  if (!result.empty() && !result.starts_with("https://")) complain(node, "expected an address with https://");
  return result;
}

bool Reader::flag(Node node) {
  const bool is_flag = node.style() == ScalarStyle::plain && (node.text() == "true" || node.text() == "false");
  if (node && !is_flag) complain(node, "expected `true` or `false`");
  return node.text() == "true";
}

int Reader::count(Node node) {
  const std::string_view digits = node.text();
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool is_count = error == std::errc() && end == digits.data() + digits.size() && value >= 0;
  if (node && (!is_count || node.style() != ScalarStyle::plain)) {
    complain(node, "expected a number from 0 on");
    return 0;
  }
  return value;
}

std::vector<int> Reader::counts(Node sequence) {
  std::vector<int> result;
  for (const Node item : items(sequence)) result.push_back(count(item));
  return result;
}

std::optional<Date> Reader::day(Node node) {
  const auto date = parse_date(node.text());
  if (node && !date) complain(node, fmt::format("`{}` is no date such as 2026-08-21", node.text()));
  return date;
}

std::string Reader::written_month(Node node) {
  std::string result = text(node);
  const auto date = parse_page_date(result);
  if (!result.empty() && (!date || !date->month)) {
    complain(node, fmt::format("`{}` is no month such as July 2026", result));
  }
  return result;
}

std::optional<Date> Reader::month(Node node) {
  const auto first = parse_date(fmt::format("{}-01", node.text()));
  if (node && !first) complain(node, fmt::format("`{}` is no month such as 2026-08", node.text()));
  if (!first) return std::nullopt;
  const std::chrono::year_month_day parts(*first);
  return Date(parts.year() / parts.month() / std::chrono::last);
}

std::optional<Deadline> Reader::deadline(Node node) {
  if (!node) return std::nullopt;
  check_keys(node, {"text"}, {"month", "day", "expected"});
  Deadline result;
  result.text = text(node["text"]);
  result.expected = flag(node["expected"]);
  const auto written = parse_page_date(result.text);
  if (!result.text.empty() && !written) complain(node["text"], fmt::format("`{}` is no date", result.text));
  const Node stated = node["day"] ? node["day"] : node["month"];
  if (written && !written->month) {
    result.last_day = no_day;
    if (stated) complain(stated, fmt::format("the text states no month: `{}`", result.text));
    return result;
  }
  if (node.is_mapping() && static_cast<bool>(node["month"]) == static_cast<bool>(node["day"])) {
    complain(node, "state one of `month` and `day`");
  }
  const auto last_day = node["day"] ? day(node["day"]) : month(node["month"]);
  if (!last_day) return std::nullopt;
  result.last_day = *last_day;
  if (written) check_agreement(node, result, *written);
  return result;
}

// The cell of the page and what it was read as are stated side by side: they must not contradict each other.
void Reader::check_agreement(Node node, const Deadline& deadline, const PageDate& written) {
  const Node stated = node["day"] ? node["day"] : node["month"];
  if (written.day.has_value() != static_cast<bool>(node["day"]) || written.last_day() != deadline.last_day) {
    complain(stated, fmt::format("{} is not what the text says: `{}`", stated.text(), deadline.text));
  }
  if (written.expected != deadline.expected) {
    complain(node["text"], deadline.expected ? "the text does not mark the date as expected"
                                             : "the text marks the date as expected: state `expected: true`");
  }
}

std::size_t Reader::choice(Node node, const std::vector<std::string_view>& words) {
  const auto found = std::ranges::find(words, node.text());
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  if (node) {
    std::vector<std::string> shown;
    for (const std::string_view word : words) shown.push_back(fmt::format("`{}`", word));
    complain(node, fmt::format("expected {}{}", list_words(shown, "or"), did_you_mean(node.text(), words)));
  }
  return 0;
}

FieldSupport Reader::support(Node node) {
  constexpr FieldSupport classes[] = {FieldSupport::supported, FieldSupport::allowed, FieldSupport::blocked};
  return classes[choice(node, {"supported", "allowed", "blocked"})];
}

std::optional<Minor> Reader::version(Node node) {
  if (!node) return std::nullopt;
  const auto result = parse_minor(node.text());
  if (!result || to_string(*result) != node.text()) {
    complain(node, fmt::format("`{}` is no minor version such as \"1.30\"", node.text()));
    return std::nullopt;
  }
  if (node.style() == ScalarStyle::plain) complain(node, fmt::format("quote the version: \"{}\"", node.text()));
  return result;
}

std::optional<Minor> Reader::revision(Node node) {
  const auto result = parse_revision(node.text());
  if (node && !result) complain(node, fmt::format("`{}` is no revision such as asm-1-30", node.text()));
  return result;
}

std::optional<Minor> Reader::known_version(Node node) {
  const auto result = version(node);
  if (result) refer(Reference::Target::kubernetes, node, node.text());
  return result;
}

std::optional<Minor> Reader::known_revision(Node node) {
  const auto result = revision(node);
  if (result) refer(Reference::Target::revision, node, node.text());
  return result;
}

std::vector<Minor> Reader::ascending_versions(Node sequence) {
  std::vector<Minor> result;
  for (const Node item : items(sequence)) {
    const auto next = known_version(item);
    if (!next) continue;
    check_order(item, result.empty() ? nullptr : &result.back(), *next, to_string);
    result.push_back(*next);
  }
  return result;
}

void Reader::refer(Reference::Target target, Node node, std::string_view name) {
  references_.push_back({target, std::string(name), node.span()});
}

Citation Reader::source(Node node) {
  check_keys(node, {"page", "read"}, {"section"});
  const std::string page = text(node["page"]);
  const auto read = day(node["read"]);
  const std::string section = text(node["section"]);
  if (sources_ == nullptr || page.empty() || !read) return {};
  Citation citation = sources_->cite(page, section);
  if (citation.empty()) {
    complain(node["page"], fmt::format("{} has no page `{}`{}", table_file<Sources>, page,
                                       did_you_mean(page, keys_of(sources_->pages))));
  } else if (to_string(*read) > citation.date) {
    complain(node["read"], fmt::format("{} says that the page was read on {}", table_file<Sources>, citation.date));
  }
  citation.date = to_string(*read);
  return citation;
}

Citation Reader::source_of(Node row) {
  if (row["source"]) return source(row["source"]);
  if (extends_ && !has_table_source_) complain(row, "state the `source`, here or for the whole table");
  return table_source_;
}

void Reader::classes(Node table, const Citation& source_of_table, Classes& result) {
  for (const Entry& entry : entries(table)) {
    FieldClass read;
    read.citation = source_of_table;
    if (entry.value.is_mapping()) {
      check_keys(entry.value, {"support"}, {"note", "since", "before", "until", "source"});
      read.support = support(entry.value["support"]);
      read.note = text(entry.value["note"]);
      read.since = day(entry.value["since"]);
      set(read.before, entry.value["before"], &Reader::support);
      read.until = day(entry.value["until"]);
      set(read.citation, entry.value["source"], &Reader::source);
      if (entry.value["before"] && !entry.value["since"]) complain(entry.value["before"], "state `since` as well");
    } else {
      read.support = support(entry.value);
    }
    if (read.citation.empty() && extends_ && sources_ != nullptr && !entry.value["source"]) {
      complain(entry.key, "state the `source`, here or for the whole table");
    }
    result.insert_or_assign(std::string(entry.key.text()), std::move(read));
  }
}

}  // namespace meshlint
