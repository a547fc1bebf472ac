"""What the agent can do, as the agent service itself says."""

from typing import Any

import httpx
from fastapi import APIRouter

from apps.fastapi_app.asking import Me
from personal_assistant.config.settings import get_api_settings
from personal_assistant.core import client as agent
from personal_assistant.database.session import Unavailable, within_limit

_SECONDS = 1.5

router = APIRouter(prefix="/api/v1/tools", tags=["tools"])


@router.get("")
async def show(_: Me) -> list[dict[str, Any]]:
    try:
        return await within_limit(lambda: agent.tools(get_api_settings(), _SECONDS))
    except httpx.HTTPError as error:
        raise Unavailable("the agent cannot be reached") from error
