"""The run: stamping, counting, crashes, what was not checked, order, fingerprints."""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from preflight.audience.audience import Audience, Contact
from preflight.campaign.model import Campaign
from preflight.report.model import Verdict
from preflight.rule import Need, Problem, Rows, Severity, rule
from preflight.templates.message import Message
from preflight.templates.model import Placeholder, Template
from preflight.testing import check_files


@rule("named", on=Campaign, severity=Severity.WARNING)
def named(campaign: Campaign) -> Iterator[Problem]:
    """A campaign has a name."""
    yield Problem(campaign.span("name"), f"it is called {campaign.name}", "Rename it.")


@rule("placeholder", on=Placeholder, severity=Severity.NOTICE)
def placeholder(one: Placeholder) -> Iterator[Problem]:
    """A placeholder."""
    yield Problem(one.span, f"{one.source} prints {', '.join(one.names)}")


@rule("every-message", on=Message, severity=Severity.WARNING)
def every_message(message: Message) -> Iterator[Problem]:
    """A message."""
    part = message.parts["text"]
    at = part.text.index("news")
    yield Problem(part.span(at, at + 4), "{recipients} {get} news")


@rule("everybody", on=Contact, severity=Severity.ERROR)
def everybody(contact: Contact) -> Iterator[Problem]:
    """Somebody."""
    yield Problem(None, "{recipients} {are} French", condition="email like '%atelier%'")
    yield Problem(None, "{recipients} {are} Martian", condition="email like '%mars%'")
    yield Problem(
        None, "{recipients} {have} names", condition="first_name is not null", weaker=True
    )


class Limit(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    most: int = 2


@rule("too-many", on=Audience, severity=Severity.ERROR, options=Limit)
def too_many(audience: Audience, options: Limit) -> Iterator[Problem]:
    """Too many."""
    if audience.selected > options.most:
        yield Problem(None, f"more than {options.most}", rows=Rows(1, (2,)))


@rule("crashing", on=Template, severity=Severity.ERROR)
def crashing(template: Template) -> Iterator[Problem]:
    """It crashes."""
    raise ValueError("secret@person.example in a message")
    yield


def found(report):
    return [(a.rule, a.severity.label, a.message, a.path, a.span.text) for a in report.annotations]


def test_a_problem_becomes_an_annotation_at_its_place():
    report = check_files({"campaign.yaml": "name: spring\n"}, rules=[named])
    # a campaign.yaml with a name stays as it is: this one lacks the rest
    assert {a.rule for a in report.annotations} == {"invalid-campaign"}
    report = check_files({}, rules=[named])
    assert found(report) == [
        ("named", "warning", "it is called example", "campaign.yaml", "example")
    ]
    assert report.annotations[0].span.start_place == (1, 7)


def test_placeholders_stand_in_their_template():
    report = check_files({}, rules=[placeholder])
    assert found(report) == [
        ("placeholder", "notice", "{{ first_name }} prints first_name", "mail.txt",
         "{{ first_name }}")
    ]  # fmt: skip


def test_conditions_are_counted_and_worded_and_those_that_hit_nobody_are_dropped():
    report = check_files({}, rules=[everybody])
    assert [(a.severity.label, a.message, a.recipients.count) for a in report.annotations] == [
        ("error", "1 of 4 recipients is French", 1),
        ("warning", "all 4 recipients have names", 4),
    ]
    assert report.annotations[0].recipients.rows == (("contacts.csv", 2),)
    assert report.annotations[0].span.text == "contacts.csv"


def test_classes_at_one_place_are_one_annotation():
    contacts = "email,first_name\na@a.example,Ada\nb@b.example,\nc@c.example,Cy\n"
    report = check_files({"contacts.csv": contacts}, rules=[every_message])
    assert [(a.message, a.recipients.count, a.span.text) for a in report.annotations] == [
        ("all 3 recipients get news", 3, "news")
    ]


def test_options_come_from_the_configuration():
    assert check_files({}, rules=[too_many]).verdict is Verdict.BLOCKED
    files = {"preflight.yaml": "rules: {too-many: {most: 4}}\n"}
    assert check_files(files, rules=[too_many]).verdict is Verdict.CLEAR
    files = {"preflight.yaml": "rules: {too-many: {most: 1, severity: notice}}\n"}
    report = check_files(files, rules=[too_many])
    assert [a.severity.label for a in report.annotations] == ["notice"]
    assert report.annotations[0].recipients.rows == (("contacts.csv", 4),)


def test_a_faulty_configuration_fails_the_check():
    for text, message in [
        ("rules: {too-manny: off}", "there is no rule “too-manny”"),
        ("rules: {too-many: {mots: 3}}", "too-many has no option “mots”"),
        ("rules: {too-many: {most: lots}}", "too-many: most is not valid"),
        ("rules: {rule-crashed: off}", "cannot be switched off"),
        ("packs: [no-such-pack]", "“no-such-pack” is not installed"),
        ("ledgers: {}", "ledgers"),
    ]:
        report = check_files({"preflight.yaml": f"name_: x\n{text}\n"[8:]}, rules=[too_many])
        assert report.verdict is Verdict.FAILED, text
        said = [a for a in report.annotations if a.rule == "invalid-configuration"]
        assert said, text
        assert message in said[0].message, said[0].message


def test_rules_can_be_switched_off_selected_and_ignored():
    rules = [named, placeholder]
    assert len(check_files({}, rules=rules).annotations) == 2
    files = {"preflight.yaml": "rules: {named: off}\n"}
    assert {a.rule for a in check_files(files, rules=rules).annotations} == {"placeholder"}
    assert {a.rule for a in check_files({}, rules=rules, only=("named",)).annotations} == {"named"}
    assert {a.rule for a in check_files({}, rules=rules, ignore=("named",)).annotations} == {
        "placeholder"
    }


def test_a_crashing_rule_fails_the_check_and_the_others_go_on():
    report = check_files({}, rules=[crashing, named])
    assert report.verdict is Verdict.FAILED
    by_rule = {a.rule: a for a in report.annotations}
    assert set(by_rule) == {"rule-crashed", "named"}
    assert "crashing" in by_rule["rule-crashed"].message
    assert "ValueError" in by_rule["rule-crashed"].detail
    assert "secret" not in by_rule["rule-crashed"].message
    assert [(one.rule, one.reason) for one in report.not_checked] == [("crashing", "it crashed")]


@rule("bad-condition", on=Contact, severity=Severity.ERROR)
def bad_condition(contact: Contact) -> Iterator[Problem]:
    """Its condition is nonsense."""
    yield Problem(None, "x", condition="no_such_column = 3")


def test_a_rule_with_a_broken_condition_crashes_alone():
    report = check_files({}, rules=[bad_condition, everybody])
    assert {a.rule for a in report.annotations} == {"rule-crashed", "everybody"}
    assert report.verdict is Verdict.FAILED


@rule("needy", on=Contact, severity=Severity.ERROR, needs=[Need.PRESS])
def needy(contact: Contact) -> Iterator[Problem]:
    """It needs the press."""
    return iter(())


def test_a_rule_without_what_it_needs_is_named():
    report = check_files({}, rules=[needy])
    assert [(one.rule, one.campaign, one.reason) for one in report.not_checked] == [
        ("needy", "campaign.yaml", "needs ledger.press in preflight.yaml")
    ]
    assert report.verdict is Verdict.CLEAR
    strict = check_files({}, rules=[needy], strict=True)
    assert strict.verdict is Verdict.BLOCKED
    assert [a.rule for a in strict.annotations] == ["not-checked"]


def test_without_lists_nothing_of_people_is_opened():
    files = {"contacts.csv": "no list at all\0"}
    report = check_files(files, rules=[everybody, placeholder, needy], without_lists=True)
    assert {a.rule for a in report.annotations} == {"placeholder"}
    assert {one.rule for one in report.not_checked} == {"everybody", "needy"}
    assert report.campaigns[0].selected is None


def test_a_faulty_campaign_checks_nothing_and_says_so():
    report = check_files({"campaign.yaml": "name: x\nprupose: newsletter\n"}, rules=[named])
    assert report.verdict is Verdict.BLOCKED
    assert [one.rule for one in report.not_checked] == ["named"]


def test_the_same_twice_and_fingerprints_that_survive_edits():
    rules = [named, placeholder, everybody, too_many]
    one, two = check_files({}, rules=rules), check_files({}, rules=rules)
    assert [a.fingerprint for a in one.annotations] == [a.fingerprint for a in two.annotations]
    assert len({a.fingerprint for a in one.annotations}) == len(one.annotations)
    moved = check_files(
        {"mail.txt": "\n\n" + "Dear {{ first_name }},\n\nHere is the news of the month.\n"},
        rules=[placeholder],
    )
    before = check_files({}, rules=[placeholder])
    assert moved.annotations[0].span.start_place.line == 3
    assert moved.annotations[0].fingerprint == before.annotations[0].fingerprint


def test_words_of_the_campaign_are_no_slots_of_a_message():
    @rule("quoting", on=Contact, severity=Severity.ERROR)
    def quoting(contact: Contact) -> Iterator[Problem]:
        """It quotes."""
        yield Problem(
            None,
            "{recipients} {get} “{count} of {of}” and {{count}}: {count} of {of}, {unknown}",
            "Leave “{recipients}” out for {count}.",
            condition="email like '%atelier%'",
        )

    (one,) = check_files({}, rules=[quoting]).annotations
    assert one.message == ("1 of 4 recipients gets “{count} of {of}” and {1}: 1 of 4, {unknown}")
    assert one.help == "Leave “{recipients}” out for 1."
