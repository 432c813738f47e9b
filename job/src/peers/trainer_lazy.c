/* trainer.c with first-layer weights that are read and written once a block of 32 examples.
 *
 * All products of a block are taken by the weights before it. Within the block an example's product is put right by c_s (u_s . u_t + 1) of
 * each example s before it: the same mathematics as one example at a time, other rounding. u_s . u_t is a product of grey levels in whole
 * numbers. */
#include "first_layer.h"

enum { BLOCK = 32 };

static float products_of[BLOCK][UNITS] __attribute__((aligned(64))), coefficients[BLOCK][UNITS] __attribute__((aligned(64)));
static int16_t dense[BLOCK][PIXELS + 16] __attribute__((aligned(64))); /* grey levels */
static int start_of[PIXELS + 1], example[BLOCK * PIXELS];              /* by pixel: which of the block's examples have ink there */
static float value[BLOCK * PIXELS];                                    /* and how much */

static void sort_by_pixel(int e) {
  int next[PIXELS];
  memset(start_of, 0, sizeof start_of);
  for (int k = train.start[e]; k < train.start[e + BLOCK]; k++) start_of[train.pixel[k] + 1]++;
  for (int i = 0; i < PIXELS; i++) next[i] = start_of[i], start_of[i + 1] += start_of[i];
  memset(dense, 0, sizeof dense);
  for (int b = 0; b < BLOCK; b++)
    for (int k = train.start[e + b]; k < train.start[e + b + 1]; k++) {
      int i = train.pixel[k], to = next[i]++;
      example[to] = b;
      value[to] = train.value[k];
      dense[b][i] = train.grey[k];
    }
}

static inline int dot(const int16_t *a, const int16_t *b) {
  int total = 0;
  for (int i = 0; i < PIXELS + 16; i++) total += a[i] * b[i];
  return total;
}

static long some(void) {
  sort_by_pixel(at);
  for (int b = 0; b < BLOCK; b++) begin(&train, at + b, (floats *)products_of[b]);
  for (int i = 0; i < PIXELS; i++) {
    floats row[16];
    if (start_of[i] == start_of[i + 1]) continue;
    load(row, first + i * UNITS);
    for (int k = start_of[i]; k < start_of[i + 1]; k++) scatter(products_of[example[k]], value[k], row);
  }
  for (int b = 0; b < BLOCK; b++) {
    floats z[16];
    int t = at + b;
    load(z, products_of[b]);
    for (int s = 0; s < b; s++) {
      float product = (float)dot(dense[s], dense[b]) * train.factor[at + s] * train.factor[t] + train.constant[t] * train.inks[at + s];
      gather(z, product + 1, coefficients[s]);
    }
    learn(train.labels[t], z, perturbations);
    memcpy(coefficients[b], coefficient, sizeof coefficient);
  }
  for (int i = 0; i < PIXELS; i++) {
    floats row[16];
    if (start_of[i] == start_of[i + 1]) continue;
    load(row, first + i * UNITS);
    for (int k = start_of[i]; k < start_of[i + 1]; k++) gather(row, value[k], coefficients[example[k]]);
#pragma GCC unroll 16
    for (int j = 0; j < 16; j++) AT(first + i * UNITS + 16 * j) = row[j];
  }
  for (int b = 0; b < BLOCK; b++) update_extras(&train, at + b, (floats *)coefficients[b]);
  at = (at + BLOCK) % TRAIN; /* 60,000 is a multiple of 32 */
  return BLOCK;
}

int main(int count, char **words) { return trainer("trainer_lazy", count, words, some); }
