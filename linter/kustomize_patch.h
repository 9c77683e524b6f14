// Patches of kustomize, read as the parts of objects that they state.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "linter/tree.h"

namespace meshlint {

// What a JSON patch (RFC 6902) adds or replaces, as a partial object of the kind and name of its target: every value
// keeps its place in the patch, and every key that of the operation's path. `group` is the target's where it states
// none. Null where the target's kind is not known or nothing is added.
std::unique_ptr<Document> read_json_patch(Node operations, Node target, std::string_view group);

// Whether a document is a JSON patch: a list of operations.
bool is_json_patch(Node root);

}  // namespace meshlint
