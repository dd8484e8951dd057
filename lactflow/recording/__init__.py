"""Facts on disk: columns, durable files, the journal, the run directory and its readers."""
