"""Asks with aiohttp and parses the answers: ENDPOINT BODIES CONCURRENCY REQUESTS."""
import asyncio
import sys

import aiohttp

import asking_loop


async def main(endpoint, bodies, concurrency, total):
    connector = aiohttp.TCPConnector(limit=int(concurrency))
    async with aiohttp.ClientSession(connector=connector) as session:
        async def ask(body):
            async with session.post(endpoint + "/chat/completions", json=body) as response:
                response.raise_for_status()
                completion = await response.json()
                return completion["choices"][0]["message"]["content"]

        await asking_loop.run(ask, asking_loop.read(bodies), int(concurrency), int(total))


asyncio.run(main(*sys.argv[1:]))
