"""Compares the JSON Schemas of the policy files with what meshlint itself accepts.

    policy_schema.py MESHLINT DIRECTORY_FOR_TEMPORARY_FILES

Every policy file must satisfy its schema. Then harm is done to each kind of place in each file: keys are dropped and
misspelt, values get another type. What a schema refuses meshlint must refuse too, in the same file; and where meshlint
complains about keys or types, the schema must refuse. A file with many places has an even sample of them harmed, always
the same one; MESHLINT_ALL_MUTATIONS=1 harms them all.
"""

import copy
import json
import os
import pathlib
import re
import subprocess
import sys

import jsonschema
import yaml

LARGEST_SAMPLE = 100
POLICY = pathlib.Path("policy")
SCHEMAS = POLICY / "schema"
ABOUT_SHAPE = re.compile(r"the key `.*` is missing|unknown key|expected (a|an|`true`)\b")


class Yaml12(yaml.SafeLoader):
    """Reads dates as texts, and true and false alone as booleans, as editors and meshlint do."""


Yaml12.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Yaml12.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))


def load_schema(name):
    """A schema that stands for itself: what it takes from common.json is put into it."""
    common = json.loads((SCHEMAS / "common.json").read_text())
    text = (SCHEMAS / f"{name}.json").read_text().replace('"common.json#/', '"#/')
    schema = json.loads(text)
    schema["definitions"] = common["definitions"]
    jsonschema.Draft7Validator.check_schema(schema)
    return schema


def followed(schema, root):
    """The part of a schema that describes a mapping or list, with references followed and the first choice taken."""
    while True:
        if "$ref" in schema:
            schema = root["definitions"][schema["$ref"].rsplit("/", 1)[1]]
        elif "allOf" in schema and "properties" not in schema:
            schema = schema["allOf"][0]
        elif "anyOf" in schema and "properties" not in schema:
            schema = next((s for s in schema["anyOf"] if s.get("type") == "object"), schema["anyOf"][-1])
        else:
            return schema


def shape(value):
    """What two rows must have in common for one of them to stand for both."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}:{shape(below)}" for key, below in sorted(value.items())) + "}"
    return "[" + ",".join(sorted({shape(item) for item in value})) + "]" if isinstance(value, list) else type(value).__name__


def representatives(pairs):
    """One of each shape, of at most three."""
    known = {}
    for key, value in pairs:
        known.setdefault(shape(value), (key, value))
    return list(known.values())[:3]


def other_types(value):
    if isinstance(value, dict):
        return ["x", []]
    if isinstance(value, list):
        return ["x", {"x": "x"}]
    return [{"x": "x"}, ["x"], "x" if isinstance(value, (bool, int)) else 5, True if isinstance(value, str) else "true"]


def mutations(value, schema, root, known, path=()):
    """Paths, what to do to the mapping or list that holds the last step, and how to call it. `known` are the shared
    definitions, each of which is harmed once in a file."""
    reference = schema.get("$ref") or schema.get("allOf", [{}])[0].get("$ref")
    if reference in known:
        return
    if reference:
        known.add(reference)
    schema = followed(schema, root)
    if isinstance(value, dict):
        fixed = "properties" in schema
        for key, below in value.items() if fixed else representatives(value.items()):
            if fixed:
                yield path + (key,), lambda mapping, key: mapping.pop(key), "dropped"
            yield path + (key,), lambda mapping, key: mapping.update({key + "x": mapping.pop(key)}), "misspelt"
            for other in other_types(below):
                yield path + (key,), lambda mapping, key, other=other: mapping.update({key: other}), f"= {other!r}"
            part = schema["properties"].get(key, {}) if fixed else schema.get("additionalProperties", {})
            yield from mutations(below, part if isinstance(part, dict) else {}, root, known, path + (key,))
    elif isinstance(value, list):
        for index, item in representatives(enumerate(value)):
            for other in other_types(item):
                yield path + (index,), lambda items, at, other=other: items.__setitem__(at, other), f"= {other!r}"
            yield from mutations(item, schema.get("items", {}), root, known, path + (index,))


def sample(all_mutations):
    if os.environ.get("MESHLINT_ALL_MUTATIONS") or len(all_mutations) <= LARGEST_SAMPLE:
        return all_mutations
    return [all_mutations[number * len(all_mutations) // LARGEST_SAMPLE] for number in range(LARGEST_SAMPLE)]


def harm(table, mutation):
    path, change, _ = mutation
    harmed = copy.deepcopy(table)
    holder = harmed
    for step in path[:-1]:
        holder = holder[step]
    change(holder, path[-1])
    return harmed


def complaints(meshlint, directory):
    """What meshlint says about each file of a policy directory."""
    nothing = directory.parent / "nothing.yaml"
    nothing.write_text("{}\n")
    run = subprocess.run([meshlint, "check", "--policy", directory, nothing], capture_output=True, text=True, check=False)
    if run.returncode not in (0, 2, 3):
        sys.exit(f"meshlint ended with {run.returncode}: {run.stderr}")
    told = {}
    for line in run.stderr.splitlines():
        match = re.match(r".*/([a-z-]+)\.yaml:\d+:\d+: (.*)", line)
        if match:
            told.setdefault(match[1], []).append(match[2])
    if run.returncode == 2 and not told:
        sys.exit(f"no complaint has a place: {run.stderr}")
    return told


def main():
    meshlint, work = sys.argv[1], pathlib.Path(sys.argv[2])
    directory = work / "policy"
    directory.mkdir()
    names = sorted(path.stem for path in POLICY.glob("*.yaml"))
    tables, validators, harmful, failures = {}, {}, {}, []
    for name in names:
        text = (POLICY / f"{name}.yaml").read_text()
        if not text.startswith(f"# yaml-language-server: $schema=schema/{name}.json\n"):
            failures.append(f"{name}.yaml does not name its schema in its first line")
        tables[name] = yaml.load(text, Loader=Yaml12)
        schema = load_schema(name)
        validators[name] = jsonschema.Draft7Validator(schema)
        failures += [f"{name}.yaml: {error.json_path}: {error.message}" for error in validators[name].iter_errors(tables[name])]
        harmful[name] = sample(list(mutations(tables[name], schema, schema, set())))
        # A table that extends the built-in one may leave anything out.
        if not validators[name].is_valid({"extends": "built-in"}):
            failures.append(f"{name}: the schema wants more than `extends`")

    refused_by_both = 0
    for number in range(max(map(len, harmful.values()))):
        harmed = {}
        for name in names:
            mutation = harmful[name][number] if number < len(harmful[name]) else None
            harmed[name] = harm(tables[name], mutation) if mutation else tables[name]
            (directory / f"{name}.yaml").write_text(json.dumps(harmed[name]))
        told = complaints(meshlint, directory)
        for name in names:
            if number >= len(harmful[name]):
                continue
            path, _, what = harmful[name][number]
            place = f"{name}: {'.'.join(map(str, path))} {what}"
            valid = validators[name].is_valid(harmed[name])
            if not valid and name not in told:
                failures.append(f"{place}: only the schema refuses this")
            if valid and any(ABOUT_SHAPE.search(message) for message in told.get(name, [])):
                failures.append(f"{place}: only meshlint refuses this: {told[name]}")
            refused_by_both += not valid and name in told
    if failures:
        sys.exit("\n".join(failures))
    total = sum(map(len, harmful.values()))
    print(f"{len(names)} tables satisfy their schemas; of {total} harmed ones both refuse {refused_by_both}")


main()
