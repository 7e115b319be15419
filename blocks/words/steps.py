"""The deploy as it goes: the dispatch, the run's steps, the verification, and a run that cannot be found."""

from collections.abc import Callable, Sequence

from blocks.text import count_of, date, duration, link, raw, untrusted
from blocks.words import names
from bot.domain.face import Face, State
from bot.domain.policy import Kind

MARKS = {
    "pending": "▫️",
    "running": ":hourglass_flowing_sand:",
    "succeeded": ":white_check_mark:",
    "failed": ":x:",
    "skipped": "▫️",
}


def run(face: Face) -> str:
    """The run with its number, linked; nothing when there is none."""
    if face.run_id is None:
        return ""
    again = f", attempt {face.attempt}" if face.attempt > 1 else ""
    return f"{link(face.run_url, f'run {face.run_id}')}{again}"


def started(face: Face) -> str:
    """The first step, as plain text: the workflow that was dispatched."""
    number = f" (run {face.run_id})" if face.run_id is not None else ""
    return f"Start {raw(face.workflow, 80) or 'the deploy workflow'}{number}"


def progress(face: Face) -> str:
    """Where the deploy is, counted as the plan counts: the start is its first step, and those of the run follow."""
    if not face.steps:
        return ""
    if face.steps_total:
        return _progress_of_many(face)
    most = len(face.steps) + 1
    at = next((place for place, step in enumerate(face.steps) if step.status in ("running", "failed")), None)
    if at is None:
        done = sum(step.status in ("succeeded", "skipped") for step in face.steps) + 1
        return f", {done} of {most} steps done"
    return f", step {at + 2} of {most}: {untrusted(face.steps[at].name, 80)}"


def _progress_of_many(face: Face) -> str:
    """A run with more steps than are kept is told by numbers, and by what it is at."""
    done = f", {face.steps_done + 1} of {face.steps_total + 1} steps done"
    at = next((step.name for step in face.steps if step.status in ("failed", "running")), "")
    return f"{done}, at {untrusted(at, 80)}" if at else done


def usual(face: Face) -> str:
    """How long it usually takes there: `, usual 3 min`; nothing when nobody knows."""
    return f", usual {duration(face.usual)}" if face.usual is not None else ""


def done(titles: Sequence[str], more: int = 0) -> str:
    """The steps that are behind, in one line; `more` of them are not listed."""
    last = untrusted(titles[-1], 80)
    return f"{MARKS['succeeded']} {count_of(len(titles) + more, 'step')} done, last: {last}"


def run_done(face: Face) -> str:
    """The whole run in one step, once it is verified what came of it; plain text."""
    return f"Deploy: {count_of(face.steps_total or len(face.steps), 'step')} done"


def verify(label: str) -> str:
    """A check after the deploy, as a step; plain text."""
    return f"Verify {label.lower()}"


def plan_title(face: Face) -> str:
    """The title of the plan block, as plain text."""
    service, version, environment = raw(face.service, 60), raw(face.version, 80), raw(face.environment, 40)
    if face.state is State.VERIFYING:
        return f"Verifying {service} {version} in {environment}"
    if face.kind is Kind.ROLLBACK:
        return f"Rolling {service} in {environment} back to {version}{usual(face)}"
    return f"Deploying {service} {version} to {environment}{usual(face)}"


def starting(face: Face) -> str:
    """What is being done between the intent and the run."""
    if face.unclear:
        return (
            f"GitHub’s answer to {names.workflow(face)} was not clear ({untrusted(face.unclear, 120)}). "
            "I am looking for the run and will not start it twice."
        )
    return f"Asking GitHub to start {names.workflow(face)}."


def stopping(face: Face) -> str:
    """A cancel that is on its way: nothing is claimed before GitHub says it."""
    if face.run_id is None and face.asked_github_at is None:
        return (
            "My store took over from another one and may have forgotten a run of it: I look for that first. "
            "If there is one I ask GitHub to stop it; if there is none, this is cancelled."
        )
    if face.run_id is None:
        return (
            "Nothing can be stopped before GitHub has named the run; as soon as it does, I ask it to stop it."
        )
    if face.unstopped:
        return (
            f"I could not cancel it: {not_stopped(face)}. "
            "The deploy may go on. I keep asking; stop it in GitHub or where it runs."
        )
    return "I am asking GitHub to stop the run; until it says that it did, the deploy may go on."


def not_stopped(face: Face) -> str:
    """What GitHub has made of our requests to stop a run that goes on."""
    match face.stop:
        case "forced":
            return "GitHub has not stopped the run, though I asked it to by force"
        case "asked":
            return "GitHub took my request to stop the run, and has not stopped it"
        case "":
            return "GitHub does not take my request to stop the run"


def unknown(face: Face, tell: Callable[[float], str] = date) -> str:
    """E18: why the outcome is unknown, and what will not be done about it; `tell` writes the moment."""
    if face.lost:
        return (
            f"I followed run {face.run_id}, and GitHub does not show it to me any more. I keep looking, and go on by "
            "myself as soon as it does; I start nothing meanwhile."
        )
    if face.run_id is not None:
        return f"Run {face.run_id} has not told me how it ended. I will not start it again by myself."
    when = f" at {tell(face.asked_github_at)}" if face.asked_github_at is not None else ""
    return (
        f"I asked GitHub to start {names.workflow(face)}{when} and have not seen a run. "
        "I will not start it again by myself."
    )


def waiting_in_github(face: Face) -> str:
    """A run that GitHub holds back."""
    if not face.waiting_in_github:
        return ""
    since = f" since {date(face.waiting_since)}" if face.waiting_since is not None else ""
    held = f"The run waits in GitHub{since} for a reviewer or a runner; nothing moves until it gets one."
    return f":hourglass_flowing_sand: {held}"


def extra_attempt(face: Face) -> str:
    """A re-run in GitHub after the end, or a run that nobody had seen until then: it changes nothing here."""
    if not face.extra_attempt:
        return ""
    if not face.attempt:
        return "Its run turned up in GitHub after the end; it does not change this result."
    by = f" by {untrusted(face.extra_by, 40)}" if face.extra_by else ""
    return f"Attempt {face.extra_attempt} was started in GitHub{by} after the end; it does not change this result."


def may_have_run(face: Face) -> bool:
    """Whether something may have changed: without a run, or when it never came to a step, nothing ran."""
    return face.run_id is not None and not face.nothing_ran
