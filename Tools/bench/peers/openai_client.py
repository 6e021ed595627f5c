"""Asks with openai's asynchronous client: ENDPOINT BODIES CONCURRENCY REQUESTS."""
import asyncio
import sys

from openai import AsyncOpenAI

import asking_loop


async def main(endpoint, bodies, concurrency, total):
    async with AsyncOpenAI(base_url=endpoint, api_key="none", max_retries=0) as client:
        async def ask(body):
            completion = await client.chat.completions.create(**body)
            return completion.choices[0].message.content

        await asking_loop.run(ask, asking_loop.read(bodies), int(concurrency), int(total))


asyncio.run(main(*sys.argv[1:]))
