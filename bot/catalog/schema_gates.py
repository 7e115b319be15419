"""The gates of promotions.yml, each kind with its keys. Kinds that cannot be judged yet are read all the same."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from bot.catalog.values import JsonPath, Keys, Name, Ref, Seconds, Share, Slug, Text, Url, Workflow


class Gate(Keys):
    of: Literal["after", "target"] = "after"


class Checks(Gate):
    use: Literal["checks"]
    required: list[Text] = Field(default=[])
    ignore: list[Text] = Field(default=[])
    apps: list[Slug] = Field(default=[])
    statuses: bool = False


class Health(Gate):
    use: Literal["health"]
    attempts: Annotated[int, Field(ge=1, le=1000)] = 5
    every: Seconds = 10.0
    expect: Annotated[int, Field(ge=100, le=599)] = 200
    version: JsonPath | None = None


class Incidents(Gate):
    use: Literal["incidents"]
    severity: Literal["high", "any"] = "high"
    statuspage: Url | None = None


class Soak(Gate):
    use: Literal["soak"]
    for_: Seconds = Field(alias="for", description="a time such as 30m")


class Smoke(Gate):
    use: Literal["smoke"]
    workflow: Workflow = Field(description="a file name such as smoke.yml")
    ref: Ref | None = None
    inputs: dict[str, Text] = Field(default={})


class Latency(Gate):
    use: Literal["p99"]
    max_ratio: Annotated[float, Field(gt=0, le=1000)] = Field(description="a number such as 1.2")
    window: Seconds = 900.0
    baseline: Seconds = 604_800.0


class Bundle(Gate):
    use: Literal["bundle"]
    max_growth: Share = Field(description="a percentage such as 5%")


class Signed(Gate):
    use: Literal["signed"]


class Readiness(Gate):
    use: Literal["readiness"]
    level: Name = Field(description="one of the scorecard's levels")


class Http(Gate):
    use: Literal["http"]
    url: Url = Field(description="the URL to read")
    expect: Annotated[int, Field(ge=100, le=599)] = 200


AnyGate = Annotated[
    Checks | Health | Incidents | Soak | Smoke | Latency | Bundle | Signed | Readiness | Http,
    Field(discriminator="use"),
]


def _kinds_by_name(gates: object) -> object:
    """A gate without `use` is of the kind that its name says."""
    if not isinstance(gates, dict):
        return gates
    return {name: _with_use(name, gate) for name, gate in gates.items()}


def _with_use(name: object, gate: object) -> object:
    body = {} if gate is None else gate
    return {"use": name, **body} if isinstance(body, dict) else body


Gates = Annotated[dict[Slug, AnyGate], BeforeValidator(_kinds_by_name)]
