// YAML text -> Documents with exact spans, in kubectl's dialect.
#pragma once

#include "linter/tree.h"

namespace meshlint {

inline constexpr std::size_t yaml_size_limit = std::size_t{10} << 20;  // bytes of one YAML file
inline constexpr std::size_t nesting_limit = 128;                      // collections within collections
inline constexpr std::size_t alias_budget = 400'000;                   // nodes of a document with its aliases expanded

// Decides which documents of a file are worth building; gets the text of one document, markers included.
using DocumentFilter = bool (*)(std::string_view text);

// Who reads the documents. `own` leaves out those that it does not know all of; whatever it reads, the library reads to
// the same. Only tests choose.
enum class YamlReader : std::uint8_t { fastest, library, own };

// Reads a YAML file. Documents are split at their `---` lines first, so a broken one does not lose the others; each
// mistake is one positioned Problem. Documents that `filter` refuses are left out without being read; one of comments
// alone has no root.
ParsedText parse_yaml(const SourceFile& file, DocumentFilter filter = nullptr, YamlReader reader = YamlReader::fastest);

// Reads the YAML (or JSON) document inside a scalar of another document, heredocs of Terraform included. All positions,
// of nodes and of problems, are those of the outer file. An empty or non-scalar node gives nothing. The first bytes of
// the scalar's text can be left out: the document stands behind them.
ParsedText parse_embedded_yaml(Node scalar, std::size_t left_out = 0);

}  // namespace meshlint
