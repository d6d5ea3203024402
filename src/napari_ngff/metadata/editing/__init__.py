"""What a person wants changed in metadata, and what that changes in the JSON."""
