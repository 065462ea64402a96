# says: still to be answered
expected = dict.fromkeys(["a", "b", "c", "d", "e"])
claims = dict.fromkeys("ABCDEFGH")
