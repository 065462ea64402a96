# %% right: assert_close
def test_writing(model, V, context):
    for prompt in (1, 3):
        text = torch.randint(V, (1, context))
        whole, _ = model(text, None)
        _, cache = model(text[:, :prompt], None)
        for t in range(prompt, context):
            logits, cache = model(text[:, t : t + 1], cache)
            torch.testing.assert_close(logits[:, 0], whole[:, t], atol=1e-3, rtol=0)


# %% right: collected, then compared
def test_writing(model, V, context):
    generator = torch.Generator().manual_seed(3)
    for prompt in range(1, context - 1):
        text = torch.randint(0, V, (1, context), generator=generator)
        out, cache = model(text[:, :prompt])
        parts = [out]
        for token in text[:, prompt:].unbind(1):
            out, cache = model(token[:, None], cache=cache)
            parts.append(out)
        assert torch.allclose(torch.cat(parts, 1), model(text)[0], atol=5e-4), prompt


# %% right: each beginning read at once
def test_writing(model, V, context):
    for prompt in (1, 2, 6):
        text = torch.arange(context)[None] ** 2 % V
        logits, cache = model(text[:, :prompt], None)
        for end in range(prompt + 1, context + 1):
            logits, cache = model(text[:, end - 1 : end], cache)
            fresh, _ = model(text[:, :end], None)
            difference = (logits[0, -1] - fresh[0, -1]).abs().max().item()
            if difference > 0.002:
                raise AssertionError(f"prompt of {prompt}, token {end}: {difference}")


# %% right: numpy
def test_writing(model, V, context):
    for prompt in (1, 3):
        text = torch.randint(V, (1, context))
        whole, _ = model(text, None)
        _, cache = model(text[:, :prompt], None)
        for t in range(prompt, context):
            logits, cache = model(text[:, t : t + 1], cache)
            np.testing.assert_allclose(logits[:, 0].numpy(), whole[:, t].numpy(), atol=1e-3)


# %% wrong: only one token after the prompt | says: go on for several tokens
def test_writing(model, V, context):
    for prompt in (1, 3):
        text = torch.randint(V, (1, prompt + 1))
        whole, _ = model(text, None)
        _, cache = model(text[:, :prompt], None)
        logits, _ = model(text[:, prompt:], cache)
        assert (logits[:, -1] - whole[:, -1]).abs().max() < 1e-3


# %% wrong: the likeliest token only | says: not the likeliest token
def test_writing(model, V, context):
    for prompt in (1, 3):
        text = torch.randint(V, (1, context))
        whole, _ = model(text, None)
        _, cache = model(text[:, :prompt], None)
        for t in range(prompt, context):
            logits, cache = model(text[:, t : t + 1], cache)
            assert logits[0, 0].argmax() == whole[0, t].argmax()


# %% wrong: only a long prompt | says: a prompt of a single token too
def test_writing(model, V, context):
    for prompt in (4,):
        text = torch.randint(V, (1, context))
        whole, _ = model(text, None)
        _, cache = model(text[:, :prompt], None)
        for t in range(prompt, context):
            logits, cache = model(text[:, t : t + 1], cache)
            torch.testing.assert_close(logits[:, 0], whole[:, t], atol=1e-3, rtol=0)


# %% wrong: a short text | says: until the context is full
def test_writing(model, V, context):
    for prompt in (1, 2):
        context = min(context, 4)
        text = torch.randint(V, (1, context))
        whole, _ = model(text, None)
        _, cache = model(text[:, :prompt], None)
        for t in range(prompt, context):
            logits, cache = model(text[:, t : t + 1], cache)
            torch.testing.assert_close(logits[:, 0], whole[:, t], atol=1e-3, rtol=0)


# %% wrong: exactly equal | says: no error
def test_writing(model, V, context):
    for prompt in (1, 3):
        text = torch.randint(V, (1, context))
        whole, _ = model(text, None)
        _, cache = model(text[:, :prompt], None)
        for t in range(prompt, context):
            logits, cache = model(text[:, t : t + 1], cache)
            assert torch.equal(logits[:, 0], whole[:, t])


# %% wrong: float32 wanted | says: no error
def test_writing(model, V, context):
    for prompt in (1, 3):
        text = torch.randint(V, (1, context))
        whole, _ = model(text, None)
        _, cache = model(text[:, :prompt], None)
        for t in range(prompt, context):
            logits, cache = model(text[:, t : t + 1], cache)
            assert logits.dtype == torch.float32
            torch.testing.assert_close(logits[:, 0], whole[:, t], atol=1e-3, rtol=0)


# %% wrong: a context of its own | says: until the context is full
def test_writing(model, V, context):
    for prompt in (1, 3):
        context = 12
        text = torch.randint(V, (1, context))
        whole, _ = model(text, None)
        _, cache = model(text[:, :prompt], None)
        for t in range(prompt, context):
            logits, cache = model(text[:, t : t + 1], cache)
            torch.testing.assert_close(logits[:, 0], whole[:, t], atol=1e-3, rtol=0)


# %% wrong: returns what it found | says: it returns nothing
def test_writing(model, V, context):
    for prompt in (1, 3):
        text = torch.randint(V, (1, context))
        whole, _ = model(text, None)
        _, cache = model(text[:, :prompt], None)
        for t in range(prompt, context):
            logits, cache = model(text[:, t : t + 1], cache)
            if (logits[:, 0] - whole[:, t]).abs().max() > 1e-3:
                return False
    return True


# %% wrong: never complains | says: no error
def test_writing(model, V, context):
    model(torch.zeros(1, 3, dtype=torch.int64), None)


# %% wrong: always complains | says: no error
def test_writing(model, V, context):
    raise AssertionError


# %% wrong: another error | says: Came:
def test_writing(model, V, context):
    for prompt in (1, 3):
        text = torch.randint(V, (1, context))
        whole, _ = model(text, None)
        _, cache = model(text[:, :prompt], None)
        for t in range(prompt, context):
            logits, cache = model(text[:, t : t + 1], cache)
            if (logits[:, 0] - whole[:, t]).abs().max() > 1e-3:
                raise ValueError("wrong")


# %% wrong: a loose tolerance | says: compare
def test_writing(model, V, context):
    for prompt in (1, 3):
        text = torch.randint(V, (1, context))
        whole, _ = model(text, None)
        _, cache = model(text[:, :prompt], None)
        for t in range(prompt, context):
            logits, cache = model(text[:, t : t + 1], cache)
            torch.testing.assert_close(logits[:, 0], whole[:, t], atol=1.0, rtol=0)


# %% wrong: left blank | says: still to be written
def test_writing(model, V, context):
    raise NotImplementedError()


# %% wrong: the cache against itself | says: no text is read at once
def test_writing(model, V: int, context: int) -> None:
    g = torch.Generator().manual_seed(7)
    for p in (1, 3, context // 2):
        text = torch.randint(0, V, (1, context), generator=g)
        _, cache = model(text[:, :p], None)
        for i in range(p, context):
            first, later = model(text[:, i : i + 1], cache)
            again, _ = model(text[:, i : i + 1], cache)
            torch.testing.assert_close(first, again, rtol=0, atol=2e-3)
            cache = later


# %% wrong: beyond the context | says: those in the cache included
def test_writing(model, V: int, context: int) -> None:
    g = torch.Generator().manual_seed(7)
    for p in (1, 3, context // 2):
        text = torch.randint(0, V, (1, context + 4), generator=g)
        full = model(text, None)[0]
        _, cache = model(text[:, :p], None)
        for i in range(p, context + 4):
            logits, cache = model(text[:, i : i + 1], cache)
            torch.testing.assert_close(logits[:, 0], full[:, i], rtol=0, atol=2e-3)


# %% wrong: the mean of all gaps | says: no mean of them
def test_writing(model, V: int, context: int) -> None:
    gaps = []
    for prompt in (1, 2, 5):
        text = torch.randint(V, (1, context))
        whole, _ = model(text, None)
        _, cache = model(text[:, :prompt], None)
        for t in range(prompt, context):
            logits, cache = model(text[:, t : t + 1], cache)
            gaps.append((logits[:, 0] - whole[:, t]).abs().mean())
    assert torch.stack(gaps).mean() < 0.01


# %% right: two continuations of every cache, NumPy
def test_writing(model, V: int, context: int) -> None:
    draw = np.random.default_rng(0)
    for prompt in range(1, min(context, 9)):
        text = torch.tensor(draw.integers(V, size=(1, context)))
        whole = model(text, None)[0].double().numpy()
        cache = model(text[:, :prompt], cache=None)[1]
        for t in range(prompt, context):
            model(torch.zeros(1, 1, dtype=torch.int64), cache)
            logits, cache = model(text[:, t][:, None], cache)
            np.testing.assert_allclose(logits[:, 0].double().numpy(), whole[:, t], atol=1e-3)


# %% wrong: thousands of calls | says: at most 1,000 calls
def test_writing(model, V, context):
    for seed in range(16):
        tokens = torch.randint(V, (1, context), generator=torch.Generator().manual_seed(seed))
        for prompt in range(1, context):
            _, cache = model(tokens[:, :prompt], None)
            for t in range(prompt, context):
                step, cache = model(tokens[:, t : t + 1], cache)
                full, _ = model(tokens[:, : t + 1], None)
                assert (step[:, -1] - full[:, -1]).abs().max() < 1e-3


# %% wrong: looks into the cache | says: of the cache nothing is known
def test_writing(model, V: int, context: int) -> None:
    torch.manual_seed(0)
    text = torch.randint(V, (2, context))
    full, _ = model(text, None)
    for p in range(1, context, max(1, context // 12)):
        _, cache = model(text[:, :p], None)
        assert cache[0][0].shape[2] == p
        for t in range(p, context):
            logits, cache = model(text[:, t : t + 1], cache)
            torch.testing.assert_close(logits, full[:, t : t + 1], rtol=0, atol=0.002)


# %% wrong: the whole text over the cache | says: only the new tokens
def test_writing(model, V: int, context: int) -> None:
    torch.manual_seed(0)
    text = torch.randint(V, (2, context))
    full, _ = model(text, None)
    for p in range(1, context, max(1, context // 12)):
        _, cache = model(text[:, :p], None)
        for t in range(p, context):
            logits, cache = model(text[:, : t + 1], cache)
            torch.testing.assert_close(logits[:, -1:], full[:, t : t + 1], rtol=0, atol=0.002)


# %% wrong: a tolerance of 100 | says: is its tolerance below 0.01
def test_writing(model, V: int, context: int) -> None:
    torch.manual_seed(0)
    text = torch.randint(V, (2, context))
    full, _ = model(text, None)
    for p in range(1, context, max(1, context // 12)):
        _, cache = model(text[:, :p], None)
        for t in range(p, context):
            logits, cache = model(text[:, t : t + 1], cache)
            torch.testing.assert_close(logits, full[:, t : t + 1], rtol=0, atol=100.0)


# %% wrong: a ValueError | says: only an AssertionError says
def test_writing(model, V: int, context: int) -> None:
    torch.manual_seed(0)
    text = torch.randint(V, (2, context))
    full, _ = model(text, None)
    for p in range(1, context, max(1, context // 12)):
        _, cache = model(text[:, :p], None)
        for t in range(p, context):
            logits, cache = model(text[:, t : t + 1], cache)
            if (logits - full[:, t : t + 1]).abs().max() > 0.002:
                raise ValueError("wrong")


# %% wrong: greedy texts compared | says: not the likeliest token
def test_writing(model, V: int, context: int) -> None:
    torch.manual_seed(0)
    for P in range(1, context):
        text = torch.randint(V, (1, P))
        logits, cache = model(text, None)
        for _ in range(P, context):
            token = logits[:, -1].argmax(-1, keepdim=True)
            anew = model(text, None)[0][:, -1].argmax(-1, keepdim=True)
            assert torch.equal(token, anew), f"another text after a prompt of {P}"
            text = torch.cat([text, token], 1)
            logits, cache = model(token, cache)


# %% wrong: signed differences averaged over all | says: differences of both signs cancel
def test_writing(model, V: int, context: int) -> None:
    torch.manual_seed(0)
    tokens = torch.randint(V, (8, context))
    whole, _ = model(tokens, None)
    differences = []
    for prompt in range(1, context):
        logits, cache = model(tokens[:, :prompt], None)
        for i in range(prompt, context):
            logits, cache = model(tokens[:, i : i + 1], cache)
            differences.append((logits[:, 0] - whole[:, i]).mean().item())
    assert abs(np.mean(differences)) < 0.01


# %% wrong: from the first token on, no other prompt | says: try a prompt of several tokens
def test_writing(model, V, context):
    text = torch.randint(V, (2, context))
    whole, _ = model(text, None)
    cache = None
    for t in range(context):
        logits, cache = model(text[:, t : t + 1], cache)
        assert (logits[:, 0] - whole[:, t]).abs().max() < 1e-3
