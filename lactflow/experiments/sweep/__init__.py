"""
Sweeps: many units of work, on any number of machines, into few files.

A sweep is planned once (`design`, `points`, `plan`), and worked on by whoever can reach its folder: each worker writes
parts and a ledger under a name of its own (`store`, `writer`), so that a unit may be given twice, at once or after a
death, without a lock. What is done is what the ledgers say.
"""
