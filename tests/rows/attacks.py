"""Attacks by strangers, by people inside, through text, through addresses and through files."""

from tests.rows.row import Row

REQUESTS = (
    Row("A01", "a request that Slack did not sign", "401, not parsed, not logged"),
    Row("A02", "no signing secret, or an empty one", "the start is refused"),
    Row("A03", "a true request is sent again", "one effect; none after five minutes"),
    Row("A04", "a true request is sent again after a restart", "one effect"),
    Row("A05", "a timestamp or signature that is none", "401, never 500"),
    Row("A06", "the signature of another body, doubled fields, other charsets", "401, or 400 when signed"),
    Row("A07", "guessing a signature by time", "compared in constant time"),
    Row("A09", "a forged GitHub webhook, or SHA-1 only", "401"),
    Row("A10", "a true webhook of somebody else's repository", "202, ignored, audited"),
    Row("A12", "a webhook says success and the API says failure", "the API is believed"),
)

PEOPLE = (
    Row("A13", "anybody in the channel presses Approve", "refused privately, audited"),
    Row("A14", "the approvers are nobody", "nobody may approve, and it is said"),
    Row(
        "A15",
        "approving one's own request, or one's own changes where the rules say no to that",
        "refused, counted per person; nobody counts before the authors are known",
    ),
    Row("A16", "one person with two accounts", "one vote"),
    Row("A18", "a profile is renamed to an approver's", "ids of the catalog decide, no name and no e-mail"),
    Row("A19", "an approver is deactivated or leaves the team", "struck before the dispatch"),
    Row(
        "A20",
        "somebody joins the team during the wait",
        "the change is audited, and who is counted is frozen at the dispatch",
        rest="Holding newcomers off (membership at the request and now) needs the snapshot of a later part.",
    ),
    Row("A21", "the members of a team cannot be read", "nobody counts"),
    Row("A22", "a guest", "refused"),
    Row("A23", "somebody of another workspace", "refused before anything is looked up"),
    Row(
        "A24",
        "the channel is shared with another company",
        "no approvals there, less is shown, and the admins are told",
    ),
    Row(
        "A25",
        "another workspace or another app in the payload",
        "refused",
        rest="Keys by (enterprise, team, user) wait for Enterprise Grid.",
    ),
    Row("A27", "a bot or a workflow asks", "refused"),
)

SURFACES = (
    Row("A28", "a button with somebody else's promotion in it", "the record decides"),
    Row("A29", "a copy of a card with live buttons", "it does nothing, and says where the card is"),
    Row("A30", "an old button after things moved on", "refused with what is different"),
    Row("A31", "a form that was tampered with or is late", "the record decides, in plain words"),
    Row("A32", "a commit is pushed after the approval", "the approvals are void"),
    Row("A33", "a back-dated commit", "dates of commits mean nothing; SHAs do"),
    Row("A34", "a tag moves between the look and the dispatch", "the run gets the signed SHA and proves it"),
    Row("A35", "versions that are more than a name", "refused unread, or one full SHA"),
    Row("A36", "shell code in a workflow's inputs", "names are checked, and inputs reach only `env:`"),
    Row("A37", "the workflow is changed on the branch", "it is dispatched on the trusted ref"),
    Row(
        "A38",
        "somebody starts the deploy workflow beside the bot",
        "said in the channel and audited, and it counts for nothing",
        rest="Stopping it takes a GitHub environment whose rule is the App; see security.md.",
    ),
    Row("A40", "another app reports a check of the same name", "both count: the one that failed stays one"),
)

TEXT = (
    Row("A41", "mentions in what people write", "nobody is notified"),
    Row("A42", "links and markup in what people write", "shown as text"),
    Row("A43", "text that looks like other text", "invisible characters are spelled out; names are ASCII"),
    Row("A45", "the same in what GitHub says", "the same"),
    Row("A47", "secrets in logs, audit, messages", "none, anywhere"),
    Row("A48", "line breaks and escapes in logs", "one JSON line per event"),
    Row("A49", "secrets and settings in answers to strangers", "none"),
)

ADDRESSES = (
    Row("A50", "a health URL that leads inside", "refused, in every spelling"),
    Row("A51", "a redirect or a name that leads inside", "not followed, not connected to"),
    Row("A53", "a health answer that is huge, drips or unpacks", "cut, with a deadline"),
    Row("A54", "a catalog made to break its reader", "refused at once; the last good one stays"),
    Row("A55", "a pattern that takes for ever", "matched by an engine without backtracking, and short"),
    Row("A56", "connections that hold still", "a deadline and a limit; others are served"),
    Row("A57", "bodies that are huge, packed or deep", "413, 400 or 401"),
    Row(
        "A58",
        "a path in the name of a report",
        "names are never paths",
        "reports and the archive: nothing is stored under a name that came from outside",
    ),
)

RULES = (
    Row("A60", "the audit log is edited by hand", "the chain names the row"),
    Row(
        "A61",
        "the emergency way is abused",
        "role, incident, reason, a second person",
        "emergency promotions",
    ),
    Row("A62", "an exception stays on after its use", "one promotion, one use", "emergency promotions"),
    Row("A63", "rules that are met by nothing", "zero checks, approvers or targets are not met"),
    Row("A64", "one person asks five hundred times a minute", "limited per person and per service"),
    Row("A65", "going back to a bad version on purpose", "only verified releases, by those who may"),
    Row("A66", "a dependency is swapped", "hashes in the lock; the install fails"),
    Row("A67", "our own workflows as a way in", "read-only token, no code of others, no secrets"),
    Row("A68", "more permissions than are needed", "the scopes are frozen"),
    Row("A69", "routes for admins that are open", "127.0.0.1 by default, 404 elsewhere"),
)
