#!/usr/bin/env bash
# The GPUs that this container may use, as Spark asks for them (spark.executor.resource.gpu.discoveryScript).
set -euo pipefail

if [ -n "${CUDA_VISIBLE_DEVICES:-}" ]; then
  addresses=$(tr ',' '\n' <<<"$CUDA_VISIBLE_DEVICES")
else
  addresses=$(nvidia-smi --query-gpu=index --format=csv,noheader)
fi
printf '{"name": "gpu", "addresses": [%s]}\n' "$(sed 's/.*/"&"/' <<<"$addresses" | paste -sd, -)"
