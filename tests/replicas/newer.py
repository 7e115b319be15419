"""A replica of a newer version: the same bot, whose promotions have a document version that others do not know."""

from collections.abc import Sequence
from typing import Any, cast

from bot.app import T
from bot.store.codec import dump_promotion
from bot.store.redis import Argument, RedisStore
from bot.store.redis_script import Script
from tests.replicas.crew import Dressed
from tests.store.builders import promotion

OURS = dump_promotion(promotion(1)).partition(b",")[0]
THEIRS = b'{"v":99'
ONLY_IN_PROMOTIONS = b'"correlation":'


class NewerStore(RedisStore):
    """Writes promotions as version 99, and reads them."""

    async def _run(self, script: Script, *args: Argument) -> Any:
        return _known(await super()._run(script, *(_newer(one) for one in args)))


class Newer(Dressed):
    """Gives a replica the newer version's store."""

    def __call__(self, name: str, part: T) -> T:
        """The store of a newer version; the rest is the same."""
        if name != "store":
            return part
        return cast(T, NewerStore(cast(RedisStore, part).link))


def _newer(sent: Argument) -> Argument:
    if isinstance(sent, bytes) and ONLY_IN_PROMOTIONS in sent:
        assert sent.count(OURS) == 1
        return sent.replace(OURS, THEIRS)
    return sent


def _known(reply: Any) -> Any:
    if isinstance(reply, bytes):
        return reply.replace(THEIRS, OURS, 1)
    if isinstance(reply, Sequence) and not isinstance(reply, str):
        return [_known(one) for one in reply]
    return reply
