"""What people do through the control API, over HTTP, with a real Bolt app in the bot's place."""

import asyncio
import json

from tests.playground.hall import Hall, texts


async def test_a_command_is_answered_privately(hall: Hall) -> None:
    """The words in the acknowledgement are shown to who typed, and to nobody else."""
    answer = await hall.ana_asks("/promote checkout@v2 to production because a < b & c")
    assert texts(answer) == ["You asked: checkout@v2 to production because a &lt; b &amp; c"]
    state = await hall.state()
    assert [len(state["private"][person]) for person in ("ana", "bo")] == [1, 0]
    assert state["channels"][0]["messages"] == []


async def test_a_command_carries_what_slack_sends(hall: Hall) -> None:
    """The form of a slash command names person, channel, app, trigger and response URL."""
    await hall.ana_asks("/promote status")
    body = hall.app.bodies[0]
    assert (body["user_id"], body["user_name"], body["channel_name"]) == ("U0ANA", "ana", "deploys")
    assert (body["command"], body["text"], body["team_id"]) == ("/promote", "status", "T0ACME")
    assert body["api_app_id"] == hall.playground.world.slack_app
    assert body["response_url"].startswith(f"{hall.playground.url}/sim/slack/response/")
    assert body["trigger_id"]


async def test_the_response_url_reaches_the_person(hall: Hall) -> None:
    """What the app says after the acknowledgement is shown as well."""
    await hall.ana_asks("/promote later 2")
    shown = hall.playground.slack.shown_to("ana")
    assert [message.text for message in shown] == ["answer 0", "answer 1"]


async def test_a_late_acknowledgement_shows_slacks_own_error(hall: Hall) -> None:
    """After three seconds the person sees operation_timeout, whatever the app says later."""
    answer = await hall.ana_asks("/promote slow")
    assert texts(answer) == ['/promote failed with the error "operation_timeout"']


async def test_a_dead_bot_shows_as_dispatch_failed(hall: Hall) -> None:
    """Nobody listens: the person sees that at once."""
    hall.playground.world.bot_url = "http://127.0.0.1:9"
    answer = await hall.ana_asks("/promote status")
    assert texts(answer) == ['/promote failed with the error "dispatch_failed"']


async def test_commands_do_not_work_in_threads_and_must_exist(hall: Hall) -> None:
    """Slack itself refuses a command in a thread, and one that nobody registered."""
    await hall.ana_asks("/promote card P-1")
    ts = next(iter(hall.playground.slack.messages("deploys"))).ts
    assert texts(await hall.ana_asks("/promote why", thread=ts)) == [
        "/promote is not supported in threads. Sorry!"
    ]
    assert "/deploy is not a valid command" in texts(await hall.ana_asks("/deploy x"))[0]
    assert len(hall.app.bodies) == 1


async def test_a_mention_is_answered_in_its_thread(hall: Hall) -> None:
    """@greenlight becomes the bot's mention, the app hears of it, and its reply stands in the thread."""
    await hall.ana_asks("@greenlight why <!channel>")
    messages = (await hall.state())["channels"][0]["messages"]
    assert messages[0]["text"] == "<@U0GREENLIGHT> why &lt;!channel&gt;"
    assert [(reply["text"], reply["bot"]) for reply in messages[0]["thread"]] == [
        ("Because of the wait.", True)
    ]


async def test_a_click_finds_its_button_by_words(hall: Hall) -> None:
    """Emoji do not count, the beginning is enough, and the payload is a real click."""
    await hall.ana_asks("/promote card P-1")
    answer = await hall.call("click", {"as": "bo", "promotion": "P-1", "button": "approve"})
    assert texts(answer) == ["Your approval is recorded."]
    body = hall.app.bodies[-1]
    assert body["actions"][0]["value"] == '{"id": "P-1", "rev": "r1"}'
    assert body["message"]["metadata"]["event_payload"] == {"promotion": "P-1"}
    assert (body["user"]["id"], body["channel"]["name"]) == ("U0BO", "deploys")


async def test_a_button_with_a_question_wants_an_answer(hall: Hall) -> None:
    """A confirm dialog must be confirmed; without that nothing is sent."""
    await hall.ana_asks("/promote card P-1")
    wish = {"as": "bo", "promotion": "P-1", "button": "Roll back"}
    refused = await hall.call("click", wish)
    assert (refused["error"], refused["confirm"]["confirm"]["text"]) == ("needs confirmation", "Do it")
    assert len(hall.app.bodies) == 1
    assert texts(await hall.call("click", wish | {"confirm": True})) == ["Your approval is recorded."]


async def test_a_link_button_answers_its_address(hall: Hall) -> None:
    """A link is followed by the person, and the app hears of the click."""
    await hall.ana_asks("/promote card P-1")
    answer = await hall.call("click", {"as": "bo", "promotion": "P-1", "button": "View run"})
    assert answer["url"] == "https://github.example/runs/1"
    assert hall.app.bodies[-1]["actions"][0]["action_id"] == "open_run"


async def test_a_click_waits_for_its_button(hall: Hall) -> None:
    """The button may appear up to ten seconds later; another promotion's button does not count."""
    await hall.ana_asks("/promote card P-1")
    wish = {"as": "bo", "promotion": "P-2", "button": "Approve"}
    click = asyncio.create_task(hall.call("click", wish))
    await asyncio.sleep(0.3)
    assert not click.done()
    await hall.ana_asks("/promote card P-2")
    assert texts(await click) == ["Your approval is recorded."]
    assert json.loads(hall.app.bodies[-1]["actions"][0]["value"])["id"] == "P-2"


async def test_a_missing_button_names_those_that_are_there(hall: Hall) -> None:
    """When the time is up the answer says which buttons the promotion has."""
    await hall.ana_asks("/promote card P-1")
    answer = await hall.call("click", {"as": "bo", "promotion": "P-1", "button": "Explode", "within": 0.2})
    assert answer["error"] == "no such button"
    assert answer["buttons"][1:] == ["Roll back to v2.14.2", "Details", "View run"]


async def test_the_page_clicks_exactly(hall: Hall) -> None:
    """Message, action_id and value name one element; a wrong one is a bad call."""
    await hall.ana_asks("/promote card P-1")
    message = (await hall.state())["channels"][0]["messages"][0]
    exact = {"as": "bo", "message": message["ts"], "channel": "deploys", "block_id": "acts"}
    answer = await hall.call("click", exact | {"action_id": "details"})
    assert answer["view"]["title"]["text"] == "Details"
    assert "action_id" in (await hall.call("click", exact | {"action_id": "nothing"}, 400))["error"]


async def test_a_modal_is_filled_in_and_submitted(hall: Hall) -> None:
    """A script gives plain values; choosing a service redraws the view, which then offers the version."""
    view = (await hall.ana_asks("/promote"))["view"]
    assert view["callback_id"] == "request"
    values = {
        "service": "checkout",
        "Version": "v2.15.0",
        "environment": "Production",
        "why": "fix the refunds",
    }
    answer = await hall.call("submit", {"as": "ana", "view": view["id"], "values": values})
    assert (texts(answer), answer["view"]) == (["P-1 is requested."], None)
    kept = hall.app.bodies[-1]["view"]["state"]["values"]
    assert kept["service"]["choose"]["selected_option"]["value"] == "checkout"
    assert kept["version"]["version"]["selected_option"]["value"] == "v2.15.0"
    assert kept["environment"]["to"]["selected_option"]["value"] == "production"
    assert kept["reason"]["why"] == {"type": "plain_text_input", "value": "fix the refunds"}


async def test_slack_itself_refuses_an_incomplete_form(hall: Hall) -> None:
    """Missing and too short values are said below their inputs, and the app hears nothing."""
    await hall.ana_asks("/promote")
    answer = await hall.call("submit", {"as": "ana", "values": {"reason": "short"}})
    assert answer["errors"]["reason"] == "Please use at least 8 characters."
    assert answer["errors"]["version"] == "Please complete this required field."
    assert [body.get("type") for body in hall.app.bodies] == [None]


async def test_the_apps_errors_keep_the_modal_open(hall: Hall) -> None:
    """response_action errors are answered per block, and the view stays."""
    await hall.ana_asks("/promote")
    values = {
        "service": "checkout",
        "version": "v2.14.3",
        "environment": "staging",
        "reason": "because I say so",
    }
    answer = await hall.call("submit", {"as": "ana", "values": values})
    assert answer["errors"] == {"reason": "Say it without because."}
    assert len((await hall.state())["views"]["ana"]) == 1


async def test_an_unknown_input_is_answered_with_the_known_ones(hall: Hall) -> None:
    """A script that guessed wrong learns the names, kinds and options."""
    await hall.ana_asks("/promote")
    answer = await hall.call("submit", {"as": "ana", "values": {"colour": "red"}})
    assert answer["error"] == "no such input: colour"
    assert [entry["label"] for entry in answer["inputs"]] == ["Service", "Version", "To", "Reason"]
    assert answer["inputs"][2]["options"] == ["staging", "production"]


async def test_a_value_that_is_not_offered_is_a_bad_call(hall: Hall) -> None:
    """Nobody can choose what a select does not offer."""
    await hall.ana_asks("/promote")
    answer = await hall.call("submit", {"as": "ana", "values": {"environment": "moon"}}, 400)
    assert answer["error"] == '"To" does not offer "moon"; it offers staging, production.'


async def test_an_external_select_asks_the_app(hall: Hall) -> None:
    """What was typed is sent to the app, and its options are handed on as they are."""
    view = (await hall.ana_asks("/promote"))["view"]
    wish = {"as": "ana", "view": view["id"], "block_id": "service", "action_id": "choose"}
    offered = (await hall.call("options", wish | {"query": "st"}))["options"]
    assert [option["value"] for option in offered] == ["storefront"]


async def test_closing_a_modal_takes_it_off_the_screen(hall: Hall) -> None:
    """A closed view is gone for the person and for the app."""
    view = (await hall.ana_asks("/promote"))["view"]
    assert (await hall.call("close", {"as": "ana", "view": view["id"]}))["view"] is None
    assert (await hall.state())["views"]["ana"] == []


async def test_the_home_is_published_when_it_is_opened(hall: Hall) -> None:
    """Opening the home tells the app, which publishes it; its buttons can be pressed by promotion."""
    home = (await hall.call("home", {"as": "dee"}))["view"]
    assert home["type"] == "home"
    assert (await hall.state())["home"]["dee"]["id"] == home["id"]
    answer = await hall.call("click", {"as": "dee", "promotion": "P-9", "button": "Look"})
    assert answer["view"]["title"]["text"] == "Details"
