"""Small ONNX models with the inputs and outputs of those that rtmlib runs."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

GRID = np.stack([np.arange(17) + 10.0, np.arange(17) * 2 + 12.0], -1)
BESIDE = GRID + np.array([30, 0])


def model(path, size, outputs):
    """Constant outputs; where `channel` is said, x of the first joint is that channel's mean."""
    height, width = size
    nodes, infos, constants = [], [], []
    for name, (value, channel) in outputs.items():
        constants.append(numpy_helper.from_array(value.astype(np.float32), f"{name}_value"))
        infos.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, value.shape))
        if channel is None:
            nodes.append(helper.make_node("Identity", [f"{name}_value"], [name]))
            continue
        mask = np.zeros(value.shape, np.float32)
        mask[0, 0, 0, 0] = 1
        picks = np.zeros((1, 3, height, width), np.float32)
        picks[:, channel] = 1 / (height * width)
        constants += [
            numpy_helper.from_array(mask, "mask"),
            numpy_helper.from_array(picks, "picks"),
        ]
        nodes += [
            helper.make_node("Mul", ["input", "picks"], ["picked"]),
            helper.make_node("ReduceSum", ["picked"], ["mean"], keepdims=0),
            helper.make_node("Mul", ["mean", "mask"], ["added"]),
            helper.make_node("Add", [f"{name}_value", "added"], [name]),
        ]
    image = helper.make_tensor_value_info("input", TensorProto.FLOAT, (1, 3, height, width))
    graph = helper.make_graph(nodes, "small", [image], infos, constants)
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=9), path)
    return path


def rtmo(path, scores=(0.9, 0.95, 0.2), channel=None):
    boxes = np.array([[[5, 5, 30, 60, 0], [40, 5, 60, 60, 0], [5, 5, 30, 60, 0]]], float)
    boxes[0, :, 4] = scores
    people = np.stack([GRID, BESIDE, GRID])
    points = np.concatenate([people, np.full((3, 17, 1), 0.8)], -1)[None]
    return model(path, (64, 64), {"dets": (boxes, None), "keypoints": (points, channel)})


def rtmpose(path, joints=17):
    x, y = np.zeros((1, joints, 96)), np.zeros((1, joints, 128))
    x[:, np.arange(joints), np.arange(joints) % 90] = 0.7
    y[:, np.arange(joints), np.arange(joints) * 2 % 128] = 0.9
    return model(path, (64, 48), {"simcc_x": (x, None), "simcc_y": (y, None)})


def yolox(path, scores=(0.9, 0.8)):
    boxes = np.array([[[0, 0, 16, 32, 0], [32, 16, 64, 48, 0]]], float)
    boxes[0, :, 4] = scores
    return model(path, (64, 64), {"dets": (boxes, None), "labels": (np.zeros((1, 2)), None)})
