// A fast reader for the YAML that nearly all manifests are written in.
#pragma once

#include <string_view>

#include "linter/document_builder.h"

namespace meshlint {

// Reads the document that `part` of `text` is, if it keeps to a plain subset of YAML: block mappings and lists, scalars
// and flow collections on one line each, literal and folded scalars, comments. Otherwise, and at anything that may be a
// mistake, it returns false: then the document is unfinished, and another reader has to start again. Takes time in
// proportion to the text.
bool read_block_yaml(std::string_view text, Span part, DocumentBuilder& builder);

}  // namespace meshlint
