// A policy as files: the built-in ones, those of a directory, and how a directory is changed.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "linter/source.h"
#include "linter/tree.h"

namespace meshlint {

// Every table of a policy by its file's name, such as "release-calendar.yaml".
using PolicyFiles = std::map<std::string, std::unique_ptr<SourceFile>, std::less<>>;

PolicyFiles embedded_policy();

// The *.yaml files of a directory; throws UsageError when there is no such directory or one cannot be read.
PolicyFiles read_policy_directory(const std::string& directory);

// `built-in` or a directory.
PolicyFiles read_policy_argument(const std::string& name);

// One file's tree; falsy root when it is no single document. Problems say why.
struct PolicyTree {
  ParsedText parsed;

  Node root() const { return parsed.documents.size() == 1 ? parsed.documents[0]->root() : Node(); }
};

PolicyTree parse_policy_file(const SourceFile& file);

// New texts of files by their names.
using PolicyTexts = std::map<std::string, std::string, std::less<>>;

// What keeps a policy from being loaded, in the words of the loader.
struct InvalidPlace {
  std::string file;        // its name, such as "release-calendar.yaml"
  std::uint32_t line = 0;  // from 1
  std::string message;
};

// What would be wrong with a policy directory with these texts in place; nothing when it would load.
std::vector<InvalidPlace> check_policy_texts(const PolicyFiles& files, const PolicyTexts& texts);

// Replaces the files, all or none: each is written beside its place first and then renamed. Throws UsageError for a
// file that is a link or no file, std::runtime_error when one cannot be written.
void write_policy_texts(const std::string& directory, const PolicyTexts& texts);

}  // namespace meshlint
