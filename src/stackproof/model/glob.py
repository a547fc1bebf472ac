"""Shell patterns of `*` and `?` against a text, without backtracking: the ends at which a pattern can stop."""

_MOST = 4_000_000  # steps; patterns and values of real files need a few hundred


def ends(pattern: str, text: str, start: int = 0) -> list[int]:
    """Every position at which `pattern`, begun at `start`, can stop, ascending. Raises ValueError if too long."""
    if len(pattern) * (len(text) - start + 1) > _MOST:
        raise ValueError("the pattern and the value are too long")
    reached = {start}
    for kind, letter in tokens(pattern):
        reached = _step(reached, kind, letter, text)
    return sorted(reached)


def tokens(pattern: str) -> list[tuple[str, str]]:
    """Kind ("*", "?" or "" for itself) and letter; a backslash takes the letter behind it as it is."""
    found: list[tuple[str, str]] = []
    letters = iter(pattern)
    for letter in letters:
        if letter == "\\":
            found.append(("", next(letters, "\\")))
        else:
            found.append((letter if letter in "*?" else "", letter))
    return found


def _step(reached: set[int], kind: str, letter: str, text: str) -> set[int]:
    if kind == "*":
        return set(range(min(reached), len(text) + 1)) if reached else reached
    return {at + 1 for at in reached if at < len(text) and (kind == "?" or text[at] == letter)}


def cut_front(pattern: str, text: str, *, longest: bool) -> str:
    found = ends(pattern, text)
    return text[found[-1 if longest else 0] :] if found else text


def cut_back(pattern: str, text: str, *, longest: bool) -> str:
    mirrored = "".join(kind or f"\\{letter}" for kind, letter in reversed(tokens(pattern)))
    return cut_front(mirrored, text[::-1], longest=longest)[::-1]


def replace(pattern: str, by: str, text: str, *, everywhere: bool) -> str:
    """The first longest match, or all of them from left to right."""
    if len(pattern) * len(text) ** 2 > _MOST:
        raise ValueError("the pattern and the value are too long")
    parts: list[str] = []
    at = 0
    while at <= len(text):
        found = ends(pattern, text, at)
        if found and found[-1] > at:
            parts.append(by)
            at = found[-1]
            if not everywhere:
                break
        else:
            parts.append(text[at : at + 1])
            at += 1
    return "".join(parts) + text[at:]
