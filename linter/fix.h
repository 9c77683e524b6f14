// Makes the edits that rules offer with their findings, and makes the text that comes of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linter/diagnostic.h"
#include "linter/tree.h"

namespace meshlint {

// The maker of an edit gives nothing where the file's bytes cannot be changed in place: values behind an alias or
// referred to by one, with template expressions, or inside of a quoted or folded scalar.

// Puts a string in the place of a scalar, in the quotes that it has, or with such as it needs.
std::optional<Edit> replace_value(Node value, std::string_view text);

// Puts YAML such as `true` or `[a, b]` in the place of a scalar on one line, with the quotes that it has. Nothing in
// other languages.
std::optional<Edit> replace_by_yaml(Node value, std::string_view yaml);

// Puts another key in the place of the one under which a value stands; nothing where the mapping has that key already.
std::optional<Edit> replace_key(Node value, std::string_view key);

// Takes an entry out of its mapping, with its lines where they hold nothing else; the only entry leaves `{}`. Nothing
// where the key is stated twice, where something else stands on its first line, and in flow mappings with comments.
std::optional<Edit> remove_entry(Node value);

// A fix of one edit, or nothing when there is none.
std::optional<Fix> fix_by(std::string what, bool safe, std::optional<Edit> edit);

// A file's text with edits made. All edits must be of this file and must not overlap.
std::string apply_edits(const SourceFile& file, std::vector<Edit> edits);

}  // namespace meshlint
