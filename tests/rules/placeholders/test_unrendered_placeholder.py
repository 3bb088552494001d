"""Merge tags that nothing fills in, and what only looks like one."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

import preflight
from preflight_rules.placeholders.unrendered_placeholder import unrendered_placeholder as RULE


def text(body: str) -> dict[str, str]:
    return {"mail.txt": f"{body}\n"}


def html(body: str) -> dict[str, str]:
    return {"mail.html": body, "campaign.yaml": "body: {html: mail.html}"}


@pytest.mark.parametrize(
    "tag",
    [
        "{FirstName}",
        "*|FNAME|*",
        "[First Name]",
        "%FIRSTNAME%",
        "%%FirstName%%",
        "<<First Name>>",
        "${first_name}",
        "«Vorname»",
        "[[firstname]]",
        "{$name}",
        "##FirstName##",
    ],
)
def test_other_mailers_tags_in_the_salutation(said, tag):
    (one,) = said(RULE, {**text(f"Dear {tag},"), "campaign.yaml": "body: {dialect: jinja}"})
    assert one.span.text == tag
    assert one.path == "mail.txt"
    assert one.severity.label == "error"
    assert one.message == f"“{tag}” will reach the reader as written"
    assert one.recipients is None


@pytest.mark.parametrize(
    "line",
    [
        'subject: "Hello {FirstName}"',
        'preheader: "*|FNAME|*, news"',
        'from: "%FIRSTNAME% <ada@news.example>"',
        'headers: {List-Unsubscribe: "<https://x.example/?e=*|EMAIL|*>"}',
    ],
)
def test_in_the_definition(said, line):
    (one,) = said(RULE, {"campaign.yaml": line})
    assert one.path == "campaign.yaml"
    assert one.severity.label == "error"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("<p>Dear {First<b>Name</b>},</p>", "{First<b>Name</b>}"),
        ("<p>Dear &#123;first_name&#125;,</p>", "&#123;first_name&#125;"),
        ('<a href="https://x.example/?n=%7BFirstName%7D">x</a>', "%7BFirstName%7D"),
        ('<img src="https://x.example/a.png" alt="Hi {FirstName}">', "{FirstName}"),
        ('<a href="[unsubscribe]">out</a>', "[unsubscribe]"),
        ("<p>[unsubscribe]</p>", "[unsubscribe]"),
        ("<!--[if mso]><p>Dear {FirstName}</p><![endif]-->", "{FirstName}"),
    ],
)
def test_in_html(said, body, place):
    (one,) = said(RULE, html(body))
    assert one.span.text == place


def test_in_the_title_it_is_a_warning(said):
    (one,) = said(RULE, html("<title>*|MC:SUBJECT|*</title><p>Dear {{ first_name }},</p>"))
    assert one.severity.label == "warning"


def test_the_fix_is_the_column_of_the_list(said):
    (one,) = said(RULE, text("Dear {FirstName},"))
    assert (one.fix.text, one.fix.span.text) == ("{{ first_name }}", "{FirstName}")
    assert one.help == "Write {{ first_name }}."


def test_usual_names_mean_the_same_column(said):
    (one,) = said(RULE, text("Dear *|FNAME|*,"))
    assert one.help == "It is a tag of Mailchimp and Mandrill. Write {{ first_name }}."
    assert one.fix.text == "{{ first_name }}"


@pytest.mark.parametrize(
    "files",
    [
        text("Dear {LastName},"),  # no such column
        text('Dear {first_name, "friend"},'),  # the fallback would be lost
        html("<p>Dear {First<b>Name</b>},</p>"),
        html('<a href="https://x.example/?n=%7BFirstName%7D">x</a>'),  # would need encoding
    ],
)
def test_no_fix_where_it_is_not_certain(said, files):
    (one,) = said(RULE, files)
    assert one.fix is None


def test_no_fix_that_would_break_the_yaml(said):
    campaign = (
        "name: x\npurpose: newsletter\nfrom: Ada <ada@news.example>\nsubject: {}\n"
        "body: {{text: mail.txt}}\naudience: {{contacts: contacts.csv}}\n"
    )
    (bare,) = said(RULE, {"campaign.yaml": campaign.format("<<First Name>>, hello")})
    (quoted,) = said(RULE, {"campaign.yaml": campaign.format('"<<First Name>>, hello"')})
    assert bare.fix is None
    assert quoted.fix.text == "{{ first_name }}"


@pytest.mark.parametrize(
    "body",
    [
        "[ILUG] Re: stuff, [URGENT] and [CAPS]",
        "see [add new targets](https://x.example)",
        "[unsubscribe](https://x.example/u)",
        "[unsubscribe] <https://x.example/u>",
        "Choose {left|right}, {to,from} or {bash|zsh}",
        "100% of 50% off and 20% on, from $10 and $5.00",
        "« bonjour » and «слово»",
        "[1] [2] [sic] [x] done [ ] todo",
        "%PATH% and %USERNAME%",
        "Use `{first_name}` here",
        "```\n{first_name}\n```",
        "{% raw %}{{ first_name }}{% endraw %}",
        "The path is /users/{name}/posts.",
        "#hashtag and ## Heading",
    ],
)
def test_text_that_is_none(said, body):
    assert said(RULE, text(body)) == []


@pytest.mark.parametrize(
    "body",
    [
        '<a href="https://x.example/u">[unsubscribe]</a>',
        "<pre>{first_name}</pre><code>{{ '{{ x }}' }}</code>",
        "<style>@media{.a{b:c}}</style><p>x</p>",
        '<script type="application/ld+json">{"@type":"x","name":"y"}</script>',
        "<!--[if mso]><p>x</p><![endif]-->",
        '<a href="https://x.example/?filter[name]=a&amp;q=100%25%20off">x</a>',
        "<!-- {first_name} -->",
    ],
)
def test_html_that_is_none(said, body):
    assert said(RULE, html(body)) == []


FOREIGN = ("{FirstName}", "*|FNAME|*", "[First Name]", "%FIRSTNAME%", "<<First Name>>", "$[FNAME]$")


@pytest.mark.parametrize(
    ("dialect", "own"),
    [
        ("django", "{{ first_name }}"),
        ("liquid", "{{ first_name }}"),
        ("handlebars", "{{first_name}}"),
        ("mailchimp", "*|FNAME|*"),
        ("mandrill", "*|first_name|*"),
        ("brevo", "{{ contact.FIRSTNAME }}"),
        ("klaviyo", "{{ first_name }}"),
        ("activecampaign", "%FIRSTNAME%"),
        ("mailgun", "%recipient.first_name%"),
        ("campaignmonitor", "[firstname]"),
        ("zoho", "$[FNAME]$"),
        ("omnisend", "[[contact.first_name]]"),
    ],
)
def test_the_fix_is_in_the_mailers_own_spelling_and_stays(said, dialect, own):
    whole = {"campaign.yaml": f"body: {{text: mail.txt, dialect: {dialect}}}"}
    for tag in FOREIGN if dialect == "django" else FOREIGN[:2]:
        files = {**whole, **text(f"Dear {tag},\n\nnews for you")}
        for one in said(RULE, files):
            assert (one.fix.text, one.fix.span.text) == (own, tag)
            again = files["mail.txt"].replace(one.fix.span.text, one.fix.text)
            assert said(RULE, {**files, "mail.txt": again}) == []


def test_the_mailers_own_tags_of_another_shape(said):
    body = 'Dear {{FirstName}},\n\n%%unsub_center_url%% and {OtherName, "x"}'
    files = {**text(body), "campaign.yaml": "body: {text: mail.txt, dialect: sfmc-gtl}"}
    assert said(RULE, files) == []


# --- finished mails ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    ["Dear {{ '{FirstName}' }},", "Dear {{ '{First' ~ 'Name}' }},", "Dear {{ '{' }}FirstName},"],
)
def test_what_only_rendering_shows(said, body):
    (one,) = said(RULE, text(body))
    assert one.recipients.count == 4
    assert one.span.source.path == "mail.txt"


def test_an_included_file(said):
    files = {**text("{% include 'greeting.txt' %}"), "greeting.txt": "Dear {FirstName},"}
    (one,) = said(RULE, files)
    assert (one.span.source.path, one.span.text) == ("greeting.txt", "{FirstName}")


@pytest.mark.parametrize(
    "body", ["Dear {{ first_name }},", "{% filter upper %}Dear {{ first_name }},{% endfilter %}"]
)
def test_a_value_of_the_list_is_another_rules(said, body):
    rows = "email,first_name\na@firm.example,{FirstName}\n"
    assert said(RULE, {**text(body), "contacts.csv": rows}) == []


def test_it_is_said_once(said):
    rows = "email,first_name\na@firm.example,Ada\nb@firm.example,\n"
    found = said(
        RULE, {**text("Dear {FirstName}, {{ first_name }} {{ 'x' }}"), "contacts.csv": rows}
    )
    assert len(found) == 1


def test_without_lists_the_template_is_read(said, not_checked):
    files = text("Dear {FirstName},")
    (one,) = said(RULE, files, without_lists=True)
    assert one.span.text == "{FirstName}"
    assert one.fix is None
    assert len(not_checked(RULE, files, without_lists=True)) == 1


def mail(subject: str, body: str, subtype: str = "plain") -> bytes:
    built = EmailMessage()
    built["Subject"] = subject
    built.set_content(body, subtype=subtype)
    return bytes(built)


def in_mail(*args: str) -> list[tuple[str, str]]:
    found = preflight.check_message(mail(*args)).annotations
    return [(one.severity.label, one.span.text) for one in found if one.rule == RULE.name]


def test_a_mail_that_was_handed_in():
    assert in_mail("Hi {FirstName}", "Dear *|FNAME|*,\n") == [
        ("error", "{FirstName}"),
        ("error", "*|FNAME|*"),
    ]
    assert in_mail("News", "<title>*|MC:SUBJECT|*</title><p>Hello</p>", "html") == [
        ("warning", "*|MC:SUBJECT|*")
    ]


def test_the_preheader_is_said_once():
    body = '<div style="display:none">Hi {FirstName}, news</div><p>Hello</p>'
    assert in_mail("News", body, "html") == [("error", "{FirstName}")]


def test_ordinary_mails():
    for body in (
        "[ILUG] {bulk|junk|list} ###[Discussions on LIH]### %build %{name} ${args} {dot}",
        "On 0020 +0100 %{!Mon, Aug 19}, ~sigh~, {Animated desktop pal} and $MLM$",
    ):
        assert in_mail("[SAtalk] Re: $10 off", f"Hello,\n\n{body}\n") == []
