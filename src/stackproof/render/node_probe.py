"""The health check of a front end's container: asked by the one program that its image surely holds."""

from stackproof.model.stack import Health

# Redirects are not followed; the engine itself ends an answer that takes too long, and says so.
_ASK = (
    'require("http").get(process.argv[1], (answer) => end(answer.statusCode === 200 ? 0 : 1, answer.statusCode))'
    '.on("error", (problem) => end(1, problem.message));'
    " function end(code, said) { console.log(said); process.exit(code); }"
)


def command(health: Health) -> list[str]:
    """In exec form."""
    return ["node", "-e", _ASK, f"http://127.0.0.1:{health.port}{health.target}"]
