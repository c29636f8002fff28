// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.guardrail.GuardrailRequestParams;
import dev.langchain4j.guardrail.OutputGuardrailRequest;
import dev.langchain4j.guardrail.OutputGuardrailResult;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.w2s.guidance.Guide;
import dev.w2s.prompt.Prompt.Conversation;
import dev.w2s.prompt.Turn;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateScorer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScoreGuardrailTest {
  private final WordGuide likesGood = new WordGuide("good");
  private final ScoreGuardrail guardrail = new ScoreGuardrail(likesGood, 2, "Be kinder.");

  /** A memory of fixed messages. */
  private record Fixed(List<ChatMessage> messages) implements ChatMemory {
    @Override
    public Object id() {
      return "fixed";
    }

    @Override
    public void add(ChatMessage message) {}

    @Override
    public void clear() {}
  }

  private static OutputGuardrailRequest request(AiMessage answer, ChatMemory memory) {
    return request(ChatResponse.builder().aiMessage(answer).build(), memory);
  }

  private static OutputGuardrailRequest request(ChatResponse response, ChatMemory memory) {
    return OutputGuardrailRequest.builder()
        .responseFromLLM(response)
        .chatExecutor(
            new dev.langchain4j.guardrail.ChatExecutor() {
              @Override
              public ChatResponse execute() {
                throw new AssertionError("the guardrail calls nobody itself");
              }

              @Override
              public ChatResponse execute(List<ChatMessage> messages) {
                throw new AssertionError("the guardrail calls nobody itself");
              }
            })
        .requestParams(
            GuardrailRequestParams.builder()
                .chatMemory(memory)
                .userMessageTemplate("How was {{it}}?")
                .variables(Map.of("it", "the movie"))
                .build())
        .build();
  }

  @Test
  void asksAgainBelowTheScore() {
    OutputGuardrailResult low = guardrail.validate(request(AiMessage.from("good"), null));
    assertThat(low.isReprompt()).isTrue();
    assertThat(low.getReprompt()).contains("Be kinder.");
    assertThat(low.toString()).contains("score is 1.000; it must be at least 2.0");
    assertThat(guardrail.validate(request(AiMessage.from("good good"), null)).isSuccess()).isTrue();
  }

  @Test
  void theGuideSeesTheConversation() {
    AiMessage answer = AiMessage.from("good");
    guardrail.validate(request(answer, null));
    guardrail.validate(
        request(
            answer,
            new Fixed(List.of(SystemMessage.from("Be kind."), UserMessage.from("Well?"), answer))));
    guardrail.validate(request(answer, new Fixed(List.of(UserMessage.from("And?")))));
    guardrail.validate(request(answer, new Fixed(List.of())));
    Conversation asked = new Conversation(List.of(new Turn("user", "How was the movie?")));
    assertThat(likesGood.prompts)
        .containsExactly(
            asked,
            new Conversation(List.of(new Turn("system", "Be kind."), new Turn("user", "Well?"))),
            new Conversation(List.of(new Turn("user", "And?"))),
            asked);
  }

  @Test
  void whatIsNoTextAndWhatCannotBeScoredPasses() {
    AiMessage calls =
        AiMessage.from(ToolExecutionRequest.builder().name("rate").arguments("{}").build());
    assertThat(guardrail.validate(request(calls, null)).isSuccess()).isTrue();
    AiMessage both = AiMessage.from("bad", calls.toolExecutionRequests());
    assertThat(guardrail.validate(request(both, null)).isSuccess()).isTrue();
    ScoreGuardrail blind =
        new ScoreGuardrail(Guide.of((prompt, text) -> Double.NaN), 0, "Be kinder.");
    assertThat(blind.validate(request(AiMessage.from("x"), null)).isSuccess()).isTrue();
  }

  @Test
  void theEndCountsUnlessTheAnswerWasCut() {
    Guide ends =
        prompt ->
            new CandidateScorer() {
              @Override
              public double[] score(List<Candidate> candidates) {
                return candidates.stream().mapToDouble(c -> c.ended() ? 1 : 0).toArray();
              }

              @Override
              public long tokensRun() {
                return 0;
              }

              @Override
              public void close() {}
            };
    ScoreGuardrail whole = new ScoreGuardrail(ends, 1, "End it.");
    ChatResponse.Builder response = ChatResponse.builder().aiMessage(AiMessage.from("x"));
    assertThat(whole.validate(request(response.build(), null)).isSuccess()).isTrue();
    ChatResponse cut = response.finishReason(FinishReason.LENGTH).build();
    assertThat(whole.validate(request(cut, null)).isSuccess()).isFalse();
  }

  @Test
  void refusesWhatIsNoThreshold() {
    assertThatThrownBy(() -> new ScoreGuardrail(likesGood, Double.NaN, "Again"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("atLeast is NaN; it must be a number");
    assertThatThrownBy(() -> new ScoreGuardrail(likesGood, 0, " "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("reprompt is blank; it must tell the model what to do");
  }
}
