"""`python -m tests.reference`: writes docs/commands.md, docs/settings.md and docs/codes.md anew."""

from tests.reference.pages import page, written

for name, text in written().items():
    page(name).write_text(text)
