// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.properties;

import static java.util.Objects.requireNonNull;

/**
 * A server's key, which shows itself to nobody.
 *
 * @param value the key
 */
public record ApiKey(String value) {

  /** Checks that it is there. */
  public ApiKey {
    requireNonNull(value, "value");
  }

  @Override
  public String toString() {
    return "******";
  }
}
