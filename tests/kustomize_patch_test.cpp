#include "linter/kustomize_patch.h"

#include <catch2/catch.hpp>

#include "linter/yaml.h"

using namespace meshlint;

namespace {

// A JSON patch with its target, read from one YAML document of `target` and `patch`.
class Patch {
 public:
  explicit Patch(const std::string& text, std::string_view group = "") : file_("k.yaml", "k.yaml", text) {
    parsed_ = parse_yaml(file_);
    REQUIRE(parsed_.problems.empty());
    const Node root = parsed_.documents.at(0)->root();
    CHECK(is_json_patch(root["patch"]));
    document_ = read_json_patch(root["patch"], root["target"], group);
  }

  explicit operator bool() const { return document_ != nullptr; }
  Node root() const { return document_->root(); }

  // The bytes that a node stands for.
  std::string_view bytes(Node node) const {
    return file_.text().substr(node.span().start, node.span().end - node.span().start);
  }

 private:
  SourceFile file_;
  ParsedText parsed_;
  std::unique_ptr<Document> document_;
};

}  // namespace

TEST_CASE("a JSON patch is read as the part of the object that it states", "[kustomize]") {
  const Patch patch(
      "target: {group: networking.istio.io, version: v1, kind: Gateway, name: web, namespace: shop}\n"
      "patch:\n"
      "- {op: replace, path: /spec/servers/0/port/number, value: 8080}\n"
      "- {op: add, path: /metadata/labels/istio.io~1rev, value: asm-1-29}\n"
      "- {op: add, path: /metadata/annotations/a~01b, value: c}\n"
      "- {op: add, path: /spec/servers/-, value: {port: {number: 443}}}\n"
      "- {op: remove, path: /spec/selector}\n",
      "networking.istio.io");
  REQUIRE(patch);
  const Node root = patch.root();
  CHECK(root["apiVersion"].text() == "networking.istio.io/v1");
  CHECK(root["kind"].text() == "Gateway");
  CHECK(root["metadata"]["name"].text() == "web");
  CHECK(root["metadata"]["namespace"].text() == "shop");
  CHECK(root["metadata"]["labels"]["istio.io/rev"].text() == "asm-1-29");
  CHECK(root["metadata"]["annotations"]["a~1b"].text() == "c");
  CHECK_FALSE(root["spec"]["selector"]);
  const auto servers = root["spec"]["servers"].items();
  REQUIRE(servers.size() == 2);
  CHECK(servers[0]["port"]["number"].text() == "8080");
  CHECK(servers[1]["port"]["number"].text() == "443");
  CHECK(patch.bytes(servers[0]["port"]["number"]) == "8080");
  CHECK(patch.bytes(root["metadata"]["labels"]["istio.io/rev"].key()) == "/metadata/labels/istio.io~1rev");
  CHECK(patch.bytes(root["kind"]) == "Gateway");
}

TEST_CASE("a JSON patch whose object nobody knows is not read", "[kustomize]") {
  const std::string operations = "patch: [{op: add, path: /metadata/labels/a, value: b}]\n";
  CHECK_FALSE(Patch("target: {name: web}\n" + operations));
  CHECK_FALSE(Patch("target: {kind: 'Deploy.*'}\n" + operations));
  CHECK_FALSE(Patch("target: {kind: '${KIND}'}\n" + operations));
  CHECK_FALSE(Patch("target: {kind: Gateway}\npatch: [{op: remove, path: /spec}]\n"));
  CHECK_FALSE(Patch("target: {kind: Gateway}\npatch: [{op: add, path: '${P}', value: b}]\n"));
  CHECK_FALSE(Patch("target: {kind: Gateway}\npatch: [{op: add, path: '', value: {a: b}}]\n"));
}

TEST_CASE("the name of a target is known only without a pattern", "[kustomize]") {
  const std::string operations = "patch: [{op: add, path: /metadata/labels/a, value: b}]\n";
  CHECK(Patch("target: {kind: Namespace, name: 'shop-.*'}\n" + operations).root()["metadata"]["name"].text().empty());
  CHECK(Patch("target: {kind: Namespace}\n" + operations).root()["apiVersion"].text() == "v1");
}

TEST_CASE("operations that contradict each other lose nothing but themselves", "[kustomize]") {
  const Patch patch(
      "target: {kind: ConfigMap, name: a}\n"
      "patch:\n"
      "- {op: add, path: /data/mesh, value: text}\n"
      "- {op: add, path: /data/mesh/deeper, value: b}\n"
      "- {op: add, path: /data/0/x, value: b}\n"
      "- {op: add, path: /data/other, value: ${V}}\n");
  REQUIRE(patch);
  CHECK(patch.root()["data"]["mesh"].text() == "text");
  CHECK(patch.root()["data"]["other"].unresolved());
  CHECK(patch.root()["data"].size() == 2);
}
