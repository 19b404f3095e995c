// SPDX-License-Identifier: Apache-2.0
// See math_case.h.
#include "support/math_case.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/hash.h"

// ---- what is wanted

#define WANT_1(name, f64_expression, f80_expression)                                               \
  static double name##_f32(double x, double y) {                                                   \
    (void)y;                                                                                       \
    return f64_expression;                                                                         \
  }                                                                                                \
  static long double name##_f64(long double x, long double y) {                                    \
    (void)y;                                                                                       \
    return f80_expression;                                                                         \
  }

static double logistic_double(double x) {
  return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
}

static long double logistic_long(long double x) {
  return x >= 0 ? 1 / (1 + expl(-x)) : expl(x) / (1 + expl(x));
}

// Newton's method (Halley's variant) on erf below 0.5 and on erfc above, where 1 - |x| is exact.
static long double erf_inv_long(long double x) {
  const long double pi = 3.14159265358979323846264338327950288L, a = fabsl(x);
  if (!(a < 1)) {
    return a == 1 ? x * HUGE_VALL : (long double)NAN;
  }
  if (a < 0x1p-40L) {
    return x * sqrtl(pi) / 2;
  }
  const long double w = logl((1 - a) * (1 + a)), t = 2 / (pi * 0.147L) + w / 2;
  long double y = sqrtl(sqrtl(t * t - w / 0.147L) - t);  // within 0.3 %
  for (int i = 0; i < 3; i++) {                          // each triples the digits
    const long double rest = a < 0.5L ? erfl(y) - a : (1 - a) - erfcl(y);
    const long double step = rest * sqrtl(pi) / 2 * expl(y * y);
    y -= step / (1 + y * step);
  }
  return copysignl(y, x);
}

static double erf_inv_double(double x) {  // the same in f64, for speed
  const double pi = 3.14159265358979323846, a = fabs(x);
  if (!(a < 1) || a < 0x1p-26) {
    return a < 1 ? x * sqrt(pi) / 2 : (double)erf_inv_long((long double)x);
  }
  const double w = log((1 - a) * (1 + a)), t = 2 / (pi * 0.147) + w / 2;
  double y = sqrt(sqrt(t * t - w / 0.147) - t);
  for (int i = 0; i < 2; i++) {
    const double rest = a < 0.5 ? erf(y) - a : (1 - a) - erfc(y);
    const double step = rest * sqrt(pi) / 2 * exp(y * y);
    y -= step / (1 + y * step);
  }
  return copysign(y, x);
}

WANT_1(exp, exp(x), expl(x))
WANT_1(expm1, expm1(x), expm1l(x))
WANT_1(log, log(x), logl(x))
WANT_1(log1p, log1p(x), log1pl(x))
WANT_1(logistic, logistic_double(x), logistic_long(x))
WANT_1(tanh, tanh(x), tanhl(x))
WANT_1(erf, erf(x), erfl(x))
WANT_1(erfc, erfc(x), erfcl(x))
WANT_1(erf_inv, erf_inv_double(x), erf_inv_long(x))
WANT_1(sin, sin(x), sinl(x))
WANT_1(cos, cos(x), cosl(x))
WANT_1(tan, tan(x), tanl(x))
WANT_1(rsqrt, 1 / sqrt(x), 1 / sqrtl(x))
WANT_1(cbrt, cbrt(x), cbrtl(x))
// psi close to its positive root: Taylor's series around it.
static long double digamma_at_root(long double x) {
  static const long double c[] = {
      0.967672245447621170427L,   -0.442763168983592106093L,  0.258499760955651010624L,
      -0.163942705442406527504L,  0.107824050691262365757L,   -0.0721995612564547109261L,
      0.0488042881641431072251L,  -0.0331611264748473592923L, 0.0225976482322181046596L,
      -0.0154247659049489591388L, 0.0105387916166121753881L,  -0.00720453438635686824097L,
      0.00492678139572985344635L, -0.00336980165543932808279L};
  const long double d = (x - 0x1.762d86356be3fp+0L) - 9.549995429965697715184e-17L;
  long double p = 0;
  for (size_t k = SK_COUNT(c); k-- > 0;) {
    p = (p + c[k]) * d;
  }
  return p;
}

// psi: recurrence up to 40, then Stirling's series; reflection below 0.
static long double digamma_long(long double x) {
  const long double pi = 3.14159265358979323846264338327950288L;
  static const long double b[] = {1.0L / 12,  -1.0L / 120,     1.0L / 252, -1.0L / 240,
                                  1.0L / 132, -691.0L / 32760, 1.0L / 12};  // B_2k / 2k
  long double sum = 0, series = 0;
  if (x > 1.42L && x < 1.5L) {
    return digamma_at_root(x);
  }
  if (!(x > 0)) {
    if (isnan(x) || x == floorl(x)) {
      return (long double)NAN;
    }
    sum = -pi / tanl(pi * (x - rintl(x)));
    x = 1 - x;
  }
  for (; x < 40; x++) {
    sum -= 1 / x;
  }
  for (size_t k = SK_COUNT(b); k-- > 0;) {
    series = (series + b[k]) / (x * x);
  }
  return isinf(x) ? x : sum + (logl(x) - 1 / (2 * x) - series);
}

// e^-|x| I1(x): power series up to 40, then the asymptotic one.
static long double i1e_long(long double x) {
  const long double a = fabsl(x), pi = 3.14159265358979323846264338327950288L;
  long double sum = 0, term = a <= 40 ? a / 2 : 1;
  for (int k = 1; k < 200 && fabsl(term) > sum * 0x1p-70L; k++) {
    sum += term;
    const long double odd = 2 * k - 1;
    term *= a <= 40 ? a * a / 4 / k / (k + 1) : (odd * odd - 4) / (8 * a * k);
  }
  sum = a <= 40 ? sum * expl(-a) : sum / sqrtl(2 * pi * a);
  return isnan(x) ? x : copysignl(sum, x);
}

WANT_1(lgamma, lgamma(x), lgammal(x))
WANT_1(digamma, (double)digamma_long((long double)x), digamma_long(x))
WANT_1(bessel_i1e, (double)i1e_long((long double)x), i1e_long(x))
WANT_1(sinh, sinh(x), sinhl(x))
WANT_1(cosh, cosh(x), coshl(x))
WANT_1(asin, asin(x), asinl(x))
WANT_1(acos, acos(x), acosl(x))
WANT_1(atan, atan(x), atanl(x))
WANT_1(asinh, asinh(x), asinhl(x))
WANT_1(acosh, acosh(x), acoshl(x))
WANT_1(atanh, atanh(x), atanhl(x))
static double pow_f32(double x, double y) { return pow(x, y); }
static double atan2_f32(double x, double y) { return atan2(x, y); }
static double rem_f32(double x, double y) { return fmod(x, y); }
static long double rem_f64(long double x, long double y) { return fmodl(x, y); }
static long double pow_f64(long double x, long double y) { return powl(x, y); }
static long double atan2_f64(long double x, long double y) { return atan2l(x, y); }

// exp where the argument is known not to be positive has an expansion of its own.
static sk_val falling_exp(sk_build *b, sk_val x) {
  return sk_math_exp_f32(b, sk_build_1(b, SK_L_FNEG, sk_build_1(b, SK_L_FABS, x)));
}
static double falling_exp_f32(double x, double y) {
  (void)y;
  return exp(-fabs(x));
}
// The sign of a negation moves into the constants.
static sk_val negated_exp(sk_build *b, sk_val x) {
  return sk_math_exp_f32(b, sk_build_1(b, SK_L_FNEG, x));
}
static double negated_exp_f32(double x, double y) {
  (void)y;
  return exp(-x);
}

#define ONE(name, limit_f32, limit_f64)                                                            \
  {#name "_f32", SK_LT_F32, sk_math_##name##_f32, NULL, name##_f32, NULL, limit_f32, MATH_ALL}, {  \
#name "_f64", SK_LT_F64, sk_math_##name##_f64, NULL, NULL, name##_f64, limit_f64, MATH_ALL     \
  }
#define TWO(name, limit)                                                                           \
  {#name "_f32", SK_LT_F32, NULL, sk_math_##name##_f32, name##_f32, NULL, limit, MATH_ALL}, {      \
#name "_f64", SK_LT_F64, NULL, sk_math_##name##_f64, NULL, name##_f64, limit, MATH_ALL         \
  }

const math_case math_cases[] = {
    ONE(exp, 1, 1),
    ONE(expm1, 1, 1),
    ONE(log, 1, 1),
    ONE(log1p, 1, 1),
    ONE(logistic, 1, 1),
    ONE(tanh, 1, 1),
    ONE(erf, 1, 2),
    ONE(erfc, 1, 2),
    ONE(erf_inv, 1, 2),
    ONE(sin, 1, 1),
    ONE(cos, 1, 1),
    ONE(tan, 1, 1),
    ONE(rsqrt, 1, 1),
    ONE(cbrt, 1, 1),
    TWO(pow, 2),
    TWO(atan2, 2),
    TWO(rem, 0),
    ONE(sinh, 1, 1),
    ONE(cosh, 1, 1),
    ONE(asin, 1, 1),
    ONE(acos, 1, 1),
    ONE(atan, 1, 1),
    ONE(asinh, 1, 1),
    ONE(acosh, 1, 1),
    ONE(atanh, 1, 1),
    {"falling_exp_f32", SK_LT_F32, falling_exp, NULL, falling_exp_f32, NULL, 1, MATH_ALL},
    {"negated_exp_f32", SK_LT_F32, negated_exp, NULL, negated_exp_f32, NULL, 1, MATH_ALL},
    ONE(bessel_i1e, 1, 3),
    {"lgamma_f32", SK_LT_F32, sk_math_lgamma_f32, NULL, lgamma_f32, NULL, 1, MATH_ALL},
    {"lgamma_f64", SK_LT_F64, sk_math_lgamma_f64, NULL, NULL, lgamma_f64, 3, MATH_POSITIVE},
    {"digamma_f32", SK_LT_F32, sk_math_digamma_f32, NULL, digamma_f32, NULL, 1, MATH_ALL},
    {"digamma_f64", SK_LT_F64, sk_math_digamma_f64, NULL, NULL, digamma_f64, 3, MATH_POSITIVE},
};
const uint32_t math_case_count = SK_COUNT(math_cases);

// ---- the kernel: out[i] = f(x[i], y[i])

struct math_fn {
  sk_arena arena;
  jmp_buf bail;
  sk_prog prog;
  uint32_t arity, op_count;
  int64_t n;
  void *code;  // mapped, or NULL: run by the loop runner
  size_t code_bytes;
  sk_entry_fn entry;
  sk_frame *frame;
  void *builtins[SK_BUILTIN_COUNT];
};

static uint32_t add_buffer(math_fn *fn, const math_case *c, sk_buf_kind kind, uint32_t index) {
  const sk_mem mem = c->type == SK_LT_F32 ? SK_MEM_F32 : SK_MEM_F64;
  const sk_buf buf = {.kind = (uint8_t)kind,
                      .mem = (uint8_t)mem,
                      .slot = 1,
                      .index = index,
                      .slot_index = kind == SK_BUF_RESULT ? fn->arity : index,
                      .elems = fn->n,
                      .offset = -1};
  return sk_prog_add_buf(&fn->prog, &buf);
}

static uint32_t add_access(sk_build *b, uint32_t buf, sk_mem mem) {
  const uint32_t access = sk_build_access(b, buf, mem, 0);
  sk_build_set_stride(b, access, 0, 1);
  return access;
}

static void build_program(math_fn *fn, const math_case *c) {
  const sk_mem mem = c->type == SK_LT_F32 ? SK_MEM_F32 : SK_MEM_F64;
  const sk_val none = {0};
  sk_prog_init(&fn->prog, &fn->arena, c->name);
  const uint32_t x_buf = add_buffer(fn, c, SK_BUF_ARG, 0);
  const uint32_t y_buf = fn->arity == 2 ? add_buffer(fn, c, SK_BUF_ARG, 1) : 0;
  const uint32_t out_buf = add_buffer(fn, c, SK_BUF_RESULT, 0);
  const uint32_t kernel = sk_prog_add_kernel(&fn->prog, c->name);
  sk_build b;
  sk_build_init(&b, &fn->prog, kernel, 1, &fn->arena);
  sk_build_loop(&b, SK_LOOP_PAR, fn->n, 1);
  const sk_val x = sk_build_load(&b, add_access(&b, x_buf, mem), none, none);
  sk_val v;
  if (c->one != NULL) {
    v = c->one(&b, x);
  } else {
    v = c->two(&b, x, sk_build_load(&b, add_access(&b, y_buf, mem), none, none));
  }
  sk_build_store(&b, add_access(&b, out_buf, mem), v, none, none);
  sk_build_end_loop(&b, NULL, NULL, 0);
  sk_build_finish(&b);
  const sk_stmt stmt = {.kind = SK_STMT_KERNEL, .kernel = kernel, .grain = fn->n, .align = 1};
  fn->prog.body = sk_prog_add_stmt(&fn->prog, &stmt);
  fn->prog.arg_count = fn->arity;
  fn->prog.result_count = 1;
  fn->prog.slot_count = fn->arity + 1;
  const sk_kernel *k = &fn->prog.kernels.data[kernel];
  for (uint32_t i = 1; i < k->insts.count; i++) {
    const sk_lop op = (sk_lop)k->insts.data[i].op;
    fn->op_count += sk_lop_is_pure(op) && op != SK_L_CONST && op != SK_L_BITCAST;
  }
}

static void run_whole(sk_frame *frame, sk_kernel_fn kernel, int64_t total, int64_t grain,
                      int64_t align) {
  (void)grain;
  (void)align;
  kernel(frame, 0, total, frame->scratch);
}

// Constant buffers one after another, as schedule would place them.
static void place_constants(math_fn *fn) {
  uint64_t bytes = 0;
  for (uint32_t i = 1; i < fn->prog.bufs.count; i++) {
    sk_buf *buf = &fn->prog.bufs.data[i];
    if (buf->kind == SK_BUF_CONST) {
      buf->offset = (int64_t)bytes;
      bytes += ((uint64_t)buf->elems * sk_mem_bytes((sk_mem)buf->mem) + 63) / 64 * 64;
    }
  }
  fn->prog.const_bytes = bytes;
  char *pool = sk_arena_alloc(&fn->arena, bytes + 64, 64);
  for (uint32_t i = 1; i < fn->prog.bufs.count; i++) {
    const sk_buf *buf = &fn->prog.bufs.data[i];
    if (buf->kind == SK_BUF_CONST) {
      memcpy(pool + buf->offset, buf->data, (size_t)buf->elems * sk_mem_bytes((sk_mem)buf->mem));
    }
  }
  fn->frame->consts = pool;
}

static sk_status generate(math_fn *fn, sk_isa isa) {
  const uint32_t vector_bytes = isa == SK_ISA_V4 ? 64 : 32;
  place_constants(fn);
  sk_loop_vectorise(&fn->prog, vector_bytes);
  const sk_gen_options options = {.isa = isa, .vector_bytes = vector_bytes};
  sk_gen_code code;
  sk_status status = sk_gen_program(&fn->prog, &options, &fn->arena, &code);
  if (status != NULL) {
    return status;
  }
  fn->code_bytes = code.length;
  void *map = mmap(NULL, code.length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (map == MAP_FAILED) {
    return sk_status_no_memory();
  }
  memcpy(map, code.bytes, code.length);
  mprotect(map, code.length, PROT_READ | PROT_EXEC);
  fn->code = map;
  const char *entry = (const char *)map + code.entry;
  memcpy(&fn->entry, &entry, sizeof entry);
  const sk_parallel_fn parallel = run_whole;
  memcpy(&fn->builtins[SK_BUILTIN_PARALLEL], &parallel, sizeof parallel);
  fn->frame->builtins = fn->builtins;
  return NULL;
}

static sk_status make(math_fn *fn, const math_case *c, sk_isa isa) {
  if (setjmp(fn->bail) != 0) {
    return sk_status_no_memory();
  }
  fn->arena.bail = &fn->bail;
  build_program(fn, c);
  sk_status status = sk_prog_verify(&fn->prog);
  return status == NULL && isa != SK_ISA_NONE ? generate(fn, isa) : status;
}

math_fn *math_fn_new(const math_case *c, int64_t n, sk_isa isa, char message[MATH_MESSAGE_BYTES]) {
  math_fn *fn = calloc(1, sizeof *fn);
  if (fn == NULL || (fn->frame = calloc(1, sizeof *fn->frame + 3 * sizeof(void *))) == NULL) {
    abort();
  }
  fn->n = n;
  fn->arity = c->one != NULL ? 1 : 2;
  sk_arena_init(&fn->arena);
  sk_status status = make(fn, c, isa);
  if (status != NULL) {
    sk_status_format(status, message, MATH_MESSAGE_BYTES);
    sk_status_free(status);
    math_fn_free(fn);
    return NULL;
  }
  return fn;
}

void math_fn_free(math_fn *fn) {
  if (fn != NULL) {
    if (fn->code != NULL) {
      munmap(fn->code, fn->code_bytes);
    }
    sk_arena_fini(&fn->arena);
    free(fn->frame);
    free(fn);
  }
}

uint32_t math_fn_op_count(const math_fn *fn) { return fn->op_count; }

static void *writable(const void *data) {  // arguments are only read
  void *p;
  memcpy(&p, &data, sizeof p);
  return p;
}

void math_fn_run(math_fn *fn, const void *x, const void *y, void *out) {
  void *args[2] = {writable(x), writable(y)}, *results[1] = {out};
  if (fn->code == NULL) {
    sk_status status = sk_prog_run(&fn->prog, NULL, args, results);
    if (status != NULL) {
      abort();
    }
    return;
  }
  fn->frame->slots[0] = args[0];
  fn->frame->slots[1] = args[1];
  fn->frame->slots[fn->arity] = out;
  fn->entry(fn->frame);
}

// ---- comparing

static double ulp_f32(double want) {
  int e;
  frexp(want, &e);
  return ldexp(1.0, SK_MIN(SK_MAX(e, -125), 128) - 24);
}

static long double ulp_f64(long double want) {
  int e;
  frexpl(want, &e);
  return ldexpl(1.0L, SK_MIN(SK_MAX(e, -1021), 1024) - 53);
}

// Error in ULP; -1: wrong special. `limit` is 2^128 or 2^1024.
static double error_of(long double got, long double want, long double rounded, long double limit,
                       long double ulp) {
  if (isnan(want) || isnan(got)) {
    return isnan(want) && isnan(got) ? 0 : -1;
  }
  if (got == rounded) {
    return (got == 0 && signbit(got) != signbit(want)) ? -1
           : isinf(want)                               ? 0
           : isinf(got)                                ? 0
                                                       : (double)(fabsl(got - want) / ulp);
  }
  if (isinf(want) || (got == 0 && signbit(got) != signbit(want))) {
    return -1;
  }
  const long double bounded = isinf(got) ? copysignl(limit, got) : got;
  return (double)(fabsl(bounded - want) / ulp);
}

static void note(math_report *report, const math_case *c, double error, uint64_t x, uint64_t y) {
  report->count++;
  if (error < 0) {
    if (report->wrong++ == 0) {
      report->wrong_x = x;
      report->wrong_y = y;
    }
    return;
  }
  report->above_half += error > 0.5;
  report->above_limit += error > c->limit;
  if (error > report->worst) {
    report->worst = error;
    report->worst_x = x;
    report->worst_y = y;
  }
}

static uint64_t bits_of(const void *data, int64_t i, size_t bytes) {
  uint64_t bits = 0;
  if (data != NULL) {
    memcpy(&bits, (const char *)data + (size_t)i * bytes, bytes);
  }
  return bits;
}

static float f32_of(const void *data, int64_t i) {
  float v = 0;
  if (data != NULL) {
    memcpy(&v, (const char *)data + (size_t)i * sizeof v, sizeof v);
  }
  return v;
}

static double f64_of(const void *data, int64_t i) {
  double v = 0;
  if (data != NULL) {
    memcpy(&v, (const char *)data + (size_t)i * sizeof v, sizeof v);
  }
  return v;
}

// Error of an ordinary f32 result, quickly; negative: to be looked at closely. The ULP comes from
// the exponent of the wanted number.
static double quick_error_f32(double got, double want) {
  uint64_t bits;
  memcpy(&bits, &want, sizeof bits);
  if (got == want) {
    return got != 0 || signbit(got) == signbit(want) ? 0 : -1;
  }
  const double size = fabs(want);
  if (!(size >= 0x1p-126 && size < 0x1p127) || !(fabs(got) < 0x1p127)) {
    return -1;
  }
  bits = ((UINT64_C(2046) + 23) << 52) - (bits & UINT64_C(0x7FF0000000000000));  // 1 / ULP
  double inverse;
  memcpy(&inverse, &bits, sizeof inverse);
  return fabs(got - want) * inverse;
}

static double error_f32(const math_case *c, const void *x, const void *y, const void *got,
                        int64_t i) {
  const double want = c->want_f32((double)f32_of(x, i), (double)f32_of(y, i));
  const double v = (double)f32_of(got, i), quick = quick_error_f32(v, want);
  if (quick >= 0) {
    return quick;
  }
  const long double rounded = (long double)(float)want, ulp = (long double)ulp_f32(want);
  return error_of((long double)v, (long double)want, rounded, 0x1p128L, ulp);
}

static double error_f64(const math_case *c, const void *x, const void *y, const void *got,
                        int64_t i) {
  const long double want = c->want_f64((long double)f64_of(x, i), (long double)f64_of(y, i));
  const long double rounded = (long double)(double)want;
  return error_of((long double)f64_of(got, i), want, rounded, 0x1p1024L, ulp_f64(want));
}

static bool is_compared(const math_case *c, const void *x, const void *y, int64_t i) {
  const bool f32 = c->type == SK_LT_F32;
  const double a = f32 ? (double)f32_of(x, i) : f64_of(x, i);
  const double b = y == NULL ? 0 : f32 ? (double)f32_of(y, i) : f64_of(y, i);
  switch (c->domain) {
    case MATH_ALL: return true;
    case MATH_FINITE: return isfinite(a) && isfinite(b);
    case MATH_POSITIVE: return a > 0;
  }
  return true;
}

void math_report_add(math_report *report, const math_case *c, const void *x, const void *y,
                     const void *got, int64_t n) {
  const size_t bytes = sk_lt_bytes(c->type);
  for (int64_t i = 0; i < n; i++) {
    if (!is_compared(c, x, y, i)) {
      continue;
    }
    const double error =
        c->type == SK_LT_F32 ? error_f32(c, x, y, got, i) : error_f64(c, x, y, got, i);
    note(report, c, error, bits_of(x, i, bytes), bits_of(y, i, bytes));
  }
}

void math_report_merge(math_report *into, const math_report *from) {
  const math_report old = *into;
  *into = from->worst > old.worst ? *from : old;
  into->count = old.count + from->count;
  into->above_half = old.above_half + from->above_half;
  into->above_limit = old.above_limit + from->above_limit;
  into->wrong = old.wrong + from->wrong;
  into->wrong_x = old.wrong != 0 ? old.wrong_x : from->wrong_x;
  into->wrong_y = old.wrong != 0 ? old.wrong_y : from->wrong_y;
}

bool math_report_is_good(const math_report *report) {
  return report->above_limit == 0 && report->wrong == 0;
}

static void print_bits(const math_case *c, uint64_t x, uint64_t y) {
  const int digits = c->type == SK_LT_F32 ? 8 : 16;
  printf("%0*llx", digits, (unsigned long long)x);
  if (c->two != NULL) {
    printf(" %0*llx", digits, (unsigned long long)y);
  }
}

void math_report_print(const math_report *report, const math_case *c, uint32_t ops) {
  printf("%-13s %3u ops %12llu inputs  max %.4f ULP at ", c->name, ops,
         (unsigned long long)report->count, report->worst);
  print_bits(c, report->worst_x, report->worst_y);
  printf("  above 0.5: %.4f %%  above %.0f: %llu  wrong specials: %llu",
         100.0 * (double)report->above_half / (double)SK_MAX(report->count, 1), c->limit,
         (unsigned long long)report->above_limit, (unsigned long long)report->wrong);
  if (report->wrong != 0) {
    printf(" first ");
    print_bits(c, report->wrong_x, report->wrong_y);
  }
  printf("\n");
  fflush(stdout);
}

// ---- arguments

static const double specials[] = {
    0.0,
    1.0,
    2.0,
    3.0,
    0.5,
    1.5,
    0.25,
    0.75,
    0.85,
    0.98,
    0.45,
    10.0,
    17.5,
    37.0,
    88.7,
    89.5,
    103.9,
    104.5,
    150.0,
    200.0,
    709.7,
    710.5,
    745.1,
    746.0,
    1600.0,
    1601.0,
    1e5,
    16777215.,
    16777216.,
    16777217.,
    8388607.5,
    0x1p46,
    0x1p47,
    0x1p100,
    1e-3,
    1e-10,
    0.9949,
    0.9951,
    0.9999999,
    3.92,
    4.1,
    10.05,
    10.6,
    27.3,
    3.14159265358979,
    1.5707963267949,
    0.785398163397448,
};
static const uint32_t special_f32[] = {0x7F800000, 0x7FC00000, 0x7F800001, 0x7F7FFFFF, 0x00000001,
                                       0x007FFFFF, 0x00800000, 0x00800001, 0x3F7FFFFF, 0x3F800001};
static const uint64_t special_f64[] = {0x7FF0000000000000, 0x7FF8000000000000, 0x7FF0000000000001,
                                       0x7FEFFFFFFFFFFFFF, 0x0000000000000001, 0x000FFFFFFFFFFFFF,
                                       0x0010000000000000, 0x0010000000000001, 0x3FEFFFFFFFFFFFFF,
                                       0x3FF0000000000001, 0x4340000000000001, 0x433FFFFFFFFFFFFF};

static uint64_t special_bits(sk_lt type, uint64_t index) {
  const uint64_t half = index / 2, negative = index % 2;
  if (type == SK_LT_F32) {
    uint32_t bits;
    if (half < SK_COUNT(specials)) {
      const float v = (float)specials[half];
      memcpy(&bits, &v, sizeof bits);
    } else {
      bits = special_f32[half - SK_COUNT(specials)];
    }
    return bits | (uint32_t)(negative << 31);
  }
  uint64_t bits;
  if (half < SK_COUNT(specials)) {
    memcpy(&bits, &specials[half], sizeof bits);
  } else {
    bits = special_f64[half - SK_COUNT(specials)];
  }
  return bits | negative << 63;
}

uint64_t math_special(sk_lt type, uint64_t index, void *x, void *y) {
  const uint64_t count = 2 * (SK_COUNT(specials) +
                              (type == SK_LT_F32 ? SK_COUNT(special_f32) : SK_COUNT(special_f64)));
  const uint64_t first = special_bits(type, index % count);
  memcpy(x, &first, sk_lt_bytes(type));
  if (y == NULL) {
    return count;
  }
  const uint64_t second = special_bits(type, index / count % count);
  memcpy(y, &second, sk_lt_bytes(type));
  return count * count;
}

// ---- random arguments

static uint64_t next_random(uint64_t *state) {
  return sk_hash_splitmix(*state += 0x9E3779B97F4A7C15u);
}

void math_random(const math_case *c, uint64_t *state, void *x, void *y) {
  const uint64_t r = next_random(state), kind = r >> 60;
  const bool f32 = c->type == SK_LT_F32;
  const uint64_t a_bits = next_random(state), b_bits = next_random(state);
  double a, b;
  if (kind < 2) {  // any bits
    memcpy(x, &a_bits, sk_lt_bytes(c->type));
    if (y != NULL) {
      memcpy(y, &b_bits, sk_lt_bytes(c->type));
    }
    return;
  }
  if (kind == 2) {
    math_special(c->type, r & 0xFFFFFFFF, x, y);
    return;
  }
  if (kind == 3 && y == NULL) {  // nearest to a multiple of pi / 2
    a = rint((1 + (double)(a_bits >> 12) * 0x1p-52) * exp2((double)(b_bits % 53))) *
        0x1.921fb54442d18p0;
    memcpy(x, &a, sizeof a);
    return;
  }
  const int spread = kind < 6 ? 2 : kind < 10 ? 12 : f32 ? 120 : 1000;
  a = (1.0 + (double)(a_bits >> 12) * 0x1p-52) * exp2((double)(r % (2 * spread)) - spread);
  const double unit = (double)(int64_t)b_bits * 0x1p-63;
  if (c->two == NULL) {
    b = 0;
    a = (r >> 40) & 1 ? -a : a;
  } else if (strncmp(c->name, "pow", 3) == 0) {
    const double l = log2(a);
    b = unit * (f32 ? 160 : 1100) / (l != 0 ? l : 1);
    if (kind >= 14) {  // integer exponents of either base
      b = rint(unit * 40);
      a = (r >> 40) & 1 ? -a : a;
    }
  } else {
    b = a * unit * exp2((double)((r >> 32) % 60) - 30);
    a = (r >> 40) & 1 ? -a : a;
  }
  if (f32) {
    const float af = (float)a, bf = (float)b;
    memcpy(x, &af, sizeof af);
    if (y != NULL) {
      memcpy(y, &bf, sizeof bf);
    }
  } else {
    memcpy(x, &a, sizeof a);
    if (y != NULL) {
      memcpy(y, &b, sizeof b);
    }
  }
}
