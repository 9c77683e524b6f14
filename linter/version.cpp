#include "linter/version.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace meshlint {
namespace {

constexpr std::string_view suffix_characters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-+";

// Takes a number of at most `digits` digits, without sign or a leading zero, off the front of the text.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  const std::size_t length = std::min(text.find_first_not_of("0123456789"), text.size());
  if (length == 0 || length > digits || (length > 1 && text[0] == '0')) return std::nullopt;
  int value = 0;
  std::from_chars(text.data(), text.data() + length, value);
  text.remove_prefix(length);
  return value;
}

bool take(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

}  // namespace

std::optional<Minor> parse_minor(std::string_view text) {
  if (!text.empty() && (text[0] == 'v' || text[0] == 'V')) text.remove_prefix(1);
  const auto major = take_number(text, 3);
  if (!major || !take(text, ".")) return std::nullopt;
  const auto minor = take_number(text, 3);
  if (!minor) return std::nullopt;
  if (text.empty()) return Minor{*major, *minor};
  if (!take(text, ".") || !take_number(text, 4)) return std::nullopt;
  if (text.empty()) return Minor{*major, *minor};
  const bool has_suffix = (take(text, "-") || take(text, "+")) && !text.empty();
  if (!has_suffix || text.find_first_not_of(suffix_characters) != std::string_view::npos) return std::nullopt;
  return Minor{*major, *minor};
}

std::optional<Minor> parse_revision(std::string_view text) {
  if (!take(text, "asm-")) return std::nullopt;
  const auto major = take_number(text, 2);
  if (!major || !take(text, "-")) return std::nullopt;
  const auto minor = take_number(text, 3);
  if (!minor || !text.empty()) return std::nullopt;
  return Minor{*major, *minor};
}

std::string to_string(Minor version) {
  return fmt::format("{}.{}", version.major, version.minor);
}

std::string revision_name(Minor revision) {
  return fmt::format("asm-{}-{}", revision.major, revision.minor);
}

std::optional<Date> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  int numbers[3] = {};
  const std::string_view parts[3] = {text.substr(0, 4), text.substr(5, 2), text.substr(8, 2)};
  for (int i = 0; i < 3; ++i) {
    if (parts[i].find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    std::from_chars(parts[i].data(), parts[i].data() + parts[i].size(), numbers[i]);
  }
  const std::chrono::year_month_day date{std::chrono::year(numbers[0]),
                                         std::chrono::month(static_cast<unsigned>(numbers[1])),
                                         std::chrono::day(static_cast<unsigned>(numbers[2]))};
  if (!date.ok()) return std::nullopt;
  return Date(date);
}

std::string to_string(Date date) {
  const std::chrono::year_month_day parts(date);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(parts.year()), static_cast<unsigned>(parts.month()),
                     static_cast<unsigned>(parts.day()));
}

bool contains(const std::vector<Minor>& versions, Minor version) {
  return std::ranges::find(versions, version) != versions.end();
}

}  // namespace meshlint
