"""drumsort against real servers of other stores, on the loopback: Azure's emulator, and SFTP.

    npm install azurite && pip install azure-storage-blob
    python benchmarks/stores.py az --azurite node_modules/.bin/azurite-blob
    pip install asyncssh paramiko
    python benchmarks/stores.py sftp

Each puts the demo's sounds there, and compares verdicts, a data set of results that goes on, a scan
and the lab's reading with those of the local files. What differs is an error.
"""

import argparse
import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

import drumsort

DEMO = Path(drumsort.__file__).parent / "demo" / "BillieDrum"
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""Account and key that Azure's emulator has, as its documents say; they open nothing else."""


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("store", choices=["az", "sftp"])
    options.add_argument("--azurite", default="azurite-blob")
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        serve = azure(Path(scratch), args.azurite) if args.store == "az" else sftp(Path(scratch))
        with serve as (url, environment):
            check(url, os.environ | environment, Path(scratch))
    print(f"{args.store}: all as on this disk")


def check(url: str, environment: dict[str, str], scratch: Path) -> None:
    """Compare what is said of the sounds in a store with what is said of those on the disk."""

    def run(*words: str) -> str:
        command = [sys.executable, "-m", "drumsort", *words]
        started = time.perf_counter()
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True)
        assert done.returncode == 0, done.returncode
        print(f"{time.perf_counter() - started:5.1f} s  drumsort {' '.join(words)}", flush=True)
        return done.stdout

    def verdicts(place: str) -> list[dict[str, Any]]:
        rows = [json.loads(line) for line in run("classify", "--no-catalog", "--jsonl", place)
                .splitlines()]  # fmt: skip
        return [row | {"path": row["path"].removeprefix(place)} for row in rows]

    def counts(place: str, catalog: str) -> tuple[int, int]:
        said = json.loads(run("scan", place, "--json", "--catalog", str(scratch / catalog)))
        return said["heard"], said["unchanged"]

    def sounds(place: str) -> Any:
        return json.loads(run("lab", "data", "stats", place, "--json"))["sounds"]

    there = f"{url}/Lib"
    assert verdicts(there) == verdicts(str(DEMO))
    assert "22 files heard" in run("classify", there, "--out", f"{url}/results")
    assert "22 were there before" in run("classify", there, "--out", f"{url}/results")
    run("scan", "--from", f"{url}/results", "--catalog", str(scratch / "filled.db"))
    assert counts(there, "scanned.db") == (22, 0)
    assert counts(there, "scanned.db") == (0, 22)
    assert sounds(there) == sounds(str(DEMO))


@contextmanager
def azure(scratch: Path, azurite: str) -> Iterator[tuple[str, dict[str, str]]]:
    from azure.storage.blob import BlobServiceClient

    port = free_port()
    command = [azurite, "--location", str(scratch / "az"), "--blobPort", str(port), "--silent"]
    server = subprocess.Popen([*command, "--skipApiVersionCheck", "--disableTelemetry"])
    try:
        wait_for(port)
        endpoint = f"http://127.0.0.1:{port}/{ACCOUNT}"
        container = BlobServiceClient(endpoint, credential=KEY).create_container("sounds")
        for path in sorted(DEMO.rglob("*.ogg")):
            container.upload_blob(f"Lib/{path.relative_to(DEMO).as_posix()}", path.read_bytes())
        yield (
            "az://sounds",
            {
                "AZURE_STORAGE_ACCOUNT_NAME": ACCOUNT,
                "AZURE_STORAGE_ACCOUNT_KEY": KEY,
                "AZURE_STORAGE_ENDPOINT": endpoint,
            },
        )
    finally:
        server.terminate()
        server.wait()


@contextmanager
def sftp(scratch: Path) -> Iterator[tuple[str, dict[str, str]]]:
    import asyncssh

    served, ssh, port = scratch / "served", scratch / "home" / ".ssh", free_port()
    shutil.copytree(DEMO, served / "Lib")
    ssh.mkdir(parents=True)
    ours, theirs = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    ours.write_private_key(str(ssh / "id_ed25519"))
    ours.write_public_key(str(ssh / "id_ed25519.pub"))
    known = f"[127.0.0.1]:{port} {theirs.export_public_key().decode()}"
    (ssh / "known_hosts").write_text(known)

    class Files(asyncssh.SFTPServer):  # type: ignore[misc]
        def __init__(self, channel: Any) -> None:
            super().__init__(channel, chroot=os.fsencode(served))

    loop = asyncio.new_event_loop()
    listening = asyncssh.listen(
        "127.0.0.1",
        port,
        server_host_keys=[theirs],
        authorized_client_keys=str(ssh / "id_ed25519.pub"),
        sftp_factory=Files,
    )
    loop.run_until_complete(listening)
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield f"sftp://me@127.0.0.1:{port}", {"HOME": str(ssh.parent)}
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(port: int) -> None:
    for _ in range(300):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise SystemExit("the server did not begin")


if __name__ == "__main__":
    main()
