"""Writes the .npz files of this folder with NumPy: a 6-5-3 network, W0, b0, W1, b1, ..."""

import io
import zipfile

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

# What may stand beside the weights: read by NumPy, of no interest here.
np.savez(
    "others-beside.npz",
    step=np.int64(7),
    note=np.array("trained by others"),
    flag=np.array([True, False]),
    cube=np.zeros((2, 3, 4), "float32"),
    fields=np.array([(1, 2.5)], dtype=[("a", "<i4"), ("b", "<f8", (2,))]),
    complex=np.zeros(3, "complex64"),
    pickled=np.array([{"a": 1}], dtype=object),
    **arrays("float32", "C"),
)
np.savez("pickled-W0.npz", **{**arrays("float32", "C"), "W0": np.full((5, 6), None)})
np.savez(
    "structured-W0.npz",
    **{**arrays("float32", "C"), "W0": np.zeros((5, 6), dtype=[("a", "<f4"), ("b", "<i4")])},
)


def npy(array, version):
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version=version, allow_pickle=False)
    return out.getvalue()


def python2(array):
    """As Python 2 wrote it by hand: longs, double quotes, keys in any order."""
    sizes = "".join(f"{n}L, " for n in array.shape)
    header = f"""{{"shape":( {sizes}) , 'fortran_order' :False, "descr": u'<f4'}}"""
    length = -(len(header) + 11) % 16 + len(header) + 1
    return (
        b"\x93NUMPY\x01\x00"
        + length.to_bytes(2, "little")
        + header.ljust(length - 1).encode()
        + b"\n"
        + array.tobytes()
    )


class Unseekable(io.RawIOBase):
    """A stream: zipfile writes sizes and checksums after the data."""

    def __init__(self, name):
        self.file = open(name, "wb")

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)


def archive(target, files, compression=zipfile.ZIP_STORED, comment=b""):
    with zipfile.ZipFile(target, "w", compression) as out:
        out.comment = comment
        for name, content in files.items():
            out.writestr(zipfile.ZipInfo(name + ".npy"), content, compression)


plain = {k: npy(v, (1, 0)) for k, v in arrays("float32", "C").items()}
for version in (2, 3):
    archive(
        f"version{version}.npz",
        {k: npy(v, (version, 0)) for k, v in arrays("float32", "C").items()},
    )
archive("python2.npz", {k: python2(v) for k, v in arrays("float32", "C").items()})
archive(Unseekable("stream-stored.npz"), plain)
archive(Unseekable("stream-deflated.npz"), plain, zipfile.ZIP_DEFLATED)
archive("comment.npz", plain, comment=b"a comment")
archive("bzip2.npz", plain, zipfile.ZIP_BZIP2)
zipfile.ZIP64_LIMIT = 50
archive("zip64.npz", plain)
archive(Unseekable("zip64-stream.npz"), plain, zipfile.ZIP_DEFLATED)
