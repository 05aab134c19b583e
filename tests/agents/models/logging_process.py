"""Answer one question with everything logged: what is said to the log goes to standard error."""

import asyncio
import os
import sys

import django

from tests.agents.models.http_server import Exchange, serving


async def answer(exchange: Exchange) -> None:
    await exchange.begin()
    await exchange.say("It is answered.")
    await exchange.end()


async def main() -> None:
    from agents.contract import planning_inputs, record  # noqa: PLC0415 - Django comes first
    from agents.models.engine import made  # noqa: PLC0415
    from agents.models.settings import ModelSettings  # noqa: PLC0415

    given = {**planning_inputs()["summarise"], "goal": sys.argv[1]}
    async with serving(answer) as server:
        settings = ModelSettings(model="m", url=server.url, key=sys.argv[2])
        recording = await record(made("m", settings), "summarise", given)
    sys.stdout.write(recording.result["summary"])


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "project.settings"
    django.setup()
    asyncio.run(main())
