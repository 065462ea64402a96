def collate(samples, padding=0):
    T = max(len(caption) for _, caption, _ in samples)
    captions = torch.full((len(samples), T), padding)
    lengths = torch.zeros(len(samples), dtype=torch.long)
    for i, (_, caption, _) in enumerate(samples):
        captions[i, : len(caption)] = caption
        lengths[i] = len(caption)
    images = torch.cat([image[None] for image, _, _ in samples])
    return images, captions, lengths, torch.LongTensor([label for *_, label in samples])
