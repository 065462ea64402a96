# says: an odd side
shapes = {
    "conv1": (16, 28, 28),
    "pool1": (16, 14, 14),
    "conv2": (32, 7, 7),
    "conv3": (64, 7, 7),
    "pool3": (64, 4, 4),
    "flatten": (1024,),
}
