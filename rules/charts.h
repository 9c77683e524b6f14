// Helm charts that lie in the repository, and whether anything there installs them.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "linter/rule.h"

namespace meshlint::rules {

// What becomes of a file that may belong to a Helm chart.
enum class ChartUse : std::uint8_t {
  no_chart,   // it belongs to none
  installed,  // something in the repository installs its chart, or includes the file itself
  open,       // its chart is one of the repository's own, which people may install by hand
  vendored,   // a copy from elsewhere that nothing here installs
};

class Charts {
 public:
  explicit Charts(const Pass& pass);

  ChartUse use_of(const SourceFile& file) const;

 private:
  void add_path(std::string_view folder, Node path);
  void add_references(const InputFile& file);
  void add_references(const Resource& resource);
  bool is_included(const SourceFile& file) const;
  std::string outermost_chart(std::string_view folder) const;

  const Pass* pass_;
  std::set<std::string, std::less<>> folders_;     // of charts: those of Chart.yaml files
  std::set<std::string, std::less<>> referenced_;  // paths that something installs
  std::set<std::string, std::less<>> names_;       // last parts of paths that are known in part only
};

// Makes a note of a finding in a chart that nothing in the repository installs.
void soften_if_open(const Charts& charts, Diagnostic& diagnostic);

}  // namespace meshlint::rules
