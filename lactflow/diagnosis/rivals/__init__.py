"""Rival mechanisms that come with lactflow, one file each."""
