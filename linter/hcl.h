// Terraform's language (HCL) -> one Document of the shape that Terraform's JSON has, with exact spans.
#pragma once

#include "linter/tree.h"

namespace meshlint {

// Reads a file of Terraform's language: configuration or variable values. The reader knows blocks, arguments and
// literals; it evaluates nothing.
//
// - A body is a mapping. An argument is an entry. All blocks of one type in a body are one entry, whose value is the
//   sequence of their bodies; labels are mappings around a body: `resource "a" "b" { c = 1 }` gives
//   `resource: [{a: {b: {c: 1}}}]`. The sequence spans from its first block to its last.
// - Strings, heredocs, numbers, booleans, null, tuples and objects are what they are in JSON. A heredoc's style is
//   `literal`.
// - `jsonencode(…)` and `yamlencode(…)` of a literal object or tuple are that object or tuple; `jsondecode(…)` and
//   `yamldecode(…)` of a string or heredoc are that text.
// - Any other expression is one unresolved scalar: plain, with the expression as text, or for a string or heredoc with
//   templates in it of its own style, with what stands between the quotes or markers as text.
//
// A broken file gives no document and a Problem at its first mistake.
ParsedText parse_hcl(const SourceFile& file);

}  // namespace meshlint
