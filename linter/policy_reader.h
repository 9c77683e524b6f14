// Reads the values of one policy table and collects what is wrong with them: what all tables have in common.
#pragma once

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "linter/page_date.h"
#include "linter/policy_calendar.h"
#include "linter/policy_mesh.h"
#include "linter/problem.h"
#include "linter/tree.h"

namespace meshlint {

// The pages that facts come from: sources.yaml.
struct Sources {
  Date date{};                                         // the newest day on which a page was read
  std::map<std::string, Citation, std::less<>> pages;  // each without its section

  // Empty for an unknown page.
  Citation cite(std::string_view page, std::string_view section) const;
};

// What one table mentions and another one must have. All are looked up once every table is read.
struct Reference {
  enum class Target : std::uint8_t { revision, kubernetes, mesh_config_field, proxy_config_field };
  Target target = Target::revision;
  std::string name;
  Span span;
};

using Keys = std::initializer_list<std::string_view>;

// "; did you mean `x`?" or nothing.
std::string did_you_mean(std::string_view misspelt, const std::vector<std::string_view>& candidates);

template <typename Map>
std::vector<std::string_view> keys_of(const Map& map) {
  std::vector<std::string_view> keys;
  for (const auto& [key, value] : map) keys.push_back(key);
  return keys;
}

// Puts a row in the place of the one with the same identity, or behind all others.
template <typename Row, typename Identity>
void put(std::vector<Row>& rows, Row row, Identity identity) {
  const auto same =
      std::find_if(rows.begin(), rows.end(), [&](const Row& one) { return identity(one) == identity(row); });
  if (same == rows.end()) {
    rows.push_back(std::move(row));
  } else {
    *same = std::move(row);
  }
}

// A value that is not there reads as an empty one: check_keys has reported it already.
class Reader {
 public:
  // `sources` is null while the sources themselves are unread or wrong. `extends`: the table is read over the built-in
  // one and may leave out what that has.
  Reader(const SourceFile& file, std::vector<Problem>& problems, const Sources* sources, bool extends)
      : file_(file), problems_(problems), sources_(sources), extends_(extends) {}

  bool extends() const { return extends_; }
  const std::vector<Reference>& references() const { return references_; }

  void complain(Node place, std::string message);

  // The keys of a whole table. Its `source` becomes the one of rows that state none of their own.
  void check_table(Node root, Keys required, Keys optional = {});
  void check_keys(Node mapping, Keys required, Keys optional = {});
  void check_duplicate_keys(const Document& document);
  // The identities of one list's rows must differ.
  void check_new(Node place, std::set<std::string, std::less<>>& known, const std::string& identity);
  void check_order(Node place, const Minor* previous, Minor next, std::string (*name)(Minor));

  std::vector<Entry> entries(Node mapping);
  std::vector<Node> items(Node sequence);

  std::string text(Node node);
  std::vector<std::string> texts(Node sequence);
  std::string address(Node node);  // https://
  bool flag(Node node);
  int count(Node node);
  std::vector<int> counts(Node sequence);
  std::optional<Date> day(Node node);
  std::string written_month(Node node);  // "July 2026", with a tilde or "(expected)"
  std::optional<Date> month(Node node);  // 2026-08: its last day
  std::optional<Deadline> deadline(Node node);
  // One of the words that are given.
  std::size_t choice(Node node, const std::vector<std::string_view>& words);
  FieldSupport support(Node node);

  std::optional<Minor> version(Node node);               // "1.30"
  std::optional<Minor> revision(Node node);              // asm-1-30
  std::optional<Minor> known_version(Node node);         // of Kubernetes, which must be in its calendar
  std::optional<Minor> known_revision(Node node);        // which must be in the release calendar
  std::vector<Minor> ascending_versions(Node sequence);  // of Kubernetes, as above
  void refer(Reference::Target target, Node node, std::string_view name);

  Citation source(Node node);
  // The row's own `source`, else that of its table.
  Citation source_of(Node row);
  const Citation& table_source() const { return table_source_; }

  // Names and how each is classified: `supported`, `allowed` or `blocked`, or a mapping that says more. The names are
  // put over those that are there.
  void classes(Node table, const Citation& source, Classes& result);

  // Sets what the table states, and leaves alone what it does not.
  template <typename Value, typename Read>
  void set(Value& value, Node node, Read read) {
    if (node) value = std::invoke(read, *this, node);
  }
  void set(Minor& value, Node node, std::optional<Minor> (Reader::*read)(Node)) {
    if (node) value = (this->*read)(node).value_or(value);
  }

 private:
  void check_agreement(Node node, const Deadline& deadline, const PageDate& written);

  const SourceFile& file_;
  std::vector<Problem>& problems_;
  const Sources* sources_;
  bool extends_;
  Citation table_source_;
  bool has_table_source_ = false;
  std::vector<Reference> references_;
};

}  // namespace meshlint
