"""A campaign that reaches nobody is said where the last of them is lost."""

from __future__ import annotations

from preflight_rules.segments.empty_audience import empty_audience

LIST = "email,country,score\na@x.example,FR,1\nb@y.example,DE,2\nc@z.example,FR,3\n"


def test_the_clause_that_nobody_fulfils(said):
    files = {
        "campaign.yaml": "audience: {where: score > 0 and country = 'NL'}",
        "contacts.csv": LIST,
    }
    (one,) = said(empty_audience, files)
    assert one.span.text == "country = 'NL'"
    assert one.message == "nobody gets this mail: none of 3 contacts fulfils “country = 'NL'”"
    assert one.severity.label == "error"


def test_the_whole_filter_when_it_is_the_combination(said):
    files = {
        "campaign.yaml": "audience: {where: score = 2 and country = 'FR'}",
        "contacts.csv": LIST,
    }
    (one,) = said(empty_audience, files)
    assert one.span.text == "score = 2 and country = 'FR'"
    assert one.message == "nobody gets this mail: the filter keeps none of 3 contacts"
    assert one.help == "Each part alone: “score = 2” keeps 1, “country = 'FR'” keeps 2."


def test_the_exclusion_that_takes_all(said):
    files = {
        "campaign.yaml": "audience: {where: country = 'FR', exclude: [known.csv]}",
        "contacts.csv": LIST,
        "known.csv": "email\na@x.example\nC@Z.example\n",
    }
    (one,) = said(empty_audience, files)
    assert one.span.text == "known.csv"
    assert one.message == (
        "nobody gets this mail: the filter keeps 2 of 3 contacts, and the exclusions take all of "
        "them away"
    )


def test_exclusions_without_a_filter(said):
    files = {
        "campaign.yaml": "audience: {exclude: [one.csv, two.csv]}",
        "contacts.csv": LIST,
        "one.csv": "email\na@x.example\nb@y.example\n",
        "two.csv": "domain\nz.example\n",
    }
    (one,) = said(empty_audience, files)
    assert "one.csv" in one.span.text
    assert "two.csv" in one.span.text
    assert one.message == "nobody gets this mail: the exclusions take all 3 contacts away"


def test_an_empty_list(said):
    (one,) = said(empty_audience, {"contacts.csv": "email,first_name\n"})
    assert one.span.text == "contacts.csv"
    assert one.message == "nobody gets this mail: the list is empty"


def test_one_contact_is_an_audience(said):
    files = {"campaign.yaml": "audience: {where: score = 2}", "contacts.csv": LIST}
    assert not said(empty_audience, files)


def test_a_comment_in_the_filter(said):
    files = {"campaign.yaml": "audience: {where: \"country = 'NL' -- soon\"}", "contacts.csv": LIST}
    assert len(said(empty_audience, files)) == 1
