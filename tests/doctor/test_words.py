"""How advice is worded: in whole sentences, and without an error that nobody can do anything about."""

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType

import pytest

from blocks.words.advice import (
    catalog,
    clock,
    general,
    github,
    pagerduty,
    services,
    settings,
    slack,
    store,
    webhook,
    workflow,
)
from bot.domain.checkup import Advice

MODULES = (
    catalog, clock, general, github, pagerduty, services, settings, slack, store, webhook, workflow,
)  # fmt: skip
GIVEN = {str: "the-thing", int: 3, float: 90.0, bool: True, Sequence[str]: ["the-thing", "another"]}
SENTENCE = "NAME is not set: set the thing."  # what settings and stores say of themselves
# A name or a command may begin a sentence as it is written.
BEGINS = re.compile(r"[A-Z0-9`#]|the-thing")


def advices(module: ModuleType) -> Iterator[tuple[str, Advice]]:
    """Everything that a module can say, about the thing."""
    for name, say in vars(module).items():
        is_ours = inspect.isfunction(say) and say.__module__ == module.__name__
        if is_ours and inspect.signature(say).return_annotation is Advice:
            yield f"{module.__name__.rpartition('.')[2]}.{name}", said(say)


def said(say: Callable[..., Advice]) -> Advice:
    """One advice, with something for each of its words."""
    parameters = inspect.signature(say).parameters.values()
    given = {one.name: SENTENCE if one.name == "sentence" else GIVEN[one.annotation] for one in parameters}
    return say(**given)


ALL = dict(advice for module in MODULES for advice in advices(module))


@pytest.mark.parametrize("name", ALL)
def test_advice_is_whole_sentences(name: str) -> None:
    """With a beginning and an end; at most two for what was found, and the fix."""
    for text in filter(None, (ALL[name].says, ALL[name].fix)):
        assert BEGINS.match(text), text
        assert text.rstrip("`").endswith("."), text
        assert "  " not in text
        assert "error" not in text.lower()


def test_everything_is_looked_at() -> None:
    """The list above misses no module."""
    assert len(ALL) > 80
