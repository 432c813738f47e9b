"""Writes the .npz files of this folder with NumPy: a 6-5-3 network, W0, b0, W1, b1, ..."""

import numpy as np

W = [np.arange(30).reshape(5, 6) / 8 - 2, np.arange(15).reshape(3, 5) / 4 - 1]
b = [np.arange(5) / 2 - 1, np.arange(3) - 0.5]


def arrays(dtype, order):
    out = {}
    for l in range(2):
        out[f"W{l}"] = np.array(W[l], dtype=dtype, order=order)
        out[f"b{l}"] = np.array(b[l], dtype=dtype)
    return out


for dtype in ("float32", "float64"):
    for order in ("C", "F"):
        np.savez(f"{dtype}-{order}-stored.npz", **arrays(dtype, order))
        np.savez_compressed(f"{dtype}-{order}-deflated.npz", **arrays(dtype, order))

np.savez("float16-C-stored.npz", **arrays("float16", "C"))
np.savez("missing-b1.npz", **{k: v for k, v in arrays("float32", "C").items() if k != "b1"})
np.savez("nan.npz", **{**arrays("float32", "C"), "b1": np.array([0, np.nan, 1], "float32")})
np.savez("infinite.npz", **{**arrays("float32", "C"), "W1": np.full((3, 5), np.inf, "float32")})
np.savez("cube.npz", **{**arrays("float32", "C"), "W0": np.zeros((5, 3, 2), "float32")})
np.savez("wide-bias.npz", **{**arrays("float32", "C"), "b0": np.zeros(6, "float32")})
np.savez("flat-weights.npz", **{**arrays("float32", "C"), "W0": np.zeros(30, "float32")})
np.savez("big-endian.npz", **{**arrays("float32", "C"), "W0": W[0].astype(">f4")})
np.savez("whole-numbers.npz", **{**arrays("float32", "C"), "W0": W[0].astype("int32")})
np.savez("other-names.npz", weights=W[0], bias=b[0])
np.savez("scalar.npz", **{**arrays("float32", "C"), "b0": np.float32(1)})
