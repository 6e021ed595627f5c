"""What the Python clients share: workers that ask until all is asked."""
import asyncio
import json
import time


async def run(ask, bodies, concurrency, total):
    """Calls `ask(body)` so often, so many at a time; prints the seconds."""
    numbers = iter(range(total))

    async def work():
        for number in numbers:
            text = await ask(bodies[number % len(bodies)])
            if not text:
                raise ValueError("an answer without text")

    start = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(concurrency)))
    print(json.dumps({"seconds": time.perf_counter() - start}))


def read(path):
    with open(path) as file:
        return [json.loads(line) for line in file]
