"""Image sets that need no download: handwritten digits, and glyphs drawn from fonts."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from helpers.data.images import Dataset, fields

# in the source, the first images of the tenth and of the twelfth form, which begin with 0 to 9
_VAL, _TEST = 1157, 1415


def digits(validation: bool = False) -> Dataset:
    """1,797 handwritten digits, 8x8, from scikit-learn: 1,297 to train on, 500 to test, mixed.

    validation: split by forms instead, 1,157 to train on, 258 to validate, 382 to test. Thirteen
    people wrote them. The source does not say who wrote which, but its order shows fourteen forms
    one after another, which are kept whole (whoever filled in two may be in two parts).
    """
    from sklearn.datasets import load_digits

    bunch = load_digits()
    images = np.round(bunch.images * (255 / 16)).astype(np.uint8)  # values 0 to 16
    order = np.arange(len(images))
    cuts = {"train": slice(_VAL), "val": slice(_VAL, _TEST), "test": slice(_TEST, None)}
    if not validation:
        order = np.random.default_rng(0).permutation(len(images))
        cuts = {"train": slice(-500), "test": slice(-500, None)}
    x = torch.from_numpy(images[order]).unsqueeze(1)  # (N, 1, 8, 8)
    y = torch.from_numpy(bunch.target[order].astype(np.int64))
    return Dataset(
        name="digits",
        **fields({part: (x[cut], y[cut]) for part, cut in cuts.items()}),
        classes=tuple("0123456789"),
        source="Alpaydin and Kaynak 1998, UCI, as bundled with scikit-learn",
        licence="CC BY 4.0",
    )


def glyphs(
    characters: str = "0123456789",
    train_size: int = 10_000,
    test_size: int = 2_000,
    seed: int = 0,
    validation: bool = False,
) -> Dataset:
    """Characters 28x28 drawn from the fonts that matplotlib ships, in varied size, slant, place.

    Every fourth font is held out: the test images come from fonts that no training image used.
    validation: every fourth of the other fonts is held out too, for as many images as the test.
    """
    in_all_fonts = characters.isascii() and characters.isalnum()
    if not in_all_fonts or len(set(characters)) != len(characters):
        raise ValueError("characters must be different ASCII letters and digits, as in 'ABC'")
    fonts = _fonts()
    test_fonts = fonts[::4]
    train_fonts = [font for font in fonts if font not in test_fonts]
    val_fonts = train_fonts[::4] if validation else []
    train_fonts = [font for font in train_fonts if font not in val_fonts]
    rng = np.random.default_rng(seed)
    parts = {"train": (train_fonts, train_size), "test": (test_fonts, test_size)}
    parts |= {"val": (val_fonts, test_size)} if validation else {}
    drawn = {part: _draw_glyphs(characters, *one, rng) for part, one in parts.items()}
    return Dataset(
        name="glyphs",
        **fields(drawn),
        classes=tuple(characters),
        source="drawn here from the DejaVu, STIX and Computer Modern fonts shipped by matplotlib",
        licence="CC BY 4.0 (the images); the fonts have their own free licences",
    )


def _fonts() -> list[Path]:
    """The text fonts of matplotlib that hold every ASCII letter and digit, in a fixed order."""
    import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    text = ("DejaVuSans", "DejaVuSerif", "STIXGeneral", "cmb10", "cmr10", "cmss10", "cmtt10")
    wanted = [p for p in sorted(folder.glob("*.ttf")) if p.stem.startswith(text)]
    return [p for p in wanted if "Display" not in p.stem]


def _draw_glyphs(
    characters: str, fonts: list[Path], count: int, rng: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """`count` images uint8 `(N, 1, 28, 28)` with labels; classes and fonts in equal shares."""
    from PIL import Image, ImageDraw, ImageFont

    side = 28
    sizes = range(16, 25)
    loaded = [[ImageFont.truetype(str(path), size) for size in sizes] for path in fonts]
    labels = rng.permutation(np.arange(count) % len(characters))
    which_font = rng.permutation(np.arange(count) % len(fonts))
    which_size = rng.integers(len(sizes), size=count)
    slants = rng.uniform(-0.25, 0.25, size=count)
    shifts = rng.uniform(-2.5, 2.5, size=(count, 2))
    images = np.empty((count, 1, side, side), np.uint8)
    for i in range(count):
        page = Image.new("L", (side, side))
        font = loaded[which_font[i]][which_size[i]]
        middle = (side / 2 + shifts[i, 0], side / 2 + shifts[i, 1])
        ImageDraw.Draw(page).text(middle, characters[labels[i]], 255, font=font, anchor="mm")
        # slant about the middle row: x_source = x + slant * (y - 14)
        shear = (1, slants[i], -slants[i] * side / 2, 0, 1, 0)
        size, affine, bilinear = page.size, Image.Transform.AFFINE, Image.Resampling.BILINEAR
        images[i, 0] = np.asarray(page.transform(size, affine, shear, bilinear))
    return torch.from_numpy(images), torch.from_numpy(labels.astype(np.int64))
