"""JSON to model, one module a version of the specification."""
