"""What the runner of GitHub Actions takes for a command: its rules, for the tests."""

from __future__ import annotations

import re

NAMES = frozenset(
    [
        *("add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group"),
        *("notice", "remove-matcher", "save-state", "set-env", "set-output", "stop-commands"),
        "warning",
    ]
)


def unescape_data(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def unescape_property(text: str) -> str:
    for escaped, plain in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ",")):
        text = text.replace(escaped, plain)
    return text.replace("%25", "%")


def parse(line: str, names: frozenset[str] = NAMES) -> tuple[str, dict[str, str], str] | None:
    """Name, properties and message of the command in a line, or None."""
    trimmed = line.lstrip()
    if trimmed.startswith("::"):
        end = trimmed.find("::", 2)
        if end >= 0:
            name, _, rest = trimmed[2:end].partition(" ")
            if name.lower() in names:
                pairs = (item.partition("=") for item in rest.strip().split(","))
                properties = {key: unescape_property(value) for key, _, value in pairs if value}
                return name.lower(), properties, unescape_data(trimmed[end + 2 :])
    start = line.find("##[")
    end = line.find("]", start)
    if start >= 0 and end >= 0:
        name = line[start + 3 : end].split(" ")[0]
        if name.lower() in names:
            return name.lower(), {}, line[end + 1 :]
    return None


def commands(output: str) -> list[tuple[str, dict[str, str], str]]:
    """The commands that count in the output of a step."""
    found = []
    token = None
    for line in re.split(r"\r\n|\r|\n", output):
        command = parse(line, NAMES | {token} if token else NAMES)
        if command is None:
            continue
        if token:
            token = None if command[0] == token else token
        elif command[0] == "stop-commands":
            token = command[2]
        else:
            found.append(command)
    return found
