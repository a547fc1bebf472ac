"""What a Redis answers to commands, each list of them over a connection of its own; errors begin with a minus sign."""

import os
import socket
from typing import BinaryIO
from urllib.parse import urlsplit

_CLOSED = "-(the connection was closed)"


def look(host_variable: str, port_variable: str, port: int, conversations: list[list[list[str]]]) -> dict[str, object]:
    """The address is where the environment says: a URL, or a host and perhaps a port of its own."""
    said = os.environ[host_variable]
    parts = urlsplit(said if "://" in said else f"//{said}")
    number = parts.port or int(os.environ.get(port_variable) or port)
    address = (parts.hostname or said, number)
    return {"address": f"{address[0]}:{number}", "replies": [_conversation(address, each) for each in conversations]}


def _conversation(address: tuple[str, int], commands: list[list[str]]) -> list[str]:
    with socket.create_connection(address, 5) as connection, connection.makefile("rb") as file:
        return [_answer(connection, file, words)[:200] for words in commands]


def _answer(connection: socket.socket, file: BinaryIO, words: list[str]) -> str:
    try:
        connection.sendall(_encoded(words))
        return _reply(file)
    except (BrokenPipeError, ConnectionResetError):
        return _CLOSED


def _encoded(words: list[str]) -> bytes:
    texts = [word.encode() for word in words]
    return b"*%d\r\n" % len(texts) + b"".join(b"$%d\r\n%s\r\n" % (len(text), text) for text in texts)


def _reply(file: BinaryIO) -> str:
    line = file.readline().decode("utf-8", "replace").strip()
    if not line:
        return _CLOSED
    if line[0] == "$":
        return "(nothing)" if line == "$-1" else file.read(int(line[1:]) + 2).decode("utf-8", "replace").strip()
    if line[0] == "*":
        return " ".join(_reply(file) for _ in range(int(line[1:])))
    return line if line[0] == "-" else line[1:]
