"""The contract's assertions explain themselves as those of a test file do."""

import pytest

pytest.register_assert_rewrite(
    "tests.store.contract",
    "tests.store.contract_commit",
    "tests.store.contract_due",
    "tests.store.contract_questions",
    "tests.store.contract_slots",
    "tests.store.model",
)
