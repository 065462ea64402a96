# %% right: incremental decoder
import codecs


def stream(tokens, pieces):
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    return [decoder.decode(pieces[n], final=k == len(tokens) - 1) for k, n in enumerate(tokens)]


# %% right: by the first byte
def stream(tokens, pieces):
    shown, waiting = [], b""
    for n in tokens:
        waiting, text = waiting + pieces[n], ""
        while waiting:
            first = waiting[0]
            size = 1 if first < 128 else 2 if first < 224 else 3 if first < 240 else 4
            if len(waiting) < size:
                break
            text, waiting = text + waiting[:size].decode(), waiting[size:]
        shown.append(text)
    if waiting:
        shown[-1] = shown[-1] + chr(0xFFFD)
    return shown


# %% right: whole decoded again, error's place
def stream(tokens, pieces):
    data, done, out = b"", 0, []
    for k, n in enumerate(tokens):
        data += pieces[n]
        try:
            text, end = data[done:].decode(), len(data)
        except UnicodeDecodeError as error:
            end = done + error.start
            text = data[done:end].decode()
        done = end
        out.append(text)
        if k == len(tokens) - 1 and done < len(data):
            out[-1] += "\N{REPLACEMENT CHARACTER}"
    return tuple(out)


# %% right: a generator
import codecs


def stream(tokens, pieces):
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for n in tokens[:-1]:
        yield decoder.decode(pieces[n])
    for n in tokens[-1:]:
        yield decoder.decode(pieces[n], True)


# %% wrong: token by token (exo#1691) | says: join their bytes
def stream(tokens, pieces):
    return [pieces[n].decode(errors="replace") for n in tokens]


# %% wrong: parts thrown away | says: must not be thrown away
def stream(tokens, pieces):
    return [pieces[n].decode(errors="ignore") for n in tokens]


# %% wrong: rest dropped | says: what is left of a character at the end
import codecs


def stream(tokens, pieces):
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    return [decoder.decode(pieces[n]) for n in tokens]


# %% wrong: one string more | says: in the last string
import codecs


def stream(tokens, pieces):
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    out = [decoder.decode(pieces[n]) for n in tokens]
    rest = decoder.decode(b"", True)
    return out + [rest] if rest else out


# %% wrong: waits for a sign of the text | says: only incomplete bytes wait
def stream(tokens, pieces):
    data, shown, out = b"", "", []
    for k, n in enumerate(tokens):
        data += pieces[n]
        text = data.decode(errors="replace")
        if text.endswith(chr(0xFFFD)) and k < len(tokens) - 1:
            out.append("")
        else:
            out.append(text[len(shown) :])
            shown = text
    return out


# %% wrong: all so far | says: each string is what is new
def stream(tokens, pieces):
    import codecs

    decoder, out, text = codecs.getincrementaldecoder("utf-8")("replace"), [], ""
    for k, n in enumerate(tokens):
        text += decoder.decode(pieces[n], k == len(tokens) - 1)
        out.append(text)
    return out


# %% wrong: latin 1 | says: a byte is no character
def stream(tokens, pieces):
    return [pieces[n].decode("latin-1") for n in tokens]


# %% wrong: empty strings left out | says: a string for every token
import codecs


def stream(tokens, pieces):
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    out = [decoder.decode(pieces[n], k == len(tokens) - 1) for k, n in enumerate(tokens)]
    return [text for text in out if text]


# %% wrong: one string | says: not the whole text
def stream(tokens, pieces):
    return b"".join(pieces[n] for n in tokens).decode(errors="replace")


# %% wrong: the rest is an error | says: Came:
def stream(tokens, pieces):
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")()
    return [decoder.decode(pieces[n], k == len(tokens) - 1) for k, n in enumerate(tokens)]


# %% wrong: no tokens fail | says: no tokens give no strings
import codecs


def stream(tokens, pieces):
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    out = [decoder.decode(pieces[n]) for n in tokens]
    out[-1] += decoder.decode(b"", True)
    return out


# %% wrong: every sign at the end waits | says: not every U+FFFD at the end
def stream(tokens: list[int], pieces: list[bytes]) -> list[str]:
    out, data, shown = [], b"", 0
    for i, n in enumerate(tokens):
        data += pieces[n]
        text = data.decode("utf-8", errors="replace")
        if i < len(tokens) - 1:
            text = text.rstrip("\ufffd")
        out.append(text[shown:])
        shown = max(shown, len(text))
    return out


# %% wrong: all or nothing | says: not only when all of it is whole
def stream(tokens: list[int], pieces: list[bytes]) -> list[str]:
    out, held = [], b""
    for n in tokens:
        held += pieces[n]
        try:
            out.append(held.decode("utf-8"))
            held = b""
        except UnicodeDecodeError:
            out.append("")
    if held:
        out[-1] = held.decode("utf-8", errors="replace")
    return out


# %% wrong: a sign for each byte | says: not one for each byte
def stream(tokens: list[int], pieces: list[bytes]) -> list[str]:
    out, rest = [], b""
    for n in tokens:
        rest += pieces[n]
        try:
            text, rest = rest.decode(), b""
        except UnicodeDecodeError as error:
            text, rest = rest[: error.start].decode(), rest[error.start :]
        out.append(text)
    if rest:
        out[-1] += "\ufffd" * len(rest)
    return out


# %% wrong: three bytes at most | says: up to four bytes
def stream(tokens: list[int], pieces: list[bytes]) -> list[str]:
    out, held = [], b""
    for n in tokens:
        held += pieces[n]
        shown = ""
        while held:
            size = 1 if held[0] < 0x80 else 2 if held[0] < 0xE0 else 3
            if len(held) < size:
                break
            shown += held[:size].decode(errors="replace")
            held = held[size:]
        out.append(shown)
    if held:
        out[-1] += "\ufffd"
    return out


# %% wrong: a token without bytes has no string | says: Expected:
def stream(tokens: list[int], pieces: list[bytes]) -> list[str]:
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    out = [decoder.decode(pieces[n]) for n in tokens if pieces[n]]
    if out:
        out[-1] += decoder.decode(b"", final=True)
    return out


# %% wrong: the sign too early | says: also if the last token has no bytes
def stream(tokens, pieces):
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    out, last = [], 0
    for i, t in enumerate(tokens):
        out.append(decoder.decode(pieces[t]))
        if pieces[t]:
            last = i
    rest = decoder.decode(b"", final=True)
    if rest:
        out[last] += rest
    return out


# %% wrong: looks two bytes back | says: up to three bytes may wait
def stream(tokens, pieces):
    buffer, out = b"", []
    for token in tokens:
        buffer += pieces[token]
        text = ""
        for cut in range(3):
            end = len(buffer) - cut
            if end < 0:
                break
            try:
                text = buffer[:end].decode("utf-8")
            except UnicodeDecodeError:
                continue
            buffer = buffer[end:]
            break
        out.append(text)
    if buffer and out:
        out[-1] += buffer.decode("utf-8", errors="replace")
    return out


# %% wrong: tokens without bytes are passed over | says: a string for every token
def stream(tokens: list[int], pieces: list[bytes]) -> list[str]:
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    shown = [decoder.decode(pieces[n]) for n in tokens if pieces[n]]
    if shown:
        shown[-1] += decoder.decode(b"", final=True)
    return shown


# %% wrong: no sign after a token without bytes | says: also if the last token has no bytes
def stream(tokens: list[int], pieces: list[bytes]) -> list[str]:
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    shown = [decoder.decode(pieces[n]) for n in tokens]
    if shown and pieces[tokens[-1]]:
        shown[-1] += decoder.decode(b"", final=True)
    return shown


# %% wrong: gives up after two bytes | says: up to three bytes may wait:
def stream(tokens: list[int], pieces: list[bytes]) -> list[str]:
    out, rest = [], b""
    for n in tokens:
        rest += pieces[n]
        for cut in (0, 1, 2):
            try:
                text = rest[: len(rest) - cut].decode("utf-8")
                break
            except UnicodeDecodeError:
                text, cut = None, 0
        if text is None:
            out.append(rest.decode("utf-8", errors="replace"))
            rest = b""
        else:
            out.append(text)
            rest = rest[len(rest) - cut :]
    if rest:
        out[-1] += "\ufffd"
    return out


# %% wrong: the sign is left out | says: may be in the text, and is shown
def stream(tokens: list[int], pieces: list[bytes]) -> list[str]:
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    shown = [decoder.decode(pieces[n]).replace("\ufffd", "") for n in tokens]
    if shown:
        shown[-1] += decoder.decode(b"", final=True)
    return shown


# %% wrong: ends by the last number | says: not wherever the last token
def stream(tokens: list[int], pieces: list[bytes]) -> list[str]:
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    return [decoder.decode(pieces[t], t == tokens[-1]) for t in tokens]


# %% wrong: signs taken out before the end | says: the sign may be in the text
def stream(tokens: list[int], pieces: list[bytes]) -> list[str]:
    result, before = [], ""
    for n in range(len(tokens)):
        data = b"".join([pieces[t] for t in tokens[: n + 1]])
        now = data.decode("utf-8", errors="replace")
        if n + 1 < len(tokens):
            now = now.replace("\ufffd", "")
        result.append(now[len(before) :])
        before = now
    return result


# %% wrong: a mark at the front left out | says: shown as they are
def stream(tokens: list[int], pieces: list[bytes]) -> list[str]:
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    end = len(tokens) - 1
    return [decoder.decode(pieces[t], i == end) for i, t in enumerate(tokens)]


# %% wrong: the sign replaces the last string | says: behind the last string's characters
def stream(tokens: list[int], pieces: list[bytes]) -> list[str]:
    rest, out = b"", []
    for n in tokens:
        rest += pieces[n]
        try:
            out.append(rest.decode("utf-8"))
            rest = b""
        except UnicodeDecodeError as error:
            out.append(rest[: error.start].decode("utf-8"))
            rest = rest[error.start :]
    if rest:
        out[-1] = "\ufffd"
    return out


# %% wrong: tokens without bytes are passed over, the last one too | says: also if the last token has no bytes
import codecs


def stream(tokens: list[int], pieces: list[bytes]) -> list[str]:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    out = []
    for i, token in enumerate(tokens):
        if not pieces[token]:
            out.append("")
            continue
        out.append(decoder.decode(pieces[token], i == len(tokens) - 1))
    return out


# %% wrong: the length by the first byte, three at most | says: before their character is whole
def stream(tokens: list[int], pieces: list[bytes]) -> list[str]:
    out, buffer = [], b""
    for n in tokens:
        buffer += pieces[n]
        text = ""
        while buffer:
            size = 1 if buffer[0] < 0x80 else 2 if buffer[0] < 0xE0 else 3
            if len(buffer) < size:
                break
            text += buffer[:size].decode("utf-8")
            buffer = buffer[size:]
        out.append(text)
    if buffer:
        out[-1] += "\ufffd"
    return out
