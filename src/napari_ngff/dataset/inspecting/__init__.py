"""What is told of an image's storage: tables, costs, advice, health."""
