#!/usr/bin/env bash
# A sweep in shards, side by side: on one machine, or one line of `seq` for each machine that sees the folder.
#
#     ./shards.sh outputs/NAME 8 2      the folder, how many shards, how many of them at a time
set -euo pipefail
sweep="$1" shards="$2" at_a_time="$3"

# GNU parallel does it too: seq "$shards" | parallel -j "$at_a_time" lactflow sweep work "$sweep" --shard "{}/$shards"
seq "$shards" | xargs -P "$at_a_time" -I "{}" lactflow sweep work "$sweep" --shard "{}/$shards"
lactflow sweep status "$sweep"
lactflow sweep close "$sweep"
