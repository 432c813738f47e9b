package org.grlu.math;

/** {@link Kernels} in plain Java: what every JVM can run, and what the SIMD kernels are held to. */
final class ScalarKernels extends ScalarRows {
  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public void clear(Floats x, int n) {
    x.fill(0, n, 0f);
  }

  @Override
  public void sparseProduct(
      int[] index, float[] value, int from, int to, Floats w, int stride, Floats out, int at) {
    out.fill(at, at + stride, 0f);
    for (int k = from; k < to; k++) {
      addScaled(value[k], w, index[k] * stride, out, at, stride);
    }
  }

  @Override
  public void sparseUpdate(
      int[] index, float[] value, int from, int to, Floats c, int at, Floats w, int stride) {
    float[] cArray = c.array();
    int cFrom = c.at() + at;
    float[] wArray = w.array();
    int wFrom = w.at();
    for (int k = from; k < to; k++) {
      float f = value[k];
      int row = index[k] * stride;
      for (int j = 0; j < stride; j++) {
        wArray[wFrom + row + j] += f * cArray[cFrom + j];
      }
    }
  }

  @Override
  public void multiplyAdd(
      int m,
      int n,
      int k,
      Floats a,
      int aAt,
      int aRow,
      int aColumn,
      Floats b,
      int bAt,
      int bRow,
      Floats c,
      int cAt,
      int cRow) {
    float[] aArray = a.array();
    int aFrom = a.at() + aAt;
    for (int i = 0; i < m; i++) {
      for (int inner = 0; inner < k; inner++) {
        float f = aArray[aFrom + i * aRow + inner * aColumn];
        addScaled(f, b, bAt + inner * bRow, c, cAt + i * cRow, n);
      }
    }
  }

  @Override
  public void rankOne(
      int rows,
      int stride,
      Floats s,
      int sAt,
      Floats t,
      int tAt,
      Floats q,
      int qAt,
      Floats c,
      int cAt) {
    float[] sArray = s.array();
    int sFrom = s.at() + sAt;
    float[] tArray = t.array();
    int tFrom = t.at() + tAt;
    float[] qArray = q.array();
    int qFrom = q.at() + qAt;
    float[] cArray = c.array();
    int cFrom = c.at() + cAt;
    for (int i = 0; i < rows; i++) {
      int row = cFrom + i * stride;
      for (int j = 0; j < stride; j++) {
        cArray[row + j] =
            Math.fma(sArray[sFrom + i], tArray[tFrom + j], cArray[row + j]) - qArray[qFrom + j];
      }
    }
  }

  @Override
  public void layerNorm(int inputs, Floats mean, Floats scale, int n) {
    float[] meanArray = mean.array();
    int meanFrom = mean.at();
    float[] scaleArray = scale.array();
    int scaleFrom = scale.at();
    for (int i = 0; i < n; i++) {
      meanArray[meanFrom + i] /= inputs;
      float meanSquare = scaleArray[scaleFrom + i] / inputs;
      float variance = Math.fma(-meanArray[meanFrom + i], meanArray[meanFrom + i], meanSquare);
      boolean constant = variance <= CONSTANT * meanSquare;
      scaleArray[scaleFrom + i] = constant ? 0f : 1f / ((float) Math.sqrt(variance) + EPSILON);
    }
  }

  @Override
  public void normalise(
      Floats mean,
      Floats scale,
      Floats wsum,
      Floats bias,
      int biasAt,
      int rows,
      int stride,
      Floats z) {
    float[] meanArray = mean.array();
    int meanFrom = mean.at();
    float[] scaleArray = scale.array();
    int scaleFrom = scale.at();
    float[] wsumArray = wsum.array();
    int wsumFrom = wsum.at();
    float[] biasArray = bias.array();
    int biasFrom = bias.at() + biasAt;
    float[] zArray = z.array();
    int zFrom = z.at();
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < stride; j++) {
        float x =
            Math.fma(
                -meanArray[meanFrom + r], wsumArray[wsumFrom + j], zArray[zFrom + r * stride + j]);
        zArray[zFrom + r * stride + j] =
            Math.fma(scaleArray[scaleFrom + r], x, biasArray[biasFrom + j]);
      }
    }
  }

  @Override
  public void normalisePairs(
      Floats ws,
      boolean shared,
      Floats wh,
      float sign,
      Floats mean,
      Floats scale,
      Floats wsum,
      Floats bias,
      int biasAt,
      int units,
      int lanes,
      Floats z) {
    float[] wsArray = ws.array();
    int wsFrom = ws.at();
    float[] whArray = wh.array();
    int whFrom = wh.at();
    float[] meanArray = mean.array();
    int meanFrom = mean.at();
    float[] scaleArray = scale.array();
    int scaleFrom = scale.at();
    float[] wsumArray = wsum.array();
    int wsumFrom = wsum.at();
    float[] biasArray = bias.array();
    int biasFrom = bias.at() + biasAt;
    float[] zArray = z.array();
    int zFrom = z.at();
    for (int u = 0; u < units; u++) {
      for (int r = 0; r < lanes; r++) {
        float x =
            Math.fma(
                sign,
                whArray[whFrom + u * lanes + r],
                shared ? wsArray[wsFrom + u] : wsArray[wsFrom + u * lanes + r]);
        x = Math.fma(-meanArray[meanFrom + r], wsumArray[wsumFrom + u], x);
        zArray[zFrom + u * lanes + r] =
            Math.fma(scaleArray[scaleFrom + r], x, biasArray[biasFrom + u]);
      }
    }
  }

  @Override
  public void positive(Floats x, Floats out, int n) {
    float[] xArray = x.array();
    int xFrom = x.at();
    float[] outArray = out.array();
    int outFrom = out.at();
    for (int i = 0; i < n; i++) {
      outArray[outFrom + i] = xArray[xFrom + i] > 0f ? 1f : 0f;
    }
  }

  @Override
  public void signs(Floats x, float size, Floats out, int n) {
    float[] xArray = x.array();
    int xFrom = x.at();
    float[] outArray = out.array();
    int outFrom = out.at();
    for (int i = 0; i < n; i++) {
      float each = xArray[xFrom + i];
      outArray[outFrom + i] = each > 0f ? size : each < 0f ? -size : 0f;
    }
  }

  @Override
  public void multiply(Floats a, Floats b, Floats out, int n) {
    float[] aArray = a.array();
    int aFrom = a.at();
    float[] bArray = b.array();
    int bFrom = b.at();
    float[] outArray = out.array();
    int outFrom = out.at();
    for (int i = 0; i < n; i++) {
      outArray[outFrom + i] = aArray[aFrom + i] * bArray[bFrom + i];
    }
  }

  @Override
  public void scaleRows(Floats x, Floats f, Floats out, int rows, int stride) {
    float[] xArray = x.array();
    int xFrom = x.at();
    float[] fArray = f.array();
    int fFrom = f.at();
    float[] outArray = out.array();
    int outFrom = out.at();
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < stride; j++) {
        outArray[outFrom + r * stride + j] = xArray[xFrom + r * stride + j] * fArray[fFrom + r];
      }
    }
  }

  @Override
  public void addToRows(Floats f, Floats x, int rows, int stride) {
    float[] fArray = f.array();
    int fFrom = f.at();
    float[] xArray = x.array();
    int xFrom = x.at();
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < stride; j++) {
        xArray[xFrom + r * stride + j] += fArray[fFrom + r];
      }
    }
  }

  @Override
  public void addScaled(float f, Floats x, int xAt, Floats y, int yAt, int n) {
    float[] xArray = x.array();
    int xFrom = x.at() + xAt;
    float[] yArray = y.array();
    int yFrom = y.at() + yAt;
    for (int i = 0; i < n; i++) {
      yArray[yFrom + i] = Math.fma(f, xArray[xFrom + i], yArray[yFrom + i]);
    }
  }

  @Override
  public void tanh(Floats x, int at, int n) {
    float[] array = x.array();
    int from = x.at() + at;
    for (int i = from; i < from + n; i++) {
      array[i] = Functions.tanh(array[i]);
    }
  }

  @Override
  public void add(Floats x, Floats y, int n) {
    float[] xArray = x.array();
    int xFrom = x.at();
    float[] yArray = y.array();
    int yFrom = y.at();
    for (int i = 0; i < n; i++) {
      yArray[yFrom + i] += xArray[xFrom + i];
    }
  }

  @Override
  public void combine(
      Floats f, Floats s, Floats g, Floats h, Floats q, int rows, int lanes, Floats out) {
    float[] fArray = f.array();
    int fFrom = f.at();
    float[] sArray = s.array();
    int sFrom = s.at();
    float[] gArray = g.array();
    int gFrom = g.at();
    float[] hArray = h.array();
    int hFrom = h.at();
    float[] qArray = q.array();
    int qFrom = q.at();
    float[] outArray = out.array();
    int outFrom = out.at();
    for (int i = 0; i < rows; i++) {
      for (int r = 0; r < lanes; r++) {
        int element = i * lanes + r;
        outArray[outFrom + element] =
            Math.fma(
                    fArray[fFrom + r],
                    sArray[sFrom + element],
                    gArray[gFrom + r] * hArray[hFrom + element])
                - qArray[qFrom + r];
      }
    }
  }

  @Override
  public void activatePair(
      Floats zPlus,
      Floats maskPlus,
      Floats zMinus,
      Floats maskMinus,
      boolean gated,
      Floats noise,
      int n,
      Floats s,
      Floats h) {
    float[] zPlusArray = zPlus.array();
    int zPlusFrom = zPlus.at();
    float[] maskPlusArray = maskPlus.array();
    int maskPlusFrom = maskPlus.at();
    float[] zMinusArray = zMinus.array();
    int zMinusFrom = zMinus.at();
    float[] maskMinusArray = maskMinus.array();
    int maskMinusFrom = maskMinus.at();
    float[] noiseArray = noise.array();
    int noiseFrom = noise.at();
    float[] sArray = s.array();
    int sFrom = s.at();
    float[] hArray = h.array();
    int hFrom = h.at();
    for (int i = 0; i < n; i++) {
      float gatePlus = gated ? maskPlusArray[maskPlusFrom + i] : 1f;
      float gateMinus = gated ? maskMinusArray[maskMinusFrom + i] : 1f;
      float plus =
          Math.fma(
              noiseArray[noiseFrom + i],
              gatePlus,
              zPlusArray[zPlusFrom + i] * maskPlusArray[maskPlusFrom + i]);
      float minus =
          Math.fma(
              -noiseArray[noiseFrom + i],
              gateMinus,
              zMinusArray[zMinusFrom + i] * maskMinusArray[maskMinusFrom + i]);
      sArray[sFrom + i] = 0.5f * (plus + minus);
      hArray[hFrom + i] = 0.5f * (plus - minus);
      noiseArray[noiseFrom + i] *= 0.5f * (gatePlus + gateMinus);
    }
  }
}
