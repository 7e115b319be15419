"""Greenlight: takes a version of a service to the next environment, asked for and decided in Slack."""

VERSION = "0.1.0"  # of the package, as pyproject.toml has it
