#!/usr/bin/env bash
# xlsx2csv 0.8.6, on a workbook written by openpyxl 3.1.5.
# Belief: the time beside a day in a spreadsheet comes out of its conversion to CSV as it was.
# Seen: nine in the evening becomes 09:00, without a mark, in the format that openpyxl gives a time by
#   itself: h without AM or PM counts to 24 in a workbook, and to 12 there. With hh for the hour it is right.
source "$(dirname "$0")/environment.sh"
install xlsx2csv==0.8.6 openpyxl==3.1.5
cat > day.py <<'PY'
import subprocess
from datetime import datetime

import openpyxl

book = openpyxl.Workbook()
times = [datetime(2026, 2, 4, hour) for hour in (6, 9, 18, 21)]
for time in times:
    book.active.append([time, time, 4])
for row in book.active.iter_rows():
    row[1].number_format = "yyyy-mm-dd hh:mm:ss"
print("format of a time:", book.active["A1"].number_format, "  and beside it:", row[1].number_format)
book.save("diary.xlsx")

# What is in the file, read as values:
read = openpyxl.load_workbook("diary.xlsx").active
assert [row[0].value for row in read.iter_rows()] == times

lines = subprocess.check_output(["venv/bin/xlsx2csv", "diary.xlsx"], text=True).split("\n")
one, two = zip(*(line.split(",")[:2] for line in lines if line))
print("written:", *(f"{time:%H:%M}" for time in times))
print("h: ", *(text.split()[1][:5] for text in one))
print("hh:", *(text.split()[1][:5] for text in two))
assert [text.split()[1][:5] for text in two] == ["06:00", "09:00", "18:00", "21:00"]
assert [text.split()[1][:5] for text in one] == ["06:00", "09:00", "06:00", "09:00"], "h counts to 24 now"
PY
"$python" day.py
