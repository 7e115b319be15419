"""A catalog that cannot work is refused as a whole, with the line and what to write instead."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalog import CatalogError, parse_catalog
from tests.small_catalog import SMALL, catalog_of, refusal_of, small

PRODUCTION = "environments.production"
WRONG = [
    # names and keys
    ("channel: deploys", "channel: '#deploys'", 3,
     '`slack.channel` must be a Slack channel without #, such as deploys, got "#deploys".'),
    ("    wait: 10m", "    wiat: 10m", 21,
     f"`{PRODUCTION}.wiat` is not a key that I know: did you mean `wait`?"),
    ("  releasers:", "  nobody:\n    members: [bo]\n  releasers:", 9,
     "`teams.nobody` has a name that means something else: choose another."),
    ("{members: [bo, cy]}", "{members: []}", 9,
     "`teams.releasers.members` is empty: name at least one of `people`."),
    ("{members: [bo, cy]}", "{members: [bo, cyy]}", 9,
     "`teams.releasers.members[1]` names the unknown person cyy: did you mean cy?"),
    ("{members: [bo, cy]}", "{members: [bo, cy, bo]}", 9,
     "`teams.releasers.members[2]` names bo again: once is enough."),
    ("{slack_group: S0WEB}", "{slack_group: S0WEB, github_team: acme/web}", 10,
     "`teams.web` needs exactly one source: members, slack_group, github_team or pagerduty_schedule."),
    ("{slack_group: S0WEB}", "{}", 10,
     "`teams.web` needs exactly one source: members, slack_group, github_team or pagerduty_schedule."),
    ("ana: {slack: U0ANA}", "ana: {slack: ana@acme.example}", 5,
     "`people.ana.slack` must be a Slack member id such as U0ANA, never a name or e-mail, "
     'got "ana@acme.example".'),
    ("cy: {slack: U0CY}", "cy: {slack: U0BO}", 7,
     "`people.cy.slack` is also the account of bo: one person, one entry."),
    ("cy: {slack: U0CY}", "cy: {slack: U0CY, github: BO-dev}", 7,
     "`people.cy.github` is also the account of bo: one person, one entry."),
    ("  shop:\n", "  Shop_1:\n", 23,
     '`services.Shop_1` must be lower-case letters, digits and hyphens, such as checkout, got "Shop_1".'),
    ("    repo: acme/shop\n", "", 23,
     "`services.shop.repo` is missing: write owner/name, such as acme/checkout."),
    ("repo: acme/shop", "repo: 12", 24,
     '`services.shop.repo` must be owner/name, such as acme/checkout, got the number 12: put it in quotes, "12".'),
    ("    owner: releasers", "    owner: relasers", 25,
     "`services.shop.owner` names the unknown team relasers: did you mean releasers?"),
    # values
    ("timezone: UTC", "timezone: Europe/Pariss", 1,
     '`timezone` must be an IANA time zone such as Europe/Paris, got "Europe/Pariss".'),
    ("wait: 10m", "wait: 10", 21,
     f"`{PRODUCTION}.wait` must be a time such as 10s, 30m, 4h or 90d, got 10."),
    ("wait: 10m", "wait: 900d", 21, f'`{PRODUCTION}.wait` must be a year or less, got "900d".'),
    ("wait: 10m", "self_approval: yes", 21,
     f'`{PRODUCTION}.self_approval` must be true or false, got "yes".'),
    ("wait: 10m", "branches: main", 21, f'`{PRODUCTION}.branches` must be a list such as [a, b], got "main".'),
    ("wait: 10m", "branches: [release/*]", 21,
     f'`{PRODUCTION}.branches[0]` must be one branch or tag such as main, without refs/heads/ before it, got "release/*".'),
    ("wait: 10m", "branches: [refs/heads/main]", 21,
     f'`{PRODUCTION}.branches[0]` must be one branch or tag such as main, without refs/heads/ before it, '
     'got "refs/heads/main".'),
    ("wait: 10m", "on_failure: {page: criticl}", 21,
     f"`{PRODUCTION}.on_failure.page` must be one of critical, error, warning, info, "
     'got "criticl". Did you mean critical?'),
    ("wait: 10m", "closed: [{days: monday, from: '22:00', to: '06:00'}]", 21,
     f'`{PRODUCTION}.closed[0].days` must be days such as mon-fri or sat,sun, got "monday".'),
    # gates
    ("health: {attempts: 3}", "helth: {attempts: 3}", 18,
     f"`{PRODUCTION}.gates.helth` is not a kind of gate: did you mean health? "
     "A gate with a name of its own says `use`."),
    ("health: {attempts: 3}", "health-now: {use: helth}", 18,
     f'`{PRODUCTION}.gates.health-now` uses "helth", which is not a kind of gate: did you mean health?'),
    ("health: {attempts: 3}", "health: {atempts: 3}", 18,
     f"`{PRODUCTION}.gates.health.atempts` is not a key that I know: did you mean `attempts`?"),
    ("health: {attempts: 3}", "health: {attempts: 0}", 18,
     f"`{PRODUCTION}.gates.health.attempts` must be 1 or more, got 0."),
    ("health: {attempts: 3}", "health: {of: before}", 18,
     f'`{PRODUCTION}.gates.health.of` must be one of after, target, got "before".'),
    ("health: {attempts: 3}", "health: 3", 18,
     f"`{PRODUCTION}.gates.health` must be a mapping, with keys of its own, got 3."),
    ("health: {attempts: 3}", "bundle: {max_growth: 5}", 18,
     f"`{PRODUCTION}.gates.bundle.max_growth` must be a percentage such as 5%, got 5."),
    ("health: {attempts: 3}", "checks: {required: [a], ignore: [a]}", 18,
     f"`{PRODUCTION}.gates.checks` both requires and ignores a: keep one of them."),
    ("health: {attempts: 3}", "readiness: {level: gold}", 18,
     f"`{PRODUCTION}.gates.readiness.level` names the unknown level gold: the file has none."),
    ("  dev:\n", "  dev: {gates: {health: {}}}\n", 12,
     "`environments.dev.gates.health` looks at the environment before, and dev is the first of shop: "
     "add of: target."),
    ("    health: https://shop.{environment}.acme.example/health\n", "", 23,
     f"`services.shop.health` is missing: `{PRODUCTION}.gates.health` needs its URL."),
    ("wait: 10m", "verify: {health: {attempts: 1, version: $.version}}", 21,
     f"`{PRODUCTION}.verify.health.attempts` must be 2 or more: the version must be seen twice in a row."),
    ("wait: 10m", "verify: {health: {version: version}}", 21,
     f'`{PRODUCTION}.verify.health.version` must be a path into JSON such as $.version, got "version".'),
    ("wait: 10m", "verify: {health: {of: after}}", 21,
     f"`{PRODUCTION}.verify.health.of` cannot be after: what is verified is the target."),
    # the path
    ("after: staging", "after: stagin", 16,
     f"`{PRODUCTION}.after` names the unknown environment stagin: did you mean staging?"),
    ("after: dev", "after: production", 14,
     "`environments.staging.after` makes a circle (staging after production after staging): "
     "one of them must come first."),
    ("  dev:\n", "  dev:\n  eu:\n", 24,
     "`services.shop.environments` mixes paths: dev and eu have nothing before them. "
     "Name the environments of one."),
    ("    owner: releasers", "    environments: [dev, prod]", 25,
     "`services.shop.environments[1]` names the unknown environment prod: the file has dev, staging, production."),
    ("    owner: releasers", "    environments: []", 25,
     "`services.shop.environments` is empty: name one, or leave the key out for all of them."),
    # approvals
    ("count: 2", "count: 0", 20, f"`{PRODUCTION}.approvals[0].count` must be 1 or more, got 0."),
    ("count: 2", "count: two", 20, f'`{PRODUCTION}.approvals[0].count` must be a whole number, got "two".'),
    ("count: 2", "count: 3", 20,
     f"`{PRODUCTION}.approvals[0].count` is 3, and releasers has 2 members: nobody can meet it."),
    ("from: releasers}", "from: relesers}", 20,
     f"`{PRODUCTION}.approvals[0].from` names the unknown team relesers: did you mean releasers?"),
    ("from: releasers}", "from: releasers}\n      - {from: owner}", 19,
     f"`{PRODUCTION}.approvals` needs 3 different people: bo, cy cannot fill every rule."),
    ("from: releasers}", "from: web}\n      - {count: 19, from: web}", 19,
     f"`{PRODUCTION}.approvals` asks for more than 20 approvals in all."),
    ("environments:\n", "roles: {request: [releasers]}\nenvironments:\n", 20,
     f"`{PRODUCTION}.approvals` cannot be met: everyone who may ask is needed to approve. Add people."),
    ("wait: 10m", "rollback: {approvals: [{count: 3, from: releasers}]}", 21,
     f"`{PRODUCTION}.rollback.approvals[0].count` is 3, and releasers has 2 members: nobody can meet it."),
    ("wait: 10m", "skip_wait: [wep]", 21,
     f"`{PRODUCTION}.skip_wait[0]` names the unknown team wep: did you mean web?"),
    ("environments:\n", "roles: {freeze: []}\nenvironments:\n", 11,
     "`roles.freeze` is empty: write [nobody] if that is what you mean."),
    ("environments:\n", "roles: {freeze: [nobody, web]}\nenvironments:\n", 11,
     "`roles.freeze` says nobody and somebody: keep one of them."),
    ("environments:\n", "roles: {freeze: [releaser]}\nenvironments:\n", 11,
     "`roles.freeze[0]` names the unknown team releaser: did you mean releasers?"),
    # workflows and URLs
    ("workflow: deploy.yml", "workflow: ../deploy.yml", 27,
     '`services.shop.deploy.workflow` must be a file name such as deploy.yml, got "../deploy.yml".'),
    ('sha: "{sha}"', 'sha: "{shaa}"', 29,
     "`services.shop.deploy.inputs.sha` has the unknown placeholder {shaa}: did you mean {sha}?"),
    ('sha: "{sha}"', 'sha: "{ sha }"', 29,
     "`services.shop.deploy.inputs.sha` has the unknown placeholder { sha }: did you mean {sha}?"),
    ('sha: "{sha}", ', "", 29,
     '`services.shop.deploy.inputs` must hand over what to deploy: add sha: "{sha}".'),
    (', run: "{correlation_id}"', "", 29,
     "`services.shop.deploy.inputs` must hand over the id that the run is found by: "
     'add correlation_id: "{correlation_id}".'),
    ("https://shop.", "ftp://shop.", 30,
     '`services.shop.health` must begin with https:// or http://, got "ftp://shop.x.acme.example/health".'),
    ("https://shop.", "https://me:pw@shop.", 30,
     "`services.shop.health` must not name a user or password: a URL of the catalog is read by everyone."),
    ("https://shop.{environment}.acme.example", "http://169.254.169.254", 30,
     "`services.shop.health` must not be a link-local address: no probe goes there."),
    ("https://shop.{environment}.acme.example", "https://", 30,
     '`services.shop.health` must name a host, got "https:///health".'),
    ("{environment}.acme", "{env}.acme", 30,
     "`services.shop.health` has the unknown placeholder {env}: it may use {service}, {environment}."),
    ("env:PAGERDUTY_ROUTING_KEY_SHOP", "R0SECRETKEY", 31,
     "`services.shop.pagerduty.routing_key` must name an environment variable, "
     "such as env:PAGERDUTY_ROUTING_KEY: keep the key itself out."),
    # YAML
    ("  dev:\n", "  dev:\n  dev:\n", 13, "`environments.dev` is written twice, first on line 12."),
    ("  dev:\n", "  dev: &d {}\n", 12, "uses an anchor or an alias (`&name`, `*name`): write the value out."),
    ("  dev:\n", "  dev: *d\n", 12, "uses an anchor or an alias (`&name`, `*name`): write the value out."),
    ("  dev:\n", "  dev: !!python/object:os.system {}\n", 12,
     "uses the tag `tag:yaml.org,2002:python/object:os.system`: tags are not allowed, write a plain value."),
    ("  dev:\n", "  ? [dev]\n  : {}\n", 12, "has a key that is not a word."),
    ("  dev:\n", "  dev:\n\t- a\n", 13,
     "is not YAML: a value begins with a tab or a special character; "
     "indent with spaces, put the value in quotes."),
    ("services:", "---\nservices:", 23, "holds a second document: keep one, without `---`."),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "line", "sentence"), WRONG)
def test_one_mistake_is_one_sentence(before: str, after: str, line: int, sentence: str) -> None:
    """Each mistake is told once, at its line, with what to write instead."""
    assert refusal_of(small((before, after))) == (f"promotions.yml line {line}: {sentence}",)


def test_all_mistakes_are_told_at_once() -> None:
    """A misspelt key hides neither a key written twice nor a name that does not exist."""
    text = small(("    wait: 10m", "    wiat: 10m"), ("  dev:\n", "  dev:\n  dev:\n"), ("bo, cy", "bo, cyy"))
    assert [sentence.split("`")[0] + sentence.split("`")[1] for sentence in refusal_of(text)] == [
        "promotions.yml line 9: teams.releasers.members[1]",
        "promotions.yml line 13: environments.dev",
        "promotions.yml line 22: environments.production.wiat",
    ]


def test_a_thousand_mistakes_are_a_hundred_lines() -> None:
    """What is told stays readable, and says how much more there is."""
    people = "".join(f"  p{number}: {{slack: wrong}}\n" for number in range(1000))
    told = refusal_of(small(("people:\n", f"people:\n{people}")))
    assert len(told) == 101
    assert told[-1].endswith("900 more problems from here on.")


def test_a48_control_characters_of_a_file_are_not_repeated() -> None:
    """A file cannot write into the terminal or the log that shows its mistakes."""
    (told,) = refusal_of(small(("timezone: UTC", 'timezone: "\\e[31mUTC\\n"')))
    assert told.isprintable()


FLOOD = "".join(
    f"  s{number}: {{repo: a/b, deploy: {{workflow: d.yml, ref: main}}}}\n" for number in range(10_000)
)
ATTACKS: dict[str, tuple[str | bytes, str]] = {
    "alias bomb": ("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", "line 1: uses an anchor or an alias"),
    "50 MB": ("x" * 50_000_000, "is larger than 1 MB"),
    "10,000 services": (SMALL + FLOOD, "line 5031: `services` has more than 5000 entries."),
    "deep lists": ("a: " + "[" * 500_000, "line 1: is nested more than 30 levels deep."),
    "deep mappings": ("{a: " * 100_000, "line 1: is nested more than 30 levels deep."),
    "one key again and again": ("a: {" + "k: v, " * 150_000 + "}", "line 1: `a` has more than 5000 entries."),
    "python object": ("!!python/object/apply:os.system [id]", "line 1: uses the tag"),
    "long text": ("a: " + "x" * 900_000, "line 1: holds a text of more than 10000 characters."),
    "long key": ("? " + "x" * 900 + "\n: 1\n", "line 1: has a key of more than 200 characters."),
    "no text": (b"\xff\xfe\x00", "line 1: is not UTF-8 text"),
    "null byte": ("a: \x00", "is not YAML"),
    "nothing": ("", "is empty"),
    "a list": ("- a\n", "line 1: must be a mapping"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a54_what_only_an_attack_needs_is_refused_at_once(attack: str) -> None:
    """One sentence: the reader stops at the first sign of it. The time it takes is printed, not judged."""
    text, sentence = ATTACKS[attack]
    raw = text if isinstance(text, bytes) else text.encode()
    begun = time.process_time()
    (told,) = refusal_of(raw)
    print(f"{attack}: {(time.process_time() - begun) * 1000:.0f} ms of this process's time")
    assert told.removeprefix("promotions.yml").removeprefix(":").strip().startswith(sentence)


LINES = SMALL.splitlines(keepends=True)
SCRAPS = st.sampled_from(
    ["", "{", "[", "- ", ": ", "null", "9", "'", "&a ", "{sha}", "true", "\n", "  ", "é", "@"]
)


def is_told(text: str) -> bool:
    """Whether a file is a catalog, or is refused in words; anything else is raised."""
    try:
        return bool(parse_catalog(text.encode()).services)
    except CatalogError as refused:
        return all(problem.sentence for problem in refused.problems) and bool(refused.problems)


@settings(max_examples=300)
@given(st.integers(0, len(SMALL)), st.integers(0, 30), SCRAPS)
def test_no_broken_file_breaks_the_reader(at: int, gone: int, scrap: str) -> None:
    """Whatever is cut out and put in, a file is a catalog or it is refused in words."""
    assert is_told(SMALL[:at] + scrap + SMALL[at + gone :])


@given(st.sampled_from(range(len(LINES))), st.sampled_from(range(len(LINES))))
def test_no_shuffled_file_breaks_the_reader(first: int, second: int) -> None:
    """Lines that changed places are a catalog or are refused in words."""
    lines = list(LINES)
    lines[first], lines[second] = lines[second], lines[first]
    assert is_told("".join(lines))


def test_a_catalog_of_five_thousand_services_loads() -> None:
    """The limit is far above what is needed, and what it allows works."""
    many = "".join(
        f"  s{number}: {{repo: acme/s{number}, owner: releasers, health: 'https://x.example/', "
        "deploy: {workflow: d.yml, ref: main}}\n"
        for number in range(4_999)
    )
    assert len(catalog_of(("services:\n", f"services:\n{many}")).services) == 5_000
