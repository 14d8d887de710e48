"""Removes or inverts each check of who may do what, one at a time, and runs the permission tests.

`python -m tests.web.mutate` (`make mutate-access`) works on a copy; each mutant must turn them red.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).parents[2]
COPIED = ("recovery_tracker", "templates", "migrations", "tests", "pyproject.toml", "alembic.ini")
TESTS = (
    "tests/domain/test_rights.py",
    "tests/storage/test_teams.py",
    "tests/web/test_emergency.py",
    "tests/web/test_attack_access.py",
    "tests/web/test_attack_office.py",
    "tests/web/test_vouching.py",
    "tests/web/test_matrix.py",
    "tests/web/test_visit_links.py",
    "tests/web/test_carers.py::test_a_carer_says_nothing_about_who_may_look",
    "tests/web/test_access.py::test_every_route_has_a_policy",
    "tests/web/test_access.py::test_a_stranger_is_asked_to_sign_in",
    "tests/web/test_security.py::TestForgery",
)

PEOPLE = "recovery_tracker/domain/people.py"
ACCESS = "recovery_tracker/web/shared/access.py"
POLICIES = "recovery_tracker/web/shared/policies.py"
SECURITY = "recovery_tracker/web/shared/security.py"
LINKS = "recovery_tracker/storage/visit_links.py"
HOURS = "recovery_tracker/storage/emergency.py"
HOUR = "recovery_tracker/services/emergency.py"
SECOND = "recovery_tracker/storage/second_person.py"
WAYS = "recovery_tracker/storage/ways.py"
COVER = "recovery_tracker/services/teams.py"
VISIT = "recovery_tracker/web/patient/visit.py"
ACCOUNTS = "recovery_tracker/services/accounts.py"
INVITATIONS = "recovery_tracker/storage/invitations.py"
VOUCHING = "recovery_tracker/services/vouching.py"
WORDS = "recovery_tracker/storage/care_words.py"
TEAMS = "recovery_tracker/storage/teams.py"

#: File, the check as it stands, and what takes its place.
MUTANTS = (
    (PEOPLE, "return actor.patient_id == patient_id and action in granted", "return True"),
    (
        PEOPLE,
        "actor.patient_id == patient_id and action",
        "actor.patient_id != patient_id and action",
    ),
    (
        PEOPLE,
        "actor.patient_id == patient_id and action in granted",
        "actor.patient_id == patient_id",
    ),
    (PEOPLE, "actor.patient_id == patient_id and action in granted", "action in granted"),
    (PEOPLE, "if patient_id in actor.cares_for:", "if True:"),
    (PEOPLE, "if patient_id in actor.cares_for:", "if patient_id not in actor.cares_for:"),
    (PEOPLE, "        return action in granted\n", "        return True\n"),
    (PEOPLE, "patient_id in actor.emergency_for and action", "action"),
    (PEOPLE, "action in granted & _IN_AN_EMERGENCY", "action in granted"),
    (PEOPLE, "action in granted & _IN_AN_EMERGENCY", "action in _IN_AN_EMERGENCY"),
    (POLICIES, "actor.role in self.roles and (", "True and ("),
    (POLICIES, "actor.role in self.roles and (", "actor.role not in self.roles and ("),
    (POLICIES, "(not self.full or actor.rights is Rights.FULL)", "True"),
    (ACCESS, "if not may(actor(), action, patient.id):", "if False:"),
    (ACCESS, "if not may(actor(), action, patient.id):", "if may(actor(), action, patient.id):"),
    (ACCESS, "if not terms.lets_in(found) and not (", "if False and not ("),
    (ACCESS, "    if terms.roles:\n", "    if False:\n"),
    (SECURITY, "    if is_foreign(request):\n        raise Forbidden\n", ""),
    (SECURITY, "        csrf.protect()\n", "        pass\n"),
    (LINKS, "self.ended_at is None and now < self.expires_at", "now < self.expires_at"),
    (LINKS, "self.ended_at is None and now < self.expires_at", "self.ended_at is None"),
    (
        LINKS,
        "            VisitLinkRow.patient_id == patient_id,\n            Visit",
        "            Visit",
    ),
    (HOURS, "        EmergencyAccessRow.until > at,\n", ""),
    (HOURS, "        EmergencyAccessRow.account_id == account_id,\n", ""),
    (HOUR, "if not by.cares_for:", "if False:"),
    (SECOND, "not makers_of(session, one) & makers_of(session, other)", "True"),
    (SECOND, "not makers_of(session, one) & makers_of(session, other)", "one != other"),
    (COVER, "by.account_id in team.members and by.rights", "by.rights"),
    (COVER, "if not is_own and not second", "if False and not second"),
    (COVER, "(by.role is Role.CLINICIAN and not theirs)", "False"),
    (WAYS, "TeamMemberRow.joined_at.is_not(None)", "True"),
    (WAYS, "CoverRow.from_at <= at, CoverRow.until_at > at", "CoverRow.from_at <= at"),
    (WAYS, "CoverRow.from_at <= at, CoverRow.until_at > at", "CoverRow.until_at > at"),
    (WAYS, ".where(~_ended(TeamMemberRow.account_id, TeamPatientRow.patient_id))", ""),
    (WAYS, ".where(~_ended(CoverRow.account_id, own.patient))", ""),
    (
        WAYS,
        "_of_account(part, account_id).where(part.patient == patient_id).exists()",
        "_of_account(part, account_id).exists()",
    ),
    (HOUR, "is_vouched_for(session, by.account_id, at)", "True"),
    (VOUCHING, "if one.is_of_staff]", "]"),
    (VOUCHING, "one.role != Role.CLINICIAN or one.by_account_id is None", "True"),
    (VOUCHING, "one.role != Role.CLINICIAN or one.by_account_id is None", "False"),
    (VOUCHING, "account.invited_by is None or teams.is_in_one(session, number)", "False"),
    (VOUCHING, " or teams.is_in_one(session, number)", ""),
    (VOUCHING, "if one.account_id == number]", "]"),
    (VOUCHING, "if one.from_at <= at]", "]"),
    (WORDS, ' or "team" in details', ""),
    (WORDS, "            words.clear()\n", "            pass\n"),
    (TEAMS, "TeamMemberRow.joined_at.is_not(None)", "True"),
    (ACCOUNTS, "if not works(session, made, at):", "if False:"),
    (ACCOUNTS, "        if not works(session, found, at):\n", "        if False:\n"),
    (ACCOUNTS, "invitations.withdraw_links_to(session, used.patient_id, at=at)", "pass"),
    (
        ACCOUNTS,
        "account.role is Role.PATIENT or account.second_factor",
        "account.role is not Role.CLINICIAN or account.second_factor",
    ),
    (
        INVITATIONS,
        "is_owner and self.account_id is None and self.by_account_id is not None",
        "False",
    ),
    (VISIT, "clock.now() >= datetime.fromisoformat(until)", "False"),
)


def survives(file: str, old: str, new: str) -> bool:
    """Whether the tests pass although the check is gone."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        for name in COPIED:
            source, target = PROJECT / name, Path(folder) / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)
        path = Path(folder) / file
        text = path.read_text(encoding="utf-8")
        if old not in text:
            raise SystemExit(f"{file} no longer says: {old}")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider"]
        done = subprocess.run([*command, *TESTS], cwd=folder, capture_output=True, check=False)
        return done.returncode == 0


def main() -> None:
    """One line a mutant; a bad exit where one was not noticed."""
    chosen = MUTANTS if len(sys.argv) < 2 else MUTANTS[int(sys.argv[1]) :: int(sys.argv[2])]
    alive = 0
    for file, old, new in chosen:
        lives = survives(file, old, new)
        alive += lives
        said = "NOT NOTICED" if lives else "noticed"
        sys.stdout.write(f"{said}: {Path(file).name}: {old.strip()!r} -> {new.strip()!r}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(chosen) - alive} of {len(chosen)} noticed\n")
    sys.exit(alive > 0)


if __name__ == "__main__":
    main()
