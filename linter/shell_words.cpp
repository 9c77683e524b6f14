#include "linter/shell_words.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace meshlint {
namespace {

constexpr std::string_view word_ends = " \t\r\n;&|()<>";

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

// A command that fails only when the script as a whole should.
bool is_plain_step(const ShellCommand& command) {
  return !command.words.empty() && is_one_of(command.words[0].text, {"az", "cd", "echo", "export", "set", "sleep"}) &&
         std::ranges::none_of(command.words, [](const ShellWord& word) {
           return is_one_of(word.text, {"show", "exists"});
         });
}

class Scanner {
 public:
  explicit Scanner(std::string_view script) : script_(script) {}

  std::vector<ShellCommand> read() {
    while (at_ < script_.size()) step();
    end_command();
    return std::move(commands_);
  }

 private:
  // A here-document that starts behind the current line.
  struct HereDocument {
    std::string delimiter;
    bool is_indented = false;
  };

  enum class Chain : std::uint8_t { none, conditional };

  char peek(std::size_t ahead = 0) const { return at_ + ahead < script_.size() ? script_[at_ + ahead] : '\0'; }

  // The length of a line break that a mark joins the next line over; 0 for none.
  std::size_t continuation() const {
    const char mark = peek();
    if (mark != '\\' && mark != '`' && mark != '^') return 0;
    if (peek(1) == '\n') return 2;
    return peek(1) == '\r' && peek(2) == '\n' ? 3 : 0;
  }

  void step() {
    const char c = peek();
    if (const auto joined = continuation()) {
      at_ += joined;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      ++at_;
    } else if (c == '#') {
      at_ = std::min(script_.find('\n', at_), script_.size());
    } else if (c == '\n') {
      ++at_;
      end_command();
      if (!ends_with_operator_) chain_ = Chain::none;  // else the chain goes on in the next line
      skip_here_documents();
    } else if (c == '<' || c == '>') {
      read_redirection();
    } else if (word_ends.find(c) != std::string_view::npos) {
      read_operator(c);
    } else {
      read_word();
    }
  }

  void read_operator(char c) {
    ++at_;
    const bool is_double = peek() == c && (c == '&' || c == '|' || c == ';');
    if (is_double) ++at_;
    const bool was_plain = is_plain_step(current_);
    end_command();
    ends_with_operator_ = c == '|' || (c == '&' && is_double);
    if (c == ';' || (c == '&' && !is_double)) chain_ = Chain::none;
    if (c == '|') chain_ = Chain::conditional;
    if (c == '&' && is_double && !was_plain) chain_ = Chain::conditional;
  }

  void read_redirection() {
    const bool is_here_document = script_.substr(at_).starts_with("<<") && peek(2) != '<';
    while (peek() == '<' || peek() == '>' || peek() == '&') ++at_;
    const bool is_indented = is_here_document && peek() == '-';
    if (is_indented) ++at_;
    while (peek() == ' ' || peek() == '\t') ++at_;
    if (at_ >= script_.size() || word_ends.find(peek()) != std::string_view::npos) return;
    auto target = scan_word();
    if (is_here_document) here_documents_.push_back({std::move(target.text), is_indented});
  }

  void skip_here_documents() {
    for (const HereDocument& document : std::exchange(here_documents_, {})) {
      while (at_ < script_.size()) {
        const auto end = std::min(script_.find('\n', at_), script_.size());
        auto line = script_.substr(at_, end - at_);
        at_ = std::min(end + 1, script_.size());
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (document.is_indented) line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
        if (line == document.delimiter) break;
      }
    }
  }

  void read_word() {
    auto word = scan_word();
    ends_with_operator_ = false;
    if (!current_.words.empty() || !read_keyword(word)) current_.words.push_back(std::move(word));
  }

  // Whether a command's first word belongs to the script's control flow.
  bool read_keyword(const ShellWord& word) {
    const std::string& text = word.text;
    if (is_one_of(text, {"if", "while", "until", "for", "case", "select", "{", "function", "foreach"})) {
      ++depth_;
      return text != "for" && text != "case" && text != "select";
    }
    if (is_one_of(text, {"fi", "done", "esac", "}"})) {
      depth_ -= depth_ > 0 ? 1 : 0;
      return true;
    }
    if (is_one_of(text, {"then", "else", "elif", "do", "time", "sudo", "exec"})) return true;
    if (text == "!") chain_ = Chain::conditional;
    const auto equals = text.find('=');
    const bool is_assignment = equals != std::string::npos && equals > 0 && text.find_first_of("-/:") > equals;
    return text == "!" || is_assignment;
  }

  void end_command() {
    if (current_.words.empty()) return;
    current_.is_conditional = depth_ > 0 || chain_ == Chain::conditional;
    commands_.push_back(std::exchange(current_, {}));
  }

  ShellWord scan_word() {
    ShellWord word;
    word.span.start = static_cast<std::uint32_t>(at_);
    while (at_ < script_.size() && word_ends.find(peek()) == std::string_view::npos) {
      if (const auto joined = continuation()) {
        at_ += joined;
        break;
      }
      scan_part(word);
    }
    word.span.end = static_cast<std::uint32_t>(at_);
    return word;
  }

  void scan_part(ShellWord& word) {
    const char c = peek();
    if (c == '\'') {
      const auto end = std::min(script_.find('\'', at_ + 1), script_.size());
      word.text += script_.substr(at_ + 1, end - at_ - 1);
      if (word.text.find("${{") != std::string::npos) word.is_literal = false;
      at_ = std::min(end + 1, script_.size());
    } else if (c == '"') {
      scan_quoted(word);
    } else if (c == '\\' && at_ + 1 < script_.size()) {
      word.text += peek(1);
      at_ += 2;
    } else if (c == '$' || c == '`') {
      word.can_split = true;
      scan_expression(word);
    } else {
      if (c == '*' || c == '?' || c == '{') word.is_literal = false;
      word.text += c;
      ++at_;
    }
  }

  void scan_quoted(ShellWord& word) {
    ++at_;
    while (at_ < script_.size() && peek() != '"') {
      if (peek() == '\\' && std::string_view("\\\"$`").find(peek(1)) != std::string_view::npos) {
        word.text += peek(1);
        at_ += 2;
      } else if (peek() == '$' || peek() == '`') {
        scan_expression(word);
      } else {
        word.text += peek();
        ++at_;
      }
    }
    at_ = std::min(at_ + 1, script_.size());
  }

  // `$NAME`, `${…}`, `${{ … }}`, `$(…)` or `…` in backticks, taken over as it is written.
  void scan_expression(ShellWord& word) {
    word.is_literal = false;
    const auto start = at_;
    const char opening = peek(1);
    if (peek() == '`') {
      at_ = std::min(script_.find('`', at_ + 1), script_.size() - 1) + 1;
    } else if (opening == '{' || opening == '(') {
      const char closing = opening == '{' ? '}' : ')';
      ++at_;
      for (int depth = 0; at_ < script_.size(); ++at_) {
        const bool is_quote = opening == '(' && (peek() == '"' || peek() == '\'');
        if (is_quote) at_ = std::min(script_.find(peek(), at_ + 1), script_.size() - 1);
        if (peek() == opening) ++depth;
        if (peek() == closing && --depth == 0) break;
      }
      at_ = std::min(at_ + 1, script_.size());
    } else {
      ++at_;
      const auto is_name = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
      };
      while (is_name(peek())) ++at_;
    }
    word.text += script_.substr(start, at_ - start);
  }

  std::string_view script_;
  std::size_t at_ = 0;
  int depth_ = 0;  // of conditions, loops and functions
  Chain chain_ = Chain::none;
  bool ends_with_operator_ = false;  // nothing stands behind `&&`, `||` or `|` so far
  ShellCommand current_;
  std::vector<HereDocument> here_documents_;
  std::vector<ShellCommand> commands_;
};

}  // namespace

std::vector<ShellCommand> read_shell_commands(std::string_view script) {
  return Scanner(script).read();
}

}  // namespace meshlint
