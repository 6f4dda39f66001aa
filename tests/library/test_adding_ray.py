"""A local Ray cluster of several nodes; what it adds is held against what one process adds."""

import shutil
import socket
import sys
from contextlib import nullcontext
from pathlib import Path

import bullets
import numpy as np
import pytest
from bodies import filmed

import vvipe
from vvipe import Library, VvipeError
from vvipe.formats.shards import Shard
from vvipe.library import adding_ray
from vvipe.library.adding import add_files
from vvipe.library.adding_ray import add_files_on_ray
from vvipe.library.ray_cluster import packed, unpacked
from vvipe.library.sources import Source

ray = pytest.importorskip("ray")
pytest.importorskip("lance_ray")

pytestmark = [
    # Ray Data warns of defaults of its own; Ray forks to start its programs.
    pytest.mark.filterwarnings("ignore:`use_:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:lance is not fork-safe:UserWarning"),
]


NODE = {"num_cpus": 1, "object_store_memory": 128 << 20}


@pytest.fixture(scope="module")
def magazine(tmp_path_factory):
    return tmp_path_factory.mktemp("bullets")


@pytest.fixture(scope="module")
def cluster(magazine):
    """Two nodes of a worker each."""
    from ray.cluster_utils import Cluster

    env = {
        bullets.BULLETS: str(magazine), "PYTHONPATH": str(Path(bullets.__file__).parent),
        "OMP_NUM_THREADS": "1",
    }  # fmt: skip
    cluster = Cluster(initialize_head=True, head_node_args=NODE | {"include_dashboard": False})
    try:
        cluster.add_node(**NODE)
        ray.init(
            cluster.address, log_to_driver=False, logging_level="ERROR",
            runtime_env={"env_vars": env, "worker_process_setup_hook": "bullets.arm"},
        )  # fmt: skip
        assert {node["NodeManagerAddress"] for node in ray.nodes()} == {"127.0.0.1"}
        yield cluster
    finally:
        ray.shutdown()
        cluster.shutdown()


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    """Three or so of the films below at a time."""
    monkeypatch.setattr(adding_ray, "PART_BYTES", (15_000, 15_000))


@pytest.fixture
def here(monkeypatch):
    """One worker, in this process, and no Ray: for what the command does with its answers."""

    def on_workers(work, items, *, actors=None, arguments=()):
        do = work(*arguments) if actors else lambda row: work(row, *arguments)
        for item in items:
            yield unpacked(do(packed(item)))

    monkeypatch.setattr(adding_ray, "ray_cluster", lambda workers: nullcontext(workers or 1))
    monkeypatch.setattr(adding_ray, "on_workers", on_workers)


@pytest.fixture
def films(tmp_path):
    """Sixteen films: two are damaged, two are others once more, one shows too little at times."""
    folder = tmp_path / "films"
    folder.mkdir()
    for i in range(12):
        vvipe.write(filmed(frames=20 + i, seed=i), folder / f"{i:02}.npz")
    for name, twin in (("01b", "01"), ("10b", "02")):
        shutil.copy(folder / f"{twin}.npz", folder / f"{name}.npz")
    (folder / "03b.npz").write_bytes(b"PK broken")
    (folder / "00a.bvh").write_text("HIERARCHY")
    poses = filmed(frames=9, seed=99)
    poses.coords[3:5] = np.nan
    vvipe.write(poses, folder / "05.npz")
    return folder


@pytest.fixture
def make(tmp_path):
    return lambda name: Library.create(tmp_path / name)


@pytest.fixture
def expected(make, films):
    """The library that one process makes."""
    library = make("expected")
    add_files(library, vvipe.load(), [films])
    return library


def table(library):
    return Library.open(library.store.uri).store.dataset.to_table()


def counts(added):
    return (added.files, added.added, added.known, added.rows, added.absent, added.committed)


def test_it_is_what_one_process_adds(cluster, make, films, tmp_path):
    said = {"camera_in_path": "/(0|1)[0-9]", "camera": "x", "tags": ("a", "b")}
    plain, library, told = make("plain"), make("lib"), []
    for first in (plain, library):
        add_files(first, vvipe.load(), [films / "04.npz"])
    version = library.store.dataset.version
    paths = [films, tmp_path / "nowhere"]
    at_once = add_files(plain, vvipe.load(), paths, **said)
    added = add_files_on_ray(library, paths, **said, workers=2, progress=told.append)
    assert counts(added) == counts(at_once) == (16, 11, 3, added.rows, 2, True)
    assert list(map(str, added.errors)) == list(map(str, at_once.errors))
    assert len(added.errors) == 3
    assert table(library).equals(table(plain))
    assert library.store.dataset.version == version + 1
    assert [t.rows for t in told] == sorted(t.rows for t in told)
    assert len({t.rows for t in told}) > 3 and not any(t.committed for t in told)

    again = add_files_on_ray(library, [films], workers=2)
    assert counts(again) == (16, 0, 14, 0, 0, True)
    assert library.store.dataset.version == version + 1


def test_killed_workers_change_nothing(cluster, magazine, make, films, expected):
    bullets.load(magazine, "content", 1)
    bullets.load(magazine, "embedded", 3)
    library = make("lib")
    added = add_files_on_ray(library, [films], workers=2)
    assert list(magazine.iterdir()) == []
    assert (added.added, added.known, len(added.errors)) == (12, 2, 2)
    assert table(library).equals(table(expected))


def test_a_lost_node_changes_nothing(cluster, make, films, expected):
    node = cluster.add_node(**NODE)
    library = make("lib")

    def lose(added):
        if added.added and node in cluster.worker_nodes:
            cluster.remove_node(node, allow_graceful=False)

    add_files_on_ray(library, [films], workers=3, progress=lose)
    assert node not in cluster.worker_nodes
    assert table(library).equals(table(expected))


def test_what_somebody_else_adds_meanwhile_is_not_doubled(here, make, films, expected):
    library, other = make("lib"), []

    def add_too(added):
        if added.added and not other:
            somebody = Library.open(library.store.uri)
            other.append(add_files(somebody, vvipe.load(), [films / "00.npz", films / "07.npz"]))

    added = add_files_on_ray(library, [films], workers=2, progress=add_too)
    assert (added.added, added.known, len(added.errors)) == (10, 4, 2)
    assert sum(c["rows"] for c in library.clips()) == len(library) == len(expected)
    names = [c["clip"] for c in library.clips()]
    assert names[:2] == ["00", "07"] and names[2:] == sorted(names[2:])


def test_a_worker_that_cannot_load_the_model_says_so(here, films, tmp_path):
    from vvipe.models import model_folder

    folder = shutil.copytree(model_folder("vvipe"), tmp_path / "model")
    library = Library.create(tmp_path / "lib", folder)

    def lose(added):
        shutil.rmtree(folder, ignore_errors=True)

    with pytest.raises(VvipeError, match=r"a worker cannot go on; no model '.*/model'"):
        add_files_on_ray(library, [films], progress=lose)
    assert len(library) == 0


def test_the_double_of_a_file_that_cannot_be_read_goes_in(here, make, films, monkeypatch):
    """Such as motion whose skeleton lies beside one of its copies only."""
    embedded = Source.embedded

    def unless_first(source, *args):
        if source.path.stem == "01":
            raise VvipeError("no skeleton beside it", where=source.path)
        return embedded(source, *args)

    monkeypatch.setattr(Source, "embedded", unless_first)
    plain, library = make("plain"), make("lib")
    at_once, added = add_files(plain, vvipe.load(), [films]), add_files_on_ray(library, [films])
    assert counts(added) == counts(at_once) and "01b" in {c["clip"] for c in library.clips()}
    assert list(map(str, added.errors)) == list(map(str, at_once.errors))
    assert sorted(table(library)["id"].to_pylist()) == sorted(table(plain)["id"].to_pylist())


def test_shares(here, make, films, expected):
    library = make("lib")
    for i in (1, 2):
        add_files_on_ray(library, [films], shard=Shard(i, 2))
    assert sorted(table(library)["id"].to_pylist()) == sorted(table(expected)["id"].to_pylist())
    shards = (Shard(i, 99) for i in range(1, 100))
    idle = next(s for s in shards if not any(s.has(f, films) for f in films.iterdir()))
    assert counts(add_files_on_ray(library, [films], shard=idle)) == (0, 0, 0, 0, 0, True)


def test_nothing_that_can_be_read_is_an_error(here, make, films, tmp_path):
    (tmp_path / "damaged").mkdir()
    shutil.copy(films / "03b.npz", tmp_path / "damaged")
    with pytest.raises(VvipeError, match=r"03b\.npz"):
        add_files_on_ray(make("lib"), [tmp_path / "damaged"])


def test_without_ray_it_says_how_to_install_it(make, films, monkeypatch):
    monkeypatch.setitem(sys.modules, "lance_ray", None)
    with pytest.raises(VvipeError, match=r"pip install 'vvipe\[ray\]'"):
        add_files_on_ray(make("lib"), [films])


def test_a_cluster_that_does_not_answer_is_named(make, films, monkeypatch):
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{nobody_listens.getsockname()[1]}"
        monkeypatch.setenv("RAY_ADDRESS", address)
        monkeypatch.setattr(ray, "is_initialized", lambda: False)
        with pytest.raises(VvipeError, match=f"RAY_ADDRESS={address}: no Ray cluster .*refused"):
            add_files_on_ray(make("lib"), [films])
