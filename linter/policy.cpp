#include "linter/policy.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <set>
#include <system_error>
#include <tuple>
#include <utility>

#include "linter/error.h"
#include "linter/policy_data.h"
#include "linter/policy_tables.h"
#include "linter/yaml.h"

namespace meshlint {
namespace {

// A table that is read when it is first asked for.
template <typename Table>
struct Lazy {
  std::once_flag once;
  Table table;
  std::vector<Problem> problems;
  std::vector<Reference> references;
};

// All of them, in order of their files' names.
using Tables =
    std::tuple<Lazy<ArmFields>, Lazy<Autoscaling>, Lazy<BlockedKinds>, Lazy<Conflicts>, Lazy<Contradictions>,
               Lazy<EgressGateways>, Lazy<EnvoyFilterTimeline>, Lazy<FeatureRevisions>, Lazy<GatewayApi>,
               Lazy<GatewayCustomizations>, Lazy<IngressService>, Lazy<IstioAnnotations>, Lazy<IstioDeprecations>,
               Lazy<IstioFields>, Lazy<IstioKinds>, Lazy<KubernetesCalendar>, Lazy<KubernetesRemovals>,
               Lazy<ManagedNames>, Lazy<MeshConfigClassification>, Lazy<MeshFields>, Lazy<NativeSidecars>,
               Lazy<NodeAffinity>, Lazy<PluginCa>, Lazy<ReleaseCalendar>, Lazy<RevisionRules>, Lazy<Sources>,
               Lazy<TelemetryFields>, Lazy<TrafficRedirection>>;

constexpr std::string_view built_in = "built-in";

void sort_by_position(std::vector<Problem>& problems) {
  std::ranges::stable_sort(problems, {}, [](const Problem& problem) { return problem.span.start; });
}

// What is wrong with a reference; empty when its target exists.
std::string missing(const Reference& reference, const ReleaseCalendar& releases, const KubernetesCalendar& kubernetes,
                    const MeshFields& fields) {
  const auto version_file = [](std::string_view file, std::string_view what) {
    return fmt::format("{} has no {}", file, what);
  };
  switch (reference.target) {
    case Reference::Target::revision:
      if (releases.find(*parse_revision(reference.name)) != nullptr) return "";
      return version_file(table_file<ReleaseCalendar>, fmt::format("revision {}", reference.name));
    case Reference::Target::kubernetes:
      if (kubernetes.find(*parse_minor(reference.name)) != nullptr) return "";
      return version_file(table_file<KubernetesCalendar>, fmt::format("version {}", reference.name));
    case Reference::Target::mesh_config_field:
    case Reference::Target::proxy_config_field: {
      const bool of_proxy = reference.target == Reference::Target::proxy_config_field;
      const auto message = fields.messages.find(of_proxy ? "ProxyConfig" : "MeshConfig");
      if (message == fields.messages.end() || message->second.contains(reference.name)) return "";
      return fmt::format("{} has no field `{}`{}", message->first, reference.name,
                         did_you_mean(reference.name, keys_of(message->second)));
    }
  }
  return "";
}

}  // namespace

struct Policy::Impl {
  struct File {
    std::unique_ptr<SourceFile> source;
    std::string unreadable;  // why there is nothing to read; empty when there is
  };
  std::map<std::string_view, File> files;  // a file that is not here is that of the base
  std::unique_ptr<Impl> base;              // the built-in policy under a user's directory
  Tables tables;

  void add(std::string_view name, std::string shown, std::string text, std::string unreadable = {}) {
    files[name] = {std::make_unique<SourceFile>(fmt::format("policy/{}", name), std::move(shown), std::move(text)),
                   std::move(unreadable)};
  }

  bool extends_base(std::string_view file) const { return base != nullptr && !files.contains(file); }

  // The table's own sources; null when something is wrong with them: the table then does not complain about pages too.
  template <typename Table>
  const Sources* sound_sources() {
    if constexpr (std::is_same_v<Table, Sources>) {
      return nullptr;
    } else {
      const auto& sources = load<Sources>();
      return sources.problems.empty() ? &sources.table : nullptr;
    }
  }

  template <typename Table>
  void read(Lazy<Table>& lazy) {
    constexpr std::string_view name = table_file<Table>;
    if (extends_base(name)) {
      lazy.table = base->load<Table>().table;
      return;
    }
    const File& file = files.at(name);
    ParsedText parsed = parse_yaml(*file.source);
    lazy.problems = std::move(parsed.problems);
    const Node root = parsed.documents.size() == 1 ? parsed.documents.front()->root() : Node();
    const Node extends = root["extends"];
    if (extends && base != nullptr) lazy.table = base->load<Table>().table;
    Reader reader(*file.source, lazy.problems, sound_sources<Table>(), extends && base != nullptr);
    if (!file.unreadable.empty()) {
      reader.complain({}, file.unreadable);
    } else if (lazy.problems.empty() && parsed.documents.size() != 1) {
      const bool several = parsed.documents.size() > 1;
      reader.complain(several ? parsed.documents[1]->root() : Node(), "expected one document");
    } else if (lazy.problems.empty()) {
      reader.check_duplicate_keys(*parsed.documents.front());
      if (extends && extends.text() != built_in) reader.complain(extends, fmt::format("expected `{}`", built_in));
      if (extends && base == nullptr) {
        reader.complain(extends, fmt::format("{} does not say `extends: {}`", table_file<Sources>, built_in));
      }
      read_table(reader, root, lazy.table);
      lazy.references = reader.references();
    }
    sort_by_position(lazy.problems);
  }

  template <typename Table>
  const Lazy<Table>& load() {
    auto& lazy = std::get<Lazy<Table>>(tables);
    std::call_once(lazy.once, [&] { read(lazy); });
    return lazy;
  }

  // The table, if nothing is wrong with it or with the sources that it cites.
  template <typename Table>
  const Table& usable() {
    const auto& lazy = load<Table>();
    if (!load<Sources>().problems.empty()) refuse(load<Sources>().problems);
    if (!lazy.problems.empty()) refuse(lazy.problems);
    return lazy.table;
  }

  // A table's problems and what it mentions in vain.
  template <typename Table>
  void check(std::vector<Problem>& all) {
    const auto& lazy = load<Table>();
    std::vector<Problem> problems = lazy.problems;
    for (const Reference& reference : lazy.references) {
      if (!is_sound(reference.target)) continue;
      std::string message =
          missing(reference, load<ReleaseCalendar>().table, load<KubernetesCalendar>().table, load<MeshFields>().table);
      if (message.empty()) continue;
      problems.push_back({.file = files.at(table_file<Table>).source.get(),
                          .span = reference.span,
                          .message = std::move(message),
                          .help = {},
                          .notes = {}});
    }
    sort_by_position(problems);
    std::ranges::move(problems, std::back_inserter(all));
  }

  // Whether the table that a reference points to can be trusted to lack what it lacks.
  bool is_sound(Reference::Target target) {
    switch (target) {
      case Reference::Target::revision: return load<ReleaseCalendar>().problems.empty();
      case Reference::Target::kubernetes: return load<KubernetesCalendar>().problems.empty();
      case Reference::Target::mesh_config_field:
      case Reference::Target::proxy_config_field: return load<MeshFields>().problems.empty();
    }
    return false;
  }
};

Policy::Policy(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Policy::Policy(Policy&&) noexcept = default;
Policy& Policy::operator=(Policy&&) noexcept = default;
Policy::~Policy() = default;

namespace {

// Calls `visit` with a null pointer of each table's type.
template <typename Visit, typename... Table>
void for_each_table(const std::tuple<Lazy<Table>...>* /*types*/, Visit visit) {
  (visit(static_cast<Table*>(nullptr)), ...);
}

// Refuses a misnamed table, which would be passed over: the built-in one would count instead.
void refuse_unknown_files(const std::string& directory) {
  std::vector<std::string_view> known;
  for_each_table(static_cast<const Tables*>(nullptr),
                 [&known]<typename Table>(Table* /*type*/) { known.push_back(table_file<Table>); });
  std::set<std::string> unknown;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    const std::filesystem::path& path = entry.path();
    const std::string name = path.filename().string();
    const bool is_yaml = path.extension() == ".yaml" || path.extension() == ".yml";
    if (!is_yaml || name.starts_with('.') || std::ranges::find(known, name) != known.end()) continue;
    unknown.insert(fmt::format("{} is no table of a policy{}", path.string(), did_you_mean(name, known)));
  }
  if (!unknown.empty()) throw UsageError(fmt::format("{}", fmt::join(unknown, "\n")));
}

}  // namespace

Policy Policy::embedded() {
  auto impl = std::make_unique<Impl>();
  for_each_table(static_cast<const Tables*>(nullptr), [&]<typename Table>(Table* /*type*/) {
    constexpr std::string_view name = table_file<Table>;
    const auto files = embedded_policy_files();
    const auto file = std::ranges::find(files, name, &EmbeddedPolicyFile::name);
    const bool found = file != files.end();
    impl->add(name, fmt::format("policy/{}", name), found ? std::string(file->text) : "",
              found ? "" : "the table is missing");
  });
  return Policy(std::move(impl));
}

Policy Policy::from_directory(const std::string& directory) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(directory, ignored)) {
    throw UsageError(fmt::format("the policy directory `{}` does not exist", directory));
  }
  refuse_unknown_files(directory);
  auto impl = std::make_unique<Impl>();
  std::vector<std::pair<std::string_view, std::string>> absent;
  for_each_table(static_cast<const Tables*>(nullptr), [&]<typename Table>(Table* /*type*/) {
    constexpr std::string_view name = table_file<Table>;
    const auto path = std::filesystem::path(directory) / name;
    if (!std::filesystem::exists(path, ignored)) {
      absent.emplace_back(name, path.string());
      return;
    }
    if (!std::filesystem::is_regular_file(path, ignored)) {
      impl->add(name, path.string(), "", "the table is no regular file");
      return;
    }
    std::ifstream stream(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    impl->add(name, path.string(), text, stream.is_open() && !stream.bad() ? "" : "the table cannot be read");
  });
  if (const auto sources = impl->files.find(table_file<Sources>); sources != impl->files.end()) {
    const ParsedText parsed = parse_yaml(*sources->second.source);
    if (parsed.documents.size() == 1 && parsed.documents.front()->root()["extends"]) {
      impl->base = std::move(embedded().impl_);
    }
  }
  if (impl->base == nullptr) {
    for (const auto& [name, path] : absent) impl->add(name, path, "", "the table is missing");
  }
  Policy policy(std::move(impl));
  if (const auto problems = policy.check_all(); !problems.empty()) refuse(problems);
  return policy;
}

std::vector<Problem> Policy::check_all() const {
  std::vector<Problem> all;
  for_each_table(static_cast<const Tables*>(nullptr),
                 [&]<typename Table>(Table* /*type*/) { impl_->check<Table>(all); });
  return all;
}

Date Policy::data_date() const {
  return impl_->usable<Sources>().date;
}

Citation Policy::source(std::string_view page, std::string_view section) const {
  return impl_->usable<Sources>().cite(page, section);
}

const ArmFields& Policy::arm_fields() const {
  return impl_->usable<ArmFields>();
}

const Autoscaling& Policy::autoscaling() const {
  return impl_->usable<Autoscaling>();
}

const BlockedKinds& Policy::blocked_kinds() const {
  return impl_->usable<BlockedKinds>();
}

const Conflicts& Policy::conflicts() const {
  return impl_->usable<Conflicts>();
}

const Contradictions& Policy::contradictions() const {
  return impl_->usable<Contradictions>();
}

const EgressGateways& Policy::egress_gateways() const {
  return impl_->usable<EgressGateways>();
}

const EnvoyFilterTimeline& Policy::envoy_filters() const {
  return impl_->usable<EnvoyFilterTimeline>();
}

const FeatureRevisions& Policy::features() const {
  return impl_->usable<FeatureRevisions>();
}

const GatewayApi& Policy::gateway_api() const {
  return impl_->usable<GatewayApi>();
}

const GatewayCustomizations& Policy::gateway_customizations() const {
  return impl_->usable<GatewayCustomizations>();
}

const IngressService& Policy::ingress_service() const {
  return impl_->usable<IngressService>();
}

const IstioAnnotations& Policy::istio_annotations() const {
  return impl_->usable<IstioAnnotations>();
}

const IstioDeprecations& Policy::istio_deprecations() const {
  return impl_->usable<IstioDeprecations>();
}

const IstioFields& Policy::istio_fields() const {
  return impl_->usable<IstioFields>();
}

const IstioKinds& Policy::istio_kinds() const {
  return impl_->usable<IstioKinds>();
}

const KubernetesCalendar& Policy::kubernetes() const {
  return impl_->usable<KubernetesCalendar>();
}

const KubernetesRemovals& Policy::kubernetes_removals() const {
  return impl_->usable<KubernetesRemovals>();
}

const ManagedNames& Policy::names() const {
  return impl_->usable<ManagedNames>();
}

const MeshConfigClassification& Policy::classification() const {
  return impl_->usable<MeshConfigClassification>();
}

const MeshFields& Policy::mesh_fields() const {
  return impl_->usable<MeshFields>();
}

const NativeSidecars& Policy::native_sidecars() const {
  return impl_->usable<NativeSidecars>();
}

const NodeAffinity& Policy::node_affinity() const {
  return impl_->usable<NodeAffinity>();
}

const PluginCa& Policy::plugin_ca() const {
  return impl_->usable<PluginCa>();
}

const ReleaseCalendar& Policy::releases() const {
  return impl_->usable<ReleaseCalendar>();
}

const RevisionRules& Policy::revision_rules() const {
  return impl_->usable<RevisionRules>();
}

const TelemetryFields& Policy::telemetry() const {
  return impl_->usable<TelemetryFields>();
}

const TrafficRedirection& Policy::traffic_redirection() const {
  return impl_->usable<TrafficRedirection>();
}

}  // namespace meshlint
