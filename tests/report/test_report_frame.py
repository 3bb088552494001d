"""Frames: the underline stands exactly below the place, whatever the line holds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from preflight.report.frame import clipped, frame
from preflight.report.layout import display_width, wrap
from preflight.report.paint import Paint
from preflight.report.style import Style
from preflight.source import Source


def drawn(source: Source, start: int, end: int, width: int = 60, **more: bool) -> list[str]:
    return frame(source.span(start, end), Style(width=width, **more), Paint(), "red", indent=0)


def underlined(lines: list[str]) -> str:
    """What stands above the marks of a frame with one marked line, by columns."""
    line, marks = lines[-2:]
    left = len(marks) - len(marks.lstrip(" 0123456789|"))
    out, column = "", 0
    for char in line:
        if left <= column < len(marks):
            out += char
        column += display_width(char)
    return out


def of(text: str, part: str, width: int = 60) -> list[str]:
    start = text.index(part)
    return drawn(Source("a", text), start, start + len(part), width)


def test_a_line_and_the_one_above() -> None:
    assert of("one\ntwo three\nfour", "three") == [
        "1 | one",
        "2 | two three",
        "  |     ^^^^^",
    ]


def test_no_blank_line_above() -> None:
    assert of("one\n  \ntwo", "two") == ["3 | two", "  | ^^^"]


def test_tabs_wide_characters_emoji_and_combining_marks() -> None:
    for before in (
        "\t",
        "a\tb\t",
        "你好",
        "🎉👍🏽👩\u200d🚀",
        "e\u0301e\u0301",
        "नमस्ते",
        "❤\ufe0f",
        "ｗ",
        "🇫🇷",
    ):
        lines = of(f"{before}HERE after", "HERE")
        assert display_width(lines[0].partition("HERE")[0]) == lines[1].index("^"), before
        assert lines[1].count("^") == 4
    assert of("x 你好 y", "你好")[1] == "  |   ^^^^"
    assert of("x e\u0301 y", "e\u0301")[1] == "  |   ^"


def test_hidden_characters_are_escapes_and_still_underlined() -> None:
    assert of("a\u202eb\x1bc HERE", "\x1b") == ["1 | a\\u202eb\\x1bc HERE", "  |         ^^^^"]


def test_masked_addresses_keep_the_underline() -> None:
    assert of("to: jane.doe@example.org, HERE", "HERE") == [
        "1 | to: j***@e***.org, HERE",
        "  |                    ^^^^",
    ]
    whole = ["1 | to: j***@e***.org", "  |     ^^^^^^^^^^^^^"]
    assert of("to: jane.doe@example.org", "jane.doe@example.org") == whole
    assert of("to: jane.doe@example.org", "doe@exa") == whole
    start = len("to: ")
    source = Source("a", "to: jane.doe@example.org")
    assert drawn(source, start, start + 4, show_addresses=True)[0].endswith("jane.doe@example.org")


def test_long_lines_are_cut_around_the_place() -> None:
    lines = of("x" * 5_000 + "HERE" + "y" * 5_000, "HERE", 40)
    assert lines[0].startswith("1 | …x")
    assert lines[0].endswith("y…")
    assert underlined(lines) == "HERE"
    assert all(display_width(line) <= 40 for line in lines)


def test_a_place_longer_than_the_line_shows_its_beginning() -> None:
    lines = of("x" * 100 + "HERE" * 100 + "y", "HERE" * 100, 40)
    assert underlined(lines).startswith("HEREHERE")
    assert all(display_width(line) <= 40 for line in lines)


def test_spans_over_lines_show_first_and_last() -> None:
    text = "a\n  <p>one\n  two\n  three\n  </p> b\n"
    assert of(text, "<p>one\n  two\n  three\n  </p>") == [
        "2 |   <p>one",
        "  |   ^^^^^^",
        ".",
        "5 |   </p> b",
        "  |   ^^^^",
    ]
    assert of(text, "one\n  two\n  three") == [
        "2 |   <p>one",
        "  |      ^^^",
        "3 |   two",
        "  |   ^^^",
        "4 |   three",
        "  |   ^^^^^",
    ]


def test_the_edges_of_a_source() -> None:
    assert drawn(Source("a", ""), 0, 0) == []
    assert drawn(Source("a", "\n\n"), 1, 1) == []
    assert drawn(Source("a", "abc"), 3, 3) == ["1 | abc", "  |    ^"]
    assert drawn(Source("a", "abc\n"), 0, 4) == ["1 | abc", "  | ^^^"]
    assert drawn(Source("a", "abc\n"), 3, 4) == ["1 | abc", "  |    ^"]
    assert drawn(Source("a", "abc"), 1, 99) == ["1 | abc", "  |  ^^"]
    assert drawn(Source("a", "x,y", first_line=214), 2, 3) == ["214 | x,y", "    |   ^"]


@settings(deadline=None)
@given(
    st.text(st.sampled_from("ab \t\n你🎉é\u0301\u200d\ufe0f\u202e\x1b@.<\udc80"), max_size=80),
    st.integers(0, 80),
    st.integers(0, 80),
    st.integers(40, 60),
)
def test_frames_never_fail_and_never_outgrow_the_width(
    text: str, start: int, size: int, width: int
) -> None:
    lines = drawn(Source("a", text), min(start, len(text)), min(start + size, len(text)), width)
    assert all(display_width(line) <= width + 1 for line in lines)
    assert not any("\n" in line or "\x1b" in line for line in lines)


@settings(deadline=None)
@given(st.text(st.sampled_from("a你 \t@.é\u0301"), max_size=120), st.integers(0, 120))
def test_the_marks_begin_where_the_place_does(text: str, at: int) -> None:
    at = min(at, len(text))
    line = text[:at] + "#" + text[at:]
    shown, lead, size = clipped(line, (at, at + 1), 50, Style(show_addresses=True))
    assert size == 1
    assert display_width(shown.partition("#")[0]) == lead


@settings(deadline=None)
@given(st.text(st.sampled_from("ab 你🎉"), max_size=200), st.integers(2, 30))
def test_wrapping_loses_nothing_and_fits(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(display_width(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
