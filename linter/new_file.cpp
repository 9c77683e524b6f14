#include "linter/new_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "linter/error.h"
#include "linter/sanitize.h"

namespace meshlint {
namespace {

namespace fs = std::filesystem;

bool is_inside(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

}  // namespace

NewFile::NewFile(fs::path target, std::string_view text, mode_t mode) : target_(std::move(target)) {
  std::string name = target_.string() + ".XXXXXX";
  const int file = mkostemp(name.data(), O_CLOEXEC);
  if (file < 0) fail();
  path_ = name;
  bool written = fchmod(file, mode & 07777U) == 0;
  while (written && !text.empty()) {
    const ssize_t count = ::write(file, text.data(), text.size());
    written = count > 0 || (count < 0 && errno == EINTR);
    if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
  }
  written = written && fsync(file) == 0;
  if (close(file) == 0 && written) return;
  const int reason = errno;
  unlink(name.c_str());  // a constructor that throws has no destructor run
  errno = reason;
  fail();
}

NewFile::NewFile(NewFile&& other) noexcept
    : target_(std::move(other.target_)), path_(std::exchange(other.path_, fs::path())) {}

NewFile::~NewFile() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove(path_, ignored);
}

void NewFile::move_into_place() {
  if (::rename(path_.c_str(), target_.c_str()) != 0) fail();
  path_.clear();
}

void NewFile::fail() const {
  throw std::runtime_error(
      fmt::format("{} cannot be written: {}", target_.string(), std::system_category().message(errno)));
}

void write_report(const std::string& path, std::string_view text) {
  const auto refuse = [&path](std::string_view why) {
    throw UsageError(fmt::format("the report '{}' is not written: {}", sanitize(path), why));
  };
  const fs::path named = (fs::current_path() / path).lexically_normal();
  std::error_code error;
  const fs::path folder = fs::canonical(named.parent_path(), error);
  if (error) refuse("its folder does not exist");
  const fs::path here = fs::canonical(fs::current_path());
  if (is_inside(named, fs::current_path()) && !is_inside(folder, here))
    refuse("a link leads it out of the working directory");
  if (std::ranges::find(folder, fs::path(".git")) != folder.end() || named.filename() == ".git")
    refuse("it would lie in .git");
  if (fs::is_directory(named) || named.filename().empty()) refuse("it is a directory");
  const fs::file_status status = fs::symlink_status(named, error);
  const bool is_special = fs::exists(status) && !fs::is_regular_file(status) && !fs::is_symlink(status);
  if (is_special) refuse("there is something that is no file");
  NewFile(folder / named.filename(), text, 0644).move_into_place();
}

}  // namespace meshlint
