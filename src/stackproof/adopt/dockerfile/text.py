"""The bytes of a Dockerfile as numbered lines, or the reason why they are none."""

from stackproof.errors import UserError

LARGEST = 256 << 10  # bytes; files that people write have a few thousand
LONGEST = 65_535  # bytes in a line, BuildKit's own limit


def lines(content: bytes | str, path: str) -> tuple[str, ...]:
    """Without their ends (LF or CRLF) and without a byte order mark. Raises UserError."""
    if len(content) > LARGEST:
        raise UserError(
            f"{path} is larger than {LARGEST >> 10} KiB; that is no Dockerfile.",
            fix="Name the Dockerfile itself, or leave this path out.",
        )
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UserError(f"{path}:1 is written in UTF-16; BuildKit reads UTF-8.", fix="Save the file as UTF-8.")
    raw = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    return tuple(_line(each, path, number) for number, each in enumerate(raw, 1))


def _line(raw: bytes, path: str, number: int) -> str:
    if len(raw) > LONGEST:
        raise UserError(
            f"{path}:{number} has {len(raw)} bytes in one line; BuildKit reads at most {LONGEST}.",
            fix="Put the content into a file that is copied, or break the line.",
        )
    if b"\0" in raw:
        raise UserError(f"{path}:{number} has a NUL byte in it.", fix="Save the file as plain UTF-8 text.")
    try:
        return raw.decode().rstrip("\r")
    except UnicodeDecodeError:
        if raw.lstrip().startswith(b"#"):  # a comment may be in any encoding
            return raw.decode("utf-8", "replace").rstrip("\r")
        raise UserError(f"{path}:{number} is not UTF-8.", fix="Save the file as UTF-8.") from None
