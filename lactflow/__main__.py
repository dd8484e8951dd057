"""`python -m lactflow` is `lactflow`."""

from lactflow.cli import main

if __name__ == "__main__":
    main(prog_name="lactflow")
