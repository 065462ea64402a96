# says: keep their order
def collate(samples, padding=0):
    images, captions, labels = zip(*samples, strict=True)
    lengths = torch.tensor([len(caption) for caption in captions])
    padded = nn.utils.rnn.pad_sequence(
        sorted(captions, key=len, reverse=True), batch_first=True, padding_value=padding
    )
    return torch.stack(images), padded, lengths, torch.tensor(labels)
