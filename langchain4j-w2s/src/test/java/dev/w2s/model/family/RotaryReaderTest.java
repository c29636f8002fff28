// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Numbers worked out by hand. With theta 10^4 and heads of 8, the frequencies are 10^0, 10^-1,
 * 10^-2 and 10^-3 radians a position.
 */
class RotaryReaderTest {
  private static final Family LLAMA = Family.llamaLike("llama", "Llama").build();

  private static List<Double> read(String json) {
    try {
      ObjectNode object = (ObjectNode) new ObjectMapper().readTree(json);
      Facts facts = new Facts(new JsonFile(Path.of("config.json"), "", object), LLAMA);
      return RotaryReader.readAll(facts, 8, 2048).get(0).frequencies();
    } catch (IOException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  private static void assertFrequencies(String json, double... expected) {
    List<Double> frequencies = read(json);
    assertThat(frequencies).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(frequencies.get(i)).isCloseTo(expected[i], within(1e-12));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'rope_theta': 10000}",
        "{'rope_theta': 10000.0, 'rope_scaling': null}",
        "{'rope_parameters': {'rope_theta': 10000}}",
        "{'rope_parameters': {'rope_type': 'default', 'rope_theta': 10000}}",
        "{'rope_theta': 10000, 'rope_scaling': {'type': 'default'}}",
        "{'rope_parameters': {'rope_theta': 10000}, 'rope_scaling': {}}",
      })
  void plainFrequenciesFallByPowersOfTheta(String json) {
    assertFrequencies(json.replace('\'', '"'), 1, 0.1, 0.01, 0.001);
  }

  @Test
  void thetaOfTheParametersGoesBeforeThatOfTheConfig() {
    assertFrequencies(
        "{\"rope_theta\": 7, \"rope_parameters\": {\"rope_theta\": 16}}", 1, 0.5, 0.25, 0.125);
    assertFrequencies(
        "{\"rope_theta\": 16, \"rope_parameters\": {\"rope_type\": \"default\"}}",
        1,
        0.5,
        0.25,
        0.125);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'rope_theta': 16, 'rope_scaling': {'type': 'linear', 'factor': 4}}",
        "{'rope_theta': 16, 'rope_scaling': {'rope_type': 'linear', 'factor': 4.0}}",
        "{'rope_parameters': {'rope_theta': 16, 'rope_type': 'linear', 'factor': 4}}",
        "{'rope_parameters': {'rope_theta': 16, 'rope_type': 'linear', 'type': 'x', 'factor': 4}}",
      })
  void linearScalingDividesAll(String json) {
    assertFrequencies(json.replace('\'', '"'), 0.25, 0.125, 0.0625, 0.03125);
  }

  /**
   * Trained on 400 pi positions, the four frequencies turn 200, 20, 2 and 0.2 times. Above 20 turns
   * a frequency is kept, below 1 it is divided by the factor; 2 turns lie (2 - 1) / (20 - 1) = 1/19
   * of the way: 0.01 (1/19 + 18/19 / 8) = 0.01 * 26/152.
   */
  @Test
  void llama3ScalingHasThreeBands() {
    assertFrequencies(
        """
        {"rope_parameters": {"rope_type": "llama3", "rope_theta": 10000, "factor": 8,
         "low_freq_factor": 1, "high_freq_factor": 20,
         "original_max_position_embeddings": 1256.6370614359173}}""",
        1,
        0.1,
        0.01 * 26 / 152,
        0.001 / 8);
  }

  /**
   * Trained on 2000 pi positions, the pair of number 3 - log10(turns) turns so often: 10^1.5 turns
   * at 1.5, 10^0.25 at 2.75. Up to the first a frequency is kept, from the second on it is divided
   * by the factor 4, with whole numbers around the two, within a head's 0 to 7, unless truncate is
   * false. A share s that is kept leaves s + (1 - s) / 4.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Between 1 and 3: half of the third is kept.
        "31.622776601683793|1.7782794100389228|true|1 0.1 0.00625 0.00025",
        // Between 1.5 and 2.75: 0.75 / 1.25 of the third.
        "31.622776601683793|1.7782794100389228|false|1 0.1 0.007 0.00025",
        // Between 1 and 8.5, which is beyond the head: 5/6 of the third, 4/6 of the fourth.
        "31.622776601683793|3.1622776601683795e-6|true|1 0.1 0.00875 0.00075",
        // Between -1.5, which is before it, and 2.75: 2/3, 1/3, none.
        "31622.776601683792|1.7782794100389228|true|1 0.075 0.005 0.00025",
        // Between -1.5 and -0.5: all but the first are slowed.
        "31622.776601683792|3162.2776601683795|true|1 0.025 0.0025 0.00025",
      })
  void yarnBlendsByAPairsNumber(double fast, double slow, boolean truncate, String expected) {
    assertFrequencies(
        """
        {"rope_parameters": {"rope_type": "yarn", "rope_theta": 10000, "factor": 4,
         "original_max_position_embeddings": 6283.185307179586,
         "beta_fast": %s, "beta_slow": %s, "truncate": %s}}"""
            .formatted(fast, slow, truncate),
        Stream.of(expected.split(" ", -1)).mapToDouble(Double::parseDouble).toArray());
  }

  /**
   * 512 positions are 81.49 times 2 pi: the pairs have the numbers -1.5 and -0.5, and all but the
   * first show the factor, 2048 / 512.
   */
  @Test
  void aScalingWithoutAFactorIsByThePositionsOfTheTraining() {
    assertFrequencies(
        """
        {"rope_parameters": {"rope_type": "yarn", "rope_theta": 10000,
         "original_max_position_embeddings": 512, "beta_fast": 2576.9, "beta_slow": 257.69}}""",
        1,
        0.1 / 4,
        0.01 / 4,
        0.001 / 4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'rope_theta': 0}|rope_theta is 0; it must be a finite number above 0",
        "{'rope_theta': -1}|rope_theta is -1; it must be a finite number above 0",
        "{'rope_theta': 1e999}|must be a finite number above 0",
        "{'rope_theta': '1'}|rope_theta is \"1\"; it must be a finite number above 0",
        "{'rope_parameters': 5}|rope_parameters is 5; it must be an object",
        "{'rope_scaling': []}|rope_scaling is []; it must be an object",
        "{'rope_scaling': {'type': 'ntk', 'factor': 2}}"
            + "|rope_scaling.type is \"ntk\"; it must be default, linear, dynamic, yarn, longrope or"
            + " llama3",
        "{'rope_parameters': {'rope_type': 'proportional'}}"
            + "|rope_parameters.rope_type is \"proportional\"",
        "{'rope_parameters': {'full_attention': {}}}"
            + "|rope_parameters.full_attention is {}; it must be absent",
        "{'rope_parameters': {'rope_type': 5}}|rope_parameters.rope_type is 5; it must be a string",
        "{'rope_scaling': {'type': 'linear'}}|rope_scaling.factor is missing; it must be given",
        "{'rope_scaling': {'type': 'linear', 'factor': 0}}|rope_scaling.factor is 0; it must be",
        "{'rope_parameters': {'partial_rotary_factor': 0.5}}"
            + "|rope_parameters.partial_rotary_factor is 0.5; it must be 1",
        "{'rope_parameters': {'rope_type': 'llama3', 'factor': 8, 'low_freq_factor': 4,"
            + " 'high_freq_factor': 4, 'original_max_position_embeddings': 32}}"
            + "|high_freq_factor is 4; it must be above low_freq_factor (4.0)",
        "{'rope_scaling': {'type': 'longrope', 'long_factor': [1, 1, 1, 1]}}"
            + "|rope_scaling.short_factor is missing; it must be a list",
        "{'rope_scaling': {'type': 'longrope', 'long_factor': [1], 'short_factor': [1, 1, 1, 1]}}"
            + "|rope_scaling.long_factor is [1]; it must hold 4 numbers, not 1",
        "{'rope_scaling': {'type': 'longrope', 'long_factor': [1], 'short_factor': [1, 0, 1, 1]}}"
            + "|short_factor is [1,0,1,1]; it must be a list of finite numbers above 0",
      },
      quoteCharacter = '~')
  void refuses(String json, String message) {
    assertThatThrownBy(() -> read(json.replace('\'', '"')))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith("config.json: ")
        .hasMessageContaining(message);
  }
}
