#include "linter/engine.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include "linter/ascii.h"
#include "linter/bicep.h"
#include "linter/cluster_arm.h"
#include "linter/cluster_operators.h"
#include "linter/hcl.h"
#include "linter/json.h"
#include "linter/secret.h"
#include "linter/terraform.h"
#include "linter/yaml.h"

namespace meshlint {
namespace {

constexpr std::size_t json_size_limit = std::size_t{1} << 30;  // bytes; offsets in a tree are 32 bits wide

bool contains(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

constexpr std::string_view cluster_type = "managedclusters";  // resource types are compared without case

// How far a search for the cluster type can move on when this byte stands where the type would end.
constexpr auto cluster_type_skips = [] {
  std::array<std::uint8_t, 256> skips{};
  skips.fill(cluster_type.size());
  for (std::size_t i = 0; i + 1 < cluster_type.size(); ++i) {
    const auto skip = static_cast<std::uint8_t>(cluster_type.size() - 1 - i);
    skips[static_cast<unsigned char>(cluster_type[i])] = skip;
    skips[static_cast<unsigned char>(cluster_type[i] - 'a' + 'A')] = skip;
  }
  return skips;
}();

// Whether the cluster type stands in a text, in any case. Every file passes here: Horspool's search looks at a tenth of
// the bytes.
bool names_cluster_type(std::string_view text) {
  for (std::size_t end = cluster_type.size() - 1; end < text.size();) {
    const auto last = static_cast<unsigned char>(text[end]);
    const std::size_t start = end + 1 - cluster_type.size();
    if (equals_ignoring_case(text.substr(start, cluster_type.size()), cluster_type)) return true;
    end += cluster_type_skips[last];
  }
  return false;
}

// Whether a part of a file that is only read as context can matter to a finding elsewhere: it speaks of Istio, of a
// mesh revision, of an AKS cluster or its static egress gateways, of what is applied to one, or of what makes Secrets
// for gateways.
bool matters_as_context(std::string_view text) {
  return contains(text, "istio") || contains(text, "asm-") || names_cluster_type(text) ||
         contains(text, "containerservice") || contains(text, "azurerm_kubernetes_") ||
         contains(text, "cluster.x-k8s.io") || contains(text, "az aks") || contains(text, "toolkit.fluxcd.io") ||
         contains(text, "argoproj.io") || contains(text, "egressgateway.kubernetes.azure.com") ||
         contains(text, "kind: Secret") || contains(text, "kind: ExternalSecret") ||
         contains(text, "kind: SealedSecret") || contains(text, "kind: Certificate") ||
         contains(text, "kubernetes_secret");
}

bool is_bicep(std::string_view path) {
  return path.ends_with(".bicep") || path.ends_with(".bicepparam");
}

// Whether a file of Bicep may define a cluster, deploy a file that does, or give values to one.
bool is_bicep_of_interest(std::string_view path, std::string_view text) {
  return path.ends_with(".bicepparam") || names_cluster_type(text) || contains(text, "module ");
}

// A file of ARM parameters need not name what its template deploys.
bool is_parameter_file(std::string_view text) {
  return contains(text, "deploymentParameters.json");
}

// Whether a quoted word stands somewhere as a key of JSON, and not only in a comment or a value.
bool has_json_key(std::string_view text, std::string_view quoted_word) {
  for (auto at = text.find(quoted_word); at != std::string_view::npos; at = text.find(quoted_word, at + 1)) {
    const auto after = text.find_first_not_of(" \t\r\n", at + quoted_word.size());
    if (after != std::string_view::npos && text[after] == ':') return true;
  }
  return false;
}

// Repositories are full of JSON that is none of our business, in dialects of its own (tsconfig.json, settings.json).
bool is_json_of_interest(std::string_view text) {
  return names_cluster_type(text) || contains(text, "azurerm_kubernetes_") ||
         (has_json_key(text, "\"apiVersion\"") && has_json_key(text, "\"kind\"")) ||
         (has_json_key(text, "\"op\"") && has_json_key(text, "\"path\""));  // a patch of kustomize
}

// A text behind its white space and the comments that ARM templates may start with.
std::string_view skip_comments(std::string_view text) {
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    const bool is_block = text.starts_with("/*");
    if (!is_block && !text.starts_with("//")) return text;
    const auto end = is_block ? text.find("*/", 2) : text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(is_block ? end + 2 : end + 1);
  }
}

bool is_json(const Input& input, std::string_view text) {
  if (input.path.ends_with(".json") || input.path.ends_with(".tfstate")) return true;
  if (input.path != "<stdin>") return false;
  text = skip_comments(text);
  return (text.starts_with('{') || text.starts_with('[')) && !text.starts_with("{{");
}

std::size_t size_limit(const Input& input) {
  return input.path.ends_with(".json") || input.path.ends_with(".tfstate") ? json_size_limit : yaml_size_limit;
}

class Descriptor {
 public:
  explicit Descriptor(const std::string& location)
      : number_(open(location.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

// Reads a regular file; on failure returns false and says why in `error`.
bool read_file(const std::string& location, std::string& bytes, std::string& error) {
  const Descriptor file(location);
  struct stat status {};
  if (file.number() < 0 || fstat(file.number(), &status) != 0) {
    error = std::strerror(errno);
    return false;
  }
  if (!S_ISREG(status.st_mode)) {
    error = "it is not a regular file";
    return false;
  }
  bytes.resize(static_cast<std::size_t>(status.st_size));
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t count = read(file.number(), bytes.data() + filled, bytes.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      error = std::strerror(errno);
      return false;
    }
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  bytes.resize(filled);
  return true;
}

std::unique_ptr<SourceFile> make_source(const Input& input, std::string bytes) {
  return std::make_unique<SourceFile>(input.path, input.shown, std::move(bytes));
}

InputFile broken_file(const Input& input, ProblemKind kind, std::string message, std::string help) {
  InputFile file;
  file.source = make_source(input, "");
  file.reported = input.reported;
  file.parsed.problems.push_back({kind, file.source.get(), {}, std::move(message), std::move(help), {}});
  return file;
}

bool is_configuration(std::string_view path) {
  return path.substr(path.rfind('/') + 1) == configuration_file_name;
}

InputFile parse_file(const Input& input, std::string bytes) {
  InputFile file;
  file.source = make_source(input, std::move(bytes));
  file.reported = input.reported;
  if (is_terraform_file(input.path)) return file;  // what it means depends on the files around it: later
  const auto text = file.source->text();
  const bool is_wanted = input.reported || is_kustomization_file(input.path) || is_configuration(input.path) ||
                         is_pulumi_stack(input.path);
  if (is_bicep(input.path)) {
    if (is_bicep_of_interest(input.path, text)) file.parsed = parse_bicep(*file.source);
    return file;
  }
  if (is_json(input, text) && is_parameter_file(text)) {
    file.parsed = parse_json(*file.source, matters_as_context);
    if (!is_json_of_interest(text)) file.parsed.problems.clear();
    return file;
  }
  if (!is_wanted && !matters_as_context(text)) return file;
  if (is_json(input, text)) {
    if (is_json_of_interest(text)) file.parsed = parse_json(*file.source, matters_as_context);
  } else {
    file.parsed = parse_yaml(*file.source, is_wanted ? nullptr : matters_as_context);
    for (const auto& document : file.parsed.documents) {
      std::ranges::move(problems_in_cluster_api_patches(document->root()), std::back_inserter(file.parsed.problems));
    }
  }
  return file;
}

InputFile read_input(const Input& input, const std::string& standard_input) {
  if (input.text) return parse_file(input, *input.text);
  if (input.location.empty()) return parse_file(input, standard_input);
  if (input.size > size_limit(input)) {
    return broken_file(input, ProblemKind::yaml_limit,
                       fmt::format("the file has {} bytes, more than the {} MiB that meshlint reads", input.size,
                                   size_limit(input) >> 20),
                       "split the file, or list it in .gitignore if it is generated");
  }
  std::string bytes;
  std::string error;
  if (!read_file(input.location, bytes, error)) {
    return broken_file(input, ProblemKind::unreadable, fmt::format("the file cannot be read: {}", error),
                       "check its permissions, or name other paths");
  }
  return parse_file(input, std::move(bytes));
}

// Does work for the numbers below `count` on up to `jobs` threads.
void for_each_number(std::size_t count, unsigned jobs, const auto& do_work) {
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t at = next++; at < count; at = next++) do_work(at);
  };
  if (jobs == 0) jobs = std::max(1U, std::thread::hardware_concurrency());
  // A thread costs about as much as reading a few small files.
  constexpr std::size_t files_per_thread = 8;
  const std::size_t threads = std::min<std::size_t>(jobs, count / files_per_thread + 1);
  std::vector<std::jthread> helpers;
  for (std::size_t i = 1; i < threads; ++i) helpers.emplace_back(work);
  work();
}

void parse_terraform(InputFile& file) {
  const std::string& path = file.source->path();
  file.parsed = path.ends_with(".json") ? parse_json(*file.source) : parse_hcl(*file.source);
  if (file.parsed.documents.empty() || is_terraform_values_file(path)) return;
  for (const Node text : manifests_in_terraform(*file.parsed.documents.front()).texts) {
    ParsedText inner = parse_embedded_yaml(text);
    std::ranges::move(inner.documents, std::back_inserter(file.parsed.documents));
    std::ranges::move(inner.problems, std::back_inserter(file.parsed.problems));
  }
}

// The Terraform files that matter: all of a folder in which one speaks of a cluster or calls modules that may, the
// variable values below such a folder or below none with configuration, and those with manifests.
std::vector<InputFile*> terraform_of_interest(std::vector<InputFile>& files) {
  std::vector<InputFile*> all;
  for (InputFile& file : files) {
    if (is_terraform_file(file.source->path()) && file.parsed.problems.empty()) all.push_back(&file);
  }
  std::set<std::string_view> folders;
  const auto add_folders = [&](bool (*speaks)(std::string_view)) {
    for (const InputFile* file : all) {
      if (speaks(file->source->text())) folders.insert(folder_of(file->source->path()));
    }
  };
  add_folders(speaks_of_cluster);
  if (!folders.empty()) add_folders(calls_local_modules);

  std::set<std::string_view> configured;
  for (const InputFile* file : all) {
    const std::string_view path = file->source->path();
    if (!is_terraform_values_file(path)) configured.insert(folder_of(path));
  }
  const auto is_of_interest = [&](const InputFile* file) {
    const std::string_view path = file->source->path();
    const auto text = file->source->text();
    const bool counts = file->reported || matters_as_context(text);
    if (counts && speaks_of_manifests(text)) return true;
    if (!is_terraform_values_file(path)) return folders.contains(folder_of(path));
    // Values without configuration around them may be meant for any.
    const auto folder = nearest_folder(path, configured);
    return folder ? folders.contains(*folder) : !folders.empty();
  };
  std::erase_if(all, [&](const InputFile* file) { return !is_of_interest(file); });
  return all;
}

std::vector<InputFile> read_inputs(const std::vector<Input>& inputs, const std::string& standard_input, unsigned jobs) {
  std::vector<InputFile> files(inputs.size());
  for_each_number(inputs.size(), jobs, [&](std::size_t at) { files[at] = read_input(inputs[at], standard_input); });
  const auto terraform = terraform_of_interest(files);
  for_each_number(terraform.size(), jobs, [&](std::size_t at) { parse_terraform(*terraform[at]); });
  return files;
}

bool comes_before(const Diagnostic& a, const Diagnostic& b) {
  const auto key = [](const Diagnostic& d) {
    return std::tuple<const std::string&, std::uint32_t, std::string_view, std::uint32_t, const std::string&>(
        d.place.file->path(), d.place.span.start, d.rule->code, d.place.span.end, d.message);
  };
  return key(a) < key(b);
}

constexpr std::size_t most_on_a_line = 20;   // findings of one rule that one finding names
constexpr std::size_t most_in_a_file = 100;  // findings of one rule and severity that are shown

// Puts the findings of a generated file that nobody would read to the end into one record a rule, at the first of them.
std::vector<Diagnostic> cap_findings(std::vector<Diagnostic> sorted) {
  struct Shown {
    std::size_t count = 0;
    std::size_t last = 0;  // place in the result of the first beyond what is shown, which becomes the record
  };
  std::map<std::tuple<const SourceFile*, const Rule*, Severity>, Shown> shown;
  std::vector<Diagnostic> result;
  for (Diagnostic& diagnostic : sorted) {
    Shown& same = shown[{diagnostic.place.file, diagnostic.rule, diagnostic.severity}];
    if (++same.count <= most_in_a_file + 1) {  // one alone is no longer than its record
      same.last = result.size();
      result.push_back(std::move(diagnostic));
      continue;
    }
    Diagnostic& record = result[same.last];
    if (same.count == most_in_a_file + 2) {
      const Diagnostic first = std::move(record);
      record = {};
      record.rule = first.rule;
      record.severity = first.severity;
      record.place = first.place;
      record.count = first.count;
    }
    record.count += diagnostic.count;
  }
  for (Diagnostic& diagnostic : result) {
    if (!diagnostic.message.empty()) continue;
    diagnostic.message = fmt::format("{} more findings of {} in this file, the first of them here", diagnostic.count,
                                     diagnostic.rule->code);
    diagnostic.help = fmt::format(
        "repair those above first, or leave the file out if it is generated: the first {} "
        "are shown one by one",
        most_in_a_file);
  }
  return result;
}

void add_note(std::vector<Note>& notes, Note note) {
  const auto is_same = [&note](const Note& other) {
    return note.text == other.text && note.place.file == other.place.file && note.place.span == other.place.span;
  };
  if (std::ranges::none_of(notes, is_same)) notes.push_back(std::move(note));
}

// Two findings of one rule on one line become one that names both, and counts as both unless they are of one place: the
// second becomes a note of the first.
std::vector<Diagnostic> merge_lines(std::vector<Diagnostic> sorted) {
  struct Line {
    std::size_t first;  // place of its first finding in the result
    Span last;          // of its last finding
    std::size_t count = 1;
  };
  std::vector<Diagnostic> merged;
  std::map<std::tuple<const SourceFile*, std::uint32_t, const Rule*>, Line> lines;
  for (Diagnostic& diagnostic : sorted) {
    const auto line = diagnostic.place.file->position(diagnostic.place.span.start).line;
    const auto [known, is_new] =
        lines.try_emplace({diagnostic.place.file, line, diagnostic.rule}, Line{merged.size(), diagnostic.place.span});
    if (is_new) {
      merged.push_back(std::move(diagnostic));
      continue;
    }
    Diagnostic& first = merged[known->second.first];
    first.severity = std::max(first.severity, diagnostic.severity);
    const bool is_here = first.place.span == diagnostic.place.span;
    if (is_here && first.message == diagnostic.message) continue;
    const Span before = std::exchange(known->second.last, diagnostic.place.span);
    if (before != diagnostic.place.span) first.count += diagnostic.count;
    if (++known->second.count > most_on_a_line) continue;
    const bool names_object = !diagnostic.object.empty() && diagnostic.object != first.object;
    if (names_object) diagnostic.message = fmt::format("in {}: {}", diagnostic.object, diagnostic.message);
    add_note(first.notes, {diagnostic.place, std::move(diagnostic.message)});
    for (Note& note : diagnostic.notes) add_note(first.notes, std::move(note));
  }
  for (const auto& [place, line] : lines) {
    if (line.count <= most_on_a_line) continue;
    merged[line.first].notes.push_back(note(fmt::format("{} more findings of {} on this line",
                                                        line.count - most_on_a_line, merged[line.first].rule->code)));
  }
  return merged;
}

}  // namespace

std::size_t Outcome::count(Severity severity) const {
  return static_cast<std::size_t>(std::ranges::count(diagnostics, severity, &Diagnostic::severity));
}

std::size_t Outcome::places(Severity severity) const {
  std::size_t places = 0;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity == severity) places += diagnostic.count;
  }
  return places;
}

std::vector<ClusterDefinition> read_clusters(const Manifests& manifests, MadeDocuments& made) {
  std::vector<ClusterDefinition> clusters;
  std::vector<const Document*> documents;
  std::vector<const Document*> terraform;
  for (const InputFile& file : manifests.files()) {
    for (const auto& document : file.parsed.documents) documents.push_back(document.get());
    if (is_terraform_file(file.source->path()) && !file.parsed.documents.empty()) {
      terraform.push_back(file.parsed.documents.front().get());
    }
  }
  read_arm_templates(documents, clusters);
  for (const Document* document : documents) {
    read_az_output(*document, clusters);
    read_terraform_values(*document, made, clusters);
  }
  read_terraform(terraform, clusters);
  read_service_operator_clusters(manifests, clusters);
  read_cluster_api_clusters(manifests, made, clusters);
  read_crossplane_clusters(manifests, made, clusters);
  read_pulumi_clusters(documents, clusters);
  read_command_line_clusters(documents, made, clusters);
  return clusters;
}

namespace {

// Reads the configuration and completes the clusters by it.
Configuration configure(const std::vector<InputFile>& files, std::vector<ClusterDefinition>& clusters) {
  Configuration configuration = read_configuration(files);
  match_clusters(configuration, clusters);
  return configuration;
}

}  // namespace

Repository::Repository(const Options& options, const Policy& policy, const Inputs& inputs,
                       const std::string& standard_input)
    : files(read_inputs(inputs.files, standard_input, options.jobs)),
      manifests(files),
      clusters(read_clusters(manifests, made_documents)),
      configuration(configure(files, clusters)),
      context(manifests, clusters, configuration, Governances(manifests, clusters, configuration, inputs.remotes),
              policy, options) {}

namespace {

std::vector<Diagnostic> find_all(const Context& context, std::span<const Rule* const> rules) {
  std::set<const SourceFile*> reported;
  for (const InputFile& file : context.manifests().files()) {
    if (file.reported) reported.insert(file.source.get());
  }
  std::vector<Diagnostic> found;
  for (const Rule* rule : rules) {
    Pass pass(*rule, context);
    rule->check(pass);
    for (Diagnostic& diagnostic : pass.take()) {
      if (reported.contains(diagnostic.place.file)) found.push_back(std::move(diagnostic));
    }
  }
  std::ranges::sort(found, comes_before);
  hide_secrets(found);
  return found;
}

std::vector<Diagnostic> bring_together(std::vector<Diagnostic> sorted) {
  return cap_findings(merge_lines(std::move(sorted)));
}

}  // namespace

std::vector<Diagnostic> run_rules(const Context& context, std::span<const Rule* const> rules, const Options& options) {
  std::vector<Diagnostic> found = find_all(context, rules);
  if (options.suppressions) Suppressions(context, options.known_rules).take_from(found);
  return bring_together(std::move(found));
}

Outcome run(const Options& options, const Policy& policy, std::span<const Rule* const> rules, const Inputs& inputs,
            const std::string& standard_input) {
  Outcome outcome;
  outcome.repository = std::make_unique<const Repository>(options, policy, inputs, standard_input);
  const Manifests& manifests = outcome.repository->manifests;
  const Context& context = outcome.repository->context;

  std::map<const SourceFile*, bool> is_reported;
  for (const InputFile& file : outcome.repository->files) {
    is_reported[file.source.get()] = file.reported;
    if (!file.reported) continue;
    ++outcome.files_read;
    for (const Problem& problem : file.parsed.problems) {
      if (problem.kind == ProblemKind::template_skipped) ++outcome.templates_skipped;
      if (problem.kind == ProblemKind::unreadable) outcome.io_failed = true;
    }
  }
  for (const auto& resource : manifests.all()) {
    if (is_reported[&resource->file()]) ++outcome.objects;
  }
  for (const auto& cluster : context.clusters()) {
    const bool is_resource = manifests.resource_of(cluster.place) != nullptr;
    if (!is_resource && is_reported[cluster.place.file()]) ++outcome.objects;
  }

  std::vector<Diagnostic> found = find_all(context, rules);
  if (options.suppressions) {
    Suppressions suppressions(context, options.known_rules);
    outcome.suppressed = suppressions.take_from(found);
    std::ranges::move(suppressions.findings(rules), std::back_inserter(found));
    std::ranges::sort(found, comes_before);
  }
  outcome.diagnostics = bring_together(std::move(found));
  return outcome;
}

}  // namespace meshlint
