"""
The trust table: what was tried to make lactflow lose or corrupt something, and how often it did.

    python -m benchmarks.trust --all
"""
