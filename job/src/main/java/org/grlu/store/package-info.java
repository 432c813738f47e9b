/**
 * What is known and written: the committer, the lock of a sweep, the index of trials, rows of
 * tables.
 */
package org.grlu.store;
