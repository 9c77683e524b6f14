// Documents -> Kubernetes resources, indexed by group and kind, with what kustomize says about their files.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linter/tree.h"
#include "linter/version.h"

namespace meshlint {

// One file and what was read from it.
struct InputFile {
  std::unique_ptr<SourceFile> source;
  ParsedText parsed;
  bool reported = true;  // findings in it are asked for
};

// One Kubernetes object.
struct Resource {
  std::string_view group;    // "networking.istio.io"; empty for the core group
  std::string_view version;  // "v1beta1"
  std::string_view kind;
  Node root;
  Node name;             // metadata.name
  Node name_space;       // metadata.namespace; use Manifests::name_space_of to judge it
  Node labels;           // metadata.labels
  bool partial = false;  // a kustomize patch: what it lacks is not missing

  bool is(std::string_view group_name, std::string_view kind_name) const {
    return group == group_name && kind == kind_name;
  }
  const SourceFile& file() const { return *root.file(); }
};

// "Namespace shop", "ConfigMap aks-istio-system/istio-shared-configmap-asm-1-29".
std::string describe(const Resource& resource);

// A ConfigMap that holds MeshConfig under data.mesh.
struct MeshConfigMap {
  const Resource* resource = nullptr;
  ParsedText parsed;              // the text of data.mesh, at its true positions
  Node mesh;                      // its root; missing when it could not be read or is empty
  std::optional<Minor> revision;  // of a name istio-shared-configmap-asm-X-Y
  bool is_shared = false;         // named and placed so that the add-on reads it
};

class Manifests {
 public:
  // Indexes the documents of the files, unpacks lists, reads data.mesh. The files must outlive the index.
  explicit Manifests(const std::vector<InputFile>& files);

  const std::vector<InputFile>& files() const { return *files_; }
  const std::vector<std::unique_ptr<Resource>>& all() const { return resources_; }

  // The resources of one group and kind, whatever their version.
  const std::vector<const Resource*>& of(std::string_view group, std::string_view kind) const;

  // ConfigMaps whose data.mesh looks like shared mesh configuration of the add-on, by name or by namespace.
  const std::vector<MeshConfigMap>& mesh_config_maps() const { return mesh_config_maps_; }

  // The namespace a resource ends up in: stated in the manifest, or set by the one kustomization that lists its file;
  // nothing when it is not stated, a template, or when kustomizations may still set it.
  std::optional<std::string_view> name_space_of(const Resource& resource) const;

  // Whether the name is final: literal, and no kustomization that includes the file adds a prefix or suffix.
  bool has_final_name(const Resource& resource) const;

  // The resource that a node stands in; null for none.
  const Resource* resource_of(Node node) const;

 private:
  struct Kustomization;

  const std::vector<InputFile>* files_;
  std::vector<std::unique_ptr<Resource>> resources_;
  std::map<std::pair<std::string_view, std::string_view>, std::vector<const Resource*>> by_kind_;
  std::vector<MeshConfigMap> mesh_config_maps_;
  struct Placement {                        // what kustomizations do to a file's resources
    std::optional<std::string> name_space;  // set by the one kustomization that lists the file
    bool name_space_unknown = false;        // several could set it
    bool renamed = false;                   // a prefix or suffix may be added
    bool patch = false;                     // listed as a patch
  };
  std::map<std::string, Placement, std::less<>> placements_;  // by file path
};

}  // namespace meshlint
