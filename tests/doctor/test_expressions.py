"""Which inputs an expression of GitHub Actions names, and which it is certain to show."""

import pytest

from bot.doctor.expressions import expressions, inputs_in, inputs_shown


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("no expression", []),
        ("${{ a }} and ${{b}}", ["a", "b"]),
        ("${{ '}}' }}x", ["'}}'"]),
        ("${{ 'it''s }}' }}", ["'it''s }}'"]),
        ("${{ never closed", []),
        ("${{ a }} ${{ never closed", ["a"]),
        ("$ {{ a }}", []),
    ],
)
def test_where_an_expression_begins_and_ends(text: str, found: list[str]) -> None:
    """At the first `}}` that is not in quotes."""
    assert list(expressions(text)) == found


@pytest.mark.parametrize(
    ("expression", "is_shown"),
    [
        ("inputs.run", True),
        ("github.event.inputs.run", True),
        ("inputs['run']", True),
        ("inputs.run || github.run_id", True),
        ("format('{0} ({1})', inputs.a, inputs.run)", True),
        ("format('{0}', inputs.run || 'none')", True),
        ("inputs.run && ''", False),
        ("inputs.other || inputs.run", False),
        ("inputs.run == ''", False),
        ("!inputs.run", False),
        ("contains(inputs.run, 'x')", False),
        ("format('{0}', inputs.a, inputs.run)", False),
        ("format('{{1}}', inputs.a, inputs.run)", False),
        ("format('it''s {1}', inputs.a, inputs.run)", True),
        ("format('{0}', contains(inputs.run, 'x'))", False),
    ],
)
def test_an_input_that_is_named_is_not_always_shown(expression: str, is_shown: bool) -> None:
    """Only alone, before an `||`, or in a place of `format`."""
    text = f"Deploy (${{{{ {expression} }}}})"
    assert "run" in inputs_in(text)
    assert ("run" in inputs_shown(text)) is is_shown
