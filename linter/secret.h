// Values of Secrets never appear in a report.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "linter/diagnostic.h"

namespace meshlint {

// Where a file's lines hold values of `data` or `stringData` of a Secret. Judged by the text, not by the tree: the
// excerpt of a syntax error must not show them either. Rather hides too much than too little.
class SecretLines {
 public:
  explicit SecretLines(const SourceFile& file);

  // The byte of a line from which on nothing may be shown; nothing when all of it may.
  std::optional<std::size_t> hidden_from(std::uint32_t line) const;

  bool empty() const { return hidden_.empty(); }

 private:
  void add_document(const SourceFile& file, std::uint32_t first, std::uint32_t last);

  std::unordered_map<std::uint32_t, std::size_t> hidden_;
};

// The byte of a line behind its `key:`; the first byte that is no blank when there is none.
std::size_t value_start(std::string_view line);

// Findings about broken text quote it. Puts `***` in place of what they quote from values of Secrets.
void hide_secrets(std::vector<Diagnostic>& diagnostics);

}  // namespace meshlint
