"""YAML to a validated, frozen scenario; feeding logs; shipped scenarios."""
