"""Answers and tests in two processes that share nothing but a channel.

Both sides run the same `Peer`. What crosses is plain data, tensors and library modules (`table`);
everything else stays where it is and is asked for what it does (`proxies`).
"""
