# says: the dict given above
lag = [0.9, 0.9, 8.09, 6, 44, 76, 4.97]
