#!/usr/bin/env bash
# typst 0.15.2, read by pypdfium2 5.15.2, pypdf 7.1.1 and pdfminer.six 20260107.
# Belief: a long word that was hyphenated at the end of a line comes out of a PDF whole, or with a hyphen.
# Seen: pypdf and pdfminer give a soft hyphen and a line break. PDFium joins the lines and puts U+0002
#   there with `get_text_bounded` and U+FFFE, which is no character, with `get_text_range`. XML allows
#   neither, so the text of a report cannot be put into a CDA document or a workbook as it is.
source "$(dirname "$0")/environment.sh"
install typst==0.15.2 pypdfium2==5.15.2 pypdf==7.1.1 pdfminer.six==20260107
"$python" - <<'PY'
from xml.etree import ElementTree

import pypdf
import pypdfium2
import typst
from pdfminer.high_level import extract_text

WORD = "Spondylolisthesis"
page = "#set page(width: 110pt, height: auto, margin: 10pt)\n#set text(lang: \"en\", hyphenate: true)\n"
open("report.typ", "w").write(f"{page}Radiculopathy improved. {WORD} as before.\n")
open("report.pdf", "wb").write(typst.compile("report.typ"))
text = pypdfium2.PdfDocument("report.pdf")[0].get_textpage()
read = {
    "pypdf": pypdf.PdfReader("report.pdf").pages[0].extract_text(),
    "pdfminer": extract_text("report.pdf").strip(),
    "PDFium, bounded": text.get_text_bounded(),
    "PDFium, range": text.get_text_range(),
}


def is_xml(content):
    element = ElementTree.Element("text")
    element.text = content
    try:
        ElementTree.fromstring(ElementTree.tostring(element, "utf-8"))
    except ElementTree.ParseError:
        return False
    return True


for reader, content in read.items():
    print(f"{reader:16} {content!r}   XML: {is_xml(content)}")
assert not any(WORD in content for content in read.values()), "somebody reads the word whole now"
assert "\u00ad\n" in read["pypdf"] and "\u00ad\n" in read["pdfminer"]
assert "\x02" in read["PDFium, bounded"] and "\ufffe" in read["PDFium, range"]
assert not is_xml(read["PDFium, bounded"]) and not is_xml(read["PDFium, range"])
PY
