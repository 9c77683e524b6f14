// The policy's tables for people: at most 80 columns wide. And for programs: JSON.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "linter/policy.h"
#include "linter/policy_files.h"

namespace meshlint {

// The tables with a view of their own, in the order in which all of them are shown.
std::vector<std::string_view> policy_tables();
// The other tables, by their files' names without .yaml.
std::vector<std::string_view> other_policy_tables();
// What to show for a table's or file's name; empty for an unknown one.
std::vector<std::string_view> find_policy_tables(std::string_view name);

// The tables as text; states are judged on a day: what is past is marked. `files` are those of the policy, merged over
// the built-in one where they extend it.
std::string show_policy(const Policy& policy, const PolicyFiles& files, const std::vector<std::string_view>& tables,
                        Date as_of);
std::string show_policy_json(const Policy& policy, const PolicyFiles& files,
                             const std::vector<std::string_view>& tables, Date as_of);

}  // namespace meshlint
