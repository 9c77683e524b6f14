#!/usr/bin/env bash
# Runs action.yml's steps as a runner would, with its environment variables and files. $1: a meshlint that is built.
# shellcheck disable=SC2016 # names that look like commands must stay as they are
set -euo pipefail

meshlint=$(realpath "$1")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
python3 -c 'import yaml' 2>/dev/null || { echo "python3-yaml is missing"; exit 77; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
runner=$scratch/runner
workspace=$scratch/workspace
mkdir -p "$scratch/steps" "$runner" "$workspace"

fail() {
  echo "FAILED: $1"
  echo "--- the step's log:"
  cat "$scratch/log"
  exit 1
}

# Turns action.yml and inputs into one script and one list of variables a step, and refuses any expression that the
# test does not know or that stands in a script.
cat >"$scratch/steps.py" <<'PYTHON'
import pathlib, re, sys, yaml

action = yaml.safe_load(pathlib.Path(sys.argv[1]).read_text())
folder = pathlib.Path(sys.argv[2])
given = dict(argument.split("=", 1) for argument in sys.argv[3:])
assert action["runs"]["using"] == "composite"
assert set(given) <= set(action["inputs"]), "an input that action.yml does not have"
inputs = {name: given.get(name, text["default"]) for name, text in action["inputs"].items()}
assert all(isinstance(value, str) for value in inputs.values()), "a default that is no text"

def evaluate(text):
    def value(match):
        name = match[1]
        assert name.startswith("inputs."), f"an expression that this test does not know: {match[0]}"
        return inputs[name.removeprefix("inputs.")]
    return re.sub(r"\$\{\{\s*(.*?)\s*\}\}", value, text)

steps = action["runs"]["steps"]
for number, step in enumerate(steps):
    assert set(step) <= {"id", "name", "shell", "run", "env"}, f"a key that this test does not know: {step}"
    assert step["shell"] == "bash"
    assert "${{" not in step["run"], "an expression in a script"
    (folder / f"{number}.sh").write_text(step["run"])
    variables = [f"{name}={evaluate(text)}\0" for name, text in step.get("env", {}).items()]
    (folder / f"{number}.env").write_text("".join(variables))
for output in action["outputs"].values():
    step, name = re.fullmatch(r"\$\{\{ steps\.([a-z]+)\.outputs\.([a-z-]+) \}\}", output["value"]).groups()
    assert step in [step["id"] for step in steps], output
PYTHON

# run_action INPUT=VALUE… sets `status`; the log and the outputs are in $scratch/log and $scratch/output.
run_action() {
  rm -f "$scratch"/steps/*
  python3 "$scratch/steps.py" "$root/action.yml" "$scratch/steps" "$@"
  : >"$scratch/output"
  : >"$scratch/log"
  status=0
  local script variables
  for script in "$scratch"/steps/*.sh; do
    mapfile -d '' -t variables <"${script%.sh}.env"
    (
      cd "$workspace"
      env -i PATH="$PATH" HOME="$scratch" GITHUB_ACTIONS=true GITHUB_ACTION_PATH="$root" \
        GITHUB_WORKSPACE="$workspace" RUNNER_TEMP="$runner" GITHUB_OUTPUT="$scratch/output" \
        GITHUB_STEP_SUMMARY="$scratch/summary" ${binary:+MESHLINT_BINARY="$binary"} "${variables[@]}" \
        bash --noprofile --norc -eo pipefail "$script"
    ) >>"$scratch/log" 2>&1 || { status=$?; break; }
  done
  [[ ! -e $workspace/pwned && ! -e $root/pwned ]] || fail "an input was run as a command"
}

expect_status() {
  [[ $status -eq $1 ]] || fail "$2: exit code $status instead of $1"
  grep -qx "exit-code=$1" "$scratch/output" || fail "$2: the output exit-code is not $1"
}

expect_log() {
  grep -qF -- "$1" "$scratch/log" || fail "the log does not say: $1"
}

# Reads the log's commands as the runner does, and prints `level|file|line|title|message` of each annotation.
cat >"$scratch/annotations.py" <<'PYTHON'
import re, sys

def unescape(text, is_property):
    for escape, character in ([("%3A", ":"), ("%2C", ",")] if is_property else []) + [("%0D", "\r"), ("%0A", "\n"), ("%25", "%")]:
        text = text.replace(escape, character)
    return text

token = None
for line in open(sys.argv[1]).read().splitlines():
    match = re.fullmatch(r"::([^ :]+)(?: (.*?))?::(.*)", line.strip())
    if token is not None:
        token = None if line.strip() == f"::{token}::" else token
        continue
    assert "##[" not in line, line
    if match is None:
        continue
    if match[1] == "stop-commands":
        token = match[3]
    if match[1] in ("error", "warning", "notice"):
        given = dict(part.split("=", 1) for part in match[2].split(","))
        properties = {name: unescape(value, True) for name, value in given.items()}
        assert set(properties) <= {"file", "line", "endLine", "col", "endColumn", "title"}, properties
        first = unescape(match[3], False).split("\n")[0]
        print("|".join([match[1], properties["file"], properties["line"], properties["title"], first]))
assert token is None, "commands are not obeyed again at the end"
PYTHON

binary=$meshlint
cd "$workspace"
git init -q .
mkdir -p good bad "with space"
cat >good/service.yaml <<'YAML'
apiVersion: v1
kind: Service
metadata:
  name: shop
YAML
cp good/service.yaml "with space/service.yaml"
cp good/service.yaml '$(touch pwned).yaml'
printf 'kind: Service\nmetadata: {name: [shop\n' >bad/broken.yaml
cp bad/broken.yaml "bad/::error::broken.yaml"

run_action paths=good
expect_status 0 "clean files"
grep -qx "sarif-file=" "$scratch/output" || fail "no SARIF was asked for"

run_action
expect_status 1 "the whole repository"
expect_log "bad/broken.yaml:"
token=$(sed -n 's/^::stop-commands:://p' "$scratch/log")
[[ $token =~ ^[0-9a-f]{32}$ ]] || fail "the token of stop-commands is '$token'"
sed "/^::stop-commands::/,/^::$token::\$/d" "$scratch/log" | grep -v "^::error " | grep -F broken.yaml && fail "a finding stands outside"
python3 "$scratch/annotations.py" "$scratch/log" >"$scratch/annotations" || fail "the annotations cannot be read"
grep -q "^error|bad/::error::broken.yaml|[0-9]*|MSH9001 yaml-syntax|" "$scratch/annotations" || fail "an annotation"
[[ $(wc -l <"$scratch/annotations") -eq 2 ]] || fail "two broken files, two annotations"
grep -q "^### meshlint: 2 errors in" "$scratch/summary" || fail "the summary"
[[ $(wc -l <"$scratch/output") -eq 2 ]] || fail "the outputs hold more than the exit code and the file"

previous=$token
run_action format=concise
expect_status 1 "the concise format"
[[ $(sed -n 's/^::stop-commands:://p' "$scratch/log") != "$previous" ]] || fail "the token is not random"

rm "$scratch/summary"
run_action annotations=false summary=false
expect_status 1 "neither annotations nor a summary"
[[ $(tail -n 1 "$scratch/log") == ::*:: && ! -e $scratch/summary ]] || fail "no annotations and no summary were wanted"

run_action fail=false
[[ $status -eq 0 ]] || fail "findings must not fail the step when they are not to"
grep -qx "exit-code=1" "$scratch/output" || fail "the output exit-code tells of findings all the same"

run_action paths=nowhere fail=false
expect_status 2 "a path that does not exist"
run_action paths=.git
expect_status 4 "a path that is not read"

# Several paths, one a line, whatever is in them.
run_action paths=$'good\n\nwith space\r\n$(touch pwned).yaml\n'
expect_status 0 "three paths"
run_action paths=$'good\nbad'
expect_status 1 "a clean and a broken folder"

# SARIF goes to the file, and to nowhere else.
run_action sarif-file="with space/findings.sarif" paths=bad
expect_status 1 "SARIF"
grep -qx "sarif-file=with space/findings.sarif" "$scratch/output" || fail "the output sarif-file"
python3 - "with space/findings.sarif" <<'PYTHON' || fail "the SARIF does not hold the findings"
import json, sys
results = json.load(open(sys.argv[1]))["runs"][0]["results"]
sys.exit(not any("broken.yaml" in json.dumps(result) for result in results))
PYTHON
run_action sarif-file="$runner/findings.sarif" paths=good
expect_status 0 "SARIF in the runner's temporary directory"
[[ -s $runner/findings.sarif ]] || fail "no SARIF of a clean run"

ln -s "$scratch" out
ln -s "$scratch/victim" link.sarif
ln -s .git inside
echo untouched >"$scratch/victim"
for file in out/findings.sarif ../findings.sarif .git/findings.sarif inside/findings.sarif .git missing/findings.sarif good; do
  run_action sarif-file="$file" paths=good
  expect_status 2 "SARIF in $file"
  [[ ! -e $scratch/findings.sarif && ! -e .git/findings.sarif ]] || fail "SARIF was written to $file"
done
run_action sarif-file=link.sarif paths=good
expect_status 0 "SARIF in the place of a link"
[[ $(cat "$scratch/victim") == untouched && ! -L link.sarif ]] || fail "SARIF was written through a link"

# Hostile inputs: no option, no command, no second output.
for input in paths=--help paths=- paths=$'good\n--policy=.' paths= format=-x format=json format=sarif as-of=-1 \
  revision=--help kubernetes-version=-x support-plan=-x sarif-file=-x fail=maybe fail=-x \
  annotations=x summary=-x as-of=$'2026-01-01\nexit-code=0' sarif-file=$'x\nexit-code=0' revision='$(touch pwned)' 'as-of=`touch pwned`' \
  kubernetes-version='"; touch pwned; "' support-plan='$(touch pwned)'; do
  run_action "$input"
  expect_status 2 "the input $input"
  [[ $(grep -c '^exit-code=' "$scratch/output") -eq 1 ]] || fail "the input $input wrote an output"
done
run_action paths='$(touch pwned)'
expect_status 2 "a command for a path"

run_action paths=good as-of=2026-01-01 revision=asm-1-27 kubernetes-version=1.33 support-plan=KubernetesOfficial
expect_status 0 "all that says what the cluster is"

# Without a meshlint that is built, the action builds its own.
binary=
run_action paths=bad
expect_status 1 "a meshlint of its own"
expect_log "bad/broken.yaml:"
echo "action.yml: all passed"
