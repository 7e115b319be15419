"""Where the replicas of a soak are forked from."""

from tests.durability.nursery import main
from tests.soak.replica import live

if __name__ == "__main__":
    main(live)
