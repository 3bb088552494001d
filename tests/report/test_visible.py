"""What may be shown: nothing hidden, nothing that steers a machine, no address in full."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preflight.visible import mask_addresses, masked_addresses, shown, visible


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain \\ text", "plain \\ text"),
        ("élan, 你好, नमस्ते, 🎉", "élan, 你好, नमस्ते, 🎉"),
        ("a\nb\r\tc\0", "a\\nb\\r\\tc\\x00"),
        ("\x1b[31mred\x9b", "\\x1b[31mred\\x9b"),
        ("a\u2028b\u2029c\x85", "a\\u2028b\\u2029c\\x85"),
        ("a\u202eb\u2066c\u200f", "a\\u202eb\\u2066c\\u200f"),
        ("a\u200bb\ufeffc\u2060d\u00ad", "a\\u200bb\\ufeffc\\u2060d\\xad"),
        ("\ue000\udc80\U0010ffff", "\\ue000\\udc80\\U0010ffff"),
        ("tag \U000e0041", "tag \\U000e0041"),
        ("fill\u3164\u115f\u034f\u2800", "fill\\u3164\\u115f\\u034f\\u2800"),
        ("می\u200cخواهم क्\u200dष", "می\u200cخواهم क्\u200dष"),
        (
            "👩\u200d🚀 ❤\ufe0f\u200d🔥 👍🏽 1\ufe0f\u20e3",
            "👩\u200d🚀 ❤\ufe0f\u200d🔥 👍🏽 1\ufe0f\u20e3",
        ),
        ("a\u200d b\u200c\ufe0fc", "a\\u200d b\\u200c\\ufe0fc"),
        ("\u200dx", "\\u200dx"),
        ("a\ufe0f\ufe01", "a\\ufe0f\\ufe01"),
        ("a\u00a0b", "a\u00a0b"),
    ],
)
def test_visible(text: str, expected: str) -> None:
    assert visible(text) == expected


@settings(deadline=None)
@given(st.text(st.characters()))
def test_visible_is_one_printable_line_and_stays_so(text: str) -> None:
    once = visible(text)
    assert len(once.splitlines()) <= 1
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in once)
    once.encode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jane.doe@example.org", "j***@e***.org"),
        ("Jane <jane@mail.example.org>, x", "Jane <j***@m***.org>, x"),
        ("mailto:jane@example.org?subject=x", "mailto:j***@e***.org?subject=x"),
        ("<a href='mailto:jane@example.org'>", "<a href='mailto:j***@e***.org'>"),
        ("'jane@example.org'", "'j***@e***.org'"),
        ("“jane@example.org”", "“j***@e***.org”"),
        ("to jane@example.org.", "to j***@e***.org."),
        ("to jane@example.org; tom@example.com!", "to j***@e***.org; t***@e***.com!"),
        ("jane+news@example.org", "j***@e***.org"),
        ("o'brien@example.org", "o***@e***.org"),
        ("R&D@example.org", "R***@e***.org"),
        ('"jane doe"@example.org', "j***@e***.org"),
        ('x "jane, the \\"boss\\""@example.org', None),
        ("jörg@exämple.de and 用户@例子.公司", "j***@e***.de and 用***@例***.公司"),
        ("user@हिन्दी.भारत", "u***@ह***.भारत"),
        ("用户@例子。公司", "用***@例***。公司"),
        ("jane＠example.org", "j***＠e***.org"),
        ("jane@exa\u0301mple.org", "j***@e***.org"),
        ("jane%40example.org", "j***%40e***.org"),
        ("?u=jane%2Bnews%40example.org&x", "?u=j***%40e***.org&x"),
        ("?u=jane%2540example.org", "?u=j***%2540e***.org"),
        ("?u=%22jane%40example.org", None),
        (
            "https://example.org/u?email=jane@example.com",
            "https://example.org/u?email=j***@e***.com",
        ),
        ("jane&#64;example.org", "j***&#64;e***.org"),
        ("jane&#x40;example.org &commat;", "j***&#x40;e***.org &commat;"),
        ("jane\\u0040example.org", "j***\\u0040e***.org"),
        ("bounce+jane=example.com@list.example.org", "b***@l***.org"),
        ("jane.doe@gmail", "j***@g***"),
        ("jane@doe@example.org", None),
        ("jane@@example.org", None),
        ("ja\u200bne@exam\u200bple.org", "j***@e***.org"),
        ("jane@[192.0.2.1]", "j***@[***]"),
        ("**jane@example.org**", "**j***@e***.org**"),
        ("Quinn\nBcc: x@y", "Quinn\nBcc: x***@y***"),
        # no addresses
        ("@media print { }", "@media print { }"),
        ("a { color: red } @import url(x)", "a { color: red } @import url(x)"),
        ('<b x="y"@click="go">', '<b x="y"@click="go">'),
        ('{"@type": "Thing"}', '{"@type": "Thing"}'),
        ("img/logo@2x.png react@18.2.0", "img/logo@2x.png react@18.2.0"),
        ("{{ name }}@example.org", "{{ name }}@example.org"),
        ("*|EMAIL|*@example.org", "*|EMAIL|*@example.org"),
        ("a @ b", "a @ b"),
        ("@jane", "@jane"),
        ("%40 100%", "%40 100%"),
    ],
)
def test_mask(text: str, expected: str | None) -> None:
    masked = mask_addresses(text)
    if expected is None:
        assert "jane" not in masked
        assert "example.org" not in masked
    else:
        assert masked == expected


@settings(deadline=None)
@given(st.text(st.sampled_from("ab.@\"'%40+= <>&#64;\u200bé你*-_/\\[]"), max_size=40))
def test_masks_are_ordered_inside_the_text_and_final(text: str) -> None:
    done = 0
    for start, end, _ in masked_addresses(text):
        assert done <= start < end <= len(text)
        done = end
    shown(text)


@settings(deadline=None)
@given(
    st.from_regex(r"[a-z][a-z0-9._+-]{2,20}[a-z0-9]", fullmatch=True),
    st.sampled_from(["", "<", " ", "mailto:", "x,", "(", '"', "é ", "：", "\n", "?to="]),
    st.sampled_from(["", ">", " ", ",x", ")", '"', " é", "?subject=", "\n", "&b=c"]),
)
def test_no_local_part_gets_through(local: str, before: str, after: str) -> None:
    masked = mask_addresses(f"{before}{local}@example.org{after}")
    assert masked == f"{before}{local[0]}***@e***.org{after}"
    assert mask_addresses(masked) == masked


@pytest.mark.parametrize(
    "unit",
    ["a", "@", "a@", "a.", '"', "%40", "%25", "&#0", "a@b.", '"@', "=", "\u200b", "@[", "a\u0301"],
)
def test_masking_long_texts(unit: str) -> None:
    text = unit * (250_000 // len(unit)) + " jane@example.org"
    assert "jane" not in mask_addresses(text)
    assert "jane" not in shown(text[-2_000:])
