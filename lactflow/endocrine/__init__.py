"""Signals in the mother's blood: each is a level at any time, and says when it next changes by itself."""
