#!/usr/bin/env bash
# What is done on a machine with a GPU. It needs nothing from a network, and what it has measured or trained so far is in the
# folder OUT at any time, in files of less than 16 MB.
#
#   gpu.sh speed OUT [SECONDS]             characters per second by size, batch and precision (a minute)
#   gpu.sh rates OUT CORPUS [SECONDS]      short runs at a few learning rates, to choose one (half a minute each)
#   gpu.sh train OUT CORPUS MINUTES [OPTION…]   trains the default model
#
# CORPUS is a folder that `murmur pack` wrote, or a .tar.xz of one.
#
# Why these options: a step does one small product after another, as many as the window has tokens, so on an H100 it takes nearly as
# long with 512 lanes (16 ms) as with 1024 (19 ms); 2048 take 33 ms. What counts after a fixed time is the number of characters and
# of steps, so 1024. The learning rate was better than 6e-3, its double, in runs of 20 seconds.
# BATCH, WINDOW, RATE, RATES, PRECISION and HIDDEN in the environment change them.
set -euo pipefail
cd "$(dirname "$0")"
export PYTHONPATH="$PWD" PYTHONUNBUFFERED=1
python=${PYTHON:-python3}
hidden=${HIDDEN:-512} batch=${BATCH:-1024} window=${WINDOW:-128} rate=${RATE:-3e-3} precision=${PRECISION:-bfloat16}

task=$1 out=$2
mkdir -p "$out"
local=$(mktemp -d)
trap 'rm -rf "$local"' EXIT

unpacked() {
  if [ -d "$1" ]; then realpath "$1"; else
    "$python" -m tarfile -e "$1" "$local/corpus"
    dirname "$(find "$local/corpus" -name index.json | head -n 1)"
  fi
}

# Trains a network of the default model's architecture. $1: corpus, $2: file, $3: minutes, $4: learning rate
run() {
  "$python" -m murmur_distributed train --corpus "$1" --init none --out "$2" --minutes "$3" --lr "$4" --cell lstm --layers 2 \
    --hidden "$hidden" --batch "$batch" --window "$window" --precision "$precision" "${@:5}"
}

case $task in
  speed)
    "$python" bench/speed.py "$out/speed.tsv" --seconds "${3:-60}" ${SPEED_OPTIONS:-}
    ;;
  rates)
    corpus=$(unpacked "$3")
    minutes=$(awk "BEGIN { print ${4:-20} / 60 }")
    for rate in ${RATES:-3e-3 6e-3}; do
      echo "# rate $rate, batch $batch, window $window, $precision" | tee -a "$out/rates.log"
      # One that diverges must not keep the others from being taken.
      run "$corpus" "$local/model.onnx" "$minutes" "$rate" 2>&1 | tee -a "$out/rates.log" || true
    done
    ;;
  train)
    corpus=$(unpacked "$3")
    # The checkpoint, of some 70 MB, stays beside the model on this machine; the model is copied whenever it was written.
    (while sleep 5; do
      [ "$local/model.onnx" -nt "$out/model.onnx" ] && cp "$local/model.onnx" "$out/.next" && mv "$out/.next" "$out/model.onnx"
    done) &
    copier=$!
    trap 'kill "$copier"; [ -f "$local/model.onnx" ] && cp "$local/model.onnx" "$out/model.onnx"; rm -rf "$local"' EXIT
    run "$corpus" "$local/model.onnx" "$4" "$rate" --checkpoint-every 60 "${@:5}" 2>&1 | tee -a "$out/train.log"
    ;;
  *)
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
