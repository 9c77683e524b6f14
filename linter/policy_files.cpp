#include "linter/policy_files.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include "linter/error.h"
#include "linter/new_file.h"
#include "linter/policy.h"
#include "linter/policy_data.h"
#include "linter/sanitize.h"
#include "linter/yaml.h"

namespace meshlint {
namespace {

namespace fs = std::filesystem;

// A directory that goes with the object.
class StagingDirectory {
 public:
  StagingDirectory() {
    std::string name = (fs::temp_directory_path() / "meshlint-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a temporary directory");
    path_ = name;
  }
  StagingDirectory(const StagingDirectory&) = delete;
  StagingDirectory& operator=(const StagingDirectory&) = delete;
  ~StagingDirectory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// A line of the loader's complaint: `directory/file:line:column: message`.
InvalidPlace invalid_place(std::string_view line, std::string_view directory) {
  if (line.starts_with(directory)) line.remove_prefix(directory.size() + 1);
  InvalidPlace place;
  const std::size_t name_end = line.find(':');
  const std::size_t number_end = line.find(':', name_end + 1);
  const std::size_t column_end = line.find(": ", number_end + 1);
  if (name_end == std::string_view::npos || column_end == std::string_view::npos) {
    place.message = line;
    return place;
  }
  place.file = line.substr(0, name_end);
  const std::string_view number = line.substr(name_end + 1, number_end - name_end - 1);
  std::from_chars(number.data(), number.data() + number.size(), place.line);
  place.message = line.substr(column_end + 2);
  return place;
}

}  // namespace

PolicyFiles embedded_policy() {
  PolicyFiles files;
  for (const EmbeddedPolicyFile& file : embedded_policy_files()) {
    const std::string name(file.name);
    files[name] = std::make_unique<SourceFile>("policy/" + name, "policy/" + name, std::string(file.text));
  }
  return files;
}

PolicyFiles read_policy_directory(const std::string& directory) {
  std::error_code error;
  fs::directory_iterator entries(directory, error);
  if (error) throw UsageError(fmt::format("the policy directory {} cannot be read", sanitize(directory)));
  PolicyFiles files;
  for (const fs::directory_entry& entry : entries) {
    if (entry.path().extension() != ".yaml" || !entry.is_regular_file(error)) continue;
    std::ifstream stream(entry.path(), std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(stream), {}};
    if (!stream.is_open() || stream.bad()) {
      throw UsageError(fmt::format("{} cannot be read", sanitize(entry.path().string())));
    }
    const std::string name = entry.path().filename().string();
    files[name] = std::make_unique<SourceFile>(name, entry.path().string(), std::move(text));
  }
  return files;
}

PolicyFiles read_policy_argument(const std::string& name) {
  return name == "built-in" ? embedded_policy() : read_policy_directory(name);
}

PolicyTree parse_policy_file(const SourceFile& file) {
  return {parse_yaml(file)};
}

std::vector<InvalidPlace> check_policy_texts(const PolicyFiles& files, const PolicyTexts& texts) {
  const StagingDirectory staging;
  for (const auto& [name, file] : files) {
    const auto changed = texts.find(name);
    std::ofstream stream(staging.path() / name, std::ios::binary);
    stream << (changed == texts.end() ? file->text() : std::string_view(changed->second));
    if (!stream.flush()) throw std::runtime_error("cannot write a temporary file");
  }
  std::vector<InvalidPlace> places;
  try {
    Policy::from_directory(staging.path().string());
  } catch (const UsageError& error) {
    std::istringstream lines(error.what());
    for (std::string line; std::getline(lines, line);) places.push_back(invalid_place(line, staging.path().string()));
  }
  return places;
}

void write_policy_texts(const std::string& directory, const PolicyTexts& texts) {
  std::vector<NewFile> written;
  for (const auto& [name, text] : texts) {
    const fs::path target = fs::path(directory) / name;
    struct stat status {};
    if (lstat(target.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
      throw UsageError(
          fmt::format("{} is no file of its own: import writes through no link", sanitize(target.string())));
    }
    written.emplace_back(target, text, status.st_mode);
  }
  for (NewFile& file : written) file.move_into_place();
}

}  // namespace meshlint
