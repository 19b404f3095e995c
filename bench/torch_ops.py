# SPDX-License-Identifier: Apache-2.0
"""Measures functions of neural networks and arrays against PyTorch, eager and compiled.

    python bench/torch_ops.py [--only TEXT,...] [--rounds N] [--seconds S] [--page FILE]

array_ops.py says how. Runs in a Python that has both scripts/requirements-jax.txt and torch;
`torch.compile` needs a C++ compiler. Gradients are those of PyTorch's autograd and of jax.grad.
"""

import math
import sys

import array_ops

LONG = 1 << 20


class Rows:
    """Collects rows; arguments are drawn in order, so that a row of the same name has the same ones."""

    def __init__(self):
        import numpy as np

        self.rows, self.rng = [], np.random.default_rng(0)

    def floats(self, *shape, scale=1.0, dtype="float32"):
        return (scale * self.rng.standard_normal(shape)).astype(dtype)

    def ints(self, *shape, high, dtype="int32"):
        return self.rng.integers(0, high, shape).astype(dtype)

    def add(self, name, of_torch, of_jax, *arguments, grad=False):
        """`grad`: the functions give a scalar; what is called gives its gradients by all of the arguments."""
        import jax
        import numpy as np
        import torch

        def result(r):
            many = [r] if isinstance(r, torch.Tensor) else list(r)
            return [np.ascontiguousarray(t.detach().numpy()) for t in many]

        def make(of):
            def prepare(*values):
                tensors = [torch.from_numpy(v.copy()) for v in values]
                return lambda: result(of(*tensors))
            return prepare

        def gradients(of):
            def call(*tensors):
                leaves = [t.requires_grad_(t.dtype.is_floating_point) for t in tensors]
                return torch.autograd.grad(of(*leaves), [t for t in leaves if t.requires_grad])
            return call

        wanted = [i for i, a in enumerate(arguments) if a.dtype.kind == "f"]
        own = jax.grad(of_jax, wanted) if grad else of_jax
        wrap = gradients if grad else (lambda of: of)

        def prepare_compiled(*values):
            torch._dynamo.reset()  # the rows before count towards a limit of recompilations
            return make(wrap(torch.compile(lambda *a: of_torch(*a), dynamic=False)))(*values)

        peers = {"eager": make(wrap(of_torch)), "compiled": prepare_compiled}
        self.rows.append(array_ops.Row(name, peers, own, arguments))


def define():
    import torch

    torch.set_num_threads(1)
    rows = Rows()
    for part in (elementwise, reductions, products, layers, models, indexing):
        part(rows)
    return rows.rows


def elementwise(rows):
    import jax
    import jax.numpy as jnp
    import torch
    import torch.nn.functional as F

    x, y, z = rows.floats(LONG), rows.floats(LONG), rows.floats(LONG)
    rows.add("exp", torch.exp, jnp.exp, x)
    rows.add("sin", torch.sin, jnp.sin, x)
    rows.add("tanh", torch.tanh, jnp.tanh, x)
    rows.add("erf", torch.erf, jax.scipy.special.erf, x)
    rows.add("sigmoid", torch.sigmoid, jax.nn.sigmoid, x)
    rows.add("add", torch.add, jnp.add, x, y)
    rows.add("divide", torch.div, jnp.divide, x, y)
    rows.add("power", torch.pow, jnp.power, abs(x), y)
    rows.add("where", lambda a, b: torch.where(a > 0, a, b), lambda a, b: jnp.where(a > 0, a, b), x, y)
    rows.add("gelu", F.gelu, lambda v: jax.nn.gelu(v, approximate=False), x)
    rows.add("gelu, tanh", lambda v: F.gelu(v, approximate="tanh"), jax.nn.gelu, x)
    rows.add("silu times", lambda a, b: F.silu(a) * b, lambda a, b: jax.nn.silu(a) * b, x, y)
    rows.add("exp float64", torch.exp, jnp.exp, x.astype("float64"))
    rows.add("adam step", adam(torch), adam(jnp), x, y, z, abs(z))


def adam(xp):
    def step(p, g, m, v):
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        return p - 1e-3 * m / (xp.sqrt(v) + 1e-8), m, v
    return step


def reductions(rows):
    import jax
    import jax.numpy as jnp
    import torch
    import torch.nn.functional as F

    x, square = rows.floats(LONG), rows.floats(1024, 1024)
    rows.add("sum", torch.sum, jnp.sum, x)
    rows.add("argmax", torch.argmax, jnp.argmax, x)
    rows.add("cumsum of rows", lambda v: torch.cumsum(v, 1), lambda v: jnp.cumsum(v, 1), square)
    rows.add("variance of rows", lambda v: torch.var(v, 1, correction=0), lambda v: jnp.var(v, 1), square)
    rows.add("sum of columns", lambda v: v.sum(0), lambda v: v.sum(0), square)
    rows.add("logsumexp of rows", lambda v: torch.logsumexp(v, 1), lambda v: jax.nn.logsumexp(v, 1), square)
    rows.add("softmax of rows", lambda v: F.softmax(v, 1), lambda v: jax.nn.softmax(v, 1), square)
    rows.add("log softmax of rows", lambda v: F.log_softmax(v, 1), lambda v: jax.nn.log_softmax(v, 1), square)
    rows.add("sort", lambda v: torch.sort(v).values, jnp.sort, x)
    rows.add("sort of rows", lambda v: torch.sort(v, 1).values, lambda v: jnp.sort(v, 1), square)
    rows.add("top 10 of rows", lambda v: torch.topk(v, 10).values, lambda v: jax.lax.top_k(v, 10)[0], square)
    rows.add("cumprod", lambda v: torch.cumprod(v, 0), jnp.cumprod, 1 + 1e-4 * x)


def products(rows):
    import jax.numpy as jnp
    import torch

    square, small = rows.floats(1024, 1024), rows.floats(64, 64)
    batch = rows.floats(256, 32, 32)
    rows.add("matmul of 1024", torch.matmul, jnp.matmul, square, square)
    rows.add("matmul of 64", torch.matmul, jnp.matmul, small, small)
    rows.add("matmul, 256 of 32", torch.matmul, jnp.matmul, batch, batch)
    rows.add("matrix times vector", torch.mv, jnp.matmul, square, rows.floats(1024))
    rows.add("matmul of 512 float64", torch.matmul, jnp.matmul, rows.floats(512, 512, dtype="float64"),
             rows.floats(512, 512, dtype="float64"))
    bilinear = "bij,bjk,bk->bi"
    rows.add("einsum of three", lambda a, b, c: torch.einsum(bilinear, a, b, c),
             lambda a, b, c: jnp.einsum(bilinear, a, b, c), batch, batch, rows.floats(256, 32))
    points = rows.floats(512, 16)
    rows.add("squared distances", lambda a: ((a[:, None] - a[None]) ** 2).sum(-1),
             lambda a: ((a[:, None] - a[None]) ** 2).sum(-1), points)
    rows.add("solve of 256", torch.linalg.solve, jnp.linalg.solve, rows.floats(256, 256), rows.floats(256, 8))
    positive = square[:512] @ square[:512].T + 512 * jnp.eye(512, dtype="float32").__array__()
    rows.add("cholesky of 512", torch.linalg.cholesky, jnp.linalg.cholesky, positive)
    rows.add("fft of 2^20", lambda v: torch.view_as_real(torch.fft.fft(v)), fft_parts, rows.floats(LONG))
    rows.add("rfft of rows", lambda v: torch.view_as_real(torch.fft.rfft(v)), rfft_parts, square)


def fft_parts(v):
    import jax.numpy as jnp

    f = jnp.fft.fft(v)
    return jnp.stack([f.real, f.imag], -1)


def rfft_parts(v):
    import jax.numpy as jnp

    f = jnp.fft.rfft(v)
    return jnp.stack([f.real, f.imag], -1)


def layers(rows):
    import jax
    import jax.numpy as jnp
    import torch.nn.functional as F

    x, gain, bias = rows.floats(1024, 768), rows.floats(768), rows.floats(768)
    rows.add("layer norm", lambda v, g, b: F.layer_norm(v, (768,), g, b), layer_norm, x, gain, bias)
    rows.add("layer norm, gradient", lambda v, g, b: F.layer_norm(v, (768,), g, b).square().sum(),
             lambda v, g, b: jnp.square(layer_norm(v, g, b)).sum(), x, gain, bias, grad=True)
    rows.add("rms norm", lambda v, g: F.rms_norm(v, (768,), g, 1e-5),
             lambda v, g: v * jax.lax.rsqrt((v * v).mean(-1, keepdims=True) + 1e-5) * g, x, gain)
    images, filters = rows.floats(4, 64, 32, 32), rows.floats(64, 64, 3, 3, scale=0.05)
    rows.add("convolution 3x3", lambda v, w: F.conv2d(v, w, padding=1), convolve, images, filters)
    rows.add("convolution 3x3, gradient", lambda v, w: F.conv2d(v, w, padding=1).square().mean(),
             lambda v, w: jnp.square(convolve(v, w)).mean(), images, filters, grad=True)
    rows.add("convolution of each channel", lambda v, w: F.conv2d(v, w, padding=1, groups=64),
             lambda v, w: convolve(v, w, 64), images, rows.floats(64, 1, 3, 3))
    rows.add("max pool 2x2", lambda v: F.max_pool2d(v, 2),
             lambda v: jax.lax.reduce_window(v, -jnp.inf, jax.lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID"), images)
    rows.add("batch norm", batch_norm_torch, batch_norm, images, rows.floats(64), rows.floats(64))
    logits, labels = rows.floats(1024, 1000), rows.ints(1024, high=1000)
    rows.add("cross entropy", lambda v, t: F.cross_entropy(v, t.long()), cross_entropy, logits, labels)
    rows.add("cross entropy, gradient", lambda v, t: F.cross_entropy(v, t.long()), cross_entropy, logits, labels,
             grad=True)
    heads = [rows.floats(1, 8, 512, 64) for _ in range(3)]
    rows.add("attention", F.scaled_dot_product_attention, attention, *heads)
    rows.add("attention, causal", lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True),
             lambda q, k, v: attention(q, k, v, causal=True), *heads)
    rows.add("attention, gradient", lambda q, k, v: F.scaled_dot_product_attention(q, k, v).square().sum(),
             lambda q, k, v: jnp.square(attention(q, k, v)).sum(), *heads, grad=True)
    rows.add("linear", F.linear, lambda v, w, b: v @ w.T + b, x, rows.floats(768, 768, scale=0.03), bias)


def layer_norm(v, g, b):
    import jax

    centred = v - v.mean(-1, keepdims=True)
    return centred * jax.lax.rsqrt((centred * centred).mean(-1, keepdims=True) + 1e-5) * g + b


def convolve(v, w, groups=1):
    import jax

    return jax.lax.conv_general_dilated(v, w, (1, 1), "SAME", feature_group_count=groups,
                                        dimension_numbers=("NCHW", "OIHW", "NCHW"))


def batch_norm(v, g, b):
    import jax

    centred = v - v.mean((0, 2, 3), keepdims=True)
    scale = jax.lax.rsqrt((centred * centred).mean((0, 2, 3), keepdims=True) + 1e-5)
    return centred * scale * g[:, None, None] + b[:, None, None]


def batch_norm_torch(v, g, b):
    import torch.nn.functional as F

    return F.batch_norm(v, None, None, g, b, training=True)


def cross_entropy(logits, labels):
    import jax
    import jax.numpy as jnp

    return -jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], 1).mean()


def attention(q, k, v, causal=False):
    import jax
    import jax.numpy as jnp

    scores = q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])
    if causal:
        scores = jnp.where(jnp.tril(jnp.ones(scores.shape[-2:], bool)), scores, -jnp.inf)
    return jax.nn.softmax(scores, -1) @ v


def models(rows):
    import jax
    import jax.numpy as jnp
    import torch
    import torch.nn.functional as F

    x, labels = rows.floats(128, 784), rows.ints(128, high=10)
    weights = [rows.floats(784, 256, scale=0.05), rows.floats(256, 10, scale=0.05)]
    rows.add("perceptron", lambda v, a, b: F.relu(v @ a) @ b, lambda v, a, b: jax.nn.relu(v @ a) @ b, x, *weights)
    rows.add("perceptron, gradient", lambda a, b, v, t: F.cross_entropy(F.relu(v.detach() @ a) @ b, t.long()) + 0 * v.sum(),
             lambda a, b, v, t: cross_entropy(jax.nn.relu(jax.lax.stop_gradient(v) @ a) @ b, t) + 0 * v.sum(),
             *weights, x, labels, grad=True)
    block = [rows.floats(256, 256)] + [rows.floats(*s, scale=0.05) for s in ((256, 768), (256, 256), (256, 1024), (1024, 256))]
    rows.add("transformer block", transformer(torch, F.gelu, lambda v: F.layer_norm(v, (256,)),
                                              F.scaled_dot_product_attention, torch.transpose),
             transformer(jnp, lambda v: jax.nn.gelu(v, approximate=False), lambda v: layer_norm(v, 1.0, 0.0),
                         attention, jnp.swapaxes), *block)
    cell = [rows.floats(64, 16, 128), rows.floats(128, 512, scale=0.1), rows.floats(128, 512, scale=0.1)]
    rows.add("lstm of 64 steps", lstm_torch, lstm, *cell)


def transformer(xp, gelu, norm, attend, swap):
    def block(x, wqkv, wo, w1, w2):
        q, k, v = (swap(part.reshape(256, 8, 32), 0, 1)[None] for part in split3(norm(x) @ wqkv))
        x = x + swap(attend(q, k, v)[0], 0, 1).reshape(256, 256) @ wo
        return x + gelu(norm(x) @ w1) @ w2

    def split3(v):
        return v[:, :256], v[:, 256:512], v[:, 512:]
    return block


def lstm(xs, wx, wh):
    import jax
    import jax.numpy as jnp

    def step(state, x):
        h, c = state
        i, f, g, o = jnp.split(x @ wx + h @ wh, 4, axis=-1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h
    zeros = jnp.zeros((xs.shape[1], 128), xs.dtype)
    return jax.lax.scan(step, (zeros, zeros), xs)[1]


def lstm_torch(xs, wx, wh):
    import torch

    h = c = torch.zeros(xs.shape[1], 128)
    outputs = []
    for x in xs:
        i, f, g, o = torch.chunk(x @ wx + h @ wh, 4, dim=-1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        outputs.append(h)
    return torch.stack(outputs)


def indexing(rows):
    import jax
    import jax.numpy as jnp
    import torch
    import torch.nn.functional as F

    table, ids = rows.floats(50000, 128), rows.ints(4096, high=50000)
    rows.add("embedding", lambda t, i: F.embedding(i, t), lambda t, i: t[i], table, ids)
    rows.add("take", lambda v, i: torch.take(v, i.long()), lambda v, i: v[i], rows.floats(LONG),
             rows.ints(LONG, high=LONG))
    segments = rows.ints(65536, high=1000)
    rows.add("sum by segment", lambda v, i: torch.zeros(1000).index_add(0, i, v),
             lambda v, i: jax.ops.segment_sum(v, i, 1000), rows.floats(65536), segments)
    rows.add("roll of both axes", lambda v: torch.roll(v, (3, 5), (0, 1)),
             lambda v: jnp.roll(v, (3, 5), (0, 1)), rows.floats(1024, 1024))
    rows.add("transpose", lambda v: v.T.contiguous(), lambda v: v.T + 0, rows.floats(1024, 1024))
    rows.add("concatenate", lambda a, b: torch.cat([a, b], 1), lambda a, b: jnp.concatenate([a, b], 1),
             rows.floats(1024, 512), rows.floats(1024, 512))


def heading(options):
    import torch

    return f"""# Functions of neural networks and arrays, against PyTorch

Made by `bench/torch_ops.py --page docs/performance-torch.md` (it says what it needs): functions of PyTorch, eager and by `torch.compile`, and the same
of JAX compiled by Skarn, on the same arrays (f32, a million elements where nothing else is said). Least times of {options.rounds} rounds in which the
sides take turns, 1 thread; ratios say how many times faster Skarn is than the faster of the two. PyTorch's times have the call from Python in them
(some microseconds), Skarn's that of the C interface. PyTorch {torch.__version__}. {array_ops.conditions()}
"""


if __name__ == "__main__":
    sys.exit(array_ops.main("PyTorch", ["eager", "compiled"], define, heading))
