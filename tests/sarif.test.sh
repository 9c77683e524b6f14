#!/bin/bash
# The SARIF of a real run satisfies Microsoft's validator, GitHub's rules included, and has the same bytes each time.
#
#   tests/sarif.test.sh MESHLINT
set -uo pipefail

meshlint=$(realpath "$1")
cd "$(dirname "$0")/.." || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

sample=testdata/sample
[[ -d $sample ]] || sample=testdata/readme
[[ -d $sample ]] || fail "there is no sample to lint in testdata/"

# A repository of its own, as its users have it, with a name that a URI must encode.
repository="$work/a repository"
cp -r "$sample" "$repository"
mkdir -p "$repository/.git"
cat >"$repository/broken é [1].yaml" <<'EOF'
kind: ConfigMap
é😀: "unterminated ##[error] [link](1)
EOF

lint() {
  (cd "$repository" && "$meshlint" "$@" --format sarif --as-of 2026-08-21)
}

lint >"$work/first.sarif"
[[ $? -le 1 ]] || fail "meshlint ended with another code than 0 or 1"
lint --jobs 1 >"$work/second.sarif"
cmp "$work/first.sarif" "$work/second.sarif" || fail "two runs gave different bytes"
mkdir "$repository/below"
(cd "$repository/below" && "$meshlint" .. --format sarif --as-of 2026-08-21) >"$work/third.sarif"
cmp "$work/first.sarif" "$work/third.sarif" || fail "the report depends on the working directory"
grep -q '"ruleId"' "$work/first.sarif" || fail "the run has no results"
grep -qF "$work" "$work/first.sarif" && fail "the report names a directory of this machine"
grep -qF '"uri": "broken%20%C3%A9%20%5B1%5D.yaml"' "$work/first.sarif" || fail "the file's name is not percent-encoded"

tools/validate-sarif "$work/first.sarif"
status=$?
[[ $status -eq 77 ]] && exit 77
[[ $status -eq 0 ]] || fail "the validator found errors or warnings"

# A clean run is valid too.
mkdir "$work/clean"
printf 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n' >"$work/clean/namespace.yaml"
(cd "$work/clean" && "$meshlint" --format sarif --as-of 2026-08-21) >"$work/clean.sarif" ||
  fail "a clean file has findings"
tools/validate-sarif "$work/clean.sarif" || fail "the validator found errors or warnings in a run without results"

# The check itself can fail: a report without regions, one without rules, one with a wrong index.
break_sarif() {
  node -e '
    const fs = require("fs");
    const log = JSON.parse(fs.readFileSync(process.argv[1], "utf8"));
    const run = log.runs[0];
    eval(process.argv[2]);
    fs.writeFileSync(process.argv[3], JSON.stringify(log, null, 2));
  ' "$work/first.sarif" "$1" "$work/broken.sarif"
  if tools/validate-sarif "$work/broken.sarif" >"$work/broken.log"; then
    fail "the check accepts a broken report: $1"
  fi
  echo "refused, as it should be: $1: $(tail -n 1 "$work/broken.log")"
}
break_sarif 'for (const result of run.results) delete result.locations[0].physicalLocation.region'
break_sarif 'run.results[0].locations[0].physicalLocation.artifactLocation = {uri: "file:///tmp/x.yaml"}'
break_sarif 'for (const rule of run.tool.driver.rules) delete rule.fullDescription'
break_sarif 'run.results[0].ruleIndex = 1000'
