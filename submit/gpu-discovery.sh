#!/usr/bin/env bash
# The GPUs that this process may use, as Spark asks for them (spark.executor.resource.gpu.discoveryScript):
# their places 0, 1, ... among those that CUDA shows the process, which is how libtorch counts them. Of
# CUDA_VISIBLE_DEVICES=3,5 the first is 0, not 3. As CUDA does, it ends at the first entry that names no GPU, and
# shows no more than one MIG instance.
set -euo pipefail

uuids=() # of the cards, in order
parted=() # whether a card is divided into MIG instances
instances=() # their UUIDs
list=$(nvidia-smi -L 2>/dev/null) || list=
while IFS= read -r line; do
  uuid=${line##*UUID: }
  uuid=${uuid%%)*}
  case $line in
    GPU\ *) uuids+=("$uuid") && parted+=("") ;;
    *MIG\ *) instances+=("$uuid") && parted[${#uuids[@]}-1]=1 ;;
  esac
done <<<"$list"

# card NAME: the number of the card that an ordinal, a UUID or its beginning names, as $found; fails if none does
card() {
  local i
  found=
  if [[ $1 =~ ^[0-9]+$ ]]; then
    found=$((10#$1))
    # Without nvidia-smi nobody knows how many there are.
    [ -z "$list" ] || [ "$found" -lt "${#uuids[@]}" ]
    return
  fi
  [[ $1 == GPU-?* ]] || return 1
  if [ -z "$list" ]; then
    found=$1
    return
  fi
  for ((i = 0; i < ${#uuids[@]}; i++)); do
    if [[ ${uuids[i]} == "$1"* ]]; then
      [ -z "$found" ] || return 1 # the beginning of two
      found=$i
    fi
  done
  [ -n "$found" ]
}

# instance NAME: whether there is such a MIG instance
instance() {
  local known
  [[ $1 == MIG-?* ]] || return 1
  [ -n "$list" ] || return 0
  for known in ${instances[@]+"${instances[@]}"}; do
    [ "$known" != "$1" ] || return 0
  done
  # As drivers before 470 call them: MIG-GPU-<UUID>/<GPU instance>/<compute instance>
  [[ $1 =~ ^MIG-(GPU-[^/]+)/[0-9]+/[0-9]+$ ]] && card "${BASH_REMATCH[1]}"
}

count=0
if [ -n "${CUDA_VISIBLE_DEVICES+set}" ]; then
  taken=" "
  IFS=, read -ra names <<<"$CUDA_VISIBLE_DEVICES"
  for name in ${names[@]+"${names[@]}"}; do
    name=${name//[[:space:]]/}
    if card "$name"; then
      [[ $taken != *" $found "* ]] || break
      taken+="$found "
      if [[ $found =~ ^[0-9]+$ ]] && [ -n "${parted[found]:-}" ]; then
        [ "$count" -gt 0 ] || count=1
        break
      fi
      count=$((count + 1))
    elif instance "$name"; then
      [ "$count" -gt 0 ] || count=1
      break
    else
      break
    fi
  done
  [ "$count" -gt 0 ] || echo "gpu-discovery: CUDA_VISIBLE_DEVICES=$CUDA_VISIBLE_DEVICES shows no GPU" >&2
elif [ -n "$list" ]; then
  for ((i = 0; i < ${#uuids[@]}; i++)); do
    [ -n "${parted[i]}" ] || count=$((count + 1))
  done
  [ "$count" -gt 0 ] || [ "${#instances[@]}" -eq 0 ] || count=1
else
  for device in /dev/nvidia[0-9]*; do
    [ ! -e "$device" ] || count=$((count + 1))
  done
  if [ "$count" -eq 0 ]; then
    echo "gpu-discovery: no GPU here: nvidia-smi is missing or failed, and there is no /dev/nvidia0" >&2
    exit 1
  fi
fi

addresses=
for ((i = 0; i < count; i++)); do
  addresses+=${addresses:+, }\"$i\"
done
printf '{"name": "gpu", "addresses": [%s]}\n' "$addresses"
