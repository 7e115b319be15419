"""Faults of the process, the store, the hosts and of many people at once. Those of vendors: outages.py."""

from tests.rows.row import Row

CRASHES = (
    Row("F01", "killed before the commit", "nothing is stored or acknowledged; Slack shows its error"),
    Row(
        "F02", "killed after the commit, before the acknowledgement", "done once; the second click is told so"
    ),
    Row("F03", "killed after the acknowledgement", "what was acknowledged goes on by itself"),
    Row("F04", "killed between the last approval and the intent", "one run"),
    Row("F05", "killed between the intent and the dispatch", "looked for first, then one run"),
    Row("F06", "killed after GitHub took the dispatch", "the run is found and followed; one run"),
    Row("F07", "killed before Slack is told", "the same card is redrawn"),
    Row(
        "F08",
        "killed between a post and keeping where it is",
        "one extra card at most, disarmed when pressed",
    ),
    Row("F09", "killed while PagerDuty is paged", "one incident"),
    Row("F10", "killed in the middle of a rollback", "it goes on; one run of it"),
    Row("F11", "killed while the schema is brought up", "the next start finishes it or says what to do"),
    Row("F12", "SIGTERM with many promotions under way", "gone within 10 s, leases given back, nothing lost"),
    Row("F13", "a Redis that keeps nothing over a restart", "the start is refused with the fix"),
    Row("F14", "Redis is emptied while promotions run", "nothing is dispatched until an admin says so"),
    Row("F15", "a failover loses the last commits", "no second dispatch"),
    Row("F16", "Redis is full, or would evict", "refused at the start; nothing is acknowledged when full"),
    Row("F17", "Redis is away for a minute", "told within 3 s that nothing was done; then it goes on"),
    Row("F18", "Redis takes two seconds for everything", "an honest answer within 3 s"),
    Row(
        "F19",
        "Redis is a read-only replica or cannot save",
        "nothing is acknowledged; the next one is looked for",
    ),
    Row("F20", "a task is cancelled while a command is on the wire", "no answer reaches another question"),
    Row("F21", "another process holds the SQLite file", "waited for a second, then an honest answer"),
    Row("F22", "the disk is full", "nothing is acknowledged or dispatched, and /readyz says so"),
    Row("F23", "the database file is damaged", "the start is refused, the file named, none made anew"),
    Row(
        "F25",
        "two processes on one file, or an old one beside a new one",
        "the second, or the older, refuses",
    ),
)

CONCURRENCY = (
    Row("F26", "four replicas take the same work at one instant", "one run"),
    Row("F27", "Approve is pressed twice", "one vote, and the second press is told so"),
    Row("F28", "the last two votes arrive together", "both count, and there is one step to approved"),
    Row("F29", "Approve and Reject at one instant", "one wins, and the other is told who won"),
    Row("F30", "Cancel races the dispatch", "no run, or one that is cancelled in GitHub; the end says which"),
    Row("F31", "two promotions to one place", "one at a time; the second waits and says behind whom"),
    Row("F32", "a rollback while the deploy runs", "cancel, wait for the end, roll back; never two runs"),
    Row("F33", "a replica stops for a minute and wakes", "it cannot write over the one that took over"),
    Row("F34", "the holder of a slot dies", "the slot is free when GitHub says the run is over, not before"),
    Row(
        "F35",
        "the rules are edited while approval is awaited",
        "only this place's rules void what was signed",
    ),
    Row("F36", "timers on several replicas", "each fires once"),
    Row("F37", "old and new version side by side", "what the older one does not know it leaves alone"),
)

TIME_AND_LOAD = (
    Row(
        "F95",
        "deploy windows over a change to summer time",
        "the wall clock of the named zone decides",
        "calendars: windows are refused as not available until they are judged",
    ),
    Row(
        "F96",
        "a window closes between approval and dispatch",
        "held, not run",
        "calendars: windows are refused as not available until they are judged",
    ),
    Row(
        "F97",
        "the host's clock is wrong or jumps",
        "nothing runs twice or early, and refusals name the clock",
    ),
    Row("F99", "something blocks the event loop", "noticed and logged with where it is"),
    Row("F100", "ten thousand clicks in a minute", "bounded memory, honest refusals, and it recovers"),
)
