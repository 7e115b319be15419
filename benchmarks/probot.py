"""Probot with a handler that does nothing, installed anew outside the tree where there is a Node."""

import asyncio
import shutil

from benchmarks.plan import Plan
from benchmarks.processes import Command
from benchmarks.signed import GITHUB_SECRET

PATIENCE = 120.0  # seconds for the installation
VERSION = "probot@14"
SERVER = """
import { createServer } from "node:http";
import { generateKeyPairSync } from "node:crypto";
import { createNodeMiddleware, createProbot } from "probot";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const probot = createProbot({
  overrides: { appId: 1, privateKey, secret: process.env.SECRET, logLevel: "fatal" },
});
const middleware = await createNodeMiddleware(
  (app) => { app.on("workflow_run", async () => {}); },
  { probot, webhooksPath: "/github/webhooks" },
);
createServer((request, response) => {
  if (request.url === "/livez") return response.end("alive");
  middleware(request, response, () => { response.statusCode = 404; response.end(); });
}).listen(Number(process.argv[2]), "127.0.0.1");
"""


class NoProbot(Exception):
    """Probot cannot be had here."""


async def installed(plan: Plan) -> Command:
    """How to start it; raises NoProbot."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not plan.with_node:
        raise NoProbot("left out of a short run")
    if node is None or npm is None:
        raise NoProbot("Node is not installed")
    directory = plan.directory / "probot"
    directory.mkdir()
    (directory / "server.mjs").write_text(SERVER)
    install = await asyncio.create_subprocess_exec(
        *(npm, "install", "--silent", "--no-audit", "--no-fund", "--no-save", VERSION),
        cwd=directory,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            code = await install.wait()
    except TimeoutError:
        install.kill()
        await install.wait()
        raise NoProbot("npm did not install it in time") from None
    if code:
        raise NoProbot("npm could not install it")
    return Command((node, "server.mjs", "{port}"), directory, {"SECRET": GITHUB_SECRET})
