# Part of submit/archive and submit/docker/build: the program as one jar, with the libtorch that is asked for.
# shellcheck shell=bash

# The other line of Spark: what is built for it lies apart, and its properties are those of its profile.
built=$root/jobs/target
line=
if [[ " ${LSG_MAVEN_OPTIONS:-} " =~ \ -P([^\ ]*,)?spark-3[,\ ] ]]; then
  built=$built/spark-3
  line=spark-3
fi

# property NAME: of the parent pom, or of the launcher's
property() {
  local file
  for file in "$root/pom.xml" "$root/submit/pom.xml"; do
    [ -z "$line" ] || sed -n "/<id>$line</,/<\/profile>/p" "$file" | sed -n "s:.*<$1>\(.*\)</$1>.*:\1:p"
  done | grep . | head -n 1 ||
    sed -n "s:.*<$1>\(.*\)</$1>.*:\1:p" "$root/pom.xml" "$root/submit/pom.xml" | head -n 1
}

maven() {
  # shellcheck disable=SC2086  # LSG_MAVEN_OPTIONS is a list of options
  (cd "$root" && ./mvnw -q -B ${LSG_MAVEN_OPTIONS:-} "$@") >&2
}

# library GROUP:ARTIFACT:VERSION[:jar:CLASSIFIER] FOLDER
library() {
  maven org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy -N "-Dartifact=$1" "-DoutputDirectory=$2"
}

# built_program: the jar for clusters, as $program and its $version; built unless LSG_NO_BUILD is set
built_program() {
  if [ -z "${LSG_NO_BUILD:-}" ]; then
    maven -DskipTests -Dspotless.check.skip=true -pl jobs -am package
  fi
  program=$(find "$built" -maxdepth 1 -name 'lsg-jobs-*-spark.jar' -print -quit 2>/dev/null || true)
  [ -n "$program" ] || fail 4 "there is no ${built#"$root"/}/lsg-jobs-*-spark.jar, and LSG_NO_BUILD is set"
  version=$(basename "$program" | sed 's/^lsg-jobs-\(.*\)-spark.jar$/\1/')
}

# place_program KIND JAR: writes the program; of kind cuda with libtorch's CUDA build in place of the other, as with
# both either might be taken
place_program() {
  local parts=$2.parts jar=${JAVA_HOME:+$JAVA_HOME/bin/}jar part
  if [ "$1" != cuda ]; then
    cp "$program" "$2"
    return
  fi
  mkdir -p "$parts/all"
  library "org.bytedeco:pytorch:$(property pytorch.version):jar:linux-x86_64-gpu" "$parts"
  library "org.bytedeco:cuda:$(property cuda.version)" "$parts"
  library "org.bytedeco:cuda:$(property cuda.version):jar:linux-x86_64" "$parts"
  (cd "$parts/all" && "$jar" --extract --file "$program" && rm -rf org/bytedeco/pytorch/linux-x86_64 &&
    cp META-INF/MANIFEST.MF ../MANIFEST.MF &&
    for part in ../*.jar; do "$jar" --extract --file "$part"; done)
  "$jar" --create --file "$2" --manifest "$parts/MANIFEST.MF" -C "$parts/all" .
  rm -rf "$parts"
}
