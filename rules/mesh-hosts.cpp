#include "rules/mesh-hosts.h"

namespace meshlint::rules {
namespace {

void visit_route(Node route, const std::function<void(Node)>& visit) {
  for (const Node target : route["route"].items()) visit(target["destination"]["host"]);
  visit(route["mirror"]["host"]);
  for (const Node mirror : route["mirrors"].items()) visit(mirror["destination"]["host"]);
}

}  // namespace

void for_each_host(const Pass& pass, const std::function<void(Node)>& visit) {
  for (const Resource* rule : pass.manifests().of("networking.istio.io", "DestinationRule")) {
    if (pass.context().has_add_on(rule->file())) visit(rule->root["spec"]["host"]);
  }
  for (const Resource* service : pass.manifests().of("networking.istio.io", "VirtualService")) {
    if (!pass.context().has_add_on(service->file())) continue;
    for (const Node host : service->root["spec"]["hosts"].items()) visit(host);
    for (const char* protocol : {"http", "tls", "tcp"}) {
      for (const Node route : service->root["spec"][protocol].items()) visit_route(route, visit);
    }
  }
}

}  // namespace meshlint::rules
