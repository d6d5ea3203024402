"""The parts of the verb `reshard`: choices, what they lead to, and the files."""
