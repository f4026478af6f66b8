# Part of submit/lsg: help, and words that are no command, without a build.
# shellcheck shell=bash

usage() {
  cat "$root/submit/lib/usage.txt"
}

# The help of every command of the program's own lies here as it prints it, so that no build is needed for it.
help=$root/submit/help

# nearest WORD: the command that is written most like a word, if one is
nearest() {
  (cd "$help" && printf '%s\n' run help java *.txt) | sed 's/\.txt$//' | awk -v word="$1" '
    function smallest(a, b, c) { return a < b ? (a < c ? a : c) : (b < c ? b : c) }
    {
      for (j = 0; j <= length($0); j++) row[0, j] = j
      for (i = 1; i <= length(word); i++) {
        row[i, 0] = i
        for (j = 1; j <= length($0); j++) {
          row[i, j] = smallest(row[i - 1, j] + 1, row[i, j - 1] + 1,
            row[i - 1, j - 1] + (substr(word, i, 1) != substr($0, j, 1)))
          # Two letters that changed places are one change.
          if (i > 1 && j > 1 && substr(word, i - 1, 2) == substr($0, j, 1) substr($0, j - 1, 1))
            row[i, j] = smallest(row[i, j], row[i - 2, j - 2] + 1, row[i, j])
        }
      }
      changes = row[length(word), length($0)]
      if (changes <= 1 + length(word) / 4 && (best == "" || changes < least)) { best = $0; least = changes }
    }
    END { print best }'
}

# answer COMMAND [ARGUMENT ...]: help and unknown commands, without a build. Commands of jars beside the program
# (LSG_CLASSPATH) are known to the program alone.
answer() {
  [ -d "$help" ] && [ -z "${LSG_CLASSPATH:-}" ] || return 0
  local command=$1 argument near
  shift
  if [ "$command" = help ]; then
    if [ $# -eq 0 ]; then
      usage
      exit 0
    fi
    command=$1
    set -- --help
  fi
  case $command in
    -* | java) return 0 ;;
  esac
  if [ ! -r "$help/$command.txt" ]; then
    near=$(nearest "$command")
    fail 2 "there is no command $command${near:+; did you mean $near?} (submit/lsg --help lists them)"
  fi
  for argument; do
    case $argument in
      -h | --help)
        cat "$help/$command.txt"
        exit 0
        ;;
    esac
  done
}
