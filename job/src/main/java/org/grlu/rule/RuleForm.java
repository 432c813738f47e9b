package org.grlu.rule;

import java.util.stream.Stream;

/**
 * One form of a rule, as the rule's keys choose it: what {@code grlu rules} says of it. Each text
 * is a few plain words, as many as it takes, without a full stop: the command breaks the lines.
 *
 * @param form the values that choose it: "rule.output-signal = noise"; empty where the rule has one
 *     form only
 * @param told what it knows beside each layer's own input, output and noise: "one scalar, the
 *     reward"; "one scalar and the output's error vector"; "the gradient"
 * @param cost of an example, in passes through the network, P being rule.perturbations: "2 P
 *     passes"
 * @param when to use it
 * @param source the paper: "Williams 1992"
 */
public record RuleForm(String form, String told, String cost, String when, String source) {
  /** Whether it says all that a form must. */
  boolean isWhole() {
    return form != null
        && Stream.of(told, cost, when, source).allMatch(text -> text != null && !text.isBlank());
  }
}
