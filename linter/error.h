// The exceptions of a run. What is wrong in an input is a Problem or a Diagnostic, never an exception.
#pragma once

#include <stdexcept>

namespace meshlint {

// The command line or the policy data cannot be used: exit code 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace meshlint
