/**
 * Slow systems: what is learned of images without their labels, frozen, and turns each into a code.
 */
package org.grlu.features;
