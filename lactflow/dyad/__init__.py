"""Mother and infant together: who takes milk, when, and how a session goes."""
