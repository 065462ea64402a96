"""Item 13: names and years, as the shelf has them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from checks.calls import item
from checks.compare import begun, fail, kind
from checks.values import as_number

AUTHORS = set(  # those on the shelf; Fei-Fei is Li
    "alahi bengio bethge bottou chang chintala cummins devlin ecker elman fukushima gatys gers "
    "goodfellow graves haffner he hochreiter johnson karpathy lecun lee li metz radford ren "
    "schmidhuber sun szegedy toutanova vaswani zhang".split()
)


def family(name: str) -> str:
    """The family name, with or without first names, in small letters; Li and Fei-Fei are one."""
    words = name.replace(",", " , ").split()
    words = words[: words.index(",")] if "," in words else words
    last = [word.strip(".").casefold() for word in words]
    return "li" if {"fei-fei", "li"} & set(last) else last[-1] if last else ""


def source(came, names: int | None, tried: str, form: str) -> tuple[list[str], int]:
    """The family names and the year; fails unless that is what came."""
    if came is None or came is Ellipsis:
        fail(tried, form, repr(came), "still to be answered")
    parts = list(came) if isinstance(came, list | tuple) else []
    year = as_number(parts[-1]) if parts else None
    named = all(isinstance(part, str) for part in parts[:-1])
    if len(parts) < 2 or not named or (names and len(parts) != names + 1):
        one = names and named and len(parts) > names + 1
        first = len(parts) > 1 and as_number(parts[0]) is not None
        likely = "the year comes last" if first else "the first author alone" * bool(one)
        if parts and isinstance(parts[0], list | tuple):
            likely = "names and year in one tuple, without another inside it"
        fail(tried, form, repr(came), likely)
    for name in parts[:-1]:
        if re.search(r"\bal\b|\bothers\b", name):
            fail(tried, form, repr(came), "names alone: no 'et al.'")
        words = {"li" if w == "fei-fei" else w for w in re.findall(r"[\w-]+", name.casefold())}
        if len(words & AUTHORS) > 1:
            fail(tried, form, repr(came), "one author in each name")
    if year is None:
        likely = "the year is a whole number" if isinstance(parts[-1], str) else ""
        fail(tried, form, repr(came), likely)
    return [family(part) for part in parts[:-1]], year


def check_shelf_form(answers, title: str, keys: int, names: int | None, form: str) -> None:
    begun(answers, title)
    if not isinstance(answers, Mapping) or len(answers) != keys:
        fail(title, f"the dict given above, with its {keys} keys", kind(answers))
    for name, came in answers.items():
        source(came, names, f"{title}[{name!r}]", form)


@item("Item 13, nets")
def check_nets_form(nets) -> None:
    """Five pairs of a name and a year."""
    check_shelf_form(nets, "nets", 5, 1, 'a pair such as ("Elman", 1990)')


@item("Item 13, people")
def check_people_form(people) -> None:
    """Five sources, each with all names and the year."""
    check_shelf_form(people, "people", 5, None, 'such as ("Bengio", "LeCun", 2007)')


def check_sources(answers, title: str, right: Mapping, names: int | None, expected: str) -> None:
    """right: the names, the year, and what is told of these sources taken for it."""
    for name, (who, year, taken) in right.items():
        tried = f"{title}[{name!r}]"
        came = source(answers.get(name), names, tried, expected)
        if sorted(came[0]) != sorted(who) or came[1] != year:
            if set(came[0]) < set(who) and len(set(came[0])) == len(came[0]) and came[1] == year:
                fail(
                    tried, expected, repr(answers.get(name)), "a name is missing: all are asked for"
                )
            likely = [told for other, told in taken.items() if other in (*came[0], came[1])]
            if len(set(came[0])) < len(came[0]):
                likely = ["one person stands there twice (Fei-Fei is Li)"]
            unknown = sorted(set(came[0]) - AUTHORS)
            if not likely and unknown:
                likely = [f"no such family name on the shelf: {unknown[0]}"]
            elif not likely and set(came[0]) < set(who):
                likely = ["a name is missing, and the year is not the shelf's"]
            elif not likely and set(came[0]) > set(who):
                likely = ["a name too many" + ", and another year" * (came[1] != year)]
            elif not likely and came[1] == year:
                likely = ["the year is right"]
            elif not likely and sorted(came[0]) == sorted(who):
                likely = ["the names are right, the year is not"]
            fail(tried, expected, repr(answers.get(name)), likely[0] if len(likely) == 1 else "")


@item("Item 13, nets")
def check_nets(nets, right: Mapping) -> None:
    """First authors and years."""
    check_sources(nets, "nets", right, 1, "first author and year of the first source on the shelf")


@item("Item 13, people")
def check_people(people, right: Mapping) -> None:
    """All names and years."""
    check_sources(people, "people", right, None, "all names and the year")
