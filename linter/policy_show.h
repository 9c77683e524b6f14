// The policy's tables for people: at most 80 columns wide. And for programs: JSON.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "linter/policy.h"

namespace meshlint {

// The names that show_policy takes, in the order in which all of them are shown.
std::vector<std::string_view> policy_tables();

// The tables as text; states are judged on a day: what is past is marked.
std::string show_policy(const Policy& policy, const std::vector<std::string_view>& tables, Date as_of);
std::string show_policy_json(const Policy& policy, const std::vector<std::string_view>& tables, Date as_of);

}  // namespace meshlint
