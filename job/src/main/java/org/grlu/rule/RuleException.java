package org.grlu.rule;

/** Reports in one line what is wrong with a rule, and names the rule. */
public final class RuleException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RuleException(String message) {
    super(message);
  }

  RuleException(String message, Throwable cause) {
    super(message, cause);
  }
}
