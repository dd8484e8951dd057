#!/usr/bin/env bash
# A sweep in shards, as an array of Slurm. The folder has to be on a file system that all nodes see.
#
#     sbatch --array=1-100 slurm.sh outputs/NAME
#     sbatch --dependency=afterany:JOB --wrap "lactflow sweep close outputs/NAME"
#
# A task that ran out of time is submitted again with the same line: what is done is passed over.
#SBATCH --job-name=lactflow
#SBATCH --cpus-per-task=1
#SBATCH --mem=1G
#SBATCH --time=02:00:00
#SBATCH --requeue
set -euo pipefail
sweep="$1"

# --array=1-100 counts from 1; of --array=1-100%20, where 20 run at a time, the count is still 100.
lactflow sweep work "$sweep" --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT"
