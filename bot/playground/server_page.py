"""The page's files, and what the browser may do with them."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

PAGE = Path(__file__).parent / "page"
_CONTENT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _CONTENT,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_LOOPBACK = {"127.0.0.1", "localhost"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer only callers that address loopback, and no page of another origin."""
    if urlsplit(f"//{request.host}").hostname not in _LOOPBACK:
        return web.Response(status=421, text="The playground answers on loopback only.\n")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return web.Response(status=403, text="The playground does not answer pages of other origins.\n")
    return await handler(request)


def page_routes() -> list[web.RouteDef]:
    """The page at / and its files beside it."""
    return [web.get("/", _index), web.get("/{file}", _file)]


async def _index(request: web.Request) -> web.StreamResponse:
    return _sent("index.html")


async def _file(request: web.Request) -> web.StreamResponse:
    return _sent(request.match_info["file"])


def _sent(name: str) -> web.StreamResponse:
    path = PAGE / name
    if (
        path.parent != PAGE
        or path.suffix not in (".html", ".js", ".css", ".svg", ".png")
        or not path.is_file()
    ):
        return web.Response(status=404, text="There is no such file.\n")
    return web.FileResponse(path, headers=_HEADERS)
