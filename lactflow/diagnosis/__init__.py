"""What a clinic holds about a mother and her infant: a research and teaching tool, no medical device."""
