"""Adds up the test results of a run and ends with one line, "N passed, N failed"."""

import sys
from pathlib import Path
from xml.etree import ElementTree

passed = failed = 0
for file in sorted(Path(sys.argv[1]).glob("*.xml")):
    for suite in ElementTree.parse(file).getroot().iter("testsuite"):
        bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        failed += bad
        passed += int(suite.get("tests", 0)) - bad - int(suite.get("skipped", 0))
sys.stdout.write(f"{passed} passed, {failed} failed\n")
sys.exit(failed > 0 or passed == 0)
