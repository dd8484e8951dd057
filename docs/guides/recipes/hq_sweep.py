"""
A sweep in shards, as a job of HyperQueue (pip install hyperqueue).

    hq server start &
    hq worker start &
    python hq_sweep.py outputs/NAME 100         the folder, how many shards
    python hq_sweep.py outputs/NAME 8 --here    with a server and a worker of its own, on this machine

A task whose worker is lost is given to another one. The sweep is closed once all shards have ended.
"""

import argparse
import logging
from pathlib import Path

from hyperqueue import Client, Job, LocalCluster
from hyperqueue.cluster import WorkerConfig


def sharded(sweep: Path, shards: int) -> Job:
    """The job: a task for each shard, and one that closes the sweep after them."""
    job = Job(name=sweep.name, max_fails=None)
    lactflow = ["lactflow", "sweep"]
    tasks = [
        job.program([*lactflow, "work", str(sweep), "--shard", f"{number}/{shards}"], name=f"shard-{number}")
        for number in range(1, shards + 1)
    ]
    job.program([*lactflow, "close", str(sweep)], deps=tasks, name="close")
    return job


def main() -> None:
    """Submit the job and wait for its end."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sweep", type=Path)
    parser.add_argument("shards", type=int)
    parser.add_argument("--here", action="store_true", help="start a server and a worker on this machine")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    job = sharded(options.sweep.resolve(), options.shards)
    if not options.here:
        client = Client()
        client.wait_for_jobs([client.submit(job)])
        return
    with LocalCluster(worker_config=WorkerConfig()) as cluster:
        client = cluster.client()
        client.wait_for_jobs([client.submit(job)])


if __name__ == "__main__":
    main()
