/** What work costs: an example, a step on a cluster, a sweep. */
package org.grlu.bench;
