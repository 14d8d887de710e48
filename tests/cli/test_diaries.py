"""`assess` and `replay` on files, real and simulated, good and bad."""

import csv
import json
import os
import resource
from datetime import date
from itertools import chain

import pikepdf
import pytest

from recovery_tracker.domain.flags import Pattern, Status, Urgency
from recovery_tracker.exchange.flags_csv import COLUMNS

from .conftest import EXAMPLE

OPERATED = "2026-01-12"
FIELDS = {"pattern", "urgency", "raised_on", "cleared_on", "since", "summary", "evidence"}
EVIDENCE = {"signals", "days_used", "days_missing", "for", "against", "rule_set"}


def assess(command, file, operated, *more):
    return command("assess", file, "--surgery-date", operated, "--region", "lumbar", *more)


def test_a_diary_is_assessed_honestly(command):
    said = assess(command, EXAMPLE, OPERATED)
    assert said.status == 0
    assert "not a diagnosis" in " ".join(said.out.split())
    assert "all is well" not in said.out
    assert "never validated in patients" in " ".join(said.out.split())
    assert max(len(line) for line in said.out.splitlines()) <= 100


def test_the_json_of_a_diary_has_the_promised_fields(command):
    said = assess(command, EXAMPLE, OPERATED, "--json")
    result = json.loads(said.out)
    assert set(result) == {"status", "as_of", "days_logged", "days_expected", "flags"}
    assert result["status"] in {status.value for status in Status}
    assert 0 < result["days_logged"] <= result["days_expected"]
    assert result["flags"]
    for flag in result["flags"]:
        assert set(flag) == FIELDS
        assert set(flag["evidence"]) >= EVIDENCE
        assert flag["pattern"] in {pattern.value for pattern in Pattern}
        assert flag["urgency"] in {urgency.key for urgency in Urgency}
        assert date.fromisoformat(flag["raised_on"]) >= date.fromisoformat(OPERATED)


def test_an_emergency_answer_is_an_emergency(command, tmp_path):
    file = tmp_path / "diary.csv"
    file.write_text("date,axial_pain,signs\n2026-03-01,3,none\n2026-03-02,3,saddle_numbness\n")
    result = json.loads(assess(command, file, "2026-02-01", "--json").out)
    assert result["status"] == "emergency"
    (flag,) = [flag for flag in result["flags"] if flag["urgency"] == "emergency"]
    assert (flag["pattern"], flag["raised_on"]) == ("emergency_sign", "2026-03-02")


def test_what_was_not_known_yet_does_not_count(command, tmp_path):
    """As of a day, only what was dated up to it and recorded by its end."""
    file = tmp_path / "diary.csv"
    file.write_text(
        "date,signs,recorded_at\n"
        "2026-03-01,none,2026-03-01T20:00:00+00:00\n"
        "2026-03-02,fever,2026-03-05T08:00:00+00:00\n"
    )
    before = json.loads(assess(command, file, "2026-02-20", "--as-of", "2026-03-04", "--json").out)
    after = json.loads(assess(command, file, "2026-02-20", "--as-of", "2026-03-05", "--json").out)
    assert (before["days_logged"], len(before["flags"])) == (1, 0)
    assert after["days_logged"] == 2
    assert after["flags"]


def test_an_evening_written_down_after_midnight_is_not_left_out(command, tmp_path):
    """Without --as-of the last entry counts, whenever it was recorded: it may be an emergency."""
    file = tmp_path / "diary.csv"
    file.write_text(
        "date,signs,recorded_at\n"
        "2026-03-01,none,2026-03-01T20:00:00+00:00\n"
        "2026-03-02,saddle_numbness,2026-03-03T00:20:00+00:00\n"
    )
    result = json.loads(assess(command, file, "2026-02-20", "--json").out)
    assert (result["status"], result["as_of"]) == ("emergency", "2026-03-03")


def test_bad_input_is_one_line_and_status_1(command, tmp_path):
    file = tmp_path / "diary.csv"
    file.write_text("date,axial_pain\n2026-03-01,12\n")
    said = assess(command, file, "2026-02-01")
    assert said.status == 1
    assert said.out == ""
    assert said.err == (
        "recovery-tracker: diary.csv, row 2, column axial_pain: "
        "This must be a whole number from 0 to 10.\n"
    )


def test_a_missing_file_and_an_empty_diary_are_bad_input(command, tmp_path):
    said = assess(command, tmp_path / "no.csv", "2026-02-01")
    assert (said.status, said.err.count("\n")) == (1, 1)
    (tmp_path / "empty.csv").write_text("date,axial_pain\n")
    said = assess(command, tmp_path / "empty.csv", "2026-02-01")
    assert said.status == 1
    assert "--as-of" in said.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("assess",),
        ("assess", "x.csv"),
        ("assess", "x.csv", "--surgery-date", "soon", "--region", "lumbar"),
        ("assess", "x.csv", "--surgery-date", "2026-02-30", "--region", "lumbar"),
        ("assess", "x.csv", "--surgery-date", "2026-02-01", "--region", "elbow"),
        (
            "assess",
            "x.csv",
            "--surgery-date",
            "2026-02-01",
            "--region",
            "lumbar",
            "--preop-axial-pain",
            "11",
        ),
        ("replay", "--out", "x.csv"),
        ("nonsense",),
        ("run", "--port", "70000"),
    ],
)
def test_wrong_usage_is_status_2(command, arguments):
    said = command(*arguments)
    assert said.status == 2
    assert "Usage:" in said.err


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    """A small reference cohort, as `simulate` writes it."""
    from recovery_tracker.laboratory.files import write_cohort
    from recovery_tracker.laboratory.simulate import simulate

    folder = tmp_path_factory.mktemp("cohort")
    write_cohort(simulate(40, 240, 11), folder)
    return folder


def replay(command, cohort, out):
    return command(
        "replay",
        "--patients",
        cohort / "patients.csv",
        "--diary",
        cohort / "diary.csv",
        "--out",
        out,
    )


def rows_of(file):
    with file.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_replay_writes_every_flag_ordered(command, cohort, tmp_path):
    out = tmp_path / "flags.csv"
    assert replay(command, cohort, out).status == 0
    flags = rows_of(out)
    assert flags
    assert tuple(flags[0]) == COLUMNS
    keys = [(flag["patient_id"], flag["raised_on"]) for flag in flags]
    assert keys == sorted(keys)
    for flag in flags:
        assert set(json.loads(flag["evidence"])) >= EVIDENCE
        assert flag["summary"]


def test_replay_and_assess_tell_the_same(command, cohort, tmp_path):
    """The batch of a cohort and the batch of one are the same engine."""
    out = tmp_path / "flags.csv"
    replay(command, cohort, out)
    flags = rows_of(out)
    people = {row["patient_id"]: row for row in rows_of(cohort / "patients.csv")}
    days = rows_of(cohort / "diary.csv")
    for patient, person in list(people.items())[:8]:
        diary = tmp_path / f"{patient}.csv"
        mine = [
            {k: v for k, v in row.items() if k != "patient_id"}
            for row in days
            if row["patient_id"] == patient
        ]
        with diary.open("w", newline="") as stream:
            writer = csv.DictWriter(stream, list(mine[0]))
            writer.writeheader()
            writer.writerows(mine)
        said = command(
            "assess",
            diary,
            "--json",
            "--surgery-date",
            person["surgery_date"],
            "--region",
            person["region"],
            "--as-of",
            person["observed_until"],
            "--preop-axial-pain",
            person["preop_axial_pain"],
            "--preop-limb-pain",
            person["preop_limb_pain"],
        )
        alone = [
            (f["pattern"], f["urgency"], f["raised_on"], f["cleared_on"], f["since"], f["summary"])
            for f in json.loads(said.out)["flags"]
        ]
        together = [
            (
                f["pattern"],
                f["urgency"],
                f["raised_on"],
                f["cleared_on"] or None,
                f["since"] or None,
                f["summary"],
            )
            for f in flags
            if f["patient_id"] == patient
        ]
        assert sorted(together, key=str) == sorted(alone, key=str)


def test_a_refused_cohort_writes_nothing(command, cohort, tmp_path):
    out = tmp_path / "flags.csv"
    out.write_text("before")
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "patients.csv").write_bytes((cohort / "patients.csv").read_bytes())
    text = (cohort / "diary.csv").read_text().splitlines()
    text[400] = text[400].rsplit(",", 1)[0] + ",sadle"
    (broken / "diary.csv").write_text("\n".join(text))
    said = replay(command, broken, out)
    assert said.status == 1
    assert "diary.csv, row 401, column" in said.err
    assert out.read_text() == "before"
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == ["flags.csv"]


def test_a_folder_that_is_not_there_is_one_line(command, cohort, tmp_path):
    said = replay(command, cohort, tmp_path / "nowhere" / "flags.csv")
    assert said.status == 1
    assert said.err.count("cannot be written") == 1


def test_simulate_gives_the_same_files_for_the_same_seed(command, tmp_path):
    for name in ("a", "b"):
        said = command(
            "simulate", "--patients", 10, "--days", 60, "--seed", 5, "--out", tmp_path / name
        )
        assert said.status == 0
    for file in ("patients.csv", "diary.csv", "truth.csv"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


@pytest.mark.parametrize("size", [100, 20_000])
@pytest.mark.parametrize("out", ["new", "deep/er/new", "there"])
def test_simulate_on_a_full_disk_leaves_everything_as_it_was(command, tmp_path, out, size):
    """Full at once, or once the smaller files are written."""
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "truth.csv").write_text("of last year")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        said = command(
            *("simulate", "--patients", 50, "--days", 60, "--seed", 5, "--out", tmp_path / out)
        )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert said.status == 1
    assert said.err == f"recovery-tracker: {tmp_path / out}: cannot be written (file too large)\n"
    assert sorted(tmp_path.rglob("*")) == [tmp_path / "there", tmp_path / "there" / "truth.csv"]
    assert (tmp_path / "there" / "truth.csv").read_text() == "of last year"


def test_help_lists_every_command(command):
    said = command("--help")
    assert said.status == 0
    for name in (
        "run",
        "demo",
        "assess",
        "report",
        "replay",
        "simulate",
        "import",
        "export",
        "backup",
    ):
        assert f"  {name} " in said.out


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_a_diary_becomes_one_page(command, tmp_path, paper):
    out = tmp_path / "report.pdf"
    said = command(
        "report",
        EXAMPLE,
        "--surgery-date",
        OPERATED,
        "--region",
        "lumbar",
        "--paper",
        paper,
        "--out",
        out,
    )
    assert said.status == 0
    with pikepdf.open(out) as pdf:
        assert len(pdf.pages) == 1
        width = float(pdf.pages[0].mediabox[2])
    assert round(width) == {"a4": 595, "letter": 612}[paper]


@pytest.mark.parametrize("option", ["--patients", "--diary"])
def test_a_cohort_is_not_written_over_itself(command, cohort, tmp_path, option):
    """Also not by another name of the same file."""
    files = {"--patients": cohort / "patients.csv", "--diary": cohort / "diary.csv"}
    before, alias = files[option].read_bytes(), tmp_path / "alias.csv"
    os.link(files[option], alias)
    said = command("replay", *chain(*files.items()), "--out", alias)
    assert (said.status, said.err.count("\n")) == (1, 1)
    assert "would be written over itself" in said.err
    assert files[option].read_bytes() == alias.read_bytes() == before


def test_a_diary_is_not_written_over_by_its_report(command, tmp_path):
    file = tmp_path / "diary.csv"
    file.write_text("date,axial_pain\n2026-03-01,3\n")
    operation = ("--surgery-date", "2026-02-01", "--region", "lumbar")
    said = command("report", file, *operation, "--out", tmp_path / "." / "diary.csv")
    assert (said.status, said.err.count("\n")) == (1, 1)
    assert file.read_text().startswith("date")


def test_a_refused_diary_leaves_the_old_report(command, tmp_path):
    (tmp_path / "bad.csv").write_text("date,axial_pain\n2026-03-01,many\n")
    out = tmp_path / "report.pdf"
    out.write_bytes(b"the old one")
    said = command(
        "report",
        tmp_path / "bad.csv",
        "--surgery-date",
        "2026-02-01",
        "--region",
        "lumbar",
        "--out",
        out,
    )
    assert said.status == 1
    assert out.read_bytes() == b"the old one"


@pytest.mark.parametrize("score", ["nan", "11", "-1", "seven"])
def test_a_pain_before_that_is_no_score_is_wrong_usage(command, tmp_path, score):
    diary = tmp_path / "d.csv"
    diary.write_text("date,axial_pain\n2025-01-02,3\n")
    options = ["--surgery-date", "2025-01-01", "--region", "lumbar", "--preop-axial-pain", score]
    said = command("assess", diary, *options)
    assert said.status == 2
    assert "--preop-axial-pain" in said.err


def test_a_day_that_became_known_too_late_is_counted(command, tmp_path):
    """Saddle numbness of 10 January, told on the 14th; the file's last date is the 11th.

    =====  ==========  ======  ==============  ==================
    id     date        signs   recorded        read
    =====  ==========  ======  ==============  ==================
    a1     10 January  saddle  14 January      only if observed
    a1     11 January  none    11 January      always
    =====  ==========  ======  ==============  ==================
    """
    patients, diary, out = (tmp_path / name for name in ("P.csv", "D.csv", "flags.csv"))
    head = "patient_id,surgery_date,region,levels,preop_axial_pain,preop_limb_pain,observed_until\n"
    days = (
        "patient_id,date,axial_pain,signs,recorded_at\n"
        "a1,2026-01-10,5,saddle_numbness,2026-01-14T09:00:00+01:00\n"
        "a1,2026-01-11,5,none,2026-01-11T09:00:00+01:00\n"
    )
    diary.write_text(days)
    for until, left_out, flags in (("", 1, 0), ("2026-01-14", 0, 1)):
        patients.write_text(f"{head}a1,2026-01-05,lumbar,1,7,5,{until}\n")
        said = command("replay", "--patients", patients, "--diary", diary, "--out", out)
        assert f", {flags} flags" in said.err
        assert ("1 day left out: dated or recorded after" in said.err) == bool(left_out)
    parts = {name: tmp_path / name for name in ("people", "days")}
    for name, file in (("people", patients), ("days", diary)):
        parts[name].mkdir()
        (parts[name] / "one.csv").write_text(file.read_text().replace(",5,2026-01-14", ",5,"))
    folders = ("--patients", parts["people"], "--diary", parts["days"])
    assert "1 day left out" in command("replay", *folders, "--out", out).err
