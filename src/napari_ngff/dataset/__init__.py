"""A document together with its arrays: every verb lives here, Qt-free."""
