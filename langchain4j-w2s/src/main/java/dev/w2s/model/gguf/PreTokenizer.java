// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A way in which a byte-level tokenizer splits a text into words, by the names that files have for
 * it in {@code tokenizer.ggml.pre}. A name stands for a model whose tokenizer splits so; what else
 * that model's {@code tokenizer.json} says of its tokenizer belongs to it.
 *
 * @param names in files
 * @param expression that finds words; null for GPT-2's own, which the library has built in
 * @param options what the tokenizer does beside
 */
record PreTokenizer(Set<String> names, @Nullable String expression, Set<Option> options) {
  private static final List<PreTokenizer> ALL =
      List.of(
          way(null, Set.of("default", "gpt-2")),
          // GPT-NeoX
          way(null, Set.of("mpt", "olmo"), Option.NORMAL_FORM),
          // StarCoder and those after it
          way(null, Set.of("refact", "smollm", "starcoder"), Option.DIGITS),
          way(
              Expressions.LLAMA3,
              Set.of("falcon3", "llama-bpe", "llama-v3", "llama3"),
              Option.WHOLE_WORDS,
              Option.BEGINNING),
          way(Expressions.LLAMA3, Set.of("smaug-bpe"), Option.WHOLE_WORDS),
          // GPT-4, whose expression Llama 3 has taken over
          way(Expressions.LLAMA3, Set.of("dbrx")),
          way(Expressions.QWEN2, Set.of("deepseek-r1-qwen", "qwen2"), Option.NORMAL_FORM),
          way(Expressions.GPT4O, Set.of("gpt-4o")),
          // Mistral from Nemo on
          way(Expressions.TEKKEN, Set.of("tekken"), Option.WHOLE_WORDS, Option.BEGINNING));

  /** Copies the sets. */
  PreTokenizer {
    names = Set.copyOf(names);
    options = Set.copyOf(options);
  }

  private static PreTokenizer way(
      @Nullable String expression, Set<String> names, Option... options) {
    return new PreTokenizer(names, expression, Set.of(options));
  }

  /** What a tokenizer does beside splitting. */
  enum Option {
    /** Letters and their accents are put together first. */
    NORMAL_FORM,
    /** Each digit is a word. */
    DIGITS,
    /** A word that is a token is one, whether merges lead there or not. */
    WHOLE_WORDS,
    /** The token that begins a text is put in front where the file does not say. */
    BEGINNING
  }

  /** Expressions as they stand in the models' {@code tokenizer.json}. */
  private static final class Expressions {
    private static final String SPACES = "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String ENDINGS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private static final String WORD = "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
    private static final String SIGNS = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*";
    private static final String SIGNS_OR_SLASH = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*";
    private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String LOWER_WORD = "[^\\r\\n\\p{L}\\p{N}]?" + UPPER + "*" + LOWER + "+";
    private static final String UPPER_WORD = "[^\\r\\n\\p{L}\\p{N}]?" + UPPER + "+" + LOWER + "*";

    static final String LLAMA3 = ENDINGS + WORD + "|\\p{N}{1,3}" + SIGNS + SPACES;
    static final String QWEN2 = ENDINGS + WORD + "|\\p{N}" + SIGNS + SPACES;
    static final String GPT4O =
        LOWER_WORD
            + ENDINGS
            + "?|"
            + UPPER_WORD
            + ENDINGS
            + "?|\\p{N}{1,3}"
            + SIGNS_OR_SLASH
            + SPACES;
    static final String TEKKEN =
        LOWER_WORD + "|" + UPPER_WORD + "|\\p{N}" + SIGNS_OR_SLASH + SPACES;

    private Expressions() {}
  }

  /** The way that a name stands for; null where it is not known. */
  static @Nullable PreTokenizer find(String name) {
    return ALL.stream().filter(way -> way.names().contains(name)).findFirst().orElse(null);
  }

  static List<String> supported() {
    return ALL.stream().flatMap(way -> way.names().stream()).sorted().toList();
  }

  /** Whether the token that begins a text is put in front where the file does not say. */
  boolean beginsTexts() {
    return options.contains(Option.BEGINNING);
  }

  /** Writes the tokenizer's normalizer, its splitting into words, and what the model does. */
  void writeTo(ObjectNode tokenizer, ObjectNode model) {
    model.put("ignore_merges", options.contains(Option.WHOLE_WORDS));
    if (options.contains(Option.NORMAL_FORM)) {
      tokenizer.putObject("normalizer").put("type", "NFC");
    } else {
      tokenizer.putNull("normalizer");
    }
    ArrayNode steps =
        tokenizer.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
    if (options.contains(Option.DIGITS)) {
      steps.addObject().put("type", "Digits").put("individual_digits", true);
    }
    if (expression != null) {
      ObjectNode split = steps.addObject().put("type", "Split");
      split.putObject("pattern").put("Regex", expression);
      split.put("behavior", "Isolated").put("invert", false);
    }
    writeByteLevel(steps.addObject(), expression == null);
  }

  /** Bytes in letters: the last step of splitting, and the way back. */
  static void writeByteLevel(ObjectNode step, boolean splits) {
    step.put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", splits);
  }
}
