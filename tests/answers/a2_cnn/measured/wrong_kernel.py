# says: the kernel of the last layer
def measured_field(net, size):
    last = list(net)[-1]
    return last.kernel_size
