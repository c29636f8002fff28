// SPDX-License-Identifier: Apache-2.0
package dev.w2s.soak;

import dev.w2s.model.FamilyModels;
import dev.w2s.model.Golden;
import dev.w2s.model.Placement;
import dev.w2s.model.WeightType;
import dev.w2s.testkit.GoldenFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * A kind of models to search with, by the widest that the tests have of it.
 *
 * @param opening loads them
 */
record Kind(String name, Supplier<Stand> opening) {
  private static final Placement FLOAT32 = Golden.CPU_FLOAT32;
  private static final String GGUF =
      GoldenFiles.directory("gguf").resolve("llama-mixed.gguf").toString();

  /**
   * Models of a few thousand weights.
   *
   * @param directory for copies that have a tokenizer
   */
  static List<Kind> tiny(Path directory) {
    String llama = Golden.reference("llama-gqa");
    String windows = family("gemma3-text", directory);
    String byLength = family("phi3-longrope", directory);
    String reward = Golden.reference("llama-classifier");
    return List.of(
        new Kind(
            "a pair", () -> Stand.ofPair(llama, Golden.reference("llama-added"), llama, FLOAT32)),
        new Kind("prompted", () -> Stand.prompted(Golden.reference("gpt2-scaled"), FLOAT32)),
        new Kind("an adapter", () -> Stand.adapted(llama, adapter("llama-patterns"), FLOAT32)),
        new Kind(
            "an adapter a search", () -> Stand.adaptedAnew(llama, adapter("llama-saved"), FLOAT32)),
        new Kind("a classifier", () -> Stand.rewarded(llama, reward, "GOOD", FLOAT32)),
        new Kind("windows", () -> Stand.prompted(windows, FLOAT32)),
        new Kind("frequencies by length", () -> Stand.prompted(byLength, FLOAT32)),
        new Kind("GGUF", () -> Stand.prompted(GGUF, FLOAT32)),
        new Kind("GGUF in int8", () -> Stand.prompted(GGUF, cpu(WeightType.INT8))),
        new Kind("GGUF in int4", () -> Stand.prompted(GGUF, cpu(WeightType.INT4))),
        new Kind("in bfloat16", () -> Stand.prompted(llama, cpu(WeightType.BFLOAT16))));
  }

  /** Models of 12.6 million weights. */
  static List<Kind> wide() {
    return List.of(
        new Kind("a wide pair", () -> moviePair(WeightType.FLOAT32)),
        new Kind("a wide pair in int8", () -> moviePair(WeightType.INT8)),
        new Kind("a wide pair in int4", () -> moviePair(WeightType.INT4)),
        new Kind(
            "a wide classifier",
            () ->
                Stand.rewarded(
                    Golden.reference("base"), Golden.reference("gold"), "POSITIVE", FLOAT32)));
  }

  private static Stand moviePair(WeightType type) {
    return Stand.ofPair(
        Golden.reference("base"),
        Golden.reference("tuned"),
        Golden.reference("untuned"),
        cpu(type));
  }

  private static Placement cpu(WeightType type) {
    return new Placement("cpu", type);
  }

  private static String adapter(String name) {
    return Golden.adapter(name).toString();
  }

  private static String family(String name, Path directory) {
    return FamilyModels.copyOf(name, directory.resolve(name)).path().toString();
  }

  Stand open() {
    return opening.get();
  }
}
