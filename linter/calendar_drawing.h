// The timeline of the calendar as a drawing, for the SVG and for the page around it.
#pragma once

#include <string>
#include <string_view>

#include "linter/calendar.h"

namespace meshlint {

// Two drawings of the same height that belong beside each other: the names of the rows, which stay in sight, and the
// chart, which may be scrolled.
struct TimelineDrawing {
  std::string labels;
  std::string chart;
  int labels_width = 0;
  int chart_width = 0;
  int height = 0;
};

TimelineDrawing draw_timeline(const Calendar& calendar);

// Colours and strokes for light and dark screens and for paper, as CSS.
std::string_view drawing_style();

// The patterns that the chart and the legend fill shapes with, for inside of an `svg`.
std::string_view drawing_patterns();

// One entry of the legend: a sample, 44 wide and 18 high, and what it means.
struct LegendEntry {
  std::string sample;
  std::string words;
};
std::vector<LegendEntry> timeline_legend(const Calendar& calendar);

// The mark of a cluster, drawn around a point; one with a problem has another shape.
std::string draw_mark(const CalendarCluster& cluster, double x, double y);

// A line of text in a drawing.
std::string draw_text(double x, double y, std::string_view style, std::string_view words);

// The rows of the timeline in sentences, for people who cannot see it.
std::vector<std::string> timeline_sentences(const Calendar& calendar);

}  // namespace meshlint
