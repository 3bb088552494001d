"""Exports as spreadsheets and mailers write them, and as people leave them behind: right rows on
the right lines, each damaged line named, nothing lost."""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb
import pytest

from preflight.audience.lists import LoadedList, load_list
from preflight.files import FileProblem


@dataclass(frozen=True)
class Export:
    """``data``: the file. ``rows``: line -> cells of the named ``columns``; ``bad``: line -> a part
    of the reason."""

    data: bytes
    columns: tuple[str, ...]
    rows: dict[int, tuple[str, ...]]
    bad: dict[int, str] = field(default_factory=dict)
    name: str = "list.csv"


def crlf(*lines: str) -> str:
    return "".join(line + "\r\n" for line in lines)


EMAIL_NAME = ("email", "first_name")
PEOPLE = {2: ("zoe@x.org", "Zoé"), 3: ("jorg@x.org", "Jörg")}
MAILCHIMP = crlf(
    '"Email Address","First Name","Last Name",Address,"Phone Number",Birthday,TAGS,MEMBER_RATING,'
    "OPTIN_TIME,NOTES",
    'zoe@x.org,Zoé,Lefèvre,"12, rue des Lilas  Lyon  69003 FR",,03/14,"""VIP"",""spring, 26""",2,'
    '"2026-03-01 10:00:00","called\r\nagain, ""later""\r\n\r\nfine"',
    'b@x.org,Bo,,,,,,3,"2026-03-02 10:00:00",',
)
EXPORTS = {
    "excel: semicolons, mark": Export(
        crlf("E-Mail;Vorname;PLZ", "zoe@x.org;Zoé;01234", "jorg@x.org;Jörg;=1+1").encode("utf-8-sig"),
        (*EMAIL_NAME, "zip"),
        {2: ("zoe@x.org", "Zoé", "01234"), 3: ("jorg@x.org", "Jörg", "=1+1")},
    ),
    "excel: semicolons, Windows-1252": Export(
        crlf("E-Mail;Vorname", "zoe@x.org;Zoé", "jorg@x.org;Jörg").encode("cp1252"),
        EMAIL_NAME, PEOPLE,
    ),
    "excel: Unicode text": Export(
        crlf("E-Mail\tVorname", "zoe@x.org\tZoé", "jorg@x.org\tJörg").encode("utf-16"),
        EMAIL_NAME, PEOPLE, name="list.txt",
    ),
    "excel: sep= first": Export(
        crlf("sep=;", "E-Mail;Vorname", "zoe@x.org;Zoé", "jorg@x.org;Jörg").encode("cp1252"),
        EMAIL_NAME, {3: PEOPLE[2], 4: PEOPLE[3]},
    ),
    "excel: trailing separators in rows that once were longer": Export(
        crlf("E-Mail;Vorname;;", "zoe@x.org;Zoé;;", ";;;", "jorg@x.org;Jörg;;").encode("utf-8-sig"),
        EMAIL_NAME, {2: PEOPLE[2], 3: ("", ""), 4: PEOPLE[3]},
    ),
    "excel: a formula and an apostrophe are text": Export(
        crlf("email;first_name", "a@x.org;=HYPERLINK(\"x\")", "b@x.org;'0033", "c@x.org;-Ann").encode(),
        EMAIL_NAME, {3: ("b@x.org", "'0033"), 4: ("c@x.org", "-Ann")}, {2: "a quote inside"},
    ),
    "excel on a Mac": Export(
        "E-Mail;Vorname\rzoe@x.org;Zoé\rjorg@x.org;Jörg\rana@x.org;Begoña\rf@x.org;Françoise"
        .encode("mac-roman"),
        EMAIL_NAME, {**PEOPLE, 4: ("ana@x.org", "Begoña"), 5: ("f@x.org", "Françoise")},
    ),
    "libreoffice: all text quoted": Export(
        b'"email","first_name","note"\n"zoe@x.org","Zo\xc3\xa9","said ""no"", twice"\n'
        b'"jorg@x.org","J\xc3\xb6rg",12\n',
        (*EMAIL_NAME, "note"),
        {2: (*PEOPLE[2], 'said "no", twice'), 3: (*PEOPLE[3], "12")},
    ),
    "google sheets: no line end at the end": Export(
        "Email,First Name,Notes\r\nzoe@x.org,Zoé,\"one\ntwo\"\r\njorg@x.org,Jörg,".encode(),
        (*EMAIL_NAME, "Notes"),
        {2: (*PEOPLE[2], "one\ntwo"), 4: (*PEOPLE[3], "")},
    ),
    "mailchimp": Export(
        MAILCHIMP.encode(),
        (*EMAIL_NAME, "last_name", "TAGS", "NOTES"),
        {
            2: (*PEOPLE[2], "Lefèvre", '"VIP","spring, 26"', 'called\r\nagain, "later"\r\n\r\nfine'),
            6: ("b@x.org", "Bo", "", "", ""),
        },
    ),
    "hubspot": Export(
        b'"Record ID","First Name","Last Name","Email","Lead Status","Marketing contact status"\n'
        b'"1001","Zo\xc3\xa9","L","zoe@x.org","",""\n"1002","J\xc3\xb6rg","","jorg@x.org","New","x"\n',
        (*EMAIL_NAME, "Record ID"),
        {2: (*PEOPLE[2], "1001"), 3: (*PEOPLE[3], "1002")},
    ),
    "brevo": Export(
        crlf("CONTACT ID;EMAIL;PRENOM;NOM;SMS;ADDED_TIME", "7;zoe@x.org;Zoé;L;;01-03-2026",
             '8;jorg@x.org;Jörg;"M; K";33612345678;02-03-2026').encode(),
        (*EMAIL_NAME, "last_name"),
        {2: (*PEOPLE[2], "L"), 3: (*PEOPLE[3], "M; K")},
    ),
    "line ends of three kinds": Export(
        "email,first_name\r\nzoe@x.org,Zoé\njorg@x.org,Jörg\rc@x.org,C\r\n\r\n\nd@x.org,D".encode(),
        EMAIL_NAME, {**PEOPLE, 4: ("c@x.org", "C"), 7: ("d@x.org", "D")},
    ),
    "ragged rows and a NUL": Export(
        b"email,first_name,city\na@x.org,A\nb@x.org,B,Lyon,FR,x\nc@x.org,C\0,Lyon\nd@x.org,D,Lyon\n",
        EMAIL_NAME, {5: ("d@x.org", "D")},
        {2: "2 cells where the header has 3", 3: "5 cells", 4: "a NUL byte"},
    ),
    "a blank header and one that is there twice": Export(
        b"email,,first_name,First_Name\na@x.org,x,A,B\n",
        (*EMAIL_NAME, "column_2", "First_Name_2"),
        {2: ("a@x.org", "A", "x", "B")},
        {1: "two columns are called"},
    ),
    "lines above the header": Export(
        crlf("Contacts export", "Created 3 November 2026, by: Anna", "", "Email;First name",
             "zoe@x.org;Zoé", "jorg@x.org;Jörg").encode(),
        EMAIL_NAME, {5: PEOPLE[2], 6: PEOPLE[3]},
    ),
    "lines above the header, as wide as it": Export(
        crlf("Contacts export;;", ";;", "Email;First name;City", "zoe@x.org;Zoé;Lyon",
             "jorg@x.org;Jörg;Köln").encode("cp1252"),
        (*EMAIL_NAME, "city"), {4: (*PEOPLE[2], "Lyon"), 5: (*PEOPLE[3], "Köln")},
    ),
    "a row of totals": Export(
        b"Email,First name,Orders\na@x.org,A,3\nb@x.org,B,4\nTotal,,7\n2 contacts\n",
        (*EMAIL_NAME, "Orders"),
        {2: ("a@x.org", "A", "3"), 3: ("b@x.org", "B", "4"), 4: ("Total", "", "7")},
        {5: "1 cell"},
    ),
    "one bad byte in the middle": Export(
        "email,first_name\na@x.org,Zoé\nb@x.org,J?rg\nc@x.org,Chloé\n".encode().replace(b"?", b"\xf6"),
        EMAIL_NAME, {2: ("a@x.org", "Zoé"), 4: ("c@x.org", "Chloé")}, {3: "no UTF-8"},
    ),
    "a quote that is never closed": Export(
        b'email,first_name\na@x.org,"A\nb@x.org,B\nc@x.org,C\n',
        EMAIL_NAME, {3: ("b@x.org", "B"), 4: ("c@x.org", "C")}, {2: "never closed"},
    ),
    "UTF-16, the other way round": Export(
        crlf("E-Mail,Vorname", "zoe@x.org,Zoé", "jorg@x.org,Jörg").encode("utf-16-be"),
        EMAIL_NAME, PEOPLE,
    ),
    "Polish, Windows-1250": Export(
        crlf("E-mail;Imię;Nazwisko", "a@x.org;Łukasz;Wiśniewski", "b@x.org;Żaneta;Dąbrowska").encode("cp1250"),
        ("email", "first_name", "last_name"),
        {2: ("a@x.org", "Łukasz", "Wiśniewski"), 3: ("b@x.org", "Żaneta", "Dąbrowska")},
    ),
    "Russian, Windows-1251": Export(
        crlf("Email;Имя;Фамилия", "a@x.org;Анна;Кузнецова", "b@x.org;Пётр;Васильев").encode("cp1251"),
        ("email", "first_name", "last_name"),
        {2: ("a@x.org", "Анна", "Кузнецова"), 3: ("b@x.org", "Пётр", "Васильев")},
    ),
    "Chinese, GB18030": Export(
        crlf("email,姓名,城市", "a@x.org,王小明,北京", "b@x.org,李娜,上海").encode("gb18030"),
        ("email", "full_name", "city"),
        {2: ("a@x.org", "王小明", "北京"), 3: ("b@x.org", "李娜", "上海")},
    ),
    "Japanese, Shift-JIS": Export(
        crlf("メール,姓,名", "a@x.org,山田,太郎", "b@x.org,表,花子").encode("cp932"),
        ("email", "last_name", "first_name"),
        {2: ("a@x.org", "山田", "太郎"), 3: ("b@x.org", "表", "花子")},
    ),
    "French, ISO-8859-15": Export(
        crlf("courriel;prénom;nom", "a@x.org;Zoé;Cœur", "b@x.org;Loïs;Lenôtre").encode("iso8859-15"),
        ("email", "first_name", "last_name"),
        {2: ("a@x.org", "Zoé", "Cœur"), 3: ("b@x.org", "Loïs", "Lenôtre")},
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Read:
    list: LoadedList
    cells: dict[int, dict[str, str]]


def read(folder, data: bytes, name: str) -> Read:
    path = folder / name
    path.write_bytes(data)
    with duckdb.connect() as connection:
        loaded = load_list(connection, "t", path, name, workdir=folder)
        rows = connection.execute("SELECT * FROM t ORDER BY _row").fetchall()
    cells = {}
    for number, row in enumerate(rows):
        cells[loaded.line_of(number)] = {
            column.name: row[1 + int(column.physical[1:])] or "" for column in loaded.columns
        }
    assert len(cells) == loaded.rows == len(rows)
    return Read(loaded, cells)


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_read_row_by_row(name, tmp_path):
    export = EXPORTS[name]
    found = read(tmp_path, export.data, export.name)
    shown = {
        line: tuple(cells[column] for column in export.columns)
        for line, cells in found.cells.items()
    }
    assert shown == export.rows
    bad = {one.line: one.reason for one in found.list.bad}
    assert bad.keys() == export.bad.keys()
    assert all(part in bad[line] for line, part in export.bad.items())


@pytest.mark.parametrize(
    "damage", [b'p@x.org,"Anna,x\n', b"p@x.org,A\0,x\n", b"p@x.org,Ann\xe9,x\n", b"p@x.org\n"]
)
def test_damage_in_the_last_chunk_of_a_long_list(tmp_path, damage):
    rows = 200_000
    lines = [f"p{number}@x.org,Zo\u00eb,{number}\n".encode() for number in range(rows)]
    lines.insert(rows - 3, damage)
    found = read(tmp_path, b"email,first_name,n\n" + b"".join(lines), "list.csv")
    assert found.list.rows == rows
    assert [one.line for one in found.list.bad] == [rows - 1]
    assert [int(cells["n"]) for cells in found.cells.values()] == list(range(rows))
    assert found.cells[rows + 2]["n"] == str(rows - 1)


def test_lines_above_the_header_are_told(tmp_path):
    found = read(tmp_path, EXPORTS["lines above the header"].data, "list.csv")
    assert found.list.notes == (
        "“list.csv” is read from line 4 on: what stands above names no columns",
    )


def test_a_header_is_not_looked_for_in_the_rows(tmp_path):
    with pytest.raises(FileProblem, match="has no column names"):
        read(tmp_path, b"Anna,anna@x.org\nEmail,b@x.org\n", "list.csv")
