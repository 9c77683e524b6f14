#!/bin/bash
# The JSON Schemas of the policy files, which editors use, refuse what meshlint refuses for its shape, and nothing else.
#
#   tests/policy-schema.test.sh MESHLINT
set -uo pipefail

meshlint=$(realpath "$1")
cd "$(dirname "$0")/.." || exit 1
if ! python3 -c "import jsonschema, yaml" 2>/dev/null; then
  echo "skipped: needs the Debian packages python3-jsonschema and python3-yaml"
  exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -W ignore tests/policy_schema.py "$meshlint" "$work"
