"""What a server in this container answers to the same request, each time over a connection of its own."""

import hashlib
import http.client


def look(port: int, path: str, headers: dict[str, str], times: int) -> dict[str, object]:
    """`text` is the last answer's body, as far as it is text."""
    answers, body = [], b""
    for _ in range(times):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            found = {"status": answer.status, "body": hashlib.sha256(body).hexdigest(), "problem": ""}
        except (OSError, http.client.HTTPException) as problem:
            found = {"status": 0, "body": "", "problem": type(problem).__name__}
        finally:
            connection.close()
        answers.append(found)
    return {"answers": answers, "text": body.decode("utf-8", "replace")}
