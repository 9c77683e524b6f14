#include "linter/manifests.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "linter/kustomize_patch.h"
#include "linter/terraform.h"
#include "linter/yaml.h"

namespace meshlint {
namespace {

std::pair<std::string_view, std::string_view> split_api_version(std::string_view api_version) {
  const auto slash = api_version.find('/');
  if (slash == std::string_view::npos) return {"", api_version};
  return {api_version.substr(0, slash), api_version.substr(slash + 1)};
}

constexpr auto patch_lists = {"patches", "patchesStrategicMerge", "patchesJson6902"};

// The files and folders that lists of a kustomization name.
std::vector<std::string> paths_in(std::string_view folder, Node root, std::initializer_list<const char*> lists) {
  std::vector<std::string> paths;
  for (const auto* list : lists) {
    for (const Node item : root[list].items()) {
      const Node path = item.is_mapping() ? item["path"] : item;
      if (!path.is_scalar() || path.unresolved()) continue;
      if (auto resolved = resolve_path(folder, path.text())) paths.push_back(std::move(*resolved));
    }
  }
  return paths;
}

// The folder of the repository that a Kustomization of Flux builds; nothing when it is not known. The root is no
// answer: it would be the folder of every file, also of those that no cluster is meant to get.
std::optional<std::string> flux_folder(Node path) {
  if (path.unresolved()) return std::nullopt;
  auto text = path.text();
  while (text.starts_with('/')) text.remove_prefix(1);
  auto folder = resolve_path("", text);
  return folder && !folder->empty() ? folder : std::nullopt;
}

// The owner and the name in a repository's URL, which are the same whether it is reached by HTTPS or SSH.
std::string repository_of(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  if (url.ends_with(".git")) url.remove_suffix(4);
  std::vector<std::string_view> parts;
  while (!url.empty() && parts.size() < 2) {
    const auto slash = url.rfind('/');
    const auto part = url.substr(slash + 1);
    if (part != "_git") parts.push_back(part);
    url = url.substr(0, slash == std::string_view::npos ? 0 : slash);
  }
  return fmt::format("{}", fmt::join(parts, "<"));
}

// What the GitRepositories of each name of Flux stand for.
class FluxSources {
 public:
  explicit FluxSources(const std::vector<Node>& git_repositories) {
    for (const Node root : git_repositories) {
      const Node url = root["spec"]["url"];
      const bool is_known = url.is_scalar() && !url.unresolved() && !url.text().empty();
      // Which repository it is cannot be told: as good as this one.
      repositories_[std::string(root["metadata"]["name"].text())].insert(is_known ? repository_of(url.text()) : "");
    }
  }

  // Whether a sourceRef is known to mean something else than the repository that is linted.
  bool is_elsewhere(Node reference) const {
    const Node kind = reference["kind"];
    if (!kind.is_null() && !kind.unresolved() && kind.text() != "GitRepository") return true;
    if (reference["name"].unresolved()) return false;
    const auto own = repositories_.find(own_name);
    const auto named = repositories_.find(reference["name"].text());
    if (own == repositories_.end() || named == repositories_.end()) return false;
    if (own->second.contains("") || named->second.contains("")) return false;
    return std::ranges::none_of(named->second, [&](const auto& name) { return own->second.contains(name); });
  }

 private:
  static constexpr std::string_view own_name = "flux-system";  // what `flux bootstrap` calls the repository it is in

  std::map<std::string, std::set<std::string>, std::less<>> repositories_;
};

}  // namespace

namespace {

// Of a resource of Terraform's type for its kind: there `metadata` is a block, and so a list.
void read_metadata_block(Resource& resource) {
  const Node metadata = resource.root["metadata"];
  const Node block = metadata.is_sequence() ? metadata[std::size_t{0}] : metadata;
  resource.name = block["name"];
  resource.name_space = block["namespace"];
  // What changes labels alone states them beside the metadata.
  resource.labels = resource.root["labels"] ? resource.root["labels"] : block["labels"];
}

std::uint32_t start_of(const Resource* resource) {
  return resource->root.span().start;
}

// The resource around a span, of resources in order of their places.
const Resource* holder_of(const std::vector<const Resource*>& resources, Span span) {
  const auto next = std::ranges::upper_bound(resources, span.start, {}, start_of);
  if (next == resources.begin()) return nullptr;
  const Resource* before = *(next - 1);
  return span.end <= before->root.span().end ? before : nullptr;
}

}  // namespace

bool is_kustomization_file(std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
  return name == "kustomization.yaml" || name == "kustomization.yml" || name == "Kustomization";
}

std::string_view folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::optional<std::string> resolve_path(std::string_view folder, std::string_view relative) {
  if (relative.starts_with('/') || relative.find("://") != std::string_view::npos) return std::nullopt;
  std::vector<std::string_view> parts;
  const std::string joined = fmt::format("{}/{}", folder, relative);
  std::string_view rest = joined;
  while (!rest.empty()) {
    const auto slash = std::min(rest.find('/'), rest.size());
    const auto part = rest.substr(0, slash);
    rest.remove_prefix(std::min(slash + 1, rest.size()));
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
    } else if (parts.empty()) {
      return std::nullopt;
    } else {
      parts.pop_back();
    }
  }
  return fmt::format("{}", fmt::join(parts, "/"));
}

std::string describe(const Resource& resource) {
  const auto name = resource.name.text();
  if (name.empty()) return std::string(resource.kind);
  const auto name_space = resource.name_space.text();
  if (name_space.empty()) return fmt::format("{} {}", resource.kind, name);
  return fmt::format("{} {}/{}", resource.kind, name_space, name);
}

namespace {

Node pod_template(const Resource& resource) {
  const Node spec = resource.root["spec"];
  if (resource.is("", "Pod")) return resource.root;
  if (resource.is("batch", "CronJob")) return spec["jobTemplate"]["spec"]["template"];
  const bool has_template = resource.group == "apps" || resource.is("batch", "Job");
  return has_template ? spec["template"] : Node();
}

}  // namespace

Node pod_metadata(const Resource& resource) {
  return pod_template(resource)["metadata"];
}

Node pod_spec(const Resource& resource) {
  return pod_template(resource)["spec"];
}

bool opts_out_of_injection(Node pod_metadata) {
  constexpr std::string_view key = "sidecar.istio.io/inject";
  return pod_metadata["labels"][key].text() == "false" || pod_metadata["annotations"][key].text() == "false";
}

Manifests::Manifests(const std::vector<InputFile>& files) : files_(&files) {
  for (const InputFile& file : files) files_by_path_.emplace(file.source->path(), &file);
  read_kustomizations();
  for (const InputFile& file : files) {
    for (const auto& document : file.parsed.documents) add_document(document->root());
    if (!is_terraform_file(file.source->path()) || file.parsed.documents.empty()) continue;
    // Manifests in Terraform's own language; those in its strings are documents of their own.
    const auto found = manifests_in_terraform(*file.parsed.documents.front());
    for (const Node object : found.objects) add_document(object);
    for (const auto& [kind, body, partial, api_version] : found.typed) {
      add_resource(body, api_version, kind);
      read_metadata_block(*resources_.back());
      resources_.back()->partial = partial;
    }
  }
  read_patches();
  for (const auto& resource : resources_) {
    by_kind_[{resource->group, resource->kind}].push_back(resource.get());
    by_document_[resource->root.document()].push_back(resource.get());
    by_file_[&resource->file()].push_back(resource.get());
  }
  // Terraform's are found kind by kind, patches inside of others after these.
  for (auto& [file, resources] : by_file_) std::ranges::sort(resources, {}, start_of);
  for (auto& [document, resources] : by_document_) {
    if (is_terraform_file(document->file().path())) std::ranges::sort(resources, {}, start_of);
  }
  read_embedded_documents();
}

const InputFile* Manifests::file_at(std::string_view path) const {
  const auto found = files_by_path_.find(path);
  return found == files_by_path_.end() ? nullptr : found->second;
}

// Targets are regular expressions: one that is no plain name may mean any.
std::vector<Manifests::PatchTarget> Manifests::read_targets(std::string_view folder, Node root) const {
  std::vector<PatchTarget> targets;
  const auto plain = [](Node text) {
    const bool is_plain = text.text().find_first_of(".*+?|[](){}^$\\") == std::string_view::npos;
    return is_plain && !text.unresolved() ? std::string(text.text()) : std::string();
  };
  const auto add_target = [&](Node target) {
    if (target.is_mapping()) targets.push_back({plain(target["kind"]), plain(target["name"])});
  };
  const auto add_target_of = [&](Node patch) {
    if (patch["kind"]) targets.push_back({plain(patch["kind"]), plain(patch["metadata"]["name"])});
  };
  const auto add_documents = [&](const ParsedText& text) {
    for (const auto& document : text.documents) add_target_of(document->root());
  };
  const auto add_replacement = [&](Node replacement) {
    for (const Node target : replacement["targets"].items()) add_target(target["select"]);
  };
  const auto add_replacement_file = [&](const std::string& path) {
    const InputFile* file = file_at(path);
    if (file == nullptr || file->parsed.documents.empty()) targets.emplace_back();  // may be for any object
    if (file == nullptr) return;
    for (const auto& document : file->parsed.documents) {
      add_replacement(document->root());
      for (const Node replacement : document->root().items()) add_replacement(replacement);
    }
  };
  for (const auto* key : patch_lists) {
    for (const Node patch : root[key].items()) {
      add_target(patch["target"]);
      add_target_of(patch);  // Flux takes objects as well
      if (!patch["target"]) add_documents(parse_embedded_yaml(patch.is_mapping() ? patch["patch"] : patch));
    }
  }
  for (const auto& path : paths_in(folder, root, patch_lists)) {
    if (const InputFile* file = file_at(path)) add_documents(file->parsed);
  }
  for (const Node replacement : root["replacements"].items()) add_replacement(replacement);
  for (const auto& path : paths_in(folder, root, {"replacements"})) add_replacement_file(path);
  return targets;
}

void Manifests::add_targets(std::string_view folder, Node root, Kustomization& kustomization) {
  auto targets = read_targets(folder, root);
  if (targets.empty()) return;
  kustomization.target_lists.push_back(static_cast<std::uint32_t>(target_lists_.size()));
  target_lists_.push_back(std::move(targets));
}

void Manifests::add_labels(Node mapping, Kustomization& kustomization) {
  for (const Entry& entry : mapping.entries()) {
    kustomization.labels.emplace(entry.key.text());
    if (entry.key.text().find("istio") != std::string_view::npos) kustomization.istio_labels.push_back(entry.value);
  }
}

Manifests::Kustomization Manifests::read_kustomization(std::string_view folder, Node root) {
  Kustomization result;
  if (const Node name_space = root["namespace"]; !name_space.is_null()) {
    result.name_space_unresolved = name_space.unresolved();
    result.name_space = std::string(name_space.text());
  }
  result.renames = !root["namePrefix"].is_null() || !root["nameSuffix"].is_null();
  result.resources = paths_in(folder, root, {"resources", "bases", "components"});
  result.patches = paths_in(folder, root, patch_lists);
  add_targets(folder, root, result);
  add_labels(root["commonLabels"], result);
  for (const Node labels : root["labels"].items()) add_labels(labels["pairs"], result);
  return result;
}

// The files that building a kustomization includes, with those of the kustomizations it includes.
void Manifests::add_included_files(const Kustomizations& all, const std::string& folder, std::set<std::string>& visited,
                                   std::set<std::string>& included) {
  const auto found = all.find(folder);
  if (found == all.end() || !visited.insert(folder).second) return;
  for (const auto& path : found->second.resources) {
    included.insert(path);
    add_included_files(all, path, visited, included);
  }
}

void Manifests::collect_inclusions(const InputFile& file) {
  const std::string folder(folder_of(file.source->path()));
  for (const auto* key : {"resources", "bases", "components"}) {
    for (const Node item : file.parsed.documents[0]->root()[key].items()) {
      auto path = item.unresolved() ? std::nullopt : resolve_path(folder, item.text());
      if (path && !path->empty()) inclusions_.push_back({folder, std::move(*path), item});
    }
  }
}

void Manifests::read_kustomizations() {
  Kustomizations kustomizations;
  for (const InputFile& file : *files_) {
    const std::string& path = file.source->path();
    if (!is_kustomization_file(path) || file.parsed.documents.empty()) continue;
    kustomizations[std::string(folder_of(path))] =
        read_kustomization(folder_of(path), file.parsed.documents[0]->root());
    collect_inclusions(file);
  }

  for (const auto& [folder, kustomization] : kustomizations) {
    for (const auto& patch : kustomization.patches) placements_[patch].patch = true;
    place(kustomizations, kustomization);
  }
  read_flux_kustomizations(kustomizations);
}

// Says of the files that building a kustomization includes what it does to their resources.
void Manifests::place(const Kustomizations& kustomizations, const Kustomization& built) {
  std::set<std::string> visited;
  std::set<std::string> included(built.resources.begin(), built.resources.end());
  for (const auto& path : built.resources) add_included_files(kustomizations, path, visited, included);
  for (const Node label : built.istio_labels) label_settings_.push_back({label, {included.begin(), included.end()}});
  std::vector<std::uint32_t> lists = built.target_lists;
  auto labels = built.labels;
  for (const auto& folder : visited) {  // what a component does is done to all that is built with it
    const Kustomization& part = kustomizations.find(folder)->second;
    lists.insert(lists.end(), part.target_lists.begin(), part.target_lists.end());
    labels.insert(part.labels.begin(), part.labels.end());
  }
  for (const auto& path : included) {
    Placement& placement = placements_[path];
    for (const auto list : lists) {
      const auto at = std::ranges::lower_bound(placement.target_lists, list);
      if (at == placement.target_lists.end() || *at != list) placement.target_lists.insert(at, list);
    }
    placement.labels.insert(labels.begin(), labels.end());
    placement.renamed = placement.renamed || built.renames;
    const bool lists_it = std::ranges::find(built.resources, path) != built.resources.end();
    if (!built.name_space) continue;
    const bool agrees = !placement.name_space || placement.name_space == built.name_space;
    if (!lists_it || !agrees || built.name_space_unresolved) placement.name_space_unknown = true;
    placement.name_space = built.name_space;
  }
}

// The objects of a kind of Flux, by their roots.
std::vector<Node> Manifests::flux_objects(std::string_view group, std::string_view kind) const {
  std::vector<Node> result;
  for (const InputFile& file : *files_) {
    for (const auto& document : file.parsed.documents) {
      const Node root = document->root();
      const auto stated_group = split_api_version(root["apiVersion"].text()).first;
      if (stated_group == group && root["kind"].text() == kind) result.push_back(root);
    }
  }
  return result;
}

// A Kustomization of Flux builds the folder that its path names. Where no kustomization.yaml is there, Flux makes one
// of all files below.
void Manifests::read_flux_kustomizations(const Kustomizations& kustomizations) {
  const FluxSources sources(flux_objects("source.toolkit.fluxcd.io", "GitRepository"));
  std::map<std::string, Kustomization> by_folder;
  for (const Node root : flux_objects("kustomize.toolkit.fluxcd.io", "Kustomization")) {
    const Node spec = root["spec"];
    const auto folder = flux_folder(spec["path"]);
    if (!folder || sources.is_elsewhere(spec["sourceRef"])) continue;
    Kustomization& built = by_folder[*folder];
    if (!spec["targetNamespace"].is_null()) built.name_space = std::string(spec["targetNamespace"].text());
    built.name_space_unresolved = true;  // other clusters may build the folder for other namespaces
    built.renames = built.renames || !spec["namePrefix"].is_null() || !spec["nameSuffix"].is_null();
    add_targets("", spec, built);
    add_labels(spec["commonMetadata"]["labels"], built);
  }
  for (auto& [folder, built] : by_folder) {
    built.resources = kustomizations.contains(folder) ? std::vector{folder} : files_below(folder);
    place(kustomizations, built);
  }
}

// The paths of the files in a folder and the folders below it.
std::vector<std::string> Manifests::files_below(std::string_view folder) const {
  std::vector<std::string> paths;
  for (const InputFile& file : *files_) {
    const std::string& path = file.source->path();
    if (path.starts_with(folder) && path.substr(folder.size()).starts_with('/')) paths.push_back(path);
  }
  return paths;
}

void Manifests::add_document(Node root) {
  const Node api_version = root["apiVersion"];
  const Node kind = root["kind"];
  if (api_version.text().empty() || kind.text().empty()) return;
  const Node items = root["items"];
  if (!kind.text().ends_with("List") || !items.is_sequence()) {
    add_resource(root, api_version.text(), kind.text());
    return;
  }
  // An item of a typed list (VirtualServiceList) may leave out what the list says already.
  const auto item_kind = kind.text().substr(0, kind.text().size() - 4);
  for (const Node item : items.items()) {
    if (item["kind"]) {
      add_document(item);
    } else if (!item_kind.empty() && item.is_mapping()) {
      add_resource(item, api_version.text(), item_kind);
    }
  }
}

void Manifests::add_resource(Node root, std::string_view api_version, std::string_view kind) {
  if (root["$patch"].text() == "delete") return;
  const Node metadata = root["metadata"];
  auto resource = std::make_unique<Resource>();
  std::tie(resource->group, resource->version) = split_api_version(api_version);
  resource->kind = kind;
  resource->root = root;
  resource->name = metadata["name"];
  resource->name_space = metadata["namespace"];
  resource->labels = metadata["labels"];
  const auto placement = placements_.find(root.file()->path());
  resource->partial = (placement != placements_.end() && placement->second.patch) || root["$patch"];
  resources_.push_back(std::move(resource));
}

// The group of the repository's objects of a kind, or of a kind that AKS makes; empty for the core group, or when there
// are several.
std::string Manifests::group_of(std::string_view kind) const {
  std::set<std::string_view> groups;
  for (const auto& resource : resources_) {
    if (resource->kind == kind && !resource->partial) groups.insert(resource->group);
  }
  if (groups.size() == 1) return std::string(*groups.begin());
  // What AKS makes is in no repository.
  if (kind == "HorizontalPodAutoscaler") return "autoscaling";
  return kind == "Deployment" || kind == "DaemonSet" || kind == "StatefulSet" ? "apps" : "";
}

void Manifests::add_patch(Node root, Node target) {
  const std::size_t first = resources_.size();
  if (is_json_patch(root)) {
    const Node group = target["group"];
    if (group.unresolved()) return;
    auto document =
        read_json_patch(root, target, group.is_null() ? group_of(target["kind"].text()) : std::string(group.text()));
    if (!document) return;
    add_document(document->root());
    json_patches_.push_back(std::move(document));
  } else {
    add_document(root);
  }
  for (std::size_t i = first; i < resources_.size(); ++i) resources_[i]->partial = true;
}

void Manifests::read_patches_of(std::string_view folder, Node root) {
  for (const auto* list : patch_lists) {
    for (const Node item : root[list].items()) {
      const Node text = item.is_mapping() ? item["patch"] : item;
      const Node path = item.is_mapping() ? item["path"] : item;
      const auto resolved = path.is_scalar() ? resolve_path(folder, path.text()) : std::nullopt;
      if (const InputFile* file = resolved ? file_at(*resolved) : nullptr) {
        for (const auto& document : file->parsed.documents) {
          if (is_json_patch(document->root()))
            add_patch(document->root(), item["target"]);  // others are files' objects
        }
      } else if (text.is_scalar() && text.text().find(':') != std::string_view::npos) {
        inline_patches_.push_back(parse_embedded_yaml(text));
        for (const auto& document : inline_patches_.back().documents) add_patch(document->root(), item["target"]);
      } else if (item["apiVersion"]) {
        add_patch(item, Node());  // Flux takes objects as well
      }
    }
  }
}

void Manifests::read_patches() {
  for (const InputFile& file : *files_) {
    const std::string& path = file.source->path();
    if (!is_kustomization_file(path) || file.parsed.documents.empty()) continue;
    read_patches_of(folder_of(path), file.parsed.documents[0]->root());
  }
  for (const Node root : flux_objects("kustomize.toolkit.fluxcd.io", "Kustomization"))
    read_patches_of("", root["spec"]);
}

void Manifests::read_embedded(const Resource& resource, Node text, std::string path,
                              std::vector<EmbeddedDocument>& into, std::size_t left_out) {
  if (!text.is_scalar()) return;
  EmbeddedDocument& embedded = into.emplace_back();
  embedded.resource = &resource;
  embedded.text = text;
  embedded.parsed = parse_embedded_yaml(text, left_out);
  if (embedded.parsed.documents.empty()) return;
  const Document* document = embedded.parsed.documents[0].get();
  embedded.root = document->root();
  by_document_[document] = {&resource};
  embedded_paths_[document] = std::move(path);
}

// What a generated ConfigMap holds under the key `mesh`: a literal `mesh=…`, or a file `mesh=path` (or one of that
// name).
void Manifests::read_generated(const Resource& generated) {
  constexpr std::string_view assignment = "mesh=";
  constexpr std::string_view path_in_object = "data.mesh";
  for (const Node literal : generated.root["literals"].items()) {
    const auto text = literal.text();
    if (!text.starts_with(assignment)) continue;
    const auto value = text.substr(assignment.size());
    const bool is_quoted = value.starts_with('"') || value.starts_with('\'');  // kustomize takes such quotes off
    if (!is_quoted) read_embedded(generated, literal, std::string(path_in_object), mesh_configs_, assignment.size());
  }
  for (const Node item : generated.root["files"].items()) {
    if (item.unresolved() || !item.text().starts_with(assignment)) continue;
    const auto path = resolve_path(folder_of(generated.file().path()), item.text().substr(assignment.size()));
    const InputFile* file = path ? file_at(*path) : nullptr;
    if (file == nullptr || file->parsed.documents.size() != 1) continue;
    const Document& document = *file->parsed.documents.front();
    if (document.root()["kind"]) continue;  // an object where a document of its own is expected
    mesh_configs_.push_back({&generated, item, {}, document.root()});
    by_document_.try_emplace(&document, std::vector{&generated});
    embedded_paths_.try_emplace(&document, path_in_object);
  }
}

void Manifests::read_generators(const InputFile& file) {
  if (!is_kustomization_file(file.source->path()) || file.parsed.documents.empty()) return;
  const Node root = file.parsed.documents.front()->root();
  for (const Node entry : root["configMapGenerator"].items()) {
    const Node name_space = root["namespace"].is_null() ? entry["namespace"] : root["namespace"];
    generated_config_maps_.push_back(std::make_unique<Resource>(
        Resource{"", "v1", "ConfigMap", entry, entry["name"], name_space, entry["options"]["labels"], false}));
    read_generated(*generated_config_maps_.back());
  }
}

void Manifests::read_embedded_documents() {
  for (const InputFile& file : *files_) read_generators(file);
  for (const Resource* resource : of("", "ConfigMap")) {
    const Node data = resource->root["data"];
    read_embedded(*resource, data["mesh"], "data.mesh", mesh_configs_);
    // [istio.io: automated deployment of gateways]
    for (const auto* key : {"deployment", "service", "horizontalPodAutoscaler", "podDisruptionBudget"}) {
      read_embedded(*resource, data[key], fmt::format("data.{}", key), gateway_customizations_);
    }
  }
  constexpr std::string_view annotation = "proxy.istio.io/config";
  for (const auto& resource : resources_) {
    const Node own = resource->root["metadata"];
    const Node of_pods = pod_metadata(*resource);
    read_embedded(*resource, own["annotations"][annotation], fmt::format("metadata.annotations[\"{}\"]", annotation),
                  proxy_configs_);
    if (of_pods.document() == nullptr || of_pods.index() == own.index()) continue;
    read_embedded(*resource, of_pods["annotations"][annotation],
                  fmt::format("{}.annotations[\"{}\"]", of_pods.path(), annotation), proxy_configs_);
  }
}

const std::vector<const Resource*>& Manifests::of(std::string_view group, std::string_view kind) const {
  static const std::vector<const Resource*> nothing;
  const auto found = by_kind_.find({group, kind});
  return found == by_kind_.end() ? nothing : found->second;
}

const Manifests::Placement* Manifests::placement_of(const Resource& resource) const {
  const auto found = placements_.find(resource.file().path());
  return found == placements_.end() ? nullptr : &found->second;
}

std::optional<std::string_view> Manifests::name_space_of(const Resource& resource) const {
  const Placement* placement = placement_of(resource);
  if (placement != nullptr && placement->name_space_unknown) return std::nullopt;
  if (placement != nullptr && placement->name_space) return *placement->name_space;
  if (resource.name_space.is_null() || resource.name_space.unresolved()) return std::nullopt;
  return resource.name_space.text();
}

bool Manifests::has_final_name(const Resource& resource) const {
  const Placement* placement = placement_of(resource);
  return !resource.name.is_null() && !resource.name.unresolved() && (placement == nullptr || !placement->renamed);
}

bool Manifests::may_be_patched(const Resource& resource) const {
  const Placement* placement = placement_of(resource);
  if (placement == nullptr || resource.partial) return false;
  const auto is_meant = [&resource](const PatchTarget& target) {
    return (target.kind.empty() || target.kind == resource.kind) &&
           (target.name.empty() || target.name == resource.name.text());
  };
  return std::ranges::any_of(placement->target_lists,
                             [&](auto list) { return std::ranges::any_of(target_lists_[list], is_meant); });
}

bool Manifests::may_set_label(const Resource& resource, std::string_view key) const {
  const Placement* placement = placement_of(resource);
  return placement != nullptr && placement->labels.contains(key);
}

std::vector<const Resource*> Manifests::in_files(const std::vector<std::string>& paths) const {
  std::vector<const Resource*> result;
  for (const std::string& path : paths) {
    const InputFile* file = file_at(path);
    const auto found = file == nullptr ? by_file_.end() : by_file_.find(file->source.get());
    if (found == by_file_.end()) continue;
    std::ranges::copy_if(found->second, std::back_inserter(result), [](const auto* one) { return !one->partial; });
  }
  return result;
}

const Resource* Manifests::resource_of(Node node) const {
  const auto found = by_document_.find(node.document());
  if (found == by_document_.end()) return nullptr;
  const auto& resources = found->second;
  // A document is its resource, or a list of them; of Terraform's only parts are.
  const bool is_sole =
      resources.size() == 1 && (resources[0]->root.document() != node.document() || node.document()->root()["kind"]);
  return is_sole ? resources[0] : holder_of(resources, node.span());
}

const Resource* Manifests::resource_at(const SourceFile& file, Span span) const {
  const auto found = by_file_.find(&file);
  return found == by_file_.end() ? nullptr : holder_of(found->second, span);
}

std::string Manifests::path_of(Node node) const {
  const Resource* resource = resource_of(node);
  if (resource == nullptr) {
    const bool is_terraform = node.file() != nullptr && is_terraform_file(node.file()->path());
    return is_terraform ? terraform_address(node.path()) : node.path();
  }
  std::string inner = node.path();
  if (node.document() == resource->root.document()) {
    const std::string root = resource->root.path();  // not empty for an item of a list
    if (root.empty() || !inner.starts_with(root)) return inner;
    return inner.substr(std::min(root.size() + 1, inner.size()));
  }
  const auto outer = embedded_paths_.find(node.document());
  if (outer == embedded_paths_.end()) return inner;
  return inner.empty() ? outer->second : fmt::format("{}.{}", outer->second, inner);
}

}  // namespace meshlint
