/**
 * Vector and matrix kernels over the row-major {@code data} of EJML's float matrices, scalar and
 * SIMD. Both perform the same operations in the same order, so both give the same bits.
 */
package org.grlu.math;
