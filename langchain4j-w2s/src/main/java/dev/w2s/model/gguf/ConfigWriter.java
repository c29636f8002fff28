// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.model.files.InvalidModelException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes the {@code config.json} of a model from what its GGUF file says. */
final class ConfigWriter {
  private static final String EMBEDDING = "token_embd.weight";
  private static final String HEAD = "output.weight";
  private static final String TOKENIZER = "tokenizer.ggml.";

  /** No head is so wide. */
  private static final int MOST_FREQUENCIES = 1 << 16;

  private static final String LAYERS = "block_count";

  private final GgufHeader header;
  private final Hyperparameters parameters;
  private final Function<GgufTensor, List<Double>> values;
  private final ObjectNode json = JsonNodeFactory.instance.objectNode();

  private ConfigWriter(
      GgufHeader header, String architecture, Function<GgufTensor, List<Double>> values) {
    this.header = header;
    this.parameters = new Hyperparameters(header.metadata(), architecture);
    this.values = values;
  }

  /**
   * The config of a model.
   *
   * @param values reads the elements of a tensor
   * @throws InvalidModelException if the file does not say what the config needs
   */
  static ObjectNode write(
      GgufHeader header, Architecture architecture, Function<GgufTensor, List<Double>> values) {
    ConfigWriter writer = new ConfigWriter(header, architecture.name(), values);
    writer.refuse("expert_count", 0);
    writer.json.put("vocab_size", writer.rows(EMBEDDING));
    writer.json.put("tie_word_embeddings", !header.tensors().containsKey(HEAD));
    writer.token("bos_token_id");
    writer.token("eos_token_id");
    architecture.config().accept(writer);
    return writer.json;
  }

  private void token(String name) {
    Long id = header.metadata().wholeNumber(TOKENIZER + name);
    if (id != null) {
      json.put(name, id);
    }
  }

  /** Refuses a number that changes the architecture into one that is not supported. */
  private void refuse(String name, int otherThan) {
    Integer value = parameters.integer(name);
    if (value != null && value != otherThan) {
      throw header.metadata().invalid(parameters.key(name), "must be " + otherThan);
    }
  }

  /** What the model is. */
  ConfigWriter type(String modelType, String architecture) {
    json.put("model_type", modelType);
    json.putArray("architectures").add(architecture);
    return this;
  }

  Hyperparameters parameters() {
    return parameters;
  }

  ConfigWriter put(String key, int value) {
    json.put(key, value);
    return this;
  }

  ConfigWriter put(String key, double value) {
    json.put(key, value);
    return this;
  }

  ConfigWriter put(String key, boolean value) {
    json.put(key, value);
    return this;
  }

  ConfigWriter put(String key, String value) {
    json.put(key, value);
    return this;
  }

  /** Says a whole number that the file must say. */
  ConfigWriter required(String key, String name) {
    json.put(key, parameters.requiredInteger(name));
    return this;
  }

  /** Says a number where the file says it. */
  ConfigWriter number(String key, String name) {
    Double value = parameters.number(name);
    if (value != null) {
      json.put(key, value);
    }
    return this;
  }

  ObjectNode object(String key) {
    return json.putObject(key);
  }

  ArrayNode array(String key) {
    return json.putArray(key);
  }

  /** Number of layers, each of which has a tensor at least. */
  int layers() {
    int layers = parameters.requiredInteger(LAYERS);
    if (layers > header.tensors().size()) {
      throw metadata()
          .invalid(
              parameters.key(LAYERS),
              "must be at most the number of tensors, " + header.tensors().size());
    }
    return layers;
  }

  boolean has(String tensor) {
    return header.tensors().containsKey(tensor);
  }

  /**
   * The elements of a tensor that has one for each frequency.
   *
   * @param rotary how much of a head's width is turned; null for all of it
   * @return null where there is no such tensor
   */
  @Nullable List<Double> values(String tensor, @Nullable Integer rotary) {
    GgufTensor found = header.tensors().get(tensor);
    if (found == null) {
      return null;
    }
    int frequencies = (rotary == null ? headDim() : rotary) / 2;
    if (found.type() != TensorType.F32
        || found.elements() != frequencies
        || frequencies > MOST_FREQUENCIES) {
      throw invalid(tensor, "must be F32 and have " + frequencies + " elements");
    }
    return values.apply(found);
  }

  InvalidModelException invalid(String tensor, String rule) {
    GgufTensor found = header.tensors().get(tensor);
    String is = found == null ? "missing" : found.type() + " " + found.shape();
    return InvalidModelException.in(
        header.metadata().file(), "tensor %s is %s; it %s".formatted(tensor, is, rule));
  }

  GgufMetadata metadata() {
    return header.metadata();
  }

  /** Width of a head; said by the file, else that of the queries, else the width by the heads. */
  int headDim() {
    Integer said = parameters.integer("attention.key_length");
    Integer values = parameters.integer("attention.value_length");
    if (said != null && values != null && !said.equals(values)) {
      throw metadata()
          .invalid(parameters.key("attention.value_length"), "must be that of the keys, " + said);
    }
    if (said != null) {
      return said;
    }
    boolean split = has("blk.0.attn_q.weight");
    int width =
        split ? rows("blk.0.attn_q.weight") : parameters.requiredInteger("embedding_length");
    return width / parameters.heads();
  }

  private int rows(String tensor) {
    GgufTensor found = header.tensors().get(tensor);
    if (found == null || found.shape().size() != 2 || found.shape().get(0) > Integer.MAX_VALUE) {
      throw invalid(tensor, "must be a matrix of at most " + Integer.MAX_VALUE + " rows");
    }
    return found.shape().get(0).intValue();
  }

  /** The keys that Llama and its like share. */
  ConfigWriter llamaLike() {
    String causal = parameters.key("attention.causal");
    if (!metadata().flag(causal, true)) {
      throw metadata().invalid(causal, "must be true");
    }
    json.put("hidden_act", "silu");
    json.put("num_attention_heads", parameters.heads());
    json.put("num_key_value_heads", parameters.kvHeads());
    json.put("head_dim", headDim());
    return required("hidden_size", "embedding_length")
        .required("intermediate_size", "feed_forward_length")
        .required("num_hidden_layers", LAYERS)
        .required("max_position_embeddings", "context_length")
        .number("rms_norm_eps", "attention.layer_norm_rms_epsilon");
  }
}
