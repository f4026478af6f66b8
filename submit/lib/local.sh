# Part of submit/lsg: the JVM of local mode.
# shellcheck shell=bash

# file_uri PATH: its address, for options that take one; no character is left that a shell, Spark or Java reads
file_uri() {
  local LC_ALL=C address= character code i
  for ((i = 0; i < ${#1}; i++)); do
    character=${1:i:1}
    case $character in
      [a-zA-Z0-9/._-]) address+=$character ;;
      *)
        printf -v code %d "'$character"
        printf -v character %%%02X $((code & 255))
        address+=$character
        ;;
    esac
  done
  printf 'file:%s' "$address"
}

default_memory() {
  local kilobytes gigabytes=2
  if [ -r /proc/meminfo ]; then
    kilobytes=$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo)
    gigabytes=$((kilobytes / 4 / 1024 / 1024))
  fi
  [ "$gigabytes" -ge 1 ] || gigabytes=1
  [ "$gigabytes" -le 8 ] || gigabytes=8
  echo "${gigabytes}g"
}

# Spark opens these packages on executors itself; the driver's JVM is ours (local mode).
add_opens() {
  local package
  for package in java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util \
    java.util.concurrent java.util.concurrent.atomic jdk.internal.ref sun.nio.ch sun.nio.cs \
    sun.security.action sun.util.calendar; do
    printf -- '--add-opens=java.base/%s=ALL-UNNAMED\n' "$package"
  done
  printf -- '--add-opens=java.security.jgss/sun.security.krb5=ALL-UNNAMED\n'
  printf -- '--enable-native-access=ALL-UNNAMED\n'
  # Netty and Arrow, which Spark is made with.
  [ "${java_version:-0}" -lt 24 ] || printf -- '--sun-misc-unsafe-memory-access=allow\n'
}

# Spark's MLlib would load the operating system's BLAS, whose functions take the place of those in
# libtorch's own.
no_system_blas=(-Ddev.ludovic.netlib.{blas,lapack,arpack}.nativeLib=none)

# libtorch's threads wait for each other by spinning, which starves those that make the next batch (a
# step took 15 times as long on two busy cores); asleep at once, they wake too late for small
# operations (a step of ResNet-50 in bfloat16 took a quarter longer). So they spin a little.
export GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-10000}
# OpenBLAS has threads of its own that spin too, and libtorch cannot tell it how many to use.
export OPENBLAS_NUM_THREADS=${OPENBLAS_NUM_THREADS:-1}
# Huge pages for large tensors: half of a training step otherwise goes into fresh small pages.
export THP_MEM_ALLOC_ENABLE=${THP_MEM_ALLOC_ENABLE:-1}
# What a step frees the next one takes: by default glibc gives large blocks back to the kernel at once,
# and the kernel zeroes them again for the next step (a seventh of a step of ResNet-50 in bfloat16).
export MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-1}
export MALLOC_MMAP_THRESHOLD_=${MALLOC_MMAP_THRESHOLD_:-1073741824}
export MALLOC_TRIM_THRESHOLD_=${MALLOC_TRIM_THRESHOLD_:-8589934592}

# OpenBLAS takes kernels of its own choice, which are not the fastest for AMD processors with AVX-512;
# images for many machines name Haswell's, which run at half the speed there. What is named stands, as it
# goes to a cluster's executors, too, and results are the same only by the same kernels. Those with AVX-512
# would crash where it is missing, so executors get them only if they are set by hand.
name_blas_kernels() {
  local flags named=${OPENBLAS_CORETYPE:-}
  [ -r /proc/cpuinfo ] || return 0
  flags=$(grep -m 1 -E '^flags' /proc/cpuinfo || true)
  [[ $flags == *avx512f* && $flags == *avx512dq* && $flags == *avx512bw* && $flags == *avx512vl* &&
    $flags == *avx512cd* ]] || return 0
  case "${named,,}" in
    "") ! grep -q AuthenticAMD /proc/cpuinfo || export OPENBLAS_CORETYPE=SkylakeX ;;
    haswell | zen | sandybridge | nehalem | excavator | steamroller | piledriver | bulldozer | barcelona)
      echo "lsg: OPENBLAS_CORETYPE=$named makes matrix products do without this processor's AVX-512, at about" \
        "half the speed; OPENBLAS_CORETYPE=SkylakeX is faster" >&2
      ;;
  esac
}

# run_java ARGUMENT...: java with the classes and the options of local mode
run_java() {
  local opens errors=$root/target
  ! archived || errors=$PWD
  with_build_lock ensure_classes
  mapfile -t opens < <(add_opens)
  name_blas_kernels
  # What the JVM runs after its page on a fault in native code; by its name in the environment, as the
  # option would be split and read by a shell.
  export LSG_NATIVE_FAULT=$root/submit/native-fault
  local with_us=()
  # Whoever ends this shell the hard way ends the JVM, too.
  ! setpriv --pdeathsig KILL true 2>/dev/null || with_us=(setpriv --pdeathsig KILL)
  (
    trap - INT QUIT
    # shellcheck disable=SC2086,SC2016  # LSG_JAVA_OPTIONS is a list of options; the JVM's shell reads $
    exec "${with_us[@]}" "$java" "${opens[@]}" "-XX:ErrorFile=${errors//%/%%}/hs_err_pid%p.log" \
      '-XX:OnError="$LSG_NATIVE_FAULT" %p' \
      "-Xmx${LSG_DRIVER_MEMORY:-$(default_memory)}" -XX:+UseParallelGC -XX:MetaspaceSize=256m \
      -XX:-UsePerfData -Djava.awt.headless=true "${no_system_blas[@]}" \
      -Dsun.stdout.encoding=UTF-8 -Dsun.stderr.encoding=UTF-8 -Djdk.reflect.useDirectMethodHandle=false \
      "-Dlog4j2.configurationFile=$(file_uri "$logging")" "-Dlsg.log=$LSG_LOG" "-Dlsg.root=$root" ${LSG_JAVA_OPTIONS:-} \
      -cp "$(classpath)" \
      "$@"
  ) <&0 &
  follow $!
}

# follow PID: hands the signals that ask for an end to the JVM, waits for it, and ends as it did. A signal that no
# program sees, or that the JVM says nothing of (abort() in native code), is told in a sentence.
follow() {
  local child=$1 code again=1 signal
  # shellcheck disable=SC2064  # the number of now
  for signal in TERM INT HUP; do
    trap "again=1; kill -$signal $child 2>/dev/null || true" "$signal"
  done
  while [ -n "$again" ]; do
    again=
    code=0
    { wait "$child"; } 2>/dev/null || code=$?
  done
  trap - TERM INT HUP
  case $code in
    131 | 132 | 133 | 134 | 135 | 136 | 137 | 139 | 152 | 153 | 159) tell_signal "$child" "$code" ;;
  esac
  exit "$code"
}

# tell_signal PID CODE: unless submit/native-fault has told it
tell_signal() {
  local signal log
  signal=SIG$(kill -l "$2")
  for log in "$root/target" "$PWD" /tmp; do
    [ ! -s "$log/hs_err_pid$1.log" ] || return 0
  done
  if [ "$signal" = SIGKILL ]; then
    echo "lsg: SIGKILL ended the program (process $1) from outside: the system does so when memory is short (its log" \
      "says so: dmesg), and a smaller LSG_DRIVER_MEMORY leaves more for tensors; the JVM could write no log" >&2
  else
    echo "lsg: $signal ended the program (process $1) in native code, of which the JVM wrote no log; what a library" \
      "said of it stands above" >&2
  fi
}

# classpath: what local mode runs with
classpath() {
  local entry own=
  if archived; then
    while IFS= read -r entry; do
      own+=${own:+:}$root/lib/$entry
    done <"$root/lib/classpath"
  else
    own=$built/classes:$(<"$built/classpath/own"):$(<"$built/classpath/spark")
  fi
  printf '%s' "$own${LSG_CLASSPATH:+:$LSG_CLASSPATH}"
}
