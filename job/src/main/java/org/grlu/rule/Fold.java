package org.grlu.rule;

/** Where a sharded step's sums of matrices are completed. All give the same bits. */
public enum Fold {
  /** Where it is done earlier, at nominal rates: {@link ShardSize#soonerInCluster}. */
  AUTO,
  /** In the driver, which gets the matrices of all shards. */
  DRIVER,
  /** In tasks for slices of rows, from which the driver gets one matrix of each layer. */
  CLUSTER
}
