// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.settings;

/** A property of the gateway breaks a rule, so that it does not start. */
public final class SettingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String property;
  private final String rule;

  /**
   * @param property its whole name
   * @param rule what it breaks
   */
  public SettingException(String property, String rule) {
    super(property + ": " + rule);
    this.property = property;
    this.rule = rule;
  }

  String property() {
    return property;
  }

  String rule() {
    return rule;
  }
}
