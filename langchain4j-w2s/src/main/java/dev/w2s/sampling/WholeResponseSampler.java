// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.w2s.sampling.calls.CallingSampler;
import dev.w2s.sampling.calls.DelegateException;
import dev.w2s.sampling.calls.ParallelCalls;
import dev.w2s.sampling.calls.ParallelCalls.Outcome;
import dev.w2s.search.Candidate;
import dev.w2s.search.DrawRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;

/**
 * Draws whole responses from any chat model: one call each, whose response is the candidate's
 * handle. So every search is a choice among the responses of its first round.
 *
 * <p>The first draw decides whether tools are called, as it does without guidance: where the
 * request offers tools it is made alone, and if it calls one it is the only candidate. Other
 * responses without text are left out, unless there is nothing else.
 */
final class WholeResponseSampler extends CallingSampler implements ChatSampler {
  private final ChatDelegate delegate;
  private final ChatCall call;
  private final ToIntFunction<String> length;
  private final boolean scoresThinking;
  private final ParallelCalls calls;

  WholeResponseSampler(
      ChatDelegate delegate,
      ChatCall call,
      ToIntFunction<String> length,
      boolean scoresThinking,
      ParallelCalls calls) {
    this.delegate = delegate;
    this.call = call;
    this.length = length;
    this.scoresThinking = scoresThinking;
    this.calls = calls;
  }

  /**
   * One call for each draw. Draws that fail are left out, with a warning.
   *
   * @throws DelegateException if no response holds anything
   * @throws RuntimeException what the model throws first, as it is, if every call fails
   */
  @Override
  public List<List<Candidate>> sample(List<DrawRequest> requests) {
    List<List<Candidate>> candidates = new ArrayList<>();
    for (DrawRequest request : requests) {
      requireStart(request.response());
      candidates.add(chosen(responses(request.draws())));
    }
    return candidates;
  }

  private void requireStart(Candidate response) {
    if (response.tokens() > 0 || !response.text().isEmpty()) {
      throw new UnsupportedOperationException(
          delegate.model().getClass().getName()
              + " answers in whole responses; a search that goes on from part of one needs a model"
              + " that continues");
    }
  }

  /** The responses in draw order, those of failed calls left out. */
  private List<ChatResponse> responses(int draws) {
    List<Outcome<ChatResponse>> outcomes = new ArrayList<>();
    if (!call.request().parameters().toolSpecifications().isEmpty()) {
      outcomes.addAll(call(1));
      ChatResponse first = outcomes.get(0).value();
      if (first != null && callsTools(first)) {
        return List.of(first);
      }
    }
    if (draws > outcomes.size()) {
      outcomes.addAll(call(draws - outcomes.size()));
    }
    Outcome.requireSome(outcomes, "draws of " + delegate.model().getClass().getName());
    return Outcome.values(outcomes);
  }

  private List<Outcome<ChatResponse>> call(int draws) {
    return calls.map(Collections.nCopies(draws, call), this::respond);
  }

  private ChatResponse respond(ChatCall asked) {
    meter.call();
    ChatResponse response = delegate.chat(asked.request(), asked.options());
    meter.answer(response.tokenUsage());
    meter.tokens(tokens(response));
    return response;
  }

  private List<Candidate> chosen(List<ChatResponse> responses) {
    List<Candidate> texts = responses.stream().map(this::candidate).filter(this::isText).toList();
    if (!texts.isEmpty()) {
      return texts;
    }
    ChatResponse first =
        responses.stream()
            .filter(WholeResponseSampler::holdsSomething)
            .findFirst()
            .orElseThrow(this::nothing);
    return List.of(candidate(first));
  }

  private DelegateException nothing() {
    return new DelegateException(
        delegate.model().getClass().getName()
            + " returned neither text nor tool calls, in any of its responses");
  }

  private Candidate candidate(ChatResponse response) {
    boolean cut = response.finishReason() == FinishReason.LENGTH;
    return new Candidate(
        judged(response.aiMessage()),
        "",
        tokens(response),
        cut ? Candidate.Status.CUT : Candidate.Status.ENDED,
        response);
  }

  /** What guides are shown; empty where there is no text that is the answer. */
  private String judged(AiMessage message) {
    String text = Objects.requireNonNullElse(message.text(), "");
    String thinking = thinkingOf(message);
    boolean both = scoresThinking && !thinking.isEmpty() && !text.isEmpty();
    return both ? thinking + "\n\n" + text : text;
  }

  /** Empty if there is none, whether a model says so by null or by an empty text. */
  private static String thinkingOf(AiMessage message) {
    return Objects.requireNonNullElse(message.thinking(), "");
  }

  private int tokens(ChatResponse response) {
    TokenUsage usage = response.tokenUsage();
    if (usage != null && usage.outputTokenCount() != null) {
      return usage.outputTokenCount();
    }
    String text = judged(response.aiMessage());
    return text.isEmpty() ? 0 : length.applyAsInt(text);
  }

  private static boolean callsTools(ChatResponse response) {
    return response.aiMessage().hasToolExecutionRequests();
  }

  private static boolean holdsSomething(ChatResponse response) {
    AiMessage message = response.aiMessage();
    return callsTools(response)
        || !message.images().isEmpty()
        || !thinkingOf(message).isEmpty()
        || !message.attributes().isEmpty();
  }

  @Override
  public boolean isText(Candidate candidate) {
    return candidate.handle() instanceof ChatResponse response
        && !callsTools(response)
        && !candidate.text().isEmpty();
  }

  @Override
  public String thinking(Candidate candidate) {
    return thinkingOf(drawn(candidate).aiMessage());
  }

  private static ChatResponse drawn(Candidate candidate) {
    return (ChatResponse) Objects.requireNonNull(candidate.handle());
  }

  @Override
  public ChatResponse response(Candidate candidate) {
    ChatResponse response = drawn(candidate);
    TokenUsage billed = meter.usage();
    ChatResponseMetadata own = response.metadata();
    if (billed == null || billed.equals(own.tokenUsage())) {
      return response;
    }
    ChatResponseMetadata summed = own.toBuilder().tokenUsage(billed).build();
    // A class that does not rebuild itself keeps what it knows, its own usage included.
    return summed.getClass() == own.getClass()
        ? response.toBuilder().metadata(summed).build()
        : response;
  }
}
