"""Lists in older encodings: names are read as they were written, and what is unclear stays
Windows-1252."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest

from preflight.audience.csv_guess import guess

DATA = json.loads(files("preflight.data").joinpath("encodings.json").read_text("utf-8"))
NAMES = {
    "pl": "Łukasz Wiśniewski|Żaneta Kowalczyk, Łódź|Małgorzata Dąbrowska|Paweł Zieliński",
    "cs": "Jiří Dvořák|Tereza Němcová|Růžena Kučerová, Plzeň|Ondřej Šťastný",
    "hu": "Szűcs Gergő|Erdős Ágnes, Győr|Kővári Dezső|Bánóczi Zsófia",
    "sk": "Ľubomír Hruška|Božena Kováčová|Ján Štefánik, Žilina|Viera Hlaváčková",
    "ro": "Ştefan Ionescu|Ileana Ţurcanu, Bucureşti|Andrei Brătianu, Iaşi|Mihai Stănescu",
    "ru": "Анна Кузнецова|Пётр Васильев, Москва|Елена Смирнова",
    "uk": "Оксана Шевченко, Київ|Андрій Ковальчук|Наталія Бойко",
    "bg": "Георги Димитров|Мария Иванова, София|Петър Николов",
    "el": "Γιώργος Παπαδόπουλος|Μαρία Νικολάου, Αθήνα",
    "tr": "Şule Yıldız|Gökçe Aydoğan, İzmir|Çağrı Şahin|Işıl Güneş",
    "lt": "Žydrūnė Kazlauskaitė|Jūratė Šimkienė|Čiurlionis Ąžuolas, Panevėžys",
    "he": "דוד לוי|שרה כהן",
    "ja": "山田太郎|鈴木花子、東京都|サトウ ケンジ",
    "zh": "王小明|李娜, 北京市|张伟, 上海市",
    "ko": "김민준|이서연, 서울특별시|박지훈",
    "fr": "Zoé Lefèvre|François Guérin, Orléans|Hélène Lenôtre|Joël Cœur|Agnès Forêt",
    "de": "Jörg Müller, Köln|Käthe Groß|Jürgen Schäfer, Düsseldorf|Björn Öttinger",
    "es": "Íñigo Peña|María José Núñez, Málaga|Ramón García|Begoña Ibáñez|Andrés Muñoz",
}  # fmt: skip


def lines(names: str, encoding: str) -> list[bytes]:
    texts = [f"p{at}@example.org;{name};x" for at, name in enumerate(names.split("|"))]
    return [text.encode(encoding) for text in texts]


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        *[(language, encoding) for language in ("pl", "cs", "hu", "sk", "ro")
          for encoding in ("cp1250", "iso8859-2")],
        ("pl", "cp852"), ("ru", "cp1251"), ("uk", "cp1251"), ("bg", "cp1251"), ("ru", "koi8-r"),
        ("ru", "cp866"), ("el", "cp1253"), ("tr", "cp1254"), ("lt", "cp1257"), ("he", "cp1255"),
        ("ja", "cp932"), ("ja", "euc_jp"), ("zh", "gb18030"), ("zh", "big5"), ("ko", "cp949"),
        ("fr", "mac-roman"), ("de", "mac-roman"), ("es", "mac-roman"), ("fr", "iso8859-15"),
        ("de", "cp850"),
    ],
)  # fmt: skip
def test_names_are_read_as_they_were_written(language, encoding):
    names = NAMES[language]
    if encoding == "big5":
        names = "王小明|陳美玲, 臺北市|林志偉, 高雄市"
    written = lines(names, encoding)
    found = guess(written)
    assert found is not None
    read = [one.decode(found[0]) for one in written]
    assert read == [one.decode(encoding) for one in written]


@pytest.mark.parametrize(
    "names",
    [
        NAMES["fr"], NAMES["de"], NAMES["es"], "Zoé", "Å", "Peña", "Jörg Weiß", "João",
        "Søren Kjærgaard|Åse Bjørnstad|Jørgen Nygård", "Irène|Genève", "Þórður Guðmundsson|Ásdís",
        "Conceição Simões|Inês Gonçalves|João Araújo", "Pekka Hämäläinen|Päivi Väisänen|Åke Öberg",
        "|".join((NAMES["fr"], NAMES["de"], NAMES["es"], "Søren Ærø, Ålborg|Conceição Simões")),
        "l’équipe – «très bien» … 5 €|n° 3, 1ª y 2º", "MÜLLER|FRANÇOIS|NÚÑEZ",
    ],
)  # fmt: skip
def test_what_is_western_or_unclear_stays_windows_1252(names):
    assert guess(lines(names, "cp1252")) is None


def test_nothing_to_go_by():
    assert guess([]) is None
    assert guess([b"\xff\xfe\xfd"]) is None


def test_the_table_of_encodings_is_sound():
    assert set(DATA) == {"_", "alphabets", "encodings"}
    for letters in DATA["alphabets"].values():
        alphabet = re.compile(f"[{letters}]")
        assert not alphabet.search("abcdefghijklmnopqrstuvwxyz0123456789 @;,")
    seen = set()
    for one in DATA["encodings"]:
        assert set(one) == {"name", "spoken", "others", "foreign", "languages"}
        "".encode(one["name"])
        assert set(one["languages"]) <= DATA["alphabets"].keys()
        assert one["languages"]
        names = {one["name"], *one["others"]}
        assert not names & seen
        seen |= names
    assert DATA["encodings"][0]["name"] == "cp1252"
    assert {each for one in DATA["encodings"] for each in one["languages"]} == set(
        DATA["alphabets"]
    )
