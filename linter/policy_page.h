// The pages and outputs that policy data is refreshed from, read into facts.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linter/page_date.h"
#include "linter/policy.h"
#include "linter/problem.h"
#include "linter/source.h"

namespace meshlint {

enum class PageKind : std::uint8_t {
  support_policy,       // istio-support-policy.md
  kubernetes_versions,  // supported-kubernetes-versions.md
  mesh_config,          // istio-meshconfig.md
  mesh_revisions,       // az aks mesh get-revisions -o json
};

// One row of the add-on's release calendar, or one entry of get-revisions: that has no dates.
struct PageRevision {
  Minor revision;
  std::optional<PageDate> upstream_release;
  std::optional<PageDate> aks_release;
  std::optional<PageDate> end_of_life;
  std::optional<std::vector<Minor>> kubernetes;      // none where the page has no such column
  std::optional<std::vector<Minor>> kubernetes_lts;  // ascending, both
  Span span;
};

// One row of a Kubernetes calendar; what the table has no column for, or an empty cell, is missing.
struct PageKubernetesVersion {
  Minor version;
  std::optional<PageDate> upstream_release;
  std::optional<PageDate> preview;
  std::optional<PageDate> generally_available;
  std::optional<PageDate> end_of_life;
  std::optional<PageDate> lts_end_of_life;
  std::optional<Minor> platform_support_until;
  Span span;
};

struct PageField {
  std::string name;
  FieldSupport support = FieldSupport::allowed;
  Span span;
};

// How much one table holds: every cell of these was read, or there is a problem.
struct TableSize {
  std::string name;
  std::size_t rows = 0;
  std::size_t cells = 0;
  Span span;  // its header, or the list
};

// What one input says, and what is wrong with it: with any problem it must not be used.
struct PageFacts {
  const SourceFile* file = nullptr;
  PageKind kind = PageKind::support_policy;
  std::vector<PageRevision> revisions;
  std::vector<PageKubernetesVersion> community;
  std::vector<PageKubernetesVersion> lts;
  std::vector<PageField> mesh_config;
  std::vector<PageField> proxy_config;
  std::vector<TableSize> tables;
  std::vector<Problem> problems;
  std::vector<Problem> remarks;  // words of the page that are understood and not kept
};

// What an input is: by its file's name, else by its title or, for JSON, by its beginning.
std::optional<PageKind> recognize_page(const SourceFile& file);

// Reads an input whose kind is known.
PageFacts read_page(const SourceFile& file, PageKind kind);

}  // namespace meshlint
