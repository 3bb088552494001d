"""Packs the phrase files of ``tone_phrases/`` into ``preflight/tone/data/``.

    python benchmarks/tone_pack.py [--check]

The files are written and read by people here and shipped packed, a third of the size. ``--check``
writes nothing and ends with exit code 1 when what is shipped is not what stands here.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from preflight.tone import files

SOURCES = Path(__file__).parent / "tone_phrases"


def main() -> None:
    stale = []
    for path in sorted(SOURCES.glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        if "--check" not in sys.argv:
            print(path.stem, files.pack(path.stem, data), "bytes")
        elif not files.there(path.stem) or files.load(path.stem) != data:
            stale.append(path.stem)
    if stale:
        sys.exit(f"not packed: {', '.join(stale)}; run python benchmarks/tone_pack.py")


if __name__ == "__main__":
    main()
