/** What is known and written: the committer, the lock of a sweep, known trials, rows of tables. */
package org.grlu.store;
