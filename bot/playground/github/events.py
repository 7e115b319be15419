"""The webhooks that GitHub sends about runs: workflow_run and workflow_job, whole payloads."""

import uuid

from bot.playground.github.documents import INSTALLATION_ID, Document, Documents
from bot.playground.github.run_documents import RunDocuments
from bot.playground.github.runs import Happening, Run
from bot.playground.webhooks import Courier
from bot.playground.world import World

JOB_ACTIONS: dict[Happening, str] = {
    "requested": "queued",
    "in_progress": "in_progress",
    "completed": "completed",
}


class RunEvents:
    """Tells the bot of every change of a run."""

    def __init__(self, world: World, courier: Courier, documents: Documents, runs: RunDocuments) -> None:
        self._world = world
        self._courier = courier
        self._documents = documents
        self._runs = runs

    def tell(self, run: Run, happening: Happening) -> None:
        """Queue the webhooks for what happened to the newest attempt."""
        attempt = run.attempt
        of_run = self._runs.run(run, attempt)
        file = self._runs.workflow(run.repository, run.workflow, "active")
        self._put("workflow_run", happening, run, {"workflow_run": of_run, "workflow": file})
        if attempt.plan.steps:
            job = self._runs.job(run, attempt, self._world.clock.now())
            self._put("workflow_job", JOB_ACTIONS[happening], run, {"workflow_job": job})

    def _put(self, event: str, action: str, run: Run, about: Document) -> None:
        payload = {
            "action": action,
            **about,
            "repository": self._documents.repository(run.repository),
            "organization": self._documents.organization(run.repository.owner),
            "sender": self._documents.user(run.attempt.sender),
            "installation": {"id": INSTALLATION_ID, "node_id": "playground"},
        }
        guid = str(uuid.uuid4())
        headers = {
            "X-GitHub-Event": event,
            "X-GitHub-Delivery": guid,
            "User-Agent": "GitHub-Hookshot/playground",
        }
        self._courier.put(f"{event}.{action}", guid, payload, headers, "X-Hub-Signature-256")
