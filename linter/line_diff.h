// Two versions of a text -> a unified diff.
#pragma once

#include <string>
#include <string_view>

namespace meshlint {

// The diff that leads from one text to the other, with three lines of context and headers that `git apply` and `patch`
// take; empty when they are equal. Lines are shown as they are, since a tool must be able to apply them, and a path
// with special characters is quoted as git does.
std::string unified_diff(std::string_view path, std::string_view before, std::string_view after);

}  // namespace meshlint
