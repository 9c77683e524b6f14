// Benchmarks of meshlint over a generated repository. Prints throughput, and each figure as a ratio to reading the
// bytes alone in the same run, because machines differ and drift.
//   cmake --build --preset release --target bench && build/release/bench [FILES]
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>

#include "linter/engine.h"
#include "linter/report.h"
#include "linter/yaml.h"
#include "rules/catalog.h"

namespace fs = std::filesystem;
using namespace meshlint;

namespace {

std::string deployment(std::size_t number) {
  std::string text = fmt::format(R"(apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-{0}
  namespace: team-{1}
  labels:
    app.kubernetes.io/name: web-{0}
    app.kubernetes.io/part-of: shop
spec:
  replicas: 3
  selector:
    matchLabels: {{app: web-{0}}}
  template:
    metadata:
      labels:
        app: web-{0}
        istio.io/rev: asm-1-29
      annotations:
        prometheus.io/scrape: "true"
    spec:
      containers:
)",
                                 number, number % 50);
  for (int container = 0; container < 4; ++container) {
    text += fmt::format(R"(        - name: main-{0}
          image: "registry.example.com/shop/web:1.{1}.{0}" # the release of the week
          args: ["--listen", ":8080", '--level=info']
          ports:
            - containerPort: 8080
              protocol: TCP
          env:
            - name: GREETING
              value: hello from container {0}
            - name: LIMIT
              value: "{1}"
          resources:
            requests: {{cpu: 100m, memory: 128Mi}}
            limits: {{cpu: 500m, memory: 256Mi}}
          readinessProbe:
            httpGet: {{path: /healthz, port: 8080}}
            periodSeconds: 10
)",
                        container, number);
  }
  return text;
}

std::string routing(std::size_t number) {
  std::string text = fmt::format(R"(apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata:
  name: web-{0}
  namespace: team-{1}
spec:
  hosts: [web-{0}.example.com]
  gateways: [aks-istio-ingress/public]
  http:
)",
                                 number, number % 50);
  for (int route = 0; route < 10; ++route) {
    text += fmt::format(R"(    - match:
        - uri: {{prefix: /v{0}/}}
          headers:
            x-version:
              exact: "v{0}"
      route:
        - destination:
            host: web-{1}.team.svc.cluster.local
            port: {{number: 8080}}
          weight: 100
      timeout: 5s
      retries: {{attempts: 3, perTryTimeout: 2s}}
)",
                        route, number);
  }
  return text;
}

std::string settings(std::size_t number) {
  std::string text = fmt::format("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings-{}\ndata:\n", number);
  for (int key = 0; key < 4; ++key) {
    text += fmt::format("  file-{}.conf: |\n", key);
    for (int line = 0; line < 16; ++line) text += fmt::format("    option_{} = value {} of {}\n", line, key, number);
  }
  return text;
}

// A manifest of one of the shapes that repositories are made of, always the same for the same number.
std::string manifest(std::size_t number) {
  if (number % 4 == 3) return settings(number);
  const std::string first = number % 2 == 0 ? deployment(number) : routing(number);
  return fmt::format(
      "# team {0}\n{1}---\napiVersion: v1\nkind: Service\nmetadata:\n  name: web-{2}\nspec:\n"
      "  selector: {{app: web-{2}}}\n  ports:\n    - {{name: http, port: 80, targetPort: 8080}}\n---\n{3}",
      number % 50, first, number, number % 8 == 0 ? settings(number) : std::string());
}

void write_file(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary).write(text.data(), static_cast<std::streamsize>(text.size()));
}

// Seconds of the fastest of a few runs.
double fastest(const std::function<void()>& work) {
  double best = 1e9;
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto start = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

std::string read_bytes(const std::string& path) {
  std::string bytes;
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status {};
  if (file < 0 || fstat(file, &status) != 0) std::abort();
  bytes.resize(static_cast<std::size_t>(status.st_size));
  if (read(file, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) std::abort();
  close(file);
  return bytes;
}

std::size_t count_lines(std::string_view text) {
  std::size_t lines = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  while ((at = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)))) != nullptr) {
    ++lines;
    ++at;
  }
  return lines;
}

struct Cost {
  double cpu_seconds = 0;
  double wall_seconds = 0;
  double peak_mib = 0;
};

// Runs meshlint as a process of its own, its output thrown away.
Cost run_process(const std::vector<std::string>& arguments) {
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    const int sink = open("/dev/null", O_WRONLY);
    dup2(sink, STDOUT_FILENO);
    dup2(sink, STDERR_FILENO);
    std::vector<char*> argv;
    for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    execv(argv[0], argv.data());
    _exit(127);
  }
  int status = 0;
  struct rusage usage {};
  wait4(child, &status, 0, &usage);
  if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) fmt::print(stderr, "meshlint failed: {}\n", status);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return {seconds(usage.ru_utime) + seconds(usage.ru_stime),
          std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
          static_cast<double>(usage.ru_maxrss) / 1024};
}

void print_row(std::string_view what, double seconds, double bytes, std::size_t files, double reading) {
  fmt::print("{:<34} {:>9.1f} MB/s {:>10.0f} files/s {:>9.3f} s {:>8.1f} x reading\n", what, bytes / 1e6 / seconds,
             static_cast<double>(files) / seconds, seconds, seconds / reading);
}

void measure_repository(const fs::path& root, std::size_t files) {
  std::vector<std::string> paths;
  double bytes = 0;
  for (std::size_t number = 0; number < files; ++number) {
    const auto path = root / fmt::format("team-{}", number % 50) / fmt::format("manifest-{}.yaml", number);
    const std::string text = manifest(number);
    bytes += static_cast<double>(text.size());
    write_file(path, text);
    paths.push_back(path.string());
  }
  fmt::print("{} manifests, {:.1f} MB, {:.2f} KB each\n\n", files, bytes / 1e6,
             bytes / 1e3 / static_cast<double>(files));

  const double reading = fastest([&] {
    std::size_t lines = 0;
    for (const auto& path : paths) lines += count_lines(read_bytes(path));
    if (lines == 0) std::abort();
  });
  print_row("read and count lines", reading, bytes, files, reading);

  std::vector<std::unique_ptr<SourceFile>> sources;
  for (const auto& path : paths) sources.push_back(std::make_unique<SourceFile>(path, path, read_bytes(path)));
  const double parsing = fastest([&] {
    for (const auto& source : sources) {
      if (parse_yaml(*source).documents.empty()) std::abort();
    }
  });
  print_row("parse, one thread", parsing, bytes, files, reading);

  Options options;
  options.paths = {root.string()};
  options.as_of = *parse_date("2026-08-21");
  const Policy policy = Policy::embedded();
  for (const unsigned jobs : {1U, 2U}) {
    options.jobs = jobs;
    const double whole = fastest([&] {
      const Inputs inputs = discover(options);
      const Outcome outcome = run(options, policy, catalog(), inputs, "");
      if (report_text({outcome, options, catalog(), "bench", "2026-08-21"}).empty()) std::abort();
    });
    print_row(fmt::format("find, read, lint, report: {} thread{}", jobs, jobs == 1 ? "" : "s"), whole, bytes, files,
              reading);
  }
}

// A cluster in one of the formats that people define clusters in, with a comment as long as such files are.
std::pair<std::string, std::string> definition(std::size_t number) {
  const std::string name = fmt::format("shop-{}", number);
  const std::string filler = [] {
    std::string text;
    for (int line = 0; line < 30; ++line) text += fmt::format("# the {} th line of what is worth knowing\n", line);
    return text;
  }();
  switch (number % 6) {
    case 0:
      return {fmt::format("clusters/{}/main.tf", name),
              filler + fmt::format("variable \"version\" {{ default = \"1.34\" }}\n"
                                   "resource \"azurerm_kubernetes_cluster\" \"this\" {{\n  name = \"{}\"\n"
                                   "  kubernetes_version = var.version\n  service_mesh_profile {{\n"
                                   "    mode = \"Istio\"\n    revisions = [\"asm-1-29\"]\n  }}\n}}\n",
                                   name)};
    case 1:
      return {fmt::format("clusters/{}/main.bicep", name),
              fmt::format("param version string = '1.34'\n"
                          "resource aks 'Microsoft.ContainerService/managedClusters@2025-09-01' = {{\n  name: '{}'\n"
                          "  properties: {{\n    kubernetesVersion: version\n    serviceMeshProfile: {{\n"
                          "      mode: 'Istio'\n      istio: {{ revisions: [ 'asm-1-29' ] }}\n    }}\n  }}\n}}\n",
                          name)};
    case 2:
      return {
          fmt::format("clusters/{}/azuredeploy.json", name),
          fmt::format(R"({{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
"parameters": {{"version": {{"type": "string", "defaultValue": "1.34"}}}},
"resources": [{{"type": "Microsoft.ContainerService/managedClusters", "apiVersion": "2025-09-01", "name": "{}",
"properties": {{"kubernetesVersion": "[parameters('version')]",
"serviceMeshProfile": {{"mode": "Istio", "istio": {{"revisions": ["asm-1-29"]}}}}}}}}]}})",
                      name)};
    case 3:
      return {fmt::format("clusters/{}/cluster.yaml", name),
              filler + fmt::format("apiVersion: containerservice.azure.com/v20260301\nkind: ManagedCluster\n"
                                   "metadata: {{name: {}}}\nspec:\n  kubernetesVersion: \"1.34\"\n"
                                   "  serviceMeshProfile:\n    mode: Istio\n    istio: {{revisions: [asm-1-29]}}\n",
                                   name)};
    case 4:
      return {fmt::format("clusters/{}/crossplane.yaml", name),
              filler + fmt::format("apiVersion: containerservice.azure.upbound.io/v1beta2\nkind: KubernetesCluster\n"
                                   "metadata: {{name: {}}}\nspec:\n  forProvider:\n    kubernetesVersion: \"1.34\"\n"
                                   "    serviceMeshProfile: {{mode: Istio, revisions: [asm-1-29]}}\n",
                                   name)};
    default:
      return {fmt::format("clusters/{}/workflow.yaml", name),
              filler + fmt::format("on: push\njobs:\n  up:\n    steps:\n      - run: |\n"
                                   "          az aks create --name {} --resource-group shop \\\n"
                                   "            --kubernetes-version 1.34 --enable-asm --revision asm-1-29\n",
                                   name)};
  }
}

// What it costs to find the clusters of all formats in the repository that was measured, one in fifty files.
void measure_clusters(const fs::path& root, std::size_t files) {
  for (std::size_t number = 0; number < files / 50; ++number) {
    const auto [path, text] = definition(number);
    write_file(root / path, text);
  }
  Options options;
  options.paths = {root.string()};
  options.as_of = *parse_date("2026-08-21");
  options.jobs = 1;
  const Policy policy = Policy::embedded();
  const Inputs inputs = discover(options);
  const double whole = fastest([&] { run(options, policy, catalog(), inputs, ""); });
  const Repository repository(options, policy, inputs, "");
  std::size_t found = 0;
  const double clusters = fastest([&] {
    MadeDocuments made;
    found = read_clusters(repository.manifests, made).size();
  });
  fmt::print("\nclusters of all formats: {} in {} files, {:.4f} s, {:.1f} % of the run on one thread\n", found,
             inputs.files.size(), clusters, 100 * clusters / whole);
}

void measure_memory(const fs::path& root, const std::string& name, const std::string& text) {
  const fs::path path = root / name;
  write_file(path, text);
  const double mib = static_cast<double>(text.size()) / 1048576;
  const Cost cost = run_process({MESHLINT_EXECUTABLE, "--as-of", "2026-08-21", path.string()});
  fmt::print("{:<34} {:>9.1f} MiB file {:>9.1f} MiB peak {:>6.1f} x the file {:>8.2f} s\n", name, mib, cost.peak_mib,
             cost.peak_mib / mib, cost.wall_seconds);
  fs::remove(path);
}

std::string large_yaml() {
  std::string text;
  for (std::size_t number = 0; text.size() < (std::size_t{9} << 20); ++number) text += "---\n" + manifest(number);
  return text;
}

std::string large_json() {
  std::string text = "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [";
  for (std::size_t number = 0; text.size() < (std::size_t{100} << 20); ++number) {
    text += fmt::format(
        "{}\n{{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"metadata\": {{\"name\": \"c-{}\"}}, "
        "\"data\": {{\"key\": \"{}\"}}}}",
        number == 0 ? "" : ",", number, std::string(200, 'x'));
  }
  return text + "]}";
}

void measure_start(const fs::path& root) {
  write_file(root / "small" / "namespace.yaml",
             "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n"
             "    istio.io/rev: asm-1-29\n");
  write_file(root / "small" / "mesh.yaml",
             "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: istio-shared-configmap-asm-1-29\n"
             "  namespace: aks-istio-system\ndata:\n  mesh: |\n    accessLogFile: /dev/stdout\n");
  constexpr int runs = 50;
  const auto average = [](const std::vector<std::string>& arguments) {
    double seconds = 0;
    for (int i = 0; i < runs; ++i) seconds += run_process(arguments).cpu_seconds;
    return seconds * 1000 / runs;
  };
  const double nothing = average({"/bin/true"});
  const std::string date = "2026-08-21";
  for (const char* name : {"namespace.yaml", "mesh.yaml"}) {
    const double cost = average({MESHLINT_EXECUTABLE, "--as-of", date, (root / "small" / name).string()});
    fmt::print("one small file, {:<18} {:>9.2f} ms of CPU in all, {:>6.1f} x starting a process that does nothing\n",
               name, cost, cost / nothing);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t files = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10'000;
  std::string name = (fs::temp_directory_path() / "meshlint-bench-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) return 1;
  const fs::path root = name;
  measure_start(root);
  measure_memory(root, "large.yaml", large_yaml());
  measure_memory(root, "large.json", large_json());
  fs::remove_all(root / "small");
  fmt::print("\n");
  measure_repository(root, files);
  measure_clusters(root, files);
  fs::remove_all(root);
  return 0;
}
