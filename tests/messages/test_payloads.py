"""The payloads of mail services, turned into the mails that they make of them."""

from __future__ import annotations

import json
from email.message import EmailMessage

import pytest

import preflight
from preflight import Context, Payload, PreflightError, check_message
from preflight.readers.objects import mails_of

TO = "ines@atelier.example"
HTML, TEXT = "<p>Dear Inès,</p>", "Dear Inès,\n"
RAW = EmailMessage()
RAW["From"], RAW["To"], RAW["Cc"], RAW["Subject"] = (
    "a@news.example",
    TO,
    "jan@werft.example",
    "News",
)
RAW.set_content(TEXT)
RAW.add_alternative(HTML, subtype="html")

ONE_MAIL = {
    "sendgrid": {
        "personalizations": [{"to": [{"email": TO, "name": "Inès"}], "cc": [{"email": "jan@werft.example"}]}],
        "from": {"email": "a@news.example", "name": "Ada"},
        "subject": "News",
        "content": [{"type": "text/plain", "value": TEXT}, {"type": "text/html", "value": HTML}],
    },
    "ses": {
        "FromEmailAddress": "a@news.example",
        "Destination": {"ToAddresses": [TO], "CcAddresses": ["jan@werft.example"]},
        "Content": {"Simple": {"Subject": {"Data": "News"},
                               "Body": {"Html": {"Data": HTML}, "Text": {"Data": TEXT}}}},
    },
    "ses (v1)": {
        "Source": "a@news.example",
        "Destination": {"ToAddresses": [TO], "CcAddresses": ["jan@werft.example"]},
        "Message": {"Subject": {"Data": "News"}, "Body": {"Html": {"Data": HTML}, "Text": {"Data": TEXT}}},
    },
    "ses (raw)": {"Content": {"Raw": {"Data": RAW.as_bytes()}}},
    "resend": {"from": "a@news.example", "to": [TO], "cc": "jan@werft.example", "subject": "News",
               "html": HTML, "text": TEXT},
    "postmark": {"From": "a@news.example", "To": TO, "Cc": "jan@werft.example", "Subject": "News",
                 "HtmlBody": HTML, "TextBody": TEXT},
    "mailjet": {"Messages": [{"From": {"Email": "a@news.example"}, "To": [{"Email": TO, "Name": "Inès"}],
                              "Cc": [{"Email": "jan@werft.example"}], "Subject": "News",
                              "TextPart": TEXT, "HTMLPart": HTML}]},
    "brevo": {"sender": {"email": "a@news.example"}, "to": [{"email": TO}], "cc": [{"email": "jan@werft.example"}],
              "subject": "News", "htmlContent": HTML, "textContent": TEXT},
    "mandrill": {"message": {"from_email": "a@news.example", "preserve_recipients": True, "subject": "News",
                             "to": [{"email": TO}, {"email": "jan@werft.example", "type": "cc"}],
                             "html": HTML, "text": TEXT}},
    "mailgun": {"from": "a@news.example", "to": TO, "cc": "jan@werft.example", "subject": "News",
                "html": HTML, "text": TEXT},
}  # fmt: skip


def mails(service, data, context=None):
    return list(mails_of(Payload(service, data), "message", context))


@pytest.mark.parametrize("form", ONE_MAIL)
def test_one_mail(form):
    (mail,) = mails(form.partition(" ")[0], ONE_MAIL[form])
    assert mail.recipients == (TO, "jan@werft.example")
    assert mail.value("subject") == "News"
    assert "a@news.example" in mail.value("from")
    assert mail.parts["html"].text.strip() == HTML
    assert mail.parts["text"].text == TEXT
    assert not mail.opaque
    assert check_message(Payload(form.partition(" ")[0], ONE_MAIL[form])).ok


@pytest.mark.parametrize("form", ONE_MAIL)
def test_a_tag_is_seen_in_any_payload(form):
    spoilt = json.loads(json.dumps(ONE_MAIL[form], default=lambda raw: raw.decode("utf-8", "surrogateescape"))
                        .replace("In\\u00e8s,", "{FirstName},"))  # fmt: skip
    if form == "ses (raw)":
        spoilt["Content"]["Raw"]["Data"] = (
            RAW.as_bytes()
            .replace("Inès".encode(), b"{FirstName}")
            .replace(b"In=C3=A8s", b"{FirstName}")
        )
    with pytest.raises(PreflightError, match="unrendered-placeholder"):
        preflight.guard(Payload(form.partition(" ")[0], spoilt))


def test_sendgrid_makes_one_mail_of_each_personalization():
    data = {**ONE_MAIL["sendgrid"], "personalizations": [
        {"to": [{"email": f"r{n}@home{n}.example"} for n in range(5)]},
        {"to": [{"email": TO}], "subject": "For you"},
    ]}  # fmt: skip
    first, second = mails("sendgrid", data)
    assert len(first.recipients) == 5
    assert (second.recipients, second.value("subject")) == ((TO,), "For you")
    assert [one.rule for one in check_message(Payload("sendgrid", data)).annotations] == [
        "exposed-recipients"
    ]


def test_values_are_put_in_as_the_service_does():
    cases = {
        "sendgrid": {"personalizations": [{"to": [{"email": TO}], "substitutions": {"-name-": "Inès"}}],
                     "subject": "-name-", "from": {"email": "a@b.example"},
                     "content": [{"type": "text/plain", "value": "Dear -name-,"}]},
        "mailjet": {"Messages": [{"TextPart": 'Dear {{var:name:"you"}},', "Subject": "{{ var:name }}",
                                  "TemplateLanguage": True, "Variables": {"name": "Inès"}}]},
        "brevo": {"textContent": "Dear {{ params.name }},", "subject": "{{params.name}}", "params": {"name": "Inès"}},
        "mandrill": {"message": {"to": [{"email": TO}], "text": "Dear *|NAME|*,", "subject": "*|name|*",
                                 "merge_vars": [{"rcpt": TO.upper(), "vars": [{"name": "name", "content": "Inès"}]}]}},
        "mailgun": {"to": [TO], "text": "Dear %recipient.name%,", "subject": "%recipient.name%",
                    "recipient-variables": json.dumps({TO: {"name": "Inès"}})},
    }  # fmt: skip
    for service, data in cases.items():
        (mail,) = mails(service, data)
        assert mail.parts["text"].text == "Dear Inès,", service
        assert mail.value("subject") == "Inès", service
        assert "Inès" in mail.context.data.values()


def test_a_value_is_never_merged_again():
    data = {"textContent": "{{ params.a }}", "params": {"a": "{{ params.b }}", "b": "x"}}
    (mail,) = mails("brevo", data)
    assert mail.parts["text"].text == "{{ params.b }}"


def test_a_recipient_without_values():
    data = {"message": {"to": [{"email": TO}, {"email": "raj@mill.example"}], "text": "Dear *|NAME|*,",
                        "subject": "News", "from_email": "a@b.example",
                        "merge_vars": [{"rcpt": TO, "vars": [{"name": "NAME", "content": "Inès"}]}]}}  # fmt: skip
    report = check_message(Payload("mandrill", data))
    assert [(one.rule, one.campaign) for one in report.annotations] == [
        ("unrendered-placeholder", "message.2")
    ]


@pytest.mark.parametrize(
    ("service", "data"),
    [
        ("sendgrid", {"personalizations": [{"to": [{"email": TO}]}], "template_id": "d-1"}),
        (
            "ses",
            {"Destination": {"ToAddresses": [TO]}, "Content": {"Template": {"TemplateName": "t"}}},
        ),
        ("postmark", {"From": "a@b.example", "To": TO, "TemplateId": 1, "TemplateModel": {}}),
        ("mailjet", {"Messages": [{"To": [{"Email": TO}], "TemplateID": 1}]}),
        ("brevo", {"to": [{"email": TO}], "templateId": 3}),
        (
            "brevo",
            {
                "to": [{"email": TO}],
                "subject": "x",
                "htmlContent": "{% if params.a %}{{ params.a }}{% endif %}",
            },
        ),
    ],
)
def test_a_template_at_the_service_is_not_called_checked(service, data):
    report = check_message(Payload(service, data))
    reasons = {one.rule: one.reason for one in report.not_checked}
    assert "stands at the mail service" in reasons["unrendered-placeholder"]


def test_postmark_broadcasts_are_bulk():
    data = {**ONE_MAIL["postmark"], "Cc": "", "MessageStream": "broadcast"}
    assert [one.rule for one in check_message(Payload("postmark", data)).annotations] == [
        "missing-unsubscribe"
    ] * 2
    assert check_message(Payload("postmark", data), Context(bulk=False)).ok


def test_batches_of_a_service():
    batch = [{**ONE_MAIL["resend"], "to": f"r{n}@home.example"} for n in range(3)]
    assert len(check_message(Payload("resend", batch)).campaigns) == 3
    assert len(preflight.check_batch([Payload("resend", batch), RAW]).campaigns) == 4


def test_what_is_no_payload():
    with pytest.raises(ValueError, match="not known; those of brevo"):
        Payload("pigeon", {})
    for service in ("sendgrid", "mailjet", "resend", "postmark"):
        for data in ({}, None, 3, "text", {"personalizations": 1}):
            with pytest.raises(TypeError, match=service):
                check_message(Payload(service, data))
    assert TO not in repr(Payload("resend", ONE_MAIL["resend"]))


AT_SERVICE = {
    "sendgrid": lambda model: {
        "personalizations": [{"to": [{"email": TO}], "dynamic_template_data": model}],
        "template_id": "d-1",
    },
    "ses": lambda model: {
        "Destination": {"ToAddresses": [TO]},
        "Content": {"Template": {"TemplateName": "t", "TemplateData": json.dumps(model)}},
    },
    "postmark": lambda model: {
        "From": "a@b.example", "To": TO, "TemplateId": 1, "TemplateModel": model,
    },
    "mailgun": lambda model: {"to": TO, "template": "t", "t:variables": json.dumps(model)},
}  # fmt: skip


@pytest.mark.parametrize("service", AT_SERVICE)
def test_the_text_at_the_service_is_checked_where_the_caller_knows_it(service):
    def said(template, model):
        payload = Payload(service, AT_SERVICE[service](model))
        report = check_message(payload, Context(template=template))
        return [(one.rule, one.span.text) for one in report.annotations]

    text = "Dear {{name}},\n\nthe {{product.name}} is here for *|CITY|*."
    assert said(text, {"name": "Inès"}) == [("unrendered-placeholder", "*|CITY|*")]
    assert said("Dear {{name}},\n\nit is here.", {"name": ""}) == [
        ("placeholder-residue", "Dear ,")
    ]
    # what the payload does not tell may be known to the service
    assert said("Dear {{name}},\n\nit is here.", {}) == []
    [(rule, place)] = said("Dear {{#if name}}{{name}},\n\nit is here.", {"name": "Inès"})
    assert (rule, place) == ("template-syntax", "if")


def test_a_subject_that_may_stand_at_the_service_is_not_missing():
    payload = Payload("sendgrid", AT_SERVICE["sendgrid"]({}))
    report = check_message(payload, Context(template="Dear Inès,"))
    assert report.ok
    reasons = {one.rule: one.reason for one in report.not_checked}
    assert reasons["missing-subject"] == "needs the subject, which stands at the mail service"
    assert "stands at the mail service" not in reasons.get("unrendered-placeholder", "")
