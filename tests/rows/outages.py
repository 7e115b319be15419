"""Faults of GitHub, Slack, PagerDuty and of what a health URL answers."""

from tests.rows.row import Row

GITHUB = (
    Row("F38", "the dispatch is taken and answered with 502", "not repeated; the run is found by its id"),
    Row("F39", "the dispatch is never answered", "our own deadline, then as after a 502"),
    Row("F40", "the connection is reset after sending", "as after a 502"),
    Row("F41", "the dispatch is refused with 422", "ends at once with GitHub's sentence; no page, no retry"),
    Row("F42", "the dispatch is answered with 404", "ends at once and says what to mend"),
    Row("F43", "204 without a run id", "the run is found by its correlation id, never as the newest"),
    Row("F44", "the run is listed late", "waited for; after the settle time unknown, then adopted"),
    Row("F46", "a webhook is lost", "the next look sees it"),
    Row("F47", "a webhook comes twice, or days later", "accepted, and nothing changes"),
    Row("F49", "the end is told before the beginning", "the end stays"),
    Row("F50", "the run ends while the bot is down past its time limit", "looked at first: it succeeded"),
    Row("F51", "somebody re-runs a failed run", "told, and the failure stays one"),
    Row("F53", "the run is cancelled in GitHub", "cancelled, by whom, slot free, no page"),
    Row("F54", "a concurrency group drops the pending run", "superseded in GitHub, not failed"),
    Row("F55", "the run waits for reviewers in GitHub", "the card says so and since when"),
    Row("F56", "any conclusion but success", "not a success"),
    Row("F57", "the branch moves after the request", "approvals are void, and another commit never runs"),
    Row("F59", "the branch or tag is deleted before the dispatch", "the signed SHA runs, or it is blocked"),
    Row("F60", "the workflow differs on the promoted ref", "it comes from the trusted ref"),
    Row("F61", "a run that is not ours carries our correlation id", "not adopted, and written down"),
    Row("F62", "a page of checks cannot be read", "blocked, never passed"),
    Row("F63", "GitHub limits calls", "waited for as long as it says; no dispatch is doubled"),
    Row("F64", "the token ends during a run", "renewed once; the run stays under way, said to be blind"),
    Row(
        "F65", "the App is suspended or uninstalled", "nothing is dispatched, people are told, state is kept"
    ),
    Row("F66", "a cancel is refused or ignored", "asked again, forced after a while, never claimed before"),
    Row("F67", "the repository moved", "stopped with what to mend; no redirect of a POST is followed"),
    Row(
        "F68",
        "the answer to a custom protection rule fails",
        "asked again, or said",
        "custom deployment protection rules: the bot answers none yet",
    ),
)

SLACK = (
    Row("F69", "Slack sends a request again", "one effect, for days"),
    Row("F71", "a person types the line again", "the answer leads to the first"),
    Row("F72", "the socket dies silently", "a new socket, and /readyz says so"),
    Row("F73", "too many sockets", "waited for, no stampede"),
    Row("F74", "a trigger has expired", "a private reply opens the form again, with what was typed in it"),
    Row("F75", "a response URL is used up or too old", "none is relied on"),
    Row(
        "F77",
        "the channel is archived or the bot removed",
        "the card goes to the channel that all share, else who asked is told; no deploy waits for it",
    ),
    Row("F78", "the card cannot be edited any more", "a new card, no loop"),
    Row("F79", "Slack limits edits", "the last state is sent, in order"),
    Row("F80", "blocks that Slack refuses", "plainer ones, at last the text"),
    Row("F81", "Slack answers 500 or nothing", "tried again; the deploy is not affected"),
    Row(
        "F82",
        "the token is revoked",
        "/readyz is red, PagerDuty tells those who run the bot, and deploys go on",
        rest="Token rotation, with replicas that refresh at once, waits for the part that rotates tokens.",
    ),
    Row(
        "F83",
        "Slack is away during a bad deploy",
        "page and rollback go on",
        rest="The verbs of the command line for when Slack is down (`rollback`) are a later part.",
    ),
    Row("F84", "a button on an old card", "refused with what is different, and the card is redrawn"),
)

OTHERS = (
    Row("F85", "PagerDuty limits or is down", "the page goes out later, the card says that it is late"),
    Row("F86", "PagerDuty takes the page and opens nothing", "only what was read back is linked"),
    Row("F87", "the routing key is wrong", "not repeated; people are asked in Slack"),
    Row("F88", "resolve overtakes trigger", "in order for each key"),
    Row("F89", "one failure is told twice", "one incident; another promotion is another one"),
    Row(
        "F90",
        "open incidents cannot be read",
        "blocked",
        rest="Emergencies, which may pass with an audit row, are a later part.",
    ),
    Row("F91", "the old version answers the health check", "it is no success"),
    Row("F92", "health flaps, hangs, is huge or no JSON", "no proof is no pass"),
    Row(
        "F93",
        "there is no p99 to compare with",
        "inconclusive, and that blocks",
        "the p99 gate: rules that name it count as unmet until it is built",
    ),
    Row(
        "F94",
        "a rollback without a good release to go to",
        "refused with the list of those that were verified",
    ),
)
