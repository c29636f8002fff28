// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.w2s.local.Conversations;
import dev.w2s.prompt.Prompt;
import dev.w2s.sampling.ChatCall;
import dev.w2s.sampling.ChatDelegate;
import dev.w2s.sampling.ChatSampler;
import dev.w2s.sampling.LargeChatModel;
import dev.w2s.search.Cancellation;
import dev.w2s.search.Hypothesis;
import dev.w2s.search.SearchListener;
import dev.w2s.search.SearchResult;
import dev.w2s.search.Trace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * What the two chat decorators have in common: a delegate, its guidance, and one way to answer.
 *
 * @param delegate the large model as LangChain4j has it
 * @param large the same model as the search draws from it
 * @param guidance of requests that say nothing else
 * @param defaults parameters of requests that say nothing else, the delegate's own included
 * @param listeners the decorator's own; the delegate's see its calls
 * @param listener is told of every round of every search
 * @param executor runs streams and asynchronous calls
 * @param guidedWhile asked once for each call: false passes the request on as it is
 */
record GuidedChat(
    ChatDelegate delegate,
    LargeChatModel large,
    Guidance guidance,
    ChatRequestParameters defaults,
    List<ChatModelListener> listeners,
    SearchListener listener,
    Executor executor,
    BooleanSupplier guidedWhile) {

  /** The delegate's defaults, with those that the decorator was built with over them. */
  WeakToStrongChatRequestParameters defaultParameters() {
    return WeakToStrongChatRequestParameters.of(delegate.defaultRequestParameters())
        .overrideWith(defaults);
  }

  /** A request that remembers the options of its call, which LangChain4j drops on the way. */
  static ChatRequest remember(ChatRequest request, ChatRequestOptions options) {
    return request.toBuilder()
        .parameters(
            WeakToStrongChatRequestParameters.of(request.parameters())
                .withOptions(Objects.requireNonNullElse(options, ChatRequestOptions.EMPTY)))
        .build();
  }

  /** A request with merged parameters, as one call's own terms. */
  Call call(ChatRequest merged) {
    return new Call(merged);
  }

  /** One request on its way. */
  final class Call {
    private final CallSettings settings;
    private final boolean guided;
    private final ChatRequest delegated;
    private final Integer maxTokens;
    private final Cancellation cancellation;

    private Call(ChatRequest merged) {
      WeakToStrongChatRequestParameters parameters =
          WeakToStrongChatRequestParameters.of(merged.parameters());
      settings = parameters.call();
      guided = settings.isGuided() && guidedWhile.getAsBoolean();
      maxTokens = parameters.maxOutputTokens();
      delegated =
          ChatRequest.builder()
              .messages(merged.messages())
              .parameters(parameters.delegateParameters())
              .build();
      cancellation = Objects.requireNonNullElseGet(settings.cancellation(), Cancellation::new);
    }

    boolean isGuided() {
      return guided;
    }

    /** Whether rounds tell of the text that will be returned, as far as it has come. */
    boolean growsText() {
      return isGuided() && large.growsResponses();
    }

    /** What the delegate is sent. */
    ChatRequest delegated() {
      return delegated;
    }

    ChatRequestOptions options() {
      return settings.optionsOrEmpty();
    }

    Cancellation cancellation() {
      return cancellation;
    }

    /** The callbacks of a stream that is passed through: as they are, or to be cancelled. */
    StreamingChatResponseHandler passed(StreamingChatResponseHandler handler) {
      return settings.cancellation() == null
          ? handler
          : new CancellableCallbacks(handler, cancellation).proxy();
    }

    /** Answers under guidance, or passes the request on where it is switched off. */
    ChatResponse answer() {
      return answer(sampler -> SearchListener.none());
    }

    /**
     * The same, with one more listener.
     *
     * @param more of the sampler that the search draws with
     */
    ChatResponse answer(Function<ChatSampler, SearchListener> more) {
      return isGuided() ? guided(more) : delegate.chat(delegated, options());
    }

    private WeakToStrongChatResponse guided(Function<ChatSampler, SearchListener> more) {
      Guidance wanted = settings.over(guidance, maxTokens);
      Timings timings = new Timings();
      Trace trace = new Trace();
      Prompt prompt = Conversations.ofTexts(delegated.messages());
      ChatCall call =
          new ChatCall(delegated, options(), settings.seed(), wanted.settings().budget().time());
      try (ChatSampler sampler = large.open(call)) {
        List<SearchListener> told =
            new ArrayList<>(
                List.of(timings, listener, settings.listenerOrNone(), more.apply(sampler)));
        if (settings.isTraced()) {
          told.add(trace);
        }
        SearchResult result =
            new GuidedSearch(wanted, told, cancellation)
                .run(sampler, prompt, scorer -> new TextScorer(scorer, sampler::isText));
        return new WeakToStrongChatResponse(
            winner(sampler, result.best()), result, timings, trace.rounds());
      }
    }

    private ChatResponse winner(ChatSampler sampler, Hypothesis best) {
      ChatResponse response = sampler.response(best.candidate());
      if (!best.isScored() || !sampler.isText(best.candidate())) {
        return response;
      }
      AiMessage message = response.aiMessage();
      Map<String, Object> attributes = new HashMap<>(message.attributes());
      attributes.put(WeakToStrongChatResponse.SCORE, best.score());
      return response.toBuilder()
          .aiMessage(message.toBuilder().attributes(attributes).build())
          .build();
    }
  }
}
