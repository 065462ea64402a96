def collate(samples, padding=0):
    lengths = [caption.shape[0] for _, caption, _ in samples]
    longest = max(lengths)
    captions = [F.pad(c, (0, longest - len(c)), value=padding) for _, c, _ in samples]
    images = torch.stack([image for image, _, _ in samples], dim=0)
    return [
        images,
        torch.stack(captions),
        torch.tensor(lengths),
        torch.tensor([s[2] for s in samples]),
    ]
