// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import ai.djl.Device;
import dev.w2s.model.family.ConfigReader;
import dev.w2s.model.family.DecoderConfig;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.SafetensorsFile;
import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.prompt.Rendered;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * A model's directory, read and on its device: config, tokenizer and the program with its weights.
 * Owns them all.
 */
final class LoadedDecoder implements AutoCloseable {
  private final String reference;
  private final DecoderConfig config;
  private final ModelTokenizer tokenizer;
  private final EosTokens eosTokens;
  private final DecoderProgram program;
  private final InferenceThread thread;
  private final ModelSummary summary;

  private LoadedDecoder(
      String reference,
      DecoderConfig config,
      ModelTokenizer tokenizer,
      EosTokens eosTokens,
      DecoderProgram program,
      InferenceThread thread,
      ModelSummary summary) {
    this.reference = reference;
    this.config = config;
    this.tokenizer = tokenizer;
    this.eosTokens = eosTokens;
    this.program = program;
    this.thread = thread;
    this.summary = summary;
  }

  /**
   * Loads a model.
   *
   * @throws InvalidModelException if a file is missing or breaks a rule
   * @throws IllegalArgumentException if the device is not there
   */
  static LoadedDecoder load(String reference, Placement placement) {
    Path directory = ModelReference.parse(reference).resolve();
    DecoderConfig config = ConfigReader.read(directory);
    ModelTokenizer tokenizer = ModelTokenizer.load(directory, config.vocabulary());
    try (SafetensorsFile file = openWeights(directory)) {
      EosTokens eosTokens = EosTokens.read(directory, tokenizer, config.vocabulary());
      return load(reference, placement, config, tokenizer, eosTokens, file);
    } catch (RuntimeException | Error e) {
      tokenizer.close();
      throw e;
    }
  }

  private static SafetensorsFile openWeights(Path directory) {
    Path file = directory.resolve("model.safetensors");
    Path index = directory.resolve("model.safetensors.index.json");
    if (!Files.exists(file) && Files.exists(index)) {
      throw InvalidModelException.in(
          index, "weights in several files are not supported; one model.safetensors is needed");
    }
    return SafetensorsFile.open(file);
  }

  private static LoadedDecoder load(
      String reference,
      Placement placement,
      DecoderConfig config,
      ModelTokenizer tokenizer,
      EosTokens eosTokens,
      SafetensorsFile file) {
    WeightLoader loader = new WeightLoader(file, config);
    loader.check();
    Device device = placement.resolve();
    WeightType type = placement.resolve(device, loader.storedType());
    InferenceThread thread = InferenceThread.of(device);
    DecoderProgram program = thread.call(() -> fill(config, device, type, loader));
    ModelSummary summary =
        ModelSummary.of(reference, config, tokenizer, eosTokens, loader.parameters(), type, device);
    return new LoadedDecoder(reference, config, tokenizer, eosTokens, program, thread, summary);
  }

  private static DecoderProgram fill(
      DecoderConfig config, Device device, WeightType type, WeightLoader loader) {
    DecoderProgram program = DecoderProgram.load(config, device);
    try {
      loader.load(program, type);
      return program;
    } catch (RuntimeException | Error e) {
      program.close();
      throw e;
    }
  }

  String reference() {
    return reference;
  }

  DecoderConfig config() {
    return config;
  }

  ModelTokenizer tokenizer() {
    return tokenizer;
  }

  ModelSummary summary() {
    return summary;
  }

  EosTokens eosTokens() {
    return eosTokens;
  }

  /** A session for sequences of this model; its methods are called within {@link #call}. */
  DecoderSession newSession() {
    return new DecoderSession(program, config, reference);
  }

  /** Runs a task on the device's thread. */
  <T> T call(Supplier<T> task) {
    return thread.call(task);
  }

  /** Token ids of a prompt. */
  List<Integer> encodePrompt(Rendered prompt) {
    List<Integer> tokens = tokenizer.encode(prompt.text(), prompt.specialTokens());
    if (tokens.isEmpty()) {
      throw new IllegalArgumentException(
          "prompt '" + prompt.text() + "' has no tokens for model " + reference);
    }
    checkLength("prompt", tokens.size());
    return tokens;
  }

  /**
   * @throws PositionLimitException if so many tokens do not fit the model's positions
   */
  void checkLength(String what, int tokens) {
    if (tokens > config.positions()) {
      throw new PositionLimitException(reference, what, tokens, config.positions());
    }
  }

  /**
   * An id beyond the embedding is an error deep in libtorch, and on a GPU the end of the process.
   *
   * @throws IllegalArgumentException if the model has no such token
   */
  void checkToken(int token) {
    if (token < 0 || token >= config.vocabulary()) {
      throw new IllegalArgumentException(
          "token %d is unknown; model %s has %d tokens"
              .formatted(token, reference, config.vocabulary()));
    }
  }

  int liveTensors() {
    return call(program::liveTensors);
  }

  @Override
  public void close() {
    thread.run(program::close);
    tokenizer.close();
  }
}
