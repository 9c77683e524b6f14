#include "linter/policy_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "linter/ascii.h"
#include "linter/json.h"
#include "linter/markdown.h"
#include "linter/words.h"

namespace meshlint {
namespace {

// What a column of a table holds. The pages have renamed columns; each name they had is listed once.
enum class Column : std::uint8_t {
  revision,
  version,
  upstream_release,
  preview,
  release,
  end_of_life,
  platform_support,
  lts_end_of_life,
  kubernetes,
  kubernetes_lts,
  field,
  support,
  notes,
};

struct ColumnName {
  std::string_view name;  // in lower case
  Column column;
};

constexpr ColumnName revision_columns[] = {
    {"service mesh revision", Column::revision},
    {"upstream release", Column::upstream_release},
    {"aks release", Column::release},
    {"end of life", Column::end_of_life},
    {"compatible aks versions", Column::kubernetes},
    {"compatible aks lts versions", Column::kubernetes_lts},
};

constexpr ColumnName kubernetes_columns[] = {
    {"kubernetes version", Column::version},
    {"k8s version", Column::version},
    {"upstream release", Column::upstream_release},
    {"aks preview", Column::preview},
    {"aks ga", Column::release},
    {"end of life", Column::end_of_life},
    {"platform support", Column::platform_support},
    {"lts end of life", Column::lts_end_of_life},
};

constexpr ColumnName field_columns[] = {
    {"field", Column::field},
    {"supported", Column::support},
    {"supported/allowed", Column::support},
    {"notes", Column::notes},
};

// A name in a header or heading without emphasis, code marks and a colon behind it.
std::string plain_name(std::string_view text) {
  std::string result;
  std::ranges::copy_if(text, std::back_inserter(result), [](char letter) { return letter != '*' && letter != '`'; });
  while (result.ends_with(' ') || result.ends_with(':')) result.pop_back();
  return lower_case(result);
}

using Cells = std::map<Column, const MarkdownCell*>;

// Reads the tables of one page and collects what cannot be read.
class PageReader {
 public:
  PageReader(const SourceFile& file, PageFacts& facts) : file_(file), facts_(facts), page_(read_markdown(file)) {}

  void complain(Span span, std::string message) { facts_.problems.push_back(problem(span, std::move(message))); }
  void remark(Span span, std::string message) { facts_.remarks.push_back(problem(span, std::move(message))); }

  // The tables below a heading whose name starts so; none is a problem when the heading is required.
  std::vector<const MarkdownTable*> tables_below(std::string_view heading, bool required) {
    std::vector<const MarkdownTable*> found;
    for (const MarkdownTable& table : page_.tables) {
      if (plain_name(table.heading).starts_with(lower_case(heading))) found.push_back(&table);
    }
    if (found.empty() && required) complain_about_missing(heading);
    return found;
  }

  // A table like that below the heading which stands elsewhere might be the newer one.
  void refuse_elsewhere(std::string_view heading, std::span<const ColumnName> names,
                        std::initializer_list<Column> columns) {
    for (const MarkdownTable& table : page_.tables) {
      const bool same = std::ranges::all_of(columns, [&](Column column) { return has_column(table, names, column); });
      if (!same || plain_name(table.heading).starts_with(lower_case(heading))) continue;
      complain(table.header.span,
               fmt::format("a table like that below '{}' stands here as well: which one is right?", heading));
    }
  }

  // Calls `read` with the cells of each row by column, and counts them under a name for the summary.
  void read_table(const MarkdownTable& table, std::string_view name, std::span<const ColumnName> names,
                  std::initializer_list<Column> required, const std::function<void(const Cells&, Span)>& read) {
    const auto columns = read_header(table, names, required);
    if (table.rows.empty()) {
      complain(table.header.span, fmt::format("the table of the {} is empty: expected rows below its header", name));
    }
    if (!table.strays.empty()) {
      complain(table.strays[0], fmt::format("this row is in no table: a blank line or text between it and the table of "
                                            "the {} hides it",
                                            name));
    }
    TableSize size{.name = std::string(name), .rows = table.rows.size(), .cells = 0, .span = table.header.span};
    for (const MarkdownRow& row : table.rows) {
      size.cells += row.cells.size();
      if (columns) read_row(row, table.header, *columns, read);
    }
    facts_.tables.push_back(std::move(size));
  }

  bool has_column(const MarkdownTable& table, std::span<const ColumnName> names, Column column) const {
    return std::ranges::any_of(table.header.cells, [&](const MarkdownCell& cell) {
      const auto name = std::ranges::find(names, plain_name(cell.text), &ColumnName::name);
      return name != names.end() && name->column == column;
    });
  }

  // A cell that must state a date of some form; the remark keeps the reviewer informed of words that are not kept.
  std::optional<PageDate> date(const MarkdownCell* cell, std::string_view what) {
    if (cell == nullptr || cell->text.empty()) return std::nullopt;
    auto date = parse_page_date(cell->text);
    if (!date) {
      complain(cell->span, fmt::format("cannot read {} {}: expected a month or day such as Mar 2026, Aug 22, 2025, "
                                       "~Sept 2026 (expected), 1.23 GA or TBD",
                                       what, meshlint::quoted(cell->text)));
    } else if (!date->note.empty()) {
      remark(cell->span, fmt::format("the note behind {} is not kept: {}", what, meshlint::quoted(date->note)));
    }
    return date;
  }

  std::optional<PageDate> required_date(const MarkdownCell& cell, std::string_view what) {
    if (cell.text.empty()) complain(cell.span, fmt::format("{} is empty: expected a month such as Mar 2026", what));
    return date(&cell, what);
  }

  // A column that has no forms but month and day.
  std::optional<PageDate> calendar_date(const MarkdownCell* cell, std::string_view what) {
    auto result = date(cell, what);
    if (!result || result->month) return result;
    complain(cell->span,
             fmt::format("cannot read {} {}: expected a month such as Mar 2026", what, meshlint::quoted(cell->text)));
    return std::nullopt;
  }

  std::optional<Minor> version(const MarkdownCell& cell) {
    std::string_view text = cell.text;
    if (text.ends_with('*')) text.remove_suffix(text.ends_with("\\*") ? 2 : 1);
    const auto result = parse_minor(text);
    if (result && to_string(*result) == text) return result;
    complain(cell.span,
             fmt::format("cannot read the version {}: expected one such as 1.30", meshlint::quoted(cell.text)));
    return std::nullopt;
  }

  // "1.29, 1.30, 1.31".
  std::vector<Minor> versions(const MarkdownCell& cell) {
    std::vector<Minor> result;
    std::string_view rest = cell.text;
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      std::string_view word = rest.substr(0, comma);
      while (word.ends_with(' ')) word.remove_suffix(1);
      const auto version = parse_minor(word);
      if (!version || to_string(*version) != word || comma + 1 == rest.size()) {
        complain(cell.span, fmt::format("cannot read the versions {}: expected a list such as 1.29, 1.30",
                                        meshlint::quoted(cell.text)));
        return {};
      }
      result.push_back(*version);
      rest.remove_prefix(std::min(comma + 1, rest.size()));
      while (rest.starts_with(' ')) rest.remove_prefix(1);
    }
    std::ranges::sort(result);
    if (const auto twice = std::ranges::adjacent_find(result); twice != result.end()) {
      complain(cell.span, fmt::format("the versions {} hold {} twice", meshlint::quoted(cell.text), to_string(*twice)));
    }
    return result;
  }

 private:
  Problem problem(Span span, std::string message) const {
    return {.file = &file_, .span = span, .message = std::move(message), .help = {}, .notes = {}};
  }

  void complain_about_missing(std::string_view heading) {
    for (const MarkdownHeading& known : page_.headings) {
      if (!plain_name(known.text).starts_with(lower_case(heading))) continue;
      complain(known.span, fmt::format("there is no table below the heading '{}'", heading));
      return;
    }
    std::vector<std::string_view> names;
    for (const MarkdownHeading& known : page_.headings) names.push_back(known.text);
    const std::string_view meant = closest_word(heading, names);
    complain({}, fmt::format("the page has no heading '{}'; {}", heading,
                             meant.empty() ? list_headings(names) : fmt::format("is it '{}' now?", meant)));
  }

  // One that was renamed a lot is among these.
  static std::string list_headings(const std::vector<std::string_view>& names) {
    constexpr std::size_t most = 20;
    if (names.empty()) return "it has no heading at all";
    std::vector<std::string> shown;
    for (std::size_t i = 0; i < std::min(names.size(), most); ++i) shown.push_back(quoted(names[i]));
    if (names.size() > most) shown.push_back(fmt::format("{} more", names.size() - most));
    return fmt::format("it has {}", list_words(shown));
  }

  using Columns = std::vector<std::pair<Column, std::string>>;

  std::optional<Columns> read_header(const MarkdownTable& table, std::span<const ColumnName> names,
                                     std::initializer_list<Column> required) {
    Columns columns;
    std::set<Column> known;
    bool sound = true;
    for (const MarkdownCell& cell : table.header.cells) {
      const auto name = std::ranges::find(names, plain_name(cell.text), &ColumnName::name);
      if (name == names.end()) {
        complain(cell.span,
                 fmt::format("unknown column {}: expected {}", meshlint::quoted(cell.text), list_names(names)));
      } else if (!known.insert(name->column).second) {
        complain(cell.span, fmt::format("a second column {}", meshlint::quoted(cell.text)));
      }
      sound = sound && name != names.end();
      columns.emplace_back(name == names.end() ? Column::notes : name->column, cell.text);
    }
    for (const Column column : required) {
      if (known.contains(column)) continue;
      const auto name = std::ranges::find(names, column, &ColumnName::column);
      complain(table.header.span, fmt::format("the column '{}' is missing", name->name));
      sound = false;
    }
    if (!sound) return std::nullopt;
    return columns;
  }

  static std::string list_names(std::span<const ColumnName> names) {
    std::vector<std::string> words;
    for (const ColumnName& name : names) words.push_back(fmt::format("'{}'", name.name));
    return list_words(words, "or");
  }

  void read_row(const MarkdownRow& row, const MarkdownRow& header, const Columns& columns,
                const std::function<void(const Cells&, Span)>& read) {
    if (row.cells.size() > columns.size()) {
      complain(row.cells[columns.size()].span, fmt::format("the row has {} cells and the header {}: which column is "
                                                           "this?",
                                                           row.cells.size(), header.cells.size()));
      return;
    }
    Cells cells;
    for (std::size_t i = 0; i < row.cells.size(); ++i) cells[columns[i].first] = &row.cells[i];
    read(cells, row.span);
  }

  const SourceFile& file_;
  PageFacts& facts_;
  MarkdownPage page_;
};

// The cell of a column, or an empty one at the end of a row that is too short for it.
MarkdownCell cell_of(const Cells& cells, Column column, Span row) {
  const auto found = cells.find(column);
  return found == cells.end() ? MarkdownCell{.text = {}, .span = {row.end, row.end}} : *found->second;
}

const MarkdownCell* find_cell(const Cells& cells, Column column) {
  const auto found = cells.find(column);
  return found == cells.end() ? nullptr : found->second;
}

template <typename Rows, typename Key>
void refuse_twice(PageReader& reader, const Rows& rows, Key key, const std::function<std::string(Minor)>& name) {
  std::set<Minor> known;
  for (const auto& row : rows) {
    if (!known.insert(row.*key).second) reader.complain(row.span, fmt::format("a second row for {}", name(row.*key)));
  }
}

struct Stage {
  std::string_view name;
  const std::optional<PageDate>* date;
};

constexpr std::chrono::years longest_stage(3);

// Refuses dates of a row that do not come one after the other, or come years apart: the columns were swapped or a year
// is a slip.
void check_stages(PageReader& reader, Span row, std::string_view name, std::initializer_list<Stage> stages) {
  const Stage* before = nullptr;
  for (const Stage& stage : stages) {
    if (!*stage.date || !(*stage.date)->month) continue;
    const PageDate& date = **stage.date;
    if (before != nullptr) {
      const PageDate& earlier = **before->date;
      if (*date.month < *earlier.month || *date.month > *earlier.month + longest_stage) {
        reader.complain(row, fmt::format("{}: the {} {} cannot be right with the {} {}: it comes {}", name, stage.name,
                                         meshlint::quoted(date.text), before->name, meshlint::quoted(earlier.text),
                                         *date.month < *earlier.month ? "before it" : "more than 3 years later"));
      }
    }
    before = &stage;
  }
}

// Refuses holes: releases come one after the other, and the rows between two are missing or one is a slip.
template <typename Rows, typename Key>
void refuse_holes(PageReader& reader, Rows rows, Key key, int widest_step,
                  const std::function<std::string(Minor)>& name) {
  std::ranges::stable_sort(rows, {}, key);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const Minor version = rows[i].*key;
    const Minor before = rows[i - 1].*key;
    if (version.major != before.major || version.minor <= before.minor + widest_step) continue;
    reader.complain(rows[i].span, fmt::format("{} cannot follow {}: the rows between them are missing, or it is a slip",
                                              name(version), name(before)));
  }
}

// Refuses rows of which a later one has the earlier date.
template <typename Rows, typename Key, typename Date>
void check_sequence(PageReader& reader, const Rows& rows, Key key, std::string_view what, Date date,
                    const std::function<std::string(Minor)>& name) {
  Rows sorted = rows;
  std::ranges::stable_sort(sorted, {}, key);
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    const auto& row = sorted[i];
    const auto& before = sorted[i - 1];
    const auto& end = row.*date;
    const auto& earlier = before.*date;
    if (!end || !earlier || !end->month || !earlier->month || *end->month >= *earlier->month) continue;
    reader.complain(row.span,
                    fmt::format("the {} of {}, {}, comes before that of {}, {}", what, name(row.*key),
                                meshlint::quoted(end->text), name(before.*key), meshlint::quoted(earlier->text)));
  }
}

void check_revision_rows(PageReader& reader, const PageFacts& facts) {
  for (const PageRevision& row : facts.revisions) {
    check_stages(reader, row.span, revision_name(row.revision),
                 {{"upstream release", &row.upstream_release},
                  {"AKS release", &row.aks_release},
                  {"end of life", &row.end_of_life}});
  }
  refuse_holes(reader, facts.revisions, &PageRevision::revision, 1, revision_name);
  check_sequence(reader, facts.revisions, &PageRevision::revision, "end of life", &PageRevision::end_of_life,
                 revision_name);
}

void read_support_policy(PageReader& reader, PageFacts& facts) {
  constexpr std::string_view heading = "Service mesh add-on release calendar";
  const auto tables = reader.tables_below(heading, true);
  if (tables.empty()) return;
  reader.refuse_elsewhere(heading, revision_columns, {Column::revision, Column::end_of_life});
  if (tables.size() > 1) reader.complain(tables[1]->header.span, "a second table of revisions: expected one");
  const auto read = [&](const Cells& cells, Span span) {
    PageRevision row{.revision = {},
                     .upstream_release = {},
                     .aks_release = {},
                     .end_of_life = {},
                     .kubernetes = {},
                     .kubernetes_lts = {},
                     .span = span};
    const MarkdownCell name = cell_of(cells, Column::revision, span);
    const auto revision = parse_revision(name.text);
    if (!revision) {
      reader.complain(name.span, fmt::format("cannot read the revision {}: expected one such as asm-1-30",
                                             meshlint::quoted(name.text)));
    }
    row.revision = revision.value_or(Minor());
    const MarkdownCell upstream = cell_of(cells, Column::upstream_release, span);
    const MarkdownCell release = cell_of(cells, Column::release, span);
    row.upstream_release = reader.calendar_date(&upstream, "the upstream release");
    row.aks_release = reader.calendar_date(&release, "the AKS release");
    if (upstream.text.empty() || release.text.empty()) {
      reader.complain(
          upstream.text.empty() ? upstream.span : release.span,
          fmt::format("the release of {} is empty: expected a month such as Mar 2026", meshlint::quoted(name.text)));
    }
    row.end_of_life = reader.required_date(cell_of(cells, Column::end_of_life, span), "the end of life");
    const MarkdownCell compatible = cell_of(cells, Column::kubernetes, span);
    row.kubernetes = reader.versions(compatible);
    if (compatible.text.empty()) reader.complain(compatible.span, "no compatible version: expected such as 1.29, 1.30");
    if (const MarkdownCell* lts = find_cell(cells, Column::kubernetes_lts)) row.kubernetes_lts = reader.versions(*lts);
    if (revision) facts.revisions.push_back(std::move(row));
  };
  reader.read_table(
      *tables[0], "release calendar", revision_columns,
      {Column::revision, Column::upstream_release, Column::release, Column::end_of_life, Column::kubernetes}, read);
  refuse_twice(reader, facts.revisions, &PageRevision::revision, revision_name);
  check_revision_rows(reader, facts);
}

constexpr int platform_support_versions = 4;  // a version is supported so until the fourth one after it is released

PageKubernetesVersion read_version_row(PageReader& reader, const Cells& cells, Span span) {
  PageKubernetesVersion row;
  row.span = span;
  row.version = reader.version(cell_of(cells, Column::version, span)).value_or(Minor());
  row.upstream_release = reader.calendar_date(find_cell(cells, Column::upstream_release), "the upstream release");
  row.preview = reader.calendar_date(find_cell(cells, Column::preview), "the preview");
  row.generally_available = reader.calendar_date(find_cell(cells, Column::release), "the general availability");
  row.end_of_life = reader.date(find_cell(cells, Column::end_of_life), "the end of life");
  row.lts_end_of_life = reader.date(find_cell(cells, Column::lts_end_of_life), "the end of long-term support");
  if (row.end_of_life && row.end_of_life->lts_until) {
    row.lts_end_of_life = parse_page_date(row.end_of_life->lts_text);
  }
  const MarkdownCell* platform = find_cell(cells, Column::platform_support);
  if (const auto until = reader.date(platform, "the end of platform support")) {
    row.platform_support_until = until->release;
    if (!until->release) {
      reader.complain(platform->span, fmt::format("cannot read the end of platform support {}: expected such as Until "
                                                  "1.36 GA",
                                                  meshlint::quoted(platform->text)));
    } else if (row.version != Minor() && until->release->minor != row.version.minor + platform_support_versions) {
      reader.complain(platform->span, fmt::format("platform support of {} ends with the version four after it: {} "
                                                  "cannot be right",
                                                  to_string(row.version), meshlint::quoted(platform->text)));
    }
  }
  return row;
}

bool same(const std::optional<PageDate>& left, const std::optional<PageDate>& right) {
  if (!left || !right) return left.has_value() == right.has_value();
  return left->month == right->month && left->day == right->day && left->release == right->release &&
         left->undetermined == right->undetermined && left->expected == right->expected;
}

std::string cell_words(const std::optional<PageDate>& date) {
  return date ? meshlint::quoted(date->text) : "nothing";
}

// Both tables state these columns: a page that contradicts itself must not be used.
void compare_tables(PageReader& reader, const PageFacts& facts) {
  using Member = std::optional<PageDate> PageKubernetesVersion::*;
  constexpr std::pair<Member, std::string_view> columns[] = {
      {&PageKubernetesVersion::upstream_release, "upstream release"},
      {&PageKubernetesVersion::preview, "preview"},
      {&PageKubernetesVersion::generally_available, "general availability"},
      {&PageKubernetesVersion::end_of_life, "end of life"},
  };
  for (const PageKubernetesVersion& row : facts.lts) {
    const auto other = std::ranges::find(facts.community, row.version, &PageKubernetesVersion::version);
    if (other == facts.community.end()) continue;
    for (const auto& [member, name] : columns) {
      if (same(row.*member, (*other).*member)) continue;
      reader.complain(row.span,
                      fmt::format("the tables disagree on the {} of {}: {} here, {} in the table of "
                                  "community support",
                                  name, to_string(row.version), cell_words(row.*member), cell_words((*other).*member)));
    }
  }
}

// The page has had single wrong previews for years, and nothing depends on them. More wrong than right ones are another
// column.
void refuse_swapped_previews(PageReader& reader, const std::vector<PageKubernetesVersion>& rows) {
  const auto is_before = [](const std::optional<PageDate>& date, const std::optional<PageDate>& other) {
    return date && other && date->month && other->month && *date->month < *other->month;
  };
  const auto is_wrong = [&](const PageKubernetesVersion& row) {
    return is_before(row.preview, row.upstream_release) || is_before(row.generally_available, row.preview);
  };
  const auto has_preview = [](const PageKubernetesVersion& row) { return row.preview.has_value(); };
  const auto wrong = std::ranges::count_if(rows, is_wrong);
  if (wrong * 2 <= std::ranges::count_if(rows, has_preview)) return;
  const PageKubernetesVersion& first = *std::ranges::find_if(rows, is_wrong);
  reader.complain(first.span, fmt::format("{} of {} previews do not come between the upstream release and the general "
                                          "availability, as that of {}: are the columns swapped?",
                                          wrong, rows.size(), to_string(first.version)));
}

void check_version_rows(PageReader& reader, const std::vector<PageKubernetesVersion>& rows) {
  for (const PageKubernetesVersion& row : rows) {
    check_stages(reader, row.span, fmt::format("Kubernetes {}", to_string(row.version)),
                 {{"upstream release", &row.upstream_release},
                  {"general availability", &row.generally_available},
                  {"end of life", &row.end_of_life},
                  {"end of long-term support", &row.lts_end_of_life}});
    const auto& end = row.end_of_life;
    const auto& lts = row.lts_end_of_life;
    if (end && lts && end->month && lts->month && *end->month == *lts->month) {
      reader.complain(row.span, fmt::format("Kubernetes {}: the end of long-term support {} cannot be in the month of "
                                            "the end of life",
                                            to_string(row.version), meshlint::quoted(lts->text)));
    }
  }
  refuse_swapped_previews(reader, rows);
  check_sequence(reader, rows, &PageKubernetesVersion::version, "end of life", &PageKubernetesVersion::end_of_life,
                 [](Minor version) { return to_string(version); });
}

void read_kubernetes_versions(PageReader& reader, PageFacts& facts) {
  auto tables = reader.tables_below("AKS Kubernetes release calendar", true);
  const auto more = reader.tables_below("LTS versions", false);
  tables.insert(tables.end(), more.begin(), more.end());
  bool known[2] = {};
  for (const MarkdownTable* table : tables) {
    const bool is_lts = reader.has_column(*table, kubernetes_columns, Column::lts_end_of_life);
    const std::string_view name = is_lts ? "long-term support" : "community support";
    if (std::exchange(known[is_lts ? 1 : 0], true)) {
      reader.complain(table->header.span, fmt::format("a second table of {}: expected one", name));
      continue;
    }
    auto& rows = is_lts ? facts.lts : facts.community;
    reader.read_table(
        *table, name, kubernetes_columns,
        {Column::version, Column::upstream_release, Column::preview, Column::release, Column::end_of_life},
        [&](const Cells& cells, Span span) { rows.push_back(read_version_row(reader, cells, span)); });
    std::erase_if(rows, [](const PageKubernetesVersion& row) { return row.version == Minor(); });  // it has its problem
    refuse_twice(reader, rows, &PageKubernetesVersion::version, [](Minor version) { return to_string(version); });
    check_version_rows(reader, rows);
    if (!is_lts) {  // not every version has had long-term support
      refuse_holes(reader, rows, &PageKubernetesVersion::version, 2, [](Minor version) { return to_string(version); });
    }
  }
  if (!tables.empty() && !known[0])
    reader.complain(tables[0]->header.span, "the table of community support is missing");
  compare_tables(reader, facts);
}

void read_fields(PageReader& reader, std::string_view heading, std::vector<PageField>& fields) {
  const auto tables = reader.tables_below(heading, true);
  if (tables.empty()) return;
  if (tables.size() > 1) reader.complain(tables[1]->header.span, "a second table of fields: expected one");
  std::set<std::string> known;
  reader.read_table(
      *tables[0], fmt::format("{} fields", heading), field_columns, {Column::field, Column::support},
      [&](const Cells& cells, Span span) {
        const MarkdownCell name = cell_of(cells, Column::field, span);
        const MarkdownCell support = cell_of(cells, Column::support, span);
        const std::string word = lower_case(support.text);
        // Until July 2024 the column was "Supported": an allowed field was not supported or supported.
        const bool supported = word == "supported" || word == "true";
        if (!supported && word != "allowed" && word != "false") {
          reader.complain(support.span, fmt::format("cannot read the support {} of {}: expected Supported or Allowed",
                                                    meshlint::quoted(support.text), meshlint::quoted(name.text)));
        }
        const bool is_name = !name.text.empty() && std::ranges::all_of(name.text, [](char letter) {
          return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                 (letter >= '0' && letter <= '9');
        });
        if (!is_name) {
          reader.complain(name.span, fmt::format("cannot read the field {}: expected a name such as accessLogFile",
                                                 meshlint::quoted(name.text)));
        } else if (!known.insert(name.text).second) {
          reader.complain(name.span, fmt::format("a second row for {}", name.text));
        }
        // Conditions have only stood in the text so far, and what a row says is taken as true for every revision.
        const MarkdownCell* note = find_cell(cells, Column::notes);
        if (note != nullptr && note->text.find("asm-") != std::string::npos) {
          reader.remark(note->span, fmt::format("the note on {} names a revision and is not kept: {}", name.text,
                                                meshlint::quoted(note->text)));
        }
        fields.push_back({name.text, supported ? FieldSupport::supported : FieldSupport::allowed, span});
      });
}

// Reads the output of az aks mesh get-revisions, or the list that the REST interface gives.
class RevisionsReader {
 public:
  RevisionsReader(const SourceFile& file, PageFacts& facts) : file_(file), facts_(facts) {}

  void read() {
    ParsedText parsed = parse_json(file_);
    facts_.problems = std::move(parsed.problems);
    if (!facts_.problems.empty()) return;
    const Node root = parsed.documents.empty() ? Node() : parsed.documents[0]->root();
    refuse_keys_twice(root);
    const Node list = root["meshRevisions"] ? root["meshRevisions"] : root["value"] ? root["value"] : root;
    if (!list.is_sequence() || list.size() == 0) {
      complain(list, "expected the revisions that az aks mesh get-revisions -o json prints");
      return;
    }
    TableSize size{.name = "mesh revisions", .rows = 0, .cells = 0, .span = list.span()};
    for (const Node item : list.items()) {
      const Node entry = item["properties"] ? item["properties"] : item;
      if (entry["meshRevisions"]) {
        for (const Node inner : entry["meshRevisions"].items()) read_revision(inner, size);
      } else {
        read_revision(entry, size);
      }
    }
    facts_.tables.push_back(std::move(size));
  }

 private:
  void complain(Node place, std::string message) {
    facts_.problems.push_back(
        {.file = &file_, .span = place.span(), .message = std::move(message), .help = {}, .notes = {}});
  }

  // Of two values under one key only one would be read.
  void refuse_keys_twice(Node root) {
    if (!root) return;
    std::set<std::pair<const void*, std::string_view>> known;
    for (const NodeData& node : root.document()->nodes()) {
      if (node.kind != NodeKind::mapping) continue;
      for (auto child = node.first_child; child != NodeData::none;
           child = root.document()->nodes()[child].next_sibling) {
        const NodeData& key = root.document()->nodes()[root.document()->nodes()[child].key];
        if (known.emplace(&node, key.text).second) continue;
        facts_.problems.push_back({.file = &file_,
                                   .span = {key.start, key.end},
                                   .message = fmt::format("a second value of {}", meshlint::quoted(key.text)),
                                   .help = {},
                                   .notes = {}});
      }
    }
  }

  void read_revision(Node entry, TableSize& size) {
    PageRevision row;
    row.span = entry["revision"].span();
    const auto revision = parse_revision(entry["revision"].text());
    if (!revision) {
      complain(entry["revision"], fmt::format("cannot read the revision {}: expected one such as asm-1-30",
                                              meshlint::quoted(entry["revision"].text())));
      return;
    }
    row.revision = *revision;
    if (std::ranges::find(facts_.revisions, *revision, &PageRevision::revision) != facts_.revisions.end()) {
      complain(entry["revision"], fmt::format("a second entry for {}", revision_name(*revision)));
    }
    ++size.rows;
    size.cells += 1;
    if (!entry["compatibleWith"].is_sequence() || entry["compatibleWith"].size() == 0) {
      complain(entry["compatibleWith"] ? entry["compatibleWith"] : entry["revision"],
               fmt::format("expected the list `compatibleWith` of what {} runs on", revision_name(*revision)));
    }
    for (const Node compatible : entry["compatibleWith"].items()) {
      ++size.cells;
      const std::string_view name = compatible["name"].text();
      if (name == "kubernetes" || name == "KubernetesOfficial") {
        auto list = versions(compatible["versions"]);
        if (row.kubernetes && *row.kubernetes != list) {
          complain(compatible, fmt::format("a second list of the versions of {} that differs from the first",
                                           revision_name(*revision)));
        }
        if (list.empty()) complain(compatible, R"(no compatible version: expected a list such as ["1.29", "1.30"])");
        row.kubernetes = std::move(list);
      } else if (name == "AKSLongTermSupport") {
        auto list = versions(compatible["versions"]);
        if (row.kubernetes_lts && *row.kubernetes_lts != list) {
          complain(compatible, fmt::format("a second list of the LTS versions of {} that differs from the first",
                                           revision_name(*revision)));
        }
        row.kubernetes_lts = std::move(list);
      } else {
        complain(compatible["name"], fmt::format("unknown entry {}: expected kubernetes, KubernetesOfficial or "
                                                 "AKSLongTermSupport",
                                                 meshlint::quoted(name)));
      }
    }
    facts_.revisions.push_back(std::move(row));
  }

  std::vector<Minor> versions(Node list) {
    std::vector<Minor> result;
    if (!list.is_sequence()) complain(list, "expected a list of versions such as \"1.30\"");
    for (const Node item : list.items()) {
      const auto version = parse_minor(item.text());
      if (!version || to_string(*version) != item.text() || item.type() != ScalarType::string) {
        complain(item, fmt::format("cannot read the version {}: expected one such as \"1.30\"",
                                   meshlint::quoted(item.text())));
      } else {
        result.push_back(*version);
      }
    }
    std::ranges::sort(result);
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
  }

  const SourceFile& file_;
  PageFacts& facts_;
};

struct PageName {
  std::string_view stem;   // the file's name
  std::string_view title;  // how the page's title begins, in lower case
  PageKind kind;
};

constexpr PageName page_names[] = {
    {"istio-support-policy", "support policy for istio-based service mesh add-on", PageKind::support_policy},
    {"supported-kubernetes-versions", "supported kubernetes versions in azure kubernetes service",
     PageKind::kubernetes_versions},
    {"istio-meshconfig", "configure istio-based service mesh add-on", PageKind::mesh_config},
};

// The title that the front matter or the first heading states.
std::string title_of(const SourceFile& file) {
  const std::uint32_t last = std::min(file.line_count(), std::uint32_t{40});
  for (std::uint32_t line = 1; line <= last; ++line) {
    std::string_view text = file.line(line);
    if (!text.starts_with("title:")) continue;
    text.remove_prefix(6);
    text.remove_prefix(std::min(text.find_first_not_of(" \"'"), text.size()));
    return lower_case(text);
  }
  const MarkdownPage page = read_markdown(file);
  return page.headings.empty() ? "" : lower_case(page.headings[0].text);
}

}  // namespace

std::optional<PageKind> recognize_page(const SourceFile& file) {
  std::string_view name = file.path();
  name.remove_prefix(std::min(name.rfind('/') + 1, name.size()));
  const std::string_view text = file.text();
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (name.ends_with(".json") || (first != std::string_view::npos && (text[first] == '{' || text[first] == '['))) {
    return PageKind::mesh_revisions;
  }
  const std::string title = title_of(file);
  for (const PageName& page : page_names) {
    if (name.substr(0, name.find('.')) == page.stem || title.starts_with(page.title)) return page.kind;
  }
  return std::nullopt;
}

PageFacts read_page(const SourceFile& file, PageKind kind) {
  PageFacts facts;
  facts.file = &file;
  facts.kind = kind;
  if (kind == PageKind::mesh_revisions) {
    RevisionsReader(file, facts).read();
    return facts;
  }
  PageReader reader(file, facts);
  switch (kind) {
    case PageKind::support_policy: read_support_policy(reader, facts); break;
    case PageKind::kubernetes_versions: read_kubernetes_versions(reader, facts); break;
    case PageKind::mesh_config:
      read_fields(reader, "MeshConfig", facts.mesh_config);
      read_fields(reader, "ProxyConfig", facts.proxy_config);
      break;
    case PageKind::mesh_revisions: break;
  }
  std::ranges::stable_sort(facts.problems, {}, [](const Problem& problem) { return problem.span.start; });
  return facts;
}

}  // namespace meshlint
