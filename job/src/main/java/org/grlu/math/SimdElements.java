package org.grlu.math;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The part of {@link SimdKernels} that goes through arrays element by element. */
abstract class SimdElements extends SimdSums {
  private static FloatVector load(Floats x, int i) {
    return FloatVector.fromArray(F, x.array(), x.at() + i);
  }

  @Override
  public void addPairSums(
      float sign,
      Floats sumS,
      Floats squareS,
      Floats sumH,
      Floats cross,
      Floats squareH,
      int n,
      Floats sum,
      Floats square) {
    FloatVector signs = FloatVector.broadcast(F, sign);
    FloatVector twice = FloatVector.broadcast(F, 2f * sign);
    for (int r = 0; r < n; r += WIDTH) {
      FloatVector x = load(sumH, r).fma(signs, load(sumS, r));
      load(sum, r).add(x).intoArray(sum.array(), sum.at() + r);
      FloatVector both = load(squareS, r).add(load(squareH, r));
      x = load(cross, r).fma(twice, both);
      load(square, r).add(x).intoArray(square.array(), square.at() + r);
    }
  }

  @Override
  public void pairFactors(
      Floats meanPlus,
      Floats scalePlus,
      Floats meanMinus,
      Floats scaleMinus,
      int n,
      Floats a,
      Floats b,
      Floats c) {
    for (int r = 0; r < n; r += WIDTH) {
      FloatVector p = load(scalePlus, r);
      FloatVector m = load(scaleMinus, r);
      p.add(m).mul(0.5f).intoArray(a.array(), a.at() + r);
      p.sub(m).mul(0.5f).intoArray(b.array(), b.at() + r);
      FloatVector means = load(meanPlus, r).mul(p).add(load(meanMinus, r).mul(m));
      means.mul(0.5f).intoArray(c.array(), c.at() + r);
    }
  }

  @Override
  public void layerNorm(int inputs, Floats mean, Floats scale, int n) {
    float[] meanArray = mean.array();
    int meanFrom = mean.at();
    float[] scaleArray = scale.array();
    int scaleFrom = scale.at();
    FloatVector count = FloatVector.broadcast(F, inputs);
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector m = FloatVector.fromArray(F, meanArray, meanFrom + i).div(count);
      FloatVector square = FloatVector.fromArray(F, scaleArray, scaleFrom + i).div(count);
      FloatVector variance = m.neg().fma(m, square);
      VectorMask<Float> constant = variance.compare(VectorOperators.LE, square.mul(CONSTANT));
      FloatVector deviation = variance.lanewise(VectorOperators.SQRT).add(EPSILON);
      m.intoArray(meanArray, meanFrom + i);
      FloatVector.broadcast(F, 1f)
          .div(deviation)
          .blend(0f, constant)
          .intoArray(scaleArray, scaleFrom + i);
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
      FloatVector minusMean = FloatVector.broadcast(F, -meanArray[meanFrom + r]);
      FloatVector scales = FloatVector.broadcast(F, scaleArray[scaleFrom + r]);
      for (int j = 0; j < stride; j += WIDTH) {
        FloatVector x = FloatVector.fromArray(F, zArray, zFrom + r * stride + j);
        x = FloatVector.fromArray(F, wsumArray, wsumFrom + j).fma(minusMean, x);
        x.fma(scales, FloatVector.fromArray(F, biasArray, biasFrom + j))
            .intoArray(zArray, zFrom + r * stride + j);
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
    // two loops: a vector that is either broadcast or loaded would be boxed
    for (int lane = 0; lane < lanes; lane += WIDTH) {
      FloatVector minusMean = FloatVector.fromArray(F, meanArray, meanFrom + lane).neg();
      FloatVector scales = FloatVector.fromArray(F, scaleArray, scaleFrom + lane);
      FloatVector signs = FloatVector.broadcast(F, sign);
      for (int u = 0; shared && u < units; u++) {
        int at = u * lanes + lane;
        FloatVector x =
            FloatVector.fromArray(F, whArray, whFrom + at)
                .fma(signs, FloatVector.broadcast(F, wsArray[wsFrom + u]));
        x = minusMean.fma(FloatVector.broadcast(F, wsumArray[wsumFrom + u]), x);
        x.fma(scales, FloatVector.broadcast(F, biasArray[biasFrom + u]))
            .intoArray(zArray, zFrom + at);
      }
      for (int u = 0; !shared && u < units; u++) {
        int at = u * lanes + lane;
        FloatVector x =
            FloatVector.fromArray(F, whArray, whFrom + at)
                .fma(signs, FloatVector.fromArray(F, wsArray, wsFrom + at));
        x = minusMean.fma(FloatVector.broadcast(F, wsumArray[wsumFrom + u]), x);
        x.fma(scales, FloatVector.broadcast(F, biasArray[biasFrom + u]))
            .intoArray(zArray, zFrom + at);
      }
    }
  }

  @Override
  public void positive(Floats x, Floats out, int n) {
    float[] xArray = x.array();
    int xFrom = x.at();
    float[] outArray = out.array();
    int outFrom = out.at();
    for (int i = 0; i < n; i += WIDTH) {
      VectorMask<Float> mask =
          FloatVector.fromArray(F, xArray, xFrom + i).compare(VectorOperators.GT, 0f);
      FloatVector.zero(F).blend(1f, mask).intoArray(outArray, outFrom + i);
    }
  }

  @Override
  public void signs(Floats x, float size, Floats out, int n) {
    float[] xArray = x.array();
    int xFrom = x.at();
    float[] outArray = out.array();
    int outFrom = out.at();
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector each = FloatVector.fromArray(F, xArray, xFrom + i);
      FloatVector.zero(F)
          .blend(size, each.compare(VectorOperators.GT, 0f))
          .blend(-size, each.compare(VectorOperators.LT, 0f))
          .intoArray(outArray, outFrom + i);
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
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector.fromArray(F, aArray, aFrom + i)
          .mul(FloatVector.fromArray(F, bArray, bFrom + i))
          .intoArray(outArray, outFrom + i);
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
      FloatVector fr = FloatVector.broadcast(F, fArray[fFrom + r]);
      for (int i = r * stride; i < (r + 1) * stride; i += WIDTH) {
        FloatVector.fromArray(F, xArray, xFrom + i).mul(fr).intoArray(outArray, outFrom + i);
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
      FloatVector fr = FloatVector.broadcast(F, fArray[fFrom + r]);
      for (int i = r * stride; i < (r + 1) * stride; i += WIDTH) {
        FloatVector.fromArray(F, xArray, xFrom + i).add(fr).intoArray(xArray, xFrom + i);
      }
    }
  }

  @Override
  public void clear(Floats x, int n) {
    float[] xArray = x.array();
    int xFrom = x.at();
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector.zero(F).intoArray(xArray, xFrom + i);
    }
  }

  @Override
  public void addScaled(float f, Floats x, int xAt, Floats y, int yAt, int n) {
    float[] xArray = x.array();
    int xFrom = x.at() + xAt;
    float[] yArray = y.array();
    int yFrom = y.at() + yAt;
    FloatVector v = FloatVector.broadcast(F, f);
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector.fromArray(F, xArray, xFrom + i)
          .fma(v, FloatVector.fromArray(F, yArray, yFrom + i))
          .intoArray(yArray, yFrom + i);
    }
  }

  @Override
  public void tanh(Floats x, int at, int n) {
    float[] array = x.array();
    int from = x.at() + at;
    for (int i = from; i < from + n; i += WIDTH) {
      FloatVector v = FloatVector.fromArray(F, array, i);
      IntVector sign = v.reinterpretAsInts().and(0x80000000);
      FloatVector e = exp(v.abs().mul(-2f));
      FloatVector y = FloatVector.broadcast(F, 1f).sub(e).div(e.add(1f));
      y.reinterpretAsInts()
          .lanewise(VectorOperators.OR, sign)
          .reinterpretAsFloats()
          .intoArray(array, i);
    }
  }

  @Override
  public void add(Floats x, Floats y, int n) {
    float[] xArray = x.array();
    int xFrom = x.at();
    float[] yArray = y.array();
    int yFrom = y.at();
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector.fromArray(F, yArray, yFrom + i)
          .add(FloatVector.fromArray(F, xArray, xFrom + i))
          .intoArray(yArray, yFrom + i);
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
    for (int lane = 0; lane < lanes; lane += WIDTH) {
      FloatVector fr = FloatVector.fromArray(F, fArray, fFrom + lane);
      FloatVector gr = FloatVector.fromArray(F, gArray, gFrom + lane);
      FloatVector qr = FloatVector.fromArray(F, qArray, qFrom + lane);
      for (int i = 0; i < rows; i++) {
        int at = i * lanes + lane;
        FloatVector gh = FloatVector.fromArray(F, hArray, hFrom + at).mul(gr);
        FloatVector.fromArray(F, sArray, sFrom + at)
            .fma(fr, gh)
            .sub(qr)
            .intoArray(outArray, outFrom + at);
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
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector mp = FloatVector.fromArray(F, maskPlusArray, maskPlusFrom + i);
      FloatVector mm = FloatVector.fromArray(F, maskMinusArray, maskMinusFrom + i);
      FloatVector gp = gated ? mp : FloatVector.broadcast(F, 1f);
      FloatVector gm = gated ? mm : FloatVector.broadcast(F, 1f);
      FloatVector e = FloatVector.fromArray(F, noiseArray, noiseFrom + i);
      FloatVector plus = e.fma(gp, FloatVector.fromArray(F, zPlusArray, zPlusFrom + i).mul(mp));
      FloatVector minus =
          e.neg().fma(gm, FloatVector.fromArray(F, zMinusArray, zMinusFrom + i).mul(mm));
      plus.add(minus).mul(0.5f).intoArray(sArray, sFrom + i);
      plus.sub(minus).mul(0.5f).intoArray(hArray, hFrom + i);
      e.mul(gp.add(gm).mul(0.5f)).intoArray(noiseArray, noiseFrom + i);
    }
  }
}
