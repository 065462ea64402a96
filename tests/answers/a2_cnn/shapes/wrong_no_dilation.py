# says: a dilated 3x3 kernel
shapes = {
    "conv1": (16, 28, 28),
    "pool1": (16, 14, 14),
    "conv2": (32, 7, 7),
    "conv3": (64, 9, 9),
    "pool3": (64, 4, 4),
    "flatten": (1024,),
}
