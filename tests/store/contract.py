"""What every store must do. A store's own tests give the fixtures `store` and `reopen` and inherit this."""

from tests.store.contract_commit import CommitContract
from tests.store.contract_due import DueContract
from tests.store.contract_questions import QuestionsContract
from tests.store.contract_slots import SlotContract


class StoreContract(CommitContract, SlotContract, DueContract, QuestionsContract):
    """The whole contract."""
