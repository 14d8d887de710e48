"""Who may do what, written down a second time: every kind of account, every act, whose record."""

from recovery_tracker.domain.people import GRANTED, Action, Actor, Rights, Role, may

MINE, OTHER = 1, 2

READING = {"read_diary", "make_report"}
HELPING = READING | {"write_diary", "edit_surgery", "add_event", "acknowledge_flag"}
ANSWERING = READING | {"add_event", "decide_flag"}
EXPECTED = {
    ("patient", ""): HELPING | {"choose_readers", "keep_settings"},
    ("patient", "write"): HELPING,
    ("patient", "read"): READING,
    ("clinician", ""): ANSWERING | {"edit_surgery", "change_rules", "give_access"},
    ("clinician", "answer"): ANSWERING,
    ("clinician", "read"): READING,
}
IN_AN_EMERGENCY = READING | {"decide_flag"}


def test_every_account_may_do_what_is_written_here_and_nothing_else() -> None:
    for role in Role:
        for rights in Rights:
            allowed = EXPECTED.get((str(role), str(rights)), set())
            by = Actor(
                5,
                "A",
                role,
                patient_id=MINE if role is Role.PATIENT else None,
                cares_for=frozenset({MINE}) if role is Role.CLINICIAN else frozenset(),
                rights=rights,
            )
            for action in Action:
                if role is Role.SYSTEM:
                    assert may(by, action, OTHER)
                    continue
                assert may(by, action, MINE) is (str(action) in allowed), (role, rights, action)
                assert not may(by, action, OTHER), (role, rights, action)
    assert len(GRANTED) == len(EXPECTED)


def test_an_emergency_opens_one_record_to_read_and_answer() -> None:
    for rights in (Rights.FULL, Rights.ANSWER, Rights.READ, Rights.DESK):
        by = Actor(5, "A", Role.CLINICIAN, rights=rights, emergency_for=frozenset({MINE}))
        allowed = EXPECTED.get(("clinician", str(rights)), set()) & IN_AN_EMERGENCY
        for action in Action:
            assert may(by, action, MINE) is (str(action) in allowed), (rights, action)
            assert not may(by, action, OTHER), (rights, action)
