package org.grlu.rule;

/** What is wrong with a rule from outside: one line, which names it. */
public final class RuleException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RuleException(String message) {
    super(message);
  }

  RuleException(String message, Throwable cause) {
    super(message, cause);
  }
}
