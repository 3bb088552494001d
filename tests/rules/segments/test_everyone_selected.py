"""A filter that chooses nobody, or no filter on a large list."""

from __future__ import annotations

import pytest

from preflight_rules.segments.everyone_selected import everyone_selected


def contacts(count: int) -> str:
    rows = "".join(
        f"p{i}@firm{i}.example,FR,express,subscribed,false,{i},2024-05-01,\n" for i in range(count)
    )
    return "email,country,consent,status,unsubscribed,score,joined,relationship\n" + rows


def campaign(audience: str, count: int) -> dict[str, str]:
    return {"campaign.yaml": f"audience: {audience}", "contacts.csv": contacts(count)}


def test_a_filter_that_keeps_all(said):
    (one,) = said(everyone_selected, campaign("{where: country = 'FR' and not unsubscribed}", 12))
    assert one.span.text == "country = 'FR'"
    assert one.message == "the filter keeps all 12 contacts: it chooses nobody"
    assert one.severity.label == "warning"


@pytest.mark.parametrize(
    "condition", ["score >= 0", "joined > '2020-01-01'", "country in ('FR', 'BE')"]
)
def test_other_filters_that_keep_all(said, condition):
    assert len(said(everyone_selected, campaign(f'{{where: "{condition}"}}', 12))) == 1


@pytest.mark.parametrize(
    "condition", ["true", "1 = 1", "country <> 'FR' or country <> 'BE'", "email like '%'"]
)
def test_what_is_always_true_is_another_rules_business(said, condition):
    assert not said(everyone_selected, campaign(f'{{where: "{condition}"}}', 12))


@pytest.mark.parametrize(
    "condition",
    [
        "unsubscribed is not true",
        "not unsubscribed",
        "unsubscribed = false",
        "not is_suppressed",
        "country <> 'US'",
        "country not in ('US', 'CA')",
        "relationship is null",
        "email is not null and first_name is null",
        "consent = 'express'",
        "consent is not null and consent in ('express', 'implied')",
        "status = 'subscribed'",
        "email like '%@%'",
        "not (unsubscribed or country = 'US')",
    ],
)
def test_guards_are_a_safety_net(said, condition):
    files = campaign(f'{{where: "{condition}"}}', 150)
    files["contacts.csv"] = files["contacts.csv"].replace("relationship", "first_name,relationship")
    files["contacts.csv"] = files["contacts.csv"].replace("2024-05-01,\n", "2024-05-01,,\n")
    assert not said(everyone_selected, files)


def test_no_filter_on_a_large_list(said):
    (one,) = said(everyone_selected, campaign("{}", 101))
    assert one.span.text == "contacts.csv"
    assert one.message == "all 101 contacts of the list get this mail: there is no filter"
    assert not said(everyone_selected, campaign("{}", 100))


def test_what_large_means_is_an_option(said):
    files = campaign("{}", 40)
    files["preflight.yaml"] = "rules: {everyone-selected: {large_list: 30}}"
    assert len(said(everyone_selected, files)) == 1


def test_exclusions_that_take_somebody_away_choose(said):
    files = campaign("{exclude: known.csv}", 150)
    files["known.csv"] = "email\np3@firm3.example\n"
    assert not said(everyone_selected, files)
    files["known.csv"] = "email\nnobody@gone.example\n"
    assert len(said(everyone_selected, files)) == 1


def test_an_expected_number_says_that_all_are_meant(said):
    assert not said(everyone_selected, campaign("{expect: {count: 150}}", 150))
    assert not said(
        everyone_selected, campaign("{where: country = 'FR', expect: {count: [100, 200]}}", 150)
    )
    assert said(
        everyone_selected, campaign("{where: country = 'FR', expect: {count: [1, 20]}}", 150)
    )


def test_three_people_are_no_list(said):
    assert not said(everyone_selected, campaign("{where: country = 'FR'}", 3))
    assert said(everyone_selected, campaign("{where: country = 'FR'}", 4))


def test_nobody_at_all_is_another_rules_business(said):
    assert not said(everyone_selected, campaign("{where: country = 'FR'}", 0))
