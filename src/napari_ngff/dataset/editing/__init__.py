"""The parts of editing metadata: documents as they are stored, and saving them."""
