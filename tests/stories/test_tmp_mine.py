from tests.stories.test_approvals import *
async def test_x(story):
    await asked(story)
    await story.bo.clicks("Approve")
    moved = story.playground.github.adds_commit("checkout", "Sneaked in")
    story.playground.github.moves_tag("checkout", "v2.14.3", moved)
    await story.cy.clicks("Approve")
    for i in range(40):
        story.passes(2); await asyncio.sleep(.05)
    for l in said_below(story): print("THREAD", l)
    print(card_words(story, "P-1"))
    p = await story.stands("P-1"); print(p)
    print([ (r.path, r.status) for r in story.asked("github")][-12:])
    assert 0
