"""Deploys projects to an emulator of AWS as `docs/deploy.md` says, and has users sign in there."""

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import boto3

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAM = os.environ["CARGO_AMPLIFY"]
AWS = ["aws", "cloudformation"]
CUSTOM_AUTH = ["define-auth-challenge", "create-auth-challenge", "verify-auth-challenge-response"]


def main():
    with tempfile.TemporaryDirectory() as folder, emulator(folder):
        deploy_corpus()
        boto3.client("s3").create_bucket(Bucket="functions")
        deploy_stages(Path(folder) / "stages")
        workspace = Path(folder) / "workspace"
        projects = make_projects(workspace)
        build(workspace)
        for project in projects:
            deploy(project)
            call_functions(project)
        run("node", HERE / "sign-in.mjs", *projects)


@contextlib.contextmanager
def emulator(folder):
    """Runs the emulator. The environment leads all clients to it."""
    settings = {
        # As Cognito: if the handler fails, the sign-in fails.
        "MINISTACK_COGNITO_PRETOKEN_STRICT": "1",
        "LOG_LEVEL": "CRITICAL",
        "TMPDIR": folder,
    }
    command = [sys.executable, HERE / "emulator.py"]
    process = subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.PIPE, text=True)
    try:
        endpoint = process.stdout.readline().strip()
        assert endpoint, "the emulator does not start"
        os.environ |= {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            # Nothing of the user's.
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }
        os.environ.pop("AWS_PROFILE", None)
        yield
    finally:
        process.terminate()
        process.wait()


def deploy_corpus():
    """Creates a stack for each configuration that the tests have, without the code of functions."""
    client = boto3.client("cloudformation")
    for name in ["MyLayer", "certificates"] * 3:  # configurations ask for the third version
        content = {"ZipFile": archive("file")}
        boto3.client("lambda").publish_layer_version(LayerName=name, Content=content)
    parity = sorted(path for path in (ROOT / "tests/parity").iterdir() if path.is_dir())
    projects = [*parity, ROOT / "tests/cases/synth-full/in"]
    failed = {}
    for number, project in enumerate(projects):
        command = [PROGRAM, "synth", "--quiet", "--path", project, "--engine", "cloudformation"]
        template = json.loads(subprocess.check_output(command))
        for resource in template["Resources"].values():
            if resource["Type"] == "AWS::Lambda::Function":
                resource["Properties"]["Code"] = {"ZipFile": "bootstrap"}
        name = f"corpus-{number}"
        client.create_stack(
            StackName=name,
            TemplateBody=json.dumps(template),
            Parameters=[
                {"ParameterKey": key, "ParameterValue": "value"}
                for key, parameter in template.get("Parameters", {}).items()
                if "Default" not in parameter
            ],
            Capabilities=["CAPABILITY_IAM"],
        )
        with contextlib.suppress(Exception):
            waiter = client.get_waiter("stack_create_complete")
            waiter.wait(StackName=name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 300})
        events = client.describe_stack_events(StackName=name)["StackEvents"]
        reasons = [e["ResourceStatusReason"] for e in events if e["ResourceStatus"] == "CREATE_FAILED"]
        [stack] = client.describe_stacks(StackName=name)["Stacks"]
        if stack["StackStatus"] != "CREATE_COMPLETE":
            failed[str(project.relative_to(ROOT))] = reasons
    assert not failed, json.dumps(failed, indent=2)
    print(f"{len(projects)} configurations of the tests are deployed")


def make_projects(workspace):
    """Five projects with all kinds of triggers, in a workspace that is built at once."""
    workspace.mkdir()
    manifest = '[workspace]\nresolver = "3"\nmembers = ["*/amplify/auth/*"]\n'
    (workspace / "Cargo.toml").write_text(manifest)
    shutil.copy(ROOT / "tests/generated.lock", workspace / "Cargo.lock")
    listed = json.loads(subprocess.check_output([PROGRAM, "list", "--format", "json"]))
    kinds = [trigger["name"] for trigger in listed["triggers"]]
    others = [kind for kind in kinds if kind not in [*CUSTOM_AUTH, "pre-token-generation"]]
    projects = [
        make_project(workspace / "v1", "V1_0", []),
        make_project(workspace / "v2", "V2_0", []),
        make_project(workspace / "v3", "V3_0", []),
        make_project(workspace / "custom", "V1_0", CUSTOM_AUTH),
        make_project(workspace / "others", "V2_0", others),
    ]
    handler = workspace / "custom/amplify/auth/create-auth-challenge/src/handler.rs"
    send = 'warn!("no code was sent: `deliver` in handler.rs is not implemented yet");'
    code = json.dumps(str(workspace / "custom/code"))
    source = handler.read_text()
    assert send in source, source
    handler.write_text(source.replace(send, f"std::fs::write({code}, _code)?;\n    {send}"))
    return projects


def make_project(project, version, kinds):
    (project / "amplify").mkdir(parents=True)
    new = [PROGRAM, "new", "auth-trigger", "--quiet", "--path", project]
    for kind in kinds:
        run(*new, kind)
    tokens = ["--event-version", version, "--group", "editors", "--claim", "plan=pro"]
    # Names are unique in the workspace.
    run(*new, "pre-token-generation", *tokens, "--name", f"tokens-{project.name}")
    return project


def build(workspace):
    """Builds all functions, to where `cargo lambda` would. It takes minutes for a release."""
    target = Path(os.environ["TARGET"])
    environment = os.environ | {"CARGO_TARGET_DIR": target, "CARGO_PROFILE_DEV_DEBUG": "0"}
    run("cargo", "build", "--quiet", cwd=workspace, env=environment)
    for crate in workspace.glob("*/amplify/auth/*/Cargo.toml"):
        name = crate.parent.name
        directory = workspace / "target/lambda" / name
        directory.mkdir(parents=True)
        shutil.copy(target / "debug" / name, directory / "bootstrap")


def deploy(project):
    """As `docs/deploy.md` says, with the AWS CLI alone."""
    package(project)
    stack = ["--stack-name", project.name, "--capabilities", "CAPABILITY_IAM"]
    run_quietly(*AWS, "deploy", "--template-file", "packaged.yaml", *stack, cwd=project)
    describe = [*AWS, "describe-stacks", "--stack-name", project.name]
    described = subprocess.check_output(describe)
    outputs = subprocess.check_output([PROGRAM, "outputs"], input=described)
    (project / "amplify_outputs.json").write_bytes(outputs)


def package(project):
    synth = [PROGRAM, "synth", "--engine", "cloudformation", "--out", "template.json", "--quiet"]
    run(*synth, cwd=project)
    files = ["--template-file", "template.json", "--output-template-file", "packaged.yaml"]
    run_quietly(*AWS, "package", *files, "--s3-bucket", "functions", cwd=project)


def call_functions(project):
    """Calls each function of a stack with a sample event: the emulator does not know all triggers."""
    directories = sorted(path.parent for path in project.glob("amplify/auth/*/events"))
    functions = json.loads(outputs_of(project.name)["definedFunctions"])
    assert len(functions) == len(directories), functions
    for directory, function in zip(directories, functions):
        event = min(directory.glob("events/*.json"))
        client = boto3.client("lambda")
        reply = client.invoke(FunctionName=function, Payload=event.read_bytes())
        assert "FunctionError" not in reply, (event, reply["Payload"].read())


def deploy_stages(app):
    """Deploys the example with values per environment by the commands that are shown with it."""
    text = (ROOT / "docs/deploy.md").read_text()
    section = text.split("## Values per environment\n")[1].split("\n## ")[0]
    blocks = re.findall(r"```(\w+)\n(.*?)```", section, re.DOTALL)
    for example in (block for language, block in blocks if language == "toml"):
        file = app / example.splitlines()[0].removeprefix("# ")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(example)
    binaries = app / "target/lambda/pre-token-generation"
    binaries.mkdir(parents=True)
    (binaries / "bootstrap").touch()
    package(app)
    for commands in (block for language, block in blocks if language == "sh"):
        run_quietly("bash", "-ec", commands, cwd=app)
    for stack, stage, urls in [
        ("my-app-dev", "dev", "http://localhost:5173/"),
        ("my-app-prod", "prod", "https://app.example.com/,myapp://"),
    ]:
        outputs = outputs_of(stack)
        assert outputs["oauthRedirectSignIn"] == urls, (stack, outputs)
        [function] = json.loads(outputs["definedFunctions"])
        configuration = boto3.client("lambda").get_function_configuration(FunctionName=function)
        variables = configuration["Environment"]["Variables"]
        assert variables["STAGE"] == stage, (stack, variables)
    print("one template is deployed as two stages")


def outputs_of(stack):
    [described] = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}


def archive(name):
    """A zip file with an empty file."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr(name, "")
    return data.getvalue()


def run_quietly(*command, **options):
    """Runs a command that prints its progress, which is of interest only if it fails."""
    result = subprocess.run(command, capture_output=True, text=True, **options)
    assert result.returncode == 0, f"{result.stdout}{result.stderr}"


def run(*command, **options):
    subprocess.run(command, check=True, **options)


main()
