// Runs the whole way of the data: files -> documents -> manifests and clusters -> rules -> sorted findings.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "linter/cluster_operators.h"
#include "linter/configuration.h"
#include "linter/diagnostic.h"
#include "linter/discover.h"
#include "linter/manifests.h"
#include "linter/rule.h"
#include "linter/suppression.h"

namespace meshlint {

// The clusters that the files define, in any format. Documents that a reader makes, of texts inside of others, are kept
// in `made`, which must outlive the definitions.
std::vector<ClusterDefinition> read_clusters(const Manifests& manifests, MadeDocuments& made);

// Everything that was read and what it means, for the rules and for reports. Nothing of it moves: all parts point into
// those before them.
struct Repository {
  // Reads the inputs on `options.jobs` threads; `standard_input` is the text of "-". Throws UsageError for a
  // configuration file that cannot be used.
  Repository(const Options& options, const Policy& policy, const Inputs& inputs, const std::string& standard_input);
  Repository(const Repository&) = delete;
  Repository& operator=(const Repository&) = delete;

  const std::vector<InputFile> files;
  const Manifests manifests;
  MadeDocuments made_documents;  // that clusters point into, beside those of the files
  std::vector<ClusterDefinition> clusters;
  Configuration configuration;
  const Context context;
};

// What a run found and what it read, for the reports and the exit code.
struct Outcome {
  std::unique_ptr<const Repository> repository;  // keeps the sources alive that the findings point into
  std::vector<Diagnostic> diagnostics;  // by path, line, column, code; of too many of one rule in a file, the first
  std::vector<SuppressedFinding> suppressed;  // by path and line
  std::size_t files_read = 0;                 // of the files asked for
  std::size_t objects = 0;                    // Kubernetes objects and cluster definitions in them
  std::size_t templates_skipped = 0;
  std::size_t fixed = 0;                // findings that fixes took away
  bool io_failed = false;               // something asked for could not be read
  std::vector<std::string> unreadable;  // sentences about arguments and directories among it

  std::size_t count(Severity severity) const;   // of the findings as they are shown
  std::size_t places(Severity severity) const;  // that they stand for
};

// What rules find in the files asked for, but for what is suppressed, sorted and brought together as `Outcome` holds
// it.
std::vector<Diagnostic> run_rules(const Context& context, std::span<const Rule* const> rules, const Options& options);

// Reads the inputs on `options.jobs` threads, runs the rules, keeps the findings in the files asked for. The result
// does not depend on the number of threads. `standard_input` is the text of "-".
Outcome run(const Options& options, const Policy& policy, std::span<const Rule* const> rules, const Inputs& inputs,
            const std::string& standard_input);

}  // namespace meshlint
