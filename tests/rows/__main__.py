"""`python -m tests.rows`: writes docs/faults.md and docs/attacks.md anew."""

from tests.rows.pages import page, written

for name, text in written().items():
    page(name).write_text(text)
