// What `meshlint upgrade` says: a plan for people, for a ticket or pull request, and for programs.
#pragma once

#include <string>

#include "linter/upgrade.h"

namespace meshlint {

struct UpgradeReport {
  const UpgradeOutline& outline;
  const Policy& policy;
  Date as_of{};
  bool deadline = false;  // say by when each step must be done
};

// For people, within 80 columns where paths and names allow it.
std::string report_upgrade_text(const UpgradeReport& report);

std::string report_upgrade_markdown(const UpgradeReport& report);

// {"version": 1, "cluster": ..., "from": ..., "to": ..., "steps": [...]}, with the position of every change.
std::string report_upgrade_json(const UpgradeReport& report);

}  // namespace meshlint
