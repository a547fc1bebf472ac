"""What went wrong, as an answer: 503 for a store that is away, 422 without an echo."""

from fastapi import FastAPI, Request, status
from fastapi.exceptions import RequestValidationError
from starlette.responses import JSONResponse

from personal_assistant.database.session import Unavailable


def install(app: FastAPI) -> None:
    app.add_exception_handler(Unavailable, _unavailable)
    app.add_exception_handler(RequestValidationError, _invalid)


async def _unavailable(_: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, status.HTTP_503_SERVICE_UNAVAILABLE)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    """FastAPI's own answer would repeat the input, passwords too."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    places = [
        {"at": ".".join(str(part) for part in item["loc"]), "detail": item["msg"]} for item in found
    ]
    return JSONResponse({"detail": places}, status.HTTP_422_UNPROCESSABLE_CONTENT)
