"""Synthesizes every project there is, and has cfn-lint, SAM and the schemas look at it."""

import json
import os
import subprocess
import tomllib
from pathlib import Path

import yaml
from jsonschema import Draft7Validator

ROOT = Path(__file__).resolve().parents[2]
WORK = Path("work")
PROGRAM = os.environ["CARGO_AMPLIFY"]


def amplify(*arguments):
    command = [PROGRAM, *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


# There are apps in TypeScript in this repository.
TOML = ["--wiring", "toml"]


def everything():
    """A project with all triggers, one function for each kind, and a hundred groups."""
    project = WORK / "everything"
    WORK.mkdir(parents=True)
    listed = json.loads(amplify("list", "--format", "json"))
    for trigger in listed["triggers"]:
        amplify("new", "auth-trigger", trigger["name"], "--path", project, "--quiet", *TOML)
    file = project / "amplify/auth/resource.toml"
    groups = ", ".join(f'"group-{number}"' for number in range(100))
    file.write_text(f"groups = [{groups}]\n{file.read_text()}")
    return project


def texts():
    """A project with texts that YAML reads as something else, or that must be escaped."""
    project = WORK / "texts"
    amplify("new", "auth-trigger", "--path", project, "--quiet", *TOML)
    file = project / "amplify/auth/pre-token-generation/resource.toml"
    texts = ["NO", "y", "~", "null", "true", "010", "1_000", "1e3", "12:30", "2010-09-09", "<<", "=", "- a", "a: b"]
    texts += ["#", "*a", "!Ref a", "'", '"', "\\", "a\nb", "\u0085", "\x7f", "\x9f", "\u2028", "\ufeff", " a ", "\u202e"]
    variables = [f"TEXT_{index} = {json.dumps(text)}" for index, text in enumerate(texts)]
    file.write_text("\n".join([file.read_text(), "[environment]", *variables, ""]))
    return project


def schema_errors(project, schemas):
    auth = project / "amplify/auth/resource.toml"
    for file in project.glob("amplify/auth/**/resource.toml"):
        values = tomllib.loads(file.read_text())
        validator = schemas["auth" if file == auth else "function"]
        yield from (f"{file}: {error.message}" for error in validator.iter_errors(values))


def main():
    parity = sorted(path for path in (ROOT / "tests/parity").iterdir() if path.is_dir())
    projects = [*parity, ROOT / "tests/cases/synth-full/in", everything(), texts()]
    schemas = {}
    for kind in ["auth", "function"]:
        schema = json.loads(amplify("synth", "--schema", kind))
        Draft7Validator.check_schema(schema)
        schemas[kind] = Draft7Validator(schema)
    templates = []
    for project in projects:
        errors = list(schema_errors(project, schemas))
        assert not errors, errors
        for engine in ["sam", "cloudformation"]:
            text = amplify("synth", "--path", project, "--engine", engine)
            name = "full" if project.name == "in" else project.name
            template = WORK / f"{name}.{engine}.json"
            template.write_text(text)
            templates.append(template)
            as_yaml = amplify("synth", "--path", project, "--engine", engine, "--format", "yaml")
            assert yaml.safe_load(as_yaml) == json.loads(text), f"{template}: YAML is not JSON"
    # What is refused here must be refused by the schemas too, where a schema can say it.
    refused = [ROOT / "tests/refused/many", ROOT / "tests/refused/err-fn-timeout"]
    for project in refused:
        assert list(schema_errors(project, schemas)), f"{project}: nothing is wrong"
    subprocess.run(["cfn-lint", *map(str, templates)], check=True)
    # Without `--lint`, which is cfn-lint again, and instead of SAM's own check.
    for name in ["doc-example", "full", "everything"]:
        command = ["sam", "validate", "--template", f"work/{name}.sam.json"]
        subprocess.run(command, check=True)
    print(f"{len(templates)} templates are accepted")


main()
