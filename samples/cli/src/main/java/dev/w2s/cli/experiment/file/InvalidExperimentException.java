// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.file;

import java.util.List;

/** A file is no experiment. */
public final class InvalidExperimentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // an immutable list of strings is serializable
  private final List<String> faults;

  InvalidExperimentException(List<String> faults) {
    super(String.join("\n", faults));
    this.faults = List.copyOf(faults);
  }

  /** All that is wrong, each with file, line, key, value and rule, in the order of lines. */
  public List<String> faults() {
    return faults;
  }
}
