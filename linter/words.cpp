#include "linter/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace meshlint {
namespace {

// How many insertions, deletions, replacements and swaps of neighbours turn one text into the other.
std::size_t edit_distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> before_last, last(to.size() + 1), row(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    before_last = std::exchange(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
  }
  return row[to.size()];
}

}  // namespace

std::string quoted(std::string_view value) {
  constexpr std::size_t longest = 80;
  const auto line = value.substr(0, value.find_first_of("\r\n"));
  if (line.size() == value.size() && value.size() <= longest) return fmt::format("'{}'", value);
  auto cut = line.substr(0, longest);
  while (!cut.empty() && cut.size() < line.size() && (static_cast<unsigned char>(line[cut.size()]) & 0xC0) == 0x80) {
    cut.remove_suffix(1);  // not within a character
  }
  return fmt::format("'{}…'", cut);
}

std::string list_words(const std::vector<std::string>& words, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? fmt::format(" {} ", last) : ", ";
    text += words[i];
  }
  return text;
}

std::string list_versions(const std::vector<Minor>& versions) {
  const auto follows = [](Minor a, Minor b) { return a.major != b.major || a.minor + 1 != b.minor; };
  const bool has_gap = std::ranges::adjacent_find(versions, follows) != versions.end();
  if (versions.size() > 2 && !has_gap) {
    return fmt::format("{} to {}", to_string(versions.front()), to_string(versions.back()));
  }
  std::vector<std::string> words;
  for (const Minor version : versions) words.push_back(to_string(version));
  return list_words(words);
}

std::string list_revisions(const std::vector<Minor>& revisions, std::string_view last) {
  std::vector<std::string> words;
  for (const Minor revision : revisions) words.push_back(revision_name(revision));
  return list_words(words, last);
}

std::string count_words(long count, std::string_view singular) {
  return fmt::format("{} {}{}", count, singular, count == 1 ? "" : "s");
}

std::string_view closest_word(std::string_view misspelt, const std::vector<std::string_view>& candidates) {
  std::string_view best;
  std::size_t least = std::min<std::size_t>(2, misspelt.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t longer = std::max(candidate.size(), misspelt.size());
    if (longer - std::min(candidate.size(), misspelt.size()) >= least) continue;
    if (const std::size_t distance = edit_distance(misspelt, candidate); distance < least) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

}  // namespace meshlint
