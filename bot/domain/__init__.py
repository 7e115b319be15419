"""The pure core: what a promotion is, what may happen to it, and what it needs next.

No I/O, clock, await or randomness: everything that a decision looks at is passed in.
"""
