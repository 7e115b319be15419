"""Letters: direct messages to one person, not in their quiet hours, and not to somebody who wants none."""

import logging

from blocks import letters
from bot.domain.letters import REMINDERS, WriteLetter
from bot.domain.messages import EffectDone, EffectFailed, Fact
from bot.domain.preferences import quiet_until, zone_of
from bot.performers.tools import Scene, Tools
from bot.ports import Refused, Unclear

log = logging.getLogger(__name__)


async def write_letter(tools: Tools, scene: Scene, effect: WriteLetter) -> tuple[Fact, ...]:
    """Write the letter, put it off to the end of quiet hours, or leave it: nobody is written to twice."""
    wishes = await tools.wishes.of(effect.to.name)
    done = EffectDone(scene.promotion.id, effect.key, shown=effect.shown)
    if effect.occasion in REMINDERS and not wishes.reminders:
        return (done,)
    quiet = quiet_until(wishes, tools.clock.now(), zone_of(tools.wishes.zone(effect.to)))
    if quiet is not None:
        return (EffectFailed(scene.promotion.id, effect.key, "quiet hours", quiet),)
    try:
        await _write(tools, effect)
    except (Refused, Unclear) as lost:  # it may be there, or never will be: the card says it all anyway
        log.warning("letter not written", extra={"person": effect.to.name, "why": str(lost)})
    return (done,)


async def _write(tools: Tools, effect: WriteLetter) -> None:
    words = letters.letter(effect.occasion, effect.face, await _address(tools, effect), tools.clock.now())
    await tools.chat.direct(effect.to.slack, words.text, words.blocks)


async def _address(tools: Tools, effect: WriteLetter) -> str:
    """Where the card is; the words are worth writing without it."""
    try:
        return await tools.chat.permalink(effect.channel, effect.ts)
    except (Refused, Unclear) as unknown:
        log.warning("letter without an address", extra={"why": str(unknown)})
        return ""
