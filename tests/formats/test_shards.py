from pathlib import Path

import pytest

from vvipe import VvipeError
from vvipe.formats.shards import Shard

FILES = [Path(f"root/{i % 7}/{i}.npz") for i in range(400)]


@pytest.mark.parametrize("count", [1, 2, 3, 8])
def test_every_file_is_in_one_share(count):
    shards = [Shard(i + 1, count) for i in range(count)]
    owners = [[s.index for s in shards if s.has(file, Path("root"))] for file in FILES]
    assert all(len(owner) == 1 for owner in owners)
    sizes = [sum(o == [s.index] for o in owners) for s in shards]
    assert min(sizes) > 0.6 * len(FILES) / count


def test_shares_do_not_depend_on_where_the_folder_lies():
    for file in FILES[:50]:
        elsewhere = Path("/mnt/other") / file
        assert Shard(1, 3).has(file, Path("root")) == Shard(1, 3).has(
            elsewhere, Path("/mnt/other/root")
        )


@pytest.mark.parametrize("text", ["0/3", "4/3", "1/0", "a/b", "3", "1/2/3", "-1/2", ""])
def test_no_shares(text):
    with pytest.raises(VvipeError, match="such as 2/8"):
        Shard.parse(text)
    assert Shard.parse("2/8") == Shard(2, 8)
