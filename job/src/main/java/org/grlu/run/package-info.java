/** A run of one trial, a sweep's run and its loop, and the check of what sweeps wrote. */
package org.grlu.run;
