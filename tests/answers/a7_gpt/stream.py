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
