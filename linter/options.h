// What one run is asked to do. Filled from the command line, read by every step after it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linter/diagnostic.h"
#include "linter/version.h"

namespace meshlint {

enum class Format : std::uint8_t { text, concise, json, sarif, github, gitlab, azure, junit, markdown };

struct Options {
  std::vector<std::string> paths;                     // files, directories, or "-" for standard input
  std::string stdin_filename;                         // the path standard input is taken to have
  bool color = false;                                 // decided by the command line from the terminal and NO_COLOR
  bool github_actions = false;                        // echoed text must not be taken for a workflow command
  std::size_t width = 0;                              // columns of the terminal; 0 is unlimited
  std::optional<Severity> fail_on = Severity::error;  // findings from this severity on fail the run; empty: none does
  Date as_of{};                                       // the day on which support windows are judged
  std::string policy_directory;                       // empty: the policy in the binary
  std::vector<std::string> only;                      // names or codes of rules; empty: all that are on by default
  std::vector<std::string_view> known_rules;  // codes and names of all there are, for suppressions that name others
  bool suppressions = true;                   // heed comments and annotations that leave findings out
  bool show_suppressed = false;               // list what is left out
  unsigned jobs = 0;                          // threads; 0: one a processor

  // What the cluster is, when the files do not say: these win over any definition.
  std::vector<Minor> revisions;                   // ascending; two while a canary upgrade is in progress
  std::optional<std::string> kubernetes_version;  // 1.30 or 1.30.4
  std::optional<std::string> support_plan;        // KubernetesOfficial or AKSLongTermSupport
};

// Whether a finding of this severity fails the run.
constexpr bool fails_run(const Options& options, Severity severity) {
  return options.fail_on && severity >= *options.fail_on;
}

}  // namespace meshlint
