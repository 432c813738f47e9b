/** Trials on Spark: the task engine, progress from executors, and the report of a run. */
package org.grlu.spark;
