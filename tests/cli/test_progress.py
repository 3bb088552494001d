"""What is drawn while a long piece is worked on."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from preflight import terminal
from preflight.doing import doing
from preflight.terminal import Progress


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class _Over:
    """Over after so many looks."""

    def __init__(self, looks: int) -> None:
        self.looks = looks
        self.waited: list[float] = []

    def wait(self, seconds: float) -> bool:
        self.waited.append(seconds)
        return len(self.waited) > self.looks


@pytest.fixture(autouse=True)
def nothing_left_said():
    yield
    doing("")


def test_the_line_says_which_campaign_what_is_done_and_for_how_long():
    progress = Progress("Checking", 3)
    progress.step(Path("/repo/campaigns/spring/campaign.yaml"))
    doing("reading contacts.csv")
    assert progress.line(12.9, 100) == (
        "Checking 1 of 3, spring/campaign.yaml, reading contacts.csv 12 s"
    )


@pytest.mark.parametrize("width", [8, 20, 40, 200])
def test_a_drawn_line_is_never_wider_than_the_terminal(width):
    progress = Progress("Checking", 1)
    progress.step(Path("a" * 200))
    doing("reading contacts.csv")
    line = progress.line(5, width)
    assert len(line) < width
    assert line.endswith(" 5 s")


def test_names_cannot_command_the_terminal():
    progress = Progress("Checking", 1)
    progress.step(Path("\x1b[2Jcampaign\r\n.yaml"))
    assert not set("\x1b\r\n") & set(progress.line(1, 200))


def test_nothing_is_drawn_before_the_first_second(monkeypatch):
    stderr = _Terminal()
    monkeypatch.setattr("sys.stderr", stderr)
    progress = Progress("Checking", 1)
    progress.over = _Over(0)
    progress._tick()
    assert stderr.getvalue() == ""
    assert progress.over.waited == [terminal._QUIET]


def test_a_drawn_line_is_wiped_at_the_end(monkeypatch):
    stderr = _Terminal()
    monkeypatch.setattr("sys.stderr", stderr)
    progress = Progress("Checking", 1)
    progress.step("spring")
    progress.over = _Over(2)
    progress._tick()
    drawn = stderr.getvalue().split("\r")
    assert drawn[1].startswith("Checking 1 of 1, spring")
    assert drawn[2].startswith("Checking 1 of 1, spring")
    assert [part.strip() for part in drawn[3:]] == ["", ""]


def test_a_run_in_a_pipe_draws_nothing_and_starts_no_thread(monkeypatch):
    monkeypatch.setattr("sys.stderr", io.StringIO())
    with Progress("Checking", 1) as progress:
        assert progress.ticker is None


def test_a_run_on_a_terminal_ends_its_thread(monkeypatch):
    monkeypatch.setattr("sys.stderr", _Terminal())
    with Progress("Checking", 1) as progress:
        assert progress.ticker is not None
        assert progress.ticker.is_alive()
    assert not progress.ticker.is_alive()
