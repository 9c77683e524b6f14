// Files are written beside the ones that they replace and moved into place: at no time is there half a file, and a
// link is replaced, never followed.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace meshlint {

// A new file beside the one that it will replace; removed again unless it was moved there. What cannot be done throws
// std::runtime_error with a sentence.
class NewFile {
 public:
  NewFile(std::filesystem::path target, std::string_view text, mode_t mode);
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile();

  void move_into_place();

 private:
  [[noreturn]] void fail() const;

  std::filesystem::path target_;
  std::filesystem::path path_;
};

// Writes a report. What is named as inside of the working directory must lie inside of it, and never in `.git`: a link
// in a repository must not lead the report elsewhere. Throws UsageError for such a path, std::runtime_error when the
// file cannot be written.
void write_report(const std::string& path, std::string_view text);

}  // namespace meshlint
