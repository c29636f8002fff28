// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import dev.w2s.model.files.Safetensors;
import dev.w2s.model.files.Safetensors.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A GPT-2 of width 1 whose logits are given numbers after any text: the final norm's weight is 0
 * and its bias 1, so the hidden state is 1 and the head is the logits. Its tokens are the words
 * {@code t0}, {@code t1} and so on; none of them ends a text.
 */
public final class KnownLogits {
  private KnownLogits() {}

  static LoadedModel load(Path directory, double... logits) {
    return Golden.load(write(directory, logits).toString(), Golden.CPU_FLOAT32);
  }

  /** Writes a model that gives the same logits whatever it reads. */
  public static Path write(Path directory, double... logits) {
    return writeWithPositions(directory, 8, logits);
  }

  /** Writes a model with more positions. */
  public static Path writeWithPositions(Path directory, int positions, double... logits) {
    new ModelDirectory(directory)
        .write(
            "config.json",
            """
            {"model_type": "gpt2", "n_embd": 1, "n_layer": 1, "n_head": 1, "n_inner": 1,
             "n_positions": %d, "vocab_size": %d, "tie_word_embeddings": false}"""
                .formatted(positions, logits.length))
        .write("tokenizer.json", tokenizer(logits.length))
        .write("model.safetensors", new Safetensors(weights(positions, logits)).toBytes());
    return directory;
  }

  static String tokenizer(int words) {
    String vocabulary =
        IntStream.range(0, words)
            .mapToObj(word -> "\"t%d\":%d".formatted(word, word))
            .collect(Collectors.joining(","));
    return """
    {"version": "1.0", "added_tokens": [], "pre_tokenizer": {"type": "Whitespace"},
     "model": {"type": "WordLevel", "vocab": {%s}, "unk_token": "t0"}}"""
        .formatted(vocabulary);
  }

  private static Map<String, Tensor> weights(long positions, double... logits) {
    float[] head = new float[logits.length];
    for (int i = 0; i < head.length; i++) {
      head[i] = (float) logits[i];
    }
    long vocabulary = logits.length;
    Map<String, Tensor> weights = new LinkedHashMap<>();
    weights.put("wte.weight", Tensor.zeros(vocabulary, 1L));
    weights.put("wpe.weight", Tensor.zeros(positions, 1L));
    weights.put("ln_f.weight", Tensor.zeros(1L));
    weights.put("ln_f.bias", Tensor.of(List.of(1L), 1));
    weights.put("lm_head.weight", Tensor.of(List.of(vocabulary, 1L), head));
    for (String norm : List.of("ln_1", "ln_2")) {
      weights.put("h.0." + norm + ".weight", Tensor.zeros(1L));
      weights.put("h.0." + norm + ".bias", Tensor.zeros(1L));
    }
    weights.put("h.0.attn.c_attn.weight", Tensor.zeros(1L, 3L));
    weights.put("h.0.attn.c_attn.bias", Tensor.zeros(3L));
    for (String linear : List.of("attn.c_proj", "mlp.c_fc", "mlp.c_proj")) {
      weights.put("h.0." + linear + ".weight", Tensor.zeros(1L, 1L));
      weights.put("h.0." + linear + ".bias", Tensor.zeros(1L));
    }
    return weights;
  }
}
