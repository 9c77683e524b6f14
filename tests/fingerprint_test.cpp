#include "linter/fingerprint.h"

#include <catch2/catch.hpp>

namespace meshlint {
namespace {

using Hashes = std::vector<std::string>;

Hashes hashes_of(std::string text) {
  return line_hashes(SourceFile("file.yaml", "file.yaml", std::move(text)));
}

}  // namespace

TEST_CASE("line hashes equal those of GitHub's upload action") {
  CHECK(hashes_of("") == Hashes{"c129715d7a2bc9a3:1"});
  CHECK(hashes_of(" a\nb\n  \t\tc\n d") ==
        Hashes{"271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"});
  CHECK(hashes_of("x = 2\nx = 1\nprint(x)\nx = 3\nprint(x)\nx = 4\nprint(x)\n").front() == "e54938cc54b302f1:1");
}

TEST_CASE("every kind of line end counts as one, and blanks do not count") {
  CHECK(hashes_of(" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n") ==
        Hashes{"e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1", "ce8ba1a563dcdaca:1", "e20e36e16fcb0cc8:1",
               "b3edc88f2938467e:1", "c8e28b0b4002a3a0:1", "c129715d7a2bc9a3:1"});
}

TEST_CASE("lines that look alike are counted") {
  std::string text;
  for (int line = 0; line < 10; ++line) text += "Lorem ipsum dolor sit amet.\n";
  CHECK(hashes_of(text) == Hashes{"a7f2ff13bc495cf2:1", "a7f2ff13bc495cf2:2", "a7f2ff13bc495cf2:3",
                                  "a7f2ff13bc495cf2:4", "a7f2ff13bc495cf2:5", "a7f2ff13bc495cf2:6",
                                  "a7f2ff1481e87703:1", "a9cf91f7bbf1862b:1", "55ec222b86bcae53:1",
                                  "cc97dc7b1d7d8f7b:1", "c129715d7a2bc9a3:1"});
}

TEST_CASE("characters outside of ASCII count as UTF-16 units") {
  CHECK(hashes_of("apiVersion: v1\nkind: Pod\nmetadata:\n  name: \u00e9\U0001F600\n") ==
        Hashes{"24dbd8f591a11357:1", "ccf3ddd5b5bf205c:1", "266803f5d92d03ab:1", "55122d836135f762:1",
               "c129715d7a2bc9a3:1"});
}

TEST_CASE("a byte order mark is a unit of the first line") {
  CHECK(hashes_of("\xEF\xBB\xBFkind: Pod\n") == Hashes{"fc4b6fb989bfac87:1", "c129715d7a2bc9a3:1"});
}

TEST_CASE("bytes that are no UTF-8 count as the replacement characters that Node.js reads") {
  CHECK(hashes_of("a: \xFF\xE2\x82\n") == hashes_of("a: \uFFFD\uFFFD\n"));
  CHECK(hashes_of("a: \xED\xA0\x80") == hashes_of("a: \uFFFD\uFFFD\uFFFD"));
}

}  // namespace meshlint
