// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.decoration;

/** A bean is a model but cannot be guided as the properties say. */
public final class NotGuidableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String beanName;

  NotGuidableException(String beanName, IllegalArgumentException reason) {
    super("bean '%s' cannot be guided: %s".formatted(beanName, reason.getMessage()), reason);
    this.beanName = beanName;
  }

  /** The bean's name. */
  public String beanName() {
    return beanName;
  }
}
