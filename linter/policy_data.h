// The policy data as text in the binary; the build makes the definition from policy/*.yaml.
#pragma once

#include <span>
#include <string_view>

namespace meshlint {

struct EmbeddedPolicyFile {
  std::string_view name;  // "release-calendar.yaml"
  std::string_view text;
};

std::span<const EmbeddedPolicyFile> embedded_policy_files();

}  // namespace meshlint
