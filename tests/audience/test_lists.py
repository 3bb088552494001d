"""Lists: right rows, right lines, every damage named, in every encoding and format."""

import codecs
import csv
import io
import json
import re
import sys
import zipfile

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preflight.audience import lists
from preflight.audience.lists import load_list
from preflight.files import FileProblem

CONNECTION = duckdb.connect()


class Table:
    """Loads a list and holds what is in its table."""

    def __init__(self, folder, data, name="list.csv", *, careful=False, **options):
        path = folder / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        fast = lists._load_fast
        self.fast = None

        def watched(*args):
            found = None if careful else fast(*args)
            self.fast = found is not None
            return found

        lists._load_fast = watched
        try:
            self.list = load_list(CONNECTION, "people", path, name, workdir=folder, **options)
            CONNECTION.execute("SELECT * FROM people ORDER BY _row")
            self.header = [column[0] for column in CONNECTION.description]
            found = CONNECTION.fetchall()
        finally:
            lists._load_fast = fast
            CONNECTION.execute("DROP TABLE IF EXISTS people")
        self.ordinals = [row[0] for row in found]
        self.rows = [tuple(cell or "" for cell in row[1:]) for row in found]
        assert "" not in {cell for row in found for cell in row}
        assert self.list.rows == len(found)
        self.lines = [self.list.line_of(number) for number in range(len(found))]
        self.names = [column.name for column in self.list.columns]
        self.bad = [(bad.line, bad.column, bad.reason) for bad in self.list.bad]
        leftover = [each for each in folder.iterdir() if each.name.startswith("loading_")]
        assert not leftover


@pytest.fixture
def load(tmp_path):
    return lambda data, name="list.csv", **options: Table(tmp_path, data, name, **options)


# -- sound files


@pytest.mark.parametrize("careful", [False, True])
def test_a_plain_list(load, careful):
    found = load("email,Prénom\na@x.org,Zoé\nb@x.org,\n", careful=careful)
    assert found.fast is not careful
    assert found.names == ["email", "first_name"]
    assert found.header == ["_row", "c0", "c1"]
    assert found.rows == [("a@x.org", "Zoé"), ("b@x.org", "")]
    assert found.lines == [2, 3]
    assert (found.list.encoding, found.list.separator, found.list.format) == ("utf-8", ",", "csv")
    assert found.list.bad_count == 0
    assert found.list.notes == ()


def test_rows_are_numbered_from_first_row(load):
    assert load("email\na@x.org\nb@x.org\n", first_row=40).ordinals == [40, 41]


def test_no_such_row(load):
    found = load("email\na@x.org\n").list
    with pytest.raises(IndexError):
        found.line_of(1)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("careful", [False, True])
def test_blank_lines_between_rows(load, careful, end):
    lines = ["email,note", "", "a@x.org,1", "b@x.org,2", "", "", "c@x.org,3", ""]
    found = load(end.join(lines), careful=careful)
    assert found.fast is not careful
    assert found.rows == [("a@x.org", "1"), ("b@x.org", "2"), ("c@x.org", "3")]
    assert found.lines == [3, 4, 7]


def test_the_longest_row_is_read(load):
    """The engine gets it with each quote doubled."""
    cells = ['"' * 490_000] * 2
    row = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    found = load(f"email,a,b\na@x.org,1,2\nb@x.org,{row}\nc@x.org,3,4\n")
    assert found.rows == [("a@x.org", "1", "2"), ("b@x.org", *cells), ("c@x.org", "3", "4")]
    assert found.lines == [2, 3, 4]


@pytest.mark.parametrize("careful", [False, True])
def test_breaks_and_blank_lines_inside(load, careful):
    data = 'email,note\n\na@x.org,"one\ntwo\n\nthree"\n\n\nb@x.org,"say ""hi"""\nc@x.org,""'
    found = load(data, careful=careful)
    assert found.fast is not careful
    assert found.rows == [
        ("a@x.org", "one\ntwo\n\nthree"),
        ("b@x.org", 'say "hi"'),
        ("c@x.org", ""),
    ]
    assert found.lines == [3, 9, 10]


@pytest.mark.parametrize("separator", list(",;\t|"))
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "cp1252"]
)
def test_encodings_separators_and_line_ends(load, encoding, separator, end):
    rows = [
        ["Courriel", "Prénom, nom; |"],
        ["zoe@x.org", "Zoé"],
        ["b@x.org", f"é{separator}{end}ü"],
    ]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(rows)
    found = load(out.getvalue().encode(encoding))
    assert found.names[0] == "email"
    assert found.rows == [tuple(row) for row in rows[1:]]
    assert found.lines == [2, 3]
    assert found.bad == []
    assert found.list.separator == separator
    assert codecs.lookup(found.list.encoding).name.startswith(codecs.lookup(encoding).name[:6])
    assert bool(found.list.notes) is (encoding in ("cp1252", "utf-16-be", "utf-16-le"))


def test_bytes_that_windows_does_not_have_are_latin1(load):
    assert load(b"email,name\na@x.org,\xe9\x81\n").list.encoding == "latin-1"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_sep_line_and_trailing_separators(load, end):
    found = load(end.join(["sep=;", "", "email;first, second;", "a@x.org;1;", "b@x.org;2", ""]))
    assert found.rows == [("a@x.org", "1"), ("b@x.org", "2")]
    assert found.lines == [4, 5]
    assert found.names == ["email", "first, second"]
    assert found.bad == []


def test_an_odd_separator_that_is_declared(load):
    assert load("sep=^\nemail^a\nx@x.org^1\n").rows == [("x@x.org", "1")]
    assert load("sep=§\nemail§a\nx@x.org§1\n").rows == [("x@x.org", "1")]


def test_mixed_line_ends(load):
    found = load(b"email,a\r\nx@x.org,1\ny@x.org,2\rz@x.org,3\r\n")
    assert found.fast is False
    assert [row[1] for row in found.rows] == ["1", "2", "3"]
    assert found.lines == [2, 3, 4]


@pytest.mark.parametrize("name", ["a*[b]?.csv", "it's {a}.csv", 'q"uote.csv', "é\n.csv"])
def test_odd_paths(load, name):
    assert load("email\na@x.org\n", name).rows == [("a@x.org",)]


def test_nameless_columns(load):
    found = load(",email,\n0,a@x.org,\n1,b@x.org,x\n")
    assert found.names == ["column_1", "email", "column_3"]
    assert load(",email,b\n,a@x.org,1\n").names == ["email", "b"]


def test_lines_over_several_chunks_of_the_reader(tmp_path):
    parts = ["email,note,number"]
    line, expected = 2, []
    for number in range(300_000):
        broken = number % 997 == 5
        blank = number % 4_999 == 7
        note = '"a, ""b""\nx,y"' if broken else f"note{number % 7}"
        parts.append(("\n" if blank else "") + f"p{number}@x.org,{note},{number}")
        expected.append(line + blank)
        line += 1 + broken + blank
    path = tmp_path / "big.csv"
    path.write_text("\n".join(parts))
    with duckdb.connect() as connection:
        found = load_list(connection, "t", path, "big.csv", workdir=tmp_path)
        wrong = connection.execute("SELECT count(*) FROM t WHERE _row <> c2::BIGINT").fetchone()
    assert wrong == (0,)
    assert found.rows == 300_000
    assert [found.line_of(number) for number in range(300_000)] == expected


# -- plain lists


@pytest.mark.parametrize("end", ["\n", "\n\n", "\r\n", ",\n"])
def test_addresses_without_a_header(load, end):
    found = load(f"a@x.org{end}b@x.org{end}")
    assert found.names == ["email"]
    assert found.rows == [("a@x.org",), ("b@x.org",)]
    assert found.lines == ([1, 3] if end == "\n\n" else [1, 2])


def test_domains_without_a_header(load):
    assert load("example.org\nexample.test\n").names == ["domain"]
    assert load("contact.email\na@x.org\n").rows == [("a@x.org",)]
    assert load("e.mail\na@x.org\n").names == ["email"]


def test_blank_lines_of_one_column_are_no_rows(load):
    for careful in (False, True):
        found = load('email\na@x.org\n   \n""\nb@x.org\n', careful=careful)
        assert found.rows == [("a@x.org",), ("",), ("b@x.org",)]
        assert found.lines == [2, 4, 5]


def test_contacts_without_column_names(load):
    with pytest.raises(FileProblem, match="has no column names"):
        load("Anna,anna@x.org\nBob,bob@x.org\n")


# -- damage


HEAD = "email,first_name,city\n"


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("a@x.org,Anna", 13, "2 cells where the header has 3"),
        ("a@x.org", 8, "1 cell where the header has 3"),
        ("a@x.org,Anna,Paris,x,y", 20, "5 cells where the header has 3"),
        ('a@x.org,"Anna,Paris', 9, "a quote is never closed"),
        ('a@x.org,"Anna" x,Paris', 15, "text after a closing quote"),
        ('a@x.org,"An\\"na",Paris', 14, "text after a closing quote"),
        ('a@x.org,An"na,Paris', 11, "a quote inside an unquoted cell"),
        ('a@x.org, "Anna",Paris', 10, "a quote inside an unquoted cell"),
        ("a@x.org,An\0na,Paris", 11, "a NUL byte"),
    ],
)
@pytest.mark.parametrize("quoted", [False, True])
def test_a_damaged_row_costs_its_line_only(load, row, column, reason, quoted):
    def good(number):
        cells = (f"p{number}@x.org", f"P{number}", "Lyon")
        return ",".join(f'"{cell}"' if quoted else cell for cell in cells)

    sound = [good(number) for number in range(40)]
    found = load(HEAD + "\n".join([*sound[:20], row, *sound[20:]]) + "\n")
    assert found.bad == [(22, column, reason)]
    assert found.list.bad[0].text == row
    assert len(found.rows) == 40
    assert found.lines == [*range(2, 22), *range(23, 43)]


def test_a_quoted_cell_that_runs_over_and_makes_a_wrong_row(load):
    found = load(HEAD + 'a@x.org,"An\nna"\nb@x.org,Bob,Lyon\n')
    assert [bad[:2] for bad in found.bad] == [(2, 9), (3, 3)]
    assert "which makes 2 cells where the header has 3" in found.bad[0][2]
    assert found.lines == [4]


def test_a_quote_that_would_swallow_whole_rows(load):
    swallowed = 'a@x.org,"Anna,Lyon\nb@x.org,Bob,Lyon\nc@x.org,C,"Lyon\n'
    assert [line for line, _, _ in load(HEAD + swallowed).bad] == [2, 4]
    legal = 'a@x.org,Anna,"Lyon\nb@x.org,Bob,Lyon\nend"\n'
    found = load(HEAD + legal + "c@x.org,C,Lyon\n")
    assert [line for line, _, _ in found.bad] == [2, 4]
    assert found.lines == [3, 5]


def test_bytes_that_are_no_utf8(load):
    data = (
        HEAD + "a@x.org,Zoé,Orléans\nb@x.org,"
    ).encode() + b"\xe9ve,Lyon\nc@x.org,\xc3\x87a,Lyon\n"
    found = load(data)
    assert found.bad == [(3, 9, "bytes that are no UTF-8")]
    assert found.list.bad[0].text == "b@x.org,�ve,Lyon"
    assert found.lines == [2, 4]


def test_half_a_character_of_utf16(load):
    data = codecs.BOM_UTF16_LE + "email,a\nx@x.org,1\ny@x.org,2".encode("utf-16-le") + b"\x31"
    found = load(data)
    assert found.rows == [("x@x.org", "1")]
    assert [bad[0] for bad in found.bad] == [3]


def test_a_cell_that_is_too_large(load):
    data = f"email,note\na@x.org,{'x' * 1_000_000}\nb@x.org,{'é' * 500_001}\nc@x.org,1\n"
    found = load(data)
    assert found.lines == [2, 4]
    assert found.bad == [(3, 1, "a cell of more than 1,000,000 bytes")]
    assert len(found.list.bad[0].text) == 500


def test_many_bad_rows_are_counted_and_the_first_kept(load):
    found = load("email,a\n" + "x@x.org\n" * 1_500 + "y@x.org,1\n")
    assert (found.list.bad_count, len(found.list.bad), found.lines) == (1_500, 1_000, [1502])


def test_two_columns_of_one_name(load):
    found = load("email,A,a\nx@x.org,1,2\n")
    assert found.bad == [(1, 9, "two columns are called “a”")]
    assert found.rows == [("x@x.org", "1", "2")]
    assert found.names == ["email", "A", "a_2"]


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "a.csv", "is empty"),
        (b"\xef\xbb\xbf", "a.csv", "is empty"),
        (b"\n \n\n", "a.csv", "is empty"),
        (b'"email,a\nb,c\n', "a.csv", "a quote is never closed"),
        (b",,\n1,2,3\n", "a.csv", "names no column"),
        (b",".join(b"c%d" % number for number in range(2_001)), "a.csv", "2,001 columns"),
        (b"%PDF-1.7", "a.csv", "is a PDF"),
        (bytes(range(32)) * 40, "a.csv", "binary"),
        (b"PAR1" + b"x" * 50, "a.parquet", "cannot be loaded"),
        (b"a,b\n", "a.parquet", "is no Parquet file inside"),
        (b"PK\x03\x04 no", "a.xlsx", "damaged"),
        (b"a,b\n", "a.xlsx", "is no Excel file inside"),
        (b'[{"email": "a@x.org"}]', "a.json", "one JSON array"),
        (b"nothing", "a.jsonl", "no JSON object"),
    ],
)
def test_no_list(load, data, name, message):
    with pytest.raises(FileProblem, match=message):
        load(data, name)


def test_a_header_without_rows(load):
    for careful in (False, True):
        found = load("email,name", careful=careful)
        assert (found.rows, found.names) == ([], ["email", "full_name"])


# -- the other formats


def test_json_lines(load):
    data = [
        '{"email": "a@x.org", "zip": 1.50, "ok": true, "tags": ["x", 1.0, {"é": null}]}',
        "",
        '{"email": "b@x.org", "none": null, "text": "a\\nb\\u00e9"}',
        '{"email": "c@x.org"',
        '  {"email": "c@x.org", "email": "d@x.org"}',
        "[1]",
        '{"email": "a\\u0000"}',
        '{"email": "e@x.org", "ok": false, "big": 12345678901234567890}',
    ]
    for name in ("a.jsonl", "a.txt"):
        found = load("\n".join(data), name)
        assert found.names == ["email", "zip", "ok", "tags", "none", "text", "big"]
        assert found.rows == [
            ("a@x.org", "1.50", "true", '["x", 1.0, {"é": null}]', "", "", ""),
            ("b@x.org", "", "", "", "", "a\nbé", ""),
            ("e@x.org", "", "false", "", "", "", "12345678901234567890"),
        ]
        assert found.lines == [1, 3, 8]
        assert [bad[0] for bad in found.bad] == [4, 5, 6, 7]
        assert found.bad[1][2] == "the key “email” is there twice"
        assert found.list.format == "jsonl"


def test_parquet(load, tmp_path):
    duckdb.connect().sql(
        "SELECT * FROM (VALUES ('a@x.org', true, DATE '2024-01-02', [1, 2], ''), "
        '(\'b@x.org\', NULL, NULL, NULL, \'x\')) t("E-mail", ok, day, tags, "we""ird")'
    ).write_parquet(str(tmp_path / "made"))
    found = load((tmp_path / "made").read_bytes(), "a.parquet")
    assert found.names == ["email", "ok", "day", "tags", 'we"ird']
    assert found.rows == [
        ("a@x.org", "true", "2024-01-02", "[1,2]", ""),
        ("b@x.org", "", "", "", "x"),
    ]
    assert found.lines == [1, 2]


def workbook(*rows, sheets=1):
    """A minimal XLSX: inline strings, numbers, booleans."""

    def cell(value):
        if isinstance(value, bool):
            return f'<c t="b"><v>{int(value)}</v></c>'
        if isinstance(value, (int, float)):
            return f"<c><v>{value}</v></c>"
        return (
            f'<c t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'
            if value
            else "<c/>"
        )

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    numbers = range(1, sheets + 1)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r0" '
            f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
            + "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
            + "</sheets></workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}">'
            + "".join(
                f'<Relationship Id="r{n}" Type="{relations}/worksheet" Target="worksheets/s{n}.xml"/>'
                for n in numbers
            )
            + "</Relationships>",
        )
        body = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
        for n in numbers:
            archive.writestr(
                f"xl/worksheets/s{n}.xml",
                f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>',
            )
    return out.getvalue()


def test_xlsx(load):
    pytest.importorskip("python_calamine")
    data = workbook(
        ("",),
        ("Email", "Zip", "ok", ""),
        ("a@x.org", 75001, True, ""),
        ("",),
        ("b@x.org", 1.5, False, ""),
    )
    found = load(data, "a.xlsx")
    assert found.names == ["email", "zip", "ok"]
    assert [row[:3] for row in found.rows] == [
        ("a@x.org", "75001", "true"),
        ("b@x.org", "1.5", "false"),
    ]
    assert found.lines == [3, 5]
    assert found.list.notes == ()
    plain = load(workbook(("a@x.org",), ("b@x.org",), sheets=2), "b.xlsx")
    assert (plain.names, plain.lines) == (["email"], [1, 2])
    assert plain.list.unread == "reads the sheet “S1” of “b.xlsx”, not “S2”, with addresses too"
    with pytest.raises(FileProblem, match="has no column names"):
        load(workbook(("a@x.org", "Anna")), "c.xlsx")
    with pytest.raises(FileProblem, match="is empty"):
        load(workbook(("",)), "d.xlsx")


def test_xlsx_without_the_extra(load, monkeypatch):
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(FileProblem) as caught:
        load(workbook(("email",)), "a.xlsx")
    assert "pip install 'preflight-email[xlsx]'" in caught.value.help


# -- properties

TEXT = st.text(st.sampled_from("ab é\U0001f600,;\t|\"\n\r'\\@.#"), max_size=8)
QUICK = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def tables(draw):
    width = draw(st.integers(1, 4))
    headers = ["email", "b", "c", "d"][:width]
    rows = draw(st.lists(st.lists(TEXT, min_size=width, max_size=width), max_size=12))
    separator = draw(st.sampled_from(",;\t|"))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    quoting = draw(st.booleans())
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    if encoding == "cp1252":
        rows = [[cell.replace("\U0001f600", "e") for cell in row] for row in rows]
    return headers, rows, separator, end, quoting, encoding


def written(headers, rows, separator, end, quoted, encoding):
    """The file, and the line on which each row begins (blank lines of one column left out)."""
    text, kept, lines, line = separator.join(headers) + end, [], [], 2
    for row in rows:
        cells = [
            '"' + cell.replace('"', '""') + '"'
            if quoted or set(cell) & {separator, *'"\r\n'}
            else cell
            for cell in row
        ]
        record = separator.join(cells)
        if record.strip(" \t") or separator in record:
            kept.append(tuple(row))
            lines.append(line)
        text += record + end
        line += 1 + len(re.findall("\r\n|\r|\n", record))
    return text.encode(encoding), kept, lines


@QUICK
@given(tables())
def test_what_was_written_is_read(tmp_path, table):
    headers, rows, *dialect = table
    data, kept, lines = written(headers, rows, *dialect)
    width = len(headers)
    joined = data.decode(dialect[-1])
    inner = joined.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    alike = sum("@" in line and line.count(dialect[0]) == width - 1 for line in inner)
    ways = [Table(tmp_path, data), Table(tmp_path, data, careful=True)]
    assert ways[0].rows == ways[1].rows
    assert ways[0].lines == ways[1].lines
    assert ways[0].bad == ways[1].bad
    if width > 1 and not alike:  # else a cell may look as if it had swallowed rows
        assert ways[0].bad == []
        assert ways[0].rows == kept
        assert ways[0].lines == lines


@QUICK
@given(tables(), st.data())
def test_damage_is_named_and_nothing_is_lost(tmp_path, table, data):
    content = bytearray(written(*table)[0])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        size = data.draw(st.integers(0, 3))
        content[at : at + size] = data.draw(
            st.sampled_from(
                [b'"', b"\n", b"\r", b"\0", b"\xff", b"\xc3", b",", b"x", b'""', b"{", b"'"]
            )
        )
    try:
        ways = [Table(tmp_path, bytes(content)), Table(tmp_path, bytes(content), careful=True)]
    except FileProblem:
        return
    assert (ways[0].rows, ways[0].lines) == (ways[1].rows, ways[1].lines)
    assert ways[0].bad == ways[1].bad
    assert ways[0].lines == sorted(set(ways[0].lines))
    assert not set(ways[0].lines) & {
        line for line, _, reason in ways[0].bad if "two columns" not in reason
    }


@QUICK
@given(
    st.binary(max_size=300), st.sampled_from(["a.csv", "a.tsv", "a.jsonl", "a.xlsx", "a.parquet"])
)
def test_any_bytes_are_a_list_or_a_problem(tmp_path, data, name):
    try:
        Table(tmp_path, data, name)
    except FileProblem:
        return


@QUICK
@given(
    st.lists(st.dictionaries(st.sampled_from(["email", "b", "c"]), TEXT, max_size=3), min_size=1)
)
def test_json_that_was_written_is_read(tmp_path, objects):
    lines = "\n".join(json.dumps(each) for each in objects)
    if not any(objects):
        return
    found = Table(tmp_path, lines, "a.jsonl")
    by_header = {column.header: int(column.physical[1:]) for column in found.list.columns}
    assert [
        {header: row[at] for header, at in by_header.items() if row[at]} for row in found.rows
    ] == [{key: value for key, value in each.items() if value} for each in objects]
    assert found.lines == list(range(1, len(objects) + 1))
