"""Airflow DAGs that run LSG's stages as SparkApplications of the Spark operator on Kubernetes.

One for each exported call beside this file; docs/airflow.md says how to install them, and what they do.
"""

from __future__ import annotations

import inspect
import os
import re
import sys

from airflow.exceptions import AirflowException
from airflow.providers.cncf.kubernetes.operators.spark_kubernetes import SparkKubernetesOperator

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lsg_calls  # noqa: E402

IMAGE = "spark.kubernetes.container.image"
PULL_POLICY = "spark.kubernetes.container.image.pullPolicy"
NAMESPACE = "spark.kubernetes.namespace"

# Files of spark-submit's machine. The operator has fields for what they say, which are the setting "spec".
TEMPLATES = ["spark.kubernetes.driver.podTemplateFile", "spark.kubernetes.executor.podTemplateFile"]

# Properties for which a SparkApplication has fields of its own, where quotas and people look for them.
FIELDS = {
    "driver": {
        "spark.driver.cores": "cores",
        "spark.driver.memory": "memory",
        "spark.driver.memoryOverhead": "memoryOverhead",
        "spark.kubernetes.authenticate.driver.serviceAccountName": "serviceAccount",
    },
    "executor": {
        "spark.executor.instances": "instances",
        "spark.executor.cores": "cores",
        "spark.executor.memory": "memory",
        "spark.executor.memoryOverhead": "memoryOverhead",
    },
}


class LsgSparkApplication(SparkKubernetesOperator):
    """Finds its driver again after a restart, and fails at once where trying again changes nothing."""

    def get_or_create_spark_crd(self, launcher, context):
        # By these labels the operator looks for a driver that runs already; older ones do not set them.
        labels = getattr(self, "create_labels_for_pod", None) or self._get_ti_pod_labels
        driver = launcher.body["spec"]["driver"]
        driver["labels"] = {**(driver.get("labels") or {}), **labels(context)}
        try:
            return super().get_or_create_spark_crd(launcher, context)
        except AirflowException as failure:  # The driver ended before it was seen to run.
            code = lsg_calls.status(str(failure), r"(?i)exit ?code:? (\d+)")
            raise lsg_calls.judged(failure, code) from failure.__cause__

    def cleanup(self, pod, remote_pod, *arguments, **named):
        code = None
        for container in getattr(getattr(remote_pod, "status", None), "container_statuses", None) or []:
            ended = container.state and container.state.terminated
            if container.name == self.BASE_CONTAINER_NAME and ended:
                code = ended.exit_code
        try:
            return super().cleanup(pod, remote_pod, *arguments, **named)
        except AirflowException as failure:
            raise lsg_calls.judged(failure, code) from failure.__cause__


def add(ours, theirs, path):
    """The site's own fields (volumes, security contexts, tolerations, ...), where the call says nothing."""
    for key, value in theirs.items():
        if key not in ours:
            ours[key] = literals(value)
        elif isinstance(ours[key], dict) and isinstance(value, dict):
            add(ours[key], value, f"{path}.{key}")
        else:
            raise ValueError(f"{path}.{key} is given by the exported call: export it otherwise")


def literals(value):
    if isinstance(value, dict):
        return {key: literals(each) for key, each in value.items()}
    if isinstance(value, list):
        return [literals(each) for each in value]
    return lsg_calls.literal(value) if isinstance(value, str) else value


def application(calls, call, name):
    """The call of spark-submit as a SparkApplication."""
    conf = calls.conf(call)
    spec = {
        "type": "Java",
        "mode": "cluster",
        "sparkVersion": calls.spark_version,
        "image": conf.pop(IMAGE),
        "mainClass": call["java_class"],
        "mainApplicationFile": lsg_calls.literal(call["application"]),
        "arguments": calls.program_arguments(call),
        "restartPolicy": {"type": "Never"},  # Airflow tries again
    }
    if PULL_POLICY in conf:
        spec["imagePullPolicy"] = conf.pop(PULL_POLICY)
    if call["files"]:
        spec["deps"] = {"files": [lsg_calls.literal(file) for file in call["files"]]}
    for part, fields in FIELDS.items():
        spec[part] = {}
        for key, field in fields.items():
            if key in conf:
                value = conf.pop(key)
                spec[part][field] = int(value) if field in ("cores", "instances") else value
    spec["driver"]["labels"] = {}
    for key in [NAMESPACE, *TEMPLATES]:
        conf.pop(key, None)
    spec["sparkConf"] = conf
    add(spec, calls.settings["spec"], "spec")
    return {
        "apiVersion": "sparkoperator.k8s.io/v1beta2",
        "kind": "SparkApplication",
        "metadata": {"name": name},
        "spec": spec,
    }


def _operator(calls):
    settings = calls.settings

    def task(stage, call, **arguments):
        name = re.sub("[^a-z0-9]+", "-", calls.dag_id.lower())[:30].strip("-") + "-" + stage
        return LsgSparkApplication(
            name=name,
            namespace=settings["namespace"] or call["conf"].get(NAMESPACE, "default"),
            template_spec=application(calls, call, name),
            kubernetes_conn_id=settings["connection"] or "kubernetes_default",
            startup_timeout_seconds=60 * settings["startup_timeout_minutes"],
            reattach_on_restart=True,
            delete_on_termination=True,
            get_logs=True,
            **arguments,
        )

    return task


for _calls in lsg_calls.read("kubernetes", __file__):
    if "template_spec" not in inspect.signature(SparkKubernetesOperator.__init__).parameters:
        raise ImportError("apache-airflow-providers-cncf-kubernetes is too old: 8.0.1 or newer is needed")
    globals()[_calls.dag_id] = _calls.build(_operator(_calls))
