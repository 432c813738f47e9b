package org.grlu.rule;

import java.util.stream.Stream;

/**
 * Describes one form of a rule, as {@code grlu rules} shows it. The rule's keys choose the form.
 * Each text is a few plain words without a full stop. The command breaks the lines.
 *
 * @param form the values that choose the form, such as "rule.output-signal = noise"; empty if the
 *     rule has one form
 * @param told what the layers are told in addition to their own input, output and noise, such as
 *     "one scalar, the reward", "one scalar and the output's error vector" or "the gradient"
 * @param cost the cost of an example in passes through the network, such as "2 P passes", where P
 *     is rule.perturbations
 * @param when the situation in which to use the form
 * @param source the paper, such as "Williams 1992"
 */
public record RuleForm(String form, String told, String cost, String when, String source) {
  /** Returns whether {@code form} is not null and all other texts have words. */
  boolean isWhole() {
    return form != null
        && Stream.of(told, cost, when, source).allMatch(text -> text != null && !text.isBlank());
  }
}
