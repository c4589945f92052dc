"""Has SAM read the values that `docs/deploy.md` gives to parameters, as a shell passes them on."""

import json
import re
import subprocess
import sys
from pathlib import Path

from samcli.cli.types import CfnParameterOverridesType

ROOT = Path(__file__).resolve().parents[2]
WORK = Path("work")
KEY = "-----BEGIN PRIVATE KEY-----\nMIGTAgEAMBMG AyqGSM49AgEG==\n-----END PRIVATE KEY-----"


def main():
    (WORK / "key.p8").write_text(KEY + "\n")
    document = (ROOT / "docs/deploy.md").read_text()
    found = re.findall(r"^sam deploy --parameter-overrides (.*)$", document, re.MULTILINE)
    assert found, "the document gives no values"
    for arguments in found:
        script = "import json, sys; print(json.dumps(sys.argv[1:]))"
        shell = f"{sys.executable} -c '{script}' {arguments}"
        passed = subprocess.run(["sh", "-euc", shell], cwd=WORK, check=True, stdout=subprocess.PIPE)
        values = CfnParameterOverridesType().convert(tuple(json.loads(passed.stdout)), None, None)
        assert values["ApplePrivateKey"] == KEY, values
    print(f"SAM reads the values of {len(found)} commands as they are")


main()
