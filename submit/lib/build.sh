# Part of submit/lsg: builds what is missing or older than its sources.
# shellcheck shell=bash

# An archive (submit/archive) holds all that is built, and nothing to build it of.
archived() {
  [ -s "$root/lib/classpath" ]
}

# newer_sources STAMP: whether anything that the build reads is newer than the stamp
newer_sources() {
  local read=() folder
  for folder in "$root" "$root/pipeline" "$root"/pipeline/* "$root/jobs"; do
    [ ! -e "$folder/pom.xml" ] || read+=("$folder/pom.xml")
    [ ! -d "$folder/src/main" ] || read+=("$folder/src/main")
  done
  [ -n "$(find "${read[@]}" -newer "$1" -print -quit)" ]
}

# usable_classpath: whether both classpath files exist and every entry of them does
usable_classpath() {
  local file entry
  for file in "$built/classpath/own" "$built/classpath/spark"; do
    [ -s "$file" ] || return 1
    while IFS= read -r entry; do
      [ -e "$entry" ] || return 1
    done < <(tr ":" "\n" <"$file"; printf "\n%s\n" "$built/classes")
  done
}

# build PHASE STAMP: compiles or packages without tests; quiet, with the log named on failure
build() {
  local phase=$1 stamp=$2 log=$root/target/lsg-build.log before
  [ -z "${LSG_NO_BUILD:-}" ] || fail 4 "the build in ${built#"$root"/} is missing or stale, and LSG_NO_BUILD is set"
  command -v "${JAVA_HOME:+$JAVA_HOME/bin/}javac" >/dev/null 2>&1 ||
    fail 4 "something must be built, but there is no javac: a JDK is needed, not only a Java runtime"
  mkdir -p "$root/target" "$(dirname "$stamp")"
  before=$(mktemp "$root/target/build-start.XXXXXX")
  echo "lsg: building (the first time this downloads libraries; log: ${log#"$PWD"/})" >&2
  # shellcheck disable=SC2086  # LSG_MAVEN_OPTIONS is a list of options
  if ! (cd "$root" && ./mvnw -B -DskipTests -Dspotless.check.skip=true ${LSG_OFFLINE:+-o} ${LSG_MAVEN_OPTIONS:-} \
    -pl jobs -am "$phase") >"$log" 2>&1; then
    rm -f "$before"
    grep -m 8 -E '^\[ERROR\]' "$log" >&2 || tail -n 8 "$log" >&2
    fail 1 "the build failed; the whole log is $log"
  fi
  # The stamp is as old as the build's start, so that an edit made meanwhile counts as newer.
  mv "$before" "$stamp"
}

# Two launchers of one checkout must not build at once.
with_build_lock() {
  if archived; then
    "$@"
    return
  fi
  mkdir -p "$root/target"
  if command -v flock >/dev/null 2>&1; then
    exec 9>"$root/target/build.lock"
    flock 9
    "$@"
    exec 9>&-
  else
    "$@"
  fi
}

ensure_classes() {
  ! archived || return 0
  local stamp=$built/classes.stamp
  if [ ! -e "$stamp" ] || newer_sources "$stamp" || ! usable_classpath; then
    build process-classes "$stamp"
  fi
}

ensure_jar() {
  local stamp=$built/jar.stamp
  if archived; then
    find_jar || fail 1 "the archive is not whole: there is no lib/lsg-jobs-*-spark.jar in $root"
    return 0
  fi
  if [ ! -e "$stamp" ] || newer_sources "$stamp" || ! find_jar; then
    build package "$stamp"
    find_jar || fail 1 "the build made no ${built#"$root"/}/lsg-jobs-*-spark.jar"
  fi
}

find_jar() {
  jar=$(find "$built" -maxdepth 1 -name 'lsg-jobs-*-spark.jar' -print -quit 2>/dev/null)
  [ -n "$jar" ]
}
