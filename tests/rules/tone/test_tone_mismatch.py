"""Registers, cold texts and chummy texts, and the readers whom they meet."""

from __future__ import annotations

import pytest

from preflight import Context, check_message
from preflight.report.style import Style
from preflight.report.text import render
from preflight.testing import check_files
from preflight_rules.tone.tone_mismatch import tone_mismatch

FOOT = {
    "fr": "Vous recevez ce message parce que vous avez demandé notre lettre. Se désinscrire : {u}",
    "de": "Sie erhalten diese E-Mail, weil Sie unseren Newsletter bestellt haben. Abmelden: {u}",
    "es": "Recibe este correo porque se suscribió a nuestro boletín. Darse de baja: {u}",
    "it": "Ricevi questa e-mail perché ti sei iscritto alla nostra newsletter. Disiscriviti: {u}",
    "pt": "Recebe este e-mail porque subscreveu a nossa newsletter. Cancelar a subscrição: {u}",
    "nl": "Je ontvangt deze mail omdat je onze nieuwsbrief hebt aangevraagd. Afmelden: {u}",
    "en": "You receive this because you asked for it. Unsubscribe: {u}",
}
T = {
    "fr": "Salut {{ first_name }},\n\nNous avons pensé à toi : samedi, tu peux venir voir ton atelier.",
    "de": "Liebe {{ first_name }},\n\nam Samstag öffnen wir, und wir freuen uns, wenn du mit deiner "
    "Familie kommst. Wir haben an dich gedacht.",
    "es": "Hola {{ first_name }}:\n\nEl sábado abrimos y nos gustaría verte. ¿Vienes tú con tu familia? "
    "Te esperamos a ti.",
    "it": "Ciao {{ first_name }},\n\nsabato apriamo e ci farebbe piacere vederti. Abbiamo pensato a te: "
    "tu vieni con la tua famiglia?",
    "pt": "Olá {{ first_name }},\n\nno sábado abrimos e gostávamos de te ver. Pensámos em ti: tu vens "
    "com a tua família?",
    "nl": "Dag {{ first_name }},\n\nzaterdag gaan we open en we zien je graag. Kom jij met je familie? "
    "We hebben aan jou gedacht.",
}
V = {
    "fr": "Bonjour {{ first_name }},\n\nNous avons pensé à vous : samedi, vous pouvez venir voir votre "
    "atelier.",
    "de": "Guten Tag {{ first_name }},\n\nam Samstag öffnen wir, und wir freuen uns, wenn Sie mit Ihrer "
    "Familie kommen. Wir haben an Sie gedacht.",
    "es": "Estimada {{ first_name }}:\n\nEl sábado abrimos y nos gustaría que usted viniera con su "
    "familia. La esperamos a usted.",
    "it": "Gentile {{ first_name }},\n\nsabato apriamo e ci farebbe piacere se Lei venisse. Abbiamo "
    "pensato a Lei e alla Sua famiglia.",
    "pt": "Cara {{ first_name }},\n\nno sábado abrimos e gostaríamos que a senhora viesse. O convite é "
    "para a senhora e para a sua família.",
    "nl": "Geachte {{ first_name }},\n\nzaterdag gaan wij open en wij zien u graag. Komt u met uw "
    "familie? Wij hebben aan u gedacht.",
}
NEWS = {
    "fr": "Bonjour {{ first_name }},\n\nL’atelier rouvre samedi. Les voiliers sont prêts et le café aussi.",
    "de": "Hallo {{ first_name }},\n\ndie Werkstatt öffnet am Samstag. Die Segel sind fertig, und der "
    "Kaffee ist es auch.",
    "es": "Hola {{ first_name }}:\n\nEl taller abre el sábado. Las velas están listas y el café también.",
    "it": "Buongiorno {{ first_name }},\n\nla bottega riapre sabato. Le vele sono pronte e il caffè pure.",
    "pt": "Bom dia {{ first_name }},\n\na oficina reabre no sábado. As velas estão prontas e o café também.",
    "nl": "Beste {{ first_name }},\n\nde werkplaats gaat zaterdag open. De zeilen zijn klaar en de "
    "koffie ook.",
    "en": "Dear {{ first_name }},\n\nThe workshop opens on Saturday. You are welcome, and your family too.",
}
WORDS = {"fr": ("tu", "vous"), "de": ("du", "Sie"), "es": ("tú", "usted"), "it": ("tu", "Lei"),
         "pt": ("tu", "o senhor / a senhora"), "nl": ("je", "u")}  # fmt: skip


def files(text, rows, language="", **more):
    foot = FOOT[language or "fr"].format(u="https://news.example/unsubscribe")
    campaign = f"language: {language}\n" if language else "name: ~\n"
    header = "email,first_name,register,formality,language,relationship,known_since"
    lines = [
        f"reader{at}@atelier.example,Inès,{row},{',' * (4 - row.count(',') - 1)}"
        for at, row in enumerate(rows)
    ]
    return {
        "campaign.yaml": campaign if language else "{}",
        "mail.txt": f"{text}\n\n{foot}\n",
        "contacts.csv": "\n".join([header, *lines]) + "\n",
        **more,
    }


@pytest.mark.parametrize("language", T)
@pytest.mark.parametrize("told", [True, False])
def test_t_to_people_who_expect_v(said, language, told):
    wanted = WORDS[language]
    (one,) = said(
        tone_mismatch,
        files(T[language], ["any", wanted[1], "formal", wanted[0]], language if told else "")
        | {"mail.txt": f"{T[language]}\n"},
    )
    assert one.severity.label == "error"
    assert one.recipients.count == 2
    assert one.message == (
        f"the mail says “{wanted[0]}”, and with 2 of 4 recipients you say “{wanted[1]}”"
    )
    assert one.path == "mail.txt"


@pytest.mark.parametrize("language", V)
def test_v_to_people_who_expect_t(said, language):
    (one,) = said(tone_mismatch, files(V[language], ["informal", WORDS[language][1], ""], language))
    assert one.recipients.count == 1
    assert "you say “" + WORDS[language][0] in one.message


@pytest.mark.parametrize("language", T)
def test_the_register_that_is_expected(said, language):
    t, v = WORDS[language]
    assert said(tone_mismatch, files(T[language], [t, "", "any"], language)) == []
    assert said(tone_mismatch, files(V[language], [v, "", "any", "?"], language)) == []


@pytest.mark.parametrize("language", NEWS)
@pytest.mark.parametrize("register", ["tu", "vous", ""])
def test_nobody_is_addressed(said, language, register):
    assert said(tone_mismatch, files(NEWS[language], [register] * 3, language)) == []


@pytest.mark.parametrize("language", [*T, "en"])
def test_without_any_column_there_is_nothing_to_say(said, language):
    for texts in (T, V, NEWS):
        text = texts.get(language, NEWS[language])
        plain = {"campaign.yaml": f"language: {language}", "mail.txt": text}
        assert said(tone_mismatch, plain) == []


@pytest.mark.parametrize(
    "text",
    [
        "Chers amis,\n\nNous vous attendons samedi, vous êtes tous les bienvenus.",
        "Bonjour,\n\nUn rendez-vous par personne. L'atelier ouvre à dix heures.",
        "Bonjour {{ first_name }},\n\n« Vous êtes incroyables », écrit une cliente. Merci à elle.",
        "Bonjour,\n\nÀ samedi ?\n\nLe 3 mars 2026, Jan a écrit :\n> Vous venez avec votre famille ?\n",
    ],
)
def test_vous_that_is_not_the_reader(said, text):
    assert said(tone_mismatch, files(text, ["tu"] * 3, "fr")) == []


def test_known_for_long_makes_no_tu(said):
    rows = [",,,client,2004", ",,,friend,1999"]
    assert said(tone_mismatch, files(V["fr"], rows, "fr")) == []


def test_the_column_counts_before_the_ledger_and_that_before_the_campaign(said):
    campaign = files(V["fr"], ["vous", "", "any", ""], "fr")
    campaign["campaign.yaml"] = "language: fr\nregister: tu"
    campaign["preflight.yaml"] = "ledger: {clients: crm.csv}"
    campaign["crm.csv"] = "email,register\n" + "".join(
        f"reader{at}@atelier.example,tu\n" for at in range(3)
    )
    by_list, by_campaign = sorted(said(tone_mismatch, campaign), key=lambda one: one.message)[::-1]
    assert by_list.recipients.count == 1
    assert by_list.message == "the mail says “vous”, and with 1 of 4 recipients you say “tu”"
    assert by_campaign.recipients.count == 1
    assert by_campaign.message == "the mail says “vous”, and the campaign says register: tu"


def test_a_template_with_a_branch_for_each(said):
    text = (
        "Bonjour {{ first_name }},\n\nNous avons pensé à {% if register == 'tu' %}toi{% else %}vous"
        "{% endif %} : l'atelier rouvre samedi."
    )
    assert said(tone_mismatch, files(text, ["tu", "vous", ""], "fr")) == []
    wrong = text.replace("== 'tu'", "!= 'tu'")
    found = said(tone_mismatch, files(wrong, ["tu", "vous", ""], "fr"))
    assert {(one.span.text, one.recipients.count) for one in found} == {("toi", 1), ("vous", 1)}


def test_a_conditional_expression_is_read_as_the_text_that_it_makes(said):
    text = "Bonjour,\n\nNous avons pensé à {{ 'toi' if register == 'tu' else 'vous' }} pour samedi."
    assert said(tone_mismatch, files(text, ["tu", "vous"], "fr")) == []


def test_what_a_field_prints_is_not_the_text(said):
    text = "Bonjour {{ first_name }},\n\n{{ relationship }}\n\nL'atelier ouvre samedi matin."
    rows = ["tu,,,vous êtes notre cliente", "tu,,,vous avez une remise"]
    assert said(tone_mismatch, files(text, rows, "fr")) == []


def test_the_words_in_a_quoted_subject(said):
    campaign = files(NEWS["fr"], ["tu"], "fr")
    campaign["campaign.yaml"] = (
        "name: x\npurpose: newsletter\nlanguage: fr\nfrom: Ada <ada@news.example>\n"
        'subject: "{{ first_name }}, on \\"vous\\" attend : venez, c\'est pour vous"\n'
        "body: {text: mail.txt}\naudience: {contacts: contacts.csv}\n"
    )
    (one,) = said(tone_mismatch, campaign)
    assert (one.path, one.span.text) == ("campaign.yaml", "vous")
    assert one.span.start_place.column > 60


def test_html_and_text_are_one_annotation(said):
    text = files(V["fr"], ["tu"], "fr")
    text["campaign.yaml"] = "language: fr\nbody: {html: mail.html, text: mail.txt}"
    text["mail.html"] = "<p>Bonjour,</p><p>Nous avons pensé à <b>vous</b>&nbsp;: venez samedi.</p>"
    (one,) = said(tone_mismatch, text)
    assert (one.path, one.span.text) == ("mail.html", "vous")
    assert any(each.span.source.path == "mail.txt" for each in one.related)
    assert "set aside: mail.txt" in one.detail


def test_other_dialects(said):
    text = V["fr"].replace("{{ first_name }}", "*|FNAME|*") + "\n*|IF:VIP=1|*Bravo !*|END:IF|*"
    campaign = files(text, ["tu", "vous"], "fr")
    campaign["contacts.csv"] = campaign["contacts.csv"].replace("first_name", "FNAME")
    campaign["campaign.yaml"] = "language: fr\nbody: {dialect: mailchimp}"
    (one,) = said(tone_mismatch, campaign)
    assert one.recipients.count == 1


def test_values_that_say_no_register_are_named(not_checked, said):
    campaign = files(V["fr"], ["Frau", "yes", ""], "fr")
    assert said(tone_mismatch, campaign) == []
    (one,) = not_checked(tone_mismatch, campaign)
    assert one.reason.startswith("some values of “register”")


def test_a_text_of_which_no_register_is_known_is_named(not_checked):
    polish = "Dzień dobry,\n\nzapraszamy Pana na otwarcie naszego warsztatu w sobotę o dziesiątej."
    campaign = files(polish, ["tu"], "")
    (one,) = not_checked(tone_mismatch, campaign | {"mail.txt": polish})
    assert "French, German" in one.reason
    english = {**campaign, "mail.txt": NEWS["en"]}
    assert not_checked(tone_mismatch, english) == []


def test_a_mail_in_two_languages(said):
    text = (
        "Beste {{ first_name }},\n\nzaterdag gaan wij open en wij zien u graag met uw familie. Wij "
        "hebben aan u gedacht, en de koffie staat klaar.\n\n---\n\nBonjour {{ first_name }},\n\nje "
        "vous écris parce que nous ouvrons samedi. Nous avons pensé à vous et à votre famille, et je "
        "me réjouis de la visite."
    )
    rows = ["u,,nl", "vous,,fr", "vous,,"]
    assert said(tone_mismatch, files(text, rows, "") | {"mail.txt": text}) == []
    (one,) = said(tone_mismatch, files(text, ["tu,,fr", "u,,nl"], "") | {"mail.txt": text})
    assert one.recipients.count == 1
    assert one.span.start_place.line == 9


COLD = (
    "Dear {{ first_name }},\n\nMy name is Ada Example and I am the founder of Example Studio. I came "
    "across your company last week. We help companies like yours to say what they do. Would you have "
    "15 minutes for a quick call?"
)


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([",,,client,", ",,,friend,", ",,,prospect,2004", ",,,,"], 2),
        ([",,,,2004", ",,,new,"], 1),
        ([",,,prospect,", ",,,,", ",,,press,"], 0),
    ],
)
def test_a_first_contact_with_people_whom_you_know(said, rows, count):
    found = said(tone_mismatch, files(COLD, rows, "en"))
    assert [one.recipients.count for one in found] == [count] * bool(count)
    assert all(one.severity.label == "warning" for one in found)


@pytest.mark.parametrize("purpose", ["service", "incident", "introduction"])
def test_who_introduces_himself_there_is_no_stranger(said, purpose):
    campaign = files(COLD, [",,,client,"], "en")
    campaign["campaign.yaml"] = f"language: en\npurpose: {purpose}"
    assert said(tone_mismatch, campaign) == []


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        (
            "Hey {{ first_name }},\n\nwe are gonna open on Saturday!! Come and see it, bring friends.",
            1,
        ),
        (
            "Hey {{ first_name }},\n\nWe open on Saturday, come and see the new workshop at the port.",
            0,
        ),
        (
            "Dear {{ first_name }},\n\nWe open on Saturday! Come and see the workshop at the port 😀.",
            0,
        ),
        (
            "Dear {{ first_name }},\n\n“Hey, gonna love it!!”, says Ada. We open on Saturday morning.",
            0,
        ),
    ],
)
def test_casual_mails_to_formal_people(said, text, hit):
    found = said(tone_mismatch, files(text, [",formal", ",casual", ",", "vous"], "en"))
    assert len(found) == hit
    assert all(one.recipients.count == 2 for one in found)


def test_emoji_and_exclamation_marks_are_no_fault_with_vous(said):
    text = V["fr"] + " Quelle fête !! 🎉"
    assert said(tone_mismatch, files(text, ["vous", "any"], "fr")) == []
    (one,) = said(tone_mismatch, files(text, ["vous", ",formel"], "fr"))
    assert one.recipients.count == 1


def test_tu_for_formal_people_without_a_register(said):
    (one,) = said(tone_mismatch, files(T["fr"].replace("Salut", "Bonjour"), [",formel", ","], "fr"))
    assert one.severity.label == "error"
    assert one.recipients.count == 1


def test_brands_are_named_in_the_configuration(said):
    text = "Bonjour {{ first_name }},\n\nLe concert de Vous et Moi, samedi au port, est complet."
    campaign = files(text, ["tu"], "fr")
    assert len(said(tone_mismatch, campaign)) == 1
    rules = "rules: {tone-mismatch: {ignore_terms: [vous et moi]}}"
    assert said(tone_mismatch, {**campaign, "preflight.yaml": rules}) == []


def test_a_register_of_the_campaign_that_is_none_is_named(not_checked):
    campaign = files(V["de"], [""], "de")
    campaign["campaign.yaml"] = "language: de\nregister: dutzend"
    (one,) = not_checked(tone_mismatch, campaign)
    assert one.reason.startswith("some values of “register”")


def test_the_part_of_a_mail_that_has_registers(said):
    text = (
        "Dear {{ first_name }},\n\nWe open our new workshop on Saturday, and you and your family are "
        "very welcome to see it.\n\nBonjour {{ first_name }},\n\nNous ouvrons notre atelier samedi, "
        "et nous serions heureux de vous accueillir."
    )
    (one,) = said(tone_mismatch, files(text, ["tu", "vous", ""], "") | {"mail.txt": text})
    assert one.recipients.count == 1
    assert one.span.text == "vous"


def test_finished_mails_with_what_is_known_of_their_reader():
    mail = (
        "Subject: Samedi\n\nBonjour,\n\nNous avons pensé à vous : venez voir votre atelier samedi."
    )
    report = check_message(mail, Context(data={"register": "tu"}))
    (one,) = [one for one in report.annotations if one.rule == "tone-mismatch"]
    assert one.message == "the mail says “vous”, and with the reader you say “tu”"
    unknown = check_message(mail).not_checked
    assert "needs what is known of the reader: a campaign, or Context(data=...)" in {
        one.reason for one in unknown if one.rule == "tone-mismatch"
    }


def test_the_report_shows_what_was_set_aside_to_those_who_ask():
    report = check_files(files(V["fr"], ["tu"], "fr"), rules=[tone_mismatch])
    asked, short = (render(report, Style(verbose=verbose)) for verbose in (True, False))
    assert "set aside: mail.txt:5:1 “Vous” (legal footer)" in asked
    assert "counted: mail.txt:3:20 “vous” (V, hard, pronoun, 0.99)" in asked
    assert "set aside" not in short


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "El director presentó su informe y agradeció su apoyo a los empleados."),
        ("it", "Il direttore ha presentato la sua relazione. Mario ha perso il suo cane."),
    ],
)
def test_possessives_that_may_be_anybodys_tell_nothing(language: str, said: str) -> None:
    files = {
        "campaign.yaml": f"language: {language}\nbody: {{text: mail.txt, dialect: jinja}}\n",
        "mail.txt": f"{said}\n\nhttps://news.example/unsubscribe\n",
        "contacts.csv": "email,register\nana@one.example,tu\nbo@two.example,tu\n",
    }
    report = check_files(files)
    assert [one.rule for one in report.annotations if one.rule == "tone-mismatch"] == []
