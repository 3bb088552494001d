"""An exclusion list that excludes nobody, and why."""

from __future__ import annotations

from preflight_rules.segments.exclusion_without_effect import exclusion_without_effect


def campaign(known: str, name: str = "known.csv", where: str = "") -> dict[str, str]:
    condition = f"where: {where}, " if where else ""
    return {
        "campaign.yaml": f"audience: {{{condition}exclude: [{name}]}}",
        name: known,
    }


def test_an_empty_list(said):
    (one,) = said(exclusion_without_effect, campaign("email\n"))
    assert one.span.text == "known.csv"
    assert one.message == "“known.csv” is empty: it leaves nobody out"
    assert one.severity.label == "warning"


def test_a_list_keyed_by_something_else(said):
    (one,) = said(exclusion_without_effect, campaign("customer,name\n17,Inès\n18,Jan\n"))
    assert "holds no addresses or domains" in one.message


def test_a_column_of_addresses_that_holds_none(said):
    (one,) = said(exclusion_without_effect, campaign("email\n9f86d081884c\n60303ae22b99\n"))
    assert "holds no addresses or domains" in one.message


def test_nobody_in_common(said):
    (one,) = said(exclusion_without_effect, campaign("email\nx@y.example\nz@y.example\n"))
    assert one.message == (
        "“known.csv” leaves nobody out: none of the contacts is in it (2 entries)"
    )
    (one,) = said(exclusion_without_effect, campaign("email\nx@y.example\n"))
    assert one.message.endswith("(1 entry)")


def test_a_list_of_opt_outs_is_a_safety_net(said):
    (one,) = said(exclusion_without_effect, campaign("email\nx@y.example\n", "unsubscribed.csv"))
    assert one.severity.label == "notice"


def test_a_list_that_takes_somebody_away_is_quiet(said):
    for entry in ("email\nINES@atelier.example\n", "domain\natelier.example\n"):
        assert not said(exclusion_without_effect, campaign(entry))


def test_a_list_that_hits_whom_the_filter_drops_already_is_quiet(said):
    files = campaign("email\nines@atelier.example\n", where="first_name <> 'Inès'")
    assert not said(exclusion_without_effect, files)


def test_each_list_is_judged_alone(said):
    files = {
        "campaign.yaml": "audience: {exclude: [known.csv, press.csv]}",
        "known.csv": "email\nines@atelier.example\n",
        "press.csv": "email\nx@paper.example\n",
    }
    assert [one.span.text for one in said(exclusion_without_effect, files)] == ["press.csv"]
