#!/usr/bin/env bash
# fitdecode 0.11.0, fitparse 1.2.0, garmin-fit-sdk 21.218.0 (which writes the file).
# Belief: `local_timestamp` of a watch's monitoring file tells the wearer's clock, and a reader says
#   whether a time is local or UTC.
# Seen: 23:00 on the wearer's clock (21:00 UTC) is given as 23:00 *UTC* by fitdecode and as 23:00
#   without a zone by fitparse, beside a `timestamp` that is UTC; the maker's own kit leaves it a bare
#   number. Evening steps move to the next day for whoever converts it once more.
source "$(dirname "$0")/environment.sh"
install fitdecode==0.11.0 fitparse==1.2.0 garmin-fit-sdk==21.218.0
"$python" - <<'PY'
from datetime import UTC, datetime

import fitdecode
from fitparse import FitFile
from garmin_fit_sdk import Decoder, Encoder, Profile, Stream

evening = datetime(2026, 7, 1, 21, tzinfo=UTC)
local = int((datetime(2026, 7, 1, 23, tzinfo=UTC) - datetime(1989, 12, 31, tzinfo=UTC)).total_seconds())
encoder = Encoder()
kinds = Profile["mesg_num"]
encoder.on_mesg(kinds["FILE_ID"], {"type": "monitoring_b", "manufacturer": "development", "product": 0, "serial_number": 1, "time_created": evening})
encoder.on_mesg(kinds["MONITORING_INFO"], {"timestamp": evening, "local_timestamp": local, "activity_type": ["walking"]})
data = encoder.close()
open("day.fit", "wb").write(data)

kit = Decoder(Stream.from_byte_array(bytearray(data))).read()[0]["monitoring_info_mesgs"][0]["local_timestamp"]
with fitdecode.FitReader("day.fit") as reader:
    labelled = next(f.get_value("local_timestamp") for f in reader if isinstance(f, fitdecode.FitDataMessage) and f.name == "monitoring_info")
bare = next(m.get_value("local_timestamp") for m in FitFile("day.fit").get_messages("monitoring_info"))
print("maker's kit", kit, "  fitdecode", labelled, "  fitparse", bare)
assert kit == local
assert labelled == datetime(2026, 7, 1, 23, tzinfo=UTC), "fitdecode no longer calls local time UTC"
assert bare == datetime(2026, 7, 1, 23), "fitparse changed"
PY
