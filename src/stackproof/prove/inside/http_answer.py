"""What a server answers beside which this runs."""

import hashlib
import http.client
import sys


def look(paths: list[str], mark: str = "") -> dict[str, list[dict[str, object]]]:
    return {"answers": [_answer(int(sys.argv[1]), path, mark) for path in paths]}


def _answer(port: int, path: str, mark: str) -> dict[str, object]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException) as problem:
        return {"status": 0, "location": "", "body": "", "said": "", "marked": False, "problem": type(problem).__name__}
    finally:
        connection.close()
    location = answer.getheader("Location") or ""
    text = body.decode("utf-8", "replace")
    return {
        "status": answer.status, "location": location, "body": hashlib.sha256(body).hexdigest(), "said": text[:200],
        "marked": bool(mark) and mark in text, "problem": "",
    }  # fmt: skip
