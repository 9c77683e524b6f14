#include <nlohmann/json.hpp>

#include "linter/calendar.h"
#include "linter/report.h"

namespace meshlint {
namespace {

using Json = nlohmann::ordered_json;

Json day_json(const std::optional<Date>& day) {
  return day ? Json(to_string(*day)) : Json();
}

Json marks_json(const Calendar& calendar, const std::vector<std::size_t>& clusters) {
  Json marks = Json::array();
  for (const std::size_t cluster : clusters) marks.push_back(calendar.clusters[cluster].mark);
  return marks;
}

Json rows_json(const Calendar& calendar, const std::vector<CalendarRow>& rows) {
  Json result = Json::array();
  for (const CalendarRow& row : rows) {
    Json spans = Json::array();
    for (const CalendarSpan& span : row.spans) {
      spans.push_back({{"kind", to_string(span.kind)},
                       {"first_day", day_json(span.first)},
                       {"last_day", day_json(span.last)},
                       {"expected", span.is_expected},
                       {"end", span.end},
                       {"text", span.text}});
    }
    result.push_back({{"name", row.name},
                      {"released", day_json(row.release)},
                      {"support", std::move(spans)},
                      {"state", row.state},
                      {"over", row.is_over},
                      {"clusters", marks_json(calendar, row.clusters)}});
  }
  return result;
}

Json matrix_json(const Calendar& calendar) {
  const CompatibilityMatrix& matrix = calendar.full_matrix;
  Json result = Json::array();
  for (std::size_t row = 0; row < matrix.revisions.size(); ++row) {
    for (std::size_t column = 0; column < matrix.kubernetes.size(); ++column) {
      const CompatibilityCell& cell = matrix.cells[row][column];
      result.push_back({{"revision", revision_name(matrix.revisions[row])},
                        {"kubernetes", to_string(matrix.kubernetes[column])},
                        {"standard", cell.is_known ? Json(cell.standard) : Json()},
                        {"long_term", cell.is_known ? Json(cell.long_term) : Json()},
                        {"clusters", marks_json(calendar, cell.clusters)}});
    }
  }
  return result;
}

std::string_view key_of(ClusterRemark::Kind kind) {
  switch (kind) {
    case ClusterRemark::Kind::over: return "problem";
    case ClusterRemark::Kind::soon: return "soon";
    case ClusterRemark::Kind::unknown: return "not-known";
    case ClusterRemark::Kind::good: return "supported";
  }
  return "";
}

Json clusters_json(const Calendar& calendar) {
  Json result = Json::array();
  for (const CalendarCluster& cluster : calendar.clusters) {
    Json revisions = Json::array();
    for (const Minor revision : cluster.revisions) revisions.push_back(revision_name(revision));
    Json remarks = Json::array();
    for (const ClusterRemark& remark : cluster.remarks) {
      remarks.push_back({{"kind", key_of(remark.kind)}, {"text", remark.text}});
    }
    const Json plan = cluster.plan == Plan::unknown ? Json()
                      : cluster.plan == Plan::lts   ? Json(calendar.long_term_plan)
                                                    : Json(calendar.standard_plan);
    result.push_back({{"mark", cluster.mark},
                      {"name", cluster.name},
                      {"definitions", cluster.places},
                      {"revisions", std::move(revisions)},
                      {"kubernetes", cluster.kubernetes ? Json(to_string(*cluster.kubernetes)) : Json()},
                      {"support_plan", plan},
                      {"remarks", std::move(remarks)}});
  }
  return result;
}

}  // namespace

std::string report_calendar_json(const Calendar& calendar) {
  Json sources = Json::array();
  for (const Citation& source : calendar.sources) {
    sources.push_back({{"page", source.page}, {"section", source.section}, {"url", source.url}, {"date", source.date}});
  }
  const Json log = {{"version", 1},
                    {"as_of", to_string(calendar.as_of)},
                    {"policy_date", to_string(calendar.data_date)},
                    {"revisions", rows_json(calendar, calendar.revisions)},
                    {"kubernetes", rows_json(calendar, calendar.kubernetes)},
                    {"compatibility", matrix_json(calendar)},
                    {"clusters", clusters_json(calendar)},
                    {"notes", calendar.notes},
                    {"sources", std::move(sources)}};
  return break_commands(log.dump(2, ' ', true, Json::error_handler_t::replace)) + "\n";
}

}  // namespace meshlint
