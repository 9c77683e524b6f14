// Bicep text -> Document with exact spans, in the shape of the ARM template that Bicep would make of it.
#pragma once

#include "linter/tree.h"

namespace meshlint {

// Reads a .bicep or .bicepparam file into one document (none when it holds nothing or cannot be read at all). Nothing
// is evaluated. A declaration that is broken is left out, with a Problem at its first mistake; the others are read.
//
// The root is always a mapping of these, each of which may be empty:
//   parameters  {name: {type, defaultValue}}; in a .bicepparam file {name: {value}}
//   variables   {name: value}
//   resources   {symbol: {type, apiVersion, existing?, condition?, copy?, …the body's properties, resources?}}, where
//               the inner `resources` are those declared inside the body; without an '@' in its type a child has no
//               apiVersion
//   modules     {symbol: {path, condition?, copy?, …the body's properties}}
// and, where the file states them, `using` and `extends` with a path.
//
// Literals, arrays and objects are values as in JSON. Everything else is one unresolved plain scalar whose text is the
// expression as written: `rev`, `union(a, b)`, `'asm-${version}'` with its quotes; of a loop with its brackets. An
// object's `...base` is an entry whose key, like one that is computed, is unresolved. `any(x)` is x.
//
// Keys stand where the name does. Those that Bicep does not write stand at the nearest token: `type` and `path` at the
// keyword `resource` or `module`, `apiVersion` at the '@', `condition` at `if`, `copy` at `for`, an inner `resources`
// at its first `resource`, a parameter's `type`, `defaultValue` and `value` at its name; those of the root are empty
// and stand at the start of the file. A resource's own value reaches from its type to the end of its body.
ParsedText parse_bicep(const SourceFile& file);

}  // namespace meshlint
