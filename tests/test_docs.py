"""The documentation says what the code does: states, buttons, links, pictures and the playground."""

import re
from pathlib import Path

import pytest

from blocks.buttons import label
from bot.domain.face import Button, Face, State
from bot.domain.policy import Kind, Person
from bot.domain.promotion import Phase
from bot.playground.control import world as control_world
from tests.documents import PAGES, ROOT, anchors, code_words, images, links, rows, section

README, CONCEPTS = ROOT / "README.md", ROOT / "docs" / "concepts.md"
PLAYGROUND = ROOT / "docs" / "playground.md"
MOST_LINES = 180  # of a README that somebody reads to its end


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every link inside the repository names a file that exists, and a heading of it."""
    assert [target for target in links(page) if not _leads_somewhere(page, target)] == []


def test_the_contents_list_every_page() -> None:
    """docs/index.md leads to each page below docs/."""
    index = ROOT / "docs" / "index.md"
    listed = {(index.parent / target).resolve() for target in links(index)}
    assert listed == {page for page in PAGES if index.parent in page.parents} - {index}


def test_the_readme_is_short() -> None:
    """What, for whom, how to try it, and where to read on."""
    assert len(README.read_text().splitlines()) < MOST_LINES


def test_each_picture_is_shown_and_described() -> None:
    """Whoever cannot see a picture is told what it shows, and no picture lies about unused."""
    shown = [(page.parent / target, said) for page in PAGES for said, target in images(page)]
    assert [target for target, said in shown if len(said) < 20] == []
    kept = set((ROOT / "docs" / "images").iterdir())
    assert kept == {target.resolve() for target, _ in shown}


def test_the_states_are_documented() -> None:
    """README and concepts list the states of a card, each once in the README."""
    documented = [code_words(cells[0])[0] for cells in rows(section(README, "States"))]
    assert documented == [state.value for state in State]
    assert {word for cells in rows(section(CONCEPTS, "States")) for word in code_words(cells[1])} == set(
        documented
    )


def test_the_phases_are_documented() -> None:
    """Concepts list each phase once."""
    assert [code_words(cells[0])[0] for cells in rows(section(CONCEPTS, "States"))] == [
        phase.value for phase in Phase
    ]


def test_the_buttons_are_documented() -> None:
    """The table of buttons says what the buttons say, each once."""
    documented = sorted(cells[0] for cells in rows(section(CONCEPTS, "Buttons")))
    assert documented == sorted(label(_nobody_s_face(), button) for button in Button)


def test_the_calls_of_the_control_api_are_documented() -> None:
    """docs/playground.md lists each call below /play and each way to bend the world."""
    source = Path(control_world.__file__).with_name("api.py").read_text()
    calls = {
        f"POST /play/{name}" for name in re.findall(r'^            "(\w+)": self\._', source, re.MULTILINE)
    }
    table = rows(section(PLAYGROUND, "The control API"))
    documented = {code_words(cells[0])[0] for cells in table if "/play/" in cells[0]}
    assert documented == {*calls, "GET /play/state", "GET /play/traffic"}
    known = re.search(r"known = \{([^}]+)\}", Path(control_world.__file__).read_text())
    assert known is not None
    bends = [code_words(cells[0])[0] for cells in table if "/play/" not in cells[0]]
    assert sorted(bends) == sorted(re.findall(r'"(\w+)"', known[1]))


def _leads_somewhere(page: Path, target: str) -> bool:
    if target.startswith(("https://", "http://")):
        return True
    file, _, fragment = target.partition("#")
    found = (page.parent / file).resolve() if file else page
    return found.exists() and (not fragment or fragment in anchors(found))


def _nobody_s_face() -> Face:
    ana = Person("ana", "U0ANA")
    return Face(
        id="P-1",
        kind=Kind.PROMOTE,
        service="checkout",
        environment="production",
        version="v1",
        sha="",
        repo="acme/checkout",
        requester=ana,
        reason="",
        created=0.0,
        state=State.CHECKING,
        digest="",
    )
