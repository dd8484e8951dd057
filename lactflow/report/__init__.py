"""Pictures of what was simulated, for people who would rather look than read."""
