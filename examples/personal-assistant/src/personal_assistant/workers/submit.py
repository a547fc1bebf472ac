"""A message is written down and put into the queue; or neither, and the caller is told."""

import logging

from personal_assistant.config import logs, tracing
from personal_assistant.database import messages
from personal_assistant.database.models import Stage
from personal_assistant.database.session import Unavailable, run, within_limit
from personal_assistant.workers import tasks

_log = logging.getLogger(__name__)


async def submit(user_id: str, text: str) -> str:
    """The message's id. Raises `Unavailable`; then nothing was kept."""
    message_id = await run(lambda session: messages.add(session, user_id, text))
    await _queue(message_id)
    return message_id


async def submit_once(user_id: str, text: str, channel: str, external_id: str) -> None:
    """A message that came before, under the same id, is not taken again."""
    message_id = await run(
        lambda session: messages.add_once(session, user_id, text, channel, external_id)
    )
    if message_id:
        await _queue(message_id)


async def _queue(message_id: str) -> None:
    context = tracing.carrier()
    if request_id := logs.request_id.get():
        context["x-request-id"] = request_id
    try:
        await within_limit(lambda: tasks.publish(Stage.ANSWER, message_id, context))
    except Unavailable as error:
        # A message that got through after all finds nothing, and says so in the worker's log.
        await run(lambda session: messages.remove(session, message_id))
        _log.error("message %s: not queued: %s", message_id, error)
        raise Unavailable("the queue cannot be reached, try again") from error
    _log.info("message %s: queued", message_id)
