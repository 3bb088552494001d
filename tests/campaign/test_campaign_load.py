"""Loading campaigns and settings: exact values, and every mistake in the words of users."""

from __future__ import annotations

import datetime as dt

import pytest
from campaign_samples import CAMPAIGN, CONFIG, SMALL
from hypothesis import given, settings
from hypothesis import strategies as st

from preflight.campaign.load import (
    MAX_BYTES,
    campaign_from,
    campaign_text,
    config_from,
    load_campaign,
    load_config,
)
from preflight.campaign.model import Campaign, Mode, Purpose
from preflight.files import Repository
from preflight.rule import Severity
from preflight.source import Source


def say(said):
    """Rule, line, column, what is pointed at, message."""
    return [
        (s.rule, *s.problem.span.start_place, s.problem.span.text, s.problem.message) for s in said
    ]


def campaign_problems(text):
    campaign, _, said = campaign_from(Source("campaign.yaml", text))
    assert (campaign is None) == bool(said)
    return say(said)


def config_problems(text):
    return say(config_from(Source("preflight.yaml", text))[2])


def test_the_sample_campaign_loads_exactly():
    campaign, located, said = campaign_from(Source("campaign.yaml", CAMPAIGN))
    assert said == []
    assert campaign.model_dump(by_alias=True) == {
        "name": "autumn-networking",
        "purpose": Purpose.PROSPECTING,
        "language": "fr",
        "register": "vous",
        "from": "Stéphanie Durand <stephanie@example.org>",
        "reply_to": "stephanie@example.org",
        "subject": "{{ first_name }}, faisons connaissance",
        "preheader": "...",
        "body": {"html": "invitation.html", "text": "invitation.txt", "dialect": "jinja"},
        "headers": {
            "List-Unsubscribe": "<https://...>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        "audience": {
            "contacts": ("contacts.csv",),
            "columns": {"Prénom": "first_name", "Courriel": "email"},
            "where": "relationship is null and unsubscribed is not true",
            "exclude": ("known.csv",),
            "expect": {
                "count": (200, 400),
                "every": ("country in ('FR', 'BE')",),
                "none": ("known_since < '2020-01-01'",),
            },
        },
        "delivery": {
            "mode": Mode.INDIVIDUAL,
            "send_at": dt.datetime(2026, 11, 3, 8, tzinfo=dt.timezone(dt.timedelta(hours=1))),
        },
        "acknowledge": {"sensitive-topic": "checked with the family, 2026-10-30, A. Roy"},
    }
    assert campaign.path == "campaign.yaml"
    assert campaign.span("audience", "where").start_place == (18, 10)
    assert campaign.key_span("from").start_place == (6, 1)
    assert campaign.excerpt("subject").part(3, 13).text == "first_name"
    assert campaign.excerpt("subject").part(3, 13).start_place == (8, 14)
    assert campaign.span("audience", "contacts", 0).text == "contacts.csv"
    assert len(located.comments) == 12


def test_the_sample_configuration_loads_exactly():
    config, _, said = config_from(Source("preflight.yaml", CONFIG))
    assert said == []
    assert config.ledger.clients == ("crm/clients.csv",)
    assert config.ledger.suppressed == ("exports/unsubscribed.csv", "exports/bounced.csv")
    assert list(config.kinds()) == [
        "clients", "known", "press", "suppressed", "disputes", "holds", "referrals", "incidents",
        "internal", "seeds",
    ]  # fmt: skip
    assert config.rules["long-subject"].off
    assert config.rules["bulk-press-send"].level is Severity.ERROR
    assert config.rules["bulk-press-send"].options == {"max_recipients": "1"}
    assert config.ignore[0].until == dt.date(2027, 1, 31)
    assert config.span("ignore", 0, "rule").start_place == (16, 12)


def test_text_is_never_taken_for_something_else():
    text = SMALL.replace("name: x", "name: NO").replace("c.csv", "01234") + "subject: 1_000\n"
    campaign, _, said = campaign_from(Source("c", text))
    assert (campaign.name, campaign.audience.contacts, campaign.subject, said) == (
        "NO", ("01234",), "1_000", [],
    )  # fmt: skip


def test_null_for_an_optional_key_counts_as_absent():
    campaign, _, said = campaign_from(
        Source("c", SMALL + "  where:\n  expect:\ndelivery: ~\nsubject: null\nlanguage:\n")
    )
    assert said == []
    assert campaign.subject is campaign.language is campaign.audience.where is None
    assert campaign.delivery.mode is Mode.INDIVIDUAL


PURPOSES = (
    "prospecting, newsletter, promotion, relationship, press, introduction, event, service, "
    "incident, apology"
)

# what is replaced in SMALL ("" appends), by what; line, column, what is pointed at, message
MISTAKES = [
    ("press", "spam", 2, 10, "spam", f"“spam” is no purpose; one of {PURPOSES}"),
    ("press", "pres", 2, 10, "pres",
     f"“pres” is no purpose; one of {PURPOSES}; did you mean “press”?"),
    ("press", "[press]", 2, 1, "purpose", f"“purpose” must be one of {PURPOSES}, not a list"),
    ("press", "", 2, 1, "purpose", "“purpose” has no value"),
    ("purpose: press\n", "", 1, 1, "name", "“purpose” is missing"),
    ("  contacts: c.csv", "  where: x", 5, 1, "audience", "“contacts” is missing under “audience”"),
    ("", "audiance: x", 7, 1, "audiance",
     "“audiance” is no key that is known here; did you mean “audience”?"),
    ("", "where: x", 7, 1, "where", "“where” belongs under “audience”, not here"),
    ("", "count: 3", 7, 1, "count", "“count” belongs under “audience.expect”, not here"),
    ("", "  from: x", 7, 3, "from", "“from” belongs at the top, not under “audience”"),
    ("", "send_att: x", 7, 1, "send_att",
     "“send_att” is no key that is known here; did you mean “send_at” under “delivery”?"),
    ("", "zebra: x", 7, 1, "zebra", "“zebra” is no key that is known here"),
    ("", "from_: x", 7, 1, "from_",
     "“from_” is no key that is known here; did you mean “from”?"),
    ("", "register_: x", 7, 1, "register_",
     "“register_” is no key that is known here; did you mean “register”?"),
    ("", "name: y", 7, 1, "name", "“name” is given twice; first on line 1"),
    ("name: x", "name: ''", 1, 1, "name", "“name” must not be empty"),
    ("name: x", "name: [a]", 1, 1, "name", "“name” must be text, not a list"),
    ("{html: a.html}", "a.html", 4, 7, "a.html",
     "“body” must be a mapping of keys and values (html, text, dialect), not “a.html”"),
    ("{html: a.html}", "{}", 4, 1, "body", "“body” needs at least one part: html or text"),
    ("{html: a.html}", "{html: }", 4, 1, "body", "“body” needs at least one part: html or text"),
    ("c.csv", "[]", 6, 3, "contacts", "“contacts” needs at least one entry"),
    ("c.csv", "{a: b}", 6, 3, "contacts",
     "“contacts” must be a text or a list, not a mapping of keys and values"),
    ("c.csv", "[a, {b: c}]", 6, 18, "b",
     "entry 2 of “contacts” must be text, not a mapping of keys and values"),
    ("c.csv", "[a, ~]", 6, 17, "~", "entry 2 of “contacts” has no value"),
    ("", "delivery: {send_at: tomorrow}", 7, 21, "tomorrow", "“tomorrow” is no date and time"),
    ("", "delivery: {send_at: 2026}", 7, 21, "2026", "“2026” is no date and time"),
    ("", "delivery: {send_at: 1790000000}", 7, 21, "1790000000",
     "“1790000000” is no date and time"),
    ("", "delivery: {send_at: 2026-02-30T08:00}", 7, 21, "2026-02-30T08:00",
     "“2026-02-30T08:00” is no date and time"),
    ("", "delivery: {send_at: 0001-01-01}", 7, 21, "0001-01-01",
     "“0001-01-01”: the year must be between 1900 and 2199"),
    ("", "delivery: {mode: bbc}", 7, 18, "bbc",
     "“bbc” is no mode; one of individual, bcc, visible; did you mean “bcc”?"),
    ("", "  expect: {count: [400, 200]}", 7, 12, "count",
     "the smallest number (400) is larger than the largest (200)"),
    ("", "  expect: {count: [1, 2, 3]}", 7, 12, "count",
     "“count” takes one number, or the smallest and the largest"),
    ("", "  expect: {count: [1]}", 7, 12, "count",
     "“count” takes one number, or the smallest and the largest"),
    ("", "  expect: {count: {min: 1}}", 7, 12, "count",
     "“count” takes one number, or the smallest and the largest"),
    ("", "  expect: {count: many}", 7, 19, "many", "“many” is no number of recipients"),
    ("", "  expect: {count: [1, b]}", 7, 23, "b", "“b” is no whole number"),
    ("", "  expect: {count: [-1, 5]}", 7, 12, "count",
     "a number of recipients cannot be negative"),
    ("", "headers: {List Unsub: x}", 7, 11, "List Unsub",
     "“List Unsub” is no name of a header field"),
    ("", 'headers: {"X\\nBcc": x}', 7, 11, '"X\\nBcc"', "“X\nBcc” is no name of a header field"),
    ("", "headers: {X: [a]}", 7, 11, "X", "“X” must be text, not a list"),
    ("", "headers: {X: }", 7, 11, "X", "“X” has no value"),
    ("", "headers: [a]", 7, 1, "headers",
     "“headers” must be a mapping of keys and values, not a list"),
    ("", "language: pt_BR", 7, 11, "pt_BR", "“pt_BR” is no language tag"),
    ("", "language: french", 7, 11, "french", "“french” is no language tag"),
    ("", "register: [tu]", 7, 1, "register", "“register” must be text, not a list"),
    ("", "subject: [[ name ]]", 7, 1, "subject", "“subject” must be text, not a list"),
    ("A <a@example.org>", "nobody", 3, 7, "nobody", "“nobody” names no address"),
    ("A <a@example.org>", "a@example.org, b@example.org", 3, 7, "a@example.org, b@example.org",
     "“a@example.org, b@example.org” names more than one address"),
    ("A <a@example.org>", "A <a@example.org>, B <b@example.org>", 3, 7,
     "A <a@example.org>, B <b@example.org>",
     "“A <a@example.org>, B <b@example.org>” names more than one address"),
    ("A <a@example.org>", "Roy, A <a@example.org>", 3, 7, "Roy, A <a@example.org>",
     'the name has a “,” and must be in double quotes: "Roy, A" <a@example.org>'),
    ("A <a@example.org>", "A <@>", 3, 7, "A <@>", "“A <@>” is no sender"),
    ("A <a@example.org>", "A a@example.org", 3, 7, "A a@example.org",
     "“A a@example.org” is no sender"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "column", "pointed_at", "message"), MISTAKES)
def test_each_mistake_is_said_in_plain_words(old, new, line, column, pointed_at, message):
    text = SMALL.replace(old, new, 1) if old else SMALL + new + "\n"
    assert campaign_problems(text) == [("invalid-campaign", line, column, pointed_at, message)]


@pytest.mark.parametrize(
    "sender",
    [
        "a@example.org",
        "<a@example.org>",
        "Stéphanie Durand <s@example.org>",
        "'\"Durand, Stéphanie\" <s@example.org>'",
        "'\"a@b\" <s@example.org>'",
        "'{{ owner }} <{{ owner_email }}>'",
        "'*|FROM|*'",
        '"%%sender%%"',
    ],
)
def test_senders_that_are_fine(sender):
    assert campaign_problems(SMALL.replace("A <a@example.org>", sender)) == []


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-11-03", "2026-11-03T00:00:00"),
        ("2026-11-03 08:00", "2026-11-03T08:00:00"),
        ("2026-11-03T08:00Z", "2026-11-03T08:00:00+00:00"),
        ("2026-11-03t08:00:30.5z", "2026-11-03T08:00:30.500000+00:00"),
        ("2026-11-03 08:00:00 +01:00", "2026-11-03T08:00:00+01:00"),
        ("2026-11-03T08:00:00-0530", "2026-11-03T08:00:00-05:30"),
    ],
)
def test_moments_that_are_read(written, expected):
    campaign, _, said = campaign_from(Source("c", SMALL + f"delivery: {{send_at: '{written}'}}"))
    assert said == []
    assert campaign.delivery.send_at.isoformat() == expected


def test_one_number_is_the_exact_count():
    campaign, _, _ = campaign_from(Source("c", SMALL + "  expect: {count: 300}\n"))
    assert campaign.audience.expect.count == (300, 300)


def test_several_mistakes_are_all_said_in_order_of_place():
    text = "name: x\npurpose: spam\nfrom: nobody\nbody: {htm: a}\nfoo: 1\n"
    assert [(line, message) for _, line, _, _, message in campaign_problems(text)] == [
        (1, "“audience” is missing"),
        (2, f"“spam” is no purpose; one of {PURPOSES}"),
        (3, "“nobody” names no address"),
        (4, "“htm” is no key that is known under “body”; did you mean “html”?"),
        (5, "“foo” is no key that is known here"),
    ]


@pytest.mark.parametrize(
    ("text", "pointed_at", "message"),
    [
        ("", "", "the file is empty: a campaign is expected"),
        ("# nothing\n", "", "the file is empty: a campaign is expected"),
        ("email,name\na@example.org,A\n", "email,name",
         "the file must hold keys and values, not “email,name a@example.org,A”"),
        ("- a\n- b\n", "- a", "the file must hold keys and values, not a list"),
    ],
)  # fmt: skip
def test_files_that_are_no_campaign(text, pointed_at, message):
    assert campaign_problems(text) == [("invalid-campaign", 1, 1, pointed_at, message)]


def test_what_is_no_yaml_has_its_own_name():
    assert campaign_problems("a: [\n")[0][:3] == ("invalid-yaml", 1, 4)


def test_nothing_speaks_as_the_library_does():
    texts = [SMALL.replace(old, new, 1) if old else SMALL + new + "\n" for old, new, *_ in MISTAKES]
    for text in texts:
        for said in campaign_from(Source("c", text))[2]:
            whole = said.problem.message + said.problem.help
            for word in ("Input should", "Field required", "Extra inputs", "valid ", "pydantic"):
                assert word not in whole
            assert "{" not in said.problem.message


# preflight.yaml

IGNORE = "rule, path, reason, until"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ledger: {clints: b}", [(1, 10, "clints",
         "“clints” is no key that is known under “ledger”; did you mean “clients”?")]),
        ("ledgr: 1", [(1, 1, "ledgr",
         "“ledgr” is no key that is known here; did you mean “ledger”?")]),
        ("clients: a.csv", [(1, 1, "clients", "“clients” belongs under “ledger”, not here")]),
        ("rules: {x: eror}", [(1, 12, "eror",
         "“eror” is no severity; one of off, error, warning, notice; did you mean “error”?")]),
        ("rules: {x: {severity: high}}", [(1, 23, "high",
         "“high” is no severity; one of off, error, warning, notice")]),
        ("rules: {x: }", [(1, 9, "x", "“x” has no value")]),
        ("rules: {x: [a]}", [(1, 9, "x",
         "“x” must be off, error, warning, notice, or a mapping of its options")]),
        ("ignore: {rule: a}", [(1, 1, "ignore",
         "“ignore” must be a list, not a mapping of keys and values")]),
        ("packs: x", [(1, 8, "x", "“packs” must be a list, not “x”")]),
        ("a: 1\na: 2", [(2, 1, "a", "“a” is given twice; first on line 1")]),
        ("a: [", [(1, 4, "[", "“[” is not closed")]),
        ("- a", [(1, 1, "- a", "the file must hold keys and values, not a list")]),
    ],
)  # fmt: skip
def test_mistakes_in_the_configuration(text, expected):
    config, _, said = config_from(Source("preflight.yaml", text))
    assert config is None
    assert say(said) == [("invalid-configuration", *one) for one in expected]


@pytest.mark.parametrize("text", ["", "# nothing\n", "rules:\n", "ignore:\nledger: ~\n"])
def test_a_configuration_may_be_empty(text):
    config, _, said = config_from(Source("preflight.yaml", text))
    assert said == []
    assert config.ignore == ()


def test_what_editors_make_of_off_is_off():
    config, _, _ = config_from(Source("preflight.yaml", "rules: {a: false, b: off, c: notice}"))
    assert [config.rules[name].off for name in "abc"] == [True, True, False]


def test_malformed_ignores_are_said_and_the_others_count():
    text = (
        "ignore:\n"
        "  - {rule: a, reason: ' '}\n"
        "  - {rule: b, reason: fine}\n"
        "  - {rule: c, until: soon}\n"
        "  - nonsense\n"
        "  - {reason: fine}\n"
        "rules: {x: off}\n"
    )
    config, _, said = config_from(Source("preflight.yaml", text))
    assert say(said) == [
        ("malformed-ignore", 2, 23, "' '", "“reason” must not be empty"),
        ("malformed-ignore", 4, 6, "rule", "“reason” is missing under entry 3 of “ignore”"),
        ("malformed-ignore", 4, 22, "soon", "“soon” is no date"),
        ("malformed-ignore", 5, 5, "nonsense",
         f"entry 4 of “ignore” must be a mapping of keys and values ({IGNORE}), not “nonsense”"),
        ("malformed-ignore", 6, 6, "reason", "“rule” is missing under entry 5 of “ignore”"),
    ]  # fmt: skip
    assert [one.rule for one in config.ignore] == ["b"]
    assert config.span("ignore", 0, "rule").start_place == (3, 12)
    assert config.rules["x"].off


def test_a_faulty_configuration_with_malformed_ignores_is_none():
    config, _, said = config_from(Source("p", "ignore:\n  - {rule: a}\nfoo: 1\n"))
    assert config is None
    assert [one.rule for one in said] == ["malformed-ignore", "invalid-configuration"]


# Files


@pytest.fixture
def repository(tmp_path):
    return Repository(root=tmp_path, start=tmp_path)


def test_a_file_is_loaded_and_shown_relative(repository, tmp_path):
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail/campaign.yaml").write_bytes(
        b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode()
    )
    campaign, _, said = load_campaign(repository, tmp_path / "mail/campaign.yaml")
    assert said == []
    assert campaign.path == "mail/campaign.yaml"
    assert campaign.span("name").start_place == (1, 7)
    assert campaign.span("purpose").start_place == (2, 10)


def test_files_that_cannot_be_read(repository, tmp_path):
    (tmp_path / "latin.yaml").write_bytes(b"name: x\nsubject: \xe9t\xe9\n")
    (tmp_path / "big.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    (tmp_path / "folder.yaml").mkdir()
    outside = tmp_path.parent / f"{tmp_path.name}-outside.yaml"
    outside.write_text(SMALL)
    (tmp_path / "link.yaml").symlink_to(outside)
    expected = {
        "latin.yaml": "the file is not UTF-8 at line 2",
        "big.yaml": "“big.yaml” has 1,000,001 bytes; at most 1,000,000 are read here",
        "folder.yaml": "“folder.yaml” is a folder, not a file",
        "link.yaml": "“link.yaml” is outside the repository and is not read",
        "missing.yaml": "“missing.yaml” does not exist",
    }
    for name, message in expected.items():
        for load, rule in (
            (load_campaign, "unreadable-file"),
            (load_config, "invalid-configuration"),
        ):
            loaded, located, (said,) = load(repository, tmp_path / name)
            assert loaded is located is None
            assert (said.rule, said.problem.message) == (rule, message)
            assert said.problem.span.source.path == name
    outside.unlink()


# Properties


@given(st.text(max_size=60), st.sampled_from(["subject", "name", "where", "header"]))
@settings(deadline=None)
def test_a_campaign_built_in_python_comes_back_from_its_text(text, field):
    data = {
        "name": "x", "purpose": "press", "from": "a@example.org", "body": {"html": "~"},
        "audience": {"contacts": ["null"], "expect": {"count": 3}},
        "delivery": {"send_at": dt.datetime(2026, 11, 3, 8, tzinfo=dt.UTC)},
    }  # fmt: skip
    if field == "where":
        data["audience"]["where"] = text
    elif field == "header":
        data["headers"] = {"X-Note": text}
    elif text.strip():
        data[field] = text
    campaign = Campaign.model_validate(data)
    again, _, said = campaign_from(Source("campaign.yaml", campaign_text(campaign)))
    assert said == []
    assert again.model_dump() == campaign.model_dump()


scalars = st.one_of(
    st.none(), st.text(max_size=8), st.sampled_from(["off", "[", "1", "2026-11-03"])
)
KEYS = (
    "name purpose from body audience contacts where expect count every delivery send_at mode "
    "headers columns html rules ignore ledger clients reason rule until severity packs x"
)
keys = st.sampled_from(KEYS.split())
trees = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=6)),
    max_leaves=15,
)


@given(trees)
@settings(deadline=None, max_examples=300)
def test_any_tree_is_loaded_or_said(tree):
    import yaml

    source = Source("x.yaml", yaml.safe_dump(tree, allow_unicode=True).replace("\r", "\n"))
    for load in (campaign_from, config_from):
        loaded, _, said = load(source)
        assert loaded is not None or said
        starts = [one.problem.span.start for one in said]
        assert starts == sorted(starts)
        for one in said:
            assert 0 <= one.problem.span.start <= one.problem.span.end <= len(source.text)
            assert one.problem.message
