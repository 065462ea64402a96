# says: the normalisation of the first convolution is missing
def count_parameters(n, option, C_in=3, w=16, classes=10):
    def conv_bn(inputs, outputs, K):
        return inputs * outputs * K * K + 2 * outputs

    count = 9 * C_in * w
    inputs = w
    for outputs in (w, 2 * w, 4 * w):
        for _ in range(n):
            count += conv_bn(inputs, outputs, 3) + conv_bn(outputs, outputs, 3)
            if option == "C" or (option == "B" and inputs != outputs):
                count += conv_bn(inputs, outputs, 1)
            inputs = outputs
    return count + 4 * w * classes + classes
