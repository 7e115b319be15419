"""The rules, checks and codes of the experience, each with a test by its name: what people see, by the simulator's ledger."""
