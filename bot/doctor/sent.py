"""What the catalog sends to each workflow file: which inputs, and which of their values are known beforehand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.catalog import Catalog
from bot.domain.policy import DeployRule, Kind
from bot.domain.templates import fill, placeholders

CORRELATION = "correlation_id"
ENVIRONMENT = "environment"
NEW_EACH_TIME = frozenset({"sha", "promotion_id", CORRELATION})


@dataclass(frozen=True, slots=True)
class Sending:
    """One occasion on which a file is started."""

    service: str
    environment: str
    kind: Kind

    def filled(self, template: str) -> str:
        """A template with what is known on this occasion; other placeholders stay."""
        known = {"service": self.service, "environment": self.environment, "kind": self.kind.value}
        return fill(template, known)


@dataclass(frozen=True, slots=True)
class Sent:
    """A workflow file with what the catalog sends to it."""

    repo: str
    rule: DeployRule

    @property
    def about(self) -> str:
        """How it is called in findings."""
        return f"{self.repo} {self.rule.workflow}@{self.rule.ref}"

    def carrying(self, word: str) -> frozenset[str]:
        """The inputs that are given the value of a template's word."""
        return frozenset(name for name, template in self.rule.inputs if word in placeholders(template))


def everything_sent(catalog: Catalog, repos: Iterable[str]) -> Mapping[Sent, frozenset[Sending]]:
    """Each file of these repositories and what is sent to it, with the occasions."""
    sent: dict[Sent, frozenset[Sending]] = {}
    readable = frozenset(repos)
    for service in catalog.services.values():
        for kind in (Kind.PROMOTE, Kind.ROLLBACK) if service.repo in readable else ():
            for environment in service.environments:
                one = Sent(service.repo, catalog.rules(service.name, environment, kind).deploy)
                sent[one] = sent.get(one, frozenset()) | {Sending(service.name, environment, kind)}
    return sent
