"""Regular expressions written for every engine alike, held against the engine they were made for."""

from __future__ import annotations

import duckdb
import pytest

from preflight.absence import ABSENCE_PATTERN
from preflight.audience.warehouse.patterns import Untranslatable, translated

PATTERNS = [
    r"(?i)^ignore", r"(?i)[k-s]", r"(?i:straße)", r"^\w+$", r"\d{2,3}", r"\bann\b", r"a.c", "(?s)a.c", r"\s$",
    r"[^\p{L}\p{N}]", r"\p{Lu}\p{M}*", r"[\p{Greek}\p{Cyrillic}]", r"\p{C}", r"\P{L}", r"a{2}|b+?", r"x|",
    r"[\]\-\\^]", r"[a\-z]", r"\x{00A0}|\x41", r"\{\{.*?\}\}", r"^$", r"a$", r"\Aa\z", "[[]", r"%\_", "{", "a{x}",
    rf"^({ABSENCE_PATTERN})$", r"(?i)é", r"[À-ÿ]", r"\t|\n",
]  # fmt: skip
WORDS = [
    "", "Ignore this", "IGNORE", "K", "ſ", "STRASSE", "straße", "abc", "a\nc", "12", "1234", "Ann", "Anna", "ann.",
    "٣", "é", "É", "É", "e\u0301", "Ωμέγα", "Ω", "Иван", "a\u200bb", "\u00a0", " n/a ", "NaN", "Nan", "—", "a]b",
    "^", "\\", "-", "a\n", "a", "aa", "{{ x }}", "{", "100%_", "%\\_", "tab\t", "ÿ", "[", "a{x}", "ª", "ⅷ", "\U0001f44d",
]  # fmt: skip


def test_patterns_find_in_postgres_what_they_find_in_files(database):
    database.execute('CREATE TABLE crm.words (n int, x text COLLATE "C")')
    for number, word in enumerate(WORDS):
        database.execute("INSERT INTO crm.words VALUES (%s, %s)", (number, word))
    ours = duckdb.connect()
    for pattern in PATTERNS:
        wanted = [
            number
            for number, word in enumerate(WORDS)
            if ours.execute("SELECT regexp_matches(?, ?)", [word, pattern]).fetchone() == (True,)
        ]
        query = "SELECT n FROM crm.words WHERE x ~ %s ORDER BY n"
        found = [n for (n,) in database.execute(query, (translated(pattern),)).fetchall()]
        assert (pattern, found) == (pattern, wanted)


@pytest.mark.parametrize(
    "pattern",
    [r"(?P<a>x)", r"\Qx\E", "[[:alpha:]]", r"\p{Han}", "a{2,999}", "(?m)^a", "(a", "a)", r"\B", "[z-a]", "^*", "\\", "[a", "*"],
)  # fmt: skip
def test_what_cannot_be_said_alike_is_refused(pattern):
    with pytest.raises(Untranslatable):
        translated(pattern)
