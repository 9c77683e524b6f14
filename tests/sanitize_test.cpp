#include "linter/sanitize.h"

#include <catch2/catch.hpp>

namespace meshlint {

TEST_CASE("what cannot be seen is made visible") {
  CHECK(sanitize("plain text, é, 日本, 😀") == "plain text, é, 日本, 😀");
  CHECK(sanitize("a\tb") == "a b");
  CHECK(sanitize("a\r\nb") == "a\\x0d\\x0ab");
  CHECK(sanitize(std::string_view("\0\x07\x1b[31m\x7f", 8)) == "\\x00\\x07\\x1b[31m\\x7f");
  CHECK(sanitize("\xc2\x85\xc2\x9b") == "\\u{85}\\u{9b}");
  CHECK(sanitize("\u2028\u2029") == "\\u{2028}\\u{2029}");
  CHECK(sanitize("\u202a\u202e\u2066\u2069\u200b\u200f\ufeff\u061c") ==
        "\\u{202a}\\u{202e}\\u{2066}\\u{2069}\\u{200b}\\u{200f}\\u{feff}\\u{61c}");
  CHECK(sanitize("\U000E0041") == "\\u{e0041}");
}

TEST_CASE("bytes that are no UTF-8 are made visible one by one") {
  CHECK(sanitize("a\xff\xc3") == "a\\xff\\xc3");
  CHECK(sanitize("\xc0\xaf") == "\\xc0\\xaf");
  CHECK(sanitize("\xe2\x82:") == "\\xe2\\x82:");
  CHECK(sanitize("\xed\xa0\x80") == "\\xed\\xa0\\x80");
  CHECK(sanitize("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");
}

TEST_CASE("no text is markup in HTML and XML") {
  CHECK(sanitize_markup("<a href='x' b=\"y\">&amp;</a>") ==
        "&lt;a href=&#39;x&#39; b=&quot;y&quot;&gt;&amp;amp;&lt;/a&gt;");
  CHECK(sanitize_markup("\x1b]\u202e##[error]") == "\\x1b]\\u{202e}#\\x23[error]");
  CHECK(sanitize_markup("shop, é, 日本") == "shop, é, 日本");
}

TEST_CASE("commands of CI runners are broken up") {
  CHECK(sanitize("##[error]x") == "#\\x23[error]x");
  CHECK(sanitize("####[x") == "###\\x23[x");
  CHECK(sanitize("##vso[task]") == "#\\x23vso[task]");
  CHECK(sanitize("##VsO[task]") == "#\\x23VsO[task]");
  CHECK(sanitize("## heading, #[1], ##vso") == "## heading, #[1], ##vso");
}

TEST_CASE("a path cannot begin a line with a command") {
  CHECK(sanitize_path("apps/shop.yaml") == "apps/shop.yaml");
  CHECK(sanitize_path("::error::x.yaml") == "./::error::x.yaml");
  CHECK(sanitize_path("  ::error::x.yaml") == "./  ::error::x.yaml");
  CHECK(sanitize_path("\t::x") == "./ ::x");
  CHECK(sanitize_path("") == "./");
  CHECK(sanitize_path("a::b") == "a::b");
}

TEST_CASE("width is counted in columns of a terminal") {
  CHECK(display_width("") == 0);
  CHECK(display_width("abc") == 3);
  CHECK(display_width("é") == 1);
  CHECK(display_width("e\u0301") == 1);
  CHECK(display_width("日本語") == 6);
  CHECK(display_width("ｶﾅ") == 2);
  CHECK(display_width("한글") == 4);
  CHECK(display_width("😀!") == 3);
}

TEST_CASE("SARIF messages hold no link that input wrote") {
  CHECK(sanitize_sarif("spec.servers[0]") == "spec.servers\\[0\\]");
  CHECK(sanitize_sarif("[x](1)") == "\\[x\\](1)");
  CHECK(sanitize_sarif("\\[") == "\\\\\\[");
}

TEST_CASE("text is made valid UTF-8") {
  CHECK(valid_utf8("é😀") == "é😀");
  CHECK(valid_utf8("a\xff"
                   "b\xe2\x82") ==
        "a\uFFFD"
        "b\uFFFD");
}

}  // namespace meshlint
