"""An exclusion that came out the wrong way round: each ground, and its traps."""

from __future__ import annotations

import pytest

from preflight_rules.segments.inverted_exclusion import inverted_exclusion


def contacts(
    new: int, known: int, *, columns: str = "", of_new: str = "", of_known: str = ""
) -> str:
    """An address book: new people, then people who are known."""
    rows = [f"n{i}@new{i}.example,new{of_new}" for i in range(new)]
    rows += [f"k{i}@known{i}.example,client{of_known}" for i in range(known)]
    return f"email,relationship{columns}\n" + "\n".join(rows) + "\n"


def ledger(known: int) -> str:
    return "email,relationship\n" + "".join(f"k{i}@known{i}.example,client\n" for i in range(known))


def cold(where: str, book: str, *, more: str = "", **files: str) -> dict[str, str]:
    return {
        "campaign.yaml": f'purpose: prospecting\naudience: {{where: "{where}"{more}}}',
        "contacts.csv": book,
        **{name.replace("__", ".").replace("_", "/"): text for name, text in files.items()},
    }


# -- a clause of the filter ------------------------------------------------------------------------


def test_the_clause_that_chooses_the_known(said):
    files = cold("relationship <> 'new' and email is not null", contacts(21, 17))
    (one,) = said(inverted_exclusion, files)
    assert one.span.text == "relationship <> 'new'"
    assert one.severity.label == "error"
    assert one.message == (
        "“relationship <> 'new'” keeps the 17 people whom you know and drops 21 whom you do not "
        "know: with “=” in place of “<>”, it would be the other way round"
    )
    assert (one.recipients.count, one.recipients.of) == (17, 17)
    assert one.recipients.rows[0] == ("contacts.csv", 23)


def test_known_by_the_ledger_alone(said):
    book = (
        contacts(20, 15)
        .replace("relationship", "tag")
        .replace(",client", ",b")
        .replace("new\n", "a\n")
    )
    files = cold("tag = 'b'", book)
    files["preflight.yaml"] = "ledger: {clients: clients.csv}"
    files["clients.csv"] = ledger(15)
    (one,) = said(inverted_exclusion, files)
    assert one.span.text == "tag = 'b'"


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ("not (relationship = 'new')", "not (relationship = 'new')"),
        ("relationship not in ('new', 'lead')", "relationship not in ('new', 'lead')"),
        ("(relationship <> 'new')", "relationship <> 'new'"),
        ("not (relationship = 'new' or email is null)", "relationship = 'new'"),
        ("is_known", "is_known"),
        ("is_known is true and email like '%@%'", "is_known is true"),
        ("not not is_known", "not not is_known"),
        (
            "email is not null and (relationship <> 'new' and not is_suppressed)",
            "relationship <> 'new'",
        ),
        ("relationship = 'client' -- not the others", "relationship = 'client'"),
        ("email between 'a' and 'z' and relationship <> 'new'", "relationship <> 'new'"),
    ],
)
def test_however_it_is_written(said, where, place):
    files = cold(where, contacts(21, 17))
    files["preflight.yaml"] = "ledger: {clients: clients.csv}"
    files["clients.csv"] = ledger(17)
    (one,) = said(inverted_exclusion, files)
    assert one.span.text.split(" --")[0] == place


def test_people_without_a_value_are_among_those_that_are_dropped(said):
    book = contacts(21, 17).replace(",new\n", ",\n")
    (one,) = said(inverted_exclusion, cold("relationship = 'client'", book))
    assert "drops 21" in one.message


def test_the_best_of_two_clauses(said):
    book = contacts(30, 20, columns=",country", of_new=",FR", of_known=",FR")
    (one,) = said(inverted_exclusion, cold("country = 'FR' and relationship <> 'new'", book))
    assert one.span.text == "relationship <> 'new'"


def test_a_newsletter_to_those_who_unsubscribed(said):
    book = contacts(20, 6, columns=",gone", of_new=",false", of_known=",true")
    files = {
        "campaign.yaml": 'audience: {where: "gone"}',
        "contacts.csv": book,
        "unsubscribed.csv": ledger(6),
    }
    (one,) = said(inverted_exclusion, files)
    assert one.span.text.strip("'\"") == "gone"
    assert one.message == (
        "“gone” keeps the 6 people who opted out or bounced and drops 20 who may get it: with “not”, it "
        "would be the other way round"
    )


def test_exclusions_that_catch_nearly_all_do_not_make_the_filter_right(said):
    files = cold("relationship <> 'new'", contacts(60, 50), more=", exclude: [crm.csv]")
    files["crm.csv"] = ledger(48)
    (one,) = said(inverted_exclusion, files)
    assert one.span.text == "relationship <> 'new'"
    assert "keeps the 50 people whom you know" in one.message


# -- an exclusion list --------------------------------------------------------------------------------


def test_the_list_of_the_new_is_excluded(said):
    files = {
        "campaign.yaml": "purpose: prospecting\naudience: {exclude: [new.csv]}",
        "contacts.csv": contacts(20, 15),
        "new.csv": "email\n" + "".join(f"n{i}@new{i}.example\n" for i in range(20)),
    }
    (one,) = said(inverted_exclusion, files)
    assert one.span.text == "new.csv"
    assert one.message == (
        "“new.csv” leaves out the 20 people whom you do not know and lets 15 whom you know through: "
        "the wrong list, or the other way round"
    )


def test_contacts_and_exclusion_swapped(said):
    files = {
        "campaign.yaml": "purpose: prospecting\naudience: {contacts: crm.csv, exclude: [new.csv]}",
        "crm.csv": ledger(15),
        "new.csv": "email\n" + "".join(f"n{i}@new{i}.example\n" for i in range(20)),
        "preflight.yaml": "ledger: {clients: crm.csv}",
    }
    (one,) = said(inverted_exclusion, files)
    assert one.span.text == "new.csv"
    assert "the two lists are swapped" in one.message


def test_the_filter_keeps_exactly_the_excluded(said):
    files = {
        "campaign.yaml": "audience: {where: \"tag = 'b'\", exclude: [known.csv]}",
        "contacts.csv": contacts(20, 15).replace("relationship", "tag").replace(",client", ",b"),
        "known.csv": ledger(15),
    }
    (one,) = said(inverted_exclusion, files)
    assert one.span.text == "tag = 'b'"
    assert one.message == (
        "“tag = 'b'” keeps only the 15 people whom the exclusions take away again: turned round, 20 "
        "would remain"
    )
    assert one.recipients is None


# -- by the names of columns -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "where",
    [
        "unsubscribed is true",
        "unsubscribed",
        "unsubscribed = true",
        "do_not_contact = 'yes'",
        "do_not_contact in ('yes', 'y')",
        "excluded = 'x'",
        "status = 'unsubscribed'",
        "status in ('unsubscribed', 'bounced')",
        "is_suppressed",
        "email is not null and is_suppressed is true",
        "not (unsubscribed is not true)",
        "unsubscribed_at is not null",
    ],
)
def test_a_clause_that_asks_for_those_who_want_no_mail(said, where):
    files = {
        "campaign.yaml": f'audience: {{where: "{where}"}}',
        # Everybody is marked: no figure can tell, the words can.
        "contacts.csv": "email,unsubscribed,do_not_contact,excluded,status,unsubscribed_at\n"
        "a@x.example,true,yes,x,unsubscribed,2026-01-01\n",
        "unsubscribed.csv": "email\na@x.example\n",
    }
    (one,) = said(inverted_exclusion, files)
    assert one.span.text.strip("'") in where
    assert "want no mail" in one.message


@pytest.mark.parametrize(
    "where",
    [
        "unsubscribed is not true",
        "not unsubscribed",
        "unsubscribed = false",
        "do_not_contact = 'no'",
        "do_not_contact <> 'yes'",
        "status = 'subscribed'",
        "status in ('active', 'bounced')",
        "unsubscribed_at is null",
        "status <> 'unsubscribed'",
        "not is_suppressed",
        "unsubscribed is true or status = 'active'",
        "do_not_contact is not null",
    ],
)
def test_clauses_that_keep_them_out_are_right(said, where):
    files = {
        "campaign.yaml": f'audience: {{where: "{where}"}}',
        "contacts.csv": "email,unsubscribed,do_not_contact,excluded,status,unsubscribed_at\n"
        + "".join(f"s{i}@x.example,false,no,,active,\n" for i in range(9))
        + "a@x.example,true,yes,x,unsubscribed,2026-01-01\n",
        "unsubscribed.csv": "email\na@x.example\n",
    }
    assert not said(inverted_exclusion, files)


# -- traps --------------------------------------------------------------------------------------------


def test_the_right_way_round(said):
    files = cold("relationship = 'new'", contacts(21, 17))
    assert not said(inverted_exclusion, files)


@pytest.mark.parametrize("purpose", ["relationship", "newsletter", "promotion", "service", "event"])
def test_a_warm_campaign_goes_to_people_you_know(said, purpose):
    files = cold("relationship <> 'new'", contacts(21, 17))
    files["campaign.yaml"] = files["campaign.yaml"].replace("prospecting", purpose)
    files["preflight.yaml"] = "ledger: {clients: clients.csv}"
    files["clients.csv"] = ledger(17)
    assert not said(inverted_exclusion, files)


def test_a_few_known_people_in_a_cold_campaign_are_another_rules_business(said):
    files = cold("relationship = 'new'", contacts(40, 17))
    files["preflight.yaml"] = "ledger: {known: known.csv}"
    files["known.csv"] = "email\nn1@new1.example\nn2@new2.example\nn3@new3.example\n"
    assert not said(inverted_exclusion, files)


def test_a_mixture_is_not_decided(said):
    book = contacts(20, 20, columns=",country", of_new=",FR", of_known=",FR")
    assert not said(inverted_exclusion, cold("country = 'FR'", book))
    assert not said(inverted_exclusion, cold("country = 'FR' and email > 'a'", book))


def test_a_list_of_known_people_only(said):
    """Turned round, nobody would remain: no clause is to blame."""
    assert not said(inverted_exclusion, cold("relationship = 'client'", contacts(0, 12)))


def test_winning_back_former_clients(said):
    files = {
        "campaign.yaml": "purpose: promotion\naudience: {where: relationship = 'former_client'}",
        "contacts.csv": contacts(20, 10).replace("client", "former_client"),
    }
    assert not said(inverted_exclusion, files)


def test_one_person_chosen_by_address(said):
    files = cold("email = 'k1@known1.example'", contacts(40, 2))
    assert not said(inverted_exclusion, files)


def test_a_service_mail_to_those_who_unsubscribed(said):
    files = {
        "campaign.yaml": "purpose: service\naudience: {where: unsubscribed}",
        "contacts.csv": "email,unsubscribed\n"
        + "".join(f"a{i}@x.example,{'true' if i < 5 else 'false'}\n" for i in range(20)),
    }
    assert not said(inverted_exclusion, files)


def test_an_exclusion_of_people_mailed_last_week(said):
    """It takes new people away, and the filter is inverted: the filter is to blame."""
    files = cold("relationship <> 'new'", contacts(40, 20), more=", exclude: [mailed.csv]")
    files["mailed.csv"] = "email\n" + "".join(f"n{i}@new{i}.example\n" for i in range(10))
    (one,) = said(inverted_exclusion, files)
    assert one.span.text == "relationship <> 'new'"
    assert "drops 30" in one.message


def test_an_exclusion_of_opt_outs_is_not_swapped(said):
    files = {
        "campaign.yaml": "purpose: prospecting\naudience: {contacts: crm.csv, exclude: [gone.csv]}",
        "crm.csv": ledger(15),
        "gone.csv": "email\nx@gone.example\ny@gone.example\nz@gone.example\n",
        "preflight.yaml": "ledger: {clients: crm.csv}",
    }
    assert not said(inverted_exclusion, files)


def test_a_reminder_to_the_last_who_did_not_answer(said):
    files = {
        "campaign.yaml": "purpose: event\naudience: {where: invited, exclude: [registered.csv]}",
        "contacts.csv": "email,invited\n"
        + "".join(f"k{i}@known{i}.example,{'true' if i < 40 else 'false'}\n" for i in range(90)),
        "registered.csv": ledger(38),
    }
    assert not said(inverted_exclusion, files)


def test_small_lists_must_be_all_of_one_kind(said):
    assert len(said(inverted_exclusion, cold("relationship <> 'new'", contacts(3, 2)))) == 1
    mixed = contacts(3, 1) + "p@press.example,blogger\n"
    assert not said(inverted_exclusion, cold("relationship <> 'new'", mixed))


def test_test_addresses_of_your_own_do_not_count(said):
    files = cold("relationship <> 'new'", contacts(12, 9) + "qa@own.example,seed\n" * 4)
    files["preflight.yaml"] = "ledger: {seeds: [qa@own.example]}"
    (one,) = said(inverted_exclusion, files)
    assert one.recipients.count == 9


# -- what it needs -----------------------------------------------------------------------------------


def test_without_anything_to_go_by_it_is_not_checked(not_checked):
    files = {
        "campaign.yaml": "audience: {where: \"country = 'FR'\"}",
        "contacts.csv": "email,country\na@x.example,FR\n",
        "preflight.yaml": "ledger: {suppressed: ~}",
    }
    (one,) = not_checked(inverted_exclusion, files)
    assert "ledger" in one.reason
    assert "exclude" in one.reason
    files["contacts.csv"] = "email,country,unsubscribed\na@x.example,FR,false\n"
    assert not not_checked(inverted_exclusion, files)


def test_without_a_filter_there_is_nothing_to_turn_round(not_checked, said):
    assert not not_checked(inverted_exclusion, {"preflight.yaml": "ledger: {suppressed: ~}"})
    assert not said(inverted_exclusion, {})


def test_a_filter_with_a_mistake_leaves_it_unchecked(not_checked):
    assert len(not_checked(inverted_exclusion, cold("relationship <>", contacts(3, 3)))) == 1
