"""Text that stands for text, and text that only looks so."""

from __future__ import annotations

import pytest

from preflight_rules.placeholders.placeholder_text import placeholder_text as RULE
from preflight_rules.placeholders.unrendered_placeholder import unrendered_placeholder


def text(body: str) -> dict[str, str]:
    return {"mail.txt": f"Hello,\n\n{body}\n"}


def html(body: str) -> dict[str, str]:
    return {"mail.html": body, "campaign.yaml": "body: {html: mail.html, text: ~}"}


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("Lorem ipsum dolor.", "Lorem ipsum"),
        ("[INSERT DATE]", "[INSERT DATE]"),
        ("[Insert your offer here]", "[Insert your offer here]"),
        ("Best\n[Your Name]", "[Your Name]"),
        ("Best\n[your name]", "[your name]"),
        ("We at [Company] think so.", "[Company]"),
        ("on [Date] at [Time]", "[Date]"),
        ("Cordialement\n[Votre nom]", "[Votre nom]"),
        ("chez [Nom de l’entreprise]", "[Nom de l’entreprise]"),
        ("[Insérer la date]", "[Insérer la date]"),
        ("Mit Grüßen\n[Ihr Name]", "[Ihr Name]"),
        ("[Datum einfügen]", "[Datum einfügen]"),
        ("[Su nombre]", "[Su nombre]"),
        ("[Nombre del producto]", "[Nombre del producto]"),
        ("[Il tuo nome]", "[Il tuo nome]"),
        ("[Seu nome]", "[Seu nome]"),
        ("[Uw naam]", "[Uw naam]"),
        ("[Twoje imię]", "[Twoje imię]"),
        ("TODO: write this", "TODO:"),
        ("TODO", "TODO"),
        ("FIXME: price", "FIXME:"),
        ("[TODO]", "[TODO]"),
        ("[TBD]", "[TBD]"),
        ("The title goes here", "title goes here"),
        ("Your headline here", "Your headline here"),
        ("This is a placeholder text", "This is a placeholder text"),
        ("Dies ist ein Blindtext.", "Dies ist ein Blindtext"),
        ("Texto de relleno para leer", "Texto de relleno"),
        ("[insert name]", "[insert name]"),
        ("[add your logo here]", "[add your logo here]"),
    ],
)
def test_in_the_body(said, body, place):
    one = said(RULE, text(body))[0]
    assert one.span.text == place
    assert one.path == "mail.txt"
    assert one.severity.label == "warning"


@pytest.mark.parametrize(
    "line",
    [
        "Sure, here is your email:",
        "Certainly! Here's a draft of the newsletter:",
        "Here’s a draft:",
        "Here is a polished version of your email:",
        "As an AI language model, I cannot visit links.",
        "Let me know if you'd like me to adjust the tone.",
        "Feel free to customize this template.",
        "Bien sûr, voici un e-mail",
        "Gerne! Hier ist ein Entwurf",
    ],
)
def test_what_an_assistant_says(said, line):
    (one,) = said(RULE, {"mail.txt": f"{line}\n\nDear {{{{ first_name }}}},\n"})
    assert one.span.start_place == (1, 1)


@pytest.mark.parametrize(
    "subject",
    [
        "TODO title",
        "TODO: subject",
        "[Your Subject Here]",
        "Lorem ipsum",
        "News from [Your Company]",
    ],
)
def test_in_the_subject_it_is_an_error(said, subject):
    found = said(RULE, {"campaign.yaml": f'subject: "{subject}"'})
    assert [one.severity.label for one in found] == ["error"]
    assert found[0].path == "campaign.yaml"


def test_in_the_salutation_it_is_an_error(said):
    (one,) = said(RULE, {"mail.txt": "Dear [Recipient's Title],\n"})
    assert one.severity.label == "error"


def test_filler_is_said_once(said):
    (one,) = said(RULE, text("Lorem ipsum dolor sit amet.\n\nSed do eiusmod, lorem ipsum."))
    assert one.span.text == "Lorem ipsum"


@pytest.mark.parametrize(
    "body",
    ["<p>Lorem ipsum</p>", "<p>Best<br>[Your <b>Name</b>]</p>", "<p>[Your&nbsp;Name]</p>"],
)
def test_in_html(said, body):
    (one,) = said(RULE, html(body))
    assert one.path == "mail.html"


def test_what_is_a_merge_tag_is_said_once(said):
    files = {"mail.txt": "Dear [First Name] at [Company Name],\n"}
    assert said(RULE, files) == []
    assert said(unrendered_placeholder, files)


@pytest.mark.parametrize(
    "body",
    [
        "or your [insert collection here] collection",
        "[insert suitable grunt here] and [branching the thread, here]",
        "+ # XXX: kludge in a patch",
        "Show your name here and become a sponsor!",
        "[1] [2] [sic] [x] done [ ] todo [...]",
        "see [your account](https://x.example)",
        "see [your name][1]\n\n[1]: https://x.example",
        "[Company] news of May",
        "[Update] The city is open. [Product] launch",
        "The place is TBD, the date too (TBD).",
        "Speaker: TBD",
        "our to-do list, TODO lists and todo apps",
        "TODO list apps are popular",
        "Super Bowl XXX and Olympiad XXX",
        "kisses, xxx",
        "Here's a draft agenda for the meeting:",
        "Here is the draft law that everybody speaks of.",
        "Sure, here is the thing: nobody knows.",
        "Of course, here are three reasons to come.",
        "“As an AI language model, I have no opinion”, it said.",
        "Use `[Your Name]` in the form.",
        "```\nTODO: x\n[Your Name]\n```",
        "Insert the key, add salt.",
        "He said [laughing] that it was fine.",
        "“[The company] was great”, says Ada.",
        "Your name is safe here.",
        "Enter your name in the field.",
        "array[name] and user[your name]",
    ],
)
def test_ordinary_text(said, body):
    assert said(RULE, text(body)) == []


@pytest.mark.parametrize(
    "body",
    [
        '<p><a href="https://x.example/me">[Your account]</a> <a href="https://x.example">[Your name]</a></p>',
        "<pre>TODO: x [Your Name]</pre>",
        "<style>/* TODO: x */</style><script>// TODO: y\n</script><!-- TODO: z --><p>x</p>",
    ],
)
def test_html_that_is_fine(said, body):
    assert said(RULE, html(body)) == []


@pytest.mark.parametrize(
    ("subject", "language"),
    [("TODO: ropa y zapatos", "es"), ("TODO INCLUIDO", "es"), ("Tudo e TODO: o mês", "pt-BR")],
)
def test_todo_is_a_word_elsewhere(said, subject, language):
    files = {"campaign.yaml": f'{{subject: "{subject}", language: {language}}}'}
    assert said(RULE, files) == []


def test_spanish_is_seen_without_being_told(said):
    files = {"campaign.yaml": 'subject: "¡TODO: las ofertas!"'}
    assert said(RULE, files) == []


def test_what_only_a_constant_brings(said):
    (one,) = said(RULE, text("{{ 'Lorem ' ~ 'ipsum' }}"))
    assert one.recipients.count == 4


def test_a_value_of_the_list_is_no_stand_in(said):
    rows = "email,first_name\na@firm.example,[Your Name]\n"
    files = {**text("{{ first_name }} {{ 'x' }}"), "contacts.csv": rows}
    assert said(RULE, files) == []


def test_it_is_said_once_for_all_kinds_of_mail(said):
    rows = "email,first_name\na@firm.example,Ada\nb@firm.example,\n"
    files = {**text("Lorem ipsum {{ first_name }} {{ 'x' }}"), "contacts.csv": rows}
    assert len(said(RULE, files)) == 1


@pytest.mark.parametrize("title", ["TODO title", "TODO", " TBD: spring "])
def test_a_title_that_nobody_wrote(said, title):
    (one,) = said(RULE, html(f"<html><head><title>{title}</title></head><p>Hello</p></html>"))
    assert one.span.text == title.strip()


@pytest.mark.parametrize("title", ["Todo lists for spring", "", "Our TODO app"])
def test_a_title_of_its_own(said, title):
    assert said(RULE, html(f"<html><head><title>{title}</title></head><p>Hello</p></html>")) == []
