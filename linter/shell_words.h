// Command lines of shell scripts, as far as they are written out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "linter/source.h"

namespace meshlint {

// One word of a command.
struct ShellWord {
  std::string text;        // with quotes and escapes undone; expressions stay as they are written
  Span span;               // in the script, quotes included
  bool is_literal = true;  // false when it holds an expression of the shell or of a workflow
  bool can_split = false;  // holds an expression outside of quotes, which may come to any number of words
};

// One simple command.
struct ShellCommand {
  std::vector<ShellWord> words;
  bool is_conditional = false;  // within a condition, a loop or a function, or run only if another command says so
};

// The commands of a script in their order. Comments, the bodies of here-documents and command substitutions are left
// out. Lines go on behind `\`, and behind the marks of PowerShell (a backtick) and cmd (`^`).
std::vector<ShellCommand> read_shell_commands(std::string_view script);

}  // namespace meshlint
