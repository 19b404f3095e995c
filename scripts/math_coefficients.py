#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The polynomials of src/loop/math_*.c: what each approximates, where, and how well.

  math_coefficients.py --check [NAME ...]   error of the coefficients in the sources (minutes)
  math_coefficients.py [NAME ...]           fits them anew and prints C initialisers (longer)

NAME is FILE:ARRAY without directory and suffix, as in math_f32:exp_q, or FILE:ARRAY.COLUMN. Needs
mpmath, gmpy2, numpy and scipy (any virtual environment). Exit status 1 if a coefficient array is
missing or its error is more than 1/16 bit above the one recorded below.

A fit minimises max |w (p - g)| over a Chebyshev grid with p's coefficients in the target format:
linear programming in double precision, but in an orthonormal basis and on the scaled residual,
repeated, so that any precision works. Coefficients are rounded one by one, the one whose rounding
matters most first, and the others fitted again. w makes the error relative to the function that the
polynomial serves, so log2 of the error compares with -24 (f32) or -53 (f64) for half an ULP.
"""
import functools
import os
import re
import sys

import gmpy2
import mpmath as mp
import numpy as np
from scipy.optimize import linprog

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
mp.mp.dps = 80
gmpy2.get_context().precision = 280
TINY = mp.mpf(10) ** -30
LN2, PI = mp.log(2), mp.pi


def big(x):
    return gmpy2.mpfr(mp.nstr(mp.mpf(x), 80))


def small(x):
    return mp.mpf("{0:.82g}".format(x))


def round_to(x, bits):
    if bits == 0 or x == 0:
        return mp.mpf(x)
    m, e = mp.frexp(x)
    return mp.nint(m * mp.mpf(2) ** bits) * mp.mpf(2) ** (e - bits)


def solve(target, columns, rounds=4):
    """Coefficients that minimise max |target - columns c|, and that maximum."""
    count, n = columns.shape
    q, r = columns.copy(), np.array([[gmpy2.mpfr(0)] * n for _ in range(n)], dtype=object)
    for k in range(n):
        for _ in range(2):
            for j in range(k):
                d = np.dot(q[:, j], q[:, k])
                r[j, k] += d
                q[:, k] = q[:, k] - d * q[:, j]
        r[k, k] = gmpy2.sqrt(np.dot(q[:, k], q[:, k]))
        q[:, k] = q[:, k] / r[k, k]
    doubles = q.astype(float)
    u, rest = np.array([gmpy2.mpfr(0)] * n, dtype=object), target.copy()
    best = max(abs(v) for v in rest)
    for _ in range(rounds):
        if best == 0:
            break
        b = np.array([float(v / best) for v in rest])
        ones = np.ones((count, 1))
        found = linprog(np.r_[np.zeros(n), 1],
                        A_ub=np.block([[doubles, -ones], [-doubles, -ones]]),
                        b_ub=np.concatenate([b, -b]),
                        bounds=[(None, None)] * n + [(0, None)], method="highs")
        if found.x is None:
            break
        step = np.array([gmpy2.mpfr(float(v)) * best for v in found.x[:n]], dtype=object)
        error = max(abs(v) for v in rest - q.dot(step))
        if error >= best:
            break
        u, rest, gain, best = u + step, rest - q.dot(step), best / error, error
        if gain < 1.0001:
            break
    c = [gmpy2.mpfr(0)] * n
    for k in range(n - 1, -1, -1):
        c[k] = (u[k] - sum((r[k, j] * c[j] for j in range(k + 1, n)), gmpy2.mpfr(0))) / r[k, k]
    return c, best


class Poly:
    """c[0] + c[1] x + ... close to g on [a, b] with weight w; the first `lead` are given."""

    def __init__(self, g, w, a, b, n, bits, error, lead=(), grid=300, scale=1):
        self.g, self.w, self.a, self.b = g, w, mp.mpf(a), mp.mpf(b)
        self.n, self.bits, self.error, self.lead, self.grid = n, bits, error, list(lead), grid
        self.scale = scale  # the source holds c * scale (a power of two)

    def points(self, count):
        mid, half = (self.a + self.b) / 2, (self.b - self.a) / 2
        return [mid - half * mp.cos(PI * i / (count - 1)) for i in range(count)]

    def measure(self, c):
        worst = mp.mpf(0)
        for x in self.points(2 * self.grid + 1):
            worst = max(worst, abs(self.w(x) * (mp.polyval(c[::-1], x) - self.g(x))))
        return mp.log(worst, 2)

    def fit(self):
        xs = self.points(self.grid)
        x = np.array([big(v) for v in xs], dtype=object)
        w = np.array([big(self.w(v)) for v in xs], dtype=object)
        rest = np.array([big(self.g(v)) for v in xs], dtype=object)
        column = {e: x**e if e else np.array([gmpy2.mpfr(1)] * len(xs), dtype=object)
                  for e in range(self.n)}
        done = dict(enumerate(self.lead))
        for e, v in done.items():
            rest = rest - big(v) * column[e]
        todo = [e for e in range(self.n) if e not in done]
        while todo:
            c, error = solve(w * rest, np.array([w * column[e] for e in todo], dtype=object).T)
            weight = [max(abs(v) for v in w * column[e]) * abs(v) * gmpy2.mpfr(2)**-self.bits
                      for e, v in zip(todo, c)]
            order = sorted(range(len(todo)), key=lambda k: -weight[k])
            if weight[order[0]] >= error / 4096:
                order = order[:1]
            for k in order:
                done[todo[k]] = round_to(small(c[k]), self.bits)
                rest = rest - big(done[todo[k]]) * column[todo[k]]
            todo = [e for k, e in enumerate(todo) if k not in order]
        return [done[e] for e in range(self.n)]


# ---- the functions behind the polynomials, with their limits at 0

def root(f):  # of z = x^2
    return lambda z: f(mp.sqrt(z))


def at_zero(value, f):
    return lambda x: f(x) if abs(x) > mp.mpf(10) ** -25 else mp.mpf(value)


def weight(f):
    return lambda x: abs(f(x)) if abs(x) > mp.mpf(10) ** -25 else TINY


exp_q = at_zero(0.5, lambda x: (mp.exp(x) - 1 - x) / x**2)
log_q = at_zero(-0.5, lambda f: (mp.log1p(f) - f) / f**2)
third = mp.mpf(1) / 3
tanh_q = at_zero(-third, root(lambda x: (mp.tanh(x) / x - 1) / x**2))
cbrt_q = at_zero(third, lambda e: ((1 - e) ** -third - 1) / e)
erf_q = at_zero(2 / mp.sqrt(PI) - 1, root(lambda x: mp.erf(x) / x - 1))
sin_q = at_zero(-mp.mpf(1) / 6, root(lambda r: (mp.sin(r) / r - 1) / r**2))
cos_q = at_zero(-0.5, root(lambda r: (mp.cos(r) - 1) / r**2))
cos_q2 = at_zero(mp.mpf(1) / 24, root(lambda r: ((mp.cos(r) - 1) / r**2 + mp.mpf(0.5)) / r**2))
tan_q = at_zero(third, root(lambda r: (mp.tan(r) / r - 1) / r**2))
atan_q = at_zero(-third, root(lambda q: (mp.atan(q) / q - 1) / q**2))
log_s = at_zero(mp.mpf(2) / 3, root(lambda s: (mp.log((1 + s) / (1 - s)) / s - 2) / s**2))
log2_s = at_zero(2 / LN2, root(lambda s: mp.log((1 + s) / (1 - s)) / LN2 / s))
log2_t = at_zero(2 / LN2 / 5, lambda w: ((log2_s(w) - 2 / LN2) / w - 2 / LN2 / 3) / w)
asin_q = at_zero(mp.mpf(1) / 6, root(lambda x: (mp.asin(x) / x - 1) / x**2))
sinh_q = at_zero(mp.mpf(1) / 6, root(lambda x: (mp.sinh(x) / x - 1) / x**2))
exp2_q = at_zero(LN2, lambda f: (mp.mpf(2) ** f - 1) / f)


def odd_weight(f):  # of q in f(x) = x + x z q(z)
    return weight(root(lambda x: x**3 / f(x)))


@functools.lru_cache(None)
def erfcx(a):
    return mp.exp(a * a) * mp.erfc(a)


@functools.lru_cache(None)
def erf_inv_by_x(w):
    """erf_inv(x) / x, w = -log(1 - x^2), by Halley's iteration."""
    if w <= 0:
        return mp.sqrt(PI) / 2
    x = mp.sqrt(-mp.expm1(-w))
    rest = mp.exp(-w) / (1 + x)  # 1 - x
    y = mp.sqrt(w) * mp.mpf(0.9) if w > 1 else x * mp.mpf(0.9)
    for _ in range(60):
        f = mp.erfc(y) - rest if x > 0.5 else x - mp.erf(y)
        step = -f * mp.sqrt(PI) / 2 * mp.exp(y * y)
        step /= 1 + y * step
        y -= step
        if abs(step) < mp.mpf(10) ** -40 * y:
            break
    return y / x


def erf_inv_poly(bias, w_of, a, b, n, bits, error):
    return Poly(lambda s: erf_inv_by_x(w_of(s)) - bias, lambda s: 1 / erf_inv_by_x(w_of(s)), a, b,
                n, bits, error, grid=200)


def erf_inv_q_f32():
    """q of 1 + c0 + q0 w + w q(w), in units of ln2; see math_erf_f32.c."""
    c0 = round_to(erf_inv_by_x(mp.mpf(0)) - 1, 24)
    q0 = round_to(-mp.mpf("0.22") * LN2, 12)
    return Poly(lambda w: (erf_inv_by_x(-w) - 1 - c0) / w * LN2 - q0,
                lambda w: abs(w) / LN2 / erf_inv_by_x(-w), "-4.61", "-0.0001", 9, 24, -27.86,
                scale=mp.mpf(2) ** -23, grid=400)


def erfc_poly(centre, shift, n, error, top):
    """erfcx(a) (or (a + 3) erfcx(a)) in t = (a - centre) / (a + 3)."""
    a_of = lambda t: (centre + 3) / (1 - t) - 3
    g = lambda t: erfcx(a_of(t)) * ((a_of(t) + 3) if shift else 1)
    return Poly(g, lambda t: 1 / g(t), -centre / mp.mpf(3), (top - centre) / (top + 3), n, 53,
                error, grid=250)


PSI_ROOT = mp.findroot(mp.digamma, 1.4616)


@functools.lru_cache(None)
def lgamma_by_zeros(t):  # lgamma(u) / ((u - 1) (u - 2)), u = 7/4 + t
    u = t + mp.mpf(1.75)
    for zero, sign in ((1, -1), (2, 1)):
        if abs(u - zero) < mp.mpf(10) ** -25:
            return sign * mp.digamma(zero)
    return mp.loggamma(u) / ((u - 1) * (u - 2))


@functools.lru_cache(None)
def psi_r(t):  # psi(x) / (x - root), x = t + 3/2
    x = t + mp.mpf(1.5)
    d = x - PSI_ROOT
    return mp.digamma(x) / d if abs(d) > mp.mpf(10) ** -25 else mp.psi(1, x)


i1_q = at_zero(0.5, root(lambda x: mp.besseli(1, x) / x))


@functools.lru_cache(None)
def i1e_large(t):  # sqrt(x) e^-x I1(x), 8 / x = (1 + t) / 2
    u = (1 + t) / 2
    if u < mp.mpf(10) ** -9:
        return (1 - 3 * u / 64) / mp.sqrt(2 * PI)
    x = 8 / u
    return mp.sqrt(x) * mp.exp(-x) * mp.besseli(1, x)


sin_pi = at_zero(PI, root(lambda r: mp.sin(PI * r) / r))
HALF = LN2 / 2 + mp.mpf("0.0003")
HALF64 = LN2 / 2 * mp.mpf("1.0005")
QUARTER_PI, QUARTER_PI64 = PI / 4 * mp.mpf("1.01"), PI / 4 * mp.mpf("1.001")
ROOT2 = (mp.sqrt(2) - 1) / (mp.sqrt(2) + 1) * mp.mpf("1.00001")
exp_w = weight(lambda x: x**2 / mp.exp(x))
exp_minus_w = weight(lambda x: x**2 / mp.exp(-x))
expm1_w = weight(lambda x: x**2 / mp.expm1(x))
def erf_piece(j, error):
    """b P(u) + b = erf(u + j + 1/2) with b = min(u + j + 1/2, 1); see math_erf_f32.c."""
    a_of = lambda u: u + j + mp.mpf(0.5)
    base = lambda u: min(a_of(u), mp.mpf(1))
    g = lambda u: mp.erf(a_of(u)) / base(u) - 1 if abs(a_of(u)) > TINY else 2 / mp.sqrt(PI) - 1
    w = lambda u: 1 / (1 + g(u))
    return Poly(g, w, "-0.5", "0.425" if j == 3 else "0.5", 9, 24, error)




def table():
    relative = lambda f: (lambda x: 1 / f(x))
    return {
        "math_f32:exp_q": Poly(exp_q, exp_w, -HALF, HALF, 5, 24, -28.24),
        "math_f32:exp_minus_q": Poly(lambda x: exp_q(-x), exp_minus_w, -HALF, HALF, 5, 24, -28.24),
        "math_f32:expm1_q": Poly(exp_q, expm1_w, -LN2 * mp.mpf("0.651"), LN2 * mp.mpf("0.651"), 6,
                                 24, -28.55),
        "math_f32:exp2x_k": Poly(lambda x: 1.5 * mp.exp(2 * x), lambda x: mp.exp(-2 * x) / 1.5,
                                 -HALF / 2, HALF / 2, 7, 24, -28.23),
        "math_f32:log_q": Poly(log_q, weight(lambda f: f**2 / mp.log1p(f)), -0.25, 0.5, 9, 24,
                               -27.59),
        "math_f32:tanh_q": Poly(tanh_q, odd_weight(mp.tanh), 0, mp.mpf("0.98")**2, 7, 24, -28.05),
        "math_f32:cbrt_q": Poly(cbrt_q, weight(lambda e: e), "-0.11", "0.11", 4, 24, -22.85),
        "math_erf_f32:erf_pieces.0": erf_piece(0, -26.27),
        "math_erf_f32:erf_pieces.1": erf_piece(1, -26.13),
        "math_erf_f32:erf_pieces.2": erf_piece(2, -28.97),
        "math_erf_f32:erf_pieces.3": erf_piece(3, -33.83),
        "math_erf_f32:erfc_scaled": erfc_poly(mp.mpf(3), False, 11, -29.38, mp.mpf("10.6")),
        "math_erf_f32:exp_minus": Poly(lambda x: mp.exp(-x), mp.exp, -HALF, HALF, 7, 53, -28.99),
        "math_erf_f32:log_q": Poly(log_q, weight(lambda f: f**2 / mp.log1p(f)), -0.25, 0.5, 9, 24,
                                   -27.59),
        "math_erf_f32:erf_inv_q": erf_inv_q_f32(),
        "math_erf_f32:erf_inv_tail": erf_inv_poly(2, lambda s: s + mp.mpf(7.5), "-2.95", "9.2", 12,
                                                  24, -27.01),
        "math_trig_f32:sin_q": Poly(sin_q, odd_weight(mp.sin), 0, QUARTER_PI**2, 3, 24, -27.84),
        "math_trig_f32:cos_q": Poly(cos_q, weight(root(lambda r: r**2 / mp.cos(r))), 0,
                                    QUARTER_PI**2, 4, 24, -32.74),
        "math_trig_f32:tan_q": Poly(tan_q, odd_weight(mp.tan), 0, QUARTER_PI**2, 7, 24, -29.29),
        "math_trig_f32:atan_q": Poly(atan_q, odd_weight(mp.atan), 0, 1, 8, 24, -25.82),
        "math_pow_f32:log2_q": Poly(log2_s, relative(log2_s), 0, ROOT2**2, 5, 53, -37.78),
        "math_pow_f32:exp2_p": Poly(lambda x: mp.mpf(2)**x, lambda x: mp.mpf(2)**-x, "-0.5001",
                                    "0.5001", 7, 53, -29.0),
        "math_f64:exp_q": Poly(exp_q, exp_w, -HALF64, HALF64, 10, 53, -57.9),
        "math_f64:exp_minus_q": Poly(lambda x: exp_q(-x), exp_minus_w, -HALF64, HALF64, 10, 53,
                                     -57.9),
        "math_f64:expm1_q": Poly(exp_q, expm1_w, "-0.4515", "0.4515", 11, 53, -57.09),
        "math_f64:log_r": Poly(log_s, weight(root(lambda s: s**3 / mp.log((1 + s) / (1 - s)))), 0,
                               mp.mpf("0.2001")**2, 7, 53, -55.88),
        "math_f64:cbrt_q": Poly(cbrt_q, weight(lambda e: e), "-0.11", "0.11", 4, 53, -22.85),
        "math_trig_f64:sin_q": Poly(sin_q, odd_weight(mp.sin), 0, QUARTER_PI64**2, 6, 53, -57.88),
        "math_trig_f64:cos_q": Poly(cos_q2, weight(root(lambda r: r**4 / mp.cos(r))), 0,
                                    QUARTER_PI64**2, 6, 53, -63.9),
        "math_trig_f64:tan_q": Poly(tan_q, odd_weight(mp.tan), 0, QUARTER_PI64**2, 14, 53, -56.15),
        "math_trig_f64:atan_q": Poly(atan_q, odd_weight(mp.atan), 0, "0.25001", 13, 53, -62.0),
        "math_erf_f64:erf_small": Poly(erf_q, lambda z: 1 / (1 + erf_q(z)), 0, 1, 13, 53, -56.33),
        "math_erf_f64:erf_exponent": Poly(lambda u: -mp.log(erfcx(u + mp.mpf(3.25))),
                                          lambda u: mp.erfc(u + mp.mpf(3.25)), "-2.251", "2.7", 18,
                                          53, -57.06),
        "math_erf_f64:exp_minus_q": Poly(lambda x: exp_q(-x), exp_minus_w, -HALF64, HALF64, 10, 53,
                                         -57.9),
        "math_erf_f64:erfc_s": erfc_poly(mp.mpf(3.125), True, 23, -57.0, mp.mpf("27.4")),
        "math_erf_f64:log_r": Poly(log_s, weight(root(lambda s: s**3 / mp.log((1 + s) / (1 - s)))),
                                   0, mp.mpf("0.2001")**2, 7, 53, -55.88),
        "math_erf_f64:erf_inv_centre": erf_inv_poly(1, lambda s: -s, "-5.01", 0, 22, 53, -55.86),
        "math_erf_f64:erf_inv_tail": erf_inv_poly(2, lambda s: (s + mp.mpf(2.90625))**2,
                                                  mp.sqrt("4.9") - mp.mpf(2.90625),
                                                  mp.sqrt(13) - mp.mpf(2.90625), 19, 53, -54.5),
        "math_erf_f64:erf_inv_far_tail": erf_inv_poly(2, lambda s: (s + mp.mpf(4.84375))**2,
                                                      mp.sqrt("12.9") - mp.mpf(4.84375),
                                                      mp.sqrt(37) - mp.mpf(4.84375), 21, 53, -54.8),
        "math_hyper:exp_q": Poly(exp_q, exp_w, -HALF64, HALF64, 10, 53, -57.9),
        "math_hyper:sinh_q": Poly(sinh_q, odd_weight(mp.sinh), 0, 1, 7, 53, -61.7),
        "math_hyper:asin_q": Poly(asin_q, odd_weight(mp.asin), 0, "0.2501", 13, 53, -59.8),
        "math_hyper:atan_q": Poly(atan_q, odd_weight(mp.atan), 0, "0.25001", 13, 53, -62.0),
        "math_hyper:atan_f32_q": Poly(atan_q, odd_weight(mp.atan), 0, 1, 9, 24, -28.5),
        "math_gamma:lgamma_q": Poly(lgamma_by_zeros, lambda t: 1 / lgamma_by_zeros(t), "-0.75",
                                    "0.75", 25, 53, -54.8),
        "math_gamma:sin_pi": Poly(sin_pi, lambda z: 1 / sin_pi(z), 0, "0.25", 9, 53, -54.5),
        "math_gamma:psi_r": Poly(psi_r, lambda t: 1 / psi_r(t), "-0.5", "0.5", 24, 53, -54.25),
        "math_bessel:i1_q": Poly(i1_q, lambda z: 1 / i1_q(z), 0, 64, 15, 53, -56.3, grid=200),
        "math_bessel:i1e_large": Poly(i1e_large, lambda t: 1 / i1e_large(t), -1, 1, 27, 53, -56.25,
                                      grid=200),
        "math_pow_f64:log2_t": Poly(log2_t, lambda w: w**2 / (2 / LN2) + TINY, 0, ROOT2**2, 8, 53,
                                    -73.4),
        "math_pow_f64:exp2_q": Poly(exp2_q, weight(lambda x: x / mp.mpf(2)**x), "-0.5001",
                                    "0.5001", 12, 53, -59.7),
    }


def source_coefficients(name):
    file, array = name.split(":")
    array, _, column = array.partition(".")
    with open(os.path.join(ROOT, "src", "loop", file + ".c")) as f:
        source = f.read()
    if column:
        found = re.search(r"static const \w+ %s\[\]\[\d\] = \{(.*?)\};" % array, source, re.S)
        rows = re.findall(r"\{([^}]*)\}", found.group(1)) if found else []
        numbers = [row.split(",")[int(column)].strip().rstrip("f") for row in rows]
        return [mp.mpf(float.fromhex(v)) for v in numbers] or None
    found = re.search(r"static const \w+ %s\[\] = \{([^}]*)\}" % array, source)
    if not found:
        return None
    return [mp.mpf(float.fromhex(v.strip().rstrip("f"))) for v in found.group(1).split(",")]


def print_initialiser(name, poly, c, suffix):
    numbers = [re.sub(r"\.?0*p", "p", float(v * poly.scale).hex()) + suffix for v in c]
    print(f"// {name}: 2^{mp.nstr(poly.measure(c), 5)}\n{{{', '.join(numbers)}}}", flush=True)


def main():
    names = [a for a in sys.argv[1:] if a != "--check"]
    bad = False
    for name, poly in table().items():
        if names and name not in names:
            continue
        if "--check" not in sys.argv:
            print_initialiser(name, poly, poly.fit(), "f" if poly.bits == 24 else "")
            continue
        c = source_coefficients(name)
        if c is None or len(c) != poly.n:
            print(f"{name}: not found")
            bad = True
            continue
        error = poly.measure([v / poly.scale for v in c])
        good = error <= poly.error + mp.mpf(1) / 16
        bad |= not good
        verdict = "" if good else f" (recorded 2^{poly.error})"
        print(f"{name}: error 2^{mp.nstr(error, 5)}{verdict}", flush=True)
    return bad


if __name__ == "__main__":
    sys.exit(main())
