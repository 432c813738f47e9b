package org.grlu.math;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;

/**
 * Where arrays lie in memory, by {@code sun.misc.Unsafe}. A reference is an address, or one in
 * units of the objects' alignment from a base that is a multiple of any line; which of them shows
 * in how far apart two arrays are that were made one after the other.
 */
final class CacheLines {
  static final int BYTES = 64;

  private static final int TRIES = 100;
  private static final int ALIGNMENT = 8;
  private static final int MOST_SHIFT = 8;

  /** Null where addresses can't be had. */
  private static final Reader READER = reader();

  /**
   * How to read addresses.
   *
   * @param read (object, offset in bytes) to what is there as a number
   * @param references the offset of the first element of an array of references
   * @param floats the same of floats
   * @param shift what a reference is shifted by to become an address
   */
  private record Reader(MethodHandle read, long references, long floats, int shift) {
    long reference(Object[] holder) {
      try {
        return (long) read.invokeExact((Object) holder, references);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private CacheLines() {}

  /** Whether addresses can be had. */
  static boolean known() {
    return READER != null;
  }

  /**
   * How many bytes an array's first element lies behind the start of a cache line, now: a collector
   * may move it at any time. Only where {@link #known}.
   *
   * @param holder of the array, a {@code float[]}, alone
   */
  static int into(Object[] holder) {
    long address = (READER.reference(holder) << READER.shift) + READER.floats;
    return (int) (address & (BYTES - 1));
  }

  private static Reader reader() {
    try {
      Class<?> type = Class.forName("sun.misc.Unsafe");
      Field field = type.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      Object unsafe = field.get(null);
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      MethodType ofClass = MethodType.methodType(int.class, Class.class);
      MethodHandle base = lookup.bind(unsafe, "arrayBaseOffset", ofClass);
      MethodHandle scale = lookup.bind(unsafe, "arrayIndexScale", ofClass);
      boolean narrow = (int) scale.invoke(Object[].class) == Integer.BYTES;
      MethodType ofPlace = MethodType.methodType(long.class, Object.class, long.class);
      MethodHandle read =
          narrow
              ? MethodHandles.filterReturnValue(
                  lookup.bind(unsafe, "getInt", ofPlace.changeReturnType(int.class)),
                  MethodHandles.publicLookup()
                      .findStatic(
                          Integer.class,
                          "toUnsignedLong",
                          MethodType.methodType(long.class, int.class)))
              : lookup.bind(unsafe, "getLong", ofPlace);
      int references = (int) base.invoke(Object[].class);
      int floats = (int) base.invoke(float[].class);
      int shift = shift(new Reader(read, references, floats, 0));
      return shift < 0 ? null : new Reader(read, references, floats, shift);
    } catch (Throwable e) {
      // a JVM that has no such class or lets nobody use it: what is lost is speed
      return null;
    }
  }

  /** The shift by which most of many pairs of arrays are neighbours; -1 where there is none. */
  private static int shift(Reader unshifted) {
    int[] votes = new int[MOST_SHIFT + 1];
    for (int i = 0; i < TRIES; i++) {
      float[] first = new float[Kernels.LANES];
      float[] second = new float[Kernels.LANES];
      long apart =
          unshifted.reference(new Object[] {second}) - unshifted.reference(new Object[] {first});
      for (int shift = 0; shift <= MOST_SHIFT; shift++) {
        long alignment = Math.max(ALIGNMENT, 1L << shift);
        long bytes = unshifted.floats + Kernels.LANES * (long) Float.BYTES;
        long size = (bytes + alignment - 1) / alignment * alignment;
        votes[shift] += apart << shift == size ? 1 : 0;
      }
    }
    for (int shift = 0; shift <= MOST_SHIFT; shift++) {
      if (votes[shift] > TRIES / 2) {
        return shift;
      }
    }
    return -1;
  }
}
