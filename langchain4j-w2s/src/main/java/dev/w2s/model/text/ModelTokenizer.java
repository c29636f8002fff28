// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import dev.w2s.model.files.ModelFolder;
import dev.w2s.model.template.ChatTemplate;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.prompt.Rendered;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model's tokenizer: {@code tokenizer.json} run by Hugging Face tokenizers, with what {@code
 * tokenizer_config.json} says over it. Safe for use by several threads, one of which may close it.
 */
public final class ModelTokenizer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelTokenizer.class);

  private final NativeTokenizer tokenizer;
  private final Vocabulary vocabulary;
  private final boolean keepsPlaces;
  private final @Nullable String eosToken;
  private final @Nullable String chatTemplate;
  private final String directory;
  private final Map<String, Object> namedTokens;
  private final int closingTokens;

  private ModelTokenizer(
      NativeTokenizer tokenizer,
      Vocabulary vocabulary,
      boolean keepsPlaces,
      @Nullable String eosToken,
      @Nullable String chatTemplate,
      String directory,
      Map<String, Object> namedTokens) {
    this.tokenizer = tokenizer;
    this.vocabulary = vocabulary;
    this.keepsPlaces = keepsPlaces;
    this.eosToken = eosToken;
    this.chatTemplate = chatTemplate;
    this.directory = directory;
    this.namedTokens = namedTokens;
    closingTokens = closingTokens(tokenizer);
  }

  /**
   * Reads the tokenizer of a model.
   *
   * @param folder holds {@code tokenizer.json}
   * @param modelVocabulary how many token ids the model knows
   * @throws InvalidModelException if it is missing, damaged, or has ids that the model does not
   */
  public static ModelTokenizer load(ModelFolder folder, int modelVocabulary) {
    TokenizerConfig config = TokenizerConfig.read(folder);
    TokenizerJson json = TokenizerJson.read(folder, config, modelVocabulary);
    json.warnings().forEach(LOG::warn);
    Vocabulary vocabulary = json.vocabulary();
    if (vocabulary.largestId() >= modelVocabulary) {
      throw InvalidModelException.in(
          json.effective().file(),
          "largest token id is %d, but vocab_size in config.json is %d; the tokenizer belongs to"
                  .formatted(vocabulary.largestId(), modelVocabulary)
              + " another model");
    }
    JsonFile effective = json.effective();
    TokenizerRules.check(effective);
    boolean keepsPlaces = StablePlaces.keptBy(effective.json(), vocabulary.ids().keySet());
    String eosToken = config.eosToken(vocabulary);
    Map<String, Object> namedTokens = config.namedTokens();
    NativeTokenizer.requireLibrary();
    try {
      NativeTokenizer tokenizer = NativeTokenizer.open(effective);
      try {
        return new ModelTokenizer(
            tokenizer,
            vocabulary,
            keepsPlaces,
            eosToken,
            config.chatTemplate(),
            folder.path().toString(),
            namedTokens);
      } catch (RuntimeException | Error e) {
        tokenizer.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      throw InvalidModelException.in(
          effective.file(), "not a tokenizer" + TokenizerParts.unknownIn(effective.json()), e);
    }
  }

  /**
   * The same tokenizer once more: it shares the native memory and has to be closed on its own.
   *
   * @throws IllegalStateException if this one is closed
   */
  public ModelTokenizer share() {
    return new ModelTokenizer(
        tokenizer.share(), vocabulary, keepsPlaces, eosToken, chatTemplate, directory, namedTokens);
  }

  /**
   * Token ids of a text.
   *
   * @param text any text; a lone surrogate, which is not text, is read as a question mark
   * @param addSpecialTokens whether the tokenizer puts its special tokens (BOS) in front; what it
   *     would put behind is left out, since a text goes on
   */
  public TokenIds encode(String text, boolean addSpecialTokens) {
    return ids(tokenizer.encode(wellFormed(text), addSpecialTokens), addSpecialTokens);
  }

  private TokenIds ids(Encoding encoding, boolean addSpecialTokens) {
    long[] ids = encoding.getIds();
    int length = addSpecialTokens ? ids.length - closingTokens : ids.length;
    return TokenIds.of(Arrays.stream(ids, 0, length).mapToInt(id -> (int) id).toArray());
  }

  /**
   * Tokens with their places.
   *
   * @param text well-formed
   * @param addSpecialTokens as in {@link #encode}
   */
  TokenizedText tokenize(String text, boolean addSpecialTokens) {
    Encoding encoding = tokenizer.encode(text, addSpecialTokens);
    TokenIds ids = ids(encoding, addSpecialTokens);
    CharSpan[] spans = encoding.getCharTokenSpans();
    int[] charOf = charOfCodePoint(text);
    int[] starts = new int[ids.size()];
    int[] ends = new int[ids.size()];
    for (int i = 0; i < ids.size(); i++) {
      if (spans[i] == null) { // a special token, which stands for no text
        starts[i] = i == 0 ? 0 : ends[i - 1];
        ends[i] = starts[i];
      } else {
        starts[i] = charOf[spans[i].getStart()];
        ends[i] = charOf[spans[i].getEnd()];
      }
    }
    return new TokenizedText(text, ids, starts, ends);
  }

  /** The tokenizer counts in code points. */
  private static int[] charOfCodePoint(String text) {
    int[] chars = new int[text.codePointCount(0, text.length()) + 1];
    for (int i = 1; i < chars.length; i++) {
      chars[i] = text.offsetByCodePoints(chars[i - 1], 1);
    }
    return chars;
  }

  /** Whether tokens on one side of a stable place do not depend on the text on the other. */
  boolean keepsPlaces() {
    return keepsPlaces;
  }

  /** The text of tokens, special tokens left out. */
  public String decode(TokenIds tokens) {
    return tokenizer.decode(tokens.stream().asLongStream().toArray());
  }

  /**
   * Where the first tokens of a text end.
   *
   * @param text goes on another text, as a response goes on its prompt
   * @param count a number of tokens, at least 1
   * @return an index into {@code text}; its length when it has no more than {@code count} tokens
   */
  public int endOfTokens(String text, int count) {
    return continuation(text).endOf(count);
  }

  /** How many tokens a text has that goes on another text, without special tokens. */
  public int countTokens(String text) {
    return continuation(text).tokens().size();
  }

  /** Some tokenizers put a space in front of a text, which makes a token if it has one already. */
  private TokenizedText continuation(String text) {
    String before = text.startsWith(" ") ? "a" : "";
    return tokenize(wellFormed(before + text), /* addSpecialTokens= */ false).from(before.length());
  }

  /** The id of the token that ends a text, null where the tokenizer names none. */
  public @Nullable Integer eosToken() {
    return eosToken == null ? null : vocabulary.ids().get(eosToken);
  }

  /** The Jinja chat template, null where there is none. */
  public @Nullable String chatTemplate() {
    return chatTemplate;
  }

  /**
   * How the model is shown prompts: raw text in the options' template, a conversation through the
   * options' chat template, else the model's own, else {@linkplain PromptFormat#plain() plainly}.
   * The model's own template is read with the first conversation.
   *
   * @throws IllegalArgumentException if the options' chat template cannot be read
   */
  public PromptFormat promptFormat(PromptOptions options) {
    return format(options, chatFormat(options));
  }

  /**
   * As {@link #promptFormat}, for who shows conversations: the model's own template is read, too.
   *
   * @throws IllegalArgumentException if the chat template cannot be read; the message says whose
   */
  public PromptFormat conversationFormat(PromptOptions options) {
    PromptFormat chat = chatFormat(options);
    return format(options, chat instanceof ChatTemplate template ? template.read() : chat);
  }

  private static PromptFormat format(PromptOptions options, PromptFormat chat) {
    return new ModelFormat(PromptFormat.template(options.textTemplate()), chat, options.suffix())
        .withSystem(options.system());
  }

  /**
   * A conversation through the model's own chat template, as a reward model reads it.
   *
   * @param ended whether its last turn is closed; else it is left open
   * @throws IllegalArgumentException if the model has no chat template, or that cannot show it
   */
  public Rendered renderAnswered(Prompt.Conversation conversation, boolean ended) {
    if (chatFormat(PromptOptions.defaults()) instanceof ChatTemplate template) {
      return ended ? template.renderEnded(conversation) : template.render(conversation);
    }
    throw new IllegalArgumentException(directory + " has no chat template");
  }

  private PromptFormat chatFormat(PromptOptions options) {
    Map<String, Object> variables = new HashMap<>(namedTokens);
    variables.putAll(options.variables());
    if (options.chatTemplate() != null) {
      return new ChatTemplate(options.chatTemplate(), "the given chat template", variables).read();
    }
    return chatTemplate == null
        ? PromptFormat.plain()
        : new ChatTemplate(chatTemplate, "the chat template of " + directory, variables);
  }

  /**
   * Whether both were made of the same {@code tokenizer.json}, with what else counts applied, and
   * so give every text the same tokens. Their chat templates and ends may differ.
   */
  public boolean tokenizesAs(ModelTokenizer other) {
    return tokenizer.sameContent(other.tokenizer);
  }

  /**
   * What makes the two count texts differently that hold no added token of one alone: a token with
   * two ids, or one that only one of them has.
   *
   * @return a token and its ids, in words; null where there is none
   */
  public @Nullable String differenceFrom(ModelTokenizer other) {
    return vocabulary.differenceFrom(other.vocabulary);
  }

  /** Whether both join tokens by the same rules. */
  public boolean mergesAs(ModelTokenizer other) {
    return vocabulary.merges().equals(other.vocabulary.merges());
  }

  /** The tokens that another one does not have, in the order of their ids. */
  public List<String> tokensBeyond(ModelTokenizer other) {
    return vocabulary.beyond(other.vocabulary);
  }

  /** How many tokens it has. */
  public int size() {
    return vocabulary.ids().size();
  }

  /** Tokens and their ids. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** What the tokenizer puts behind a text. */
  private static int closingTokens(NativeTokenizer tokenizer) {
    int plain = tokenizer.encode("a", false).getIds().length;
    Encoding encoding = tokenizer.encode("a", true);
    long[] special = encoding.getSpecialTokenMask();
    int opening = 0;
    while (opening < special.length && special[opening] == 1) {
      opening++;
    }
    return special.length - opening - plain;
  }

  /** A text with a question mark for each lone surrogate, as UTF-8 has it. */
  static String wellFormed(String text) {
    return new String(text.getBytes(UTF_8), UTF_8);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
