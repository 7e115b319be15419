"""What is left of a face where people of another company read along: what it is and where it stands.

No commit, no reason, no change, no evidence, nothing that anybody wrote and no way into GitHub. Whoever may know the
rest presses Details, which only they see.
"""

import re
from dataclasses import replace

from bot.domain.face import ApprovalFace, Button, Face, RequirementFace
from bot.domain.promotion import Ending, Release, Replaced

SHA = re.compile(r"[0-9a-fA-F]{7,64}")
A_COMMIT = "a commit"
LEAVES_SLACK = frozenset({Button.APPROVE, Button.VIEW_RUN, Button.OPEN_INCIDENT})  # or is not done there


def discreet(face: Face) -> Face:
    """The face without what only we should know."""
    return replace(
        face,
        sha="",
        repo="",
        version=_version(face.version),
        reason="",
        requirements=tuple(_verdict_of(one) for one in face.requirements),
        blocking=(),
        approvals=tuple(_without_note(one) for one in face.approvals),
        barred=(),
        voided=(),
        changes=None,
        workflow="",
        run_id=None,
        run_url="",
        extra_by="",
        steps=(),
        stranger=None,
        unclear="",
        ending=_without_words(face.ending),
        serving=_release(face.serving),
        previous=_release(face.previous),
        target=_release(face.target),
        undone_to=_version(face.undone_to),
        replaced=_replaced(face.replaced),
        incident=None,
        trouble="",
        buttons=tuple(one for one in face.buttons if one not in LEAVES_SLACK),
    )


def _version(version: str) -> str:
    """Somebody may have asked for a commit by its SHA."""
    return A_COMMIT if SHA.fullmatch(version) else version


def _verdict_of(one: RequirementFace) -> RequirementFace:
    return RequirementFace(name="", kind=one.kind, verdict=one.verdict)


def _without_note(approval: ApprovalFace) -> ApprovalFace:
    return replace(approval, note="")


def _without_words(ending: Ending | None) -> Ending | None:
    return replace(ending, said="", nearest=()) if ending is not None else None


def _release(release: Release | None) -> Release | None:
    return replace(release, sha="", version=_version(release.version)) if release is not None else None


def _replaced(replaced: Replaced | None) -> Replaced | None:
    return replace(replaced, version=_version(replaced.version)) if replaced is not None else None
