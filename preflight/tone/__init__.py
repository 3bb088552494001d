"""How a text addresses its reader, and how it stands to them.

``analyse`` goes through four layers, each of which returns the very words it rests on:

1. *zones* (`preflight.tone.zones`): greeting, body, button, sign-off, and what is not said to the
   reader at all (quoted mails, quotations, signatures, legal footers, placeholders, addresses,
   code). That is masked by blanks of the same length, so that every offset holds.
2. *language* (`preflight.tone.language`): a table of trigrams; it refuses rather than guesses.
3. *markers* (`preflight.tone.markers`): one file a language with the words of address, the set
   phrases and homographs in which they say nothing, and what shows that several readers are meant.
4. *weights* (`preflight.tone.tagger`): small learned weights for what no list can tell, above all
   the verbs of the languages that leave the pronoun out.

The verdict (`preflight.tone.register`) is T, V, mixed, plural, none or unknown. Hard evidence
(pronouns, possessives) decides alone; soft evidence (verbs, forms shared with *she* and *he*) only
where the weights are sure. `preflight.tone.stance` tells first contacts from letters to people who
are known, and ``incident`` (`preflight.tone.incidents`) checks a mail about an incident. All of it
is the standard library, works offline, and says the same thing every time.
"""

from __future__ import annotations

from preflight.tone.incidents import incident
from preflight.tone.language import language_of
from preflight.tone.markers import LANGUAGES
from preflight.tone.model import Element, Evidence, Ignored, Incident, Register, Sign, Stance, Tone
from preflight.tone.register import judge
from preflight.tone.stance import stance_of
from preflight.tone.zones import layout

__all__ = [
    "LANGUAGES",
    "Element",
    "Evidence",
    "Ignored",
    "Incident",
    "Register",
    "Sign",
    "Stance",
    "Tone",
    "analyse",
    "incident",
    "language_in",
]


def analyse(text: str, language: str | None = None) -> Tone:
    """The tone of a plain text (a mail or a part of one).

    ``language`` is a language tag ("fr", "pt-BR"); without it the text is asked. Offsets in the
    result are code points of ``text``.
    """
    mail = layout(text)
    tag = language.lower().replace("_", "-") if language else language_of(mail.masked())
    if tag is None:
        return Tone(None, "unknown", 0.0, (), (), "unknown", ())
    base = tag.partition("-")[0]
    return Tone(base, *judge(mail, base, tag), *stance_of(mail, base))


def language_in(text: str) -> str | None:
    """The language of a plain text, as `analyse` tells it; None where it is not clear."""
    tag = language_of(layout(text).masked())
    return tag.partition("-")[0] if tag else None
