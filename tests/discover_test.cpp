#include "linter/discover.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "linter/error.h"

namespace fs = std::filesystem;
using namespace meshlint;
using Catch::Matchers::Contains;
using Names = std::vector<std::string>;

namespace {

// A directory of its own that is the working directory as long as it lives.
class Folder {
 public:
  Folder() : before_(fs::current_path()) {
    std::string name = (fs::temp_directory_path() / "meshlint-discover-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = fs::canonical(name);
    fs::current_path(path);
  }
  ~Folder() {
    fs::current_path(before_);
    std::error_code error;
    fs::remove_all(path, error);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  fs::path path;

 private:
  fs::path before_;
};

void write(const fs::path& path, std::string_view text = "a: 1\n") {
  if (path.has_parent_path()) fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

Inputs find(Names paths) {
  Options options;
  options.paths = std::move(paths);
  return discover(options);
}

Names paths_of(const Inputs& inputs, bool reported) {
  Names paths;
  for (const Input& input : inputs.files)
    if (input.reported == reported) paths.push_back(input.path);
  return paths;
}

Names reported(Names paths) {
  return paths_of(find(std::move(paths)), true);
}
Names context(Names paths) {
  return paths_of(find(std::move(paths)), false);
}

bool ignores(std::string_view patterns, std::string_view path, bool is_directory = false) {
  return IgnoreFile(patterns).check(path, is_directory) == IgnoreFile::Verdict::ignored;
}

}  // namespace

TEST_CASE("a walk takes manifests in the order of their bytes") {
  Folder folder;
  for (const char* name : {"b.yaml", "a/z.yml", "a.json", "a-b.yaml", "Z.yaml", "\xC3\xA9.yaml", "note.txt", "a/yaml"})
    write(name);
  CHECK(reported({"."}) == Names{"Z.yaml", "a-b.yaml", "a.json", "a/z.yml", "b.yaml", "\xC3\xA9.yaml"});
  CHECK(reported({}) == reported({"."}));
}

TEST_CASE("a walk takes the kustomizations that have no extension, and nothing named like them") {
  Folder folder;
  for (const char* name : {"a/Kustomization", "b/kustomization", "c/Kustomization.txt", "d/MyKustomization"})
    write(name);
  CHECK(reported({"."}) == Names{"a/Kustomization"});
}

TEST_CASE("an input knows its size, its place and what people call it") {
  Folder folder;
  fs::create_directory(".git");
  write("clusters/prod.json", "{}");
  write("apps/shop/gateway.yaml", "kind: Gateway\n");
  fs::current_path("apps");

  const Inputs inputs = find({"shop"});
  CHECK(inputs.root == folder.path.string());
  REQUIRE(inputs.files.size() == 2);
  const Input& gateway = inputs.files[0];
  CHECK(gateway.path == "apps/shop/gateway.yaml");
  CHECK(gateway.shown == "shop/gateway.yaml");
  CHECK(gateway.location == (folder.path / "apps/shop/gateway.yaml").string());
  CHECK(gateway.reported);
  CHECK(gateway.size == 14);
  const Input& cluster = inputs.files[1];
  CHECK(cluster.path == "clusters/prod.json");
  CHECK(cluster.shown == "../clusters/prod.json");
  CHECK_FALSE(cluster.reported);
}

TEST_CASE("the rest of the repository is context") {
  Folder folder;
  for (const char* name : {"clusters/a.yaml", "apps/one.yaml", "apps/two.yaml", "skipped/x.yaml"}) write(name);
  write(".gitignore", "skipped/\n");

  SECTION("none without a repository") {
    CHECK(reported({"apps/one.yaml"}) == Names{"one.yaml"});
    CHECK(context({"apps/one.yaml"}).empty());
    CHECK(find({"apps"}).root == (folder.path / "apps").string());
  }
  SECTION("a repository's .git may be a directory") {
    fs::create_directory(".git");
  }
  SECTION("a repository's .git may be a file") {
    write(".git", "gitdir: elsewhere\n");
  }
  if (!fs::exists(".git")) return;
  CHECK(reported({"apps/one.yaml"}) == Names{"apps/one.yaml"});
  CHECK(context({"apps/one.yaml"}) == Names{"apps/two.yaml", "clusters/a.yaml"});
  CHECK(context({"."}).empty());
}

TEST_CASE("the folder common to all arguments is the root without a repository") {
  Folder folder;
  write("live/apps/x.yaml");
  write("live/clusters/y.json");
  const Inputs inputs = find({"live/apps", "live/clusters/y.json"});
  CHECK(inputs.root == (folder.path / "live").string());
  CHECK(paths_of(inputs, true) == Names{"apps/x.yaml", "clusters/y.json"});
}

TEST_CASE("arguments may overlap, repeat and take detours") {
  Folder folder;
  fs::create_directory(".git");
  write("a/b/x.yaml");
  write("a/y.yaml");
  const Names both{"a/b/x.yaml", "a/y.yaml"};
  CHECK(reported({"a", "a/", "a/b", "a/b/x.yaml", "./a//b/../y.yaml", (folder.path / "a").string()}) == both);
  CHECK(reported({"a/b", "a"}) == both);
  CHECK(reported({"a/b/../../a/."}) == both);
  CHECK(find({"a/", "./a/b"}).files.front().shown == "a/b/x.yaml");
  fs::current_path("a/b");
  CHECK(reported({".."}) == both);
  CHECK(find({".."}).files.back().shown == "../y.yaml");
}

TEST_CASE("a file outside the root keeps its whole path") {
  Folder folder;
  write("here/.git/config");
  write("here/x.yaml");
  write("there/y.yaml");
  const std::string outside = (folder.path / "there/y.yaml").string();
  fs::current_path("here");
  CHECK(reported({"x.yaml", "../there"}) == Names{outside, "x.yaml"});
  CHECK(find({"x.yaml", "../there/y.yaml"}).files.front().shown == outside);
}

TEST_CASE("a named file is read whatever its name and .gitignore say") {
  Folder folder;
  fs::create_directory(".git");
  write(".gitignore", "*\n");
  write("rendered.txt");
  write("vendor/x.yaml");
  CHECK(reported({"rendered.txt"}) == Names{"rendered.txt"});
  CHECK(reported({"vendor/x.yaml"}) == Names{"vendor/x.yaml"});
  CHECK(reported({"vendor"}).empty());
  write(".gitignore", "vendor/\n");
  CHECK(reported({"."}).empty());
  CHECK(reported({".", "vendor"}) == Names{"vendor/x.yaml"});
}

TEST_CASE("what does not exist is a usage error") {
  Folder folder;
  write("x.yaml");
  CHECK_THROWS_WITH(find({"x.yaml", "missing.yaml"}), "no such file or directory: missing.yaml");
  CHECK_THROWS_AS(find({"x.yaml/y"}), UsageError);
  CHECK_THROWS_AS(find({""}), UsageError);
}

TEST_CASE("standard input has a place in the repository") {
  Folder folder;
  fs::create_directory(".git");
  write("apps/x.yaml");
  write("clusters/y.yaml");

  SECTION("without a name") {
    const Inputs inputs = find({"-"});
    CHECK(paths_of(inputs, true) == Names{"<stdin>"});
    CHECK(inputs.files.front().shown == "<stdin>");
    CHECK(inputs.files.front().location.empty());
    CHECK(paths_of(inputs, false) == Names{"apps/x.yaml", "clusters/y.yaml"});
  }
  SECTION("with the name of a file on disk, which it stands for") {
    Options options;
    options.paths = {"apps", "-"};
    options.stdin_filename = "apps/x.yaml";
    const Inputs inputs = discover(options);
    CHECK(paths_of(inputs, true) == Names{"apps/x.yaml"});
    CHECK(inputs.files.front().location.empty());
    CHECK(paths_of(inputs, false) == Names{"clusters/y.yaml"});
  }
  SECTION("with the name of a file in another folder") {
    Options options;
    options.paths = {"-"};
    options.stdin_filename = (folder.path / "apps/new/z.yaml").string();
    fs::current_path("/");
    const Inputs inputs = discover(options);
    CHECK(inputs.root == folder.path.string());
    CHECK(paths_of(inputs, true) == Names{"apps/new/z.yaml"});
  }
}

TEST_CASE("walks do not follow links") {
  Folder folder;
  fs::create_directory(".git");
  write("real/x.yaml");
  fs::create_directory_symlink("real", "linked");
  fs::create_directory_symlink("..", "real/up");
  fs::create_symlink("real/x.yaml", "link.yaml");
  fs::create_symlink("nowhere", "dangling.yaml");
  CHECK(reported({"."}) == Names{"real/x.yaml"});
}

TEST_CASE("an argument that is a link must stay inside the root") {
  Folder folder;
  write("outside/secret.yaml");
  write("repository/.git/config");
  write("repository/real/x.yaml");
  fs::current_path("repository");
  fs::create_directory_symlink("real", "linked");
  fs::create_symlink("real/x.yaml", "link.yaml");
  fs::create_symlink("../outside/secret.yaml", "out.yaml");
  fs::create_directory_symlink("../outside", "out");
  fs::create_symlink("nowhere.yaml", "dangling.yaml");
  fs::create_symlink("loop.yaml", "loop.yaml");

  CHECK(reported({"linked", "link.yaml"}) == Names{"real/x.yaml"});
  for (const char* name : {"out.yaml", "out", "out/secret.yaml", "dangling.yaml", "loop.yaml"}) {
    INFO(name);
    const Inputs inputs = find({name, "real"});
    CHECK(paths_of(inputs, true) == Names{"real/x.yaml"});
    REQUIRE(inputs.unreadable.size() == 1);
    CHECK_THAT(inputs.unreadable.front(), Catch::Matchers::StartsWith(fmt::format("{}: ", name)));
  }
  CHECK_THAT(find({"out.yaml"}).unreadable.front(), Contains("the link leads out of"));
}

TEST_CASE("without a repository a link that is named is followed, and none that a walk meets") {
  Folder folder;
  write("elsewhere/x.yaml");
  fs::create_directory_symlink("..", "elsewhere/up");
  write("here/y.yaml");
  fs::current_path("here");
  fs::create_directory_symlink("../elsewhere", "linked");
  fs::create_symlink("../elsewhere/x.yaml", "link.yaml");

  CHECK(reported({"linked"}) == Names{"x.yaml"});
  CHECK(reported({"."}) == Names{"y.yaml"});
  for (const char* name : {"linked", "link.yaml"}) {
    INFO(name);
    const Inputs inputs = find({name, "."});
    CHECK(inputs.unreadable.empty());
    CHECK(paths_of(inputs, true).size() == 2);
  }
}

TEST_CASE("a repository may itself be reached through a link") {
  Folder folder;
  write("real/.git/config");
  write("real/apps/x.yaml");
  fs::create_directory_symlink("real", "alias");
  const Inputs inputs = find({"alias/apps/x.yaml"});
  CHECK(inputs.unreadable.empty());
  CHECK(paths_of(inputs, true) == Names{"apps/x.yaml"});
}

TEST_CASE("only regular files are taken") {
  Folder folder;
  write("x.yaml");
  REQUIRE(mkfifo("pipe.yaml", 0600) == 0);
  const int socket_handle = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::string_view("socket.yaml").copy(address.sun_path, sizeof address.sun_path - 1);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the socket interface is made so
  REQUIRE(bind(socket_handle, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  close(socket_handle);
  fs::create_directory("folder.yaml");
  write("folder.yaml/inner.yaml");

  CHECK(reported({"."}) == Names{"folder.yaml/inner.yaml", "x.yaml"});
  const Inputs inputs = find({"pipe.yaml", "socket.yaml", "/dev/null"});
  CHECK(inputs.files.empty());
  REQUIRE(inputs.unreadable.size() == 3);
  CHECK_THAT(inputs.unreadable[0], Contains("/dev/null: not read: it is a device"));
  CHECK_THAT(inputs.unreadable[1], Contains("pipe.yaml: not read: it is a pipe"));
  CHECK_THAT(inputs.unreadable[2], Contains("socket.yaml: not read: it is a socket"));
}

TEST_CASE(".git is never entered") {
  Folder folder;
  write(".git/x.yaml");
  write("module/.git/y.yaml");
  write("module/z.yaml");
  write("worktree/.git", "gitdir: elsewhere\n");
  CHECK(reported({"."}) == Names{"module/z.yaml"});
  CHECK_THAT(find({".git"}).unreadable.front(), Contains("inside .git"));
  CHECK_THAT(find({".", "module/.git/y.yaml"}).unreadable.front(), Contains("inside .git"));
}

TEST_CASE("a directory that cannot be read is named, and the walk goes on") {
  if (geteuid() == 0) return;  // who may read everything
  Folder folder;
  fs::create_directory(".git");
  write("closed/x.yaml");
  write("open/y.yaml");
  fs::permissions("closed", fs::perms::none);
  const Inputs inputs = find({"."});
  fs::permissions("closed", fs::perms::owner_all);
  CHECK(paths_of(inputs, true) == Names{"open/y.yaml"});
  CHECK(inputs.unreadable == Names{"closed: Permission denied"});
}

TEST_CASE("a name need not be UTF-8") {
  Folder folder;
  const std::string name = "\xFF\xFE\nx.yaml";
  write(name);
  CHECK(reported({"."}) == Names{name});
  CHECK(reported({name}) == Names{name});
}

TEST_CASE("a deep tree costs no open files") {
  Folder folder;
  for (int level = 0; level < 1500; ++level) {
    fs::create_directory("d");
    fs::current_path("d");
  }
  write("x.yaml");
  fs::current_path(folder.path);
  const Inputs inputs = find({"."});
  CHECK(inputs.files.size() == 1);
  CHECK(inputs.unreadable.empty());
}

TEST_CASE(".gitignore files nest, and the nearest wins") {
  Folder folder;
  for (const char* name : {"a.yaml", "keep/a.yaml", "keep/b.yaml", "out/a.yaml", "sub/out/a.yaml", "sub/b.yaml"})
    write(name);
  write(".gitignore", "a.yaml\n/out/\n");
  write("keep/.gitignore", "!a.yaml\nb.yaml\n");
  CHECK(reported({"."}) == Names{"keep/a.yaml", "sub/b.yaml"});

  fs::create_directory(".git");
  CHECK(reported({"keep"}) == Names{"keep/a.yaml"});
  CHECK(reported({"sub"}) == Names{"sub/b.yaml"});
  CHECK(context({"sub"}) == Names{"keep/a.yaml"});
}

TEST_CASE("what lies in an ignored directory cannot be included again") {
  Folder folder;
  write("build/x.yaml");
  write("dist/y.yaml");
  write("dist/z.yaml");
  write(".gitignore", "build/\n!build/x.yaml\ndist/*\n!dist/y.yaml\n");
  CHECK(reported({"."}) == Names{"dist/y.yaml"});
}

TEST_CASE("a .gitignore that is a link, a pipe or huge is not read") {
  Folder folder;
  write("x.yaml");
  SECTION("link") {
    write("patterns", "*\n");
    fs::create_symlink("patterns", ".gitignore");
    CHECK(find({"."}).unreadable.empty());
  }
  SECTION("pipe") {
    REQUIRE(mkfifo(".gitignore", 0600) == 0);
    CHECK(find({"."}).unreadable.empty());
  }
  SECTION("huge") {
    write(".gitignore", std::string((1 << 20) + 1, '*'));
    CHECK(find({"."}).unreadable == Names{".gitignore: not read: larger than 1 MiB"});
  }
  CHECK(reported({"."}) == Names{"x.yaml"});
}

TEST_CASE("a .gitignore's lines") {
  CHECK(ignores("x\r\n", "x"));
  CHECK(ignores("\xEF\xBB\xBFx\n", "x"));
  CHECK(ignores("x", "deep/down/x"));
  CHECK(ignores("x   \n", "x"));
  CHECK(ignores("x\\ \n", "x "));
  CHECK_FALSE(ignores("x\\ \n", "x"));
  CHECK(ignores("\\#x\n", "#x"));
  CHECK(ignores("\\!x\n", "!x"));
  CHECK_FALSE(ignores("#x\n", "#x"));
  CHECK_FALSE(ignores("\n\r\n \n/\n!\n", "x"));
  CHECK(ignores("x/\n", "x", true));
  CHECK_FALSE(ignores("x/\n", "x", false));
  CHECK(ignores("/x\n", "x"));
  CHECK_FALSE(ignores("/x\n", "a/x"));
  CHECK_FALSE(ignores("a/x\n", "b/a/x"));
  CHECK_FALSE(ignores("x\n!x\n", "x"));
  CHECK(IgnoreFile("!x\n").check("x", false) == IgnoreFile::Verdict::included);
  CHECK(IgnoreFile("y\n").check("x", false) == IgnoreFile::Verdict::none);
}

TEST_CASE("a glob's special characters") {
  const auto yes = [](const char* glob, const char* path) {
    INFO(glob << " and " << path);
    CHECK(glob_matches(glob, path));
  };
  const auto no = [](const char* glob, const char* path) {
    INFO(glob << " and " << path);
    CHECK_FALSE(glob_matches(glob, path));
  };
  yes("", "");
  no("", "x");
  yes("*", "anything");
  no("*", "a/b");
  yes("a*b*c", "abbbcbc");
  no("a*b*c", "abbb");
  yes("?x", "ax");
  no("a?b", "a/b");
  yes("**", "a/b/c");
  yes("**/x", "x");
  yes("**/x", "a/b/x");
  no("**/x", "a/bx");
  yes("a/**", "a/b/c");
  no("a/**", "a");
  yes("a/**/z", "a/z");
  yes("a/**/z", "a/b/c/z");
  yes("a/**/b*/**/z", "a/x/bb/y/bz/q/z");
  no("a/**/z", "a/zz");
  yes("a**z", "a..z");
  no("a**z", "a/z");
  yes("[a-c]x", "bx");
  no("[!a-c]x", "bx");
  no("[^a-c]x", "bx");
  yes("[]x]", "]");
  yes("[a-]", "-");
  yes("[\\]]", "]");
  no("a[/]b", "a/b");
  no("a[!x]b", "a/b");
  yes("[[:digit:][:upper:]]", "Q");
  no("[[:digit:]]", "Q");
  no("[[:nonsense:]]", "Q");
  no("[a", "a");
  no("a\\", "a");
  yes("\\*", "*");
  no("\\*", "x");
}

// Backtracking takes longer here than anybody waits.
TEST_CASE("no pattern makes the glob matcher slow") {
  std::string stars;
  std::string folders;
  for (int i = 0; i < 60; ++i) stars += "*a";
  for (int i = 0; i < 60; ++i) folders += "**/*a*/";
  const std::string name(4000, 'a');
  std::string path;
  for (int i = 0; i < 2000; ++i) path += "a/";
  CHECK_FALSE(glob_matches(stars + "b", name));
  CHECK_FALSE(glob_matches(folders + "b", path));
  CHECK_FALSE(glob_matches(std::string(4000, '*') + "b", name));
  CHECK_FALSE(glob_matches(std::string(4000, '['), name));
}

namespace {

const std::string git =
    "env -u GIT_DIR -u GIT_WORK_TREE -u GIT_INDEX_FILE GIT_CONFIG_NOSYSTEM=1 "
    "GIT_CONFIG_GLOBAL=/dev/null git ";

// The files that git would add, from its own reading of the .gitignore files.
Names files_git_sees() {
  REQUIRE(std::system((git + "ls-files -z --others --exclude-standard > ../git-files").c_str()) == 0);
  std::ifstream list("../git-files", std::ios::binary);
  Names names;
  for (std::string name; std::getline(list, name, '\0');)
    if (name.ends_with(".yaml")) names.push_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

// Makes patterns of the kind people write, and of the kind that shows what a reader of patterns got wrong.
class Generator {
 public:
  std::string pattern() {
    std::string text = one_in(4) ? "!" : "";
    if (one_in(4)) text += "/";
    const int parts = one_in(2) ? 1 : one_in(2) ? 2 : 3;
    for (int part = 0; part < parts; ++part) text += (part > 0 ? "/" : "") + pick(parts_);
    if (one_in(3)) text += "/";
    return text + pick(endings_);
  }
  std::string name() { return pick(names_); }
  bool one_in(unsigned count) { return random_() % count == 0; }

 private:
  template <std::size_t size>
  std::string pick(const std::array<const char*, size>& from) {
    return from[random_() % size];
  }

  std::mt19937 random_{20240229};
  static constexpr std::array names_{"a", "b", "ab", "abc", "a b", "#a", "!b", "a]", "x-y", "\xC3\xA9"};
  static constexpr std::array parts_{
      "a",     "b",    "ab",      "abc",    "*",     "**",     "***",    "a*",     "*b",          "?",
      "a?",    "[ab]", "[!a]",    "[a-b]*", "[]a]*", "\\a",    "\\#a",   "\\!b",   "#a",          "!b",
      "a\\ b", "a b",  "a**",     "**b",    "a*c",   "*.yaml", "a.yaml", "a*.ya*", "[[:alpha:]]", "[[:alpha:]-]*",
      "[",     "[a",   "x[,-.]y", "a\\]",   "\xC3*", "*\xA9",  "??",     "\\*"};
  static constexpr std::array endings_{"\n", "\n", "\n", "\r\n", "  \n", "\\ \n", " \\\n", "\t\n"};
};

}  // namespace

TEST_CASE("walks see what git sees") {
  if (std::system("git --version > /dev/null 2>&1") != 0) {
    WARN("git is not here to compare with");
    return;
  }
  Folder folder;
  fs::create_directory("repository");
  fs::current_path("repository");
  REQUIRE(std::system((git + "init -q .").c_str()) == 0);
  Generator generator;
  for (int i = 0; i < 150; ++i) {
    fs::path path = generator.name();
    for (int level = 0; level < 3 && !generator.one_in(3); ++level) path /= generator.name();
    write(path.string() + ".yaml");
  }

  std::size_t seen = 0;
  std::size_t hidden = 0;
  const Names all = reported({"."});
  for (int round = 0; round < 300; ++round) {
    std::string everything;
    for (const char* place : {".gitignore", "a/.gitignore", "ab/b/.gitignore"}) {
      std::string patterns;
      for (int i = 0; i < 4; ++i) patterns += generator.pattern();
      write(place, patterns);
      everything += fmt::format("{}:\n{}", place, patterns);
    }
    INFO(everything);
    const Names expected = files_git_sees();
    REQUIRE(reported({"."}) == expected);
    seen += expected.size();
    hidden += all.size() - expected.size();
  }
  CHECK(seen > 1000);
  CHECK(hidden > 1000);
}
