"""The Helm chart, rendered by Helm's engine and judged by Kubernetes' own schemas, for every way to install it."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from inline_snapshot import snapshot

from bot.adapters.slack_sockets import LINES
from bot.catalog.file import CatalogFile
from bot.lifetime import LAST_RESORT
from bot.playground.slack.socket import MOST as SOCKETS_OF_AN_APP
from bot.settings import load_settings
from tests.deploy.dockerfile import stages
from tests.deploy.helm import CHART, Document, Refused, notes, rendered
from tests.documents import ROOT, code_words, rows, section

KUBERNETES = ("1.29", "1.33", "1.37")
CATALOG = (ROOT / "examples" / "promotions.yml").read_text()
LEAST: Mapping[str, Any] = {"existingSecret": "greenlight", "catalog": {"content": CATALOG}}
REPLICAS: Mapping[str, Any] = {**LEAST, "store": {"kind": "redis"}, "replicas": 3}
EVERYTHING: Mapping[str, Any] = {
    **REPLICAS,
    "image": {"repository": "registry.example.com/greenlight", "digest": f"sha256:{'a' * 64}"},
    "imagePullSecrets": [{"name": "pull"}],
    "githubApp": {"existingSecret": "app", "key": "app.pem"},
    "settings": {"LOG_LEVEL": "DEBUG"},
    "serviceAccount": {"annotations": {"a": "b"}},
    "ingress": {"enabled": True, "className": "nginx", "host": "g.example.com", "tlsSecret": "tls", "annotations": {"a": "1"}},
    "networkPolicy": {"enabled": True, "from": [{"podSelector": {}}], "egress": {"extra": [{"ports": [{"port": 8443}]}]}},
    "serviceMonitor": {"enabled": True, "labels": {"release": "prometheus"}},
    "podAnnotations": {"a": "1"},
    "podLabels": {"b": "2"},
    "nodeSelector": {"disk": "ssd"},
    "tolerations": [{"key": "a", "operator": "Exists"}],
    "affinity": {"nodeAffinity": {}},
}  # fmt: skip
ON_A_CLAIM: Mapping[str, Any] = {
    **LEAST,
    "store": {"kind": "sqlite", "sqlite": {"existingClaim": "mine"}},
    "catalog": {"existingConfigMap": "mine"},
    "serviceAccount": {"create": False},
}
WAYS = {"least": LEAST, "replicas": REPLICAS, "everything": EVERYTHING, "on a claim": ON_A_CLAIM}
SURGE = 1  # pods more than wanted, while they are replaced
MOST_IN_SOCKET_MODE = SOCKETS_OF_AN_APP // LINES - SURGE
CUSTOM = {"ServiceMonitor"}  # of the Prometheus operator: no schema of Kubernetes' own


def pod(documents: Mapping[str, Document], kind: str = "Deployment") -> Document:
    """The pod that a Deployment or a CronJob makes."""
    spec = documents[kind]["spec"]
    template: Document = (spec["jobTemplate"]["spec"] if kind == "CronJob" else spec)["template"]["spec"]
    return template


def container(documents: Mapping[str, Document], kind: str = "Deployment") -> Document:
    """Its only container."""
    (only,) = pod(documents, kind)["containers"]
    found: Document = only
    return found


def environment(documents: Mapping[str, Document]) -> dict[str, str]:
    """What the bot is given in plain words."""
    return {one["name"]: one["value"] for one in container(documents)["env"] if "value" in one}


@pytest.mark.parametrize("kubernetes", KUBERNETES)
@pytest.mark.parametrize("way", WAYS)
def test_kubernetes_would_take_it(way: str, kubernetes: str) -> None:
    """Strictly: an unknown key is an error."""
    for kind, document in rendered(WAYS[way]).items():
        if kind not in CUSTOM:
            kubernetes_validate.validate(document, kubernetes, strict=True)


def test_each_way_makes_what_it_needs() -> None:
    """The least that works, and everything that can be had."""
    kinds = {way: " ".join(sorted(rendered(values))) for way, values in WAYS.items()}
    assert kinds == snapshot(
        {
            "least": "ConfigMap Deployment PersistentVolumeClaim Service ServiceAccount",
            "replicas": "ConfigMap CronJob Deployment PodDisruptionBudget Service ServiceAccount",
            "everything": "ConfigMap CronJob Deployment Ingress NetworkPolicy PodDisruptionBudget Service ServiceAccount ServiceMonitor",
            "on a claim": "Deployment Service",
        }
    )


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"catalog": {"content": CATALOG}}, "existingSecret is not set"),
        ({"existingSecret": "s"}, "The catalog is not set"),
        ({**LEAST, "replicas": 2}, "replicas is more than 1 and the store is SQLite"),
        ({**LEAST, "ingress": {"enabled": True}}, "ingress.host is not set"),
        ({**REPLICAS, "replicas": MOST_IN_SOCKET_MODE + 1}, "replicas is more than 4 in Socket Mode"),
        ({**LEAST, "settings": {"SLACK_BOT_TOKEN": "xoxb"}}, "invalid propertyName 'SLACK_BOT_TOKEN'"),
        ({**LEAST, "settings": {"STORE_URL": "redis://:sesame@x"}}, "invalid propertyName 'STORE_URL'"),
        ({**LEAST, "settings": {"HTTP_PORT": 80}}, "invalid propertyName 'HTTP_PORT'"),
        ({**LEAST, "image": {"tag": "latest"}}, "/image/tag"),
        ({**LEAST, "store": {"kind": "memory"}}, "/store/kind"),
        ({**LEAST, "replicas": 0}, "/replicas"),
        ({**LEAST, "replicaCount": 2}, "replicaCount"),
    ],
)
def test_what_cannot_work_is_refused_before_it_is_installed(values: Mapping[str, Any], why: str) -> None:
    """In one sentence, by the schema or the chart, and not by a pod that does not start."""
    with pytest.raises(Refused) as refused:
        rendered(values)
    assert why in str(refused.value)


@pytest.mark.parametrize(
    ("way", "kind"), [("least", "Deployment"), ("everything", "Deployment"), ("everything", "CronJob")]
)
def test_pods_keep_to_the_restricted_standard(way: str, kind: str) -> None:
    """Kubernetes' Pod Security Standard `restricted`, and more: nothing can be written, no token is mounted."""
    documents = rendered(WAYS[way])
    security, inside = pod(documents, kind)["securityContext"], container(documents, kind)["securityContext"]
    assert (security["runAsNonRoot"], security["seccompProfile"]) == (True, {"type": "RuntimeDefault"})
    assert inside == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod(documents, kind)["automountServiceAccountToken"] is False
    kinds = {name for volume in pod(documents, kind).get("volumes", []) for name in volume if name != "name"}
    assert kinds <= {"configMap", "emptyDir", "persistentVolumeClaim", "secret"}


def test_the_pod_and_the_image_agree() -> None:
    """User, port, volume and the place of the catalog are those of the Dockerfile."""
    image, documents = stages()[-1], rendered(LEAST)
    preset = {name: value for one in image.all("ENV") for name, value in one.pairs.items()}
    security = pod(documents)["securityContext"]
    assert f"{security['runAsUser']}:{security['runAsGroup']}" == image.last("USER").rest
    assert security["fsGroup"] == security["runAsGroup"]
    assert str(container(documents)["ports"][0]["containerPort"]) == image.last("EXPOSE").rest
    mounts = {one["name"]: one["mountPath"] for one in container(documents)["volumeMounts"]}
    assert mounts["store"] == image.last("VOLUME").rest
    assert mounts["catalog"] == os.path.dirname(preset["CATALOG"])
    assert environment(documents) == {
        name: preset[name] for name in ("HTTP_HOST", "HTTP_PORT", "CATALOG", "STORE_URL")
    }


@pytest.mark.parametrize("way", ["least", "on a claim"])
def test_one_process_owns_the_file(way: str) -> None:
    """On SQLite the old pod is gone before the new one starts, and the volume is kept."""
    documents = rendered(WAYS[way])
    assert documents["Deployment"]["spec"]["strategy"] == {"type": "Recreate"}
    (store,) = [one for one in pod(documents)["volumes"] if one["name"] == "store"]
    claim = store["persistentVolumeClaim"]["claimName"]
    assert claim == ("prod-greenlight-store" if way == "least" else "mine")
    if way == "least":
        assert documents["PersistentVolumeClaim"]["metadata"]["name"] == claim
        assert documents["PersistentVolumeClaim"]["metadata"]["annotations"] == {
            "helm.sh/resource-policy": "keep"
        }


def test_replicas_share_a_redis_and_are_never_all_away() -> None:
    """STORE_URL has to be in the Secret; they are spread, replaced one by one, and drained one by one."""
    documents = rendered(REPLICAS)
    (url,) = [one for one in container(documents)["env"] if one["name"] == "STORE_URL"]
    assert url["valueFrom"] == {"secretKeyRef": {"name": "greenlight", "key": "STORE_URL"}}
    spec = documents["Deployment"]["spec"]
    assert spec["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    assert documents["PodDisruptionBudget"]["spec"]["maxUnavailable"] == 1
    labels = spec["selector"]["matchLabels"]
    assert pod(documents)["topologySpreadConstraints"][0]["labelSelector"]["matchLabels"] == labels
    assert documents["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == labels
    assert documents["Service"]["spec"]["selector"] == labels
    assert labels.items() <= spec["template"]["metadata"]["labels"].items()


def test_in_socket_mode_there_is_room_for_an_upgrade() -> None:
    """As many replicas as have their sockets while one more starts; over HTTP nothing is counted."""
    for values in ({"replicas": MOST_IN_SOCKET_MODE}, {"replicas": 9, "socketMode": False}):
        spec = rendered({**REPLICAS, **values})["Deployment"]["spec"]
        assert spec["replicas"] == values["replicas"]
        assert spec["strategy"]["rollingUpdate"]["maxSurge"] == SURGE


def test_a_store_is_made_by_a_person_only() -> None:
    """What makes a Redis store is suspended, starts at no time, and is told to whoever installs the chart."""
    job = rendered(REPLICAS)["CronJob"]
    assert job["spec"]["suspend"] is True
    assert container({"CronJob": job}, "CronJob")["args"] == ["store", "create"]
    assert f"--from=cronjob/{job['metadata']['name']} " in notes(REPLICAS)
    assert "store-create" not in notes(LEAST)
    assert "CronJob" not in rendered(LEAST)


def test_probes_ask_what_they_are_for() -> None:
    """Alive decides about a restart, ready about traffic, and there is time to hand over before SIGKILL."""
    bot = container(rendered(LEAST))
    paths = {name: bot[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness", "readiness")}
    assert {name: one["path"] for name, one in paths.items()} == {
        "startup": "/livez",
        "liveness": "/livez",
        "readiness": "/readyz",
    }
    assert {one["port"] for one in paths.values()} == {bot["ports"][0]["name"]}
    pause = 3
    assert bot["lifecycle"]["preStop"]["exec"]["command"][-1].endswith(f"sleep({pause})")
    assert pod(rendered(LEAST))["terminationGracePeriodSeconds"] > pause + LAST_RESORT + 5


def test_secrets_come_from_secrets_alone() -> None:
    """No value of the chart is a secret: nothing rendered is one, and the only way in is by reference."""
    documents = rendered(EVERYTHING)
    assert "Secret" not in documents
    assert container(documents)["envFrom"] == [{"secretRef": {"name": "greenlight"}}]
    (key,) = [one["secret"] for one in pod(documents)["volumes"] if one["name"] == "github-app"]
    assert key == {"secretName": "app", "items": [{"key": "app.pem", "path": "key.pem"}]}
    assert environment(documents)["GITHUB_APP_PRIVATE_KEY_FILE"] == "/etc/greenlight-app/key.pem"


def test_the_bot_takes_what_the_chart_gives_it() -> None:
    """Each name is a setting; with the keys of the Secret they are enough."""
    given = environment(rendered({**LEAST, "settings": {"LOG_LEVEL": "debug"}}))
    secret = {"SLACK_BOT_TOKEN": "t", "SLACK_SIGNING_SECRET": "s", "GITHUB_TOKEN": "g"}
    settings = load_settings({**secret, **given})
    assert (settings.http_host, settings.log_level) == ("0.0.0.0", "DEBUG")


def test_strangers_reach_three_paths() -> None:
    """Neither health nor metrics is behind the ingress, and the policy lets in and out what is named."""
    documents = rendered(EVERYTHING)
    (rule,) = documents["Ingress"]["spec"]["rules"]
    paths = {(one["path"], one["pathType"]) for one in rule["http"]["paths"]}
    assert paths == {(path, "Exact") for path in ("/slack/events", "/github/webhooks", "/pagerduty/webhooks")}
    policy = documents["NetworkPolicy"]["spec"]
    assert policy["ingress"] == [
        {"from": [{"podSelector": {}}], "ports": [{"port": "http", "protocol": "TCP"}]}
    ]
    ports = [port["port"] for rule in policy["egress"] for port in rule["ports"]]
    assert ports == [53, 53, 443, 6379, 8443]


def test_the_catalog_arrives_as_it_was_written(tmp_path: Path) -> None:
    """Indentation, comments and the last line are kept, so that a line number in an error is the author's."""
    data = rendered(LEAST)["ConfigMap"]["data"]["promotions.yml"]
    assert data.rstrip() == CATALOG.rstrip()


def test_a_changed_configmap_is_read_without_a_restart(tmp_path: Path) -> None:
    """Kubernetes exchanges the folder behind a symbolic link; the bot sees that the file is another one."""
    for version, text in (("one", CATALOG), ("two", CATALOG.replace("wait: 5m", "wait: 7m"))):
        (tmp_path / version).mkdir()
        (tmp_path / version / "promotions.yml").write_text(text)
    (tmp_path / "..data").symlink_to("one")
    (tmp_path / "promotions.yml").symlink_to("..data/promotions.yml")
    catalog = CatalogFile(tmp_path / "promotions.yml")
    before = catalog.current.digest
    (tmp_path / "..new").symlink_to("two")
    (tmp_path / "..new").rename(tmp_path / "..data")
    changed = catalog.reload_if_changed()
    assert not isinstance(changed, Exception)
    assert changed is not None
    assert changed.digest != before


def test_every_value_is_in_the_schema() -> None:
    """A key of values.yaml that the schema does not know would be refused at once; one it alone knows is documented."""
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    schema = yaml.safe_load((CHART / "values.schema.json").read_text())
    unset = {"global", "nameOverride", "fullnameOverride"}
    assert set(values) == set(schema["properties"]) - unset
    assert schema["additionalProperties"] is False


def test_the_documented_values_exist() -> None:
    """docs/deploying.md names no value that the chart does not have."""
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    table = rows(section(ROOT / "docs" / "deploying.md", "Helm"))
    groups = [code_words(cells[0]) for cells in table]
    assert len(groups) == 11
    for first, *others in groups:
        parent = first.rpartition(".")[0]
        for name in (first, *(f"{parent}{other}" if other.startswith(".") else other for other in others)):
            found = values
            for key in name.split("."):
                assert key in found, name
                found = found[key]
