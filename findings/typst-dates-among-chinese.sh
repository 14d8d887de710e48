#!/usr/bin/env bash
# typst 0.15.2, read by pypdfium2 5.15.2, pypdf 7.1.1 and PyMuPDF 2.0.
# Belief: "2026年11月28日" in a report is found by searching for it in the PDF.
# Seen: typst sets a quarter em between digits and Chinese; readers make blanks of it, and not all the
#   same ones, so the date cannot be searched. `cjk-latin-spacing: none` makes all of them agree.
source "$(dirname "$0")/environment.sh"
install typst==0.15.2 pypdfium2==5.15.2 pypdf==7.1.1 pymupdf==2.0 cvttf-notosanscjk-medium==1.0
"$python" - <<'PY'
import sys

import pymupdf
import pypdf
import pypdfium2
import typst

DATE = "2026年11月28日"


def read(setting):
    page = f'#set text(font: "Noto Sans CJK TC", lang: "zh", region: "tw"{setting})\n{DATE} 疼痛4分\n'
    open("report.typ", "w", encoding="utf-8").write(page)
    open("report.pdf", "wb").write(typst.compile("report.typ", font_paths=[sys.prefix]))
    return {
        "pypdfium2": pypdfium2.PdfDocument("report.pdf")[0].get_textpage().get_text_bounded(),
        "pypdf": pypdf.PdfReader("report.pdf").pages[0].extract_text(),
        "PyMuPDF": pymupdf.open("report.pdf")[0].get_text().strip(),
    }


spaced, tight = read(""), read(", cjk-latin-spacing: none")
for reader, text in spaced.items():
    print(f"{reader:10} {text!r}   with none: {tight[reader]!r}")
assert not any(DATE in text for text in spaced.values()), "the date is found as it was written now"
assert len(set(spaced.values())) > 1, "the readers agree now"
assert all(DATE in text for text in tight.values())
PY
