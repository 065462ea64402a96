# %% right: by hand
def classify(net, images, labels):
    x = images.float()
    mean = x.mean((1, 2, 3), keepdim=True)
    std = x.std((1, 2, 3), correction=0, keepdim=True)
    x = ((x - mean) / std).permute(0, 3, 1, 2)
    was_training = net.training
    net.eval()
    with torch.no_grad():
        z = net(x)
    net.train(was_training)
    z = z - z.amax(dim=1, keepdim=True)
    p = z.exp() / z.exp().sum(dim=1, keepdim=True)
    return p, (p.argmax(1) == labels).float().mean().item()


# %% right: image by image
def classify(net, images, labels):
    mode = net.training
    net.eval()
    rows = []
    with torch.inference_mode():
        for image in images:
            pixels = image.to(torch.float32)
            pixels = (pixels - pixels.mean()) / pixels.std(unbiased=False)
            rows.append(F.softmax(net(pixels.permute(2, 0, 1).unsqueeze(0)), dim=-1))
    net.train(mode)
    p = torch.cat(rows).clone()
    return p, float((p.argmax(dim=1) == labels).sum()) / len(labels)


# %% right: variance
def classify(net, images, labels):
    x = images.float()
    mean = x.mean((1, 2, 3), keepdim=True)
    std = ((x - mean) ** 2).mean(dim=(1, 2, 3), keepdim=True).sqrt()
    x = ((x - mean) / std).movedim(3, 1)
    was_training = net.training
    net.eval()
    with torch.no_grad():
        z = net(x)
    net.train(was_training)
    p = z.softmax(1)
    return p, (p.argmax(1) == labels).float().mean().item()


# %% wrong: as array | says: without the library's array
def classify(net, images, labels):
    import numpy as np

    images, labels = np.asarray(images), np.asarray(labels)
    x = images.astype("float32")
    x = (x - x.mean(axis=(1, 2, 3), keepdims=True)) / x.std(axis=(1, 2, 3), keepdims=True)
    was_training = net.training
    net.eval()
    with torch.no_grad():
        z = net(torch.tensor(x.transpose(0, 3, 1, 2))).double()
    net.train(was_training)
    p = z.softmax(1)
    accuracy = (p.argmax(1) == torch.tensor(labels)).double().mean().item()
    return p.float(), accuracy


# %% wrong: by channel | says: run over the channels too
def classify(net, images, labels):
    x = images.float()
    mean = x.mean((1, 2), keepdim=True)
    std = x.std((1, 2), correction=0, keepdim=True)
    x = ((x - mean) / std).permute(0, 3, 1, 2)
    was_training = net.training
    net.eval()
    with torch.no_grad():
        z = net(x)
    net.train(was_training)
    p = z.softmax(1)
    return p, (p.argmax(1) == labels).float().mean().item()


# %% wrong: channels last | says: channels are still last
def classify(net, images, labels):
    x = images.float()
    mean = x.mean((1, 2, 3), keepdim=True)
    std = x.std((1, 2, 3), correction=0, keepdim=True)
    x = (x - mean) / std
    was_training = net.training
    net.eval()
    with torch.no_grad():
        z = net(x)
    net.train(was_training)
    p = z.softmax(1)
    return p, (p.argmax(1) == labels).float().mean().item()


# %% wrong: count | says: this is a count
def classify(net, images, labels):
    x = images.float()
    mean = x.mean((1, 2, 3), keepdim=True)
    std = x.std((1, 2, 3), correction=0, keepdim=True)
    x = ((x - mean) / std).permute(0, 3, 1, 2)
    was_training = net.training
    net.eval()
    with torch.no_grad():
        z = net(x)
    net.train(was_training)
    p = z.softmax(1)
    return p, (p.argmax(1) == labels).sum().item()


# %% wrong: double | says: dtype torch.float32
def classify(net, images, labels):
    x = images.float()
    mean = x.mean((1, 2, 3), keepdim=True)
    std = x.std((1, 2, 3), correction=0, keepdim=True)
    x = ((x - mean) / std).permute(0, 3, 1, 2)
    was_training = net.training
    net.eval()
    with torch.no_grad():
        z = net(x)
    net.train(was_training)
    p = z.double().softmax(1)
    return p, (p.argmax(1) == labels).float().mean().item()


# %% wrong: graph | says: probabilities without a graph
def classify(net, images, labels):
    x = images.float()
    mean = x.mean((1, 2, 3), keepdim=True)
    std = x.std((1, 2, 3), correction=0, keepdim=True)
    x = ((x - mean) / std).permute(0, 3, 1, 2)
    was_training = net.training
    net.eval()
    z = net(x)
    net.train(was_training)
    p = z.softmax(1)
    return p, (p.argmax(1) == labels).float().mean().item()


# %% wrong: in numpy | says: without the library's numpy
def classify(net, images, labels):
    images, labels = images.numpy(), labels.numpy()
    x = images.astype("float32")
    x = (x - x.mean(axis=(1, 2, 3), keepdims=True)) / x.std(axis=(1, 2, 3), keepdims=True)
    was_training = net.training
    net.eval()
    with torch.no_grad():
        z = net(torch.tensor(x.transpose(0, 3, 1, 2))).double()
    net.train(was_training)
    p = z.softmax(1)
    accuracy = (p.argmax(1) == torch.tensor(labels)).double().mean().item()
    return p.float(), accuracy


# %% wrong: left in eval | says: the mode of argument 1
def classify(net, images, labels):
    x = images.float()
    mean = x.mean((1, 2, 3), keepdim=True)
    std = x.std((1, 2, 3), correction=0, keepdim=True)
    x = ((x - mean) / std).permute(0, 3, 1, 2)
    was_training = net.training
    net.eval()
    with torch.no_grad():
        z = net(x)
    p = z.softmax(1)
    return p, (p.argmax(1) == labels).float().mean().item()


# %% wrong: lists | says: without the library's tolist
def classify(net, images, labels):
    import numpy as np

    images, labels = np.array(images.tolist()), np.array(labels.tolist())
    x = images.astype("float32")
    x = (x - x.mean(axis=(1, 2, 3), keepdims=True)) / x.std(axis=(1, 2, 3), keepdims=True)
    was_training = net.training
    net.eval()
    with torch.no_grad():
        z = net(torch.tensor(x.transpose(0, 3, 1, 2))).double()
    net.train(was_training)
    p = z.softmax(1)
    accuracy = (p.argmax(1) == torch.tensor(labels)).double().mean().item()
    return p.float(), accuracy


# %% wrong: mode | says: dropout is at work
def classify(net, images, labels):
    x = images.float()
    mean = x.mean((1, 2, 3), keepdim=True)
    std = x.std((1, 2, 3), correction=0, keepdim=True)
    x = ((x - mean) / std).permute(0, 3, 1, 2)
    was_training = net.training
    with torch.no_grad():
        z = net(x)
    net.train(was_training)
    p = z.softmax(1)
    return p, (p.argmax(1) == labels).float().mean().item()


# %% wrong: overflow | says: largest logit first
def classify(net, images, labels):
    x = images.float()
    mean = x.mean((1, 2, 3), keepdim=True)
    std = x.std((1, 2, 3), correction=0, keepdim=True)
    x = ((x - mean) / std).permute(0, 3, 1, 2)
    was_training = net.training
    net.eval()
    with torch.no_grad():
        z = net(x)
    net.train(was_training)
    p = z.exp() / z.exp().sum(1, keepdim=True)
    return p, (p.argmax(1) == labels).float().mean().item()


# %% wrong: published | says: has no attribute 'astype'
import numpy as np


def classify(net, images, labels):
    x = images.astype("float32")
    x = (x - x.mean(axis=(1, 2, 3), keepdims=True)) / x.std(axis=(1, 2, 3), keepdims=True)
    x = x.transpose(0, 3, 1, 2)
    z = net.predict(x)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return p, (p.argmax(axis=1) == labels).astype("float32").mean().numpy()


# %% wrong: softmax over batch | says: softmax over dimension 1
def classify(net, images, labels):
    x = images.float()
    mean = x.mean((1, 2, 3), keepdim=True)
    std = x.std((1, 2, 3), correction=0, keepdim=True)
    x = ((x - mean) / std).permute(0, 3, 1, 2)
    was_training = net.training
    net.eval()
    with torch.no_grad():
        z = net(x)
    net.train(was_training)
    p = z.softmax(0)
    return p, (p.argmax(1) == labels).float().mean().item()


# %% wrong: std | says: NumPy's std divides by the number of values
def classify(net, images, labels):
    x = images.float()
    mean = x.mean((1, 2, 3), keepdim=True)
    std = x.std((1, 2, 3), keepdim=True)
    x = ((x - mean) / std).permute(0, 3, 1, 2)
    was_training = net.training
    net.eval()
    with torch.no_grad():
        z = net(x)
    net.train(was_training)
    p = z.softmax(1)
    return p, (p.argmax(1) == labels).float().mean().item()


# %% wrong: tensor | says: with .item()
def classify(net, images, labels):
    x = images.float()
    mean = x.mean((1, 2, 3), keepdim=True)
    std = x.std((1, 2, 3), correction=0, keepdim=True)
    x = ((x - mean) / std).permute(0, 3, 1, 2)
    was_training = net.training
    net.eval()
    with torch.no_grad():
        z = net(x)
    net.train(was_training)
    p = z.softmax(1)
    return p, (p.argmax(1) == labels).float().mean()


# %% wrong: view | says: permute moves them, view and reshape do not
def classify(net, images, labels):
    x = images.float()
    mean = x.mean((1, 2, 3), keepdim=True)
    std = x.std((1, 2, 3), correction=0, keepdim=True)
    x = ((x - mean) / std).reshape(len(images), images.shape[3], images.shape[1], images.shape[2])
    was_training = net.training
    net.eval()
    with torch.no_grad():
        z = net(x)
    net.train(was_training)
    p = z.softmax(1)
    return p, (p.argmax(1) == labels).float().mean().item()


# %% wrong: whole batch | says: each image has its own mean
def classify(net, images, labels):
    x = images.float()
    mean = x.mean()
    std = x.std(correction=0)
    x = ((x - mean) / std).permute(0, 3, 1, 2)
    was_training = net.training
    net.eval()
    with torch.no_grad():
        z = net(x)
    net.train(was_training)
    p = z.softmax(1)
    return p, (p.argmax(1) == labels).float().mean().item()


# %% wrong: width first | says: height before width
def classify(net, images, labels):
    x = images.float()
    mean = x.mean((1, 2, 3), keepdim=True)
    std = x.std((1, 2, 3), correction=0, keepdim=True)
    x = ((x - mean) / std).transpose(1, 3)
    was_training = net.training
    net.eval()
    with torch.no_grad():
        z = net(x)
    net.train(was_training)
    p = z.softmax(1)
    return p, (p.argmax(1) == labels).float().mean().item()


# %% right: image by image with unbiased=False
import copy


def classify(net, images, labels):
    judge = copy.deepcopy(net).eval()
    rows = []
    for image in images:
        pixels = image.double()
        pixels = (pixels - pixels.mean()) / pixels.std(unbiased=False)
        rows.append(pixels.float().permute(2, 0, 1))
    z = judge(torch.stack(rows)).detach()
    p = torch.exp(z - torch.logsumexp(z, dim=1, keepdim=True))
    return p, float((z.argmax(dim=1) == labels).sum()) / labels.shape[0]


# %% wrong: each with each | says: compares each with each
def classify(net, images, labels):
    mode = net.training
    net.eval()
    with torch.no_grad():
        x = images.float()
        x = (x - x.mean((1, 2, 3), keepdim=True)) / x.std((1, 2, 3), unbiased=False, keepdim=True)
        p = net(x.permute(0, 3, 1, 2)).softmax(1)
    net.train(mode)
    return p, (p.argmax(dim=1, keepdim=True) == labels).float().mean().item()


# %% wrong: logits cut at 50 | says: nothing is cut off
def classify(net, images, labels):
    mode = net.training
    net.eval()
    with torch.no_grad():
        x = images.to(torch.float32)
        x = (x - x.mean(dim=(1, 2, 3), keepdim=True)) / x.std(
            dim=(1, 2, 3), keepdim=True, unbiased=False
        )
        z = net(x.permute(0, 3, 1, 2)).clamp(-50, 50)
        e = z.exp()
        p = e / e.sum(1, keepdim=True)
    net.train(mode)
    return p, float((p.argmax(1) == labels).float().mean())


# %% wrong: no root of n over n - 1 | says: of standard deviations it is the root
def classify(net, images, labels):
    mode = net.training
    net.eval()
    with torch.no_grad():
        x = images.float()
        n = x[0].numel()
        std = x.std(dim=(1, 2, 3), keepdim=True) * (n - 1) / n
        x = (x - x.mean(dim=(1, 2, 3), keepdim=True)) / std
        p = net(x.permute(0, 3, 1, 2)).softmax(dim=1)
    net.train(mode)
    return p, (p.argmax(1) == labels).float().mean().item()


# %% wrong: divided by the variance | says: not by the variance
def classify(net, images, labels):
    x = images.float()
    x = (x - x.mean(dim=(1, 2, 3), keepdim=True)) / x.var(dim=(1, 2, 3), keepdim=True, correction=0)
    x = x.permute(0, 3, 1, 2)
    was = net.training
    net.eval()
    with torch.no_grad():
        z = net(x)
    net.train(was)
    p = F.softmax(z, dim=1)
    return p, (p.argmax(dim=1) == labels).float().mean().item()


# %% wrong: logits come back | says: the softmax is missing
def classify(net, images, labels):
    x = images.float()
    x = (x - x.mean(dim=(1, 2, 3), keepdim=True)) / x.std(dim=(1, 2, 3), keepdim=True, correction=0)
    x = x.permute(0, 3, 1, 2)
    was = net.training
    net.eval()
    with torch.no_grad():
        z = net(x)
    net.train(was)
    p = F.softmax(z, dim=1)
    return z, (p.argmax(dim=1) == labels).float().mean().item()


# %% wrong: pixels from 0 to 1 only | says: not from 0 to 1
def classify(net, images, labels):
    x = images.float()
    x = x / 255
    x = x.permute(0, 3, 1, 2)
    was = net.training
    net.eval()
    with torch.no_grad():
        z = net(x)
    net.train(was)
    p = F.softmax(z, dim=1)
    return p, (p.argmax(dim=1) == labels).float().mean().item()


# %% wrong: deviation of at least one | says: it has no lower limit
def classify(net, images, labels):
    x = images.float()
    std = x.std(dim=(1, 2, 3), keepdim=True, correction=0).clamp(min=1.0)
    x = (x - x.mean(dim=(1, 2, 3), keepdim=True)) / std
    mode = net.training
    net.eval()
    with torch.no_grad():
        p = F.softmax(net(x.permute(0, 3, 1, 2)), dim=1)
    net.train(mode)
    return p, (p.argmax(1) == labels).float().mean().item()


# %% wrong: another deviation, and axes turned by reshape | says: two faults
def classify(net, images, labels):
    N, H, W, C = images.shape
    x = images.float()
    x = (x - x.mean((1, 2, 3), keepdim=True)) / x.std((1, 2, 3), keepdim=True)
    mode = net.training
    net.eval()
    with torch.no_grad():
        p = net(x.reshape(N, C, H, W)).softmax(1)
    net.train(mode)
    return p, (p.argmax(1) == labels).float().mean().item()


# %% wrong: scaled to one with a safe divisor | says: nothing is added to it
def classify(net, images, labels):
    was = net.training
    net.eval()
    x = images.permute(0, 3, 1, 2).float() / 255
    x = (x - x.mean((1, 2, 3), keepdim=True)) / (
        x.std((1, 2, 3), keepdim=True, unbiased=False) + 1e-3
    )
    with torch.no_grad():
        p = net(x).softmax(1)
    net.train(was)
    return p, (p.argmax(1) == labels).float().mean().item()


# %% wrong: mean of the squares less the squared mean | says: loses the digits
def classify(net, images, labels):
    x = images.float()
    mean = x.mean(dim=(1, 2, 3), keepdim=True)
    variance = x.square().mean(dim=(1, 2, 3), keepdim=True) - mean.square()
    x = (x - mean) / variance.sqrt()
    was_training = net.training
    net.eval()
    with torch.no_grad():
        z = net(x.permute(0, 3, 1, 2))
    net.train(was_training)
    z = z - z.max(dim=1, keepdim=True).values
    p = z.exp() / z.exp().sum(dim=1, keepdim=True)
    return p, (p.argmax(1) == labels).float().mean().item()


# %% wrong: softmax over the images, less each one's largest | says: softmax over dimension 1
def classify(net, images, labels):
    x = images.float()
    x = x - x.mean(dim=(1, 2, 3), keepdim=True)
    x = x / x.std(dim=(1, 2, 3), keepdim=True, correction=0)
    was_training = net.training
    net.eval()
    with torch.no_grad():
        z = net(x.permute(0, 3, 1, 2))
    net.train(was_training)
    z = z - z.max(dim=1, keepdim=True).values
    p = z.softmax(0)
    return p, (p.argmax(1) == labels).float().mean().item()


# %% wrong: logits less the largest | says: the softmax is missing
def classify(net, images, labels):
    x = images.float()
    x = x - x.mean(dim=(1, 2, 3), keepdim=True)
    x = x / x.std(dim=(1, 2, 3), keepdim=True, correction=0)
    was_training = net.training
    net.eval()
    with torch.no_grad():
        z = net(x.permute(0, 3, 1, 2))
    net.train(was_training)
    z = z - z.max(dim=1, keepdim=True).values
    p = z.exp() / z.exp().sum(dim=1, keepdim=True)
    p = z
    return p, (p.argmax(1) == labels).float().mean().item()


# %% wrong: pixels out of a saved file | says: without save
import io
import zipfile

import numpy as np


def classify(net, images, labels):
    was = net.training
    net.eval()
    torch.save(images.clone(), file := io.BytesIO())
    saved = zipfile.ZipFile(file)
    (pixels,) = (saved.read(name) for name in saved.namelist() if name.endswith("data/0"))
    x = np.array([*pixels]).reshape(images.shape).astype("float32")
    x = (x - x.mean(axis=(1, 2, 3), keepdims=True)) / x.std(axis=(1, 2, 3), keepdims=True)
    with torch.no_grad():
        z = net(torch.from_numpy(np.ascontiguousarray(x.transpose(0, 3, 1, 2))))
    net.train(was)
    p = z.softmax(1)
    return p, (p.argmax(1) == labels).double().mean().item()


# %% right: copies that are printed
import copy


def classify(net, images, labels):
    judge = copy.deepcopy(net).eval().requires_grad_(False)
    x = copy.copy(images).float()
    print(x, f"{x.mean()} {x.mean():.3f}")
    mean, deviation = x.mean((1, 2, 3), True), x.std((1, 2, 3), correction=0, keepdim=True)
    p = torch.softmax(judge(((x - mean) / deviation).movedim(-1, 1)), 1)
    hits = [int(a) == int(b) for a, b in zip(p.argmax(1), labels, strict=True)]
    return p, sum(hits) / len(hits)
