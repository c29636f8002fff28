// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.model.family.WeightName;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The names that Java and {@code decoder.torchscript} must agree on. */
class DecoderTextTest {
  private static final Pattern LEGEND = Pattern.compile("(?m)^# {3}(\\w+) +\\(");

  private String text = "";

  @BeforeEach
  void readTheText() throws IOException {
    try (InputStream in = DecoderProgram.class.getResourceAsStream("decoder.torchscript")) {
      text = new String(in.readAllBytes(), UTF_8);
    }
  }

  @Test
  void theLegendListsEveryWeightAndNoOther() {
    List<String> listed = LEGEND.matcher(text).results().map(match -> match.group(1)).toList();
    assertThat(listed)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(WeightName.values()).map(WeightName::inProgram).toList());
  }

  @Test
  void everyWeightIsUsed() {
    assertThat(WeightName.values())
        .allSatisfy(name -> assertThat(text).contains('"' + name.inProgram() + '"'));
  }
}
