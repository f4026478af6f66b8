# Completion for bash: source submit/completion.bash. Written by the program itself.
if [ -n "$BASH_VERSION" ]; then
  # Enable programmable completion facilities when using bash (see [3])
  shopt -s progcomp
elif [ -n "$ZSH_VERSION" ]; then
  # Make alias a distinct command for completion purposes when using zsh (see [4])
  setopt COMPLETE_ALIASES
  alias compopt=complete

  # Enable bash completion in zsh (see [7])
  # Only initialize completions module once to avoid unregistering existing completions.
  if ! type compdef > /dev/null; then
    autoload -U +X compinit && compinit
  fi
  autoload -U +X bashcompinit && bashcompinit
fi

# CompWordsContainsArray takes an array and then checks
# if all elements of this array are in the global COMP_WORDS array.
#
# Returns zero (no error) if all elements of the array are in the COMP_WORDS array,
# otherwise returns 1 (error).
function CompWordsContainsArray() {
  declare -a localArray
  localArray=("$@")
  local findme
  for findme in "${localArray[@]}"; do
    if ElementNotInCompWords "$findme"; then return 1; fi
  done
  return 0
}
function ElementNotInCompWords() {
  local findme="$1"
  local element
  for element in "${COMP_WORDS[@]}"; do
    if [[ "$findme" = "$element" ]]; then return 1; fi
  done
  return 0
}

# The `currentPositionalIndex` function calculates the index of the current positional parameter.
#
# currentPositionalIndex takes three parameters:
# the command name,
# a space-separated string with the names of options that take a parameter, and
# a space-separated string with the names of boolean options (that don't take any params).
# When done, this function echos the current positional index to std_out.
#
# Example usage:
# local currIndex=$(currentPositionalIndex "mysubcommand" "$ARG_OPTS" "$FLAG_OPTS")
function currentPositionalIndex() {
  local commandName="$1"
  local optionsWithArgs="$2"
  local booleanOptions="$3"
  local previousWord
  local result=0

  for i in $(seq $((COMP_CWORD - 1)) -1 0); do
    previousWord=${COMP_WORDS[i]}
    if [ "${previousWord}" = "$commandName" ]; then
      break
    fi
    if [[ "${optionsWithArgs}" =~ ${previousWord} ]]; then
      ((result-=2)) # Arg option and its value not counted as positional param
    elif [[ "${booleanOptions}" =~ ${previousWord} ]]; then
      ((result-=1)) # Flag option itself not counted as positional param
    fi
    ((result++))
  done
  echo "$result"
}

# compReplyArray generates a list of completion suggestions based on an array, ensuring all values are properly escaped.
#
# compReplyArray takes a single parameter: the array of options to be displayed
#
# The output is echoed to std_out, one option per line.
#
# Example usage:
# local options=("foo", "bar", "baz")
# local IFS=$'\n'
# COMPREPLY=($(compReplyArray "${options[@]}"))
function compReplyArray() {
  declare -a options
  options=("$@")
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local i
  local quoted
  local optionList=()

  for (( i=0; i<${#options[@]}; i++ )); do
    # Double escape, since we want escaped values, but compgen -W expands the argument
    printf -v quoted %q "${options[i]}"
    quoted=\'${quoted//\'/\'\\\'\'}\'

    optionList[i]=$quoted
  done

  # We also have to add another round of escaping to $curr_word.
  curr_word=${curr_word//\\/\\\\}
  curr_word=${curr_word//\'/\\\'}

  # Actually generate completions.
  local IFS=$'\n'
  echo -e "$(compgen -W "${optionList[*]}" -- "$curr_word")"
}

# Bash completion entry point function.
# _complete_lsg finds which commands and subcommands have been specified
# on the command line and delegates to the appropriate function
# to generate possible options and subcommands for the last specified subcommand.
function _complete_lsg() {
  # Edge case: if command line has no space after subcommand, then don't assume this subcommand is selected (remkop/picocli#1468).
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} init" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} try" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} doctor" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} gpu-check" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} gc" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} plan" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} serve" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} export" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} models" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} help" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} experiment" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} run" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} prepare" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} embed" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} graph" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} gcn" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} features" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} head" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} vote" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} audit" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} select" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} trials" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} train" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} keep" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} evaluate" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} evaluate-head" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} evaluate-train" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} predict" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} report" ];    then _picocli_lsg; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} models predict" ];    then _picocli_lsg_models; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} models check" ];    then _picocli_lsg_models; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} models get" ];    then _picocli_lsg_models; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} models list" ];    then _picocli_lsg_models; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} models push" ];    then _picocli_lsg_models; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} models verify" ];    then _picocli_lsg_models; return $?; fi
  if [ "${COMP_LINE}" = "${COMP_WORDS[0]} models where" ];    then _picocli_lsg_models; return $?; fi

  # Find the longest sequence of subcommands and call the bash function for that subcommand.
  local cmds0=(init)
  local cmds1=(try)
  local cmds2=(doctor)
  local cmds3=(gpu-check)
  local cmds4=(gc)
  local cmds5=(plan)
  local cmds6=(serve)
  local cmds7=(export)
  local cmds8=(models)
  local cmds9=(help)
  local cmds10=(experiment)
  local cmds11=(run)
  local cmds12=(prepare)
  local cmds13=(embed)
  local cmds14=(graph)
  local cmds15=(gcn)
  local cmds16=(features)
  local cmds17=(head)
  local cmds18=(vote)
  local cmds19=(audit)
  local cmds20=(select)
  local cmds21=(trials)
  local cmds22=(train)
  local cmds23=(keep)
  local cmds24=(evaluate)
  local cmds25=(evaluate-head)
  local cmds26=(evaluate-train)
  local cmds27=(predict)
  local cmds28=(report)
  local cmds29=(models predict)
  local cmds30=(models check)
  local cmds31=(models get)
  local cmds32=(models list)
  local cmds33=(models push)
  local cmds34=(models verify)
  local cmds35=(models where)

  if CompWordsContainsArray "${cmds35[@]}"; then _picocli_lsg_models_where; return $?; fi
  if CompWordsContainsArray "${cmds34[@]}"; then _picocli_lsg_models_verify; return $?; fi
  if CompWordsContainsArray "${cmds33[@]}"; then _picocli_lsg_models_push; return $?; fi
  if CompWordsContainsArray "${cmds32[@]}"; then _picocli_lsg_models_list; return $?; fi
  if CompWordsContainsArray "${cmds31[@]}"; then _picocli_lsg_models_get; return $?; fi
  if CompWordsContainsArray "${cmds30[@]}"; then _picocli_lsg_models_check; return $?; fi
  if CompWordsContainsArray "${cmds29[@]}"; then _picocli_lsg_models_predict; return $?; fi
  if CompWordsContainsArray "${cmds28[@]}"; then _picocli_lsg_report; return $?; fi
  if CompWordsContainsArray "${cmds27[@]}"; then _picocli_lsg_predict; return $?; fi
  if CompWordsContainsArray "${cmds26[@]}"; then _picocli_lsg_evaluatetrain; return $?; fi
  if CompWordsContainsArray "${cmds25[@]}"; then _picocli_lsg_evaluatehead; return $?; fi
  if CompWordsContainsArray "${cmds24[@]}"; then _picocli_lsg_evaluate; return $?; fi
  if CompWordsContainsArray "${cmds23[@]}"; then _picocli_lsg_keep; return $?; fi
  if CompWordsContainsArray "${cmds22[@]}"; then _picocli_lsg_train; return $?; fi
  if CompWordsContainsArray "${cmds21[@]}"; then _picocli_lsg_trials; return $?; fi
  if CompWordsContainsArray "${cmds20[@]}"; then _picocli_lsg_select; return $?; fi
  if CompWordsContainsArray "${cmds19[@]}"; then _picocli_lsg_audit; return $?; fi
  if CompWordsContainsArray "${cmds18[@]}"; then _picocli_lsg_vote; return $?; fi
  if CompWordsContainsArray "${cmds17[@]}"; then _picocli_lsg_head; return $?; fi
  if CompWordsContainsArray "${cmds16[@]}"; then _picocli_lsg_features; return $?; fi
  if CompWordsContainsArray "${cmds15[@]}"; then _picocli_lsg_gcn; return $?; fi
  if CompWordsContainsArray "${cmds14[@]}"; then _picocli_lsg_graph; return $?; fi
  if CompWordsContainsArray "${cmds13[@]}"; then _picocli_lsg_embed; return $?; fi
  if CompWordsContainsArray "${cmds12[@]}"; then _picocli_lsg_prepare; return $?; fi
  if CompWordsContainsArray "${cmds11[@]}"; then _picocli_lsg_run; return $?; fi
  if CompWordsContainsArray "${cmds10[@]}"; then _picocli_lsg_experiment; return $?; fi
  if CompWordsContainsArray "${cmds9[@]}"; then _picocli_lsg_help; return $?; fi
  if CompWordsContainsArray "${cmds8[@]}"; then _picocli_lsg_models; return $?; fi
  if CompWordsContainsArray "${cmds7[@]}"; then _picocli_lsg_export; return $?; fi
  if CompWordsContainsArray "${cmds6[@]}"; then _picocli_lsg_serve; return $?; fi
  if CompWordsContainsArray "${cmds5[@]}"; then _picocli_lsg_plan; return $?; fi
  if CompWordsContainsArray "${cmds4[@]}"; then _picocli_lsg_gc; return $?; fi
  if CompWordsContainsArray "${cmds3[@]}"; then _picocli_lsg_gpucheck; return $?; fi
  if CompWordsContainsArray "${cmds2[@]}"; then _picocli_lsg_doctor; return $?; fi
  if CompWordsContainsArray "${cmds1[@]}"; then _picocli_lsg_try; return $?; fi
  if CompWordsContainsArray "${cmds0[@]}"; then _picocli_lsg_init; return $?; fi

  # No subcommands were specified; generate completions for the top-level command.
  _picocli_lsg; return $?;
}

# Generates completions for the options and subcommands of the `lsg` command.
function _picocli_lsg() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}

  local commands="init try doctor gpu-check gc plan serve export models help experiment run prepare embed graph gcn features head vote audit select trials train keep evaluate evaluate-head evaluate-train predict report"
  local flag_opts="'-h' '--help' '-V' '--version'"
  local arg_opts=""

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `init` subcommand.
function _picocli_lsg_init() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'-h' '--help' '-V' '--version'"
  local arg_opts="'--output' '--backbone' '-D'"

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--output')
      return
      ;;
    '--backbone')
      return
      ;;
    '-D')
      return
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `try` subcommand.
function _picocli_lsg_try() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'-h' '--help' '-V' '--version'"
  local arg_opts="'--output' '--backbone' '-D' '--work-dir' '--master'"

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--output')
      return
      ;;
    '--backbone')
      return
      ;;
    '-D')
      return
      ;;
    '--work-dir')
      return
      ;;
    '--master')
      return
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `doctor` subcommand.
function _picocli_lsg_doctor() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'--all' '-h' '--help' '-V' '--version'"
  local arg_opts="'--config' '-D' '--work-dir' '--master' '--conf'"

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--config')
      local IFS=$'\n'
      type compopt &>/dev/null && compopt -o filenames
      COMPREPLY=( $( compgen -f -- "${curr_word}" ) ) # files
      return $?
      ;;
    '-D')
      return
      ;;
    '--work-dir')
      return
      ;;
    '--master')
      return
      ;;
    '--conf')
      return
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `gpu-check` subcommand.
function _picocli_lsg_gpucheck() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'--json' '--full' '-h' '--help' '-V' '--version'"
  local arg_opts="'--device' '--config' '-D' '--conf'"
  local DEVICE_option_args=("CPU" "CUDA") # --device values

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--device')
      local IFS=$'\n'
      COMPREPLY=( $( compReplyArray "${DEVICE_option_args[@]}" ) )
      return $?
      ;;
    '--config')
      local IFS=$'\n'
      type compopt &>/dev/null && compopt -o filenames
      COMPREPLY=( $( compgen -f -- "${curr_word}" ) ) # files
      return $?
      ;;
    '-D')
      return
      ;;
    '--conf')
      return
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `gc` subcommand.
function _picocli_lsg_gc() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'--delete' '-h' '--help' '-V' '--version'"
  local arg_opts="'--work-dir' '--older-than' '--conf'"

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--work-dir')
      return
      ;;
    '--older-than')
      return
      ;;
    '--conf')
      return
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `plan` subcommand.
function _picocli_lsg_plan() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'--export' '-h' '--help' '-V' '--version'"
  local arg_opts="'--config' '--work-dir' '--master' '--defaults' '--overlay' '-D' '--conf' '--deploy-mode' '--jar' '--dry-run'"
  local FORM_option_args=("WORDS" "SHELL" "JSON") # --dry-run values

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--config')
      return
      ;;
    '--work-dir')
      return
      ;;
    '--master')
      return
      ;;
    '--defaults')
      return
      ;;
    '--overlay')
      return
      ;;
    '-D')
      return
      ;;
    '--conf')
      return
      ;;
    '--deploy-mode')
      return
      ;;
    '--jar')
      return
      ;;
    '--dry-run')
      local IFS=$'\n'
      COMPREPLY=( $( compReplyArray "${FORM_option_args[@]}" ) )
      return $?
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `serve` subcommand.
function _picocli_lsg_serve() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'--export' '-h' '--help' '-V' '--version'"
  local arg_opts="'--config' '--work-dir' '--master' '--defaults' '--overlay' '-D' '--conf' '--deploy-mode' '--jar' '--dry-run' '--port' '--host'"
  local FORM_option_args=("WORDS" "SHELL" "JSON") # --dry-run values

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--config')
      return
      ;;
    '--work-dir')
      return
      ;;
    '--master')
      return
      ;;
    '--defaults')
      return
      ;;
    '--overlay')
      return
      ;;
    '-D')
      return
      ;;
    '--conf')
      return
      ;;
    '--deploy-mode')
      return
      ;;
    '--jar')
      return
      ;;
    '--dry-run')
      local IFS=$'\n'
      COMPREPLY=( $( compReplyArray "${FORM_option_args[@]}" ) )
      return $?
      ;;
    '--port')
      return
      ;;
    '--host')
      return
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `export` subcommand.
function _picocli_lsg_export() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'--export' '-h' '--help' '-V' '--version'"
  local arg_opts="'--config' '--work-dir' '--master' '--defaults' '--overlay' '-D' '--conf' '--deploy-mode' '--jar' '--dry-run' '--output' '--licence'"
  local FORM_option_args=("WORDS" "SHELL" "JSON") # --dry-run values

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--config')
      return
      ;;
    '--work-dir')
      return
      ;;
    '--master')
      return
      ;;
    '--defaults')
      return
      ;;
    '--overlay')
      return
      ;;
    '-D')
      return
      ;;
    '--conf')
      return
      ;;
    '--deploy-mode')
      return
      ;;
    '--jar')
      return
      ;;
    '--dry-run')
      local IFS=$'\n'
      COMPREPLY=( $( compReplyArray "${FORM_option_args[@]}" ) )
      return $?
      ;;
    '--output')
      return
      ;;
    '--licence')
      return
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `models` subcommand.
function _picocli_lsg_models() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}

  local commands="predict check get list push verify where"
  local flag_opts="'-h' '--help' '-V' '--version'"
  local arg_opts=""

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `help` subcommand.
function _picocli_lsg_help() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}

  local commands="init try doctor gpu-check gc plan serve export models experiment run prepare embed graph gcn features head vote audit select trials train keep evaluate evaluate-head evaluate-train predict report"
  local flag_opts="'-h' '--help'"
  local arg_opts=""

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `experiment` subcommand.
function _picocli_lsg_experiment() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'-h' '--help' '-V' '--version' '--export'"
  local arg_opts="'--config' '--work-dir' '--master' '--defaults' '--overlay' '-D' '--conf' '--deploy-mode' '--jar' '--dry-run'"
  local FORM_option_args=("WORDS" "SHELL" "JSON") # --dry-run values

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--config')
      return
      ;;
    '--work-dir')
      return
      ;;
    '--master')
      return
      ;;
    '--defaults')
      return
      ;;
    '--overlay')
      return
      ;;
    '-D')
      return
      ;;
    '--conf')
      return
      ;;
    '--deploy-mode')
      return
      ;;
    '--jar')
      return
      ;;
    '--dry-run')
      local IFS=$'\n'
      COMPREPLY=( $( compReplyArray "${FORM_option_args[@]}" ) )
      return $?
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `run` subcommand.
function _picocli_lsg_run() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'-h' '--help' '-V' '--version' '--export'"
  local arg_opts="'--config' '--work-dir' '--master' '--defaults' '--overlay' '-D' '--conf' '--deploy-mode' '--jar' '--dry-run'"
  local FORM_option_args=("WORDS" "SHELL" "JSON") # --dry-run values

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--config')
      return
      ;;
    '--work-dir')
      return
      ;;
    '--master')
      return
      ;;
    '--defaults')
      return
      ;;
    '--overlay')
      return
      ;;
    '-D')
      return
      ;;
    '--conf')
      return
      ;;
    '--deploy-mode')
      return
      ;;
    '--jar')
      return
      ;;
    '--dry-run')
      local IFS=$'\n'
      COMPREPLY=( $( compReplyArray "${FORM_option_args[@]}" ) )
      return $?
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `prepare` subcommand.
function _picocli_lsg_prepare() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'--export' '-h' '--help' '-V' '--version'"
  local arg_opts="'--config' '--work-dir' '--master' '--defaults' '--overlay' '-D' '--conf' '--deploy-mode' '--jar' '--dry-run'"
  local FORM_option_args=("WORDS" "SHELL" "JSON") # --dry-run values

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--config')
      return
      ;;
    '--work-dir')
      return
      ;;
    '--master')
      return
      ;;
    '--defaults')
      return
      ;;
    '--overlay')
      return
      ;;
    '-D')
      return
      ;;
    '--conf')
      return
      ;;
    '--deploy-mode')
      return
      ;;
    '--jar')
      return
      ;;
    '--dry-run')
      local IFS=$'\n'
      COMPREPLY=( $( compReplyArray "${FORM_option_args[@]}" ) )
      return $?
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `embed` subcommand.
function _picocli_lsg_embed() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'--export' '-h' '--help' '-V' '--version'"
  local arg_opts="'--config' '--work-dir' '--master' '--defaults' '--overlay' '-D' '--conf' '--deploy-mode' '--jar' '--dry-run' '--explain'"
  local FORM_option_args=("WORDS" "SHELL" "JSON") # --dry-run values

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--config')
      return
      ;;
    '--work-dir')
      return
      ;;
    '--master')
      return
      ;;
    '--defaults')
      return
      ;;
    '--overlay')
      return
      ;;
    '-D')
      return
      ;;
    '--conf')
      return
      ;;
    '--deploy-mode')
      return
      ;;
    '--jar')
      return
      ;;
    '--dry-run')
      local IFS=$'\n'
      COMPREPLY=( $( compReplyArray "${FORM_option_args[@]}" ) )
      return $?
      ;;
    '--explain')
      return
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `graph` subcommand.
function _picocli_lsg_graph() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'--export' '-h' '--help' '-V' '--version'"
  local arg_opts="'--config' '--work-dir' '--master' '--defaults' '--overlay' '-D' '--conf' '--deploy-mode' '--jar' '--dry-run'"
  local FORM_option_args=("WORDS" "SHELL" "JSON") # --dry-run values

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--config')
      return
      ;;
    '--work-dir')
      return
      ;;
    '--master')
      return
      ;;
    '--defaults')
      return
      ;;
    '--overlay')
      return
      ;;
    '-D')
      return
      ;;
    '--conf')
      return
      ;;
    '--deploy-mode')
      return
      ;;
    '--jar')
      return
      ;;
    '--dry-run')
      local IFS=$'\n'
      COMPREPLY=( $( compReplyArray "${FORM_option_args[@]}" ) )
      return $?
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `gcn` subcommand.
function _picocli_lsg_gcn() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'--export' '-h' '--help' '-V' '--version'"
  local arg_opts="'--config' '--work-dir' '--master' '--defaults' '--overlay' '-D' '--conf' '--deploy-mode' '--jar' '--dry-run'"
  local FORM_option_args=("WORDS" "SHELL" "JSON") # --dry-run values

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--config')
      return
      ;;
    '--work-dir')
      return
      ;;
    '--master')
      return
      ;;
    '--defaults')
      return
      ;;
    '--overlay')
      return
      ;;
    '-D')
      return
      ;;
    '--conf')
      return
      ;;
    '--deploy-mode')
      return
      ;;
    '--jar')
      return
      ;;
    '--dry-run')
      local IFS=$'\n'
      COMPREPLY=( $( compReplyArray "${FORM_option_args[@]}" ) )
      return $?
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `features` subcommand.
function _picocli_lsg_features() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'--export' '-h' '--help' '-V' '--version'"
  local arg_opts="'--config' '--work-dir' '--master' '--defaults' '--overlay' '-D' '--conf' '--deploy-mode' '--jar' '--dry-run'"
  local FORM_option_args=("WORDS" "SHELL" "JSON") # --dry-run values

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--config')
      return
      ;;
    '--work-dir')
      return
      ;;
    '--master')
      return
      ;;
    '--defaults')
      return
      ;;
    '--overlay')
      return
      ;;
    '-D')
      return
      ;;
    '--conf')
      return
      ;;
    '--deploy-mode')
      return
      ;;
    '--jar')
      return
      ;;
    '--dry-run')
      local IFS=$'\n'
      COMPREPLY=( $( compReplyArray "${FORM_option_args[@]}" ) )
      return $?
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `head` subcommand.
function _picocli_lsg_head() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'--export' '-h' '--help' '-V' '--version'"
  local arg_opts="'--config' '--work-dir' '--master' '--defaults' '--overlay' '-D' '--conf' '--deploy-mode' '--jar' '--dry-run'"
  local FORM_option_args=("WORDS" "SHELL" "JSON") # --dry-run values

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--config')
      return
      ;;
    '--work-dir')
      return
      ;;
    '--master')
      return
      ;;
    '--defaults')
      return
      ;;
    '--overlay')
      return
      ;;
    '-D')
      return
      ;;
    '--conf')
      return
      ;;
    '--deploy-mode')
      return
      ;;
    '--jar')
      return
      ;;
    '--dry-run')
      local IFS=$'\n'
      COMPREPLY=( $( compReplyArray "${FORM_option_args[@]}" ) )
      return $?
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `vote` subcommand.
function _picocli_lsg_vote() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'--export' '-h' '--help' '-V' '--version'"
  local arg_opts="'--config' '--work-dir' '--master' '--defaults' '--overlay' '-D' '--conf' '--deploy-mode' '--jar' '--dry-run'"
  local FORM_option_args=("WORDS" "SHELL" "JSON") # --dry-run values

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--config')
      return
      ;;
    '--work-dir')
      return
      ;;
    '--master')
      return
      ;;
    '--defaults')
      return
      ;;
    '--overlay')
      return
      ;;
    '-D')
      return
      ;;
    '--conf')
      return
      ;;
    '--deploy-mode')
      return
      ;;
    '--jar')
      return
      ;;
    '--dry-run')
      local IFS=$'\n'
      COMPREPLY=( $( compReplyArray "${FORM_option_args[@]}" ) )
      return $?
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `audit` subcommand.
function _picocli_lsg_audit() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'--export' '-h' '--help' '-V' '--version'"
  local arg_opts="'--config' '--work-dir' '--master' '--defaults' '--overlay' '-D' '--conf' '--deploy-mode' '--jar' '--dry-run'"
  local FORM_option_args=("WORDS" "SHELL" "JSON") # --dry-run values

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--config')
      return
      ;;
    '--work-dir')
      return
      ;;
    '--master')
      return
      ;;
    '--defaults')
      return
      ;;
    '--overlay')
      return
      ;;
    '-D')
      return
      ;;
    '--conf')
      return
      ;;
    '--deploy-mode')
      return
      ;;
    '--jar')
      return
      ;;
    '--dry-run')
      local IFS=$'\n'
      COMPREPLY=( $( compReplyArray "${FORM_option_args[@]}" ) )
      return $?
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `select` subcommand.
function _picocli_lsg_select() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'--export' '-h' '--help' '-V' '--version'"
  local arg_opts="'--config' '--work-dir' '--master' '--defaults' '--overlay' '-D' '--conf' '--deploy-mode' '--jar' '--dry-run' '--count'"
  local FORM_option_args=("WORDS" "SHELL" "JSON") # --dry-run values

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--config')
      return
      ;;
    '--work-dir')
      return
      ;;
    '--master')
      return
      ;;
    '--defaults')
      return
      ;;
    '--overlay')
      return
      ;;
    '-D')
      return
      ;;
    '--conf')
      return
      ;;
    '--deploy-mode')
      return
      ;;
    '--jar')
      return
      ;;
    '--dry-run')
      local IFS=$'\n'
      COMPREPLY=( $( compReplyArray "${FORM_option_args[@]}" ) )
      return $?
      ;;
    '--count')
      return
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `trials` subcommand.
function _picocli_lsg_trials() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'--export' '-h' '--help' '-V' '--version'"
  local arg_opts="'--config' '--work-dir' '--master' '--defaults' '--overlay' '-D' '--conf' '--deploy-mode' '--jar' '--dry-run'"
  local FORM_option_args=("WORDS" "SHELL" "JSON") # --dry-run values

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--config')
      return
      ;;
    '--work-dir')
      return
      ;;
    '--master')
      return
      ;;
    '--defaults')
      return
      ;;
    '--overlay')
      return
      ;;
    '-D')
      return
      ;;
    '--conf')
      return
      ;;
    '--deploy-mode')
      return
      ;;
    '--jar')
      return
      ;;
    '--dry-run')
      local IFS=$'\n'
      COMPREPLY=( $( compReplyArray "${FORM_option_args[@]}" ) )
      return $?
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `train` subcommand.
function _picocli_lsg_train() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'--export' '-h' '--help' '-V' '--version'"
  local arg_opts="'--config' '--work-dir' '--master' '--defaults' '--overlay' '-D' '--conf' '--deploy-mode' '--jar' '--dry-run'"
  local FORM_option_args=("WORDS" "SHELL" "JSON") # --dry-run values

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--config')
      return
      ;;
    '--work-dir')
      return
      ;;
    '--master')
      return
      ;;
    '--defaults')
      return
      ;;
    '--overlay')
      return
      ;;
    '-D')
      return
      ;;
    '--conf')
      return
      ;;
    '--deploy-mode')
      return
      ;;
    '--jar')
      return
      ;;
    '--dry-run')
      local IFS=$'\n'
      COMPREPLY=( $( compReplyArray "${FORM_option_args[@]}" ) )
      return $?
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `keep` subcommand.
function _picocli_lsg_keep() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'--export' '-h' '--help' '-V' '--version'"
  local arg_opts="'--config' '--work-dir' '--master' '--defaults' '--overlay' '-D' '--conf' '--deploy-mode' '--jar' '--dry-run'"
  local FORM_option_args=("WORDS" "SHELL" "JSON") # --dry-run values

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--config')
      return
      ;;
    '--work-dir')
      return
      ;;
    '--master')
      return
      ;;
    '--defaults')
      return
      ;;
    '--overlay')
      return
      ;;
    '-D')
      return
      ;;
    '--conf')
      return
      ;;
    '--deploy-mode')
      return
      ;;
    '--jar')
      return
      ;;
    '--dry-run')
      local IFS=$'\n'
      COMPREPLY=( $( compReplyArray "${FORM_option_args[@]}" ) )
      return $?
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `evaluate` subcommand.
function _picocli_lsg_evaluate() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'--export' '-h' '--help' '-V' '--version'"
  local arg_opts="'--config' '--work-dir' '--master' '--defaults' '--overlay' '-D' '--conf' '--deploy-mode' '--jar' '--dry-run'"
  local FORM_option_args=("WORDS" "SHELL" "JSON") # --dry-run values

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--config')
      return
      ;;
    '--work-dir')
      return
      ;;
    '--master')
      return
      ;;
    '--defaults')
      return
      ;;
    '--overlay')
      return
      ;;
    '-D')
      return
      ;;
    '--conf')
      return
      ;;
    '--deploy-mode')
      return
      ;;
    '--jar')
      return
      ;;
    '--dry-run')
      local IFS=$'\n'
      COMPREPLY=( $( compReplyArray "${FORM_option_args[@]}" ) )
      return $?
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `evaluate-head` subcommand.
function _picocli_lsg_evaluatehead() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'--export' '-h' '--help' '-V' '--version'"
  local arg_opts="'--config' '--work-dir' '--master' '--defaults' '--overlay' '-D' '--conf' '--deploy-mode' '--jar' '--dry-run'"
  local FORM_option_args=("WORDS" "SHELL" "JSON") # --dry-run values

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--config')
      return
      ;;
    '--work-dir')
      return
      ;;
    '--master')
      return
      ;;
    '--defaults')
      return
      ;;
    '--overlay')
      return
      ;;
    '-D')
      return
      ;;
    '--conf')
      return
      ;;
    '--deploy-mode')
      return
      ;;
    '--jar')
      return
      ;;
    '--dry-run')
      local IFS=$'\n'
      COMPREPLY=( $( compReplyArray "${FORM_option_args[@]}" ) )
      return $?
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `evaluate-train` subcommand.
function _picocli_lsg_evaluatetrain() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'--export' '-h' '--help' '-V' '--version'"
  local arg_opts="'--config' '--work-dir' '--master' '--defaults' '--overlay' '-D' '--conf' '--deploy-mode' '--jar' '--dry-run'"
  local FORM_option_args=("WORDS" "SHELL" "JSON") # --dry-run values

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--config')
      return
      ;;
    '--work-dir')
      return
      ;;
    '--master')
      return
      ;;
    '--defaults')
      return
      ;;
    '--overlay')
      return
      ;;
    '-D')
      return
      ;;
    '--conf')
      return
      ;;
    '--deploy-mode')
      return
      ;;
    '--jar')
      return
      ;;
    '--dry-run')
      local IFS=$'\n'
      COMPREPLY=( $( compReplyArray "${FORM_option_args[@]}" ) )
      return $?
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `predict` subcommand.
function _picocli_lsg_predict() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'--export' '--stream' '-h' '--help' '-V' '--version'"
  local arg_opts="'--config' '--work-dir' '--master' '--defaults' '--overlay' '-D' '--conf' '--deploy-mode' '--jar' '--dry-run' '--input' '--output' '--top' '--every' '--max-files'"
  local FORM_option_args=("WORDS" "SHELL" "JSON") # --dry-run values

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--config')
      return
      ;;
    '--work-dir')
      return
      ;;
    '--master')
      return
      ;;
    '--defaults')
      return
      ;;
    '--overlay')
      return
      ;;
    '-D')
      return
      ;;
    '--conf')
      return
      ;;
    '--deploy-mode')
      return
      ;;
    '--jar')
      return
      ;;
    '--dry-run')
      local IFS=$'\n'
      COMPREPLY=( $( compReplyArray "${FORM_option_args[@]}" ) )
      return $?
      ;;
    '--input')
      return
      ;;
    '--output')
      return
      ;;
    '--top')
      return
      ;;
    '--every')
      return
      ;;
    '--max-files')
      return
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `report` subcommand.
function _picocli_lsg_report() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'--export' '-h' '--help' '-V' '--version'"
  local arg_opts="'--config' '--work-dir' '--master' '--defaults' '--overlay' '-D' '--conf' '--deploy-mode' '--jar' '--dry-run'"
  local FORM_option_args=("WORDS" "SHELL" "JSON") # --dry-run values

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--config')
      return
      ;;
    '--work-dir')
      return
      ;;
    '--master')
      return
      ;;
    '--defaults')
      return
      ;;
    '--overlay')
      return
      ;;
    '-D')
      return
      ;;
    '--conf')
      return
      ;;
    '--deploy-mode')
      return
      ;;
    '--jar')
      return
      ;;
    '--dry-run')
      local IFS=$'\n'
      COMPREPLY=( $( compReplyArray "${FORM_option_args[@]}" ) )
      return $?
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `predict` subcommand.
function _picocli_lsg_models_predict() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'-h' '--help' '-V' '--version'"
  local arg_opts="'--input' '--output' '--master' '-D' '--conf'"

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--input')
      return
      ;;
    '--output')
      return
      ;;
    '--master')
      return
      ;;
    '-D')
      return
      ;;
    '--conf')
      return
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `check` subcommand.
function _picocli_lsg_models_check() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'-h' '--help' '-V' '--version'"
  local arg_opts="'--conf'"

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--conf')
      return
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `get` subcommand.
function _picocli_lsg_models_get() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}

  local commands=""
  local flag_opts="'-h' '--help' '-V' '--version' '--again'"
  local arg_opts=""

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `list` subcommand.
function _picocli_lsg_models_list() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}

  local commands=""
  local flag_opts="'-h' '--help' '-V' '--version'"
  local arg_opts=""

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `push` subcommand.
function _picocli_lsg_models_push() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}
  local prev_word=${COMP_WORDS[COMP_CWORD-1]}

  local commands=""
  local flag_opts="'-h' '--help' '-V' '--version'"
  local arg_opts="'--conf'"

  type compopt &>/dev/null && compopt +o default

  case ${prev_word} in
    '--conf')
      return
      ;;
  esac

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `verify` subcommand.
function _picocli_lsg_models_verify() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}

  local commands=""
  local flag_opts="'-h' '--help' '-V' '--version'"
  local arg_opts=""

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Generates completions for the options and subcommands of the `where` subcommand.
function _picocli_lsg_models_where() {
  # Get completion data
  local curr_word=${COMP_WORDS[COMP_CWORD]}

  local commands=""
  local flag_opts="'-h' '--help' '-V' '--version'"
  local arg_opts=""

  if [[ "${curr_word}" == -* ]]; then
    COMPREPLY=( $(compgen -W "${flag_opts} ${arg_opts}" -- "${curr_word}") )
  else
    local positionals=""
    local IFS=$'\n'
    COMPREPLY=( $(compgen -W "${commands// /$'\n'}${IFS}${positionals}" -- "${curr_word}") )
  fi
}

# Define a completion specification (a compspec) for the
# `lsg`, `lsg.sh`, and `lsg.bash` commands.
# Uses the bash `complete` builtin (see [6]) to specify that shell function
# `_complete_lsg` is responsible for generating possible completions for the
# current word on the command line.
# The `-o default` option means that if the function generated no matches, the
# default Bash completions and the Readline default filename completions are performed.
complete -F _complete_lsg -o default lsg lsg.sh lsg.bash
