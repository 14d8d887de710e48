"""Adds up the results of a run, names what was skipped, and ends with "N passed, N failed".

`count.py FOLDER PART...`: each part of the tests left PART.xml there, and each part that failed, of
tests or not, an empty NAME.failed. A part of the tests that left no results counts as one failure.
"""

import sys
from pathlib import Path
from xml.etree import ElementTree

MOST_SKIPPED = 5

folder, parts = Path(sys.argv[1]), sys.argv[2:]
passed = failed = 0
for part in parts:
    file = folder / f"{part}.xml"
    if not file.exists():
        failed += 1
        continue
    for suite in ElementTree.parse(file).getroot().iter("testsuite"):
        bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        failed += bad
        passed += int(suite.get("tests", 0)) - bad - int(suite.get("skipped", 0))
        skipped = [
            (case.get("name"), why.get("message") or "no reason")
            for case in suite.iter("testcase")
            for why in case.iter("skipped")
        ]
        for name, why in skipped:
            sys.stdout.write(f"skipped: {name}: {why}\n")
        if len(skipped) > MOST_SKIPPED:
            sys.stdout.write(f"{part}: {len(skipped)} tests were skipped, at most {MOST_SKIPPED}\n")
            failed += 1
if broken := sorted(file.stem for file in folder.glob("*.failed")):
    sys.stdout.write(f"failed: {', '.join(broken)}\n")
sys.stdout.write(f"{passed} passed, {failed} failed\n")
sys.exit(failed > 0 or passed == 0 or bool(broken))
