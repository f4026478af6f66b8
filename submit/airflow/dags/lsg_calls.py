"""What LSG's DAGs share: the exported calls beside this file, their settings, parameters and templates.

There is no DAG in this file. `submit/lsg run ... --export > NAME.lsg.json` makes the calls;
NAME.settings.json, by hand and not needed, says when and how they run (docs/airflow.md).
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

from airflow.exceptions import AirflowFailException

try:  # Airflow 3
    from airflow.sdk import DAG, Asset, Param, TaskGroup

    AIRFLOW_2 = False
except ImportError:
    from airflow import DAG
    from airflow.datasets import Dataset as Asset
    from airflow.models.param import Param
    from airflow.utils.task_group import TaskGroup

    AIRFLOW_2 = True

FORMAT = 1

# Exit codes of lsg after which trying again changes nothing.
FINAL = {2: "wrong usage or configuration", 3: "bad input data"}

# The day of a run: as asked for, or the run's own. Runs that are no schedule's may have none of theirs.
DATE = "{{ params.date or (dag_run.logical_date or dag_run.run_after) | ds }}"

# Settings and their defaults; a default's type is the setting's, and null stands for a text.
SETTINGS = {
    "way": None,  # spark-submit or kubernetes; by the master of the calls
    "schedule": None,  # cron, preset, or {"assets": ["uri", ...]}; null: by hand
    "start_date": "2025-01-01",
    "catchup": False,
    "dated": {},  # key of the configuration -> value with {date}
    "owner": "lsg",
    "tags": [],
    "retries": 3,
    "retry_delay_minutes": 5,
    "max_retry_delay_minutes": 60,
    "timeout_hours": 24,  # of one try of one stage
    "run_timeout_hours": 72,
    "sla_hours": 24,  # Airflow 2 only
    "pool": "lsg",
    "gpu_pool": "lsg_gpu",
    "connection": None,  # lsg_spark or kubernetes_default
    "namespace": "",  # Kubernetes: that of the call
    "spec": {},  # Kubernetes: more fields of the SparkApplication
    "startup_timeout_minutes": 30,  # Kubernetes: until the driver runs
}

# The last part of these stages' outlets, under the work directory.
OUTLETS = {"train": "train", "evaluate": "evaluate", "predict": "predict", "report": "run.json"}


def literal(text):
    """A template that renders to this text, whatever is in it."""
    return "{{ " + ascii(text) + " }}" if re.search(r"[{\r\n]", text) else text


def only(characters):
    """The end of a pattern: `$` would let a line break pass, and \\Z is not known to browsers."""
    return characters + r"(?![\s\S])"


class Calls:
    """The exported calls of one configuration, and the DAG made of them."""

    def __init__(self, file):
        name = file.name[: -len(".lsg.json")]
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,100}", name):
            raise ValueError(f"{file.name}: a name of letters, digits, _ and - is needed before .lsg.json")
        exported = json.loads(file.read_text(encoding="utf-8"))
        if exported.get("format") != FORMAT:
            raise ValueError(f"{file.name}: format {exported.get('format')}, but these DAGs read {FORMAT}")
        self.dag_id = "lsg_" + name
        self.config = exported["config"]
        self.work_dir = exported["work_dir"]
        self.spark_version = exported["versions"]["spark"]
        self.stages = exported["stages"]
        self.settings = _settings(file.with_name(name + ".settings.json"))
        first = next(iter(self.stages.values()))["call"]
        on_kubernetes = first["master"].startswith("k8s://") and first["deploy_mode"] == "cluster"
        self.way = self.settings["way"] or ("kubernetes" if on_kubernetes else "spark-submit")
        if self.way not in ("kubernetes", "spark-submit") or (self.way == "kubernetes" and not on_kubernetes):
            raise ValueError(f"{file.name}: way {self.way} is not one for {first['master']}")

    def build(self, operator):
        """The DAG, with one task for each stage: operator(stage, call, **arguments of every task)."""
        settings = self.settings
        with self._dag() as dag:
            tasks = {}
            group = TaskGroup(group_id="label_graph", prefix_group_id=False)
            for stage, entry in self.stages.items():
                arguments = self._arguments(stage, entry["call"])
                if stage in ("embed", "graph", "gcn"):
                    arguments["task_group"] = group
                tasks[stage] = operator(stage, entry["call"], **arguments)
            for stage, entry in self.stages.items():
                for before in entry["needs"]:
                    tasks[before] >> tasks[stage]
        return dag

    def name(self, call):
        """What Spark's and YARN's pages show."""
        return literal(call["name"] + " " + self.dag_id) + " " + DATE

    def program_arguments(self, call):
        """Arguments of lsg, each a template of its own; no shell ever sees them."""
        words = [literal(word) for word in call["application_args"]]
        words[words.index("--config") + 1] = "{{ params.config }}"
        for key, value in self.settings["dated"].items():
            words += ["-D", DATE.join(literal(part) for part in f"{key}={value}".split("{date}"))]
        return words

    def conf(self, call):
        """Spark's properties."""
        return {key: literal(value) for key, value in call["conf"].items()}

    def _arguments(self, stage, call):
        conf = call["conf"]
        gpus = int(conf.get("spark.executor.resource.gpu.amount", 0))
        gpus *= int(conf.get("spark.executor.instances", 1))
        arguments = {
            "task_id": stage,
            "execution_timeout": timedelta(hours=self.settings["timeout_hours"]),
            "pool": self.settings["gpu_pool" if gpus else "pool"],
            "pool_slots": max(1, gpus),
        }
        if stage in OUTLETS:
            arguments["outlets"] = [Asset(uri=f"{self.work_dir}/{OUTLETS[stage]}")]
        return arguments

    def _dag(self):
        settings = self.settings
        every_task = {
            "owner": settings["owner"],
            "retries": settings["retries"],
            "retry_delay": timedelta(minutes=settings["retry_delay_minutes"]),
            "retry_exponential_backoff": True,
            "max_retry_delay": timedelta(minutes=settings["max_retry_delay_minutes"]),
        }
        if AIRFLOW_2:
            every_task["sla"] = timedelta(hours=settings["sla_hours"])
        schedule = settings["schedule"]
        if isinstance(schedule, dict):
            schedule = [Asset(uri=uri) for uri in schedule["assets"]]
        start = datetime.strptime(settings["start_date"], "%Y-%m-%d").replace(tzinfo=timezone.utc)
        return DAG(
            dag_id=self.dag_id,
            description="LSG on Spark, stage by stage",
            doc_md=self._documentation(),
            schedule=schedule,
            start_date=start,
            catchup=settings["catchup"],
            max_active_runs=1,
            dagrun_timeout=timedelta(hours=settings["run_timeout_hours"]),
            default_args=every_task,
            params=self._parameters(),
            tags=["lsg", "spark", *settings["tags"]],
        )

    def _parameters(self):
        """What a person who triggers a run may choose; no pattern lets anything out of its place."""
        submitted = re.sub(r"([\\^$.|?*+()\[\]{}])", r"\\\1", self.work_dir + "/submitted/")
        return {
            "date": Param(
                None,
                type=["null", "string"],
                format="date",
                pattern=only(r"^\d{4}-\d{2}-\d{2}"),
                description="The day to run for; empty: the run's own.",
            ),
            "config": Param(
                self.config,
                type="string",
                maxLength=1000,
                pattern=only("^" + submitted + r"[A-Za-z0-9][A-Za-z0-9._ -]*\.conf"),
                description="A configuration that the launcher has put into the work directory.",
            ),
        }

    def _documentation(self):
        stages = ", ".join(self.stages)
        return f"""
**LSG on Spark**: {stages}, each a Spark job ({self.way}) and a task.

* configuration `{self.config}`
* work directory `{self.work_dir}`; what is done there is skipped, so every task may be cleared and run again
* exit 2 (wrong configuration) and 3 (bad input data) fail at once, anything else is tried again
* the report task updates `{self.work_dir}/run.json`, with the headline metrics, and is its producer as a data set
"""


def _settings(file):
    given = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    for key, value in given.items():
        if key not in SETTINGS:
            raise ValueError(f"{file.name}: unknown setting {key}; known are {', '.join(SETTINGS)}")
        kind = type(SETTINGS[key] if SETTINGS[key] is not None else "")
        if key == "schedule" and isinstance(value, dict):
            if list(value) != ["assets"] or not all(isinstance(uri, str) for uri in value["assets"]):
                raise ValueError(f'{file.name}: schedule must be a text or {{"assets": ["uri", ...]}}')
        elif not (value is None and SETTINGS[key] is None) and type(value) is not kind:
            raise ValueError(f"{file.name}: {key} must be of type {kind.__name__}, but is {value!r}")
    for key, value in given.get("dated", {}).items():
        if not re.fullmatch(r"[a-z][a-z0-9.-]*", key) or "{date}" not in str(value):
            raise ValueError(f"{file.name}: dated.{key} must be a key of the configuration and a value with {{date}}")
    return {**SETTINGS, **given}


def read(way, beside):
    """The exported calls beside a file that run this way."""
    every = [Calls(file) for file in sorted(Path(beside).resolve().parent.glob("*.lsg.json"))]
    return [calls for calls in every if calls.way == way]


def status(text, *patterns):
    """The last number that the first matching pattern finds in a text."""
    for pattern in patterns:
        found = re.findall(pattern, text)
        if found:
            return int(found[-1])
    return None


def judged(failure, code):
    """The failure, or where trying again would change nothing, one that Airflow does not try again."""
    if code in FINAL:
        return AirflowFailException(f"exit {code}, {FINAL[code]}: not tried again. {failure}")
    return failure
