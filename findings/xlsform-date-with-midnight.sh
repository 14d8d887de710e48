#!/usr/bin/env bash
# pyxform 4.5.0 with openpyxl 3.1.5.
# Belief: a default typed as a date into the spreadsheet of an XLSForm ("date" question, next visit)
#   becomes that date in the form.
# Seen: it becomes "2026-03-01 00:00:00", which is no date to XForms clients. Dates have to be typed
#   as text.
source "$(dirname "$0")/environment.sh"
install pyxform==4.5.0 openpyxl==3.1.5
"$python" - <<'PY'
import datetime
import re

import openpyxl
from pyxform.xls2xform import convert

book = openpyxl.Workbook()
survey = book.active
survey.title = "survey"
survey.append(["type", "name", "label", "default"])
survey.append(["date", "visit", "Next visit", datetime.date(2026, 3, 1)])
survey.append(["date", "typed", "The same as text", "2026-03-02"])
settings = book.create_sheet("settings")
settings.append(["form_id"])
settings.append(["diary"])
book.save("form.xlsx")
form = convert("form.xlsx", validate=False).xform
found = {name: re.search(f"<{name}>([^<]*)<", form)[1] for name in ("visit", "typed")}
print(found)
assert found == {"visit": "2026-03-01 00:00:00", "typed": "2026-03-02"}, "date cells become dates now"
PY
