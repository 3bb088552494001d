"""The language of phrases."""

from __future__ import annotations

import pytest

from preflight.tone.phrases import Phrases, parse
from preflight.tone.words import folded, words


def spans(phrase: str, text: str, fold: object = folded) -> list[str]:
    said = words(text)
    return [
        text[said[hit.first].start : said[hit.last - 1].end]
        for hit in Phrases([(phrase, "")], fold=fold).find(said)  # type: ignore[arg-type]
    ]


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("nous aid*|accompagn* des", "Nous aidons des gens.", ["Nous aidons des"]),
        ("*ons", "Nous parlons.", ["parlons"]),
        ("a b? c", "A c. A b c. A d c.", ["A c", "A b c"]),
        ("b? c", "B c.", ["B c", "c"]),
        ("a ... z", "A one two three four z.", ["A one two three four z"]),
        ("a ... z", "A one two three four five z.", []),
        ("a ... z", "A one. Z", []),
        ("# minutes", "In 15 minutes.", ["15 minutes"]),
        ("^ you", "You and you.", ["You"]),
        ("you $", "You and you.", ["you"]),
        ("< Sie", "Sie sagt: Kommen Sie, wenn sie da ist.", ["Sie"]),
        ("*s -tu", "Penses-tu ? Tu penses. Va-tu ?", ["Penses-tu"]),
        ("eleve", "Élève", ["Élève"]),
        ("helped @", "Helped you. We helped Orbis and helped a I.", ["helped Orbis"]),
        ("@ use", "Orbis use it, you use it, and Orbis use it.", ["Orbis use"]),
        ("a|à b", "À b.", ["À b"]),
        ("a Sie|Ihr ... z|y", "A Sie, z. A sie z. A Ihr. Z", ["A Sie, z"]),
        ("-tu viens", "Peut-être. Dis-tu viens. Tu viens.", ["tu viens"]),
        ("*rLe", "Vorrei scriverLe, non scriverle.", ["scriverLe"]),
    ],
)
def test_phrases(phrase: str, text: str, expected: list[str]) -> None:
    assert spans(phrase, text) == expected


def test_accents_count_without_folding() -> None:
    assert spans("tú", "Tu casa, tú mismo.", str) == ["tú"]


@pytest.mark.parametrize("phrase", ["", "...", "^", "a?"])
def test_a_phrase_that_may_match_nothing_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="may match nothing"):
        parse(phrase)


def test_a_phrase_begins_where_it_fits_at_the_first_word() -> None:
    greeting = Phrases([("hello|hi", ""), ("good morning", "")])
    assert greeting.begins(words("Hi all"))
    assert greeting.begins(words("Good morning"))
    assert not greeting.begins(words("And good morning"))
    assert not greeting.begins([])


@pytest.mark.parametrize("phrase", ["... a", "^ ...", "$", "a?"])
def test_a_phrase_that_begins_with_no_word_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="begins with no word"):
        Phrases([(phrase, "")])
