"""The doctor: looks at settings, catalog, vendors, services, store and clock, and says what to mend and how.

It changes nothing. One thing it causes: GitHub sends a `ping` to each repository's webhook, which proves the secret.
"""
