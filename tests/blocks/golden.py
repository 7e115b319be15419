"""The golden cards: `python -m tests.blocks.golden` writes them anew, and the diff is then read by a person."""

import json
from pathlib import Path

from blocks.card import card
from tests.blocks.faces import FACES

FOLDER = Path(__file__).parent / "golden"


def path_of(name: str) -> Path:
    """The file of one golden card."""
    return FOLDER / f"{name.replace(' ', '-')}.json"


def rendered(name: str) -> str:
    """One card as the JSON that is kept."""
    rendition = card(FACES[name])
    kept = {"text": rendition.text, "rungs": rendition.rungs}
    return json.dumps(kept, indent=1, ensure_ascii=False) + "\n"


def write_all() -> None:
    """Write every golden card, and remove those of faces that are gone."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.json"):
        old.unlink()
    for name in FACES:
        path_of(name).write_text(rendered(name), encoding="utf-8")


if __name__ == "__main__":
    write_all()
