"""Home: somebody opens theirs, and the buttons on it that are about no promotion."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from blocks import home, question_views, replies
from bot.domain import lines
from bot.domain.errors import NotChecked, NotInPeople
from bot.domain.face import WantedForm
from bot.domain.home import Step
from bot.domain.policy import Person
from handlers import doctor, preferences, request_form, shortcuts
from handlers.desk import Desk, Trigger
from handlers.payloads import Caller, Click
from handlers.whereabouts import mine

Press = Callable[[Desk, Trigger], Awaitable[None]]


async def opened(desk: Desk, person: Person) -> None:
    """Somebody looks at their Home: it is published at once, from the store alone."""
    desk.homes.opened(person.name)


async def knocked(desk: Desk, caller: Caller) -> None:
    """Somebody opens Home who may be nobody: who can let them in, unless no catalog can.

    Whose account is not read yet waits for that.
    """
    found = desk.accounts.identify(caller.user, caller.team, caller.app)
    if isinstance(found, Person):
        await opened(desk, found)
    elif isinstance(found, NotChecked):
        _wait(desk, caller)
    elif isinstance(found, NotInPeople) and not desk.limits.asks(caller.user):
        views = home.closed(replies.refused(found))
        desk.courier.send(lambda: desk.chat.publish_home(caller.user, views))


def _wait(desk: Desk, caller: Caller) -> None:
    """Slack tells of an opened Home once: it is published when the account behind it is read."""
    for person in desk.catalog().people.values():
        if person.slack == caller.user:
            desk.homes.knocked(person.name)


def learns(desk: Desk, person: Person, meaning: object) -> None:
    """A line that is one of a newcomer's first steps."""
    step = STEPS.get(type(meaning))
    if step is not None:
        desk.homes.did(person.name, step)


async def press(desk: Desk, person: Person, click: Click) -> None:
    """Do what one of Home's own buttons says."""
    await PRESSES[click.action](desk, Trigger(click.trigger, person, click.channel))


async def _promote(desk: Desk, trigger: Trigger) -> None:
    await request_form.open_request(desk, trigger, WantedForm(request_form.NAME))


async def _help(desk: Desk, trigger: Trigger) -> None:
    services = await mine(desk, trigger.person) or tuple(desk.catalog().services)
    shortcuts.show(desk, trigger.id, question_views.help_text(services[0] if services else "checkout"))


async def _doctor(desk: Desk, trigger: Trigger) -> None:
    tell = partial(desk.whisper, "", trigger.person)
    tell(await doctor.answer(desk, trigger.person, tell))


async def _skip(desk: Desk, trigger: Trigger) -> None:
    for step in Step:
        desk.homes.did(trigger.person.name, step)
    desk.homes.opened(trigger.person.name)


STEPS: Mapping[type, Step] = {lines.AskPlan: Step.PLANNED, lines.AskWhy: Step.DECIDED}
PRESSES: Mapping[str, Press] = {
    home.PROMOTE: _promote,
    home.STATUS: shortcuts.show_status,
    home.DOCTOR: _doctor,
    home.PREFERENCES: preferences.open_preferences,
    home.HELP: _help,
    home.SKIP: _skip,
}
