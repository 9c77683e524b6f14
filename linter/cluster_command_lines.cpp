#include <algorithm>
#include <map>
#include <set>

#include "linter/cluster_body.h"
#include "linter/cluster_operators.h"
#include "linter/draft.h"
#include "linter/scalar.h"
#include "linter/shell_words.h"

namespace meshlint {
namespace {

// A script of a workflow.
struct Script {
  Node text;
  std::vector<Node> variables;  // mappings of names to values, the innermost first
  bool is_conditional = false;
  std::size_t unit = 0;  // of one unit, the order of the commands is known
};

// Finds the scripts of one document.
class ScriptFinder {
 public:
  explicit ScriptFinder(Node root) {
    const std::vector<Node> variables{root["env"], root["variables"]};
    for (const Entry& job : root["jobs"].entries()) read_job(job.value, variables, false);
    read_steps(root["runs"]["steps"], variables, false);
    read_steps(root["steps"], variables, false);
    for (const Node job : root["jobs"].items()) read_job(job, variables, false);
    for (const Node stage : root["stages"].items()) {
      const bool is_conditional = !stage["condition"].is_null();
      for (const Node job : stage["jobs"].items()) {
        read_job(job, with(variables, {stage["variables"]}), is_conditional);
      }
    }
    for (const Entry& job : root.entries()) read_gitlab_job(job.value, variables);
  }

  std::vector<Script> scripts{};

 private:
  static std::vector<Node> with(std::vector<Node> outer, std::initializer_list<Node> inner) {
    outer.insert(outer.begin(), inner);
    return outer;
  }

  void read_job(Node job, const std::vector<Node>& around, bool is_conditional) {
    is_conditional = is_conditional || !job["if"].is_null() || !job["condition"].is_null();
    const auto variables = with(around, {job["env"], job["variables"]});
    read_steps(job["steps"], variables, is_conditional);
    for (const Entry& strategy : job["strategy"].entries()) {
      read_steps(strategy.value["deploy"]["steps"], variables, is_conditional);
    }
  }

  void read_steps(Node steps, const std::vector<Node>& around, bool is_conditional) {
    ++unit_;
    for (const Node step : steps.items()) {
      const bool is_maybe = is_conditional || !step["if"].is_null() || !step["condition"].is_null();
      const auto variables = with(around, {step["env"]});
      for (const auto* field : {"run", "script", "bash", "pwsh", "powershell"}) add(step[field], variables, is_maybe);
      const auto action = step["uses"].text();
      if (equals_ignoring_case(action.substr(0, action.find('@')), "azure/cli")) {
        add(step["with"]["inlineScript"], variables, is_maybe);
      }
      if (step["task"].text().starts_with("AzureCLI@")) add(step["inputs"]["inlineScript"], variables, is_maybe);
    }
  }

  void read_gitlab_job(Node job, const std::vector<Node>& around) {
    if (!job["script"]) return;
    ++unit_;
    const bool is_conditional =
        std::ranges::any_of(std::initializer_list<const char*>{"rules", "only", "except", "when"},
                            [job](const char* field) { return !job[field].is_null(); });
    const auto variables = with(around, {job["variables"]});
    for (const auto* field : {"before_script", "script", "after_script"}) {
      add(job[field], variables, is_conditional);
      for (const Node line : job[field].items()) add(line, variables, is_conditional);
    }
  }

  void add(Node text, const std::vector<Node>& variables, bool is_conditional) {
    if (text.text().find("az aks") == std::string_view::npos) return;
    scripts.push_back({text, variables, is_conditional, unit_});
  }

  std::size_t unit_ = 0;
};

// A scalar's text with the way back to the file; nothing for an alias, which stands elsewhere.
std::optional<DecodedText> decode(Node scalar) {
  const NodeData& stored = scalar.document()->nodes()[scalar.index()];
  if (stored.kind != NodeKind::scalar || scalar.document()->decoded_text() != nullptr) return std::nullopt;
  const std::string_view source = scalar.file()->text();
  const Span span = scalar.span();
  if (stored.style != ScalarStyle::literal && stored.style != ScalarStyle::folded) {
    return decode_flow_scalar(source, span, stored.style);
  }
  const BlockHeader header = read_block_header(source, span.start);
  return decode_block_scalar(source, header, block_indent_of(source, header, stored.text));
}

// What one `az aks` command says behind its verbs.
struct Flag {
  const ShellWord* name = nullptr;
  std::vector<const ShellWord*> values;
  std::optional<ShellWord> attached{};  // the value of `--flag=value`
};

struct Invocation {
  std::string verb;  // "create", "mesh upgrade start"
  Span span;
  std::vector<Flag> flags;
  bool has_unknown_flags = false;  // an expression may hold more of them

  const Flag* find(std::string_view name, std::string_view other = {}) const {
    const auto found = std::ranges::find_if(flags, [&](const Flag& flag) {
      return flag_name(flag) == name || (!other.empty() && flag_name(flag) == other);
    });
    return found == flags.end() ? nullptr : &*found;
  }

  static std::string_view flag_name(const Flag& flag) {
    const std::string_view text = flag.name->text;
    return text.substr(0, text.find('='));
  }
};

bool takes_no_value(std::string_view flag) {
  return (flag.starts_with("--enable-") && flag != "--enable-addons") || flag.starts_with("--disable-") ||
         flag == "--no-wait" || flag == "--yes" || flag == "-y" || flag == "--generate-ssh-keys";
}

std::optional<Invocation> parse_invocation(const ShellCommand& command) {
  const auto& words = command.words;
  if (words.size() < 3 || words[0].text != "az" || words[1].text != "aks") return std::nullopt;
  Invocation result;
  result.span = {words.front().span.start, words.back().span.end};
  std::size_t at = 2;
  for (; at < words.size() && words[at].is_literal && !words[at].text.starts_with('-'); ++at) {
    result.verb += (result.verb.empty() ? "" : " ") + words[at].text;
  }
  for (; at < words.size(); ++at) {
    const ShellWord& word = words[at];
    if (word.text.starts_with('-') && word.text.size() > 1) {
      Flag& flag = result.flags.emplace_back(Flag{&word, {}});
      const auto equals = word.text.find('=');
      if (equals == std::string::npos) continue;
      flag.attached = word;
      flag.attached->text.erase(0, equals + 1);
      flag.attached->span.start += static_cast<std::uint32_t>(equals + 1);
    } else if (word.can_split &&
               (result.flags.empty() || result.flags.back().attached || !result.flags.back().values.empty() ||
                takes_no_value(result.flags.back().name->text))) {
      result.has_unknown_flags = true;
    } else if (!result.flags.empty()) {
      result.flags.back().values.push_back(&word);
    }
  }
  return result;
}

struct PathOfFlag {
  std::string_view flag;
  std::string_view path;
};

constexpr std::string_view mode_path = "serviceMeshProfile.mode";
constexpr std::string_view revisions_path = "serviceMeshProfile.istio.revisions";
constexpr std::string_view version_path = "kubernetesVersion";
constexpr std::string_view app_routing_path = "ingressProfile.webAppRouting.enabled";
constexpr std::string_view gateway_api_path = "ingressProfile.gatewayAPI.installation";
constexpr std::string_view app_routing_istio_path =
    "ingressProfile.webAppRouting.gatewayAPIImplementations.appRoutingIstio.mode";
constexpr std::string_view static_egress_path = "networkProfile.staticEgressGatewayProfile.enabled";
constexpr std::string_view redirection_path = "serviceMeshProfile.istio.components.proxyRedirectionMechanism";
constexpr std::string_view ingress_path = "serviceMeshProfile.istio.components.ingressGateways";
constexpr std::string_view egress_path = "serviceMeshProfile.istio.components.egressGateways";

constexpr PathOfFlag value_flags[] = {
    {"--kubernetes-version", version_path},
    {"-k", version_path},
    {"--sku", "sku.name"},
    {"--tier", "sku.tier"},
    {"--k8s-support-plan", "supportPlan"},
    {"--network-plugin", "networkProfile.networkPlugin"},
    {"--network-plugin-mode", "networkProfile.networkPluginMode"},
    {"--network-policy", "networkProfile.networkPolicy"},
    {"--network-dataplane", "networkProfile.networkDataplane"},
    {"--auto-upgrade-channel", "autoUpgradeProfile.upgradeChannel"},
    {"--key-vault-id", "serviceMeshProfile.istio.certificateAuthority.plugin.keyVaultId"},
    {"--root-cert-object-name", "serviceMeshProfile.istio.certificateAuthority.plugin.rootCertObjectName"},
    {"--cert-chain-object-name", "serviceMeshProfile.istio.certificateAuthority.plugin.certChainObjectName"},
    {"--ca-cert-object-name", "serviceMeshProfile.istio.certificateAuthority.plugin.certObjectName"},
    {"--ca-key-object-name", "serviceMeshProfile.istio.certificateAuthority.plugin.keyObjectName"},
    {"--proxy-redirection-mechanism", redirection_path},
};

struct Switch {
  std::string_view flag;
  std::string_view path;
  std::string_view value;
};

constexpr Switch switches[] = {
    {"--enable-azure-service-mesh", mode_path, "Istio"},
    {"--enable-asm", mode_path, "Istio"},
    {"--enable-app-routing", app_routing_path, "true"},
    {"--enable-app-routing-istio", app_routing_istio_path, "Enabled"},
    {"--disable-app-routing-istio", app_routing_istio_path, "Disabled"},
    {"--enable-gateway-api", gateway_api_path, "Standard"},
    {"--disable-gateway-api", gateway_api_path, "Disabled"},
    {"--enable-static-egress-gateway", static_egress_path, "true"},
    {"--disable-static-egress-gateway", static_egress_path, "false"},
};

constexpr PathOfFlag add_ons[] = {
    {"open-service-mesh", "addonProfiles.openServiceMesh.enabled"},
    {"azure-keyvault-secrets-provider", "addonProfiles.azureKeyvaultSecretsProvider.enabled"},
    {"virtual-node", "addonProfiles.aciConnectorLinux.enabled"},
    {"web_application_routing", app_routing_path},
};

constexpr std::size_t most_gateways = 100;  // of a cluster, of one kind

// A cluster as the command lines of one file have it.
struct Target {
  Draft name;
  Draft body;
  Span place;
  bool is_created = false;  // else the commands only change what something else made
  bool has_unknown_flags = false;
  bool has_older_revision = false;                    // an upgrade started from a revision that is not known
  std::map<std::string_view, std::size_t> writers{};  // by path: the unit that set it
  std::set<std::string_view> changes{};               // paths that are set by more than the cluster's creation
  std::vector<Draft> pools{};
};

// Puts the clusters of one document together.
class CommandReader {
 public:
  explicit CommandReader(const Document& document) {
    const ScriptFinder finder(document.root());
    for (const Script& script : finder.scripts) {
      collect_assigned(script.text.text());
      scripts_.emplace_back(script, decode(script.text));
    }
    for (const auto& [script, text] : scripts_) {
      if (!text) continue;
      script_ = &script;
      text_ = &*text;
      for (const ShellCommand& command : read_shell_commands(text->text)) {
        is_conditional_ = script.is_conditional || command.is_conditional;
        if (const auto invocation = parse_invocation(command)) apply(*invocation);
      }
    }
  }

  std::vector<Target> take() { return std::move(targets_); }

 private:
  Span in_file(Span span) const { return text_->to_source(span); }

  // A word as a value: unresolved unless it is literal, or nothing but a variable that the file gives a literal value.
  Draft value_of(const ShellWord& word) const {
    Draft value = scalar_at(word.text, in_file(word.span));
    if (!word.is_literal) {
      const auto variable = find_variable(word.text);
      if (variable) {
        value = copy_of(*variable);
      } else {
        value.withhold();
      }
    }
    return value;
  }

  static bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  // `$NAME`, `${NAME}`, `$(NAME)` or `${{ env.NAME }}`.
  static std::string_view variable_in(std::string_view text) {
    if (!text.starts_with('$')) return {};
    text.remove_prefix(1);
    const auto strip = [&text](std::string_view open, std::string_view close) {
      if (!text.starts_with(open) || !text.ends_with(close) || text.size() < open.size() + close.size()) return;
      text = text.substr(open.size(), text.size() - open.size() - close.size());
    };
    if (text.starts_with("{{")) {
      strip("{{", "}}");
      text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
      text = text.substr(0, text.find_last_not_of(' ') + 1);
      if (!text.starts_with("env.")) return {};
      text.remove_prefix(4);
    } else {
      strip("{", "}");
      strip("(", ")");
    }
    return std::ranges::all_of(text, is_name_character) ? text : std::string_view();
  }

  std::optional<Node> find_variable(std::string_view word) const {
    const auto name = variable_in(word);
    if (name.empty() || assigned_.contains(name)) return std::nullopt;
    for (const Node variables : script_->variables) {
      const Node value = variables[name];
      if (!value) continue;
      if (!value.is_scalar() || value.unresolved() || value.text().empty()) return std::nullopt;
      return value;
    }
    return std::nullopt;
  }

  // Notes the names that a script may give another value: those in front of '='.
  void collect_assigned(std::string_view script) {
    for (auto at = script.find('='); at != std::string_view::npos; at = script.find('=', at + 1)) {
      auto start = at;
      while (start > 0 && is_name_character(script[start - 1])) --start;
      if (start < at) assigned_.emplace(script.substr(start, at - start));
    }
  }

  static const ShellWord* value_word(const Flag* flag) {
    if (flag == nullptr) return nullptr;
    if (flag->attached) return &*flag->attached;
    return flag->values.empty() ? nullptr : flag->values.front();
  }

  Target* target_of(const Invocation& invocation) {
    const bool is_pool = invocation.verb.starts_with("nodepool ");
    const ShellWord* word = value_word(is_pool ? invocation.find("--cluster-name") : invocation.find("--name", "-n"));
    if (word == nullptr) return nullptr;
    Draft name = value_of(*word);
    const std::string key = name.unresolved ? word->text : name.text;
    const auto [known, is_new] = by_name_.try_emplace(key, targets_.size());
    if (is_new) {
      Target& target = targets_.emplace_back();
      target.name = std::move(name);
      target.place = in_file(invocation.span);
      target.body.kind = NodeKind::mapping;
      target.body.span = target.place;
    }
    return &targets_[known->second];
  }

  void apply(const Invocation& invocation) {
    const std::string& verb = invocation.verb;
    const bool is_change = verb == "update" || verb == "upgrade" || verb == "enable-addons" ||
                           verb == "disable-addons" || verb.starts_with("approuting ") || verb.starts_with("mesh ");
    if (verb != "create" && verb != "nodepool add" && !is_change) return;
    Target* target = target_of(invocation);
    if (target == nullptr) return;
    is_change_ = is_change;
    target->has_unknown_flags |= invocation.has_unknown_flags;
    if (verb == "create") {
      target->is_created = true;
      target->place = target->body.span = in_file(invocation.span);
    }
    if (verb == "nodepool add") {
      add_pool(*target, invocation);
    } else if (verb.starts_with("mesh ")) {
      apply_mesh(*target, invocation, std::string_view(verb).substr(5));
    } else {
      apply_flags(*target, invocation);
      const ShellWord* add_on_list = value_word(invocation.find("--addons", "-a"));
      if (add_on_list == nullptr) add_on_list = value_word(invocation.find("--enable-addons"));
      if (add_on_list != nullptr) set_add_ons(*target, *add_on_list, verb == "disable-addons" ? "false" : "true");
      if (verb == "approuting enable" || verb == "approuting disable") {
        set(*target, app_routing_path, said(invocation, verb == "approuting enable" ? "true" : "false"));
      }
      if (verb == "create") set_first_pool(*target, invocation);
    }
  }

  // A value that a command means without spelling it.
  Draft said(const Invocation& invocation, std::string_view value) const {
    return scalar_at(value, in_file(invocation.span));
  }

  // Where the order of two settings is not known, nobody knows which one holds.
  void set(Target& target, std::string_view path, Draft value) {
    const auto [writer, is_first] = target.writers.try_emplace(path, script_->unit);
    if (is_conditional_ || (!is_first && writer->second != script_->unit)) value.withhold();
    if (is_change_) target.changes.insert(path);
    const Span place = value.span;
    target.body.at(path, place).assign(std::move(value));
  }

  void apply_flags(Target& target, const Invocation& invocation) {
    for (const auto& [flag, path] : value_flags) {
      if (const ShellWord* word = value_word(invocation.find(flag))) set(target, path, value_of(*word));
    }
    for (const auto& [flag, path, value] : switches) {
      if (const Flag* found = invocation.find(flag)) set(target, path, scalar_at(value, in_file(found->name->span)));
    }
    if (const ShellWord* word = value_word(invocation.find("--revision"))) set_revision(target, *word);
    if (const ShellWord* word = value_word(invocation.find("--ip-families"))) {
      set(target, "networkProfile.ipFamilies", split_list(*word));
    }
  }

  // The items of a list with commas, each at the whole word's place.
  Draft split_list(const ShellWord& word) const {
    Draft list = value_of(word);
    if (list.unresolved) return list;
    list.kind = NodeKind::sequence;
    std::string_view rest = list.text;
    while (!rest.empty()) {
      const auto item = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(item.size() + 1, rest.size()));
      list.children.push_back(scalar_at(item, list.span));
    }
    return list;
  }

  void set_add_ons(Target& target, const ShellWord& word, std::string_view value) {
    const Draft list = split_list(word);
    for (const auto& [name, path] : add_ons) {
      const bool is_listed = std::ranges::find(list.children, name, &Draft::text) != list.children.end();
      Draft setting = scalar_at(value, list.span);
      if (list.unresolved) setting.withhold();
      if (is_listed || list.unresolved) set(target, path, std::move(setting));
    }
  }

  void set_first_pool(Target& target, const Invocation& invocation) {
    Draft pool;
    pool.kind = NodeKind::mapping;
    pool.span = in_file(invocation.span);
    set_pool_field(pool, invocation, "--nodepool-name", "name");
    set_pool_field(pool, invocation, "--pod-subnet-id", "podSubnetID");
    if (const Flag* flag = invocation.find("--enable-cluster-autoscaler")) {
      pool.at("enableAutoScaling", pool.span).assign(scalar_at("true", in_file(flag->name->span)));
    }
    if (!pool.children.empty()) target.pools.push_back(std::move(pool));
  }

  void set_pool_field(Draft& pool, const Invocation& invocation, std::string_view flag, std::string_view field,
                      std::string_view other = {}) {
    const ShellWord* word = value_word(invocation.find(flag, other));
    if (word == nullptr) return;
    Draft value = value_of(*word);
    if (is_conditional_) value.withhold();
    const Span place = value.span;
    pool.at(field, place).assign(std::move(value));
  }

  void add_pool(Target& target, const Invocation& invocation) {
    Draft pool;
    pool.kind = NodeKind::mapping;
    pool.span = in_file(invocation.span);
    set_pool_field(pool, invocation, "--name", "name", "-n");
    set_pool_field(pool, invocation, "--mode", "mode");
    set_pool_field(pool, invocation, "--os-type", "osType");
    set_pool_field(pool, invocation, "--kubernetes-version", "orchestratorVersion", "-k");
    set_pool_field(pool, invocation, "--pod-subnet-id", "podSubnetID");
    set_pool_field(pool, invocation, "--gateway-prefix-size", "gatewayProfile.publicIPPrefixSize");
    if (const Flag* flag = invocation.find("--enable-cluster-autoscaler")) {
      pool.at("enableAutoScaling", pool.span).assign(scalar_at("true", in_file(flag->name->span)));
    }
    target.pools.push_back(std::move(pool));
  }

  static Draft list_of(Draft item) {
    Draft list;
    list.kind = NodeKind::sequence;
    list.span = item.span;
    list.children.push_back(std::move(item));
    return list;
  }

  void set_revision(Target& target, const ShellWord& word) { set(target, revisions_path, list_of(value_of(word))); }

  void apply_mesh(Target& target, const Invocation& invocation, std::string_view verb) {
    if (verb == "enable") {
      set(target, mode_path, said(invocation, "Istio"));
      apply_flags(target, invocation);
    } else if (verb == "disable") {
      set(target, mode_path, said(invocation, "Disabled"));
    } else if (verb == "enable-ingress-gateway" || verb == "disable-ingress-gateway") {
      set_ingress(target, invocation, verb == "enable-ingress-gateway");
    } else if (verb == "enable-egress-gateway" || verb == "disable-egress-gateway") {
      set_egress(target, invocation, verb == "enable-egress-gateway");
    } else if (verb == "proxy-redirection-mechanism") {
      if (const ShellWord* word = value_word(invocation.find("--mechanism"))) {
        set(target, redirection_path, value_of(*word));
      }
    } else if (verb.starts_with("upgrade ")) {
      upgrade(target, invocation, verb.substr(8));
    }
  }

  // Between `start` and `complete` or `rollback` two revisions run.
  void upgrade(Target& target, const Invocation& invocation, std::string_view verb) {
    target.changes.insert(revisions_path);
    const auto writer = target.writers.find(revisions_path);
    Draft& list = target.body.at(revisions_path, in_file(invocation.span));
    const bool is_ordered = !is_conditional_ && writer != target.writers.end() && writer->second == script_->unit &&
                            list.kind == NodeKind::sequence;
    const ShellWord* word = value_word(invocation.find("--revision"));
    if (writer == target.writers.end() && !is_conditional_ && word != nullptr && verb == "start") {
      target.has_older_revision = true;
      return set_revision(target, *word);
    }
    if (!is_ordered || (verb == "start" && word == nullptr)) {
      list.withhold();
    } else if (verb == "start") {
      list.children.push_back(value_of(*word));
    } else if (verb == "complete") {
      list.children.erase(list.children.begin(), list.children.end() - 1);
      target.has_older_revision = false;
    } else if (verb == "rollback" && list.children.size() == 2) {
      list.children.pop_back();
    } else {
      list.withhold();
    }
  }

  // The list that gateways are added to.
  static Draft& gateways(Target& target, std::string_view path, Span place) {
    Draft& list = target.body.at(path, place);
    if (list.kind == NodeKind::null) list.kind = NodeKind::sequence;
    return list;
  }

  void set_ingress(Target& target, const Invocation& invocation, bool is_enabled) {
    const ShellWord* word = value_word(invocation.find("--ingress-gateway-type"));
    Draft& list = gateways(target, ingress_path, in_file(invocation.span));
    if (word == nullptr || list.unresolved) return;
    const bool is_ordered = target.writers.try_emplace(ingress_path, script_->unit).first->second == script_->unit;
    set_gateway(list, is_ordered, invocation, "mode", value_of(*word), is_enabled);
  }

  void set_egress(Target& target, const Invocation& invocation, bool is_enabled) {
    const ShellWord* name = value_word(invocation.find("--istio-egressgateway-name"));
    Draft& list = gateways(target, egress_path, in_file(invocation.span));
    if (list.unresolved) return;
    if (name == nullptr) return list.withhold();
    const bool is_ordered = target.writers.try_emplace(egress_path, script_->unit).first->second == script_->unit;
    Draft* gateway = set_gateway(list, is_ordered, invocation, "name", value_of(*name), is_enabled);
    if (gateway == nullptr) return;
    set_pool_field(*gateway, invocation, "--istio-egressgateway-namespace", "namespace");
    set_pool_field(*gateway, invocation, "--gateway-configuration-name", "gatewayConfigurationName");
  }

  // The entry of a list of gateways that a command turns on or off; null where the list is not known any more.
  Draft* set_gateway(Draft& list, bool is_ordered, const Invocation& invocation, std::string_view field, Draft value,
                     bool is_enabled) {
    const auto is_same = [&](Draft& gateway) {
      const Draft* other = gateway.find(field);
      return other != nullptr && equals_ignoring_case(other->text, value.text);
    };
    const auto known = std::ranges::find_if(list.children, is_same);
    const bool is_undecided = known != list.children.end() && (!is_ordered || is_conditional_);
    if (is_undecided || list.children.size() == most_gateways) {
      list.withhold();  // on and off again, nobody knows in which order
      return nullptr;
    }
    const Span span = in_file(invocation.span);
    Draft& gateway = known != list.children.end() ? *known : list.children.emplace_back();
    gateway.kind = NodeKind::mapping;
    gateway.span = span;
    Draft enabled = scalar_at(is_enabled ? "true" : "false", span);
    if (is_conditional_) enabled.withhold();
    gateway.at("enabled", span).assign(std::move(enabled));
    const Span place = value.span;
    gateway.at(field, place).assign(std::move(value));
    return &gateway;
  }

  std::vector<std::pair<Script, std::optional<DecodedText>>> scripts_;
  const Script* script_ = nullptr;
  const DecodedText* text_ = nullptr;
  bool is_conditional_ = false;
  bool is_change_ = false;
  std::set<std::string, std::less<>> assigned_;
  std::map<std::string, std::size_t> by_name_;
  std::vector<Target> targets_;
};

// Workflows in several files change a cluster in an order that nobody knows.
class Conflicts {
 public:
  void add(const Document* document, const Target& target) {
    for (const auto path : paths) {
      const bool is_changed = target.changes.contains(path);
      if (!is_changed && !target.writers.contains(path)) continue;
      for (const bool as_change : {false, true}) {
        if (as_change && !is_changed) continue;
        everywhere_[{path, as_change}].insert(document);
        by_name_[{key_of(target), path, as_change}].insert(document);
      }
    }
  }

  void resolve(const Document* document, Target& target) const {
    for (const auto path : paths) {
      const bool is_changed = target.changes.contains(path);
      if (!is_changed && !target.writers.contains(path)) continue;
      // Two files that each create a cluster of one name create two clusters.
      if (is_elsewhere(document, target, path, !is_changed)) target.body.at(path, target.place).withhold();
    }
  }

 private:
  using Documents = std::set<const Document*>;
  static constexpr std::string_view paths[] = {mode_path, revisions_path, version_path};

  static std::string_view key_of(const Target& target) {
    return target.name.unresolved ? std::string_view() : std::string_view(target.name.text);
  }

  bool is_elsewhere(const Document* document, const Target& target, std::string_view path, bool as_change) const {
    const auto has_other = [document](const auto& table, const auto& key) {
      const auto found = table.find(key);
      return found != table.end() && found->second.size() > found->second.count(document);
    };
    if (target.name.unresolved) return has_other(everywhere_, std::pair(path, as_change));
    return has_other(by_name_, std::tuple(key_of(target), path, as_change)) ||
           has_other(by_name_, std::tuple(std::string_view(), path, as_change));
  }

  std::map<std::pair<std::string_view, bool>, Documents> everywhere_;
  std::map<std::tuple<std::string_view, std::string_view, bool>, Documents> by_name_;
};

void read_target(const Document& document, Target& target, MadeDocuments& made,
                 std::vector<ClusterDefinition>& clusters) {
  Draft root;
  root.kind = NodeKind::mapping;
  root.span = target.place;
  root.at("name", target.name.span).assign(target.name);
  const bool is_whole = target.is_created && !target.has_unknown_flags;
  if (!is_whole) {
    withhold_missing(target.body,
                     {version_path,
                      "supportPlan",
                      "sku.name",
                      "sku.tier",
                      mode_path,
                      revisions_path,
                      redirection_path,
                      ingress_path,
                      egress_path,
                      "serviceMeshProfile.istio.certificateAuthority.plugin",
                      gateway_api_path,
                      app_routing_path,
                      app_routing_istio_path,
                      "addonProfiles.openServiceMesh.enabled",
                      "addonProfiles.azureKeyvaultSecretsProvider.enabled",
                      "addonProfiles.aciConnectorLinux.enabled",
                      "networkProfile.networkPlugin",
                      "networkProfile.networkPluginMode",
                      "networkProfile.networkPolicy",
                      "networkProfile.networkDataplane",
                      "networkProfile.ipFamilies",
                      static_egress_path,
                      "autoUpgradeProfile.upgradeChannel"},
                     target.place);
  }
  root.at("properties", target.place).assign(target.body);
  if (!target.pools.empty()) {
    Draft& pools = root.at("properties.agentPoolProfiles", target.place);
    pools.kind = NodeKind::sequence;
    pools.children = target.pools;
  }
  made.push_back(make_document(document.file(), root));

  const Node place = made.back()->root();
  ClusterDefinition& cluster = clusters.emplace_back();
  cluster.format = "az command line";
  cluster.place = place;
  cluster.name = Setting(place["name"]).text();
  cluster.api_version = {Known::unresolved, {}, place};
  const Setting body(place["properties"]);
  read_sku(body["sku"], cluster);
  read_body(body, cluster);
  cluster.pools_known = Known::unresolved;
  // Where nobody knows which cluster is meant, others may be meant as well.
  if (target.has_older_revision || target.name.unresolved) cluster.revisions_known = Known::unresolved;
  if (is_whole) return;
  cluster.ingress_known = cluster.egress_known = Known::unresolved;
  for (Fact<bool>* ingress : {&cluster.external_ingress, &cluster.internal_ingress}) {
    if (ingress->known == Known::unstated) ingress->known = Known::unresolved;
  }
}

}  // namespace

void read_command_line_clusters(std::span<const Document* const> documents, MadeDocuments& made,
                                std::vector<ClusterDefinition>& clusters) {
  std::vector<std::pair<const Document*, Target>> targets;
  for (const Document* document : documents) {
    const Node root = document->root();
    const bool may_be_workflow = root.is_mapping() && !root["apiVersion"] && !root["$schema"];
    const Span span = root.span();
    const auto text = document->file().text().substr(span.start, span.end - span.start);
    if (!may_be_workflow || text.find("az aks") == std::string_view::npos) continue;
    for (Target& target : CommandReader(*document).take()) targets.emplace_back(document, std::move(target));
  }
  // Any other source says better what a cluster is.
  std::set<std::string> declared;
  for (const auto& cluster : clusters) {
    if (cluster.name.has_value() && cluster.mesh_known != Known::unstated) declared.insert(cluster.name.value);
  }
  std::erase_if(targets, [&declared](const auto& entry) {
    const Target& target = entry.second;
    const bool speaks_of_mesh = target.writers.contains(mode_path) || target.writers.contains(revisions_path);
    return (!target.is_created && !speaks_of_mesh) || (!target.name.unresolved && declared.contains(target.name.text));
  });
  Conflicts conflicts;
  for (const auto& [document, target] : targets) conflicts.add(document, target);
  for (auto& [document, target] : targets) conflicts.resolve(document, target);
  for (auto& [document, target] : targets) read_target(*document, target, made, clusters);
}

}  // namespace meshlint
