/* A complete trainer of single examples, as simple as it can be: multiply inked pixels' rows, perturb, update the same rows. */
#include "first_layer.h"

static long some(void) {
  for (int i = 0; i < 32; i++) {
    floats z[16], c[16];
    product(&train, at, z);
    learn(train.labels[at], z, perturbations);
    load(c, coefficient);
    for (int k = train.start[at]; k < train.start[at + 1]; k++) scatter(first + train.pixel[k] * UNITS, train.value[k], c);
    update_extras(&train, at, c);
    at = (at + 1) % TRAIN;
  }
  return 32;
}

int main(int count, char **words) { return trainer("trainer", count, words, some); }
