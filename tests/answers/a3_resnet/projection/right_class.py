class Projection(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.norm = nn.BatchNorm2d(C_out)
        self.matrix = nn.Conv2d(C_in, C_out, kernel_size=(1, 1), stride=(S, S), bias=False)

    def forward(self, x):
        return self.norm(self.matrix(x))


class Nothing(nn.Module):
    def forward(self, x):
        return x


def projection(C_in, C_out, S, option):
    if option == "C" or (C_in, S) != (C_out, 1):
        return Projection(C_in, C_out, S)
    return Nothing()
