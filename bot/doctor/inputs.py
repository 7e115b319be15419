"""The inputs that the catalog sends, against those that a workflow file takes: GitHub starts nothing that differs."""

from collections.abc import Iterable, Sequence

from blocks.words.advice import workflow as words
from bot.doctor.chart import Chart
from bot.doctor.sent import NEW_EACH_TIME, Sending, Sent
from bot.doctor.workflow_file import BOOLEANS, Input, WorkflowFile
from bot.domain.templates import placeholders


def judge(chart: Chart, sent: Sent, sendings: Iterable[Sending], file: WorkflowFile) -> None:
    """Compare names and, where a file takes only some, values."""
    declared, given = file.inputs or {}, dict(sent.rule.inputs)
    for name, template in given.items():
        if name not in declared:
            chart.fails("inputs", sent.about, words.input_absent(name))
        elif declared[name].values is not None:
            _values(chart, sent, name, declared[name], _filled(template, sendings))
    for name, one in declared.items():
        if one.is_required and not one.has_default and name not in given:
            chart.fails("inputs", sent.about, words.input_not_sent(name))


def environments_taken(sent: Sent, sendings: Iterable[Sending], file: WorkflowFile) -> frozenset[str]:
    """What is sent to inputs that take names of environments."""
    names = [name for name, one in (file.inputs or {}).items() if one.is_environment]
    given = [template for name, template in sent.rule.inputs if name in names]
    filled = [value for template in given for value in _filled(template, sendings)]
    return frozenset(value for value in filled if not placeholders(value))


def _filled(template: str, sendings: Iterable[Sending]) -> list[str]:
    return sorted({sending.filled(template) for sending in sendings})


def _values(chart: Chart, sent: Sent, name: str, declared: Input, values: Sequence[str]) -> None:
    takes = declared.values or ()
    refused = [value for value in values if value not in takes and not _may_fit(value, takes)]
    if refused:
        chart.fails("inputs", sent.about, words.value_refused(name, takes, refused))
    for value in values:
        if placeholders(value) and value not in refused:
            chart.warns("inputs", sent.about, words.value_uncertain(name, takes, value))


def _may_fit(value: str, takes: tuple[str, ...]) -> bool:
    """Whether something that is known only later can be one of a few values."""
    later = frozenset(placeholders(value))
    return bool(later) and not later & NEW_EACH_TIME and takes != BOOLEANS
