"""Every source that the code or `docs/` names: what it is, what it is used for, what we found.

Looked up by name, last on 30 November 2026, in stored public pages: mostly abstracts and pages for
patients, not whole papers. `cited` holds the words that name a source; a test finds every name that
the code and the pages use, so nothing can be quoted without a row here. `docs/sources.md` and the
document to sign are made from this table.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Found(StrEnum):
    """What became of looking a source up by its name."""

    READ = "found; the abstract or page says it"
    COPY = "found as a copy on another page; says it"
    EARLIER = "read in the review of 29 November 2026; not found again"
    PART = "found in part"
    NOT_FOUND = "not found by us on 2026-11-30: treated as our default"
    OURS = "files that we hold"


@dataclass(frozen=True, slots=True)
class Reference:
    """One source."""

    #: The words that name it in code and on pages, the usual ones first.
    cited: tuple[str, ...]
    what: str
    used_for: str
    found: Found
    #: What was seen, and what not.
    seen: str = ""


READ, COPY, EARLIER = Found.READ, Found.COPY, Found.EARLIER
PART, NOT_FOUND, OURS = Found.PART, Found.NOT_FOUND, Found.OURS

_DOCUMENT = "one of the five documents for patients that the list of signs started from"

REFERENCES: tuple[Reference, ...] = (
    # The five source documents.
    Reference(("'What Happens When Spinal Fusion Screws Loosen?'",), _DOCUMENT, "signs", OURS),
    Reference(
        ("'Concerns About Spinal Screw Loosening After Minimally Invasive Surgery'",),
        _DOCUMENT,
        "signs",
        OURS,
    ),
    Reference(("What is a failed fusion?",), _DOCUMENT, "signs", OURS),
    Reference(("'What is spine Refusion?'",), _DOCUMENT, "signs", OURS),
    Reference(("'Failed Spinal Fusions'",), _DOCUMENT, "signs", OURS),
    # Cauda equina, both legs.
    Reference(
        ("Royal Free", "cauda equina leaflet of the Royal Free"),
        "Royal Free London, patient leaflet on cauda equina syndrome (royalfree.nhs.uk)",
        "saddle and bladder signs are emergencies; changed feeling during sex",
        EARLIER,
        "leaflets of other NHS trusts with the same list were found",
    ),
    Reference(
        ("Greenhalgh, Mercer, Finucane and Selfe", "warning card of Greenhalgh"),
        "Greenhalgh and others: toolkit and card, Prim Health Care Res Dev 2016;17:559;"
        " Musculoskelet Sci Pract 2018;37:69",
        "the words of the saddle and bladder signs",
        READ,
        "abstracts; the card itself was read in the review",
    ),
    Reference(
        ("NHS 111 Wales, Sciatica", "NHS 111 Wales"),
        "NHS 111 Wales, Sciatica (111.wales.nhs.uk)",
        "both legs with weakness or numbness: emergency",
        EARLIER,
        "the same words were found on a page of the Northern Health and Social Care Trust",
    ),
    Reference(
        ("NHS, Back pain",),
        "NHS, Back pain (nhs.uk)",
        "pain, tingling, weakness or numbness in both legs: 999 or A&E; night pain, weight loss or"
        " a high temperature: urgent appointment or 111",
        COPY,
        "the page sends a high temperature and weight loss to an urgent appointment; alone we ask"
        " for a review of weight loss and night pain (our proposal)",
    ),
    Reference(
        ("GIRFT", "GIRFT cauda equina pathway"),
        "GIRFT, National Suspected Cauda Equina Syndrome Pathway, February 2023",
        "severe or progressive deficit of both legs; sexual trouble alone is unlikely to be it",
        PART,
        "found: the pathway and its summaries; the wording was read in the review",
    ),
    Reference(
        ("series of MRI scans (n=334)",),
        "334 people scanned for suspected cauda equina syndrome (abstract)",
        "pain in both legs: odds ratio 5.0 (2.2 to 11.7); weakness 5.4; loss of feeling 3.8",
        READ,
    ),
    # The first days.
    Reference(
        ("Anno 2019",),
        "Anno and others, Spine 2019;44(6), doi:10.1097/BRS.0000000000002838",
        "epidural haematoma: 14 of 3,371, days 0 to 7; neck and thoracic: paralysis, lumbar: pain",
        READ,
    ),
    Reference(
        ("PMC3299954",),
        "Palumbo and others, Open Orthop J 2012;6:108",
        "airway haematoma after operations on the front of the neck, 0.2 to 1.9 %",
        READ,
        "anterior operations only; after others it is our proposal",
    ),
    Reference(
        ("s13018-017-0517-z", "JOSR 2017"),
        "Song and others, J Orthop Surg Res 2017",
        "airway haematoma: 9 of 785, a third of them after the first day (median 72 hours)",
        READ,
    ),
    Reference(
        ("Halani 2016",),
        "Halani and others, J Neurosurg Spine 2016;25:285",
        "perforation of the gullet: trouble swallowing, fever, swollen neck; also late",
        READ,
    ),
    Reference(
        ("PMC3489223",),
        "74 people a mean of 7 years after fusion from the front of the neck",
        "trouble swallowing stays in 35 of 100",
        READ,
        "says nothing of the first weeks",
    ),
    Reference(
        ("PMC3854602",),
        "Anderson and Arnold, Global Spine J 2013;3:273, review",
        "trouble swallowing in the first week: 1 to 79 of 100",
        READ,
    ),
    Reference(
        ("Hsu, AOSpine",),
        "Hsu and others, Global Spine J 2017;7(1 Suppl):21S",
        "artery injury in neck surgery: 14 of 16,582",
        READ,
    ),
    Reference(
        ("PMC6562219",),
        "Rustagi and others, Global Spine J 2018;9:375",
        "bowel injury after a lateral approach: 3 of 590, found on days 3 to 7; pain, swelling,"
        " fever",
        READ,
    ),
    Reference(
        ("PMC4771511",),
        "Mobbs and others, Global Spine J 2015;6:147",
        "after an anterior approach: ileus 7 of 227, retrograde ejaculation 4",
        READ,
    ),
    Reference(
        ("ACSQHC Opioid Analgesic Stewardship",),
        "Australian Commission on Safety and Quality in Health Care, 2022, statement 6",
        "very sleepy on opioids can mean that breathing is too slow",
        READ,
        "gives no number of doses; ours are a proposal",
    ),
    # Infection.
    Reference(
        ("Choi 2022",),
        "Choi, Medicine 2022;101:e29366",
        "23 of 96 infections began after day 90; redness in half of all, in 22 % of late ones",
        EARLIER,
        "looked for three times",
    ),
    Reference(
        ("Yin 2018",),
        "Yin and others, BMC Surgery 2018;18:121",
        "late deep infection around metal: 42 of 4,057 operations",
        READ,
    ),
    Reference(
        ("Hwang 2020",),
        "Hwang and others, J Bone Joint Surg Am 2020;102:1434",
        "fever from day 4, or that lasts: infection in 13.2 % against 0.9 %",
        READ,
    ),
    Reference(
        ("Mayo 2018",),
        "Mayo and others, Neurospine 2018 (868 in-patients)",
        "fever of 38.6 °C or more: 97 % within 48 hours; used for base rates alone",
        READ,
    ),
    Reference(
        ("Couture and Branch 2003",),
        "Couture and Branch, Neurosurg Focus 2003;15(6):E6",
        "a leak of spinal fluid from the wound is a way in for infection",
        READ,
    ),
    Reference(
        ("UK Sepsis Trust",),
        "The UK Sepsis Trust, signs of sepsis in adults (patient.info)",
        "feeling very ill, mottled skin, no pee in a day, confusion; a low temperature too",
        COPY,
    ),
    Reference(
        ("NHS, Meningitis",),
        "NHS, Meningitis (nhs.uk)",
        "stiff neck, headache, fit or rash that does not fade, with a fever: 999",
        COPY,
    ),
    # Clots, brain, allergy, head.
    Reference(
        ("NHS, Pulmonary embolism",),
        "NHS, Pulmonary embolism (nhs.uk; nidirect.gov.uk)",
        "chest pain, trouble breathing, coughing blood, fainting: 999",
        COPY,
    ),
    Reference(
        ("NHS, Deep vein thrombosis",),
        "NHS, Deep vein thrombosis (beta.nhs.uk)",
        "one leg swollen or painful: urgent appointment or 111; with chest or breathing: 999",
        READ,
    ),
    Reference(
        ("NHS, Stroke",),
        "NHS, Stroke (nhs.uk; stroke.org.uk)",
        "drooping face, slurred speech, sudden dizziness, sudden loss of sight: 999",
        COPY,
        "double vision stands on no list that was found: our proposal",
    ),
    Reference(
        ("NHS, Anaphylaxis",),
        "NHS, Anaphylaxis (pages of NHS trusts)",
        "swelling of face, lips, tongue or throat: 999; the adrenaline pen comes first",
        COPY,
    ),
    Reference(
        ("NICE NG232",),
        "NICE, Head injury (NG232, 2023; QS74)",
        "head injury on a blood thinner: scan within 8 hours",
        READ,
    ),
    Reference(
        ("PMC8907635",),
        "Global Spine J 2020;12:267: sacral fractures after lumbosacral fusion",
        "thin bone breaks early after a fusion",
        READ,
        "table of cases",
    ),
    Reference(
        ("published lists of when to call the surgeon",),
        "drugs.com (lumbar fusion, discharge care), healthpages.org, spine-health.com, MyMichigan"
        " action plan",
        "fever of 38.0 °C (100.4 °F), pain not eased, wound, bleeding, fit, confusion, fall",
        READ,
        "drugs.com, healthpages.org and spine-health.com were found; MyMichigan in the review",
    ),
    Reference(
        ("degenerative cervical myelopathy",),
        "general knowledge of the field, no single source",
        "unsteady walking",
        NOT_FOUND,
    ),
    Reference(
        ("mechanical pain",),
        "general knowledge of the field, no single source",
        "worse on loading, eases lying",
        NOT_FOUND,
    ),
    Reference(
        ("no antibiotics before your spine team knows",),
        "leaflet of a spine clinic",
        "nothing: “tell them first that you have metal in your spine” is our proposal",
        NOT_FOUND,
        "a review for doctors says to take samples first (Front Med 2014;1:7); no page for patients"
        " was found that asks them to wait",
    ),
    # Scales and what patients notice.
    Reference(
        ("Suzuki 2020", "PMC7053735"),
        "Suzuki and others, PLoS One 2020;15:e0229228",
        "what people with chronic low back pain and no operation notice: 1.3 to 1.8, rounded to 2"
        " (n=161)",
        READ,
    ),
    Reference(
        ("98 after MIS-TLIF",),
        "MCID one year after MIS-TLIF, by ODI responders (abstract, n=98)",
        "back 1.8, leg 2.4 by the ROC method; 1.8 to 4.6 and 2.1 to 4.0 by others",
        COPY,
    ),
    Reference(
        ("Auffinger 2013", "PMC3691175"),
        "Auffinger and others, PLoS One 2013 (30 people with myelopathy, ACDF)",
        "what is noticed after ACDF: 0.4 to 3.1 by method",
        READ,
        "one scale for neck and arm together",
    ),
    Reference(
        ("Reed 2023", "PMC10859144"),
        "Reed and others, J Pain 2023;25:142",
        "PEG, mean of the three: 1.0 to 1.75 by anchors, 0.6 to 1.22 by spread",
        READ,
    ),
    Reference(
        ("Krebs 2009",),
        "Krebs and others, J Gen Intern Med 2009;24:733 (PMC2686775)",
        "the PEG scale, adapted",
        READ,
    ),
    Reference(
        ("Parai 2020",),
        "Parai and others, Eur Spine J 2020 (ISSLS prize; 98,732 people in the Swedish registry)",
        "what is noticed after operations on the lower back: ODI 18, EQ-5D index 0.10, back 2.7,"
        " leg 3.2; what chance alone does: 18, 0.49, 3.6, 3.7",
        READ,
    ),
    Reference(
        ("235 after decompression",),
        "Int J Spine Surg (ijssurgery.com, node/8557), 235 people a year after decompression",
        "what is noticed: ODI 15.0 to 16.5, EQ-5D index 0.219",
        READ,
    ),
    Reference(
        ("Mikula 2026",),
        "Mikula and others, J Neurosurg Spine 2026 (122 people, neck deformity)",
        "NDI: 7 points, as established before",
        PART,
        "the abstract does not say of how many points",
    ),
    Reference(
        ("Fairbank 1980",),
        "Fairbank and others, Oswestry Disability Index (rehabilitation measures database)",
        "ten items of 0 to 5, in percent of those answered; licensed by the Mapi Research Trust",
        READ,
    ),
    Reference(
        ("Vernon 1991",),
        "Vernon and Mior, Neck Disability Index (the author's note on chiro.org)",
        "ten items of 0 to 5, points of 50 or percent",
        READ,
        "who owns it was not verified",
    ),
    # The expected course.
    Reference(
        ("percutaneous TLIF", "IJSS markup/6151"),
        "Int J Spine Surg, table 3 (ijssurgery.com, markup/6151), 30 people",
        "back and leg pain before, after one week and at 1, 3, 6, 12 and 24 months",
        READ,
    ),
    Reference(
        ("PMC11015628",),
        "440 lumbar fusions",
        "back 4.48, then 1.96, 1.52, 1.51 at 3, 6, 12 months; leg 5.30, then 1.30, 1.04, 1.03",
        READ,
    ),
    Reference(
        ("Koenders 2018", "10.1007/s00586-018-5680-3"),
        "Koenders and others, Eur Spine J 2018 (25 studies, n=1,777)",
        "back 6.4 to 2.0 and leg 7.0 to 1.7 at two years",
        READ,
    ),
    Reference(
        ("PLIF cohort (n=182)",),
        "Orthopaedic Proceedings, J Bone Joint Surg Br 90 (Suppl III), 182 of 226 people",
        "ends only, after 24 to 60 months: back 7.7 to 3.9, leg 6.6 to 3.2",
        READ,
    ),
    Reference(
        ("QOD", "registry endpoints"),
        "Quality Outcomes Database, 480 fusions (cns.org)",
        "change after a year, and the spread before",
        EARLIER,
        "the registry was found, the abstract with these numbers not",
    ),
    Reference(
        ("Brox", "PMC2938881"),
        "Brox and others, Ann Rheum Dis 2010;69:1643",
        "fusion for chronic low back pain: 64 % of back pain left after 4 years",
        PART,
        "the trial was found; its tables 2 and 3 were read in the review",
    ),
    Reference(
        ("ACDF recovery trajectories", "ACDF trajectories", "recovery trajectories after ACDF"),
        "Spine 2025, doi:10.1097/BRS.0000000000005582 (n=290)",
        "neck pain falls to day 24, arm pain to day 11",
        READ,
    ),
    Reference(
        ("FACET", "PMC9679957"),
        "Broekema and others, JAMA Neurol 2022; Simões de Souza, J Bone Joint Surg Am 2023;105:667",
        "neck and arm pain before and after a year; neck pain after a week: 4.7 from the front, 5.6"
        " from behind (no fusion)",
        READ,
        "the values at a year were read in the review",
    ),
    Reference(
        ("Stull",),
        "Stull and others, 235 people after ACDF with neck pain of 3 or more",
        "neck pain 6.5 before, down by 2.9 in a year",
        READ,
    ),
    Reference(
        ("pooled n=237",),
        "three cohorts after ACDF with neck pain of 4 or more",
        "down by 3.3 in a year",
        READ,
    ),
    # Numbers of the rules.
    Reference(
        ("Sebaaly 2018",),
        "Sebaaly and others, Asian Spine J 2018;12:574 (PMC6002183)",
        "10 to 40 of 100 go on having pain after lumbar surgery, with or without fusion",
        READ,
    ),
    Reference(
        ("wheelessonline",),
        "ISSLS textbook, section 18, chapter 4 (wheelessonline.com)",
        "pseudarthrosis: no union within 12 months; pain may begin many months later",
        READ,
    ),
    Reference(
        ("Spine Secrets",),
        "Spine Secrets (textbook)",
        "nothing: 6 months is our default",
        NOT_FOUND,
    ),
    Reference(
        ("Sato 2024",),
        "Sato and others, Eur Spine J 2024;33:4636 (n=255)",
        "the slope of pain on days 1 to 7 goes with disability at 6 months (odds ratio 1.2)",
        READ,
        "so “too early to compare” is our default",
    ),
    Reference(
        ("Mannion 2020",),
        "Mannion and others, Eur Spine J 2020;29:1340 (1,043 people, 599 operated)",
        "pain of 3 or less is what people can live with; adult deformity",
        READ,
    ),
    Reference(
        ("Asher 2020", "10.1016/j.spinee.2020.01.010"),
        "Asher and others, Spine J 2020",
        "nothing: 30 % is our default",
        PART,
        "title and journal; the numbers were not seen",
    ),
    Reference(
        ("Sewell 2025",), "not known", "nothing: our default", NOT_FOUND, "looked for by name"
    ),
    Reference(
        ("Einstein", "Einstein Aging Study"),
        "J Pain 2021, Einstein Aging Study (311 people of 70 to 91)",
        "5 to 6 days are for the variability, not for the mean",
        READ,
    ),
    Reference(
        ("PMC11219986",),
        "N Am Spine Soc J 2024;18:100327, table 7",
        "screws loosen after 6 to 7 months on average; no difference in pain at the end",
        READ,
    ),
    Reference(
        ("Kim 2015",),
        "Kim and others, J Korean Neurosurg Soc 2015;58:357",
        "loosening of S1 screws after a mean of 7.3 months (SD 4.1)",
        READ,
    ),
    Reference(
        ("PMC11999344",),
        "survey of 26 spine surgeons and 151 others, Canada",
        "no consensus on what is allowed when",
        READ,
    ),
    Reference(
        ("Suri 2011",),
        "Suri and others, BMC Musculoskelet Disord 2011;12:220 (47 people)",
        "three of four flares are over within a day; 2.7 points",
        READ,
        "acute low back pain, no operation",
    ),
    # Simulated diaries alone.
    Reference(
        ("Suri 2012",),
        "Suri and others, Clin J Pain 2012;28:573 (634 people)",
        "half have a flare in six months; lifting and bending come first",
        READ,
    ),
    Reference(
        ("Page 2022",),
        "Pagé and others, J Pain 2022;23:1151 (140 people)",
        "SD of pain within a week 1.2",
        READ,
    ),
    Reference(
        ("MyAIGuide",),
        "public diaries of nine people (github.com/oliviermirat/MyAIGuide)",
        "day-to-day SD, likeness of neighbouring days, gaps",
        OURS,
        "measured by us; see docs/trends.md",
    ),
    Reference(
        ("WCP poster 2024",),
        "poster on pain variability, World Congress on Pain 2024 (179 people, three entries a day)",
        "SDs of single people, 0.3 to 2.9",
        READ,
    ),
    Reference(
        ("Ono 2019",),
        "Ono and others, J Med Internet Res 2019;21:e11398 (701 people)",
        "85 % of entries made; fewer with time",
        READ,
    ),
    Reference(
        ("Greenberg 2022",),
        "Greenberg and others, Neurosurgery 2023;92:538, online 2022 (77 people)",
        "86 % of entries made before spine surgery",
        READ,
    ),
    Reference(
        ("Stienen 2020",),
        "Stienen and others, Sci Rep 2020;10:4939 (30 people)",
        "steps 71 % down in week 1, recovery over eight weeks",
        READ,
    ),
    Reference(
        ("Neurosurgery 2021",),
        "Neurosurgery 2021;88:763 (23 people, phones)",
        "steps are back at the mean of the year before after 8 weeks (SD 10)",
        READ,
    ),
    Reference(
        ("10.1186/s12891-020-3102-2",),
        "BMC Musculoskelet Disord 2020 (60 people after lumbar surgery, worn tracker)",
        "less active after one month, more active than before after six",
        READ,
    ),
    Reference(
        ("10.1177/21925682261418658",),
        "Global Spine J 2026 (23 and 25 people, phones)",
        "90 % of the person's own steps after 10.6 days (MIS-TLIF) and 15.3 (open)",
        READ,
    ),
    Reference(
        ("Neurosurgery 2022",),
        "Ahmad and others, Neurosurgery 2022;90:588, pubmed 35199652 (14 people, phones)",
        "walking falls for twelve weeks before some operations; two fell a second time",
        READ,
    ),
    Reference(
        ("Inoue 2017",),
        "Inoue and others, J Pain Res 2017;10:811 (1,842 people)",
        "numbness in 70 of 100 of those whose back surgery failed; the share here is our default",
        READ,
    ),
    Reference(
        ("Shinn 2022",),
        "Shinn and others, Spine 2022;47:1489 (107 after MIS-TLIF)",
        "opioids stopped after 11 days in the median",
        READ,
    ),
    # What no rule rests on: drawing, passwords, models.
    Reference(("Lancet 1994",), "Powsner and Tufte, Lancet 1994;344:386", "small multiples", READ),
    Reference(("Wilson 1927",), "Wilson, J Am Stat Assoc 1927;22:209", "interval of a share", READ),
    Reference(
        ("Adams and MacKay 2007",),
        "Bayesian online changepoint detection, arXiv 0710.3742",
        "a peer that the trend module is compared with",
        READ,
    ),
    Reference(
        ("Security 2016",),
        "Wheeler, zxcvbn, USENIX Security 2016",
        "which passwords are easy to guess",
        READ,
    ),
)


def found(reference: Reference) -> str:
    """What became of looking it up, and what was seen."""
    return f"{reference.found}; {reference.seen}" if reference.seen else str(reference.found)


HEADS = ("named as", "what it is", "used for", "looked up on 30 November 2026")


def rows() -> Iterator[tuple[str, str, str, str]]:
    """One row for each source, in the order of `HEADS`."""
    for each in REFERENCES:
        yield each.cited[0], each.what, each.used_for, found(each)


def as_markdown() -> str:
    """The table of `docs/sources.md`."""
    lines = [" | ".join(HEADS), " | ".join("---" for _ in HEADS)]
    lines += [" | ".join(cell.replace("|", "/") for cell in row) for row in rows()]
    return "".join(f"| {line} |\n" for line in lines)
