#include "linter/version.h"

#include <catch2/catch.hpp>

using namespace meshlint;

TEST_CASE("minor versions of Kubernetes and Istio", "[version]") {
  for (const char* text :
       {"1.30", "1.30.4", "v1.30", "V1.30.4", "1.30.0", "1.30.4-rc.1", "1.30.4+build-7", "v1.30.10-eks"}) {
    INFO(text);
    CHECK(parse_minor(text) == Minor{1, 30});
  }
  CHECK(parse_minor("1.3") == Minor{1, 3});
  CHECK(parse_minor("0.0") == Minor{0, 0});
  CHECK(parse_minor("999.999.9999") == Minor{999, 999});
  for (const char* text : {"",
                           "1",
                           "1.",
                           ".30",
                           "1.30.",
                           "1.30.4.5",
                           "1.30.x",
                           "1.30-rc",
                           "1.30.4-",
                           "1.30.4+",
                           "1.30.4 ",
                           " 1.30",
                           "1.30 ",
                           "v",
                           "vv1.30",
                           "-1.30",
                           "1.-30",
                           "+1.30",
                           "01.30",
                           "1.030",
                           "1.30.04",
                           "1000.1",
                           "1.1000",
                           "1.30.12345",
                           "1.30.4_1",
                           "1.30.4-{{ x }}",
                           "latest",
                           "stable",
                           "1,30",
                           "1.30f",
                           "0x1.30",
                           "1.30\n",
                           "asm-1-30",
                           "1.30.4\"",
                           "99999999999999.1",
                           "1.99999999999999"}) {
    INFO(text);
    CHECK_FALSE(parse_minor(text));
  }
}

TEST_CASE("mesh revisions", "[version]") {
  CHECK(parse_revision("asm-1-27") == Minor{1, 27});
  CHECK(parse_revision("asm-1-9") == Minor{1, 9});
  CHECK(parse_revision("asm-2-0") == Minor{2, 0});
  for (const char* text :
       {"",           "asm",        "asm-",      "asm-1",     "asm-1-",      "asm--27",           "asm-1-27-1",
        "asm-1-27 ",  " asm-1-27",  "ASM-1-27",  "asm-1.27",  "asm-1-027",   "asm-01-27",         "asm-1104-6",
        "asm-178-10", "asm-1-1000", "asm-+1-27", "asm-1--27", "asm-managed", "asm-managed-rapid", "1-27",
        "default",    "asm-1-27\n", "asm-1-x",   "xasm-1-27"}) {
    INFO(text);
    CHECK_FALSE(parse_revision(text));
  }
}

TEST_CASE("versions are ordered by number and written back", "[version]") {
  CHECK(Minor{1, 9} < Minor{1, 30});
  CHECK(Minor{1, 30} < Minor{2, 0});
  CHECK(to_string(Minor{1, 30}) == "1.30");
  CHECK(to_string(Minor{1, 3}) == "1.3");
  CHECK(revision_name(Minor{1, 30}) == "asm-1-30");
  for (int minor = 0; minor < 200; ++minor) {
    CHECK(parse_minor(to_string(Minor{1, minor})) == Minor{1, minor});
    CHECK(parse_revision(revision_name(Minor{1, minor})) == Minor{1, minor});
  }
}

TEST_CASE("dates", "[version]") {
  using namespace std::chrono_literals;
  CHECK(parse_date("2026-08-21") == Date(2026y / 8 / 21));
  CHECK(parse_date("2024-02-29") == Date(2024y / 2 / 29));
  CHECK(parse_date("1970-01-01") == Date());
  for (const char* text : {"",           "2026-08",     "2026-8-21",   "2026-08-2",  "2026-02-29", "2100-02-29",
                           "2026-13-01", "2026-00-01",  "2026-01-00",  "2026-04-31", "2026/08/21", "20260821",
                           "26-08-2021", "2026-08-21T", "2026-08-21 ", " 2026-08-2", "-026-08-21", "2026--8-21",
                           "2026-08-+1", "abcd-ef-gh",  "2026-08-2x"}) {
    INFO(text);
    CHECK_FALSE(parse_date(text));
  }
  CHECK(to_string(Date(2026y / 8 / 1)) == "2026-08-01");
  CHECK(to_string(Date(987y / 1 / 2)) == "0987-01-02");
  for (int day = 0; day < 40'000; day += 97) {
    const Date date{std::chrono::days(day)};
    CHECK(parse_date(to_string(date)) == date);
  }
}
