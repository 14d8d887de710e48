#!/usr/bin/env bash
# espeakng-loader 0.2.4 (eSpeak NG, the voice that NVDA and Orca come with).
# Belief: a range with the dash that typographers ask for, pain 3–5, is heard as a range.
# Seen: it is heard as "three five", the same as two numbers, in English, Spanish and German; only
#   "3 to 5" is a range to the ear. A hyphen is "dash" in English, nothing in Spanish. In Spanish
#   the sign in ≥ 38 is not spoken either, so a limit is heard as a temperature.
source "$(dirname "$0")/environment.sh"
install espeakng-loader==0.2.4
"$python" - <<'PY'
import ctypes

import espeakng_loader

voice = ctypes.CDLL(espeakng_loader.get_library_path())
voice.espeak_Initialize(2, 0, espeakng_loader.get_data_path().encode(), 0)
voice.espeak_TextToPhonemes.restype = ctypes.c_char_p


def heard(text: str, language: str) -> str:
    """What a listener hears, as phonemes."""
    assert voice.espeak_SetVoiceByName(language.encode()) == 0
    kept = ctypes.create_string_buffer(text.encode())
    rest = ctypes.c_void_p(ctypes.addressof(kept))
    said = []
    while rest.value:
        said.append(voice.espeak_TextToPhonemes(ctypes.byref(rest), 1, 2).decode())
    return " ".join(said)


for language, range_in_words in (("en-us", "3 to 5"), ("es", "3 a 5"), ("de", "3 bis 5")):
    dash, bare, words = (heard(text, language) for text in ("3–5", "3 5", range_in_words))
    print(f"{language}: 3–5 is heard as {dash}, {range_in_words} as {words}")
    assert dash == bare, "the dash is heard now"
    assert dash != words
assert heard("3-5", "en-us") != heard("3 5", "en-us")
assert heard("3-5", "es") == heard("3 5", "es"), "Spanish says the hyphen now"
limit, value = heard("≥ 38", "es"), heard("38", "es")
print(f"es: ≥ 38 is heard as {limit}, 38 as {value}")
assert limit == value, "Spanish says the sign now"
assert heard("≥ 38", "en-us") != heard("38", "en-us")
PY
