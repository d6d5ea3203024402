"""Stores that mean harm, or came to harm, and what must happen when one is opened."""
