"""A stand-in for Airflow that takes exactly the arguments which a recorded version takes (signatures/).

It has only the names that the record has, so a DAG that imports or passes anything else fails as it would there.
What it does beyond that is written from the documentation and sources of the operators: templates are rendered by
Jinja, spark-submit is really called, a SparkApplication is kept to be looked at.
"""

import copy
import inspect
import json
import os
import re
import subprocess
import sys
import types

import jinja2


class AirflowException(Exception):
    pass


class AirflowFailException(AirflowException):
    pass


RECORD = {}


def bound(name, arguments, named):
    """What the recorded class makes of a call: its parameters, and what is left for its base."""
    for signature in RECORD["classes"][name]["signatures"]:
        listed = [parameter for parameter in signature if len(parameter) > 1]
        places = [parameter[0] for parameter in listed if parameter[1]]
        values = dict(zip(places, arguments))
        twice = set(values) & set(named)
        own = {key: value for key, value in named.items() if key in {parameter[0] for parameter in listed}}
        rest = {key: value for key, value in named.items() if key not in own}
        missing = [parameter[0] for parameter in listed if parameter[2] and parameter[0] not in {**values, **own}]
        taken = not rest or ["**"] in signature
        if len(arguments) <= len(places) and not twice and not missing and taken:
            return {**values, **own}, rest
    raise TypeError(f"{name} does not take {arguments} {named}")


class DAG:
    current = None

    def __init__(self, *arguments, **named):
        given, rest = bound(self.recorded, arguments, named)
        if rest:
            raise TypeError(f"DAG does not take {rest}")
        self.__dict__.update(given)
        self.tasks = {}
        unknown = set(given.get("default_args", {})) - names("airflow.models.BaseOperator")
        if unknown:
            raise TypeError(f"default_args that no operator takes: {unknown}")
        for param in given["params"].values():
            param.validate(param.value)

    def __enter__(self):
        DAG.current = self
        return self

    def __exit__(self, *_):
        DAG.current = None


class TaskGroup:
    def __init__(self, *arguments, **named):
        given, _ = bound(self.recorded, arguments, named)
        assert DAG.current, "a TaskGroup is made inside a DAG"
        self.__dict__.update(given)


class Asset:
    def __init__(self, *arguments, **named):
        given, _ = bound(self.recorded, arguments, named)
        self.uri = given["uri"]
        assert self.uri.isascii() and not re.search(r"\s", self.uri), self.uri


class Param:
    """With the part of JSON schema that the DAGs use, as Python's jsonschema reads it."""

    TYPES = {"string": str, "null": type(None)}

    def __init__(self, *arguments, **named):
        given, self.schema = bound(self.recorded, arguments, named)
        self.value = given["default"]

    def validate(self, value):
        unknown = set(self.schema) - {"type", "pattern", "maxLength", "format"}
        assert not unknown, unknown
        kinds = self.schema["type"] if isinstance(self.schema["type"], list) else [self.schema["type"]]
        if not isinstance(value, tuple(self.TYPES[kind] for kind in kinds)):
            raise ValueError(f"{value!r} is not of type {kinds}")
        if isinstance(value, str):
            if not re.search(self.schema["pattern"], value) or len(value) > self.schema.get("maxLength", 1e9):
                raise ValueError(f"{value!r} does not match")


def names(name):
    return {parameter[0] for signature in RECORD["classes"][name]["signatures"] for parameter in signature}


class BaseOperator:
    chain = ()

    def __init__(self, **named):
        own = set().union(*(names(name) for name in self.chain))
        named = {**{k: v for k, v in DAG.current.default_args.items() if k in own}, **named}
        given = dict(named)
        for name in self.chain:
            _, named = bound(name, (), named)
        if named:
            raise TypeError(f"invalid arguments for {type(self).__name__}: {named}")
        self.given = given
        self.fields = next(
            fields for name in self.chain if (fields := RECORD["classes"][name].get("template_fields"))
        )
        for key in own - {"**"}:
            setattr(self, "_" + key if "_" + key in self.fields else key, given.get(key))
        self._conn_id = given.get("conn_id")
        self.upstream = set()
        DAG.current.tasks[self.task_id] = self

    def __rshift__(self, other):
        other.upstream.add(self.task_id)
        return other

    def render_template_fields(self, context):
        environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
        environment.filters["ds"] = lambda day: day.strftime("%Y-%m-%d")

        def rendered(value):
            if isinstance(value, str):
                return environment.from_string(value).render(context)
            if isinstance(value, (list, tuple)):
                return [rendered(each) for each in value]
            if isinstance(value, dict):
                return {key: rendered(each) for key, each in value.items()}
            return value

        for field in self.fields:
            setattr(self, field, rendered(getattr(self, field)))

    def value(self, name):
        return getattr(self, "_" + name if "_" + name in self.fields else name)


class SparkSubmitHook:
    """Calls spark-submit as the provider's hook does: a list of words, no shell."""

    def __init__(self, operator):
        connection = json.loads(os.environ["AIRFLOW_CONN_" + operator._conn_id.upper()])
        self.operator = operator
        self._connection = {"master": connection["host"], "deploy_mode": connection["extra"].get("deploy-mode")}

    def words(self, application):
        value = self.operator.value
        words = ["spark-submit", "--master", self._connection["master"]]
        for key, property_value in value("conf").items():
            words += ["--conf", f"{key}={property_value}"]
        words += ["--files", value("files")] if value("files") else []
        words += ["--name", value("name"), "--class", value("java_class")]
        if self._connection["deploy_mode"]:
            words += ["--deploy-mode", self._connection["deploy_mode"]]
        return words + [application] + value("application_args")

    def submit(self, application):
        with subprocess.Popen(
            self.words(application), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True
        ) as called:
            self._process_spark_submit_log(iter(called.stdout))
            code = called.wait()
        if code:
            raise AirflowException(f"Cannot execute: {self.words(application)}. Error code is: {code}.")

    def _process_spark_submit_log(self, lines):
        for _ in lines:
            pass


class SparkSubmitOperator(BaseOperator):
    def _get_hook(self):
        return SparkSubmitHook(self)

    def execute(self, context):
        self._get_hook().submit(self.value("application"))


class SparkKubernetesOperator(BaseOperator):
    BASE_CONTAINER_NAME = "spark-kubernetes-driver"
    # What happens to the driver: nothing, an exit code, or an exit code before its pod is seen to run.
    exit_code = 0
    at_once = False

    def execute(self, context):
        spec = copy.deepcopy(self.template_spec["spec"])
        self.launcher = types.SimpleNamespace(
            body={**self.template_spec, "metadata": {"name": self.name, "namespace": self.namespace}, "spec": spec}
        )
        pod = self.get_or_create_spark_crd(self.launcher, context)
        ended = types.SimpleNamespace(terminated=types.SimpleNamespace(exit_code=self.exit_code))
        container = types.SimpleNamespace(name=self.BASE_CONTAINER_NAME, state=ended)
        phase = "Failed" if self.exit_code else "Succeeded"
        self.cleanup(pod, types.SimpleNamespace(status=types.SimpleNamespace(phase=phase, container_statuses=[container])))

    def get_or_create_spark_crd(self, launcher, context):
        if self.exit_code and self.at_once:
            raise AirflowException(
                f"Spark Job Failed. Error stack: driver container failed with ExitCode: {self.exit_code}, Reason: Error"
            )
        return {"labels": launcher.body["spec"]["driver"]["labels"]}

    def cleanup(self, pod, remote_pod):
        if remote_pod.status.phase != "Succeeded":
            raise AirflowException("Pod lsg-driver returned a failure.")


def _labels(context, include_try_number=True):
    labels = {"dag_id": context["ti"].dag_id, "task_id": context["ti"].task_id, "run_id": context["run_id"]}
    return {**labels, "try_number": str(context["ti"].try_number)} if include_try_number else labels


def install(record):
    """Puts the stand-in where Python finds it under the names of the recorded version."""
    RECORD.clear()
    RECORD.update(record)
    made = {"DAG": DAG, "TaskGroup": TaskGroup, "Dataset": Asset, "Asset": Asset, "Param": Param}
    put("airflow.exceptions", "AirflowException", AirflowException)
    put("airflow.exceptions", "AirflowFailException", AirflowFailException)
    for name in record["classes"]:
        module, _, simple = name.rpartition(".")
        if simple in made:
            put(module, simple, type(simple, (made[simple],), {"recorded": name}))
    for base in (SparkSubmitOperator, SparkKubernetesOperator):
        name = next(name for name in record["classes"] if name.endswith("." + base.__name__))
        methods = {}
        chain = [name]
        while chain[-1] != "airflow.models.BaseOperator":
            parent = record["classes"][chain[-1]]["bases"][-1]
            chain.append(next(each for each in record["classes"] if each.endswith("." + parent)))
        for method in ("create_labels_for_pod", "_get_ti_pod_labels"):
            if any(method in record["classes"][each]["methods"] for each in chain):
                methods[method] = staticmethod(_labels)
        methods["__init__"] = constructor(names(name) - {"**"})
        put(name.rpartition(".")[0], base.__name__, type(base.__name__, (base,), {"chain": chain, **methods}))


def constructor(parameters):
    """As it looks to inspect.signature."""

    def init(self, **named):
        BaseOperator.__init__(self, **named)

    listed = [inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    listed += [inspect.Parameter(each, inspect.Parameter.KEYWORD_ONLY) for each in sorted(parameters)]
    init.__signature__ = inspect.Signature(listed)
    return init


def put(module, name, value):
    parts = module.split(".")
    for i in range(1, len(parts) + 1):
        each = ".".join(parts[:i])
        if each not in sys.modules:
            sys.modules[each] = types.ModuleType(each)
            sys.modules[each].__path__ = []
            if i > 1:
                setattr(sys.modules[".".join(parts[: i - 1])], parts[i - 1], sys.modules[each])
    setattr(sys.modules[module], name, value)
