"""Serves an application on loopback until the process is asked to end."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def serve(*routes: web.RouteDef) -> None:
    """Serve these routes on the port that is the first argument."""
    app = web.Application(client_max_size=25 * 1024**2)
    app.add_routes([web.get("/livez", _live), *routes])
    asyncio.run(_until_asked(app, int(sys.argv[1])))


async def _live(_: web.Request) -> web.Response:
    return web.Response(text="alive\n")


async def _until_asked(app: web.Application, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await stop.wait()
    await runner.cleanup()
