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

// Puts an entry behind the one that a value belongs to, in the style of its mapping. Nothing for languages other than
// YAML and JSON, and where the mapping has the key already.
std::optional<Edit> insert_entry(Node behind, std::string_view key, std::string_view text);

// Takes several entries out of the one mapping that they stand in, and the mapping with them where it has no other.
// Nothing where one of them cannot be taken out, and for several of a flow mapping that keeps others.
std::vector<Edit> remove_entries(const std::vector<Node>& values);

// Takes an entry out of its mapping and puts it into the mapping under a field of `metadata`, which is made where it is
// missing. Nothing for a value of several lines, and where the other mapping has the key already.
std::vector<Edit> move_entry(Node value, Node metadata, std::string_view field);

// A fix of several edits, or nothing when there are none.
std::optional<Fix> fix_by(std::string what, bool safe, std::vector<Edit> edits);

// A fix of one edit, or nothing when there is none.
std::optional<Fix> fix_by(std::string what, bool safe, std::optional<Edit> edit);

// A file's text with edits made. All edits must be of this file and must not overlap.
std::string apply_edits(const SourceFile& file, std::vector<Edit> edits);

}  // namespace meshlint
