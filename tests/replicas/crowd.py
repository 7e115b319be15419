"""More people than the playground has: all of them release managers, in Slack and in the catalog."""

from pathlib import Path

from bot.playground.world import Person
from tests.replicas.crew import Crew

MANAGERS = "  release-managers: {members: [bo, cy]}"
PEOPLE = "\nteams:\n"


class Crowd(Crew):
    """A crew in whose world so many more people may approve."""

    def __init__(self, directory: Path, url: str, count: int, many: int) -> None:
        super().__init__(directory, url, count)
        self.many = [f"m{number:02}" for number in range(many)]
        for name in self.many:
            person = Person(name, name.upper(), f"U0{name.upper()}", f"{name}-dev", None, "release manager")
            self.world.people[name] = person
            self.playground.slack.workspace.channel("deploys").members.append(person.slack)

    async def bot_starts(self) -> None:
        """Write everybody into the catalog, and start the replicas."""
        self._writes_catalog(Path(self.playground.bot_environment()["CATALOG"]))
        await super().bot_starts()

    def _writes_catalog(self, path: Path) -> None:
        text = path.read_text()
        assert text.count(MANAGERS) == text.count(PEOPLE) == 1
        rows = "".join(f"  {name}: {{slack: U0{name.upper()}, github: {name}-dev}}\n" for name in self.many)
        managers = MANAGERS.replace("cy]", ", ".join(("cy", *self.many)) + "]")
        path.write_text(text.replace(MANAGERS, managers).replace(PEOPLE, f"\n{rows.rstrip()}\n{PEOPLE}"))
