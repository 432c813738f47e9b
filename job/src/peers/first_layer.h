/* The first layer of 784-256-10 on sparse images, for the trainers in C.
 *
 * A normalised image is u = f (grey - mean), that is f x grey at some 150 inked pixels, and the constant -f x mean everywhere. Rows of
 * weights belong to pixels. Three more rows take what the constant does: DRIFT is added to all pixels' rows, INK is the sum of the pixels'
 * own rows, BIAS the bias. A normalised image sums to zero, so a product needs no DRIFT: z = sum f grey W[pixel] + constant W[INK] + W[BIAS]. */
#ifndef FIRST_LAYER_H
#define FIRST_LAYER_H
#include "second_layer.h"

enum { DRIFT = PIXELS, INK, BIAS, ROWS };

static float *first; /* ROWS x 256 */

typedef struct {
  int *start;      /* of each image's pixels in the next three, and the end of the last */
  uint16_t *pixel; /* ascending in an image */
  uint8_t *grey;
  float *value;                    /* f x grey */
  float *factor, *constant, *inks; /* of each image: f, -f x mean, f x sum of grey */
  uint8_t *labels;
  int count;
} Sparse;

static Sparse sparse(Images images, int count) {
  size_t most = (size_t)count * PIXELS;
  Sparse s = {(int *)malloc((count + 1) * sizeof(int)), (uint16_t *)malloc(most * sizeof(uint16_t)), (uint8_t *)malloc(most),
              (float *)malloc(most * sizeof(float)), (float *)malloc(count * sizeof(float)), (float *)malloc(count * sizeof(float)),
              (float *)malloc(count * sizeof(float)), images.labels, count};
  int n = 0;
  for (int e = 0; e < count; e++) {
    const uint8_t *grey = images.pixels + (size_t)e * PIXELS;
    double total = 0, squares = 0;
    for (int i = 0; i < PIXELS; i++) total += grey[i], squares += (double)grey[i] * grey[i];
    double mean = total / PIXELS, f = 1 / sqrt(squares / PIXELS - mean * mean);
    s.start[e] = n;
    for (int i = 0; i < PIXELS; i++)
      if (grey[i]) {
        s.pixel[n] = (uint16_t)i;
        s.grey[n] = grey[i];
        s.value[n++] = (float)(grey[i] * f);
      }
    s.factor[e] = (float)f;
    s.constant[e] = (float)(-mean * f);
    s.inks[e] = (float)(total * f);
  }
  s.start[count] = n;
  return s;
}

static void first_layer(void) {
  first = zeroed(ROWS * UNITS);
  gaussians(first, PIXELS * UNITS, sqrtf(2.f / PIXELS));
  for (int i = 0; i < PIXELS; i++)
    for (int j = 0; j < UNITS; j++) first[INK * UNITS + j] += first[i * UNITS + j];
}

/* A row of weights, in registers: x += v row, and row += v x. */
static inline void gather(floats x[16], float v, const float *row) {
#pragma GCC unroll 16
  for (int j = 0; j < 16; j++) x[j] += v * AT(row + 16 * j);
}

static inline void scatter(float *row, float v, const floats x[16]) {
#pragma GCC unroll 16
  for (int j = 0; j < 16; j++) AT(row + 16 * j) += v * x[j];
}

static inline void load(floats x[16], const float *row) {
#pragma GCC unroll 16
  for (int j = 0; j < 16; j++) x[j] = AT(row + 16 * j);
}

/* What example e's product begins with. */
static inline void begin(const Sparse *s, int e, floats z[16]) {
  load(z, first + BIAS * UNITS);
  gather(z, s->constant[e], first + INK * UNITS);
}

static inline void product(const Sparse *s, int e, floats z[16]) {
  begin(s, e, z);
  for (int k = s->start[e]; k < s->start[e + 1]; k++) gather(z, s->value[k], first + s->pixel[k] * UNITS);
}

/* The update of all but the pixels' own rows by example e's coefficients. */
static inline void update_extras(const Sparse *s, int e, const floats c[16]) {
  scatter(first + DRIFT * UNITS, s->constant[e], c);
  scatter(first + INK * UNITS, s->inks[e], c);
  scatter(first + BIAS * UNITS, 1, c);
}

/* On the test images. */
static double accuracy(const Arguments *a) {
  Sparse s = sparse(test_images(a), TEST);
  int right = 0;
  for (int e = 0; e < TEST; e++) {
    floats z[16];
    product(&s, e, z);
    right += class_of(z, a->perturbations) == s.labels[e];
  }
  return (double)right / TEST;
}

static Sparse train;
static int at, perturbations;

/* All of a trainer but what some() does with the examples. */
static int trainer(const char *name, int count, char **words, long (*some)(void)) {
  Arguments a = arguments(name, count, words, 0, 1);
  perturbations = a.perturbations;
  train = sparse(train_images(&a), TRAIN);
  seed();
  first_layer();
  second_layer();
  long examples;
  double micros = measure(&a, some, &examples);
  result(&a, micros, examples, accuracy(&a));
  return 0;
}
#endif
