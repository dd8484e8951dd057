"""Whether the tests notice small errors: mutants of the model, and the tests that must fail on each of them."""
