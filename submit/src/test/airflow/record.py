"""Records of a version of Airflow what the DAGs use of it: where names are imported from, and parameters.

    python3 record.py CHECKOUT VERSION > signatures/VERSION.json

CHECKOUT is the source of apache/airflow at that version. It is read, not executed; what is written are facts
(names of modules, classes, parameters, methods, template fields), not code.
"""

import ast
import json
import re
import sys
from pathlib import Path

SPARK = "providers/apache/spark"
KUBERNETES = "providers/cncf/kubernetes"

# What the DAGs import, and the file and class that stand behind it: Airflow 2, then Airflow 3.
AIRFLOW_2 = {
    "airflow.DAG": ("airflow/models/dag.py", "DAG"),
    "airflow.datasets.Dataset": ("airflow/datasets/__init__.py", "Dataset"),
    "airflow.models.param.Param": ("airflow/models/param.py", "Param"),
    "airflow.utils.task_group.TaskGroup": ("airflow/utils/task_group.py", "TaskGroup"),
    "airflow.models.BaseOperator": ("airflow/models/baseoperator.py", "BaseOperator"),
}
SDK = "task-sdk/src/airflow/sdk/definitions/"
AIRFLOW_3 = {
    "airflow.sdk.DAG": (SDK + "dag.py", "DAG"),
    "airflow.sdk.Asset": (SDK + "asset/__init__.py", "Asset"),
    "airflow.sdk.Param": (SDK + "param.py", "Param"),
    "airflow.sdk.TaskGroup": (SDK + "taskgroup.py", "TaskGroup"),
    "airflow.models.BaseOperator": (SDK + "baseoperator.py", "BaseOperator"),
}
OPERATORS = {
    "SparkSubmitOperator": (SPARK, "operators/spark_submit.py", "BaseOperator"),
    "SparkSubmitHook": (SPARK, "hooks/spark_submit.py", None),
    "KubernetesPodOperator": (KUBERNETES, "operators/pod.py", "BaseOperator"),
    "SparkKubernetesOperator": (KUBERNETES, "operators/spark_kubernetes.py", "KubernetesPodOperator"),
}


def main(checkout, version):
    names = AIRFLOW_2 if (checkout / "airflow/models/dag.py").exists() else AIRFLOW_3
    record = {"airflow": version, "providers": {}, "classes": {}}
    for name, (path, class_name) in names.items():
        record["classes"][name] = described(checkout / path, class_name)
    for class_name, (provider, path, _) in OPERATORS.items():
        home = checkout / "airflow" / provider
        if not home.exists():
            home = checkout / provider / "src/airflow" / provider
        yaml = next(file for file in (home / "provider.yaml", checkout / provider / "provider.yaml") if file.exists())
        record["providers"][provider] = re.search(r"^versions:\s+- (\S+)", yaml.read_text(), re.M).group(1)
        name = f"airflow.{provider}/{path}".replace("/", ".")[: -len(".py")] + "." + class_name
        record["classes"][name] = described(home / path, class_name)
    return record


def described(file, class_name):
    tree = ast.parse(file.read_text())
    found = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == class_name)
    methods = [node for node in found.body if isinstance(node, ast.FunctionDef)]
    overloads = [node for node in methods if node.name == "__init__" and overload(node)]
    inits = overloads or [node for node in methods if node.name == "__init__"]
    description = {
        "bases": [ast.unparse(base) for base in found.bases],
        "signatures": [parameters(node.args) for node in inits] or [fields(found)],
        "methods": sorted({node.name for node in methods if node.name != "__init__"}),
    }
    for node in found.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id == "template_fields":
            try:
                description["template_fields"] = list(ast.literal_eval(node.value))
            except ValueError:
                pass  # computed
    return description


def overload(function):
    return any(isinstance(node, ast.Name) and node.id == "overload" for node in function.decorator_list)


def parameters(arguments):
    """[name, may be given by place, must be given] each; a last ["**"] where any other name is taken."""
    places = (arguments.posonlyargs + arguments.args)[1:]
    without_default = len(places) - len(arguments.defaults)
    listed = [[node.arg, True, i < without_default] for i, node in enumerate(places)]
    for node, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
        listed.append([node.arg, False, default is None])
    return listed + ([["**"]] if arguments.kwarg else [])


def fields(found):
    """The parameters of a class that attrs makes of its annotations."""
    listed = []
    defaults = set()  # those with a default by a method, @name.default
    for node in found.body:
        for decorator in getattr(node, "decorator_list", []):
            defaults.add(ast.unparse(decorator))
    for node in found.body:
        if not isinstance(node, ast.AnnAssign) or "ClassVar" in ast.unparse(node.annotation):
            continue
        options = {}
        if isinstance(node.value, ast.Call):
            options = {option.arg: option.value for option in node.value.keywords}
        if "init" in options and options["init"].value is False:
            continue
        required = node.value is None or not ({"default", "factory"} & set(options)) and bool(options)
        required = required and node.target.id + ".default" not in defaults
        alias = options["alias"].value if "alias" in options else node.target.id.lstrip("_")
        listed.append([alias, True, required])
    return listed


if __name__ == "__main__":
    json.dump(main(Path(sys.argv[1]), sys.argv[2]), sys.stdout, indent=1)
    print()
