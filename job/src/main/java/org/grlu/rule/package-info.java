/**
 * The learning rules. Start with {@link org.grlu.rule.PlainGrlu}, the algorithm on one screen:
 * noise on every neuron, the network run twice with the noise's sign flipped, and each layer's
 * update from noise, reward difference and input. {@link org.grlu.rule.Grlu} has the formula;
 * {@link org.grlu.rule.PlainBackprop} is the baseline. The fast forms compute the same.
 *
 * <p>A step's work is a grid of leaves ({@link org.grlu.rule.LeafGrid}); a rule computes one leaf's
 * sums ({@link org.grlu.rule.LearningRule}); the sums meet in a balanced tree ({@link
 * org.grlu.rule.StepTree}) and are applied to the weights ({@link org.grlu.rule.WeightUpdate}).
 */
package org.grlu.rule;
