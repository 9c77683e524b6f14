// Files, and the clusters that the readers of all formats find in them.
#pragma once

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "linter/bicep.h"
#include "linter/cluster_arm.h"
#include "linter/cluster_operators.h"
#include "linter/hcl.h"
#include "linter/json.h"
#include "linter/terraform.h"
#include "linter/yaml.h"

namespace meshlint {

using Files = std::vector<std::pair<std::string, std::string>>;  // path and text

// Files and the clusters that the readers of all formats find in them.
struct Found {
  explicit Found(const Files& texts) : files(parse(texts)), manifests(files) {
    std::vector<const Document*> documents;
    std::vector<const Document*> terraform;
    for (const InputFile& file : files) {
      for (const auto& document : file.parsed.documents) {
        documents.push_back(document.get());
        if (is_terraform_file(file.source->path())) terraform.push_back(document.get());
        read_az_output(*document, clusters);
        read_terraform_values(*document, made, clusters);
      }
    }
    read_arm_templates(documents, clusters);
    read_terraform(terraform, clusters);
    read_service_operator_clusters(manifests, clusters);
    read_cluster_api_clusters(manifests, made, clusters);
    read_crossplane_clusters(manifests, made, clusters);
    read_pulumi_clusters(documents, clusters);
    read_command_line_clusters(documents, made, clusters);
  }

  static std::vector<InputFile> parse(const Files& texts) {
    std::vector<InputFile> result;
    for (const auto& [path, text] : texts) {
      InputFile& file = result.emplace_back();
      file.source = std::make_unique<SourceFile>(path, path, text);
      file.parsed = path.ends_with(".json")    ? parse_json(*file.source)
                    : path.ends_with(".tf")    ? parse_hcl(*file.source)
                    : path.ends_with(".bicep") ? parse_bicep(*file.source)
                                               : parse_yaml(*file.source);
      for (const Problem& problem : file.parsed.problems) FAIL(path << ": " << problem.message << "\n" << text);
    }
    return result;
  }

  const ClusterDefinition& only() const {
    REQUIRE(clusters.size() == 1);
    return clusters[0];
  }

  std::vector<InputFile> files;
  Manifests manifests;
  MadeDocuments made;
  std::vector<ClusterDefinition> clusters{};
};

inline std::string_view to_string(Known known) {
  switch (known) {
    case Known::unstated: return "unstated";
    case Known::unresolved: return "unresolved";
    case Known::defaulted: return "defaulted";
    case Known::stated: return "stated";
  }
  return "";
}

inline std::string value_of(const Fact<std::string>& fact) {
  return fact.value;
}
inline std::string value_of(const Fact<bool>& fact) {
  return fact.value ? "true" : "false";
}

// "stated Istio", "unresolved".
template <class T>
std::string show(const Fact<T>& fact) {
  return fact.has_value() ? fmt::format("{} {}", to_string(fact.known), value_of(fact))
                          : std::string(to_string(fact.known));
}

// The same with its place: "stated Istio at 12:7".
template <class T>
std::string at(const Fact<T>& fact) {
  if (fact.node.file() == nullptr) return show(fact) + " nowhere";
  const auto position = fact.node.file()->position(fact.node.span().start);
  return fmt::format("{} at {}:{}", show(fact), position.line, position.column);
}

inline std::string show(const std::vector<Fact<std::string>>& facts) {
  std::string result;
  for (const auto& fact : facts) result += (result.empty() ? "" : ", ") + show(fact);
  return result;
}

}  // namespace meshlint
