/**
 * What names Spark: the two engines, tasks, the pool of trials, broadcasts, the plugin, metrics.
 */
package org.grlu.spark;
