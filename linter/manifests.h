// Documents -> Kubernetes resources, indexed by group and kind, with what kustomize and Flux do to their files.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "linter/tree.h"

namespace meshlint {

// One file and what was read from it.
struct InputFile {
  std::unique_ptr<SourceFile> source;
  ParsedText parsed;
  bool reported = true;  // findings in it are asked for; otherwise it is context only
};

// One Kubernetes object.
struct Resource {
  std::string_view group;    // "networking.istio.io"; empty for the core group
  std::string_view version;  // "v1beta1"
  std::string_view kind;
  Node root;
  Node name;             // metadata.name
  Node name_space;       // metadata.namespace as stated; Manifests::name_space_of knows what becomes of it
  Node labels;           // metadata.labels
  bool partial = false;  // a patch of kustomize, in a file or in a kustomization: what it lacks is not missing

  bool is(std::string_view group_name, std::string_view kind_name) const {
    return group == group_name && kind == kind_name;
  }
  const SourceFile& file() const { return *root.file(); }
};

// "Namespace shop", "ConfigMap aks-istio-system/istio-shared-configmap-asm-1-29".
std::string describe(const Resource& resource);

// A document inside a scalar of a resource.
struct EmbeddedDocument {
  const Resource* resource = nullptr;
  Node text;          // the scalar
  ParsedText parsed;  // what it holds, at its true positions in the file
  Node root;          // of the first document; missing when there is none
};

// A path that building a kustomization includes.
struct Inclusion {
  std::string folder;  // of the kustomization
  std::string path;    // of a file, or of the folder of another kustomization
  Node place;          // what says so
};

// A label that a kustomization (or Flux) puts on all that it includes.
struct LabelSetting {
  Node label;
  std::vector<std::string> files;  // the paths of what it includes
};

class Manifests {
 public:
  // Indexes the documents of the files, unpacks lists and reads data.mesh. The files must outlive the index.
  explicit Manifests(const std::vector<InputFile>& files);

  const std::vector<InputFile>& files() const { return *files_; }
  const std::vector<std::unique_ptr<Resource>>& all() const { return resources_; }

  // The resources of one group and kind, whatever their version.
  const std::vector<const Resource*>& of(std::string_view group, std::string_view kind) const;

  // The ConfigMaps that kustomizations generate, with the entry of configMapGenerator as their root: such a resource
  // has no `data`. Its name need not be final. They are not among the other resources.
  const std::vector<std::unique_ptr<Resource>>& generated_config_maps() const { return generated_config_maps_; }

  // The documents under data.mesh of ConfigMaps, generated ones among them: those stand in a literal of the generator
  // or are a file of their own.
  const std::vector<EmbeddedDocument>& mesh_configs() const { return mesh_configs_; }

  // The documents of ConfigMaps under the keys by which the Gateway API on Istio customises what a Gateway makes.
  // Whether a ConfigMap is meant so is for the caller to decide: other ConfigMaps may have such keys.
  const std::vector<EmbeddedDocument>& gateway_customizations() const { return gateway_customizations_; }

  // The documents in the annotation proxy.istio.io/config of objects and of the pods that workloads make.
  const std::vector<EmbeddedDocument>& proxy_configs() const { return proxy_configs_; }

  // The namespace a resource ends up in: stated in the manifest, or set by the one kustomization that lists its file.
  // Nothing when it is not stated, a template, when it depends on which kustomization is built, or when Flux sets it.
  std::optional<std::string_view> name_space_of(const Resource& resource) const;

  // Whether the name in the file is the name in the cluster: literal, and no kustomization adds a prefix or suffix.
  bool has_final_name(const Resource& resource) const;

  // Whether a kustomization (or Flux) that includes the resource's file has a patch, or a replacement, for such an
  // object: what the file says need not be what is applied. Not said of patches themselves.
  bool may_be_patched(const Resource& resource) const;

  // What kustomizations list under `resources`, `bases` and `components`, as far as it is in the repository.
  const std::vector<Inclusion>& inclusions() const { return inclusions_; }

  // Whether a kustomization (or Flux) that includes the resource's file sets this label: it may be there although the
  // file does not state it, and what the file states of it need not be what is applied.
  bool may_set_label(const Resource& resource, std::string_view key) const;

  // The labels of Istio that kustomizations set.
  const std::vector<LabelSetting>& label_settings() const { return label_settings_; }

  // The objects in files, patches not among them.
  std::vector<const Resource*> in_files(const std::vector<std::string>& paths) const;

  // The resource that a node stands in, also when it stands in a document inside one of its scalars; null for none.
  const Resource* resource_of(Node node) const;

  // The resource that a place of a file stands in; null for none.
  const Resource* resource_at(const SourceFile& file, Span span) const;

  // Dotted path of a node inside its resource or document, through documents inside scalars.
  std::string path_of(Node node) const;

 private:
  // The objects that a patch is for; an empty kind or name stands for any.
  struct PatchTarget {
    std::string kind;
    std::string name;
  };

  // One kustomization.yaml (whatever its spelling), or one Kustomization of Flux, as far as it matters to the resources
  // it includes.
  struct Kustomization {
    std::optional<std::string> name_space;
    bool name_space_unresolved = false;
    bool renames = false;
    std::vector<std::string> resources;         // paths of files and folders, relative to the root
    std::vector<std::string> patches;           // paths of files
    std::vector<std::uint32_t> target_lists;    // numbers of its lists of targets
    std::set<std::string, std::less<>> labels;  // keys
    std::vector<Node> istio_labels;             // the values of those of Istio
  };
  using Kustomizations = std::map<std::string, Kustomization, std::less<>>;  // by folder

  // What kustomizations do to the resources of one file.
  struct Placement {
    std::optional<std::string> name_space;      // set by the one kustomization that lists the file
    bool name_space_unknown = false;            // depends on which kustomization is built
    bool renamed = false;                       // some kustomization adds a prefix or suffix
    bool patch = false;                         // listed as a patch
    std::vector<std::uint32_t> target_lists;    // of the kustomizations that include the file, in ascending order
    std::set<std::string, std::less<>> labels;  // keys that the kustomizations that include the file set
  };

  static void add_labels(Node mapping, Kustomization& kustomization);
  void read_kustomizations();
  void collect_inclusions(const InputFile& file);
  Kustomization read_kustomization(std::string_view folder, Node root);
  std::vector<PatchTarget> read_targets(std::string_view folder, Node root) const;
  void add_targets(std::string_view folder, Node root, Kustomization& kustomization);
  std::vector<Node> flux_objects(std::string_view group, std::string_view kind) const;
  void read_flux_kustomizations(const Kustomizations& kustomizations);
  std::vector<std::string> files_below(std::string_view folder) const;
  void place(const Kustomizations& kustomizations, const Kustomization& built);
  const InputFile* file_at(std::string_view path) const;
  static void add_included_files(const Kustomizations& all, const std::string& folder, std::set<std::string>& visited,
                                 std::set<std::string>& included);
  void add_resource(Node root, std::string_view api_version, std::string_view kind);
  void add_document(Node root);
  void read_patches();
  void read_patches_of(std::string_view folder, Node root);
  void add_patch(Node root, Node target);
  std::string group_of(std::string_view kind) const;
  void read_embedded_documents();
  void read_embedded(const Resource& resource, Node text, std::string path, std::vector<EmbeddedDocument>& into,
                     std::size_t left_out = 0);
  void read_generators(const InputFile& file);
  void read_generated(const Resource& generated);
  const Placement* placement_of(const Resource& resource) const;

  const std::vector<InputFile>* files_;
  std::unordered_map<std::string_view, const InputFile*> files_by_path_;
  std::vector<std::unique_ptr<Resource>> resources_;
  std::vector<std::unique_ptr<Resource>> generated_config_maps_;
  std::vector<ParsedText> inline_patches_;               // texts in kustomizations, which resources point into
  std::vector<std::unique_ptr<Document>> json_patches_;  // made of operations, likewise
  std::map<std::pair<std::string_view, std::string_view>, std::vector<const Resource*>> by_kind_;
  std::unordered_map<const Document*, std::vector<const Resource*>> by_document_;  // in order of their places
  std::unordered_map<const SourceFile*, std::vector<const Resource*>> by_file_;
  std::unordered_map<const Document*, std::string> embedded_paths_;  // of the scalars in their resources
  std::vector<EmbeddedDocument> mesh_configs_;
  std::vector<EmbeddedDocument> gateway_customizations_;
  std::vector<EmbeddedDocument> proxy_configs_;
  std::vector<Inclusion> inclusions_;
  std::vector<LabelSetting> label_settings_;
  std::map<std::string, Placement, std::less<>> placements_;  // by path of the file
  // Each list stands here once: many kustomizations may include many files.
  std::vector<std::vector<PatchTarget>> target_lists_;
};

// The metadata of the pods that a workload (Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Pod) makes,
// and their specification; missing for other kinds.
Node pod_metadata(const Resource& resource);
Node pod_spec(const Resource& resource);

// Whether pods with this metadata state, by label or annotation, that they get no sidecar.
bool opts_out_of_injection(Node pod_metadata);

// Whether kustomize reads a file of this path as a kustomization.
bool is_kustomization_file(std::string_view path);

// The folder of a path with '/' between its parts, without a trailing '/'; empty for the root.
std::string_view folder_of(std::string_view path);

// A path relative to a folder, with `.` and `..` resolved; nothing when it leaves the root or is absolute.
std::optional<std::string> resolve_path(std::string_view folder, std::string_view relative);

}  // namespace meshlint
