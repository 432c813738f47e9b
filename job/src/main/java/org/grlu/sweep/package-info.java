/**
 * Decisions, pure: search spaces, plans of trials, expected costs, halving, how a sweep stands,
 * limits and stops. Nothing is executed here.
 */
package org.grlu.sweep;
