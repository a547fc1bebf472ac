"""What a server answers beside which this runs."""

import hashlib
import http.client
import sys


def look(paths: list[str]) -> dict[str, list[dict[str, object]]]:
    return {"answers": [_answer(int(sys.argv[1]), path) for path in paths]}


def _answer(port: int, path: str) -> dict[str, object]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException) as problem:
        return {"status": 0, "location": "", "body": "", "said": "", "problem": type(problem).__name__}
    finally:
        connection.close()
    location = answer.getheader("Location") or ""
    said = body.decode("utf-8", "replace")[:200]
    digest = hashlib.sha256(body).hexdigest()
    return {"status": answer.status, "location": location, "body": digest, "said": said, "problem": ""}
