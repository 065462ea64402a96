shapes = {}
shapes["flatten"] = (576,)
shapes["pool3"] = (64, 3, 3)
shapes["conv3"] = (64, 7, 7)
shapes["conv2"] = (32, 7, 7)
shapes["pool1"] = (16, 14, 14)
shapes["conv1"] = (16, 28, 28)
