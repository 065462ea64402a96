"""What deploy/ has for Kubernetes: each student a number of their own; the workers, by Dask's own schema."""

import importlib.util
import json
import os
import re
import types
from pathlib import Path

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
CHART = "operator/deployment/helm/dask-kubernetes-operator/crds/daskcluster.yaml"


def configuration(name: str):
    """What a configuration file of JupyterHub sets, but for the classes of traitlets."""

    class Settings:
        def __getattr__(self, part):
            self.__dict__[part] = types.SimpleNamespace()
            return self.__dict__[part]

    settings = Settings()
    names = {"get_config": lambda: settings, "__file__": str(DEPLOY / name)}
    exec(compile((DEPLOY / name).read_text(), name, "exec"), names)
    return settings


def spawner(name: str, number: int):
    user = types.SimpleNamespace(name=name, id=number)
    return types.SimpleNamespace(user=user, environment={}, uid=None, gid=None)


@pytest.fixture
def before_start(monkeypatch):
    monkeypatch.setenv("COURSE_INSTRUCTORS", "ines jo")
    monkeypatch.setenv("COURSE_GRADEBOOK", "postgresql://bench@db/gradebook")
    return configuration("kubernetes_config.py").KubeSpawner.pre_spawn_hook


def test_each_student_has_a_number_and_none_the_gradebook(before_start):
    people = [spawner(name, number) for number, name in enumerate(["ana", "bo", "ines"], start=1)]
    for each in people:
        before_start(each)
    ana, bo, ines = people
    assert len({each.uid for each in people}) == 3 and all(each.uid == each.gid for each in people)
    assert "COURSE_GRADEBOOK" in ines.environment and ines.notebook_dir.endswith("/course")
    for student in (ana, bo):
        assert "COURSE_GRADEBOOK" not in student.environment
        assert "/student" in student.environment["JUPYTER_CONFIG_PATH"].split(os.pathsep)[0]


def test_the_hubs_logo_can_be_read_on_its_light_bar_and_on_its_dark_one(monkeypatch):
    """One colour for both: an image is not told which of them a page was switched to."""
    for name in ("COURSE_INSTRUCTORS", "HUB_DATABASE", "COURSE_GRADEBOOK"):
        monkeypatch.setenv(name, "ines")
    logo = Path(configuration("jupyterhub_config.py").JupyterHub.logo_file).read_text()
    ink = re.search(r"text \{[^}]*fill: #(\w{6})", logo)[1]
    shades = [brightness(colour) for colour in (ink, "f8f9fa", "2b3035")]
    for bar in shades[1:]:
        low, high = sorted((shades[0], bar))
        assert (high + 0.05) / (low + 0.05) > 3  # large letters


def brightness(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_numbers_are_those_of_the_image(before_start):
    dockerfile = (ROOT / "Dockerfile").read_text()
    last = spawner("last", 9999)
    before_start(last)
    assert f"seq 20000 {last.uid})" in dockerfile
    with pytest.raises(RuntimeError, match="no account"):
        before_start(spawner("one_more", 10000))


def test_values_are_yaml_and_name_what_is_here():
    values = yaml.safe_load((DEPLOY / "hub.yaml").read_text())
    assert values["singleuser"]["uid"] is None  # else all students would have the chart's 1000
    command = (DEPLOY / "README.md").read_text()
    for name in values["hub"]["extraFiles"]:
        assert f"hub.extraFiles.{name}.stringData=deploy/kubernetes_config.py" in command
    mounted = values["singleuser"]["storage"]["extraVolumeMounts"][0]["mountPath"]
    assert f'"{mounted}/exchange"' in (DEPLOY / "nbgrader_config.py").read_text()


# Of values.schema.yaml of the hub's chart (github.com/jupyterhub/zero-to-jupyterhub-k8s at 02dd73d), which
# takes no other names: what hub.yaml uses, by type.
MOUNTS = {"extraVolumes": list, "extraVolumeMounts": list}
HUB = {
    "config": dict,
    "db": {"type": str, "url": str},
    "extraEnv": dict,
    "extraFiles": {"course": {"mountPath": str}},
}
SINGLEUSER = {
    "image": {"name": str, "tag": str},
    "defaultUrl": str,
    "startTimeout": int,
    "memory": {"guarantee": int | float | str | None, "limit": int | float | str | None},
    "cpu": {"guarantee": int | float | None, "limit": int | float | None},
    "uid": int | None,
    "fsGid": int | None,
    "storage": {"homeMountPath": str, "capacity": str, **MOUNTS},
    "networkPolicy": {"egress": list},
}
VALUES = {
    "hub": HUB,
    "singleuser": SINGLEUSER,
    "cull": {"enabled": bool, "timeout": int, "every": int},
    "prePuller": {"continuous": {"enabled": bool}},
    "scheduling": {
        "podPriority": {"enabled": bool},
        "userPlaceholder": {"enabled": bool, "replicas": int},
    },
}


def not_of_the_chart(found, known, path: str = "") -> list[str]:
    if not isinstance(known, dict):
        return [] if isinstance(found, known) else [f"{path}: {found!r}"]
    if not isinstance(found, dict):
        return [f"{path}: {found!r}"]
    wrong = [f"{path}.{name}" for name in found.keys() - known.keys()]
    for name in found.keys() & known.keys():
        wrong += not_of_the_chart(found[name], known[name], f"{path}.{name}")
    return wrong


def test_values_are_those_that_the_hubs_chart_knows():
    values = yaml.safe_load((DEPLOY / "hub.yaml").read_text())
    assert not_of_the_chart(values, VALUES) == []
    assert values["hub"]["db"]["type"] in (
        "sqlite-pvc",
        "sqlite-memory",
        "mysql",
        "postgres",
        "other",
    )
    values["singleuser"]["fsGID"] = values["singleuser"].pop("fsGid")
    values["cull"]["every"] = "5m"
    assert sorted(not_of_the_chart(values, VALUES)) == [".cull.every: '5m'", ".singleuser.fsGID"]


def strict(schema):
    """The schema without what only Kubernetes reads, refusing what it does not name."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: strict(value) for key, value in schema.items()}
    if schema.get("x-kubernetes-int-or-string"):
        found.pop("type", None)
    if isinstance(found.get("properties"), dict) and found.get("type") == "object":
        found.setdefault("additionalProperties", False)
    return found


def test_workers_by_the_schema_of_dasks_operator():
    package = importlib.util.find_spec("dask_kubernetes")
    if package is None:
        pytest.skip("dask-kubernetes is not installed: `make hub` does that")
    path = Path(package.submodule_search_locations[0]) / CHART
    whole = yaml.safe_load(path.read_text())["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    schema = strict(whole["properties"]["spec"])
    cluster = yaml.safe_load((DEPLOY / "dask.yaml").read_text())
    jsonschema.validate(cluster["spec"], schema)
    wrong = json.loads(json.dumps(cluster["spec"]).replace('"containerPort"', '"containerPorts"'))
    with pytest.raises(jsonschema.ValidationError, match="containerPorts"):
        jsonschema.validate(wrong, schema)
