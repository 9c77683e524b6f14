// A view of any policy file, for tables that have none of their own.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "linter/source.h"

namespace meshlint {

// The rows of a policy file as text, at most 80 columns wide, below what the file is about and where its facts come
// from. `name` is the file's, "features.yaml".
std::string show_policy_file(std::string_view name, const SourceFile& file);

// {"sources": [{"page", "section", "date"}...], "rows": [{"section", "name", ...}...]}; a row that is one value has it
// as "value".
nlohmann::ordered_json policy_file_json(const SourceFile& file);

}  // namespace meshlint
