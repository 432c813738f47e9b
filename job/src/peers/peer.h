/* What all peers share: the command line, MNIST, the clock and the last line. For C and C++.
 *
 * A peer is called as PEER PERTURBATIONS BATCH SECONDS MNIST_DIR, trains 784-256-10 (ReLU, layer norm before each layer, sigma 0.1) on the
 * training images in a fixed random order, and ends with one line of JSON: microseconds of an example, the median of windows of time
 * after a warm-up, and the accuracy on the 10,000 test images by the weights that it ended with. P = 0 is backpropagation.
 * Exit codes are grlu's: 2 bad input, 4 the surroundings failed. */
#ifndef PEER_H
#define PEER_H
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PIXELS = 784, UNITS = 256, CLASSES = 10, TRAIN = 60000, TEST = 10000, WINDOWS = 15, MOST_PERTURBATIONS = 128 };

typedef struct {
  const char *peer;
  int perturbations, batch;
  double seconds;
  const char *folder;
} Arguments;

typedef struct {
  uint8_t *pixels, *labels;
} Images;

__attribute__((noreturn, format(printf, 3, 4))) static void fail(int code, const char *peer, const char *line, ...) {
  va_list values;
  va_start(values, line);
  fprintf(stderr, "%s: ", peer);
  vfprintf(stderr, line, values);
  fputc('\n', stderr);
  exit(code);
}

static int whole(const char *word, int least, int most) {
  char *end;
  long value = strtol(word, &end, 10);
  return *word && !*end && value >= least && value <= most ? (int)value : -1;
}

/* Perturbations from the least to 128 and batches of at most most_batch; anything else is refused with the usage. */
static Arguments arguments(const char *peer, int count, char **words, int least_perturbations, int most_batch) {
  Arguments a = {peer, -1, -1, 0, NULL};
  char *end = NULL;
  if (count == 5) {
    a.perturbations = whole(words[1], least_perturbations, MOST_PERTURBATIONS);
    a.batch = whole(words[2], 1, most_batch);
    a.seconds = strtod(words[3], &end);
    a.folder = words[4];
  }
  if (a.perturbations < 0 || a.batch < 0 || *end || !(a.seconds > 0 && a.seconds <= 3600)) {
    char said[200] = "no arguments";
    for (int i = 1, at = 0; i < count && at < (int)sizeof said; i++)
      at += snprintf(said + at, sizeof said - at, "%s%s", i > 1 ? " " : "", words[i]);
    fail(2, peer, "%s: must be PERTURBATIONS (%d to %d) BATCH (1 to %d) SECONDS (above 0) MNIST_DIR", said, least_perturbations,
         MOST_PERTURBATIONS, most_batch);
  }
  return a;
}

/* The n bytes that follow a header in a file. */
static uint8_t *bytes_of(const Arguments *a, const char *name, size_t header, size_t n) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", a->folder, name);
  FILE *file = fopen(path, "rb");
  if (!file) fail(4, a->peer, "%s: there is no such file; grlu data fetch brings MNIST to its cache", path);
  uint8_t *bytes = (uint8_t *)malloc(n);
  if (fseek(file, (long)header, SEEK_SET) || fread(bytes, 1, n, file) != n) fail(4, a->peer, "%s: must be %zu bytes long", path, header + n);
  fclose(file);
  return bytes;
}

__attribute__((unused)) static Images test_images(const Arguments *a) {
  Images images = {bytes_of(a, "t10k-images-idx3-ubyte", 16, (size_t)TEST * PIXELS), bytes_of(a, "t10k-labels-idx1-ubyte", 8, TEST)};
  return images;
}

/* In the order in which they are trained on. */
static Images train_images(const Arguments *a) {
  Images images = {bytes_of(a, "train-images-idx3-ubyte", 16, (size_t)TRAIN * PIXELS), bytes_of(a, "train-labels-idx1-ubyte", 8, TRAIN)};
  uint64_t x = 1;
  for (int i = TRAIN - 1; i > 0; i--) {
    x = x * 6364136223846793005u + 1442695040888963407u;
    int j = (int)((x >> 33) % (uint64_t)(i + 1));
    uint8_t *p = images.pixels + (size_t)i * PIXELS, *q = images.pixels + (size_t)j * PIXELS, kept[PIXELS], label = images.labels[i];
    memcpy(kept, p, PIXELS), memcpy(p, q, PIXELS), memcpy(q, kept, PIXELS);
    images.labels[i] = images.labels[j], images.labels[j] = label;
  }
  return images;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Trains for the seconds, after a warm-up of a third of that; some() trains on some examples and returns how many.
 * The result is microseconds of an example, and the examples that were trained on in all. */
static double measure(const Arguments *a, long (*some)(void), long *examples) {
  double micros[WINDOWS];
  *examples = 0;
  for (int w = -WINDOWS / 3; w < WINDOWS; w++) {
    double start = now(), end = start;
    long n = 0;
    do n += some(), end = now();
    while (end - start < a->seconds / WINDOWS);
    *examples += n;
    if (w >= 0) micros[w] = (end - start) * 1e6 / (double)n;
  }
  qsort(micros, WINDOWS, sizeof *micros, ascending);
  return micros[WINDOWS / 2];
}

/* The last line; an accuracy below zero is none. */
static void result(const Arguments *a, double micros, long examples, double accuracy) {
  printf("{\"peer\":\"%s\",\"perturbations\":%d,\"batch_size\":%d,\"micros_per_example\":%.4g,\"examples\":%ld", a->peer, a->perturbations,
         a->batch, micros, examples);
  if (accuracy >= 0) printf(",\"accuracy\":%.4f", accuracy);
  puts("}");
}
#endif
