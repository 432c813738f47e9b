/**
 * Contains the learning rules. Start with {@link org.grlu.rule.PlainGrlu}, which has the algorithm
 * on one screen. It adds noise to every neuron and runs the network twice, with the noise's sign
 * flipped. Each layer's update follows from its noise, the reward difference and its input. {@link
 * org.grlu.rule.Grlu} states the formula. {@link org.grlu.rule.PlainBackprop} is the baseline. The
 * fast implementations compute the same results as the plain ones.
 *
 * <p>A step's work is a grid of leaves ({@link org.grlu.rule.LeafGrid}). A rule computes the sums
 * of one leaf ({@link org.grlu.rule.LearningRule}). A balanced binary tree adds the leaves' sums
 * ({@link org.grlu.rule.StepTree}). The total then changes the weights ({@link
 * org.grlu.rule.WeightUpdate}).
 */
package org.grlu.rule;
