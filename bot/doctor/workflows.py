"""The workflow files that the catalog names: whether they can be started, and their runs be recognized."""

import asyncio
from collections.abc import Iterator, Mapping
from functools import partial

from blocks.words.advice import github as words_of_github
from blocks.words.advice import workflow as words
from bot.catalog import Catalog
from bot.doctor import inputs
from bot.doctor.chart import Chart
from bot.doctor.expressions import BEGIN, inputs_in
from bot.doctor.inputs import environments_taken
from bot.doctor.sent import CORRELATION, ENVIRONMENT, Sending, Sent, everything_sent
from bot.doctor.workflow_file import NotAWorkflow, WorkflowFile, read_workflow
from bot.inspections import GitHubInspection
from bot.ports import Refused

FOLDER = ".github/workflows/"

Sendings = frozenset[Sending]


async def look(chart: Chart, catalog: Catalog, github: GitHubInspection, seen: Mapping[str, str]) -> None:
    """Judge each file once for everything that is sent to it; `seen` are the repositories that can be read."""
    named: dict[str, set[str]] = {repo: set() for repo in seen}  # environments
    files = [
        (sent.about, partial(_file, chart, github, sent, sendings, seen[sent.repo], named[sent.repo]))
        for sent, sendings in everything_sent(catalog, seen).items()
    ]
    await chart.each("workflow", files)
    repos = [
        (repo, partial(_environments, chart, github, repo, found)) for repo, found in named.items() if found
    ]
    await chart.each("environments", repos)


async def _file(
    chart: Chart, github: GitHubInspection, sent: Sent, sendings: Sendings, branch: str, named: set[str]
) -> None:
    path = FOLDER + sent.rule.workflow
    try:
        raw = await github.file(sent.repo, path, sent.rule.ref)
    except Refused as no:
        if no.code != "404":
            raise
        chart.fails("workflow", sent.about, words.missing(path, sent.rule.ref))
        return
    sheet = chart.aside()
    try:  # in a thread: whoever writes this file must not be able to hold up the bot
        named |= await asyncio.to_thread(_read, sheet, sent, sendings, raw)
    except NotAWorkflow as wrong:
        chart.fails("workflow", sent.about, words.unreadable(str(wrong)))
        return
    await _state(sheet, github, sent, branch)
    if not sheet.findings:
        sheet.passes("workflow", sent.about, words.fine(len(sent.rule.inputs)))
    chart.takes(sheet)


def _read(chart: Chart, sent: Sent, sendings: Sendings, raw: bytes) -> frozenset[str]:
    """Judge a file; the environments of GitHub that it names."""
    file = read_workflow(raw)
    _judge(chart, sent, sendings, file)
    return frozenset(_environments_of(sent, sendings, file)) | environments_taken(sent, sendings, file)


def _environments_of(sent: Sent, sendings: Sendings, file: WorkflowFile) -> Iterator[str]:
    """The environments that a file's jobs run in; of expressions only the input's."""
    carrying = sent.carrying(ENVIRONMENT)
    for written in file.environments:
        if BEGIN not in written:
            yield written
        elif inputs_in(written) & carrying:
            yield from (sending.environment for sending in sendings)


async def _state(chart: Chart, github: GitHubInspection, sent: Sent, branch: str) -> None:
    try:
        state = await github.workflow_state(sent.repo, sent.rule.workflow)
    except Refused as no:
        if no.code != "404":
            raise
        chart.fails("workflow", sent.about, words.unknown(branch))
        return
    if state != "active":
        chart.fails("workflow", sent.about, words.disabled(state))


def _judge(chart: Chart, sent: Sent, sendings: Sendings, file: WorkflowFile) -> None:
    if file.inputs is None:
        chart.fails("workflow", sent.about, words.no_dispatch())
        return
    inputs.judge(chart, sent, sendings, file)
    _recognition(chart, sent, file)
    _safety(chart, sent, file)


def _recognition(chart: Chart, sent: Sent, file: WorkflowFile) -> None:
    correlation = sent.carrying(CORRELATION)
    name = min(correlation, default=CORRELATION)
    if not file.named_in_run_name() & correlation:
        chart.fails("run-name", sent.about, words.no_correlation(name))
    elif not file.shown_in_run_name() & correlation:
        chart.warns("run-name", sent.about, words.correlation_uncertain(name))
    if not file.has_guard(correlation):
        chart.warns("guard", sent.about, words.no_guard())


def _safety(chart: Chart, sent: Sent, file: WorkflowFile) -> None:
    if not file.has_concurrency:
        chart.warns("concurrency", sent.about, words.no_concurrency())
    for action in file.unpinned(sent.repo.partition("/")[0]):
        chart.warns("actions", sent.about, words.unpinned(action))


async def _environments(chart: Chart, github: GitHubInspection, repo: str, named: set[str]) -> None:
    try:
        existing = {name.casefold() for name in await github.environments(repo)}
    except Refused as no:
        if no.code not in ("403", "404"):
            raise
        chart.warns("environments", repo, words_of_github.environments_hidden())
        return
    missing = sorted(name for name in named if name.casefold() not in existing)
    for name in missing:
        chart.warns("environments", repo, words_of_github.environment_missing(repo, name))
    if not missing:
        chart.passes("environments", repo, words_of_github.environments_fine(", ".join(sorted(named))))
