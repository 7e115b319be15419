"""The faults and attacks that are promised to be withstood, each with the tests that prove it."""
