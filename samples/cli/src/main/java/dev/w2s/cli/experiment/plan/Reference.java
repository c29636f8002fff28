// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.plan;

/**
 * What names a model.
 *
 * @param written in the file; what it means there does not depend on where the file lies
 * @param resolved a path that can be opened from here; other kinds of references as written
 */
public record Reference(String written, String resolved) {
  @Override
  public String toString() {
    return written;
  }
}
