"""Builds a generated project with SAM, and runs what comes out as Lambda would."""

import json
import os
import shutil
import subprocess
import tempfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ["CARGO_AMPLIFY"]


def first_answer(bootstrap, event):
    """Starts a binary, gives it an event, and returns what it answers."""
    answers = []

    class RuntimeApi(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Lambda-Runtime-Aws-Request-Id", "1")
            self.send_header("Lambda-Runtime-Deadline-Ms", "9999999999999")
            self.send_header("Content-Length", str(len(event)))
            self.end_headers()
            self.wfile.write(event)

        def do_POST(self):
            answers.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), RuntimeApi)
    server.timeout = 30
    environment = {
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_port}",
        "AWS_LAMBDA_FUNCTION_NAME": "function",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_LAMBDA_FUNCTION_VERSION": "1",
    }
    process = subprocess.Popen([bootstrap], env=environment)
    try:
        for _ in range(4):
            server.handle_request()
            if answers:
                return json.loads(answers[0])
        raise AssertionError(f"{bootstrap} does not answer")
    finally:
        process.kill()
        server.server_close()


def main():
    # Outside the repository, whose Cargo.toml would be that of the project.
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))


def build(app):
    for trigger in ["pre-token-generation", "pre-sign-up"]:
        subprocess.run([PROGRAM, "new", "auth-trigger", trigger, "--quiet"], check=True, cwd=app)
    shutil.copy(ROOT / "tests/generated.lock", app / "Cargo.lock")
    subprocess.run([PROGRAM, "synth", "--out", "template.json", "--quiet"], check=True, cwd=app)
    subprocess.run(["sam", "build", "--template", "template.json"], check=True, cwd=app)
    built = app / ".aws-sam/build"
    assert os.access(built / "PreSignUpFunction/bootstrap", os.X_OK)
    events = app / "amplify/auth/pre-token-generation/events"
    event = (events / "TokenGeneration_Authentication.json").read_bytes()
    answer = first_answer(built / "PreTokenGenerationFunction/bootstrap", event)
    claims = answer["response"]["claimsOverrideDetails"]["claimsToAddOrOverride"]
    assert claims == {"amplfy_attribute": "amplify_gen_2"}, answer
    print("what sam build has made answers")


main()
