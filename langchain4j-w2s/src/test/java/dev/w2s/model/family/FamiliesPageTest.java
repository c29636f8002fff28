// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.model.family.Family.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The table of the families is made from their facts. With the system property {@code
 * w2s.page.write} it is written anew.
 */
class FamiliesPageTest {
  private static final Path PAGE = Path.of("docs", "families.md");
  private static final String BEGIN = "<!-- table begins -->\n";
  private static final String END = "<!-- table ends -->\n";

  private static String table() {
    StringBuilder table = new StringBuilder();
    table.append(
        "| `model_type` | models | norms | positions | windows | besides | classifier |\n");
    table.append("|---|---|---|---|---|---|---|\n");
    for (Family family : Families.all()) {
      table.append(
          "| `%s` | %s | %s | %s | %s | %s | %s |\n"
              .formatted(
                  family.modelType(),
                  family.covers(),
                  norms(family),
                  positions(family),
                  windows(family),
                  besides(family),
                  family.heads().classifier() == null ? "no" : "yes"));
    }
    return table.toString();
  }

  private static boolean has(Family family, Key key) {
    return family.config().facts().containsKey(key);
  }

  private static boolean has(Family family, WeightName weight) {
    return !family.storage().names(weight).isEmpty();
  }

  /** The key in a config; of a fact that is always the same its value. */
  private static String key(Family family, Key key) {
    Fact fact = family.config().facts().get(key);
    return fact.key() == null ? String.valueOf(fact.fallback()) : "`" + fact.key() + "`";
  }

  private static String norms(Family family) {
    String kind =
        switch (family.design().norm()) {
          case LAYER -> "layer norm";
          case RMS -> "RMS";
          case RMS_FROM_ONE -> "RMS, 1 + w";
        };
    boolean before = has(family, WeightName.ATTENTION_NORM);
    boolean behind = has(family, WeightName.ATTENTION_OUTPUT_NORM);
    String queryKey =
        switch (family.design().queryKeyNorm()) {
          case NONE -> "";
          case HEADS -> ", of query and key by head";
          case WHOLE -> ", of query and key";
        };
    String place = behind ? (before ? ", in front and behind" : ", behind") : "";
    return kind + place + queryKey;
  }

  private static String positions(Family family) {
    if (!has(family, Key.THETA)) {
      return "learned";
    }
    List<String> parts = new ArrayList<>(List.of("rotary"));
    if (has(family, Key.WINDOW_THETA)) {
      parts.add("another in windowed layers");
    }
    if (has(family, Key.ROTARY_SHARE)) {
      parts.add("partial (" + key(family, Key.ROTARY_SHARE) + ")");
    }
    if (has(family, Key.ROTARY_LAYERS)) {
      parts.add("some layers without (" + key(family, Key.ROTARY_LAYERS) + ")");
    }
    return String.join(", ", parts);
  }

  private static String windows(Family family) {
    List<String> parts = new ArrayList<>();
    for (Key key :
        List.of(Key.WINDOW, Key.WINDOWED, Key.WINDOWED_FROM, Key.WINDOW_PATTERN, Key.LAYER_TYPES)) {
      if (has(family, key)) {
        boolean fixed = key == Key.WINDOW_PATTERN && !key(family, key).startsWith("`");
        parts.add(fixed ? "all layers but every " + key(family, key) + "th" : key(family, key));
      }
    }
    return String.join(", ", parts).replace("every 2th", "every second");
  }

  private static String besides(Family family) {
    List<String> parts = new ArrayList<>();
    if (!family.design().gated()) {
      parts.add("no gate");
    }
    if (family.storage().names(WeightName.QKV).size() == 1) {
      parts.add("fused query, key and value");
    }
    for (Key key :
        List.of(
            Key.PARALLEL,
            Key.SCALED_BY_LAYER,
            Key.QUERY_SCALAR,
            Key.ATTENTION_MULTIPLIER,
            Key.EMBEDDING_MULTIPLIER,
            Key.RESIDUAL_MULTIPLIER,
            Key.LOGIT_DIVISOR,
            Key.ATTENTION_CAP,
            Key.LOGIT_CAP)) {
      if (has(family, key)) {
        parts.add(key(family, key));
      }
    }
    if (has(family, Key.ROOT_OF_WIDTH)) {
      parts.add("embeddings times the root of the width");
    }
    if (family.config().inside() != null) {
      parts.add("inside `" + family.config().inside() + "`");
    }
    return String.join(", ", parts);
  }

  @Test
  void thePageHoldsAllFamilies() throws IOException {
    String page = Files.readString(PAGE, UTF_8);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    if (Boolean.getBoolean("w2s.page.write")) {
      Files.writeString(PAGE, page.substring(0, begin) + table() + page.substring(end), UTF_8);
    } else {
      assertThat(page.substring(begin, end))
          .as(
              "docs/families.md; to write it: -Dtest=FamiliesPageTest -Dtest.argLine=-Dw2s.page.write=true")
          .isEqualTo(table());
    }
  }

  @Test
  void everyFamilySaysWhomItCovers() {
    assertThat(Families.all()).allSatisfy(family -> assertThat(family.covers()).isNotEmpty());
  }
}
