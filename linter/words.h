// Small phrases that messages are made of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "linter/version.h"

namespace meshlint {

// A value from the user's file in quotes, cut when it is long.
std::string quoted(std::string_view value);

// "a", "a and b", "a, b and c"; with another last word than "and" where asked for.
std::string list_words(const std::vector<std::string>& words, std::string_view last = "and");

// "1.29", "1.29 and 1.31", "1.29 to 1.34" where nothing is missing between; the versions must be ascending.
std::string list_versions(const std::vector<Minor>& versions);

// "asm-1-28 and asm-1-29".
std::string list_revisions(const std::vector<Minor>& revisions, std::string_view last = "and");

// "1 day", "12 days".
std::string count_words(long count, std::string_view singular);

// The candidate that a misspelt name most likely means, the first of several equally near ones; empty for none.
std::string_view closest_word(std::string_view misspelt, const std::vector<std::string_view>& candidates);

}  // namespace meshlint
