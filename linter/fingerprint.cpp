#include "linter/fingerprint.h"

#include <fmt/format.h>

#include <array>
#include <unordered_map>

#include "linter/rule.h"
#include "linter/utf8.h"

namespace meshlint {
namespace {

constexpr std::size_t window_size = 100;
constexpr std::uint64_t base = 37;
constexpr std::uint16_t end_of_file = 0xFFFF;

constexpr std::uint64_t power_of_base(std::size_t exponent) {
  std::uint64_t power = 1;
  for (std::size_t step = 0; step < exponent; ++step) power *= base;
  return power;
}

// Keeps the last 100 units; a unit that leaves the window and had begun a line completes that line's hash.
class LineHasher {
 public:
  void add(std::uint16_t unit) {
    if (unit == ' ' || unit == '\t' || (after_carriage_return_ && unit == '\n')) {
      after_carriage_return_ = false;
      return;
    }
    after_carriage_return_ = unit == '\r';
    push(after_carriage_return_ ? std::uint16_t{'\n'} : unit, at_line_start_);
    at_line_start_ = unit == '\n' || unit == '\r';
  }

  std::vector<std::string> finish() {
    push(end_of_file, at_line_start_);
    for (std::size_t padding = 0; padding < window_size; ++padding) push(0, false);
    return std::move(hashes_);
  }

 private:
  struct Slot {
    std::uint16_t unit = 0;
    bool begins_line = false;
  };

  void push(std::uint16_t unit, bool begins_line) {
    constexpr std::uint64_t oldest_weight = power_of_base(window_size);
    Slot& slot = window_[next_];
    if (slot.begins_line) hashes_.push_back(fmt::format("{:x}:{}", hash_, ++occurrences_[hash_]));
    hash_ = hash_ * base + unit - oldest_weight * slot.unit;
    slot = {unit, begins_line};
    next_ = (next_ + 1) % window_size;
  }

  std::array<Slot, window_size> window_{};
  std::size_t next_ = 0;
  std::uint64_t hash_ = 0;
  bool at_line_start_ = true;
  bool after_carriage_return_ = false;
  std::unordered_map<std::uint64_t, std::size_t> occurrences_;
  std::vector<std::string> hashes_;
};

// FNV-1a: simple, and the same in every release and on every machine.
std::uint64_t fnv_1a(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3;
  return hash;
}

}  // namespace

std::vector<std::string> line_hashes(const SourceFile& file) {
  LineHasher hasher;
  if (file.had_byte_order_mark()) hasher.add(0xFEFF);
  const std::string_view text = file.text();
  for (std::size_t offset = 0; offset < text.size();) {
    const DecodedCharacter character = decode_utf8(text, offset);
    offset += character.length;
    if (character.code_point < 0x10000) {
      hasher.add(static_cast<std::uint16_t>(character.code_point));
    } else {
      const char32_t rest = character.code_point - 0x10000;
      hasher.add(static_cast<std::uint16_t>(0xD800 + (rest >> 10)));
      hasher.add(static_cast<std::uint16_t>(0xDC00 + (rest & 0x3FF)));
    }
  }
  return hasher.finish();
}

std::string FindingFingerprints::of(const Diagnostic& diagnostic) {
  const std::string subject = fmt::format("{}\n{}\n{}\n{}", diagnostic.rule->code, diagnostic.place.file->path(),
                                          diagnostic.object, diagnostic.path);
  return fmt::format("{:016x}", fnv_1a(fmt::format("{}\n{}", subject, ++ordinals_[subject])));
}

}  // namespace meshlint
