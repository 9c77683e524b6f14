// The command `meshlint policy`: import, show, verify and diff.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "linter/version.h"

namespace meshlint {

struct PolicyCommand {
  std::vector<std::string> operands;  // the subcommand's name and what it works on
  std::string directory;              // --policy; empty: not given
  bool json = false;
  Date as_of{};
  std::optional<Date> read;
  bool allow_removals = false;
  bool dry_run = false;
};

struct CommandOutput {
  std::string output;  // for standard output
  std::string errors;  // for standard error
  int exit_code = 0;   // 0 fine, 1 a page was refused or an error was found
};

// How the command is used.
std::string policy_help();

// Throws UsageError for a wrong command line or broken policy data.
CommandOutput run_policy_command(const PolicyCommand& command);

}  // namespace meshlint
