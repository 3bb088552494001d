"""Names beside other people's addresses."""

from __future__ import annotations

import pytest

from preflight_rules.placeholders.shifted_rows import shifted_rows

PEOPLE = [
    ("Inès", "Moreau", "ines.moreau"), ("Jan", "Petersen", "jpetersen"),
    ("Mei", "Tanaka", "tanaka.mei"), ("Omar", "Haddad", "omar"),
    ("Jürgen", "Müller", "juergen.mueller"), ("Юрий", "Иванов", "yuriy.ivanov"),
    ("Νίκος", "Παππάς", "nikos.pappas"), ("Jean-Pierre", "de la Cruz", "jp.delacruz"),
    ("Zoë", "O'Neil", "zoe.oneil"), ("Þóra", "Björnsdóttir", "thora.bjornsdottir"),
    ("Ana María", "López García", "anamaria.lopez"), ("Łukasz", "Wójcik", "wojcik_lukasz88"),
    ("Søren", "Kjær", "soren.kjaer"), ("Bill", "Hart", "william.hart"),
]  # fmt: skip


def listed(rows, header="email,first_name,last_name"):
    return f"{header}\n" + "".join(",".join(row) + "\n" for row in rows)


def moved(names, by):
    return names[-by:] + names[:-by] if by else names


def people(by=0, *, first=True, last=True, rows=PEOPLE):
    firsts, lasts = [row[0] for row in rows], [row[1] for row in rows]
    firsts = moved(firsts, by) if first else firsts
    lasts = moved(lasts, by) if last else lasts
    return [
        (f"{row[2]}@firm{number}.example", name, family)
        for number, (row, name, family) in enumerate(zip(rows, firsts, lasts, strict=True))
    ]


def test_a_sound_list(said):
    assert said(shifted_rows, {"contacts.csv": listed(people())}) == []


@pytest.mark.parametrize(
    ("by", "words"),
    [(1, "one row too low"), (-1, "one row too high"), (3, "3 rows too low")],
)
def test_moved_by_some_rows(said, by, words):
    (one, *_) = said(shifted_rows, {"contacts.csv": listed(people(by))})
    assert words in one.message
    assert one.severity.label == "error"
    assert one.span.text == "contacts.csv"
    assert one.recipients.count >= 8


def test_where_it_begins_and_ends(said):
    rows = people()[:4] + [
        (row[0], *name[1:]) for row, name in zip(people()[4:], people(1)[4:], strict=True)
    ]
    (one,) = said(shifted_rows, {"contacts.csv": listed(rows)})
    assert "from line 6 to line 1" in one.message
    assert one.recipients.rows[0] == ("contacts.csv", 6)


def test_only_one_column_was_moved(said):
    rows = people(1, last=False)
    (one, *_) = said(shifted_rows, {"contacts.csv": listed(rows)})
    assert "one row too low" in one.message


def test_the_whole_name_in_one_column(said):
    rows = [(row[0], f"{row[1]} {row[2]}") for row in people(1)]
    header = "email,full_name"
    (one, *_) = said(shifted_rows, {"contacts.csv": listed(rows, header), "mail.txt": "Hi!"})
    assert "one row too low" in one.message


def test_first_names_only(said):
    rows = [(f"{n.lower()}{i}@firm.example", n) for i, n in enumerate(NAMES)]
    assert said(shifted_rows, {"contacts.csv": listed(rows, "email,first_name")}) == []
    names = moved(NAMES, 1)
    rows = [(row[0], name) for row, name in zip(rows, names, strict=True)]
    (one,) = said(shifted_rows, {"contacts.csv": listed(rows, "email,first_name")})
    assert "one row too low" in one.message


NAMES = ["Anna", "Paul", "Clara", "Bruno", "Dora", "Emil", "Frida", "Gustav", "Hanna", "Ivan"]


def test_sorted_apart(said):
    order = sorted(people(), key=lambda row: row[1][::-1])
    rows = [(row[0], *name[1:]) for row, name in zip(people(), order, strict=True)]
    found = said(shifted_rows, {"contacts.csv": listed(rows)})
    assert any("sorted without the addresses" in one.message for one in found)


def test_a_stretch_of_a_large_list(said):
    rows = [
        (f"{NAMES[i % 10].lower()}.{last}@firm{i}.example", NAMES[i % 10], last.title())
        for i in range(3000)
        for last in [
            f"{'bcdfghklmn'[i // 300]}a{'rstvw'[i % 5]}{'aeiou'[i // 7 % 5]}{'lmnkd'[i // 13 % 5]}er"
        ]
    ]
    assert said(shifted_rows, {"contacts.csv": listed(rows)}) == []
    shifted = rows[:1000] + [
        (row[0], *name[1:]) for row, name in zip(rows[1000:1100], rows[999:1099], strict=True)
    ]
    (one,) = said(shifted_rows, {"contacts.csv": listed(shifted + rows[1100:])})
    assert "from line 1002 to line 1100" in one.message


def test_only_who_gets_the_mail_counts(said):
    rows = [(*row, "yes" if i < 5 else "no") for i, row in enumerate(people(1))]
    files = {
        "contacts.csv": listed(rows, "email,first_name,last_name,chosen"),
        "campaign.yaml": "audience: {where: chosen = 'yes'}",
    }
    (one, *_) = said(shifted_rows, files)
    assert one.message.startswith(("4 of 5", "3 of 5", "all 5"))


@pytest.mark.parametrize(
    "rows",
    [
        [(f"{word}@shop.example", "Anna", "Huber") for word in ("info", "sales", "office", "kontakt")],
        [(f"m{i:04}@school.example", name, "Ek") for i, name in enumerate(NAMES)],
        [(f"{name.lower()}@huber.example", other, "Huber") for name, other in zip(NAMES, NAMES, strict=True)],
        [("huber.anna@x.example", "Anna", "Huber"), ("huber.paul@x.example", "Paul", "Huber"), ("huber.eva@x.example", "Eva", "Huber")],
        [("jd@a.example", "John", "Doe"), ("mp@b.example", "Mary", "Poe"), ("ks@c.example", "Kim", "Sand"), ("lt@d.example", "Lea", "Tor")],
        [(f"user{i}@a.example", name, "") for i, name in enumerate(["直子", "美穂", "明", "สมชาย", "محمد"])],
        [("reader1@a.example", "Reader1", ""), ("reader2@a.example", "Reader2", ""), ("reader3@a.example", "Reader3", "")],
        [("", "Anna", "Huber"), ("paul", "", ""), ("@x.example", "Eva", "Maier"), ("a@@b", "Ivo", "Ek")],
        [("assistant.kim@x.example", "Boss", "Adams"), ("assistant.kim@x.example", "Assistant", "Kim")] * 4,
    ],
)  # fmt: skip
def test_no_false_alarm(said, rows):
    assert said(shifted_rows, {"contacts.csv": listed(rows)}) == []


def test_the_last_row_of_one_list_is_no_neighbour_of_the_next(said):
    rows = people(1)
    files = {
        "campaign.yaml": "audience: {contacts: [contacts.csv, more.csv]}",
        "contacts.csv": listed(rows[:7]),
        "more.csv": listed(people()[7:]),
    }
    (one,) = said(shifted_rows, files)
    assert "of contacts.csv" in one.message


def test_the_share(said):
    rows = people(1)
    odd = [(f"{'qwxz' * (1 + i % 2)}{i}@p.example", *row[1:]) for i, row in enumerate(rows)]
    mixed = [
        row if i % 3 == 0 else other for i, (row, other) in enumerate(zip(rows, odd, strict=True))
    ]
    files = {"contacts.csv": listed(mixed)}
    assert said(shifted_rows, files) == []
    files["preflight.yaml"] = "rules: {shifted-rows: {share: 0.15}}"
    assert said(shifted_rows, files)
