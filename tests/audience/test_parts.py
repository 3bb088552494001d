"""One path of a campaign or a ledger may be a pattern: all files that fit it are the list."""

import pytest

from preflight.files import PARTS_LIMIT, FileProblem, Repository
from preflight.testing import check_files

PARTS = {
    "campaign.yaml": 'audience: {contacts: "lists/part-*.csv"}\n',
    "lists/part-2.csv": "email,first_name\ncleo@kontor.example,\n",
    "lists/part-1.csv": "email,first_name\nanna@kontor.example,Anna\nbo@kontor.example,\n",
    "lists/other.csv": "email,first_name\nzoe@kontor.example,\n",
}


def said(files, **options):
    return check_files(files, **options).annotations


def test_the_files_that_fit_are_one_list_in_the_order_of_their_names():
    (empty,) = [one for one in said(PARTS) if one.rule == "empty-placeholder"]
    assert (empty.recipients.count, empty.recipients.of) == (2, 3)
    assert list(empty.recipients.rows) == [("lists/part-1.csv", 3), ("lists/part-2.csv", 2)]


def test_exclusions_and_ledger_take_patterns_too():
    files = {
        **PARTS,
        "campaign.yaml": 'audience: {contacts: "lists/part-*.csv", exclude: "out/?.csv"}\n',
        "preflight.yaml": 'ledger: {suppressed: "gone/*.csv"}\n',
        "out/a.csv": "email\nnobody@kontor.example\n",
        "out/b.csv": "email\nbo@kontor.example\n",
        "gone/1.csv": "email\nnobody@kontor.example\n",
        "gone/2.csv": "email\nother@kontor.example\nanna@kontor.example\n",
    }
    (found,) = [one for one in said(files) if one.rule == "suppressed-recipient"]
    assert found.recipients.of == 2
    assert ("gone/2.csv", 3) in [(r.span.source.path, r.span.start_place[0]) for r in found.related]


def test_a_bad_row_of_a_part_is_named_there():
    files = {**PARTS, "lists/part-2.csv": "email,first_name\ncleo@kontor.example,Cleo,x\n"}
    (bad,) = [one for one in said(files) if one.rule == "malformed-row"]
    assert (bad.path, bad.span.start_place[0]) == ("lists/part-2.csv", 2)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("lists/none-*.csv", "no file fits “lists/none-*.csv”"),
        ("li*/part-1.csv", "has a pattern in a folder's name"),
        ("../*.csv", "no file fits"),
    ],
)
def test_a_pattern_that_names_no_list(pattern, message):
    files = {**PARTS, "campaign.yaml": f'audience: {{contacts: "{pattern}"}}\n'}
    (problem,) = [one for one in said(files) if one.rule == "unreadable-file"]
    assert message in problem.message


def test_a_name_with_the_signs_of_a_pattern_is_a_name_first(tmp_path):
    (tmp_path / "list[1].csv").write_text("email\n")
    repository = Repository(tmp_path, tmp_path)
    assert repository.expand("list[1].csv", tmp_path) == ("list[1].csv",)
    assert repository.expand("list[[]*.csv", tmp_path) == ("list[1].csv",)


def test_too_many_parts(tmp_path):
    for number in range(PARTS_LIMIT + 1):
        (tmp_path / f"{number}.csv").touch()
    with pytest.raises(FileProblem, match="more than 10,000 files"):
        Repository(tmp_path, tmp_path).expand("*.csv", tmp_path)
