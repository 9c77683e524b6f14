#include "linter/page_date.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

#include "linter/ascii.h"

namespace meshlint {
namespace {

constexpr int last_short_year = 21;  // pages of 2018 to 2021 have "Apr 19"; "Aug 31" on a newer one may be a day

constexpr std::string_view month_names[] = {"January", "February", "March",     "April",   "May",      "June",
                                            "July",    "August",   "September", "October", "November", "December"};

bool take(std::string_view& text, std::string_view prefix) {
  if (text.size() < prefix.size() || !equals_ignoring_case(text.substr(0, prefix.size()), prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<std::chrono::month> take_month(std::string_view& text) {
  const auto is_letter = [](char letter) { return lower_letter(letter) >= 'a' && lower_letter(letter) <= 'z'; };
  const auto length = static_cast<std::size_t>(std::ranges::find_if_not(text, is_letter) - text.begin());
  const std::string_view name = text.substr(0, length);
  for (unsigned number = 1; number <= 12; ++number) {
    const std::string_view full = month_names[number - 1];
    const bool short_form =
        equals_ignoring_case(name, full.substr(0, 3)) || (number == 9 && equals_ignoring_case(name, "Sept"));
    if (!short_form && !equals_ignoring_case(name, full)) continue;
    text.remove_prefix(length);
    if (short_form) take(text, ".");
    return std::chrono::month(number);
  }
  return std::nullopt;
}

// Takes a number of at most four digits and says how many digits it has.
std::pair<int, std::size_t> take_number(std::string_view& text) {
  const std::size_t length = std::min(text.find_first_not_of("0123456789"), text.size());
  int value = 0;
  if (length == 0 || length > 4) return {0, 0};
  std::from_chars(text.data(), text.data() + length, value);
  text.remove_prefix(length);
  return {value, length};
}

// "Mar 2026", "Aug 19", "Aug 22, 2025", "Aug 22nd, 2025", "Jan,15 2025", "Aug-04-21".
bool take_date(std::string_view& text, PageDate& date) {
  const auto month = take_month(text);
  if (!month) return false;
  const bool dashes = take(text, "-");
  if (!dashes && !take(text, ", ") && !take(text, ",") && !take(text, " ")) return false;
  auto [number, digits] = take_number(text);
  if (digits == 0 || digits == 3) return false;
  bool has_day = false;
  if (digits <= 2) {
    const auto day = std::chrono::day(static_cast<unsigned>(number));
    std::string_view rest = text;
    const bool ordinal = take(rest, "st") || take(rest, "nd") || take(rest, "rd") || take(rest, "th");
    const bool divided = dashes ? take(rest, "-") : take(rest, ", ") || take(rest, ",") || take(rest, " ");
    const auto [year, year_digits] = divided ? take_number(rest) : std::pair<int, std::size_t>();
    if (year_digits == 4 || (dashes && year_digits == 2)) {
      has_day = true;
      date.day = day;
      number = year;
      digits = year_digits;
      text = rest;
    } else if (ordinal || dashes || digits == 1 || number > last_short_year) {
      return false;
    }
  }
  if (dashes && !has_day) return false;
  date.month = std::chrono::year(digits == 2 ? 2000 + number : number) / *month;
  return date.day ? (*date.month / *date.day).ok() : date.month->ok();
}

// "1.23 GA", "Until 1.36 GA".
bool take_release(std::string_view& text, PageDate& date) {
  std::string_view rest = text;
  take(rest, "until ");
  const std::size_t space = rest.find(' ');
  const auto version = parse_minor(rest.substr(0, space));
  if (!version || to_string(*version) != rest.substr(0, space) || space == std::string_view::npos) return false;
  rest.remove_prefix(space);
  if (!take(rest, " GA")) return false;
  date.release = version;
  text = rest;
  return true;
}

// " (expected)", " (expected EOM)": the end of the month is what a month means anyway.
bool take_expected(std::string_view& text) {
  std::string_view rest = text;
  take(rest, " ");
  const bool taken = take(rest, "(expected)") || take(rest, "(expected EOM)");
  if (taken) text = rest;
  return taken;
}

// What may stand behind a date without being a part of it.
bool take_addition(std::string_view text, PageDate& date) {
  if (text.empty()) return true;
  if (take(text, " - Note ")) {
    text = trim(text);
    date.note = text;
    return !text.empty();
  }
  PageDate lts;
  if (!take(text, ", LTS until ")) return false;
  const std::string_view until = text;
  if (!take_date(text, lts) || !text.empty() || lts.day) return false;
  date.lts_until = lts.month;
  date.lts_text = until;
  return true;
}

}  // namespace

std::optional<Date> PageDate::last_day() const {
  if (!month) return std::nullopt;
  return day ? Date(*month / *day) : Date(*month / std::chrono::last);
}

std::optional<PageDate> parse_page_date(std::string_view cell) {
  PageDate date;
  cell = trim(cell);
  std::string_view text = cell;
  if (equals_ignoring_case(text, "TBD")) {
    date.text = text;
    date.undetermined = true;
    return date;
  }
  date.footnote = take(text, "*") || take(text, "\\*");
  date.expected = take(text, "~");
  if (!take_release(text, date) && !take_date(text, date)) return std::nullopt;
  date.expected = take_expected(text) || date.expected;
  date.footnote = take(text, "*") || take(text, "\\*") || date.footnote;
  date.text = cell.substr(0, cell.size() - text.size());
  if (!take_addition(text, date)) return std::nullopt;
  return date;
}

std::string date_words(const PageDate& date) {
  if (date.undetermined) return "to be determined";
  if (date.release) return fmt::format("the release of {}", to_string(*date.release));
  const std::string_view month = month_names[static_cast<unsigned>(date.month->month()) - 1];
  const int year = static_cast<int>(date.month->year());
  return date.day ? fmt::format("{} {}, {}", month, static_cast<unsigned>(*date.day), year)
                  : fmt::format("{} {}", month, year);
}

}  // namespace meshlint
