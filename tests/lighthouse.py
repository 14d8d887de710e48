"""`make lighthouse`: Google's Lighthouse on the patient's home page and daily entry.

Not part of the tests: it needs Node and the package `lighthouse`, which nothing here installs.
`LIGHTHOUSE` names the command if it is not on the path.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urljoin

from tests.cli.server import Server, Visitor, hidden_fields

#: Category to the least it must score, of 100.
BARS = {"accessibility": 100, "best-practices": 95, "performance": 95}
_CHROME = "--headless=new --no-sandbox --disable-gpu"


def command() -> list[str]:
    """How Lighthouse is called here; ends with one clear line where it is not installed."""
    if named := os.environ.get("LIGHTHOUSE"):
        return [named]
    if found := shutil.which("lighthouse"):
        return [found]
    asked = ["npx", "--no-install", "lighthouse"]
    if (
        shutil.which("npx")
        and not subprocess.run([*asked, "--version"], capture_output=True).returncode
    ):
        return asked
    sys.exit("Lighthouse is not installed. With Node: npm install --global lighthouse")


def scores(lighthouse: list[str], address: str, cookie: str) -> dict[str, float]:
    """Each category's score; what lowers one is named on the way."""
    with tempfile.TemporaryDirectory() as folder:
        headers, report = Path(folder, "headers.json"), Path(folder, "report.json")
        headers.write_text(json.dumps({"Cookie": cookie}))
        options = {
            "extra-headers": headers,
            "output-path": report,
            "only-categories": ",".join(BARS),
            "chrome-flags": _CHROME,
        }
        subprocess.run(
            [*lighthouse, address, "--quiet", "--output=json"]
            + [f"--{name}={value}" for name, value in options.items()],
            check=True,
            env={"CHROME_PATH": shutil.which("chromium") or "", **os.environ},
        )
        found = json.loads(report.read_text())
    for audit in found["audits"].values():
        if audit["score"] is not None and audit["score"] < 0.9:
            sys.stdout.write(f"    {audit['title']}: {audit.get('displayValue', '')}\n")
    return {name: 100 * found["categories"][name]["score"] for name in BARS}


def main() -> int:
    """0 where every score of both pages reaches its bar."""
    lighthouse = command()
    server = Server("demo", "--port", 0)
    try:
        link = server.line_with("patient: ")
        visitor = Visitor(link)
        _, confirm = visitor.get(link)
        _, where, _ = visitor.send("POST", link, hidden_fields(confirm))
        _, home = visitor.get(where)
        entry = re.search(r'href="([^"]*/day/[^"/]*)"', home)
        assert entry is not None
        own = re.match(r"/p/[^/]*/", entry[1])
        assert own is not None
        cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        below = 0
        for name, path in (("home", own[0]), ("entry", entry[1])):
            found = scores(lighthouse, urljoin(link, path), cookie)
            for category, score in found.items():
                below += score < BARS[category]
                line = f"{name:<8}{category:<16}{score:>5.0f}  must be at least {BARS[category]}\n"
                sys.stdout.write(line)
    finally:
        server.stop()
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
