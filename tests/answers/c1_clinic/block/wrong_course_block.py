# says: or it is thrown away
from helpers.models.resnet import BasicBlock


class Block(BasicBlock):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__(in_channels, out_channels, stride, "B")
