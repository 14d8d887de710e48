"""What the patient is told to do: fixed sentences, the same for everybody.

Plain words, no cause named as a fact, no numbers of any country. A sentence may hold `{emergency}`
(the emergency number), `{team}` (how to reach the spine team), `{line}` (the number of the
medical advice line), `{weeks}` (whole weeks since the operation) and `{sign}` (`Sign.patient`);
`filled` puts them in. All wording awaits a clinician's signature.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from .flags import Pattern
from .language import N_


class Who(StrEnum):
    """Who should be called, first choice first."""

    AMBULANCE = "ambulance"
    EMERGENCY_DEPARTMENT = "emergency_department"
    HOSPITAL_TODAY = "hospital_today"
    TEAM = "team"
    GENERAL = "general"
    """The patient's own doctor or an advice line; the spine team only if it is about the back."""

    @property
    def is_for_now(self) -> bool:
        """Whether help is needed at once, and not only today."""
        return self in (Who.AMBULANCE, Who.EMERGENCY_DEPARTMENT)


#: Postoperative day from which words for the phone count in weeks: before it, and before the
#: operation, naming the day reads better than "0 weeks ago".
_WEEKS_FROM = 14

_SAY_EARLY = N_("“My spinal fusion was on {day}. New or worse: {sign}.”")
_SAY_BEFORE = N_("“My spinal fusion will be on {day}. New or worse: {sign}.”")
#: After the operation, of what was told about days before it.
_SAY_SINCE_BEFORE = N_("“My spinal fusion was on {day}. Before it I had this: {sign}.”")


@dataclass(frozen=True, slots=True)
class Advice:
    """What a page says about one kind of concern, in reading order."""

    title: str
    why: str
    do: tuple[str, ...]
    #: What to say on the phone; "" where nobody is called.
    say: str
    who: Who
    #: What to do if nobody answers within an hour; "" where no call is asked for.
    if_nobody_answers: str = ""
    #: `say` in the first two weeks, and before the operation.
    say_early: str = _SAY_EARLY
    say_before: str = _SAY_BEFORE


def filled(text: str, values: Mapping[str, str]) -> str:
    """`text` with its placeholders replaced; a placeholder without a value stays visible."""
    for key, value in values.items():
        text = text.replace(f"{{{key}}}", value)
    return text


_AMBULANCE = N_("Call {emergency} now")
_HOSPITAL = N_("Go to a hospital emergency department now")
_TODAY = N_("Call your spine team today")
_HOSPITAL_TODAY = N_("Go to a hospital today")
_SOON = N_("Tell your spine team in the next week or two")
_GENERAL = N_("Worth knowing")

_SAY_AMBULANCE = N_(
    "“I had a spinal fusion {weeks} weeks ago. New or worse: {sign}. I was told to call"
    " {emergency}.”"
)
_SAY_HOSPITAL = N_(
    "“I had a spinal fusion {weeks} weeks ago. New or worse: {sign}. I was told to come in at"
    " once.”"
)
_SAY_TEAM = N_("“I had a spinal fusion {weeks} weeks ago. New or worse: {sign}.”")
#: The same for something that is over.
_SAY_GONE = N_("“I had a spinal fusion {weeks} weeks ago. I had this, and now it is gone: {sign}.”")
_SAY_GONE_EARLY = N_("“My spinal fusion was on {day}. I had this, and now it is gone: {sign}.”")
_SAY_GONE_BEFORE = N_(
    "“My spinal fusion will be on {day}. I had this, and now it is gone: {sign}.”"
)
#: Where no answer can be named: `say`, `say_early` and `say_before`.
_UNNAMED_NOW = (
    N_("“I had a spinal fusion {weeks} weeks ago. My diary told me to get help now.”"),
    N_("“My spinal fusion was on {day}. My diary told me to get help now.”"),
    N_("“My spinal fusion will be on {day}. My diary told me to get help now.”"),
)
_UNNAMED_TODAY = (
    N_("“I had a spinal fusion {weeks} weeks ago. My diary told me to get help today.”"),
    N_("“My spinal fusion was on {day}. My diary told me to get help today.”"),
    N_("“My spinal fusion will be on {day}. My diary told me to get help today.”"),
)
#: `say_early` and `say_before` of what statistics found.
_SHOWN = (
    N_("“My spinal fusion was on {day}. My diary shows something that you should know.”"),
    N_("“My spinal fusion will be on {day}. My diary shows something that you should know.”"),
)

_DO_NOW = (
    N_("Do not wait to see if it gets better."),
    N_("Do not drive yourself."),
    N_("If you cannot call, ask someone to call for you."),
    N_("Bring your medicines, or a list of them."),
)
_DO_TODAY = (
    N_("Call today, even if it is late."),
    N_("Have your medicines near you when you call."),
)
_IF_NOBODY_HOSPITAL = N_(
    "If nobody can take you, call {emergency}. Do not wait for a call back from your team."
)
_IF_NOBODY_AMBULANCE = N_("If you cannot get through, ask someone to drive you to a hospital.")
_IF_NOBODY_TODAY = N_(
    "If nobody answers within 1 hour, or the line is closed, do not wait. Call the health advice"
    " line where you live, or go to a hospital. Call {emergency} if you feel very ill or confused."
    " Call {emergency} if you cannot breathe well, or cannot feel or move your legs."
)
#: Said instead where the number of that advice line is known.
WITH_ADVICE_LINE: Mapping[str, str] = MappingProxyType(
    {
        _IF_NOBODY_TODAY: N_(
            "If nobody answers within 1 hour, or the line is closed, do not wait. Call {line}, or"
            " go to a hospital. Call {emergency} if you feel very ill or confused. Call {emergency}"
            " if you cannot breathe well, or cannot feel or move your legs."
        )
    }
)


def _ambulance(why: str, *do: str) -> Advice:
    return Advice(
        _AMBULANCE, why, (*do, *_DO_NOW), _SAY_AMBULANCE, Who.AMBULANCE, _IF_NOBODY_AMBULANCE
    )


def _hospital(why: str, *do: str) -> Advice:
    who = Who.EMERGENCY_DEPARTMENT
    return Advice(_HOSPITAL, why, (*do, *_DO_NOW), _SAY_HOSPITAL, who, _IF_NOBODY_HOSPITAL)


def _team(why: str, *do: str) -> Advice:
    return Advice(_TODAY, why, (*do, *_DO_TODAY), _SAY_TEAM, Who.TEAM, _IF_NOBODY_TODAY)


def _unnamed(advice: Advice) -> Advice:
    """The same advice where no answer can be named on the phone."""
    say, early, before = _UNNAMED_NOW if advice.who.is_for_now else _UNNAMED_TODAY
    return replace(advice, say=say, say_early=early, say_before=before)


def _hospital_today(why: str, *do: str) -> Advice:
    return Advice(
        _HOSPITAL_TODAY,
        why,
        (*do, N_("Do not drive yourself."), N_("Bring your medicines, or a list of them.")),
        _SAY_TEAM,
        Who.HOSPITAL_TODAY,
        _IF_NOBODY_HOSPITAL,
    )


def _review(why: str, *do: str) -> Advice:
    return Advice(_SOON, why, do, _SAY_TEAM, Who.TEAM)


def _general(why: str, *do: str) -> Advice:
    return Advice(_GENERAL, why, do, "", Who.GENERAL)


_RULES = N_("Until then, follow your rules on lifting, bending and twisting.")
_GETS_WORSE = N_("If it gets worse, or something new starts, call your spine team.")
_ASK_SADDLE = N_(
    "Are you numb around your bottom or genitals? Is it hard to pee? Go to a hospital emergency"
    " department now."
)
_IF_NO_AIR = N_("Call {emergency} if it is hard to breathe or you cannot swallow your own spit.")
_IF_MENINGITIS = N_("Call {emergency} if you have a fever, feel confused, or have a fit.")
_IF_VERY_ILL = N_(
    "Call {emergency} if you feel very ill, are confused, have a stiff neck, or get weaker."
)
_ANTIBIOTICS = N_(
    "Has someone offered you antibiotics? Tell them first that you have metal in your spine. Ask"
    " them to call your spine team."
)
_INFECTION = N_("You may have an infection. Most are easy to treat if they are found early.")
_FALL = N_(
    "A fall, a pop or a strain can put a load on the metal parts or the bone. Your team will want"
    " to know."
)
#: A fall may have been of the head, and nobody may have noted a blood thinner: NICE NG232.
_HEAD_TOO = N_("Did you hit your head, and do you take a blood thinner? Go to a hospital now.")
_THIS_WEEK = N_("Please call your spine team this week")

#: Advice by key; `Sign.advice` and `triage.ANSWER_ADVICE` name the keys.
ADVICE: Mapping[str, Advice] = MappingProxyType(
    {
        "saddle": _hospital(
            N_(
                "The nerves to your bottom, bladder and bowel may be squeezed. This is not common."
                " But it must be checked now, because early care works best."
            )
        ),
        "bladder": _hospital(
            N_(
                "The nerves to your bladder and bowel may be squeezed. This is not common. But it"
                " must be checked now, because early care works best."
            )
        ),
        "paralysis": _ambulance(
            N_(
                "A nerve or your spinal cord may be squeezed. It must be checked now, because early"
                " care works best."
            )
        ),
        "chest": _ambulance(
            N_(
                "This could be a blood clot in your lung or a heart problem. Both can be treated,"
                " and time matters."
            ),
            N_("Sit down and rest until help comes."),
        ),
        "airway": _ambulance(
            N_("Swelling in the neck can block your airway. You need help now."),
            N_("Sit upright. Do not lie flat."),
        ),
        "unspecified_emergency": _ambulance(
            N_(
                "You ticked a line that includes emergencies, and did not say which it is. Any"
                " of these can need help now."
            ),
            N_("Sit upright and rest until help comes."),
        ),
        "which_left_open": _ambulance(
            N_(
                "You told us that something was new or worse, but not what. Some of the signs need"
                " help now."
            ),
            N_(
                "Is it one of the signs under “May need help now”, and is it still there? Do not"
                " wait. Call."
            ),
            N_("Is it not one of them? Then say on the form of that day which it was."),
        ),
        "unwell_emergency": _ambulance(
            N_(
                "A fever with this, or confusion, or feeling very ill, can mean an infection is"
                " spreading. You need help now."
            )
        ),
        "vision": _ambulance(
            N_("A sudden change of your sight must be checked now. Time matters.")
        ),
        "stroke": _ambulance(
            N_("This could be a stroke. It can be treated, and every minute counts."),
            N_("Say when it started."),
        ),
        "seizure": _ambulance(
            N_("A fit after an operation must be checked now."),
            N_("Lie on your side. Someone should stay with you."),
        ),
        "over_sedated": _ambulance(
            N_(
                "Strong painkillers can slow your breathing too much. Someone needs to stay with"
                " you until help comes."
            ),
            N_("Do not take any more strong painkillers, sleeping tablets or alcohol."),
            N_("Tell them which tablets you took, and when."),
        ),
        "allergy": _ambulance(
            N_("This could be a bad allergic reaction. It can close your throat."),
            N_("If you have an adrenaline pen, use it now."),
            N_("Did you start a new medicine? Do not take it again."),
        ),
        "both_sides_emergency": _hospital(
            N_(
                "New trouble on both sides, with numbness or weakness, can mean that the nerves in"
                " your back are squeezed. It must be checked now, because early care works best."
            )
        ),
        "leak_emergency": _hospital(
            N_(
                "Fluid from the wound together with a fever can mean an infection near your spine."
                " It must be checked now."
            )
        ),
        "headache_emergency": _ambulance(
            N_(
                "This headache, together with what else you told us, can mean an infection or"
                " pressure in your head. You need help now."
            )
        ),
        "belly_emergency": _hospital(
            N_(
                "Belly trouble with a fever, or when you feel very ill, must be checked now. So"
                " must belly trouble soon after an operation from the front or side."
            ),
            N_("Do not eat or drink until you have been seen."),
        ),
        "head_emergency": _hospital(
            N_(
                "A knock on the head while you take a blood thinner can bleed inside. You need a"
                " scan now, even if you feel fine."
            )
        ),
        "severe_pain_emergency": _ambulance(
            N_(
                "Very bad pain can mean that a nerve or your spinal cord is squeezed, if it comes"
                " with numbness or weakness, keeps getting worse, or if you take a blood thinner."
                " It must be checked now."
            )
        ),
        "was_there": Advice(
            _TODAY,
            N_(
                "You told us about something serious that has now gone away. Your team needs to"
                " know today, even if you feel fine."
            ),
            (N_("If it comes back, call {emergency} at once."), *_DO_TODAY),
            _SAY_GONE,
            Who.TEAM,
            _IF_NOBODY_TODAY,
            _SAY_GONE_EARLY,
            _SAY_GONE_BEFORE,
        ),
        "weakness": _team(
            N_(
                "New weakness can mean that a nerve is under pressure. Your team needs to check it"
                " today."
            ),
            N_("Call {emergency} if it gets worse fast, or is on both sides."),
        ),
        "both_sides": _team(
            N_(
                "Pain or numbness on both sides that is new or worse can mean that nerves are under"
                " pressure. Your team needs to know today."
            ),
            _ASK_SADDLE,
        ),
        "both_sides_hospital": _hospital_today(
            N_(
                "Pain or numbness on both sides that is new or worse can mean that nerves are under"
                " pressure. You need to be seen today. Do not wait for a call back."
            ),
            N_(
                "Go now if you feel numb around your bottom, if you are weak, or if it is hard to"
                " pee."
            ),
        ),
        "numbness": _team(
            N_(
                "Not being able to feel part of your body can mean that a nerve is under pressure."
                " Your team needs to check it today."
            ),
            _ASK_SADDLE,
        ),
        "throat_early": _team(
            N_(
                "Trouble swallowing is common in the first week after a neck operation. But if it"
                " is new or getting worse, it can be a swelling. It needs a check today."
            ),
            N_("Eat soft food, slowly, and sit upright."),
            _IF_NO_AIR,
        ),
        "throat": _team(
            N_(
                "Trouble with your throat or voice that is new or gets worse needs a check. Your"
                " team will want to know today."
            ),
            _IF_NO_AIR,
        ),
        "bleeding": _team(
            N_("Blood that soaks the dressing needs a check today."),
            N_("Press on it with a clean cloth for 10 minutes."),
            N_("Call {emergency} if it does not stop."),
        ),
        "wound": _team(
            _INFECTION,
            N_("Keep the wound clean and covered. Do not put cream on it."),
        ),
        "fluid_leak": _team(
            N_("Fluid may be leaking around your spine. It can be treated. It must be seen today."),
            N_("Lie flat, and call lying down."),
            _IF_MENINGITIS,
        ),
        "fluid_leak_neck": _team(
            N_("Fluid may be leaking around your spine. It can be treated. It must be seen today."),
            N_("Sit or lie as is most comfortable."),
            _IF_MENINGITIS,
        ),
        "fever": _team(
            N_(
                "Fever or shivering can come from an infection. Most are easy to treat if they are"
                " found early."
            ),
            N_("Take your temperature again and tell your team what it is."),
            _IF_VERY_ILL,
        ),
        "fever_early": _team(
            N_(
                "A raised temperature is common in the first 3 days. At home it still needs a call"
                " today."
            ),
            N_("Still in hospital? Tell your nurse now."),
            N_("Take your temperature again in 4 hours."),
            _IF_VERY_ILL,
        ),
        "fever_late": _team(
            N_(
                "A fever can come from germs on the metal, even months or years later. Call your"
                " own doctor or your spine team today."
            ),
            N_("Say that you have metal in your spine."),
            _ANTIBIOTICS,
            _IF_VERY_ILL,
        ),
        "late_infection": _team(
            N_(
                "These together can come from an infection near the metal, even months or years"
                " later. It needs a check today."
            ),
            N_("Take your temperature and tell your team what it is."),
            _ANTIBIOTICS,
        ),
        "low_temperature": _general(
            N_("A low temperature is often only how it was measured. Take it again."),
            N_("Call {emergency} if you feel very ill, cold and shaky, or confused."),
        ),
        "unwell": _team(
            N_("Feeling very ill after an operation needs a check. Trust that feeling."),
            N_("Take your temperature and tell your team what it is."),
            N_("If their line is closed, go to a hospital emergency department."),
            N_(
                "Call {emergency} if your skin is blotchy, if you have not peed all day, or if it"
                " is hard to speak or breathe."
            ),
        ),
        "stiff_neck": _team(
            N_("A stiff neck can come with a leak of fluid or an infection. It needs a check."),
            N_("Take your temperature. Call {emergency} if you have a fever or feel confused."),
        ),
        "calf": _team(
            N_(
                "You may have a blood clot in your leg. It can be treated, but it needs a check"
                " today."
            ),
            N_("Do not rub the leg."),
            N_("Call {emergency} if your chest hurts or it is hard to breathe."),
        ),
        "shift": _team(
            N_(
                "A fall, a pop or a strain can put a load on the metal parts or the bone. Your team"
                " will want to know today."
            ),
            _HEAD_TOO,
            _RULES,
        ),
        "shift_review": _review(
            _FALL,
            _HEAD_TOO,
            _RULES,
            N_("Call today if the pain goes up a lot, or you feel new numbness or weakness."),
        ),
        "severe_pain": _team(
            N_(
                "Pain that tablets do not ease needs a call today. Your team can look for the"
                " reason and help with the pain."
            ),
            N_("Do not take more tablets than you were told."),
            N_(
                "Call {emergency} if an arm or leg is weak, your bottom is numb, or it is hard to"
                " pee."
            ),
        ),
        "severe_pain_early": _team(
            N_(
                "Pain that tablets do not ease needs a call today. In the first 2 weeks a bleed can"
                " press on nerves."
            ),
            N_("Go to a hospital now if it gets worse."),
            N_("Go there now if you take a blood thinner."),
            N_("Do not take more tablets than you were told."),
            N_(
                "Call {emergency} if an arm or leg is weak, your bottom is numb, or it is hard to"
                " pee."
            ),
        ),
        "opioids": _team(
            N_(
                "That is a lot of strong painkillers for one day. Call today about your tablets, so"
                " that they can be made safe for you."
            ),
            N_("Do not drink alcohol. Do not drive if you feel sleepy."),
            N_("Do not stop them all in one go."),
            N_("Call {emergency} if you are very sleepy, hard to wake, or breathe slowly."),
        ),
        "belly": _team(
            N_("A very bad or swollen belly needs a check."),
            N_("Call {emergency} if it gets worse fast, or if you feel very ill."),
        ),
        "bowels": _team(
            N_(
                "Strong painkillers often stop the bowels. After 3 days it needs help before it"
                " gets worse."
            ),
            N_("Drink enough, and walk if you can."),
            N_("Go to a hospital if your belly is hard or swollen, or you keep being sick."),
        ),
        "vomiting": _team(
            N_(
                "Being sick again and again in the first weeks needs a check. Your tablets may not"
                " stay down."
            ),
            N_("Take small sips of water."),
            N_("Go to a hospital if your belly is hard or swollen."),
            N_("Go there too if you cannot keep water down."),
        ),
        "rash": _team(
            N_("A rash can come from a new medicine. Ask before you take the next dose."),
            N_("Call {emergency} if your face, lips or tongue swell, or if it is hard to breathe."),
            N_("Call {emergency} if you have a fever and the rash does not fade when pressed."),
        ),
        "sight": _team(
            N_("A change of your sight after an operation needs a check today."),
            N_("Call {emergency} if it came on suddenly, or with a headache or weakness."),
        ),
        "genital": _team(
            N_(
                "This can happen after an operation, especially one from the front. It can also"
                " mean that nerves are under pressure. Your team needs to know today."
            ),
            _ASK_SADDLE,
        ),
        "head": _team(
            N_("A knock on the head needs a check today."),
            N_("Do you take a blood thinner? Go to a hospital now."),
            N_("Call {emergency} if you are sleepy, confused, sick, or your head hurts badly."),
        ),
        "unspecified": _team(
            N_("You ticked that something has started or got worse. Tell your team what it is."),
        ),
        "review": _review(
            N_("There can be many reasons for this. Your team will want to know about it."),
            _GETS_WORSE,
        ),
        "throat_note": _general(
            N_(
                "Throat trouble is common in the first weeks after a neck operation. It often gets"
                " better."
            ),
            N_("Eat soft food, slowly, and sit upright."),
            N_("Call your spine team if it gets worse or does not go away."),
            _IF_NO_AIR,
        ),
        "fever_note": _general(
            N_("A fever before an operation can change the plan."),
            N_("Take your temperature again. Drink enough."),
            N_("Call your own doctor if it stays for more than 2 days or you feel ill."),
            N_("Tell your spine team before the operation."),
        ),
        "general": _general(
            N_("This often has nothing to do with your operation. But you know your body best."),
            N_("Call your own doctor if it stays or gets worse."),
            N_("Call your spine team if you also have a fever or your pain goes up."),
        ),
        "none": _general(
            N_(
                "We keep this with your other answers, so that you and your team can see if it"
                " changes."
            ),
        ),
    }
)

#: What the patient reads about a pattern: no pattern name, no cause as a fact.
PATTERN_ADVICE: Mapping[Pattern, Advice] = MappingProxyType(
    {
        Pattern.EMERGENCY_SIGN: _unnamed(
            Advice(
                N_("Get help now"),
                N_("You told us about a sign that must be checked at once."),
                _DO_NOW,
                _SAY_AMBULANCE,
                Who.AMBULANCE,
                _IF_NOBODY_AMBULANCE,
            )
        ),
        Pattern.URGENT_SIGN: _unnamed(
            _team(N_("You told us about something that your team will want to know about."))
        ),
        Pattern.INFECTION: _unnamed(_team(_INFECTION)),
        Pattern.EVENT: _unnamed(_team(_FALL, _RULES)),
        Pattern.NERVE: Advice(
            N_("Call your spine team in the next few days"),
            N_(
                "Your answers about numbness, weakness or limb pain have got worse. A nerve may be"
                " sore or under pressure. Your team will want to test how your nerves are working."
            ),
            (
                N_("Call today if you feel new weakness."),
                _ASK_SADDLE,
            ),
            N_(
                "“I had a spinal fusion {weeks} weeks ago. My answers about numbness, weakness or"
                " limb pain have got worse. My diary shows it.”"
            ),
            Who.TEAM,
            "",
            *_SHOWN,
        ),
        Pattern.LOOSE_HARDWARE: Advice(
            _THIS_WEEK,
            N_(
                "Your pain got better at first. Now it has gone up again. There can be many reasons"
                " for this. Most can be treated. Your team may want to check the metal parts and"
                " how the bone is healing."
            ),
            (_RULES, _GETS_WORSE),
            N_(
                "“I had a spinal fusion {weeks} weeks ago. My pain had got better and now it is"
                " back. My diary shows it.”"
            ),
            Who.TEAM,
            "",
            *_SHOWN,
        ),
        Pattern.FAILED_FUSION: Advice(
            N_("Bring this to your next visit, or call to ask for an earlier one"),
            N_(
                "Your pain has not got much better for some time. Bone can be slow to heal. Pain"
                " can also have other causes. Your team can check how the bone is healing."
            ),
            (
                N_("Tell them if you smoke or use nicotine, as it slows bone."),
                _GETS_WORSE,
            ),
            N_(
                "“I had a spinal fusion {weeks} weeks ago. My pain has not got much better. My"
                " diary shows it.”"
            ),
            Who.TEAM,
            "",
            *_SHOWN,
        ),
        Pattern.WORSENING: Advice(
            _THIS_WEEK,
            N_(
                "Your answers have got worse and have stayed worse. There can be many reasons for"
                " this. Most can be treated."
            ),
            (_RULES, _GETS_WORSE),
            N_(
                "“I had a spinal fusion {weeks} weeks ago. Things have got worse again. My diary"
                " shows it.”"
            ),
            Who.TEAM,
            "",
            *_SHOWN,
        ),
        Pattern.SLOW_RECOVERY: Advice(
            N_("Bring this to your next visit"),
            N_(
                "People heal at very different speeds. Yours is slower than most so far. Your team"
                " can talk with you about what may help."
            ),
            (_GETS_WORSE,),
            "",
            Who.TEAM,
        ),
        Pattern.LESS_WALKING: Advice(
            N_("You have walked less for some weeks"),
            N_(
                "Your phone or watch counted about half of your usual steps. Maybe you carried it"
                " less. If walking has become harder, tell your team at your next visit."
            ),
            (_GETS_WORSE,),
            "",
            Who.TEAM,
        ),
        Pattern.GONE_QUIET: Advice(
            N_("Start again whenever you like"),
            N_("No need to catch up. Just start with today."),
            (N_("If you feel worse, do not wait for the diary. Call your spine team."),),
            "",
            Who.TEAM,
        ),
    }
)


def what_to_say(advice: Advice, *, is_named: bool, pod: int, is_from_before: bool = False) -> str:
    """The sentence for the phone on a day after the operation; "" where nobody is called.

    Where a question was left open and no answer beside it `is_named`, that the diary told one to
    call: at once, or today. What was told of days before the operation alone is not new since it.
    """
    if not advice.say:
        return ""
    if not is_named:
        advice = _unnamed(advice)
    elif is_from_before and advice.say_early == _SAY_EARLY:
        return _SAY_SINCE_BEFORE
    if pod >= _WEEKS_FROM:
        return advice.say
    return advice.say_early if pod >= 0 else advice.say_before


#: What was answered where a question under it was left open, by the sign that stands for that. The
#: other such questions stand under a line that was ticked, which is named itself.
ANSWERED: Mapping[str, str] = MappingProxyType(
    {"severe_pain_left_open": N_("pain that is very bad, or much worse than usual")}
)

#: Said instead of that something serious has gone away, where nobody had said that it was there.
WAS_LEFT_OPEN = N_(
    "We asked about something serious, and the question was left open. You have told us since that"
    " it is gone. Your team needs to know today, even if you feel fine."
)

#: On every page that asks for a call: the diary itself calls nobody.
YOU_MUST_CALL = N_(
    "Your entry is saved. This diary does not tell your team or {emergency} for you. You need to"
    " make the call."
)

#: With the advice for an emergency on a past day: nobody knows whether it still holds.
IF_GONE_NOW = N_("Is it gone now? Then call your spine team today, even if you feel fine.")

#: Where nothing was found; it never says that all is well.
NOTHING_FOUND = N_(
    "We did not spot a worrying pattern in what you logged. This does not mean that all is well:"
    " this diary cannot see your bones or nerves. If something does not feel right, trust that and"
    " call."
)

#: Named in the advice if the deficit was there before; keys of `surgery.KNOWN_DEFICITS`.
KNOWN_BEFORE: Mapping[str, str] = MappingProxyType(
    {
        "weakness": N_(
            "You had a weak arm, hand, leg or foot before. Say if this is new or worse."
        ),
        "catheter": N_("You have a catheter. Say so, and tell them what has changed."),
        "incontinence": N_("You were leaking pee or poo before. Say if this is new or worse."),
        "both_sides": N_(
            "You had pain or numbness on both sides before. Say if this is new or worse."
        ),
    }
)
#: The advice that names them.
NERVE_ADVICE = frozenset(
    {
        "saddle",
        "bladder",
        "paralysis",
        "weakness",
        "both_sides",
        "both_sides_hospital",
        "both_sides_emergency",
        "numbness",
        "severe_pain_emergency",
        "genital",
    }
)

_BLEEDS = frozenset(
    {
        "severe_pain",
        "severe_pain_early",
        "severe_pain_emergency",
        "paralysis",
        "weakness",
        "shift",
        "shift_review",
        "head",
        "head_emergency",
        "bleeding",
        "stroke",
    }
)
_INFECTIONS = frozenset(
    {
        "fever",
        "fever_early",
        "fever_late",
        "late_infection",
        "wound",
        "unwell",
        "unwell_emergency",
        "leak_emergency",
        "headache_emergency",
    }
)
_TABLETS = frozenset({"over_sedated", "opioids", "severe_pain", "severe_pain_early", "bowels"})
#: With the advice named, where a risk is known from set-up; keys of `surgery.RISK_FACTORS`.
WITH_RISK: Mapping[str, tuple[frozenset[str], str]] = MappingProxyType(
    {
        "blood_thinner": (_BLEEDS, N_("You take a blood thinner. Say so first.")),
        "opioids": (
            _TABLETS,
            N_("You take strong painkillers. Say which, and how many you took today."),
        ),
        "steroids": (
            _INFECTIONS,
            N_("You take steroids, which can hide an infection. Say so first."),
        ),
        "weak_immunity": (_INFECTIONS, N_("Your immune system is weak. Say so first.")),
        "diabetes": (_INFECTIONS, N_("You have diabetes. Say so.")),
        "osteoporosis": (
            frozenset({"shift", "shift_review"}),
            N_("Your bones are thin. Say so: a small fall can break them."),
        ),
    }
)
