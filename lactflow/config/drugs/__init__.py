"""Drugs in a config: the library that their files are in, what is wrong with them, and what they are for the engine."""
