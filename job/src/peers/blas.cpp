// What plain C++ with a BLAS does: dense images, products of the first layer by sgemm (sgemv and sger for single examples), those with the
// noise by sgemm, no intrinsics. The mathematics is second_layer.h's: a pair shares its products, layer norm comes from moments. Gaussian
// numbers are looked up among 65,536 quantiles, four for each random word. Updates are sums over the batch. One thread.
#include "peer.h"

#include <cblas.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace {
using Floats = std::vector<float>;
constexpr float RATE = 0.1f, SIGMA = 0.1f, BACKPROP_RATE = 0.001f;

Arguments called;
Images train;
int at = 0;
Floats quantiles(65536);
Floats w1(UNITS *PIXELS), b1(UNITS), w2(CLASSES *UNITS), b2(CLASSES);  // out x in
Floats u, s, coefficients;                                               // batch x 784, batch x 256, batch x 256
Floats noise, noise2, products, errors, shared, own;                     // pairs x 256, pairs x 10 and so on; batch x 10

/// c (m x n) = a (m x k) b + beta c; a and b may be transposed.
void multiply(CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, int m, int n, int k, float alpha, const Floats &a, int lda, const Floats &b, int ldb,
              float beta, Floats &c, int ldc) {
  cblas_sgemm(CblasRowMajor, ta, tb, m, n, k, alpha, a.data(), lda, b.data(), ldb, beta, c.data(), ldc);
}

/// Numbers of standard deviation sigma, as many as a multiple of four.
void gaussians(Floats &out) {
  static uint64_t state[4] = {1, 2, 3, 4};  // xoshiro256**
  uint64_t a = state[0], b = state[1], c = state[2], d = state[3];
  auto turn = [](uint64_t v, int by) { return (v << by) | (v >> (64 - by)); };
  float *to = out.data();
  const float *from = quantiles.data();
  for (size_t i = 0, n = out.size(); i < n; i += 4) {
    uint64_t word = turn(b * 5, 7) * 9, t = b << 17;
    c ^= a, d ^= b, b ^= c, a ^= d, c ^= t, d = turn(d, 45);
    for (int k = 0; k < 4; k++) to[i + k] = SIGMA * from[word >> (16 * k) & 65535];
  }
  state[0] = a, state[1] = b, state[2] = c, state[3] = d;
}

void normalise(const uint8_t *image, float *out) {
  float sum = 0, squares = 0;
  for (int i = 0; i < PIXELS; i++) sum += image[i], squares += (float)image[i] * image[i];
  float mean = sum / PIXELS, factor = 1 / (std::sqrt(squares / PIXELS - mean * mean) + 1e-8f);
  for (int i = 0; i < PIXELS; i++) out[i] = (image[i] - mean) * factor;
}

/// s = relu(u w1^T + b1) for so many images.
void first_layer(const uint8_t *images, int batch) {
  for (int e = 0; e < batch; e++) normalise(images + (size_t)e * PIXELS, &u[(size_t)e * PIXELS]), std::copy(b1.begin(), b1.end(), &s[e * UNITS]);
  if (batch == 1) cblas_sgemv(CblasRowMajor, CblasNoTrans, UNITS, PIXELS, 1, w1.data(), PIXELS, u.data(), 1, 1, s.data(), 1);
  else multiply(CblasNoTrans, CblasTrans, batch, UNITS, PIXELS, 1, u, PIXELS, w1, PIXELS, 1, s, UNITS);
  for (int i = 0; i < batch * UNITS; i++) s[i] = std::max(s[i], 0.f);
}

/// w1 += f coefficients^T u, and b1 alike.
void update_first(int batch, float f) {
  if (batch == 1) cblas_sger(CblasRowMajor, UNITS, PIXELS, f, coefficients.data(), 1, u.data(), 1, w1.data(), PIXELS);
  else multiply(CblasTrans, CblasNoTrans, UNITS, PIXELS, batch, f, coefficients, UNITS, u, PIXELS, 1, w1, PIXELS);
  for (int e = 0; e < batch; e++)
    for (int j = 0; j < UNITS; j++) b1[j] += f * coefficients[e * UNITS + j];
}

/// Subtracts the most, turns into powers, and returns their sum.
float powers_of(float *logits) {
  float most = *std::max_element(logits, logits + CLASSES), total = 0;
  for (int o = 0; o < CLASSES; o++) total += logits[o] = std::exp(logits[o] - most);
  return total;
}

void perturb(int batch) {
  const int pairs = called.perturbations, rows = batch * pairs;
  const float f = RATE / pairs;
  gaussians(noise), gaussians(noise2);
  multiply(CblasNoTrans, CblasTrans, rows, CLASSES, UNITS, 1, noise, UNITS, w2, UNITS, 0, products, CLASSES);
  multiply(CblasNoTrans, CblasTrans, batch, CLASSES, UNITS, 1, s, UNITS, w2, UNITS, 0, shared, CLASSES);
  float weights[CLASSES] = {}, shift[CLASSES] = {}, bias[CLASSES] = {};
  for (int o = 0; o < CLASSES; o++)
    for (int j = 0; j < UNITS; j++) weights[o] += w2[o * UNITS + j];
  std::fill(own.begin(), own.end(), 0.f), std::fill(coefficients.begin(), coefficients.end(), 0.f);
  for (int e = 0; e < batch; e++) {
    const float *a = &s[e * UNITS];
    float sum = 0, squares = 0, *c = &coefficients[e * UNITS];
    for (int j = 0; j < UNITS; j++) sum += a[j], squares += a[j] * a[j];
    for (int r = e * pairs; r < (e + 1) * pairs; r++) {
      const float *n = &noise[(size_t)r * UNITS], *n2 = &noise2[r * CLASSES], *product = &products[r * CLASSES];
      float total = 0, cross = 0, square = 0, reward[2], mean[2], scale[2];
      for (int j = 0; j < UNITS; j++) total += n[j], cross += n[j] * a[j], square += n[j] * n[j];
      for (int t = 0; t < 2; t++) {
        float sign = t ? -1 : 1, logits[CLASSES], most = -1e9f, powers = 0;
        mean[t] = (sum + sign * total) / UNITS;
        scale[t] = 1 / (std::sqrt(std::max((squares + 2 * sign * cross + square) / UNITS - mean[t] * mean[t], 0.f)) + 1e-8f);
        for (int o = 0; o < CLASSES; o++) {
          logits[o] = (shared[e * CLASSES + o] + sign * product[o] - mean[t] * weights[o]) * scale[t] + b2[o] + sign * n2[o];
          most = std::max(most, logits[o]);
        }
        for (int o = 0; o < CLASSES; o++) powers += std::exp(logits[o] - most);
        reward[t] = std::log(std::exp(logits[train.labels[at + e]] - most) / powers + 1e-10f);
      }
      float d = (reward[0] - reward[1]) / 2, mine = (scale[0] + scale[1]) / 2, half = (scale[0] - scale[1]) / 2,
            shifted = (mean[0] * scale[0] + mean[1] * scale[1]) / 2;
      for (int o = 0; o < CLASSES; o++) {
        float error = n2[o] * d;
        own[e * CLASSES + o] += mine * error, shift[o] += shifted * error, bias[o] += error, errors[r * CLASSES + o] = half * error;
      }
      for (int j = 0; j < UNITS; j++) c[j] += d * n[j];
    }
  }
  multiply(CblasTrans, CblasNoTrans, CLASSES, UNITS, rows, f, errors, CLASSES, noise, UNITS, 1, w2, UNITS);
  multiply(CblasTrans, CblasNoTrans, CLASSES, UNITS, batch, f, own, CLASSES, s, UNITS, 1, w2, UNITS);
  for (int o = 0; o < CLASSES; o++) {
    for (int j = 0; j < UNITS; j++) w2[o * UNITS + j] -= f * shift[o];
    b2[o] += f * bias[o];
  }
  update_first(batch, f);
}

/// s becomes normalised in place; the inverse deviations go to scales.
void normalise_hidden(int batch, Floats &scales) {
  for (int e = 0; e < batch; e++) {
    float sum = 0, squares = 0, *a = &s[e * UNITS];
    for (int j = 0; j < UNITS; j++) sum += a[j], squares += a[j] * a[j];
    float mean = sum / UNITS, scale = 1 / (std::sqrt(std::max(squares / UNITS - mean * mean, 0.f)) + 1e-8f);
    for (int j = 0; j < UNITS; j++) a[j] = (a[j] - mean) * scale;
    scales[e] = scale;
  }
}

void logits_of_hidden(int batch) {
  for (int e = 0; e < batch; e++) std::copy(b2.begin(), b2.end(), &shared[e * CLASSES]);
  multiply(CblasNoTrans, CblasTrans, batch, CLASSES, UNITS, 1, s, UNITS, w2, UNITS, 1, shared, CLASSES);
}

void backpropagate(int batch) {
  static Floats scales(batch), active(s.size());
  std::transform(s.begin(), s.end(), active.begin(), [](float x) { return x > 0 ? 1.f : 0.f; });
  normalise_hidden(batch, scales);
  logits_of_hidden(batch);
  for (int e = 0; e < batch; e++) {
    float *g = &shared[e * CLASSES], all = powers_of(g);
    for (int o = 0; o < CLASSES; o++) g[o] = (o == train.labels[at + e]) - g[o] / all, b2[o] += BACKPROP_RATE * g[o];
  }
  multiply(CblasNoTrans, CblasNoTrans, batch, UNITS, CLASSES, 1, shared, CLASSES, w2, UNITS, 0, coefficients, UNITS);
  multiply(CblasTrans, CblasNoTrans, CLASSES, UNITS, batch, BACKPROP_RATE, shared, CLASSES, s, UNITS, 1, w2, UNITS);
  for (int e = 0; e < batch; e++) {
    float *g = &coefficients[e * UNITS], total = 0, cross = 0;
    const float *v = &s[e * UNITS], *on = &active[e * UNITS];
    for (int j = 0; j < UNITS; j++) total += g[j], cross += g[j] * v[j];
    for (int j = 0; j < UNITS; j++) g[j] = on[j] * scales[e] * (g[j] - total / UNITS - v[j] * cross / UNITS);
  }
  update_first(batch, BACKPROP_RATE);
}

long some() {
  if (at + called.batch > TRAIN) at = 0;
  first_layer(train.pixels + (size_t)at * PIXELS, called.batch);
  if (called.perturbations == 0) backpropagate(called.batch);
  else perturb(called.batch);
  at += called.batch;
  return called.batch;
}

void room(int batch) {
  size_t rows = (size_t)batch * called.perturbations;
  u.resize((size_t)batch * PIXELS), s.resize(batch * UNITS), coefficients.resize(batch * UNITS);
  shared.resize(batch * CLASSES), own.resize(batch * CLASSES);
  noise.resize(rows * UNITS), noise2.resize((rows * CLASSES + 3) / 4 * 4), products.resize(rows * CLASSES), errors.resize(rows * CLASSES);
}

double accuracy() {
  Images test = test_images(&called);
  room(TEST);
  Floats scales(TEST);
  first_layer(test.pixels, TEST);
  normalise_hidden(TEST, scales);
  logits_of_hidden(TEST);
  int right = 0;
  for (int e = 0; e < TEST; e++) {
    const float *logits = &shared[e * CLASSES];
    right += std::max_element(logits, logits + CLASSES) - logits == test.labels[e];
  }
  return (double)right / TEST;
}

/// The quantiles of the standard normal distribution, by halving.
void fill_quantiles() {
  for (int i = 0; i < 65536; i++) {
    double low = -6, high = 6;
    for (int k = 0; k < 40; k++) {
      double middle = (low + high) / 2;
      (0.5 * std::erfc(-middle / std::sqrt(2.0)) < (i + 0.5) / 65536 ? low : high) = middle;
    }
    quantiles[i] = (float)low;
  }
}
}  // namespace

int main(int count, char **words) {
  called = arguments("blas", count, words, 0, 1024);
  openblas_set_num_threads(1);
  train = train_images(&called);
  fill_quantiles();
  std::mt19937 generator(1);
  std::normal_distribution<float> normal;
  for (float &w : w1) w = normal(generator) * std::sqrt(2.f / PIXELS);
  for (float &w : w2) w = normal(generator) * std::sqrt(2.f / UNITS);
  room(called.batch);
  long examples;
  double micros = measure(&called, some, &examples);
  called.perturbations = 0;  // no room for noise is needed
  double share = accuracy();
  called.perturbations = whole(words[1], 0, MOST_PERTURBATIONS);
  result(&called, micros, examples, share);
  return 0;
}
