// Versions as the add-on and AKS write them.
#pragma once

#include <chrono>
#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meshlint {

using Date = std::chrono::sys_days;

// A minor version such as 1.30, of Kubernetes or of Istio.
struct Minor {
  int major = 0;
  int minor = 0;

  friend auto operator<=>(const Minor&, const Minor&) = default;
};

// Reads `1.30`, `1.30.4`, `v1.30.4` and forms with a suffix such as `1.30.4-rc.1`; nothing else.
std::optional<Minor> parse_minor(std::string_view text);

// Reads a mesh revision `asm-X-Y` into the Istio minor it runs; nothing else (`asm-1104-6` has three-digit majors and
// belongs to another vendor).
std::optional<Minor> parse_revision(std::string_view text);

bool contains(const std::vector<Minor>& versions, Minor version);

std::string to_string(Minor version);       // "1.30"
std::string revision_name(Minor revision);  // "asm-1-30"

std::optional<Date> parse_date(std::string_view text);  // "2026-08-21"
std::string to_string(Date date);                       // "2026-08-21"

}  // namespace meshlint
