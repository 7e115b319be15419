"""The playground's world at the start: five people, three services, and what runs where."""

from collections.abc import Mapping

from bot.playground.clock import WorldClock
from bot.playground.pagerduty.simulator import BOT_EMAIL, ROUTING_KEYS
from bot.playground.world import Person, Release, World, sha_for

ENVIRONMENTS = ("dev", "staging", "production")
SERVING = {
    "checkout": ("v2.14.3", "v2.14.3", "v2.14.2"),
    "storefront": ("v1.2.0", "v1.2.0", "v1.1.0"),
    "inventory": ("v1.2.0", "v1.1.0", "v1.1.0"),
}
PEOPLE = (
    Person("ana", "Ana", "U0ANA", "ana-dev", "PANA", "asks for promotions"),
    Person("bo", "Bo", "U0BO", "bo-dev", None, "release manager"),
    Person("cy", "Cy", "U0CY", "cy-dev", None, "release manager"),
    Person("dee", "Dee", "U0DEE", "dee-dev", "PDEE", "on call"),
    Person("eli", "Eli", "U0ELI", "eli-dev", None, "from another team"),
)
SECRETS = {
    "slack_signing": "playground-slack-signing-secret",
    "github_webhook": "playground-github-webhook-secret",
    "pagerduty_webhook": "playground-pagerduty-webhook-secret",
}
APP_TOKEN = "xapp-playground-greenlight"  # with it the bot opens sockets, and Slack comes through them


def build_world(clock: WorldClock) -> World:
    """The world as it is before anyone did anything."""
    serving = {
        (service, environment): Release(version, sha_for(service, version))
        for service, versions in SERVING.items()
        for environment, version in zip(ENVIRONMENTS, versions, strict=True)
    }
    return World(clock, {person.name: person for person in PEOPLE}, serving, dict(SECRETS))


def bot_settings(url: str, secrets: Mapping[str, str]) -> dict[str, str]:
    """The bot's tokens, secrets and vendor addresses for a playground at `url`; all of them are fake."""
    sim = f"{url}/sim"
    return {
        "SLACK_BOT_TOKEN": "xoxb-playground-greenlight",
        "SLACK_SIGNING_SECRET": secrets["slack_signing"],
        "SLACK_API_URL": f"{sim}/slack/api/",
        "GITHUB_TOKEN": "ghp_playground",
        "GITHUB_WEBHOOK_SECRET": secrets["github_webhook"],
        "GITHUB_API_URL": f"{sim}/github",
        "PAGERDUTY_API_KEY": "pd-playground-key",
        "PAGERDUTY_API_URL": f"{sim}/pagerduty",
        "PAGERDUTY_EVENTS_URL": f"{sim}/pagerduty",
        "PAGERDUTY_WEBHOOK_SECRET": secrets["pagerduty_webhook"],
        "PAGERDUTY_FROM": BOT_EMAIL,
        "PAGERDUTY_ROUTING_KEY": ROUTING_KEYS["checkout"],
        **{f"PAGERDUTY_ROUTING_KEY_{name.upper()}": key for name, key in ROUTING_KEYS.items()},
        "VALIDATIONS_SECRET": "playground-validations-secret",
        "LOG_LEVEL": "INFO",
    }
