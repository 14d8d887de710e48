"""`make bench-apple`: a gigabyte of Apple Health beside a bare `lxml.iterparse` loop, in one run.

Both read the same file, in turns, each in a process of its own: their time of the processor is
compared, and the memory at its highest. Then a running diary gets the file on its page, and its
first page is asked for meanwhile.
"""

import http.client
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from tests.cli.server import Server, Visitor, hidden_fields

#: The kinds of records as exports have them, with the share that each takes: heart rate and energy
#: of a watch, which we leave out, are more than half.
_KINDS = (
    ("HeartRate", "count/min", 34),
    ("ActiveEnergyBurned", "kcal", 24),
    ("StepCount", "count", 18),
    ("DistanceWalkingRunning", "km", 14),
    ("BasalEnergyBurned", "kcal", 6),
    ("WalkingSpeed", "km/hr", 4),
)
_PROLOG = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE HealthData [\n'
    "<!ELEMENT HealthData (ExportDate,Me,Record*)>\n]>\n"
    '<HealthData locale="en_GB">\n <ExportDate value="2026-06-11 08:00:00 +0200"/>\n'
)
SIZE = 1_000_000_000
_BAR_SPEED, _BAR_MEMORY = 1 / 3, 256


def make(file: Path, size: int = SIZE) -> int:
    """An export of about this size is in the file; gives the number of its records."""
    rng = Random(14)
    start, step = datetime(2018, 1, 1, tzinfo=UTC), timedelta(seconds=61)
    names = [kind for kind, _, share in _KINDS for _ in range(share)]
    units = {kind: unit for kind, unit, _ in _KINDS}
    written = count = 0
    with file.open("w", encoding="utf-8") as out:
        written += out.write(_PROLOG)
        while written < size:
            lines = []
            for _ in range(5_000):
                kind = rng.choice(names)
                source = "Kim’s Watch" if rng.random() < 0.7 else "Kim’s iPhone"
                at, start = start, start + step
                # The offset is the one of the day of the export, as Apple prints it.
                began, ended = (
                    f"{one + timedelta(hours=2):%Y-%m-%d %H:%M:%S} +0200"
                    for one in (at, at + timedelta(seconds=55))
                )
                value = rng.randint(1, 99) if kind == "StepCount" else round(rng.random() * 5, 3)
                lines.append(
                    f' <Record type="HKQuantityTypeIdentifier{kind}" sourceName="{source}" '
                    f'sourceVersion="10.4" device="&lt;&lt;HKDevice: 0x30{count % 9999:04}&gt;, '
                    'name:Apple Watch, manufacturer:Apple Inc., hardware:Watch6,2&gt;" '
                    f'unit="{units[kind]}" creationDate="{ended}" startDate="{began}" '
                    f'endDate="{ended}" value="{value}"/>\n'
                )
                count += 1
            written += out.write("".join(lines))
        out.write("</HealthData>\n")
    return count


def _bare(file: Path) -> None:
    """The least that can be done with the file: every record passes by and is let go of."""
    from lxml import etree

    for _, element in etree.iterparse(str(file), events=("end",), tag="Record", huge_tree=False):
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _ours(file: Path) -> None:
    from recovery_tracker.exchange.incoming import read_file

    found = read_file(file, zone="Europe/Berlin")
    sys.stderr.write(f"{len(found.passive):,} daily values\n")


def _measured(what: str, file: Path) -> tuple[float, float]:
    """Seconds of the processor and megabytes at most of one reading in a process of its own."""
    code = f"from tests.bench import apple; apple.alone({what!r}, {str(file)!r})"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True
    )
    seconds, megabytes = done.stdout.split()
    return float(seconds), float(megabytes)


def alone(what: str, file: str) -> None:
    """Reads the file once and says what it took."""
    start = time.process_time()
    {"bare": _bare, "ours": _ours}[what](Path(file))
    taken = time.process_time() - start
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{taken:.2f} {highest:.0f}\n")


def _page_meanwhile(file: Path) -> str:
    """How long the first page of a running diary takes while it reads the file, packed, beside."""
    packed = file.with_suffix(".zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.write(file, "apple_health_export/export.xml")
    server = Server("demo", "--port", 0)
    try:
        link = server.line_with("patient: ")
        visitor = Visitor(link)
        _, page = visitor.get(link)
        visitor.send("POST", link, hidden_fields(page))
        _, page = visitor.get("/")
        home = re.search(r"/p/[\w-]+/", page)[0]
        idle = [_seconds(visitor, home) for _ in range(20)]
        reading = _sent(visitor, f"{home}data", packed)
        began, busy = time.perf_counter(), []
        while 'id="reading"' in visitor.get(reading)[1]:
            busy.append(_seconds(visitor, home))
        taken = time.perf_counter() - began
    finally:
        server.stop()
    told = f"{1000 * statistics.median(busy):.0f} ms, at most {1000 * max(busy):.0f} ms"
    return (
        f"the first page meanwhile: {told} (idle {1000 * statistics.median(idle):.0f} ms), "
        f"asked {len(busy)} times; {packed.stat().st_size / 1e6:.0f} MB packed, "
        f"read on the page in {taken:.0f} s\n"
    )


def _seconds(visitor: Visitor, path: str) -> float:
    start = time.perf_counter()
    status, _ = visitor.get(path)
    assert status == 200
    return time.perf_counter() - start


def _sent(visitor: Visitor, page: str, file: Path) -> str:
    """The file is sent as the form of the page sends it; gives where that leads."""
    fields = hidden_fields(visitor.get(page)[1])
    mark = "a-mark-between-the-parts"
    head = "".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    head += (
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="export.zip"\r\n'
        "Content-Type: application/zip\r\n\r\n"
    )
    body = head.encode() + file.read_bytes() + f"\r\n--{mark}--\r\n".encode()
    connection = http.client.HTTPConnection(visitor.host, timeout=300)
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in visitor.cookies.items()),
        "Origin": f"http://{visitor.host}",
        "Content-Type": f"multipart/form-data; boundary={mark}",
    }
    connection.request("POST", f"{page}/look", body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 303, answer.status
    return answer.headers["Location"]


def main() -> None:
    """Print what both took; the exit status says whether ours was fast and small enough."""
    turns = int(os.environ.get("TURNS", "2"))
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        file = Path(folder) / "export.xml"
        count = make(file, int(os.environ.get("BYTES", SIZE)))
        sys.stdout.write(f"{file.stat().st_size / 1e9:.2f} GB, {count:,} records\n")
        bare, ours = [], []
        for _ in range(turns):
            bare.append(_measured("bare", file))
            ours.append(_measured("ours", file))
        sys.stdout.write(_page_meanwhile(file))
    best_bare, best_ours = min(bare), min(ours)
    share = best_bare[0] / best_ours[0]
    most = max(megabytes for _, megabytes in ours)
    for name, (seconds, megabytes) in (("bare loop", best_bare), ("import", best_ours)):
        sys.stdout.write(f"{name:<12}{seconds:>8.1f} s {megabytes:>8.0f} MB\n")
    sys.stdout.write(f"speed of the bare loop that is reached: {share:.0%} (at least a third)\n")
    sys.exit(not (share >= _BAR_SPEED and most < _BAR_MEMORY))


if __name__ == "__main__":
    main()
