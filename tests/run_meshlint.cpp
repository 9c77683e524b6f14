#include "tests/run_meshlint.h"

#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_file(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file) throw std::runtime_error("cannot write " + path.string());
}

TemporaryDirectory::TemporaryDirectory() {
  std::string name = (fs::temp_directory_path() / "meshlint-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a temporary directory");
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

RunResult run_command(const fs::path& directory, const std::string& command, const std::string& standard_input) {
  const TemporaryDirectory streams;
  write_file(streams.path() / "in", standard_input);
  const std::string line = "cd '" + directory.string() + "' && { " + command + "\n} <'" +
                           (streams.path() / "in").string() + "' >'" + (streams.path() / "out").string() + "' 2>'" +
                           (streams.path() / "err").string() + "'";
  const int status = std::system(line.c_str());
  RunResult result;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.output = read_file(streams.path() / "out");
  result.errors = read_file(streams.path() / "err");
  return result;
}

RunResult run_meshlint(const fs::path& directory, const std::string& arguments, const std::string& standard_input) {
  return run_command(
      directory,
      "env -u GITHUB_ACTIONS -u FORCE_COLOR -u CLICOLOR_FORCE NO_COLOR=1 '" MESHLINT_EXECUTABLE "' " + arguments,
      standard_input);
}
