"""Targets S1, S2, S5, S7, S8 and S9: what Greenlight costs, side by side with what it is measured against.

Run them with `make bench` (`QUICK=1` for a short run, `ROUNDS=` for more or fewer, `ONLY=S1,S2` for some). The
result is one table in `docs/performance.md`.

Absolute times do not travel from one machine to another, ratios do. So every reference is started in the same run,
the rounds of all subjects are interleaved, and what is told is the median of the rounds. A server has one core of
its own, the load and the simulated vendors have another one. Everything is on loopback.
"""
