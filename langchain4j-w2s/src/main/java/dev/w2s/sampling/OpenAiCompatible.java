// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.internal.ChatRequestValidationUtils;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.w2s.local.Conversations;
import dev.w2s.model.StopStrings;
import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.model.text.TokenIds;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.prompt.PromptOptions;
import dev.w2s.prompt.Rendered;
import dev.w2s.prompt.Turn;
import dev.w2s.sampling.calls.MeteredSampler;
import dev.w2s.sampling.calls.ParallelCalls;
import dev.w2s.sampling.calls.RequestSeeds;
import dev.w2s.sampling.calls.ServedModel;
import dev.w2s.sampling.calls.ServedModel.Limits;
import dev.w2s.sampling.continuation.ChatEndpoint;
import dev.w2s.sampling.continuation.Continuation;
import dev.w2s.sampling.continuation.ContinuedChat;
import dev.w2s.sampling.continuation.ContinuedSampler;
import dev.w2s.sampling.continuation.ServerChat;
import dev.w2s.sampling.continuation.ServerRendering;
import dev.w2s.search.SearchSettings;
import dev.w2s.server.ChatCompletions;
import dev.w2s.server.Completions;
import dev.w2s.server.Deadline;
import dev.w2s.server.DrawOptions;
import dev.w2s.server.Input;
import dev.w2s.server.JsonServer;
import dev.w2s.server.PromptRenderer;
import dev.w2s.server.ServerBuilder;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A large model behind a server with OpenAI's API (vLLM, llama.cpp and many more), continued
 * exactly where the server lets it: what was drawn is sent again behind the prompt to the
 * completions endpoint, a round is one request as far as the server takes lists and {@code n}, and
 * a chunk is measured in the model's own tokens. A conversation is rendered once, by the model's
 * tokenizer if it is given, else by the server; where neither can, the chat endpoint is made to go
 * on with its answers by a {@link Continuation}. Safe for use by several threads; there is nothing
 * to close.
 */
public final class OpenAiCompatible implements LargeModel, LargeChatModel {
  private static final int DEFAULT_CONCURRENCY = 8;

  private final String name;
  private final String modelName;
  private final JsonServer server;
  private final Api api;
  private final ServedModel model;
  private final ContinuedChat chat;
  private final Completions completions;
  private final ChatCompletions chatCompletions;
  private final ServerRendering rendering;
  private final @Nullable Continuation continuation;
  private final PromptFormat promptFormat;
  private final @Nullable ModelTokenizer tokenizer;
  private final boolean logProbabilities;
  private final @Nullable Long seed;
  private final AtomicBoolean thinkingIsOff = new AtomicBoolean();

  /** Which prompts a server is sent. */
  public enum Api {
    /** Raw text as it is; a conversation as it is rendered. */
    COMPLETIONS,
    /** Conversations; raw text is what the user says. */
    CHAT
  }

  private OpenAiCompatible(Builder builder) {
    server = builder.connected();
    modelName = builder.model();
    name = server.address() + "#" + modelName;
    int concurrency = requireNonNullElse(builder.concurrency, DEFAULT_CONCURRENCY);
    if (concurrency < 1) {
      throw new IllegalArgumentException(
          "concurrency is " + concurrency + "; it must be at least 1");
    }
    if (builder.patience != null && !(builder.patience >= 1)) {
      throw new IllegalArgumentException(
          "patience is " + builder.patience + "; it must be at least 1");
    }
    if (builder.tokenizer != null && isChosen(builder.continuation)) {
      throw new IllegalArgumentException(
          "continuation is %s; beside a tokenizer, which renders conversations, it has no meaning"
              .formatted(builder.continuation));
    }
    ParallelCalls calls = new ParallelCalls(concurrency, builder.patience);
    api = builder.api;
    continuation = builder.continuation;
    completions = new Completions(server, modelName);
    chatCompletions = new ChatCompletions(server, modelName);
    rendering = new ServerRendering(name, new PromptRenderer(server, modelName));
    model = new ServedModel(name, calls, Limits.NONE);
    chat =
        new ContinuedChat(
            new ServedModel(name, calls, Limits.CONVERSATION),
            requireNonNullElse(continuation, Continuation.AUTO));
    promptFormat = builder.promptFormat;
    tokenizer = builder.tokenizer;
    logProbabilities = builder.logProbabilities;
    seed = builder.seed;
  }

  /** Builds one. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Opens a sampler for one search; of a conversation the server is asked how its model reads it.
   *
   * @throws dev.w2s.server.ServerException if the server cannot be reached
   * @throws IllegalArgumentException if the prompt format cannot show such a prompt
   */
  @Override
  public MeteredSampler open(Prompt prompt, SamplingRequest request) {
    DrawOptions options =
        new DrawOptions(
            request.temperature(),
            request.topP(),
            request.topK(),
            null,
            null,
            requireNonNullElse(request.stop(), List.of()),
            logProbabilities);
    int most = requireNonNullElse(request.maxTokens(), SearchSettings.UNLIMITED);
    Deadline deadline = Deadline.in(request.time());
    Long own = request.seed() != null ? request.seed() : seed;
    if (prompt instanceof Prompt.Text && api == Api.COMPLETIONS) {
      Input text = Input.of(promptFormat.render(prompt).text());
      return new CompletionsSampler(model, completions.until(deadline), text, options, own);
    }
    return open(conversation(prompt), options, own, most, deadline);
  }

  /**
   * Opens a sampler for one search; the server is asked how its model reads the conversation.
   *
   * @throws UnsupportedFeatureException if the request asks for tools, a response format, or
   *     another model, or has content that is no text
   * @throws dev.w2s.server.ServerException if the server cannot be reached
   */
  @Override
  public ChatSampler open(ChatCall call) {
    ChatRequestParameters asked = call.request().parameters();
    return new TextChatSampler(
        open(
            conversation(call.request()),
            options(asked),
            call.seed() != null ? call.seed() : seed,
            requireNonNullElse(asked.maxOutputTokens(), SearchSettings.UNLIMITED),
            Deadline.in(call.time())),
        modelName);
  }

  /** Raw text, in its template, is what the user says. */
  private Prompt.Conversation conversation(Prompt prompt) {
    return prompt instanceof Prompt.Conversation talk
        ? talk
        : new Prompt.Conversation(List.of(new Turn("user", promptFormat.render(prompt).text())));
  }

  private MeteredSampler open(
      Prompt.Conversation conversation,
      DrawOptions options,
      @Nullable Long seed,
      int most,
      Deadline deadline) {
    Optional<Input> rendered = isChosen(continuation) ? Optional.empty() : rendered(conversation);
    return rendered.isPresent()
        ? new CompletionsSampler(model, completions.until(deadline), rendered.get(), options, seed)
        : new ContinuedSampler(
            chat,
            new ServerChat(chatCompletions.until(deadline), conversation, options, thinkingIsOff),
            new StopStrings(options.stop()),
            new RequestSeeds(seed),
            most);
  }

  private static boolean isChosen(@Nullable Continuation continuation) {
    return continuation != null && continuation != Continuation.AUTO;
  }

  /** By the model's own tokenizer, else by the server; empty where neither can. */
  private Optional<Input> rendered(Prompt.Conversation conversation) {
    if (tokenizer != null) {
      Rendered text = promptFormat.render(conversation);
      TokenIds tokens = tokenizer.encode(text.text(), text.specialTokens());
      return Optional.of(new Input(text.text(), tokens.toList(), /* rendered= */ true));
    }
    return rendering.render(conversation);
  }

  /** The chat endpoint, for one conversation. */
  ChatEndpoint endpoint(ChatRequest request) {
    return new ServerChat(
        chatCompletions, conversation(request), options(request.parameters()), thinkingIsOff);
  }

  private Prompt.Conversation conversation(ChatRequest request) {
    ChatRequestParameters asked = request.parameters();
    ChatRequestValidationUtils.validate(asked.toolChoice());
    ChatRequestValidationUtils.validate(asked.toolSpecifications());
    ChatRequestValidationUtils.validate(asked.responseFormat());
    if (asked.modelName() != null && !asked.modelName().equals(modelName)) {
      throw new UnsupportedFeatureException(
          "modelName '%s' is not supported; this model is '%s' and no other"
              .formatted(asked.modelName(), modelName));
    }
    return Conversations.of(request.messages());
  }

  private DrawOptions options(ChatRequestParameters asked) {
    return new DrawOptions(
        asked.temperature(),
        asked.topP(),
        asked.topK(),
        asked.frequencyPenalty(),
        asked.presencePenalty(),
        asked.stopSequences(),
        logProbabilities);
  }

  /** Unless the chat is found to give whole responses, whose first round is the last. */
  @Override
  public boolean growsResponses() {
    return continuation != Continuation.WHOLE;
  }

  /** Servers take one. */
  @Override
  public void checkSeed(@Nullable Long seed) {}

  /** For calls that are not guided. */
  public ChatDelegate delegate() {
    return new ServerDelegate(this);
  }

  String modelName() {
    return modelName;
  }

  @Nullable Long seed() {
    return seed;
  }

  /** Requests sent so far in all searches, those made again included. */
  public long httpRequests() {
    return server.requests();
  }

  /** How often the server was found not to do what it was asked for, and was asked otherwise. */
  public long fallbacks() {
    return (long) model.fallbacks()
        + chat.model().fallbacks()
        + chat.fallbacks()
        + rendering.fallbacks();
  }

  /** The address and the model. */
  @Override
  public String toString() {
    return name;
  }

  /** Builds {@link OpenAiCompatible}; null stands for the default. */
  public static final class Builder extends ServerBuilder<Builder> {
    private @Nullable Integer concurrency;
    private @Nullable Double patience;
    private Api api = Api.COMPLETIONS;
    private @Nullable Continuation continuation;
    private PromptFormat promptFormat = PromptFormat.raw();
    private @Nullable ModelTokenizer tokenizer;
    private boolean logProbabilities;
    private @Nullable Long seed;

    private Builder() {}

    @Override
    protected Builder self() {
      return this;
    }

    JsonServer connected() {
      return server();
    }

    String model() {
      return requiredModelName();
    }

    /** Requests at a time, over all searches, where a round is several; 8 by default. */
    public Builder concurrency(@Nullable Integer concurrency) {
      this.concurrency = concurrency;
      return this;
    }

    /**
     * Where a round is several requests: how many times as long as half of them took the others are
     * waited for, at least 1. What is slower is left behind, and its draws are dropped. By default
     * all are waited for.
     */
    public Builder patience(@Nullable Double patience) {
      this.patience = patience;
      return this;
    }

    /**
     * How the model sees a prompt, for example {@code Here is a movie review: {{prompt}}}; as it is
     * by default.
     *
     * @throws IllegalArgumentException if the template's only variable is not {@code {{prompt}}}
     */
    public Builder promptTemplate(@Nullable String template) {
      promptFormat = template == null ? PromptFormat.raw() : PromptFormat.template(template);
      return this;
    }

    /** Which prompts the server is sent; {@link Api#COMPLETIONS} by default. */
    public Builder api(Api api) {
      this.api = requireNonNull(api, "api");
      return this;
    }

    /**
     * How the chat endpoint is made to go on with an answer. By default, and with {@link
     * Continuation#AUTO}, it is not asked at all where the conversation can be rendered; any other
     * is tried first, and the others if that does not go on.
     */
    public Builder continuation(@Nullable Continuation continuation) {
      this.continuation = continuation;
      return this;
    }

    /**
     * The large model's own tokenizer, whose chat template renders conversations, so that the
     * server need not.
     *
     * @param tokenizer stays the caller's
     */
    public Builder tokenizer(ModelTokenizer tokenizer, PromptOptions options) {
      this.tokenizer = requireNonNull(tokenizer, "tokenizer");
      promptFormat = tokenizer.promptFormat(options);
      return this;
    }

    /**
     * Whether the server is asked how likely its tokens are, which a guard minds; not by default.
     */
    public Builder logProbabilities(boolean logProbabilities) {
      this.logProbabilities = logProbabilities;
      return this;
    }

    /** Of searches that have none of their own; another one each time by default. */
    public Builder seed(@Nullable Long seed) {
      this.seed = seed;
      return this;
    }

    /**
     * The model. Nothing is sent yet.
     *
     * @throws IllegalArgumentException if the address or the name is missing or wrong, or a number
     *     is out of range; the message names it
     */
    public OpenAiCompatible build() {
      return new OpenAiCompatible(this);
    }
  }
}
