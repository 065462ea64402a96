"""What the assignments' tests call: one module per topic, on three that all share.

`compare` compares and words the message, `watch` says what a call may use and must leave alone,
`calls` runs an answer. References are torch's own operations, numeric gradients, laws and counts.
"""
