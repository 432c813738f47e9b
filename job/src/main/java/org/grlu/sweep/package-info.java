/** Search spaces, plans of trials, expected costs, halving: pure decisions, no execution. */
package org.grlu.sweep;
