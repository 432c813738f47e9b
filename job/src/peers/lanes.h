/* Sixteen floats at once, and Gaussian noise: the C peers' arithmetic, by GCC's vectors and AVX-512. */
#ifndef LANES_H
#define LANES_H
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#ifndef __AVX512F__
#error this peer needs a processor with AVX-512: split vectors take some twenty times as long
#endif
#include <immintrin.h>

enum { LANES = 16 };

typedef float floats __attribute__((vector_size(64)));
typedef uint32_t words __attribute__((vector_size(64)));
typedef int32_t ints __attribute__((vector_size(64)));

#define AT(p) (*(floats *)(p))

static inline floats absolute(floats x) { return (floats)((ints)x & 0x7fffffff); }

static inline floats positive(floats x) { return (floats)((x > 0) & (ints)x); }

static inline floats larger(floats a, floats b) { return (floats)_mm512_max_ps((__m512)a, (__m512)b); }

static inline floats root(floats x) { return (floats)_mm512_sqrt_ps((__m512)x); }

static inline float sum(floats x) { return _mm512_reduce_add_ps((__m512)x); }

/* Natural logarithm of positive numbers to about 1e-4, from the exponent and a quartic in the mantissa. */
static inline floats logarithm(floats x) {
  ints bits = (ints)x;
  floats exponent = __builtin_convertvector((bits >> 23) - 127, floats);
  floats m = (floats)((bits & 0x7fffff) | 0x3f800000);
  return 0.69314718f * exponent + (-1.7417939f + (2.8212026f + (-1.4699568f + (0.44717955f - 0.056570851f * m) * m) * m) * m);
}

/* exp(x) for x <= 0, to some 1e-6 of it. */
static inline floats exponential(floats x) {
  x = larger(x * 1.44269504f, (floats){0} - 126);
  ints whole = __builtin_convertvector(x, ints);
  whole += (ints)(__builtin_convertvector(whole, floats) > x); /* down, not towards zero */
  floats f = x - __builtin_convertvector(whole, floats);
  floats power = 1 + f * (0.69314718f + f * (0.24022651f + f * (0.05550411f + f * (0.00961813f + f * 0.00133336f))));
  return power * (floats)((whole + 127) << 23);
}

/* Sine of 2 pi t for t in [-0.5, 0.5) to about 1e-3. */
static inline floats sine_of_turns(floats t) {
  floats y = 8 * t - 16 * t * absolute(t);
  return 0.225f * (y * absolute(y) - y) + y;
}

static words state[4];

static void seed(void) {
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < LANES; j++) state[i][j] = (uint32_t)rand() * 2u + 1;
}

/* xoshiro128+ in each lane. */
static inline words random_bits(void) {
  words result = state[0] + state[3], t = state[1] << 9;
  state[2] ^= state[0];
  state[3] ^= state[1];
  state[1] ^= state[2];
  state[0] ^= state[3];
  state[2] ^= t;
  state[3] = (state[3] << 11) | (state[3] >> 21);
  return result;
}

/* n Gaussian numbers of that standard deviation, n a multiple of 32, by Box and Muller. */
static void gaussians(float *out, int n, float deviation) {
  for (int j = 0; j < n; j += 2 * LANES) {
    floats u = __builtin_convertvector((ints)(random_bits() >> 8) + 1, floats) * 5.9604645e-8f;
    ints b = (ints)random_bits();
    floats t = __builtin_convertvector(b, floats) * 2.3283064e-10f;
    floats quarter = __builtin_convertvector((ints)((words)b + 0x40000000u), floats) * 2.3283064e-10f; /* wraps */
    floats r = deviation * root(absolute(-2 * logarithm(u)));
    AT(out + j) = r * sine_of_turns(t);
    AT(out + j + LANES) = r * sine_of_turns(quarter);
  }
}

/* Zeroed floats on a huge page's boundary. */
static float *zeroed(size_t n) {
  size_t page = 2 << 20, bytes = (n * sizeof(float) + page - 1) / page * page;
  float *p = (float *)aligned_alloc(page, bytes);
#ifdef MADV_HUGEPAGE
  madvise(p, bytes, MADV_HUGEPAGE);
#endif
  return (float *)memset(p, 0, bytes);
}
#endif
