// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.options;

import dev.w2s.search.guard.TrustRegion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What keeps a search from harm. */
public final class GuardOption {

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--guard",
      arity = "0..1",
      paramLabel = "NATS",
      fallbackValue = "" + TrustRegion.DEFAULT_DIVERGENCE,
      description =
          "Keep the search within so many nats a token of the base, and from unlikely or repeated"
              + " text (alone: "
              + TrustRegion.DEFAULT_DIVERGENCE
              + ").")
  private @Nullable Double divergence;

  /** The guard, null if none is asked for; a number out of range is an error of usage. */
  public @Nullable TrustRegion guard() {
    if (divergence == null) {
      return null;
    }
    try {
      return new TrustRegion(divergence);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--guard: " + e.getMessage(), e);
    }
  }
}
