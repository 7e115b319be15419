"""The command line: run the bot, try it, check a catalog, record what is live."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bot.catalog import CatalogError, load_catalog
from bot.collector import for_good
from bot.domain.checkup import SUBJECTS
from bot.domain.policy import Kind
from bot.lifetime import until_stopped
from bot.logs import configure, log_what_nobody_caught
from bot.settings import Settings, SettingsError, load_settings, load_store_url

OK, FAILED, USAGE = 0, 1, 2
INTERRUPTED = 130  # what shells make of Ctrl-C
SERVING = ("run", "demo")  # until somebody ends them


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    arguments = _parser().parse_args(argv)
    command = COMMANDS[arguments.command]
    try:
        return command(arguments)
    except SettingsError as error:
        return _refuse(*error.problems)
    except CatalogError as error:
        return _refuse(*str(error).splitlines())
    except KeyboardInterrupt:
        return OK if arguments.command in SERVING else INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="greenlight", description="Takes a version of a service to production safely, from Slack."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("run", help="serve Slack, GitHub and PagerDuty")
    demo = commands.add_parser("demo", help="the bot in a playground: a small Slack in your browser")
    demo.add_argument("--port", type=int, default=8765, help="of the page (default 8765)")
    tour = commands.add_parser("tour", help="drive the playground through a promotion and a rollback")
    tour.add_argument("--url", default="", help="of a running playground (default: start one)")
    config = commands.add_parser("config", help="about promotions.yml")
    config.add_argument("action", choices=["check"])
    config.add_argument("file", nargs="?", type=Path, default=None, help="default: CATALOG")
    _add_manifest(commands.add_parser("manifest", help="what the Slack app or the GitHub App is made from"))
    _add_doctor(commands.add_parser("doctor", help="look at settings, vendors, services, store and clock"))
    _add_store(commands.add_parser("store", help="make, check or copy a store"))
    _add_audit(commands.add_parser("audit", help="verify or export the audit chain"))
    adopt = commands.add_parser("adopt", help="record what is live already, while the bot does not run")
    adopt.add_argument("release", metavar="SERVICE[@VERSION]")
    adopt.add_argument("environment")
    adopt.add_argument("--because", default="adopted from the command line", metavar="REASON")
    return parser


def _add_manifest(manifest: argparse.ArgumentParser) -> None:
    manifest.add_argument("vendor", choices=["slack", "github"])
    manifest.add_argument(
        "--url", default="", help="where the vendor reaches the bot (default: it does not; Slack by sockets)"
    )


def _add_doctor(doctor: argparse.ArgumentParser) -> None:
    doctor.add_argument("--json", action="store_true", help="for programs")
    doctor.add_argument(
        "--only", type=_subjects, default=SUBJECTS, metavar="SUBJECT,…", help=", ".join(SUBJECTS)
    )


def _subjects(text: str) -> tuple[str, ...]:
    asked = tuple(word.strip() for word in text.split(","))
    unknown = [word for word in asked if word not in SUBJECTS]
    if unknown:
        raise argparse.ArgumentTypeError(f"no {', '.join(unknown)}: name some of {', '.join(SUBJECTS)}")
    return asked


def _add_store(store: argparse.ArgumentParser) -> None:
    tools = store.add_subparsers(dest="tool", required=True, metavar="TOOL")
    for name, what in (
        ("create", "make a new store"),
        ("check", "look through a store, also while bots run"),
    ):
        tool = tools.add_parser(name, help=what)
        tool.add_argument("url", nargs="?", metavar="URL", help="default: STORE_URL")
    copy = tools.add_parser("copy", help="copy a store into a new one of any kind; no bot may run")
    copy.add_argument("source", metavar="FROM")
    copy.add_argument("target", metavar="TO")


def _add_audit(audit: argparse.ArgumentParser) -> None:
    tools = audit.add_subparsers(dest="tool", required=True, metavar="TOOL")
    verify = tools.add_parser("verify", help="check that every row follows from the one before it")
    export = tools.add_parser("export", help="print the rows, one JSON object a line")
    export.add_argument("--after", type=int, default=0, metavar="NUMBER", help="only rows after this one")
    for tool in (verify, export):
        tool.add_argument("url", nargs="?", metavar="URL", help="default: STORE_URL")


def _store(arguments: argparse.Namespace) -> int:
    """Make a store, look through one, or copy one."""
    from bot import operators

    if arguments.tool == "copy":
        source, target = (load_store_url({"STORE_URL": url}) for url in (arguments.source, arguments.target))
        return operators.move(source, target)
    return {"create": operators.create, "check": operators.check}[arguments.tool](_store_url(arguments))


def _audit(arguments: argparse.Namespace) -> int:
    """Verify or export the audit chain."""
    from bot import operators

    if arguments.tool == "verify":
        return operators.verify(_store_url(arguments))
    return operators.export(_store_url(arguments), arguments.after)


def _store_url(arguments: argparse.Namespace) -> str:
    return load_store_url() if arguments.url is None else load_store_url({"STORE_URL": arguments.url})


def _run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT."""
    settings = load_settings()
    configure(settings.log_level, settings.secrets())
    log_what_nobody_caught()
    with for_good():
        from bot.app import build
        from bot.store.protocol import StoreDown

        bot = build(settings)
    try:
        asyncio.run(until_stopped(bot.run))
    except StoreDown as down:
        return _refuse(str(down))
    return OK


def _doctor(arguments: argparse.Namespace) -> int:
    """Look at everything: 0 when all is well, 1 for something to know of, 2 for something to mend."""
    from bot.checkups import doctor

    return doctor(arguments.only, as_data=arguments.json)


def _demo(arguments: argparse.Namespace) -> int:
    from bot.playground.demo import demo

    asyncio.run(demo(arguments.port))
    return OK


def _tour(arguments: argparse.Namespace) -> int:
    from bot.playground.tour import tour

    return asyncio.run(tour(arguments.url))


def _config(arguments: argparse.Namespace) -> int:
    """Check a catalog: every problem with its line, then what this version cannot judge."""
    path: Path = arguments.file or _catalog_path()
    catalog = load_catalog(path)
    for warning in catalog.warnings:
        print(f"{path}: {warning}")
    pairs = sum(len(service.environments) for service in catalog.services.values())
    print(
        f"{path}: {len(catalog.services)} services, {pairs} rule sets, {len(catalog.warnings)} warnings. OK"
    )
    return OK


def _manifest(arguments: argparse.Namespace) -> int:
    """Print the manifest of an app; nothing is sent to anybody."""
    from bot.manifest import WrongUrl, github_manifest, slack_manifest

    write = {"slack": slack_manifest, "github": github_manifest}[arguments.vendor]
    try:
        print(write(arguments.url), end="")
    except WrongUrl as wrong:
        return _refuse(str(wrong))
    return OK


def _catalog_path() -> Path:
    return Path(os.environ.get("CATALOG", "promotions.yml"))


def _adopt(arguments: argparse.Namespace) -> int:
    """Record what is live; the bot that owns the store must not run meanwhile."""
    from bot.app import build
    from bot.domain.documents import Adoption
    from bot.ports import VendorError
    from bot.store.protocol import StoreDown

    settings: Settings = load_settings()
    bot = build(settings)
    service, _, version = arguments.release.partition("@")
    try:
        bot.catalog.current.rules(service, arguments.environment, Kind.PROMOTE)
    except KeyError as unknown:
        return _refuse(f"{settings.catalog} has no {unknown}: name a service and one of its environments.")
    adoption = Adoption(
        service=service,
        environment=arguments.environment,
        version=version,
        by="command line",
        reason=arguments.because,
        asked_in="",
        at=bot.clock.now(),
    )
    try:
        release = asyncio.run(bot.adopt(adoption))
    except (VendorError, StoreDown) as error:
        return _refuse(str(error))
    if release is None:
        named = version or "a version in the health body"
        return _refuse(f"I cannot find {named} for {service}: name a tag, a branch or a commit.")
    print(f"{service} {arguments.environment} runs {release.version} ({release.sha[:7]}), recorded.")
    return OK


def _refuse(*lines: str) -> int:
    for line in lines:
        print(line, file=sys.stderr)
    return FAILED


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "run": _run,
    "demo": _demo,
    "tour": _tour,
    "config": _config,
    "doctor": _doctor,
    "manifest": _manifest,
    "store": _store,
    "audit": _audit,
    "adopt": _adopt,
}

if __name__ == "__main__":
    sys.exit(main())
