// JSON text -> Document with exact spans, in the dialect of ARM templates (comments are allowed).
#pragma once

#include "linter/tree.h"

namespace meshlint {

// Decides whether an object that is an item of an array is worth building; gets its bytes.
using ObjectFilter = bool (*)(std::string_view text);

// Reads a JSON file into one document, or, as kubectl does, into one for each of several objects that follow each other
// (those before the first mistake, which is a Problem). Comments in Kubernetes objects are mistakes of their own. In
// files larger than `large_json` bytes, objects in arrays that `filter` refuses are checked for balanced brackets only
// and stand as elided empty mappings. A single Kubernetes object is never taken apart like this, and of an accepted
// object only the lists right inside it (`items`, `resources`, `value`).
inline constexpr std::size_t large_json = std::size_t{1} << 20;
ParsedText parse_json(const SourceFile& file, ObjectFilter filter = nullptr);

}  // namespace meshlint
