import numpy as np
import pytest

from vvipe import VvipeError
from vvipe.models.prototypes import Prototypes, load_prototypes, save_prototypes


@pytest.fixture
def prototypes(rng):
    vectors = rng.normal(size=(4, 8)).astype(np.float16).astype(np.float32)
    motions = {"05_02@30": vectors[[0, 1, 2]], "walking_3@0": vectors[[3, 2]]}
    return Prototypes(("stand", "crouch", "05_02@117", "05_02@9"), vectors, motions, 2)


def test_round_trip(model, prototypes):
    save_prototypes(model.folder, prototypes)
    again = load_prototypes(model)
    assert (again.names, again.key_poses, len(again)) == (prototypes.names, 2, 4)
    np.testing.assert_array_equal(again.vectors, prototypes.vectors)
    assert again.vectors.dtype == np.float32
    assert again.motions.keys() == prototypes.motions.keys()
    for name, codes in prototypes.motions.items():
        np.testing.assert_array_equal(again.motions[name], codes)
    assert not list(model.folder.glob("*.part"))


def test_names_lead_to_vectors(prototypes):
    np.testing.assert_array_equal(prototypes.vector("crouch"), prototypes.vectors[1])


@pytest.mark.parametrize(("name", "hint"), [("crouhc", "did you mean crouch"), ("zzz", "stand")])
def test_an_unknown_name_gets_a_hint(prototypes, name, hint):
    with pytest.raises(VvipeError, match=f"no prototype '{name}'.*{hint}"):
        prototypes.vector(name)


def test_a_model_may_have_none(model):
    with pytest.raises(VvipeError, match=r"prototypes\.npz: no prototype library"):
        load_prototypes(model)


@pytest.mark.parametrize("keep", [0, 30, 300, -10])
def test_a_library_cut_short(model, prototypes, keep):
    save_prototypes(model.folder, prototypes)
    path = model.folder / "prototypes.npz"
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(VvipeError, match=r"prototypes\.npz"):
        load_prototypes(model)


def test_objects_are_not_unpickled(model):
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("a pickle was loaded",))

    names = np.array([Trap()], dtype=object)
    np.savez(model.folder / "prototypes.npz", names=names, vectors=np.zeros((1, 8)), key_poses=1)
    with pytest.raises(VvipeError, match=r"names.*holds objects"):
        load_prototypes(model)


def test_an_array_that_is_missing_is_named(model):
    np.savez(model.folder / "prototypes.npz", names=np.array(["stand"]), key_poses=1)
    with pytest.raises(VvipeError, match="no array 'vectors'"):
        load_prototypes(model)
