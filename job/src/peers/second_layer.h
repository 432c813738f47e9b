/* The second layer of 784-256-10 in a step of one example: from the first layer's product z to the second layer's update and the first
 * layer's coefficients c (its update is c u^T, u being the normalised image). Mathematics as grlu's; the random numbers are others.
 *
 * A pair shares its products. With hidden activations s and noise n, layer norm's moments over s + n and s - n come from sums over s, n, s x s,
 * s x n and n x n, and W(s + n), W(s - n) are W s + W n, W s - W n. Noise of the outputs is n2, the reward log(softmax[label] + 1e-10). The
 * update is the mean over pairs of noise x half the difference of rewards x the mean of the pair's normalised inputs. */
#ifndef SECOND_LAYER_H
#define SECOND_LAYER_H
#include "lanes.h"
#include "peer.h"

static const float RATE = 0.1f, SIGMA = 0.1f, BACKPROP_RATE = 0.001f;

static float *second;   /* 256 x 16; columns 10 to 15 are padding */
static float *outgoing; /* 10 x 256: the weights of backpropagation, which reads them by output */
static floats bias;     /* of the ten outputs */
static float *noise, *noise2;
static float hidden[UNITS] __attribute__((aligned(64))), coefficient[UNITS] __attribute__((aligned(64)));

static inline floats ten(floats x) {
  static const ints mask = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
  return (floats)((ints)x & mask);
}

static void second_layer(void) {
  second = zeroed(UNITS * LANES);
  outgoing = zeroed(CLASSES * UNITS);
  noise = zeroed(MOST_PERTURBATIONS * UNITS);
  noise2 = zeroed(MOST_PERTURBATIONS * LANES);
  gaussians(second, UNITS * LANES, sqrtf(2.f / UNITS));
  for (int i = 0; i < UNITS; i++) {
    AT(second + i * LANES) = ten(AT(second + i * LANES));
    for (int o = 0; o < CLASSES; o++) outgoing[o * UNITS + i] = second[i * LANES + o];
  }
}

/* Of one example: sums over s and s x s, W s, and each output's sum of weights. */
typedef struct {
  float sum, squares;
  floats product, weights;
} Shared;

static inline Shared shared(const floats z[16]) {
  floats s = {0}, squares = {0}, product[2] = {{0}}, weights[2] = {{0}};
  for (int j = 0; j < 16; j++) {
    floats h = positive(z[j]);
    AT(hidden + 16 * j) = h;
    s += h;
    squares += h * h;
  }
  for (int i = 0; i < UNITS; i += 2)
    for (int t = 0; t < 2; t++) {
      floats w = AT(second + (i + t) * LANES);
      product[t] += hidden[i + t] * w;
      weights[t] += w;
    }
  Shared result = {sum(s), sum(squares), product[0] + product[1], weights[0] + weights[1]};
  return result;
}

/* What the pairs add up to: second += f (s a^T - 1 c^T + sum n e^T), bias += f b; coefficients are f sum d n. */
typedef struct {
  floats a, b, c;
} Sums;

/* One to four perturbations from p on, as rows of noise; d goes to differences, e with d in its eleventh lane to errors. */
static inline void rows(int p, int live, int label, const Shared *of, float *differences, float *errors, Sums *sums) {
  floats w[4];
  if (live == 4) {
    const float *n = noise + p * UNITS;
    floats w0 = {0}, w1 = {0}, w2 = {0}, w3 = {0};
    for (int i = 0; i < UNITS; i++) {
      floats x = AT(second + i * LANES);
      w0 += n[i] * x, w1 += n[UNITS + i] * x, w2 += n[2 * UNITS + i] * x, w3 += n[3 * UNITS + i] * x;
    }
    w[0] = w0, w[1] = w1, w[2] = w2, w[3] = w3;
  } else {
    for (int q = 0; q < live; q++) {
      const float *n = noise + (p + q) * UNITS;
      floats w0 = {0}, w1 = {0}, w2 = {0}, w3 = {0};
      for (int i = 0; i < UNITS; i += 4) {
        const float *x = second + i * LANES;
        w0 += n[i] * AT(x), w1 += n[i + 1] * AT(x + LANES), w2 += n[i + 2] * AT(x + 2 * LANES), w3 += n[i + 3] * AT(x + 3 * LANES);
      }
      w[q] = (w0 + w1) + (w2 + w3);
    }
  }
  for (int q = 0; q < live; q++) {
    floats v0 = {0}, v1 = {0}, v2 = {0};
    for (int i = 0; i < UNITS; i += LANES) {
      floats n = AT(noise + (p + q) * UNITS + i);
      v0 += n, v1 += n * AT(hidden + i), v2 += n * n;
    }
    float total = sum(v0), cross = sum(v1), squares = sum(v2), reward[2], mean[2], scale[2];
    floats n2 = AT(noise2 + (p + q) * LANES);
    for (int t = 0; t < 2; t++) {
      float sign = t ? -1 : 1, m = (of->sum + sign * total) / UNITS, square = (of->squares + 2 * sign * cross + squares) / UNITS;
      mean[t] = m;
      scale[t] = 1 / (sqrtf(fmaxf(square - m * m, 0)) + 1e-8f);
      floats logits = (of->product + sign * w[q] - m * of->weights) * scale[t] + bias + sign * n2;
      float most = logits[0];
      for (int o = 1; o < CLASSES; o++) most = fmaxf(most, logits[o]);
      floats powers = ten(exponential(logits - most));
      reward[t] = logf(powers[label] / sum(powers) + 1e-10f);
    }
    float d = (reward[0] - reward[1]) * 0.5f;
    floats e = d * n2, held = 0.5f * (scale[0] - scale[1]) * e;
    sums->a += 0.5f * (scale[0] + scale[1]) * e;
    sums->c += 0.5f * (mean[0] * scale[0] + mean[1] * scale[1]) * e;
    sums->b += e;
    held[CLASSES] = d;
    AT(errors + (p + q) * LANES) = held;
    differences[p + q] = d;
  }
}

/* Any number of perturbations, each a row of 256. */
static void perturb_rows(int label, const floats z[16], int p_count) {
  static float errors[MOST_PERTURBATIONS * LANES] __attribute__((aligned(64))), differences[MOST_PERTURBATIONS];
  Shared of = shared(z);
  gaussians(noise, p_count * UNITS, SIGMA);
  gaussians(noise2, (p_count + 1) / 2 * 2 * LANES, SIGMA);
  for (int p = 0; p < p_count; p++) AT(noise2 + p * LANES) = ten(AT(noise2 + p * LANES));
  Sums sums = {{0}, {0}, {0}};
  for (int p = 0; p < p_count; p += 4) rows(p, p_count - p < 4 ? p_count - p : 4, label, &of, differences, errors, &sums);
  float f = RATE / (float)p_count;
  floats a = f * ten(sums.a), c = f * ten(sums.c);
  if (p_count < 4) {
    for (int j = 0; j < UNITS; j += LANES) {
      floats x = {0};
      for (int q = 0; q < p_count; q++) x += f * differences[q] * AT(noise + q * UNITS + j);
      AT(coefficient + j) = x;
    }
    for (int i = 0; i < UNITS; i++) {
      floats x = AT(second + i * LANES) + hidden[i] * a - c;
      for (int q = 0; q < p_count; q++) x += (f * noise[q * UNITS + i]) * ten(AT(errors + q * LANES));
      AT(second + i * LANES) = x;
    }
  } else {
    for (int i = 0; i < UNITS; i += 8) {
      floats x[8] = {{0}};
      for (int p = 0; p < p_count; p++) {
        floats e = AT(errors + p * LANES);
        const float *n = noise + p * UNITS + i;
#pragma GCC unroll 8
        for (int t = 0; t < 8; t++) x[t] += n[t] * e;
      }
      for (int t = 0; t < 8; t++) {
        coefficient[i + t] = f * x[t][CLASSES];
        AT(second + (i + t) * LANES) += f * ten(x[t]) + hidden[i + t] * a - c;
      }
    }
  }
  bias += f * ten(sums.b);
}

/* Rows 0 to 9 are W n, row 10 the sums over n, row 11 those over s x n; squares are those over n x n. All 12 x P, P at most 128. */
static float products[12 * MOST_PERTURBATIONS] __attribute__((aligned(64))), squares_of[MOST_PERTURBATIONS] __attribute__((aligned(64)));

static void product_of_lanes(int p_count) {
  for (int i = 0; i < UNITS; i++) second[i * LANES + 10] = 1, second[i * LANES + 11] = hidden[i];
  int at = 0;
  for (; at + 4 * LANES <= p_count; at += 4 * LANES) {
    for (int r = 0; r < 12; r += 4) {
      floats x[4][4] = {{{0}}};
      for (int i = 0; i < UNITS; i++) {
        const float *n = noise + i * p_count + at, *w = second + i * LANES + r;
        floats n0 = AT(n), n1 = AT(n + 16), n2 = AT(n + 32), n3 = AT(n + 48);
#pragma GCC unroll 4
        for (int t = 0; t < 4; t++) x[t][0] += w[t] * n0, x[t][1] += w[t] * n1, x[t][2] += w[t] * n2, x[t][3] += w[t] * n3;
      }
      for (int t = 0; t < 4; t++)
        for (int v = 0; v < 4; v++) AT(products + (r + t) * p_count + at + v * LANES) = x[t][v];
    }
    floats q[4] = {{0}};
    for (int i = 0; i < UNITS; i++)
      for (int v = 0; v < 4; v++) {
        floats n = AT(noise + i * p_count + at + v * LANES);
        q[v] += n * n;
      }
    for (int v = 0; v < 4; v++) AT(squares_of + at + v * LANES) = q[v];
  }
  for (; at < p_count; at += LANES) {
    floats x[12] = {{0}}, q = {0};
    for (int i = 0; i < UNITS; i++) {
      floats n = AT(noise + i * p_count + at);
      const float *w = second + i * LANES;
      q += n * n;
#pragma GCC unroll 12
      for (int t = 0; t < 12; t++) x[t] += w[t] * n;
    }
    for (int t = 0; t < 12; t++) AT(products + t * p_count + at) = x[t];
    AT(squares_of + at) = q;
  }
}

/* Perturbations as lanes: noise is 256 x P and noise2 10 x P, P a multiple of 16. */
static void perturb_lanes(int label, const floats z[16], int p_count) {
  static float errors[MOST_PERTURBATIONS * LANES] __attribute__((aligned(64)));
  Shared of = shared(z);
  gaussians(noise, p_count * UNITS, SIGMA);
  gaussians(noise2, p_count * LANES, SIGMA);
  product_of_lanes(p_count);
  floats a[CLASSES] = {{0}}, b[CLASSES] = {{0}}, c[CLASSES] = {{0}};
  for (int p = 0; p < p_count; p += LANES) {
    floats total = AT(products + 10 * p_count + p), cross = AT(products + 11 * p_count + p), mean[2], scale[2], reward[2];
    for (int t = 0; t < 2; t++) {
      float sign = t ? -1 : 1;
      mean[t] = (of.sum + sign * total) * (1.f / UNITS);
      floats variance = (of.squares + 2 * sign * cross + AT(squares_of + p)) * (1.f / UNITS) - mean[t] * mean[t];
      scale[t] = 1 / (root(positive(variance)) + 1e-8f);
      floats logits[CLASSES], most = (floats){0} - 1e30f, powers = {0}, own = {0};
      for (int o = 0; o < CLASSES; o++) {
        floats w = of.product[o] + sign * AT(products + o * p_count + p) - mean[t] * of.weights[o];
        logits[o] = w * scale[t] + bias[o] + sign * AT(noise2 + o * p_count + p);
        most = larger(most, logits[o]);
      }
      for (int o = 0; o < CLASSES; o++) {
        floats power = exponential(logits[o] - most);
        powers += power;
        if (o == label) own = power;
      }
      reward[t] = logarithm(own / powers + 1e-10f);
    }
    floats d = (reward[0] - reward[1]) * 0.5f, mine = 0.5f * (scale[0] + scale[1]), half = 0.5f * (scale[0] - scale[1]),
           shift = 0.5f * (mean[0] * scale[0] + mean[1] * scale[1]);
    float turned[LANES][LANES] __attribute__((aligned(64)));
    for (int o = 0; o < CLASSES; o++) {
      floats e = d * AT(noise2 + o * p_count + p);
      a[o] += mine * e;
      c[o] += shift * e;
      b[o] += e;
      AT(turned[o]) = half * e;
    }
    AT(turned[CLASSES]) = d;
    for (int q = 0; q < LANES; q++)
      for (int o = 0; o <= CLASSES; o++) errors[(p + q) * LANES + o] = turned[o][q];
  }
  float f = RATE / (float)p_count;
  floats fa = {0}, fb = {0}, fc = {0};
  for (int o = 0; o < CLASSES; o++) fa[o] = f * sum(a[o]), fb[o] = f * sum(b[o]), fc[o] = f * sum(c[o]);
  for (int i = 0; i < UNITS; i += LANES) {
    floats x[LANES];
    for (int t = 0; t < LANES; t++) x[t] = (floats){0};
    for (int p = 0; p < p_count; p++) {
      floats e = AT(errors + p * LANES);
      const float *n = noise + i * p_count + p;
#pragma GCC unroll 16
      for (int t = 0; t < LANES; t++) x[t] += n[t * p_count] * e;
    }
#pragma GCC unroll 16
    for (int t = 0; t < LANES; t++) {
      coefficient[i + t] = f * x[t][CLASSES];
      AT(second + (i + t) * LANES) = ten(f * x[t] + hidden[i + t] * fa - fc + AT(second + (i + t) * LANES));
    }
  }
  bias += fb;
}

/* The gradient of the logarithm of the label's share, through both layers. */
static void backpropagate(int label, const floats z[16]) {
  floats s = {0}, squares = {0}, v[16], back[16], g = {0};
  for (int j = 0; j < 16; j++) s += positive(z[j]), squares += positive(z[j]) * positive(z[j]);
  float mean = sum(s) / UNITS, scale = 1 / (sqrtf(fmaxf(sum(squares) / UNITS - mean * mean, 0)) + 1e-8f), most = -1e30f, powers = 0;
  for (int j = 0; j < 16; j++) v[j] = (positive(z[j]) - mean) * scale, back[j] = (floats){0};
  float logits[CLASSES];
  for (int o = 0; o < CLASSES; o++) {
    floats x = {0};
    for (int j = 0; j < 16; j++) x += v[j] * AT(outgoing + o * UNITS + 16 * j);
    logits[o] = sum(x) + bias[o];
    most = fmaxf(most, logits[o]);
  }
  for (int o = 0; o < CLASSES; o++) powers += g[o] = expf(logits[o] - most);
  for (int o = 0; o < CLASSES; o++) g[o] = (float)(o == label) - g[o] / powers;
  for (int o = 0; o < CLASSES; o++)
    for (int j = 0; j < 16; j++) {
      floats w = AT(outgoing + o * UNITS + 16 * j);
      back[j] += g[o] * w;
      AT(outgoing + o * UNITS + 16 * j) = w + BACKPROP_RATE * g[o] * v[j];
    }
  floats total = {0}, cross = {0};
  for (int j = 0; j < 16; j++) total += back[j], cross += back[j] * v[j];
  float m = sum(total) / UNITS, c = sum(cross) / UNITS;
  for (int j = 0; j < 16; j++) AT(coefficient + 16 * j) = (floats)((z[j] > 0) & (ints)(BACKPROP_RATE * scale * (back[j] - m - v[j] * c)));
  bias += BACKPROP_RATE * g;
}

/* One example of any kind of step. */
static inline void learn(int label, const floats z[16], int p_count) {
  if (p_count == 0) backpropagate(label, z);
  else if (p_count % LANES == 0) perturb_lanes(label, z, p_count);
  else perturb_rows(label, z, p_count);
}

/* The class that the network gives a first layer's product. */
static int class_of(const floats z[16], int p_count) {
  if (p_count == 0)
    for (int i = 0; i < UNITS; i++)
      for (int o = 0; o < CLASSES; o++) second[i * LANES + o] = outgoing[o * UNITS + i];
  Shared of = shared(z);
  float mean = of.sum / UNITS, deviation = sqrtf(of.squares / UNITS - mean * mean) + 1e-8f;
  floats logits = (of.product - mean * of.weights) / deviation + bias;
  int best = 0;
  for (int o = 1; o < CLASSES; o++)
    if (logits[o] > logits[best]) best = o;
  return best;
}
#endif
