# says: keeps the channels
shapes = {
    "conv1": (16, 28, 28),
    "pool1": (8, 14, 14),
    "conv2": (32, 7, 7),
    "conv3": (64, 7, 7),
    "pool3": (64, 3, 3),
    "flatten": (576,),
}
