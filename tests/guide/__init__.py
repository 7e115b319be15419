"""docs/getting-started.md, done word for word."""
