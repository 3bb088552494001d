"""Located YAML: values, the place of every letter, limits."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from preflight.campaign.located import (
    MAX_DEPTH,
    MAX_VALUES,
    DuplicateKey,
    Fault,
    UndecodableFault,
    YamlFault,
    decode,
    read_yaml,
)
from preflight.source import Excerpt, Source

BLANKS = " \t\n\r\x85\u2028\u2029"


def read(text):
    return read_yaml(Source("x.yaml", text))


def excerpt(text, *route):
    found = read(text).places.excerpt(route)
    assert found is not None
    return found


def letters(found: Excerpt) -> str:
    """The characters of the source that the excerpt's letters point at."""
    return "".join(found.span.source.text[found.source_offset(i)] for i in range(len(found.text)))


@pytest.fixture(params=["C", "pure"])
def parser(request, monkeypatch):
    """Runs a test with the C parser and with the pure one."""
    if request.param == "pure":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    elif not hasattr(yaml, "CSafeLoader"):
        pytest.skip("PyYAML was built without libyaml")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("NO", "NO"),
        ("01234", "01234"),
        ("1_000", "1_000"),
        ("yes", "yes"),
        ("2026-11-03", "2026-11-03"),
        ("1e3", "1e3"),
        ("12:30:45", "12:30:45"),
        ("=", "="),
        ("~", None),
        ("null", None),
        ("Null", None),
        ("NULL", None),
        ("", None),
        ("'~'", "~"),
        ('"null"', "null"),
        ("''", ""),
        ("nullable", "nullable"),
        ("[a, , ]".replace(", ,", ","), ["a"]),
        ("{a: 1, b}", {"a": "1", "b": None}),
        ("[]", []),
        ("{}", {}),
        ("&x a", "a"),
        ("&x:a", ":a"),
        ("a#b", "a#b"),
        ("a  # b", "a"),
    ],
)
def test_scalars_are_text_and_only_nothing_is_none(written, value, parser):
    assert read(f"key: {written}\n").value == {"key": value}


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "\ufeff", "--- # x\n"])
def test_an_empty_file_is_none(text, parser):
    assert read(text).value is None


def test_every_value_and_key_has_its_place(parser):
    text = (
        "name: é😀 x\naudience:\n  contacts: [a.csv, 'b c.csv']\n"
        "  where: |\n    a = 1\n\n    and b\n"
    )
    places = read(text).places
    assert places.span(("name",)).text == "é😀 x"
    assert places.key_span(("audience", "where")).text == "where"
    assert places.span(("audience", "contacts")).text == "[a.csv, 'b c.csv']"
    assert places.span(("audience", "contacts", 1)).text == "'b c.csv'"
    assert places.span(("audience", "where")).text == "|\n    a = 1\n\n    and b"
    assert places.span(("audience",)).start_place == (3, 3)
    assert places.span(()).start_place == (1, 1)
    assert places.excerpt(("audience", "contacts", 1)).span.text == "b c.csv"


def test_a_byte_order_mark_and_crlf_shift_nothing(parser):
    source = decode("\ufeffname: x\r\nwhere: é = 1\r\n".encode(), "x.yaml")
    span = read_yaml(source).places.span(("where",))
    assert span.text == "é = 1"
    assert span.start_place == (2, 8)


def test_a_second_mark_in_the_text_is_a_fault_and_one_in_a_source_is_skipped(parser):
    assert read("\ufeffa: b\n").places.span(("a",)).start_place == (1, 5)
    with pytest.raises(YamlFault) as fault:
        read("\ufeff\ufeffa: b\n")
    assert fault.value.span.start == 1


@pytest.mark.parametrize(
    ("text", "value", "pointed_at"),
    [
        ("k: plain\n", "plain", "plain"),
        ("k: two\n   lines\n", "two lines", "two\nlines"),
        ("k: two\n\n   lines\n", "two\nlines", "two\nlines"),
        ("k: 'it''s'\n", "it's", "it's"),
        ("k: 'a\n  b'\n", "a b", "a\nb"),
        ('k: "a\\tb"\n', "a\tb", "a\\b"),
        ('k: "\\x41\\u263a\\U0001F600z"\n', "A☺😀z", "\\\\\\z"),
        ('k: "a\\\n   b"\n', "ab", "ab"),
        ('k: "a \\\n   b"\n', "a b", "a b"),
        ('k: "a\\\n\n   b"\n', "a\nb", "a\nb"),
        ('k: "a\\nb"\n', "a\nb", "a\\b"),
        ('k: "say \\"x\\""\n', 'say "x"', "say \\x\\"),
        ("k: |\n  a\n  b\n", "a\nb\n", "a\nb\n"),
        ("k: |2\n    a\n  b\n", "  a\nb\n", "  a\nb\n"),
        ("k: |-\n  a\n\n\n", "a", "a"),
        ("k: |+\n  a\n\n\n", "a\n\n\n", "a\n\n\n"),
        ("k: >\n  a\n  b\n", "a b\n", "a\nb\n"),
        ("k: >\n  a\n\n  b\n", "a\nb\n", "a\nb\n"),
        ("k: >-\n  a\n   more\n  b\n", "a\n more\nb", "a\n more\nb"),
    ],
)
def test_each_letter_points_at_its_place(text, value, pointed_at, parser):
    found = excerpt(text, "k")
    assert found.text == value
    assert letters(found) == pointed_at


def test_a_part_of_a_block_is_a_part_of_the_file(parser):
    found = excerpt("where: >\n  relationship is null\n  and unsubscribed is not true\n", "where")
    at = found.text.index("unsubscribed")
    span = found.part(at, at + len("unsubscribed"))
    assert (span.text, span.start_place) == ("unsubscribed", (3, 7))


def test_comments_are_those_outside_of_scalars(parser):
    text = (
        "# top\na: 'x # no'  # one\nb: x#no\nc: |  # header\n  # text\n  b\n# after\n"
        'd: [1, # in a list\n  2]\ne: "#no"\nf: p\n  # end'
    )
    assert [span.text for span in read(text).comments] == [
        "# top", "# one", "# header", "# after", "# in a list", "# end",
    ]  # fmt: skip


def test_an_alias_repeats_the_value_and_its_places(parser):
    located = read("a: &q\n  x: [1, 2]\nb: *q\nc: &s text\nd: *s\n")
    assert located.value["b"] == {"x": ["1", "2"]}
    assert located.places.span(("b",)).text == "*q"
    assert located.places.span(("b", "x", 1)).start_place == (2, 10)
    assert located.places.key_span(("b", "x")).start_place == (2, 3)
    assert located.places.excerpt(("d",)).span.text == "text"


def test_an_alias_bomb_is_a_fault_at_the_alias(parser):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    with pytest.raises(YamlFault, match="more than 100,000 values") as fault:
        read("\n".join(lines))
    assert fault.value.span.text.startswith("*a")


def test_too_many_values_are_a_fault(parser, monkeypatch):
    assert MAX_VALUES == 100_000
    monkeypatch.setattr("preflight.campaign.located.MAX_VALUES", 300)
    read("[" + "a," * 299 + "]")
    with pytest.raises(YamlFault, match="more than 300 values"):
        read("[" + "a," * 300 + "]")


@pytest.mark.parametrize("text", ["[" * 1000, "{a: " * 1000, "- " * 1000, "? " * 1000])
def test_deep_nesting_is_a_fault(text, parser):
    with pytest.raises(YamlFault):
        read(text)


def test_the_deepest_nesting_that_is_read(parser):
    read("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    with pytest.raises(YamlFault, match="deep"):
        read("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))


def test_aliases_cannot_nest_deeper_than_text(parser):
    lines = ["a0: &a0 [x]"] + [f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 80)]
    with pytest.raises(YamlFault, match="deep"):
        read("\n".join(lines))


def test_a_duplicate_key_names_the_line_of_the_first(parser):
    with pytest.raises(DuplicateKey, match="“a” is given twice; first on line 1") as fault:
        read("a: 1\nb: 2\n'a': 3\n")
    assert fault.value.span.start_place == (3, 1)
    assert fault.value.related[0].span.start_place == (1, 1)


# Bytes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_in_an_encoding_that_says_so(encoding):
    assert decode("a: é😀\r\nb\rc".encode(encoding), "x").text == "a: é😀\nb\nc"


@pytest.mark.parametrize("bom", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_of_both_kinds(bom):
    encoding = "utf-16-le" if bom == b"\xff\xfe" else "utf-16-be"
    assert decode(bom + "é: ☺".encode(encoding), "x").text == "é: ☺"


@pytest.mark.parametrize(
    ("data", "place", "message"),
    [
        (b"a: b\r\nc: \xe9t\xe9\n", (2, 4), "the file is not UTF-8 at line 2"),
        (b"\xef\xbb\xbf\xc3\xa9\xff", (1, 2), "the file is not UTF-8 at line 1"),
        (b"a\n\n\xc3", (3, 1), "the file is not UTF-8 at line 3"),
        (b"a: \0", (1, 4), "the file is no text: there is a NUL byte on line 1"),
        (b"PK\x03\x04\x00", (1, 5), "the file is no text: there is a NUL byte on line 1"),
        (b"\xff\xfea\x00\n\x00\x00\xdc", (2, 1), "the file is not UTF-16 at line 2"),
        (
            "a: b\n".encode("utf-16-le"),
            (1, 2),
            "the file is no text: there is a NUL byte on line 1",
        ),
    ],
)
def test_bytes_that_are_no_text(data, place, message):
    with pytest.raises(UndecodableFault) as fault:
        decode(data, "x")
    assert (tuple(fault.value.span.start_place), fault.value.message) == (place, message)


# Properties

texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r\ufeff"), max_size=40
)
words = st.text("ab \n'\"\\#:-é😀\t\xa0\u2028\x85|>", max_size=30)
values = st.one_of(texts, words)
STYLES = [None, "'", '"', "|", ">"]


@given(st.lists(values, max_size=4), st.sampled_from(STYLES), st.integers(4, 30), st.booleans())
@settings(deadline=None, max_examples=400)
def test_what_yaml_dumps_is_read_back_with_every_letter_in_its_place(items, style, width, unicode):
    text = yaml.safe_dump(
        {"key": {"list": items}}, default_style=style, width=width, allow_unicode=unicode
    )
    source = decode(text.encode(), "x.yaml")
    expected = yaml.safe_load(source.text)["key"]["list"]
    located = read_yaml(source)
    if style is not None:
        assert located.value == {"key": {"list": expected}}
    for index in range(len(items)):
        found = located.places.excerpt(("key", "list", index))
        if found is None:
            continue
        if style is not None:
            assert found.text == expected[index]
        _check_letters(found)


def _check_letters(found: Excerpt) -> None:
    text = found.span.source.text
    for at, char in enumerate(found.text):
        offset = found.source_offset(at)
        assert 0 <= offset < len(text)
        if char not in BLANKS:
            assert text[offset] in (char, "\\")
    offsets = [found.source_offset(at) for at in range(len(found.text))]
    assert offsets == sorted(offsets)


def _check_fault(fault: Fault) -> None:
    assert fault.message
    assert 0 <= fault.span.start <= fault.span.end <= len(fault.span.source.text)


@given(st.one_of(st.text(), st.text("abc:-[]{}'\"|>#&*!%@\\\n \t,?~<x\x85\u2028", max_size=60)))
@settings(deadline=None, max_examples=800)
def test_any_text_is_read_or_is_a_fault_inside_it(text):
    source = Source("x.yaml", text)
    try:
        located = read_yaml(source)
    except YamlFault as fault:
        _check_fault(fault)
        return
    spans = [*located.places.values.values(), *located.places.keys.values(), *located.comments]
    for span in spans:
        assert 0 <= span.start <= span.end <= len(text)
    for found in located.places.excerpts.values():
        _check_letters(found)


@given(st.binary(max_size=60))
@settings(deadline=None, max_examples=400)
def test_any_bytes_are_read_or_are_a_fault(data):
    try:
        source = decode(data, "x.yaml")
        read_yaml(source)
    except Fault as fault:
        _check_fault(fault)
