"""
The app of `lactflow explore`: what its controls mean, what it simulates, draws and says.

`app` is the page itself, for marimo, and only places what the other modules give. They import no marimo, and are tested
without it.
"""
