"""`/promote whoami`: who somebody is to us, and what they may do where, with the rule that says so."""

from inline_snapshot import snapshot

from tests.stories.said import plain, replies
from tests.stories.story import Story


async def test_each_right_with_its_rule(story: Story) -> None:
    """Ana owns checkout and asks, Bo approves, Eli does neither: each is told why."""
    told = {
        who.name: [
            plain(block["text"]["text"])
            for block in (await who.types("/promote whoami checkout"))["replies"][0]["blocks"]
        ]
        for who in (story.ana, story.bo, story.eli)
    }
    assert told == snapshot(
        {
            "ana": [
                "You are *ana* in the catalog. GitHub `ana-dev` · PagerDuty `PANA`. Teams: payments. Not looked up lately: platform-on-call.",
                """\
*checkout*
:white_check_mark: *Ask for a promotion* in dev, staging and production: yes, through people of the catalog (rule `roles.request`)
:white_small_square: *Approve* in dev and staging: no approval is asked there
:no_entry: *Approve* in production: no, that needs release-managers (rule `approvals`)
:white_check_mark: *Roll back* in dev, staging and production: yes, through the owner team (rule `roles.rollback`)
:no_entry: *Settle unknown outcomes and adopt* in dev, staging and production: no, that needs release-managers (rule `roles.admin`)\
""",
            ],
            "bo": [
                "You are *bo* in the catalog. GitHub `bo-dev` · PagerDuty not known. An admin can add it under `people`. Teams: release-managers. Not looked up lately: platform-on-call.",
                """\
*checkout*
:white_check_mark: *Ask for a promotion* in dev, staging and production: yes, through people of the catalog (rule `roles.request`)
:white_small_square: *Approve* in dev and staging: no approval is asked there
:white_check_mark: *Approve* in production: yes, through release-managers, except what you ask for yourself (rule `approvals`)
:white_check_mark: *Roll back* in dev, staging and production: yes, through release-managers (rule `roles.rollback`)
:white_check_mark: *Settle unknown outcomes and adopt* in dev, staging and production: yes, through release-managers (rule `roles.admin`)\
""",
            ],
            "eli": [
                "You are *eli* in the catalog. GitHub `eli-dev` · PagerDuty not known. An admin can add it under `people`. Teams: other-team. Not looked up lately: platform-on-call.",
                """\
*checkout*
:white_check_mark: *Ask for a promotion* in dev, staging and production: yes, through people of the catalog (rule `roles.request`)
:white_small_square: *Approve* in dev and staging: no approval is asked there
:no_entry: *Approve* in production: no, that needs release-managers (rule `approvals`)
:grey_question: *Roll back* in dev, staging and production: not known yet, that needs the owner team, release-managers or platform-on-call (rule `roles.rollback`)
:no_entry: *Settle unknown outcomes and adopt* in dev, staging and production: no, that needs release-managers (rule `roles.admin`)\
""",
            ],
        }
    )


async def test_own_services_come_first(story: Story) -> None:
    """Without a name every service is listed, one's own before the others; an unknown one is refused."""
    answer = await story.eli.types("/promote whoami")
    blocks = answer["replies"][0]["blocks"]

    assert [plain(block["text"]["text"]).splitlines()[0] for block in blocks[1:]] == snapshot(
        ["*inventory*", "*checkout*", "*storefront*"]
    )
    assert replies(await story.eli.types("/promote whoami chekout")) == snapshot(
        [
            "I do not know a service called “chekout”. Did you mean *checkout*? `/promote status all` lists all 3."
        ]
    )
