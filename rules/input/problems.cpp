#include "rules/input/problems.h"

#include "rules/gateways.h"

namespace meshlint::rules {
namespace {

void report_problem(Pass& pass, const Problem& problem) {
  Diagnostic& diagnostic = pass.report_at({problem.file, problem.span}, problem.message);
  if (!problem.help.empty()) diagnostic.help = problem.help;
  for (const ProblemNote& note : problem.notes) diagnostic.notes.push_back({{problem.file, note.span}, note.text});
}

}  // namespace

void report_problems(Pass& pass, ProblemKind kind) {
  for (const InputFile& file : pass.manifests().files()) {
    for (const Problem& problem : file.parsed.problems) {
      if (problem.kind == kind) report_problem(pass, problem);
    }
  }
  // A syntax error inside of a ConfigMap's text is mesh-config-invalid's or gateway-customization-invalid's; the rest
  // is the same mistake as in a file of its own.
  if (kind == ProblemKind::yaml_syntax || kind == ProblemKind::template_skipped) return;
  for (const EmbeddedDocument& map : pass.manifests().mesh_configs()) {
    for (const Problem& problem : map.parsed.problems) {
      if (problem.kind == kind) report_problem(pass, problem);
    }
  }
  for (const GatewayConfigMap& map : gateway_config_maps(pass)) {
    for (const EmbeddedDocument* document : map.documents) {
      for (const Problem& problem : document->parsed.problems) {
        if (problem.kind == kind) report_problem(pass, problem);
      }
    }
  }
}

}  // namespace meshlint::rules
