// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.run;

import java.util.List;

/**
 * One run, as the report tells of it.
 *
 * @param command as it was typed
 * @param started ISO 8601, UTC
 * @param seconds of wall time, models loaded and report unwritten
 * @param prompts how many were asked for
 * @param made samples that it made
 * @param failed those of them that failed
 * @param models loaded, with their types and devices
 */
public record RunFacts(
    String command,
    String started,
    double seconds,
    int prompts,
    int made,
    int failed,
    Machine machine,
    List<String> models) {

  /** Copies the list. */
  public RunFacts {
    models = List.copyOf(models);
  }

  /**
   * Where it ran.
   *
   * @param w2s its version
   * @param cores that the JVM sees
   * @param heap most of it, MiB
   */
  public record Machine(String w2s, String java, String system, int cores, long heap) {

    /** This one. */
    static Machine here() {
      Runtime runtime = Runtime.getRuntime();
      String version = Machine.class.getPackage().getImplementationVersion();
      return new Machine(
          version == null ? "(unpackaged)" : version,
          System.getProperty("java.version"),
          System.getProperty("os.name") + " " + System.getProperty("os.arch"),
          runtime.availableProcessors(),
          runtime.maxMemory() >> 20);
    }
  }
}
