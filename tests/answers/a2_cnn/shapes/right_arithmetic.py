n = 32 - 5 + 1
m = n // 2
k = (m + 2 - 3) // 2 + 1
shapes = dict(conv1=(16, n, n), pool1=(16, m, m), conv2=(32, k, k), conv3=(64, k, k))
shapes["pool3"] = (64, k // 2, k // 2)
shapes["flatten"] = (64 * (k // 2) ** 2,)
