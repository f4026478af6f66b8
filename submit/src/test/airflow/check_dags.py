"""Executes the DAG files against one recorded version of Airflow, and every command that they would issue.

    python3 check_dags.py RECORD FOLDER

FOLDER has what the launcher printed: yarn.lsg.json and kubernetes.lsg.json (--export), and for one stage of each
yarn.train.json and kubernetes.train.json (--dry-run=json).
"""

import ast
import copy
import datetime
import importlib
import json
import os
import re
import shutil
import stat
import sys
import tempfile
import types
import unittest
from pathlib import Path
from unittest import mock

HERE = Path(__file__).resolve().parent
DAGS = HERE.parents[2] / "airflow" / "dags"
RECORD = json.loads(Path(sys.argv[1]).read_text())
PRINTED = Path(sys.argv[2])
AIRFLOW_2 = RECORD["airflow"].startswith("2.")
CLASSES = {name.rpartition(".")[2]: described for name, described in RECORD["classes"].items()}
OLD_KUBERNETES = not any("template_spec" in str(each) for each in CLASSES["SparkKubernetesOperator"]["signatures"])
STAGES = ["prepare", "embed", "graph", "gcn", "train", "evaluate", "predict", "report"]
EVIL = "a'b\"c $(touch hurt) `touch hurt`; touch hurt\n{{ 7 * 7 }}{% raw %} {# x #} \\ \u00e9 \U0001f600"

sys.path.insert(0, str(HERE))
import standin  # noqa: E402


def printed(name):
    return json.loads((PRINTED / name).read_text())


class Folder(unittest.TestCase):
    """A folder of DAGs as a scheduler has it, and a spark-submit that writes down what it is called with."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="lsg dags "))
        self.addCleanup(shutil.rmtree, self.folder)
        for file in DAGS.glob("*.py"):
            shutil.copy(file, self.folder)
        bin = self.folder / "bin"
        bin.mkdir()
        submit = bin / "spark-submit"
        submit.write_text('#!/bin/sh\nprintf "%s\\0" "$@" >"$LSG_TEST_ARGV"\neval "$LSG_TEST_END"\n')
        submit.chmod(submit.stat().st_mode | stat.S_IXUSR)
        self.argv = self.folder / "argv"
        old = dict(os.environ)
        self.addCleanup(lambda: (os.environ.clear(), os.environ.update(old)))
        os.environ.update(
            PATH=f"{bin}:{old['PATH']}", LSG_TEST_ARGV=str(self.argv), LSG_TEST_END="exit 0", PWD=str(self.folder)
        )
        self.connect("yarn", "cluster")
        here = os.getcwd()
        os.chdir(self.folder)
        self.addCleanup(os.chdir, here)

    def connect(self, master, mode):
        os.environ["AIRFLOW_CONN_LSG_SPARK"] = json.dumps({"host": master, "extra": {"deploy-mode": mode}})

    def export(self, kind, change=lambda exported: None, settings=None, name=None):
        exported = printed(kind + ".lsg.json")
        change(exported)
        (self.folder / f"{name or kind}.lsg.json").write_text(json.dumps(exported))
        if settings is not None:
            (self.folder / f"{name or kind}.settings.json").write_text(json.dumps(settings))
        return exported

    def dags(self, module):
        """The DAGs of a file, executed afresh."""
        for name in list(sys.modules):
            if name == "airflow" or name.startswith(("airflow.", "lsg_")):
                del sys.modules[name]
        standin.install(RECORD)
        path = list(sys.path)
        sys.path.insert(0, str(self.folder))
        try:
            with mock.patch("socket.socket", side_effect=AssertionError("a DAG file opens a connection")):
                executed = importlib.import_module(module)
        finally:
            sys.path[:] = path
        return {name: value for name, value in vars(executed).items() if isinstance(value, standin.DAG)}

    def run_task(self, dag, stage, date=None, **params):
        task = copy.copy(dag.tasks[stage])
        values = {name: param.value for name, param in dag.params.items()}
        run = types.SimpleNamespace(logical_date=datetime.datetime(2025, 3, 4), run_after=None)
        if not AIRFLOW_2:  # a run by hand has no logical date
            run = types.SimpleNamespace(logical_date=None, run_after=datetime.datetime(2025, 3, 4))
        instance = types.SimpleNamespace(dag_id=dag.dag_id, task_id=stage, try_number=2)
        context = {"params": {**values, "date": date, **params}, "dag_run": run, "ti": instance, "run_id": "manual__1"}
        task.render_template_fields(context)
        task.execute(context)
        return task

    def submitted(self):
        """The call that spark-submit got, in the words of the launcher's JSON."""
        words = self.argv.read_bytes().decode().split("\0")[:-1]
        call = {"conf": {}, "files": []}
        names = {"--master": "master", "--deploy-mode": "deploy_mode", "--name": "name", "--class": "java_class"}
        while words[0].startswith("--"):
            option, value, words = words[0], words[1], words[2:]
            if option == "--conf":
                key, _, call["conf"][key] = value.partition("=")
                call["conf"][key] = value.partition("=")[2]
            elif option == "--files":
                call["files"] = value.split(",")
            else:
                call[names[option]] = value
        return {**call, "application": words[0], "application_args": words[1:]}


TEMPLATES = ["spark.kubernetes.driver.podTemplateFile", "spark.kubernetes.executor.podTemplateFile"]


def manifest_call(body):
    """The call of spark-submit that the Spark operator makes of a SparkApplication."""
    spec = body["spec"]
    conf = dict(spec["sparkConf"])
    conf["spark.kubernetes.container.image"] = spec["image"]
    typed = {
        "driver": {
            "cores": "spark.driver.cores",
            "memory": "spark.driver.memory",
            "memoryOverhead": "spark.driver.memoryOverhead",
            "serviceAccount": "spark.kubernetes.authenticate.driver.serviceAccountName",
        },
        "executor": {
            "instances": "spark.executor.instances",
            "cores": "spark.executor.cores",
            "memory": "spark.executor.memory",
            "memoryOverhead": "spark.executor.memoryOverhead",
        },
    }
    for part, fields in typed.items():
        for field, value in spec[part].items():
            if field != "labels":
                conf[fields[field]] = str(value)
    return {
        "deploy_mode": spec["mode"],
        "conf": conf,
        "files": spec.get("deps", {}).get("files", []),
        "java_class": spec["mainClass"],
        "application": spec["mainApplicationFile"],
        "application_args": spec["arguments"],
    }


class Importing(Folder):
    def test_without_calls_there_is_no_dag_and_no_error(self):
        self.assertEqual({}, self.dags("lsg_spark_submit"))
        self.assertEqual({}, self.dags("lsg_kubernetes"))

    def test_the_oldest_python_of_airflow_2_7_can_read_the_files(self):
        for file in DAGS.glob("*.py"):
            ast.parse(file.read_text(), feature_version=(3, 8))

    def test_private_methods_that_the_dags_lean_on_are_there(self):
        self.assertIn("_get_hook", CLASSES["SparkSubmitOperator"]["methods"])
        self.assertLessEqual({"submit", "_process_spark_submit_log"}, set(CLASSES["SparkSubmitHook"]["methods"]))
        if not OLD_KUBERNETES:
            self.assertIn("get_or_create_spark_crd", CLASSES["SparkKubernetesOperator"]["methods"])
            self.assertIn("cleanup", CLASSES["KubernetesPodOperator"]["methods"])

    def test_calls_go_to_the_file_of_their_way(self):
        self.export("yarn")
        if OLD_KUBERNETES:
            self.export("kubernetes")
            with self.assertRaisesRegex(ImportError, "8.0.1 or newer"):
                self.dags("lsg_kubernetes")
            return
        self.export("kubernetes")
        self.export("kubernetes", settings={"way": "spark-submit"}, name="other-1")
        self.assertEqual({"lsg_yarn", "lsg_other-1"}, set(self.dags("lsg_spark_submit")))
        self.assertEqual({"lsg_kubernetes"}, set(self.dags("lsg_kubernetes")))

    def test_wrong_files_name_what_is_wrong(self):
        wrong = [
            ({}, {"retry": 3}, "yarn.settings.json: unknown setting retry"),
            ({}, {"retries": "3"}, "yarn.settings.json: retries must be of type int"),
            ({}, {"schedule": {"uris": []}}, "yarn.settings.json: schedule must be"),
            ({}, {"dated": {"data.train": "x"}}, "yarn.settings.json: dated.data.train must"),
            ({}, {"dated": {"a=b;": "{date}"}}, "dated.a=b; must"),
            ({}, {"way": "kubernetes"}, "yarn.lsg.json: way kubernetes is not one for yarn"),
            ({"format": 2}, None, "yarn.lsg.json: format 2, but these DAGs read 1"),
        ]
        for change, settings, message in wrong:
            self.export("yarn", lambda exported: exported.update(change), settings)
            with self.assertRaisesRegex(ValueError, re.escape(message)):
                self.dags("lsg_spark_submit")
            for file in self.folder.glob("*.json"):
                file.unlink()
        self.export("yarn", name="$(touch hurt)")
        with self.assertRaisesRegex(ValueError, "a name of letters"):
            self.dags("lsg_spark_submit")


class Shape(Folder):
    def test_tasks_run_in_the_order_of_what_they_need(self):
        self.export("yarn")
        dag = self.dags("lsg_spark_submit")["lsg_yarn"]
        self.assertEqual(STAGES, list(dag.tasks))
        order = {name: sorted(task.upstream) for name, task in dag.tasks.items()}
        chain = {"prepare": [], "embed": ["prepare"], "graph": ["embed"], "gcn": ["graph"], "train": ["gcn"]}
        self.assertEqual(
            {**chain, "evaluate": ["train"], "predict": ["train"], "report": ["evaluate", "predict"]}, order
        )

    def test_label_graph_and_samples_are_made_side_by_side_where_neither_needs_the_other(self):
        def apart(exported):
            exported["stages"]["embed"]["needs"] = []
            exported["stages"]["train"]["needs"] = ["prepare", "gcn"]

        self.export("yarn", apart)
        tasks = self.dags("lsg_spark_submit")["lsg_yarn"].tasks
        self.assertEqual(set(), tasks["embed"].upstream)
        self.assertEqual({"prepare", "gcn"}, tasks["train"].upstream)

    def test_retries_limits_pools_and_data(self):
        exported = self.export("yarn", settings={"schedule": {"assets": ["hdfs:///pictures"]}, "sla_hours": 8})
        dag = self.dags("lsg_spark_submit")["lsg_yarn"]
        self.assertEqual(["hdfs:///pictures"], [asset.uri for asset in dag.schedule])
        self.assertEqual((1, False), (dag.max_active_runs, dag.catchup))
        for task in dag.tasks.values():
            self.assertEqual((3, True, 300), (task.retries, task.retry_exponential_backoff, task.retry_delay.seconds))
            self.assertEqual(("lsg_gpu", 2), (task.pool, task.pool_slots))
            self.assertEqual(datetime.timedelta(hours=24), task.execution_timeout)
            self.assertEqual(datetime.timedelta(hours=8) if AIRFLOW_2 else None, task.given.get("sla"))
            self.assertEqual(task.task_id in ("embed", "graph", "gcn"), "task_group" in task.given)
        outlets = {name: task.given["outlets"][0].uri for name, task in dag.tasks.items() if "outlets" in task.given}
        ends = {"train": "train", "evaluate": "evaluate", "predict": "predict", "report": "run.json"}
        self.assertEqual({name: exported["work_dir"] + "/" + end for name, end in ends.items()}, outlets)

    def test_without_gpus_the_other_pool_is_asked(self):
        def without(exported):
            for stage in exported["stages"].values():
                del stage["call"]["conf"]["spark.executor.resource.gpu.amount"]

        self.export("yarn", without)
        tasks = self.dags("lsg_spark_submit")["lsg_yarn"].tasks.values()
        self.assertEqual({("lsg", 1)}, {(task.pool, task.pool_slots) for task in tasks})


class Calling(Folder):
    def test_every_task_calls_spark_submit_as_the_launcher_would(self):
        exported = self.export("yarn")
        dag = self.dags("lsg_spark_submit")["lsg_yarn"]
        for stage in STAGES:
            self.run_task(dag, stage)
            got = self.submitted()
            self.assertEqual(f"lsg {stage} lsg_yarn 2025-03-04", got.pop("name"))
            call = dict(exported["stages"][stage]["call"])
            self.assertEqual("lsg " + stage, call.pop("name"))
            self.assertEqual(call, got)
        train, call = printed("yarn.train.json"), exported["stages"]["train"]["call"]
        # The launcher's files lie on its machine; exported, they were brought along.
        for each in (train, call):
            each["files"] = [Path(file).name for file in each["files"]]
        self.assertEqual(train, call)

    @unittest.skipIf(OLD_KUBERNETES, "has no template_spec")
    def test_every_task_makes_the_application_of_the_launchers_call(self):
        exported = self.export("kubernetes", settings={"namespace": "team", "startup_timeout_minutes": 5})
        dag = self.dags("lsg_kubernetes")["lsg_kubernetes"]
        for stage in STAGES:
            task = self.run_task(dag, stage)
            body = task.launcher.body
            call = dict(exported["stages"][stage]["call"])
            del call["name"], call["master"]
            left_out = {"spark.kubernetes.namespace", *TEMPLATES}
            call["conf"] = {key: value for key, value in call["conf"].items() if key not in left_out}
            self.assertEqual(call, manifest_call(body))
            self.assertEqual(("sparkoperator.k8s.io/v1beta2", "SparkApplication"), (body["apiVersion"], body["kind"]))
            self.assertEqual({"name": "lsg-kubernetes-" + stage, "namespace": "team"}, body["metadata"])
            self.assertEqual({"type": "Never"}, body["spec"]["restartPolicy"])
            self.assertEqual(exported["versions"]["spark"], body["spec"]["sparkVersion"])
            executor = {"instances": 2, "cores": 4, "memory": "8g", "memoryOverhead": "8g"}
            self.assertEqual(executor, body["spec"]["executor"])
            # What the operator looks for to find the driver again after a restart.
            labels = {"dag_id": "lsg_kubernetes", "task_id": stage, "run_id": "manual__1", "try_number": "2"}
            self.assertEqual(labels, body["spec"]["driver"]["labels"])
            self.assertEqual((True, 300), (task.given["reattach_on_restart"], task.given["startup_timeout_seconds"]))
        train, call = printed("kubernetes.train.json"), exported["stages"]["train"]["call"]
        # The launcher's templates lie on its machine; exported, they were brought along.
        for each in (train, call):
            for key in TEMPLATES:
                each["conf"][key] = Path(each["conf"][key]).name
        self.assertEqual(train, call)

    @unittest.skipIf(OLD_KUBERNETES, "has no template_spec")
    def test_a_site_adds_fields_to_the_application_but_changes_none_of_the_call(self):
        site = {
            "volumes": [{"name": "work", "hostPath": {"path": "/{{ x }}"}}],
            "driver": {"labels": {"team": "a"}, "securityContext": {"runAsNonRoot": True}},
            "sparkConf": {"spark.eventLog.enabled": "true"},
        }
        self.export("kubernetes", settings={"spec": site})
        task = self.run_task(self.dags("lsg_kubernetes")["lsg_kubernetes"], "gcn")
        self.assertEqual("lsg", task.launcher.body["metadata"]["namespace"])  # conf/cluster/kubernetes.conf
        spec = task.launcher.body["spec"]
        self.assertEqual(site["volumes"], spec["volumes"])
        self.assertEqual({"runAsNonRoot": True}, spec["driver"]["securityContext"])
        self.assertEqual(("a", "gcn"), (spec["driver"]["labels"]["team"], spec["driver"]["labels"]["task_id"]))
        self.assertEqual("true", spec["sparkConf"]["spark.eventLog.enabled"])
        for spec in ({"mainClass": "x"}, {"executor": {"memory": "1g"}}, {"arguments": []}):
            self.export("kubernetes", settings={"spec": spec})
            with self.assertRaisesRegex(ValueError, "is given by the exported call"):
                self.dags("lsg_kubernetes")

    def test_the_day_enters_where_the_settings_say(self):
        self.export("yarn", settings={"dated": {"data.train": "hdfs:///p/{date}/train?{date}"}})
        dag = self.dags("lsg_spark_submit")["lsg_yarn"]
        self.run_task(dag, "prepare")
        self.assertEqual(
            ["-D", "data.train=hdfs:///p/2025-03-04/train?2025-03-04"], self.submitted()["application_args"][-2:]
        )
        self.run_task(dag, "prepare", date="2024-12-31")
        got = self.submitted()
        self.assertEqual(["-D", "data.train=hdfs:///p/2024-12-31/train?2024-12-31"], got["application_args"][-2:])
        self.assertEqual("lsg prepare lsg_yarn 2024-12-31", got["name"])


class HostileInput(Folder):
    def test_what_the_launcher_wrote_arrives_as_it_is(self):
        def evil(exported):
            call = exported["stages"]["embed"]["call"]
            call["application_args"] += ["--explain", EVIL]
            call["application"] = "hdfs:///" + EVIL
            call["files"] = ["hdfs:///" + EVIL]
            call["conf"]["spark.executor.extraJavaOptions"] = "-Dhome={{PWD}} " + EVIL

        self.export("yarn", evil)
        self.run_task(self.dags("lsg_spark_submit")["lsg_yarn"], "embed")
        got = self.submitted()
        self.assertEqual(EVIL, got["application_args"][-1])
        self.assertEqual(("hdfs:///" + EVIL, ["hdfs:///" + EVIL]), (got["application"], got["files"]))
        self.assertEqual("-Dhome={{PWD}} " + EVIL, got["conf"]["spark.executor.extraJavaOptions"])
        if not OLD_KUBERNETES:
            self.export("kubernetes", evil)
            task = self.run_task(self.dags("lsg_kubernetes")["lsg_kubernetes"], "embed")
            self.assertEqual(EVIL, task.launcher.body["spec"]["arguments"][-1])
            self.assertEqual("hdfs:///" + EVIL, task.launcher.body["spec"]["mainApplicationFile"])
        self.assertFalse(list(self.folder.rglob("hurt")))

    def test_a_trigger_may_name_a_day_and_a_submitted_configuration_and_nothing_else(self):
        exported = self.export("yarn")
        params = self.dags("lsg_spark_submit")["lsg_yarn"].params
        self.assertEqual({"date", "config"}, set(params))
        submitted = exported["work_dir"] + "/submitted/"
        for good in (exported["config"], submitted + "my other run-0123456789abcdef.conf"):
            params["config"].validate(good)
        for good in (None, "2024-02-29"):
            params["date"].validate(good)
        for bad in (
            *(exported["config"] + end for end in ("\n", " ; rm -rf /", "\0", "$(touch hurt)", "/../x.conf")),
            *(submitted + name for name in ("../x.conf", "a/b.conf", ".conf", "$(x).conf", "`x`.conf", "'.conf")),
            *(submitted + name for name in ("{{ 7 * 7 }}.conf", "a\n.conf", "\u00e9.conf", "-x.conf", "a" * 2000 + ".conf")),
            "/etc/passwd",
            "{{ var.value.secret }}",
            "x" + exported["config"],
            exported["config"].replace("/submitted/", "/other/"),
            exported["work_dir"].replace("/", "x", 1) + "/submitted/a.conf",
            None,
            7,
            [exported["config"]],
        ):
            with self.assertRaises(ValueError, msg=repr(bad)):
                params["config"].validate(bad)
        for bad in ("2024-02-29\n", "2024-2-9", "$(touch hurt)", "{{ ds }}", "", "2024-02-29; x", "today", 20240229):
            with self.assertRaises(ValueError, msg=repr(bad)):
                params["date"].validate(bad)

    def test_what_passed_unchecked_would_still_be_one_word(self):
        self.export("yarn")
        dag = self.dags("lsg_spark_submit")["lsg_yarn"]
        self.run_task(dag, "train", config=EVIL)
        self.assertEqual(EVIL, self.submitted()["application_args"][2])
        self.assertEqual(5, len(self.submitted()["application_args"]))
        self.assertFalse(list(self.folder.rglob("hurt")))

    def test_a_call_is_submitted_only_where_it_was_made_for(self):
        self.export("yarn")
        dag = self.dags("lsg_spark_submit")["lsg_yarn"]
        for master, mode in (("yarn", None), ("yarn", "client"), ("local[*]", "cluster"), ("spark://h:1", "cluster")):
            self.connect(master, mode)
            with self.assertRaisesRegex(standin.AirflowFailException, "change the connection, or export again"):
                self.run_task(dag, "train")
        self.assertFalse(self.argv.exists())


class Failing(Folder):
    def test_on_yarn_the_log_tells_what_is_worth_trying_again(self):
        self.export("yarn")
        dag = self.dags("lsg_spark_submit")["lsg_yarn"]
        said = 'echo "INFO x"; echo "diagnostics: User application exited with status %s"; echo y; exit 1'
        for code, final in ((1, False), (2, True), (3, True), (4, False), (143, False)):
            os.environ["LSG_TEST_END"] = said % code
            self.fails(dag, "train", code, final)
        os.environ["LSG_TEST_END"] = "exit 1"  # spark-submit itself, without a program
        self.fails(dag, "train", 1, False)

    def test_in_client_mode_the_code_is_that_of_spark_submit(self):
        def client(exported):
            for stage in exported["stages"].values():
                stage["call"]["deploy_mode"] = "client"

        self.export("yarn", client)
        self.connect("yarn", None)
        dag = self.dags("lsg_spark_submit")["lsg_yarn"]
        for code, final in ((1, False), (2, True), (3, True), (4, False), (137, False)):
            os.environ["LSG_TEST_END"] = f"exit {code}"
            self.fails(dag, "train", code, final)

    @unittest.skipIf(OLD_KUBERNETES, "has no template_spec")
    def test_on_kubernetes_the_drivers_container_tells(self):
        self.export("kubernetes")
        dag = self.dags("lsg_kubernetes")["lsg_kubernetes"]
        for at_once in (False, True):
            for code, final in ((1, False), (2, True), (3, True), (4, False), (137, False)):
                dag.tasks["train"].exit_code, dag.tasks["train"].at_once = code, at_once
                self.fails(dag, "train", code, final)

    def fails(self, dag, stage, code, final):
        with self.assertRaises(standin.AirflowException) as caught:
            self.run_task(dag, stage)
        self.assertEqual(final, isinstance(caught.exception, standin.AirflowFailException), code)
        if final:
            self.assertIn(f"exit {code}, ", str(caught.exception))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
