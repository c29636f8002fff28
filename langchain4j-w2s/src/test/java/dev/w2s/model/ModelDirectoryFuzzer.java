// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.w2s.model.ModelSummary.Kind;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.template.ChatTemplate;
import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.prompt.Turn;
import dev.w2s.testkit.GoldenFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A fuzz target: golden models, adapters and GGUF files, of each of which one file is a stranger's.
 * Whatever it holds, reading it gives a model or an {@link InvalidModelException}, and rendering a
 * template a text or an {@link IllegalArgumentException}.
 *
 * <p>The first byte of an input says which file is meant and, by its highest bit, whether the
 * weights are loaded as well; the others are the file's. {@code CONTRIBUTING.md} says how to run
 * it.
 */
public final class ModelDirectoryFuzzer {
  private static final int LOAD = 0x80;
  private static final int GGUF_HEAD = 1 << 14;
  private static final String TEXT = "The movie was \u00e9t\u00e9 <|endoftext|>";

  private static final Prompt CONVERSATION =
      new Prompt.Conversation(
          List.of(
              new Turn("user", "Hello {{ 1 }}"),
              new Turn("assistant", "Hi"),
              new Turn("user", "Go on")));

  private static final Map<String, Object> VARIABLES =
      Map.of("bos_token", "<s>", "eos_token", "</s>");

  private final List<Place> places = new ArrayList<>();

  /** Copies the golden files to an empty directory, in which it works. */
  ModelDirectoryFuzzer(Path root) {
    addModel(root, "models/llama-gqa", "config.json");
    addModel(root, "models/llama-gqa", "generation_config.json");
    addModel(root, "models/llama-gqa", "tokenizer.json");
    addModel(root, "models/llama-gqa", "tokenizer_config.json");
    addModel(root, "models/llama-gqa", "model.safetensors");
    addModel(root, "models/gpt2-odd", "config.json");
    addModel(root, "models/gpt2-odd", "tokenizer.json");
    addModel(root, "models/llama-classifier", "config.json");
    addModel(root, "models/llama-added", "model.safetensors.index.json");
    addModel(root, "models/llama-added", "model-00001-of-00003.safetensors");
    addModel(root, "models/llama-added", "tokenizer_config.json");
    addModel(root, "families/gemma3-text", "config.json");
    addModel(root, "families/phi3-longrope", "config.json");
    addModel(root, "adapters/llama-patterns", "adapter_config.json");
    addModel(root, "adapters/llama-patterns", "adapter_model.safetensors");
    addModel(root, "adapters/llama-grown", "tokenizer.json");
    addGguf(root, "llama-spm");
    addGguf(root, "gpt2");
    addGguf(root, "gemma3");
    for (Path template : list(GoldenFiles.directory("chat-templates"))) {
      places.add(new TemplatePlace(ByteBuffer.wrap(bytes(template))));
    }
  }

  /** What is the fuzzer's. */
  private sealed interface Place {
    /** What stands there at first. */
    ByteBuffer seed();

    /** Whether what stands there now is taken; else it was refused as it should be. */
    boolean takes(ByteBuffer content, boolean load);
  }

  /**
   * A file of a model.
   *
   * @param reference the model's
   * @param file in its directory, or itself
   * @param seed the bytes that are the fuzzer's
   * @param rest the bytes behind them, which stay
   */
  private record FilePlace(String reference, Path file, ByteBuffer seed, ByteBuffer rest)
      implements Place {
    @Override
    public boolean takes(ByteBuffer content, boolean load) {
      int length = content.remaining();
      byte[] whole = new byte[length + rest.capacity()];
      content.duplicate().get(whole, 0, length);
      rest.duplicate().get(whole, length, rest.capacity());
      write(file, whole);
      return takesModel(reference, load);
    }
  }

  /** A chat template. */
  private record TemplatePlace(ByteBuffer seed) implements Place {
    @Override
    public boolean takes(ByteBuffer content, boolean load) {
      String source = UTF_8.decode(content).toString();
      try {
        return !new ChatTemplate(source, "the template", VARIABLES)
            .render(CONVERSATION)
            .text()
            .isEmpty();
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
  }

  private static boolean takesModel(String reference, boolean load) {
    try (ModelFiles files = ModelFiles.read(reference)) {
      files.summary(Golden.CPU_FLOAT32);
      TokenIds tokens = files.tokenizer().encode(TEXT, /* addSpecialTokens= */ true);
      files.tokenizer().decode(tokens);
      render(files.tokenizer());
      if (load && files.kind() == Kind.LANGUAGE_MODEL) {
        score(files, tokens);
      }
      return true;
    } catch (InvalidModelException e) {
      return false;
    }
  }

  private static void render(ModelTokenizer tokenizer) {
    try {
      tokenizer.promptFormat(PromptOptions.defaults()).render(CONVERSATION);
    } catch (IllegalArgumentException e) {
      return; // as it says of a template that does not show the conversation
    }
  }

  private static void score(ModelFiles files, TokenIds tokens) {
    try (CausalModel model = CausalModel.load(files, Golden.CPU_FLOAT32)) {
      if (tokens.size() > 0 && tokens.size() <= files.positions()) {
        model.logProbabilities(List.of(tokens));
      }
    }
  }

  private void addModel(Path root, String name, String file) {
    Path target = root.resolve(places.size() + "/" + name);
    copy(GoldenFiles.directory(name), target);
    if (name.startsWith("families/")) {
      for (String shared : List.of("tokenizer.json", "tokenizer_config.json")) {
        write(target.resolve(shared), bytes(GoldenFiles.directory("families").resolve(shared)));
      }
    }
    if (name.startsWith("adapters/")) {
      copy(Golden.directory("llama-gqa"), root.resolve(places.size() + "/models/llama-gqa"));
    }
    byte[] whole = bytes(target.resolve(file));
    int head = file.endsWith(".safetensors") ? headOf(whole) : whole.length;
    add(target, target.resolve(file), whole, head);
  }

  private void addGguf(Path root, String name) {
    byte[] whole = bytes(GoldenFiles.directory("gguf").resolve(name + ".gguf"));
    Path file = root.resolve(name + ".gguf");
    add(file, file, whole, GGUF_HEAD);
  }

  private void add(Path reference, Path file, byte[] whole, int head) {
    places.add(
        new FilePlace(
            reference.toString(),
            file,
            ByteBuffer.wrap(whole, 0, head).slice(),
            ByteBuffer.wrap(whole, head, whole.length - head).slice()));
  }

  private static int headOf(byte[] safetensors) {
    long header = ByteBuffer.wrap(safetensors).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return Long.BYTES + Math.toIntExact(header);
  }

  /** Inputs that say what stands there at first: of each file, and with the weights loaded. */
  List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      for (int load : List.of(0, LOAD)) {
        ByteBuffer seed = places.get(i).seed().duplicate();
        if (load == 0 || places.get(i) instanceof FilePlace) {
          byte[] input = new byte[1 + seed.remaining()];
          input[0] = (byte) (i | load);
          seed.get(input, 1, input.length - 1);
          seeds.add(input);
        }
      }
    }
    return seeds;
  }

  /**
   * Puts an input in its place.
   *
   * @return whether it is taken; else it was refused as it should be
   */
  boolean takes(byte[] input) {
    if (input.length == 0) {
      return false;
    }
    Place place = places.get((input[0] & (LOAD - 1)) % places.size());
    return place.takes(ByteBuffer.wrap(input, 1, input.length - 1).slice(), (input[0] & LOAD) != 0);
  }

  private static final class Running {
    static final ModelDirectoryFuzzer FUZZER = new ModelDirectoryFuzzer(temporaryDirectory());
  }

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] input) {
    Running.FUZZER.takes(input);
  }

  /** Writes the seeds to a directory. */
  public static void main(String[] arguments) throws IOException {
    Path target = Files.createDirectories(Path.of(arguments[0]));
    List<byte[]> seeds = new ModelDirectoryFuzzer(temporaryDirectory()).seeds();
    for (int i = 0; i < seeds.size(); i++) {
      write(target.resolve("seed-" + i), seeds.get(i));
    }
  }

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("w2s-fuzz-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path source, Path target) {
    for (Path file : list(source)) {
      write(target.resolve(file.getFileName().toString()), bytes(file));
    }
  }

  private static List<Path> list(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
