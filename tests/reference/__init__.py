"""The references in docs/ that are written from the code: commands, settings, codes."""
