// Points in time as the pages write them: "Mar 2026", "Aug 22nd, 2025", "~Sept 2026 (expected)", "1.23 GA", "TBD".
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "linter/version.h"

namespace meshlint {

// The last day of a Deadline whose page states no date yet ("TBD", "1.23 GA"): later than any that a run is asked
// about.
inline constexpr Date no_day = Date(std::chrono::year(9999) / std::chrono::December / 31);

// What one cell says about time: a month, a day, the general availability of a version, or that it is not known yet.
struct PageDate {
  std::string text;  // the cell without what does not belong to the date: a note or the end of long-term support
  std::optional<std::chrono::year_month> month;  // of the day too, when there is one
  std::optional<std::chrono::day> day;
  std::optional<Minor> release;                      // "until 1.36 GA"
  bool expected = false;                             // `~` or `(expected)`: a forecast
  bool undetermined = false;                         // "TBD"
  bool footnote = false;                             // an asterisk that a note on the page explains
  std::string note;                                  // words behind the date that are no part of it
  std::optional<std::chrono::year_month> lts_until;  // "Jul 2024, LTS until Jul 2025"
  std::string lts_text;

  // The last day of the month, or the day; none where the cell states neither.
  std::optional<Date> last_day() const;
};

// Reads a cell that is not empty; nothing when any of its characters is not accounted for. A number of two digits
// behind a month is a year up to 21, when the pages last wrote years so; a higher one might be a day and is not read.
std::optional<PageDate> parse_page_date(std::string_view cell);

// "May 2026", "Aug 22, 2025".
std::string date_words(const PageDate& date);

}  // namespace meshlint
