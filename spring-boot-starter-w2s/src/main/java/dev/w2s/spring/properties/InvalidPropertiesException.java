// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.properties;

import java.util.List;
import java.util.stream.Collectors;

/** Properties break rules; the message tells of all of them. */
public final class InvalidPropertiesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Fault> faults;

  /**
   * One property that breaks a rule.
   *
   * @param property its whole name
   * @param reason the rule
   */
  public record Fault(String property, String reason) {}

  InvalidPropertiesException(List<Fault> faults) {
    super(
        faults.stream()
            .map(fault -> fault.property() + ": " + fault.reason())
            .collect(Collectors.joining("; ")));
    this.faults = List.copyOf(faults);
  }

  List<Fault> faults() {
    return faults;
  }
}
