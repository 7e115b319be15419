"""What cannot be looked at for want of a setting or of the catalog."""

from blocks.words.advice import general
from bot.doctor.case import Case
from bot.doctor.chart import Chart
from bot.domain.checkup import Advice


def lacks_setting(chart: Chart, case: Case, name: str) -> None:
    """Write down that nothing of the subject was looked at, because this setting cannot be used."""
    _lacks(chart, case, "settings", name, general.not_examined(name))


def lacks_catalog(chart: Chart, case: Case) -> None:
    """Write down that what the catalog names was not looked at, because the catalog cannot be used."""
    _lacks(chart, case, "catalog", case.file.name, general.without_catalog())


def _lacks(chart: Chart, case: Case, subject: str, about: str, advice: Advice) -> None:
    """The FAIL stands with what is to be mended; where that was not asked for, this is the FAIL."""
    write = chart.warns if subject in case.asked else chart.fails
    write(subject, about, advice)
