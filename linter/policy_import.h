// Pages -> changed policy files: only what a page says differently changes, and nothing does when a page makes no
// sense.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "linter/policy.h"
#include "linter/policy_files.h"
#include "linter/policy_page.h"

namespace meshlint {

struct ImportOptions {
  std::optional<Date> read;     // the day the pages were read: then the dates of the sources change too
  bool allow_removals = false;  // a reviewer says that a much shorter table is right
};

// What an import would do. With any problem there are no texts.
struct ImportPlan {
  PolicyTexts texts;  // of the files that change
  std::vector<Problem> problems;
  std::vector<Problem> remarks;  // what is on a page and was not taken over
};

// Merges what pages say into the files of a policy, which `policy` was read from. Two pages of one kind are a problem.
ImportPlan plan_import(const PolicyFiles& files, const Policy& policy, std::span<const PageFacts> pages,
                       const ImportOptions& options);

// What the loader refuses of an import's texts, told at the row of the page that it comes from.
Problem blame_page(std::span<const PageFacts> pages, const PolicyTexts& texts, const InvalidPlace& place);

}  // namespace meshlint
