# Part of submit/lsg: the call of spark-submit.
# shellcheck shell=bash

# find_submit MASTER: spark-submit, as $submit
find_submit() {
  submit=${SPARK_HOME:+$SPARK_HOME/bin/}spark-submit
  [ -n "$dry_run$export" ] || command -v "$submit" >/dev/null 2>&1 || fail 4 \
    "--master $1 needs a Spark installation: $submit was not found. Set SPARK_HOME, or leave out --master to run on this machine."
}

# installation: the folder of Spark that spark-submit is of
installation() {
  echo "${SPARK_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v spark-submit || echo /none/none)")")")}"
}

# fit_installation: takes the build that fits Spark's installation, whose version stands in its jars' names. One
# without such jars (none, where a call is only printed) is left to what LSG_MAVEN_OPTIONS says.
fit_installation() {
  local home core version scala
  home=$(installation)
  for core in "$home"/jars/spark-core_*.jar; do
    [[ ${core##*/} =~ ^spark-core_([0-9.]+)-([0-9]+(\.[0-9]+)+) ]] || return 0
    scala=${BASH_REMATCH[1]}
    version=${BASH_REMATCH[2]}
    case "$version $scala" in
      4.2.*" 2.13")
        [ "$newest_java" = 25 ] ||
          fail 4 "LSG_MAVEN_OPTIONS has -Pspark-3, but $home is Spark $version: leave the option out, or set SPARK_HOME to a Spark 3.5"
        ;;
      3.5.*" 2.12")
        ! archived || fail 4 "the archive is of Spark 4.2, but $home is Spark $version: set SPARK_HOME to a Spark 4.2"
        [ "$newest_java" != 25 ] || export LSG_MAVEN_OPTIONS="${LSG_MAVEN_OPTIONS:+$LSG_MAVEN_OPTIONS }-Pspark-3"
        take_spark_3
        ;;
      *) fail 4 "$home is Spark $version with Scala $scala, for which there is no build: set SPARK_HOME to a Spark 4.2, or to a Spark 3.5 with Scala 2.12" ;;
    esac
    return 0
  done
}

# clients: the object stores' clients of that installation, to put configuration and inputs there
clients() {
  local home file
  home=$(installation)
  for file in "$home"/jars/hadoop-{aws,azure,cloud}*.jar \
    "$home"/jars/{aws-java-sdk-bundle,bundle,analyticsaccelerator-s3,gcs-connector,wildfly-openssl}-*.jar; do
    [ ! -e "$file" ] || printf ':%s' "$file"
  done
}

# scratch NAME: an empty file; an archive may lie where nobody writes
scratch() {
  if archived; then
    mktemp
  else
    mktemp "$root/target/$1.XXXXXX"
  fi
}

# The program itself makes the call of spark-submit, since it knows all options and settings.
run_on_cluster() {
  local master=$1 call words code
  shift
  [[ $root != *,* ]] ||
    fail 2 "the folder $root has a comma in its name, and commas part the files that Spark is given: rename it"
  find_submit "$master"
  with_build_lock ensure_classes
  if [ -n "$dry_run" ]; then
    find_jar || jar=$built/lsg-jobs-spark.jar
  elif [ -n "$given_jar" ] || { [ "$kind" = kubernetes ] && [ "$deploy_mode" = cluster ]; }; then
    jar= # it lies on the cluster already
  else
    with_build_lock ensure_jar
  fi
  call=("$java" -Xmx512m -XX:-UsePerfData -cp "${HADOOP_CONF_DIR:-${YARN_CONF_DIR:-}}:$(classpath)$(clients)"
    "-Dlog4j2.configurationFile=$(file_uri "$logging")" "-Dlsg.log=$LSG_LOG" io.github.lsgspark.jobs.SubmitCall "$submit" "$jar" "$root" "$@")
  if [ -n "$dry_run$export" ]; then
    exec "${call[@]}"
  fi
  words=$(scratch call)
  "${call[@]}" >"$words" || {
    code=$?
    rm -f "$words"
    exit "$code"
  }
  mapfile -d '' -t call <"$words"
  rm -f "$words"
  if [ "$deploy_mode" != cluster ] || { [ "$kind" != yarn ] && [ "$kind" != kubernetes ]; }; then
    exec "${call[@]}"
  fi
  # spark-submit does not end with what the program on the cluster ended with; its report has the number.
  local report
  report=$(scratch report)
  code=0
  "${call[@]}" 2> >(tee "$report" >&2) || code=$?
  if [ "$kind" = kubernetes ]; then
    [ "$code" -ne 0 ] || code=$(driver_code "$report")
  elif [ "$code" -ne 0 ]; then
    code=$(grep -o 'User application exited with status [0-9]*' "$report" | tail -n 1 | tr -dc '0-9') || true
  fi
  rm -f "$report"
  exit "${code:-1}"
}

# driver_code REPORT: what the driver's container on Kubernetes ended with, by spark-submit's last words on
# it. Nothing if its pod failed without that (evicted, say); 0 if spark-submit was told not to wait.
driver_code() {
  awk '/Container final statuses:/ { ended = 1; code = "" }
    ended && /container name:/ { name = $NF }
    ended && /exit code:/ && name == "spark-kubernetes-driver" { code = $NF }
    END { print ended ? code : 0 }' "$1"
}
