"""CMU recordings that stand in the data twice: as an actions clip, and as a BVH clip.

The actions clips are put on one skeleton, so joint positions differ between the two. What does not
differ is how the limbs stand to each other: a pose was described by the cosines between the
directions of thighs, shanks, upper and lower arms and by those directions' heights, 36 numbers that
neither heading nor bone lengths change. For each frame i (30 Hz) of an actions clip the nearest
frame among all BVH and AMC frames (120 Hz) was looked up. A pair is the same recording where that
frame lies in one clip and within 4 frames of 4 i: in 95 to 100 % of a clip's frames for the
pairs below (75 and 79 % for subject 32, whose thighs hang at other angles in the BVH), and in at
most 3 % for every other clip.
"""

from __future__ import annotations

from collections.abc import Mapping

DUPLICATES: Mapping[str, str] = {
    "held_jumping_1": "49_02",
    "held_walking_1": "35_01",
    "held_walking_6": "35_06",
    "held_walking_7": "35_07",
    "held_walking_8": "35_08",
    "held_walking_9": "35_09",
    "held_walking_10": "35_10",
    "held_walking_11": "35_11",
    "held_walking_12": "35_12",
    "held_walking_13": "35_13",
    "held_walking_14": "35_14",
    "held_walking_15": "35_15",
    "held_walking_16": "35_16",
    "held_walking_17": "35_28",
    "held_walking_18": "35_29",
    "held_walking_19": "35_30",
    "held_walking_20": "35_31",
    "held_walking_21": "35_32",
    "held_walking_22": "35_33",
    "held_walking_23": "35_34",
    "jumping_2": "49_03",
    "running_1": "35_17",
    "running_3": "35_23",
    "running_4": "35_25",
    "running_5": "35_24",
    "walking_1": "02_01",
    "walking_2": "05_01",
    "walking_3": "06_01",
    "walking_4": "07_01",
    "walking_5": "07_02",
    "walking_13": "08_02",
    "walking_14": "08_03",
    "walking_15": "08_08",
    "walking_16": "08_09",
    "walking_17": "08_10",
    "walking_18": "10_04",
    "walking_19": "12_01",
    "walking_20": "12_02",
    "walking_21": "12_03",
    "walking_22": "26_01",
    "walking_23": "27_01",
    "walking_24": "29_01",
    "walking_25": "32_01",
    "walking_26": "32_02",
    "walking_27": "16_15",
    "walking_28": "16_16",
    "walking_29": "16_21",
    "walking_30": "16_22",
    "walking_31": "16_31",
    "walking_32": "16_32",
    "walking_33": "16_47",
    "walking_34": "16_58",
    "walking_51": "49_01",
}
