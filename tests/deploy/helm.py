"""Renders the chart with Helm's own engine, in a process of its own: `python -m tests.deploy.helm` reads values from
standard input and prints the documents, or why Helm refused them."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from tests.documents import ROOT

CHART = ROOT / "deploy" / "chart"
RELEASE, NAMESPACE = "prod", "bots"
REFUSED = 3  # exit code

Document = Mapping[str, Any]


class Refused(Exception):
    """Helm would not install it; the text says why."""


def rendered(values: Mapping[str, Any]) -> dict[str, Document]:
    """The chart's documents by kind; raises Refused. Without Helm's engine the test is skipped, except with CI=true."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.deploy.helm"],
        cwd=ROOT, input=json.dumps(values), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if ran.returncode == REFUSED:
        raise Refused(ran.stdout)
    if "No module named 'helm_python'" in ran.stderr and os.environ.get("CI") != "true":
        pytest.skip("helm-python-sdk is not there for this platform")
    assert ran.returncode == 0, ran.stderr
    documents = [one for text in json.loads(ran.stdout).values() for one in yaml.safe_load_all(text) if one]
    kinds = {one["kind"]: one for one in documents}
    assert len(kinds) == len(documents)
    return kinds


def notes(values: Mapping[str, Any]) -> str:
    """What Helm tells whoever installed it."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.deploy.helm", "notes"],
        cwd=ROOT, input=json.dumps(values), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return str(json.loads(ran.stdout))


def _main() -> int:
    from helm_python import Chart, HelmError

    with Chart.load(CHART) as chart:
        try:
            texts = chart.render(values=json.load(sys.stdin), name=RELEASE, namespace=NAMESPACE)
        except HelmError as error:
            print(error)
            return REFUSED
    told = texts.pop("greenlight/templates/NOTES.txt")
    print(json.dumps(told if "notes" in sys.argv else texts))
    return 0


if __name__ == "__main__":
    sys.exit(_main())
