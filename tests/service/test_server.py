"""`vvipe serve` as a process: ready, asked, told to stop."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from bodies import filmed

import vvipe
from vvipe.cli import main
from vvipe.service import Client
from vvipe.service.server import listen, url_of

SRC = Path(vvipe.__file__).parents[1]


def started(*words):
    env = os.environ | {"PYTHONPATH": str(SRC)}
    command = [sys.executable, "-m", "vvipe", "serve", "--port", "0", *map(str, words)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_process_from_ready_to_stopped(moves, model, number):
    with started("--library", moves, "--json") as process:
        try:
            about = json.loads(process.stdout.readline())
            assert about["libraries"] == ["moves"] and about["model"] == model.id
            with Client(about["url"]) as client:
                assert len(client.search(filmed(frames=1), k=2).hits) == 2
        finally:
            process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, "", "")


def fails(capsys, *words):
    capsys.readouterr()
    assert main(["serve", *map(str, words)]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("vvipe: error: ") and err.count("\n") == 1
    return err


def test_a_port_in_use(capsys):
    with listen("127.0.0.1", 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        said = fails(capsys, "--port", port)
        assert f"127.0.0.1:{port}: the port is in use; another --port, or 0" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--host", "0.0.0.0"), "other machines need a token; set VVIPE_TOKEN, or --token"),
        (("--host", "::"), "other machines need a token"),
        (("--token", "short"), "16 ASCII characters at least"),
        (("--token", ""), "not a token"),
        (("--token", "with a blank in it and long"), "no blanks"),
        (("--port", "70000"), "0 to 65535"),
        (
            ("--port", "0", "--host", "no.such.invalid", "--token", "a" * 16),
            "no.such.invalid:0: no address to listen on",
        ),
        (("--port", "0", "--library", "nowhere"), "nowhere: no library there"),
        (("--port", "0", "--model", "nothing"), "no model 'nothing'"),
        (("--port", "0", "--max-poses", "0"), "poses: not a limit"),
    ],
)
def test_what_does_not_start(capsys, monkeypatch, words, said):
    monkeypatch.delenv("VVIPE_TOKEN", raising=False)
    assert said in fails(capsys, *words)


def test_a_token_from_the_environment_opens_other_hosts(capsys, monkeypatch):
    monkeypatch.setenv("VVIPE_TOKEN", "a-token-of-some-length")
    served, asked = [], []

    def on_loopback(host, port):
        asked.append(host)
        return listen("127.0.0.1", port)

    monkeypatch.setattr("vvipe.service.server.listen", on_loopback)
    monkeypatch.setattr("vvipe.service.server.serve", lambda app, on, ready: served.append(ready()))
    assert main(["serve", "--host", "0.0.0.0", "--port", "0", "--json"]) == 0
    assert served and json.loads(capsys.readouterr().out)["token"] is True
    assert asked == ["0.0.0.0"]


def test_answers_are_not_held_back():
    with listen("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6")
def test_addresses_in_urls():
    try:
        with listen("::1", 0) as listening:
            assert url_of(listening) == f"http://[::1]:{listening.getsockname()[1]}"
    except vvipe.VvipeError:
        pytest.skip("no IPv6 loopback address")
