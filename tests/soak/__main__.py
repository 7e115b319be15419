"""`make soak`: ten minutes of trouble, one table, and exit 1 when anything was lost, doubled or stuck."""

import argparse
import asyncio
import secrets
import sys
import tempfile
from pathlib import Path

from tests.soak.reaper import Pace
from tests.soak.soak import Size, soak
from tests.soak.table import table

HEALING = 180.0  # real seconds for everything to end, at most
LONG = Pace(bots=10.0, redis=60.0, stops=30.0, handovers=60.0)


async def main(seconds: float, seed: int, keep: Path | None) -> int:
    """Soak, print, and say whether it was good."""
    size = Size(seconds, HEALING, services=30, most=24, pace=LONG)
    print(
        f"soaking for {seconds:.0f} s, seed {seed} (SEED={seed} does the same again, in spirit)", flush=True
    )
    with tempfile.TemporaryDirectory(prefix="greenlight-soak-") as name:
        async with soak(keep or Path(name), size, seed) as one:
            await one.runs()
            print(table(one), flush=True)
            return 0 if one.verdict.is_good else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600.0, help="real seconds of trouble")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--keep", type=Path, default=None, help="a new directory for logs and Redis' files")
    return parser.parse_args()


if __name__ == "__main__":
    asked = _arguments()
    sys.exit(asyncio.run(main(asked.seconds, asked.seed, asked.keep)))
