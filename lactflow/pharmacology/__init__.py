"""Drugs: their levels in the mother's blood. Nothing here knows the gland, and nothing here is medical advice."""
