# says: argument 1 left as it was
def collate(samples, padding=0):
    lengths = torch.tensor([len(caption) for _, caption, _ in samples])
    T = int(lengths.max())
    for _, caption, _ in samples:
        n = len(caption)
        caption.resize_(T)
        caption[n:] = padding
    images = torch.stack([image for image, _, _ in samples])
    captions = torch.stack([caption for _, caption, _ in samples])
    return images, captions, lengths, torch.tensor([label for *_, label in samples])
