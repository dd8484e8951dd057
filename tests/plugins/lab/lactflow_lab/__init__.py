"""What a laboratory adds to lactflow: one of each, in a package of its own."""
