from tests.stories.test_following import *
from tests.stories.github import *
from dataclasses import fields

async def test_x(story):
    await rewrites_catalog(story, "  dev: {}", DEV_WITH_APPROVAL)
    r = await story.ana.types("/promote checkout@main to dev because trying it out")
    print(r)
    r = await story.bo.clicks("Approve")
    print(r)
    for _ in range(30):
        story.passes(1)
        import asyncio
        await asyncio.sleep(0.05)
    print(card_words(story,"P-1"), story.thread("P-1"))

async def test_y(story):
    import bot.performers.notices as n
    old = n.show
    faces=[]
    async def show(tools, scene, effect, rendition):
        faces.append(effect.face); return await old(tools, scene, effect, rendition)
    n.show = show
    story.world.run.conclusion, story.world.run.seconds = "failure", 2.0
    await is_trying(story)
    await story.until("P-1", "failed")
    await story.settles()
    k=len(faces)
    print("settled", story.bot.worker.is_busy, await story.bot.store.next_due(story.clock.now()))
    story.passes(3 * 24 * HOUR)
    old_ = sent_webhook(story, "workflow_run.completed")
    assert await delivers(story, "workflow_run", old_) == 202
    await story.settles()
    n.show=old
    a,b=faces[-2],faces[-1]
    print(k,len(faces))
    for f in fields(a):
        if getattr(a,f.name)!=getattr(b,f.name): print(f.name,getattr(a,f.name),getattr(b,f.name))
