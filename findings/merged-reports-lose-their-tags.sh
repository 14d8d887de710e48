#!/usr/bin/env bash
# pikepdf 10.18.0 and PyMuPDF 2.0 on PDF/UA files made by typst 0.15.2.
# Belief: two tagged one-page reports put into one file are a tagged two-page file, or the file stops
#   claiming to be accessible.
# Seen: the file goes on claiming PDF/UA-1. With pikepdf both pages name entry 0 of the first report's
#   parent tree, so a screen reader reads page one's structure for page two; with PyMuPDF page two has
#   none. One typst document for all reports keeps both.
source "$(dirname "$0")/environment.sh"
install typst==0.15.2 pikepdf==10.18.0 pymupdf==2.0
"$python" - <<'PY'
import pikepdf
import pymupdf
import typst

for name in ("one", "two"):
    source = f'#set document(title: "{name}")\n= Report {name}\nBack pain 4 of 10.\n'
    open(f"{name}.typ", "w", encoding="utf-8").write(source)
    open(f"{name}.pdf", "wb").write(typst.compile(f"{name}.typ", pdf_standards="ua-1"))


def claims(path):
    with pikepdf.open(path) as file, file.open_metadata() as metadata:
        return metadata.get("pdfuaid:part"), [page.get("/StructParents") for page in file.pages]


with pikepdf.open("one.pdf") as first, pikepdf.open("two.pdf") as second:
    first.pages.extend(second.pages)
    first.save("pikepdf.pdf")
both = pymupdf.open("one.pdf")
both.insert_pdf(pymupdf.open("two.pdf"))
both.save("pymupdf.pdf")
for path in ("pikepdf.pdf", "pymupdf.pdf"):
    print(path, "PDF/UA part", *claims(path))
assert claims("pikepdf.pdf") == ("1", [0, 0]), "pikepdf changed"
assert claims("pymupdf.pdf") == ("1", [0, None]), "PyMuPDF changed"
PY
