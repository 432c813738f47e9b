/**
 * Counter-based random numbers: every number is a function of where it is used, never of what was
 * drawn before it, so that any part of a step can be computed anywhere.
 */
package org.grlu.noise;
