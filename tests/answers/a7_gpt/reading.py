# %% right: three texts, two ways
def test_reading(model, V, context):
    text = torch.randint(V, (3, context))
    whole = torch.cat([model(text[b : b + 1], None)[0] for b in range(3)])
    model(torch.randint(V, (3, context)), None)
    again, _ = model(text, None)
    assert torch.allclose(again, whole, atol=1e-3)
    for pieces in ((2, 3, context - 5), (3, 2, 2, context - 7)):
        cache, parts = None, []
        for part in text.split(pieces, 1):
            logits, cache = model(part, cache)
            parts.append(logits)
        assert torch.allclose(torch.cat(parts, 1), whole, atol=1e-3)


# %% right: each text by itself, and together
def test_reading(model, V, context):
    texts = torch.randint(V, (2, context))

    def read(text, size):
        out, cache = [], None
        for part in text.split(size, 1):
            logits, cache = model(part, cache)
            out.append(logits)
        return torch.cat(out, 1)

    for size in (2, 3):
        for rows in (texts, texts.flip(0)):
            at_once = read(rows, context)
            in_pieces = read(rows, size)
            alone = torch.cat([read(row[None], context) for row in rows])
            assert (at_once - in_pieces).abs().max() < 0.001
            assert (at_once - alone).abs().max() < 0.001


# %% right: random cuts
def test_reading(model, V, context):
    g = torch.Generator().manual_seed(0)
    for _ in range(12):
        text = torch.randint(V, (4, context), generator=g)
        whole = torch.stack([model(row[None])[0][0] for row in text])
        cuts = sorted(torch.randperm(context - 1, generator=g)[:3].add(1).tolist())
        cache = None
        for start, end in zip([0, *cuts], [*cuts, context]):
            logits, cache = model(text[:, start:end], cache)
            torch.testing.assert_close(logits, whole[:, start:end], atol=1e-3, rtol=1e-3)


# %% wrong: tokens one by one | says: Expected:
def test_reading(model, V, context):
    text = torch.randint(V, (1, context))
    whole, _ = model(text, None)
    _, cache = model(text[:, :3], None)
    for t in range(3, context):
        logits, cache = model(text[:, t : t + 1], cache)
        assert (logits[:, 0] - whole[:, t]).abs().max() < 1e-3


# %% wrong: only two pieces | says: more than two pieces
def test_reading(model, V, context):
    text = torch.randint(V, (3, context))
    whole, _ = model(text, None)
    model(torch.randint(V, (3, context)), None)
    again, _ = model(text, None)
    assert torch.allclose(again, whole, atol=1e-3)
    for pieces in ((2, context - 2), (5, context - 5)):
        cache, parts = None, []
        for part in text.split(pieces, 1):
            logits, cache = model(part, cache)
            parts.append(logits)
        assert torch.allclose(torch.cat(parts, 1), whole, atol=1e-3)


# %% wrong: one text | says: Expected:
def test_reading(model, V, context):
    text = torch.randint(V, (1, context))
    whole, _ = model(text, None)
    model(torch.randint(V, (1, context)), None)
    again, _ = model(text, None)
    assert torch.allclose(again, whole, atol=1e-3)
    for pieces in ((2, 3, context - 5), (3, 2, 2, context - 7)):
        cache, parts = None, []
        for part in text.split(pieces, 1):
            logits, cache = model(part, cache)
            parts.append(logits)
        assert torch.allclose(torch.cat(parts, 1), whole, atol=1e-3)


# %% wrong: the same text in all rows | says: several different texts
def test_reading(model, V, context):
    text = torch.randint(V, (1, context)).repeat(3, 1)
    whole, _ = model(text, None)
    model(torch.randint(V, (3, context)), None)
    again, _ = model(text, None)
    assert torch.allclose(again, whole, atol=1e-3)
    for pieces in ((2, 3, context - 5), (3, 2, 2, context - 7)):
        cache, parts = None, []
        for part in text.split(pieces, 1):
            logits, cache = model(part, cache)
            parts.append(logits)
        assert torch.allclose(torch.cat(parts, 1), whole, atol=1e-3)


# %% wrong: the last logits only | says: of all tokens
def test_reading(model, V, context):
    text = torch.randint(V, (3, context))
    whole, _ = model(text, None)
    model(torch.randint(V, (3, context)), None)
    again, _ = model(text, None)
    assert torch.allclose(again, whole, atol=1e-3)
    for pieces in ((2, 3, context - 5), (3, 2, 2, context - 7)):
        cache, parts = None, []
        for part in text.split(pieces, 1):
            logits, cache = model(part, cache)
            parts.append(logits)
        assert torch.allclose(parts[-1][:, -1], whole[:, -1], atol=1e-3)


# %% wrong: the first row only | says: Expected:
def test_reading(model, V, context):
    text = torch.randint(V, (3, context))
    whole, _ = model(text, None)
    model(torch.randint(V, (3, context)), None)
    again, _ = model(text, None)
    assert torch.allclose(again, whole, atol=1e-3)
    for pieces in ((2, 3, context - 5), (3, 2, 2, context - 7)):
        cache, parts = None, []
        for part in text.split(pieces, 1):
            logits, cache = model(part, cache)
            parts.append(logits)
        assert torch.allclose(torch.cat(parts, 1)[0], whole[0], atol=1e-3)


# %% wrong: exactly equal | says: no error
def test_reading(model, V, context):
    text = torch.randint(V, (3, context))
    whole, _ = model(text, None)
    model(torch.randint(V, (3, context)), None)
    again, _ = model(text, None)
    assert torch.allclose(again, whole, atol=1e-3)
    for pieces in ((2, 3, context - 5), (3, 2, 2, context - 7)):
        cache, parts = None, []
        for part in text.split(pieces, 1):
            logits, cache = model(part, cache)
            parts.append(logits)
        assert torch.equal(torch.cat(parts, 1), whole)


# %% wrong: shapes only | says: no error
def test_reading(model, V, context):
    text = torch.randint(V, (3, context))
    whole, _ = model(text, None)
    model(torch.randint(V, (3, context)), None)
    again, _ = model(text, None)
    assert torch.allclose(again, whole, atol=1e-3)
    for pieces in ((2, 3, context - 5), (3, 2, 2, context - 7)):
        cache, parts = None, []
        for part in text.split(pieces, 1):
            logits, cache = model(part, cache)
            parts.append(logits)
        assert torch.cat(parts, 1).shape == whole.shape


# %% wrong: a whole text is never read | says: Expected:
def test_reading(model, V, context):
    text = torch.randint(V, (3, context))

    def read(pieces):
        cache, parts = None, []
        for part in text.split(pieces, 1):
            logits, cache = model(part, cache)
            parts.append(logits)
        return torch.cat(parts, 1)

    first = read((2, 3, context - 5))
    assert torch.allclose(read((2, 3, context - 5)), first, atol=1e-3)


# %% wrong: too many tokens | says: more than the context
def test_reading(model, V, context):
    context += 2
    text = torch.randint(V, (3, context))
    whole, _ = model(text, None)
    model(torch.randint(V, (3, context)), None)
    again, _ = model(text, None)
    assert torch.allclose(again, whole, atol=1e-3)
    for pieces in ((2, 3, context - 5), (3, 2, 2, context - 7)):
        cache, parts = None, []
        for part in text.split(pieces, 1):
            logits, cache = model(part, cache)
            parts.append(logits)
        assert torch.allclose(torch.cat(parts, 1), whole, atol=1e-3)


# %% wrong: left blank | says: still to be written
def test_reading(model, V, context):
    raise NotImplementedError()


# %% wrong: the cache of the prompt each time | says: even a right model without any rounding
def test_reading(model, V: int, context: int) -> None:
    g = torch.Generator().manual_seed(9)
    texts = torch.randint(0, V, (2, 8), generator=g)
    whole = torch.cat([model(texts[b : b + 1], None)[0] for b in range(2)])
    _, cache = model(texts[:, :2], None)
    for at in (2, 4, 6):
        logits, _ = model(texts[:, at : at + 2], cache)
        torch.testing.assert_close(logits, whole[:, at : at + 2], rtol=0, atol=2e-3)


# %% wrong: says it, does not raise it | says: does it assert anything
def test_reading(model, V: int, context: int) -> None:
    g = torch.Generator().manual_seed(9)
    for B in (1, 2, 3):
        texts = torch.randint(0, V, (B, context), generator=g)
        whole = torch.cat([model(texts[b : b + 1], None)[0] for b in range(B)])
        cache = None
        for at in range(0, context, 3):
            logits, cache = model(texts[:, at : at + 3], cache)
            if not torch.allclose(logits, whole[:, at : at + 3], rtol=0, atol=2e-3):
                print("the cache is wrong at", at)


# %% wrong: one cache for three texts | says: as many texts as it holds
def test_reading(model, V: int, context: int) -> None:
    g = torch.Generator().manual_seed(9)
    prompt = torch.randint(0, V, (1, 3), generator=g)
    more = torch.randint(0, V, (3, 4), generator=g)
    whole = torch.cat([model(torch.cat([prompt, m[None]], 1), None)[0] for m in more])
    _, cache = model(prompt, None)
    logits, _ = model(more, cache)
    torch.testing.assert_close(logits, whole[:, 3:], rtol=0, atol=2e-3)


# %% wrong: a generator | says: it gives a generator
def test_reading(model, V, context):
    torch.manual_seed(0)
    for B in (1, 2, 3):
        tokens = torch.randint(V, (B, context))
        expected = torch.cat([model(tokens[b][None], None)[0] for b in range(B)])
        for a in range(1, context - 2, 3):
            x, cache = model(tokens[:, :a], None)
            y, cache = model(tokens[:, a : a + 2], cache)
            z, cache = model(tokens[:, a + 2 :], cache)
            assert (torch.cat([x, y, z], 1) - expected).abs().max() < 1e-3
        yield B


# %% wrong: asks for other logits | says: is the test turned round
def test_reading(model, V: int, context: int) -> None:
    torch.manual_seed(0)
    for trial in range(40):
        B = 1 + trial % 3
        text = torch.randint(V, (B, context))
        alone = torch.cat([model(text[b : b + 1], None)[0] for b in range(B)])
        at, cache = 0, None
        while at < context:
            n = min(2 + (trial + at) % 5, context - at)
            logits, cache = model(text[:, at : at + n], cache)
            assert (logits - alone[:, at : at + n]).abs().max() > 0.01
            at += n


# %% wrong: an assert of a whole tensor | says: one truth value
def test_reading(model, V: int, context: int) -> None:
    torch.manual_seed(0)
    for trial in range(40):
        B = 1 + trial % 3
        text = torch.randint(V, (B, context))
        alone = torch.cat([model(text[b : b + 1], None)[0] for b in range(B)])
        at, cache = 0, None
        while at < context:
            n = min(2 + (trial + at) % 5, context - at)
            logits, cache = model(text[:, at : at + n], cache)
            assert (logits - alone[:, at : at + n]).abs() < 0.002
            at += n


# %% wrong: empties the cache | says: of the cache nothing is known
def test_reading(model, V: int, context: int) -> None:
    torch.manual_seed(0)
    for trial in range(40):
        B = 1 + trial % 3
        text = torch.randint(V, (B, context))
        alone = torch.cat([model(text[b : b + 1], None)[0] for b in range(B)])
        at, cache = 0, None
        while at < context:
            n = min(2 + (trial + at) % 5, context - at)
            if cache is not None:
                cache.clear()
            logits, cache = model(text[:, at : at + n], cache)
            torch.testing.assert_close(logits, alone[:, at : at + n], rtol=0, atol=0.002)
            at += n


# %% wrong: an empty piece among the pieces | says: T is at least 1
def test_reading(model, V: int, context: int) -> None:
    torch.manual_seed(0)
    for _ in range(60):
        tokens = torch.randint(V, (3, context))
        whole, _ = model(tokens, None)
        cuts = sorted(torch.randint(0, context + 1, (3,)).tolist())
        parts, cache = [], None
        for a, b in zip([0, *cuts], [*cuts, context]):
            logits, cache = model(tokens[:, a:b], cache)
            parts.append(logits)
        assert (torch.cat(parts, 1) - whole).abs().max() < 1e-3


# %% wrong: the cache of three texts for one | says: as many texts as it holds
def test_reading(model, V: int, context: int) -> None:
    torch.manual_seed(0)
    half = context // 2
    for _ in range(20):
        tokens = torch.randint(V, (3, context))
        whole, _ = model(tokens, None)
        _, cache = model(tokens[:, :half], None)
        for b in range(3):
            logits, _ = model(tokens[b : b + 1, half:], cache)
            assert (logits[0] - whole[b, half:]).abs().max() < 1e-3


# %% wrong: the batch is its own reference | says: each of them alone
def test_reading(model, V: int, context: int) -> None:
    torch.manual_seed(0)
    texts = torch.randint(V, (4, context))
    whole, _ = model(texts, None)
    for cuts in (
        [2, 3, context - 5],
        [1, 4, 2, context - 7],
        [context // 2, context - context // 2],
    ):
        cache, parts = None, []
        for piece in texts.split(cuts, 1):
            logits, cache = model(piece, cache)
            parts.append(logits)
        torch.testing.assert_close(torch.cat(parts, 1), whole, atol=1e-3, rtol=0)


# %% wrong: rows shuffled between pieces | says: with the same texts in the same rows
def test_reading(model, V: int, context: int) -> None:
    torch.manual_seed(0)
    texts = torch.randint(V, (3, context))
    alone = torch.cat([model(t[None], None)[0] for t in texts])
    _, cache = model(texts[:, :3], None)
    for order in ([0, 1, 2], [2, 1, 0]):
        logits, _ = model(texts[order, 3:], cache)
        assert (logits - alone[order, 3:]).abs().max() < 1e-3
