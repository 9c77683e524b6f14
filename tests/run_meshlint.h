// Runs the real executable in a directory of its own, as a user would.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

struct RunResult {
  int exit_code = -1;
  std::string output;  // standard output
  std::string errors;  // standard error
};

// Runs a shell command line with `meshlint` in front of it in `directory`; NO_COLOR is set and CI variables are not.
RunResult run_meshlint(const std::filesystem::path& directory, const std::string& arguments,
                       const std::string& standard_input = "");

// Runs any shell command in a directory.
RunResult run_command(const std::filesystem::path& directory, const std::string& command,
                      const std::string& standard_input = "");

std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, std::string_view text);

// A new empty directory that is outside of any Git repository and goes with the object.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};
