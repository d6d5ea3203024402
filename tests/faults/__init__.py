"""Saves that are killed, torn, refused space or failed at every one of their I/O calls.

A `Scenario` says what is there and what is done to it. `harness.Run` does it with a
fault in a forked child and judges what is there then: what was, or what should be.
"""
