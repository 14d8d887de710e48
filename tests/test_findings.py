"""The index of findings names every script, and every script can be run and says what it found."""

import os
import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "findings"
SCRIPTS = sorted(p for p in FOLDER.glob("*.sh") if p.name != "environment.sh")


def test_every_finding_is_in_the_index_and_nothing_else_is():
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| \[([a-z0-9-]+)\]\(\1\.sh\) \|", index, flags=re.MULTILINE)
    assert listed == [script.stem for script in SCRIPTS]


def test_every_finding_runs_pinned_packages_and_says_what_was_believed_and_seen():
    for script in SCRIPTS:
        text = script.read_text(encoding="utf-8")
        assert os.access(script, os.X_OK), script.name
        assert "\n# Belief: " in text, script.name
        assert "\n# Seen: " in text, script.name
        (packages,) = re.findall(r"^install (.+)$", text, flags=re.MULTILINE)
        unpinned = [p for p in packages.split() if "==" not in p]
        assert unpinned in ([], ["tzdata"]), (script.name, unpinned)
        assert "://" not in text.replace("http://hl7.org/fhir/", ""), script.name
