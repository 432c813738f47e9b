package org.grlu.rule;

/** The place where the matrices of a sharded step are summed. All choices give the same bits. */
public enum Fold {
  /** The place that finishes earlier at nominal rates. See {@link ShardSize#soonerInCluster}. */
  AUTO,
  /** The driver, which receives the matrices of all shards. */
  DRIVER,
  /** One task for each slice of rows. The driver receives one matrix for each layer. */
  CLUSTER
}
