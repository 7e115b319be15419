"""One function per effect, by what it talks about: look, act, report."""
