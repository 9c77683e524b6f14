// What people tell meshlint to be silent about where it stands: in comments and annotations.
//
//   # meshlint: ignore[MSH4001, gateway-host-missing] the reason    on a line of its own: the value that begins below
//   it,
//                                                                  with all that it holds; behind a value: that value
//   # meshlint: ignore-file[MSH4001] the reason                     before the first value of a file: the whole file
//   metadata.annotations["meshlint/ignore"]: "MSH4001=reason; MSH2001"     the whole object
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "linter/context.h"
#include "linter/diagnostic.h"

namespace meshlint {

// A finding that is not reported.
struct SuppressedFinding {
  Diagnostic finding;
  std::string reason;  // empty when none is given
};

class Suppressions {
 public:
  // Reads those of the files that are reported on. `known_rules` are the codes and names of all rules there are.
  Suppressions(const Context& context, std::span<const std::string_view> known_rules);

  // Takes the findings out that are suppressed.
  std::vector<SuppressedFinding> take_from(std::vector<Diagnostic>& findings);

  // What is wrong with the suppressions themselves, once all findings were taken: of the rules suppression-unknown and
  // suppression-unused, where they are among `rules`. Only rules that ran can be told to be unused.
  std::vector<Diagnostic> findings(std::span<const Rule* const> rules) const;

 private:
  // One rule that a comment or an annotation names.
  struct Suppression {
    Place place;    // of the rule's name
    Place comment;  // of the whole comment; no file for an annotation
    std::string rule;
    Span covered;
    std::string reason;
    bool used = false;
  };
  struct Mistake {
    Place place;
    std::string message;
    std::string help;
  };

  void read_comments(const SourceFile& file, const std::vector<std::unique_ptr<Document>>& documents);
  void read_comment(const SourceFile& file, const std::vector<std::unique_ptr<Document>>& documents,
                    const Comment& comment);
  void read_annotation(const Resource& resource);
  void add(Suppression suppression);

  std::vector<std::string_view> known_rules_;
  std::vector<Suppression> suppressions_;
  std::vector<Mistake> mistakes_;
};

}  // namespace meshlint
