// What single facts of the policy are called in a sentence about them.
#pragma once

#include <string>
#include <string_view>

namespace meshlint {

// A phrase such as "the number of egress gateways that a cluster may have" for a table and the path of a fact in it
// ("at_most"; in a row of a list, the path below the row); empty where there is none.
std::string fact_words(std::string_view table, std::string_view path);

// What a table is about: "egress gateways".
std::string table_words(std::string_view table);

}  // namespace meshlint
