"""Codes of patches and their whitening in NumPy, in doubles: writes reference.npz beside itself."""
import numpy as np

rng = np.random.default_rng(1)
ROWS, COLUMNS, PATCH, GRID, FILTERS, IMAGES, RIDGE = 11, 9, 3, 2, 5, 60, 0.01
images = np.round(rng.uniform(0, 255, (IMAGES, ROWS, COLUMNS)))
images *= rng.uniform(size=images.shape) < 0.5
w = rng.normal(size=(FILTERS, PATCH * PATCH))
w -= w.mean(1, keepdims=True)
w /= np.linalg.norm(w, axis=1, keepdims=True)
w = w.astype(np.float32).astype(float)

down, across = ROWS - PATCH + 1, COLUMNS - PATCH + 1
pooled = np.zeros((IMAGES, FILTERS, GRID, GRID))
count = np.zeros((GRID, GRID))
for y in range(down):
    for x in range(across):
        q = images[:, y : y + PATCH, x : x + PATCH].reshape(IMAGES, -1) / 255
        q = q - q.mean(1, keepdims=True)
        a = np.maximum(0, q @ w.T / np.sqrt((q**2).sum(1, keepdims=True) + 0.3) - 0.3)
        pooled[:, :, y * GRID // down, x * GRID // across] += a
        count[y * GRID // down, x * GRID // across] += 1
codes = np.sqrt(pooled / count).reshape(IMAGES, -1)

mu = codes.mean(0)
c = np.cov(codes.T, bias=True)
d = len(c)
variance, v = np.linalg.eigh(c)
white = v @ np.diag((variance + RIDGE * variance.mean()) ** -0.5) @ v.T
zca = (codes - mu) @ white.T
zca /= zca.std(0)
order = np.argsort(-variance)[:4]
v = v[:, order] * np.sign(v[np.abs(v[:, order]).argmax(0), order])
pca = (codes - mu) @ v / np.sqrt(variance[order])
norm = (zca - zca.mean(1, keepdims=True)) / zca.std(1, keepdims=True)

matrices = dict(images=images.reshape(IMAGES, -1), filters=w, codes=codes, zca=zca, pca=pca, norm=norm)
np.savez(__file__.replace(".py", ".npz"), **{k: m.astype(np.float32) for k, m in matrices.items()})
