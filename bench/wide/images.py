# SPDX-License-Identifier: Apache-2.0
"""Images and signals."""

import jax
import jax.numpy as jnp
from jax import lax

from wide.common import Entry, centred, f32, i32


def gaussian_blur(image):
    """Nine taps along each axis, from shifted slices."""
    taps = jnp.exp(-0.5 * (jnp.arange(9) - 4.0) ** 2 / 4.0)
    taps = taps / jnp.sum(taps)
    p = jnp.pad(image, ((4, 4), (0, 0)), mode="edge")
    rows = sum(taps[i] * p[i:i + image.shape[0]] for i in range(9))
    p = jnp.pad(rows, ((0, 0), (4, 4)), mode="edge")
    return sum(taps[i] * p[:, i:i + image.shape[1]] for i in range(9))


def blur_by_convolution(images, kernel):
    """A depthwise 5 x 5 convolution over 16 channels."""
    return lax.conv_general_dilated(
        images, kernel, (1, 1), "SAME", feature_group_count=16,
        dimension_numbers=("NHWC", "HWIO", "NHWC"))


def sobel(image):
    p = jnp.pad(image, 1)
    top, middle, bottom = p[:-2], p[1:-1], p[2:]
    gx = (top[:, 2:] - top[:, :-2] + 2.0 * (middle[:, 2:] - middle[:, :-2])
          + bottom[:, 2:] - bottom[:, :-2])
    gy = (bottom[:, :-2] + 2.0 * bottom[:, 1:-1] + bottom[:, 2:]
          - top[:, :-2] - 2.0 * top[:, 1:-1] - top[:, 2:])
    size = jnp.sqrt(gx * gx + gy * gy)
    return size, jnp.arctan2(gy, gx), (size > 1.0).astype(jnp.uint8)


def bilinear_warp(image, angle):
    """Rotation about the centre with four gathered neighbours per pixel."""
    n, m = image.shape
    y, x = jnp.meshgrid(jnp.arange(n) - n / 2, jnp.arange(m) - m / 2, indexing="ij")
    c, s = jnp.cos(angle), jnp.sin(angle)
    sx, sy = c * x - s * y + m / 2, s * x + c * y + n / 2
    x0, y0 = jnp.floor(sx), jnp.floor(sy)
    fx, fy = sx - x0, sy - y0
    xi, yi = x0.astype(jnp.int32), y0.astype(jnp.int32)

    def at(i, j):
        return image[jnp.clip(i, 0, n - 1), jnp.clip(j, 0, m - 1)]

    top = at(yi, xi) * (1.0 - fx) + at(yi, xi + 1) * fx
    bottom = at(yi + 1, xi) * (1.0 - fx) + at(yi + 1, xi + 1) * fx
    return top * (1.0 - fy) + bottom * fy


def equalise(image):
    """Histogram by scatter, its sums, and a table look-up."""
    level = jnp.clip((image * 256.0).astype(jnp.int32), 0, 255)
    counts = jnp.zeros(256, jnp.int32).at[level.reshape(-1)].add(1)
    table = jnp.cumsum(counts).astype(jnp.float32) / image.size
    return table[level]


def median_filter(image):
    """The median of 3 x 3 by a network of minima and maxima."""
    p = jnp.pad(image, 1, mode="edge")
    n, m = image.shape
    v = [p[i:i + n, j:j + m] for i in range(3) for j in range(3)]

    def order(a, b):
        v[a], v[b] = jnp.minimum(v[a], v[b]), jnp.maximum(v[a], v[b])

    for a, b in ((1, 2), (4, 5), (7, 8), (0, 1), (3, 4), (6, 7), (1, 2), (4, 5), (7, 8), (0, 3),
                 (5, 8), (4, 7), (3, 6), (1, 4), (2, 5), (4, 7), (4, 2), (6, 4), (4, 2)):
        order(a, b)
    return v[4]


def bytes_to_luma(pixels):
    """Three bytes to a grey value, scaled and normalised by image."""
    x = pixels.astype(jnp.float32) / 3.0
    grey = x[..., 0] * 0.299 + x[..., 1] * 0.587 + x[..., 2] * 0.114
    mean = jnp.mean(grey, axis=(1, 2), keepdims=True)
    deviation = jnp.std(grey, axis=(1, 2), keepdims=True)
    return (grey - mean) / (deviation + 1e-3)


def dithering(image):
    """Error diffusion along rows: every pixel waits for the one on its left."""

    def step(error, column):
        value = column + error
        out = (value > 0.5).astype(jnp.float32)
        return value - out, out

    return lax.scan(step, jnp.zeros(image.shape[0]), image.T)[1].T


def block_transform(image):
    """The 8 x 8 cosine transform of all blocks, quantised and transformed back."""
    k = jnp.arange(8.0)
    basis = jnp.cos((2.0 * k[None] + 1.0) * k[:, None] * jnp.pi / 16.0) * 0.5
    basis = basis.at[0].multiply(0.7071067811865476)
    n, m = image.shape
    blocks = image.reshape(n // 8, 8, m // 8, 8).transpose(0, 2, 1, 3)
    spectrum = jnp.einsum("ui,abij,vj->abuv", basis, blocks, basis)
    kept = jnp.where(jnp.abs(spectrum) > 0.1, spectrum, 0.0)
    back = jnp.einsum("ui,abuv,vj->abij", basis, kept, basis)
    return back.transpose(0, 2, 1, 3).reshape(n, m)


def spectrogram(signal):
    """Windows of 256 samples, their transforms, and the logarithm of the power."""
    starts = jnp.arange(120) * 128
    frames = jax.vmap(lambda s: lax.dynamic_slice(signal, (s,), (256,)))(starts)
    window = 0.5 - 0.5 * jnp.cos(2 * jnp.pi * jnp.arange(256) / 256)
    power = jnp.abs(jnp.fft.rfft(frames * window)) ** 2
    return jnp.log(power + 1e-3)


def integral_image(image):
    """Sums over all rectangles from the corner, and box means from them."""
    total = jnp.pad(jnp.cumsum(jnp.cumsum(centred(image), axis=0), axis=1), ((1, 0), (1, 0)))
    return (total[8:, 8:] - total[:-8, 8:] - total[8:, :-8] + total[:-8, :-8]) / 64.0


PROGRAMS = (
    Entry("gaussian_blur", gaussian_blur, (f32(512, 512),)),
    Entry("blur_by_convolution", blur_by_convolution, (f32(1, 128, 128, 16), f32(5, 5, 1, 16))),
    Entry("sobel", sobel, (f32(512, 512),)),
    Entry("bilinear_warp", bilinear_warp, (f32(256, 256), f32()), tolerance=1e-3),
    Entry("equalise", equalise, (f32(256, 256),)),
    Entry("median_filter", median_filter, (f32(512, 512),)),
    Entry("bytes_to_luma", bytes_to_luma,
          (jax.ShapeDtypeStruct((4, 256, 256, 3), jnp.uint8),)),
    Entry("dithering", dithering, (f32(256, 256),)),
    Entry("block_transform", block_transform, (f32(256, 256),), tolerance=1e-4),
    Entry("spectrogram", spectrogram, (f32(16384),), tolerance=1e-4),
    Entry("integral_image", integral_image, (f32(256, 256),), tolerance=1e-3),
)
