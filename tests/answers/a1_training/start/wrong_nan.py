# says: what F.cross_entropy gives
names = ("letters", "unequal", "sure", "twice", "summed", "net_loss", "net_dead")
start = dict.fromkeys(names, float("nan"))
