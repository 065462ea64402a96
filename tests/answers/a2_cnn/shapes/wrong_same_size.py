# says: takes 2 pixels from each side
shapes = {
    "conv1": (16, 32, 32),
    "pool1": (16, 16, 16),
    "conv2": (32, 8, 8),
    "conv3": (64, 8, 8),
    "pool3": (64, 4, 4),
    "flatten": (1024,),
}
