#!/usr/bin/env bash
# fit-tool 0.9.16, garmin-fit-sdk 21.218.0 (which writes the file).
# Belief: `cycles` of a monitoring message is the same number in every reader.
# Seen: 1,500 walking cycles are 3,000 steps. The maker's kit gives both names their own number;
#   fit-tool gives 3,000 for either, so doubling its cycles doubles the day.
source "$(dirname "$0")/environment.sh"
install fit-tool==0.9.16 garmin-fit-sdk==21.218.0
"$python" - <<'PY'
from datetime import UTC, datetime

from fit_tool.fit_file import FitFile
from fit_tool.profile.messages.monitoring_message import MonitoringMessage
from garmin_fit_sdk import Decoder, Encoder, Profile, Stream

at = datetime(2026, 7, 1, 21, tzinfo=UTC)
encoder = Encoder()
kinds = Profile["mesg_num"]
encoder.on_mesg(kinds["FILE_ID"], {"type": "monitoring_b", "manufacturer": "development", "product": 0, "serial_number": 1, "time_created": at})
encoder.on_mesg(kinds["MONITORING"], {"timestamp": at, "activity_type": "walking", "cycles": 1500.0})
data = encoder.close()
open("day.fit", "wb").write(data)
kit = Decoder(Stream.from_byte_array(bytearray(data))).read()[0]["monitoring_mesgs"][0]
other = next(r.message for r in FitFile.from_file("day.fit").records if isinstance(r.message, MonitoringMessage))
print("maker's kit: cycles", kit["cycles"], "steps", kit["steps"], "  fit-tool: cycles", other.cycles, "steps", other.steps)
assert (kit["cycles"], kit["steps"]) == (1500.0, 3000)
assert (other.cycles, other.steps) == (3000, 3000), "fit-tool tells cycles from steps now"
PY
