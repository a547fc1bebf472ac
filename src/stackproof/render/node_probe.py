"""The health check of a front end's container: asked by the one program that its image surely holds."""

from stackproof.model.stack import Health, Service

# One line, because it stands in a Compose file. Redirects are not followed; what went wrong is printed for `inspect`.
_ASK = (
    'const [port, path] = process.argv.slice(1);'
    ' const end = (code, said) => { console.log(said); process.exit(code); };'
    ' require("http").get({ host: "127.0.0.1", port, path, timeout: PATIENCE }, (answer) => {'
    ' answer.resume(); end(answer.statusCode === 200 ? 0 : 1, answer.statusCode);'
    ' }).on("timeout", () => end(1, "no answer in time")).on("error", (problem) => end(1, problem.message));'
)  # fmt: skip


def command(service: Service, health: Health) -> list[str] | None:
    """In exec form; None for a service whose image is another's."""
    if service.software == "node":
        patience = (
            f"{max(health.timeout - 0.5, 0.5) * 1000:.0f}"  # below the time after which the engine ends it unsaid
        )
        return ["node", "-e", _ASK.replace("PATIENCE", patience), str(health.port), health.target]
    if service.software == "nginx" and service.role == "front":
        return ["wget", "-q", "-T", "2", "-O", "/dev/null", f"http://127.0.0.1:{health.port}{health.target}"]
    return None
