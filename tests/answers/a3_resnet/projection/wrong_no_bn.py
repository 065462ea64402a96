# says: batch normalisation is missing
def projection(C_in, C_out, S, option):
    if option == "B" and C_in == C_out and S == 1:
        return nn.Identity()
    return nn.Conv2d(C_in, C_out, 1, stride=S, bias=False)
