"""Finished mails with a merge tag left over: tags of every family, in every place of a mail.

Each mail is made from one tag and one place. Shapes that prose and code have too are looked for where
a name stands, in a salutation or as a display name: a false alarm is worse than a miss.
"""

from __future__ import annotations

import base64
import html
import quopri
import re
from urllib.parse import quote

import pytest

from preflight.checker import Checker
from preflight.templates.dialects import known_dialects

TAGS = (
    # *|..|*, {{..}}, {%..%}, {{{..}}}
    "*|FNAME|*", "*|MC:SUBJECT|*", "*|UNSUB|*", "{{ contact.firstname }}", "{{company_name}}", "{{ unsubscribe_link }}",
    "{{ person|lookup:'Favourite Colour' }}", "{{${first_name}}}", "{{custom_attribute.${plan}}}",
    "{{customer.first_name}}", "{{[First Name]}}", "{{this.text}}", "{{first_name | Valued Customer}}",
    "{{var:firstname:'there'}}", "{{{FIRST_NAME}}}", "{{{contact.first_name}}}", "{{lead.First Name:default=there}}",
    "{{Recipient.FirstName}}", "{{profile.person.name.firstName}}", "{{ .Subscriber.FirstName }}", "{{first_name|there}}",
    "{{FirstName||there}}", "{{first_name: there}}", "{{firstName ?? 'there'}}", "{{name or 'there'}}", "{{#if name}}",
    "{% unsubscribe %}", "{% if first_name %}", "{%RAND}", "{{{{first_name}}}}", "{{ 'now' | date: '%Y' }}",
    "{{имя}}", "{{名前}}", "*|ИМЯ|*",
    # {..}, {$..}, {!..}, ${..}, #{..}
    "{FirstName}", "{first_name}", "{SUBSCRIBER_FIRST_NAME}", "{contactfield=firstname}", "{contactfield=firstname|there}",
    "{first_name, 'there'}", "{FirstName|fallback=there}", "{$name}", "{$name|default('there')}", "{!firstname_fix}",
    "{!custom login name}", "${lead.FirstName}", "$!{lead.FirstName}", "${first_name!'there'}", "${FIRST_NAME_}",
    "${clickthrough('unsubscribe')}", "#{first_name}", "{Prénom}", "{фамилия}",
    # [..], [[..]], <<..>>, «..», <%..%>, <?..?>
    "[firstname]", "[firstname,fallback=there]", "[FIRSTNAME%%there]", "[FIRST_NAME/there]", "[MERGE_FIRST_NAME]",
    "[subscriber:firstname | default:reader]", "[firstName, My Friend]", "[%first_name%]", "[%first_name | there%]",
    "[[firstname]]", "[[data:firstname:'there']]", "[[EMAIL_TO email]]", "[[EMAIL_TO]]", "[[FIRSTNAME OR 'there']]", "[[OrderDate]]", "[[total_price]]",
    "[[contact.first_name]]", "<<First Name>>", "<<FirstName>>", "«Vorname»", "{ MERGEFIELD Vorname }",
    "<%= recipient.firstName %>", "<%asm_group_unsubscribe_raw_url%>", "<?= $name ?>",
    # %..%, %%..%%, %(..)s, #..#, ##..##, $..$, ~~..~~, others
    "%FIRSTNAME%", "%recipient.first%", "%unsubscribe_url%", "%SUBSCRIBER_FIRST_NAME%", "%%FirstName%%",
    "%%[First Name]%%", "%%First Name%%", "%%{unsubscribe_url}%%", "%%merge members_.x%%", "%%=v(@name)=%%",
    "%(first_name)s", "#recipient:name#", "#firstname#", "##FirstName##", "##Имя##", "#[FNAME]#", "$[FNAME]$",
    "$[FNAME|Customer]$", "$FIRST_NAME$", "$lookup(FIRST_NAME)$", "~~FIRSTNAME~~", "~~CURDATE+10~~", "@@FIRSTNAME@@",
    "__FIRST_NAME__", "@Model.FirstName",
)  # fmt: skip
"""One at least of every family of `tag_families.json` that counts outside a salutation."""

ONLY_IN_A_SALUTATION = (
    "-name-", "$firstName", "{userGroup}", "[Name]", "{0}", "{{1}}", "%s", "~name~", "|Name|", "!name!", "(First Name)",
    "%name%", "{name}", "${name}", "%(name)s", "#name#", "~~NAME~~", "{nickname}",
)  # fmt: skip

RULES = ("unrendered-placeholder", "broken-placeholder", "placeholder-text")
CHECKER = Checker(select=RULES)


def mail(
    body: str,
    *,
    charset: str = "utf-8",
    type: str = "text/html",
    encoding: str = "8bit",
    **head: str,
) -> bytes:
    fields = {
        "from": "Ada <ada@news.example>",
        "to": "bob@reader.example",
        "subject": "Spring",
        **head,
    }
    fields |= {"mime-version": "1.0", "content-type": f"{type}; charset={charset}"}
    fields["content-transfer-encoding"] = encoding
    return (
        "\n".join(f"{name}: {value}" for name, value in fields.items()) + f"\n\n{body}\n"
    ).encode()


def page(body: str) -> str:
    return f"<html><body>{body}<p>The garden is open again. Come and see it.</p></body></html>"


def word(text: str) -> str:
    """As header fields write what is not ASCII."""
    return f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="


def shown(tag: str) -> str:
    """As an editor writes it into HTML; what is no text there stays as it is."""
    return tag if tag.startswith(("<%", "<?", "<span")) else html.escape(tag, quote=False)


def halves(tag: str) -> tuple[str, str]:
    """Split within the first word."""
    found = re.search(r"[^\W\d_]{2,}", tag)
    at = (found.start() + found.end()) // 2 if found else len(tag) // 2
    return tag[:at], tag[at:]


def in_bold(tag: str) -> str:
    first, last = (html.escape(half, quote=False) for half in halves(tag))
    return f"{first}<b>{last}</b>"


def two_parts(text: str) -> bytes:
    parts = (f"--x\ncontent-type: text/plain; charset=utf-8\n\n{text}\n"
             f"--x\ncontent-type: text/html; charset=utf-8\n\n{page('')}\n--x--")  # fmt: skip
    return mail(parts, type='multipart/alternative; boundary="x"')


PLACES = {
    "subject": lambda tag: mail(page(""), subject=word(f"{tag}, the garden is open")),
    "subject within": lambda tag: mail(page(""), subject=word(f"News for {tag} and friends")),
    "From name": lambda tag: mail(page(""), **{"from": f"{word(tag)} <ada@news.example>"}),
    "To name": lambda tag: mail(page(""), to=f"{word(tag)} <bob@reader.example>"),
    "preheader": lambda tag: mail(
        page(f'<div style="display:none;max-height:0">{shown(tag)}, what is new</div>')
    ),
    "greeting": lambda tag: mail(page(f"<p>Dear {shown(tag)},</p>")),
    "body text": lambda tag: mail(page(f"<p>We wanted to tell {shown(tag)} first of all.</p>")),
    "href": lambda tag: mail(page(f'<a href="https://x.example/?u={html.escape(tag)}">Go</a>')),
    "percent-encoded": lambda tag: mail(
        page(f'<a href="https://x.example/?u={quote(tag, safe="@")}">Go</a>')
    ),
    "alt": lambda tag: mail(
        page(f'<img src="https://x.example/a.png" alt="For {html.escape(tag)}">')
    ),
    "title": lambda tag: mail(f"<title>News for {shown(tag)}</title>{page('')}"),
    "base64": lambda tag: mail(
        base64.encodebytes(page(f"<p>Dear {shown(tag)},</p>").encode()).decode(), encoding="base64"
    ),
    "quoted-printable": lambda tag: mail(
        quopri.encodestring(page(f"<p>Ça va, {shown(tag)} ?</p>").encode()).decode(),
        encoding="quoted-printable",
    ),
    "entities": lambda tag: mail(
        page("<p>Dear " + "".join(f"&#{ord(sign)};" for sign in tag) + ",</p>")
    ),
    "split by markup": lambda tag: mail(page(f"<p>Dear {in_bold(tag)},</p>")),
    "text part only": lambda tag: two_parts(f"Dear {tag},\n\nThe garden is open."),
}


@pytest.mark.parametrize("place", PLACES)
def test_leftover_tags_are_found(place):
    found = {tag for tag in TAGS if _finds(place, tag)}
    assert [tag for tag in TAGS if tag not in found] == []


def test_the_tags_of_every_dialect_are_found():
    tags = {known.example for known in known_dialects()} - {"<% %>"}
    assert [tag for tag in sorted(tags) if not _finds("greeting", tag)] == []


@pytest.mark.parametrize("tag", ONLY_IN_A_SALUTATION)
def test_shapes_that_prose_has_too_count_in_a_salutation(tag):
    assert _finds("greeting", tag)
    assert _finds("text part only", tag)


@pytest.mark.parametrize(
    "name", ["[Name]", "$name", "-name-", "{{name}}", "%name%", "{name}", "[[name]]", "«Name»"]
)
def test_a_tag_in_place_of_a_display_name(name):
    assert _finds("From name", name)
    assert _finds("To name", name)


@pytest.mark.parametrize(
    "subject",
    [
        "[Company] Newsletter 12", "Re: [Name] is taken", "[Email] setup for beginners", "A -name- game",
        "$name your price", "[ILUG] first steps", "{left,right} joins", "Book of the month: [Title]?",
    ],
)  # fmt: skip
def test_subjects_with_signs_are_no_tags(subject):
    assert not CHECKER.check_message(mail(page(""), subject=subject)).annotations


@pytest.mark.parametrize(
    "line",
    [
        "[name]: the name of the file", "> [email]: who gets it", "[firstname]: https://x.example/firstname",
        "- [company]: where you work", "It prints #{count} lines.", "Use {{ and }} around a name.",
        "The slots [[Prototype]] and [[HomeObject]]", "[[nodiscard]] int f();", "if [[ -z x ]]; then", "The words «Доброе утро» stand there.", "{ красный | синий }", "%д%", "50%скидка%", "【重要】お知らせ",
    ],
)  # fmt: skip
def test_lines_that_hold_no_tag(line):
    text = f"Hello,\n\nwhat is new:\n\n{line}\n\nAda"
    assert not CHECKER.check_message(mail(text, type="text/plain")).annotations


def _finds(place: str, tag: str) -> bool:
    """Whether an annotation stands on the tag, not merely somewhere."""
    report = CHECKER.check_message(PLACES[place](tag))
    assert not report.failed
    return any(one.rule in RULES for one in report.annotations)
