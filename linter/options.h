// What one run is asked to do. Filled from the command line, read by every step after it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "linter/version.h"

namespace meshlint {

enum class Format : std::uint8_t { text, concise, json, sarif };

struct Options {
  std::vector<std::string> paths;  // files, directories, or "-" for standard input
  std::string stdin_filename;      // the path standard input is taken to have
  Format format = Format::text;
  bool color = false;             // decided by the command line from the terminal and NO_COLOR
  bool github_actions = false;    // echoed text must not be taken for a workflow command
  std::size_t width = 0;          // columns of the terminal; 0 is unlimited
  Date as_of{};                   // the day on which support windows are judged
  std::string policy_directory;   // empty: the policy in the binary
  std::vector<std::string> only;  // names or codes of rules; empty: all that are on by default
  unsigned jobs = 0;              // threads; 0: one a processor

  // What the cluster is, when the files do not say: these win over any definition.
  std::vector<Minor> revisions;                   // ascending; two while a canary upgrade is in progress
  std::optional<std::string> kubernetes_version;  // 1.30 or 1.30.4
  std::optional<std::string> support_plan;        // KubernetesOfficial or AKSLongTermSupport
};

}  // namespace meshlint
