"""Pages for people that links of the GitHub simulator lead to: a run with its steps, else a plain one."""

import html

from aiohttp import web

from bot.playground.github.door import BASE
from bot.playground.github.repo_api import Shelf
from bot.playground.github.runs import Run, Runs


class Pages:
    """Plain HTML, no script; what it shows is escaped."""

    def __init__(self, shelf: Shelf, runs: Runs) -> None:
        self._shelf = shelf
        self._runs = runs

    def routes(self) -> list[web.RouteDef]:
        """Pages live below owner/name, which no address of the API starts with."""
        repository = f"{BASE}/{self._shelf.owner}/{{repo}}"
        return [
            web.get(repository + r"/actions/runs/{run_id:\d+}{rest:.*}", self.show_run),
            web.get(repository + "{rest:.*}", self.show_anything),
        ]

    async def show_run(self, http: web.Request) -> web.Response:
        """A run, its inputs and its steps."""
        self._runs.advance()
        run = self._runs.find(int(http.match_info["run_id"]))
        if run is None:
            return _page("No such run", [], status=404)
        return _page(run.workflow.title(run.inputs), _lines_of(run))

    async def show_anything(self, http: web.Request) -> web.Response:
        """Whatever else a link names."""
        return _page(http.path.removeprefix(BASE + "/"), ["The simulated GitHub has no page for this."])


def _lines_of(run: Run) -> list[str]:
    attempt = run.attempt
    state = attempt.conclusion or attempt.status
    where = f"{run.workflow.file} in {run.repository.full_name}"
    lines = [f"Run {run.id} of {where}, attempt {attempt.number}: {state}"]
    lines += [f"{name}: {value}" for name, value in run.inputs.items()]
    ended = attempt.conclusion is not None
    return lines + [f"{step.name}: {step.conclusion if ended else 'planned'}" for step in attempt.plan.steps]


def _page(title: str, lines: list[str], *, status: int = 200) -> web.Response:
    items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
    head = f"<!doctype html><meta charset=utf-8><title>{html.escape(title)}</title>"
    text = f"{head}<h1>{html.escape(title)}</h1><ul>{items}</ul>"
    return web.Response(text=text, status=status, content_type="text/html")
