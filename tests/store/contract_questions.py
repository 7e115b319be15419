"""The contract of questions: finding promotions, and an audit chain that shows what was done to it."""

from dataclasses import replace

from bot.domain.incident import Incident
from bot.domain.policy import Kind
from bot.domain.promotion import Entry, Phase, Promotion, Run
from bot.store.audit import Head, first_break
from bot.store.protocol import AuditRow, Commit, Query, Seen, Slot, Store, Wanted
from bot.surfaces import newly_posted, shown_by
from tests.store.builders import add, done, promotion, put, row, stored, write_document


class QuestionsContract:
    """Inherited by every store's tests."""

    async def test_what_nobody_stored_is_none(self, store: Store) -> None:
        """An empty store has no promotions and an unbroken chain."""
        assert await store.load("P-1") is None
        assert await store.find(Query()) == []
        assert await store.find_by_correlation("00") is None
        assert await store.verify_audit() is None

    async def test_finding_goes_from_new_to_old_in_pages(self, store: Store) -> None:
        """P-10 is newer than P-9: ids are ordered by number, and a page ends where the next one begins."""
        for number in range(1, 12):
            await add(store, number)
        assert ids(await store.find(Query(limit=3))) == ["P-11", "P-10", "P-9"]
        assert ids(await store.find(Query(before="P-9", limit=3))) == ["P-8", "P-7", "P-6"]

    async def test_every_set_field_of_a_query_must_match(self, store: Store) -> None:
        """Service, environment, SHA, phases and kind narrow the answer together."""
        sha = "a" * 40
        for found in (
            promotion(1),
            promotion(2, "storefront"),
            replace(promotion(3), environment="staging", sha=sha),
            replace(promotion(4), phase=Phase.FAILED, sha=sha),
            promotion(5, kind=Kind.ROLLBACK),
        ):
            await done(store, put(found))
        assert ids(await store.find(Query(service="storefront"))) == ["P-2"]
        assert ids(await store.find(Query(environment="staging"))) == ["P-3"]
        assert ids(await store.find(Query(sha=sha))) == ["P-4", "P-3"]
        assert ids(await store.find(Query(sha=sha, environment="production"))) == ["P-4"]
        assert ids(await store.find(Query(phases=frozenset({Phase.FAILED, Phase.DEPLOYING})))) == ["P-4"]
        assert ids(await store.find(Query(phases=frozenset()))) == []
        assert ids(await store.find(Query(kind=Kind.ROLLBACK))) == ["P-5"]

    async def test_ids_are_found_as_promotions_are(self, store: Store) -> None:
        """The same ones in the same order, whatever narrows the query."""
        for number in range(1, 8):
            await done(store, put(promotion(number, ("checkout", "storefront")[number % 2])))
        for query in (Query(), Query(service="checkout", limit=2), Query(before="P-4"), Query(limit=0)):
            assert list(await store.find_ids(query)) == ids(await store.find(query))

    async def test_one_look_answers_what_single_questions_do(self, store: Store) -> None:
        """Documents, slot, queries and another promotion, all in one go; what is not there is not there."""
        await add(store, 1, "want")
        await done(store, write_document("team:sre", "[]"))
        query = Query(service="checkout")
        wanted = Wanted(("team:sre", "freeze:1"), "checkout", "production", (query, Query(sha="a")), "P-1")
        assert await store.see(wanted) == Seen(
            documents=await store.documents(wanted.keys),
            slot=await store.slot("checkout", "production"),
            found=([await stored(store, 1)], []),
            loaded=await stored(store, 1),
        )
        nothing = await store.see(Wanted((), "checkout", "staging", ()))
        assert nothing == Seen({}, Slot("checkout", "staging"), (), None)

    async def test_a_query_sees_the_newest_revision(self, store: Store) -> None:
        """Phase, SHA and run move with the promotion that they are found by."""
        before = await add(store, 1)
        await done(store, put(replace(before, phase=Phase.DEPLOYING, sha="b" * 40, run=Run(run_id=8840))))
        assert await store.find(Query(phases=frozenset({Phase.WAITING}))) == []
        assert ids(await store.find(Query(sha="b" * 40))) == ["P-1"]
        assert await store.find_by_run(8840) == "P-1"

    async def test_a_promotion_is_found_by_what_the_world_calls_it(self, store: Store) -> None:
        """By correlation id, by run id and by incident channel; no value is nobody's."""
        incident = Incident(key="P-1", channel="C0INC")
        await done(store, put(replace(promotion(1), run=Run(run_id=8840), incident=incident)))
        await done(store, put(replace(promotion(2), incident=Incident(key="P-2"))))
        assert await store.find_by_correlation(promotion(1).correlation) == "P-1"
        assert await store.find_by_run(8840) == "P-1"
        assert await store.find_by_channel("C0INC") == "P-1"
        assert await store.find_by_run(1) is None
        assert await store.find_by_channel("") is None

    async def test_another_name_is_found_as_long_as_it_is_borne(self, store: Store) -> None:
        """A run that a promotion gave up is nobody's, and the newest of several is the one that is meant."""
        for number in (9, 10):
            await done(store, put(replace(promotion(number), run=Run(run_id=8840))))
        assert await store.find_by_run(8840) == "P-10"
        await done(store, put(replace(await stored(store, 10), run=Run(run_id=8841))))
        assert (await store.find_by_run(8840), await store.find_by_run(8841)) == ("P-9", "P-10")
        await done(store, put(replace(await stored(store, 10), run=Run())))
        assert await store.find_by_run(8841) is None

    async def test_a_message_leads_to_its_promotion(self, store: Store) -> None:
        """Each message that shows it is entered with the commit that learns where it is, and once: what is told a
        second time, or again after it was forgotten, enters nothing."""
        card, mirror = Entry(ref="17.0001", channel="C0DEPLOYS"), Entry(ref="17.0002", channel="C0INC")
        before = await add(store, 1)
        after = replace(before, ledger={"card": card, "mirror": mirror, "page": Entry(ref="17.0003")})
        entered = await newly_posted(store, before, after)
        await done(store, replace(put(after), documents=entered))
        assert [await shown_by(store, "C0DEPLOYS", ts) for ts in ("17.0001", "17.0002", "17.0003")] == [
            "P-1",
            None,
            None,
        ]
        assert await shown_by(store, "C0INC", "17.0002") == "P-1"
        assert await newly_posted(store, after, after) == ()
        assert await newly_posted(store, before, after) == ()

    async def test_audit_rows_are_numbered_and_chained_in_commit_order(self, store: Store) -> None:
        """The numbers have no gap, each row carries the digest before it, and the head is on the receipt."""
        rows = (row("P-1", 1.5, "request"), row("P-1", 1.5, "page"))
        first = await done(store, Commit(at=1.5, audit=rows))
        second = await done(store, Commit(at=2.0, audit=(row("P-2", 2.0),)))
        chain = await store.audit(0)
        assert [(each.number, each.subject, each.action) for each in chain] == [
            (1, "P-1", "request"),
            (2, "P-1", "page"),
            (3, "P-2", "request"),
        ]
        assert [each.previous for each in chain] == ["", chain[0].digest, chain[1].digest]
        assert (first.audit_head, second.audit_head) == (chain[1].digest, chain[2].digest)
        assert await store.verify_audit() is None

    async def test_a_receipt_without_rows_names_the_head_that_was(self, store: Store) -> None:
        """A commit that only wakes somebody still tells where the chain stands."""
        first = await done(store, Commit(at=1.0, audit=(row(),)))
        assert (await done(store, Commit(at=2.0, wakes=("P-9",)))).audit_head == first.audit_head

    async def test_rows_are_read_in_pages_and_by_subject(self, store: Store) -> None:
        """The newest rows of one promotion come oldest first; pages go on after a number."""
        for number in range(6):
            await done(store, Commit(at=1.0, audit=(row(f"P-{number % 2}", float(number)),)))
        assert [each.number for each in await store.audit(2, limit=2)] == [3, 4]
        assert [each.at for each in await store.audit_of("P-1", limit=2)] == [3.0, 5.0]

    async def test_a_chain_read_back_can_be_checked_by_anyone(self, store: Store) -> None:
        """An edited, a missing and a swapped row each show at the first row that no longer follows."""
        for number in range(1, 6):
            await done(store, Commit(at=1.0, audit=(row(f"P-{number}", number / 3),)))
        chain = list(await store.audit(0))
        assert first_break(Head(), chain) is None
        assert first_break(Head(), [*chain[:2], edited(chain[2]), *chain[3:]]) == 3
        assert first_break(Head(), [*chain[:2], *chain[3:]]) == 4
        assert first_break(Head(), [*chain[:2], chain[3], chain[2], chain[4]]) == 4

    async def test_audit_rows_keep_what_people_wrote(self, store: Store) -> None:
        """Any text, any script: it comes back as it was, and the chain holds."""
        said = AuditRow(at=1, actor="zoë", action="reject", subject="P-1", detail='{"why":"🚫 \\n \u2028"}')
        await done(store, Commit(at=1.0, audit=(said,)))
        (back,) = await store.audit(0)
        assert (back.actor, back.detail) == (said.actor, said.detail)
        assert await store.verify_audit() is None


def ids(found: object) -> list[str]:
    """The ids of promotions, in order."""
    assert isinstance(found, list)
    return [each.id for each in found if isinstance(each, Promotion)]


def edited(original: AuditRow) -> AuditRow:
    """The row as somebody would like it to have been."""
    return replace(original, actor="bo")
