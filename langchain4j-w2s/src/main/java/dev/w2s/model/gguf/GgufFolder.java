// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import dev.w2s.model.files.ModelFolder;
import dev.w2s.model.files.PositionedFile;
import dev.w2s.model.files.TensorFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A GGUF file as the directory that it was made of: {@code config.json}, {@code
 * generation_config.json}, {@code tokenizer.json} and {@code tokenizer_config.json} are written
 * from what it says. Holds the header; the file itself is opened when its tensors are read.
 */
public final class GgufFolder implements ModelFolder {
  private static final String TOKENIZER = "tokenizer.ggml.";
  private static final String TOKENIZER_JSON = "tokenizer.json";
  private static final String CHAT_TEMPLATE = "tokenizer.chat_template";

  /** Tokens that end a text: of a document, of a turn, of a message. */
  private static final List<String> ENDS = List.of("eos_token_id", "eot_token_id", "eom_token_id");

  private final Path path;
  private final GgufHeader header;
  private final Architecture architecture;

  private GgufFolder(Path path, GgufHeader header) {
    this.path = path;
    this.header = header;
    architecture = Architectures.of(header.metadata());
  }

  /**
   * Opens a file and validates its header.
   *
   * @throws InvalidModelException if it is missing, may not be read, breaks a rule of the format,
   *     or holds a model that is not supported
   */
  public static GgufFolder open(Path path) {
    try (PositionedFile channel = PositionedFile.open(path)) {
      return new GgufFolder(path, GgufHeader.read(channel));
    }
  }

  /**
   * Opens the tensors.
   *
   * @return to be closed
   * @throws InvalidModelException if the file may not be read, or has tensors that its model does
   *     not have
   */
  public TensorFile openWeights() {
    PositionedFile channel = PositionedFile.open(path);
    try {
      return new GgufWeights(channel, architecture.pictures(header));
    } catch (RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public Path file(String name) {
    return path.resolve(name);
  }

  /** A tokenizer comes without the way over bytes, which takes seconds for a large vocabulary. */
  @Override
  public JsonFile json(String name) {
    return name.equals(TOKENIZER_JSON)
        ? new JsonFile(file(name), "", tokenizer())
        : ModelFolder.super.json(name);
  }

  @Override
  public byte @Nullable [] find(String name) {
    ObjectNode json = write(name);
    return json == null ? null : new JsonFile(file(name), "", json).toBytes();
  }

  /** Tokenizers of two such files are compared by what they are made of. */
  @Override
  public boolean sameFile(ModelFolder other, String name) {
    if (name.equals(TOKENIZER_JSON) && other instanceof GgufFolder file) {
      return architecture.name().equals(file.architecture.name())
          && ofTokenizer().equals(file.ofTokenizer());
    }
    return ModelFolder.super.sameFile(other, name);
  }

  private Map<String, Object> ofTokenizer() {
    Map<String, Object> values = new HashMap<>(header.metadata().values());
    values.keySet().removeIf(key -> !key.startsWith(TOKENIZER));
    return values;
  }

  @Override
  public boolean holdsAny(String folder, String ending) {
    return false;
  }

  private @Nullable ObjectNode write(String name) {
    return switch (name) {
      case "config.json" -> ConfigWriter.write(header, architecture, this::values);
      case "generation_config.json" -> generationConfig();
      case TOKENIZER_JSON -> tokenizer();
      case "tokenizer_config.json" -> tokenizerConfig();
      default -> null;
    };
  }

  private ObjectNode tokenizer() {
    return GgufTokenizer.write(header.metadata(), architecture.name());
  }

  private List<Double> values(GgufTensor tensor) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(tensor.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    try (PositionedFile channel = PositionedFile.open(path)) {
      channel.read(tensor.start(), bytes);
    }
    List<Double> values = new ArrayList<>();
    for (int at = 0; at < bytes.capacity(); at += Float.BYTES) {
      values.add((Double) ValueType.FLOAT32.read(bytes, at));
    }
    return values;
  }

  private ObjectNode generationConfig() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode ends = JsonNodeFactory.instance.arrayNode();
    for (String name : ENDS) {
      Long id = header.metadata().wholeNumber(TOKENIZER + name);
      if (id != null) {
        ends.add(id);
      }
    }
    if (!ends.isEmpty()) {
      json.set("eos_token_id", ends);
    }
    return json;
  }

  private ObjectNode tokenizerConfig() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("tokenizer_class", "PreTrainedTokenizerFast");
    json.put("clean_up_tokenization_spaces", false);
    GgufVocabulary vocabulary = new GgufVocabulary(header.metadata());
    put(json, "bos_token", vocabulary.named("bos_token_id"));
    put(json, "eos_token", vocabulary.named("eos_token_id"));
    put(json, "unk_token", vocabulary.named("unknown_token_id"));
    put(json, "pad_token", vocabulary.named("padding_token_id"));
    put(json, "chat_template", header.metadata().text(CHAT_TEMPLATE));
    return json;
  }

  private static void put(ObjectNode json, String key, @Nullable String value) {
    if (value != null) {
      json.put(key, value);
    }
  }
}
