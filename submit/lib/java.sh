# Part of submit/lsg: a Java that Spark runs on, and names of files that it reads right.
# shellcheck shell=bash

# Java reads the names of files in the encoding of the locale, and makes a "?" of what that does not have:
# class folders in other scripts would not be found. No option of Java's changes that.
force_utf8() {
  local name
  [ "$(locale charmap 2>/dev/null)" != UTF-8 ] || return 0
  name=$(locale -a 2>/dev/null | grep -iE '^(C|en_US|[a-z]+_[A-Z]+)\.utf-?8$' | head -n 1) || true
  export LC_ALL=${name:-C.UTF-8}
}
# supported VERSION: whether Spark runs on a version of Java; jobs.JavaVersion says the same to those who come
# without the launcher
supported() {
  [[ ${1:-} =~ ^[0-9]+$ ]] && [ "$1" -ge 17 ] && [ "$1" -le "$newest_java" ]
}

# other_java: the folder of a Java that Spark runs on, where such are installed; one with a compiler first
other_java() {
  local home runtime=
  for home in /usr/lib/jvm/* /opt/java/* /opt/jdk* /usr/java/* "${HOME:-/none}"/.sdkman/candidates/java/* \
    "${HOME:-/none}"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -x "$home/bin/java" ] && [ -r "$home/release" ] || continue
    supported "$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release" | head -n 1)" || continue
    if [ -x "$home/bin/javac" ]; then
      echo "$home"
      return
    fi
    runtime=${runtime:-$home}
  done
  echo "$runtime"
}

find_java() {
  local version other
  java=${JAVA_HOME:+$JAVA_HOME/bin/}java
  version=
  java_version=
  if command -v "$java" >/dev/null 2>&1; then
    version=$("$java" -version 2>&1 | sed -n 's/.* version "\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' | head -n 1)
    java_version=$version
    ! supported "$version" || return 0
  fi
  other=$(other_java)
  if [ -n "$other" ]; then
    other="export JAVA_HOME=$(printf %q "$other")"
  else
    other="install a JDK of these versions and set JAVA_HOME to its folder"
  fi
  command -v "$java" >/dev/null 2>&1 || fail 4 "no Java at $java; Spark needs Java 17 to $newest_java: $other"
  fail 4 "Spark runs on Java 17 to $newest_java, but $java is version ${version:-unknown}: $other"
}
