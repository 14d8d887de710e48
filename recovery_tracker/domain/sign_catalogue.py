"""Every warning sign the diary can record, one row each.

Each row names where it comes from: a publication, a published "call your surgeon if" list, or one
of the five source documents (`docs/warning-signs.md` lists what each of them names);
`references` says what became of looking each of them up. "Our proposal"
and "our default" have no source behind them. No clinician has checked a row yet, and
`Sign.checked_by` says so.
"""

from .flags import Pattern
from .language import N_
from .sign_types import Circumstance as C
from .sign_types import E, N, R, S, Sign, Window, always
from .surgery import Approach, Region

# The five source documents, by title.
_SCREWS = "'What Happens When Spinal Fusion Screws Loosen?'"
_QUESTIONS = "'Concerns About Spinal Screw Loosening After Minimally Invasive Surgery'"
_REFUSION = "'What is spine Refusion?'"
_FAILED = "'Failed Spinal Fusions'"
# Publications and published lists.
_CAUDA = (
    "cauda equina leaflet of the Royal Free (royalfree.nhs.uk); warning card of Greenhalgh, Mercer,"
    " Finucane and Selfe"
)
_BOTH_LEGS = (
    "NHS, Back pain; NHS 111 Wales, Sciatica (111.wales.nhs.uk); GIRFT cauda equina pathway: severe"
    " or progressive deficit of both legs"
)
_HAEMATOMA = "Anno 2019, Spine: epidural haematoma, onset days 0 to 7"
_EMBOLISM = "NHS, Pulmonary embolism"
_AIRWAY = "PMC3299954 and JOSR 2017, s13018-017-0517-z: airway haematoma after neck surgery"
_GULLET = "Halani 2016: perforation of the gullet, with trouble swallowing and fever"
_SWALLOWING = "PMC3489223: trouble swallowing years after anterior neck surgery"
_INFECTION = (
    "Choi 2022, Medicine 101:e29366: 23 of 96 infections began after day 90; Yin 2018, BMC Surgery"
    " 18:121: late deep infections"
)
_LEAK = "Couture and Branch 2003, Neurosurg Focus: leak of spinal fluid, a path for meningitis"
_MENINGITIS = "NHS, Meningitis"
_SEPSIS = "UK Sepsis Trust, list of signs (seen on patient.info)"
_OPIOIDS = (
    "ACSQHC Opioid Analgesic Stewardship standard, statement 6 (safetyandquality.gov.au): very"
    " sleepy can mean that breathing is too slow"
)
_STROKE = "NHS, Stroke; artery injury in neck surgery, 8.4 of 10,000 (Hsu, AOSpine)"
_BOWEL = (
    "PMC6562219: bowel injury after a lateral approach; PMC4771511: ileus after an anterior one"
)
_CALF = "NHS, Deep vein thrombosis"
_HEAD = "NICE NG232: head injury, scan within 8 hours with a blood thinner"
_LEAFLETS = "published lists of when to call the surgeon"
_PROPOSAL = "our proposal"
_DEFAULT = "our default"

_EMERGENCY, _URGENT = Pattern.EMERGENCY_SIGN, Pattern.URGENT_SIGN
_NECK = frozenset({Region.CERVICAL})
_CORD = frozenset({Region.CERVICAL, Region.THORACIC})
_TRUNK = frozenset({Region.LUMBAR, Region.THORACIC})
_FRONT_OR_SIDE = frozenset({Approach.ANTERIOR, Approach.LATERAL, Approach.COMBINED})

#: Last day of week 12: until then a fall or a shift is a same-day matter. Our default.
WEEK_12 = 84
#: From this day a temperature of 38 °C is asked after as a fever that lasts (Hwang 2020, JBJS
#: 102:1434); before it the words say that it is common. Our default: a call at home on any day.
FEVER_FROM = 4
#: From this day the words say that germs can reach the metal late: 23 of the 96 infections of Choi
#: 2022 began after day 90.
LATE_FROM = 91
#: Days of the first two weeks, in which a bleed can press on nerves or the airway. Our default,
#: wider than the seven days of Anno 2019 and the median of 72 hours of JOSR 2017.
TWO_WEEKS = 14
#: Days in which feeling very ill is an emergency by itself: sepsis after surgery. Our proposal.
UNWELL_DAYS = 30
#: Days after a neck operation in which a change of sight is an emergency: a torn neck artery may
#: show late. Our proposal; no source gives the end.
SIGHT_DAYS = 90

_FIRST_WEEK_CORD = Window(E, 0, 7, regions=_CORD)
_HARDWARE = (Window(R, last_day=-1), Window(S, 0, WEEK_12), Window(R))
_SEVERE = (Window(S, 0, TWO_WEEKS, advice="severe_pain_early"), Window(S))
_HARDWARE_RAISED = {C.PAIN_UP_3: S, C.NEW_NERVE_SIGN: S, C.PAIN_7: S}
_WEAKNESS_E = {C.FEVER: E, C.WORSE_WITHIN_2_DAYS: E}
_WITH_FEVER_E = {C.FEVER: E}
_NECK_E = {C.FEVER: E, C.NECK_SWELLING: E}
_FALL_SOURCE = f"{_LEAFLETS}; window and pain of 7 are our default"

CATALOGUE: tuple[Sign, ...] = (
    # Saddle and bladder: cauda equina.
    Sign(
        "saddle_numbness",
        N_("numbness, or a changed feeling, around the bottom, genitals or inner thighs"),
        N_("saddle numbness"),
        always(E),
        _EMERGENCY,
        "saddle",
        _CAUDA,
    ),
    Sign(
        "bladder_bowel_change",
        N_(
            "trouble peeing, no feeling of a full bladder or of passing pee or poo, leaking, or"
            " needing pads"
        ),
        N_("bladder or bowel change"),
        always(E),
        _EMERGENCY,
        "bladder",
        _CAUDA,
    ),
    Sign(
        "cauda_equina_recheck",
        N_("trouble on both sides, or a place with no feeling at all"),
        N_("bilateral or complete numbness, saddle and bladder lines not answered"),
        always(E),
        _EMERGENCY,
        "saddle",
        f"{_DEFAULT}: a question about saddle and bladder that was left open",
        left_open=N_(
            "You did not say whether there is numbness around the bottom or genitals, or trouble"
            " peeing."
        ),
    ),
    Sign(
        "both_sides_deficit",
        N_("trouble on both sides, with numbness or weakness"),
        N_("bilateral, new or not known before, with numbness or weakness"),
        always(E),
        _EMERGENCY,
        "both_sides_emergency",
        _BOTH_LEGS,
    ),
    # Weakness.
    Sign(
        "new_weakness",
        N_("a weak or clumsy arm, hand, leg or foot"),
        N_("new weakness"),
        (_FIRST_WEEK_CORD, Window(S)),
        Pattern.NERVE,
        "weakness",
        f"{_HAEMATOMA}; {_SCREWS}; {_REFUSION}; the first week at the neck is {_PROPOSAL}",
        _WEAKNESS_E,
        {E: "paralysis"},
    ),
    Sign(
        "unsteady_walking",
        N_("unsteady walking"),
        N_("unsteady walking"),
        always(S),
        Pattern.NERVE,
        "weakness",
        f"degenerative cervical myelopathy; {_DEFAULT}",
        _WEAKNESS_E,
        {E: "paralysis"},
    ),
    Sign(
        "paralysis",
        N_("weakness that came on fast, is on both sides, or stops a foot or arm from lifting"),
        N_("sudden, bilateral or progressive weakness"),
        always(E),
        _EMERGENCY,
        "paralysis",
        f"{_HAEMATOMA}; {_REFUSION}",
    ),
    # Chest.
    Sign(
        "chest_pain",
        N_("chest pain"),
        N_("chest pain"),
        always(E),
        _EMERGENCY,
        "chest",
        _EMBOLISM,
    ),
    Sign(
        "breathing_difficulty",
        N_("trouble breathing"),
        N_("difficulty breathing"),
        always(E),
        _EMERGENCY,
        "chest",
        f"{_EMBOLISM}; {_SCREWS}",
    ),
    Sign(
        "fainting",
        N_("fainting"),
        N_("fainting"),
        always(E),
        _EMERGENCY,
        "chest",
        _EMBOLISM,
    ),
    Sign(
        "coughing_blood",
        N_("coughing up blood"),
        N_("coughing blood"),
        always(E),
        _EMERGENCY,
        "chest",
        _EMBOLISM,
    ),
    Sign(
        "face_swelling",
        N_("a swollen face, lips or tongue"),
        N_("swelling of face, lips or tongue"),
        always(E),
        _EMERGENCY,
        "allergy",
        "NHS, Anaphylaxis",
    ),
    # Brain, and tablets that slow it.
    Sign(
        "stroke_signs",
        N_("a drooping face, slurred speech, or sudden dizziness or double vision"),
        N_("facial droop, slurred speech, sudden vertigo or diplopia"),
        always(E),
        _EMERGENCY,
        "stroke",
        _STROKE,
    ),
    Sign(
        "vision_loss",
        N_("sudden loss of sight"),
        N_("vision loss"),
        always(E),
        _EMERGENCY,
        "vision",
        f"{_SCREWS}: sudden changes in vision",
    ),
    Sign(
        "seizure",
        N_("a fit"),
        N_("seizure"),
        always(E),
        _EMERGENCY,
        "seizure",
        f"{_LEAFLETS} (drugs.com, lumbar fusion aftercare)",
    ),
    Sign(
        "over_sedated",
        N_("being very sleepy, hard to wake, or breathing slowly"),
        N_("over-sedation or slow breathing"),
        always(E),
        _EMERGENCY,
        "over_sedated",
        _OPIOIDS,
    ),
    Sign(
        "confusion",
        N_("confusion"),
        N_("confusion"),
        always(E),
        _EMERGENCY,
        "unwell_emergency",
        f"{_SEPSIS}; {_LEAFLETS}",
    ),
    Sign(
        "very_unwell",
        N_("feeling very ill, for example cold, blotchy skin, or no pee all day"),
        N_("feels very unwell"),
        (Window(E, 0, UNWELL_DAYS), Window(S)),
        _URGENT,
        "unwell",
        f"{_SEPSIS}; the 30 days are {_PROPOSAL}",
        {C.FEVER: E, C.WOUND_SIGN: E, C.LOW_TEMPERATURE: E},
        {E: "unwell_emergency"},
    ),
    # Throat and voice after a neck operation.
    Sign(
        "noisy_breathing",
        N_("noisy breathing"),
        N_("noisy breathing"),
        always(E),
        _EMERGENCY,
        "airway",
        _AIRWAY,
    ),
    Sign(
        "cannot_swallow_saliva",
        N_("spit that cannot be swallowed"),
        N_("cannot swallow saliva"),
        always(E),
        _EMERGENCY,
        "airway",
        _AIRWAY,
    ),
    Sign(
        "cannot_drink",
        N_("choking, or drinks or tablets that cannot be swallowed"),
        N_("cannot swallow drinks or tablets, or chokes"),
        always(E),
        _EMERGENCY,
        "airway",
        f"{_AIRWAY}; {_GULLET}; {_PROPOSAL} after day 14",
    ),
    Sign(
        "neck_swelling",
        N_("a swollen neck, or skin on the neck that crackles"),
        N_("neck swelling or crepitus"),
        (Window(E, last_day=TWO_WEEKS), Window(S)),
        _URGENT,
        "airway",
        f"{_AIRWAY}; {_GULLET}; the 14 days are {_DEFAULT}",
        _WITH_FEVER_E,
        {S: "throat"},
    ),
    Sign(
        "voice_worse",
        N_("a voice that is getting worse"),
        N_("voice getting worse"),
        (Window(E, last_day=TWO_WEEKS), Window(S)),
        _URGENT,
        "airway",
        f"{_AIRWAY}; the 14 days are {_DEFAULT}",
        _WITH_FEVER_E,
        {S: "throat"},
    ),
    Sign(
        "swallowing_difficulty",
        N_("trouble swallowing food that is new or getting worse"),
        N_("difficulty swallowing, new or worse"),
        (Window(S, 0, 7, advice="throat_early"), Window(S)),
        _URGENT,
        "throat",
        f"{_AIRWAY}; {_GULLET}; {_SWALLOWING}",
        _NECK_E,
        {E: "airway"},
    ),
    Sign(
        "throat_lump",
        N_("a feeling that something is stuck in the throat"),
        N_("foreign-body feeling in the throat"),
        always(N),
        _URGENT,
        "throat",
        f"{_QUESTIONS}; seven days are {_DEFAULT}",
        {C.LASTED_OVER_7_DAYS: S},
        {N: "throat_note"},
    ),
    # Wound.
    Sign(
        "wound_redness",
        N_("a wound that is red or hot"),
        N_("wound redness or heat"),
        always(S),
        Pattern.INFECTION,
        "wound",
        f"{_INFECTION}; {_SCREWS}",
    ),
    Sign(
        "wound_swelling",
        N_("a wound that is swollen"),
        N_("wound swelling"),
        always(S),
        Pattern.INFECTION,
        "wound",
        f"{_INFECTION}; {_SCREWS}",
    ),
    Sign(
        "wound_drainage",
        N_("a wound that is open or leaking"),
        N_("wound open or draining"),
        always(S),
        Pattern.INFECTION,
        "wound",
        f"{_INFECTION}; {_SCREWS}",
    ),
    Sign(
        "clear_wound_fluid",
        N_("clear, watery fluid from the wound"),
        N_("clear fluid from the wound"),
        always(S),
        Pattern.INFECTION,
        "fluid_leak",
        f"{_LEAK}; lying flat is {_DEFAULT}",
        _WITH_FEVER_E,
        {E: "leak_emergency"},
        {Region.CERVICAL: "fluid_leak_neck"},
    ),
    Sign(
        "wound_bleeding",
        N_("bleeding that soaks the dressing"),
        N_("wound bleeding through the dressing"),
        always(S),
        _URGENT,
        "bleeding",
        f"{_LEAFLETS}; {_PROPOSAL}",
    ),
    # Fever.
    Sign(
        "fever",
        N_("a fever of 38\N{NO-BREAK SPACE}°C (100.4\N{NO-BREAK SPACE}°F) or more"),
        N_("fever of 38\N{NO-BREAK SPACE}°C or more"),
        (
            Window(N, last_day=-1),
            Window(S, 0, FEVER_FROM - 1, advice="fever_early"),
            Window(S, FEVER_FROM, LATE_FROM - 1),
            Window(S, advice="fever_late"),
        ),
        Pattern.INFECTION,
        "fever",
        f"{_INFECTION}; Hwang 2020, JBJS 102:1434; {_SCREWS}; days 0 to 3 at home are {_PROPOSAL}",
        advice_at={N: "fever_note"},
    ),
    Sign(
        "chills",
        N_("shivering that cannot be stopped"),
        N_("chills"),
        (Window(S, last_day=LATE_FROM - 1), Window(S, advice="fever_late")),
        Pattern.INFECTION,
        "fever",
        f"Hwang 2020, JBJS 102:1434; {_SEPSIS}",
    ),
    # Headache and neck.
    Sign(
        "upright_headache",
        N_("a bad headache that is worse sitting up"),
        N_("orthostatic headache"),
        always(S),
        _URGENT,
        "fluid_leak",
        f"{_LEAK}; {_MENINGITIS}; lying flat is {_DEFAULT}",
        {C.FEVER: E, C.VOMITING_OR_SIGHT: E},
        {E: "headache_emergency"},
        {Region.CERVICAL: "fluid_leak_neck"},
    ),
    Sign(
        "stiff_neck",
        N_("a stiff neck"),
        N_("stiff neck"),
        always(S),
        _URGENT,
        "stiff_neck",
        f"{_LEAK}; {_MENINGITIS}",
        _WITH_FEVER_E,
        {E: "unwell_emergency"},
    ),
    # Clot in the leg.
    Sign(
        "calf_swelling",
        N_("one leg newly swollen, or a sore calf"),
        N_("unilateral leg swelling or calf pain"),
        always(S),
        _URGENT,
        "calf",
        _CALF,
    ),
    # Belly.
    Sign(
        "belly",
        N_("very bad belly pain, or a hard, swollen belly"),
        N_("severe abdominal pain or distension"),
        (Window(E, 0, TWO_WEEKS, regions=_TRUNK, approaches=_FRONT_OR_SIDE), Window(S)),
        _URGENT,
        "belly",
        f"{_BOWEL}; the 14 days are {_PROPOSAL}",
        {C.FEVER: E, C.VERY_UNWELL: E},
        {E: "belly_emergency"},
    ),
    Sign(
        "no_wind_or_poo",
        N_("no poo or wind for 3 days"),
        N_("no stool or flatus for 3 days"),
        always(S),
        _URGENT,
        "bowels",
        f"{_BOWEL}; {_LEAFLETS}; three days are {_PROPOSAL}",
    ),
    Sign(
        "vomiting",
        N_("being sick again and again"),
        N_("persistent vomiting"),
        (Window(N, last_day=-1), Window(S, 0, 30), Window(N)),
        _URGENT,
        "vomiting",
        f"{_LEAFLETS}; {_SCREWS}; {_BOWEL}; the 30 days are {_PROPOSAL}",
        {C.FEVER: S},
        {N: "general"},
    ),
    # Fall and shift.
    Sign(
        "fall",
        N_("a fall"),
        N_("fall"),
        _HARDWARE,
        Pattern.EVENT,
        "shift",
        f"{_FALL_SOURCE}; thin bone: PMC8907635; with a blood thinner: {_PROPOSAL}",
        {**_HARDWARE_RAISED, C.LOW_BONE_DENSITY: S, C.BLOOD_THINNER: S},
        {R: "shift_review"},
    ),
    Sign(
        "head_injury",
        N_("a knock on the head"),
        N_("head injury"),
        always(S),
        Pattern.EVENT,
        "head",
        _HEAD,
        {C.BLOOD_THINNER: E},
        {E: "head_emergency"},
    ),
    Sign(
        "clunk",
        N_("a pop or clunk in the back or neck"),
        N_("pop or clunk felt"),
        _HARDWARE,
        Pattern.EVENT,
        "shift",
        f"{_QUESTIONS}; {_FALL_SOURCE}",
        _HARDWARE_RAISED,
        {R: "shift_review"},
    ),
    Sign(
        "giving_way",
        N_("a feeling that the back or neck gives way"),
        N_("feeling of giving way"),
        _HARDWARE,
        Pattern.EVENT,
        "shift",
        f"{_SCREWS}: instability; {_FALL_SOURCE}",
        _HARDWARE_RAISED,
        {R: "shift_review"},
    ),
    Sign(
        "out_of_place",
        N_("a feeling that something moved or is out of place"),
        N_("feeling of something out of place"),
        _HARDWARE,
        Pattern.EVENT,
        "shift",
        f"{_SCREWS}; {_QUESTIONS}; {_FALL_SOURCE}",
        _HARDWARE_RAISED,
        {R: "shift_review"},
    ),
    # Something else that worries the patient.
    Sign(
        "severe_pain",
        N_("very bad pain that tablets do not ease"),
        N_("severe pain not relieved by analgesics"),
        _SEVERE,
        _URGENT,
        "severe_pain",
        f"{_HAEMATOMA}; {_LEAFLETS}; {_SCREWS}; worse, or with a blood thinner, in the first 14"
        f" days: {_PROPOSAL}",
        {C.NERVE_OR_SADDLE_SIGN: E, C.BLOOD_THINNER_EARLY: E, C.WORSE_EARLY: E},
        {E: "severe_pain_emergency"},
    ),
    Sign(
        "rash",
        N_("a new rash"),
        N_("rash"),
        always(S),
        _URGENT,
        "rash",
        f"{_SCREWS}; {_MENINGITIS}; a new medicine: {_PROPOSAL}",
        _WITH_FEVER_E,
        {E: "unwell_emergency"},
    ),
    Sign(
        "vision_change",
        N_("a change of sight"),
        N_("vision change"),
        (Window(E, 0, SIGHT_DAYS, regions=_NECK), Window(S)),
        _URGENT,
        "sight",
        f"{_SCREWS}; {_STROKE}; the 90 days are {_PROPOSAL}",
        {C.HEADACHE_OR_WEAKNESS: E},
        {E: "vision"},
    ),
    Sign(
        "genital_change",
        N_("a changed feeling during sex, or a new change of erection"),
        N_("genital sensation or erection change"),
        always(S),
        _URGENT,
        "genital",
        f"{_CAUDA}; GIRFT: unlikely to be cauda equina alone",
        {C.NERVE_OR_SADDLE_SIGN: E},
        {E: "saddle"},
    ),
    Sign(
        "night_pain",
        N_("pain at night that does not ease in any position"),
        N_("night pain"),
        always(R),
        _URGENT,
        "review",
        "NHS, Back pain; together: our proposal",
        {C.FEVER: S, C.WITH_WEIGHT_LOSS: S},
        {S: "late_infection"},
    ),
    Sign(
        "weight_loss",
        N_("losing weight without trying"),
        N_("unexplained weight loss"),
        always(R),
        _URGENT,
        "review",
        f"NHS, Back pain; {_SCREWS}; together: our proposal",
        {C.FEVER: S, C.WITH_NIGHT_PAIN: S},
        {S: "late_infection"},
    ),
    Sign(
        "fatigue",
        N_("being very tired for a long time"),
        N_("prolonged fatigue"),
        always(N),
        _URGENT,
        "general",
        _SCREWS,
    ),
    Sign(
        "cough",
        N_("a cough that stays"),
        N_("persistent cough"),
        always(N),
        _URGENT,
        "general",
        _SCREWS,
    ),
    # A line ticked with nothing chosen under it keeps the words of the line. How urgent it is, and
    # what makes it more so, is that of the signs it may be: `signs.BARE_LINES`.
    Sign(
        "weakness_unspecified",
        N_("a weak or clumsy arm, hand, leg or foot, or unsteady walking"),
        N_("weakness or unsteady walking, not said which"),
        (),
        Pattern.NERVE,
        "weakness",
        f"{_DEFAULT}: as the most urgent of its signs",
        advice_at={E: "paralysis"},
    ),
    Sign(
        "chest_unspecified",
        N_(
            "chest pain, trouble breathing, fainting, coughing up blood, or a swollen face, lips or"
            " tongue"
        ),
        N_("chest, breathing or face line ticked, not said which"),
        (),
        _EMERGENCY,
        "unspecified_emergency",
        f"{_DEFAULT}: as the most urgent of its signs",
    ),
    Sign(
        "brain_unspecified",
        N_(
            "confusion, a fit, trouble seeing, a drooping face, slurred speech, or being very"
            " sleepy"
        ),
        N_("confusion, stroke or drowsiness line ticked, not said which"),
        (),
        _EMERGENCY,
        "unspecified_emergency",
        f"{_DEFAULT}: as the most urgent of its signs",
    ),
    Sign(
        "throat_unspecified",
        N_("throat, swallowing or voice trouble, or a swollen neck"),
        N_("throat line ticked, not said which"),
        (),
        _EMERGENCY,
        "unspecified_emergency",
        f"{_DEFAULT}: as the most urgent of its signs",
    ),
    Sign(
        "wound_unspecified",
        N_("a wound that is red, hot, swollen, open, leaking or bleeding"),
        N_("wound line ticked, not said which"),
        (),
        Pattern.INFECTION,
        "wound",
        f"{_DEFAULT}: as the most urgent of its signs",
        advice_at={E: "leak_emergency"},
    ),
    Sign(
        "fever_unspecified",
        N_("fever or shivering"),
        N_("fever line ticked, not said which"),
        (),
        Pattern.INFECTION,
        "fever",
        f"{_DEFAULT}: as the most urgent of its signs",
    ),
    Sign(
        "headache_unspecified",
        N_("a bad headache that is worse sitting up, or a stiff neck"),
        N_("headache or stiff neck, not said which"),
        (),
        _URGENT,
        "stiff_neck",
        f"{_DEFAULT}: as the most urgent of its signs",
        advice_at={E: "headache_emergency"},
    ),
    Sign(
        "belly_unspecified",
        N_("belly trouble, or being sick again and again"),
        N_("belly line ticked, not said which"),
        (),
        _URGENT,
        "belly",
        f"{_DEFAULT}: as the most urgent of its signs",
        advice_at={E: "belly_emergency"},
    ),
    Sign(
        "shift_unspecified",
        N_("a fall, a knock on the head, a pop, or a feeling that something moved"),
        N_("fall or shift line ticked, not said which"),
        (),
        Pattern.EVENT,
        "shift",
        f"{_DEFAULT}: as the most urgent of its signs",
        advice_at={E: "head_emergency"},
    ),
    Sign(
        "unspecified",
        N_("something that worries me"),
        N_("a line ticked with nothing chosen under it"),
        (),
        _URGENT,
        "unspecified",
        f"{_DEFAULT}: as the most urgent of the signs under the last line",
        advice_at={E: "unspecified_emergency"},
    ),
    Sign(
        "unspecified_emergency",
        N_("chest, breathing, throat or neck trouble"),
        N_("chest or throat line ticked with nothing chosen under it"),
        always(E),
        _EMERGENCY,
        "unspecified_emergency",
        f"{_DEFAULT}: a line of emergencies; stored by versions before rule set 2026-11-29",
    ),
    # A question that was shown and left open: as urgent as a yes, and never said to be one.
    Sign(
        "which_left_open",
        N_("something new or worse, not said which"),
        N_("warning question answered yes, not said which"),
        always(E),
        _EMERGENCY,
        "which_left_open",
        f"{_DEFAULT}: yes on paper or on the form may be any line",
        left_open=N_("You did not say which warning sign was new or worse."),
    ),
    Sign(
        "weakness_left_open",
        N_("weakness, with the question under it left open"),
        N_("sudden, bilateral or progressive weakness not ruled out"),
        always(E),
        _EMERGENCY,
        "paralysis",
        f"{_DEFAULT}: a question left open counts as yes",
        left_open=N_(
            "You did not say whether the weakness came on fast, is on both sides, or stops a foot"
            " or arm from lifting."
        ),
    ),
    Sign(
        "fever_left_open",
        N_("fever, with the question under it left open"),
        N_("fever with neck stiffness, confusion or serious illness not ruled out"),
        always(E),
        _EMERGENCY,
        "unwell_emergency",
        f"{_DEFAULT}: a question left open counts as yes",
        left_open=N_(
            "You did not say whether there is also a stiff neck, confusion, or feeling very ill."
        ),
    ),
    Sign(
        "severe_pain_left_open",
        N_("very bad pain, with the question about tablets left open"),
        N_("severe pain, relief by analgesics not answered"),
        _SEVERE,
        _URGENT,
        "severe_pain",
        f"{_DEFAULT}: a question left open counts as yes",
        {C.NERVE_OR_SADDLE_SIGN: E, C.BLOOD_THINNER_EARLY: E, C.WORSE_EARLY: E},
        {E: "severe_pain_emergency"},
        left_open=N_("You did not say whether tablets ease the pain."),
    ),
    # Asked weekly, and on a clearly bad day: evidence for the trend.
    Sign(
        "worse_on_loading",
        N_("pain that is worse when standing, walking or carrying"),
        N_("worse on loading"),
        (),
        Pattern.LOOSE_HARDWARE,
        "none",
        f"mechanical pain; {_DEFAULT}",
    ),
    Sign(
        "eases_lying",
        N_("pain that eases when lying down"),
        N_("eases lying down"),
        (),
        Pattern.LOOSE_HARDWARE,
        "none",
        f"mechanical pain; {_DEFAULT}",
    ),
    Sign(
        "painful_bump",
        N_("a new painful bump under the skin"),
        N_("painful bump"),
        always(R),
        _URGENT,
        "review",
        _SCREWS,
    ),
    Sign(
        "posture_change",
        N_("standing in a new way: leaning or stooped"),
        N_("change of posture"),
        always(R),
        _URGENT,
        "review",
        f"{_SCREWS}; {_FAILED}",
    ),
    Sign(
        "spasm",
        N_("spasms in the back or neck"),
        N_("muscle spasm"),
        (),
        Pattern.LOOSE_HARDWARE,
        "none",
        _SCREWS,
    ),
    Sign(
        "stiffness",
        N_("a stiffer back or neck"),
        N_("stiffness"),
        (),
        Pattern.LOOSE_HARDWARE,
        "none",
        _SCREWS,
    ),
    Sign(
        "insomnia",
        N_("pain that stops sleep"),
        N_("insomnia from pain"),
        (),
        Pattern.WORSENING,
        "none",
        _SCREWS,
    ),
)
