"""How a promotion ended, in words: where it failed, who ended it, what GitHub said, what follows."""

from blocks.text import date, untrusted
from blocks.words import evidence, names
from bot.domain.face import Face
from bot.domain.policy import Kind, Verdict
from bot.domain.promotion import Ending

_RENEW = "GitHub does not take my credentials any more: whoever runs me has to renew them."
_CONCLUSIONS = {
    "timed_out": "The run timed out in GitHub.",
    "failure": "GitHub says that the run failed, and names no step.",
    "startup_failure": "GitHub could not start the run: its workflow file is not one that it takes.",
    "action_required": "GitHub ended the run because somebody has to do something there first.",
    "neutral": "The run ended without saying that the deploy went well.",
    "skipped": "GitHub skipped the run: none of its jobs ran.",
    "stale": "GitHub gave the run up because nothing was heard of it for too long.",
}
_CAME_TO_NOTHING = {
    **{word: _CONCLUSIONS[word] for word in ("startup_failure", "action_required", "skipped", "timed_out")},
    "failure": "No runner took its jobs, or GitHub did not let them begin.",
}
_DROPPED = "GitHub dropped the pending run for a newer one of its concurrency group."


def where(face: Face) -> str:
    """Where a deploy failed: `at Smoke tests`, `in verification`."""
    match face.ending.cause if face.ending else "run":
        case "verification":
            return "in verification"
        case "timeout":
            return "by running out of time"
        case "concurrency" | "github":
            return "because GitHub stopped the run"
        case _:
            step = next((step.name for step in face.steps if step.status == "failed"), "")
            return f"at {untrusted(step, 80)}" if step else "in the run"


def by(face: Face) -> str:
    """Who ended it: ` by @bo`, ` in GitHub by ci-admin`; nothing when nobody did."""
    if face.ended_by is not None:
        return f" by {names.mention(face.ended_by)}"
    ending = face.ending
    if ending is None or not (ending.by or ending.cause == "github"):
        return ""
    who = f" by {untrusted(ending.by, 40)}" if ending.by else ""
    return f" in GitHub{who}" if ending.cause == "github" else who


def by_plain(face: Face) -> str:
    """The same without pinging anyone."""
    return f" by {names.person(face.ended_by)}" if face.ended_by is not None else by(face)


def said(ending: Ending | None, most: int = 300) -> str:
    """The person's reason or the vendor's sentence, quoted; nothing when there was none."""
    return f"“{untrusted(ending.said, most)}”" if ending and ending.said else ""


def why_failed(face: Face) -> str:
    """What is known of the failure beyond its place; nothing when the place says it all."""
    ending = face.ending
    if ending is None:
        return ""
    match ending.cause:
        case "timeout":
            return "The deploy took longer than its time limit (rule `deploy_timeout`)."
        case "concurrency":
            return _DROPPED
        case "github":
            return f"The run was cancelled{by(face)}."
        case "verification":
            return _not_verified(face)
        case _:
            return _conclusion(face, ending)


def _conclusion(face: Face, ending: Ending) -> str:
    """GitHub's word for the end, when no failed step says it all."""
    if not ending.said or any(step.status == "failed" for step in face.steps):
        return ""
    return _CONCLUSIONS.get(ending.said) or f"GitHub ended the run as “{untrusted(ending.said, 80)}”."


def _not_verified(face: Face) -> str:
    """What the failed check after the deploy saw."""
    unmet = [one for one in face.requirements if one.kind == "verify" and one.verdict is Verdict.UNMET]
    if not unmet:
        return "The service did not pass its checks after the deploy."
    return f"{evidence.safe_label(unmet[0])}: {untrusted(evidence.seen(unmet[0]), 200)}"


def could_not_start(face: Face) -> str:
    """E16, E17: GitHub's no to the dispatch, and who can mend it; or why its run never came to anything."""
    if face.nothing_ran:
        return _came_to_nothing(face)
    sentence = said(face.ending) or "without a sentence"
    remedy = _remedy(face, face.ending.said if face.ending else "")
    return f"GitHub refused to start {names.workflow(face)}: {sentence}. {remedy}\n*Nothing was deployed.*"


def _came_to_nothing(face: Face) -> str:
    """A run that ended before a step of it ran."""
    ending = face.ending
    if ending is not None and ending.cause == "timeout":
        why = "No runner came to it within the time limit (rule `deploy_timeout`), so I had it cancelled."
    else:
        word = ending.said if ending is not None else ""
        why = _CAME_TO_NOTHING.get(word) or f"GitHub ended it as “{untrusted(word, 80)}”."
    started = f"GitHub took {names.workflow(face)}, and its run ended before any step of it ran. {why}"
    return f"{started} Mend that, then {_again(face)}.\n*Nothing was deployed.*"


def by_nobody_known(face: Face) -> str:
    """A run that was cancelled in GitHub before anything ran, where GitHub does not tell by whom."""
    ending = face.ending
    if ending is None or not face.nothing_ran or ending.cause != "github" or ending.by:
        return ""
    who = "a person, or a newer run of its concurrency group"
    return f"It was cancelled in GitHub before anything ran; GitHub did not tell by whom ({who}). Nothing was deployed."


def remedy_of_trouble(face: Face) -> str:
    """What helps against a look that keeps failing, where somebody has to do it."""
    return f" {_RENEW}" if "credentials" in face.trouble.lower() else ""


def could_not_look(face: Face) -> str:
    """GitHub's no to the version's look-up, and who can mend it."""
    sentence = said(face.ending) or "without a sentence"
    what = (
        f"GitHub refused to look {names.version(face.version)} up in {untrusted(face.repo, 100)}: {sentence}."
    )
    return f"{what} {_remedy_of_look(face, face.ending.said.lower() if face.ending else '')}"


def _remedy_of_look(face: Face, words: str) -> str:
    repo, key = untrusted(face.repo, 100), f"`services.{names.service(face.service)}.repo` in the catalog"
    if "401" in words:
        return _RENEW
    if "403" in words:
        return f"The app needs *Contents: read* on {repo}, and must not be suspended (admins: `/promote doctor`)."
    return f"Check {key}, and that the app is installed there."


def refusal_code(face: Face) -> str:
    """E17 when the workflow's inputs do not fit, else E16; nothing when GitHub took the dispatch."""
    if face.nothing_ran:
        return ""
    return "E17" if face.ending and "input" in face.ending.said.lower() else "E16"


def _remedy(face: Face, sentence: str) -> str:
    """Who mends what, and what to press then."""
    words, again = sentence.lower(), _again(face)
    repo, deploy = untrusted(face.repo, 100), f"services.{names.service(face.service)}.deploy"
    if "input" in words:
        return f"`{deploy}.inputs` in the catalog must fit the workflow’s inputs; then {again}."
    if "credentials" in words or "401" in words:
        return f"{_RENEW.rstrip('.')}; then {again}."
    if "moved" in words:
        key = f"services.{names.service(face.service)}.repo"
        return f"Set `{key}` in the catalog to the new address, then {again}."
    if "not accessible" in words or "403" in words:
        return f"The app needs *Actions: write* on {repo} (admins: `/promote doctor`); then {again}."
    if "not found" in words or "404" in words:
        where = f"the workflow is on the trusted ref of {repo}, and the app installed there"
        return f"Check that {where}, then {again}."
    if "ref" in words:
        return f"Check `{deploy}.ref` in the catalog, then {again}."
    return f"An admin can find the cause in the catalog’s `deploy` rule or in GitHub; then {again}."


def superseded(face: Face) -> str:
    """What took this one's place."""
    if face.ending is not None and face.ending.cause == "concurrency":
        return f"{_DROPPED} Ask again if it is still wanted."
    if face.ending is not None and face.ending.cause == "moved":
        return _moved(face)
    if face.ending is not None and face.ending.cause == "live":
        other = names.promotion(face.ending.said) if face.ending.said else "Somebody else"
        return f"{other} brought the same commit here meanwhile, so nothing was left to deploy."
    newer = names.promotion(face.ending.said) if face.ending and face.ending.said else "A newer promotion"
    return f"{newer} took its place. Nothing was deployed."


def _moved(face: Face) -> str:
    now = names.commit(face.ending.said) if face.ending else ""
    return (
        f"{names.version(face.version)} is another commit now (`{now}`) than the one that I may have asked GitHub to "
        f"deploy (`{names.commit(face.sha)}`). I started nothing for the new one; ask again if it is wanted."
    )


def expired(face: Face) -> str:
    """Nobody decided in time, and nothing came of it."""
    when = f" by {date(face.ending.at)}" if face.ending else " in time"
    return f"No decision{when}. Nothing ran, and nobody was blocked."


def _again(face: Face) -> str:
    """A retry is a new request; a rollback is asked for anew, because what serves may be another by then."""
    if face.kind is Kind.ROLLBACK:
        return f"ask again: `/promote rollback {names.service(face.service)} in {names.environment(face.environment)}`"
    return "press Retry"
