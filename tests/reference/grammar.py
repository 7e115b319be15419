"""What people type in Slack, by the commands of the grammar: examples, what comes of them, and who may."""

from collections.abc import Mapping
from dataclasses import dataclass

EVERYBODY = "everybody in the catalog"


@dataclass(frozen=True, slots=True)
class Typed:
    """One command with its examples, the first of which is the plainest."""

    word: str  # of the grammar; empty for a request, and for the one with a slash of its own
    examples: tuple[str, ...]
    what: str
    who: str


LINES = (
    Typed(
        "",
        (
            "/promote",
            "/promote checkout",
            "/promote checkout@v2.14.3 to production because fix refunds",
        ),
        "asks for a promotion; what is missing is asked for in a form, with the versions that could be meant",
        "`roles.request`",
    ),
    Typed(
        "plan",
        ("/promote plan checkout@v2.14.3 to production",),
        "what a promotion would meet: each requirement, who would be asked, the earliest start, what changes. Nothing "
        "is asked for or started",
        EVERYBODY,
    ),
    Typed(
        "status",
        (
            "/promote status",
            "/promote status checkout",
            "/promote status production",
            "/promote status P-142",
            "/promote status all",
        ),
        "what runs where, since when, and what is on its way; alone, of your own services",
        EVERYBODY,
    ),
    Typed(
        "why",
        ("/promote why P-142", "/promote why checkout production"),
        "each requirement of a promotion, whether it is met, by what, and what comes next",
        EVERYBODY,
    ),
    Typed(
        "history",
        (
            "/promote history checkout",
            "/promote history checkout in production last 20",
            "/promote history checkout last 7d",
        ),
        "what happened, the newest first, with a button for each version that you can go back to",
        EVERYBODY,
    ),
    Typed(
        "approve",
        ("/promote approve P-142", "/promote approve P-142 looks good"),
        "says yes to what the card shows",
        "the teams of the approval rules, but not whoever asked (unless `self_approval`), nor an author where the environment says `author_approval: false`",
    ),
    Typed(
        "reject",
        ("/promote reject P-142 because too risky",),
        "says no, with a reason, and ends it",
        "the teams of the approval rules",
    ),
    Typed(
        "cancel",
        ("/promote cancel P-142", "/promote cancel P-142 because wrong version"),
        "ends it, or has GitHub stop its run",
        "whoever asked, approvers, `roles.admin`, `roles.rollback`",
    ),
    Typed(
        "retry",
        ("/promote retry P-142", "/promote retry P-142 health"),
        "looks at what blocks, or at one gate, again at once; after an end, opens the form for another try",
        "whoever asked, approvers, `roles.admin`",
    ),
    Typed(
        "rollback",
        (
            "/promote rollback checkout",
            "/promote rollback checkout in production to v2.14.2 because errors",
            "/promote rollback P-142 because errors",
        ),
        "goes back to the last version that was verified there, or to the one that is named; without a reason a form "
        "opens that shows what will change",
        "`roles.rollback`",
    ),
    Typed(
        "",
        ("/rollback checkout because errors", "/rollback"),
        "the same; with no words in an incident channel, what opened it",
        "`roles.rollback`",
    ),
    Typed(
        "adopt",
        ("/promote adopt checkout@v2.14.2 in production because it was live before",),
        "records what is live already; without a version it is read from the health address",
        "`roles.admin`",
    ),
    Typed(
        "acknowledge",
        ("/promote acknowledge P-142",),
        "says that you look after the incident of a promotion that failed, here and in PagerDuty; in the incident’s "
        "channel the id may be left out, as with the next three",
        EVERYBODY,
    ),
    Typed(
        "lead",
        ("/promote lead P-142",),
        "takes the lead of the incident, also from somebody else: its topic and its card name you, and you are told "
        "what a lead does",
        EVERYBODY,
    ),
    Typed(
        "note",
        ("/promote note P-142 refunds fail for EUR cards", "/promote note P-142"),
        "writes a note below the incident’s card and into PagerDuty; without words a form opens",
        EVERYBODY,
    ),
    Typed(
        "resolve",
        ("/promote resolve P-142", "/promote resolve P-142 because all is well"),
        "resolves the incident here and in PagerDuty, with a last note if you give one. Nothing is rolled back",
        EVERYBODY,
    ),
    Typed(
        "whoami",
        ("/promote whoami", "/promote whoami checkout"),
        "what you may do, and by which rule",
        EVERYBODY,
    ),
    Typed(
        "doctor",
        ("/promote doctor",),
        "whether everything that Greenlight works with is well; admins see what to mend and how",
        EVERYBODY,
    ),
    Typed(
        "help",
        ("/promote help", "/promote help approvals", "/promote help mentions"),
        "the help, with your channel's service in its examples; also on a topic",
        EVERYBODY,
    ),
)

MENTIONS: Mapping[str, str] = {
    "@greenlight why": "why it waits",
    "@greenlight approve looks good": "yes, with a note",
    "@greenlight reject because too risky": "no, with a reason",
    "@greenlight cancel": "ends it, or stops its run",
    "@greenlight retry": "looks again, or tries again",
    "@greenlight rollback because errors": "goes back",
    "@greenlight acknowledge": "you look after its incident",
    "@greenlight lead": "you lead its incident",
    "@greenlight note refunds fail for EUR cards": "a note of its incident",
    "@greenlight resolve because all is well": "its incident is over",
    "@greenlight status checkout": "as after /promote, anywhere",
}
