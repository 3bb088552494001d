"""`preflight learn register`: what sent mails tell of people, and how it gets into the ledger."""

from __future__ import annotations

import datetime as dt
import mailbox
import subprocess
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from preflight.cli import main
from preflight.learn.letters import Letter, letters_in
from preflight.learn.patch import open_csv
from preflight.learn.register import learned

ME = "Ines Roy <ines@studio-roy.example>"
BODIES = {
    "fr-tu": "Salut Paul,\n\ntu as reçu ton dossier ? Je te rappelle demain.\n",
    "fr-vous": "Bonjour Madame,\n\npouvez-vous m'envoyer votre devis ?\n",
    "de-du": "Hallo Paul,\n\nhast du deine Unterlagen schon bekommen? Ich rufe dich morgen an.\n",
    "de-sie": "Sehr geehrte Frau Brandt,\n\nkönnen Sie mir bitte Ihre Unterlagen schicken?\n",
    "es-tú": "Hola Luisa:\n\n¿te viene bien el jueves? Dime si tú puedes venir con tu equipo.\n",
    "es-usted": "Estimada señora:\n\n¿podría usted enviarnos los documentos? Se los pido a usted.\n",
    "it-tu": "Ciao Paola,\n\nti ricordi della tua proposta? Fammi sapere se tu puoi venire.\n",
    "nl-je": "Dag Jan,\n\nkun je me zeggen of jouw team komt? Ik bel je morgen.\n",
    "nl-u": "Geachte mevrouw,\n\nkunt u mij uw gegevens sturen? Ik bel u morgen.\n",
}
SAID = {
    "fr-tu": "tu", "fr-vous": "vous", "de-du": "du", "de-sie": "Sie", "es-tú": "tú",
    "es-usted": "usted", "it-tu": "tu", "nl-je": "je", "nl-u": "u",
}  # fmt: skip


def mail(to: str, body: str, day: int = 3, sender: str = ME) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, "x"
    message["Date"] = dt.datetime(2025, 3, day, 10, tzinfo=dt.UTC)
    message.set_content(body)
    return message


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "repo/.git").mkdir(parents=True)
    (tmp_path / "repo/preflight.yaml").write_text("ledger: {known: known.csv}\n", "utf-8")
    (tmp_path / "sent").mkdir()
    monkeypatch.chdir(tmp_path / "repo")
    return tmp_path


def send(place: Path, *mails: EmailMessage) -> None:
    for number, one in enumerate(mails):
        (place / f"sent/{number}.eml").write_bytes(bytes(one))


def learn(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["learn", "register", "../sent", *arguments])


@pytest.mark.parametrize("kind", BODIES)
def test_the_register_of_one_mail(place: Path, kind: str) -> None:
    send(place, mail("p@one.example", BODIES[kind]))
    (one,) = learned(letters_in([place / "sent"]).found)
    assert (one.address, one.spelling) == ("p@one.example", SAID[kind])


def test_what_a_quoted_reply_says_counts_for_nothing(place: Path) -> None:
    quoted = "Merci !\n\nLe 3 mars 2025, Paul a écrit :\n> tu as ton billet ?\n> je te rappelle\n"
    send(place, mail("p@one.example", quoted))
    letters = letters_in([place / "sent"])
    assert (letters.found, letters.silent) == ([], 1)


def test_mails_to_several_and_by_others_say_nothing(place: Path) -> None:
    send(
        place,
        mail("a@one.example", BODIES["fr-tu"]),
        mail("b@one.example", BODIES["fr-tu"]),
        mail("a@one.example, c@one.example", BODIES["fr-vous"]),
        mail("ines@studio-roy.example", BODIES["fr-vous"], sender="c@one.example"),
    )
    letters = letters_in([place / "sent"])
    assert [one.address for one in letters.found] == ["a@one.example", "b@one.example"]
    assert letters.several == 1
    named = letters_in([place / "sent"], ["C@one.example"])
    assert [one.address for one in named.found] == ["ines@studio-roy.example"]


def test_boxes_and_maildirs_are_read(place: Path) -> None:
    box = mailbox.mbox(str(place / "sent/Sent"))
    box.add(mail("a@one.example", BODIES["de-du"]))
    box.close()
    folder = mailbox.Maildir(str(place / "sent/Archive"))
    folder.add(mail("b@one.example", BODIES["de-sie"]))
    folder.close()
    found = learned(letters_in([place / "sent"]).found)
    assert {one.address: one.spelling for one in found} == {
        "a@one.example": "du",
        "b@one.example": "Sie",
    }


@pytest.mark.parametrize(
    ("sides", "side", "count"),
    [
        ("TTT", "T", 3),
        ("VVVVVVTTTTT", "T", 5),  # the last five count
        ("VVTT", "T", 2),  # changed for good
        ("VVVT", None, 4),  # one mail may be a slip
        ("TVTT", None, 4),  # to and fro
        ("TM", None, 2),
        ("MM", None, 2),
    ],
)
def test_the_last_mails_decide(sides: str, side: str | None, count: int) -> None:
    names = {"T": "T", "V": "V", "M": "mixed"}
    letters = [
        Letter(
            "a@one.example", dt.datetime(2024, 1, 1 + day, tzinfo=dt.UTC), names[one], "fr", (), ""
        )  # type: ignore[arg-type]
        for day, one in enumerate(sides)
    ]
    (one,) = learned(letters)
    assert (one.side, len(one.letters)) == (side, count)


def test_a_proposal_writes_nothing(place: Path) -> None:
    send(place, mail("p@one.example", BODIES["fr-tu"]), mail("q@one.example", BODIES["fr-tu"]))
    text = "email,name,register\np@one.example,Paul,\n"
    (place / "repo/known.csv").write_text(text, "utf-8")
    result = learn()
    assert result.exit_code == 0
    assert "known.csv: the register of 1 person." in result.output
    assert "p***@o***.example  tu: 1 mail, 2025: “tu”, “ton”, “te”" in result.output
    assert "In neither ledger.clients nor ledger.known: 1 person" in result.output
    assert "Nothing was written." in result.output
    assert (place / "repo/known.csv").read_text("utf-8") == text


def test_what_the_ledger_says_is_never_overwritten(place: Path) -> None:
    send(place, mail("p@one.example", BODIES["fr-tu"]), mail("q@one.example", BODIES["fr-tu"]))
    text = "email,register\np@one.example,vous\nQ@One.example,Tu\n"
    (place / "repo/known.csv").write_text(text, "utf-8")
    result = learn("--write")
    assert "The ledger says otherwise, and is left alone: 1 person." in result.output
    assert "the ledger says “vous”; 1 mail" in result.output
    assert "The ledger says so already of 1 person." in result.output
    assert (place / "repo/known.csv").read_text("utf-8") == text


@pytest.mark.parametrize(
    ("before", "after", "encoding"),
    [
        (
            'email,name,note\nP@one.example,Paul,"two\nlines"\nz@x.example,Zoé,',
            'email,name,note,register\nP@one.example,Paul,"two\nlines",tu\nz@x.example,Zoé,,',
            "utf-8",
        ),
        (
            'Courriel;Registre;Nom\r\n"p@one.example";"";"Du; Pré"\r\nz@x.example;vous;Zoé\r\n',
            'Courriel;Registre;Nom\r\n"p@one.example";"tu";"Du; Pré"\r\nz@x.example;vous;Zoé\r\n',
            "cp1252",
        ),
        ("email\tregister\np@one.example\t\n", "email\tregister\np@one.example\ttu\n", "utf-16"),
        (
            "\ufeffsep=;\nemail;name\n\np@one.example;Paul\n",
            "\ufeffsep=;\nemail;name;register\n\np@one.example;Paul;tu\n",
            "utf-8",
        ),
    ],
)
def test_only_the_cells_change(place: Path, before: str, after: str, encoding: str) -> None:
    send(place, mail("p@one.example", BODIES["fr-tu"]))
    file = place / "repo/known.csv"
    file.write_bytes(before.encode(encoding))
    result = learn("--write")
    assert result.output.endswith("Written: known.csv\n"), result.output
    assert file.read_bytes().decode(encoding) == after


def test_the_patch_applies(place: Path) -> None:
    send(place, mail("p@one.example", BODIES["fr-tu"]))
    file = place / "repo/known.csv"
    file.write_bytes("email;nom\r\np@one.example;Zoé\r\nlast@x.example;".encode("cp1252"))
    patch = learn("--diff").stdout_bytes
    git = ["git", "apply", "--whitespace=nowarn"]
    subprocess.run(git, input=patch, check=True, cwd=place / "repo", capture_output=True)
    expected = "email;nom;register\r\np@one.example;Zoé;tu\r\nlast@x.example;;"
    assert file.read_bytes().decode("cp1252") == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("p@one.example\nq@one.example\n", "has no line that names its columns"),
        ("name,town\nPaul,Lyon\n", "no column of “known.csv” is called email"),
        ("email,name,\np@one.example,Paul,\n", "end with the separator"),
        ("email,name\np@one.example,Paul,\n", "line 2 of “known.csv” has a cell without a column"),
        ("", "is empty"),
        (None, "does not exist"),
    ],
)
def test_a_list_that_cannot_be_written(place: Path, text: str | None, reason: str) -> None:
    send(place, mail("p@one.example", BODIES["fr-tu"]))
    if text is not None:
        (place / "repo/known.csv").write_text(text, "utf-8")
    result = learn("--write")
    assert result.exit_code == 0
    assert "Not written to:" in result.output
    assert reason in result.output.replace("\n", " ")


def test_no_mail_and_no_ledger(place: Path) -> None:
    assert learn().exit_code == 3
    (place / "repo/preflight.yaml").unlink()
    result = learn()
    assert result.exit_code == 2
    assert "there is no preflight.yaml here" in result.output


def test_a_row_after_a_damaged_one_is_found(tmp_path: Path) -> None:
    file = tmp_path / "known.csv"
    file.write_text('email,register\n"a,b"c,\np@one.example,\n', "utf-8")
    opened = open_csv(file, "known.csv", "register")
    assert opened.filled({"p@one.example": "tu"}, "register").endswith("p@one.example,tu\n")
