"""Airflow DAGs that run LSG's stages by spark-submit: one for each exported call beside this file.

docs/airflow.md says how to install them, and what they do.
"""

from __future__ import annotations

import os
import sys

from airflow.exceptions import AirflowFailException
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lsg_calls  # noqa: E402

# Since Airflow 3.3 the operator can take up an application where it left it, but then learns no exit
# code. Submitting again is safe: a second application waits for the first one's claim, then skips.
try:
    from airflow.sdk import ResumableJobMixin  # noqa: F401

    SUBMIT_AGAIN = {"durable": False}
except ImportError:
    SUBMIT_AGAIN = {}


# The program's exit code, in the log of spark-submit, and in the hook's message.
STATUS = r"User application exited with status (\d+)"
CODES = (r"Kubernetes spark exit code is: (\d+)", r"Error code is: (\d+)")


class LsgSparkSubmit(SparkSubmitOperator):
    """Fails at once where trying again changes nothing, and submits only where the calls were made for."""

    lsg_call = None

    def _get_hook(self):
        hook = super()._get_hook()
        connection = hook._connection
        asked = (self.lsg_call["master"], self.lsg_call["deploy_mode"])
        there = (connection["master"], connection["deploy_mode"] or "client")
        if asked != there:
            raise AirflowFailException(
                f"connection {self._conn_id} is for master {there[0]}, deploy mode {there[1]}, but the call"
                f" was exported for {asked[0]}, {asked[1]}: change the connection, or export again"
            )
        return _judging(hook)


def _judging(hook):
    """Has the hook tell failures that are final; on YARN only spark-submit's log has the exit code."""
    seen = [None]
    read, submit = hook._process_spark_submit_log, hook.submit

    def watched(lines):
        for line in lines:
            seen[:] = [lsg_calls.status(line, STATUS) or seen[0]]
            yield line

    def judging(*arguments, **named):
        try:
            return submit(*arguments, **named)
        except Exception as failure:  # AirflowException, or RuntimeError in newer providers
            code = seen[0] or lsg_calls.status(str(failure), *CODES)
            raise lsg_calls.judged(failure, code) from failure.__cause__

    hook._process_spark_submit_log = lambda lines: read(watched(lines))
    hook.submit = judging
    return hook


def _operator(calls):
    def task(stage, call, **arguments):
        made = LsgSparkSubmit(
            conn_id=calls.settings["connection"] or "lsg_spark",
            name=calls.name(call),
            conf=calls.conf(call),
            files=lsg_calls.literal(",".join(call["files"])) or None,
            java_class=call["java_class"],
            application=lsg_calls.literal(call["application"]),
            application_args=calls.program_arguments(call),
            **SUBMIT_AGAIN,
            **arguments,
        )
        made.lsg_call = call
        return made

    return task


for _calls in lsg_calls.read("spark-submit", __file__):
    globals()[_calls.dag_id] = _calls.build(_operator(_calls))
