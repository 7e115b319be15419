import json
from tests.stories.deploys import *
from tests.stories.story import Story

def dump(story):
    for ch in list(story.playground.slack.workspace.rooms()):
        for m in ch.messages.values():
            print(f"[{ch.name}] {'  ' if m.thread_ts else ''}{'(B)' if m.broadcast else ''} e{m.edits} {m.text}  {buttons([m])}")
        if ch.name.startswith("inc"):
            print("TOPIC", ch.topic, "PINS", ch.pins, "MEMB", ch.members)
            for m in ch.messages.values(): print(json.dumps(m.blocks, ensure_ascii=False)[:3000])
    print("INC", story.incidents)
    print("PAGES", pages(story))
    print("CHANGES", story.playground.pagerduty.changes)
    for name in ("ana","bo","cy","dee","eli"):
        for h in getattr(story,name).heard: print(name,"heard:",h)

async def test_fail(story: Story):
    await fails(story)
    await story.settles()
    print()
    dump(story)
    print(json.dumps(story.card("P-1").blocks, ensure_ascii=False))
    r = await story.dee.clicks("Roll back", "P-1")
    print("VIEW", json.dumps(r, ensure_ascii=False)[:4000])
    r = await story.dee.submits(r["view"], reason="short")
    print("ERR", r)
    r = await story.dee.submits(r["view"], reason="refunds are failing")
    print("OK", json.dumps(r, ensure_ascii=False)[:1500])
    await story.until("P-2","succeeded")
    await story.settles()
    dump(story)
    print(story.calls())

async def test_rb_words(story: Story):
    await fails(story)
    await story.settles()
    print()
    r = await story.dee.types("/rollback", channel=INCIDENT)
    print("VIEW", json.dumps(r, ensure_ascii=False)[:300])
    r = await story.eli.types("/rollback because I want it back now")
    print("ELI", r)
    r = await story.eli.types("/promote rollback checkout because I want it back now")
    print("ELI", r)
    r = await story.dee.types("/promote rollback checkout to v2.14.1 because I want it back now")
    print("DEE", r)
    r = await story.dee.types("/promote rollback checkout because short")
    print("DEE", r)
