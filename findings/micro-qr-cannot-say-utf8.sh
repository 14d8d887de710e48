#!/usr/bin/env bash
# segno 1.6.6, read by zxing-cpp 3.1.1.
# Belief: `segno.make(text, encoding="utf-8", eci=True)` is the safe way to put any short text of a
#   report into a code.
# Seen: a short text becomes a Micro QR code unless `micro=False` is said, Micro QR has no way to name
#   an encoding, and with `eci=True` the code reads as another text altogether.
source "$(dirname "$0")/environment.sh"
install segno==1.6.6 zxing-cpp==3.1.1 pillow==12.0.0 numpy==2.4.6
"$python" - <<'PY'
import io

import numpy
import segno
import zxingcpp
from PIL import Image


def read(code):
    picture = io.BytesIO()
    code.save(picture, kind="png", scale=8, border=4)
    return [found.text for found in zxingcpp.read_barcodes(numpy.array(Image.open(picture).convert("L")))]


text = "RT1 pain 4"
named = segno.make(text, error="m", encoding="utf-8", eci=True)
full = segno.make(text, error="m", encoding="utf-8", eci=True, micro=False)
print(named.designator, read(named), "   micro=False:", full.designator, read(full))
assert named.is_micro and read(named) != [text], "segno no longer makes a Micro QR code that reads otherwise"
assert read(full) == [text]
PY
