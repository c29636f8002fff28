// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.w2s.search.Guard;
import dev.w2s.search.SearchSettings;
import dev.w2s.search.guard.TrustRegion;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request says of its guidance, in the object {@code w2s}; null leaves it to the model.
 *
 * @param weights of guides by name; others do not count
 * @param trace whether the answer tells of every round
 */
public record Wishes(
    @Nullable Integer beamWidth,
    @Nullable Integer successors,
    @Nullable Integer chunkLength,
    @Nullable Map<String, Double> weights,
    @Nullable Guard guard,
    boolean trace) {
  /** Leaves all to the model. */
  public static final Wishes NONE = new Wishes(null, null, null, null, null, false);

  /** The field of a request. */
  static final String OBJECT = "w2s";

  /** Reads the object of a request. */
  static Wishes of(Fields request) {
    Fields fields = request.object(OBJECT);
    if (fields == null) {
      return NONE;
    }
    Wishes wishes =
        new Wishes(
            fields.integer("beam_width", 1, SearchSettings.MAX_DRAWS),
            fields.integer("successors", 1, SearchSettings.MAX_DRAWS),
            fields.integer("chunk_length", 1, SearchSettings.UNLIMITED),
            fields.numbers("weights"),
            guard(fields),
            fields.isSet("trace"));
    fields.refuseOthers();
    return wishes;
  }

  private static @Nullable Guard guard(Fields fields) {
    JsonNode value = fields.value("guard");
    if (value == null) {
      return null;
    }
    if (value.isBoolean()) {
      return value.booleanValue() ? TrustRegion.defaults() : Guard.none();
    }
    try {
      if (value.isNumber()) {
        return new TrustRegion(value.doubleValue());
      }
    } catch (IllegalArgumentException e) {
      throw fields.wrong("guard", String.valueOf(e.getMessage()));
    }
    throw fields.wrong("guard", "it must be true, false, or a number of nats a token");
  }
}
