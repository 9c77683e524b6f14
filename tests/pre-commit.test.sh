#!/usr/bin/env bash
# Runs the hooks of .pre-commit-hooks.yaml in a scratch repository. $1: a meshlint that is built.
# shellcheck disable=SC2016 # names that look like commands must stay as they are
set -euo pipefail

MESHLINT_BINARY=$(realpath "$1")
export MESHLINT_BINARY
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
command -v pre-commit >/dev/null || { echo "pre-commit is missing"; exit 77; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export HOME=$scratch PRE_COMMIT_HOME=$scratch/cache PRE_COMMIT_COLOR=never
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
git config --global user.name "Test"
git config --global user.email "test@example.com"
git config --global init.defaultBranch main

fail() {
  echo "FAILED: $1"
  echo "--- pre-commit said:"
  cat "$scratch/log"
  exit 1
}

# hook ID [ARGUMENT…]: runs one hook as a commit would, and sets `status`.
hook() {
  status=0
  pre-commit run --config "$scratch/config.yaml" "$@" >"$scratch/log" 2>&1 || status=$?
}

expect() {
  [[ $status -eq $1 ]] || fail "$2: exit code $status instead of $1"
}

expect_log() {
  grep -qF -- "$1" "$scratch/log" || fail "pre-commit does not say: $1"
}

# The hook repository is this checkout as it stands, changes that are not committed included.
git init -q "$scratch/hooks"
(cd "$root" && git ls-files -z --cached --others --exclude-standard | tar --create --null --files-from=- \
  --ignore-failed-read) 2>/dev/null | tar --extract --directory "$scratch/hooks"
git -C "$scratch/hooks" add --all
git -C "$scratch/hooks" commit -q -m "The hooks"
cat >"$scratch/config.yaml" <<YAML
repos:
  - repo: $scratch/hooks
    rev: $(git -C "$scratch/hooks" rev-parse HEAD)
    hooks:
      - id: meshlint
        args: [--as-of=2026-06-01]
      - id: meshlint-repository
        args: [--as-of=2026-06-01]
YAML

git init -q "$scratch/repository"
cd "$scratch/repository"
mkdir -p clusters apps
cat >clusters/prod.json <<'JSON'
{
  "id": "/subscriptions/0/resourceGroups/shop/providers/Microsoft.ContainerService/managedClusters/prod",
  "name": "prod",
  "type": "Microsoft.ContainerService/ManagedClusters",
  "kubernetesVersion": "1.33",
  "currentKubernetesVersion": "1.33.5",
  "sku": {"name": "Base", "tier": "Standard"},
  "supportPlan": "KubernetesOfficial",
  "agentPoolProfiles": [{"name": "system", "count": 3, "mode": "System", "orchestratorVersion": "1.33"}],
  "serviceMeshProfile": {"mode": "Istio", "istio": {"revisions": ["asm-1-28"]}}
}
JSON
namespace() { printf 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio.io/rev: %s\n' "$1"; }
namespace asm-1-28 >apps/good.yaml
namespace asm-1-27 >apps/bad.yaml
git add --all
git commit -q -m "Two namespaces, one of a revision that is not installed"

# The finding needs the cluster, which no hook is given by name.
hook meshlint --files apps/good.yaml
expect 0 "a good file"
hook meshlint --files apps/bad.yaml
expect 1 "a bad file"
expect_log "apps/bad.yaml:6"
expect_log "revision-label-not-installed"
hook meshlint --files apps/good.yaml apps/bad.yaml
expect 1 "both"
! grep -qF good.yaml "$scratch/log" || fail "the good file is reported"

hook meshlint-repository --files apps/good.yaml
expect 1 "the whole repository"
expect_log "apps/bad.yaml:6"

# As a commit: only what is staged counts.
namespace asm-1-29 >apps/good.yaml
git add apps/good.yaml
namespace asm-1-28 >apps/good.yaml
hook meshlint
expect 1 "a staged file that is bad"
expect_log "apps/good.yaml:6"
git checkout -q HEAD -- apps/good.yaml

# Every kind of file that meshlint reads, and no other, is handed to it.
mkdir kinds
for name in a.yaml a.yml a.json a.bicep a.bicepparam a.tf a.tfvars a.tfstate Kustomization; do
  echo '{}' >"kinds/$name"
  git add kinds
  hook meshlint --files "kinds/$name"
  ! grep -qF "no files to check" "$scratch/log" || fail "$name is not looked at"
done
echo '{}' >kinds/MyKustomization
git add kinds
hook meshlint --files kinds/MyKustomization
expect_log "no files to check"
git rm -q -r --cached kinds && rm -r kinds

# Names that look like options or commands, and nothing that meshlint reads.
namespace asm-1-27 >--policy=x.yaml
namespace asm-1-27 >'apps/$(touch pwned).yaml'
git add --all
hook meshlint
expect 1 "names that look like something else"
expect_log "--policy=x.yaml:6"
expect_log 'apps/$(touch pwned).yaml:6'
[[ ! -e pwned ]] || fail "a name was run as a command"
git rm -q --cached -- --policy=x.yaml 'apps/$(touch pwned).yaml'
rm -f -- --policy=x.yaml 'apps/$(touch pwned).yaml'
echo text >note.txt
git add note.txt
hook meshlint
expect 0 "a commit without manifests"
expect_log "no files to check"
git rm -q -r --cached apps clusters && rm -r apps clusters
echo '{}' >.eslintrc
git add .eslintrc
hook meshlint-repository --files .eslintrc
expect 0 "a repository with nothing to lint"
echo ".pre-commit-hooks.yaml: all passed"
