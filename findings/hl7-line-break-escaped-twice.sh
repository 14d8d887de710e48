#!/usr/bin/env bash
# hl7apy 1.3.5 beside hl7 0.4.5.
# Belief: a note read from an HL7 v2 message and written again is the same note.
# Seen: hl7apy leaves escapes as they are when it reads, and escapes the line break (\.br\) once more
#   when it writes; a bare "&" that a program sets is not escaped at all and splits the note in two for
#   the next reader. hl7 has an unescape of its own and gives the text back.
source "$(dirname "$0")/environment.sh"
install hl7apy==1.3.5 hl7==0.4.5
"$python" - <<'PY'
import hl7
from hl7apy.core import Segment
from hl7apy.parser import parse_message

message = "\r".join([
    r"MSH|^~\&|DIARY|HOME|EHR|SPINE|20261129080000||ORU^R01|1|P|2.5",
    r"OBX|1|ST|72514-3^Pain severity^LN||leg \T\ back\.br\worse at night||||||F",
]) + "\r"
written = parse_message(message, find_groups=False).obx.obx_5.to_er7()
print("hl7apy writes", written)
assert written == r"leg \T\ back\E\.br\E\worse at night", "hl7apy writes line breaks as it read them now"
note = Segment("OBX", version="2.5")
note.obx_5 = "leg & back | worse"
print("hl7apy sets  ", note.to_er7())
assert note.to_er7().endswith(r"leg & back \F\ worse"), "hl7apy escapes & now"
parsed = hl7.parse(message)
text = parsed.unescape(str(parsed.segment("OBX")[5][0]))
print("hl7 reads    ", repr(text))
assert text.startswith("leg & back") and "\\" not in text
PY
