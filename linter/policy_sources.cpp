// Reads where the facts come from, and where their sources contradict each other.
#include <fmt/format.h>

#include "linter/policy_tables.h"

namespace meshlint {
namespace {

// A page is its title, if the site of its group and its name make its address; else it states its `url`. One that was
// read after the others of its group states that too.
void read_page(Reader& reader, const Entry& page, std::string_view site, Citation& citation) {
  citation.page = page.key.text();
  if (page.value.is_mapping()) {
    reader.check_keys(page.value, {"title"}, {"url", "read"});
    citation.title = reader.text(page.value["title"]);
    citation.url = reader.address(page.value["url"]);
    if (const auto read = reader.day(page.value["read"])) citation.date = to_string(*read);
  } else {
    citation.title = reader.text(page.value);
  }
  if (!citation.url.empty()) return;
  citation.url = fmt::format("{}{}", site, page.key.text());
  if (site.empty()) reader.complain(page.value, "a page of a group without `site` needs `title` and `url`");
}

}  // namespace

void read_table(Reader& reader, Node root, Sources& table) {
  reader.check_table(root, {"date", "groups"});
  Date newest = table.date;
  std::set<std::string, std::less<>> known;
  for (const Node group : reader.items(root["groups"])) {
    reader.check_keys(group, {"read", "pages"}, {"site", "secondary", "in_house"});
    const std::string site = reader.address(group["site"]);
    const auto read = reader.day(group["read"]);
    Citation of_group;
    of_group.date = read ? to_string(*read) : "";
    of_group.secondary = reader.flag(group["secondary"]);
    of_group.in_house = reader.flag(group["in_house"]);
    // How old the data is, is how old Microsoft's pages are.
    if (!of_group.in_house) newest = std::max(newest, read.value_or(newest));
    for (const Entry& page : reader.entries(group["pages"])) {
      Citation citation = of_group;
      read_page(reader, page, site, citation);
      if (!citation.in_house) newest = std::max(newest, parse_date(citation.date).value_or(newest));
      reader.check_new(page.key, known, fmt::format("the page `{}`", citation.page));
      table.pages.insert_or_assign(citation.page, citation);
    }
  }
  table.date = reader.day(root["date"]).value_or(newest);
  if (root["date"] && table.date != newest) {
    reader.complain(root["date"], fmt::format("the newest page was read on {}", to_string(newest)));
  }
}

void read_table(Reader& reader, Node root, Contradictions& table) {
  reader.check_table(root, {"contradictions"});
  for (const Entry& entry : reader.entries(root["contradictions"])) {
    const Node row = entry.value;
    reader.check_keys(row, {"says", "because"});
    Contradiction read;
    read.about = entry.key.text();
    read.because = reader.text(row["because"]);
    std::size_t winners = 0;
    for (const Node said : reader.items(row["says"])) {
      reader.check_keys(said, {"text", "source"}, {"wins"});
      if (reader.flag(said["wins"])) {
        read.wins = read.says.size();
        ++winners;
      }
      read.says.push_back({reader.text(said["text"]), reader.source(said["source"])});
    }
    if (row["says"].is_sequence() && (read.says.size() < 2 || winners != 1)) {
      reader.complain(row["says"], "expected two statements or more, one of them with `wins: true`");
    }
    put(table.contradictions, std::move(read), [](const Contradiction& one) { return one.about; });
  }
}

const Contradiction* Contradictions::find(std::string_view about) const {
  const auto found = std::ranges::find(contradictions, about, &Contradiction::about);
  return found == contradictions.end() ? nullptr : &*found;
}

}  // namespace meshlint
