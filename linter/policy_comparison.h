// Collects what differs between two states of a table, in sentences.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "linter/policy_diff.h"
#include "linter/tree.h"

namespace meshlint {

// A value as one line of YAML, without the quotes that only keep its type.
std::string one_line(Node value);

bool equal(Node left, Node right);

// A value as people write it: "use elsewhere, what application routing". Where it stands is left out.
std::string plain(Node value);

class Comparison {
 public:
  std::vector<PolicyChange> changes;

  void table(std::string_view name) { table_ = name; }

  // Words about the subject: "end of life moved from May 2026 to June 2026".
  void add(std::string_view subject, std::string_view what, Node before, Node after, std::string_view words);

  // What the subject itself does: "is now blocked".
  void say(std::string_view subject, std::string_view what, Node before, Node after, std::string_view predicate);

  // Any value that this finds the words for by its path; `rows` is the path of the list when it stands in a row of one,
  // and the subject that row.
  void generic(std::string_view subject, const std::string& path, Node before, Node after,
               const std::string& rows = {});

  // The same for the entries of two mappings.
  void entries(std::string_view subject, const std::string& path, Node before, Node after,
               const std::set<std::string_view>& skipped = {}, const std::string& rows = {});

 private:
  void put(std::string_view subject, std::string_view what, Node before, Node after, std::string sentence);
  void source(std::string_view subject, const std::string& path, Node before, Node after);
  void items(std::string_view subject, const std::string& path, Node before, Node after, const std::string& rows);
  void scalars(std::string_view subject, const std::string& path, Node before, Node after, const std::string& rows);
  void tell(std::string_view subject, const std::string& path, const std::string& rows, Node before, Node after,
            std::string_view predicate);
  std::string words_for(std::string_view subject, const std::string& path, const std::string& rows) const;

  std::string_view table_;
};

}  // namespace meshlint
