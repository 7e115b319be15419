"""Servers under test, each a process of its own: our bot, what it is compared with, and the vendors it talks to.

Each one is `python -m benchmarks.servers.NAME PORT …` and answers a GET of `/livez` when it serves.
"""
