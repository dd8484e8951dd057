"""The mammary gland: lines of stations, lumen, membrane, local control, ducts, breasts."""
